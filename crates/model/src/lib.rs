//! The words that every crate of Cordon speaks.
//!
//! Plain values without behaviour beyond their own rules: no clock, no I/O, no protocol. A decoder fills a
//! [`Message`](message::Message), the sensor says who sent it when ([`Observation`](observation::Observation)),
//! and the analysis folds observations into devices. What is known from elsewhere are [`outside::Fact`]s.

#![forbid(unsafe_code)]

pub mod address;
pub mod advisory;
pub mod bytes;
pub mod cvss;
pub mod field;
pub mod form;
pub mod message;
pub mod observation;
pub mod outside;
pub mod time;
pub mod weakness;

pub use address::MacAddr;
pub use field::{Field, Privacy};
pub use form::Form;
pub use message::{Message, Messages, Subject, Value};
pub use observation::{Connection, Observation, Side};
pub use time::Timestamp;
pub use weakness::Weakness;

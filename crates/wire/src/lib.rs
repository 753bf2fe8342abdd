//! Bytes to messages.
//!
//! [`packet`] reads link, network and transport headers; [`protocols`] holds one folder for each application protocol;
//! [`conversation`] finds out which protocol a connection speaks and feeds its decoder. Everything here is a pure
//! function of its input, bounded in memory, and never panics on bytes from outside.

#![forbid(unsafe_code)]

mod ber;
mod candidates;
pub mod conversation;
mod credentials;
mod head;
pub mod line;
mod line_search;
pub mod packet;
mod program_name;
pub mod protocols;
pub mod reader;
mod stack_text;
mod xml;

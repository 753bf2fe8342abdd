//! Observations to devices: who is on the network, what each one is, how sure, why, and what normally flows.
//!
//! [`Analysis`] folds observations; [`Analysis::conclude`] decides which stations are one device, weighs the evidence
//! and gives the [`Inventory`](inventory::Inventory), as often as is asked. [`Analysis::save`] writes down what was folded. It knows no protocol: what a message means is said by data
//! ([`knowledge`]).

#![forbid(unsafe_code)]

pub mod advisories;
mod baseline;
mod conclude;
pub mod evidence;
mod fold;
mod inside;
pub mod inventory;
pub mod knowledge;
pub mod name;
pub mod outside;
mod owners;
pub mod packed;
pub mod prefixes;
mod readings;
mod resolve;
pub mod risks;
mod rows;
mod state;
mod stations;

pub use fold::Analysis;
pub use inside::Network;
pub use state::{Damage, StateError, seal};
pub use stations::EntityId;

//! The synthetic hospital: traffic of made-up devices with the truth about each, the same bytes for the same seed.
//!
//! Everything is made up: names, serial numbers and addresses (RFC 1918 inside, RFC 5737 outside) – only the first
//! halves of hardware addresses are those of real makers, so that they can be recognised. No patient is in it. Where
//! real traffic carries patients, staff or secrets stands a canary, which may appear in no output.
//!
//! [`talk`] says what devices say in each protocol's bytes; [`tcp`] and [`frames`] carry it; [`capture`] writes the
//! file. [`ward`] is a small scene of its own.

#![forbid(unsafe_code)]

pub mod attacks;
pub mod bytes;
pub mod capture;
pub mod changes;
pub mod course;
pub mod device;
pub mod draw;
pub mod drill;
pub mod frames;
pub mod hospital;
pub mod kinds;
pub mod live;
pub mod place;
pub mod play;
pub mod rhythm;
pub mod station;
pub mod talk;
pub mod tally;
pub mod tap;
pub mod tcp;
pub mod truth;
pub mod ward;

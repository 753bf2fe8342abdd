//! Capture files and network cards to observations.
//!
//! [`capture`] reads frames from files, `live` from network cards; [`Sensor`] follows fragments, connections and streams, feeds the decoders of
//! `wire`, and tells an [`Observer`] who said what, when, on which connection. It never sends a frame.

pub mod capture;
pub mod community_id;
pub mod counters;
mod flow;
mod fragments;
#[cfg(target_os = "linux")]
pub mod live;
mod orientation;
mod parts;
mod pipeline;
mod reassembly;
pub mod transcript;

pub use counters::Counters;
pub use parts::ROUND_NANOSECONDS;
pub use pipeline::Sensor;

/// Takes what the sensor tells.
pub trait Observer {
    /// Something was observed.
    fn observe(&mut self, observation: model::Observation<'_>);
}

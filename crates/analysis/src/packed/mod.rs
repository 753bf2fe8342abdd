//! What was concluded, kept small: a platform holds all of it in memory, and twice while it concludes anew.
//!
//! A device with its evidence takes some kilobytes as a structure and some hundred bytes here; it is put together again when
//! somebody asks for it. The bytes never leave the process that wrote them.

mod devices;
mod flows;
mod writing;

pub use devices::PackedDevices;
pub use flows::{FlowBrief, PackedFlows};

//! Link, network, transport and tunnel headers: pure functions from bytes to slices of them.

pub mod link;
pub mod network;
pub mod transport;
pub mod tunnel;

pub use link::{Frame, LinkPayload, LinkType};
pub use network::{Fragment, IpPacket};
pub use transport::{Tcp, Transport};

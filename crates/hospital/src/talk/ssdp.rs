//! SSDP (UPnP Device Architecture 1.1 §1.2): devices say that they are there.

use std::net::Ipv4Addr;

use crate::frames::{Moment, Station, Tape};
use crate::talk::discovery::uuid;

const GROUP: (Ipv4Addr, u16) = (Ipv4Addr::new(239, 255, 255, 250), 1900);

/// Announces a device: itself, its kind, and its services, one message each.
pub fn announce(tape: &mut Tape, at: Moment, from: &Station, server: &str, location: &str, kinds: &[&str]) {
    let id = uuid(u64::from(u32::from(from.ip)));
    let port = tape.port(from);
    for (turn, kind) in (0_u64..).zip(["upnp:rootdevice"].iter().chain(kinds)) {
        let message = format!(
            "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nCACHE-CONTROL: max-age=1800\r\nLOCATION: {location}\r\n\
             NT: {kind}\r\nNTS: ssdp:alive\r\nSERVER: {server}\r\nUSN: uuid:{id}::{kind}\r\n\r\n"
        );
        tape.udp_to_group(at.after_ms(turn.saturating_mul(30)), (from, port), GROUP, message.as_bytes());
    }
}

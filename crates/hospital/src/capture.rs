//! Writes frames as a capture file (pcapng, draft-ietf-opsawg-pcapng).

use crate::bytes::{Bytes, length32};

const SECTION_HEADER: u32 = 0x0a0d_0d0a;
const INTERFACE_DESCRIPTION: u32 = 1;
const ENHANCED_PACKET: u32 = 6;
const ETHERNET: u16 = 1;
const OPTION_COMMENT: u16 = 1;
const OPTION_USER_APPLICATION: u16 = 4;
const OPTION_INTERFACE_NAME: u16 = 2;
const OPTION_RESOLUTION: u16 = 9;

/// The file: one section, one Ethernet interface, times in microseconds since 1970.
pub fn pcapng(comment: &str, interface: &str, frames: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let mut file = head(comment, interface);
    for (time, frame) in frames {
        add(&mut file, *time, frame);
    }
    file
}

/// How the file begins: the section and its interface.
pub fn head(comment: &str, interface: &str) -> Vec<u8> {
    let section = Bytes::new().little32(0x1a2b_3c4d).little16(1).little16(0).little64(u64::MAX);
    let section = option(section, OPTION_COMMENT, comment.as_bytes());
    let section = option(section, OPTION_USER_APPLICATION, b"cordon");
    let file = block(Bytes::new(), SECTION_HEADER, &section.zeros(4));
    let description =
        option(Bytes::new().little16(ETHERNET).little16(0).little32(0), OPTION_INTERFACE_NAME, interface.as_bytes());
    let file = block(file, INTERFACE_DESCRIPTION, &option(description, OPTION_RESOLUTION, &[6]).zeros(4));
    file.as_ref().to_vec()
}

/// Adds a frame to the file.
pub fn add(file: &mut Vec<u8>, time: u64, frame: &[u8]) {
    let length = length32(frame);
    let padding = length.next_multiple_of(4).saturating_sub(length);
    let total = length.saturating_add(padding).saturating_add(32);
    let [high, low] = [time >> 32, time & u64::from(u32::MAX)].map(|half| u32::try_from(half).unwrap_or(0));
    for number in [ENHANCED_PACKET, total, 0, high, low, length, length] {
        file.extend_from_slice(&number.to_le_bytes());
    }
    file.extend_from_slice(frame);
    file.extend(std::iter::repeat_n(0, usize::try_from(padding).unwrap_or(0)));
    file.extend_from_slice(&total.to_le_bytes());
}

fn block(file: Bytes, kind: u32, body: &Bytes) -> Bytes {
    let total = length32(body.as_ref()).saturating_add(12);
    file.little32(kind).little32(total).raw(body).little32(total)
}

fn option(block: Bytes, code: u16, value: &[u8]) -> Bytes {
    let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
    padded(block.little16(code).little16(length).raw(value), value.len())
}

/// Fills up to a multiple of four bytes.
fn padded(bytes: Bytes, length: usize) -> Bytes {
    bytes.zeros(length.next_multiple_of(4).saturating_sub(length))
}

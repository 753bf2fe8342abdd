//! The pcapng file format (draft-ietf-opsawg-pcapng): sections, interfaces, enhanced, simple and obsolete packet blocks.
//! Other blocks (name resolution, statistics, secrets, comments) are passed over.

use model::Timestamp;

use super::input::{Input, WINDOW_BYTES_MAX};
use super::{Damage, FRAME_BYTES_MAX, Record};

const SECTION_HEADER: u32 = 0x0a0d_0d0a;
const INTERFACE_DESCRIPTION: u32 = 1;
const PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const ENHANCED_PACKET: u32 = 6;
const BYTE_ORDER_MAGIC: [u8; 4] = [0x1a, 0x2b, 0x3c, 0x4d];
/// A section describes at most so many interfaces; more are damage.
const INTERFACES_MAX: usize = 65_536;

/// The section that is being read.
#[derive(Default)]
pub struct Section {
    big_endian: bool,
    interfaces: Vec<Interface>,
}

struct Interface {
    link: u32,
    snapshot_length: u32,
    resolution: Resolution,
    offset_seconds: i64,
}

/// Ticks per second: a power of ten or of two (option `if_tsresol`).
#[derive(Clone, Copy)]
enum Resolution {
    Decimal(u32),
    Binary(u32),
}

impl Resolution {
    fn nanoseconds(self, ticks: u64) -> i64 {
        let ticks = u128::from(ticks);
        let scaled = match self {
            Self::Decimal(power @ 0..=9) => ticks.saturating_mul(10_u128.saturating_pow(9_u32.saturating_sub(power))),
            Self::Decimal(power) => ticks.checked_div(10_u128.saturating_pow(power.saturating_sub(9))).unwrap_or(0),
            Self::Binary(power) => ticks.saturating_mul(1_000_000_000).checked_shr(power).unwrap_or(0),
        };
        i64::try_from(scaled).unwrap_or(i64::MAX)
    }
}

/// Reads words of a block in the section's byte order.
struct Words<'a> {
    rest: &'a [u8],
    big_endian: bool,
}

impl<'a> Words<'a> {
    fn u16(&mut self) -> Option<u16> {
        let (bytes, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(if self.big_endian { u16::from_be_bytes(*bytes) } else { u16::from_le_bytes(*bytes) })
    }

    fn u32(&mut self) -> Option<u32> {
        let (bytes, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(if self.big_endian { u32::from_be_bytes(*bytes) } else { u32::from_le_bytes(*bytes) })
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(bytes)
    }
}

fn broken(what: &str) -> Damage {
    Damage::Broken(what.to_owned())
}

impl Section {
    /// Whether the file's first block is a section header.
    pub(super) fn check_header(&mut self, input: &mut Input) -> Result<(), Damage> {
        let header = input.peek(12)?;
        match header.get(8..12) {
            Some([0x1a, 0x2b, 0x3c, 0x4d] | [0x4d, 0x3c, 0x2b, 0x1a]) => Ok(()),
            _ => Err(broken("no byte-order magic")),
        }
    }

    pub(super) fn block(&mut self, input: &mut Input) -> Result<Record, Damage> {
        if input.is_at_end()? {
            return Ok(Record::End);
        }
        let header = input.peek(12)?;
        let kind_bytes: [u8; 4] = header.first_chunk().copied().unwrap_or_default();
        // Palindromic: reads the same in both byte orders, and says which one follows.
        if u32::from_be_bytes(kind_bytes) == SECTION_HEADER {
            self.big_endian = match header.get(8..12) {
                Some(magic) if magic == BYTE_ORDER_MAGIC => true,
                Some([0x4d, 0x3c, 0x2b, 0x1a]) => false,
                _ => return Err(broken("a section header without byte-order magic")),
            };
            self.interfaces.clear();
        }
        let mut words = Words { rest: header, big_endian: self.big_endian };
        let (kind, length) = (words.u32().unwrap_or(0), words.u32().unwrap_or(0));
        if length < 12 {
            return Err(Damage::Broken(format!("a block claims a length of {length} bytes")));
        }
        // Blocks are padded to 32 bits; some writers forget to count the padding.
        let length = (length as usize).checked_next_multiple_of(4).ok_or_else(|| broken("a block without end"))?;
        match kind {
            INTERFACE_DESCRIPTION | PACKET | SIMPLE_PACKET | ENHANCED_PACKET => {
                if length > WINDOW_BYTES_MAX {
                    return Err(Damage::Broken(format!("a block claims a length of {length} bytes")));
                }
                let block = input.peek(length)?;
                let trailer = block.get(length.saturating_sub(4)..).unwrap_or_default();
                let mut trailing = Words { rest: trailer, big_endian: self.big_endian };
                let repeated = trailing.u32().map(|value| (value as usize).next_multiple_of(4));
                if repeated != Some(length) {
                    return Err(broken("a block's two lengths differ"));
                }
                let body = block.get(8..length.saturating_sub(4)).unwrap_or_default();
                let words = Words { rest: body, big_endian: self.big_endian };
                if kind == INTERFACE_DESCRIPTION {
                    let interface = interface(words).ok_or_else(|| broken("a short interface description"))?;
                    if self.interfaces.len() >= INTERFACES_MAX {
                        return Err(broken("more interfaces than can be"));
                    }
                    self.interfaces.push(interface);
                    input.take(length);
                    return Ok(Record::Other);
                }
                self.packet(kind, words, length)
            }
            _ => {
                input.skip(length as u64)?;
                Ok(Record::Other)
            }
        }
    }

    fn packet(&self, kind: u32, mut words: Words<'_>, length: usize) -> Result<Record, Damage> {
        let short = || broken("a short packet block");
        let (interface, ticks, start) = match kind {
            SIMPLE_PACKET => (0, None, 12),
            ENHANCED_PACKET => (words.u32().ok_or_else(short)? as usize, Some(()), 28),
            _ => {
                let interface = usize::from(words.u16().ok_or_else(short)?);
                words.u16().ok_or_else(short)?; // drops count
                (interface, Some(()), 28)
            }
        };
        let ticks = match ticks {
            None => 0,
            Some(()) => {
                let (high, low) = (words.u32().ok_or_else(short)?, words.u32().ok_or_else(short)?);
                u64::from(high) << 32 | u64::from(low)
            }
        };
        let interface = self.interfaces.get(interface).ok_or_else(|| broken("a packet of an undescribed interface"))?;
        let (captured, original) = if kind == SIMPLE_PACKET {
            let original = words.u32().ok_or_else(short)?;
            let limit = if interface.snapshot_length == 0 { u32::MAX } else { interface.snapshot_length };
            (original.min(limit), original)
        } else {
            (words.u32().ok_or_else(short)?, words.u32().ok_or_else(short)?)
        };
        let captured = captured as usize;
        if captured > words.rest.len() || captured > FRAME_BYTES_MAX {
            return Err(Damage::Broken(format!("a frame claims {captured} captured bytes, more than its block holds")));
        }
        let time = if kind == SIMPLE_PACKET {
            Timestamp(0)
        } else {
            let offset = interface.offset_seconds.saturating_mul(1_000_000_000);
            Timestamp(interface.resolution.nanoseconds(ticks).saturating_add(offset))
        };
        Ok(Record::Frame { time, link: interface.link, start, captured, wire_length: original.into(), length })
    }
}

/// An interface description block: link type, snapshot length, options.
fn interface(mut words: Words<'_>) -> Option<Interface> {
    let link = u32::from(words.u16()?);
    words.u16()?;
    let snapshot_length = words.u32()?;
    let mut resolution = Resolution::Decimal(6);
    let mut offset_seconds = 0;
    while let (Some(code), Some(length)) = (words.u16(), words.u16()) {
        let padded = usize::from(length).next_multiple_of(4);
        let Some(value) = words.take(padded) else { break };
        match (code, value) {
            (0, _) => break,
            (9, [power, ..]) if power & 0x80 == 0 => resolution = Resolution::Decimal(u32::from(*power)),
            (9, [power, ..]) => resolution = Resolution::Binary(u32::from(power & 0x7f)),
            (14, [a, b, c, d, e, f, g, h]) => {
                let bytes = [*a, *b, *c, *d, *e, *f, *g, *h];
                offset_seconds = if words.big_endian { i64::from_be_bytes(bytes) } else { i64::from_le_bytes(bytes) };
            }
            _ => {}
        }
    }
    Some(Interface { link, snapshot_length, resolution, offset_seconds })
}

#[cfg(test)]
mod tests {
    use super::Resolution;

    #[test]
    fn ticks_become_nanoseconds() {
        assert_eq!(Resolution::Decimal(6).nanoseconds(1_500_000), 1_500_000_000);
        assert_eq!(Resolution::Decimal(9).nanoseconds(7), 7);
        assert_eq!(Resolution::Decimal(12).nanoseconds(5_000), 5);
        assert_eq!(Resolution::Binary(10).nanoseconds(512), 500_000_000);
        assert_eq!(Resolution::Decimal(0).nanoseconds(u64::MAX), i64::MAX);
    }
}

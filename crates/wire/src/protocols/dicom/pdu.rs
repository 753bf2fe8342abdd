//! What PDUs look like at their beginning (PS3.8 §9.3), and the headers of the fragments in them (PS3.8 annex E).

use super::association;
use crate::protocols::Probe;
use crate::reader::{Reader, Truncated};

/// The longest P-DATA-TF PDU that is believed where a stream is picked up in the middle.
const DATA_BYTES_MAX: u32 = 64 * 1_024 * 1_024;

/// Whether bytes begin a PDU, told so strictly that other bytes hardly ever do.
pub(super) fn begins_pdu(bytes: &[u8]) -> Probe {
    match bytes.first() {
        Some(1 | 2) => association::begins(bytes),
        Some(4) => begins_data(bytes),
        _ => Probe::No,
    }
}

/// The same within a connection that is known to speak DICOM: the short PDUs count as well.
pub(super) fn begins_any_pdu(bytes: &[u8]) -> Probe {
    match bytes {
        [3 | 5..=7, rest @ ..] => begins_short(rest),
        _ => begins_pdu(bytes),
    }
}

/// Whether bytes, behind a PDU's type, begin an A-ASSOCIATE-RJ, A-RELEASE-RQ, A-RELEASE-RP or A-ABORT: a reserved byte,
/// a length of four, another reserved byte, and small numbers (PS3.8 §9.3.4, §9.3.6 to §9.3.8).
fn begins_short(rest: &[u8]) -> Probe {
    /// The highest of reserved byte, length, reserved byte, result, source and reason.
    const HIGHEST: [u8; 9] = [0, 0, 0, 0, 4, 0, 2, 3, 7];
    let plausible = rest.iter().zip(HIGHEST).all(|(byte, highest)| *byte <= highest);
    match rest.get(4) {
        _ if !plausible => Probe::No,
        Some(length) if *length != 4 => Probe::No,
        _ if rest.len() < HIGHEST.len() => Probe::More,
        _ => Probe::Yes,
    }
}

/// Whether bytes begin a P-DATA-TF PDU: one fragment that fills it exactly, a second fragment where the first says, or
/// the element that every command set begins with.
fn begins_data(bytes: &[u8]) -> Probe {
    /// (0000,0000) command group length, four bytes long.
    const COMMAND_BEGINS: [u8; 8] = [0, 0, 0, 0, 4, 0, 0, 0];
    if bytes.get(1).is_some_and(|reserved| *reserved != 0) {
        return Probe::No;
    }
    let mut reader = Reader::new(bytes.get(2..).unwrap_or_default());
    let Ok(length) = reader.u32("PDU length") else { return Probe::More };
    if length > DATA_BYTES_MAX {
        return Probe::No;
    }
    let Ok(fragment) = FragmentHeader::read(&mut reader) else { return Probe::More };
    if !fragment.fits(length) {
        return Probe::No;
    }
    if fragment.is_command() {
        return match reader.array("command group length") {
            Ok(begins) if begins == COMMAND_BEGINS => Probe::Yes,
            Ok(_) => Probe::No,
            Err(_) => Probe::More,
        };
    }
    let rest = length.saturating_sub(fragment.total());
    if rest == 0 {
        return Probe::Yes;
    }
    let second = reader
        .skip(usize::try_from(fragment.data()).unwrap_or(usize::MAX), "fragment")
        .and_then(|()| FragmentHeader::read(&mut reader));
    if second.is_ok_and(|second| second.fits(rest)) { Probe::Yes } else { Probe::No }
}

/// The header of a presentation data value (PS3.8 §9.3.5.1, annex E.2).
#[derive(Clone, Copy, Debug)]
pub(super) struct FragmentHeader {
    length: u32,
    pub(super) context: u8,
    control: u8,
}

impl FragmentHeader {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Truncated> {
        let length = reader.u32("PDV length")?;
        let [context, control] = reader.array("presentation context ID, message control header")?;
        Ok(Self { length, context, control })
    }

    /// Whether it can stand where `left` bytes of the PDU are left.
    pub(super) const fn fits(self, left: u32) -> bool {
        self.length >= 2 && self.length <= left.saturating_sub(4) && self.context & 1 == 1 && self.control <= 3
    }

    /// Its length on the wire.
    pub(super) const fn total(self) -> u32 {
        self.length.saturating_add(4)
    }

    /// The length of what it carries.
    pub(super) const fn data(self) -> u32 {
        self.length.saturating_sub(2)
    }

    pub(super) const fn is_command(self) -> bool {
        self.control & 1 == 1
    }

    pub(super) const fn is_last(self) -> bool {
        self.control & 2 == 2
    }
}

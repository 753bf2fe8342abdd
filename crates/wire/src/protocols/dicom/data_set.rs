//! The walk through a data set (PS3.5 §7), to six elements that say which equipment made it, and to nothing else.
//!
//! Elements come in ascending order of their tags (PS3.5 §7.1), so the walk ends behind (0018,1020). Only the values
//! of [`WANTED`] are ever copied; every other value, the whole of group 0010 (the patient) among them, is passed over
//! by its length, and sequences are passed over with all they hold.

use model::Messages;

use super::equipment::{Found, Origin, SOFTWARE_VERSION, Told, WANTED};
use crate::reader::Reader;

/// Behind this tag nothing is of interest.
const LAST_WANTED: u32 = 0x0018_1020;
/// How deep sequences of undefined length may nest before the walk gives up.
const DEPTH_MAX: u8 = 16;

const UNDEFINED_LENGTH: u32 = 0xffff_ffff;
const ITEM: u32 = 0xfffe_e000;
const ITEM_DELIMITATION: u32 = 0xfffe_e00d;
const SEQUENCE_DELIMITATION: u32 = 0xfffe_e0dd;

/// How a data set is encoded (PS3.5 annex A).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// Not agreed in what was captured: the first element tells.
    Unknown,
    /// Implicit VR Little Endian.
    ImplicitLittle,
    /// Explicit VR Little Endian; all compressed pixel encodings as well.
    ExplicitLittle,
    /// Explicit VR Big Endian (retired).
    ExplicitBig,
    /// Not read: deflated, unheard of, or never agreed.
    Opaque,
}

impl Coding {
    /// The encoding that a transfer syntax stands for (PS3.6 annex A).
    pub(super) fn of_transfer_syntax(uid: &[u8]) -> Self {
        let uid = uid.strip_suffix(b"\0").unwrap_or(uid).trim_ascii();
        match uid.strip_prefix(b"1.2.840.10008.1.2") {
            Some(b"") => Self::ImplicitLittle,
            Some(b".2") => Self::ExplicitBig,
            // Deflated Explicit VR; JPIP Referenced Deflate and its HTJ2K sibling.
            Some(b".1.99" | b".4.95" | b".4.205") => Self::Opaque,
            Some([b'.', ..]) => Self::ExplicitLittle,
            // A private one.
            _ => Self::Unknown,
        }
    }

    /// Tells the encoding from the first eight bytes of a data set. It begins in group 0008, in an instance as in a
    /// performed procedure step with one of its first, short elements.
    const fn of_first_element(header: [u8; 8]) -> Self {
        let [a, b, c, d, vr1, vr2, high1, high2] = header;
        let explicit = vr1.is_ascii_uppercase() && vr2.is_ascii_uppercase();
        match ([a, b, c, d], explicit, [high1, high2]) {
            ([8, 0, ..=0x60, 0], true, _) => Self::ExplicitLittle,
            ([8, 0, ..=0x60, 0], false, [0, 0]) => Self::ImplicitLittle,
            ([0, 8, 0, ..=0x60], true, _) => Self::ExplicitBig,
            _ => Self::Opaque,
        }
    }
}

/// Where the walk stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Nothing (more) to read in this data set.
    Idle,
    /// In or before an element's header.
    Header,
    /// Before that many bytes of a value nobody reads.
    Passing(u32),
    /// In the value of `WANTED[index]`, that many bytes before its end.
    Reading(usize, u32),
}

/// One element's header.
struct Header {
    tag: u32,
    is_sequence: bool,
    is_unknown: bool,
    length: u32,
}

/// The walk through one data set after another, fed piece by piece.
pub(super) struct Walk {
    place: Place,
    coding: Coding,
    header: [u8; 12],
    header_held: usize,
    /// How many sequences and items of undefined length are open.
    depth: u8,
    /// Within an element of unknown VR and undefined length, elements are Implicit VR Little Endian from this depth on
    /// (PS3.5 §6.2.2).
    implicit_from: Option<u8>,
    last_tag: u32,
    found: Found,
}

impl Default for Walk {
    fn default() -> Self {
        Self {
            place: Place::Idle,
            coding: Coding::Unknown,
            header: [0; 12],
            header_held: 0,
            depth: 0,
            implicit_from: None,
            last_tag: 0,
            found: Found::default(),
        }
    }
}

impl Walk {
    /// A data set that describes equipment begins.
    pub(super) fn start(&mut self, coding: Coding, origin: Origin) {
        self.place = if coding == Coding::Opaque { Place::Idle } else { Place::Header };
        self.coding = coding;
        self.header_held = 0;
        self.depth = 0;
        self.implicit_from = None;
        self.last_tag = 0;
        self.found.restart(origin);
    }

    /// A data set that is of no interest begins, or bytes are missing.
    pub(super) fn stop(&mut self) {
        self.place = Place::Idle;
        self.found.restart(Origin::Any);
    }

    /// How many of the next `length` bytes need not be looked at; they count as walked.
    pub(super) fn pass(&mut self, length: u32) -> u32 {
        match &mut self.place {
            Place::Idle => length,
            Place::Passing(left) => {
                let passed = length.min(*left);
                *left = left.saturating_sub(passed);
                passed
            }
            Place::Header | Place::Reading(..) => 0,
        }
    }

    /// Takes the next bytes of the data set and tells the equipment once it is known.
    pub(super) fn feed(&mut self, bytes: &[u8], told: &mut Told, messages: &mut Messages) {
        let mut reader = Reader::new(bytes);
        while !reader.is_empty() && self.place != Place::Idle {
            self.advance(&mut reader);
        }
        if self.place == Place::Idle {
            self.found.tell(told, messages);
        }
    }

    /// The data set ends.
    pub(super) fn end(&mut self, told: &mut Told, messages: &mut Messages) {
        self.place = Place::Idle;
        self.found.tell(told, messages);
    }

    fn advance(&mut self, reader: &mut Reader<'_>) {
        match self.place {
            Place::Idle => {}
            Place::Header => {
                if let Some(header) = self.header(reader) {
                    self.place = self.element(&header);
                }
            }
            Place::Passing(left) => {
                let passed = reader.take_up_to(to_usize(left)).len();
                self.place = match left.saturating_sub(to_u32(passed)) {
                    0 => Place::Header,
                    left => Place::Passing(left),
                };
            }
            Place::Reading(index, left) => {
                let value = reader.take_up_to(to_usize(left));
                self.found.extend(index, value);
                self.place = match left.saturating_sub(to_u32(value.len())) {
                    0 => self.behind(index),
                    left => Place::Reading(index, left),
                };
            }
        }
    }

    const fn behind(&self, index: usize) -> Place {
        if index == SOFTWARE_VERSION { Place::Idle } else { Place::Header }
    }

    const fn effective_coding(&self) -> Coding {
        if self.implicit_from.is_some() { Coding::ImplicitLittle } else { self.coding }
    }

    /// Completes a header (PS3.5 §7.1.2, §7.1.3); `None` while bytes are missing, or if there can be none.
    fn header(&mut self, reader: &mut Reader<'_>) -> Option<Header> {
        self.fill(reader, 8)?;
        let [a, b, c, d, e, f, g, h, ..] = self.header;
        if self.coding == Coding::Unknown {
            self.coding = Coding::of_first_element([a, b, c, d, e, f, g, h]);
        }
        let coding = self.effective_coding();
        let (tag, long_length, short_length) = match coding {
            Coding::ExplicitBig => (
                u32::from_be_bytes([a, b, c, d]),
                u32::from_be_bytes([e, f, g, h]),
                u32::from(u16::from_be_bytes([g, h])),
            ),
            _ => (
                u32::from_be_bytes([b, a, d, c]),
                u32::from_le_bytes([e, f, g, h]),
                u32::from(u16::from_le_bytes([g, h])),
            ),
        };
        // Items and delimiters have no VR in any encoding (PS3.5 §7.5).
        let header = match coding {
            Coding::ExplicitLittle | Coding::ExplicitBig if tag >> 16 != 0xfffe => match &[e, f] {
                b"OB" | b"OD" | b"OF" | b"OL" | b"OV" | b"OW" | b"SQ" | b"SV" | b"UC" | b"UN" | b"UR" | b"UT"
                | b"UV" => {
                    self.fill(reader, 12)?;
                    let [.., i, j, k, l] = self.header;
                    let length = match coding {
                        Coding::ExplicitBig => u32::from_be_bytes([i, j, k, l]),
                        _ => u32::from_le_bytes([i, j, k, l]),
                    };
                    Header { tag, is_sequence: [e, f] == *b"SQ", is_unknown: [e, f] == *b"UN", length }
                }
                vr if vr.iter().all(u8::is_ascii_uppercase) => {
                    Header { tag, is_sequence: false, is_unknown: false, length: short_length }
                }
                _ => {
                    self.place = Place::Idle;
                    return None;
                }
            },
            Coding::Opaque => {
                self.place = Place::Idle;
                return None;
            }
            _ => Header { tag, is_sequence: true, is_unknown: false, length: long_length },
        };
        self.header_held = 0;
        Some(header)
    }

    /// Collects a header's first `wanted` bytes across the pieces they come in.
    fn fill(&mut self, reader: &mut Reader<'_>, wanted: usize) -> Option<()> {
        let bytes = reader.take_up_to(wanted.saturating_sub(self.header_held));
        let end = self.header_held.saturating_add(bytes.len());
        self.header.get_mut(self.header_held..end)?.copy_from_slice(bytes);
        self.header_held = end;
        (end >= wanted).then_some(())
    }

    /// What to do behind an element's header.
    fn element(&mut self, header: &Header) -> Place {
        match header.tag {
            ITEM if self.depth > 0 => return self.enter(header, false),
            ITEM_DELIMITATION | SEQUENCE_DELIMITATION if self.depth > 0 => {
                self.depth = self.depth.saturating_sub(1);
                if self.implicit_from.is_some_and(|from| self.depth < from) {
                    self.implicit_from = None;
                }
                return Place::Header;
            }
            _ => {}
        }
        if self.depth > 0 {
            return self.enter(header, header.is_unknown);
        }
        // Tags ascend: whatever does not is no data set, or the bytes are out of step.
        if header.tag <= self.last_tag || header.tag > LAST_WANTED {
            return Place::Idle;
        }
        self.last_tag = header.tag;
        match WANTED.iter().position(|(tag, _)| *tag == header.tag) {
            Some(_) if header.length == UNDEFINED_LENGTH => Place::Idle,
            Some(index) if header.length == 0 => self.behind(index),
            Some(index) => Place::Reading(index, header.length),
            None => self.enter(header, header.is_unknown),
        }
    }

    /// Passes over a value of known length, or enters one of undefined length to find its end.
    fn enter(&mut self, header: &Header, implicit: bool) -> Place {
        if header.length != UNDEFINED_LENGTH {
            return if header.length == 0 { Place::Header } else { Place::Passing(header.length) };
        }
        let may_be_undefined = header.tag == ITEM || header.is_sequence || header.is_unknown;
        if !may_be_undefined || self.depth >= DEPTH_MAX {
            return Place::Idle;
        }
        self.depth = self.depth.saturating_add(1);
        if implicit && self.implicit_from.is_none() {
            self.implicit_from = Some(self.depth);
        }
        Place::Header
    }
}

fn to_usize(length: u32) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}

/// For lengths that never exceed the `u32` they are counted against.
fn to_u32(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

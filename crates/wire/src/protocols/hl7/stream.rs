//! The stream of messages: blocks of MLLP, segments, fields, one lane for each direction.
//!
//! A field is looked at once its end is there; fields and segments that nobody reads are passed over as they come, so
//! a lane never holds more than one field and what [`Record`] keeps of the message.

use model::Messages;

use super::delimiters::{BYTE_ORDER_MARK, Delimiters, END_BLOCK, Implausible, START_BLOCK};
use super::record::{Record, Segment};
use crate::protocols::{Direction, Input, Session, Step};
use crate::reader::Reader;

/// A field is read up to here; what is longer is passed over.
const FIELD_BYTES_MAX: usize = 1_024;
/// A segment's name and the separator behind it.
const NAME_BYTES: usize = 4;
/// How many bytes are searched at once.
const SEARCH_BYTES: usize = 64;

/// Where one direction stands.
#[derive(Clone, Copy, Debug, Default)]
enum Place {
    /// Before a segment, or between messages.
    #[default]
    Segment,
    /// Before the field of that number.
    Field(Segment, u16),
    /// In a field that nobody reads, of that number.
    RestOfField(Segment, u16),
    /// In a segment that nobody reads, or anywhere if no message is open.
    RestOfSegment,
}

/// One direction.
#[derive(Default)]
struct Lane {
    place: Place,
    delimiters: Delimiters,
    /// Whether the message stands in a block of MLLP.
    framed: bool,
    /// Whether a message header was read and its message has not ended.
    open: bool,
    /// What ends a segment: carriage return, or line feed where a sender uses that alone. The header's end tells.
    terminator: Option<u8>,
    record: Record,
}

/// The session of one connection.
#[derive(Default)]
pub(super) struct Conversation {
    lanes: [Lane; 2],
}

impl Conversation {
    fn lane(&mut self, direction: Direction) -> &mut Lane {
        let [to_responder, to_initiator] = &mut self.lanes;
        match direction {
            Direction::ToResponder => to_responder,
            Direction::ToInitiator => to_initiator,
        }
    }
}

impl Session for Conversation {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let lane = self.lane(input.direction);
        let mut reader = Reader::new(input.bytes);
        while !reader.is_empty() {
            if let Some(wanted) = lane.advance(&mut reader, messages) {
                let read = input.bytes.len().saturating_sub(reader.len());
                return if read == 0 { Step::Wait(wanted) } else { Step::Read(read) };
            }
        }
        Step::Read(input.bytes.len())
    }

    /// What follows may be any part of a message: the next header at the start of a block or line begins a new one.
    fn gap(&mut self, direction: Direction) -> bool {
        let lane = self.lane(direction);
        lane.open = false;
        lane.framed = false;
        lane.place = Place::RestOfSegment;
        true
    }
}

impl Lane {
    /// Reads some bytes; tells how many are needed if those at hand do not suffice.
    fn advance(&mut self, reader: &mut Reader<'_>, messages: &mut Messages) -> Option<usize> {
        match self.place {
            Place::Segment => return self.segment(reader, messages),
            Place::Field(segment, number) => return self.field(reader, segment, number),
            Place::RestOfField(segment, number) => self.pass_fields(reader, segment, number),
            Place::RestOfSegment => {
                let found = search(reader.rest(), |byte| self.ends_segment(byte));
                reader.take_up_to(found.unwrap_or(reader.len()));
                if found.is_some() {
                    self.place = Place::Segment;
                }
            }
        }
        None
    }

    fn ends_segment(&self, byte: u8) -> bool {
        match byte {
            START_BLOCK | END_BLOCK => true,
            b'\r' | b'\n' => !self.open || self.terminator.is_none_or(|terminator| terminator == byte),
            _ => false,
        }
    }

    /// At the start of a segment: blocks begin and end here, and the name says whether anything in it is read.
    fn segment(&mut self, reader: &mut Reader<'_>, messages: &mut Messages) -> Option<usize> {
        match reader.peek()? {
            START_BLOCK => {
                // The block before had no end.
                self.finish(messages);
                self.framed = true;
                reader.take_up_to(1);
                return None;
            }
            END_BLOCK => {
                self.finish(messages);
                self.framed = false;
                reader.take_up_to(1);
                return None;
            }
            b'\r' | b'\n' | b' ' | 0 => {
                reader.take_up_to(1);
                return None;
            }
            _ => {}
        }
        let bytes = reader.rest();
        let short = bytes.iter().take(NAME_BYTES.saturating_sub(1)).position(|byte| self.ends_segment(*byte));
        if let Some(length) = short {
            reader.take_up_to(length);
            return None;
        }
        let Some((name, rest)) = bytes.split_first_chunk::<3>() else { return Some(NAME_BYTES) };
        if name == BYTE_ORDER_MARK {
            reader.take_up_to(name.len());
            return None;
        }
        if name == b"MSH" {
            return self.header(reader, rest, messages);
        }
        let Some(separator) = rest.first() else { return Some(NAME_BYTES) };
        self.place = match Segment::named(name) {
            Some(segment) if self.open && *separator == self.delimiters.field => {
                reader.take_up_to(NAME_BYTES);
                Place::Field(segment, 1)
            }
            _ => Place::RestOfSegment,
        };
        None
    }

    /// At a message header: the message before ends here at the latest.
    fn header(&mut self, reader: &mut Reader<'_>, rest: &[u8], messages: &mut Messages) -> Option<usize> {
        match Delimiters::read(rest) {
            Ok(None) => return Some(reader.len().saturating_add(1)),
            // Outside of a block, all four encoding characters must be there.
            Ok(Some((delimiters, length))) if self.framed || length >= 6 => {
                self.finish(messages);
                self.open = true;
                self.terminator = None;
                self.delimiters = delimiters;
                self.record.begin(delimiters);
                reader.take_up_to(length.saturating_add(3));
                self.place = Place::Field(Segment::Header, 3);
            }
            Ok(Some(_)) | Err(Implausible) => self.place = Place::RestOfSegment,
        }
        None
    }

    fn field(&mut self, reader: &mut Reader<'_>, segment: Segment, number: u16) -> Option<usize> {
        if number > segment.last_field() {
            self.record.end_segment(segment);
            // The header's end tells what ends segments; that is still looked for.
            self.place =
                if segment == Segment::Header { Place::RestOfField(segment, number) } else { Place::RestOfSegment };
            return None;
        }
        if !self.record.wants(segment, number) {
            self.place = Place::RestOfField(segment, number);
            return None;
        }
        let field = self.delimiters.field;
        let within = reader.rest().get(..FIELD_BYTES_MAX).unwrap_or(reader.rest());
        match within.iter().position(|byte| *byte == field || self.ends_segment(*byte)) {
            Some(length) => {
                self.record.field(segment, number, reader.take_up_to(length), &self.delimiters);
                self.behind_field(reader, segment, number);
            }
            None if within.len() < FIELD_BYTES_MAX => return Some(reader.len().saturating_add(1)),
            None => {
                self.record.field(segment, number, reader.take_up_to(FIELD_BYTES_MAX), &self.delimiters);
                self.place = Place::RestOfField(segment, number);
            }
        }
        None
    }

    /// Passes over the fields from the middle of `number` up to the next one that is read.
    fn pass_fields(&mut self, reader: &mut Reader<'_>, segment: Segment, mut number: u16) {
        let separator = self.delimiters.field;
        let next = self.record.next_wanted(segment, number);
        let mut passed = 0_usize;
        'stretches: for stretch in reader.rest().chunks(SEARCH_BYTES) {
            if !holds(stretch, separator) {
                passed = passed.saturating_add(stretch.len());
                continue;
            }
            for byte in stretch {
                if *byte == separator {
                    number = number.saturating_add(1);
                    if Some(number) == next {
                        reader.take_up_to(passed.saturating_add(1));
                        self.place = Place::Field(segment, number);
                        return;
                    }
                } else if self.ends_segment(*byte) {
                    break 'stretches;
                }
                passed = passed.saturating_add(1);
            }
        }
        reader.take_up_to(passed);
        self.place = Place::RestOfField(segment, number);
        self.behind_field(reader, segment, number);
    }

    /// At a field's end, or in the middle of a field where the bytes end.
    fn behind_field(&mut self, reader: &mut Reader<'_>, segment: Segment, number: u16) {
        match reader.peek() {
            None => {}
            Some(byte) if byte == self.delimiters.field => {
                reader.take_up_to(1);
                self.place = Place::Field(segment, number.saturating_add(1));
            }
            Some(byte) => {
                if segment == Segment::Header && matches!(byte, b'\r' | b'\n') {
                    self.terminator = Some(byte);
                }
                self.record.end_segment(segment);
                self.place = Place::Segment;
            }
        }
    }

    fn finish(&mut self, messages: &mut Messages) {
        if std::mem::take(&mut self.open) {
            self.record.finish(messages);
        }
    }
}

/// Whether there is a control character or the byte `also`.
fn holds(stretch: &[u8], also: u8) -> bool {
    stretch.iter().fold(false, |any, byte| any | (*byte < b' ') | (*byte == also))
}

/// The first byte that is wanted. Only control characters are: whole stretches without any are passed over at once.
fn search(bytes: &[u8], wanted: impl Fn(u8) -> bool) -> Option<usize> {
    let mut passed = 0_usize;
    for stretch in bytes.chunks(SEARCH_BYTES) {
        if holds(stretch, b'\r')
            && let Some(found) = stretch.iter().position(|byte| wanted(*byte))
        {
            return Some(passed.saturating_add(found));
        }
        passed = passed.saturating_add(stretch.len());
    }
    None
}

//! The stream of PDUs (PS3.8 §9.3) and the fragments they carry (PS3.8 annex E), one lane for each direction.

use model::Messages;

use super::association::{self, Contexts};
use super::command;
use super::data_set::Walk;
use super::equipment::Told;
use super::pdu::{FragmentHeader, begins_any_pdu};
use crate::protocols::{Direction, Input, Probe, Session, Step};
use crate::reader::Reader;

/// A PDU's type, a reserved byte and its length.
const PDU_HEADER_BYTES: usize = 6;
/// A fragment's length, presentation context and message control header.
const FRAGMENT_HEADER_BYTES: usize = 6;
/// The longest association PDU that is read: 128 contexts with a dozen transfer syntaxes each stay below.
const ASSOCIATION_BYTES_MAX: u32 = 96 * 1_024;
/// Release, reject and abort have four bytes; some more are tolerated.
const SHORT_PDU_BYTES_MAX: u32 = 256;
/// The longest command set that is put together.
const COMMAND_BYTES_MAX: usize = 16 * 1_024;

/// Where one direction stands.
#[derive(Clone, Copy, Debug, Default)]
enum Place {
    /// Anywhere: a PDU is only believed at the start of a segment, and if it looks like one all through.
    #[default]
    Lost,
    /// Before a PDU.
    Pdu,
    /// In a P-DATA-TF PDU before a fragment, that many bytes before the PDU's end.
    Fragments(u32),
    /// In a fragment, `left` bytes before its end; `behind` bytes of the PDU follow it.
    Fragment { header: FragmentHeader, left: u32, behind: u32 },
}

/// One direction.
#[derive(Default)]
struct Lane {
    place: Place,
    /// The fragments of a command so far.
    command: Vec<u8>,
    /// The command is longer than [`COMMAND_BYTES_MAX`]: it is passed over.
    overlong: bool,
    walk: Walk,
    /// Whether it was said that this side speaks readably: at the association's opening, or where it was picked up.
    exposed: bool,
    /// The presentation context of the data set that [`walk`](Self::walk) goes through.
    context: u8,
}

impl Lane {
    fn lose(&mut self) {
        self.place = Place::Lost;
        self.forget_message();
    }

    fn forget_message(&mut self) {
        self.command.clear();
        self.overlong = false;
        self.walk.stop();
    }
}

/// What both lanes share.
#[derive(Default)]
struct Shared {
    contexts: Contexts,
    told: Told,
}

/// What to do next.
enum Next {
    /// Go on with what is left.
    Go,
    /// So many bytes are needed from here on.
    Need(usize),
    /// So many bytes from here on are of no interest.
    Pass(u32),
}

/// The session of one connection.
#[derive(Default)]
pub(super) struct Association {
    lanes: [Lane; 2],
    shared: Shared,
}

impl Association {
    fn parts(&mut self, direction: Direction) -> (&mut Lane, &mut Shared) {
        let [to_responder, to_initiator] = &mut self.lanes;
        let lane = match direction {
            Direction::ToResponder => to_responder,
            Direction::ToInitiator => to_initiator,
        };
        (lane, &mut self.shared)
    }
}

impl Session for Association {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let (lane, shared) = self.parts(input.direction);
        let mut reader = Reader::new(input.bytes);
        while !reader.is_empty() {
            match lane.advance(&mut reader, shared, messages) {
                Next::Go => {}
                Next::Need(total) => {
                    let read = input.bytes.len().saturating_sub(reader.len());
                    return if read == 0 { Step::Wait(total) } else { Step::Read(read) };
                }
                Next::Pass(length) => {
                    let passed = reader.take_up_to(usize::try_from(length).unwrap_or(usize::MAX)).len();
                    let to_come = u64::from(length).saturating_sub(passed as u64);
                    if to_come > 0 {
                        return Step::Skip(to_come);
                    }
                }
            }
        }
        Step::Read(input.bytes.len())
    }

    /// The next PDU that begins a segment is recognised as strictly as the opening of a connection.
    fn gap(&mut self, direction: Direction) -> bool {
        self.parts(direction).0.lose();
        true
    }
}

impl Lane {
    fn advance(&mut self, reader: &mut Reader<'_>, shared: &mut Shared, messages: &mut Messages) -> Next {
        match self.place {
            Place::Lost => match begins_any_pdu(reader.rest()) {
                Probe::Yes => {
                    self.place = Place::Pdu;
                    Next::Go
                }
                Probe::More => Next::Need(reader.len().saturating_add(1)),
                Probe::No => Next::Pass(u32::try_from(reader.len()).unwrap_or(u32::MAX)),
            },
            Place::Pdu => self.pdu(reader, shared, messages),
            Place::Fragments(0) => {
                self.place = Place::Pdu;
                Next::Go
            }
            Place::Fragments(left) => self.fragment_header(reader, left, shared, messages),
            Place::Fragment { header, left, behind } => self.fragment(reader, header, left, behind, shared, messages),
        }
    }

    /// Reads one PDU, or the header of a P-DATA-TF PDU.
    fn pdu(&mut self, reader: &mut Reader<'_>, shared: &mut Shared, messages: &mut Messages) -> Next {
        let mut ahead = *reader;
        let (Ok([kind, _]), Ok(length)) = (ahead.array("PDU type, reserved"), ahead.u32("PDU length")) else {
            return Next::Need(PDU_HEADER_BYTES);
        };
        let longest = match kind {
            1 | 2 => ASSOCIATION_BYTES_MAX,
            3 | 5 | 6 | 7 => SHORT_PDU_BYTES_MAX,
            4 => {
                *reader = ahead;
                self.place = Place::Fragments(length);
                return Next::Go;
            }
            _ => {
                self.lose();
                return Next::Pass(u32::try_from(reader.len()).unwrap_or(u32::MAX));
            }
        };
        if length > longest {
            self.lose();
            return Next::Pass(u32::try_from(reader.len()).unwrap_or(u32::MAX));
        }
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let Ok(pdu) = ahead.take(length, "PDU") else {
            return Next::Need(length.saturating_add(PDU_HEADER_BYTES));
        };
        *reader = ahead;
        self.control_pdu(kind, pdu, shared, messages);
        Next::Go
    }

    fn control_pdu(&mut self, kind: u8, pdu: &[u8], shared: &mut Shared, messages: &mut Messages) {
        // What cannot be read is passed over: the length has told where the next PDU begins.
        let _ = match kind {
            1 => {
                self.forget_message();
                shared.contexts.forget();
                shared.told.forget();
                self.exposed = true;
                association::negotiate("associate_rq", pdu, &mut shared.contexts, messages)
            }
            2 => {
                self.exposed = true;
                association::negotiate("associate_ac", pdu, &mut shared.contexts, messages)
            }
            3 => association::reject(pdu, messages),
            7 => association::abort(pdu, messages),
            // A-RELEASE-RQ and -RP (PS3.8 §9.3.6, §9.3.7) hold nothing.
            _ => Ok(()),
        };
    }

    fn fragment_header(
        &mut self,
        reader: &mut Reader<'_>,
        left: u32,
        shared: &mut Shared,
        messages: &mut Messages,
    ) -> Next {
        let mut ahead = *reader;
        let Ok(header) = FragmentHeader::read(&mut ahead) else {
            if usize::try_from(left).is_ok_and(|left| left < FRAGMENT_HEADER_BYTES) {
                return self.pass_pdu(left);
            }
            return Next::Need(FRAGMENT_HEADER_BYTES);
        };
        if !header.fits(left) {
            return self.pass_pdu(left);
        }
        *reader = ahead;
        if !header.is_command() && header.context != self.context {
            // Not the data set that the command announced (PS3.8 annex E.1).
            self.walk.stop();
        }
        self.place = Place::Fragment { header, left: header.data(), behind: left.saturating_sub(header.total()) };
        if header.data() == 0 {
            // An empty fragment can be the last one.
            self.fragment_ends(header, shared, messages);
        }
        Next::Go
    }

    /// The fragments make no sense, but the PDU's length is known.
    fn pass_pdu(&mut self, left: u32) -> Next {
        self.forget_message();
        self.place = Place::Pdu;
        Next::Pass(left)
    }

    fn fragment(
        &mut self,
        reader: &mut Reader<'_>,
        header: FragmentHeader,
        left: u32,
        behind: u32,
        shared: &mut Shared,
        messages: &mut Messages,
    ) -> Next {
        if left == 0 {
            self.place = Place::Fragments(behind);
            return Next::Go;
        }
        if !header.is_command() {
            let passed = self.walk.pass(left);
            if passed > 0 {
                let left = left.saturating_sub(passed);
                self.place = Place::Fragment { header, left, behind };
                if left == 0 {
                    self.fragment_ends(header, shared, messages);
                }
                return Next::Pass(passed);
            }
        }
        let bytes = reader.take_up_to(usize::try_from(left).unwrap_or(usize::MAX));
        let left = left.saturating_sub(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        self.place = Place::Fragment { header, left, behind };
        if !header.is_command() {
            self.walk.feed(bytes, &mut shared.told, messages);
        } else if left == 0 && header.is_last() && self.command.is_empty() && !self.overlong {
            // The usual case: the whole command in one fragment in one piece, read where it lies.
            self.command_ends(bytes, header, shared, messages);
            return Next::Go;
        } else {
            self.overlong |= self.command.len().saturating_add(bytes.len()) > COMMAND_BYTES_MAX;
            if !self.overlong {
                self.command.extend_from_slice(bytes);
            }
        }
        if left == 0 {
            self.fragment_ends(header, shared, messages);
        }
        Next::Go
    }

    fn fragment_ends(&mut self, header: FragmentHeader, shared: &mut Shared, messages: &mut Messages) {
        if !header.is_last() {
            return;
        }
        if header.is_command() {
            let command = std::mem::take(&mut self.command);
            if std::mem::take(&mut self.overlong) {
                self.walk.stop();
            } else {
                self.command_ends(&command, header, shared, messages);
            }
            // The buffer is used again.
            self.command = command;
            self.command.clear();
        } else {
            self.walk.end(&mut shared.told, messages);
        }
    }

    fn command_ends(&mut self, command: &[u8], header: FragmentHeader, shared: &mut Shared, messages: &mut Messages) {
        match command::decode(command, &mut self.exposed, messages) {
            Ok(Some(origin)) => {
                self.context = header.context;
                self.walk.start(shared.contexts.coding(header.context), origin);
            }
            Ok(None) | Err(_) => self.walk.stop(),
        }
    }
}

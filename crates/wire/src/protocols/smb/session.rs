//! One connection: cuts the stream into SMB messages, buffers those that are told, passes over all others.

use model::{Messages, Weakness};

use super::super::{Direction, Input, Probe, Session, Step};
use super::netbios::{self, HEADER_BYTES, Packet};
use super::operation::{Operation, Operations};
use super::{RESPONSE, share, version1, version2};

/// A message that is read whole is at most this long: Kerberos tickets make session setups large. A longer one is
/// passed over like the others.
const WHOLE_BYTES_MAX: u64 = 64 * 1_024;
/// How many dialects of an SMB 1 negotiation are kept until the server picks one.
pub(super) const DIALECTS_MAX: usize = 16;

const VERSION1: [u8; 4] = *b"\xffSMB";
const VERSION2: [u8; 4] = *b"\xfeSMB";

/// What is kept of a connection.
#[derive(Default)]
pub(super) struct Connection {
    lanes: [Lane; 2],
    seen: Operations,
    /// What the server asked for in its answer to the negotiation.
    pub(super) signing_required: Option<bool>,
    signing_judged: bool,
    version1_told: bool,
    /// What the client offered in an SMB 1 negotiation: the server answers with an index.
    pub(super) dialects: [Option<&'static str>; DIALECTS_MAX],
    /// Whether an SMB 1 server wants passwords encrypted.
    pub(super) encrypts_passwords: Option<bool>,
}

/// One direction.
#[derive(Default)]
struct Lane {
    /// What is left of a NetBIOS packet whose next SMB message stands at the front.
    left: u64,
    /// Bytes were missing: the next packet is looked for.
    lost: bool,
}

/// One SMB message: its header, and its body if it was asked for.
pub(super) struct Unit<'a> {
    /// From the protocol identifier on.
    pub(super) bytes: &'a [u8],
    pub(super) operation: Operation,
    pub(super) response: bool,
    /// The status is zero.
    pub(super) success: bool,
    /// The signature is filled.
    pub(super) signed: bool,
}

/// How to go on at the front of an SMB message.
enum Front {
    /// A message of `length` bytes, of which `read` are wanted: all, or the header alone.
    Message { length: u64, read: u64 },
    /// More bytes are needed to tell.
    Short(usize),
    /// No SMB message: what is left of the packet is passed over.
    Other,
}

/// Whether bytes begin a connection (or go on with one at the front of a packet).
pub(super) fn probe(bytes: &[u8]) -> Probe {
    match bytes {
        [0x00, _, _, _, message @ ..] => probe_message(message),
        [0x81, rest @ ..] => {
            // Two names without scope: 68 bytes.
            let (length, names) = rest.split_at_checked(3).unwrap_or((rest, &[]));
            let length_holds = length.iter().zip([0, 0, 68]).all(|(got, want)| *got == want);
            match (length_holds && netbios::is_name(names), names.len() >= 33) {
                (false, _) => Probe::No,
                (true, true) => Probe::Yes,
                (true, false) => Probe::More,
            }
        }
        [] | [0x00, ..] => Probe::More,
        _ => Probe::No,
    }
}

fn probe_message(message: &[u8]) -> Probe {
    let (version, rest) = message.split_first().map_or((0xff, message), |(version, rest)| (*version, rest));
    if !(0xfd..=0xff).contains(&version) || !rest.iter().zip(b"SMB").all(|(got, want)| got == want) {
        return Probe::No;
    }
    match (version, rest.get(3..).unwrap_or_default()) {
        (0xfd, _) if rest.len() >= 3 => Probe::Yes,
        (0xff, [command, ..]) if Operation::of_version1(*command).is_some() => Probe::Yes,
        // StructureSize (MS-SMB2 §2.2.1) is 64.
        (0xfe, [64, 0, ..]) => Probe::Yes,
        (_, []) | (0xfe, [64]) => Probe::More,
        _ => Probe::No,
    }
}

impl Session for Connection {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let mut lane = std::mem::take(self.lane(input.direction));
        let step = self.next(&mut lane, input.bytes, messages);
        *self.lane(input.direction) = lane;
        step
    }

    fn gap(&mut self, direction: Direction) -> bool {
        *self.lane(direction) = Lane { left: 0, lost: true };
        true
    }
}

impl Connection {
    fn lane(&mut self, direction: Direction) -> &mut Lane {
        let [to_responder, to_initiator] = &mut self.lanes;
        match direction {
            Direction::ToResponder => to_responder,
            Direction::ToInitiator => to_initiator,
        }
    }

    fn next(&mut self, lane: &mut Lane, bytes: &[u8], messages: &mut Messages) -> Step {
        if lane.lost {
            match find_packet(bytes) {
                None => return Step::Read(bytes.len()),
                Some(0) => lane.lost = false,
                Some(start) => return Step::Read(start),
            }
        }
        let (start, left) = if lane.left > 0 {
            (0, lane.left)
        } else {
            match netbios::header(bytes) {
                Err(_) => return Step::Wait(HEADER_BYTES),
                Ok(Packet::Message(0)) => return Step::Read(HEADER_BYTES),
                Ok(Packet::Message(length)) => (HEADER_BYTES, u64::from(length)),
                Ok(Packet::Control(length)) => return pass(bytes.len(), HEADER_BYTES, u64::from(length)),
                Ok(Packet::Unknown) => return Step::Done,
                Ok(Packet::Request(length)) => {
                    let total = HEADER_BYTES.saturating_add(length);
                    let Some(body) = bytes.get(HEADER_BYTES..total) else { return Step::Wait(total) };
                    // A damaged request tells nothing; the session may still follow.
                    let _ = netbios::session_request(body, messages);
                    return Step::Read(total);
                }
            }
        };
        let unread = bytes.get(start..).unwrap_or_default();
        let available = unread.get(..usize::try_from(left).unwrap_or(usize::MAX)).unwrap_or(unread);
        let (length, read) = match front(available, left) {
            Front::Message { length, read } => (length, usize::try_from(read).unwrap_or(usize::MAX)),
            Front::Short(needed) => return Step::Wait(start.saturating_add(needed)),
            Front::Other => (left, 0),
        };
        let Some(wanted) = available.get(..read) else { return Step::Wait(start.saturating_add(read)) };
        self.unit(wanted, messages);
        lane.left = left.saturating_sub(length);
        pass(bytes.len(), start, length)
    }

    /// One message, or its header alone.
    fn unit(&mut self, bytes: &[u8], messages: &mut Messages) {
        let unit = match bytes.first_chunk() {
            Some(&VERSION2) => version2::unit(bytes),
            Some(&VERSION1) => version1::unit(bytes),
            _ => None,
        };
        let Some(unit) = unit else { return };
        let first = self.seen.insert(unit.operation);
        let is_version1 = unit.bytes.first_chunk() == Some(&VERSION1);
        // A body that breaks a rule tells nothing: there is nothing to undo, and the connection goes on.
        let _ = match (unit.operation, is_version1) {
            (Operation::Negotiate, false) => version2::negotiate(self, &unit, messages),
            (Operation::Negotiate, true) => version1::negotiate(self, &unit, messages),
            (Operation::SessionSetup, false) => version2::session_setup(&unit, messages),
            (Operation::TreeConnect, false) if !unit.response => share::version2(&unit, messages),
            (Operation::TreeConnect, true) if !unit.response => share::version1(&unit, messages),
            (Operation::SessionSetup, true) => version1::session_setup(self, &unit, messages),
            _ => {
                if first && !unit.response {
                    tell(unit.operation, messages);
                }
                Ok(())
            }
        };
        self.judge(&unit, is_version1, messages);
    }

    /// Notes that a client used an operation, once for each.
    pub(super) fn note(&mut self, operation: Operation, messages: &mut Messages) {
        if self.seen.insert(operation) {
            tell(operation, messages);
        }
    }

    /// Weaknesses that show in what a server answers after the negotiation:
    ///
    /// - [`Weakness::SmbVersion1`]: it goes on in version 1 (seen from the middle, the negotiation is missing).
    /// - [`Weakness::SmbUnsigned`]: it does not require signing, and its first successful answer inside a share is not
    ///   signed. The "signing enabled" bit of SMB 2 and 3 is always set and so proves nothing.
    fn judge(&mut self, unit: &Unit<'_>, is_version1: bool, messages: &mut Messages) {
        if !unit.response || !unit.success {
            return;
        }
        let version1 = is_version1 && unit.operation != Operation::Negotiate && !self.version1_told;
        let inside = unit.operation.is_inside_a_share() && self.signing_required == Some(false);
        let unsigned = inside && !self.signing_judged && !unit.signed;
        self.signing_judged |= inside;
        self.version1_told |= version1;
        if version1 || unsigned {
            let message = messages.begin("smb", unit.operation.name());
            message.flag(&RESPONSE, true).operated(unit.operation.name());
            if version1 {
                message.weak(Weakness::SmbVersion1);
            }
            if unsigned {
                message.weak(Weakness::SmbUnsigned);
            }
        }
    }

    /// The server agreed to version 1 in a negotiation, which tells it.
    pub(super) fn version1_agreed(&mut self) {
        self.version1_told = true;
    }

    /// The negotiation itself shows that nothing will be signed.
    pub(super) fn signing_is_judged(&mut self) {
        self.signing_judged = true;
    }
}

fn tell(operation: Operation, messages: &mut Messages) {
    messages.begin("smb", operation.name()).operated(operation.name());
}

/// Looks at the header of an SMB message of which `left` bytes are left in the packet.
fn front(available: &[u8], left: u64) -> Front {
    let Some(protocol) = available.first_chunk::<4>() else {
        return if left < 4 { Front::Other } else { Front::Short(4) };
    };
    let (header_bytes, unit) = match *protocol {
        VERSION2 => (version2::HEADER_BYTES, version2::unit(available)),
        VERSION1 => (version1::HEADER_BYTES, version1::unit(available)),
        // Encrypted (MS-SMB2 §2.2.41): of one connection some shares may be and others not.
        _ => return Front::Other,
    };
    let Some(unit) = unit else {
        let more_to_come = available.len() < header_bytes && left >= header_bytes as u64;
        return if more_to_come { Front::Short(header_bytes) } else { Front::Other };
    };
    let header = header_bytes as u64;
    let next = if *protocol == VERSION2 { u64::from(version2::next_command(available)) } else { 0 };
    let length = if next >= header { next.min(left) } else { left };
    let whole = is_told(unit.operation) && length <= WHOLE_BYTES_MAX;
    Front::Message { length, read: if whole { length } else { header } }
}

/// Whether a message's body is read.
const fn is_told(operation: Operation) -> bool {
    matches!(operation, Operation::Negotiate | Operation::SessionSetup | Operation::TreeConnect)
}

/// Reads `start` bytes and `length` more, of which some may be still to come.
fn pass(given: usize, start: usize, length: u64) -> Step {
    let total = length.saturating_add(start as u64);
    match usize::try_from(total) {
        Ok(total) if total <= given => Step::Read(total),
        _ => Step::Skip(total.saturating_sub(given as u64)),
    }
}

/// Where the next packet with an SMB message begins. One that straddles two segments is missed; the next is not.
fn find_packet(bytes: &[u8]) -> Option<usize> {
    bytes.windows(8).position(|window| matches!(window, [0, _, _, _, 0xfd..=0xff, b'S', b'M', b'B']))
}

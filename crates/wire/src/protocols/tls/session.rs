//! The record layer (RFC 8446 §5.1) and the handshake messages in it (§4), which may be cut anywhere into records.

use model::Messages;

use super::certificate;
use super::hello::{ClientHello, HelloCarrier, ServerHello, Ssl2Hello, ssl2, ssl2_length};
use crate::protocols::{Direction, Input, Probe, Session, Step};
use crate::reader::Reader;

/// The longest record: 2^14 bytes, and up to 2,048 more when compressed and encrypted (RFC 5246 §6.2.3).
const RECORD_BYTES_MAX: usize = 16_384 + 2_048;
/// The longest handshake message that is put together from several records; a longer one is passed over.
const HANDSHAKE_BYTES_MAX: usize = 64 * 1_024;
/// The longest hello in the form of SSL 2.0.
const SSL2_BYTES_MAX: usize = 4 * 1_024;

const CHANGE_CIPHER_SPEC: u8 = 20;
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
const APPLICATION_DATA: u8 = 23;

const CLIENT_HELLO: u8 = 1;
const SERVER_HELLO: u8 = 2;
const CERTIFICATE: u8 = 11;

/// Whether one side's first bytes are TLS.
pub(super) fn probe(bytes: &[u8], hinted: bool) -> Probe {
    match bytes {
        [] => Probe::No,
        [HANDSHAKE, rest @ ..] => probe_handshake(rest),
        // The capture began in the middle.
        [APPLICATION_DATA | ALERT, 3, 0..=4, high, low, rest @ ..] => {
            probe_encrypted(bytes, usize::from(u16::from_be_bytes([*high, *low])), rest, hinted)
        }
        [first, second, 1, version @ ..] if first & 0x80 != 0 => probe_ssl2(*first, *second, version),
        [first, second] if first & 0x80 != 0 && ssl2_length(*first, *second) <= SSL2_BYTES_MAX => Probe::More,
        [first] if first & 0x80 != 0 => Probe::More,
        [APPLICATION_DATA | ALERT] | [APPLICATION_DATA | ALERT, 3] | [APPLICATION_DATA | ALERT, 3, 0..=4, ..] => {
            Probe::More
        }
        _ => Probe::No,
    }
}

/// A record without anything readable is little proof; that it ends where the segment does, or another begins there, is
/// enough.
fn probe_encrypted(bytes: &[u8], length: usize, rest: &[u8], hinted: bool) -> Probe {
    let is_alert = bytes.first() == Some(&ALERT);
    // Two bytes readable; encrypted, no cipher adds more than 62.
    let fits = if is_alert { matches!(length, 2 | 16..=64) } else { matches!(length, 1..=RECORD_BYTES_MAX) };
    match rest.get(length..) {
        _ if !fits => Probe::No,
        Some([] | [HANDSHAKE | APPLICATION_DATA | ALERT] | [HANDSHAKE | APPLICATION_DATA | ALERT, 3, ..]) => Probe::Yes,
        Some(_) => Probe::No,
        None if hinted && !is_alert => Probe::Yes,
        None => Probe::More,
    }
}

/// A handshake record's beginning, after its type: the version, the lengths and the message's own version must fit.
fn probe_handshake(bytes: &[u8]) -> Probe {
    match bytes {
        [] | [3] | [3, 0..=4] | [3, 0..=4, _] => Probe::More,
        [3, 0..=4, high, low, body @ ..] => {
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            if length == 0 || length > RECORD_BYTES_MAX {
                return Probe::No;
            }
            match body.get(..length).unwrap_or(body) {
                [CLIENT_HELLO | SERVER_HELLO, 0, _, _, 3 | 0x7f | 0xfb, _, ..] => Probe::Yes,
                // A hello in pieces: what there is of its first piece must fit.
                [CLIENT_HELLO | SERVER_HELLO] | [CLIENT_HELLO | SERVER_HELLO, 0, ..]
                    if body.len() < 6 || length < 6 =>
                {
                    if body.len() >= length {
                        Probe::Yes
                    } else {
                        Probe::More
                    }
                }
                // The capture began between the hello and the certificate.
                [CERTIFICATE, 0, _, _, 0, _, _, 0, _, _, 0x30, ..] => Probe::Yes,
                [CERTIFICATE, 0, ..] if body.len() < 11 => Probe::More,
                [] => Probe::More,
                _ => Probe::No,
            }
        }
        _ => Probe::No,
    }
}

/// A client hello in the form of SSL 2.0, after its type: every length must fit the record's.
fn probe_ssl2(first: u8, second: u8, bytes: &[u8]) -> Probe {
    let length = ssl2_length(first, second);
    let mut reader = Reader::new(bytes);
    let lengths = reader.array::<2>("version").and_then(|version| {
        let (suites, session, challenge) = (reader.u16("")?, reader.u16("")?, reader.u16("")?);
        Ok((version, usize::from(suites), usize::from(session), usize::from(challenge)))
    });
    match lengths {
        Err(_) if length <= SSL2_BYTES_MAX => Probe::More,
        Ok((version, suites, session, challenge))
            if matches!(version, [0, 2] | [3, 0..=4])
                && suites > 0
                && suites.is_multiple_of(3)
                && matches!(session, 0 | 16)
                && (16..=32).contains(&challenge)
                && suites.saturating_add(session).saturating_add(challenge).saturating_add(9) == length =>
        {
            Probe::Yes
        }
        Ok(_) | Err(_) => Probe::No,
    }
}

/// One direction.
#[derive(Default)]
struct Lane {
    /// The beginning of a handshake message whose end is in a record to come.
    partial: Vec<u8>,
    /// How much of a handshake message is still passed over.
    passing: usize,
    /// Bytes were lost: looks for the next record.
    lost: bool,
    /// Nothing readable comes any more.
    finished: bool,
    /// A record was read: the form of SSL 2.0 is over.
    begun: bool,
    /// The client announced encryption while the server's answer was not seen: another hello may follow.
    changed: bool,
}

/// One connection.
#[derive(Default)]
pub(super) struct Connection {
    to_responder: Lane,
    to_initiator: Lane,
    /// Which way the client sends, once its hello or the server's was seen.
    client: Option<Direction>,
    /// The server asked for another client hello, and has not answered it yet.
    retried: bool,
    /// The server's hello was seen.
    answered: bool,
}

impl Connection {
    fn lane(&mut self, direction: Direction) -> &mut Lane {
        match direction {
            Direction::ToResponder => &mut self.to_responder,
            Direction::ToInitiator => &mut self.to_initiator,
        }
    }

    /// Ends a direction; the connection ends with both.
    fn finish(&mut self, direction: Direction) -> Step {
        let lane = self.lane(direction);
        *lane = Lane { finished: true, ..Lane::default() };
        if self.to_responder.finished && self.to_initiator.finished { Step::Done } else { Step::Skip(u64::MAX) }
    }

    /// The form of SSL 2.0: its length in two bytes, without padding.
    fn old_record(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let mut reader = Reader::new(input.bytes);
        let Ok([first, second]) = reader.array("length") else { return Step::Wait(2) };
        let length = ssl2_length(first, second);
        if length > SSL2_BYTES_MAX {
            return self.finish(input.direction);
        }
        let whole = length.saturating_add(2);
        let Ok(record) = reader.take(length, "record") else { return Step::Wait(whole) };
        match ssl2(record, messages) {
            Ok(Ssl2Hello::Newer) => {
                self.client = Some(input.direction);
                self.lane(input.direction).begun = true;
                Step::Read(whole)
            }
            Ok(Ssl2Hello::Old) | Err(_) => self.finish(input.direction),
        }
    }

    fn record(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let mut reader = Reader::new(input.bytes);
        let header = reader.array::<5>("TLSPlaintext");
        let (kind, length) = match header {
            Ok([kind @ CHANGE_CIPHER_SPEC..=24, 3, 0..=4, high, low]) => {
                (kind, usize::from(u16::from_be_bytes([high, low])))
            }
            Ok(_) => return self.not_a_record(input),
            Err(_) => return Step::Wait(5),
        };
        if length > RECORD_BYTES_MAX {
            return self.not_a_record(input);
        }
        let whole = length.saturating_add(5);
        let Ok(fragment) = reader.take(length, "fragment") else { return Step::Wait(whole) };
        let lane = self.lane(input.direction);
        (lane.begun, lane.lost) = (true, false);
        match kind {
            // After the change, encrypted bytes; they do not look like a hello.
            HANDSHAKE if lane.changed && !matches!(fragment, [CLIENT_HELLO, 0, _, _, 3, ..]) => {
                self.finish(input.direction)
            }
            HANDSHAKE => {
                if self.handshake(fragment, input, messages) == Step::Done {
                    return self.finish(input.direction);
                }
                Step::Read(whole)
            }
            // Sent for old middleboxes' sake before the second hello (RFC 8446 appendix D.4): encryption has not begun.
            CHANGE_CIPHER_SPEC if self.retried => Step::Read(whole),
            CHANGE_CIPHER_SPEC if self.client == Some(input.direction) && !self.answered => {
                self.lane(input.direction).changed = true;
                Step::Read(whole)
            }
            // A readable alert is two bytes; more is an encrypted one.
            ALERT if length == 2 => Step::Read(whole),
            _ => self.finish(input.direction),
        }
    }

    /// After a loss, records begin again somewhere, most likely with a segment.
    fn not_a_record(&mut self, input: &Input<'_>) -> Step {
        if self.lane(input.direction).lost {
            Step::Read(input.bytes.len().max(1))
        } else {
            self.finish(input.direction)
        }
    }

    /// The handshake bytes of one record. `Done` if all after them is encrypted.
    fn handshake(&mut self, mut bytes: &[u8], input: &Input<'_>, messages: &mut Messages) -> Step {
        while !bytes.is_empty() {
            let lane = self.lane(input.direction);
            let passed = lane.passing.min(bytes.len());
            lane.passing = lane.passing.saturating_sub(passed);
            bytes = bytes.get(passed..).unwrap_or_default();
            if bytes.is_empty() {
                break;
            }
            if lane.partial.is_empty() {
                match whole_message(bytes) {
                    Found::Message(kind, body, length) => {
                        bytes = bytes.get(length..).unwrap_or_default();
                        if self.message(kind, body, input, messages) == Step::Done {
                            return Step::Done;
                        }
                    }
                    Found::Needs(length) if is_read(bytes) && length <= HANDSHAKE_BYTES_MAX => {
                        lane.partial.extend_from_slice(bytes);
                        break;
                    }
                    Found::Needs(length) => lane.passing = length,
                }
                continue;
            }
            // Up to the end of the message, or of its header while that is not whole.
            let Found::Needs(length) = whole_message(&lane.partial) else { break };
            let wanted = length.saturating_sub(lane.partial.len()).max(1).min(bytes.len());
            let (taken, rest) = bytes.split_at_checked(wanted).unwrap_or((bytes, &[]));
            lane.partial.extend_from_slice(taken);
            bytes = rest;
            match whole_message(&lane.partial) {
                Found::Message(..) => {
                    let partial = std::mem::take(&mut lane.partial);
                    if let Found::Message(kind, body, _) = whole_message(&partial)
                        && self.message(kind, body, input, messages) == Step::Done
                    {
                        return Step::Done;
                    }
                }
                Found::Needs(length) if !is_read(&lane.partial) || length > HANDSHAKE_BYTES_MAX => {
                    lane.passing = length.saturating_sub(lane.partial.len());
                    lane.partial.clear();
                }
                Found::Needs(_) => {}
            }
        }
        Step::Read(1)
    }

    /// One handshake message. `Done` if all after it in this direction is encrypted.
    fn message(&mut self, kind: u8, body: &[u8], input: &Input<'_>, messages: &mut Messages) -> Step {
        match kind {
            CLIENT_HELLO => {
                self.client = Some(input.direction);
                if let Ok(hello) = ClientHello::read(body) {
                    hello.tell(HelloCarrier::Tcp, messages);
                }
            }
            SERVER_HELLO => {
                self.client = Some(input.direction.reverse());
                let Ok(hello) = ServerHello::read(body, messages) else { return Step::Read(1) };
                self.retried = hello.is_retry();
                self.answered = !self.retried;
                if hello.begins_encryption() {
                    self.lane(input.direction.reverse()).finished = true;
                    return Step::Done;
                }
            }
            CERTIFICATE => {
                let by_server =
                    self.client.map_or(input.direction == Direction::ToInitiator, |client| client != input.direction);
                // A certificate that cannot be read is not told; the handshake goes on.
                let _ = certificate::read(body, by_server, input.context.time, messages);
            }
            _ => {}
        }
        Step::Read(1)
    }
}

/// What stands at the beginning of handshake bytes.
enum Found<'a> {
    /// A whole message: its type, its body, and how many bytes both take with the header.
    Message(u8, &'a [u8], usize),
    /// As much of one; the whole takes that many bytes (of the header alone, while that is not whole).
    Needs(usize),
}

fn whole_message(bytes: &[u8]) -> Found<'_> {
    let mut reader = Reader::new(bytes);
    let header = reader.u8("msg_type").and_then(|kind| Ok((kind, reader.u24("length")?)));
    let Ok((kind, length)) = header else { return Found::Needs(4) };
    let length = length as usize;
    match reader.take(length, "body") {
        Ok(body) => Found::Message(kind, body, length.saturating_add(4)),
        Err(_) => Found::Needs(length.saturating_add(4)),
    }
}

/// Tells the hellos among one side's handshake bytes, which QUIC carries without records. Returns how many bytes were read,
/// and whether all after them is encrypted.
pub(in crate::protocols) fn tell_hellos(handshake: &[u8], messages: &mut Messages) -> (usize, bool) {
    let mut read = 0_usize;
    while let Found::Message(kind, body, length) = whole_message(handshake.get(read..).unwrap_or_default()) {
        read = read.saturating_add(length);
        match kind {
            CLIENT_HELLO => {
                if let Ok(hello) = ClientHello::read(body) {
                    hello.tell(HelloCarrier::Quic, messages);
                }
            }
            SERVER_HELLO if ServerHello::read(body, messages).is_ok_and(|hello| hello.begins_encryption()) => {
                return (read, true);
            }
            _ => {}
        }
    }
    (read, false)
}

/// Whether the message that begins there is one that is told.
fn is_read(bytes: &[u8]) -> bool {
    matches!(bytes.first(), Some(&(CLIENT_HELLO | SERVER_HELLO | CERTIFICATE)))
}

impl Session for Connection {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let lane = self.lane(input.direction);
        if lane.finished {
            return self.finish(input.direction);
        }
        if !lane.begun && !lane.lost && input.bytes.first().is_some_and(|first| first & 0x80 != 0) {
            return self.old_record(input, messages);
        }
        self.record(input, messages)
    }

    fn gap(&mut self, direction: Direction) -> bool {
        let lane = self.lane(direction);
        let finished = lane.finished;
        *lane = Lane { lost: true, begun: true, finished, ..Lane::default() };
        true
    }
}

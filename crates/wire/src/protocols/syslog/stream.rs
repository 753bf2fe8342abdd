//! Messages in a stream (RFC 6587): each after its length, or each up to a line feed.

use model::Messages;

use super::super::{Direction, Input, Probe, Session, Step};
use super::header;

/// A header is looked for in so many bytes of a message; the rest is text and is passed over.
const HEADER_BYTES_MAX: usize = 512;
/// Without the port, a message must show its timestamp within so many bytes.
const PROBE_BYTES_MAX: usize = 64;
/// A length has at most so many digits.
const LENGTH_DIGITS_MAX: usize = 6;

/// Whether a connection opens with a message; also for datagrams.
pub(super) fn probe(initiator: &[u8], responder: &[u8], hinted: bool) -> Probe {
    let first = if initiator.is_empty() { responder } else { initiator };
    let bytes = match counted(first) {
        Counted::Message { start, .. } => first.get(start..).unwrap_or_default(),
        Counted::Short => return Probe::More,
        Counted::No => first,
    };
    match header::read(bytes) {
        Some(header) if hinted || header.dated => Probe::Yes,
        Some(_) if bytes.len() < PROBE_BYTES_MAX => Probe::More,
        None if bytes.len() < 5 && bytes.iter().zip(b"<000>").all(|(got, want)| may_be(*got, *want)) => Probe::More,
        _ => Probe::No,
    }
}

/// Whether a byte may stand where a priority has a bracket or a digit; the closing bracket can come early.
const fn may_be(got: u8, want: u8) -> bool {
    if want == b'0' { got.is_ascii_digit() || got == b'>' } else { got == want }
}

/// A length in front of a message (RFC 6587 §3.4.1).
enum Counted {
    /// A message of `length` bytes from `start`.
    Message { start: usize, length: usize },
    /// More bytes are needed to tell.
    Short,
    /// No length.
    No,
}

fn counted(bytes: &[u8]) -> Counted {
    let digits = bytes.iter().take(LENGTH_DIGITS_MAX).take_while(|byte| byte.is_ascii_digit()).count();
    let number = bytes.get(..digits).and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok());
    match (number, bytes.get(digits)) {
        (Some(length), Some(b' ')) if length > 0 => Counted::Message { start: digits.saturating_add(1), length },
        (Some(_), None) => Counted::Short,
        _ => Counted::No,
    }
}

/// One connection.
#[derive(Default)]
pub(super) struct Lines {
    /// For each direction: what is left of a message up to a line feed is passed over.
    in_text: [bool; 2],
}

impl Session for Lines {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let bytes = input.bytes;
        let in_text = self.in_text(input.direction);
        if *in_text {
            let line_feed = bytes.iter().position(|byte| *byte == b'\n');
            *in_text = line_feed.is_none();
            return Step::Read(line_feed.map_or(bytes.len(), |position| position.saturating_add(1)));
        }
        match bytes {
            [b'\r' | b'\n' | 0, ..] => Step::Read(1),
            [b'<', ..] => {
                let searched = bytes.get(..HEADER_BYTES_MAX).unwrap_or(bytes);
                let line_feed = searched.iter().position(|byte| *byte == b'\n');
                if line_feed.is_none() && searched.len() < HEADER_BYTES_MAX {
                    return Step::Wait(bytes.len().saturating_add(1));
                }
                let length = line_feed.unwrap_or(HEADER_BYTES_MAX);
                // A line without priority tells nothing, and the next one may.
                let _ = header::decode(searched.get(..length).unwrap_or(searched), messages);
                *in_text = line_feed.is_none();
                Step::Read(length)
            }
            _ => match counted(bytes) {
                Counted::Short => Step::Wait(bytes.len().saturating_add(1)),
                Counted::No => Step::Done,
                Counted::Message { start, length } => {
                    let header_end = start.saturating_add(length.min(HEADER_BYTES_MAX));
                    let Some(head) = bytes.get(start..header_end) else { return Step::Wait(header_end) };
                    let _ = header::decode(head, messages);
                    let end = start.saturating_add(length);
                    match end.checked_sub(bytes.len()) {
                        None | Some(0) => Step::Read(end),
                        Some(to_come) => Step::Skip(to_come as u64),
                    }
                }
            },
        }
    }

    fn gap(&mut self, direction: Direction) -> bool {
        *self.in_text(direction) = true;
        true
    }
}

impl Lines {
    fn in_text(&mut self, direction: Direction) -> &mut bool {
        let [to_responder, to_initiator] = &mut self.in_text;
        match direction {
            Direction::ToResponder => to_responder,
            Direction::ToInitiator => to_initiator,
        }
    }
}

//! A connection: messages one after the other in each direction, bodies passed over, responses paired with requests.

use std::collections::VecDeque;

use model::Messages;

use super::body::{self, Body, Wanted};
use super::head::{self, Answer, Asked, Length, Reading};
use super::probe;
use crate::line_search::LineSearch;
use crate::protocols::{Direction, Input, Probe, Session, Step, tls};

/// The longest head that is read.
const HEAD_BYTES_MAX: usize = 64 * 1_024;
/// The longest line before a chunk, with its extensions.
const CHUNK_LINE_BYTES_MAX: usize = 4 * 1_024;
/// How many requests may wait for their responses.
const ASKED_MAX: usize = 128;

/// What one direction says next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Expected {
    /// A request or a response.
    #[default]
    Head,
    /// So much of a body that is read.
    Body(u64),
    /// The size of a chunk (RFC 9112 §7.1).
    ChunkSize,
    /// So much of a chunk that is read, and the line end after it.
    Chunk(u64),
    /// Fields after the last chunk, up to an empty line.
    Trailer,
    /// A body that is read and ends with the connection.
    UntilClose,
    /// Nothing that can be read.
    Nothing,
}

/// One direction.
#[derive(Default)]
struct Lane {
    expected: Expected,
    lines: LineSearch,
    body: Option<Box<Body>>,
    /// Bytes were lost: the next message is looked for.
    lost: bool,
}

/// One connection.
#[derive(Default)]
pub(super) struct Connection {
    to_responder: Lane,
    to_initiator: Lane,
    /// What was asked and not answered yet, oldest first.
    asked: VecDeque<Asked>,
    /// Requests or responses were lost: only the latest request belongs to the next response.
    unpaired: bool,
    tunnel: Tunnel,
}

/// What the connection became by `CONNECT` or `Upgrade`.
#[derive(Default)]
enum Tunnel {
    #[default]
    None,
    /// Something else, of which nothing was seen yet.
    Open,
    Tls(Box<dyn Session>),
}

impl Session for Connection {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let lane = match input.direction {
            Direction::ToResponder => &mut self.to_responder,
            Direction::ToInitiator => &mut self.to_initiator,
        };
        match &mut self.tunnel {
            Tunnel::Tls(tls) => return tls.push(input, messages),
            Tunnel::Open => return self.through(input, messages),
            Tunnel::None => {}
        }
        match lane.expected {
            Expected::Head => self.head(input, messages),
            Expected::Body(left) => lane.body(left, input.bytes, messages),
            Expected::ChunkSize => lane.chunk_size(input.bytes),
            Expected::Chunk(left) => lane.chunk(left, input.bytes, messages),
            Expected::Trailer => lane.trailer(input.bytes, messages),
            Expected::UntilClose => lane.until_close(input.bytes, messages),
            Expected::Nothing => Step::Skip(u64::MAX),
        }
    }

    fn gap(&mut self, direction: Direction) -> bool {
        if let Tunnel::Tls(tls) = &mut self.tunnel {
            return tls.gap(direction);
        }
        let lane = match direction {
            Direction::ToResponder => &mut self.to_responder,
            Direction::ToInitiator => &mut self.to_initiator,
        };
        if lane.expected != Expected::Nothing {
            *lane = Lane { lost: true, ..Lane::default() };
        }
        self.unpaired = true;
        true
    }
}

impl Connection {
    fn lane(&mut self, direction: Direction) -> &mut Lane {
        match direction {
            Direction::ToResponder => &mut self.to_responder,
            Direction::ToInitiator => &mut self.to_initiator,
        }
    }

    fn head(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let lane = self.lane(input.direction);
        let bytes = probe::skip_empty_lines(input.bytes);
        let empty = input.bytes.len().saturating_sub(bytes.len());
        if empty > 0 {
            lane.lines.restart();
            return Step::Read(empty);
        }
        if lane.lost {
            // Messages mostly begin with a segment; what begins otherwise is the rest of a lost body.
            if probe::message(bytes) == Probe::No {
                return Step::Read(bytes.len().max(1));
            }
            lane.lost = false;
        }
        let Some(length) = lane.lines.empty_line(bytes) else {
            if bytes.len() > HEAD_BYTES_MAX || probe::message(bytes) == Probe::No {
                return self.give_up(input.direction);
            }
            return Step::Wait(bytes.len().saturating_add(1));
        };
        let head = bytes.get(..length).unwrap_or(bytes);
        let is_response = probe::status_line(head) == Probe::Yes;
        let step = if is_response {
            self.response(head, input.direction, messages)
        } else {
            self.request(head, input.direction, messages)
        };
        match step {
            Some(Next::Over) => {
                self.tunnel = Tunnel::Open;
                Step::Read(length)
            }
            Some(Next::Skip(body)) => {
                let there = bytes.len().saturating_sub(length) as u64;
                if body > there {
                    Step::Skip(body.saturating_sub(there))
                } else {
                    Step::Read(length.saturating_add(usize::try_from(body).unwrap_or(0)))
                }
            }
            Some(Next::Expect(expected)) => {
                self.lane(input.direction).expected = expected;
                Step::Read(length)
            }
            None => self.give_up(input.direction),
        }
    }

    /// The first bytes of what HTTP made way for: a client's TLS is handed on, anything else is not looked into.
    fn through(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let is_client = input.direction == Direction::ToResponder;
        if is_client && input.bytes.len() < tls::OPENING_BYTES && input.bytes.first() == Some(&tls::HANDSHAKE) {
            return Step::Wait(tls::OPENING_BYTES);
        }
        if !is_client || !tls::is_client_hello(input.bytes) {
            return Step::Done;
        }
        let mut session = tls::through_a_proxy();
        let step = session.push(input, messages);
        self.tunnel = Tunnel::Tls(session);
        step
    }

    /// This direction is not HTTP, or not any more. The other may still be.
    fn give_up(&mut self, direction: Direction) -> Step {
        *self.lane(direction) = Lane { expected: Expected::Nothing, ..Lane::default() };
        let over = self.to_responder.expected == Expected::Nothing && self.to_initiator.expected == Expected::Nothing;
        if over { Step::Done } else { Step::Skip(u64::MAX) }
    }

    fn request(&mut self, head: &[u8], direction: Direction, messages: &mut Messages) -> Option<Next> {
        let (mut asked, length, reading) = head::request(head, messages).ok()?;
        if self.unpaired {
            self.asked.clear();
        }
        // A response may be missing without notice. While two requests wait, none of them tells what its response is.
        if !self.asked.is_empty() {
            asked.forget();
            self.asked.iter_mut().for_each(Asked::forget);
        }
        if self.asked.len() < ASKED_MAX {
            self.asked.push_back(asked);
        } else {
            self.unpaired = true;
        }
        Some(self.lane(direction).after_head(length, reading))
    }

    fn response(&mut self, head: &[u8], direction: Direction, messages: &mut Messages) -> Option<Next> {
        let (asked, unpaired) = (&mut self.asked, self.unpaired);
        let take_asked = |_| if unpaired { asked.drain(..).next_back() } else { asked.pop_front() }.unwrap_or_default();
        let Answer { interim, switches, length, reading } = head::response(head, take_asked, messages).ok()?;
        if switches {
            return Some(Next::Over);
        }
        if interim {
            return Some(Next::Skip(0));
        }
        Some(self.lane(direction).after_head(length, reading))
    }
}

/// What follows a head.
enum Next {
    /// Another protocol.
    Over,
    /// So much that nobody looks at, then the next head.
    Skip(u64),
    Expect(Expected),
}

impl Lane {
    fn after_head(&mut self, length: Length, reading: Reading) -> Next {
        self.body = None;
        let too_long = matches!(length, Length::Bytes(bytes) if bytes > body::DOCUMENT_BYTES_MAX as u64);
        if !(too_long && reading == Reading::Document) {
            self.body = Body::new(reading, length == Length::Close).map(Box::new);
        }
        match (length, &self.body) {
            (Length::Bytes(bytes), Some(_)) if bytes > 0 => Next::Expect(Expected::Body(bytes)),
            (Length::Bytes(bytes), _) => Next::Skip(bytes),
            (Length::Chunked, _) => Next::Expect(Expected::ChunkSize),
            (Length::Close, Some(_)) => Next::Expect(Expected::UntilClose),
            (Length::Close, None) => Next::Skip(u64::MAX),
        }
    }

    /// Gives a piece to the body's reader, if it still wants any.
    fn read(&mut self, piece: &[u8], messages: &mut Messages) {
        if let Some(body) = &mut self.body
            && body.add(piece, messages) == Wanted::Nothing
        {
            self.body = None;
        }
    }

    fn end_of_body(&mut self, messages: &mut Messages) {
        if let Some(body) = self.body.take() {
            body.end(messages);
        }
        self.expected = Expected::Head;
    }

    fn body(&mut self, left: u64, bytes: &[u8], messages: &mut Messages) -> Step {
        let taken = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        self.read(bytes.get(..taken).unwrap_or_default(), messages);
        let left = left.saturating_sub(taken as u64);
        if left == 0 {
            self.end_of_body(messages);
        } else if self.body.is_none() {
            self.expected = Expected::Head;
            return Step::Skip(left);
        } else {
            self.expected = Expected::Body(left);
        }
        Step::Read(taken)
    }

    /// `chunk-size [ chunk-ext ] CRLF`
    fn chunk_size(&mut self, bytes: &[u8]) -> Step {
        let Some((line, length)) = self.lines.next(bytes) else {
            if bytes.len() > CHUNK_LINE_BYTES_MAX {
                return self.lose();
            }
            return Step::Wait(bytes.len().saturating_add(1));
        };
        let digits = line.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        let size =
            std::str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let Some(size) = size.and_then(|digits| u64::from_str_radix(digits, 16).ok()) else { return self.lose() };
        if size == 0 {
            self.expected = Expected::Trailer;
            return Step::Read(length);
        }
        self.expected = Expected::Chunk(size);
        Step::Read(length)
    }

    fn chunk(&mut self, left: u64, bytes: &[u8], messages: &mut Messages) -> Step {
        // The line end after the data is passed over with the next line: as an empty one.
        if self.body.is_none() {
            self.expected = Expected::ChunkSize;
            return self.pass(left.saturating_add(2), bytes);
        }
        if left == 0 {
            self.expected = Expected::ChunkSize;
            return self.pass(2, bytes);
        }
        let taken = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        self.read(bytes.get(..taken).unwrap_or_default(), messages);
        self.expected = Expected::Chunk(left.saturating_sub(taken as u64));
        Step::Read(taken)
    }

    /// Passes over that many bytes, those to come among them.
    fn pass(&self, count: u64, bytes: &[u8]) -> Step {
        let there = bytes.len() as u64;
        if count > there {
            Step::Skip(count.saturating_sub(there))
        } else {
            Step::Read(usize::try_from(count).unwrap_or(0))
        }
    }

    fn trailer(&mut self, bytes: &[u8], messages: &mut Messages) -> Step {
        let Some((line, length)) = self.lines.next(bytes) else {
            if bytes.len() > HEAD_BYTES_MAX {
                return self.lose();
            }
            return Step::Wait(bytes.len().saturating_add(1));
        };
        if line.is_empty() {
            self.end_of_body(messages);
        }
        Step::Read(length)
    }

    fn until_close(&mut self, bytes: &[u8], messages: &mut Messages) -> Step {
        self.read(bytes, messages);
        if self.body.is_some() { Step::Read(bytes.len()) } else { Step::Skip(u64::MAX) }
    }

    /// The body breaks the rules: the next message is looked for, as after a loss.
    fn lose(&mut self) -> Step {
        *self = Self { lost: true, ..Self::default() };
        Step::Read(1)
    }
}

//! Finds out which protocol a connection speaks and feeds its decoder.
//!
//! A [`Stream`] takes the bytes of a TCP connection in order, without copying them as long as the decoder reads
//! everything it is given; [`Datagrams`] takes UDP payloads. Both are told what is missing and hold bounded memory.

use model::Messages;

use crate::candidates::{self, DATAGRAMS, STREAMS};
use crate::packet::transport::{TCP, UDP};
use crate::protocols::{Carrier, Decoder, Direction, Input, Opening, Probe, Session, Step, tls};

/// How much of a connection's opening is kept while no decoder has recognised it, in bytes each way.
pub const OPENING_BYTES_MAX: usize = 2_048;
/// How often a stream that began before the capture is looked at afresh.
pub const OPENING_ATTEMPTS_MAX: u8 = 8;
/// How much a decoder may leave unread in one direction, in bytes.
pub const UNREAD_BYTES_MAX: usize = 128 * 1_024;
/// How many segments of a stream that no decoder recognised are looked at for the beginning of TLS.
pub const WATCHED_SEGMENTS_MAX: u8 = 24;
/// After this many unrecognised datagrams, a flow is only counted.
pub const DATAGRAM_MISSES_MAX: u8 = 4;

/// Whether a decoder of what this IP protocol carries names the port among its hints.
pub fn is_hinted_port(port: u16, ip_protocol: u8) -> bool {
    match ip_protocol {
        TCP => STREAMS.hinted([port; 2]) != 0,
        UDP => DATAGRAMS.hinted([port; 2]) != 0,
        _ => false,
    }
}

/// Whether a connection needs its bytes looked at any longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interest {
    /// Feed what comes.
    More,
    /// Only count.
    None,
    /// Only count: the decoder left more unread than [`UNREAD_BYTES_MAX`].
    CutByLimit,
}

/// A TCP connection's two directions and their decoder.
pub struct Stream {
    state: State,
    lanes: [Lane; 2],
    attempts: u8,
    /// Ports, to know which decoders are hinted at.
    ports: [u16; 2],
    first_speaker: Option<Direction>,
    midstream: bool,
}

enum State {
    /// Bit `i` is set while `ALL[i]` may still recognise the connection.
    Identifying(u64),
    /// Without a decoder: what goes through a proxy, which does not speak it itself.
    Decoding(Option<&'static dyn Decoder>, Box<dyn Session>),
    /// Nobody recognised it. It may go on in TLS: after STARTTLS of mail and directories, through a proxy (SOCKS, if set). So
    /// many segments are looked at for that, and none is kept.
    Watching(u8, bool),
    Finished(Option<&'static dyn Decoder>, Interest),
}

/// One direction.
#[derive(Default)]
struct Lane {
    unread: Vec<u8>,
    /// Do not ask the decoder before so many bytes are unread.
    wanted: usize,
    skip: u64,
}

const fn lane(direction: Direction) -> usize {
    match direction {
        Direction::ToResponder => 0,
        Direction::ToInitiator => 1,
    }
}

impl Stream {
    /// A connection between these ports, initiator's first. `midstream` if its beginning was not captured.
    pub fn new(ports: [u16; 2], midstream: bool) -> Self {
        Self {
            state: State::Identifying(STREAMS.all()),
            lanes: Default::default(),
            attempts: 0,
            ports,
            first_speaker: None,
            midstream,
        }
    }

    /// A connection known to speak a protocol.
    pub fn speaking(decoder: &'static dyn Decoder) -> Self {
        Self::with_session(decoder, decoder.session(Carrier::Stream(&[])))
    }

    pub(crate) fn with_session(decoder: &'static dyn Decoder, session: Box<dyn Session>) -> Self {
        Self { state: State::Decoding(Some(decoder), session), ..Self::new([0, 0], false) }
    }

    /// The protocol, once recognised.
    pub fn decoder(&self) -> Option<&'static dyn Decoder> {
        match &self.state {
            State::Identifying(_) | State::Watching(..) => None,
            State::Decoding(decoder, _) => *decoder,
            State::Finished(decoder, _) => *decoder,
        }
    }

    /// Whether bytes are still wanted.
    pub fn interest(&self) -> Interest {
        match &self.state {
            State::Identifying(_) | State::Decoding(..) | State::Watching(..) => Interest::More,
            State::Finished(_, interest) => *interest,
        }
    }

    /// How much memory holds bytes that are not read yet.
    pub fn held(&self) -> usize {
        let [to_responder, to_initiator] = &self.lanes;
        to_responder.unread.capacity().saturating_add(to_initiator.unread.capacity())
    }

    /// Lets go of the bytes that are not read yet, and of all to come.
    pub fn give_up(&mut self) {
        self.state = State::Finished(self.decoder(), Interest::None);
        self.lanes = Default::default();
    }

    /// How many bytes to come in this direction nobody will look at.
    pub fn skipping(&self, direction: Direction) -> u64 {
        self.lanes.get(lane(direction)).map_or(0, |lane| lane.skip)
    }

    /// Takes the next bytes of one direction.
    pub fn feed(&mut self, input: &Input<'_>, messages: &mut Messages) -> Interest {
        if input.bytes.is_empty() {
            return self.interest();
        }
        match &mut self.state {
            State::Finished(_, interest) => return *interest,
            State::Decoding(..) => self.decode(input, messages),
            State::Identifying(_) => self.identify(input, messages),
            State::Watching(..) => self.watch(input, messages),
        }
        self.interest()
    }

    /// Bytes of one direction are missing from the capture.
    pub fn gap(&mut self, direction: Direction, missing: u64) -> Interest {
        let Some(lane) = self.lanes.get_mut(lane(direction)) else { return self.interest() };
        match &mut self.state {
            State::Finished(..) | State::Watching(..) => {}
            State::Identifying(_) => {
                lane.unread.clear();
                self.midstream = true;
            }
            State::Decoding(decoder, session) => {
                let skipped = lane.skip.min(missing);
                lane.skip = lane.skip.saturating_sub(skipped);
                if missing > skipped {
                    lane.unread.clear();
                    lane.wanted = 0;
                    if !session.gap(direction) {
                        self.state = State::Finished(*decoder, Interest::None);
                        self.lanes = Default::default();
                    }
                }
            }
        }
        self.interest()
    }

    fn identify(&mut self, input: &Input<'_>, messages: &mut Messages) {
        let State::Identifying(candidates) = self.state else { return };
        self.first_speaker.get_or_insert(input.direction);
        let [to_responder, to_initiator] = &mut self.lanes;
        let (this, other) = match input.direction {
            Direction::ToResponder => (to_responder, to_initiator),
            Direction::ToInitiator => (to_initiator, to_responder),
        };
        // The common case copies nothing: one segment, recognised at once.
        let joined;
        let bytes = if this.unread.is_empty() {
            input.bytes
        } else {
            this.unread.extend_from_slice(input.bytes);
            joined = std::mem::take(&mut this.unread);
            &joined
        };
        let (initiator, responder) = match input.direction {
            Direction::ToResponder => (bytes, other.unread.as_slice()),
            Direction::ToInitiator => (other.unread.as_slice(), bytes),
        };
        match probe(candidates, initiator, responder, self.ports) {
            Verdict::Yes(decoder) => {
                let session = decoder.session(Carrier::Stream(&[]));
                self.state = State::Decoding(Some(decoder), session);
                let earlier = std::mem::take(&mut other.unread);
                let this_input = Input { bytes, ..*input };
                let other_input = Input { bytes: &earlier, direction: input.direction.reverse(), ..*input };
                if self.first_speaker == Some(input.direction) {
                    self.decode(&this_input, messages);
                    self.feed(&other_input, messages);
                } else {
                    self.feed(&other_input, messages);
                    self.feed(&this_input, messages);
                }
            }
            Verdict::Maybe(candidates) if bytes.len() < OPENING_BYTES_MAX => {
                this.unread = bytes.to_vec();
                self.state = State::Identifying(candidates);
            }
            Verdict::Maybe(_) | Verdict::No => {
                let is_proxied = asks_a_socks_proxy(initiator);
                self.attempts = self.attempts.saturating_add(1);
                let again = self.midstream && self.attempts < OPENING_ATTEMPTS_MAX;
                self.lanes = Default::default();
                if again {
                    self.state = State::Identifying(STREAMS.all());
                } else {
                    self.state = State::Watching(WATCHED_SEGMENTS_MAX, is_proxied);
                    self.watch(input, messages);
                }
            }
        }
    }

    /// Looks at one segment of a stream that nobody recognised.
    fn watch(&mut self, input: &Input<'_>, messages: &mut Messages) {
        let State::Watching(left, is_proxied) = self.state else { return };
        if input.direction == Direction::ToResponder && tls::is_client_hello(input.bytes) {
            self.state = if is_proxied {
                State::Decoding(None, tls::through_a_proxy())
            } else {
                State::Decoding(Some(&tls::DECODER), tls::DECODER.session(Carrier::Stream(&[])))
            };
            self.decode(input, messages);
            return;
        }
        self.state = match left.checked_sub(1) {
            None | Some(0) => State::Finished(None, Interest::None),
            Some(left) => State::Watching(left, is_proxied),
        };
    }

    fn decode(&mut self, input: &Input<'_>, messages: &mut Messages) {
        let State::Decoding(decoder, session) = &mut self.state else { return };
        let Some(lane) = self.lanes.get_mut(lane(input.direction)) else { return };
        match run(session.as_mut(), lane, input, messages) {
            Interest::More => {}
            interest => {
                self.state = State::Finished(*decoder, interest);
                self.lanes = Default::default();
            }
        }
    }
}

/// Whether a client's first bytes are those of SOCKS: version 5 with its methods (RFC 1928 §3), or version 4 with a request
/// to connect.
fn asks_a_socks_proxy(initiator: &[u8]) -> bool {
    match initiator {
        [5, methods, rest @ ..] => *methods > 0 && rest.len() >= usize::from(*methods),
        [4, 1, _, _, _, _, _, _, ..] => true,
        _ => false,
    }
}

/// Gives a session its bytes until it waits for more.
fn run(session: &mut dyn Session, lane: &mut Lane, input: &Input<'_>, messages: &mut Messages) -> Interest {
    let mut bytes = input.bytes;
    if lane.skip > 0 {
        let passed = usize::try_from(lane.skip).unwrap_or(usize::MAX).min(bytes.len());
        lane.skip = lane.skip.saturating_sub(passed as u64);
        bytes = bytes.get(passed..).unwrap_or_default();
    }
    if bytes.is_empty() {
        return Interest::More;
    }
    let buffered = !lane.unread.is_empty();
    let joined;
    if buffered {
        lane.unread.extend_from_slice(bytes);
        if lane.unread.len() < lane.wanted {
            return Interest::More;
        }
        joined = std::mem::take(&mut lane.unread);
        bytes = &joined;
    }
    lane.wanted = 0;
    while !bytes.is_empty() {
        match push(session, &Input { bytes, ..*input }, messages) {
            Step::Read(count) => bytes = bytes.get(count.max(1)..).unwrap_or_default(),
            Step::Wait(total) if total > UNREAD_BYTES_MAX || bytes.len() >= UNREAD_BYTES_MAX => {
                return Interest::CutByLimit;
            }
            Step::Wait(total) => {
                lane.wanted = total.max(bytes.len().saturating_add(1));
                lane.unread = bytes.to_vec();
                return Interest::More;
            }
            Step::Skip(count) => {
                lane.skip = count;
                return Interest::More;
            }
            Step::Done => return Interest::None,
        }
    }
    Interest::More
}

/// Notes on the messages which side they came from.
fn push(session: &mut dyn Session, input: &Input<'_>, messages: &mut Messages) -> Step {
    let first = messages.len();
    let step = session.push(input, messages);
    if input.direction == Direction::ToInitiator {
        messages.sent_by_responder(first);
    }
    step
}

enum Verdict {
    Yes(&'static dyn Decoder),
    Maybe(u64),
    No,
}

/// Asks the candidates, those hinted at by a port first.
fn probe(candidates: u64, initiator: &[u8], responder: &[u8], ports: [u16; 2]) -> Verdict {
    let mut maybe = 0_u64;
    let hints = STREAMS.hinted(ports);
    for (hinted, bits) in [(true, candidates & hints), (false, candidates & !hints)] {
        for (bit, decoder) in candidates::each(bits) {
            match decoder.probe(&Opening { initiator, responder, hinted }) {
                Probe::Yes => return Verdict::Yes(decoder),
                Probe::More => maybe |= bit,
                Probe::No => {}
            }
        }
    }
    if maybe == 0 { Verdict::No } else { Verdict::Maybe(maybe) }
}

/// A UDP flow and its decoder.
#[derive(Default)]
pub struct Datagrams {
    decoding: Option<(&'static dyn Decoder, Box<dyn Session>)>,
    misses: u8,
    done: bool,
}

impl Datagrams {
    /// The protocol, once recognised.
    pub fn decoder(&self) -> Option<&'static dyn Decoder> {
        self.decoding.as_ref().map(|(decoder, _)| *decoder)
    }

    /// Whether payloads are still wanted.
    pub const fn interest(&self) -> Interest {
        if self.done { Interest::None } else { Interest::More }
    }

    /// Takes the next payload.
    pub fn feed(&mut self, input: &Input<'_>, messages: &mut Messages) -> Interest {
        if self.done {
            return Interest::None;
        }
        if self.decoding.is_none() {
            self.decoding = recognise(input).map(|(decoder, carrier)| (decoder, decoder.session(carrier)));
        }
        match &mut self.decoding {
            Some((_, session)) => self.done = push(session.as_mut(), input, messages) == Step::Done,
            None => {
                self.misses = self.misses.saturating_add(1);
                self.done = self.misses >= DATAGRAM_MISSES_MAX;
            }
        }
        self.interest()
    }
}

/// Which decoder a datagram's bytes belong to.
fn recognise(input: &Input<'_>) -> Option<(&'static dyn Decoder, Carrier)> {
    let ports = [input.context.initiator.port.unwrap_or(0), input.context.responder.port.unwrap_or(0)];
    let (initiator, responder): (&[u8], &[u8]) = match input.direction {
        Direction::ToResponder => (input.bytes, &[]),
        Direction::ToInitiator => (&[], input.bytes),
    };
    let hints = DATAGRAMS.hinted(ports);
    for (hinted, bits) in [(true, DATAGRAMS.all() & hints), (false, DATAGRAMS.all() & !hints)] {
        let recognises = |decoder: &dyn Decoder| decoder.probe(&Opening { initiator, responder, hinted }) == Probe::Yes;
        if let Some((_, decoder)) = candidates::each(bits).find(|(_, decoder)| recognises(*decoder)) {
            let is_datagram = |carrier: &&Carrier| matches!(carrier, Carrier::Datagram(_));
            return decoder.carriers().iter().find(is_datagram).map(|carrier| (decoder, *carrier));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::Context;

    /// A client hello without extensions.
    fn client_hello() -> Vec<u8> {
        let mut hello = vec![0x16, 3, 1, 0, 47, 1, 0, 0, 43, 3, 3];
        hello.extend([0x77; 32]);
        hello.extend([0, 0, 4, 0xc0, 0x2f, 0, 0x2f, 1, 0]);
        hello
    }

    fn feed(stream: &mut Stream, bytes: &[u8], direction: Direction, messages: &mut Messages) -> Interest {
        stream.feed(&Input { bytes, direction, context: &Context::default() }, messages)
    }

    #[test]
    fn what_nobody_recognises_may_go_on_in_tls() {
        let (mut stream, mut messages) = (Stream::new([40_000, 110], false), Messages::default());
        // STLS of a mailbox (RFC 2595 §4): a request and its answer, then TLS in the same bytes' place.
        feed(&mut stream, b"+OK ready\r\n", Direction::ToInitiator, &mut messages);
        feed(&mut stream, b"STLS\r\n", Direction::ToResponder, &mut messages);
        feed(&mut stream, b"+OK begin\r\n", Direction::ToInitiator, &mut messages);
        assert!(stream.decoder().is_none() && messages.is_empty());
        assert_eq!(stream.interest(), Interest::More);
        feed(&mut stream, &client_hello(), Direction::ToResponder, &mut messages);
        assert_eq!(stream.decoder().map(Decoder::name), Some("tls"));
        assert_eq!(messages.iter().map(model::Message::kind).collect::<Vec<_>>(), ["client_hello"]);
    }

    #[test]
    fn of_what_goes_through_a_proxy_the_client_alone_is_told() {
        let (mut stream, mut messages) = (Stream::new([40_000, 1_080], false), Messages::default());
        feed(&mut stream, &[5, 1, 0], Direction::ToResponder, &mut messages);
        feed(&mut stream, &[5, 0], Direction::ToInitiator, &mut messages);
        feed(&mut stream, &[5, 1, 0, 1, 10, 7, 0, 80, 1, 187], Direction::ToResponder, &mut messages);
        feed(&mut stream, &[5, 0, 0, 1, 10, 7, 0, 2, 4, 56], Direction::ToInitiator, &mut messages);
        feed(&mut stream, &client_hello(), Direction::ToResponder, &mut messages);
        assert_eq!(messages.iter().map(model::Message::kind).collect::<Vec<_>>(), ["client_hello"]);
        let alert = [0x15, 3, 3, 0, 2, 2, 40];
        assert_eq!(feed(&mut stream, &alert, Direction::ToInitiator, &mut messages), Interest::None);
        assert!(stream.decoder().is_none(), "the proxy does not speak TLS itself");
    }

    #[test]
    fn nobody_waits_for_tls_for_ever() {
        let (mut stream, mut messages) = (Stream::new([40_000, 40_001], false), Messages::default());
        let mut segments = 0;
        while feed(&mut stream, b"\xf0\xf1\xf2\xf3 nothing that anybody knows", Direction::ToResponder, &mut messages)
            == Interest::More
        {
            segments += 1;
            assert!(segments <= u32::from(WATCHED_SEGMENTS_MAX), "still interested");
        }
        feed(&mut stream, &client_hello(), Direction::ToResponder, &mut messages);
        assert!(stream.decoder().is_none() && messages.is_empty());
        assert_eq!(stream.held(), 0);
    }
}

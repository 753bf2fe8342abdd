//! TCP connections (RFC 9293): handshake, segments of the right size, acknowledgements, end.

use crate::bytes::{Bytes, length16, noise32};
use crate::frames::{Moment, Station, Sum, Tape, delay_us};

const TCP: u8 = 6;
const FIN: u8 = 0x01;
const SYN: u8 = 0x02;
const RST: u8 = 0x04;
const PSH: u8 = 0x08;
const ACK: u8 = 0x10;
/// What fits an Ethernet frame with TCP and IP headers.
const SEGMENT_BYTES_MAX: usize = 1_460;
/// Bytes of a timestamps option with its padding.
const TIMESTAMPS_BYTES: usize = 12;

/// Who speaks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Client,
    Server,
}

/// One end of a connection.
struct End {
    station: Station,
    port: u16,
    /// The next sequence number.
    next: u32,
}

/// A connection that is being recorded.
pub struct Talk<'t> {
    tape: &'t mut Tape,
    client: End,
    server: End,
    at: Moment,
    timestamps: bool,
    /// Both sides scale their windows (RFC 7323 §2).
    scaled: bool,
}

/// A connection that stays open between two things that are said on it.
pub struct Open {
    client: End,
    server: End,
    timestamps: bool,
    scaled: bool,
}

/// How an attempt to connect ends without a connection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nobody answers.
    Silence,
    /// The other side resets.
    Refused,
}

impl<'t> Talk<'t> {
    /// Opens a connection to a port.
    pub fn open(tape: &'t mut Tape, at: Moment, client: &Station, server: &Station, port: u16) -> Self {
        let mut talk = Self::begin(tape, at, client, server, port);
        talk.segment(Side::Client, SYN, &[]);
        talk.travel();
        talk.segment(Side::Server, SYN | ACK, &[]);
        talk.travel();
        talk.segment(Side::Client, ACK, &[]);
        talk
    }

    /// Tries to open a connection, in vain.
    pub fn attempt(tape: &'t mut Tape, at: Moment, client: &Station, server: &Station, port: u16, outcome: Outcome) {
        let mut talk = Self::begin(tape, at, client, server, port);
        let first = talk.client.next;
        match outcome {
            Outcome::Refused => {
                talk.segment(Side::Client, SYN, &[]);
                talk.travel();
                talk.server.next = 0;
                talk.segment(Side::Server, RST | ACK, &[]);
            }
            Outcome::Silence => {
                for wait in [1_000, 2_000, 0] {
                    talk.client.next = first;
                    talk.segment(Side::Client, SYN, &[]);
                    talk.wait_ms(wait);
                }
            }
        }
    }

    fn begin(tape: &'t mut Tape, at: Moment, client: &Station, server: &Station, port: u16) -> Self {
        let own_port = tape.port(client);
        tape.note((client.ip, server.ip, TCP, port));
        let seed = u64::from(u32::from(client.ip)) << 32 | u64::from(own_port) << 16 | u64::from(port);
        let end = |station: &Station, port, seed| End { station: *station, port, next: noise32(seed) };
        Self {
            client: end(client, own_port, seed),
            server: end(server, port, !seed),
            timestamps: client.stack.timestamps && server.stack.timestamps,
            scaled: client.stack.modern && server.stack.modern,
            tape,
            at,
        }
    }

    /// The client says something; the server acknowledges.
    pub fn say(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.send(Side::Client, bytes.as_ref());
        self
    }

    /// The server says something; the client acknowledges.
    pub fn answer(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.send(Side::Server, bytes.as_ref());
        self
    }

    /// Lets time pass.
    pub fn wait_ms(&mut self, ms: u64) -> &mut Self {
        self.at = self.at.after_ms(ms);
        self
    }

    /// Lets time pass until a moment.
    pub fn wait_until(&mut self, at: Moment) -> &mut Self {
        self.at = self.at.max(at);
        self
    }

    /// What time it is.
    pub const fn at(&self) -> Moment {
        self.at
    }

    /// Leaves the connection open, to go on later.
    pub fn leave(self) -> Open {
        let Self { client, server, timestamps, scaled, .. } = self;
        Open { client, server, timestamps, scaled }
    }

    /// Goes on with a connection that was left open.
    pub fn go_on(tape: &'t mut Tape, at: Moment, open: Open) -> Self {
        let Open { client, server, timestamps, scaled } = open;
        tape.note((client.station.ip, server.station.ip, TCP, server.port));
        Self { tape, client, server, at, timestamps, scaled }
    }

    /// Ends the connection in order, the client first.
    pub fn close(&mut self) {
        self.segment(Side::Client, FIN | ACK, &[]);
        self.travel();
        self.segment(Side::Server, FIN | ACK, &[]);
        self.travel();
        self.segment(Side::Client, ACK, &[]);
    }

    fn travel(&mut self) {
        self.at = self.at.after_us(delay_us(&self.client.station, &self.server.station));
    }

    fn send(&mut self, side: Side, bytes: &[u8]) {
        let size = SEGMENT_BYTES_MAX.saturating_sub(if self.timestamps { TIMESTAMPS_BYTES } else { 0 });
        let last = bytes.chunks(size).count().saturating_sub(1);
        let back = if side == Side::Client { Side::Server } else { Side::Client };
        for (index, part) in bytes.chunks(size).enumerate() {
            let flags = if index == last { PSH | ACK } else { ACK };
            self.at = self.at.after_us(13);
            self.segment(side, flags, part);
            // RFC 9293 §3.8.6.3: at least every second full segment is acknowledged.
            if index == last || index & 1 == 1 {
                self.travel();
                self.segment(back, ACK, &[]);
            }
        }
    }

    /// One segment (RFC 9293 §3.1).
    fn segment(&mut self, side: Side, flags: u8, payload: &[u8]) {
        let (from, to) = match side {
            Side::Client => (&self.client, &self.server),
            Side::Server => (&self.server, &self.client),
        };
        let acknowledged = if flags & ACK == 0 { 0 } else { to.next };
        let options = self.options(&from.station, flags);
        let header = length16(options.as_ref()).saturating_add(20);
        let [_, words] = (header >> 2 << 4).to_be_bytes();
        let window = match flags & (SYN | RST) {
            0 if self.scaled => 501,
            0 => from.station.stack.window,
            SYN => from.station.stack.window,
            _ => 0,
        };
        let [a, b] = from.port.to_be_bytes();
        let [c, d] = to.port.to_be_bytes();
        let [e, f, g, h] = from.next.to_be_bytes();
        let [i, j, k, l] = acknowledged.to_be_bytes();
        let [m, n] = window.to_be_bytes();
        let start = [a, b, c, d, e, f, g, h, i, j, k, l, words, flags, m, n];
        let length = header.saturating_add(length16(payload));
        let covered = Sum::over(from.station.ip, to.station.ip, TCP, length);
        let sum = covered.and(&start).and(options.as_ref()).and(payload).end().to_be_bytes();
        let (from, to) = (from.station, to.station);
        self.tape.ip_of(self.at, &from, &to, TCP, &[&start, &sum, &[0, 0], options.as_ref(), payload]);
        let end = match side {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        };
        let numbered = u32::from(length16(payload)).saturating_add(u32::from(flags & (SYN | FIN) != 0));
        end.next = end.next.wrapping_add(numbered);
    }

    /// What each system offers in its first segment, and the timestamps that both then use.
    fn options(&self, from: &Station, flags: u8) -> Bytes {
        let [.., c, d, e, f] = (self.at.0 >> 10).to_be_bytes();
        let is_first = flags & SYN != 0;
        let echo = if flags & ACK == 0 { [0; 4] } else { [c, d, e, f] };
        let stamps = || Bytes::new().raw([8, 10, c, d, e, f]).raw(echo);
        let uses_stamps = if is_first && flags & ACK == 0 { from.stack.timestamps } else { self.timestamps };
        match (is_first, from.stack.modern, uses_stamps) {
            (true, true, true) => Bytes::new().raw([2, 4, 5, 0xb4, 4, 2]).raw(stamps()).raw([1, 3, 3, 7]),
            (true, true, false) => Bytes::new().raw([2, 4, 5, 0xb4, 1, 3, 3, 8, 1, 1, 4, 2]),
            (true, false, _) => Bytes::new().raw([2, 4, 5, 0xb4]),
            (false, _, true) if flags & RST == 0 => Bytes::new().raw([1, 1]).raw(stamps()),
            (false, ..) => Bytes::default(),
        }
    }
}

//! One direction of a TCP stream put in order (RFC 9293 §3.4): out of order, overlap, retransmission, loss, and a
//! beginning that was not captured. What came first counts where segments overlap.

/// Segments that wait for an earlier one, in one direction.
pub const WAITING_SEGMENTS_MAX: usize = 256;
/// Bytes of those segments.
pub const WAITING_BYTES_MAX: usize = 512 * 1_024;
/// Bytes that wait in all lanes of all connections together.
pub const WAITING_TOTAL_MAX: usize = 32 * 1_024 * 1_024;
/// What a segment that waits costs beside its bytes.
const SEGMENT_COST: usize = 64;
/// So many acknowledgements beyond a hole show that the receiver has what the capture lacks.
const ACKNOWLEDGEMENTS_BEYOND: u8 = 3;

/// What comes out, in order.
#[derive(Debug, PartialEq, Eq)]
pub enum Delivery<'a> {
    /// The stream's next bytes.
    Bytes(&'a [u8]),
    /// The stream's next bytes are missing from the capture.
    Gap(u64),
}

/// One direction.
#[derive(Debug, Default)]
pub struct Lane {
    next: Option<u32>,
    /// Sorted by sequence number; captured bytes and the length on the wire.
    waiting: Vec<Segment>,
    waiting_bytes: usize,
    beyond: u8,
    /// Holes that were passed because too much waited.
    pub given_up: u64,
}

#[derive(Debug)]
struct Segment {
    sequence: u32,
    bytes: Vec<u8>,
    length: usize,
}

/// How far `a` lies behind `b`, on the circle of sequence numbers.
const fn distance(from: u32, to: u32) -> i64 {
    to.wrapping_sub(from) as i32 as i64
}

impl Lane {
    /// The next sequence number is known from a handshake.
    pub fn begin(&mut self, next: u32) {
        if self.next.is_none() {
            self.next = Some(next);
        }
    }

    /// Takes a segment: `bytes` captured of `length` on the wire. The first one seen begins the stream.
    pub fn segment(&mut self, sequence: u32, bytes: &[u8], length: usize, deliver: &mut dyn FnMut(Delivery<'_>)) {
        if length == 0 {
            return;
        }
        let next = *self.next.get_or_insert(sequence);
        let ahead = distance(next, sequence);
        if ahead > 0 {
            self.wait(sequence, bytes, length);
            if self.waiting.len() > WAITING_SEGMENTS_MAX || self.waiting_bytes > WAITING_BYTES_MAX {
                self.given_up = self.given_up.saturating_add(1);
                self.pass_hole(deliver);
            }
            return;
        }
        self.accept(sequence, bytes, length, deliver);
        self.drain(deliver);
    }

    /// The other side has received everything before this sequence number.
    pub fn acknowledged(&mut self, acknowledgement: u32, deliver: &mut dyn FnMut(Delivery<'_>)) {
        let Some(first) = self.waiting.first() else { return };
        if distance(first.sequence, acknowledgement) <= 0 {
            return;
        }
        self.beyond = self.beyond.saturating_add(1);
        if self.beyond >= ACKNOWLEDGEMENTS_BEYOND {
            self.pass_hole(deliver);
        }
    }

    /// How much memory waits for earlier segments.
    pub fn held(&self) -> usize {
        self.waiting_bytes.saturating_add(self.waiting.len().saturating_mul(SEGMENT_COST))
    }

    /// The connection is over, or all lanes together hold too much: what waits is delivered with the holes between.
    pub fn end(&mut self, deliver: &mut dyn FnMut(Delivery<'_>)) {
        while !self.waiting.is_empty() {
            self.pass_hole(deliver);
        }
    }

    fn wait(&mut self, sequence: u32, bytes: &[u8], length: usize) {
        let place = self.waiting.partition_point(|segment| distance(segment.sequence, sequence) >= 0);
        let same = place.checked_sub(1).and_then(|before| self.waiting.get(before));
        if same.is_some_and(|segment| segment.sequence == sequence && segment.length >= length) {
            return; // sent again
        }
        self.waiting_bytes = self.waiting_bytes.saturating_add(bytes.len());
        self.waiting.insert(place, Segment { sequence, bytes: bytes.to_vec(), length });
    }

    fn pass_hole(&mut self, deliver: &mut dyn FnMut(Delivery<'_>)) {
        self.beyond = 0;
        let (Some(next), Some(first)) = (self.next, self.waiting.first()) else { return };
        let missing = distance(next, first.sequence);
        if missing > 0 {
            deliver(Delivery::Gap(missing.unsigned_abs()));
            self.next = Some(first.sequence);
        }
        self.drain(deliver);
    }

    fn drain(&mut self, deliver: &mut dyn FnMut(Delivery<'_>)) {
        let mut ready = 0_usize;
        let waiting = std::mem::take(&mut self.waiting);
        for segment in &waiting {
            let Some(next) = self.next else { break };
            if distance(next, segment.sequence) > 0 {
                break;
            }
            self.waiting_bytes = self.waiting_bytes.saturating_sub(segment.bytes.len());
            self.accept(segment.sequence, &segment.bytes, segment.length, deliver);
            ready = ready.saturating_add(1);
        }
        self.waiting = waiting;
        self.waiting.drain(..ready);
        if self.waiting.is_empty() {
            self.beyond = 0;
            // Holes are rare: the room for hundreds of segments is not kept for the next one.
            self.waiting = Vec::new();
        }
    }

    /// Delivers what is new of a segment that begins at or before `next`.
    fn accept(&mut self, sequence: u32, bytes: &[u8], length: usize, deliver: &mut dyn FnMut(Delivery<'_>)) {
        let Some(next) = self.next else { return };
        let known = usize::try_from(distance(sequence, next)).unwrap_or(0);
        if known >= length {
            return;
        }
        let fresh = bytes.get(known..).unwrap_or_default();
        if !fresh.is_empty() {
            deliver(Delivery::Bytes(fresh));
        }
        let cut = length.saturating_sub(bytes.len().max(known));
        if cut > 0 {
            deliver(Delivery::Gap(cut as u64));
        }
        self.next = Some(sequence.wrapping_add(u32::try_from(length).unwrap_or(u32::MAX)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(segments: &[(u32, &[u8])]) -> String {
        let mut lane = Lane::default();
        let mut text = String::new();
        let mut deliver = |delivery: Delivery<'_>| match delivery {
            Delivery::Bytes(bytes) => text.push_str(std::str::from_utf8(bytes).unwrap()),
            Delivery::Gap(missing) => text.push_str(&format!("[{missing}]")),
        };
        for (sequence, bytes) in segments {
            lane.segment(*sequence, bytes, bytes.len(), &mut deliver);
        }
        lane.end(&mut deliver);
        assert_eq!(lane.waiting_bytes, 0);
        text
    }

    #[test]
    fn order_overlap_and_retransmission_do_not_matter() {
        assert_eq!(run(&[(1, b"ab"), (3, b"cd"), (5, b"ef")]), "abcdef");
        assert_eq!(run(&[(1, b"ab"), (5, b"ef"), (3, b"cd")]), "abcdef");
        assert_eq!(run(&[(1, b"ab"), (5, b"ef"), (3, b"cdXX"), (3, b"YY")]), "abcdXX");
        assert_eq!(run(&[(1, b"ab"), (1, b"ab"), (2, b"bcd")]), "abcd");
    }

    #[test]
    fn loss_shows_as_a_gap() {
        assert_eq!(run(&[(1, b"ab"), (13, b"ef")]), "ab[10]ef");
    }

    #[test]
    fn sequence_numbers_wrap() {
        assert_eq!(run(&[(u32::MAX - 1, b"ab"), (2, b"ef"), (0, b"cd")]), "abcdef");
    }

    #[test]
    fn a_flood_of_segments_behind_a_hole_is_bounded() {
        let mut lane = Lane::default();
        let mut gaps = 0;
        lane.begin(0);
        for index in 0..100_000_u32 {
            lane.segment(1_000 + index * 10, b"x", 1, &mut |delivery| {
                gaps += u32::from(matches!(delivery, Delivery::Gap(_)));
            });
            assert!(lane.waiting.len() <= WAITING_SEGMENTS_MAX + 1);
        }
        assert!(gaps > 0 && lane.given_up > 0);
    }

    #[test]
    fn what_is_held_is_told_and_let_go() {
        let mut lane = Lane::default();
        lane.begin(0);
        for index in 1..=10_u32 {
            lane.segment(index * 100, &[b'x'; 50], 50, &mut |_| {});
        }
        assert_eq!(lane.held(), 10 * (50 + SEGMENT_COST));
        let mut bytes = 0;
        lane.end(&mut |delivery| {
            if let Delivery::Bytes(some) = delivery {
                bytes += some.len();
            }
        });
        assert_eq!((lane.held(), bytes, lane.waiting.capacity()), (0, 500, 0));
    }

    #[test]
    fn acknowledged_loss_is_not_waited_for() {
        let mut lane = Lane::default();
        let mut got = Vec::new();
        lane.segment(1, b"ab", 2, &mut |_| {});
        lane.segment(13, b"ef", 2, &mut |_| {});
        for _ in 0..3 {
            lane.acknowledged(15, &mut |delivery| got.push(format!("{delivery:?}")));
        }
        assert_eq!(got, ["Gap(10)", "Bytes([101, 102])"]);
    }
}

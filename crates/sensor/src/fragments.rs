//! IP packets put together from their fragments (RFC 791 §3.2, RFC 8200 §4.5), within bounds.
//!
//! Overlapping fragments are dropped with their packet (RFC 5722 for IPv6; nobody sends them in good faith for IPv4).

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;

use model::Timestamp;
use wire::packet::{Fragment, IpPacket};

/// Packets that wait for fragments at the same time.
pub const PENDING_MAX: usize = 1_024;
/// Bytes that all waiting fragments hold together, with what each costs beside its own.
pub const PENDING_BYTES_MAX: usize = 16 * 1_024 * 1_024;
/// What a fragment costs beside its bytes: the smallest carry eight.
const PIECE_COST: usize = 64;
/// The longest packet there can be.
const PACKET_BYTES_MAX: usize = 65_535;
/// How long a packet waits for its fragments.
const WAIT_NANOSECONDS: u64 = 60_000_000_000;

/// Arrivals remembered, with those of packets that are whole by now.
const ARRIVALS_MAX: usize = PENDING_MAX.saturating_mul(8);

type Key = (IpAddr, IpAddr, u8, u32);

/// The packets that wait.
#[derive(Default)]
pub struct Fragments {
    pending: BTreeMap<Key, Pending>,
    /// In order of arrival, with a number that tells a later packet of the same key from an earlier one.
    order: VecDeque<(Key, u64)>,
    bytes: usize,
    serial: u64,
    /// Fragments that were dropped.
    pub dropped: u64,
}

struct Pending {
    serial: u64,
    since: Timestamp,
    pieces: BTreeMap<u32, Vec<u8>>,
    bytes: usize,
    end: Option<usize>,
}

impl Fragments {
    /// Takes a fragment; gives the whole payload when it was the last one missing.
    pub fn add(&mut self, packet: &IpPacket<'_>, fragment: Fragment, now: Timestamp) -> Option<Vec<u8>> {
        self.expire(now);
        let offset = usize::try_from(fragment.offset).unwrap_or(usize::MAX);
        let end = offset.saturating_add(packet.payload.len());
        let is_cut = packet.payload.len() < packet.payload_length;
        if is_cut || end > PACKET_BYTES_MAX || packet.payload.is_empty() {
            self.dropped = self.dropped.saturating_add(1);
            return None;
        }
        let key = (packet.source, packet.destination, packet.protocol, fragment.identification);
        if !self.pending.contains_key(&key) {
            self.serial = self.serial.saturating_add(1);
            if self.order.len() >= ARRIVALS_MAX {
                self.drop_oldest();
            }
            self.order.push_back((key, self.serial));
            let (serial, since) = (self.serial, now);
            self.pending.insert(key, Pending { serial, since, pieces: BTreeMap::new(), bytes: 0, end: None });
        }
        let pending = self.pending.get_mut(&key)?;
        if !fragment.more {
            pending.end = Some(end);
        }
        match pending.pieces.get(&fragment.offset) {
            Some(known) if known.as_slice() == packet.payload => return None, // sent twice
            Some(_) => {
                self.remove(&key);
                return None;
            }
            None => {
                pending.pieces.insert(fragment.offset, packet.payload.to_vec());
                pending.bytes = pending.bytes.saturating_add(packet.payload.len());
                self.bytes = self.bytes.saturating_add(packet.payload.len()).saturating_add(PIECE_COST);
            }
        }
        if pending.end.is_some_and(|end| pending.bytes >= end) {
            let whole = pending.whole();
            self.take(&key);
            if whole.is_none() {
                self.dropped = self.dropped.saturating_add(1);
            }
            return whole;
        }
        while self.bytes > PENDING_BYTES_MAX || self.pending.len() > PENDING_MAX {
            self.drop_oldest();
        }
        None
    }

    fn expire(&mut self, now: Timestamp) {
        while let Some((key, serial)) = self.order.front() {
            match self.pending.get(key) {
                Some(pending) if pending.serial == *serial && now.since(pending.since) <= WAIT_NANOSECONDS => return,
                _ => self.drop_oldest(),
            }
        }
    }

    fn drop_oldest(&mut self) {
        let Some((key, serial)) = self.order.pop_front() else { return };
        if self.pending.get(&key).is_some_and(|pending| pending.serial == serial) {
            self.remove(&key);
        }
    }

    fn remove(&mut self, key: &Key) {
        if let Some(pending) = self.take(key) {
            self.dropped = self.dropped.saturating_add(pending.pieces.len() as u64);
        }
    }

    fn take(&mut self, key: &Key) -> Option<Pending> {
        let pending = self.pending.remove(key)?;
        let pieces = pending.pieces.len().saturating_mul(PIECE_COST);
        self.bytes = self.bytes.saturating_sub(pending.bytes).saturating_sub(pieces);
        Some(pending)
    }
}

impl Pending {
    /// The pieces in order, if they lie end to end.
    fn whole(&self) -> Option<Vec<u8>> {
        let mut whole = Vec::with_capacity(self.bytes);
        for (offset, piece) in &self.pieces {
            if usize::try_from(*offset).ok()? != whole.len() {
                return None;
            }
            whole.extend_from_slice(piece);
        }
        (Some(whole.len()) == self.end).then_some(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(fragments: &mut Fragments, identification: u32, offset: u32, payload: &[u8], more: bool) -> Option<Vec<u8>> {
        let ip = IpAddr::from([10, 0, 0, 1]);
        let fragment = Fragment { identification, offset, more };
        let packet = IpPacket {
            source: ip,
            destination: ip,
            protocol: 17,
            hop_limit: 64,
            fragment: Some(fragment),
            payload,
            payload_length: payload.len(),
        };
        fragments.add(&packet, fragment, Timestamp(0))
    }

    #[test]
    fn any_order_gives_the_packet() {
        let mut fragments = Fragments::default();
        assert_eq!(add(&mut fragments, 1, 8, &[2; 8], true), None);
        assert_eq!(add(&mut fragments, 1, 16, &[3; 2], false), None);
        let whole = add(&mut fragments, 1, 0, &[1; 8], true).unwrap();
        assert_eq!(whole, [[1; 8].as_slice(), &[2; 8], &[3; 2]].concat());
        assert_eq!((fragments.bytes, fragments.pending.len()), (0, 0));
    }

    #[test]
    fn overlaps_are_dropped() {
        let mut fragments = Fragments::default();
        add(&mut fragments, 1, 0, &[1; 16], true);
        assert_eq!(add(&mut fragments, 1, 8, &[2; 8], false), None);
        assert_eq!(fragments.dropped, 1);
    }

    #[test]
    fn a_flood_is_bounded() {
        let mut fragments = Fragments::default();
        for identification in 0..10_000 {
            add(&mut fragments, identification, 0, &[0; 60_000], true);
            assert!(fragments.pending.len() <= PENDING_MAX && fragments.bytes <= PENDING_BYTES_MAX);
        }
        assert!(fragments.dropped > 8_000);
    }

    #[test]
    fn a_flood_of_the_smallest_fragments_is_bounded() {
        let mut fragments = Fragments::default();
        for number in 0..400_000 {
            add(&mut fragments, number / 4_000, number % 4_000 * 16, &[0; 8], true);
            assert!(fragments.bytes <= PENDING_BYTES_MAX);
        }
        let pieces: usize = fragments.pending.values().map(|pending| pending.pieces.len()).sum();
        assert!(pieces <= PENDING_BYTES_MAX / (8 + PIECE_COST) && fragments.dropped > 0);
    }
}

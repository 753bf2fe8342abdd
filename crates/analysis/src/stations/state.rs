//! Stations as bytes and back.

use hashbrown::HashMap;
use model::MacAddr;

use super::{ENTITIES_MAX, EntityId, EntityKey, Holder, PackedEnds, SPANS_MAX, Seen, Span, Stations, VLANS_MAX};
use crate::state::{Damage, Reader, Writer, room};

/// What stands in the first byte of an entity.
const HAS_MAC: u8 = 1;
const HAS_IP: u8 = 2;
const IS_BEHIND: u8 = 4;
const MAYBE_ITSELF: u8 = 8;
const WAS_SEEN: u8 = 16;

impl Stations {
    pub(crate) fn save<'a>(&'a self, out: &mut Writer<'a>) {
        out.count(self.keys.len());
        for (entity, key) in self.entities() {
            let seen = self.seen_of(entity);
            let was_seen = if seen.is_some() { WAS_SEEN } else { 0 };
            match key {
                EntityKey::Station(mac, ip) => {
                    out.byte(
                        was_seen | if mac.is_some() { HAS_MAC } else { 0 } | if ip.is_some() { HAS_IP } else { 0 },
                    );
                    if let Some(mac) = mac {
                        out.mac(*mac);
                    }
                    if let Some(ip) = ip {
                        out.ip(*ip);
                    }
                }
                EntityKey::Behind(station, identity) => {
                    out.byte(was_seen | IS_BEHIND);
                    out.entity(*station);
                    out.single_text(identity);
                }
                EntityKey::SelfOrBehind(station, identity) => {
                    out.byte(was_seen | IS_BEHIND | MAYBE_ITSELF);
                    out.entity(*station);
                    out.single_text(identity);
                }
            }
            if let Some(seen) = seen {
                seen.save(out);
            }
        }
        counts(&self.children, out);
        counts(&self.spoken_to, out);
        let mut addresses: Vec<(MacAddr, u32)> = self.addresses.iter().map(|(mac, count)| (*mac, *count)).collect();
        addresses.sort_unstable();
        out.count(addresses.len());
        for (mac, count) in addresses {
            out.mac(mac);
            out.number(u64::from(count));
        }
        let mut holders: Vec<_> = self.holders.iter().collect();
        holders.sort_unstable_by_key(|(key, _)| **key);
        out.count(holders.len());
        for ((vlan, ip), Holder { tied, uses }) in holders {
            out.maybe(*vlan);
            out.ip(*ip);
            // Nearly always the same.
            out.byte(match (tied, uses) {
                (None, None) => 0,
                (Some(_), None) => 1,
                (None, Some(_)) => 2,
                (Some(tied), Some(uses)) if tied == uses => 3,
                (Some(_), Some(_)) => 4,
            });
            for mac in tied.iter().chain(uses.iter().filter(|_| tied != uses)) {
                out.mac(*mac);
            }
        }
        for counter in
            [self.turned_away, self.spoken_to_turned_away, self.addresses_turned_away, self.spans_turned_away]
        {
            out.number(counter);
        }
    }

    pub(crate) fn restore(reader: &mut Reader<'_>) -> Result<Self, Damage> {
        let mut stations = Self::default();
        let count = reader.count(ENTITIES_MAX)?;
        stations.keys = room(count, reader, 4);
        stations.by_ends.reserve(stations.keys.capacity());
        for index in 0..count {
            stations.restore_entity(index, reader)?;
        }
        stations.children = restore_counts(reader)?;
        stations.spoken_to = restore_counts(reader)?;
        for _ in 0..reader.count(usize::MAX)? {
            let mac = reader.mac()?;
            stations.addresses.insert(mac, reader.small()?);
        }
        for _ in 0..reader.count(ENTITIES_MAX)? {
            let key = (reader.maybe()?, reader.ip()?);
            let (tied, uses) = match reader.byte()? {
                0 => (None, None),
                1 => (Some(reader.mac()?), None),
                2 => (None, Some(reader.mac()?)),
                3 => {
                    let mac = reader.mac()?;
                    (Some(mac), Some(mac))
                }
                4 => (Some(reader.mac()?), Some(reader.mac()?)),
                _ => return Err(Damage::Number),
            };
            stations.holders.insert(key, Holder { tied, uses });
        }
        stations.turned_away = reader.number()?;
        stations.spoken_to_turned_away = reader.number()?;
        stations.addresses_turned_away = reader.number()?;
        stations.spans_turned_away = reader.number()?;
        Ok(stations)
    }

    fn restore_entity(&mut self, index: usize, reader: &mut Reader<'_>) -> Result<(), Damage> {
        let flags = reader.byte()?;
        let id = EntityId(u32::try_from(index).map_err(|_| Damage::Many)?);
        let key = match flags & !WAS_SEEN {
            flags @ 1..=3 => {
                let mac = (flags & HAS_MAC != 0).then(|| reader.mac()).transpose()?;
                let ip = (flags & HAS_IP != 0).then(|| reader.ip()).transpose()?;
                if self.by_ends.insert(PackedEnds::new(mac, ip), id).is_some() {
                    return Err(Damage::Twice);
                }
                EntityKey::Station(mac, ip)
            }
            flags if flags & !MAYBE_ITSELF == IS_BEHIND => {
                // Behind a station that came before it, never behind another child.
                let station = reader.entity()?;
                if !matches!(self.key(station), Some(EntityKey::Station(..))) {
                    return Err(Damage::Reference);
                }
                let identity = reader.single_text()?.to_owned();
                let key = match flags & MAYBE_ITSELF {
                    0 => EntityKey::Behind(station, identity),
                    _ => EntityKey::SelfOrBehind(station, identity),
                };
                if self.by_identity.insert(key.clone(), id).is_some() {
                    return Err(Damage::Twice);
                }
                key
            }
            _ => return Err(Damage::Number),
        };
        if flags & WAS_SEEN != 0 {
            self.seen.resize_with(index, || None);
            self.seen.push(Some(Seen::restore(reader)?));
        }
        self.keys.push(key);
        reader.entities = self.keys.len();
        Ok(())
    }
}

/// Counts of entities, in their order.
fn counts(counts: &HashMap<EntityId, u32>, out: &mut Writer<'_>) {
    let mut counts: Vec<(EntityId, u32)> = counts.iter().map(|(entity, count)| (*entity, *count)).collect();
    counts.sort_unstable();
    out.count(counts.len());
    for (entity, count) in counts {
        out.entity(entity);
        out.number(u64::from(count));
    }
}

fn restore_counts(reader: &mut Reader<'_>) -> Result<HashMap<EntityId, u32>, Damage> {
    let mut counts = HashMap::new();
    for _ in 0..reader.count(ENTITIES_MAX)? {
        let entity = reader.entity()?;
        counts.insert(entity, reader.small()?);
    }
    Ok(counts)
}

impl Seen {
    fn save(&self, out: &mut Writer<'_>) {
        let Self { first, last, frame, routed, direct, converses, bound, used, vouched, vlans } = self;
        out.time(*first);
        out.time(*last);
        out.frame(*frame);
        out.number(u64::from(*routed));
        out.number(u64::from(*direct));
        out.byte(u8::from(*converses) | u8::from(*vouched) << 1);
        for spans in [bound, used] {
            out.count(spans.len());
            for Span { first, last, vlan, leased } in spans {
                out.time(*first);
                out.time(*last);
                out.maybe(*vlan);
                out.byte(u8::from(*leased));
            }
        }
        out.count(vlans.len());
        for vlan in vlans {
            out.number(u64::from(*vlan));
        }
    }

    fn restore(reader: &mut Reader<'_>) -> Result<Self, Damage> {
        let (first, last, frame) = (reader.time()?, reader.time()?, reader.frame()?);
        let (routed, direct) = (reader.small()?, reader.small()?);
        let (converses, vouched) = match reader.byte()? {
            flags @ 0..=3 => (flags & 1 != 0, flags & 2 != 0),
            _ => return Err(Damage::Number),
        };
        let (bound, used) = (spans(reader)?, spans(reader)?);
        let count = reader.count(VLANS_MAX)?;
        let mut vlans: Vec<u16> = Vec::with_capacity(count);
        for _ in 0..count {
            let vlan = reader.small()?;
            if vlans.last().is_some_and(|last| *last >= vlan) {
                return Err(Damage::Order);
            }
            vlans.push(vlan);
        }
        Ok(Self { first, last, frame, routed, direct, converses, bound, used, vouched, vlans })
    }
}

fn spans(reader: &mut Reader<'_>) -> Result<Vec<Span>, Damage> {
    let count = reader.count(SPANS_MAX)?;
    let mut spans = Vec::with_capacity(count);
    for _ in 0..count {
        let (first, last, vlan) = (reader.time()?, reader.time()?, reader.maybe()?);
        let leased = match reader.byte()? {
            flag @ 0..=1 => flag == 1,
            _ => return Err(Damage::Number),
        };
        spans.push(Span { first, last, vlan, leased });
    }
    Ok(spans)
}

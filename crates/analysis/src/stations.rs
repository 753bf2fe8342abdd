//! Who appears in traffic: stations (a hardware address with an address behind it) and devices known only through one.
//!
//! Facts are kept by the pair of hardware address and IP address as they stood in the frame. Which pairs are one device
//! is decided at the end, when all bindings are known: one device stays one device through a new DHCP address, and a
//! router is not mistaken for the devices behind it.

mod state;

use std::net::IpAddr;

use hashbrown::HashMap;
use model::observation::FrameRef;
use model::{MacAddr, Side, Timestamp};

/// Stations and children known at the same time; further ones are counted only.
pub const ENTITIES_MAX: usize = 400_000;
/// Places among them for who holds conversations and who is known through them: made-up senders, whom nobody can answer,
/// use up the others only.
pub(crate) const ENTITIES_KEPT: usize = 100_000;
/// Devices known through one station.
pub const CHILDREN_MAX: u32 = 4_096;
/// Addresses that one hardware address may claim or send with, no router in between. Who makes up addresses is one
/// sender, however many it makes up: traffic with further ones is the sender's own, and further claims are passed over.
pub const ADDRESSES_MAX: u32 = 4_096;
/// Times at which an address may come back to one hardware address and still be told apart; then the oldest is forgotten.
pub const SPANS_MAX: usize = 8;
/// VLANs told of one address.
const VLANS_MAX: usize = 64;

/// Stations that one station spoke to and nobody knows yet; further ones are counted only, so that a sweep over all
/// addresses leaves room for those who answer.
pub const SPOKEN_TO_MAX: u32 = 4_096;

/// A station or a device behind one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityId(u32);

impl EntityId {
    /// Its place in tables.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// Its number, to write it down.
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The entity whose number was written down.
    pub const fn numbered(number: u32) -> Self {
        Self(number)
    }
}

/// What an entity is told by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntityKey {
    /// A hardware address, an IP address, or both as one frame showed them.
    Station(Option<MacAddr>, Option<IpAddr>),
    /// A device known through a station by what identifies it.
    Behind(EntityId, String),
    /// The station itself if it names one identity only, else a device behind it.
    SelfOrBehind(EntityId, String),
}

/// How an address was seen behind a hardware address.
#[derive(Clone, Debug)]
pub struct Seen {
    /// First time.
    pub first: Timestamp,
    /// Last time.
    pub last: Timestamp,
    /// Where first.
    pub frame: FrameRef,
    /// Connections whose hop limit shows a router in between.
    pub routed: u32,
    /// Connections whose hop limit shows none.
    pub direct: u32,
    /// Whether it held a conversation: it answered, or went on after an answer.
    pub converses: bool,
    /// When ARP, NDP or DHCP tied the two together: a stretch for each time that it came back from somebody else.
    pub bound: Vec<Span>,
    /// When it was sent with, had passed no router and was not addressed elsewhere: a stretch for each time that nobody
    /// else did so in between.
    pub used: Vec<Span>,
    /// Whether somebody who knows both tied them (a lease, a record), which holds behind a router too. What a station
    /// claims on its link by itself holds for that link.
    pub vouched: bool,
    /// VLAN identifiers.
    pub vlans: Vec<u16>,
}

impl Seen {
    /// Whether the packets show that they passed a router.
    pub const fn is_routed(&self) -> bool {
        self.routed > self.direct
    }

    /// Whether it shows by conversations, no router in between, that the address is in use there.
    pub fn is_in_use(&self) -> bool {
        self.converses && !self.used.is_empty() && !self.is_routed()
    }
}

/// A stretch of time in which one hardware address claimed or used an address on a link, and no other did so in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First claim or use.
    pub first: Timestamp,
    /// Last claim or use.
    pub last: Timestamp,
    /// The VLAN, if the frames were tagged: a link of its own.
    pub vlan: Option<u16>,
    /// Whether it began with a lease: then the address was handed over.
    pub leased: bool,
}

/// How an address was tied to a hardware address.
#[derive(Clone, Copy, Debug, Default)]
pub struct Claim {
    /// VLAN identifier, if tagged.
    pub vlan: Option<u16>,
    /// Whether the address was granted for a time.
    pub leased: bool,
    /// See [`Seen::vouched`].
    pub vouched: bool,
}

/// Which places of a table somebody new may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// Those that anybody may take, who made up its addresses included.
    Common,
    /// Those too that are kept for who holds conversations.
    Kept,
}

impl Room {
    /// The room of who holds conversations, or of everybody else.
    pub const fn of(converses: bool) -> Self {
        if converses { Self::Kept } else { Self::Common }
    }

    /// Whether a table of so many places, some of them kept, has one more.
    pub const fn has_place(self, used: usize, all: usize, kept: usize) -> bool {
        used < match self {
            Self::Common => all.saturating_sub(kept),
            Self::Kept => all,
        }
    }
}

/// A hardware address and an address behind it; one of them may be unknown.
pub type Ends = (Option<MacAddr>, Option<IpAddr>);

/// All entities and what was seen of their addresses.
#[derive(Default)]
pub struct Stations {
    by_ends: HashMap<PackedEnds, EntityId>,
    /// The two ends that were met last: who talks with whom comes in turns.
    recent: [Option<(PackedEnds, EntityId)>; 2],
    by_identity: HashMap<EntityKey, EntityId>,
    keys: Vec<EntityKey>,
    children: HashMap<EntityId, u32>,
    /// By entity.
    seen: Vec<Option<Seen>>,
    /// Who held an address last, on each link.
    holders: HashMap<(Option<u16>, IpAddr), Holder>,
    /// How many addresses a hardware address claims or sends with, no router in between.
    addresses: HashMap<MacAddr, u32>,
    /// How many unknown stations each station spoke to.
    spoken_to: HashMap<EntityId, u32>,
    /// Entities that did not fit.
    pub turned_away: u64,
    /// Stations beyond [`SPOKEN_TO_MAX`], each time they were spoken to.
    pub spoken_to_turned_away: u64,
    /// Addresses beyond [`ADDRESSES_MAX`] of one hardware address, each time they were seen.
    pub addresses_turned_away: u64,
    /// Stretches beyond [`SPANS_MAX`].
    pub spans_turned_away: u64,
}

/// Who held an address last.
#[derive(Clone, Copy, Default)]
struct Holder {
    /// Tied to it.
    tied: Option<MacAddr>,
    /// Sending with it.
    uses: Option<MacAddr>,
}

/// [`Ends`] in words that are quick to hash and compare, in the same order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct PackedEnds(u64, u64, u64);

impl PackedEnds {
    fn new(mac: Option<MacAddr>, ip: Option<IpAddr>) -> Self {
        let (version, ip) = match ip {
            None => (0, 0),
            Some(IpAddr::V4(ip)) => (4, u128::from(u32::from(ip))),
            Some(IpAddr::V6(ip)) => (6, u128::from(ip)),
        };
        // Whether there is a hardware address, its 48 bits, and below them the version of the other.
        let mac = mac.map_or(0, |mac| mac.as_u64() | 1 << 48);
        Self(mac << 3 | version, (ip >> 64) as u64, ip as u64)
    }
}

/// What of the addresses of one end can be somebody's.
fn ends(side: &Side) -> Ends {
    (side.mac.filter(|mac| mac.is_station()), side.ip.filter(|ip| !ip.is_unspecified()))
}

impl Stations {
    /// The entity of one end of a frame; `None` if the table has no such room or the end has no address.
    pub fn of_side(&mut self, side: &Side, room: Room) -> Option<EntityId> {
        let (mac, ip) = ends(side);
        if let Some(known) = self.find(mac, ip) {
            self.met(mac, ip, known);
            return Some(known);
        }
        // What one too many address of a sender says is the sender's own.
        let is_beyond = ip.is_some() && self.is_crowded(mac);
        self.station_in(room, mac, ip.filter(|_| !is_beyond))
    }

    /// The entity of a pair of addresses, if there is one.
    pub fn find(&self, mac: Option<MacAddr>, ip: Option<IpAddr>) -> Option<EntityId> {
        let ends = PackedEnds::new(mac, ip);
        let recent = self.recent.iter().flatten().find(|(recent, _)| *recent == ends);
        recent.map(|(_, entity)| entity).or_else(|| self.by_ends.get(&ends)).copied()
    }

    fn met(&mut self, mac: Option<MacAddr>, ip: Option<IpAddr>, entity: EntityId) {
        let (met, [last, earlier]) = (Some((PackedEnds::new(mac, ip), entity)), self.recent);
        if last != met && earlier != met {
            self.recent = [met, last];
        }
    }

    /// What an entity is told by.
    pub fn key(&self, entity: EntityId) -> Option<&EntityKey> {
        self.keys.get(entity.index())
    }

    /// Whether a hardware address sent with so many addresses that further ones are not told apart.
    pub fn is_crowded(&self, mac: Option<MacAddr>) -> bool {
        mac.and_then(|mac| self.addresses.get(&mac)).is_some_and(|known| *known >= ADDRESSES_MAX)
    }

    /// The entity of one end of a frame, if it is known.
    pub fn find_side(&self, side: &Side) -> Option<EntityId> {
        let (mac, ip) = ends(side);
        self.find(mac, ip)
    }

    /// The entity of an end that has said nothing so far.
    pub fn spoken_to(&mut self, speaker: Option<EntityId>, side: &Side) -> Option<EntityId> {
        let (mac, ip) = ends(side);
        if let Some(known) = self.find(mac, ip) {
            self.met(mac, ip, known);
            return Some(known);
        }
        if let Some(speaker) = speaker {
            let count = self.spoken_to.entry(speaker).or_insert(0);
            if *count >= SPOKEN_TO_MAX {
                self.spoken_to_turned_away = self.spoken_to_turned_away.saturating_add(1);
                return None;
            }
            *count = count.saturating_add(1);
        }
        let room = Room::of(speaker.is_some_and(|speaker| self.converses(speaker)));
        self.of_side(side, room)
    }

    /// The entity of a pair of addresses.
    pub fn station(&mut self, mac: Option<MacAddr>, ip: Option<IpAddr>) -> Option<EntityId> {
        self.station_in(Room::Common, mac, ip)
    }

    fn station_in(&mut self, room: Room, mac: Option<MacAddr>, ip: Option<IpAddr>) -> Option<EntityId> {
        if mac.is_none() && ip.is_none() {
            return None;
        }
        let ends = PackedEnds::new(mac, ip);
        if let Some(known) = self.by_ends.get(&ends) {
            return Some(*known);
        }
        let id = self.add(EntityKey::Station(mac, ip), room)?;
        self.by_ends.insert(ends, id);
        Some(id)
    }

    /// A device behind a station.
    pub fn behind(&mut self, station: EntityId, identity: &str, maybe_itself: bool) -> Option<EntityId> {
        let key = match maybe_itself {
            true => EntityKey::SelfOrBehind(station, identity.to_owned()),
            false => EntityKey::Behind(station, identity.to_owned()),
        };
        if let Some(known) = self.by_identity.get(&key) {
            return Some(*known);
        }
        let children = self.children.entry(station).or_insert(0);
        if *children >= CHILDREN_MAX {
            self.turned_away = self.turned_away.saturating_add(1);
            return None;
        }
        *children = children.saturating_add(1);
        let id = self.add(key.clone(), Room::of(self.converses(station)))?;
        self.by_identity.insert(key, id);
        Some(id)
    }

    fn add(&mut self, key: EntityKey, room: Room) -> Option<EntityId> {
        let has_place = room.has_place(self.keys.len(), ENTITIES_MAX, ENTITIES_KEPT);
        let id = u32::try_from(self.keys.len()).ok().filter(|_| has_place);
        let Some(id) = id.map(EntityId) else {
            self.turned_away = self.turned_away.saturating_add(1);
            return None;
        };
        self.keys.push(key);
        Some(id)
    }

    /// Notes an address in use behind a hardware address; gives whose it is, for [`uses`](Self::uses).
    pub fn sighted(
        &mut self,
        mac: Option<MacAddr>,
        ip: Option<IpAddr>,
        routed: bool,
        vlan: Option<u16>,
        time: Timestamp,
        frame: FrameRef,
    ) -> Option<EntityId> {
        let known = self.find(mac, ip);
        if let (Some(mac), Some(_), false) = (mac, ip, routed)
            && !self.has_room(known, mac)
        {
            return None;
        }
        let entity = known.or_else(|| self.station(mac, ip))?;
        let seen = self.seen_entry(entity, time, frame)?;
        match routed {
            true => seen.routed = seen.routed.saturating_add(1),
            false => seen.direct = seen.direct.saturating_add(1),
        }
        if let Some(vlan) = vlan
            && let Err(place) = seen.vlans.binary_search(&vlan)
            && seen.vlans.len() < VLANS_MAX
        {
            seen.vlans.insert(place, vlan);
        }
        Some(entity)
    }

    /// Notes that an address that was sighted is used behind a hardware address, no router in between.
    pub fn uses(&mut self, entity: EntityId, mac: MacAddr, ip: IpAddr, vlan: Option<u16>, time: Timestamp) {
        let is_still_there = self.holds(mac, ip, vlan, |holder| &mut holder.uses);
        let Some(Some(seen)) = self.seen.get_mut(entity.index()) else { return };
        let forgotten = extend(&mut seen.used, Span { first: time, last: time, vlan, leased: false }, is_still_there);
        self.spans_turned_away = self.spans_turned_away.saturating_add(forgotten);
    }

    /// Notes that a protocol tied an address to a hardware address.
    pub fn bound(&mut self, mac: MacAddr, ip: IpAddr, claim: Claim, time: Timestamp, frame: FrameRef) {
        let known = self.find(Some(mac), Some(ip));
        if !self.has_room(known, mac) {
            return;
        }
        let Claim { vlan, leased, vouched } = claim;
        let is_still_there = self.holds(mac, ip, vlan, |holder| &mut holder.tied);
        let Some(entity) = known.or_else(|| self.station(Some(mac), Some(ip))) else { return };
        let Some(seen) = self.seen_entry(entity, time, frame) else { return };
        seen.vouched |= vouched;
        let forgotten = extend(&mut seen.bound, Span { first: time, last: time, vlan, leased }, is_still_there);
        self.spans_turned_away = self.spans_turned_away.saturating_add(forgotten);
    }

    /// Notes who holds an address on a link now; gives whether it held it before.
    fn holds(
        &mut self,
        mac: MacAddr,
        ip: IpAddr,
        vlan: Option<u16>,
        way: impl Fn(&mut Holder) -> &mut Option<MacAddr>,
    ) -> bool {
        let is_full = self.holders.len() >= ENTITIES_MAX;
        let before = match self.holders.get_mut(&(vlan, ip)) {
            Some(holder) => way(holder).replace(mac),
            None if is_full => Some(mac),
            None => way(self.holders.entry((vlan, ip)).or_default()).replace(mac),
        };
        before == Some(mac)
    }

    /// Whether what a hardware address has with an address is seen already, or may be from now on.
    fn has_room(&mut self, known: Option<EntityId>, mac: MacAddr) -> bool {
        if known.is_some_and(|entity| self.seen_of(entity).is_some()) {
            return true;
        }
        if self.is_crowded(Some(mac)) {
            self.addresses_turned_away = self.addresses_turned_away.saturating_add(1);
            return false;
        }
        let known = self.addresses.entry(mac).or_insert(0);
        *known = known.saturating_add(1);
        true
    }

    /// Notes that an entity held a conversation.
    pub fn conversed(&mut self, entity: EntityId) {
        if let Some(Some(seen)) = self.seen.get_mut(entity.index()) {
            seen.converses = true;
        }
    }

    /// Whether an entity held a conversation, or the station through which it is known did.
    pub fn converses(&self, entity: EntityId) -> bool {
        let station = match self.key(entity) {
            Some(EntityKey::Behind(station, _) | EntityKey::SelfOrBehind(station, _)) => *station,
            _ => entity,
        };
        self.seen_of(station).is_some_and(|seen| seen.converses)
    }

    fn seen_entry(&mut self, entity: EntityId, time: Timestamp, frame: FrameRef) -> Option<&mut Seen> {
        let place = entity.index();
        if self.seen.len() <= place {
            self.seen.resize_with(place.saturating_add(1), || None);
        }
        let seen = self.seen.get_mut(place)?.get_or_insert_with(|| Seen {
            first: time,
            last: time,
            frame,
            routed: 0,
            direct: 0,
            converses: false,
            bound: Vec::new(),
            used: Vec::new(),
            vouched: false,
            vlans: Vec::new(),
        });
        seen.first = seen.first.min(time);
        seen.last = seen.last.max(time);
        Some(seen)
    }

    /// Every entity, in the order it appeared.
    pub fn entities(&self) -> impl Iterator<Item = (EntityId, &EntityKey)> {
        self.keys.iter().enumerate().map(|(index, key)| (EntityId(u32::try_from(index).unwrap_or(u32::MAX)), key))
    }

    /// How many entities there are.
    pub fn count(&self) -> usize {
        self.keys.len()
    }

    /// What was seen of each hardware address and the addresses behind it, in their order; of addresses alone where the
    /// link has no hardware addresses.
    pub fn seen(&self) -> Vec<(Ends, &Seen)> {
        let ends = |key: &EntityKey| match key {
            EntityKey::Station(mac, ip) => Some((*mac, *ip)),
            EntityKey::Behind(..) | EntityKey::SelfOrBehind(..) => None,
        };
        let all = self.keys.iter().zip(&self.seen);
        let mut seen: Vec<_> = all.filter_map(|(key, seen)| Some((ends(key)?, seen.as_ref()?))).collect();
        seen.sort_unstable_by_key(|((mac, ip), _)| PackedEnds::new(*mac, *ip));
        seen
    }

    /// What was seen of an entity's address.
    pub fn seen_of(&self, entity: EntityId) -> Option<&Seen> {
        self.seen.get(entity.index())?.as_ref()
    }
}

/// Adds to the latest stretch on a link if nobody else came in between, else begins another; gives how many were
/// forgotten for it.
fn extend(spans: &mut Vec<Span>, new: Span, is_still_there: bool) -> u64 {
    if let Some(span) = spans.iter_mut().rev().find(|span| span.vlan == new.vlan)
        && is_still_there
    {
        span.first = span.first.min(new.first);
        span.last = span.last.max(new.last);
        return 0;
    }
    let is_full = spans.len() >= SPANS_MAX;
    if is_full {
        spans.remove(0);
    }
    // Nearly every address has one stretch: no room for more is taken before there is need.
    spans.reserve_exact(1);
    spans.push(new);
    u64::from(is_full)
}

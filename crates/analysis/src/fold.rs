//! Observations in, what is known about every entity out.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;
use model::observation::FrameRef;
use model::{MacAddr, Message, Observation, Side, Subject, Timestamp, Weakness};

use crate::baseline::Baseline;
use crate::evidence::{Ledger, Occasion};
use crate::inside::Network;
use crate::knowledge::{Knowledge, Role, RoleMatch, Rule};
use crate::prefixes::Prefixes;
use crate::readings::{Reading, Readings};
use crate::stations::{Claim, EntityId, EntityKey, Room, Stations};

/// Readings of entities remembered; repetitions of further ones are added as if they were new, which gives the same and
/// costs time only: so this limit has no counter, and what is remembered is not saved.
const REPEATS_MAX: usize = 262_144;
/// Stands for evidence that found no place in its ledger: who is full stays full.
const NO_PLACE: u16 = u16::MAX;
/// Weaknesses kept; further ones are counted only.
pub const WEAKNESSES_MAX: usize = 200_000;
/// Weaknesses among them of who holds conversations: made-up senders use up the others only.
const WEAKNESSES_KEPT: usize = 50_000;

/// A weakness that one entity showed.
#[derive(Clone, Debug)]
pub struct WeaknessSeen {
    /// How often.
    pub count: u64,
    /// When first.
    pub first: Timestamp,
    /// When last.
    pub last: Timestamp,
    /// Where first.
    pub frame: FrameRef,
    /// Towards whom.
    pub peer: Option<EntityId>,
}

/// A role that messages showed an entity to play.
pub(crate) struct RoleSeen<'k> {
    pub(crate) role: &'k Role,
    pub(crate) rule: &'k Rule,
    pub(crate) field: String,
    pub(crate) frame: FrameRef,
    pub(crate) count: u64,
    pub(crate) peers: BTreeSet<EntityId>,
    pub(crate) peers_min: usize,
}

/// Peers remembered for a role: far more than any rule asks for, so more would change nothing, and nothing is counted.
pub(crate) const ROLE_PEERS_MAX: usize = 64;

/// Who showed what, over which protocol.
pub type WeaknessKey = (EntityId, Weakness, &'static str);

/// Folds observations. The same observations in the same order give the same state.
pub struct Analysis<'k> {
    pub(crate) knowledge: &'k Knowledge,
    pub(crate) prefixes: &'k Prefixes,
    pub(crate) stations: Stations,
    pub(crate) ledgers: Vec<Ledger<'k>>,
    pub(crate) weaknesses: BTreeMap<WeaknessKey, WeaknessSeen>,
    pub(crate) baseline: Baseline,
    pub(crate) inside: Vec<Network>,
    /// Hardware addresses whose messages say that they forward for others.
    pub(crate) routers: BTreeSet<MacAddr>,
    /// By entity and where the rule lies in memory: nothing is told in this order.
    pub(crate) roles: HashMap<(EntityId, usize), RoleSeen<'k>>,
    readings: Readings<'k>,
    /// Places of the evidence that a reading gave, claim by claim, by entity and reading.
    repeats: HashMap<(EntityId, u32), Box<[u16]>>,
    pub(crate) weaknesses_turned_away: u64,
    /// What restored states held that nobody can tell any more.
    pub(crate) forgotten: u64,
}

impl<'k> Analysis<'k> {
    /// Nothing observed yet.
    pub fn new(knowledge: &'k Knowledge, prefixes: &'k Prefixes) -> Self {
        Self {
            knowledge,
            prefixes,
            stations: Stations::default(),
            ledgers: Vec::new(),
            weaknesses: BTreeMap::new(),
            baseline: Baseline::default(),
            inside: Vec::new(),
            routers: BTreeSet::new(),
            roles: HashMap::new(),
            readings: Readings::new(knowledge),
            repeats: HashMap::new(),
            weaknesses_turned_away: 0,
            forgotten: 0,
        }
    }

    /// Names ranges of public addresses that are the hospital's own.
    #[must_use]
    pub fn with_inside(self, inside: &[Network]) -> Self {
        Self { inside: inside.to_vec(), ..self }
    }

    /// Takes the next observation.
    pub fn observe(&mut self, observation: &Observation<'_>) {
        match observation {
            Observation::Sighting { time, frame, mac, ip, routed, addressed, vlan } => {
                // Who asks for a lease sends from 0.0.0.0: that is nobody's address.
                let ip = ip.filter(|ip| !ip.is_unspecified());
                let sighted = self.stations.sighted(*mac, ip, *routed, *vlan, *time, *frame);
                if let (Some(entity), Some(mac), Some(ip), false, true) = (sighted, *mac, ip, *routed, *addressed) {
                    self.stations.uses(entity, mac, ip, *vlan, *time);
                }
            }
            Observation::Message { time, frame, connection, ip_protocol, sender, receiver, vlan, message } => {
                let occasion = Occasion { time: *time, frame: *frame };
                // What a transport protocol carries may come from beyond the link; ARP and NDP do not.
                let vouched = matches!(ip_protocol, 6 | 17 | 132);
                for binding in message.bindings() {
                    let claim = Claim { vlan: *vlan, leased: binding.lease_seconds.is_some(), vouched };
                    self.stations.bound(binding.mac, binding.ip, claim, *time, *frame);
                }
                self.message(&occasion, *connection, sender, receiver, message);
            }
            Observation::Connection(connection) => {
                let is_answered = connection.is_answered();
                // A made-up address is answered as well, but nobody there goes on.
                let is_more = connection.sent.packets > 1 || !connection.part.begins();
                let from = self.stations.of_side(&connection.initiator, Room::of(is_answered && is_more));
                let to = match is_answered {
                    false => self.stations.spoken_to(from, &connection.responder),
                    true => self.stations.of_side(&connection.responder, Room::Kept),
                };
                if is_answered {
                    let goes_on = connection.ip_protocol != 6 || is_more;
                    for entity in to.into_iter().chain(from.filter(|_| goes_on)) {
                        self.stations.conversed(entity);
                    }
                }
                match (from, to) {
                    (Some(from), Some(to)) => {
                        let room = Room::of(self.stations.converses(from));
                        self.baseline.ended((from, room), to, connection);
                    }
                    _ => self.baseline.forget(connection),
                }
            }
        }
    }

    /// Whoever told of connections is gone, and the next one counts them anew: none of those that are open will end.
    pub fn forget_open(&mut self) {
        self.baseline.forget_open();
    }

    /// Lets go what is remembered of messages to read the next ones faster; it is no part of what was folded.
    pub fn forget_readings(&mut self) {
        self.readings = Readings::new(self.knowledge);
        self.repeats = HashMap::new();
    }

    /// The entity at one end of a connection that was observed; `None` if a limit turned it away.
    pub fn entity(&self, side: &Side) -> Option<EntityId> {
        self.stations.find_side(side)
    }

    fn message(
        &mut self,
        occasion: &Occasion,
        connection: Option<u64>,
        sender: &Side,
        receiver: &Side,
        message: &Message,
    ) {
        if let (Some(connection), Some(operation)) = (connection, message.operation()) {
            self.baseline.operated(connection, operation);
        }
        let reading = self.readings.read(message);
        if reading.is_none() && message.weaknesses().is_empty() && !matches!(message.subject(), Subject::Behind) {
            return;
        }
        let Some((entity, peer)) = self.subject(sender, receiver, message) else { return };
        for weakness in message.weaknesses() {
            self.weakness(occasion, entity, peer, *weakness, message.protocol());
        }
        let Some(reading) = reading else { return };
        self.evidence(occasion, entity, &reading);
        for found in &reading.roles {
            self.role(occasion, entity, peer, found, message);
        }
    }

    /// A message showed that its subject, or the addresses that it names, play a role.
    fn role(
        &mut self,
        occasion: &Occasion,
        entity: EntityId,
        peer: Option<EntityId>,
        found: &RoleMatch<'k, '_>,
        message: &Message,
    ) {
        let Some(name) = found.addresses else { return self.plays(occasion, entity, peer, found, message.protocol()) };
        let named = message.fields().filter(|(field, _)| field.name == name);
        for ip in named.filter_map(|(_, value)| value.ip()) {
            if let Some(player) = self.stations.station(None, Some(ip)) {
                self.plays(occasion, player, peer, found, message.protocol());
            }
        }
    }

    fn plays(
        &mut self,
        occasion: &Occasion,
        player: EntityId,
        peer: Option<EntityId>,
        found: &RoleMatch<'k, '_>,
        protocol: &str,
    ) {
        if found.forwards
            && let Some(EntityKey::Station(Some(mac), _)) = self.stations.key(player)
        {
            self.routers.insert(*mac);
        }
        let seen = self.roles.entry((player, std::ptr::from_ref(found.rule) as usize)).or_insert_with(|| RoleSeen {
            role: found.role,
            rule: found.rule,
            field: format!("{protocol}.{} {}", found.field, found.field_value),
            frame: occasion.frame,
            count: 0,
            peers: BTreeSet::new(),
            peers_min: found.peers_min,
        });
        seen.count = seen.count.saturating_add(1);
        if seen.peers.len() < ROLE_PEERS_MAX {
            seen.peers.extend(peer);
        }
    }

    /// Whom a message tells about, and who is the other side.
    fn subject(&mut self, sender: &Side, receiver: &Side, message: &Message) -> Option<(EntityId, Option<EntityId>)> {
        let identity = message.identity().unwrap_or_default();
        let sender = self.stations.of_side(sender, Room::Common);
        let receiver = self.stations.spoken_to(sender, receiver);
        let entity = match message.subject() {
            Subject::Sender => sender?,
            Subject::Receiver => return Some((receiver?, sender)),
            Subject::Hardware(mac) => self.stations.station(Some(mac), None)?,
            Subject::Address(ip) => self.stations.station(None, Some(ip))?,
            Subject::Behind => self.stations.behind(sender?, identity, false)?,
            Subject::SelfOrBehind => self.stations.behind(sender?, identity, true)?,
        };
        Some((entity, receiver))
    }

    fn weakness(
        &mut self,
        occasion: &Occasion,
        entity: EntityId,
        peer: Option<EntityId>,
        weakness: Weakness,
        protocol: &'static str,
    ) {
        let key = (entity, weakness, protocol);
        let room = Room::of(self.stations.converses(entity));
        if let Some(seen) = self.weaknesses.get_mut(&key) {
            seen.count = seen.count.saturating_add(1);
            seen.last = seen.last.max(occasion.time);
        } else if room.has_place(self.weaknesses.len(), WEAKNESSES_MAX, WEAKNESSES_KEPT) {
            let Occasion { time, frame } = *occasion;
            self.weaknesses.insert(key, WeaknessSeen { count: 1, first: time, last: time, frame, peer });
        } else {
            self.weaknesses_turned_away = self.weaknesses_turned_away.saturating_add(1);
        }
    }

    fn evidence(&mut self, occasion: &Occasion, entity: EntityId, reading: &Reading<'k>) {
        if reading.claims.is_empty() {
            return;
        }
        let ledger = ledger(&mut self.ledgers, entity);
        if let Some(places) = reading.number.and_then(|number| self.repeats.get(&(entity, number))) {
            for (place, claim) in places.iter().zip(&reading.claims) {
                if *place == NO_PLACE {
                    ledger.turn_away();
                } else if !ledger.again(usize::from(*place), occasion.time) {
                    ledger.add(claim, occasion, 1);
                }
            }
            return;
        }
        let added = reading.claims.iter().map(|claim| ledger.add(claim, occasion, 1));
        let places = added.map(|place| place.and_then(|place| u16::try_from(place).ok()).unwrap_or(NO_PLACE)).collect();
        if let Some(number) = reading.number
            && self.repeats.len() < REPEATS_MAX
        {
            self.repeats.insert((entity, number), places);
        }
    }
}

pub(crate) fn ledger<'a, 'k>(ledgers: &'a mut Vec<Ledger<'k>>, entity: EntityId) -> &'a mut Ledger<'k> {
    let index = entity.index();
    if ledgers.len() <= index {
        ledgers.resize_with(index.saturating_add(1), Ledger::default);
    }
    // Resized above: the entity has its place.
    #[allow(clippy::indexing_slicing)]
    &mut ledgers[index]
}

#[cfg(test)]
mod tests {
    use model::observation::{ConnectionState, Part, Traffic};
    use model::{Connection, Field, Messages};

    use super::*;
    use crate::knowledge::Notation;
    use crate::stations::{ENTITIES_KEPT, ENTITIES_MAX};

    static SERIAL: Field = Field::device("serial");
    const FRAME: FrameRef = FrameRef { capture: 0, number: 1 };
    const TIME: Timestamp = Timestamp(1_795_334_700_000_000_000);

    fn side(number: u32) -> Side {
        let [a, b, c, d] = number.to_be_bytes();
        Side { mac: Some(MacAddr([0, 9, a, b, c, d])), ip: Some([10, b, c, d].into()), port: Some(2_575) }
    }

    fn sighting(analysis: &mut Analysis<'_>, side: &Side) {
        let (mac, ip) = (side.mac, side.ip);
        analysis.observe(&Observation::Sighting {
            time: TIME,
            frame: FRAME,
            mac,
            ip,
            routed: false,
            addressed: false,
            vlan: None,
        });
    }

    fn converse(analysis: &mut Analysis<'_>, initiator: Side, responder: Side) {
        sighting(analysis, &initiator);
        sighting(analysis, &responder);
        let traffic = Traffic { packets: 5, bytes: 300 };
        analysis.observe(&Observation::Connection(&Connection {
            hours: Vec::new(),
            id: 1,
            start: TIME,
            end: TIME,
            first_frame: FRAME,
            initiator,
            responder,
            ip_protocol: 6,
            vlan: None,
            sent: traffic,
            received: traffic,
            part: Part::Whole,
            state: ConnectionState::Closed,
            application: "hl7",
            oriented: true,
        }));
    }

    #[test]
    fn who_converses_finds_room_beside_a_flood_of_made_up_senders() {
        // Without a fingerprint: what they say is of no matter here.
        let tables = [
            ("attributes.toml", include_str!("../../../knowledge/attributes.toml")),
            ("categories.toml", include_str!("../../../knowledge/categories.toml")),
            ("corroborations.toml", include_str!("../../../knowledge/corroborations.toml")),
            ("roles.toml", include_str!("../../../knowledge/roles.toml")),
            ("vendors.toml", include_str!("../../../knowledge/vendors.toml")),
            ("weights.toml", include_str!("../../../knowledge/weights.toml")),
        ];
        let knowledge = Knowledge::load(tables, Notation::Toml).unwrap();
        let prefixes = Prefixes::default();
        let mut analysis = Analysis::new(&knowledge, &prefixes);
        let (known, server, newcomer) = (side(1), side(2), side(3));
        converse(&mut analysis, known, server);
        for number in 10..ENTITIES_MAX as u32 {
            sighting(&mut analysis, &side(number));
        }
        assert_eq!(analysis.stations.count(), ENTITIES_MAX - ENTITIES_KEPT);
        for made_up in [false, true] {
            let mut messages = Messages::new();
            messages.begin("hl7", "ORU").str(&SERIAL, "SN-1").behind("SN-1");
            let sender = if made_up { side(10) } else { known };
            for message in messages.iter() {
                analysis.observe(&Observation::Message {
                    time: TIME,
                    frame: FRAME,
                    connection: None,
                    ip_protocol: 6,
                    sender,
                    receiver: server,
                    vlan: None,
                    message,
                });
            }
        }
        assert_eq!(
            analysis.stations.count(),
            ENTITIES_MAX - ENTITIES_KEPT + 1,
            "who is behind a device that converses"
        );
        assert_eq!(analysis.entity(&newcomer), None);
        converse(&mut analysis, newcomer, server);
        converse(&mut analysis, newcomer, server);
        let newcomer = analysis.entity(&newcomer).unwrap();
        assert!(analysis.stations.converses(newcomer), "and a new device that converses");
    }
}

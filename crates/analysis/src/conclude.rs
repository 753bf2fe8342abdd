//! From what is known about entities to the inventory: which entities are one device, what it is, what it does.

mod flows;
mod gateways;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

use hashbrown::HashMap;
use model::observation::FrameRef;
use model::{MacAddr, Timestamp};

use crate::evidence::{Ledger, Occasion, Piece};
use crate::fold::Analysis;
use crate::inventory::{self, Conclusion, Inventory, Taker};
use crate::knowledge::Match;
use crate::owners::{OwnerId, Owners};
use crate::resolve::{DeviceKey, Grounds, Interface, Owner, Resolution, resolve};
use crate::rows::{Telling, capture, device_row};
use crate::stations::{Ends, EntityId, EntityKey, Seen, Stations};

/// What is gathered about one device.
#[derive(Default)]
pub(crate) struct Gathered<'k> {
    /// What is said beside its entities' own ledgers: by its hardware address, and by the services it offers and uses.
    ledger: Ledger<'k>,
    pub(crate) roles: BTreeMap<&'k str, RoleSeen<'k>>,
    /// Each as often as it was met; in no order.
    pub(crate) addresses: Vec<(Option<MacAddr>, inventory::Address)>,
    /// Hardware addresses and the VLANs that they were met in; in no order.
    pub(crate) macs: Vec<(MacAddr, Option<u16>)>,
    pub(crate) is_gateway: bool,
    pub(crate) span: Option<(Timestamp, Timestamp)>,
    pub(crate) bytes_sent: u64,
    pub(crate) bytes_received: u64,
    /// Each as often as it was met.
    pub(crate) peers: Vec<OwnerId>,
}

/// A role's rule that held, and for how many peers.
pub(crate) struct RoleSeen<'k> {
    pub(crate) rule: &'k str,
    pub(crate) field: String,
    pub(crate) frame: FrameRef,
    pub(crate) count: u64,
    pub(crate) peers: BTreeSet<OwnerId>,
    pub(crate) peers_min: usize,
}

/// What is gathered so far, by owner.
struct Devices<'r, 'k> {
    owners: Owners<'r>,
    /// Boxed: most owners are no devices.
    gathered: Vec<Option<Box<Gathered<'k>>>>,
}

impl<'r, 'k> Devices<'r, 'k> {
    fn new(owners: Owners<'r>) -> Self {
        let gathered = std::iter::repeat_with(|| None).take(owners.len()).collect();
        Self { owners, gathered }
    }

    /// The owner's place if it is a device.
    fn of(&mut self, owner: OwnerId) -> Option<(&'r DeviceKey, &mut Gathered<'k>)> {
        let Owner::Device(key) = self.owners.owner(owner) else { return None };
        let gathered: &mut Gathered<'k> = self.gathered.get_mut(owner.index())?.get_or_insert_default();
        Some((key, gathered))
    }

    /// The entity's place if it is a device's.
    fn of_entity(&mut self, entity: EntityId) -> Option<(&'r DeviceKey, &mut Gathered<'k>)> {
        self.of(self.owners.of(entity)?)
    }

    fn is_known(&self, owner: OwnerId) -> bool {
        matches!(self.gathered.get(owner.index()), Some(Some(_)))
    }
}

/// What tells a flow between devices.
pub(crate) type FlowKey = (OwnerId, OwnerId, u8, Option<u16>, &'static str);

fn claims<'k>(found: Vec<Match<'k, '_>>, protocol: &str) -> Vec<Piece<'k>> {
    found.iter().map(|found| Piece::claimed(found, protocol)).collect()
}

impl<'k> Analysis<'k> {
    /// Concludes. `captures` are the names of the inputs, by their index in frame references.
    ///
    /// Nothing is changed: more can be observed, and concluded again.
    pub fn conclude(&self, captures: &[Arc<str>]) -> Inventory {
        #[derive(Default)]
        struct Whole(Vec<inventory::Device>, Vec<inventory::Flow>);
        impl Taker for Whole {
            fn flow(&mut self, flow: inventory::Flow) {
                self.1.push(flow);
            }
            fn device(&mut self, device: inventory::Device) {
                self.0.push(device);
            }
        }
        let mut whole = Whole::default();
        let Conclusion { weaknesses, owners, inside, counters } = self.conclude_into(captures, &mut whole);
        Inventory { devices: whole.0, flows: whole.1, weaknesses, owners, inside, counters }
    }

    /// Concludes and hands over each flow and each device as soon as it is made. Memory is needed for what was gathered about
    /// devices, but for no copy of evidence and flows.
    pub fn conclude_into(&self, captures: &[Arc<str>], taker: &mut impl Taker) -> Conclusion {
        let knows = |entity: EntityId| self.ledgers.get(entity.index()).is_some_and(|ledger| !ledger.is_empty());
        let relays = self.relays();
        let grounds = Grounds { routers: &self.routers, relays: &relays, speaks: &knows, inside: &self.inside };
        let resolution = resolve(&self.stations, &grounds);
        let mut devices: Devices<'_, 'k> = Devices::new(Owners::new(&resolution));
        gather_addresses(&self.stations, &resolution, &mut devices);
        let telling = Telling { knowledge: self.knowledge, prefixes: self.prefixes, resolution: &resolution, captures };
        let ledgers = self.gather_ledgers(&resolution, &mut devices);
        self.gather_makers(&resolution, &mut devices);
        self.gather_gateways(&relays, &mut devices);
        self.gather_roles(&mut devices);
        let flow_details_turned_away = self.gather_flows(&mut devices, &telling, taker);
        let weaknesses = self.weakness_rows(&devices, captures);
        let evidence_turned_away = self.device_rows(&mut devices, &ledgers, &telling, taker);
        let made_up = resolution.interfaces.values().map(|interface| interface.made_up.len() as u64).sum();
        let counters = [
            ("evidence_turned_away", evidence_turned_away),
            ("entities_turned_away", self.stations.turned_away),
            ("addresses_turned_away", self.stations.addresses_turned_away),
            ("address_claims_turned_away", self.stations.spans_turned_away),
            ("made_up_addresses", made_up),
            ("flow_keys_turned_away", self.baseline.turned_away),
            ("flow_ports_told_together", self.baseline.folded),
            ("spoken_to_turned_away", self.stations.spoken_to_turned_away),
            ("flow_details_turned_away", flow_details_turned_away),
            ("weaknesses_turned_away", self.weaknesses_turned_away),
        ];
        // Where nothing was restored there is nothing to say.
        let forgotten = (self.forgotten > 0).then_some(("forgotten", self.forgotten));
        Conclusion {
            weaknesses,
            owners: inventory::Owners::new(devices.owners.into_names()),
            inside: resolution.inside.iter().map(ToString::to_string).collect(),
            counters: counters.into_iter().chain(forgotten).collect(),
        }
    }

    /// Gives the entities of each device that something is said of, in order.
    fn gather_ledgers(&self, resolution: &Resolution, devices: &mut Devices<'_, 'k>) -> Vec<(OwnerId, EntityId)> {
        let mut ledgers = Vec::new();
        for ((entity, _), ledger) in self.stations.entities().zip(&self.ledgers) {
            let Some(owner) = devices.owners.of(entity) else { continue };
            let Some((_, gathered)) = devices.of(owner) else { continue };
            // A device behind another has no address of its own to be seen: what is said of it shows when it was there.
            if let Some((first, last)) = ledger.span().filter(|_| !resolution.reported.contains(&entity)) {
                widen(&mut gathered.span, first, last);
            }
            if !ledger.is_empty() || ledger.turned_away > 0 {
                ledgers.push((owner, entity));
            }
        }
        ledgers.sort_unstable();
        ledgers
    }

    /// Hands over the devices in order of their names; nothing that was gathered is left. What is said of a device is put
    /// together for as long as its row is made. Gives how much of that a limit turned away.
    fn device_rows<'t>(
        &self,
        devices: &mut Devices<'_, 'k>,
        ledgers: &[(OwnerId, EntityId)],
        telling: &Telling<'t>,
        taker: &mut impl Taker,
    ) -> u64
    where
        'k: 't,
    {
        let Devices { owners, gathered } = devices;
        let mut in_order: Vec<(&str, OwnerId)> =
            owners.iter().map(|(number, _)| number).map(|number| (owners.name(number), number)).collect();
        in_order.retain(|(_, number)| matches!(gathered.get(number.index()), Some(Some(_))));
        in_order.sort_unstable();
        let mut turned_away = 0_u64;
        let mut ledger: Ledger<'t> = Ledger::default();
        for (id, number) in in_order {
            let Owner::Device(key) = owners.owner(number) else { continue };
            let Some(gathered) = gathered.get_mut(number.index()).and_then(Option::take) else { continue };
            ledger.clear();
            let begin = ledgers.partition_point(|(owner, _)| *owner < number);
            let said = ledgers.iter().skip(begin).take_while(|(owner, _)| *owner == number);
            let said = said.filter_map(|(_, entity)| Some((*entity, self.ledgers.get(entity.index())?)));
            let (reported, own): (Vec<_>, Vec<_>) =
                said.partition(|(entity, _)| telling.resolution.reported.contains(entity));
            own.iter().for_each(|(_, said)| ledger.absorb(said));
            ledger.absorb(&gathered.ledger);
            // Last: what others say of a device must not crowd out what it says itself.
            for (entity, said) in reported {
                ledger.absorb_reported(said, &self.reporter(entity, owners));
            }
            let device = device_row(id, key, *gathered, &mut ledger, telling);
            turned_away = turned_away.saturating_add(device.evidence_turned_away);
            taker.device(device);
        }
        turned_away
    }

    /// The name of the device that said something of another.
    fn reporter(&self, entity: EntityId, owners: &Owners<'_>) -> Arc<str> {
        let station = match self.stations.key(entity) {
            Some(EntityKey::Behind(station, _) | EntityKey::SelfOrBehind(station, _)) => Some(*station),
            _ => None,
        };
        station.and_then(|station| owners.of(station)).map_or_else(Arc::default, |owner| owners.shared_name(owner))
    }

    /// Stations that play a role which sends on what others wrote, before their messages with several peers.
    fn relays(&self) -> BTreeSet<EntityId> {
        let address = |peer: &EntityId| match self.stations.key(*peer)? {
            // One station may stand for two entities: before and after it was seen to answer.
            EntityKey::Station(mac, ip) => Some(ip.map_or((*mac, None), |ip| (None, Some(ip)))),
            EntityKey::Behind(..) | EntityKey::SelfOrBehind(..) => None,
        };
        let plays = |seen: &crate::fold::RoleSeen<'_>| {
            seen.role.relays && seen.peers.iter().filter_map(address).collect::<BTreeSet<_>>().len() >= seen.peers_min
        };
        self.roles.iter().filter(|(_, seen)| plays(seen)).map(|((entity, ..), _)| *entity).collect()
    }

    /// What the assignment of the hardware address says about the maker.
    fn gather_makers(&self, resolution: &Resolution, devices: &mut Devices<'_, 'k>) {
        let seen = self.stations.seen();
        let numbers = devices.owners.iter().filter_map(|(number, owner)| match owner {
            Owner::Device(DeviceKey::Mac(mac)) => Some((number, *mac)),
            _ => None,
        });
        // Cards of one make are alike to the rules, unless one of them looks at whole addresses.
        let is_by_make = self.knowledge.fields_read("mac", "seen").is_some_and(|fields| !fields.contains("mac"));
        let mut by_make: HashMap<([u8; 3], Option<&str>), Vec<Piece<'k>>> = HashMap::new();
        for (number, mac) in numbers.collect::<Vec<_>>() {
            if !devices.is_known(number) || !resolution.interfaces.contains_key(&mac) {
                continue;
            }
            let Some((_, gathered)) = devices.of(number) else { continue };
            let organisation = self.prefixes.organisation(mac);
            if !is_by_make {
                by_make.clear();
            }
            let MacAddr([a, b, c, ..]) = mac;
            let said = by_make.entry(([a, b, c], organisation)).or_insert_with(|| {
                let text = mac.to_string();
                let prefix = text.get(..8).unwrap_or_default();
                let mut fields = vec![("mac", text.as_str()), ("prefix", prefix)];
                fields.extend(organisation.map(|organisation| ("organisation", organisation)));
                claims(self.knowledge.matches_fields("mac.seen", &fields), "mac")
            });
            let occasion = first_occasion(&seen, mac);
            for claim in said {
                gathered.ledger.add(claim, &occasion, 1);
            }
        }
    }

    fn gather_roles(&self, devices: &mut Devices<'_, 'k>) {
        let mut in_order: Vec<_> = self.roles.iter().map(|((entity, _), seen)| (*entity, seen)).collect();
        in_order.sort_unstable_by_key(|(entity, seen)| (*entity, &seen.role.id, &seen.rule.id));
        for (entity, seen) in in_order {
            let peers: Vec<OwnerId> = seen.peers.iter().filter_map(|peer| devices.owners.of(*peer)).collect();
            let Some((_, gathered)) = devices.of_entity(entity) else { continue };
            let role = gathered.roles.entry(&seen.role.id).or_insert_with(|| RoleSeen {
                rule: &seen.rule.id,
                field: seen.field.clone(),
                frame: seen.frame,
                count: 0,
                peers: BTreeSet::new(),
                peers_min: seen.peers_min,
            });
            role.count = role.count.saturating_add(seen.count);
            role.peers.extend(peers);
        }
    }

    fn weakness_rows(&self, devices: &Devices<'_, 'k>, captures: &[Arc<str>]) -> Vec<inventory::WeaknessRow> {
        let mut rows: BTreeMap<(Arc<str>, model::Weakness, &'static str), inventory::WeaknessRow> = BTreeMap::new();
        for ((entity, kind, protocol), seen) in &self.weaknesses {
            let Some(owner) = devices.owners.of(*entity) else { continue };
            let is_told = match devices.owners.owner(owner) {
                Owner::Device(_) => devices.is_known(owner),
                // What a server outside gets wrong endangers whoever inside talks with it.
                Owner::External(_) => true,
                Owner::Group(_) | Owner::Silent(_) | Owner::Nobody => false,
            };
            if !is_told {
                continue;
            }
            let device = devices.owners.shared_name(owner);
            let peer = seen.peer.and_then(|peer| devices.owners.of(peer));
            let peer = peer.map(|peer| devices.owners.shared_name(peer));
            let key = (Arc::clone(&device), *kind, *protocol);
            let row = rows.entry(key).or_insert_with(|| inventory::WeaknessRow {
                device,
                kind: *kind,
                protocol,
                peer,
                count: 0,
                first: seen.first,
                last: seen.last,
                capture: capture(captures, seen.frame),
                frame: seen.frame.number,
            });
            row.count = row.count.saturating_add(seen.count);
            row.last = row.last.max(seen.last);
            if seen.first < row.first {
                row.first = seen.first;
                row.capture = capture(captures, seen.frame);
                row.frame = seen.frame.number;
            }
        }
        rows.into_values().collect()
    }
}

/// The first frame in which a hardware address was seen, of all that was seen in order.
fn first_occasion(seen: &[(Ends, &Seen)], mac: MacAddr) -> Occasion {
    let begin = seen.partition_point(|((other, _), _)| *other < Some(mac));
    let all = seen.iter().skip(begin).take_while(|((other, _), _)| *other == Some(mac));
    let first = all.map(|(_, seen)| (seen.first, seen.frame)).min();
    let (time, frame) = first.unwrap_or((Timestamp(0), FrameRef { capture: 0, number: 0 }));
    Occasion { time, frame }
}

/// Every device's addresses, whether or not anything else is known about it.
fn gather_addresses(stations: &Stations, resolution: &Resolution, devices: &mut Devices<'_, '_>) {
    for (entity, key) in stations.entities() {
        let Some((device, gathered)) = devices.of_entity(entity) else { continue };
        let EntityKey::Station(mac, ip) = key else { continue };
        let seen = stations.seen_of(entity);
        let interface = mac.and_then(|mac| resolution.interfaces.get(&mac).map(|interface| (mac, interface)));
        if let Some(seen) = seen {
            widen(&mut gathered.span, seen.first, seen.last);
        }
        if interface.is_some_and(|(_, interface)| ip.is_some_and(|ip| interface.made_up.contains(&ip))) {
            continue;
        }
        // Whose address another claims holds it with its own hardware address.
        let is_taken = interface.is_some_and(|(_, interface)| ip.is_some_and(|ip| interface.disputed.contains(&ip)));
        if is_taken && matches!(device, DeviceKey::Mac(_)) {
            continue;
        }
        // A device keyed by address behind a router does not own the router's hardware address.
        let owned = interface.filter(|(mac, interface)| owns(device, *mac, interface, *ip));
        if let Some((mac, interface)) = owned {
            let is_its_own = *device == DeviceKey::Mac(mac) || mac.is_shared_by_routers();
            gathered.is_gateway |= interface.is_gateway && is_its_own;
            gathered.macs.push((mac, None));
            gathered.macs.extend(seen.iter().flat_map(|seen| &seen.vlans).map(|vlan| (mac, Some(*vlan))));
        }
        if let (Some(ip), Some(Seen { first, last, bound, .. })) = (ip, seen) {
            let address = inventory::Address { ip: *ip, first: *first, last: *last, bound: !bound.is_empty() };
            gathered.addresses.push((owned.map(|(mac, _)| mac), address));
        }
    }
}

fn owns(device: &DeviceKey, mac: MacAddr, interface: &Interface, ip: Option<IpAddr>) -> bool {
    let is_own = |ip| interface.own.contains(&ip);
    let is_routers = |ip| mac.is_shared_by_routers() && interface.latest_router == Some(ip);
    *device == DeviceKey::Mac(mac) || ip.is_none_or(|ip| is_own(ip) || is_routers(ip))
}

fn widen(span: &mut Option<(Timestamp, Timestamp)>, first: Timestamp, last: Timestamp) {
    let (known_first, known_last) = span.unwrap_or((first, last));
    *span = Some((known_first.min(first), known_last.max(last)));
}

//! From what is known about entities to the inventory: which entities are one device, what it is, what it does.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use model::observation::FrameRef;
use model::{MacAddr, Timestamp};

use crate::baseline::Flow;
use crate::evidence::Ledger;
use crate::fold::{Analysis, Occasion, add};
use crate::inventory::{self, Inventory};
use crate::knowledge::{Knowledge, Match, RoleMatch};
use crate::resolve::{DeviceKey, Grounds, Interface, Owner, Resolution, resolve};
use crate::rows::{capture, device_row, flow_row};
use crate::stations::{EntityKey, Seen, Stations};

/// What is gathered about one device.
#[derive(Default)]
pub(crate) struct Gathered<'k> {
    pub(crate) ledger: Ledger<'k>,
    pub(crate) roles: BTreeMap<&'k str, RoleSeen<'k>>,
    pub(crate) addresses: BTreeMap<(Option<MacAddr>, IpAddr), (Timestamp, Timestamp, bool)>,
    pub(crate) macs: BTreeMap<MacAddr, BTreeSet<u16>>,
    pub(crate) is_gateway: bool,
    pub(crate) span: Option<(Timestamp, Timestamp)>,
    pub(crate) bytes_sent: u64,
    pub(crate) bytes_received: u64,
    pub(crate) peers: BTreeSet<Owner>,
}

/// A role's rule that held, and for how many peers.
pub(crate) struct RoleSeen<'k> {
    pub(crate) rule: &'k str,
    pub(crate) field: String,
    pub(crate) frame: FrameRef,
    pub(crate) count: u64,
    pub(crate) peers: BTreeSet<Owner>,
    pub(crate) peers_min: usize,
}

/// What tells a flow between devices.
pub(crate) type FlowKey = (Owner, Owner, u8, Option<u16>, &'static str);

/// Side, application, IP protocol, port and operations of a flow: what its rules read.
type SpokenKey<'a> = (&'static str, &'static str, u8, Option<u16>, Vec<&'a str>);

/// What the rules say of every flow of one kind: there are far fewer kinds than flows.
struct Spoken<'k> {
    matches: Vec<Match<'k, 'k>>,
    roles: Vec<RoleMatch<'k, 'k>>,
}

impl<'k> Spoken<'k> {
    fn new(knowledge: &'k Knowledge, (side, application, ip_protocol, port, operations): &SpokenKey<'_>) -> Self {
        let numbers = (ip_protocol.to_string(), port.map(|port| port.to_string()));
        let mut fields = vec![("application", *application), ("ip_protocol", numbers.0.as_str())];
        fields.extend(numbers.1.as_deref().map(|port| ("port", port)));
        fields.extend(operations.iter().map(|operation| ("operation", *operation)));
        Self {
            matches: knowledge.matches_fields(side, &fields).into_iter().map(Match::into_owned).collect(),
            roles: knowledge.roles_of_fields(side, &fields).into_iter().map(RoleMatch::into_owned).collect(),
        }
    }
}

impl<'k> Analysis<'k> {
    /// Concludes. `captures` are the names of the inputs, by their index in frame references.
    pub fn conclude(mut self, captures: &[String]) -> Inventory {
        let knows = |entity: crate::EntityId| self.ledgers.get(entity.index()).is_some_and(|ledger| !ledger.is_empty());
        let relays = self.relays();
        let grounds = Grounds { routers: &self.routers, relays: &relays, speaks: &knows, inside: &self.inside };
        let resolution = resolve(&self.stations, &grounds);
        let mut devices: BTreeMap<DeviceKey, Gathered<'k>> = BTreeMap::new();
        gather_addresses(&self.stations, &resolution, &mut devices);
        for (owner, ledger) in resolution.owners.iter().zip(std::mem::take(&mut self.ledgers)) {
            if let Owner::Device(key) = owner {
                let gathered = devices.entry(key.clone()).or_default();
                // A device behind another has no address of its own to be seen: what is said of it shows when it was there.
                if let Some((first, last)) = ledger.span() {
                    widen(&mut gathered.span, first, last);
                }
                gathered.ledger.absorb(ledger);
            }
        }
        self.gather_makers(&resolution, &mut devices);
        self.gather_roles(&resolution, &mut devices);
        let flows = self.gather_flows(&resolution, &mut devices);
        let weaknesses = self.weakness_rows(&resolution, &mut devices, captures);
        let flow_rows = flows.iter().map(|(key, flow)| flow_row(key, flow, &resolution, captures)).collect();
        let flow_details_turned_away = flows.values().map(|flow| flow.turned_away).sum();
        let made_up = resolution.interfaces.values().map(|interface| interface.made_up.len() as u64).sum();
        let rows = devices
            .into_iter()
            .map(|(key, gathered)| device_row(&key, gathered, self.knowledge, self.prefixes, &resolution, captures));
        let mut rows: Vec<inventory::Device> = rows.collect();
        rows.sort_by(|a, b| a.id.cmp(&b.id));
        let evidence_turned_away = rows.iter().map(|device| device.evidence_turned_away).sum();
        let counters = [
            ("evidence_turned_away", evidence_turned_away),
            ("entities_turned_away", self.stations.turned_away),
            ("addresses_turned_away", self.stations.addresses_turned_away),
            ("address_claims_turned_away", self.stations.spans_turned_away),
            ("made_up_addresses", made_up),
            ("flow_keys_turned_away", self.baseline.turned_away),
            ("flow_details_turned_away", flow_details_turned_away),
            ("weaknesses_turned_away", self.weaknesses_turned_away),
        ];
        Inventory {
            devices: rows,
            flows: flow_rows,
            weaknesses,
            owners: resolution.owners.iter().map(Owner::id).collect(),
            inside: resolution.inside.iter().map(ToString::to_string).collect(),
            counters: counters.into(),
        }
    }

    /// Stations that play a role which sends on what others wrote, before their messages with several peers.
    fn relays(&self) -> BTreeSet<crate::EntityId> {
        let address = |peer: &crate::EntityId| match self.stations.key(*peer)? {
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
    fn gather_makers(&self, resolution: &Resolution, devices: &mut BTreeMap<DeviceKey, Gathered<'k>>) {
        for mac in resolution.interfaces.keys() {
            let Some(gathered) = devices.get_mut(&DeviceKey::Mac(*mac)) else { continue };
            let text = mac.to_string();
            let prefix = text.get(..8).unwrap_or_default();
            let mut fields = vec![("mac", text.as_str()), ("prefix", prefix)];
            fields.extend(self.prefixes.organisation(*mac).map(|organisation| ("organisation", organisation)));
            let occasion = first_occasion(&self.stations, *mac);
            for found in self.knowledge.matches_fields("mac.seen", &fields) {
                add(&mut gathered.ledger, &found, "mac", &occasion, 1);
            }
        }
    }

    fn gather_roles(&mut self, resolution: &Resolution, devices: &mut BTreeMap<DeviceKey, Gathered<'k>>) {
        for ((entity, _, _), seen) in std::mem::take(&mut self.roles) {
            let Some(Owner::Device(key)) = resolution.owners.get(entity.index()) else { continue };
            let gathered = devices.entry(key.clone()).or_default();
            let role = gathered.roles.entry(&seen.role.id).or_insert_with(|| RoleSeen {
                rule: &seen.rule.id,
                field: seen.field.clone(),
                frame: seen.frame,
                count: 0,
                peers: BTreeSet::new(),
                peers_min: seen.peers_min,
            });
            role.count = role.count.saturating_add(seen.count);
            let owners = seen.peers.iter().filter_map(|peer| resolution.owners.get(peer.index()));
            role.peers.extend(owners.cloned());
        }
    }

    /// Flows between devices, and what the services that a device offers and uses say about it.
    fn gather_flows(
        &mut self,
        resolution: &Resolution,
        devices: &mut BTreeMap<DeviceKey, Gathered<'k>>,
    ) -> BTreeMap<FlowKey, Flow> {
        let mut flows: BTreeMap<FlowKey, Flow> = BTreeMap::new();
        for (key, flow) in self.baseline.take() {
            let (Some(from), Some(to)) =
                (resolution.owners.get(key.from.index()), resolution.owners.get(key.to.index()))
            else {
                continue;
            };
            let key = (from.clone(), to.clone(), key.ip_protocol, key.port, key.application);
            match flows.get_mut(&key) {
                Some(known) => known.absorb(&flow),
                None => {
                    flows.insert(key, flow);
                }
            }
        }
        let mut spoken: BTreeMap<SpokenKey<'_>, Spoken<'k>> = BTreeMap::new();
        for ((from, to, ip_protocol, port, application), flow) in &flows {
            let sides = [
                ("flow.initiator", from, to, flow.bytes_sent, flow.bytes_received),
                ("flow.responder", to, from, flow.bytes_received, flow.bytes_sent),
            ];
            for (side, owner, peer, sent, received) in sides {
                let Owner::Device(key) = owner else { continue };
                let gathered = devices.entry(key.clone()).or_default();
                gathered.bytes_sent = gathered.bytes_sent.saturating_add(sent);
                gathered.bytes_received = gathered.bytes_received.saturating_add(received);
                if !matches!(peer, Owner::Group(_) | Owner::Silent(_) | Owner::Nobody) {
                    gathered.peers.insert(peer.clone());
                }
                // A service that never answered is nobody's.
                if side == "flow.responder" && flow.answered == 0 {
                    continue;
                }
                let occasion = Occasion { time: flow.first, frame: flow.frame };
                let operations: Vec<&str> = flow.operations.keys().map(String::as_str).collect();
                let key = (side, *application, *ip_protocol, *port, operations);
                let said = spoken.entry(key).or_insert_with_key(|key| Spoken::new(self.knowledge, key));
                for found in &said.matches {
                    add(&mut gathered.ledger, found, "flow", &occasion, flow.connections);
                }
                for found in &said.roles {
                    note_role(gathered, found, flow, peer);
                }
            }
        }
        flows
    }

    fn weakness_rows(
        &mut self,
        resolution: &Resolution,
        devices: &mut BTreeMap<DeviceKey, Gathered<'k>>,
        captures: &[String],
    ) -> Vec<inventory::WeaknessRow> {
        let mut rows: BTreeMap<(String, model::Weakness, &'static str), inventory::WeaknessRow> = BTreeMap::new();
        for ((entity, kind, protocol), seen) in &self.weaknesses {
            let Some(owner) = resolution.owners.get(entity.index()) else { continue };
            let is_told = match owner {
                Owner::Device(key) => devices.contains_key(key),
                // What a server outside gets wrong endangers whoever inside talks with it.
                Owner::External(_) => true,
                Owner::Group(_) | Owner::Silent(_) | Owner::Nobody => false,
            };
            if !is_told {
                continue;
            }
            let device = owner.id();
            let peer = seen.peer.and_then(|peer| resolution.owners.get(peer.index())).map(Owner::id);
            let key = (device.clone(), *kind, *protocol);
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

/// The first frame in which a hardware address was seen.
fn first_occasion(stations: &Stations, mac: MacAddr) -> Occasion {
    let all = stations.seen().range((Some(mac), None)..).take_while(|((other, _), _)| *other == Some(mac));
    let first = all.map(|(_, seen)| (seen.first, seen.frame)).min();
    let (time, frame) = first.unwrap_or((Timestamp(0), FrameRef { capture: 0, number: 0 }));
    Occasion { time, frame }
}

/// Every device's addresses, whether or not anything else is known about it.
fn gather_addresses(stations: &Stations, resolution: &Resolution, devices: &mut BTreeMap<DeviceKey, Gathered<'_>>) {
    for (entity, key) in stations.entities() {
        let Some(Owner::Device(device)) = resolution.owners.get(entity.index()) else { continue };
        let gathered = devices.entry(device.clone()).or_default();
        let EntityKey::Station(mac, ip) = key else { continue };
        let seen = stations.seen().get(&(*mac, *ip));
        let interface = mac.and_then(|mac| resolution.interfaces.get(&mac).map(|interface| (mac, interface)));
        if let Some(seen) = seen {
            widen(&mut gathered.span, seen.first, seen.last);
        }
        if interface.is_some_and(|(_, interface)| ip.is_some_and(|ip| interface.made_up.contains(&ip))) {
            continue;
        }
        // A device keyed by address behind a router does not own the router's hardware address.
        let owned = interface.filter(|(mac, interface)| owns(device, *mac, interface, *ip));
        if let Some((mac, interface)) = owned {
            gathered.is_gateway |= interface.is_gateway && *device == DeviceKey::Mac(mac);
            let vlans = gathered.macs.entry(mac).or_default();
            vlans.extend(seen.iter().flat_map(|seen| &seen.vlans));
        }
        if let (Some(ip), Some(Seen { first, last, bound, .. })) = (ip, seen) {
            let address = gathered.addresses.entry((owned.map(|(mac, _)| mac), *ip));
            let (known_first, known_last, known_bound) = address.or_insert((*first, *last, false));
            *known_first = (*known_first).min(*first);
            *known_last = (*known_last).max(*last);
            *known_bound |= !bound.is_empty();
        }
    }
}

fn owns(device: &DeviceKey, mac: MacAddr, interface: &Interface, ip: Option<IpAddr>) -> bool {
    *device == DeviceKey::Mac(mac) || ip.is_none_or(|ip| interface.own.contains(&ip))
}

fn widen(span: &mut Option<(Timestamp, Timestamp)>, first: Timestamp, last: Timestamp) {
    let (known_first, known_last) = span.unwrap_or((first, last));
    *span = Some((known_first.min(first), known_last.max(last)));
}

fn note_role<'k>(gathered: &mut Gathered<'k>, found: &RoleMatch<'k, '_>, flow: &Flow, peer: &Owner) {
    let role = gathered.roles.entry(&found.role.id).or_insert_with(|| RoleSeen {
        rule: &found.rule.id,
        field: format!("flow.{} {}", found.field, found.field_value),
        frame: flow.frame,
        count: 0,
        peers: BTreeSet::new(),
        peers_min: found.peers_min,
    });
    role.count = role.count.saturating_add(flow.connections);
    role.peers.insert(peer.clone());
}

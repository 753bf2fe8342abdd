//! From what is known about entities to the inventory: which entities are one device, what it is, what it does.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use model::observation::FrameRef;
use model::{MacAddr, Timestamp};

use crate::baseline::Flow;
use crate::evidence::{Ledger, Scored, score};
use crate::fold::{Analysis, Occasion, add};
use crate::inventory::{self, Inventory};
use crate::knowledge::{AttributeKind, Knowledge, RoleMatch};
use crate::resolve::{DeviceKey, Interface, Owner, Resolution, resolve};
use crate::stations::{EntityKey, Seen, Stations};

/// What is gathered about one device.
#[derive(Default)]
struct Gathered<'k> {
    ledger: Ledger<'k>,
    roles: BTreeMap<&'k str, RoleSeen<'k>>,
    addresses: BTreeMap<(Option<MacAddr>, IpAddr), (Timestamp, Timestamp, bool)>,
    macs: BTreeMap<MacAddr, BTreeSet<u16>>,
    is_gateway: bool,
    span: Option<(Timestamp, Timestamp)>,
    bytes_sent: u64,
    bytes_received: u64,
    peers: BTreeSet<Owner>,
}

/// A role's rule that held, and for how many peers.
struct RoleSeen<'k> {
    rule: &'k str,
    field: String,
    frame: FrameRef,
    count: u64,
    peers: BTreeSet<Owner>,
    peers_min: usize,
}

/// Rivals told of one attribute.
const RIVALS_MAX: usize = 8;

/// What tells a flow between devices.
type FlowKey = (Owner, Owner, u8, Option<u16>, &'static str);

impl<'k> Analysis<'k> {
    /// Concludes. `captures` are the names of the inputs, by their index in frame references.
    pub fn conclude(mut self, captures: &[String]) -> Inventory {
        let knows = |entity: crate::EntityId| self.ledgers.get(entity.index()).is_some_and(|ledger| !ledger.is_empty());
        let resolution = resolve(&self.stations, &self.routers, &knows);
        let mut devices: BTreeMap<DeviceKey, Gathered<'k>> = BTreeMap::new();
        gather_addresses(&self.stations, &resolution, &mut devices);
        for (owner, ledger) in resolution.owners.iter().zip(std::mem::take(&mut self.ledgers)) {
            if let Owner::Device(key) = owner {
                devices.entry(key.clone()).or_default().ledger.absorb(ledger);
            }
        }
        self.gather_makers(&resolution, &mut devices);
        self.gather_roles(&resolution, &mut devices);
        let flows = self.gather_flows(&resolution, &mut devices);
        let weaknesses = self.weakness_rows(&resolution, &mut devices, captures);
        let flow_rows = flows.iter().map(|(key, flow)| flow_row(key, flow, captures)).collect();
        let rows = devices
            .into_iter()
            .map(|(key, gathered)| device_row(&key, gathered, self.knowledge, self.prefixes, &resolution, captures));
        let mut rows: Vec<inventory::Device> = rows.collect();
        rows.sort_by(|a, b| a.id.cmp(&b.id));
        let counters = [
            ("entities_turned_away", self.stations.turned_away),
            ("flow_keys_turned_away", self.baseline.turned_away),
            ("weaknesses_turned_away", self.weaknesses_turned_away),
        ];
        Inventory {
            devices: rows,
            flows: flow_rows,
            weaknesses,
            owners: resolution.owners.iter().map(Owner::id).collect(),
            counters: counters.into(),
        }
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
        for ((from, to, ip_protocol, port, application), flow) in &flows {
            let numbers = (ip_protocol.to_string(), port.map(|port| port.to_string()));
            let mut fields = vec![("application", *application), ("ip_protocol", numbers.0.as_str())];
            fields.extend(numbers.1.as_deref().map(|port| ("port", port)));
            fields.extend(flow.operations.keys().map(|operation| ("operation", operation.as_str())));
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
                for found in self.knowledge.matches_fields(side, &fields) {
                    add(&mut gathered.ledger, &found, "flow", &occasion, flow.connections);
                }
                for found in self.knowledge.roles_of_fields(side, &fields) {
                    note_role(gathered, &found, flow, peer);
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
            if !matches!(owner, Owner::Device(key) if devices.contains_key(key)) {
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

fn capture(captures: &[String], frame: FrameRef) -> String {
    captures.get(frame.capture as usize).cloned().unwrap_or_default()
}

/// The first frame in which a hardware address was seen.
fn first_occasion(stations: &Stations, mac: MacAddr) -> Occasion {
    let all = stations.seen().range((mac, None)..).take_while(|((other, _), _)| *other == mac);
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
        let seen = mac.and_then(|mac| stations.seen().get(&(mac, *ip)));
        let interface = mac.and_then(|mac| resolution.interfaces.get(&mac).map(|interface| (mac, interface)));
        if let Some(seen) = seen {
            widen(&mut gathered.span, seen.first, seen.last);
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
            *known_bound |= bound.is_some();
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

fn device_row(
    key: &DeviceKey,
    gathered: Gathered<'_>,
    knowledge: &Knowledge,
    prefixes: &crate::prefixes::Prefixes,
    resolution: &Resolution,
    captures: &[String],
) -> inventory::Device {
    let interfaces = interface_rows(&gathered, prefixes);
    let mut conflicts = address_conflicts(&gathered, resolution);
    let mut attributes = BTreeMap::new();
    for attribute in knowledge.attributes().iter() {
        let values = gathered.ledger.values(attribute);
        if values.is_empty() {
            continue;
        }
        let ancestors = |value| knowledge.ancestors(attribute, value);
        let scored = score(attribute, &values, knowledge.weights(), &ancestors);
        let row = |scored: &Scored<'_, '_>, unknown: f64| one(scored, attribute.prior_db, unknown, knowledge, captures);
        match attribute.kind {
            AttributeKind::Exclusive => {
                let Some((best, rest)) = scored.split_first() else { continue };
                let rest: Vec<_> = rest.iter().filter(|rival| !rival.agrees_with(best)).collect();
                let unknown = 1.0 - best.confidence - rest.iter().map(|rival| rival.confidence).sum::<f64>();
                let mut chosen = row(best, unknown.max(0.0));
                let asserted = chosen.value.is_some();
                let rivals = (!asserted).then_some(best).into_iter().chain(rest);
                chosen.rivals = rivals
                    .take(RIVALS_MAX)
                    .map(|rival| {
                        let one = row(rival, unknown);
                        inventory::Rival {
                            value: rival.value.to_owned(),
                            confidence: one.confidence,
                            score_db: one.score_db,
                            evidence: one.evidence,
                        }
                    })
                    .collect();
                if !asserted {
                    chosen.evidence.clear();
                    chosen.confidence = round(unknown);
                }
                conflicts.extend(conflict(attribute.id.as_str(), &attribute.label, &scored, knowledge));
                attributes.insert(attribute.id.clone(), inventory::Attribute::One(chosen));
            }
            AttributeKind::List => {
                let ones = scored.iter().map(|value| row(value, 1.0 - value.confidence));
                let values: Vec<_> = ones.filter(|one| one.value.is_some()).collect();
                if !values.is_empty() {
                    attributes.insert(attribute.id.clone(), inventory::Attribute::Many { values });
                }
            }
        }
    }
    let roles = gathered.roles.iter().filter(|(_, seen)| seen.peers.len() >= seen.peers_min);
    let roles = roles.map(|(role, seen)| inventory::Role {
        role: (*role).to_owned(),
        rule: seen.rule.to_owned(),
        field: seen.field.clone(),
        capture: capture(captures, seen.frame),
        frame: seen.frame.number,
        count: seen.count,
    });
    let behind = match key {
        DeviceKey::Behind(parent, _) => Some(parent.id()),
        DeviceKey::Mac(_) | DeviceKey::Ip(_) => None,
    };
    inventory::Device {
        id: key.id(),
        name: crate::name::of(key, &attributes, &interfaces, gathered.is_gateway, knowledge),
        gateway: gathered.is_gateway,
        behind,
        attributes,
        roles: roles.collect(),
        conflicts,
        first: gathered.span.map(|(first, _)| first),
        last: gathered.span.map(|(_, last)| last),
        bytes_sent: gathered.bytes_sent,
        bytes_received: gathered.bytes_received,
        peers: gathered.peers.len(),
        interfaces,
    }
}

fn interface_rows(gathered: &Gathered<'_>, prefixes: &crate::prefixes::Prefixes) -> Vec<inventory::Interface> {
    let macs: BTreeSet<Option<MacAddr>> =
        gathered.macs.keys().map(|mac| Some(*mac)).chain(gathered.addresses.keys().map(|(mac, _)| *mac)).collect();
    let row = |mac: Option<MacAddr>| {
        let addresses = gathered.addresses.iter().filter(|((of, _), _)| *of == mac);
        inventory::Interface {
            mac,
            local: mac.is_some_and(MacAddr::is_local),
            organisation: mac.and_then(|mac| prefixes.organisation(mac)).map(str::to_owned),
            vlans: mac.and_then(|mac| gathered.macs.get(&mac)).into_iter().flatten().copied().collect(),
            addresses: addresses
                .map(|((_, ip), (first, last, bound))| inventory::Address {
                    ip: *ip,
                    first: *first,
                    last: *last,
                    bound: *bound,
                })
                .collect(),
        }
    };
    macs.into_iter().map(row).collect()
}

fn address_conflicts(gathered: &Gathered<'_>, resolution: &Resolution) -> Vec<inventory::Conflict> {
    let addresses: BTreeSet<IpAddr> = gathered.addresses.keys().map(|(_, ip)| *ip).collect();
    let claimed = addresses.iter().filter_map(|ip| Some((ip, resolution.conflicts.get(ip)?)));
    claimed
        .map(|(ip, macs)| inventory::Conflict {
            attribute: "address".to_owned(),
            text: format!("{ip} is claimed by {} hardware addresses at the same time", macs.len()),
            values: macs.iter().map(MacAddr::to_string).collect(),
        })
        .collect()
}

/// Two rivals that both have strong evidence from different families.
fn conflict(id: &str, label: &str, scored: &[Scored<'_, '_>], knowledge: &Knowledge) -> Option<inventory::Conflict> {
    let strong: Vec<&Scored<'_, '_>> = scored
        .iter()
        .filter(|rival| rival.families.values().copied().fold(0.0, f32::max) >= knowledge.weights().conflict_db)
        .collect();
    let first = strong.first()?;
    let second = strong.iter().find(|rival| !rival.agrees_with(first))?;
    let strongest =
        |rival: &Scored<'_, '_>| rival.families.iter().max_by(|a, b| a.1.total_cmp(b.1)).map(|(family, _)| *family);
    if strongest(first) == strongest(second) {
        return None;
    }
    Some(inventory::Conflict {
        attribute: id.to_owned(),
        text: format!("{label}: strong evidence for {} and for {}", first.value, second.value),
        values: strong.iter().map(|rival| rival.value.to_owned()).collect(),
    })
}

fn one(
    scored: &Scored<'_, '_>,
    prior_db: f32,
    unknown: f64,
    knowledge: &Knowledge,
    captures: &[String],
) -> inventory::One {
    let weights = knowledge.weights();
    let state = if scored.confidence >= f64::from(weights.probable) {
        "probable"
    } else if scored.confidence >= f64::from(weights.tentative) {
        "tentative"
    } else {
        "unknown"
    };
    let mut evidence: Vec<inventory::Evidence> = scored
        .evidence
        .iter()
        .map(|piece| inventory::Evidence {
            rule: piece.rule.id.clone(),
            family: piece.rule.family.name(),
            weight_db: round(f64::from(piece.weight_db)),
            counted_db: 0.0,
            field: piece.field.clone(),
            value: piece.field_value.clone(),
            capture: capture(captures, piece.frame),
            frame: piece.frame.number,
            count: piece.count,
            first: piece.first,
            last: piece.last,
            source: piece.rule.source.clone(),
        })
        .collect();
    evidence.sort_by(|a, b| {
        let size = |piece: &inventory::Evidence| piece.weight_db.abs();
        size(b).total_cmp(&size(a)).then_with(|| a.rule.cmp(&b.rule))
    });
    count_in(&mut evidence, scored, weights.damping);
    inventory::One {
        value: (state != "unknown").then(|| scored.value.to_owned()),
        confidence: round(scored.confidence),
        state,
        prior_db: round(f64::from(prior_db)),
        score_db: round(f64::from(scored.score_db)),
        unknown: round(unknown),
        rivals: Vec::new(),
        evidence,
    }
}

/// What each piece added: the strongest of its family and sign in full, the rest damped, all scaled to the family's cap.
fn count_in(evidence: &mut [inventory::Evidence], scored: &Scored<'_, '_>, damping: f32) {
    for (family, counted) in &scored.families {
        let mut raw = 0.0;
        for positive in [true, false] {
            let mut is_first = true;
            let same =
                |piece: &&mut inventory::Evidence| piece.family == family.name() && (piece.weight_db > 0.0) == positive;
            for piece in evidence.iter_mut().filter(same) {
                piece.counted_db = piece.weight_db * if is_first { 1.0 } else { f64::from(damping) };
                raw += piece.counted_db;
                is_first = false;
            }
        }
        let scale = if raw == 0.0 { 0.0 } else { f64::from(*counted) / raw };
        for piece in evidence.iter_mut().filter(|piece| piece.family == family.name()) {
            piece.counted_db = round(piece.counted_db * scale);
        }
    }
}

/// Four decimals: enough to read, few enough that no machine's last bit shows.
fn round(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

fn flow_row((from, to, ip_protocol, port, application): &FlowKey, flow: &Flow, captures: &[String]) -> inventory::Flow {
    let scope = match (from, to) {
        (_, Owner::Group(_)) => "group",
        (Owner::External(_), _) | (_, Owner::External(_)) => "external",
        (_, Owner::Silent(_)) => "silent",
        _ => "east_west",
    };
    let day = |day: &i64| {
        let start = Timestamp(day.saturating_mul(86_400).saturating_mul(1_000_000_000));
        start.to_string().get(..10).unwrap_or_default().to_owned()
    };
    inventory::Flow {
        from: from.id(),
        to: to.id(),
        service: inventory::Service { ip_protocol: *ip_protocol, port: *port },
        application: (!application.is_empty()).then_some(*application),
        operations: flow.operations.clone(),
        connections: flow.connections,
        answered: flow.answered,
        bytes_sent: flow.bytes_sent,
        bytes_received: flow.bytes_received,
        first: flow.first,
        last: flow.last,
        days: flow.days.iter().map(day).collect(),
        hours_of_week: flow.hours_of_week(),
        scope,
        capture: capture(captures, flow.frame),
        frame: flow.frame.number,
    }
}

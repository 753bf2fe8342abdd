//! What was gathered about devices, flows and weaknesses, as rows of the output files.

mod reports;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

use model::observation::FrameRef;
use model::{MacAddr, Timestamp};

use crate::baseline::{Flow, OperationNames};
use crate::conclude::{FlowKey, Gathered, RoleSeen};
use crate::evidence::{Kin, Ledger, Occasion, Piece, Playing, Scored, score};
use crate::inventory;
use crate::knowledge::{Attribute, AttributeKind, CATEGORY, Family, Knowledge, VENDOR};
use crate::owners::Owners;
use crate::resolve::{DeviceKey, Owner, Resolution};

/// Rivals told of one attribute.
const RIVALS_MAX: usize = 8;
/// From this many makers on, or kinds of medical device, that medical messages claim of their speaker, it is a relay.
const RELAYED_MAKERS: usize = 2;
const RELAYED_KINDS: usize = 3;
/// Claimants of one address, or made-up addresses of one device, that are named.
const CLAIMS_SHOWN_MAX: usize = 8;
/// The kind of medical device that speaks for others.
const GATEWAY: &str = "medical_gateway";

/// Whether medical messages tell several stories of their speaker: two makers, or three kinds of device of which none is
/// a kind of another (two are common: a scanner for PET and CT). Then it sends on what others wrote, as archives and
/// integration engines do, and the messages say little of itself.
fn is_relay(ledger: &Ledger<'_>, knowledge: &Knowledge) -> bool {
    if !ledger.has_family(Family::MedicalSelf) {
        return false;
    }
    let of = |id: &str| knowledge.attributes().iter().find(|attribute| attribute.id == id);
    let makers = of(VENDOR).map(|vendor| ledger.told_of_itself(vendor, knowledge.weights().conflict_db).len());
    let kinds = of(CATEGORY).map(|category| {
        let told: Vec<&str> = ledger.told_of_itself(category, f32::MIN_POSITIVE);
        let told: Vec<&str> = told.into_iter().filter(|kind| !stands_between(category, kind, knowledge)).collect();
        let special =
            told.iter().filter(|kind| !told.iter().any(|other| knowledge.ancestors(category, other).contains(kind)));
        special.count()
    });
    makers >= Some(RELAYED_MAKERS) || kinds >= Some(RELAYED_KINDS)
}

/// Whether a relay may well be that: what is no medical device itself, or the gateway of some.
fn stands_between(attribute: &Attribute, value: &str, knowledge: &Knowledge) -> bool {
    attribute.kind == AttributeKind::List
        || attribute.id == CATEGORY
            && (value == GATEWAY || knowledge.categories().get(value).is_none_or(|category| !category.medical))
}

pub(crate) fn capture(captures: &[Arc<str>], frame: FrameRef) -> Arc<str> {
    captures.get(frame.capture as usize).map_or_else(Arc::default, Arc::clone)
}

/// What rows are told from besides what was gathered.
pub(crate) struct Telling<'a> {
    pub(crate) knowledge: &'a Knowledge,
    pub(crate) prefixes: &'a crate::prefixes::Prefixes,
    pub(crate) resolution: &'a Resolution,
    pub(crate) captures: &'a [Arc<str>],
}

pub(crate) fn device_row<'k>(
    id: &str,
    key: &DeviceKey,
    mut gathered: Gathered<'k>,
    ledger: &mut Ledger<'k>,
    telling: &Telling<'k>,
) -> inventory::Device {
    let Telling { knowledge, prefixes, resolution, captures } = *telling;
    let interfaces = interface_rows(&mut gathered, prefixes);
    let mut conflicts = address_conflicts(&interfaces, resolution);
    let stands = |role: &str| gathered.roles.get(role).is_some_and(|seen| seen.peers.len() >= seen.peers_min);
    let is_other = |id: &str| {
        let role = knowledge.roles().iter().find(|role| role.id == id);
        let plays = |other: &Option<String>| other.as_deref().is_some_and(stands);
        role.is_some_and(|role| plays(&role.not_with) && !plays(&role.unless_with))
    };
    let plays = || gathered.roles.iter().filter(|(role, _)| stands(role) && !is_other(role));
    let playing: Vec<Playing<'_>> = plays()
        .map(|(role, RoleSeen { field, frame, count, .. })| Playing { role, field, frame: *frame, count: *count })
        .collect();
    let since = gathered.span.map_or(Timestamp(0), |(first, _)| first);
    for Playing { role, frame, count, .. } in &playing {
        let fields = [("role", *role)];
        for found in knowledge.matches_fields("role.played", &fields) {
            ledger.add(&Piece::claimed(&found, "role"), &Occasion { time: since, frame: *frame }, *count);
        }
    }
    let attributes = attribute_rows(ledger, &playing, telling, &mut conflicts);
    let roles = plays().map(|(role, seen)| inventory::Role {
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
    gathered.peers.sort_unstable();
    gathered.peers.dedup();
    inventory::Device {
        id: id.to_owned(),
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
        evidence_turned_away: ledger.turned_away,
        interfaces,
    }
}

/// What is known of each attribute; two strong stories about one of them are a conflict.
fn attribute_rows<'k>(
    ledger: &mut Ledger<'k>,
    plays: &[Playing<'_>],
    &Telling { knowledge, captures, .. }: &Telling<'k>,
    conflicts: &mut Vec<inventory::Conflict>,
) -> BTreeMap<String, inventory::Attribute> {
    let mut attributes = BTreeMap::new();
    let is_relay = is_relay(ledger, knowledge);
    conflicts.extend(reports::doubt(ledger, knowledge));
    if !is_relay {
        ledger.corroborate(knowledge, plays);
    }
    let known = knowledge.attributes().iter().filter(|_| !ledger.is_empty());
    for attribute in known {
        let values = ledger.current_values(attribute);
        if values.is_empty() {
            continue;
        }
        let ancestors = |value| knowledge.ancestors(attribute, value);
        let is_built_on = |value: &str, other: &str| knowledge.is_built_on(attribute, value, other);
        let kin = Kin { ancestors: &ancestors, is_built_on: &is_built_on };
        let relayed = |value: &str| is_relay && !stands_between(attribute, value, knowledge);
        let scored = score(attribute, &values, knowledge.weights(), &relayed, &kin);
        let row = |scored: &Scored<'_, '_>, unknown: f64| one(scored, attribute.prior_db, unknown, knowledge, captures);
        match attribute.kind {
            AttributeKind::Exclusive => {
                let Some((best, rest)) = scored.split_first() else { continue };
                let rest: Vec<_> = rest.iter().filter(|rival| !rival.agrees_with(best)).collect();
                let unknown = 1.0 - best.confidence - rest.iter().map(|rival| rival.confidence).sum::<f64>();
                let mut chosen = row(best, unknown.max(0.0));
                let asserted = chosen.value.is_some();
                let rivals = (!asserted).then_some(best).into_iter().chain(rest);
                let has_support = |rival: &&Scored<'_, '_>| rival.evidence.iter().any(|piece| piece.weight_db > 0.0);
                chosen.rivals = rivals
                    .filter(has_support)
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
                conflicts.extend(reports::conflict(attribute, &scored));
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
    attributes
}

/// In order of hardware address, addresses in order.
fn interface_rows(gathered: &mut Gathered<'_>, prefixes: &crate::prefixes::Prefixes) -> Vec<inventory::Interface> {
    let Gathered { macs, addresses, .. } = gathered;
    macs.sort_unstable();
    addresses.sort_unstable_by_key(|(mac, address)| (*mac, address.ip));
    let known = macs.iter().map(|(mac, _)| Some(*mac)).chain(addresses.iter().map(|(mac, _)| *mac));
    let mut interfaces: Vec<Option<MacAddr>> = known.collect();
    interfaces.sort_unstable();
    interfaces.dedup();
    let (mut macs, mut addresses) = (macs.iter().copied().peekable(), std::mem::take(addresses).into_iter().peekable());
    let row = |mac: Option<MacAddr>| {
        let mut vlans: Vec<u16> = Vec::new();
        while let Some((_, vlan)) = macs.next_if(|(of, _)| Some(*of) == mac) {
            vlans.extend(vlan.filter(|vlan| vlans.last() != Some(vlan)));
        }
        let mut rows: Vec<inventory::Address> = Vec::new();
        while let Some((_, address)) = addresses.next_if(|(of, _)| *of == mac) {
            match rows.last_mut().filter(|known| known.ip == address.ip) {
                Some(known) => {
                    known.first = known.first.min(address.first);
                    known.last = known.last.max(address.last);
                    known.bound |= address.bound;
                }
                None => rows.push(address),
            }
        }
        inventory::Interface {
            mac,
            local: mac.is_some_and(MacAddr::is_local),
            organisation: mac.and_then(|mac| prefixes.organisation(mac)).map(str::to_owned),
            vlans,
            addresses: rows,
        }
    };
    interfaces.into_iter().map(row).collect()
}

fn address_conflicts(rows: &[inventory::Interface], resolution: &Resolution) -> Vec<inventory::Conflict> {
    let claims = |(mac, ip): (Option<MacAddr>, IpAddr)| {
        let macs = resolution.conflicts.get(&ip)?;
        // The same address on another VLAN is somebody else's.
        mac.is_none_or(|mac| macs.contains(&mac)).then_some((ip, macs))
    };
    let held = rows.iter().flat_map(|row| row.addresses.iter().map(move |address| (row.mac, address.ip)));
    let interface = |mac: MacAddr| Some((mac, resolution.interfaces.get(&mac)?));
    let disputed = rows.iter().filter_map(|row| interface(row.mac?));
    let disputed = disputed.flat_map(|(mac, interface)| interface.disputed.iter().map(move |ip| (Some(mac), *ip)));
    let claimed: BTreeMap<IpAddr, &BTreeSet<MacAddr>> = held.chain(disputed).filter_map(claims).collect();
    let claimed = claimed.into_iter().map(|(ip, macs)| inventory::Conflict {
        attribute: "address".to_owned(),
        text: format!("{ip} is claimed or used by {} hardware addresses at the same time", macs.len()),
        values: macs.iter().take(CLAIMS_SHOWN_MAX).map(MacAddr::to_string).collect(),
    });
    let interfaces = rows.iter().filter_map(|row| interface(row.mac?));
    let made_up = interfaces.filter(|(_, interface)| !interface.made_up.is_empty()).map(|(mac, interface)| {
        let more = if interface.is_crowded { "more than " } else { "" };
        inventory::Conflict {
            attribute: "address".to_owned(),
            text: format!("{mac} sends with {more}{} made-up source addresses", interface.made_up.len()),
            values: interface.made_up.iter().take(CLAIMS_SHOWN_MAX).map(IpAddr::to_string).collect(),
        }
    });
    claimed.chain(made_up).collect()
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
    captures: &[Arc<str>],
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
            rule: Arc::clone(&piece.rule.id),
            family: piece.family.name(),
            weight_db: round(f64::from(piece.weight_db)),
            counted_db: 0.0,
            field: Arc::clone(&piece.field),
            value: Arc::clone(&piece.field_value),
            also: inventory::Also(Arc::clone(&piece.also)),
            capture: capture(captures, piece.frame),
            frame: piece.frame.number,
            count: piece.count,
            first: piece.first,
            last: piece.last,
            source: Arc::clone(&piece.rule.source),
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

pub(crate) fn flow_row(
    (from, to, ip_protocol, port, application): &FlowKey,
    flow: &Flow,
    names: &OperationNames,
    owners: &Owners<'_>,
    Telling { resolution, captures, .. }: &Telling<'_>,
) -> inventory::Flow {
    let is_outside = |owner: &Owner| match owner {
        Owner::External(_) => true,
        Owner::Device(DeviceKey::Ip(ip)) => resolution.devices_outside.contains(ip),
        Owner::Device(_) | Owner::Group(_) | Owner::Silent(_) | Owner::Nobody => false,
    };
    let ends = (owners.owner(*from), owners.owner(*to));
    let scope = match ends {
        (_, Owner::Group(_)) => "group",
        _ if is_outside(ends.0) || is_outside(ends.1) => "external",
        (_, Owner::Silent(_)) => "silent",
        _ => "east_west",
    };
    inventory::Flow {
        from: owners.shared_name(*from),
        to: owners.shared_name(*to),
        ends: (from.number(), to.number()),
        service: inventory::Service { ip_protocol: *ip_protocol, port: *port },
        application: (!application.is_empty()).then_some(*application),
        operations: flow.operations.by_name(names),
        connections: flow.connections,
        answered: flow.answered,
        bytes_sent: flow.bytes_sent,
        bytes_received: flow.bytes_received,
        first: flow.first,
        last: flow.last,
        days: flow.days.iter().copied().map(inventory::Day).collect(),
        hours_of_week: inventory::HoursOfWeek(flow.hours),
        scope,
        capture: capture(captures, flow.frame),
        frame: flow.frame.number,
    }
}

//! What could be done: segments, the way to the internet, the makers' updates, settings, and virtual patches, each for all devices
//! that it concerns at once.

use std::collections::BTreeMap;

use analysis::advisories::Verdict;
use analysis::risks::action::{Action, Approval, Effect, Measure};
use analysis::risks::what_if::Edit;
use analysis::risks::{Numbers, Presence, Reach, Score, Tables};
use model::advisory::RemedyKind;

use super::graph::Built;
use crate::risk::{Assessed, Inventory, Matched};
use crate::words::count;

/// Person-days for a segment around one network: rules, replay, change window. Our choice.
const SEGMENT_DAYS: f64 = 3.0;
/// Person-days to close a way to the internet. Our choice.
const INTERNET_DAYS: f64 = 1.0;
/// Person-days to begin work on a model: reading the maker's text, planning with the ward. Our choice.
const BEGIN_DAYS: f64 = 0.5;
/// How likely a segment disturbs care although it was replayed. Our choice.
const SEGMENT_CLINICAL_RISK: f64 = 0.02;
/// Hours that a device stands still for its update. Our choice.
const UPDATE_HOURS: f64 = 1.0;

const NETWORK: &str = "Network";
const ENGINEERING: &str = "Clinical engineering";
const IT: &str = "IT";

/// An action with what to tell people of it.
pub struct Proposal {
    /// What it does to the graph, and what it costs.
    pub action: Action,
    /// Which kind of work, for work orders.
    pub kind: &'static str,
    /// Who usually does it.
    pub who: &'static str,
    /// Why, with the source's own words where there are any.
    pub why: String,
    /// Devices that it concerns, by their places.
    pub devices: Vec<usize>,
}

/// Everything that could be done.
pub fn propose(inventory: &Inventory, assessed: &[Assessed], built: &Built, tables: &Tables) -> Vec<Proposal> {
    let mut proposals = segments(assessed, built, tables);
    proposals.extend(internet(inventory, built));
    for (name, devices) in models(inventory) {
        proposals.extend(of_model(&name, &devices, assessed, built, tables));
    }
    proposals
}

fn action(name: String, measure: Measure, effects: Vec<Effect>, person_days: f64) -> Action {
    Action { name, measure, effects, person_days, downtime_hours: 0.0, clinical_risk: 0.0, active: false }
}

/// Around each network with devices that matter to patients: only what was seen goes in.
fn segments(assessed: &[Assessed], built: &Built, tables: &Tables) -> Vec<Proposal> {
    let regulated = |device: &usize| assessed.get(*device).is_some_and(|one| one.subject.clinical.regulated);
    let segment = |(network, edges): (&String, &Vec<(u32, usize)>)| {
        let inside: Vec<(u32, usize)> = edges.iter().filter(|(_, device)| regulated(device)).copied().collect();
        let reach = Numbers::expected(tables).of(Reach::MicroSegment);
        let effects: Vec<Effect> = inside.iter().map(|(edge, _)| Effect::Edge { edge: *edge, reach }).collect();
        let devices: Vec<usize> = inside.iter().map(|(_, device)| *device).collect();
        let name = format!(
            "Segment {network}: let only the flows that were seen reach its {}",
            count(devices.len() as u64, "medical device", "medical devices")
        );
        let action = Action {
            clinical_risk: SEGMENT_CLINICAL_RISK,
            ..action(name, Measure::Segment(None), effects, SEGMENT_DAYS)
        };
        let why = "Whoever is in that network, or in one that reaches it, reaches these devices today.".to_owned();
        (!devices.is_empty()).then_some(Proposal { action, kind: "segment", who: NETWORK, why, devices })
    };
    built.into.iter().filter_map(segment).collect()
}

/// The way from and to the internet, device by device where it is spoken to, all at once where it only speaks.
fn internet(inventory: &Inventory, built: &Built) -> Vec<Proposal> {
    let name = |device: usize| inventory.devices.get(device).map_or("", |device| device.name.as_str());
    let mut proposals: Vec<Proposal> = built
        .from_internet
        .iter()
        .map(|(device, edge)| {
            let named = format!("Take {} off the internet", name(*device));
            let effects = vec![Effect::Edge { edge: *edge, reach: 0.0 }];
            let peer = inventory.devices.get(*device).and_then(|device| device.inwards.clone()).unwrap_or_default();
            Proposal {
                action: action(named, Measure::Segment(None), effects, INTERNET_DAYS),
                kind: "segment",
                who: NETWORK,
                why: format!("It was spoken to from outside: {peer}."),
                devices: vec![*device],
            }
        })
        .collect();
    if !built.to_internet.is_empty() {
        let effects = built.to_internet.values().map(|edge| Effect::Edge { edge: *edge, reach: 0.0 }).collect();
        let devices: Vec<usize> = built.to_internet.keys().copied().collect();
        let named =
            format!("Let {} reach the internet through a proxy only", count(devices.len() as u64, "device", "devices"));
        proposals.push(Proposal {
            action: action(named, Measure::Segment(None), effects, INTERNET_DAYS),
            kind: "segment",
            who: NETWORK,
            why: "They speak to addresses beyond the hospital directly.".to_owned(),
            devices,
        });
    }
    proposals
}

/// Devices that are called the same: makers' updates and settings are the same for them.
fn models(inventory: &Inventory) -> BTreeMap<String, Vec<usize>> {
    let mut models: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, device) in inventory.devices.iter().enumerate() {
        let attribute = |name: &str| device.attributes.get(name).map(String::as_str);
        let model = attribute("model").or_else(|| attribute("family"));
        let name = match (attribute("vendor"), model) {
            (Some(vendor), Some(model)) => format!("{vendor} {model}"),
            (None, Some(model)) => model.to_owned(),
            _ => device.name.clone(),
        };
        models.entry(name).or_default().push(place);
    }
    models
}

fn of_model(name: &str, devices: &[usize], assessed: &[Assessed], built: &Built, tables: &Tables) -> Vec<Proposal> {
    let subjects: Vec<(usize, &Assessed)> =
        devices.iter().filter_map(|device| Some((*device, assessed.get(*device)?))).collect();
    // Medical devices are touched by those alone who answer for them.
    let is_medical = subjects.iter().any(|(_, one)| one.subject.clinical.regulated);
    let who = if is_medical { ENGINEERING } else { IT };
    let mut proposals = Vec::new();
    // The edits of all devices of the model, by what they are called.
    let mut edits: BTreeMap<(u8, String), Vec<(usize, Edit)>> = BTreeMap::new();
    for (device, one) in &subjects {
        for edit in Edit::all(&one.subject) {
            let key = match edit {
                // Nobody installs an update because of what may be meant.
                Edit::Update if fix(one).is_none() => continue,
                Edit::Update => (0, String::new()),
                Edit::Mend(at) => match one.subject.weaknesses.get(at) {
                    Some(weakness) if one.accepted.contains(&*weakness.name) => continue,
                    // Whom nobody knows cannot be configured.
                    Some(weakness) if *weakness.name == *"unknown_identity" => continue,
                    Some(weakness) if weakness.presence == Presence::Seen => (1, weakness.name.to_string()),
                    _ => continue,
                },
                Edit::VirtualPatch(at) => match one.matched.get(at) {
                    Some(matched) if one.accepted.contains(&matched.cve) => continue,
                    Some(matched) if matched.verdict == Verdict::Affected => (2, String::new()),
                    _ => continue,
                },
                _ => continue,
            };
            edits.entry(key).or_default().push((*device, edit));
        }
    }
    for ((kind, weakness), edits) in edits {
        let mut by_device: BTreeMap<usize, Vec<Edit>> = BTreeMap::new();
        for (device, edit) in edits {
            by_device.entry(device).or_default().push(edit);
        }
        let effects = by_device.iter().filter_map(|(device, edits)| {
            let mut subject = assessed.get(*device)?.subject.clone();
            edits.iter().for_each(|edit| edit.apply(&mut subject));
            let score = Score::of(&subject, tables);
            let node = built.first_device.saturating_add(u32::try_from(*device).ok()?);
            Some(Effect::Node { node, susceptibility: (score.susceptibility * score.host).clamp(0.0, 1.0) })
        });
        let effects: Vec<Effect> = effects.collect();
        let touched: Vec<usize> = by_device.keys().copied().collect();
        let days: f64 = by_device.values().flatten().map(|edit| edit.person_days(tables)).sum::<f64>() + BEGIN_DAYS;
        let many = match touched.len() {
            1 => name.to_owned(),
            many => format!("{many} × {name}"),
        };
        let first = touched.first().and_then(|device| assessed.get(*device));
        let proposal = match kind {
            0 => {
                let Some((approval, why)) = first.and_then(fix) else { continue };
                let Some(approval) = Approval::new(&approval) else { continue };
                let action = Action {
                    downtime_hours: UPDATE_HOURS * touched.len() as f64,
                    active: true,
                    ..action(
                        format!("Install the maker's update on {many}"),
                        Measure::Patch(Some(approval)),
                        effects,
                        days,
                    )
                };
                Proposal { action, kind: "patch", who, why, devices: touched }
            }
            1 => {
                let label = tables.label(&weakness).unwrap_or(&weakness).to_owned();
                let action = Action {
                    active: true,
                    ..action(format!("Configure {many}: {label}"), Measure::Configure, effects, days)
                };
                let from = first.and_then(|one| one.subject.weaknesses.iter().find(|known| *known.name == *weakness));
                let why = from.map_or_else(String::new, |known| format!("Seen in {}.", known.from));
                Proposal { action, kind: "configure", who, why, devices: touched }
            }
            _ => Proposal {
                action: action(
                    format!("Block what uses the vulnerabilities of {many} before it"),
                    Measure::VirtualPatch,
                    effects,
                    days,
                ),
                kind: "virtual_patch",
                who: NETWORK,
                why: first.map(listed).unwrap_or_default(),
                devices: touched,
            },
        };
        proposals.push(proposal);
    }
    proposals
}

/// The advisories whose fix mends what a device has for certain, and what they say.
fn fix(assessed: &Assessed) -> Option<(String, String)> {
    let is_open = |one: &&Matched| one.verdict == Verdict::Affected && !assessed.accepted.contains(&one.cve);
    let affected = assessed.matched.iter().filter(is_open);
    let fixes = affected.flat_map(|one| one.remedies.iter().map(move |(kind, text)| (one, kind, text)));
    let fixes: BTreeMap<&str, &str> = fixes
        .filter(|(_, kind, _)| **kind == RemedyKind::VendorFix)
        .map(|(one, _, text)| (one.advisory.as_str(), text.trim()))
        .collect();
    let said: Vec<String> = fixes.iter().map(|(advisory, text)| format!("{advisory}: “{text}”")).collect();
    let names: Vec<&str> = fixes.keys().copied().collect();
    (!fixes.is_empty()).then(|| (names.join(", "), said.join(" ")))
}

fn listed(assessed: &Assessed) -> String {
    let cves: Vec<&str> =
        assessed.matched.iter().filter(|one| one.verdict == Verdict::Affected).map(|one| one.cve.as_str()).collect();
    cves.join(", ")
}

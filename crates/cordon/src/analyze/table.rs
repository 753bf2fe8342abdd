//! The inventory on a terminal: the devices that matter most first, one line each.

use std::collections::BTreeMap;
use std::path::Path;

use analysis::inventory::Inventory;
use analysis::knowledge::Knowledge;

use super::manifest::Manifest;
use super::order::Order;
use crate::folder::REPORT;
use crate::terminal::{self, Column, Terminal};
use crate::words::{address, count, is_medical, printable, sure, thousands, what};

/// Rows shown without `--all`.
const ROWS_MAX: usize = 40;

/// The table, a summary above it, and where the rest lies.
pub fn text(order: &Order<'_>, manifest: &Manifest, knowledge: &Knowledge, all: bool, stands: &Path) -> String {
    let inventory = order.inventory;
    let mut text = summary(inventory, manifest, knowledge);
    if !inventory.devices.is_empty() {
        text.push('\n');
        text.push_str(&table(Terminal::of_output(), order, knowledge, all));
    }
    for capture in &manifest.captures {
        let empty = (capture.frames == 0).then_some("holds no frame");
        for note in empty.into_iter().chain(capture.notes.iter().map(String::as_str)) {
            text.push_str(&format!("\nNote: {}: {}.", printable(&capture.name), printable(note)));
        }
    }
    for note in &manifest.knowledge.notes {
        text.push_str(&format!("\nNote: {}.", printable(note)));
    }
    text.extend(limits(&manifest.counters).map(|limit| format!("\nNote: a limit was reached: {limit}.")));
    let report = stands.join(REPORT);
    text.push_str(&format!("\nReport: {}\n", printable(&report.display().to_string())));
    if let Some(device) = order.devices().next() {
        let folder = quoted(&printable(&stands.display().to_string()));
        text.push_str(&format!("Why:    cordon why {} --flows {folder}\n", quoted(&device.id)));
    }
    text
}

/// Limits that kept something out of the results, in words.
fn limits(counters: &BTreeMap<&'static str, u64>) -> impl Iterator<Item = String> {
    const LIMITS: [(&str, &str); 7] = [
        ("entities_turned_away", "sightings of stations beyond those that can be told apart"),
        ("addresses_turned_away", "sightings of addresses beyond those of one hardware address that can be told apart"),
        (
            "spoken_to_turned_away",
            "attempts to reach silent addresses beyond those of one sender that can be told apart",
        ),
        ("flow_keys_turned_away", "connections that are in no flow, beyond the flows that can be told apart"),
        ("flow_ports_told_together", "connections without their port in the flows, beyond the ports of one sender"),
        ("weaknesses_turned_away", "weaknesses left out"),
        ("cut_by_flow_limit", "connections ended early, beyond those that can be followed at once"),
    ];
    LIMITS.into_iter().filter_map(|(counter, words)| {
        let reached = counters.get(counter).copied().filter(|count| *count > 0)?;
        Some(format!("{} {words}", thousands(reached)))
    })
}

/// As a shell takes it for one word.
fn quoted(text: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "/._-~:+@,".contains(letter);
    if text.chars().all(is_plain) && !text.starts_with('~') {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn summary(inventory: &Inventory, manifest: &Manifest, knowledge: &Knowledge) -> String {
    let frames: u64 = manifest.captures.iter().map(|capture| capture.frames).sum();
    let time = match (manifest.first, manifest.last) {
        (Some(first), Some(last)) => format!(", {} to {} UTC", minute(first), minute(last)),
        _ => String::new(),
    };
    let medical = inventory.devices.iter().filter(|device| is_medical(device, knowledge)).count();
    let unknown = inventory.devices.iter().filter(|device| what(device, knowledge).is_none()).count();
    format!(
        "{} in {}{time}\n{} ({medical} medical, {unknown} of unknown kind), {}, {}\n",
        count(frames, "frame", "frames"),
        count(manifest.captures.len() as u64, "capture", "captures"),
        count(inventory.devices.len() as u64, "device", "devices"),
        count(inventory.flows.len() as u64, "flow", "flows"),
        count(inventory.weaknesses.len() as u64, "weakness", "weaknesses"),
    )
}

fn minute(time: model::Timestamp) -> String {
    time.to_string().get(..16).unwrap_or_default().replace('T', " ")
}

/// What the terminal shows of a device.
const COLUMNS: &[Column] = &[
    Column::text("Device", 22, 44, 0),
    Column::text("What it is", 16, 34, 0),
    Column::text("How sure", 15, 16, 0),
    Column::text("Address", 15, 24, 0),
    Column::number("Weak", 0),
    Column::number("Peers", 1),
    // Cut, it would be of no use.
    Column::text("Identifier", 48, 48, 2),
];
/// The place of the column that needs a look.
const WEAK: usize = 4;

fn table(terminal: Terminal, order: &Order<'_>, knowledge: &Knowledge, all: bool) -> String {
    let known = order.inventory.devices.as_slice();
    // The devices stand in order of identifier.
    let with_id =
        |id: &str| known.binary_search_by(|device| device.id.as_str().cmp(id)).ok().and_then(|at| known.get(at));
    let shown = if all { known.len() } else { known.len().min(ROWS_MAX) };
    let rows: Vec<Vec<String>> = order
        .devices()
        .take(shown)
        .map(|device| {
            let (kind, state) = match what(device, knowledge) {
                Some((label, confidence)) => (label.to_owned(), sure(device, confidence)),
                None => ("unknown".to_owned(), String::new()),
            };
            let place = match (address(device), &device.behind) {
                (own, None) => own,
                (own, Some(_)) if !own.is_empty() => own,
                (_, Some(parent)) => {
                    let through = with_id(parent).map(address);
                    format!("via {}", through.filter(|text| !text.is_empty()).unwrap_or_else(|| parent.clone()))
                }
            };
            let weaknesses = order.weaknesses(device).map(|count| count.to_string()).unwrap_or_default();
            let peers = thousands(device.peers as u64);
            vec![device.name.clone(), kind, state, place, weaknesses, peers, device.id.clone()]
        })
        .collect();
    let mut text = terminal::table(terminal, COLUMNS, &rows, Some(WEAK));
    let hidden = known.len().saturating_sub(shown);
    if hidden > 0 {
        text.push_str(&format!("… and {} more: add --all, or open the report\n", thousands(hidden as u64)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_told_only_where_it_was_reached() {
        let counters = [("flow_keys_turned_away", 40_003), ("weaknesses_turned_away", 0), ("frames", 9)];
        let told: Vec<String> = limits(&counters.into()).collect();
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with("40,003 connections"), "{told:?}");
    }
}

//! The inventory on a terminal: the devices that matter most first, one line each.

use std::collections::BTreeMap;
use std::path::Path;

use analysis::inventory::{Device, Inventory};
use analysis::knowledge::Knowledge;
use comfy_table::{Cell, ContentArrangement, Table, presets};

use super::manifest::Manifest;
use crate::words::{address, count, is_medical, printable, sure, what};

/// Rows shown without `--all`.
const ROWS_MAX: usize = 40;

/// The table, a summary above it, and where the rest lies.
pub fn text(inventory: &Inventory, manifest: &Manifest, knowledge: &Knowledge, all: bool, stands: &Path) -> String {
    let mut text = summary(inventory, manifest, knowledge);
    if !inventory.devices.is_empty() {
        text.push('\n');
        text.push_str(&table(inventory, knowledge, all));
        text.push('\n');
    }
    for capture in &manifest.captures {
        for note in &capture.notes {
            text.push_str(&format!("\nNote: {}: {note}.", capture.name));
        }
    }
    for note in &manifest.knowledge.notes {
        text.push_str(&format!("\nNote: {note}."));
    }
    let report = stands.join("report.html");
    text.push_str(&format!("\nReport: {}\n", report.canonicalize().unwrap_or(report).display()));
    if let Some(device) = inventory.devices.first() {
        let example = inventory.devices.iter().find(|device| is_medical(device, knowledge)).unwrap_or(device);
        text.push_str(&format!("Why:    cordon why {} --flows {}\n", example.id, stands.display()));
    }
    text
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

fn table(inventory: &Inventory, knowledge: &Knowledge, all: bool) -> String {
    let mut weak: BTreeMap<&str, usize> = BTreeMap::new();
    for weakness in &inventory.weaknesses {
        let known = weak.entry(&weakness.device).or_default();
        *known = known.saturating_add(1);
    }
    let mut devices: Vec<&Device> = inventory.devices.iter().collect();
    let rank = |device: &Device| {
        let kind = what(device, knowledge);
        let confidence = kind.as_ref().map_or(0.0, |(_, confidence)| *confidence);
        (u8::from(!is_medical(device, knowledge)), -confidence)
    };
    devices.sort_by(|a, b| {
        let (one, other) = (rank(a), rank(b));
        one.0
            .cmp(&other.0)
            .then(one.1.total_cmp(&other.1))
            .then_with(|| a.name.cmp(&b.name))
            .then_with(|| a.id.cmp(&b.id))
    });
    let shown = if all { devices.len() } else { devices.len().min(ROWS_MAX) };
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    if let Some((width, _)) = terminal_size::terminal_size() {
        table.set_width(width.0);
    }
    table.set_header(["Device", "What it is", "How sure", "Address", "Peers", "Weak", "Identifier"]);
    for device in devices.iter().take(shown) {
        let (kind, state) = match what(device, knowledge) {
            Some((label, confidence)) => (label, sure(device, confidence)),
            None => ("unknown".to_owned(), String::new()),
        };
        let weaknesses = weak.get(device.id.as_str()).map(ToString::to_string).unwrap_or_default();
        let row = [
            device.name.clone(),
            kind,
            state,
            address(device),
            device.peers.to_string(),
            weaknesses,
            device.id.clone(),
        ];
        table.add_row(row.map(|text| Cell::new(printable(&text))));
    }
    let mut text = table.to_string();
    let hidden = devices.len().saturating_sub(shown);
    if hidden > 0 {
        text.push_str(&format!("\n… and {hidden} more: add --all, or open the report"));
    }
    text
}

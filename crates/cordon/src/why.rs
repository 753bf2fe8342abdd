//! `cordon why`: the evidence behind a device, or behind one of its attributes.

use std::fmt::Write;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde_json::Value;

use crate::arguments::{Format, Why};
use crate::failure::Failure;
use crate::folder::{self, DEVICES};
use crate::knowledge::{self, Known};
use crate::words::probability;

/// What helps where the evidence cannot be printed.
const PRINTING: &str = "print to a terminal or to a disk with free space";
/// Devices named when a name fits several.
const NAMED_MAX: usize = 8;

/// Runs the command.
pub fn run(arguments: &Why) -> Result<(), Failure> {
    let folder = folder::results(arguments.flows.as_deref(), arguments.data.as_deref())?;
    let mut device = find(&folder, &arguments.device)?;
    if let Some(attribute) = &arguments.attribute {
        keep_only(&mut device, attribute)?;
    }
    match arguments.format {
        Format::Json => {
            let mut text = serde_json::to_string_pretty(&device).map_err(|error| Failure::Failed(error.to_string()))?;
            text.push('\n');
            crate::print(&text, PRINTING)
        }
        Format::Table => {
            crate::print(&text(&device, &knowledge::load(&[], None)?, arguments.attribute.is_some()), PRINTING)
        }
    }
}

/// The device that is meant: by identifier, address or name first, by a part of its name if only one has it.
fn find(folder: &Path, wanted: &str) -> Result<Value, Failure> {
    let path = folder.join(DEVICES);
    let reading = |error: std::io::Error| {
        let remedy = "analyse a capture first: cordon analyze CAPTURE, or name its folder with --flows";
        Failure::Wrong(format!("{}: cannot read: {error}; {remedy}", path.display()))
    };
    let mut exact = Vec::new();
    let mut partly = Vec::new();
    for (number, line) in BufReader::new(File::open(&path).map_err(reading)?).lines().enumerate() {
        let line = line.map_err(reading)?;
        let device: Value = serde_json::from_str(&line).map_err(|error| {
            let place = format!("{}:{}", path.display(), number.saturating_add(1));
            Failure::Failed(format!("{place}: not a device: {error}; run cordon analyze again"))
        })?;
        if is_exactly(&device, wanted) {
            exact.push(device);
        } else if text_of(&device, "name").to_lowercase().contains(&wanted.to_lowercase()) {
            partly.push(device);
        }
    }
    let mut fitting = if exact.is_empty() { partly } else { exact };
    match (fitting.len(), fitting.pop()) {
        (1, Some(device)) => Ok(device),
        (_, None) => {
            let remedy = "name an identifier, address or name that devices.jsonl or the report shows";
            Err(Failure::Wrong(format!("no device `{wanted}` in {}: {remedy}", path.display())))
        }
        (count, Some(last)) => {
            let named = fitting.iter().chain([&last]).take(NAMED_MAX);
            let ids: Vec<String> =
                named.map(|device| format!("{} ({})", text_of(device, "id"), text_of(device, "name"))).collect();
            Err(Failure::Wrong(format!("`{wanted}` fits {count} devices; name one of: {}", ids.join(", "))))
        }
    }
}

fn is_exactly(device: &Value, wanted: &str) -> bool {
    let same = |text: &str| text.eq_ignore_ascii_case(wanted);
    let interfaces = || items(device, "interfaces");
    let macs = interfaces().map(|interface| text_of(interface, "mac"));
    let addresses =
        interfaces().flat_map(|interface| items(interface, "addresses")).map(|address| text_of(address, "ip"));
    same(text_of(device, "id"))
        || same(text_of(device, "name"))
        || macs.filter(|mac| !mac.is_empty()).any(|mac| same(mac) || same(&mac.replace(':', "-")))
        || addresses.filter(|ip| !ip.is_empty()).any(same)
}

fn keep_only(device: &mut Value, attribute: &str) -> Result<(), Failure> {
    let id = text_of(device, "id").to_owned();
    let Some(attributes) = device.get_mut("attributes").and_then(Value::as_object_mut) else { return Ok(()) };
    if !attributes.contains_key(attribute) {
        let known: Vec<&str> = attributes.keys().map(String::as_str).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        return Err(Failure::Wrong(format!(
            "nothing speaks for `{attribute}` of {id}; there is evidence for: {known}"
        )));
    }
    attributes.retain(|name, _| name == attribute);
    Ok(())
}

fn text(device: &Value, known: &Known, only_attribute: bool) -> String {
    let mut out = String::new();
    let (name, id) = (text_of(device, "name"), text_of(device, "id"));
    line(&mut out, &if name == id { name.to_owned() } else { format!("{name}  ({id})") });
    if !only_attribute {
        for interface in items(device, "interfaces") {
            line(&mut out, &format!("  {}", interface_text(interface)));
        }
        if let Some(parent) = device.get("behind").and_then(Value::as_str) {
            line(&mut out, &format!("  known only through {parent}"));
        }
        if device.get("gateway").and_then(Value::as_bool) == Some(true) {
            line(&mut out, "  forwards for others: a gateway");
        }
    }
    for conflict in items(device, "conflicts") {
        line(&mut out, &format!("\nConflict: {}", text_of(conflict, "text")));
    }
    for (attribute, known_of_it) in device.get("attributes").and_then(Value::as_object).into_iter().flatten() {
        let label =
            known.knowledge.attributes().get(attribute).map_or(attribute.as_str(), |known| known.label.as_str());
        match known_of_it.get("values").and_then(Value::as_array) {
            Some(values) => values.iter().for_each(|value| value_text(&mut out, attribute, label, value, known)),
            None => value_text(&mut out, attribute, label, known_of_it, known),
        }
    }
    if !only_attribute {
        for role in items(device, "roles") {
            let id = text_of(role, "role");
            let label =
                known.knowledge.roles().iter().find(|role| role.id == id).map_or(id, |role| role.label.as_str());
            line(&mut out, &format!("\nRole: {label}"));
            line(&mut out, &format!("  {}  [{}]", text_of(role, "field"), text_of(role, "rule")));
            line(&mut out, &format!("  {}", place_text(role)));
        }
    }
    out
}

fn interface_text(interface: &Value) -> String {
    let addresses: Vec<&str> = items(interface, "addresses").map(|address| text_of(address, "ip")).collect();
    let mac = match text_of(interface, "mac") {
        "" => "behind a router".to_owned(),
        mac => format!(
            "{mac} ({})",
            match text_of(interface, "organisation") {
                "" if interface.get("local").and_then(Value::as_bool) == Some(true) => "made up locally",
                "" => "maker not in the IEEE list",
                organisation => organisation,
            }
        ),
    };
    if addresses.is_empty() { mac } else { format!("{mac}  {}", addresses.join(", ")) }
}

fn value_text(out: &mut String, attribute: &str, label: &str, value: &Value, known: &Known) {
    let shown = |raw: &str| match known.knowledge.categories().get(raw) {
        Some(category) if attribute == "category" => category.label.clone(),
        _ => raw.to_owned(),
    };
    let state = text_of(value, "state");
    match value.get("value").and_then(Value::as_str) {
        Some(text) => {
            let confidence = probability(number_of(value, "confidence"));
            line(out, &format!("\n{label}: {}  {state} {confidence}", shown(text)));
            line(out, &format!("  {:>+6.1} dB  before any evidence", number_of(value, "prior_db")));
            items(value, "evidence").for_each(|piece| evidence_text(out, piece));
            line(out, &format!("  {:>+6.1} dB  together", number_of(value, "score_db")));
        }
        None => line(out, &format!("\n{label}: unknown; no value reaches tentative")),
    }
    for rival in items(value, "rivals") {
        let confidence = probability(number_of(rival, "confidence"));
        line(out, &format!("  not {}  {confidence}", shown(text_of(rival, "value"))));
        items(rival, "evidence").for_each(|piece| evidence_text(out, piece));
        line(out, &format!("  {:>+6.1} dB  together", number_of(rival, "score_db")));
    }
}

fn evidence_text(out: &mut String, piece: &Value) {
    let (counted, weight) = (number_of(piece, "counted_db"), number_of(piece, "weight_db"));
    let damped = if (counted - weight).abs() < 0.05 { String::new() } else { format!(", by itself {weight:+.1}") };
    line(out, &format!("  {counted:>+6.1} dB  {} = {:?}", text_of(piece, "field"), text_of(piece, "value")));
    line(out, &format!("             {} [{}{damped}]", text_of(piece, "rule"), text_of(piece, "family")));
    line(out, &format!("             {}; {}", place_text(piece), text_of(piece, "source")));
}

fn place_text(piece: &Value) -> String {
    let times = match number_of(piece, "count") {
        count if count > 1.0 => format!(", {count} times"),
        _ => String::new(),
    };
    format!("{} frame {}{times}", text_of(piece, "capture"), number_of(piece, "frame"))
}

/// Text from the network may hold anything: what a terminal would obey is shown, not sent.
fn line(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '\n' => out.push('\n'),
            unsafe_one if crate::words::is_unprintable(unsafe_one) => {
                // Writing to a string cannot fail.
                let _ = write!(out, "{}", unsafe_one.escape_unicode());
            }
            plain => out.push(plain),
        }
    }
    out.push('\n');
}

fn items<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn text_of<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn number_of(value: &Value, key: &str) -> f64 {
    value.get(key).and_then(Value::as_f64).unwrap_or_default()
}

//! `cordon why`: the evidence behind a device, or behind one of its attributes.

mod find;
mod text;

use std::path::Path;

use serde_json::Value;

use crate::arguments::{Format, Why};
use crate::failure::Failure;
use crate::folder;
use crate::knowledge::{self, Known};
use crate::risk::{self, Model};
use crate::terminal::Terminal;

/// What helps where the evidence cannot be printed.
const PRINTING: &str = "print to a terminal, or to a disk with free space";
/// What is asked for instead of an attribute.
const RISK: &str = "risk";
/// Other words for attributes.
const ALIASES: &[(&str, &str)] = &[
    ("kind", "category"),
    ("type", "category"),
    ("manufacturer", "vendor"),
    ("name", "hostname"),
    ("version", "software"),
];

/// Runs the command.
pub fn run(arguments: &Why) -> Result<(), Failure> {
    let folder = folder::results(arguments.flows.as_deref(), arguments.data.as_deref())?;
    let known = knowledge::load(&[], None)?;
    let mut device = find::find(&folder, &arguments.device, &known)?;
    if arguments.attribute.as_deref().is_some_and(|asked| asked.trim().eq_ignore_ascii_case(RISK)) {
        return crate::print(&of_risk(arguments, &folder, &known, text_of(&device, "id"))?, PRINTING);
    }
    if let Some(attribute) = &arguments.attribute {
        keep_only(&mut device, attribute, &known)?;
    }
    let text = match arguments.format {
        Format::Json => {
            let text = serde_json::to_string_pretty(&device).map_err(|error| Failure::Failed(error.to_string()))?;
            format!("{text}\n")
        }
        Format::Table => {
            let weaknesses =
                if arguments.attribute.is_none() { text::weaknesses(&folder, &device)? } else { Vec::new() };
            text::text(Terminal::of_output(), &device, &weaknesses, &known, arguments.attribute.is_some())
        }
    };
    crate::print(&text, PRINTING)
}

/// Why a device has its risk: that depends on all others too.
fn of_risk(arguments: &Why, folder: &Path, known: &Known, id: &str) -> Result<String, Failure> {
    let model = Model::load(known)?;
    let reckoning = risk::of_folder(known, &model, folder, &folder::data(arguments.data.as_deref())?)?;
    let missing = || Failure::Failed(format!("{id}: its risk was not reckoned: analyse the capture anew"));
    let place = reckoning.place(id).ok_or_else(missing)?;
    match arguments.format {
        Format::Json => {
            let told = risk::told(&reckoning, place).ok_or_else(missing)?;
            let text = serde_json::to_string_pretty(&told).map_err(|error| Failure::Failed(error.to_string()))?;
            Ok(format!("{text}\n"))
        }
        Format::Table => risk::why(&reckoning, place).ok_or_else(missing),
    }
}

/// What the command prints of one attribute of a device.
pub fn of_attribute(device: &analysis::inventory::Device, attribute: &str, known: &Known) -> String {
    let mut device = serde_json::to_value(device).unwrap_or_default();
    if let Some(attributes) = device.get_mut("attributes").and_then(Value::as_object_mut) {
        attributes.retain(|name, _| name == attribute);
    }
    text::text(Terminal::default(), &device, &[], known, true)
}

/// What the command prints of a device, as `devices.jsonl` holds it, but for its weaknesses.
pub fn of_device(device: &Value, known: &Known) -> String {
    text::text(Terminal::default(), device, &[], known, false)
}

/// The attribute that is meant, by its identifier, by the label that people read, or by the beginning of either.
fn keep_only(device: &mut Value, asked: &str, known: &Known) -> Result<(), Failure> {
    let id = text_of(device, "id").to_owned();
    let Some(attributes) = device.get_mut("attributes").and_then(Value::as_object_mut) else { return Ok(()) };
    let label = |name: &str| known.knowledge.attributes().get(name).map_or(String::new(), |one| one.label.clone());
    let wanted = asked.trim().to_lowercase();
    if wanted.is_empty() {
        return Err(Failure::Wrong("the attribute is empty: name one, as in `maker`, or leave it out".to_owned()));
    }
    let wanted = ALIASES.iter().find(|(alias, _)| *alias == wanted).map_or(wanted, |(_, name)| (*name).to_owned());
    let is_it = |name: &str| name == wanted || label(name).to_lowercase() == wanted;
    let begins = |name: &str| name.starts_with(&wanted) || label(name).to_lowercase().starts_with(&wanted);
    let mut fitting: Vec<String> = attributes.keys().filter(|name| is_it(name)).cloned().collect();
    if fitting.is_empty() {
        fitting = attributes.keys().filter(|name| begins(name)).cloned().collect();
    }
    match fitting.as_slice() {
        [one] => {
            attributes.retain(|name, _| name == one);
            Ok(())
        }
        _ => {
            let all: Vec<String> = attributes.keys().map(|name| format!("{name} ({})", label(name))).collect();
            let all = if all.is_empty() { "nothing".to_owned() } else { all.join(", ") };
            let problem = if fitting.is_empty() { "nothing speaks for" } else { "more than one attribute begins with" };
            Err(Failure::Wrong(format!("{id}: {problem} `{asked}`; there is evidence for: {all}")))
        }
    }
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

//! The evidence in words, for a terminal.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use analysis::knowledge::Family;
use serde_json::Value;

use super::{items, number_of, text_of};
use crate::failure::Failure;
use crate::folder::WEAKNESSES;
use crate::knowledge::Known;
use crate::terminal::{Terminal, shortened};
use crate::words::{count, is_unprintable, probability, thousands};

/// Columns of a value that a device sent; the whole of it is in devices.jsonl.
const VALUE_MAX: usize = 200;
/// Values less probable than this are shown where one attribute was asked for.
const RIVALS_FROM: f64 = 0.01;
/// Where the words of a piece of evidence begin.
const INDENT: usize = 11;
/// Said once below the figures.
const SCALE: &str = "Figures are decibans: +10 makes a statement ten times as likely, -10 a tenth. From 0.60 a statement is \
                     tentative, from 0.90 probable; evidence of one family repeats itself and counts less.";

/// The rows of weaknesses of a device; none if an older analysis wrote no such file.
pub fn weaknesses(folder: &Path, device: &Value) -> Result<Vec<Value>, Failure> {
    let path = folder.join(WEAKNESSES);
    let Ok(file) = File::open(&path) else { return Ok(Vec::new()) };
    let mut rows = Vec::new();
    for line in BufReader::new(file).lines() {
        let line = line.map_err(|error| Failure::reading(&path, &error))?;
        let row: Value = serde_json::from_str(&line).unwrap_or(Value::Null);
        if text_of(&row, "device") == text_of(device, "id") {
            rows.push(row);
        }
    }
    Ok(rows)
}

/// Everything about the device, or about the one attribute it still has.
pub fn text(terminal: Terminal, device: &Value, weaknesses: &[Value], known: &Known, only_attribute: bool) -> String {
    let rivals_from = if only_attribute { 0.0 } else { RIVALS_FROM };
    let id = clean(text_of(device, "id"));
    let mut out = Text { terminal, known, id, rivals_from, lines: Vec::new() };
    out.head(device);
    if !only_attribute {
        out.facts(device);
    }
    for conflict in items(device, "conflicts") {
        out.heading("Conflict", text_of(conflict, "text"), "");
    }
    let attributes = device.get("attributes").and_then(Value::as_object);
    // In the order of the knowledge: what it is comes first.
    let listed = known.knowledge.attributes().iter().filter_map(|one| Some((&one.id, attributes?.get(&one.id)?)));
    let rest = attributes.into_iter().flatten().filter(|(id, _)| known.knowledge.attributes().get(id).is_none());
    for (id, attribute) in listed.chain(rest) {
        match attribute.get("values").and_then(Value::as_array) {
            Some(values) => values.iter().for_each(|value| out.value(id, value)),
            None => out.value(id, attribute),
        }
    }
    for role in items(device, "roles") {
        let id = text_of(role, "role");
        let label = known.knowledge.roles().iter().find(|role| role.id == id).map_or(id, |role| role.label.as_str());
        out.heading("Role", label, "");
        out.wrapped(2, &clean(text_of(role, "field")));
        out.dim(2, &format!("rule {}; {}", text_of(role, "rule"), place(role)));
    }
    for weakness in weaknesses {
        out.weakness(weakness);
    }
    if attributes.is_some_and(|all| !all.is_empty()) {
        out.lines.push(String::new());
        out.dim(0, SCALE);
    }
    out.lines.push(String::new());
    out.lines.join("\n")
}

struct Text<'a> {
    terminal: Terminal,
    known: &'a Known,
    id: String,
    /// Values less probable than this are only counted.
    rivals_from: f64,
    lines: Vec<String>,
}

impl Text<'_> {
    fn head(&mut self, device: &Value) {
        let (name, id) = (clean(text_of(device, "name")), clean(text_of(device, "id")));
        let name = self.terminal.bold(&shortened(&name, VALUE_MAX));
        self.lines.push(if text_of(device, "name") == text_of(device, "id") {
            name
        } else {
            format!("{name}  ({id})")
        });
    }

    fn facts(&mut self, device: &Value) {
        for interface in items(device, "interfaces") {
            let mut addresses: Vec<&str> = items(interface, "addresses").map(|row| text_of(row, "ip")).collect();
            addresses.sort_by_key(|ip| ip.contains(':'));
            let parts = [addresses.join(", "), card(interface)];
            let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
            self.wrapped(2, &clean(&parts.join("  ")));
        }
        if let Some(parent) = device.get("behind").and_then(Value::as_str) {
            self.wrapped(2, &format!("known only through {}", clean(parent)));
        }
        let minute = |key: &str| text_of(device, key).get(..16).unwrap_or_default().replace('T', " ");
        if !text_of(device, "first").is_empty() {
            let others = match number_of(device, "peers") {
                peers if peers > 1.0 => format!(", talks with {peers} others"),
                peers if peers > 0.0 => ", talks with one other".to_owned(),
                _ => String::new(),
            };
            self.wrapped(2, &clean(&format!("seen {} to {} UTC{others}", minute("first"), minute("last"))));
        }
        if device.get("gateway").and_then(Value::as_bool) == Some(true) {
            self.wrapped(2, "forwards for others: a gateway");
        }
    }

    fn value(&mut self, attribute: &str, value: &Value) {
        let label = self.known.knowledge.attributes().get(attribute).map_or(attribute, |known| known.label.as_str());
        let shown = |raw: &str| match self.known.knowledge.categories().get(raw) {
            Some(category) if attribute == "category" => category.label.clone(),
            _ => raw.to_owned(),
        };
        let rivals: Vec<(&Value, String)> =
            items(value, "rivals").map(|rival| (rival, shown(text_of(rival, "value")))).collect();
        match value.get("value").and_then(Value::as_str) {
            Some(text) => {
                let sure = format!("{} {}", text_of(value, "state"), probability(number_of(value, "confidence")));
                self.heading(label, &shown(text), &sure);
                self.sum(value);
            }
            None => self.heading(label, "unknown", "no value reaches tentative"),
        }
        for (rival, shown) in &rivals {
            let confidence = number_of(rival, "confidence");
            if confidence < self.rivals_from {
                continue;
            }
            let sure = probability(confidence);
            self.lines.push(format!("  rather than {}  {sure}", shortened(&clean(shown), VALUE_MAX)));
            self.sum(rival);
        }
        let others = rivals.iter().filter(|(rival, _)| number_of(rival, "confidence") < self.rivals_from).count();
        if others > 0 {
            let others = count(others as u64, "other value has", "other values have");
            let ask = format!("cordon why {} {attribute}", self.id);
            self.dim(2, &format!("{others} less than {}: {ask}", self.rivals_from));
        }
    }

    /// What a value starts from, what was added, and what that makes.
    fn sum(&mut self, value: &Value) {
        let before = value.get("prior_db").and_then(Value::as_f64);
        if let Some(before) = before {
            self.lines.push(format!("  {before:>+7.1}  before any evidence"));
        }
        for piece in items(value, "evidence") {
            let (counted, weight) = (number_of(piece, "counted_db"), number_of(piece, "weight_db"));
            let value = shortened(&format!("{:?}", text_of(piece, "value")), VALUE_MAX);
            self.lines.push(format!("  {counted:>+7.1}  {} = {value}", clean(text_of(piece, "field"))));
            for further in items(piece, "also") {
                let value = shortened(&format!("{:?}", text_of(further, "value")), VALUE_MAX);
                self.wrapped(INDENT, &format!("and {} = {value}", clean(text_of(further, "field"))));
            }
            let family = Family::ALL.iter().find(|family| family.name() == text_of(piece, "family"));
            let family = family.map_or_else(|| text_of(piece, "family"), |family| family.title());
            let alone = if (counted - weight).abs() < 0.05 { String::new() } else { format!(", {weight:+.1} alone") };
            self.dim(INDENT, &format!("{family}{alone}; rule {}; {}", text_of(piece, "rule"), place(piece)));
            self.dim(INDENT, text_of(piece, "source"));
        }
        self.lines.push(format!("  {:>+7.1}  together", number_of(value, "score_db")));
    }

    fn weakness(&mut self, row: &Value) {
        let kind = model::Weakness::ALL.iter().find(|kind| kind.name() == text_of(row, "kind"));
        let title = kind.map_or_else(|| text_of(row, "kind"), |kind| kind.title());
        self.lines.push(String::new());
        let title = self.terminal.look(&clean(title));
        self.lines.push(format!("{}: {title}", self.terminal.bold("Weakness")));
        let peer = match text_of(row, "peer") {
            "" => String::new(),
            peer => format!(" with {peer}"),
        };
        self.dim(2, &format!("{}{peer}; {}", text_of(row, "protocol"), place(row)));
    }

    fn heading(&mut self, label: &str, value: &str, sure: &str) {
        let value = self.terminal.bold(&shortened(&clean(value), VALUE_MAX));
        self.lines.push(String::new());
        self.lines.push(format!("{}: {value}  {}", clean(label), clean(sure)).trim_end().to_owned());
    }

    fn wrapped(&mut self, indent: usize, text: &str) {
        self.lines.extend(self.terminal.wrapped(indent, text));
    }

    fn dim(&mut self, indent: usize, text: &str) {
        let lines = self.terminal.wrapped(indent, &clean(text));
        self.lines.extend(lines.iter().map(|line| self.terminal.dim(line)));
    }
}

fn card(interface: &Value) -> String {
    match text_of(interface, "mac") {
        "" => "behind a router".to_owned(),
        mac => format!(
            "{mac} ({})",
            match text_of(interface, "organisation") {
                "" if interface.get("local").and_then(Value::as_bool) == Some(true) => "made up locally",
                "" => "maker not in the IEEE list",
                organisation => organisation,
            }
        ),
    }
}

fn place(piece: &Value) -> String {
    let times = match piece.get("count").and_then(Value::as_u64) {
        Some(count) if count > 1 => format!(", {} times", thousands(count)),
        _ => String::new(),
    };
    format!("{} frame {}{times}", text_of(piece, "capture"), number_of(piece, "frame"))
}

/// Text from the network may hold anything: what a terminal would obey is shown, not sent.
fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for character in text.chars() {
        if is_unprintable(character) {
            clean.extend(character.escape_unicode());
        } else {
            clean.push(character);
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_from_the_network_moves_the_terminal() {
        let known = crate::knowledge::load(&[], None).unwrap();
        for name in
            ["two\nlines", "\u{1b}[2J\u{1b}]0;title\u{7}", "\u{202e}gnp.exe", "\r\t\u{9b}1m", &"long ".repeat(5_000)]
        {
            let piece = json!({
                "rule": name, "family": name, "weight_db": 3.0, "counted_db": 2.0, "field": name, "value": name,
                "capture": name, "frame": 1, "count": 2, "source": name
            });
            let value = json!({
                "value": name, "state": name, "confidence": 0.9, "prior_db": -3.0, "score_db": 1.0, "evidence": [piece],
                "rivals": [{"value": name, "confidence": 0.05, "score_db": -9.0, "evidence": [piece]}]
            });
            let device = json!({
                "id": name, "name": name, "behind": name, "first": name, "last": name, "peers": 3,
                "interfaces": [{"mac": name, "organisation": name, "addresses": [{"ip": name}]}],
                "attributes": {"category": value, "hostname": {"values": [value]}, name: value},
                "roles": [{"role": name, "field": name, "rule": name, "capture": name, "frame": 1, "count": 1}],
                "conflicts": [{"text": name}]
            });
            let weakness =
                json!({"kind": name, "protocol": name, "peer": name, "capture": name, "frame": 1, "count": 1});
            let shown = text(Terminal::default(), &device, std::slice::from_ref(&weakness), &known, false);
            assert!(!shown.contains(|letter: char| letter != '\n' && is_unprintable(letter)), "{shown}");
            let harmless = text(Terminal::default(), &relabelled(&device, name), &[], &known, false);
            assert_eq!(shown.lines().count(), harmless.lines().count() + 3, "{shown}");
        }
    }

    /// The same device with a harmless name everywhere.
    fn relabelled(device: &Value, name: &str) -> Value {
        let quoted = serde_json::to_string(name).unwrap();
        serde_json::from_str(&device.to_string().replace(&quoted, "\"harmless\"")).unwrap()
    }
}

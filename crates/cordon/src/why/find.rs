//! Which device is meant: by identifier, address, hardware address, name, serial number or kind, or a part of them.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::IpAddr;
use std::path::Path;

use serde_json::Value;

use super::{items, text_of};
use crate::failure::{Failure, said};
use crate::folder::DEVICES;
use crate::knowledge::Known;

/// Devices named when several fit.
const NAMED_MAX: usize = 20;
/// Hexadecimal digits that make a text a part of a hardware address.
const DIGITS_MIN: usize = 4;
/// Attributes by whose value a device is called.
const NAMES: &[&str] = &["hostname", "ae_title", "hl7_application", "serial", "asset_tag"];

/// How well a device fits what was asked for, the best last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// Somewhere within.
    Part,
    /// From the beginning of a word on.
    Word,
    /// The whole of it.
    Whole,
}

/// What was asked for, in the forms it is compared in.
struct Wanted {
    text: String,
    ip: Option<IpAddr>,
    hex: Option<String>,
}

impl Wanted {
    fn new(text: &str) -> Self {
        let text = text.trim().to_lowercase();
        Self { ip: text.parse().ok(), hex: hex(&text), text }
    }

    fn fit(&self, device: &Value, known: &Known) -> Option<Fit> {
        let interfaces = || items(device, "interfaces");
        let macs = interfaces().filter_map(|interface| hex(text_of(interface, "mac")));
        let ips = interfaces().flat_map(|interface| items(interface, "addresses")).map(|row| text_of(row, "ip"));
        let mac_fit = macs.filter_map(|mac| {
            let wanted = self.hex.as_deref()?;
            if mac == wanted { Some(Fit::Whole) } else { mac.contains(wanted).then_some(Fit::Part) }
        });
        let ip_fit = ips.filter_map(|ip| match self.ip {
            Some(wanted) => (ip.parse() == Ok(wanted)).then_some(Fit::Whole),
            None => ip.starts_with(&self.text).then_some(Fit::Part),
        });
        let category = text_of(device.get("attributes")?.get("category").unwrap_or(&Value::Null), "value");
        let kind = known.knowledge.categories().get(category).map_or(category, |category| category.label.as_str());
        // A kind is no name: however well it fits, another device may be called that.
        let kind_fit = self.text_fit(kind).map(|fit| fit.min(Fit::Word));
        let called = NAMES.iter().flat_map(|name| values(device, name));
        let names = [text_of(device, "id"), text_of(device, "name")].into_iter().chain(called);
        names.filter_map(|name| self.text_fit(name)).chain(mac_fit).chain(ip_fit).chain(kind_fit).max()
    }

    fn text_fit(&self, text: &str) -> Option<Fit> {
        let text = text.to_lowercase();
        if text == self.text {
            return Some(Fit::Whole);
        }
        let begins_word = |at: usize| !text.get(..at).is_some_and(|before| before.ends_with(char::is_alphanumeric));
        let places: Vec<usize> = text.match_indices(&self.text).map(|(at, _)| at).collect();
        if places.iter().any(|at| begins_word(*at)) { Some(Fit::Word) } else { places.first().map(|_| Fit::Part) }
    }
}

/// The hexadecimal digits of a hardware address or a part of one, however it is written.
fn hex(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|letter| !matches!(letter, ':' | '-' | '.')).collect();
    let is_hex = digits.len() >= DIGITS_MIN && digits.chars().all(|digit| digit.is_ascii_hexdigit());
    is_hex.then(|| digits.to_lowercase())
}

/// The asserted values of an attribute.
fn values<'a>(device: &'a Value, attribute: &str) -> impl Iterator<Item = &'a str> {
    let attribute = device.get("attributes").and_then(|all| all.get(attribute));
    let one = attribute.into_iter();
    let many = attribute.into_iter().flat_map(|attribute| items(attribute, "values"));
    one.chain(many).map(|one| text_of(one, "value")).filter(|text| !text.is_empty())
}

/// The best so far, and how many fit as well.
struct Best {
    fit: Fit,
    device: Value,
    named: Vec<Vec<String>>,
    count: usize,
}

/// The device that is meant, if it is exactly one.
pub fn find(folder: &Path, asked: &str, known: &Known) -> Result<Value, Failure> {
    let wanted = Wanted::new(asked);
    if wanted.text.is_empty() {
        let remedy = "name a device by its identifier, address or name, as in: cordon why 10.20.0.41";
        return Err(Failure::Wrong(format!("no device is named; {remedy}")));
    }
    let path = folder.join(DEVICES);
    let reading = |error: std::io::Error| {
        let remedy = "analyse a capture first (cordon analyze CAPTURE), or name the folder of its results with --flows";
        Failure::Wrong(format!("{}: cannot read: {}; {remedy}", path.display(), said(&error)))
    };
    let mut best: Option<Best> = None;
    for (number, line) in BufReader::new(File::open(&path).map_err(reading)?).lines().enumerate() {
        let device: Value = serde_json::from_str(&line.map_err(reading)?).map_err(|error| {
            let place = format!("{}:{}", path.display(), number.saturating_add(1));
            Failure::Failed(format!("{place}: not a device: {error}; run cordon analyze again"))
        })?;
        let Some(fit) = wanted.fit(&device, known) else { continue };
        match &mut best {
            Some(best) if best.fit > fit => {}
            Some(best) if best.fit == fit => {
                best.count = best.count.saturating_add(1);
                if best.named.len() < NAMED_MAX {
                    best.named.push(named(&device, known));
                }
            }
            _ => best = Some(Best { fit, named: vec![named(&device, known)], device, count: 1 }),
        }
    }
    match best {
        None => {
            let remedy = "name an identifier, address, name or kind that the report or devices.jsonl shows";
            Err(Failure::Wrong(format!("no device `{asked}` in {}; {remedy}", path.display())))
        }
        Some(best) if best.count == 1 => Ok(best.device),
        Some(best) => {
            let problem = format!("`{asked}` fits {} devices; name one by its identifier:", best.count);
            Err(Failure::Choose { problem, more: best.count.saturating_sub(best.named.len()), choices: best.named })
        }
    }
}

/// Identifier, name, kind and address of a device.
fn named(device: &Value, known: &Known) -> Vec<String> {
    let category = values(device, "category").next().unwrap_or("unknown");
    let kind = known.knowledge.categories().get(category).map_or(category, |category| category.label.as_str());
    let mut addresses =
        items(device, "interfaces").flat_map(|one| items(one, "addresses")).map(|row| text_of(row, "ip"));
    let address = addresses.next().unwrap_or_default();
    [text_of(device, "id"), text_of(device, "name"), kind, address].map(str::to_owned).to_vec()
}

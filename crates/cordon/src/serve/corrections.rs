//! What people said of devices: it stands over what was concluded, survives learning anew, and can be taken back.

use std::collections::BTreeMap;
use std::sync::Arc;

use analysis::inventory::{Also, Attribute, Device, Evidence, Inventory, One, Rival};
use analysis::knowledge::AttributeKind;
use model::Timestamp;
use serde::{Deserialize, Serialize};
use store::StoreError;

use super::keeper::{Keeper, Kept};
use crate::knowledge::Known;

const KIND: &str = "correction";
/// The family of evidence that a person's word is.
pub const FAMILY: &str = "person";
/// Corrections kept.
const CORRECTIONS_MAX: usize = 200_000;
/// Letters of a value.
pub const VALUE_LETTERS_MAX: usize = 200;
/// Letters of a reason.
pub const REASON_LETTERS_MAX: usize = 1_000;

/// What a person said of one attribute of a device.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Correction {
    /// The device.
    pub device: String,
    /// What it was called then.
    pub device_name: String,
    /// What was said of it.
    pub attribute: String,
    /// What is true.
    pub value: String,
    /// What people read of that.
    pub label: String,
    /// What was concluded then.
    pub before: Option<String>,
    /// Why the person knows.
    pub reason: String,
    /// Who.
    pub by: String,
    /// When, RFC 3339.
    pub at: String,
    /// A rule that would have said so, as in the files of the knowledge, if one can be proposed.
    pub rule: Option<String>,
}

/// All corrections, by device and attribute.
#[derive(Clone, Default)]
pub struct Corrections {
    all: BTreeMap<(String, String), Correction>,
}

fn name(device: &str, attribute: &str) -> String {
    format!("{device}\n{attribute}")
}

impl Correction {
    /// Keeps what a person said.
    pub fn keep(&self, keeper: &Keeper) -> Result<(), StoreError> {
        let Self { device, device_name, attribute, label, reason, by, .. } = self;
        let text = format!("said that the {attribute} of {device_name} ({device}) is {label}: {reason}");
        keeper.keep(&[Kept::put(KIND, &name(device, attribute), self)], by, &text)
    }

    /// Keeps that it was taken back.
    pub fn take_back(&self, keeper: &Keeper, by: &str) -> Result<(), StoreError> {
        let Self { device, attribute, label, .. } = self;
        let text = format!("took back that the {attribute} of {device} is {label}");
        keeper.keep(&[Kept::remove(KIND, &name(device, attribute))], by, &text)
    }
}

impl Corrections {
    /// Those that the store knows.
    pub fn load(keeper: &Keeper) -> Result<Self, StoreError> {
        let known: BTreeMap<String, Correction> = keeper.load(KIND)?;
        let all = known.into_values().map(|each| ((each.device.clone(), each.attribute.clone()), each)).collect();
        Ok(Self { all })
    }

    /// Whether anything was said of the device.
    pub fn has(&self, device: &str) -> bool {
        self.of(device).next().is_some()
    }

    /// What was said of a device.
    pub fn of<'a>(&'a self, device: &'a str) -> impl Iterator<Item = &'a Correction> {
        let from = (device.to_owned(), String::new());
        self.all.range(from..).take_while(move |((of, _), _)| of == device).map(|(_, each)| each)
    }

    /// What was said of an attribute of a device.
    pub fn get(&self, device: &str, attribute: &str) -> Option<&Correction> {
        self.all.get(&(device.to_owned(), attribute.to_owned()))
    }

    /// Everything that was said, the newest first.
    pub fn all(&self) -> Vec<Correction> {
        let mut all: Vec<Correction> = self.all.values().cloned().collect();
        all.sort_by(|one, other| other.at.cmp(&one.at));
        all
    }

    /// Whether there is room for what a person said.
    pub fn has_room(&self, correction: &Correction) -> bool {
        self.all.len() < CORRECTIONS_MAX || self.get(&correction.device, &correction.attribute).is_some()
    }

    /// Takes in what a person said and what is kept already.
    pub fn put(&mut self, correction: Correction) {
        self.all.insert((correction.device.clone(), correction.attribute.clone()), correction);
    }

    /// Lets go of what was said and is not kept any more.
    pub fn remove(&mut self, correction: &Correction) {
        self.all.remove(&(correction.device.clone(), correction.attribute.clone()));
    }

    /// Puts what people said over what was concluded.
    pub fn apply(&self, inventory: &mut Inventory, known: &Known) {
        for device in &mut inventory.devices {
            let id = device.id.clone();
            for correction in self.of(&id) {
                apply(device, correction, known);
            }
            if self.has(&id) {
                device.name = renamed(device, known);
            }
        }
    }
}

fn apply(device: &mut Device, correction: &Correction, known: &Known) {
    let Some(attribute) = known.knowledge.attributes().get(&correction.attribute) else { return };
    let at = Timestamp(super::clock::nanoseconds(&correction.at).unwrap_or_default());
    let evidence = Evidence {
        rule: "person".into(),
        family: FAMILY,
        weight_db: 0.0,
        counted_db: 0.0,
        field: correction.by.as_str().into(),
        value: correction.reason.as_str().into(),
        also: Also(Arc::new([])),
        capture: "".into(),
        frame: 0,
        count: 1,
        first: at,
        last: at,
        source: "what a person said".into(),
    };
    let concluded = match device.attributes.remove(&correction.attribute) {
        Some(Attribute::One(one)) => vec![one],
        Some(Attribute::Many { values }) => values,
        None => Vec::new(),
    };
    let same = concluded.iter().find(|one| one.value.as_deref() == Some(&correction.value));
    let mut one = One {
        value: Some(correction.value.clone()),
        confidence: 1.0,
        state: "confirmed",
        prior_db: same.map_or(0.0, |one| one.prior_db),
        score_db: same.map_or(0.0, |one| one.score_db),
        unknown: 0.0,
        rivals: Vec::new(),
        evidence: std::iter::once(evidence).chain(same.iter().flat_map(|one| one.evidence.clone())).collect(),
    };
    let others =
        concluded.into_iter().filter(|one| one.value.as_deref().is_some_and(|value| value != correction.value));
    let entry = match attribute.kind {
        AttributeKind::Exclusive => {
            // What was concluded is still to be seen, as what it was not.
            one.rivals = others
                .filter_map(|one| {
                    let One { value, confidence, score_db, evidence, .. } = one;
                    Some(Rival { value: value?, confidence, score_db, evidence })
                })
                .collect();
            Attribute::One(one)
        }
        AttributeKind::List => Attribute::Many { values: std::iter::once(one).chain(others).collect() },
    };
    device.attributes.insert(correction.attribute.clone(), entry);
    device.conflicts.retain(|conflict| conflict.attribute != correction.attribute);
}

/// What to call a device of which people said something: what they call it, if they said that.
fn renamed(device: &Device, known: &Known) -> String {
    let given = match device.attributes.get("display_name") {
        Some(Attribute::Many { values }) => values.iter().find(|one| one.state == "confirmed"),
        Some(Attribute::One(one)) => Some(one).filter(|one| one.state == "confirmed"),
        None => None,
    };
    let given = given.and_then(|one| one.value.clone());
    given.unwrap_or_else(|| analysis::name::again(device, &known.knowledge))
}

/// A rule that says of all devices alike what a person said of one: on the most telling field that was seen of it.
pub fn proposed_rule(device: &Device, attribute: &str, value: &str, reason: &str, by: &str) -> Option<String> {
    const TELLING: [&str; 5] = ["medical_self", "banner", "discovery", "dhcp", "name"];
    let all = device.attributes.values().flat_map(|each| match each {
        Attribute::One(one) => std::slice::from_ref(one),
        Attribute::Many { values } => values.as_slice(),
    });
    let pieces = all.flat_map(|one| &one.evidence).filter(|piece| piece.family != FAMILY && !piece.value.is_empty());
    let rank = |piece: &Evidence| TELLING.iter().position(|family| *family == piece.family);
    let piece = pieces.filter(|piece| rank(piece).is_some()).min_by_key(|piece| rank(piece))?;
    let (protocol, field) = piece.field.split_once('.')?;
    let text = |text: &str| toml_text(text);
    let family = piece.family;
    Some(format!(
        "[[rule]]\nid = {}\nfamily = {}\non = {}\nwhen = [{{ field = {}, equals = {} }}]\nassert = [{{ attribute = {}, value = {}, db = 10 }}]\nsource = {}\npositive = [{{ {field} = {} }}]\nnegative = [{{ {field} = \"something else\" }}]\n",
        text(&format!("site.{attribute}.{}", device.id)),
        text(family),
        text(&format!("{protocol}.*")),
        text(field),
        text(&piece.value),
        text(attribute),
        text(value),
        text(&format!("{by}: {reason}")),
        text(&piece.value),
    ))
}

fn toml_text(text: &str) -> String {
    // A JSON string is a basic string of TOML but for one character that JSON may leave as it is.
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

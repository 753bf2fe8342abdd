//! What only a person knows: one list, the answer that settles most first.

use std::collections::BTreeMap;

use analysis::inventory::{Attribute, One};
use serde::Serialize;

use super::map::quoted;
use super::row::{asserted, label};
use super::{DeviceRow, View};
use crate::knowledge::Known;
use crate::serve::corrections::Correction;

/// Questions told.
const QUESTIONS_MAX: usize = 500;
/// Answers offered besides the person's own.
const ANSWERS_MAX: usize = 4;

/// Something to ask a person.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct Question {
    /// Stays the same as long as it is open.
    pub id: String,
    /// `conflict`, `unknown` or `tentative`.
    #[schema(value_type = String)]
    pub kind: &'static str,
    /// The question.
    pub title: String,
    /// What it is asked for.
    pub detail: String,
    /// The device, if it is one.
    pub device: Option<String>,
    /// Devices that one answer settles.
    pub settles: usize,
    /// What is asked of the device.
    pub attribute: Option<String>,
    /// The filter that lists the devices.
    pub filter: Option<String>,
    /// What could be answered.
    pub answers: Vec<Answer>,
}

/// An answer.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct Answer {
    /// What people read.
    pub label: String,
    /// What is then confirmed.
    pub value: String,
}

impl View {
    /// Every open question.
    pub fn questions(&self, known: &Known) -> &[Question] {
        self.questions.get_or_init(|| self.ask(known))
    }

    fn ask(&self, known: &Known) -> Vec<Question> {
        let mut questions = self.doubts(known);
        questions.extend(self.conflicts(known));
        questions.extend(self.tentative(known));
        questions.extend(self.unknown());
        let rank = |question: &Question| match question.kind {
            "conflict" => 0,
            "tentative" => 1,
            _ => 2,
        };
        questions.sort_by(|one, other| {
            rank(one).cmp(&rank(other)).then(other.settles.cmp(&one.settles)).then_with(|| one.id.cmp(&other.id))
        });
        questions.truncate(QUESTIONS_MAX);
        questions
    }

    /// What people said of devices in whose place others seem to be, and of devices that have another identifier now: whoever
    /// takes over an address or a serial number is to be noticed.
    fn doubts(&self, known: &Known) -> Vec<Question> {
        let attributes = known.knowledge.attributes();
        let doubted = self.said.doubts().filter_map(|doubt| {
            let names = doubt.elsewhere.iter().filter_map(|place| self.rows.get(*place)).map(called);
            let names: Vec<String> = names.collect();
            let elsewhere = match names.as_slice() {
                [] => String::new(),
                names => format!(" That name is heard from {} now.", names.join(", ")),
            };
            let detail = format!("{}{elsewhere}", doubt.text(attributes));
            self.still(&doubt.correction, doubt.place, "doubt", detail, known)
        });
        let followed = self.said.all_followed().filter_map(|(correction, place)| {
            let detail = format!(
                "It was said of {}. This device is taken for the same: it has that address or card now, or says what only one \
                 device can say. It is applied; confirm it, or say what this is instead.",
                correction.device
            );
            self.still(correction, place, "followed", detail, known)
        });
        doubted.chain(followed).take(QUESTIONS_MAX).collect()
    }

    /// Whether what was said holds for the device at a place.
    fn still(
        &self,
        correction: &Correction,
        place: usize,
        id: &str,
        detail: String,
        known: &Known,
    ) -> Option<Question> {
        let Correction { attribute, value, label: said, by, device, .. } = correction;
        let row = self.rows.get(place)?;
        let what = known.knowledge.attributes().get(attribute).map_or(attribute.as_str(), |known| &known.label);
        let concluded = self.devices.get(place).and_then(|device| asserted(&device, attribute));
        let answers = std::iter::once(value.clone()).chain(concluded.filter(|concluded| concluded != value));
        let answer = |value: String| Answer { label: label(attribute, &value, &known.knowledge), value };
        Some(Question {
            id: format!("{id}:{device}:{attribute}"),
            kind: "conflict",
            title: format!("{}: does what {by} said still hold ({}: {said})?", called(row), what.to_lowercase()),
            detail,
            device: Some(row.id.clone()),
            settles: 1,
            attribute: Some(attribute.clone()),
            filter: None,
            answers: answers.map(answer).collect(),
        })
    }

    fn conflicts(&self, known: &Known) -> Vec<Question> {
        let rows = self.rows.iter().enumerate().filter(|(_, row)| row.conflicts > 0);
        let devices = rows.filter_map(|(place, row)| Some((row, self.devices.get(place)?.conflicts)));
        let each = devices.flat_map(|(row, conflicts)| conflicts.into_iter().map(move |conflict| (row, conflict)));
        each.map(|(device, conflict)| {
            let attribute = known.knowledge.attributes().get(&conflict.attribute);
            let title = match attribute {
                Some(attribute) => format!("{}: which is its {}?", device.name, attribute.label.to_lowercase()),
                None => format!("{}: who holds the address?", device.name),
            };
            let answers = match attribute {
                Some(attribute) => conflict
                    .values
                    .iter()
                    .take(ANSWERS_MAX)
                    .map(|value| Answer { label: label(&attribute.id, value, &known.knowledge), value: value.clone() })
                    .collect(),
                None => Vec::new(),
            };
            Question {
                id: format!("conflict:{}:{}", device.id, conflict.attribute),
                kind: "conflict",
                title,
                detail: conflict.text.clone(),
                device: Some(device.id.clone()),
                settles: 1,
                attribute: attribute.map(|attribute| attribute.id.clone()),
                filter: None,
                answers,
            }
        })
        .collect()
    }

    /// What is nearly sure: one look at the label settles it.
    fn tentative(&self, known: &Known) -> Vec<Question> {
        let of = |row: &DeviceRow| {
            let device = self.device(&row.id)?;
            let Some(Attribute::One(one)) = device.attributes.get("category") else { return None };
            let value = one.value.as_deref()?;
            let answers =
                std::iter::once((value, one.confidence)).chain(rivals(one)).take(ANSWERS_MAX).map(|(value, _)| {
                    Answer { label: label("category", value, &known.knowledge), value: value.to_owned() }
                });
            Some(Question {
                id: format!("tentative:{}", row.id),
                kind: "tentative",
                title: format!("Is {} {}?", row.name, with_article(&row.kind.label)),
                detail: format!(
                    "Tentative, {}. {}",
                    crate::words::probability(one.confidence),
                    row.address.as_deref().map_or_else(
                        || row.behind.as_deref().map_or_else(String::new, |parent| format!("Known through {parent}.")),
                        |address| format!("At {address}."),
                    )
                ),
                device: Some(row.id.clone()),
                settles: 1,
                attribute: Some("category".to_owned()),
                filter: None,
                answers: answers.collect(),
            })
        };
        self.rows.iter().filter(|row| row.kind.state == "tentative" && row.medical).filter_map(of).collect()
    }

    /// Devices of which nothing is known, by whose cards they have.
    fn unknown(&self) -> Vec<Question> {
        let mut by_maker: BTreeMap<String, Vec<&DeviceRow>> = BTreeMap::new();
        for row in self.rows.iter().filter(|row| row.kind.value.is_none()) {
            by_maker.entry(row.vendor.label.clone()).or_default().push(row);
        }
        let mut questions = Vec::new();
        for (maker, rows) in by_maker {
            let filter =
                if maker.is_empty() { "maker:unknown".to_owned() } else { format!("maker:{}", quoted(&maker)) };
            let (title, device) = match rows.as_slice() {
                [row] => (format!("What is {}?", row.name), Some(row.id.clone())),
                rows if maker.is_empty() => (format!("What are {} devices of unknown make?", rows.len()), None),
                rows => (format!("What are {} devices by {maker}?", rows.len()), None),
            };
            let named: Vec<&str> = rows.iter().take(3).map(|row| row.name.as_str()).collect();
            let more = rows.len().saturating_sub(named.len());
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            questions.push(Question {
                id: format!("unknown:{maker}"),
                kind: "unknown",
                title,
                detail: if device.is_some() {
                    rows.first()
                        .and_then(|row| row.address.as_deref())
                        .map_or_else(String::new, |ip| format!("At {ip}."))
                } else {
                    format!("{}{more}.", named.join(", "))
                },
                settles: rows.len(),
                attribute: device.is_some().then(|| "category".to_owned()),
                device,
                filter: Some(format!("kind:unknown {filter}")),
                answers: Vec::new(),
            });
        }
        questions
    }
}

/// What people call a device, and where it is.
fn called(row: &DeviceRow) -> String {
    match row.address.as_deref() {
        Some(address) if !row.name.contains(address) => format!("{} ({address})", row.name),
        _ => row.name.clone(),
    }
}

fn rivals(one: &One) -> impl Iterator<Item = (&str, f64)> {
    one.rivals.iter().filter(|rival| rival.confidence > 0.01).map(|rival| (rival.value.as_str(), rival.confidence))
}

fn with_article(label: &str) -> String {
    let is_vowel = label.chars().next().is_some_and(|letter| "AEIOUaeiou".contains(letter));
    let is_short = label.split(' ').next().is_some_and(|word| word.len() > 1 && word.chars().all(char::is_uppercase));
    let small = label.chars().next().map_or(String::new(), |first| {
        let rest = label.get(first.len_utf8()..).unwrap_or_default();
        format!("{}{rest}", first.to_lowercase())
    });
    match (is_short, is_vowel) {
        (true, _) => format!(
            "{} {label}",
            if label.starts_with(['A', 'E', 'I', 'M', 'O', 'F', 'L', 'N', 'R', 'S', 'X']) { "an" } else { "a" }
        ),
        (false, true) => format!("an {small}"),
        (false, false) => format!("a {small}"),
    }
}

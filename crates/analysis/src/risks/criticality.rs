//! How badly a patient may come to harm when a device fails or lies: by what it is for, raised by FDA's flag and by people. Lowering
//! needs a reason and two people, and none of it happens by itself: the types cannot say otherwise.

use std::collections::BTreeMap;

use super::scales::{Location, Scale, Severity};
use super::subject::{Clinical, Mission, Share};
use crate::knowledge::{Categories, KnowledgeError, Notation};

const FILE: &str = "criticality.toml";

/// `knowledge/criticality.toml`: what each kind of device is for, and how severe its failure is.
#[derive(Clone, Debug)]
pub struct Criticality {
    functions: BTreeMap<String, Function>,
    categories: BTreeMap<String, String>,
    highest_class: Severity,
}

/// What devices are for, as far as harm depends on it.
#[derive(Clone, Debug)]
struct Function {
    severity: Severity,
    sustains_life: bool,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    highest_class: RawClass,
    function: Vec<RawFunction>,
    category: Vec<RawCategory>,
}

/// What a device of the FDA's class 3 is at least.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawClass {
    severity: String,
    source: String,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFunction {
    id: String,
    severity: String,
    #[serde(default)]
    sustains_life: bool,
    source: String,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCategory {
    id: String,
    function: String,
}

/// What is known of a device's part in care.
#[derive(Clone, Copy, Debug, Default)]
pub struct Care<'a> {
    /// Its kind; `None` if nobody knows.
    pub category: Option<&'a str>,
    /// FDA's flag `life_sustain_support_flag` of its product code (openFDA, device classification).
    pub life_sustaining: Option<bool>,
    /// FDA's class of its product code, 1 to 3.
    pub class: Option<u8>,
    /// Where the flag and the class stand.
    pub classified_by: Option<&'a str>,
    /// Where it stands.
    pub location: Option<Location>,
    /// Spare capacity, and how well the workaround works.
    pub redundancy: Option<(Share, Share)>,
    /// Records of patients that can be reached through it.
    pub records: Option<u64>,
    /// What people decided.
    pub decision: Option<&'a Decision>,
}

/// A person's word on the severity of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// At least this severe: one person's word is enough.
    Raise {
        /// The least severity.
        to: Severity,
        /// Who decided.
        by: Person,
    },
    /// At most this severe.
    Lower(Lowering),
}

/// Who decided: a name or account that is not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person(String);

/// A lowering that somebody gave a reason for and somebody else signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lowering {
    to: Severity,
    reason: String,
    by: Person,
    second: Person,
}

/// Why a decision is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecisionError {
    /// Nobody decides nothing.
    #[error("a decision needs the name of who decides")]
    Nameless,
    /// What lowers a risk for patients must say why.
    #[error("lowering a severity needs a reason of at least {REASON_LETTERS_MIN} letters")]
    NoReason,
    /// Two people must know of it.
    #[error("lowering a severity needs a second signature by somebody else")]
    SamePerson,
}

/// Letters without which nothing can be said.
pub const REASON_LETTERS_MIN: usize = 10;

impl Person {
    /// The person of that name or account.
    pub fn new(name: &str) -> Result<Self, DecisionError> {
        let name = name.trim();
        if name.is_empty() { Err(DecisionError::Nameless) } else { Ok(Self(name.to_owned())) }
    }
}

impl Lowering {
    /// Lowers the severity to a step, for a reason, signed twice.
    pub fn new(to: Severity, reason: &str, by: Person, second: Person) -> Result<Self, DecisionError> {
        if reason.chars().filter(|character| character.is_alphanumeric()).count() < REASON_LETTERS_MIN {
            return Err(DecisionError::NoReason);
        }
        if by.0.to_lowercase() == second.0.to_lowercase() {
            return Err(DecisionError::SamePerson);
        }
        Ok(Self { to, reason: reason.trim().to_owned(), by, second })
    }
}

impl Criticality {
    /// Reads the text of `knowledge/criticality.toml`. Every category that serves patients directly must be in it.
    pub fn load(text: &str, notation: Notation, categories: &Categories) -> Result<Self, KnowledgeError> {
        let raw: RawFile = notation.read(FILE, text)?;
        let mut functions = BTreeMap::new();
        for function in raw.function {
            let severity = severity(&function.id, &function.severity, &function.source)?;
            functions.insert(function.id, Function { severity, sustains_life: function.sustains_life });
        }
        let mut kinds = BTreeMap::new();
        for RawCategory { id, function } in raw.category {
            if categories.get(&id).is_none() || !functions.contains_key(&function) || kinds.contains_key(&id) {
                let problem = "is no category, stands twice, or has no function of the list";
                return Err(KnowledgeError::entry(FILE, &id, problem, "correct it"));
            }
            kinds.insert(id, function);
        }
        if let Some(missing) = categories.iter().find(|kind| kind.medical && !kinds.contains_key(&kind.id)) {
            let problem = "serves patients directly and has no function";
            return Err(KnowledgeError::entry(FILE, &missing.id, problem, "add it"));
        }
        let highest_class = severity("highest_class", &raw.highest_class.severity, &raw.highest_class.source)?;
        Ok(Self { functions, categories: kinds, highest_class })
    }

    /// What a kind of device is for, or the next more general kind that is listed.
    fn function(&self, category: &str, categories: &Categories) -> Option<(&str, &Function)> {
        let id = categories.ancestry(category).find_map(|kind| self.categories.get(&kind.id))?;
        self.functions.get_key_value(id).map(|(id, function)| (id.as_str(), function))
    }

    /// What a device is for, with what raises and lowers it.
    pub fn clinical(&self, care: &Care<'_>, categories: &Categories) -> Clinical {
        let function = care.category.and_then(|category| self.function(category, categories));
        let mut severity = function.map(|(_, function)| function.severity);
        let kind = care.category.and_then(|category| categories.get(category));
        let category = kind.map_or("unknown kind", |kind| &kind.label);
        let mut from = format!("{category}: {}", function.map_or("nobody knows what it is for", |(id, _)| id));
        let by_flag = care.life_sustaining == Some(true);
        let by = care.classified_by.map_or_else(String::new, |source| format!(" ({source})"));
        if by_flag {
            severity = Some(Severity::Catastrophic);
            from.push_str(&format!("; FDA: life-supporting or life-sustaining{by}"));
        } else if care.class == Some(3) && severity.is_none_or(|now| now < self.highest_class) {
            severity = Some(self.highest_class);
            from.push_str(&format!("; FDA: class 3{by}"));
        }
        match care.decision {
            Some(Decision::Raise { to, by }) if severity.is_none_or(|now| now < *to) => {
                severity = Some(*to);
                from.push_str(&format!("; raised to {} by {}", to.name(), by.0));
            }
            Some(Decision::Lower(Lowering { to, reason, by, second })) if severity.is_none_or(|now| now > *to) => {
                severity = Some(*to);
                from.push_str(&format!("; lowered to {} by {} and {}: {reason}", to.name(), by.0, second.0));
            }
            Some(Decision::Raise { .. } | Decision::Lower(_)) | None => {}
        }
        let mission = match care.redundancy {
            Some((spare, workaround)) => Mission::Stated { spare, workaround },
            None => Mission::Located(care.location),
        };
        Clinical {
            severity,
            sustains_life: by_flag || function.is_some_and(|(_, function)| function.sustains_life),
            regulated: care.category.and_then(|id| categories.get(id)).is_some_and(|kind| kind.medical),
            mission,
            records: care.records,
            from: from.into(),
        }
    }
}

fn severity(entry: &str, name: &str, source: &str) -> Result<Severity, KnowledgeError> {
    let severity = Severity::ALL.iter().find(|step| step.name() == name).copied().filter(|_| !source.is_empty());
    severity
        .ok_or_else(|| KnowledgeError::entry(FILE, entry, "has no severity of the scale, or no source", "correct it"))
}

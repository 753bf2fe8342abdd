//! The small tables: categories, attributes, weights.

use std::collections::BTreeMap;

use super::error::KnowledgeError;
use super::family::Family;
use super::raw::{AttributeFile, CategoryFile, WeightFile};

/// One kind of device, as in `infusion_pump`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Lower-case words with underscores.
    pub id: String,
    /// What people read.
    pub label: String,
    /// The more general kind, which holds whenever this one does.
    pub parent: Option<String>,
    /// Whether a device of this kind serves patients directly.
    pub medical: bool,
    /// What devices of this kind and all below it may be built on: an analyser on a computer.
    pub built_on: Option<String>,
}

/// Every kind of device, in the order of the file.
#[derive(Debug, Default)]
pub struct Categories {
    list: Vec<Category>,
    places: BTreeMap<String, usize>,
}

impl Categories {
    pub(super) fn new(file: &str, raw: CategoryFile) -> Result<Self, KnowledgeError> {
        let mut categories = Self::default();
        for category in raw.category {
            let place = categories.list.len();
            if categories.places.insert(category.id.clone(), place).is_some() {
                return Err(KnowledgeError::entry(file, &category.id, "stands twice", "remove one of the two"));
            }
            let super::raw::RawCategory { id, label, parent, medical, built_on } = category;
            categories.list.push(Category { id, label, parent, medical, built_on });
        }
        for category in &categories.list {
            if let Some(base) = category.built_on.as_ref().filter(|base| categories.get(base).is_none()) {
                let problem = format!("`{base}`, on which it is built, is no category");
                return Err(KnowledgeError::entry(file, &category.id, problem, "add it or correct its name"));
            }
            // A chain longer than the list runs in a circle; a chain that breaks off names an unknown parent.
            let mut steps = 0_usize;
            let mut next = category.parent.as_deref();
            while let Some(parent) = next {
                let known = categories.get(parent).ok_or_else(|| {
                    let problem = format!("its parent `{parent}` is no category");
                    KnowledgeError::entry(file, &category.id, problem, "add the parent or correct its name")
                })?;
                steps = steps.saturating_add(1);
                if steps > categories.list.len() {
                    let problem = "is its own ancestor";
                    return Err(KnowledgeError::entry(file, &category.id, problem, "break the circle of parents"));
                }
                next = known.parent.as_deref();
            }
        }
        Ok(categories)
    }

    /// The category of that id.
    pub fn get(&self, id: &str) -> Option<&Category> {
        self.places.get(id).and_then(|place| self.list.get(*place))
    }

    /// All of them, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Category> {
        self.list.iter()
    }

    /// Whether the one is the other or a kind of it.
    pub fn is_a(&self, id: &str, general: &str) -> bool {
        self.ancestry(id).any(|category| category.id == general)
    }

    /// The category and its ancestors, the special one first.
    pub fn ancestry(&self, id: &str) -> impl Iterator<Item = &Category> {
        std::iter::successors(self.get(id), |category| self.get(category.parent.as_deref()?))
    }
}

/// Whether an attribute has one true value or many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AttributeKind {
    /// One truth: rivals compete (a device has one model).
    Exclusive,
    /// Each value stands for itself (a device may have three names).
    List,
}

/// What an attribute tells of which device one is before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recognises {
    /// One device in the world, as a serial number does.
    Unit,
    /// Whoever was given the name: another device may get it, and a device another name.
    Name,
}

/// Something that can be claimed about a device.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// As rules name it.
    pub id: String,
    /// What people read.
    pub label: String,
    /// One truth or many.
    pub kind: AttributeKind,
    /// Log-odds of any single value before evidence, in decibans.
    pub prior_db: f32,
    /// How far the value may travel.
    pub privacy: model::Privacy,
    /// Whether a device is recognised by it, where its address alone does not tell.
    pub recognises: Option<Recognises>,
}

/// Every attribute, in the order of the file.
#[derive(Debug, Default)]
pub struct Attributes {
    list: Vec<Attribute>,
    placeholders: Vec<String>,
}

impl Attributes {
    pub(super) fn new(file: &str, raw: AttributeFile) -> Result<Self, KnowledgeError> {
        let mut list: Vec<Attribute> = Vec::new();
        for attribute in raw.attribute {
            let kind = match attribute.kind.as_str() {
                "exclusive" => AttributeKind::Exclusive,
                "list" => AttributeKind::List,
                other => {
                    let problem = format!("kind `{other}` is unknown");
                    return Err(KnowledgeError::entry(file, &attribute.id, problem, "use `exclusive` or `list`"));
                }
            };
            let privacy = match attribute.privacy.as_str() {
                "device" => model::Privacy::Device,
                "site" => model::Privacy::Site,
                other => {
                    let problem = format!("privacy `{other}` is unknown");
                    return Err(KnowledgeError::entry(file, &attribute.id, problem, "use `device` or `site`"));
                }
            };
            let recognises = match attribute.recognises.as_deref() {
                None => None,
                Some("unit") => Some(Recognises::Unit),
                Some("name") => Some(Recognises::Name),
                Some(other) => {
                    let problem = format!("what it recognises, `{other}`, is unknown");
                    return Err(KnowledgeError::entry(file, &attribute.id, problem, "use `unit` or `name`"));
                }
            };
            if list.iter().any(|other| other.id == attribute.id) {
                return Err(KnowledgeError::entry(file, &attribute.id, "stands twice", "remove one of the two"));
            }
            let super::raw::RawAttribute { id, label, prior_db, .. } = attribute;
            list.push(Attribute { id, label, kind, prior_db, privacy, recognises });
        }
        let placeholders = raw.placeholders.iter().map(|text| squeezed(text)).collect();
        Ok(Self { list, placeholders })
    }

    pub(super) fn place(&self, id: &str) -> Option<usize> {
        self.list.iter().position(|attribute| attribute.id == id)
    }

    pub(super) fn at(&self, place: usize) -> Option<&Attribute> {
        self.list.get(place)
    }

    /// The attribute of that id.
    pub fn get(&self, id: &str) -> Option<&Attribute> {
        self.list.iter().find(|attribute| attribute.id == id)
    }

    /// All of them, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Attribute> {
        self.list.iter()
    }

    /// Whether the text is what makers leave in a field that they did not fill (`To be filled by O.E.M.`, `0000`).
    pub fn is_placeholder(&self, text: &str) -> bool {
        let squeezed = squeezed(text);
        squeezed.is_empty() || squeezed.bytes().all(|byte| byte == b'0') || self.placeholders.contains(&squeezed)
    }
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How evidence adds up.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// What share of its weight a second piece of evidence of one family keeps: they are not independent.
    pub damping: f32,
    /// From here on a value is `probable`.
    pub probable: f32,
    /// From here on a value is `tentative`; below it is not shown.
    pub tentative: f32,
    /// Two rivals with this much each, from different families, are a conflict.
    pub conflict_db: f32,
    /// A rival must lead by this much to replace a value that was held.
    pub hysteresis_db: f32,
    caps: [f32; Family::ALL.len()],
}

impl Weights {
    pub(super) fn new(file: &str, raw: &WeightFile) -> Result<Self, KnowledgeError> {
        let mut caps = [0.0; Family::ALL.len()];
        for (family, cap) in Family::ALL.iter().zip(&mut caps) {
            *cap = *raw.caps.get(family.name()).ok_or_else(|| {
                KnowledgeError::entry(file, family.name(), "has no cap", "add it under [caps], in decibans")
            })?;
        }
        if let Some(name) = raw.caps.keys().find(|name| Family::named(name).is_none()) {
            let problem = "is no family of evidence";
            return Err(KnowledgeError::entry(file, name, problem, "remove it or correct its name"));
        }
        let WeightFile { damping, probable, tentative, conflict_db, hysteresis_db, .. } = *raw;
        Ok(Self { damping, probable, tentative, conflict_db, hysteresis_db, caps })
    }

    /// The most that one family can say for or against a value, in decibans.
    pub fn cap(&self, family: Family) -> f32 {
        self.caps.get(family.place()).copied().unwrap_or_default()
    }
}

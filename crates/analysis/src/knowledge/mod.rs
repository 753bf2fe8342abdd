//! The knowledge: data files that say how devices are told apart, read once and asked for every message.
//!
//! | file | holds |
//! | --- | --- |
//! | `products.toml` | what devices are called where they name themselves, who makes them, what they are |
//! | `fingerprints/*.toml` | rules: on which message, under which conditions, what is claimed, how strongly, from which source |
//! | `roles.toml` | what a station does in the network, told from its behaviour |
//! | `vendors.toml` | one name for each maker, with all its spellings |
//! | `categories.toml` | the tree of device kinds |
//! | `attributes.toml` | what can be claimed, and whether one value or many can be true |
//! | `weights.toml` | how evidence adds up |
//! | `corroborations.toml` | when what is told at second hand counts for more |
//!
//! Nothing here knows a protocol: rules name fields, messages carry them. Loading compiles no regular expression
//! ([`Pattern`]), so that a start takes milliseconds; [`Knowledge::check`] is for tests and tries every example.

use std::borrow::Cow;
use std::collections::BTreeSet;

use model::Message;

mod check;
mod condition;
mod corroboration;
mod error;
mod family;
mod index;
mod pattern;
mod product;
mod raw;
mod recog;
mod roles;
mod rule;
mod tables;
mod vendors;
mod view;

pub use check::Collision;
pub use condition::Condition;
pub use corroboration::Corroboration;
pub(crate) use corroboration::ShownBy;
pub use error::KnowledgeError;
pub use family::Family;
pub use pattern::Pattern;
pub use recog::{Examples, Fingerprint, FingerprintFile, Recog};
pub use roles::{Role, RoleMatch};
pub use rule::{Assertion, Rule, Template};
pub use tables::{Attribute, AttributeKind, Attributes, Categories, Category, Recognises, Weights};
pub use vendors::{Vendor, Vendors};

use index::RuleSet;
use raw::RawAssertion;
use roles::Roles;
use vendors::Setting;
pub(crate) use view::OPERATION;
use view::View;

const VENDORS: &str = "vendors.toml";
const CATEGORIES: &str = "categories.toml";
const ATTRIBUTES: &str = "attributes.toml";
const WEIGHTS: &str = "weights.toml";
const ROLES: &str = "roles.toml";
const CORROBORATIONS: &str = "corroborations.toml";
const PRODUCTS: &str = "products.toml";
const FINGERPRINTS: &str = "fingerprints/";

pub(crate) const CATEGORY: &str = "category";
pub(crate) const VENDOR: &str = "vendor";
const MODEL: &str = "model";
/// Whose makers made nothing of what runs there.
const VIRTUAL: &str = "virtual_machine";

/// Everything that is known before the first packet.
#[derive(Debug)]
pub struct Knowledge {
    categories: Categories,
    attributes: Attributes,
    weights: Weights,
    vendors: Vendors,
    rules: RuleSet,
    roles: Roles,
    corroborations: Vec<Corroboration>,
    /// Texts that name no product: every product is tried with them.
    no_product: Vec<String>,
}

/// How the texts of the knowledge files are written down.
#[derive(Clone, Copy, Debug)]
pub enum Notation {
    /// As people write them.
    Toml,
    /// The same values as a build prepares them: read in a tenth of the time.
    Json,
}

impl Notation {
    pub(crate) fn read<T: serde::de::DeserializeOwned>(self, file: &str, text: &str) -> Result<T, KnowledgeError> {
        match self {
            Self::Toml => toml::from_str(text).map_err(|error| KnowledgeError::format(file, error)),
            Self::Json => serde_json::from_str(text).map_err(|error| KnowledgeError::format(file, error)),
        }
    }
}

/// One claim about the subject of a message.
#[derive(Clone, Debug)]
pub struct Match<'k, 'm> {
    /// The rule that claims.
    pub rule: &'k Rule,
    /// What about the subject is claimed.
    pub attribute: &'k Attribute,
    /// The value that is claimed: a maker by its one name, a category by its id.
    pub value: Cow<'m, str>,
    /// How much this speaks for the value, in decibans; negative speaks against it.
    pub db: f32,
    /// The field that decided.
    pub field: &'k str,
    /// What the field held.
    pub field_value: Cow<'m, str>,
    /// Further fields that had to be as they were, and what they held.
    pub also: Vec<(&'k str, Cow<'m, str>)>,
}

impl Knowledge {
    /// Reads the knowledge files: pairs of the path below the knowledge folder and the text. Other files are passed over.
    ///
    /// The order of the files changes nothing.
    pub fn load<'f>(
        files: impl IntoIterator<Item = (&'f str, &'f str)>,
        notation: Notation,
    ) -> Result<Self, KnowledgeError> {
        let mut files: Vec<(&str, &str)> = files.into_iter().collect();
        files.sort_unstable();
        let named = |name: &'static str| {
            let file = files.iter().find(|(path, _)| *path == name);
            file.map(|(_, text)| *text).ok_or(KnowledgeError::Missing { file: name })
        };
        let vendors = Vendors::new(VENDORS, notation.read(VENDORS, named(VENDORS)?)?)?;
        let categories = Categories::new(CATEGORIES, notation.read(CATEGORIES, named(CATEGORIES)?)?)?;
        vendors.check_makes(VENDORS, &categories)?;
        let attributes = Attributes::new(ATTRIBUTES, notation.read(ATTRIBUTES, named(ATTRIBUTES)?)?)?;
        let weights = Weights::new(WEIGHTS, &notation.read(WEIGHTS, named(WEIGHTS)?)?)?;
        let roles = Roles::new(ROLES, notation.read(ROLES, named(ROLES)?)?, &vendors)?;
        let raw = notation.read(CORROBORATIONS, named(CORROBORATIONS)?)?;
        let corroborations = Corroboration::all(CORROBORATIONS, raw, &attributes, roles.list())?;
        let rules = RuleSet::default();
        let no_product = Vec::new();
        let mut knowledge = Self { categories, attributes, weights, vendors, rules, roles, corroborations, no_product };
        let mut ids = BTreeSet::new();
        for (path, text) in files.iter().filter(|(path, _)| path.starts_with(FINGERPRINTS) && path.ends_with(".toml")) {
            let file: raw::RuleFile = notation.read(path, text)?;
            for raw in file.rule {
                let rule = Rule::new(path, raw, &knowledge.vendors, |assertion| knowledge.assertion(assertion))?;
                if !ids.insert(rule.id.clone()) {
                    return Err(KnowledgeError::entry(
                        path,
                        &rule.id,
                        "the id stands twice",
                        "give one of them another id",
                    ));
                }
                knowledge.rules.push(rule);
            }
        }
        // As of fingerprints, there may be none.
        if let Ok(text) = named(PRODUCTS) {
            knowledge.add_products(notation.read(PRODUCTS, text)?)?;
        }
        Ok(knowledge)
    }

    /// A rule for each product at each place where products are named: of those at one place the longest name counts.
    fn add_products(&mut self, raw: raw::ProductFile) -> Result<(), KnowledgeError> {
        let mut ids = BTreeSet::new();
        if let Some(twice) = raw.product.iter().find(|product| !ids.insert(product.id.as_str())) {
            return Err(KnowledgeError::entry(
                PRODUCTS,
                &twice.id,
                "the id stands twice",
                "give one of them another id",
            ));
        }
        let names: Vec<_> = raw.product.iter().map(product::Names::new).map(std::sync::Arc::new).collect();
        for (group, place) in (1..).zip(&raw.place) {
            for (product, names) in raw.product.iter().zip(&names) {
                let claim = |assertion: &RawAssertion| self.assertion(assertion);
                let rule = Rule::of_product(PRODUCTS, product, names, place, &raw.source, claim)?;
                self.rules.push(Rule { group, ..rule });
            }
        }
        self.no_product = raw.no_product;
        Ok(())
    }

    fn assertion(&self, raw: &RawAssertion) -> Result<Assertion, String> {
        let attribute = &raw.attribute;
        let place = self.attributes.place(attribute).ok_or_else(|| format!("`{attribute}` is no attribute"))?;
        let value = Template::new(&raw.value)?;
        if !raw.db.is_finite() || raw.db == 0.0 {
            return Err(format!("the claim on `{attribute}` weighs nothing"));
        }
        match (attribute.as_str(), value.plain()) {
            (CATEGORY, Some(id)) if self.categories.get(id).is_some() => {}
            (CATEGORY, _) => return Err(format!("`{}` is no category", raw.value)),
            (VENDOR, Some(name)) if !self.vendors.iter().any(|vendor| vendor.name == name) => {
                return Err(format!("`{name}` is no vendor of vendors.toml (the name itself, not an alias)"));
            }
            _ => {}
        }
        Ok(Assertion { attribute: place, value, db: raw.db })
    }

    /// The tree of device kinds.
    pub fn categories(&self) -> &Categories {
        &self.categories
    }

    /// The more general values that hold whenever a value of the attribute does, the next one first.
    pub fn ancestors<'a>(&'a self, attribute: &Attribute, value: &'a str) -> Vec<&'a str> {
        let is_tree = attribute.id == CATEGORY;
        let ancestry = is_tree.then(|| self.categories.ancestry(value).skip(1).map(|category| category.id.as_str()));
        ancestry.into_iter().flatten().collect()
    }

    /// Whether a device of that kind may be built on one of the other kind, or what that maker made on a virtual machine of the
    /// other.
    pub fn is_built_on(&self, attribute: &Attribute, value: &str, other: &str) -> bool {
        if attribute.id == VENDOR {
            return self.vendors.makes(other, VIRTUAL, &self.categories)
                && !self.vendors.makes(value, VIRTUAL, &self.categories);
        }
        let mut bases = self.categories.ancestry(value).filter_map(|category| category.built_on.as_deref());
        attribute.id == CATEGORY && bases.any(|base| self.categories.is_a(other, base))
    }

    /// What can be claimed.
    pub fn attributes(&self) -> &Attributes {
        &self.attributes
    }

    /// How evidence adds up.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// The makers.
    pub fn vendors(&self) -> &Vendors {
        &self.vendors
    }

    /// The roles that a station can play.
    pub fn roles(&self) -> &[Role] {
        self.roles.list()
    }

    /// When two sources that agree count for more.
    pub fn corroborations(&self) -> &[Corroboration] {
        &self.corroborations
    }

    /// Every rule, in the order of files and places within them.
    pub fn rules(&self) -> &[Rule] {
        self.rules.rules()
    }

    /// How much the rule speaks for that value of the attribute: as before if it still does, else as it does now; `None` if
    /// it claims no such thing.
    pub(crate) fn weight(&self, rule: &Rule, attribute: &Attribute, value: &str, before_db: f32) -> Option<f32> {
        let is_it = |assertion: &&Assertion| {
            self.attributes.at(assertion.attribute).is_some_and(|other| std::ptr::eq(other, attribute))
                && assertion.value.plain().is_none_or(|plain| plain == value)
        };
        let mut weights = rule.assert.iter().filter(is_it).map(|assertion| assertion.db);
        let now = weights.next()?;
        let is_kept = |db: f32| db.to_bits() == before_db.to_bits();
        Some(if is_kept(now) || weights.any(is_kept) { before_db } else { now })
    }

    /// The role that the role's rule of that id shows, the rule, and from how many peers on.
    pub(crate) fn role_shown_by(&self, id: &str) -> Option<(&Role, &Rule, usize)> {
        self.roles.shown_by(id)
    }

    /// The one name of a maker, whatever spelling was met; an unknown maker keeps its name without `Inc.` and its like.
    pub fn vendor<'a>(&'a self, raw: &'a str) -> Cow<'a, str> {
        self.vendors.canonical(raw, Setting::Any)
    }

    /// The one name of a maker that a medical device or document names: there `Siemens` means `Siemens Healthineers`.
    pub fn medical_vendor<'a>(&'a self, raw: &'a str) -> Cow<'a, str> {
        self.vendors.canonical(raw, Setting::Medical)
    }

    /// The fields of messages of that kind that rules and roles read: two messages that are alike in these say the same.
    /// `None` if nothing reads messages of that kind.
    pub fn fields_read(&self, protocol: &str, kind: &str) -> Option<BTreeSet<&str>> {
        let read = self.rules.of_kind(protocol, kind).next().is_some() || self.roles.reads(protocol, kind);
        let by_rules = || self.rules.of_kind(protocol, kind).flat_map(Rule::fields_read);
        read.then(|| by_rules().chain(self.roles.fields_read(protocol, kind)).collect())
    }

    /// What the message claims about its subject, in the order of the rules.
    pub fn matches<'k: 'm, 'm>(&'k self, message: &'m Message) -> Vec<Match<'k, 'm>> {
        self.matches_in(message.protocol(), message.kind(), View::message(message))
    }

    /// What a pseudo-message claims: `on` as in `mac.seen`, its fields as names and texts.
    pub fn matches_fields<'k: 'm, 'm>(&'k self, on: &str, fields: &'m [(&'m str, &'m str)]) -> Vec<Match<'k, 'm>> {
        let (protocol, kind) = on.split_once('.').unwrap_or((on, ""));
        self.matches_in(protocol, kind, View::pairs(fields))
    }

    fn matches_in<'k: 'm, 'm>(&'k self, protocol: &str, kind: &str, view: View<'m>) -> Vec<Match<'k, 'm>> {
        let mut matches = Vec::new();
        self.rules.matching(protocol, kind, view, &self.vendors, |rule, met| {
            let claims = rule.claims(view, met, &self.vendors);
            for assertion in &rule.assert {
                matches.extend(self.claim(rule, assertion, &claims));
            }
        });
        matches
    }

    fn claim<'k: 'm, 'm>(
        &'k self,
        rule: &'k Rule,
        assertion: &'k Assertion,
        claims: &rule::Claims<'k, 'm>,
    ) -> Option<Match<'k, 'm>> {
        let attribute = self.attributes.at(assertion.attribute)?;
        let rule::Filled { value, field, field_value, also } = claims.fill(&assertion.value)?;
        let value = match value {
            Cow::Owned(text) if self.attributes.is_placeholder(&text) => return None,
            // The borrowed texts are those of the rules themselves: canonical already.
            Cow::Owned(text) if attribute.id == VENDOR => {
                Cow::Owned(self.vendors.canonical(&text, rule.setting).into_owned())
            }
            Cow::Owned(text) if attribute.id == MODEL => Cow::Owned(self.vendors.without_maker(&text).to_owned()),
            value => value,
        };
        Some(Match { rule, attribute, value, db: assertion.db, field, field_value, also })
    }

    /// The roles that the message shows its subject, or the addresses it names, to play.
    pub fn roles_of<'k: 'm, 'm>(&'k self, message: &'m Message) -> Vec<RoleMatch<'k, 'm>> {
        self.roles.matching(message.protocol(), message.kind(), View::message(message), &self.vendors)
    }

    /// The roles that a pseudo-message shows.
    pub fn roles_of_fields<'k: 'm, 'm>(&'k self, on: &str, fields: &'m [(&'m str, &'m str)]) -> Vec<RoleMatch<'k, 'm>> {
        let (protocol, kind) = on.split_once('.').unwrap_or((on, ""));
        self.roles.matching(protocol, kind, View::pairs(fields), &self.vendors)
    }
}

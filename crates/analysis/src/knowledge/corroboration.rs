//! Two sources that know nothing of each other name one maker: then what the weaker says of the device counts for more.

use super::error::KnowledgeError;
use super::family::Family;
use super::raw::{CorroborationFile, RawCorroboration, Texts};
use super::rule::{Rule, kinds};
use super::tables::{Attribute, Attributes};

/// What is told at second hand, and what shows that it is told of the speaker itself.
///
/// An image tells which scanner made it, but archives pass images on. When the software that sends it is of the scanner's
/// maker too, and all images are of one scanner, the sender is that scanner.
#[derive(Debug)]
pub struct Corroboration {
    /// Stands in the evidence: id and source, nothing else.
    pub(crate) rule: Rule,
    said_on: Vec<(String, String)>,
    confirmed_on: Vec<(String, String)>,
    single: Vec<String>,
    raises: Vec<String>,
    /// How much agreement speaks for what was said, in decibans.
    pub(crate) db: f32,
}

impl Corroboration {
    pub(super) fn all(
        file: &str,
        raw: CorroborationFile,
        attributes: &Attributes,
    ) -> Result<Vec<Self>, KnowledgeError> {
        raw.corroboration.into_iter().map(|raw| Self::new(file, raw, attributes)).collect()
    }

    fn new(file: &str, raw: RawCorroboration, attributes: &Attributes) -> Result<Self, KnowledgeError> {
        let RawCorroboration { id, said_on, confirmed_on, single, raises, db, source } = raw;
        let fault = |problem: String| KnowledgeError::entry(file, &id, problem, "correct the entry");
        let (Texts(said_on), Texts(confirmed_on)) = (said_on, confirmed_on);
        let (Texts(single), Texts(raises)) = (single, raises);
        if let Some(unknown) = single.iter().chain(&raises).find(|name| attributes.get(name).is_none()) {
            return Err(fault(format!("`{unknown}` is no attribute")));
        }
        if !(db > 0.0 && db.is_finite()) {
            return Err(fault("agreement speaks for a value: `db` is above 0".to_owned()));
        }
        if source.trim().is_empty() {
            return Err(fault("names no source".to_owned()));
        }
        Ok(Self {
            said_on: kinds(said_on).map_err(fault)?,
            confirmed_on: kinds(confirmed_on).map_err(fault)?,
            single,
            raises,
            db,
            rule: Rule::named(file, &id, Family::Agreement, &source),
        })
    }

    /// Whether what the rule claims is told at second hand.
    pub(crate) fn is_said(&self, rule: &Rule) -> bool {
        rule.reads_only(&self.said_on)
    }

    /// Whether what the rule claims is told of the speaker itself.
    pub(crate) fn confirms(&self, rule: &Rule) -> bool {
        rule.reads_only(&self.confirmed_on)
    }

    /// Whether the attribute tells one device from another: two values at second hand are two devices.
    pub(crate) fn tells_apart(&self, attribute: &Attribute) -> bool {
        self.single.contains(&attribute.id)
    }

    /// Whether agreement speaks for values of the attribute.
    pub(crate) fn raises(&self, attribute: &Attribute) -> bool {
        self.raises.contains(&attribute.id)
    }
}

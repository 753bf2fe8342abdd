//! What is told at second hand counts for more when something else shows that it is told of the speaker itself.

use super::error::KnowledgeError;
use super::family::Family;
use super::raw::{CorroborationFile, RawCorroboration, Texts};
use super::roles::Role;
use super::rule::{Rule, kinds};
use super::tables::{Attribute, Attributes};
use super::{CATEGORY, Knowledge};
use crate::evidence::{Evidence, Piece};

/// What is told at second hand, and what shows that it is told of the speaker itself.
///
/// An announcement may be passed on by a bridge: when the network card is of the announced maker too, it is the speaker's.
/// An image tells which scanner made it, but archives pass images on: when the sender asks which patients are to be examined,
/// as only who examines them does, and all images are of one scanner, the sender is that scanner. A network card tells its own
/// maker, which is often not that of the device around it: but a computer with the card of a maker of computers is that maker's.
#[derive(Debug)]
pub struct Corroboration {
    /// Stands in the evidence: id and source, nothing else.
    pub(crate) rule: Rule,
    said_on: Vec<(String, String)>,
    pub(crate) shown_by: ShownBy,
    single: Vec<String>,
    raises: Vec<String>,
    /// How much agreement speaks for what was said, in decibans.
    pub(crate) db: f32,
}

/// What shows that the speaker speaks of itself.
#[derive(Debug)]
pub(crate) enum ShownBy {
    /// Messages of these kinds, told at first hand, name the same maker.
    Maker(Vec<(String, String)>),
    /// The speaker plays the first role, and none of the others.
    Role(String, Vec<String>),
    /// What else is known shows that the speaker is of a kind that the maker makes.
    Kind,
}

impl Corroboration {
    pub(super) fn all(
        file: &str,
        raw: CorroborationFile,
        attributes: &Attributes,
        roles: &[Role],
    ) -> Result<Vec<Self>, KnowledgeError> {
        raw.corroboration.into_iter().map(|raw| Self::new(file, raw, attributes, roles)).collect()
    }

    fn new(file: &str, raw: RawCorroboration, attributes: &Attributes, roles: &[Role]) -> Result<Self, KnowledgeError> {
        let RawCorroboration { id, said_on, confirmed_on, by_kind, role, unless_roles, single, raises, db, source } =
            raw;
        let fault = |problem: String| KnowledgeError::entry(file, &id, problem, "correct the entry");
        let (Texts(said_on), Texts(single), Texts(raises)) = (said_on, single, raises);
        let Texts(unless_roles) = unless_roles;
        if let Some(unknown) =
            role.iter().chain(&unless_roles).find(|role| !roles.iter().any(|known| known.id == **role))
        {
            return Err(fault(format!("`{unknown}` is no role")));
        }
        let shown_by = match (confirmed_on, role, by_kind) {
            (Some(Texts(on)), None, false) if unless_roles.is_empty() => ShownBy::Maker(kinds(on).map_err(fault)?),
            (None, Some(role), false) => ShownBy::Role(role, unless_roles),
            (None, None, true) if unless_roles.is_empty() => ShownBy::Kind,
            _ => return Err(fault("is shown by `confirmed_on`, by `role` or by kind, one of the three".to_owned())),
        };
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
            shown_by,
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

    /// Whether the attribute tells one device from another: two values at second hand are two devices.
    pub(crate) fn tells_apart(&self, attribute: &Attribute) -> bool {
        self.single.contains(&attribute.id)
    }

    /// The piece that shows best what the speaker is, of what is not told at second hand, if the one maker that is told makes
    /// such devices.
    pub(crate) fn of_made_kind<'p, 'k: 'p>(
        &self,
        told: impl Iterator<Item = &'p Piece<'k>>,
        maker: &str,
        knowledge: &Knowledge,
    ) -> Option<&'p Evidence<'k>> {
        let shows = told.filter(|piece| piece.attribute.id == CATEGORY && !self.is_said(piece.evidence.rule));
        let best = shows.max_by(|a, b| a.evidence.weight_db.total_cmp(&b.evidence.weight_db))?;
        knowledge.vendors.makes(maker, &best.value, &knowledge.categories).then_some(&best.evidence)
    }

    /// Whether agreement speaks for values of the attribute.
    pub(crate) fn raises(&self, attribute: &Attribute) -> bool {
        self.raises.contains(&attribute.id)
    }
}

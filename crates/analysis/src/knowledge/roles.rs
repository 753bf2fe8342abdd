//! What a station does in the network: told from how it behaves, never from what it is called.

use std::borrow::Cow;

use super::error::KnowledgeError;
use super::family::Family;
use super::index::RuleSet;
use super::raw::RoleFile;
use super::rule::{Body, Rule};
use super::vendors::Vendors;
use super::view::View;

/// A part that stations play for others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Lower-case words with underscores, as in `dhcp_server`.
    pub id: String,
    /// What people read.
    pub label: String,
    /// Whether the network itself depends on it.
    pub infrastructure: bool,
    /// Whether care depends on it.
    pub medical: bool,
    /// Whether who plays it sends on what others wrote, so that no identity in its messages is its own.
    pub relays: bool,
    /// Who plays that role does not play this one.
    pub not_with: Option<String>,
    /// Unless it plays that role as well.
    pub unless_with: Option<String>,
}

/// A message that shows a role.
#[derive(Clone, Debug)]
pub struct RoleMatch<'k, 'm> {
    /// The role.
    pub role: &'k Role,
    /// The rule that says so.
    pub rule: &'k Rule,
    /// From how many different peers this must be seen before the role stands.
    pub peers_min: usize,
    /// The field whose addresses play the role (a DHCP answer names the router); `None` if the message's subject does.
    pub addresses: Option<&'k str>,
    /// Whether the message says that who plays the role forwards packets for others.
    pub forwards: bool,
    /// The field that decided.
    pub field: &'k str,
    /// What it held.
    pub field_value: Cow<'m, str>,
}

impl<'k> RoleMatch<'k, '_> {
    /// The same, borrowing nothing from the message.
    pub fn into_owned(self) -> RoleMatch<'k, 'k> {
        let Self { role, rule, peers_min, addresses, forwards, field, field_value } = self;
        RoleMatch {
            role,
            rule,
            peers_min,
            addresses,
            forwards,
            field,
            field_value: Cow::Owned(field_value.into_owned()),
        }
    }
}

/// The roles and the rules that show them.
#[derive(Debug, Default)]
pub(super) struct Roles {
    list: Vec<Role>,
    rules: RuleSet,
    /// One for each rule: the role, the peers, the field of addresses.
    meanings: Vec<Meaning>,
}

#[derive(Debug)]
struct Meaning {
    id: String,
    role: usize,
    peers_min: usize,
    addresses: Option<String>,
    forwards: bool,
}

impl Roles {
    pub(super) fn new(file: &str, raw: RoleFile, vendors: &Vendors) -> Result<Self, KnowledgeError> {
        let mut roles = Self::default();
        for role in raw.role {
            if roles.list.iter().any(|other| other.id == role.id) {
                return Err(KnowledgeError::entry(file, &role.id, "stands twice", "remove one of the two"));
            }
            let super::raw::RawRole { id, label, infrastructure, medical, relays, not_with, unless_with } = role;
            roles.list.push(Role { id, label, infrastructure, medical, relays, not_with, unless_with });
        }
        let named = |role: &Role| role.not_with.iter().chain(&role.unless_with).cloned().collect::<Vec<_>>();
        for (role, other) in roles.list.iter().flat_map(|role| named(role).into_iter().map(move |other| (role, other)))
        {
            if !roles.list.iter().any(|known| known.id == other) {
                let problem = format!("`{other}` is no role");
                return Err(KnowledgeError::entry(file, &role.id, problem, "add the role or correct its name"));
            }
        }
        for raw in raw.rule {
            let super::raw::RawRoleRule {
                id,
                role,
                on,
                when,
                unless,
                addresses,
                forwards,
                peers_min,
                source,
                positive,
                negative,
            } = raw;
            let place = roles.list.iter().position(|other| other.id == role).ok_or_else(|| {
                let problem = format!("`{role}` is no role");
                KnowledgeError::entry(file, &id, problem, "add the role or correct its name")
            })?;
            if roles.meanings.iter().any(|other| other.id == id) {
                return Err(KnowledgeError::entry(file, &id, "the id stands twice", "give one of them another id"));
            }
            roles.meanings.push(Meaning { id: id.clone(), role: place, peers_min, addresses, forwards });
            let body = Body { id, on, when, unless, source, positive, negative };
            roles.rules.push(Rule::from_body(file, body, Family::Flow, Vec::new(), vendors)?);
        }
        Ok(roles)
    }

    pub(super) fn list(&self) -> &[Role] {
        &self.list
    }

    pub(super) fn rules(&self) -> &[Rule] {
        self.rules.rules()
    }

    /// The names of the fields that the rules read of messages of that kind.
    pub(super) fn fields_read(&self, protocol: &str, kind: &str) -> impl Iterator<Item = &str> {
        self.rules.of_kind(protocol, kind).flat_map(|rule| {
            let addresses = self.meaning(rule).and_then(|meaning| meaning.addresses.as_deref());
            rule.fields_read().chain(addresses)
        })
    }

    /// Whether any rule reads messages of that kind.
    pub(super) fn reads(&self, protocol: &str, kind: &str) -> bool {
        self.rules.of_kind(protocol, kind).next().is_some()
    }

    fn meaning(&self, rule: &Rule) -> Option<&Meaning> {
        self.meanings.iter().find(|meaning| *meaning.id == *rule.id)
    }

    /// What the rule of that id shows: the role, the rule, and from how many peers on.
    pub(super) fn shown_by(&self, id: &str) -> Option<(&Role, &Rule, usize)> {
        let rule = self.rules().iter().find(|rule| *rule.id == *id)?;
        let meaning = self.meaning(rule)?;
        Some((self.list.get(meaning.role)?, rule, meaning.peers_min))
    }

    pub(super) fn matching<'k: 'm, 'm>(
        &'k self,
        protocol: &str,
        kind: &str,
        view: View<'m>,
        vendors: &Vendors,
    ) -> Vec<RoleMatch<'k, 'm>> {
        let mut matches = Vec::new();
        self.rules.matching(protocol, kind, view, vendors, |rule, met| {
            let Some((meaning, role)) =
                self.meaning(rule).and_then(|meaning| Some((meaning, self.list.get(meaning.role)?)))
            else {
                return;
            };
            let field = rule.when.first().map_or("", |condition| condition.field.as_str());
            let field_value = met.into_iter().next().unwrap_or_default();
            let (addresses, forwards) = (meaning.addresses.as_deref(), meaning.forwards);
            matches.push(RoleMatch {
                role,
                rule,
                peers_min: meaning.peers_min,
                addresses,
                forwards,
                field,
                field_value,
            });
        });
        matches
    }
}

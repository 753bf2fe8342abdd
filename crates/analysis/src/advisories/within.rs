//! Statements on one product within another, or installed on it (CSAF 2.0 section 3.2.2.3, OpenVEX subcomponents).

use std::collections::BTreeMap;

use model::advisory::{Advisory, Statement};

use super::Reading;
use super::makers::Makers;
use super::names::{Fit, Product};
use super::predicate::{Predicate, Profile, Question, Truth, words};
use super::statement;
use super::written::Written;

/// Products that a combination is made of.
const LEAVES_MAX: usize = 8;
/// How a part belongs to a product that comes with it.
const COMES_WITH_IT: &str = "default_component_of";
/// Where in a product a vulnerability comes from: the statement is on the product (OpenVEX 0.2.0, "subcomponents").
const COMES_FROM_IT: &str = "subcomponent_of";

/// A product that has to be there too.
#[derive(Clone, Debug)]
pub struct Companion {
    name: String,
    product: Product,
    versions: Option<Predicate>,
    /// The operating system that it is, if it is one.
    system: Option<Predicate>,
}

/// What is read of a statement on a combination: for each of its products a reading that asks for the others.
pub fn read(
    statement: &Statement,
    known: &BTreeMap<&str, &Statement>,
    advisory: &Advisory,
    makers: &Makers,
) -> Vec<Reading> {
    let mut leaves = Vec::new();
    let mut kinds = Vec::new();
    gather(statement, known, &mut leaves, &mut kinds);
    let is_origin = kinds.iter().all(|kind| *kind == COMES_FROM_IT);
    let is_given = kinds.iter().all(|kind| [COMES_WITH_IT, COMES_FROM_IT].contains(kind));
    if leaves.len() < 2 || leaves.len() > LEAVES_MAX {
        return Vec::new();
    }
    let outermost = leaves.len().saturating_sub(1);
    let mut readings = Vec::new();
    for (place, main) in leaves.iter().enumerate() {
        let Some(mut reading) = Reading::of(main, advisory, makers) else { continue };
        let others = leaves.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, other)| *other);
        // A maker that names the version of its product names what is in it.
        let is_certain = |part: &Statement| is_origin || main.version.is_some() || part.version.is_none();
        let has_it = |part: &Statement| is_given && place == outermost && is_certain(part);
        reading.with =
            others.filter(|part| !has_it(part)).map(|part| Companion::read(part, advisory, makers)).collect();
        readings.push(reading);
    }
    readings
}

/// The products of a combination, the innermost first. One that leads back to itself ends by its length.
fn gather<'s>(
    statement: &'s Statement,
    known: &BTreeMap<&str, &'s Statement>,
    leaves: &mut Vec<&'s Statement>,
    kinds: &mut Vec<&'s str>,
) {
    let mut waiting = vec![statement];
    // Bounds the steps, not only what is found: a relation may refer to itself.
    for _ in 0..LEAVES_MAX.saturating_mul(2) {
        let Some(next) = waiting.pop() else { return };
        match &next.relation {
            Some(relation) => {
                kinds.push(&relation.kind);
                let named = [&relation.on, &relation.part].map(|id| known.get(id.as_str()).copied());
                let [Some(on), Some(part)] = named else {
                    leaves.clear();
                    return;
                };
                waiting.extend([on, part]);
            }
            None => leaves.push(next),
        }
    }
    leaves.clear();
}

impl Companion {
    fn read(statement: &Statement, advisory: &Advisory, makers: &Makers) -> Self {
        let written = Written::of(statement, advisory, makers);
        let (vendor, name, version) = match &written {
            Some(written) => (&*written.vendor, &*written.product, &*written.version),
            None => ("", statement.product.as_str(), statement.version.as_deref().unwrap_or_default()),
        };
        let maker: Vec<String> = words(vendor);
        let name = if name.is_empty() { &statement.text } else { name };
        let lower = name.to_lowercase();
        let from = lower.find("windows").and_then(|place| lower.get(place..));
        let system = from.map(statement::system);
        let said = statement::read(version);
        let versions = match (said.versions, said.conditions.is_empty()) {
            (versions, true) => versions.filter(|versions| *versions != Predicate::All),
            (_, false) => Some(Predicate::Unread(version.to_owned())),
        };
        Self { name: name.to_owned(), product: Product::read(name, &maker), versions, system }
    }

    /// Whether it is there, as far as is known.
    pub fn holds(&self, profile: &Profile) -> Truth {
        if let Some(system) = &self.system {
            let truth = system.holds(profile, &[]);
            // More than the name of the system is asked for: its edition, or its version.
            let is_whole = self.versions.is_none()
                && matches!(system, Predicate::System(names, _) if names.iter().any(|name| words(name).len() >= words(&self.name).len()));
            return if is_whole { truth } else { truth.and(Truth::asks(Question::System)) };
        }
        let question = || Truth::asks(Question::Module(self.name.clone()));
        let mut found = None::<Truth>;
        for (name, version) in profile.built_in() {
            let fit = self.product.fits(&Product::read(name, &[]));
            if !matches!(fit, Fit::Exact | Fit::Same(_)) {
                continue;
            }
            let truth = match &self.versions {
                None => Truth::Yes,
                Some(versions) => {
                    let one = Profile { version: version.map(str::to_owned), ..Profile::default() };
                    match versions.holds(&one, &[]) {
                        Truth::Unknown(_) => question(),
                        decided => decided,
                    }
                }
            };
            found = Some(found.map_or(truth.clone(), |found| found.or(truth)));
        }
        found.unwrap_or_else(question)
    }
}

//! All advisories, read once, and which of them are about a device.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;
use model::advisory::{self, Advisory, PublisherKind, Status, Vulnerability};
use model::outside::DeviceModel;

use super::device::Device;
use super::makers::{Learnt, Makers};
use super::names::Fit;
use super::predicate::{self, Predicate, Profile, Question, Truth};
use super::written::Written;
use super::{Reading, Statement, Verdict, within};

/// How a vulnerability was found to be a device's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Product and version are those of the statement.
    Decided,
    /// The product is, its version or another condition is not known; or the name fits in part.
    Likely,
    /// The name fits in part, and more is not known.
    Possible,
}

/// What one advisory says of one vulnerability in a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which advisory, in the order in which they were given.
    pub advisory: usize,
    /// Which of its vulnerabilities.
    pub vulnerability: usize,
    /// The statement that decided, by its identifier in the advisory.
    pub statement: String,
    /// What it says. `NotAffected` only where the advisory says so of this product.
    pub verdict: Verdict,
    /// How sure the product is the device.
    pub tier: Tier,
    /// Who says it: the higher, the more it counts.
    pub authority: Authority,
}

/// Whose word counts more: the maker's before a coordinator's, and the later before the earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Authority {
    rank: u8,
    released: i64,
}

/// Advisories, read for many devices.
#[derive(Debug, Default)]
pub struct Library {
    makers: Makers,
    entries: Vec<Entry>,
    /// Which advisories name a maker.
    by_maker: HashMap<String, Vec<usize>>,
    unusable: BTreeMap<usize, Unusable>,
}

/// Statements of an advisory that name a product of which nobody can tell the maker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unusable {
    /// How many.
    pub statements: usize,
    /// Of how many.
    pub of: usize,
}

#[derive(Debug)]
struct Entry {
    readings: Vec<Told>,
    /// For each vulnerability, which readings speak of it and what they say: that it is there, or not.
    vulnerabilities: Vec<Vec<(usize, Says)>>,
    authority: Authority,
    /// Readings on products of others than the maker who publishes: there it is anyone.
    of_others: BTreeSet<usize>,
}

/// What is read of a statement.
#[derive(Debug)]
struct Told {
    /// The statement's identifier in the advisory.
    id: String,
    /// The sign by which a status makes a bound of its version.
    bound: Option<&'static str>,
    /// Whether the statement is there for what others are made of.
    is_part_only: bool,
    reading: Reading,
}

impl Library {
    /// Reads all statements of some advisories.
    pub fn new(advisories: &[Advisory], makers: Makers) -> Self {
        let mut library = Self { makers, ..Self::default() };
        for (place, advisory) in advisories.iter().enumerate() {
            let mut readings = told(advisory, &library.makers);
            let used: BTreeSet<&str> = readings.iter().map(|told| told.id.as_str()).collect();
            let unusable = Unusable {
                statements: advisory.statements.len().saturating_sub(used.len()),
                of: advisory.statements.len(),
            };
            if unusable.statements > 0 {
                library.unusable.insert(place, unusable);
            }
            for maker in readings.iter().flat_map(|told| &told.reading.makers) {
                let places = library.by_maker.entry(maker.clone()).or_default();
                if places.last() != Some(&place) {
                    places.push(place);
                }
            }
            readings.extend(bounds(advisory, &library.makers));
            let places = places(&readings);
            let vulnerabilities = advisory
                .vulnerabilities
                .iter()
                .map(|vulnerability| spoken_of(vulnerability, &readings, &places))
                .collect();
            let rank = match advisory.publisher.kind {
                PublisherKind::Vendor => 2,
                PublisherKind::Coordinator => 1,
                PublisherKind::Other => 0,
            };
            let authority = Authority { rank, released: advisory.current_release.0 };
            let publisher = library.makers.names_of(&advisory.publisher.name);
            let is_others = |(place, told): (usize, &Told)| {
                let speaks_for_itself = advisory.publisher.kind != PublisherKind::Vendor
                    || library.makers.agree(&publisher, &told.reading.makers);
                (!speaks_for_itself).then_some(place)
            };
            let of_others = readings.iter().enumerate().filter_map(is_others).collect();
            library.entries.push(Entry { vulnerabilities, readings, authority, of_others });
        }
        library
    }

    /// Learns from a register which numbers to order by stand for which models of the makers that some advisory names. Statements
    /// that are read stay as they are: what is learnt names devices.
    pub fn learn<'m>(&mut self, models: impl IntoIterator<Item = &'m DeviceModel>) -> Learnt {
        let named = &self.by_maker;
        self.makers.learn(models, |house| named.contains_key(house))
    }

    /// What all advisories say of a device, in their order. Nothing is said of devices that have neither a model nor a number to
    /// order by that stands for one.
    pub fn findings(&self, profile: &Profile) -> Vec<Finding> {
        let Some(device) = Device::read(profile, &self.makers) else { return Vec::new() };
        let profile = &*device.completed(profile);
        let mut places: Vec<usize> = match profile.vendor {
            Some(_) => device.makers.iter().filter_map(|maker| self.by_maker.get(maker)).flatten().copied().collect(),
            None => (0..self.entries.len()).collect(),
        };
        places.sort_unstable();
        places.dedup();
        let mut findings = Vec::new();
        for place in places {
            let Some(entry) = self.entries.get(place) else { continue };
            let weighed: Vec<Option<(Fit, Truth)>> =
                entry.readings.iter().map(|told| told.reading.weigh(profile, &device, &self.makers)).collect();
            for (number, spoken_of) in entry.vulnerabilities.iter().enumerate() {
                findings.extend(entry.finding(place, number, spoken_of, &weighed));
            }
        }
        findings
    }

    /// Advisories with statements that are used for nothing, because they name a product of which nobody can tell the maker.
    pub fn unusable(&self) -> &BTreeMap<usize, Unusable> {
        &self.unusable
    }

    /// What counts of what several advisories say of each vulnerability: where the maker says that its product does not have
    /// it, others who only name the product do not count; and so on by authority. `id` names a finding's vulnerability.
    pub fn standing<'f>(
        &self,
        findings: &'f [Finding],
        id: impl Fn(&Finding) -> Option<String>,
    ) -> BTreeMap<String, &'f Finding> {
        let mut standing: BTreeMap<String, &Finding> = BTreeMap::new();
        for finding in findings {
            let Some(id) = id(finding) else { continue };
            standing.entry(id).and_modify(|known| *known = weightier(known, finding)).or_insert(finding);
        }
        standing
    }
}

/// Which of two words on one vulnerability counts. A higher authority's, unless it leaves open what the other says is there: that a
/// product is clear is believed only of whoever has the last word.
fn weightier<'f>(one: &'f Finding, other: &'f Finding) -> &'f Finding {
    let (high, low) = if other.authority > one.authority { (other, one) } else { (one, other) };
    let is_open = matches!(high.verdict, Verdict::Undetermined(_));
    if is_open && low.verdict == Verdict::Affected { low } else { high }
}

/// What a reading says of a vulnerability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    /// It is there.
    There,
    /// It is not.
    Gone,
    /// Whoever publishes does not know yet.
    Investigated,
}

/// A status that names one version and means all before or after it.
fn bound(status: Status) -> Option<&'static str> {
    match status {
        Status::LastAffected => Some("<="),
        Status::FirstAffected | Status::FirstFixed => Some(">="),
        _ => None,
    }
}

/// What is read of an advisory's statements: of each on a combination of products one reading for each of these.
fn told(advisory: &Advisory, makers: &Makers) -> Vec<Told> {
    let known: BTreeMap<&str, &advisory::Statement> =
        advisory.statements.iter().map(|statement| (statement.id.as_str(), statement)).collect();
    let relations = advisory.statements.iter().filter_map(|statement| statement.relation.as_ref());
    let parts: BTreeSet<&str> = relations.flat_map(|relation| [relation.on.as_str(), relation.part.as_str()]).collect();
    let read = |statement: &advisory::Statement| match &statement.relation {
        Some(_) => within::read(statement, &known, advisory, makers),
        None => Reading::of(statement, advisory, makers).into_iter().collect(),
    };
    let readings = advisory.statements.iter().flat_map(|statement| {
        let is_part_only = parts.contains(statement.id.as_str());
        read(statement).into_iter().map(move |reading| Told {
            id: statement.id.clone(),
            bound: None,
            is_part_only,
            reading,
        })
    });
    readings.collect()
}

/// What statements mean where a status makes a bound of their version.
fn bounds(advisory: &Advisory, makers: &Makers) -> Vec<Told> {
    let states = advisory.vulnerabilities.iter().flat_map(|vulnerability| &vulnerability.states);
    let named: BTreeSet<(&str, &'static str)> =
        states.filter_map(|state| Some((state.statement.as_str(), bound(state.status)?))).collect();
    let known: BTreeMap<&str, &advisory::Statement> = advisory
        .statements
        .iter()
        .filter(|statement| statement.relation.is_none())
        .map(|statement| (statement.id.as_str(), statement))
        .collect();
    let read = |(id, sign): (&str, &'static str)| {
        let statement = *known.get(id)?;
        let version = format!("{sign} {}", statement.version.as_deref()?);
        let written = Written::of(statement, advisory, makers)?;
        let written =
            Statement { vendor: &written.vendor, product: &written.product, version: &version, text: &written.product };
        let reading = Reading::new(&written, &advisory.title, makers);
        Some(Told { id: id.to_owned(), bound: Some(sign), is_part_only: false, reading })
    };
    named.into_iter().filter_map(read).collect()
}

/// Where the readings of a statement stand, by its identifier and the sign of a bound.
fn places(readings: &[Told]) -> BTreeMap<(&str, Option<&'static str>), Vec<usize>> {
    let mut places: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (place, told) in readings.iter().enumerate() {
        places.entry((told.id.as_str(), told.bound)).or_default().push(place);
    }
    places
}

/// Which readings speak of a vulnerability, and what they say.
fn spoken_of(
    vulnerability: &Vulnerability,
    readings: &[Told],
    places: &BTreeMap<(&str, Option<&'static str>), Vec<usize>>,
) -> Vec<(usize, Says)> {
    // Who lists no product means all that the advisory names.
    if vulnerability.states.is_empty() {
        let named = readings.iter().enumerate().filter(|(_, told)| told.bound.is_none() && !told.is_part_only);
        return named.map(|(place, _)| (place, Says::There)).collect();
    }
    let says = |status: Status| match status {
        Status::Affected | Status::FirstAffected | Status::LastAffected => Some(Says::There),
        Status::UnderInvestigation => Some(Says::Investigated),
        Status::NotAffected | Status::Fixed | Status::FirstFixed => Some(Says::Gone),
        Status::Recommended => None,
    };
    let states = vulnerability.states.iter().filter_map(|state| {
        let places = places.get(&(state.statement.as_str(), bound(state.status)))?;
        let says = says(state.status)?;
        Some(places.iter().map(move |place| (*place, says)))
    });
    states.flatten().collect()
}

impl Entry {
    fn finding(
        &self,
        advisory: usize,
        vulnerability: usize,
        spoken_of: &[(usize, Says)],
        weighed: &[Option<(Fit, Truth)>],
    ) -> Option<Finding> {
        let known = |(place, says): &(usize, Says)| {
            let (fit, truth) = weighed.get(*place)?.as_ref()?;
            Some((fit.rank(), *place, *says, truth))
        };
        let all: Vec<_> = spoken_of.iter().filter_map(known).collect();
        let best = all.iter().map(|(rank, ..)| *rank).min()?;
        let (mut verdict, mut decided_by) = (None::<Truth>, None);
        let mut is_excluded = None;
        for (_, place, says, truth) in all.iter().filter(|(rank, ..)| *rank == best) {
            if *says == Says::Gone {
                if **truth == Truth::Yes {
                    is_excluded = Some(*place);
                }
                continue;
            }
            let open = Truth::asks(Question::Statement("the publisher still investigates".to_owned()));
            let truth = &if *says == Says::Investigated { (*truth).clone().and(open) } else { (*truth).clone() };
            if decided_by.is_none() || *truth == Truth::Yes && verdict != Some(Truth::Yes) {
                decided_by = Some(*place);
            }
            verdict = Some(verdict.unwrap_or(Truth::No).or(truth.clone()));
        }
        let (verdict, place) = match (verdict, is_excluded) {
            (_, Some(place)) => (Verdict::NotAffected, place),
            (Some(Truth::Yes), None) => (Verdict::Affected, decided_by?),
            (Some(Truth::Unknown(questions)), None) => (Verdict::Undetermined(questions), decided_by?),
            _ => return None,
        };
        let is_named = best < 2;
        let tier = match (&verdict, is_named) {
            (Verdict::Undetermined(questions), _) if !is_named && questions.len() > 1 => Tier::Possible,
            (Verdict::Undetermined(_), _) | (_, false) => Tier::Likely,
            _ => Tier::Decided,
        };
        let statement = self.readings.get(place)?.id.clone();
        let rank = if self.of_others.contains(&place) { 0 } else { self.authority.rank };
        let authority = Authority { rank, ..self.authority };
        Some(Finding { advisory, vulnerability, statement, verdict, tier, authority })
    }
}

impl Reading {
    /// How well the product's name fits a device and whether what is asked holds; `None` for another product.
    fn weigh(&self, profile: &Profile, device: &Device, makers: &Makers) -> Option<(Fit, Truth)> {
        if profile.vendor.is_some() && !makers.agree(&self.makers, &device.makers) {
            return None;
        }
        let fit = self.fits(device);
        let rest: &[String] = match &fit {
            Fit::Exact => &[],
            Fit::Same(rest) | Fit::Maybe(rest) => rest,
            Fit::Other => return None,
        };
        let holds = self.holds(profile, rest);
        // `Carestation`, of which a list names the 650: the rest of the name is what is asked for.
        let is_listed = match &self.machine.versions {
            Some(Predicate::OneOf(names)) => predicate::names_one(names, rest),
            _ => false,
        };
        let is_sure = (fit.rank() < 2 || is_listed) && profile.vendor.is_some();
        let truth = if is_sure { holds } else { holds.and(Truth::asks(Question::Model)) };
        Some((fit, truth))
    }
}

/// Whether one advisory, all its statements taken to say that a product is affected, is about a device. Statements that name
/// the device's product best decide.
pub fn decide<'r>(readings: impl IntoIterator<Item = &'r Reading>, profile: &Profile, makers: &Makers) -> Verdict {
    let Some(device) = Device::read(profile, makers) else { return Verdict::NotAffected };
    let profile = &*device.completed(profile);
    let weighed: Vec<(Fit, Truth)> =
        readings.into_iter().filter_map(|reading| reading.weigh(profile, &device, makers)).collect();
    let best = weighed.iter().map(|(fit, _)| fit.rank()).min();
    let of_best = weighed.into_iter().filter(|(fit, _)| Some(fit.rank()) == best).map(|(_, truth)| truth);
    match of_best.fold(Truth::No, Truth::or) {
        Truth::Yes => Verdict::Affected,
        Truth::No => Verdict::NotAffected,
        Truth::Unknown(questions) => Verdict::Undetermined(questions),
    }
}

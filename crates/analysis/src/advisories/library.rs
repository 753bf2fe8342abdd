//! All advisories, read once, and which of them are about a device.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;
use model::advisory::{self, Advisory, PublisherKind, Status, Vulnerability};
use model::outside::DeviceModel;

use super::device::Device;
use super::makers::{Learnt, Makers};
use super::names::Fit;
use super::parts::Packages;
use super::predicate::{self, Predicate, Profile, Question, Truth};
use super::written::Written;
use super::{Reading, Statement, Verdict, within};

/// The rank of a maker's word on its own product.
const VENDOR: u8 = 2;
/// Models whose names a [`Matcher`] keeps; those beyond are read anew each time.
const MODELS_MAX: usize = 100_000;

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
    /// What it says. `NotAffected` only where the advisory says so of this product, or where its maker's list ends before this
    /// version and takes back what somebody else said earlier.
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
    packages: Packages,
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
    /// What each vulnerability is called.
    names: Vec<BTreeSet<String>>,
    authority: Authority,
    /// Readings on products of others than the maker who publishes: there it is anyone.
    of_others: BTreeSet<usize>,
}

/// Which statements name a device: by advisory the readings that fit, and how well.
#[derive(Debug)]
pub(super) struct Naming {
    device: Device,
    entries: Vec<(usize, Vec<(usize, Fit)>)>,
}

impl Naming {
    /// Keeps the readings that fit so.
    pub fn retain(&mut self, is_kept: impl Fn(&Fit) -> bool) {
        self.entries.iter_mut().for_each(|(_, fits)| fits.retain(|(_, fit)| is_kept(fit)));
    }
}

/// Of each reading that fits, how well it does and whether what it asks holds.
type Weighed = BTreeMap<usize, (usize, Truth)>;

/// Asks a [`Library`] for many devices, and reads the names of each model once.
#[derive(Debug)]
pub struct Matcher<'l> {
    library: &'l Library,
    known: HashMap<[Option<String>; 3], Option<Naming>>,
}

impl<'l> Matcher<'l> {
    /// A matcher that knows no model yet.
    pub fn new(library: &'l Library) -> Self {
        Self { library, known: HashMap::new() }
    }

    /// The same as [`Library::findings`].
    pub fn findings(&mut self, profile: &Profile) -> Vec<Finding> {
        let key = [profile.vendor.clone(), profile.model.clone(), profile.catalogue.clone()];
        if self.known.len() >= MODELS_MAX && !self.known.contains_key(&key) {
            return self.library.findings(profile);
        }
        let naming = self.known.entry(key).or_insert_with(|| self.library.naming(profile));
        naming.as_ref().map_or_else(Vec::new, |naming| self.library.said(naming, profile))
    }
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
            let mut used: BTreeSet<&str> = readings.iter().map(|told| told.id.as_str()).collect();
            used.extend(library.packages.read(place, advisory, &library.makers));
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
                PublisherKind::Vendor => VENDOR,
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
            let names = |vulnerability: &Vulnerability| {
                vulnerability.cve.iter().chain(&vulnerability.other_ids).cloned().collect()
            };
            let names = advisory.vulnerabilities.iter().map(names).collect();
            library.entries.push(Entry { vulnerabilities, readings, names, authority, of_others });
        }
        library
    }

    /// The makers it tells apart.
    pub fn makers(&self) -> &Makers {
        &self.makers
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
        self.naming(profile).map_or_else(Vec::new, |naming| self.said(&naming, profile))
    }

    /// Which statements name a device, whatever its version. The answer is the same for all devices of one maker, model and
    /// number to order by: whoever asks for many devices keeps it (see [`Matcher`]).
    pub(super) fn naming(&self, profile: &Profile) -> Option<Naming> {
        let device = Device::read(profile, &self.makers)?;
        let mut places: Vec<usize> = match profile.vendor {
            Some(_) => device.makers.iter().filter_map(|maker| self.by_maker.get(maker)).flatten().copied().collect(),
            None => (0..self.entries.len()).collect(),
        };
        places.sort_unstable();
        places.dedup();
        let fits = |place: usize| {
            let readings = self.entries.get(place)?.readings.iter().enumerate();
            let fits = readings.filter_map(|(number, told)| {
                Some((number, told.reading.fit(&device, profile.vendor.is_some(), &self.makers)?))
            });
            let fits: Vec<(usize, Fit)> = fits.collect();
            (!fits.is_empty()).then_some((place, fits))
        };
        let entries = places.into_iter().filter_map(fits).collect();
        Some(Naming { device, entries })
    }

    /// What the statements that name a device say of it.
    pub(super) fn said(&self, naming: &Naming, profile: &Profile) -> Vec<Finding> {
        let profile = &*naming.device.completed(profile);
        let mut findings = Vec::new();
        let mut ended = Vec::new();
        for (place, fits) in &naming.entries {
            let Some(entry) = self.entries.get(*place) else { continue };
            let weigh = |(number, fit): &(usize, Fit)| {
                let reading = &entry.readings.get(*number)?.reading;
                Some((*number, (fit.rank(), reading.weigh(fit, profile))))
            };
            let weighed: Weighed = fits.iter().filter_map(weigh).collect();
            for (number, spoken_of) in entry.vulnerabilities.iter().enumerate() {
                match entry.finding(*place, number, spoken_of, &weighed) {
                    Some(finding) => findings.push(finding),
                    None => ended.extend(entry.ended(*place, number, spoken_of, &weighed, (&naming.device, profile))),
                }
            }
        }
        self.take_back(&mut findings, ended);
        findings
    }

    /// Adds what makers say of versions behind the last that they list, where it takes back what others said before.
    fn take_back(&self, findings: &mut Vec<Finding>, ended: Vec<Finding>) {
        for ended in ended {
            let is_same = |known: &&Finding| self.is_same_vulnerability(known, &ended);
            let is_there = |known: &Finding| known.verdict != Verdict::NotAffected;
            let known: Vec<&Finding> = findings.iter().filter(is_same).filter(|known| is_there(known)).collect();
            let is_weaker = |known: &&Finding| {
                known.authority.rank < ended.authority.rank && known.authority.released < ended.authority.released
            };
            // A maker that lists this version elsewhere has not taken anything back.
            if known.iter().any(is_weaker) && known.iter().all(|known| known.authority.rank < ended.authority.rank) {
                findings.push(ended);
            }
        }
        findings.sort_by_key(|finding| (finding.advisory, finding.vulnerability));
    }

    fn is_same_vulnerability(&self, one: &Finding, other: &Finding) -> bool {
        let names = |finding: &Finding| self.entries.get(finding.advisory)?.names.get(finding.vulnerability);
        names(one).zip(names(other)).is_some_and(|(one, other)| !one.is_disjoint(other))
    }

    /// What is said of packages by their URLs alone.
    pub(super) fn packages(&self) -> &Packages {
        &self.packages
    }

    /// Whose word an advisory is, on products that are not its publisher's.
    pub(super) fn authority_of_others(&self, advisory: usize) -> Authority {
        let released = self.entries.get(advisory).map_or(0, |entry| entry.authority.released);
        Authority { rank: 0, released }
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
        weighed: &Weighed,
    ) -> Option<Finding> {
        let known = |(place, says): &(usize, Says)| {
            let (rank, truth) = weighed.get(place)?;
            Some((*rank, *place, *says, truth))
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
        Some(Finding { advisory, vulnerability, statement, verdict, tier, authority: self.authority_on(place) })
    }

    /// What a maker says of a version of its product behind the last that it lists: that it does not have it any more. A version
    /// before the first, or of another line, is on no list because nobody looked, and nothing is said of it.
    fn ended(
        &self,
        advisory: usize,
        vulnerability: usize,
        spoken_of: &[(usize, Says)],
        weighed: &Weighed,
        (device, profile): (&Device, &Profile),
    ) -> Option<Finding> {
        let known = |(place, says): &(usize, Says)| {
            let (rank, truth) = weighed.get(place)?;
            (*rank < 2).then_some((*place, *says, truth))
        };
        let named: Vec<_> = spoken_of.iter().filter_map(known).collect();
        let is_open = |(_, says, truth): &(usize, Says, &Truth)| *says == Says::Investigated || **truth != Truth::No;
        if self.authority.rank < VENDOR || named.iter().filter(|(_, says, _)| *says != Says::Gone).any(is_open) {
            return None;
        }
        let is_behind = |(place, says, _): &&(usize, Says, &Truth)| {
            let ends = |told: &Told| told.reading.is_named_by(device) && told.reading.ends_before(profile);
            *says == Says::There && !self.of_others.contains(place) && self.readings.get(*place).is_some_and(ends)
        };
        let (place, ..) = named.iter().find(is_behind)?;
        let statement = self.readings.get(*place)?.id.clone();
        let authority = self.authority_on(*place);
        Some(Finding {
            advisory,
            vulnerability,
            statement,
            verdict: Verdict::NotAffected,
            tier: Tier::Decided,
            authority,
        })
    }

    /// Whoever publishes on another's product is anyone.
    fn authority_on(&self, place: usize) -> Authority {
        let rank = if self.of_others.contains(&place) { 0 } else { self.authority.rank };
        Authority { rank, ..self.authority }
    }
}

impl Reading {
    /// How well the product's name fits a device's; `None` for another product.
    fn fit(&self, device: &Device, has_maker: bool, makers: &Makers) -> Option<Fit> {
        let is_its_makers = !has_maker || makers.agree(&self.makers, &device.makers);
        is_its_makers.then(|| self.fits(device)).filter(|fit| *fit != Fit::Other)
    }

    /// Whether what is asked holds for a device of which the name fits so.
    fn weigh(&self, fit: &Fit, profile: &Profile) -> Truth {
        let rest: &[String] = match fit {
            Fit::Exact | Fit::Other => &[],
            Fit::Same(rest) | Fit::Maybe(rest) => rest,
        };
        let holds = self.holds(profile, rest);
        // `Carestation`, of which a list names the 650: the rest of the name is what is asked for.
        let is_listed = match &self.machine.versions {
            Some(Predicate::OneOf(names)) => predicate::names_one(names, rest),
            _ => false,
        };
        let is_sure = (fit.rank() < 2 || is_listed) && profile.vendor.is_some();
        if is_sure { holds } else { holds.and(Truth::asks(Question::Model)) }
    }

    /// Whether a device's name says all that the product's does.
    fn is_named_by(&self, device: &Device) -> bool {
        self.products.iter().any(|product| device.fit(product) == Fit::Exact || !device.says_less_than(product))
    }

    /// Whether a device's version lies behind one that the statement names as the last, and in none that it names.
    fn ends_before(&self, profile: &Profile) -> bool {
        let said = self.machine.versions.as_ref().or(self.prose.versions.as_ref());
        match (said, &profile.version) {
            (Some(Predicate::Version(ranges)), Some(version)) => predicate::is_behind(ranges, version),
            _ => false,
        }
    }
}

/// Whether one advisory, all its statements taken to say that a product is affected, is about a device. Statements that name
/// the device's product best decide.
pub fn decide<'r>(readings: impl IntoIterator<Item = &'r Reading>, profile: &Profile, makers: &Makers) -> Verdict {
    let Some(device) = Device::read(profile, makers) else { return Verdict::NotAffected };
    let profile = &*device.completed(profile);
    let weigh = |reading: &'r Reading| {
        let fit = reading.fit(&device, profile.vendor.is_some(), makers)?;
        Some((fit.rank(), reading.weigh(&fit, profile)))
    };
    let weighed: Vec<(usize, Truth)> = readings.into_iter().filter_map(weigh).collect();
    let best = weighed.iter().map(|(rank, _)| *rank).min();
    let of_best = weighed.into_iter().filter(|(rank, _)| Some(*rank) == best).map(|(_, truth)| truth);
    match of_best.fold(Truth::No, Truth::or) {
        Truth::Yes => Verdict::Affected,
        Truth::No => Verdict::NotAffected,
        Truth::Unknown(questions) => Verdict::Undetermined(questions),
    }
}

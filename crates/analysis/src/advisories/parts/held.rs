//! Whether what a record asks holds for a device with its parts.

use std::collections::BTreeMap;

use model::outside::VersionStatus;

use super::super::makers::Makers;
use super::super::predicate::{self, Predicate, Profile, Question, Truth, plain};
use super::super::statement;
use super::super::version::{Range, Version};
use super::cpe::{self, Attribute};
use super::part::{Identity, KnownBy, Part, is_vendor};
use super::records::{Affected, Bounds, Configuration, Criterion, Group, Names, Record};

/// Versions that stand for the beginning of all, and for nobody knows which.
const FIRST: [&str; 3] = ["0", "*", "-"];
const UNSAID: [&str; 5] = ["n/a", "unspecified", "unknown", "", "none"];
/// What is asked where a record names something else that has to be there.
const NEEDS_MORE: &str = "what it needs to run with is there too";
/// Operating systems that platforms name.
const SYSTEMS: [&str; 6] = ["windows", "linux", "macos", "android", "ios", "vxworks"];

/// What somebody says of one vulnerability in a device.
#[derive(Debug)]
pub(super) struct Opinion {
    /// Who says it: the higher, the more it counts.
    pub weight: u8,
    pub truth: Truth,
    /// The part that decided.
    pub part: usize,
    /// How the parts on which it depends are known, the least sure of them.
    pub known_by: KnownBy,
}

/// A truth, the part that has the vulnerability, and how surely the parts are known on which it depends.
#[derive(Clone, Debug)]
struct Held {
    truth: Truth,
    part: Option<usize>,
    known_by: KnownBy,
}

/// A device's parts under the names by which records know them.
pub(super) struct Device<'p> {
    profile: &'p Profile,
    parts: Vec<Part>,
    /// Which of them is the operating system.
    system: Option<usize>,
    identities: Vec<(usize, Identity)>,
    by_key: BTreeMap<u32, Vec<usize>>,
    /// The houses of its maker.
    makers: Vec<String>,
}

impl<'p> Device<'p> {
    /// Some parts of a device, and what is known of it besides.
    pub fn new(parts: Vec<Part>, profile: &'p Profile, names: &Names, makers: &Makers) -> Self {
        let named = |(place, part): (usize, &Part)| {
            part.identities(makers).into_iter().map(move |one| (place, one)).collect::<Vec<_>>()
        };
        let identities: Vec<(usize, Identity)> = parts.iter().enumerate().flat_map(named).collect();
        let mut by_key: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (number, (_, identity)) in identities.iter().enumerate() {
            for key in identity.keys.iter().filter_map(|key| names.keys.get(key)) {
                by_key.entry(key).or_default().push(number);
            }
        }
        let makers = profile.vendor.iter().flat_map(|vendor| makers.names_of(vendor)).collect();
        let system = parts.iter().position(Part::is_system);
        Self { profile, parts, system, identities, by_key, makers }
    }

    /// The numbers of the keys under which its parts are known.
    pub fn keys(&self) -> impl Iterator<Item = u32> {
        self.by_key.keys().copied()
    }

    /// What is said in a record of the parts of the device; nothing of products that it has not.
    pub fn opinions(&self, record: &Record, names: &Names) -> Vec<Opinion> {
        let assigners = |is_assigners: bool| {
            let own = record.affected.iter().filter(move |affected| affected.is_assigners == is_assigners);
            self.any(own.filter_map(|affected| self.affected(affected, names)))
        };
        let configured =
            self.any(record.configurations.iter().filter_map(|configuration| self.configuration(configuration, names)));
        let all = [(2, assigners(true)), (1, assigners(false)), (1, configured)];
        all.into_iter()
            .filter_map(|(weight, held)| {
                let Held { truth, part, known_by } = held?;
                Some(Opinion { weight, truth, part: part?, known_by })
            })
            .collect()
    }

    fn held(&self, truth: Truth, part: usize) -> Held {
        let known_by = self.parts.get(part).map(|part| part.known_by).unwrap_or_default();
        Held { truth, part: Some(part), known_by }
    }

    /// One of several: the surest of those that hold.
    fn any(&self, all: impl Iterator<Item = Held>) -> Option<Held> {
        all.reduce(|one, two| {
            let is_first = match (&one.truth, &two.truth) {
                (Truth::Yes, Truth::Yes) | (Truth::Unknown(_), Truth::Unknown(_)) | (Truth::No, Truth::No) => {
                    one.known_by >= two.known_by
                }
                (Truth::Yes, _) | (_, Truth::No) => true,
                (_, Truth::Yes) | (Truth::No, _) => false,
            };
            let (part, known_by) = if is_first { (one.part, one.known_by) } else { (two.part, two.known_by) };
            Held { truth: one.truth.or(two.truth), part, known_by }
        })
    }

    /// All of them, or one: what all depend on is as surely known as the least sure part.
    fn combined(&self, all: Vec<(Held, bool)>, needs_all: bool) -> Option<Held> {
        // What it runs on is not what has it.
        let of_vulnerable = |all: &[(Held, bool)]| {
            all.iter().filter(|(_, is_vulnerable)| *is_vulnerable).find_map(|(held, _)| held.part)
        };
        if needs_all {
            let part = of_vulnerable(&all);
            let known_by = all.iter().map(|(held, _)| held.known_by).min();
            let truth = all.into_iter().map(|(held, _)| held.truth).reduce(Truth::and)?;
            return Some(Held { truth, part, known_by: known_by.unwrap_or_default() });
        }
        let is_vulnerable = of_vulnerable(&all).is_some();
        let held = self.any(all.into_iter().map(|(held, _)| held))?;
        Some(if is_vulnerable { held } else { Held { part: None, ..held } })
    }

    /// A configuration, if one of its vulnerable products is a part of the device.
    fn configuration(&self, configuration: &Configuration, names: &Names) -> Option<Held> {
        let groups = configuration.groups.iter().map(|group| {
            let is_vulnerable = group.criteria.iter().any(|criterion| criterion.is_vulnerable);
            (self.group(group, names), is_vulnerable)
        });
        let held = self.combined(groups.collect(), configuration.needs_all)?;
        let truth = if configuration.is_negated { negated(held.truth) } else { held.truth };
        held.part.is_some().then_some(Held { truth, ..held })
    }

    fn group(&self, group: &Group, names: &Names) -> Held {
        let mut held: Vec<(Held, bool)> = group
            .criteria
            .iter()
            .map(|criterion| (self.criterion(criterion, names), criterion.is_vulnerable))
            .collect();
        if !group.is_whole || held.is_empty() {
            let truth = Truth::asks(Question::Statement(NEEDS_MORE.to_owned()));
            held.push((Held { truth, part: None, known_by: KnownBy::Bill }, false));
        }
        let nothing = Held { truth: Truth::No, part: None, known_by: KnownBy::Bill };
        let held = self.combined(held, group.needs_all).unwrap_or(nothing);
        if group.is_negated { Held { truth: negated(held.truth), ..held } } else { held }
    }

    fn criterion(&self, criterion: &Criterion, names: &Names) -> Held {
        let Some(vendor) = usize::try_from(criterion.vendor).ok().and_then(|vendor| names.vendors.get(vendor)) else {
            return Held { truth: Truth::No, part: None, known_by: KnownBy::Bill };
        };
        let is_windows = criterion.kind == 'o' && vendor.name == "microsoft";
        let candidates =
            self.by_key.get(&criterion.key).into_iter().flatten().filter_map(|number| self.identities.get(*number));
        let held = candidates.filter_map(|(part, identity)| {
            if identity.kind.is_some_and(|kind| kind != criterion.kind) {
                return None;
            }
            let question = || Truth::asks(Question::Module(self.name(*part)));
            let vendor = match vendor.name.is_empty() {
                true => Truth::Yes,
                false => cpe::truth(is_vendor(identity, &vendor.name, &vendor.houses), || {
                    self.asks_maker(*part, &vendor.name)
                }),
            };
            if vendor == Truth::No {
                return None;
            }
            let version = match (&criterion.version, &criterion.range, &identity.version) {
                (Attribute::Any, None, _) => Truth::Yes,
                (Attribute::Any, Some(range), Attribute::Text(version)) => {
                    self.in_range(range, version, identity, *part)
                }
                (Attribute::Any, Some(_), _) => question(),
                // Systems and devices that have no version but their name.
                (Attribute::NotApplicable, ..) if is_windows || criterion.kind == 'h' => Truth::Yes,
                (Attribute::Text(said), _, Attribute::Text(version)) if !cpe::includes(said, version) => {
                    let exact: Box<Bounds> =
                        Box::new([Some((said.as_str().into(), true)), Some((said.as_str().into(), true))]);
                    match self.in_range(&exact, version, identity, *part) {
                        // Versions of different notations are different.
                        Truth::Unknown(_) if predicate::comparable(version).is_some() && !identity.is_packaged => {
                            Truth::No
                        }
                        truth => truth,
                    }
                }
                (said, _, version) => cpe::truth(cpe::holds(said, version), question),
            };
            let others = criterion.others.iter().flat_map(|others| others.iter().zip(&identity.others));
            let others = others.map(|(said, own)| cpe::truth(cpe::holds(said, own), question));
            let truth = others.fold(vendor.and(version), Truth::and);
            // Updates close holes without another name: only a build tells whether it was installed.
            let is_update = is_windows && criterion.is_vulnerable && criterion.range.is_none();
            let asks_update =
                || Truth::asks(Question::Statement(format!("{} lacks the update against it", self.name(*part))));
            Some(self.held(if is_update { truth.and(asks_update()) } else { truth }, *part))
        });
        match self.any(held) {
            Some(held) => held,
            None if criterion.is_vulnerable => Held { truth: Truth::No, part: None, known_by: KnownBy::Bill },
            None => self.absent(criterion, &vendor.houses, names),
        }
    }

    /// Whether the device may be or run on what none of its known parts is.
    fn absent(&self, criterion: &Criterion, houses: &[String], names: &Names) -> Held {
        let not_a_part = |truth| Held { truth, part: None, known_by: KnownBy::Bill };
        let system = self.system.and_then(|place| Some((place, self.parts.get(place)?)));
        match (criterion.kind, system) {
            ('o', Some((place, system))) => {
                let is_windows = plain(&system.name).starts_with("windows");
                let vendor = usize::try_from(criterion.vendor).ok().and_then(|vendor| names.vendors.get(vendor));
                let asks_windows = vendor.is_some_and(|vendor| vendor.name == "microsoft");
                let asks_any_windows = asks_windows && names.keys.get("windows") == Some(criterion.key);
                let truth = match (is_windows, asks_windows) {
                    (true, _) if asks_any_windows => Truth::Yes,
                    // Another Windows, or Windows and another system.
                    (true, _) | (false, true) => Truth::No,
                    (false, false) => Truth::asks(Question::System),
                };
                self.held(truth, place)
            }
            ('o', None) => not_a_part(Truth::asks(Question::System)),
            ('h', _) if !self.makers.is_empty() && !self.makers.iter().any(|maker| houses.contains(maker)) => {
                not_a_part(Truth::No)
            }
            ('h', _) => {
                let model = self.profile.model.as_deref().map(plain).and_then(|model| names.keys.get(&model));
                let is_it = model == Some(criterion.key);
                not_a_part(if is_it { Truth::Yes } else { Truth::asks(Question::Model) })
            }
            _ => not_a_part(Truth::asks(Question::Statement(NEEDS_MORE.to_owned()))),
        }
    }

    /// What an assigner says, if it is of a part of the device.
    fn affected(&self, affected: &Affected, names: &Names) -> Option<Held> {
        let vendor = affected.vendor.and_then(|vendor| names.vendors.get(usize::try_from(vendor).ok()?));
        let mut numbers: Vec<usize> =
            affected.keys.iter().filter_map(|key| self.by_key.get(key)).flatten().copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        let candidates = numbers.into_iter().filter_map(|number| self.identities.get(number));
        self.any(candidates.filter_map(|(part, identity)| {
            let is_its = match vendor {
                Some(vendor) => is_vendor(identity, &vendor.name, &vendor.houses),
                None => None,
            };
            let maker = vendor.map_or("the one that is meant", |vendor| vendor.name.as_str());
            let is_its = cpe::truth(is_its, || self.asks_maker(*part, maker));
            if is_its == Truth::No {
                return None;
            }
            let versions = match &identity.version {
                Attribute::Text(version) => self.status(affected, version, identity, *part),
                _ if affected.versions.is_empty() && affected.default_status == VersionStatus::Affected => Truth::Yes,
                _ => Truth::asks(Question::Module(self.name(*part))),
            };
            Some(self.held(is_its.and(versions).and(self.runs_on(&affected.platforms)), *part))
        }))
    }

    /// Where a version stands (CVE record format 5, "versions": the first entry that it matches decides).
    fn status(&self, affected: &Affected, version: &str, identity: &Identity, part: usize) -> Truth {
        let question = || Truth::asks(Question::Module(self.name(part)));
        let is_affected = |status: VersionStatus| match status {
            VersionStatus::Affected => Some(true),
            VersionStatus::Unaffected => Some(false),
            VersionStatus::Unknown => None,
        };
        // What a version is compared with tells that the list speaks of such versions.
        let (mut is_open, mut is_compared) = (false, false);
        for entry in &affected.versions {
            let is_unsaid = UNSAID.contains(&&*entry.from) && entry.to.is_none();
            if entry.is_revision || is_unsaid {
                is_open |= entry.status == VersionStatus::Affected;
                continue;
            }
            let held = match &entry.to {
                Some((to, belongs)) => {
                    let low = (!FIRST.contains(&&*entry.from) && !UNSAID.contains(&&*entry.from))
                        .then(|| (entry.from.clone(), true));
                    let high = (&**to != "*").then(|| (to.clone(), *belongs));
                    self.in_range(&[low, high], version, identity, part)
                }
                None => self.in_prose(&entry.from, version, identity, part),
            };
            match held {
                Truth::Yes => return cpe::truth(is_affected(entry.status), question),
                Truth::No => is_compared = true,
                Truth::Unknown(_) => is_open |= entry.status == VersionStatus::Affected,
            }
        }
        match (is_open, affected.default_status) {
            (true, _) => question(),
            (false, VersionStatus::Affected) if affected.versions.is_empty() || is_compared => Truth::Yes,
            (false, VersionStatus::Unaffected) => Truth::No,
            // Nobody says what holds for versions that are not listed; a list that could be compared says what is affected.
            _ if is_compared => Truth::No,
            _ => question(),
        }
    }

    /// A version alone, or what people wrote into its place: `< 2.3`, `prior to 1.0`, `All versions`.
    fn in_prose(&self, said: &str, version: &str, identity: &Identity, part: usize) -> Truth {
        if !said.contains(['<', '>', '=', '|']) && predicate::comparable(said).is_some() {
            let exact = [Some((said.into(), true)), Some((said.into(), true))];
            return match self.in_range(&exact, version, identity, part) {
                Truth::Unknown(_) if predicate::comparable(version).is_some() && !identity.is_packaged => Truth::No,
                truth => truth,
            };
        }
        let read = statement::read(said);
        let alone = Profile { version: Some(upstream(version).0.to_owned()), ..Profile::default() };
        let versions = read.versions.as_ref().map_or(Truth::Yes, |versions| versions.holds(&alone, &[]));
        let truth = read.conditions.iter().fold(versions, |truth, one| truth.and(one.holds(&alone, &[])));
        match truth {
            Truth::No => Truth::No,
            Truth::Yes if matches!(read.versions, Some(Predicate::All)) => Truth::Yes,
            Truth::Yes if !self.may_be_mended(version, identity) => Truth::Yes,
            _ => Truth::asks(Question::Module(self.name(part))),
        }
    }

    /// Whether a version is in a range. What somebody else built may be mended where the number alone would not say so.
    fn in_range(&self, bounds: &Bounds, version: &str, identity: &Identity, part: usize) -> Truth {
        let question = || Truth::asks(Question::Module(self.name(part)));
        let Some(read) = predicate::comparable(upstream(version).0) else { return question() };
        let end = |bound: &Option<(Box<str>, bool)>| match bound {
            None => Some(None),
            Some((text, belongs)) => Some(Some((Version::read(text)?, *belongs))),
        };
        let [low, high] = bounds;
        let (Some(low), Some(high)) = (end(low), end(high)) else { return question() };
        match (Range { low, high }).holds(&read) {
            Some(true) if self.may_be_mended(version, identity) => {
                Truth::asks(Question::Statement(format!("{} {version} is not mended by who built it", self.name(part))))
            }
            held => cpe::truth(held, question),
        }
    }

    fn may_be_mended(&self, version: &str, identity: &Identity) -> bool {
        identity.is_packaged || upstream(version).1
    }

    /// Whether one of some platforms is the device's.
    fn runs_on(&self, platforms: &[Box<str>]) -> Truth {
        let system = self.system.and_then(|place| self.parts.get(place)).map(|part| part.name.to_lowercase());
        let named: Vec<&str> =
            SYSTEMS.into_iter().filter(|system| platforms.iter().any(|platform| platform.contains(system))).collect();
        match system {
            _ if platforms.is_empty() => Truth::Yes,
            Some(system) if named.iter().any(|named| system.contains(named)) => Truth::Yes,
            Some(system) if named.len() == platforms.len() && SYSTEMS.iter().any(|one| system.contains(one)) => {
                Truth::No
            }
            _ => Truth::asks(Question::System),
        }
    }

    fn asks_maker(&self, part: usize, maker: &str) -> Truth {
        Truth::asks(Question::Statement(format!("its {} is {maker}'s", self.name(part))))
    }

    fn name(&self, part: usize) -> String {
        self.parts.get(part).map(|part| part.name.clone()).unwrap_or_default()
    }
}

fn negated(truth: Truth) -> Truth {
    match truth {
        Truth::Yes => Truth::No,
        Truth::No => Truth::Yes,
        unknown @ Truth::Unknown(_) => unknown,
    }
}

/// The version that its makers gave, and whether somebody else added a build of their own: `1:1.1.1n-0+deb11u3` is `1.1.1n`.
pub(super) fn upstream(version: &str) -> (&str, bool) {
    let is_number = |text: &str| !text.is_empty() && text.chars().all(|letter| letter.is_ascii_digit());
    let without_epoch = version.split_once(':').filter(|(epoch, _)| is_number(epoch)).map_or(version, |(_, rest)| rest);
    let end = without_epoch.find(['-', '+', '~']);
    let Some((own, added)) = end.and_then(|end| without_epoch.split_at_checked(end)) else {
        return (without_epoch, without_epoch.len() != version.len());
    };
    // `2.0-rc1` is a version of its own.
    let is_a_stage = added.get(1..).is_some_and(|added| added.starts_with(char::is_alphabetic));
    if is_a_stage && predicate::comparable(without_epoch).is_some() {
        return (without_epoch, false);
    }
    (own, true)
}

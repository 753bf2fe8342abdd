//! Vulnerabilities of what devices are built of: operating systems, libraries, programs.
//!
//! Catalogues name products by the Common Platform Enumeration (NVD, NIST IR 7695 and 7696) or in the assigner's words (CVE record
//! format 5). They are indexed by the product's name, so that a device costs what its own parts do. That a part has a vulnerability
//! is as sure as it is known that the device has the part, and what a distribution or an update may have mended is asked.

mod advised;
mod cpe;
mod held;
mod part;
mod records;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;
use model::outside::CveRecord;

use self::held::{Device, Opinion};
use self::records::{Names, Record};
use super::Verdict;
use super::library::{Finding, Tier};
use super::makers::Makers;
use super::predicate::{Profile, Truth};

pub(super) use self::advised::Packages;
pub use self::part::{KnownBy, Part};

/// Parts of one device that are looked at.
const PARTS_MAX: usize = 10_000;
/// Devices with the same maker, model and parts whose findings a [`PartsMatcher`] keeps.
const KEPT_MAX: usize = 100_000;

/// Catalogues of vulnerabilities, read for many devices.
#[derive(Debug, Default)]
pub struct PartsLibrary {
    makers: Makers,
    names: Names,
    records: Vec<Record>,
    /// Which records say of a product, by the number of its key, that it is vulnerable.
    by_key: Vec<Vec<u32>>,
}

/// A vulnerability of a part of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartFinding {
    /// Which record, in the order in which they were given.
    pub record: usize,
    /// Which of the device's parts; the operating system that only [`Profile::system`] tells comes after them.
    pub part: usize,
    /// Affected, or what would have to be known.
    pub verdict: Verdict,
    /// How sure it is: at most as it is known that the device has the part.
    pub tier: Tier,
}

impl PartsLibrary {
    /// Reads records. Withdrawn ones say nothing.
    pub fn new<'r>(records: impl IntoIterator<Item = &'r CveRecord>, makers: Makers) -> Self {
        let mut library = Self { makers, ..Self::default() };
        let mut named = Vec::new();
        for (place, record) in records.into_iter().enumerate() {
            let Some(read) = Record::read(place, record, &mut library.names, &library.makers, &mut named) else {
                continue;
            };
            let number = u32::try_from(library.records.len()).unwrap_or(u32::MAX);
            named.sort_unstable();
            named.dedup();
            for key in named.drain(..) {
                let key = usize::try_from(key).unwrap_or(usize::MAX);
                if library.by_key.len() <= key {
                    library.by_key.resize_with(key.saturating_add(1), Vec::new);
                }
                library.by_key.get_mut(key).into_iter().for_each(|records| records.push(number));
            }
            library.records.push(read);
        }
        library
    }

    /// Which vulnerabilities the parts of a device have, or may have. Where catalogues disagree on one, who assigned its number
    /// counts more than who only adds to the record; nothing is said of parts that a catalogue clears.
    pub fn findings(&self, profile: &Profile) -> Vec<PartFinding> {
        let device = Device::new(profile, &self.names, &self.makers);
        let mut concerned: Vec<u32> =
            device.keys().filter_map(|key| self.by_key.get(usize::try_from(key).ok()?)).flatten().copied().collect();
        concerned.sort_unstable();
        concerned.dedup();
        let mut opinions: BTreeMap<u32, Vec<(usize, Opinion)>> = BTreeMap::new();
        for number in concerned {
            let Some(record) = usize::try_from(number).ok().and_then(|number| self.records.get(number)) else {
                continue;
            };
            for opinion in device.opinions(record, &self.names) {
                opinions.entry(record.cve).or_default().push((record.place, opinion));
            }
        }
        let mut findings: Vec<PartFinding> = opinions.into_values().filter_map(weighed).collect();
        findings.sort_by_key(|finding| finding.record);
        findings
    }
}

/// What counts of several opinions on one vulnerability: the weightiest that decides, else what all of them ask.
fn weighed(mut opinions: Vec<(usize, Opinion)>) -> Option<PartFinding> {
    opinions.sort_by_key(|(_, opinion)| std::cmp::Reverse(opinion.weight));
    let decided = opinions.iter().position(|(_, opinion)| !matches!(opinion.truth, Truth::Unknown(_)));
    let (record, opinion) = match decided {
        Some(place) => opinions.swap_remove(place),
        None => opinions.into_iter().next()?,
    };
    let verdict = match opinion.truth {
        Truth::Yes => Verdict::Affected,
        Truth::No => return None,
        Truth::Unknown(questions) => Verdict::Undetermined(questions),
    };
    let tier = tier(&verdict, opinion.known_by);
    Some(PartFinding { record, part: opinion.part, verdict, tier })
}

/// A part is as sure as it is known that the device has it.
fn tier(verdict: &Verdict, known_by: KnownBy) -> Tier {
    match (verdict, known_by) {
        (Verdict::Undetermined(_), KnownBy::Bill) | (_, KnownBy::Disclosure) => Tier::Likely,
        (_, KnownBy::Bill) => Tier::Decided,
        (_, KnownBy::Wire) => Tier::Possible,
    }
}

/// Findings of parts on which nothing stands of the device as a whole: what its maker says of the device counts more than what is
/// true of a part by itself. `id` names a finding's vulnerability.
pub fn unspoken(
    findings: &[PartFinding],
    standing: &BTreeMap<String, &Finding>,
    id: impl Fn(&PartFinding) -> Option<String>,
) -> Vec<PartFinding> {
    let is_unspoken = |finding: &&PartFinding| id(finding).is_none_or(|id| !standing.contains_key(&id));
    findings.iter().filter(is_unspoken).cloned().collect()
}

/// What two devices have in common that are told the same of their parts.
type Built = (Vec<Part>, [Option<String>; 3]);

/// Asks a [`PartsLibrary`] for many devices: those of one maker and model with the same parts are told the same.
#[derive(Debug)]
pub struct PartsMatcher<'l> {
    library: &'l PartsLibrary,
    /// By parts, and maker, model and operating system.
    known: HashMap<Built, Arc<[PartFinding]>>,
}

impl<'l> PartsMatcher<'l> {
    /// A matcher that knows no device yet.
    pub fn new(library: &'l PartsLibrary) -> Self {
        Self { library, known: HashMap::new() }
    }

    /// The same as [`PartsLibrary::findings`].
    pub fn findings(&mut self, profile: &Profile) -> Arc<[PartFinding]> {
        let own = [profile.vendor.clone(), profile.model.clone(), profile.system.clone()];
        let key = (profile.parts.clone(), own);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let found: Arc<[PartFinding]> = self.library.findings(profile).into();
        if self.known.len() < KEPT_MAX {
            self.known.insert(key, found.clone());
        }
        found
    }
}

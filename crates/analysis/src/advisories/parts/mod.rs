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
use self::records::{Names, Needs, Record};
use super::Verdict;
use super::library::Tier;
use super::makers::Makers;
use super::predicate::{Profile, Truth};

pub(super) use self::advised::Packages;
pub use self::part::{KnownBy, Part};

/// Parts of one device that are looked at.
const PARTS_MAX: usize = 10_000;
/// Findings that a [`PartsMatcher`] keeps for the next device with the same part; those beyond are looked for anew.
const KEPT_MAX: usize = 10_000_000;

/// Catalogues of vulnerabilities, read for many devices.
#[derive(Debug, Default)]
pub struct PartsLibrary {
    makers: Makers,
    names: Names,
    records: Vec<Record>,
    /// What each vulnerability needs to be known, by its number.
    needs: Vec<Needs>,
    /// Which records say of a product, by the number of its key, that it is vulnerable; for each of [`Needs`].
    by_key: [Vec<Vec<u32>>; 3],
}

/// What is found for one part of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfPart {
    /// Which of the device's parts; the operating system that only [`Profile::system`] tells comes after them.
    pub part: usize,
    /// Its vulnerabilities, in the order of records; one list for all devices that are told the same.
    pub findings: Arc<[PartFinding]>,
}

/// A vulnerability of a part of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartFinding {
    /// Which record, in the order in which they were given.
    pub record: usize,
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
        let mut keys: Vec<Vec<u32>> = Vec::new();
        for (place, record) in records.into_iter().enumerate() {
            let read = Record::read(place, record, &mut library.names, &library.makers, &mut named);
            named.sort_unstable();
            named.dedup();
            let named = std::mem::take(&mut named);
            let Some(read) = read else { continue };
            let cve = index(read.cve);
            if library.needs.len() <= cve {
                library.needs.resize(cve.saturating_add(1), Needs::Part);
            }
            // What one catalogue says is weighed with what another does: both are looked at together.
            library.needs.get_mut(cve).into_iter().for_each(|needs| *needs = (*needs).max(read.needs()));
            library.records.push(read);
            keys.push(named);
        }
        for (number, (record, keys)) in library.records.iter().zip(keys).enumerate() {
            let needs = library.needs.get(index(record.cve)).copied().unwrap_or_default();
            let Some(by_key) = library.by_key.get_mut(needs as usize) else { continue };
            for key in keys.into_iter().map(index) {
                if by_key.len() <= key {
                    by_key.resize_with(key.saturating_add(1), Vec::new);
                }
                by_key.get_mut(key).into_iter().for_each(|records| records.push(number as u32));
            }
        }
        library
    }

    /// Which vulnerabilities the parts of a device have, or may have. Where catalogues disagree on one, who assigned its number
    /// counts more than who only adds to the record; nothing is said of parts that a catalogue clears.
    pub fn findings(&self, profile: &Profile) -> Vec<OfPart> {
        PartsMatcher::new(self).findings(profile)
    }

    /// What is said of the parts of a device, by part, in records that need so much to be known.
    fn said(&self, device: &Device, needs: Needs) -> BTreeMap<usize, Vec<PartFinding>> {
        let by_key = self.by_key.get(needs as usize);
        let records = |key: u32| by_key.and_then(|by_key| by_key.get(index(key)));
        let mut concerned: Vec<u32> = device.keys().filter_map(records).flatten().copied().collect();
        concerned.sort_unstable();
        concerned.dedup();
        let mut opinions: BTreeMap<(usize, u32), Vec<(usize, Opinion)>> = BTreeMap::new();
        for record in concerned.into_iter().filter_map(|number| self.records.get(index(number))) {
            for opinion in device.opinions(record, &self.names) {
                opinions.entry((opinion.part, record.cve)).or_default().push((record.place, opinion));
            }
        }
        let mut said: BTreeMap<usize, Vec<PartFinding>> = BTreeMap::new();
        for ((part, _), opinions) in opinions {
            said.entry(part).or_default().extend(weighed(opinions));
        }
        said.values_mut().for_each(|findings| findings.sort_by_key(|finding| finding.record));
        said
    }
}

/// A number of a record, a key or a vulnerability as a place in a list.
fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
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
    Some(PartFinding { record, verdict, tier })
}

/// A part is as sure as it is known that the device has it.
fn tier(verdict: &Verdict, known_by: KnownBy) -> Tier {
    match (verdict, known_by) {
        (Verdict::Undetermined(_), KnownBy::Bill) | (_, KnownBy::Disclosure) => Tier::Likely,
        (_, KnownBy::Bill) => Tier::Decided,
        (_, KnownBy::Wire) => Tier::Possible,
    }
}

/// Asks a [`PartsLibrary`] for many devices. What is true of a part, or of a part on a system, is looked for once.
#[derive(Debug)]
pub struct PartsMatcher<'l> {
    library: &'l PartsLibrary,
    /// By the part.
    alone: HashMap<Part, Arc<[PartFinding]>>,
    /// By the system and the part.
    on_system: HashMap<Option<Part>, HashMap<Part, Arc<[PartFinding]>>>,
    kept: usize,
}

impl<'l> PartsMatcher<'l> {
    /// A matcher that knows no part yet.
    pub fn new(library: &'l PartsLibrary) -> Self {
        Self { library, alone: HashMap::new(), on_system: HashMap::new(), kept: 0 }
    }

    /// The same as [`PartsLibrary::findings`].
    pub fn findings(&mut self, profile: &Profile) -> Vec<OfPart> {
        let mut parts: Vec<Part> = profile.parts.iter().take(PARTS_MAX).cloned().collect();
        let mut system = parts.iter().find(|part| part.is_system()).cloned();
        if let Some(told) = profile.system.as_ref().filter(|_| system.is_none()) {
            let told = Part::system(told, KnownBy::Wire);
            system = Some(told.clone());
            parts.push(told);
        }
        let mut found = Vec::new();
        for (place, part) in parts.iter().enumerate() {
            for findings in [self.alone(part), self.on_system(part, &system)] {
                found.push(OfPart { part: place, findings });
            }
        }
        let device = Device::new(parts, profile, &self.library.names, &self.library.makers);
        let of_device = self.library.said(&device, Needs::Device);
        found.extend(of_device.into_iter().map(|(part, findings)| OfPart { part, findings: findings.into() }));
        found.retain(|of_part| !of_part.findings.is_empty());
        found
    }

    fn alone(&mut self, part: &Part) -> Arc<[PartFinding]> {
        if let Some(known) = self.alone.get(part) {
            return known.clone();
        }
        let findings = self.of_first(vec![part.clone()], Needs::Part);
        if self.has_room(&findings) {
            self.alone.insert(part.clone(), findings.clone());
        }
        findings
    }

    fn on_system(&mut self, part: &Part, system: &Option<Part>) -> Arc<[PartFinding]> {
        if let Some(known) = self.on_system.get(system).and_then(|known| known.get(part)) {
            return known.clone();
        }
        let context = std::iter::once(part).chain(system.iter().filter(|system| *system != part));
        let findings = self.of_first(context.cloned().collect(), Needs::System);
        if self.has_room(&findings) {
            self.on_system.entry(system.clone()).or_default().insert(part.clone(), findings.clone());
        }
        findings
    }

    /// What is said of the first of some parts; a device is not asked for.
    fn of_first(&self, parts: Vec<Part>, needs: Needs) -> Arc<[PartFinding]> {
        let nobody = Profile::default();
        let device = Device::new(parts, &nobody, &self.library.names, &self.library.makers);
        self.library.said(&device, needs).remove(&0).unwrap_or_default().into()
    }

    fn has_room(&mut self, findings: &[PartFinding]) -> bool {
        self.kept = self.kept.saturating_add(findings.len().max(1));
        self.kept <= KEPT_MAX
    }
}

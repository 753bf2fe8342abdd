//! What others say of a device beside advisories, and what of it its risk depends on.

use std::collections::BTreeSet;

use analysis::advisories::Verdict;
use analysis::outside::{Device, Maintenance, Told};
use analysis::risks::criticality::Care;
use analysis::risks::{Clinical, WeaknessSeen};

use super::{Assessor, Matched, Seen};

/// The weakness that nobody can look for where the operating system is not known.
const END_OF_LIFE: &str = "end_of_life_system";

impl Assessor<'_> {
    /// Everything that others say of a device.
    pub(super) fn told(&self, device: &Seen, matched: &[Matched]) -> Told {
        let open = matched.iter().filter(|one| one.verdict != Verdict::NotAffected);
        let vulnerabilities: BTreeSet<String> = open.map(|one| one.cve.clone()).collect();
        let seen = Device {
            profile: &device.profile(),
            weaknesses: &device.weaknesses,
            services: &device.services,
            outwards: device.outwards.as_deref(),
            vulnerabilities: &vulnerabilities,
            today: self.today,
        };
        self.beside.tell(&seen, self.library.makers())
    }

    /// Weaknesses that were seen, that others tell, and that nobody could look for. What was seen counts once, and as seen.
    pub(super) fn weaknesses(&self, device: &Seen, told: &Told) -> Vec<WeaknessSeen> {
        let category = device.attribute("category");
        let seen = device.weaknesses.iter().map(|(name, from)| (name.as_str(), from));
        let more = told.weaknesses.iter().filter(|(name, _)| !device.weaknesses.contains_key(**name));
        let more = more.map(|(name, from)| (*name, from));
        let mut weaknesses: Vec<_> = seen.chain(more).filter_map(|(name, from)| self.tables.seen(name, from)).collect();
        if category.is_none() {
            weaknesses.extend(self.tables.seen("unknown_identity", "no evidence says what it is"));
        }
        let is_unseen = match told.maintenance {
            Maintenance::Ended | Maintenance::Maintained => false,
            Maintenance::Undecided => true,
            Maintenance::Unknown => device.attribute("os").is_none(),
        };
        if is_unseen {
            weaknesses.extend(self.tables.unseen(END_OF_LIFE, category, self.known.knowledge.categories()));
        }
        weaknesses
    }

    /// What a device is for, with what the FDA says of its product code.
    pub(super) fn clinical(&self, device: &Seen, told: &Told) -> Clinical {
        let classified = told.classified.as_ref();
        let by = classified.map(|one| format!("{} {}, as {}", one.source, one.name, one.model));
        let care = Care {
            category: device.attribute("category"),
            life_sustaining: classified.map(|one| one.sustains_life),
            class: classified.and_then(|one| one.class),
            classified_by: by.as_deref(),
            ..Care::default()
        };
        self.criticality.clinical(&care, self.known.knowledge.categories())
    }
}

//! Which entries are about a device: those of its maker with its name.

use std::collections::{BTreeMap, BTreeSet};

use crate::advisories::{Makers, Profile, Reading, Statement, Verdict, decide};

/// A maker and a product that are compared with themselves.
const SAME: &str = "same1";

/// Entries that name a maker and a product.
pub(super) struct Index<T> {
    entries: Vec<Entry<T>>,
    by_maker: BTreeMap<String, Vec<usize>>,
}

struct Entry<T> {
    houses: Vec<String>,
    reading: Reading,
    entry: T,
}

/// How sure it is that an entry is about a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Agreement {
    /// Maker and name are the same.
    Same,
    /// One of the names says less, or more.
    Maybe,
}

impl<T> Index<T> {
    /// Reads makers and products of entries.
    pub(super) fn new<M: AsRef<str>>(entries: impl IntoIterator<Item = (M, String, T)>, makers: &Makers) -> Self {
        let mut index = Self { entries: Vec::new(), by_maker: BTreeMap::new() };
        for (firm, product, entry) in entries {
            let firm = firm.as_ref();
            let houses = houses(firm, makers);
            for house in &houses {
                index.by_maker.entry(house.clone()).or_default().push(index.entries.len());
            }
            let maker = makers.house_of_firm(firm);
            let reading = reading(maker.as_deref().unwrap_or(firm), &product, "", makers);
            index.entries.push(Entry { houses, reading, entry });
        }
        index
    }

    /// The entries about a device. None for one without a maker or a model: no guess.
    pub(super) fn of(&self, profile: &Profile, makers: &Makers) -> Vec<(Agreement, &T)> {
        let houses = makers.names_of(profile.vendor.as_deref().unwrap_or_default());
        let places: BTreeSet<usize> =
            houses.iter().filter_map(|house| self.by_maker.get(house)).flatten().copied().collect();
        self.among(&places, profile, makers)
    }

    /// The entries about a device among some, by their places in the order in which they were given.
    pub(super) fn among(&self, places: &BTreeSet<usize>, profile: &Profile, makers: &Makers) -> Vec<(Agreement, &T)> {
        let houses = makers.names_of(profile.vendor.as_deref().unwrap_or_default());
        let fitting = places.iter().filter_map(|place| {
            let Entry { houses: own, reading, entry } = self.entries.get(*place)?;
            if !makers.agree(own, &houses) {
                return None;
            }
            match decide([reading], profile, makers) {
                Verdict::Affected => Some((Agreement::Same, entry)),
                Verdict::Undetermined(_) => Some((Agreement::Maybe, entry)),
                Verdict::NotAffected => None,
            }
        });
        fitting.collect()
    }
}

/// The houses that a firm belongs to.
pub(super) fn houses(firm: &str, makers: &Makers) -> Vec<String> {
    makers.house_of_firm(firm).map_or_else(|| makers.names_of(firm), |house| vec![house])
}

/// A maker's product in a version; any, if nothing is said of versions.
pub(super) fn reading(maker: &str, product: &str, version: &str, makers: &Makers) -> Reading {
    Reading::new(&Statement { vendor: maker, product, version, text: product }, "", makers)
}

/// Whether a device has a version: `None` where one of the two is not known, or they cannot be compared.
pub(super) fn has_version(version: Option<&str>, profile: &Profile) -> Option<bool> {
    let (Some(version), Some(_)) = (version, &profile.version) else { return None };
    // Maker and product were compared already: here they are the same.
    let makers = Makers::default();
    let (vendor, model) = (Some(SAME.to_owned()), Some(SAME.to_owned()));
    let profile = Profile { vendor, model, ..profile.clone() };
    match decide([&reading(SAME, SAME, version, &makers)], &profile, &makers) {
        Verdict::Affected => Some(true),
        Verdict::NotAffected => Some(false),
        Verdict::Undetermined(_) => None,
    }
}

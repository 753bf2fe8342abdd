//! Records of vulnerabilities, kept small: names once, versions as written.

use hashbrown::HashMap;
use model::outside::{AffectedProduct, Catalogue, CveRecord, PlatformRange, VersionStatus};

use super::super::makers::Makers;
use super::cpe::{Attribute, Cpe, OTHERS};
use super::part::keys;

/// Texts that are kept once.
#[derive(Debug, Default)]
pub(super) struct Symbols {
    numbers: HashMap<Box<str>, u32>,
}

impl Symbols {
    fn add(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        self.numbers.insert(text.into(), number);
        number
    }

    /// The number of a text that is kept.
    pub fn get(&self, text: &str) -> Option<u32> {
        self.numbers.get(text).copied()
    }
}

/// A vendor and the houses that its name means.
#[derive(Debug)]
pub(super) struct Vendor {
    pub name: String,
    pub houses: Vec<String>,
}

/// Names that records have in common.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub keys: Symbols,
    vendor_numbers: Symbols,
    pub vendors: Vec<Vendor>,
    pub cves: Symbols,
}

impl Names {
    fn vendor(&mut self, name: &str, makers: &Makers) -> u32 {
        let number = self.vendor_numbers.add(name);
        if self.vendors.len() <= usize::try_from(number).unwrap_or(usize::MAX) {
            self.vendors.push(Vendor { name: name.to_owned(), houses: makers.names_of(name) });
        }
        number
    }
}

/// What one record says of products.
#[derive(Debug)]
pub(super) struct Record {
    /// Which of the records that were given.
    pub place: usize,
    /// The vulnerability.
    pub cve: u32,
    pub configurations: Box<[Configuration]>,
    pub affected: Box<[Affected]>,
}

/// What has to be known to say whether a record holds: the later, the more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Needs {
    /// The part that has the vulnerability.
    #[default]
    Part = 0,
    /// That part, and the operating system.
    System = 1,
    /// All parts and the device itself.
    Device = 2,
}

/// Products that have it together (NVD API 2.0, `configurations`).
#[derive(Debug)]
pub(super) struct Configuration {
    pub needs_all: bool,
    pub is_negated: bool,
    pub groups: Box<[Group]>,
}

/// A group within it.
#[derive(Debug)]
pub(super) struct Group {
    pub needs_all: bool,
    pub is_negated: bool,
    pub criteria: Box<[Criterion]>,
    /// Whether every name in it could be read.
    pub is_whole: bool,
}

/// One name of it, with the range of versions that is meant.
#[derive(Debug)]
pub(super) struct Criterion {
    pub kind: char,
    pub is_vulnerable: bool,
    pub vendor: u32,
    pub key: u32,
    pub version: Attribute,
    /// The lowest and the highest version, and whether each belongs.
    pub range: Option<Box<Bounds>>,
    /// Attributes behind the version, where one of them says something.
    pub others: Option<Box<[Attribute; OTHERS]>>,
}

/// The ends of a range of versions, each with or without itself.
pub(super) type Bounds = [Option<(Box<str>, bool)>; 2];

/// A product that has it in the words of who assigned the number (CVE record format 5, `affected`).
#[derive(Debug)]
pub(super) struct Affected {
    /// Whether the assigner says so, and nobody who only adds to the record.
    pub is_assigners: bool,
    pub vendor: Option<u32>,
    pub keys: Box<[u32]>,
    pub default_status: VersionStatus,
    pub versions: Box<[Version]>,
    pub platforms: Box<[Box<str>]>,
}

/// A version, or the versions from it up to another.
#[derive(Debug)]
pub(super) struct Version {
    pub from: Box<str>,
    /// The last, and whether it belongs.
    pub to: Option<(Box<str>, bool)>,
    pub status: VersionStatus,
    /// Whether they are revisions of a repository, which nobody can order.
    pub is_revision: bool,
}

impl Record {
    /// Reads a record; `None` for a withdrawn one. `named` takes the keys of products that it says are vulnerable.
    pub fn read(
        place: usize,
        record: &CveRecord,
        names: &mut Names,
        makers: &Makers,
        named: &mut Vec<u32>,
    ) -> Option<Self> {
        if record.is_rejected {
            return None;
        }
        let mut read = |criterion: &PlatformRange| {
            let criterion = Criterion::read(criterion, names, makers)?;
            named.extend(criterion.is_vulnerable.then_some(criterion.key));
            Some(criterion)
        };
        let configurations = record
            .configurations
            .iter()
            .map(|configuration| Configuration {
                needs_all: configuration.needs_all,
                is_negated: configuration.is_negated,
                groups: configuration
                    .groups
                    .iter()
                    .map(|group| {
                        let criteria: Box<[Criterion]> = group.products.iter().filter_map(&mut read).collect();
                        let is_whole = criteria.len() == group.products.len();
                        Group { needs_all: group.needs_all, is_negated: group.is_negated, criteria, is_whole }
                    })
                    .collect(),
            })
            .collect();
        let affected: Box<[Affected]> = record
            .affected
            .iter()
            .filter_map(|product| Affected::read(product, record.catalogue, names, makers))
            .collect();
        named.extend(affected.iter().flat_map(|affected| affected.keys.iter().copied()));
        Some(Self { place, cve: names.cves.add(&record.cve), configurations, affected })
    }
}

impl Record {
    /// What has to be known to say whether it holds.
    pub fn needs(&self) -> Needs {
        let configurations = self.configurations.iter().map(Configuration::needs);
        let platforms = self.affected.iter().map(|affected| match affected.platforms.is_empty() {
            true => Needs::Part,
            false => Needs::System,
        });
        configurations.chain(platforms).max().unwrap_or_default()
    }
}

impl Configuration {
    fn needs(&self) -> Needs {
        let is_turned_round = self.is_negated || self.groups.iter().any(|group| group.is_negated);
        let needs_several = self.groups.iter().any(|group| group.needs_all && group.criteria.len() > 1);
        let has_it = |group: &&Group| group.criteria.iter().any(|criterion| criterion.is_vulnerable);
        if is_turned_round || needs_several || self.needs_all && self.groups.iter().filter(has_it).count() > 1 {
            return Needs::Device;
        }
        let others = self.groups.iter().flat_map(|group| &group.criteria).filter(|criterion| !criterion.is_vulnerable);
        let needs = others.map(|criterion| if criterion.kind == 'o' { Needs::System } else { Needs::Device });
        needs.max().unwrap_or_default()
    }
}

impl Criterion {
    fn read(said: &PlatformRange, names: &mut Names, makers: &Makers) -> Option<Self> {
        let Cpe { kind, vendor, product, version, others } = Cpe::read(&said.cpe)?;
        let vendor = match &vendor {
            Attribute::Text(vendor) => names.vendor(&vendor.replace('_', " "), makers),
            Attribute::Any | Attribute::NotApplicable => names.vendor("", makers),
        };
        let Attribute::Text(product) = product else { return None };
        let key = names.keys.add(keys(None, &product).first()?);
        let end = |including: &Option<String>, excluding: &Option<String>| {
            let including = including.as_deref().map(|version| (version.into(), true));
            including.or_else(|| excluding.as_deref().map(|version| (version.into(), false)))
        };
        let range = [end(&said.from_including, &said.from_excluding), end(&said.to_including, &said.to_excluding)];
        let says_more = others.iter().any(|attribute| *attribute != Attribute::Any);
        Some(Self {
            kind,
            is_vulnerable: said.is_vulnerable,
            vendor,
            key,
            version,
            range: range.iter().any(Option::is_some).then(|| Box::new(range)),
            others: says_more.then(|| Box::new(others)),
        })
    }
}

impl Affected {
    fn read(said: &AffectedProduct, catalogue: Catalogue, names: &mut Names, makers: &Makers) -> Option<Self> {
        let is_said = |text: &&str| !text.trim().is_empty() && !text.eq_ignore_ascii_case("n/a");
        let vendor = said.vendor.as_deref().filter(is_said);
        let product = said.product.as_deref().filter(is_said)?;
        let keys: Box<[u32]> = keys(vendor, product).iter().map(|key| names.keys.add(key)).collect();
        let versions = said.versions.iter().map(|range| Version {
            from: range.version.as_str().into(),
            to: match (&range.less_than, &range.less_than_or_equal) {
                (Some(to), _) => Some((to.as_str().into(), false)),
                (None, Some(to)) => Some((to.as_str().into(), true)),
                (None, None) => None,
            },
            status: range.status,
            is_revision: range.scheme.as_deref() == Some("git"),
        });
        Some(Self {
            is_assigners: catalogue == Catalogue::CveList && !said.said_by.to_lowercase().contains("adp"),
            vendor: vendor.map(|vendor| names.vendor(vendor, makers)),
            keys,
            default_status: said.default_status,
            versions: versions.collect(),
            platforms: said.platforms.iter().map(|platform| platform.to_lowercase().into()).collect(),
        })
    }
}

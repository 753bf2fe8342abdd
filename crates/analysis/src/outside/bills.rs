//! Which parts lists are of a device: supplier and name of what a list is of, against its maker and model, and the version where both
//! are known. A list of another version is none of this device.

use std::sync::Arc;

use model::outside::Component;

use super::named::{Agreement, Index, has_version};
use super::{Ask, Cited, Device, Facts, Notice, NoticeKind, Parts, Source, Told, Whom, systems, words};
use crate::advisories::Makers;

struct Bills {
    supplied: Index<Listed>,
    /// Lists that name no supplier: the maker's name has to stand in the subject's.
    nameless: Vec<Listed>,
}

struct Listed {
    subject: Component,
    parts: Arc<Vec<Component>>,
    /// The operating systems among the parts.
    systems: Vec<String>,
    cited: Cited,
}

pub(super) fn source(facts: &Facts, makers: &Makers) -> Box<dyn Source> {
    let listed = facts.bills.values().filter_map(|(bill, origin)| {
        let cited = Cited::new(origin, format!("{} {}", bill.format, bill.id));
        let systems = bill.components.iter().map(full_name).filter(|name| !systems::read(name, None).is_empty());
        Some(Listed {
            subject: bill.subject.clone()?,
            systems: systems.collect(),
            parts: Arc::new(bill.components.clone()),
            cited,
        })
    });
    let (supplied, nameless): (Vec<_>, Vec<_>) = listed.partition(|listed| listed.subject.supplier.is_some());
    let supplied: Vec<(String, Listed)> =
        supplied.into_iter().filter_map(|listed| Some((listed.subject.supplier.clone()?, listed))).collect();
    let supplied = supplied.into_iter().map(|(supplier, listed)| (supplier, listed.subject.name.clone(), listed));
    Box::new(Bills { supplied: Index::new(supplied, makers), nameless })
}

impl Source for Bills {
    fn tell(&self, device: &Device<'_>, makers: &Makers, told: &mut Told) {
        let mut fitting: Vec<(Agreement, &Listed)> = self.supplied.of(device.profile, makers);
        fitting.extend(
            self.nameless.iter().filter(|listed| names_both(listed, device)).map(|listed| (Agreement::Same, listed)),
        );
        for (agreement, listed) in fitting {
            let is_of_version = has_version(listed.subject.version.as_deref(), device.profile);
            if is_of_version == Some(false) {
                continue;
            }
            if agreement == Agreement::Maybe {
                told.notices.push(perhaps(listed));
                continue;
            }
            told.declared.extend(listed.systems.iter().map(|system| (system.clone(), listed.cited.clone())));
            told.parts.push(Parts {
                of: full_name(&listed.subject),
                parts: Arc::clone(&listed.parts),
                is_of_version: is_of_version.is_some(),
                source: listed.cited.clone(),
            });
        }
    }
}

/// Name and version.
fn full_name(component: &Component) -> String {
    format!("{} {}", component.name, component.version.as_deref().unwrap_or_default()).trim().to_owned()
}

/// `ACME INFUSION` is both.
fn names_both(listed: &Listed, device: &Device<'_>) -> bool {
    let (Some(vendor), Some(model)) = (&device.profile.vendor, &device.profile.model) else { return false };
    let (name, vendor, model) = (words(&listed.subject.name), words(vendor), words(model));
    let model: Vec<&String> = model.iter().filter(|word| !vendor.contains(word)).collect();
    let is_known = |word: &String| vendor.contains(word) || model.contains(&word);
    !model.is_empty()
        && name.iter().all(is_known)
        && vendor.first().is_some_and(|first| name.contains(first))
        && model.iter().all(|word| name.contains(word))
}

fn perhaps(listed: &Listed) -> Notice {
    let of = full_name(&listed.subject);
    Notice {
        kind: NoticeKind::Bill,
        text: format!("a list of {} parts is of {of}", listed.parts.len()),
        source: listed.cited.clone(),
        asks: Some(Ask { whom: Whom::Maker, question: format!("whether this is {of}") }),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use model::Timestamp;
    use model::outside::{Bill, Fact, Origin};

    use super::super::Beside;
    use super::*;
    use crate::advisories::Profile;

    fn component(supplier: Option<&str>, name: &str, version: Option<&str>) -> Component {
        Component {
            id: name.into(),
            supplier: supplier.map(str::to_owned),
            name: name.into(),
            version: version.map(str::to_owned),
            ..Component::default()
        }
    }

    fn told(subject: Component, vendor: &str, model: &str, version: Option<&str>) -> Told {
        let mut facts = Facts::default();
        let origin = Origin { feed: "spdx".into(), file: "a.spdx".into(), sha256: String::new(), date: None };
        let components =
            vec![component(Some("Oracle"), "mysql", Some("5.1.9")), component(None, "Windows 7", Some("SP1"))];
        let bill = Bill { id: "b1".into(), format: "SPDX-2.1".into(), subject: Some(subject), made: None, components };
        facts.take(&Arc::new(origin), Fact::Bill(Box::new(bill)));
        let beside = Beside::new(&facts, &Makers::default());
        let profile = Profile {
            vendor: Some(vendor.into()),
            model: Some(model.into()),
            version: version.map(str::to_owned),
            ..Profile::default()
        };
        let device = Device {
            profile: &profile,
            weaknesses: &BTreeMap::new(),
            services: &BTreeMap::new(),
            outwards: None,
            vulnerabilities: &BTreeSet::new(),
            today: Timestamp(0),
        };
        beside.tell(&device, &Makers::default())
    }

    #[test]
    fn a_list_of_the_device_gives_its_parts() {
        let subject = || component(Some("ACME"), "Infusion 7", Some("1.0"));
        for (version, is_of_version) in [(Some("1.0"), true), (None, false)] {
            let told = told(subject(), "Acme Inc.", "Infusion 7", version);
            let [list] = &told.parts[..] else { panic!("{told:?}") };
            let names: Vec<&str> = list.parts.iter().map(|part| part.name.as_str()).collect();
            assert_eq!((list.of.as_str(), &names[..]), ("Infusion 7 1.0", &["mysql", "Windows 7"][..]));
            assert_eq!((list.is_of_version, list.source.file.as_str()), (is_of_version, "a.spdx"));
            assert_eq!(told.declared.len(), 1, "the system is among them");
        }
        assert_eq!(told(component(None, "ACME Infusion 7", None), "Acme", "Infusion 7", None).parts.len(), 1);
    }

    #[test]
    fn a_list_of_something_else_gives_none() {
        let subject = |version| component(Some("ACME"), "Infusion 7", Some(version));
        assert!(told(subject("1.0"), "Acme", "Infusion 7", Some("2.0")).parts.is_empty(), "of another version");
        assert!(told(subject("1.0"), "Philips", "Infusion 7", Some("1.0")).parts.is_empty());
        assert!(told(subject("1.0"), "Acme", "Infusion 8", Some("1.0")).parts.is_empty());
        assert!(told(component(None, "Infusion 7", None), "Acme", "Infusion 7", None).parts.is_empty(), "whose?");
        assert!(told(component(None, "ACME Infusion 7 Server", None), "Acme", "Infusion 7", None).parts.is_empty());
        // A name that says less may be it: that is asked.
        let told = told(subject("1.0"), "Acme", "Infusion", None);
        assert!(told.parts.is_empty());
        assert!(told.notices.iter().all(|notice| notice.asks.is_some()), "{:?}", told.notices);
    }
}

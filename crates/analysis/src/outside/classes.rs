//! What kind of device the FDA takes a model for: product code, class, and whether it sustains life.
//!
//! A device has no product code on the wire. Its maker and name lead to models of GUDID (company, brand, model, number in the
//! catalogue), and these to product codes. Only a name that is the same counts, and only what raises a severity is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::outside::{DeviceClass, DeviceModel, Origin};
use serde::Serialize;

use super::named::{Agreement, Index};
use super::{Cited, Device, Facts, Source, Told, words};
use crate::advisories::Makers;

/// Letters of a number in a catalogue that stands for a model alone.
const CATALOGUE_MIN: usize = 4;

/// What the FDA says of a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Classified {
    /// Three letters, as in `CBK`.
    pub product_code: String,
    /// What it is, as in `Ventilator, Continuous, Facility Use`.
    pub name: String,
    /// The class, 1 to 3.
    pub class: Option<u8>,
    /// Whether it sustains or supports life (21 CFR 860.3).
    pub sustains_life: bool,
    /// The model in GUDID.
    pub model: Cited,
    /// The product code's entry.
    pub source: Cited,
}

struct Classes {
    models: Index<Model>,
    /// Places of models by the words of their names: there are tens of thousands.
    by_word: BTreeMap<String, BTreeSet<usize>>,
    classes: BTreeMap<String, (Arc<DeviceClass>, Arc<Origin>)>,
}

struct Model {
    model: Arc<DeviceModel>,
    cited: Cited,
}

pub(super) fn source(facts: &Facts, makers: &Makers) -> Box<dyn Source> {
    let mut by_word: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    let models = facts.models.values().flat_map(|(model, origin)| {
        let cited = Cited::new(origin, format!("{} {}", name(model), model.primary_identifier));
        names(model)
            .map(move |name| (model.company.as_str(), name, Model { model: Arc::clone(model), cited: cited.clone() }))
    });
    let models = models.enumerate().map(|(place, (company, name, model))| {
        for word in words(&name) {
            by_word.entry(word).or_default().insert(place);
        }
        (company, name, model)
    });
    let models = Index::new(models, makers);
    Box::new(Classes { models, by_word, classes: facts.classes.clone() })
}

/// Brand and model, each word once.
fn name(model: &DeviceModel) -> String {
    let brand = words(&model.brand);
    match &model.model {
        Some(more) if !words(more).iter().all(|word| brand.contains(word)) => format!("{} {more}", model.brand),
        _ => model.brand.clone(),
    }
}

/// What a device of that model may call itself: brand and model, or the number in the catalogue.
fn names(model: &DeviceModel) -> impl Iterator<Item = String> {
    let catalogue = model.catalogue_number.clone().filter(|number| number.len() >= CATALOGUE_MIN);
    std::iter::once(name(model)).chain(catalogue.filter(|number| model.model.as_ref() != Some(number)))
}

impl Source for Classes {
    fn tell(&self, device: &Device<'_>, makers: &Makers, told: &mut Told) {
        let asked = words(device.profile.model.as_deref().unwrap_or_default());
        let telling: Vec<&String> = match asked.iter().any(|word| has_digit(word)) {
            true => asked.iter().filter(|word| has_digit(word)).collect(),
            false => asked.iter().collect(),
        };
        let places = telling.iter().filter_map(|word| self.by_word.get(*word)).flatten().copied().collect();
        let same = self.models.among(&places, device.profile, makers).into_iter();
        let same = same.filter(|(agreement, _)| *agreement == Agreement::Same).map(|(_, model)| model);
        let classified = same.flat_map(|model| {
            let codes = model.model.product_codes.iter().filter_map(|code| self.classes.get(code));
            codes.map(|(class, origin)| Classified {
                product_code: class.product_code.clone(),
                name: class.name.clone(),
                class: class.class,
                sustains_life: class.sustains_life,
                model: model.cited.clone(),
                source: Cited::new(origin, class.product_code.clone()),
            })
        });
        // What sustains life tells most.
        told.classified =
            classified.max_by_key(|one| (one.sustains_life, one.class, std::cmp::Reverse(one.model.clone())));
    }
}

fn has_digit(word: &str) -> bool {
    word.contains(|letter: char| letter.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use model::Timestamp;
    use model::outside::Fact;

    use super::super::Beside;
    use super::*;
    use crate::advisories::Profile;

    fn facts() -> Facts {
        let mut facts = Facts::default();
        let origin = |feed: &str| {
            let (file, sha256) = (format!("{feed}.json"), String::new());
            Arc::new(Origin { feed: feed.into(), file, sha256, date: Timestamp::read("2026-01-02") })
        };
        for (code, class, sustains_life, name) in [
            ("CBK", 2, true, "Ventilator, Continuous, Facility Use"),
            ("FRN", 2, false, "Pump, Infusion"),
            ("MKJ", 3, true, "Automated External Defibrillators"),
            ("LZG", 3, false, "Pump, Insulin"),
        ] {
            let class = DeviceClass {
                product_code: code.into(),
                name: name.into(),
                class: Some(class),
                specialty: String::new(),
                regulation: None,
                sustains_life,
                is_implant: false,
            };
            facts.take(&origin("fda_classification"), Fact::DeviceClass(class));
        }
        for (id, company, brand, model, catalogue, code) in [
            ("1", "Draeger Medical Systems, Inc.", "Evita V500", "8416400", "8416400", "CBK"),
            ("2", "Draeger Medical Systems, Inc.", "Evita V300", "8417900", "8417900", "CBK"),
            ("3", "Draeger Medical Systems, Inc.", "Infinity Delta", "MS18597", "MS18597", "FRN"),
            ("4", "ZOLL Medical Corporation", "R Series", "R Series", "30320000001130012", "MKJ"),
            ("5", "Example Tubing Inc", "Set 500", "Set 500", "500", "CBK"),
        ] {
            let model = DeviceModel {
                primary_identifier: id.into(),
                identifiers: Vec::new(),
                company: company.into(),
                brand: brand.into(),
                model: Some(model.into()),
                catalogue_number: Some(catalogue.into()),
                description: None,
                product_codes: vec![code.into()],
                terms: Vec::new(),
                is_sold: Some(true),
                magnetic_resonance: None,
                revised: None,
            };
            facts.take(&origin("gudid"), Fact::DeviceModel(Box::new(model)));
        }
        facts
    }

    fn classified(vendor: &str, model: &str) -> Option<Classified> {
        let facts = facts();
        let beside = Beside::new(&facts, &Makers::default());
        let profile = Profile { vendor: Some(vendor.into()), model: Some(model.into()), ..Profile::default() };
        let device = Device {
            profile: &profile,
            weaknesses: &BTreeMap::new(),
            services: &BTreeMap::new(),
            outwards: None,
            vulnerabilities: &BTreeSet::new(),
            today: Timestamp(0),
        };
        beside.tell(&device, &Makers::default()).classified
    }

    #[test]
    fn maker_and_model_lead_to_the_product_code() {
        for (vendor, model, code) in [
            ("Draeger Medical Systems", "Evita V500", "CBK"),
            ("Draeger Medical Systems", "EVITA V500", "CBK"),
            ("Draeger Medical Systems", "8416400", "CBK"),
            ("Zoll", "R Series", "MKJ"),
            ("Zoll", "30320000001130012", "MKJ"),
        ] {
            let told = classified(vendor, model).unwrap_or_else(|| panic!("{vendor} {model}"));
            assert_eq!((told.product_code.as_str(), told.sustains_life), (code, true), "{vendor} {model}");
            assert_eq!((told.model.feed.as_str(), told.source.feed.as_str()), ("gudid", "fda_classification"));
        }
    }

    #[test]
    fn another_maker_or_model_leads_nowhere() {
        for (vendor, model) in [
            ("Philips", "Evita V500"),
            ("Draeger Medical Systems", "Evita V800"),
            ("Draeger Medical Systems", "Evita"),
            ("Draeger Medical Systems", "Infinity Delta"),
            ("Draeger Medical Systems", "Monitor"),
            ("Draeger Medical Systems", ""),
        ] {
            assert_eq!(classified(vendor, model), None, "{vendor} {model}");
        }
    }
}

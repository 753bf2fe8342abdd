//! What is kept of the feeds: only what is asked for, and no more than fits.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::outside::{Bill, DeviceClass, DeviceModel, Disclosure, Fact, Lifetime, Origin, Recall};

use super::recalls;

/// Releases of systems.
const LIFETIMES_MAX: usize = 50_000;
/// Product codes of the FDA: there are some 7,000.
const CLASSES_MAX: usize = 20_000;
/// Models whose class says something about their severity.
const MODELS_MAX: usize = 100_000;
/// Recalls that are open.
const RECALLS_MAX: usize = 50_000;
/// Disclosures.
const DISCLOSURES_MAX: usize = 10_000;
/// Parts lists.
const BILLS_MAX: usize = 5_000;
/// Parts of all lists.
const PARTS_MAX: usize = 500_000;

/// What is kept of the feeds. Of each entry the newest counts.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// How long releases are maintained, by key.
    pub(super) lifetimes: Kept<Lifetime>,
    /// Product codes, by code; only those that raise a severity.
    pub(super) classes: Kept<DeviceClass>,
    /// Models with one of these codes, by key.
    pub(super) models: Kept<DeviceModel>,
    /// Recalls, by register and number.
    pub(super) recalls: Kept<Recall>,
    /// Recalls that one of the registers says are over.
    pub(super) over: BTreeSet<String>,
    /// Makers' disclosures, by key.
    pub(super) disclosures: Kept<Disclosure>,
    /// Parts lists, by key.
    pub(super) bills: Kept<Bill>,
    parts: usize,
    /// Entries that found no room.
    pub left_out: u64,
}

/// Entries by key, with where they are from.
type Kept<T> = BTreeMap<String, (Arc<T>, Arc<Origin>)>;

impl Facts {
    /// Whether a feed tells what has to be known before its entries can be chosen: [`take`](Self::take) these first.
    pub fn comes_first(feed: &str) -> bool {
        feed == "fda_classification"
    }

    /// Keeps a fact, if it is of use.
    pub fn take(&mut self, origin: &Arc<Origin>, fact: Fact) {
        let key = fact.key();
        let kept = match fact {
            Fact::Lifetime(lifetime) => keep(&mut self.lifetimes, LIFETIMES_MAX, key, lifetime, origin),
            Fact::DeviceClass(class) if class.sustains_life || class.class == Some(3) => {
                keep(&mut self.classes, CLASSES_MAX, class.product_code.clone(), class, origin)
            }
            Fact::DeviceModel(model) if model.product_codes.iter().any(|code| self.classes.contains_key(code)) => {
                keep(&mut self.models, MODELS_MAX, key, slim_model(*model), origin)
            }
            Fact::Recall(recall) if !recalls::is_open(&recall) => {
                self.over.insert(recall.number.clone());
                true
            }
            Fact::Recall(recall) => keep(&mut self.recalls, RECALLS_MAX, key, *recall, origin),
            Fact::Disclosure(disclosure) => keep(&mut self.disclosures, DISCLOSURES_MAX, key, *disclosure, origin),
            Fact::Bill(bill) => self.take_bill(key, *bill, origin),
            _ => true,
        };
        self.left_out = self.left_out.saturating_add(u64::from(!kept));
    }

    fn take_bill(&mut self, key: String, bill: Bill, origin: &Arc<Origin>) -> bool {
        let before = self.bills.get(&key).map_or(0, |(bill, _)| bill.components.len());
        let parts = self.parts.saturating_sub(before).saturating_add(bill.components.len());
        if bill.subject.is_none() {
            return true;
        }
        let has_room = parts <= PARTS_MAX && keep(&mut self.bills, BILLS_MAX, key, slim_bill(bill), origin);
        if has_room {
            self.parts = parts;
        }
        has_room
    }
}

/// Whether there was room, or an entry that is as new already.
fn keep<T>(kept: &mut Kept<T>, max: usize, key: String, entry: T, origin: &Arc<Origin>) -> bool {
    if kept.get(&key).is_some_and(|(_, known)| known.date > origin.date) {
        return true;
    }
    let has_room = kept.len() < max || kept.contains_key(&key);
    if has_room {
        kept.insert(key, (Arc::new(entry), Arc::clone(origin)));
    }
    has_room
}

/// Without what nobody asks for here.
fn slim_model(model: DeviceModel) -> DeviceModel {
    DeviceModel { identifiers: Vec::new(), description: None, terms: Vec::new(), magnetic_resonance: None, ..model }
}

/// Without digests and licences.
fn slim_bill(mut bill: Bill) -> Bill {
    for component in &mut bill.components {
        component.hashes = Vec::new();
        component.licences = Vec::new();
    }
    bill
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Timestamp;
    use model::outside::{Component, End};

    fn origin(day: &str) -> Arc<Origin> {
        Arc::new(Origin { date: Timestamp::read(day), feed: "x".into(), file: "x".into(), sha256: String::new() })
    }

    fn lifetime(latest: &str) -> Fact {
        Fact::Lifetime(Lifetime {
            product: "windows".into(),
            cycle: "7-sp1".into(),
            released: None,
            support: End::Unknown,
            security: End::Open,
            extended: End::Unknown,
            latest: Some(latest.into()),
        })
    }

    #[test]
    fn the_newest_counts_whatever_comes_first() {
        let mut facts = Facts::default();
        for (day, latest) in [("2025-01-01", "old"), ("2026-01-01", "new"), ("2024-01-01", "older")] {
            facts.take(&origin(day), lifetime(latest));
        }
        let kept: Vec<_> = facts.lifetimes.values().map(|(one, _)| one.latest.as_deref()).collect();
        assert_eq!(kept, [Some("new")]);
    }

    #[test]
    fn what_is_no_use_is_not_kept() {
        let class = |code: &str, class, sustains_life| {
            Fact::DeviceClass(DeviceClass {
                product_code: code.into(),
                name: "x".into(),
                class: Some(class),
                specialty: String::new(),
                regulation: None,
                sustains_life,
                is_implant: false,
            })
        };
        let model = |id: &str, code: &str| {
            Fact::DeviceModel(Box::new(DeviceModel {
                primary_identifier: id.into(),
                identifiers: Vec::new(),
                company: "Example".into(),
                brand: "Example".into(),
                model: None,
                catalogue_number: None,
                description: Some("long".into()),
                product_codes: vec![code.into()],
                terms: Vec::new(),
                is_sold: None,
                magnetic_resonance: None,
                revised: None,
            }))
        };
        let mut facts = Facts::default();
        for fact in [class("CBK", 2, true), class("FRN", 2, false), model("1", "CBK"), model("2", "FRN")] {
            facts.take(&origin("2026-01-01"), fact);
        }
        assert_eq!(facts.classes.keys().collect::<Vec<_>>(), ["CBK"]);
        assert_eq!(facts.models.len(), 1);
        assert!(facts.models.values().all(|(model, _)| model.description.is_none()));
        let bill =
            |subject| Bill { id: "b".into(), format: String::new(), subject, made: None, components: Vec::new() };
        facts.take(&origin("2026-01-01"), Fact::Bill(Box::new(bill(None))));
        assert!(facts.bills.is_empty(), "nobody knows what it is the bill of");
        facts.take(&origin("2026-01-01"), Fact::Bill(Box::new(bill(Some(Component::default())))));
        assert_eq!((facts.bills.len(), facts.left_out), (1, 0));
    }

    #[test]
    fn what_finds_no_room_is_counted() {
        let mut facts = Facts::default();
        let components = vec![Component::default(); PARTS_MAX + 1];
        let subject = Some(Component::default());
        let bill = Bill { id: "b".into(), format: String::new(), subject, made: None, components };
        facts.take(&origin("2026-01-01"), Fact::Bill(Box::new(bill)));
        assert_eq!((facts.bills.len(), facts.left_out), (0, 1));
    }
}

//! The risk of all devices, reckoned once and asked often.

use std::collections::BTreeMap;
use std::sync::Arc;

use analysis::risks::explain::{Explanation, Told};
use analysis::risks::factors::Part;
use analysis::risks::{Band, DRAWS, Draws, Fleet, Presence, Rollup, Score, Standing, Subject, what_if};
use model::advisory::Advisory;

use super::assess::{Assessed, Assessor, Seen};
use super::decision::{self, Decided};
use super::inventory::Inventory;
use super::{Model, words};

/// What is not known is drawn the same way each time: the same devices and feeds give the same figures.
pub const SEED: u64 = 1;

/// The risk of all devices of an inventory.
pub struct Reckoning<'k> {
    /// The numbers that it is reckoned with.
    pub model: &'k Model,
    /// The devices, and who speaks to whom.
    pub inventory: Inventory,
    /// What each device is made of, in their order.
    pub assessed: Vec<Assessed>,
    /// The advisories that it was reckoned with.
    pub advisories: Arc<Vec<Advisory>>,
    /// Places of the devices, the greatest risk first.
    pub order: Vec<usize>,
    scores: Vec<Score>,
    draws: Draws,
    fleet: Fleet,
}

/// A question, and what one answer would settle.
pub struct Open {
    /// What to find out.
    pub asks: String,
    /// Of which model.
    pub model: String,
    /// Places of the devices that it is asked of.
    pub devices: Vec<usize>,
    /// Findings that wait for it.
    pub findings: usize,
}

impl<'k> Reckoning<'k> {
    /// Reckons the risk of all devices, under what was decided.
    pub fn new(assessor: &Assessor<'_>, model: &'k Model, inventory: Inventory, decisions: &[Decided]) -> Self {
        let mut assessed = assessor.assess(&inventory.devices);
        for decided in decisions {
            assessed.get_mut(decided.device).into_iter().for_each(|one| decision::apply(decided, one));
        }
        let subjects: Vec<Subject> = assessed.iter().map(|one| one.subject.clone()).collect();
        let scores: Vec<Score> = subjects.iter().map(|subject| Score::of(subject, &model.tables)).collect();
        let draws = Draws::new(&model.tables, SEED, DRAWS);
        let fleet = Fleet::new(&subjects, &model.tables, &draws);
        let harm = |place: usize| scores.get(place).map_or(0.0, |score| score.expected_harm);
        let id = |place: usize| inventory.devices.get(place).map_or("", |device| device.id.as_str());
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|one, other| harm(*other).total_cmp(&harm(*one)).then_with(|| id(*one).cmp(id(*other))));
        let advisories = Arc::clone(assessor.advisories());
        Self { model, inventory, assessed, advisories, order, scores, draws, fleet }
    }

    /// The device at a place.
    pub fn device(&self, place: usize) -> Option<(&Seen, &Assessed, &Score)> {
        Some((self.inventory.devices.get(place)?, self.assessed.get(place)?, self.scores.get(place)?))
    }

    /// The place of a device, by its identifier.
    pub fn place(&self, id: &str) -> Option<usize> {
        self.inventory.devices.iter().position(|device| device.id == id)
    }

    /// The band of the device at a place.
    pub fn band(&self, place: usize) -> Option<Band> {
        self.scores.get(place).map(|score| score.band(&self.model.tables))
    }

    /// How many devices are in each band.
    pub fn bands(&self) -> BTreeMap<Band, usize> {
        let mut bands = BTreeMap::new();
        for score in &self.scores {
            let count: &mut usize = bands.entry(score.band(&self.model.tables)).or_default();
            *count = count.saturating_add(1);
        }
        bands
    }

    /// How sure the score of the device at a place is.
    pub fn standing(&self, place: usize) -> Option<Standing> {
        self.fleet.standing(place)
    }

    /// How the device at a place would stand if it were changed.
    pub fn standing_if(&self, place: usize, changed: &Subject) -> Option<Standing> {
        self.fleet.what_if(place, changed, &self.model.tables, &self.draws)
    }

    /// Why the device at a place has its score.
    pub fn explanation(&self, place: usize) -> Option<Explanation> {
        self.assessed.get(place).map(|one| Explanation::of(&one.subject, &self.model.tables))
    }

    /// All devices together; `None` if there are none.
    pub fn hospital(&self) -> Option<Rollup> {
        self.rolled_up(|_| Some(())).remove(&())
    }

    /// Devices in groups.
    pub fn rolled_up<K: Ord>(&self, group: impl Fn(usize) -> Option<K>) -> BTreeMap<K, Rollup> {
        self.fleet.rolled_up(group)
    }

    /// The score of all devices together if the expected harm of one were another.
    pub fn hospital_if(&self, place: usize, expected_harm: f64) -> f64 {
        self.fleet.score_of_all(Some((place, expected_harm)))
    }

    /// The fewest changes by which the device at a place comes into the band below, in words.
    pub fn becomes(&self, place: usize) -> Option<String> {
        let subject = &self.assessed.get(place)?.subject;
        let wanted = words::next_band(self.band(place)?)?;
        let change = what_if::becomes(subject, &self.model.tables, wanted)?;
        Some(change.sentence(subject, &self.model.tables))
    }

    /// Whether a cause is told from what is usual, because nobody looked.
    pub fn is_guess(&self, place: usize, cause: &Told) -> bool {
        let weaknesses = self.assessed.get(place).map_or(&[][..], |one| &one.subject.weaknesses);
        let weakness = weaknesses.iter().find(|weakness| *weakness.name == *cause.name);
        weakness.is_some_and(|weakness| matches!(weakness.presence, Presence::Unknown(_)))
    }

    /// What a cause is called.
    pub fn label<'a>(&'a self, cause: &'a Told) -> &'a str {
        self.model.tables.label(&cause.name).unwrap_or(&cause.name)
    }

    /// What weighs most in what an attack on the device at a place can use, in words.
    pub fn first_causes(&self, place: usize, most: usize) -> Vec<String> {
        let mut causes = self.explanation(place).map_or_else(Vec::new, |explanation| explanation.causes);
        causes.retain(|cause| cause.part == Part::Susceptibility && cause.share > 0.0);
        causes.sort_by(|one, other| other.share.total_cmp(&one.share));
        let named = causes.iter().take(most).map(|cause| {
            let label = self.label(cause);
            // Nobody looked: such devices often have it.
            if self.is_guess(place, cause) { format!("perhaps {label}") } else { label.to_owned() }
        });
        named.collect()
    }

    /// Questions, that first whose answer settles most findings.
    pub fn questions(&self) -> Vec<Open> {
        let mut asked: BTreeMap<(String, String), Open> = BTreeMap::new();
        for (place, (device, assessed)) in self.inventory.devices.iter().zip(&self.assessed).enumerate() {
            let model = device.model().unwrap_or(&device.name).to_owned();
            for (question, findings) in &assessed.questions {
                let asks = words::question(question);
                let open = asked.entry((asks.clone(), model.clone())).or_insert_with(|| Open {
                    asks,
                    model: model.clone(),
                    devices: Vec::new(),
                    findings: 0,
                });
                open.devices.push(place);
                open.findings = open.findings.saturating_add(*findings);
            }
        }
        let mut asked: Vec<Open> = asked.into_values().collect();
        asked.sort_by_key(|open| std::cmp::Reverse(open.findings));
        asked
    }
}

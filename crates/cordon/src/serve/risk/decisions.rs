//! What people decided about findings: kept, with who answers for it, why, and until when.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use model::Timestamp;
use serde::{Deserialize, Serialize};
use store::StoreError;

use crate::knowledge::Known;
use crate::risk::{Decided, DecisionKind};
use crate::serve::corrections::Recognition;
use crate::serve::keeper::{Keeper, Kept};
use crate::serve::view::View;

const KIND: &str = "decision";
/// Decisions kept.
const DECISIONS_MAX: usize = 100_000;
/// Letters of an owner.
pub const OWNER_LETTERS_MAX: usize = 100;

/// What a person decided about one finding on a device.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Decision {
    /// Its name.
    pub id: String,
    /// What was decided.
    pub kind: DecisionKind,
    /// The number of a vulnerability, or a weakness.
    pub about: String,
    /// The device.
    pub device: String,
    /// What it was called then.
    pub device_name: String,
    /// Why.
    pub reason: String,
    /// How it was verified that something holds it back, if it was.
    pub verified: Option<String>,
    /// Who answers for it.
    pub owner: String,
    /// Who said so.
    pub by: String,
    /// When, RFC 3339.
    pub at: String,
    /// Until when, RFC 3339.
    pub until: String,
    /// What the device was recognised by then.
    #[serde(default)]
    pub recognised: Recognition,
}

/// A decision, and whether it is in force.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct DecisionRow {
    /// What was decided.
    #[serde(flatten)]
    pub decision: Decision,
    /// Whether its time is over.
    pub is_over: bool,
    /// Why it does not count although its time is not over, in words.
    pub doubt: Option<String>,
}

/// All decisions, by device and what they are about.
pub struct Decisions {
    keeper: Keeper,
    all: RwLock<Arc<BTreeMap<String, Decision>>>,
}

impl Decision {
    fn is_over(&self, now: Timestamp) -> bool {
        Timestamp::read(&self.until).is_none_or(|until| until <= now)
    }

    /// Where it stands: the place of the device it is about, or why it stands nowhere.
    fn placed(&self, view: &View, known: &Known) -> Result<usize, String> {
        let place = view.place(&self.device).ok_or("the device is not seen under this identifier any more")?;
        let device = view.devices.get(place).ok_or("the device is not seen any more")?;
        let fits = self.recognised.fits(&device, known.knowledge.attributes());
        fits.map_err(|other| format!("another device stands there now: its {} is {}", other.attribute, other.now))?;
        Ok(place)
    }
}

impl Decisions {
    /// Those that the store knows.
    pub fn load(keeper: Keeper) -> Result<Self, StoreError> {
        let all = RwLock::new(Arc::new(keeper.load(KIND)?));
        Ok(Self { keeper, all })
    }

    fn all(&self) -> Arc<BTreeMap<String, Decision>> {
        Arc::clone(&self.all.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The names of all that are in force.
    pub fn in_force(&self, now: Timestamp) -> Vec<String> {
        self.all().values().filter(|one| !one.is_over(now)).map(|one| one.id.clone()).collect()
    }

    /// All that are in force and still stand, as risk takes them.
    pub fn decided(&self, view: &View, known: &Known, now: Timestamp) -> Vec<Decided> {
        let stand = |one: &Decision| {
            let device = (!one.is_over(now)).then(|| one.placed(view, known).ok()).flatten()?;
            Some(Decided {
                device,
                about: one.about.clone(),
                kind: one.kind,
                is_verified: one.verified.is_some(),
                from: format!("{}: {}", one.owner, one.verified.as_deref().unwrap_or(&one.reason)).into(),
            })
        };
        self.all().values().filter_map(stand).collect()
    }

    /// All, the newest first; of one device if one is named.
    pub fn rows(&self, device: Option<&str>, view: &View, known: &Known, now: Timestamp) -> Vec<DecisionRow> {
        let all = self.all();
        let wanted = all.values().filter(|one| device.is_none_or(|device| one.device == device));
        let row = |one: &Decision| DecisionRow {
            is_over: one.is_over(now),
            doubt: one.placed(view, known).err(),
            decision: one.clone(),
        };
        let mut rows: Vec<DecisionRow> = wanted.map(row).collect();
        rows.sort_by(|one, other| other.decision.at.cmp(&one.decision.at));
        rows
    }

    /// Keeps a decision in place of the one there was about the same. `None` if there are too many.
    pub fn decide(&self, decision: Decision) -> Result<Option<Decision>, StoreError> {
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        let name = format!("{}\n{}", decision.device, decision.about);
        if all.len() >= DECISIONS_MAX && !all.contains_key(&name) {
            return Ok(None);
        }
        let Decision { kind, about, device, device_name, reason, owner, by, until, .. } = &decision;
        let kind = format!("{kind:?}").to_lowercase();
        let text =
            format!("decided: {about} on {device_name} ({device}): {kind}, {owner} answers until {until}: {reason}");
        self.keeper.keep(&[Kept::put(KIND, &name, &decision)], by, &text)?;
        Arc::make_mut(&mut all).insert(name, decision.clone());
        Ok(Some(decision))
    }

    /// Takes a decision back. `None` if there is none of that name on that device.
    pub fn take_back(&self, device: &str, id: &str, by: &str) -> Result<Option<()>, StoreError> {
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        let found = all.iter().find(|(_, one)| one.id == id && one.device == device);
        let Some((name, about)) = found.map(|(name, one)| (name.clone(), one.about.clone())) else { return Ok(None) };
        let text = format!("took back what was decided about {about} on {device}");
        self.keeper.keep(&[Kept::remove(KIND, &name)], by, &text)?;
        Arc::make_mut(&mut all).remove(&name);
        Ok(Some(()))
    }
}

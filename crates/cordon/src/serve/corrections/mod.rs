//! What people said of devices: it stands over what was concluded, survives learning anew, and can be taken back.
//!
//! It is said of a device, not of an address: [`recognition`] tells whether the device is still the one that was meant, and
//! [`placed`] where it went.

mod apply;
mod placed;
mod recognition;
mod rule;
#[cfg(test)]
mod tests;
mod wanted;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use store::StoreError;

use super::keeper::{Keeper, Kept};

pub use placed::{CorrectionRow, Placed};
pub use recognition::Recognition;
pub use rule::proposed_rule;
pub use wanted::Wanted;

const KIND: &str = "correction";
/// The family of evidence that a person's word is.
pub const FAMILY: &str = "person";
/// Corrections kept.
const CORRECTIONS_MAX: usize = 200_000;
/// Letters of a value.
pub const VALUE_LETTERS_MAX: usize = 200;
/// Letters of a reason.
pub const REASON_LETTERS_MAX: usize = 1_000;

/// What a person said of one attribute of a device.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Correction {
    /// The device.
    pub device: String,
    /// What it was called then.
    pub device_name: String,
    /// What was said of it.
    pub attribute: String,
    /// What is true.
    pub value: String,
    /// What people read of that.
    pub label: String,
    /// What was concluded then.
    pub before: Option<String>,
    /// Why the person knows.
    pub reason: String,
    /// Who.
    pub by: String,
    /// When, RFC 3339.
    pub at: String,
    /// A rule that would have said so, as in the files of the knowledge, if one can be proposed.
    pub rule: Option<String>,
    /// What the device was recognised by then.
    #[serde(default)]
    pub recognised: Recognition,
}

/// All corrections, by device and attribute.
#[derive(Clone, Default)]
pub struct Corrections {
    // Shared with each view: a copy of the list costs nothing until somebody says something.
    all: Arc<BTreeMap<(String, String), Arc<Correction>>>,
}

fn name(device: &str, attribute: &str) -> String {
    format!("{device}\n{attribute}")
}

impl Correction {
    /// Keeps what a person said, in place of what was said of the device while it had another identifier. What was said of
    /// others who had its identifier before makes room: it is `moved`.
    pub fn keep(&self, replaced: &[Arc<Self>], moved: &[Self], keeper: &Keeper) -> Result<(), StoreError> {
        let Self { device, device_name, attribute, label, reason, by, .. } = self;
        let mut text = format!("said that the {attribute} of {device_name} ({device}) is {label}: {reason}");
        for Self { device, label, .. } in moved {
            text.push_str(&format!("; that it is {label} was said of what is {device} now"));
        }
        let replaced = replaced.iter().map(|old| Kept::remove(KIND, &name(&old.device, &old.attribute)));
        let put = moved.iter().chain([self]).map(|each| Kept::put(KIND, &name(&each.device, &each.attribute), each));
        let kept: Vec<Kept> = replaced.chain(put).collect();
        keeper.keep(&kept, by, &text)
    }

    /// Whether it is the very same, of whatever identifier.
    fn is_same(&self, other: &Self) -> bool {
        self.attribute == other.attribute && self.at == other.at && self.by == other.by
    }

    /// Keeps that it was taken back.
    pub fn take_back(&self, keeper: &Keeper, by: &str) -> Result<(), StoreError> {
        let Self { device, attribute, label, .. } = self;
        let text = format!("took back that the {attribute} of {device} is {label}");
        keeper.keep(&[Kept::remove(KIND, &name(device, attribute))], by, &text)
    }
}

impl Corrections {
    /// Those that the store knows.
    pub fn load(keeper: &Keeper) -> Result<Self, StoreError> {
        let known: BTreeMap<String, Correction> = keeper.load(KIND)?;
        let all = known.into_values().map(|each| ((each.device.clone(), each.attribute.clone()), Arc::new(each)));
        Ok(Self { all: Arc::new(all.collect()) })
    }

    /// What was said of a device.
    pub fn of<'a>(&'a self, device: &'a str) -> impl Iterator<Item = &'a Arc<Correction>> {
        let from = (device.to_owned(), String::new());
        self.all.range(from..).take_while(move |((of, _), _)| of == device).map(|(_, each)| each)
    }

    /// What was said of an attribute of a device.
    pub fn get(&self, device: &str, attribute: &str) -> Option<&Arc<Correction>> {
        self.all.get(&(device.to_owned(), attribute.to_owned()))
    }

    /// Everything that was said, the newest first.
    pub fn all(&self) -> Vec<Arc<Correction>> {
        let mut all: Vec<Arc<Correction>> = self.all.values().cloned().collect();
        all.sort_by(|one, other| other.at.cmp(&one.at));
        all
    }

    /// Whether there is room for what a person said.
    pub fn has_room(&self, correction: &Correction) -> bool {
        self.all.len() < CORRECTIONS_MAX || self.get(&correction.device, &correction.attribute).is_some()
    }

    /// Takes in what a person said and what is kept already.
    pub fn put(&mut self, correction: Correction) {
        let name = (correction.device.clone(), correction.attribute.clone());
        Arc::make_mut(&mut self.all).insert(name, Arc::new(correction));
    }

    /// Lets go of what was said and is not kept any more.
    pub fn remove(&mut self, correction: &Correction) {
        Arc::make_mut(&mut self.all).remove(&(correction.device.clone(), correction.attribute.clone()));
    }
}

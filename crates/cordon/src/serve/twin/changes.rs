//! What became different from one conclusion to the next.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use store::StoreError;

use crate::clock;
use crate::serve::keeper::Keeper;
use crate::serve::view::{Claim, DeviceRow, View};

const LOG: &str = "change";
/// Changes that are held in memory; older ones are in the store.
const HELD_MAX: usize = 20_000;
/// Changes that are kept.
const KEPT_MAX: u64 = 500_000;
/// Changes told one by one of one conclusion; the others are told together.
const ONE_BY_ONE_MAX: usize = 200;

/// What became different.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// A device was seen for the first time.
    New,
    /// It has another address.
    Moved,
    /// It was not seen for long.
    Silent,
    /// It is seen again.
    Returned,
    /// What is said of it changed.
    Identity,
    /// Claims contradict each other.
    Conflict,
    /// A person said something of it.
    Corrected,
}

/// A device became different.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Change {
    /// Its place in the log.
    #[serde(default)]
    pub id: u64,
    /// When it was noticed, RFC 3339.
    pub time: String,
    /// What sort of change.
    pub kind: ChangeKind,
    /// The device; empty if it is several.
    pub device: String,
    /// What it is called.
    pub name: String,
    /// What changed, in words.
    pub text: String,
}

/// The log of changes.
pub struct Changes {
    keeper: Keeper,
    adding: Mutex<()>,
    held: RwLock<VecDeque<Change>>,
}

impl Changes {
    /// What the store knows, the newest.
    pub fn load(keeper: Keeper) -> Result<Self, StoreError> {
        let held = keeper.lines::<Change>(LOG, None, HELD_MAX)?;
        let held = held.into_iter().map(|(id, change)| Change { id, ..change }).collect();
        Ok(Self { keeper, adding: Mutex::default(), held: RwLock::new(held) })
    }

    /// Adds changes; gives them with their places.
    pub fn add(&self, changes: Vec<Change>) -> Result<Vec<Change>, StoreError> {
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        // One at a time: what is read back is what was written.
        let _adding = self.adding.lock().unwrap_or_else(PoisonError::into_inner);
        self.keeper.note(LOG, &changes, KEPT_MAX)?;
        let newest = self.keeper.lines::<Change>(LOG, None, changes.len())?;
        let added: Vec<Change> = newest.into_iter().rev().map(|(id, change)| Change { id, ..change }).collect();
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        for change in &added {
            held.push_front(change.clone());
        }
        held.truncate(HELD_MAX);
        Ok(added)
    }

    /// The newest changes before a place: of a device by its identifiers, or of all if none is named.
    pub fn newest(&self, device: &[String], before: Option<u64>, limit: usize) -> Vec<Change> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let fits = |change: &&Change| {
            (device.is_empty() || device.contains(&change.device)) && before.is_none_or(|before| change.id < before)
        };
        held.iter().filter(fits).take(limit).cloned().collect()
    }
}

/// What became different from one view to the next.
pub fn between(before: &View, after: &View) -> Vec<Change> {
    let time = clock::now().to_string();
    let mut changes = Vec::new();
    let mut not_told = 0_usize;
    for row in &after.rows {
        let found = match before.row(&row.id) {
            None => match after.former(&row.id).into_iter().find(|former| before.row(&former.id).is_some()) {
                Some(former) => {
                    Some((ChangeKind::Identity, format!("Is known by another identifier: was {}", former.id)))
                }
                None => Some((ChangeKind::New, first_words(row))),
            },
            Some(old) => compared(old, row),
        };
        let Some((kind, text)) = found else { continue };
        if changes.len() >= ONE_BY_ONE_MAX {
            not_told = not_told.saturating_add(1);
            continue;
        }
        changes.push(Change { id: 0, time: time.clone(), kind, device: row.id.clone(), name: row.name.clone(), text });
    }
    if not_told > 0 {
        let name = crate::words::count(not_told as u64, "further device", "further devices");
        changes.push(Change {
            id: 0,
            time,
            kind: ChangeKind::New,
            device: String::new(),
            text: format!("{name} changed at the same time"),
            name,
        });
    }
    changes
}

fn first_words(row: &DeviceRow) -> String {
    let at = row.address.as_deref().map(|address| format!(" at {address}")).unwrap_or_default();
    match row.kind.label.as_str() {
        "" => format!("New: what it is is not known yet{at}"),
        kind => format!("New: {kind}{at}, {}", row.kind.state),
    }
}

fn compared(old: &DeviceRow, new: &DeviceRow) -> Option<(ChangeKind, String)> {
    if new.conflicts > old.conflicts {
        return Some((ChangeKind::Conflict, "Claims about it contradict each other".to_owned()));
    }
    let said = |old: &Claim, new: &Claim, what: &str| {
        let is_other = old.value != new.value && new.value.is_some();
        is_other.then(|| match old.label.as_str() {
            "" => format!("{what} is known now: {} ({})", new.label, new.state),
            before => format!("{what} was {before}, is {} ({})", new.label, new.state),
        })
    };
    let identity = said(&old.kind, &new.kind, "What it is")
        .or_else(|| said(&old.vendor, &new.vendor, "Its maker"))
        .or_else(|| said(&old.model, &new.model, "Its model"));
    if let Some(text) = identity {
        return Some((ChangeKind::Identity, text));
    }
    if old.address != new.address
        && let Some(address) = &new.address
    {
        let before = old.address.as_deref().map_or(String::new(), |old| format!("from {old} "));
        return Some((ChangeKind::Moved, format!("Moved {before}to {address}")));
    }
    match (old.silence, new.silence) {
        ("heard" | "blind", "silent") => Some((ChangeKind::Silent, "Not seen any more".to_owned())),
        ("silent", "heard") => Some((ChangeKind::Returned, "Seen again".to_owned())),
        _ => None,
    }
}

//! What pages are told while they are open.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use model::Timestamp;
use serde::Serialize;
use tokio::sync::broadcast;

use super::sources::Import;
use super::twin::Change;

/// Events that a page which was away can still be told.
const REMEMBERED: usize = 1_024;

/// Something happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// There is a new view.
    View {
        /// Which.
        version: u64,
        /// The newest moment in it.
        as_of: Option<Timestamp>,
    },
    /// Risk was reckoned anew, from this view.
    Risk {
        /// Which.
        version: u64,
    },
    /// A device changed.
    Change(Box<Change>),
    /// An import went on.
    Import(Box<Import>),
}

impl Event {
    /// The name that pages listen for.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::View { .. } => "view",
            Self::Risk { .. } => "risk",
            Self::Change(_) => "change",
            Self::Import(_) => "import",
        }
    }

    /// What is told, as JSON.
    pub fn json(&self) -> String {
        #[derive(Serialize)]
        struct View {
            version: u64,
            as_of: Option<Timestamp>,
        }
        let json = match self {
            Self::View { version, as_of } => serde_json::to_string(&View { version: *version, as_of: *as_of }),
            Self::Risk { version } => serde_json::to_string(&View { version: *version, as_of: None }),
            Self::Change(change) => serde_json::to_string(change),
            Self::Import(import) => serde_json::to_string(import),
        };
        json.unwrap_or_default()
    }
}

/// An event and its number.
pub type Numbered = (u64, Event);

/// All events, numbered.
pub struct Events {
    teller: broadcast::Sender<Numbered>,
    last: Mutex<(u64, VecDeque<Numbered>)>,
}

impl Default for Events {
    fn default() -> Self {
        Self { teller: broadcast::channel(REMEMBERED).0, last: Mutex::default() }
    }
}

impl Events {
    /// Tells everybody.
    pub fn tell(&self, event: Event) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let (number, remembered) = &mut *last;
        *number = number.saturating_add(1);
        remembered.push_back((*number, event.clone()));
        if remembered.len() > REMEMBERED {
            remembered.pop_front();
        }
        // Nobody may be listening.
        let _ = self.teller.send((*number, event));
    }

    /// What was told after a number, and what will be. `None` for the first if it cannot be said any more: then the page
    /// has to ask for everything.
    pub fn listen(&self, after: Option<u64>) -> (Option<Vec<Numbered>>, broadcast::Receiver<Numbered>) {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let receiver = self.teller.subscribe();
        let (number, remembered) = &*last;
        let missed = after.and_then(|after| {
            let first = remembered.front().map_or(number.saturating_add(1), |(first, _)| *first);
            // A number from before a restart says nothing.
            (after.saturating_add(1) >= first && after <= *number)
                .then(|| remembered.iter().filter(|(number, _)| *number > after).cloned().collect())
        });
        (missed, receiver)
    }
}

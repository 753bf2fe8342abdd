//! By what a device was known before.
//!
//! A device that was seen through a router only is known by its address, and by its card once that is seen; one with a card that
//! was made up by its lowest address. What went on and what people said before is still its own.

use std::sync::Arc;

use model::Timestamp;

use super::View;
use crate::knowledge::Known;
use crate::serve::corrections::{Correction, CorrectionRow, Corrections};

/// Devices that took the place of another, one after the other, are followed so far.
const MOVED_MAX: usize = 100;

/// An identifier that a device had.
pub struct Former {
    /// The identifier.
    pub id: String,
    /// It held the address from then.
    pub from: Timestamp,
    /// Until then.
    pub to: Timestamp,
}

impl View {
    /// Identifiers that a device had before and that nobody has now.
    pub fn former(&self, id: &str) -> Vec<Former> {
        // What is known through another device goes with it.
        let (front, rest) = match id.split_once('~') {
            Some((front, _)) => (front, id.get(front.len()..).unwrap_or_default()),
            None => (id, ""),
        };
        let Some(device) = self.device(front) else { return Vec::new() };
        let mut all = Vec::new();
        for interface in &device.interfaces {
            let span = |first: Option<Timestamp>, last: Option<Timestamp>| Some((first?, last?));
            let card = interface.mac.map(|mac| (format!("mac-{:012x}", mac.as_u64()), span(device.first, device.last)));
            let addresses = interface.addresses.iter();
            let addresses =
                addresses.map(|address| (format!("ip-{}", address.ip), Some((address.first, address.last))));
            for (name, span) in card.into_iter().chain(addresses) {
                let former = format!("{name}{rest}");
                if let Some((from, to)) = span
                    && name != front
                    && self.place(&former).is_none()
                {
                    all.push(Former { id: former, from, to });
                }
            }
        }
        all
    }

    /// The identifier of a device and those that it had before.
    pub fn identifiers(&self, id: &str) -> Vec<String> {
        std::iter::once(id.to_owned()).chain(self.former(id).into_iter().map(|former| former.id)).collect()
    }

    /// What was said of a device, also while it had another identifier. `corrections` are those of this moment: they may be
    /// newer than what is shown.
    pub fn said_of(&self, id: &str, corrections: &Corrections, known: &Known) -> Vec<CorrectionRow> {
        let own = corrections.of(id);
        let followed = self.place(id).into_iter().flat_map(|place| self.said.followed_to(place, id));
        // What was said anew since the view was made stands under the same name.
        let stands = |said: &&Arc<Correction>| {
            corrections.get(&said.device, &said.attribute).is_some_and(|now| Arc::ptr_eq(now, said))
        };
        let followed = followed.filter(stands);
        own.chain(followed).map(|said| self.correction_row(Arc::clone(said), known)).collect()
    }

    /// What was said of the others who had the identifier before, each under the identifier that it has now: something is
    /// said of whoever has it today, in place of what is `replaced`.
    pub fn moved(
        &self,
        correction: &Correction,
        replaced: &[Arc<Correction>],
        corrections: &Corrections,
    ) -> Vec<Correction> {
        let mut moved: Vec<Correction> = Vec::new();
        let mut id = correction.device.as_str();
        while let Some(said) = corrections.get(id, &correction.attribute)
            && moved.len() < MOVED_MAX
            && !replaced.iter().any(|old| Arc::ptr_eq(old, said))
            && let Some(row) = self.said.followed(said).and_then(|place| self.rows.get(place))
        {
            moved.push(Correction { device: row.id.clone(), ..(**said).clone() });
            // Somebody else may have had that one before.
            id = &row.id;
        }
        moved
    }

    /// What a person said, and whom it is of now.
    pub fn correction_row(&self, correction: Arc<Correction>, known: &Known) -> CorrectionRow {
        let doubt = self.said.doubt(&correction).map(|doubt| doubt.text(known.knowledge.attributes()));
        let applies_to = match self.said.followed(&correction) {
            Some(place) => self.rows.get(place).map(|row| row.id.clone()),
            None if self.said.is_surpassed(&correction) => None,
            None => self.row(&correction.device).filter(|_| doubt.is_none()).map(|row| row.id.clone()),
        };
        CorrectionRow { correction, applies_to, doubt }
    }
}

//! Whom everything that people said is of now.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use analysis::inventory::Device;
use analysis::knowledge::{Attributes, Recognises};
use hashbrown::HashMap;
use model::Timestamp;
use serde::Serialize;

use super::recognition::{Mark, Replaced, cards, marks};
use super::{Correction, Corrections, apply};
use crate::knowledge::Known;

/// What a person said, and whom it is of now.
#[derive(Serialize, utoipa::ToSchema)]
pub struct CorrectionRow {
    /// What was said.
    #[serde(flatten)]
    #[schema(value_type = Correction)]
    pub correction: Arc<Correction>,
    /// The device that it is of now: another identifier where the device is known by another; none while it is not seen, or
    /// in doubt.
    pub applies_to: Option<String>,
    /// Why nobody knows whether it is still true, in words.
    pub doubt: Option<String>,
}

/// Something that a person said of a device, in whose place another seems to be.
pub struct Doubt {
    /// What was said.
    pub correction: Arc<Correction>,
    /// The place of whoever has the identifier now.
    pub place: usize,
    /// What tells.
    pub replaced: Replaced,
    /// The places of devices that bear its names now.
    pub elsewhere: Vec<usize>,
}

/// Whom everything that people said is of now.
#[derive(Default)]
pub struct Placed {
    /// By place.
    of: HashMap<usize, Vec<Arc<Correction>>>,
    /// What is said of a device that is known by another identifier now: by the one of then.
    followed: HashMap<String, Vec<(Arc<Correction>, usize)>>,
    /// What would be said of such a device if nothing newer were: by the identifier of then.
    surpassed: HashMap<String, Vec<Arc<Correction>>>,
    /// By the identifier.
    doubts: HashMap<String, Vec<Doubt>>,
}

/// Whoever has the identifier of another now, by place, and what tells.
type Stranger = (usize, Replaced);

/// Devices that bear the same name are told so many of.
pub(super) const ELSEWHERE_MAX: usize = 3;

impl Placed {
    /// Finds the device of everything that was said. `devices` are those that are [`Wanted`], by place; `place` finds
    /// the place of any.
    pub fn new(
        corrections: &Corrections,
        devices: &BTreeMap<usize, Device>,
        place: &dyn Fn(&str) -> Option<usize>,
        attributes: &Attributes,
    ) -> Self {
        let mut placed = Self::default();
        // What does not fit where it stood, with whoever stands there now.
        let mut open: Vec<(&Arc<Correction>, Option<Stranger>)> = Vec::new();
        for correction in corrections.all.values() {
            let found = place(&correction.device).and_then(|place| Some((place, devices.get(&place)?)));
            let Some((place, device)) = found else {
                open.push((correction, None));
                continue;
            };
            match correction.recognised.fits(device, attributes) {
                Ok(()) => placed.of.entry(place).or_default().push(Arc::clone(correction)),
                Err(replaced) => open.push((correction, Some((place, replaced)))),
            }
        }
        if open.is_empty() {
            return placed;
        }
        // What was said last is what counts.
        open.sort_by(|(one, _), (other, _)| other.at.cmp(&one.at));
        let whereabouts = Whereabouts::new(devices, attributes);
        for (correction, stood) in open {
            match (whereabouts.of(correction, stood.is_some(), place), stood) {
                (Some(place), _) => placed.follow(correction, place),
                (None, Some((place, replaced))) => {
                    let elsewhere = whereabouts.named_like(correction, place);
                    let doubt = Doubt { correction: Arc::clone(correction), place, replaced, elsewhere };
                    placed.doubts.entry_ref(&correction.device).or_default().push(doubt);
                }
                (None, None) => {}
            }
        }
        placed
    }

    fn follow(&mut self, correction: &Arc<Correction>, place: usize) {
        let said = self.of.entry(place).or_default();
        // What was said of the device as it is known now comes first.
        if said.iter().any(|known| known.attribute == correction.attribute) {
            self.surpassed.entry_ref(&correction.device).or_default().push(Arc::clone(correction));
            return;
        }
        said.push(Arc::clone(correction));
        self.followed.entry_ref(&correction.device).or_default().push((Arc::clone(correction), place));
    }

    /// Puts everything over what was concluded, and hands over each device of which something is said.
    pub fn apply(&self, devices: &mut BTreeMap<usize, Device>, known: &Known, mut take: impl FnMut(usize, &Device)) {
        for (place, said) in &self.of {
            if let Some(device) = devices.get_mut(place) {
                apply::apply(device, said.iter().map(Arc::as_ref), known);
                take(*place, device);
            }
        }
    }

    /// What was said of the device at a place by another identifier.
    pub fn followed_to(&self, place: usize, device: &str) -> impl Iterator<Item = &Arc<Correction>> {
        self.of.get(&place).into_iter().flatten().filter(move |correction| correction.device != device)
    }

    /// Everything in doubt.
    pub fn doubts(&self) -> impl Iterator<Item = &Doubt> {
        self.doubts.values().flatten()
    }

    /// Everything that is of a device with another identifier now, and the device's place.
    pub fn all_followed(&self) -> impl Iterator<Item = (&Arc<Correction>, usize)> {
        self.followed.values().flatten().map(|(correction, place)| (correction, *place))
    }

    /// The doubt about what was said.
    pub fn doubt(&self, correction: &Correction) -> Option<&Doubt> {
        self.doubts.get(&correction.device)?.iter().find(|doubt| doubt.correction.is_same(correction))
    }

    /// The place of the device that has another identifier now.
    pub fn followed(&self, correction: &Correction) -> Option<usize> {
        let mut followed = self.followed.get(&correction.device)?.iter();
        followed.find(|(known, _)| known.is_same(correction)).map(|(_, place)| *place)
    }

    /// Whether the device of which it was said has another identifier now, and the same was said anew of that.
    pub fn is_surpassed(&self, correction: &Correction) -> bool {
        self.surpassed.get(&correction.device).is_some_and(|all| all.iter().any(|known| known.is_same(correction)))
    }
}

impl Doubt {
    /// In words.
    pub fn text(&self, attributes: &Attributes) -> String {
        let Replaced { attribute, then, now } = &self.replaced;
        let label = attributes.get(attribute).map_or(attribute.as_str(), |attribute| attribute.label.as_str());
        let label = label.to_lowercase();
        format!("What was meant had the {label} {then}; what is there now has the {label} {now}.")
    }
}

/// Where devices are, by what they are found by.
struct Whereabouts<'a> {
    devices: &'a BTreeMap<usize, Device>,
    attributes: &'a Attributes,
    /// As identifiers write them.
    by_card: HashMap<String, usize>,
    by_address: HashMap<IpAddr, Vec<(usize, Timestamp)>>,
    by_mark: HashMap<(String, String), Vec<usize>>,
    names: Vec<&'a str>,
    units: Vec<&'a str>,
}

impl<'a> Whereabouts<'a> {
    fn new(devices: &'a BTreeMap<usize, Device>, attributes: &'a Attributes) -> Self {
        let of = |wanted: Recognises| {
            let those = attributes.iter().filter(move |attribute| attribute.recognises == Some(wanted));
            those.map(|attribute| attribute.id.as_str()).collect()
        };
        let mut found = Self {
            devices,
            attributes,
            by_card: HashMap::new(),
            by_address: HashMap::new(),
            by_mark: HashMap::new(),
            names: of(Recognises::Name),
            units: of(Recognises::Unit),
        };
        for (&place, device) in devices {
            for (_, Mark { attribute, value }) in marks(device, attributes) {
                found.by_mark.entry((attribute, value)).or_default().push(place);
            }
            // A card and an address belong to the device in front.
            if device.behind.is_some() {
                continue;
            }
            found.by_card.extend(cards(device).map(|card| (card.replace(':', ""), place)));
            for address in device.interfaces.iter().flat_map(|interface| &interface.addresses) {
                found.by_address.entry(address.ip).or_default().push((place, address.first));
            }
        }
        found
    }

    /// The device of which it was said, if it is known by another identifier now.
    fn of(&self, correction: &Correction, is_taken: bool, place_of: &dyn Fn(&str) -> Option<usize>) -> Option<usize> {
        let front = correction.device.split_once('~');
        let heir = if is_taken {
            None
        } else {
            match front {
                // What is known through a device goes with it.
                Some((front, identity)) => {
                    let place = self.heir(front, correction)?;
                    return place_of(&format!("{}~{identity}", self.device(place)?.id));
                }
                None => self.heir(&correction.device, correction),
            }
        };
        let fits = |place: &usize| {
            self.device(*place).is_some_and(|device| correction.recognised.fits(device, self.attributes).is_ok())
        };
        heir.filter(fits).or_else(|| self.unit(correction))
    }

    /// Who has now the card or the address by which a device was known.
    fn heir(&self, id: &str, correction: &Correction) -> Option<usize> {
        if let Some(ip) = id.strip_prefix("ip-").and_then(|ip| ip.parse::<IpAddr>().ok()) {
            let seen = correction.recognised.seen();
            // Whoever got the address later is another.
            let then = self.by_address.get(&ip)?.iter().filter(|(_, first)| seen.is_none_or(|seen| *first <= seen));
            return then.max_by_key(|(_, first)| *first).map(|(place, _)| *place);
        }
        self.by_card.get(id.strip_prefix("mac-")?).copied()
    }

    /// The only device that says, and is the last to say, what one device in the world can say.
    fn unit(&self, correction: &Correction) -> Option<usize> {
        let recognised = &correction.recognised;
        // Whoever bears a name only says nothing of the kind: thousands may bear one.
        let marks = recognised.marks.iter().filter(|mark| self.units.contains(&mark.attribute.as_str()));
        let bearers = marks.filter_map(|mark| self.bearers(mark)).flatten().copied();
        let is_unit =
            |place: &usize| self.device(*place).is_some_and(|device| recognised.is_unit(device, self.attributes));
        let mut units: Vec<usize> = bearers.filter(is_unit).collect();
        units.sort_unstable();
        units.dedup();
        match units.as_slice() {
            [place] => Some(*place),
            _ => None,
        }
    }

    fn bearers(&self, mark: &Mark) -> Option<&Vec<usize>> {
        self.by_mark.get(&(mark.attribute.clone(), mark.value.clone()))
    }

    /// Other devices that bear a name that it had.
    fn named_like(&self, correction: &Correction, but: usize) -> Vec<usize> {
        let marks = correction.recognised.marks.iter().filter(|mark| self.names.contains(&mark.attribute.as_str()));
        // Of each mark the first are enough to find the first of all.
        let bearers = marks.filter_map(|mark| self.bearers(mark)).map(|all| all.iter().copied());
        let mut all: Vec<usize> =
            bearers.flat_map(|all| all.filter(|place| *place != but).take(ELSEWHERE_MAX)).collect();
        all.sort_unstable();
        all.dedup();
        all.truncate(ELSEWHERE_MAX);
        all
    }

    fn device(&self, place: usize) -> Option<&'a Device> {
        self.devices.get(&place)
    }
}

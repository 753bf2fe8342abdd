//! Whether a device is the one that a person meant.
//!
//! A device whose hardware address is seen is recognised by it. Behind a router only an IP address is seen, which is given to
//! another host one day: then what the device says of itself decides, if it said anything.

use std::collections::BTreeMap;

use analysis::inventory::{Attribute, Device, Evidence};
use analysis::knowledge::{Attributes, Recognises};
use model::Timestamp;
use serde::{Deserialize, Serialize};

use super::FAMILY;

/// Marks remembered of one device.
const MARKS_MAX: usize = 32;
/// Hardware addresses remembered of one device.
const CARDS_MAX: usize = 16;

/// What a device was recognised by when a person said something of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Recognition {
    /// Hardware addresses that a maker gave.
    pub cards: Vec<String>,
    /// What it said of itself.
    pub marks: Vec<Mark>,
    /// The newest moment that it had been seen, RFC 3339.
    pub seen: Option<String>,
}

/// Something that a device says of itself and is recognised by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Mark {
    /// The attribute.
    pub attribute: String,
    /// Its value.
    pub value: String,
}

/// Why a device is not the one of before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// The attribute that tells.
    pub attribute: String,
    /// What it said.
    pub then: String,
    /// What it says.
    pub now: String,
}

/// What tells on one attribute.
enum Told {
    /// Something of then was heard last.
    Same,
    /// What was heard of then has given way to something else.
    Other(Replaced),
    /// Nothing to compare.
    Nothing,
}

impl Recognition {
    /// What a device is recognised by now.
    pub fn of(device: &Device, attributes: &Attributes) -> Self {
        let marks = marks(device, attributes).map(|(_, mark)| mark);
        Self {
            cards: cards(device).take(CARDS_MAX).collect(),
            marks: marks.take(MARKS_MAX).collect(),
            seen: device.last.map(|last| last.to_string()),
        }
    }

    /// The newest moment that it had been seen.
    pub fn seen(&self) -> Option<Timestamp> {
        // Texts hold microseconds, packets are stamped more finely: it was no later than that.
        let seen = self.seen.as_deref().and_then(Timestamp::read)?;
        Some(Timestamp(seen.0.saturating_add(999)))
    }

    /// Whether this is the device of then, as far as can be told; else what tells that it is not.
    ///
    /// A hardware address decides, then what only one device in the world can say, then names: one that is still heard is enough,
    /// for devices are renamed. Where there is nothing to compare it is the same.
    pub fn fits(&self, device: &Device, attributes: &Attributes) -> Result<(), Replaced> {
        // What is known through another is recognised by the name that the other gives it: that is in its identifier.
        if device.behind.is_some() || cards(device).any(|card| self.cards.contains(&card)) {
            return Ok(());
        }
        for recognises in [Recognises::Unit, Recognises::Name] {
            let those = attributes.iter().filter(|attribute| attribute.recognises == Some(recognises));
            let mut replaced = None;
            for attribute in those {
                match self.told(device, &attribute.id) {
                    Told::Same => return Ok(()),
                    Told::Other(other) => replaced = replaced.or(Some(other)),
                    Told::Nothing => {}
                }
            }
            if let Some(replaced) = replaced {
                return Err(replaced);
            }
        }
        Ok(())
    }

    /// Whether the device says something that only the device of then can say.
    pub fn is_unit(&self, device: &Device, attributes: &Attributes) -> bool {
        let mut units = attributes.iter().filter(|attribute| attribute.recognises == Some(Recognises::Unit));
        units.any(|attribute| matches!(self.told(device, &attribute.id), Told::Same))
    }

    fn told(&self, device: &Device, attribute: &str) -> Told {
        let then: Vec<&str> =
            self.marks.iter().filter(|mark| mark.attribute == attribute).map(|mark| mark.value.as_str()).collect();
        let Some(first) = then.first() else { return Told::Nothing };
        let heard = heard(device, attribute);
        let still = heard.iter().filter(|(value, _)| then.contains(value)).map(|(_, (_, last))| *last).max();
        // What was heard first after everything of then was heard last, and nothing of then since.
        let after = still.or_else(|| self.seen());
        let newer = heard.iter().filter(|(value, _)| !then.contains(value));
        let newer = newer.filter(|(_, (begun, _))| after.is_none_or(|after| *begun > after));
        match (newer.max_by_key(|(_, (_, last))| *last), still) {
            (Some((now, _)), _) => Told::Other(Replaced {
                attribute: attribute.to_owned(),
                then: (*first).to_owned(),
                now: (*now).to_owned(),
            }),
            (None, Some(_)) => Told::Same,
            (None, None) => Told::Nothing,
        }
    }
}

/// Every mark of a device that is asserted.
pub(super) fn marks<'a>(
    device: &'a Device,
    attributes: &'a Attributes,
) -> impl Iterator<Item = (Recognises, Mark)> + 'a {
    let those = attributes.iter().filter_map(|attribute| Some((attribute.recognises?, attribute)));
    those.flat_map(|(recognises, attribute)| {
        let values = heard(device, &attribute.id).into_keys();
        values.map(move |value| (recognises, Mark { attribute: attribute.id.clone(), value: value.to_owned() }))
    })
}

/// Hardware addresses that a maker gave, as text.
pub(super) fn cards(device: &Device) -> impl Iterator<Item = String> {
    let macs = device.interfaces.iter().filter(|interface| !interface.local).filter_map(|interface| interface.mac);
    macs.map(|mac| mac.to_string())
}

/// The values that the device itself, and no person, gave of an attribute: when they were heard first and last.
fn heard<'a>(device: &'a Device, attribute: &str) -> BTreeMap<&'a str, (Timestamp, Timestamp)> {
    let mut heard: BTreeMap<&str, (Timestamp, Timestamp)> = BTreeMap::new();
    let mut take = |value: Option<&'a str>, evidence: &[Evidence]| {
        let Some(value) = value else { return };
        for piece in evidence.iter().filter(|piece| piece.family != FAMILY && piece.weight_db > 0.0) {
            let span = heard.entry(value).or_insert((piece.first, piece.last));
            *span = (span.0.min(piece.first), span.1.max(piece.last));
        }
    };
    match device.attributes.get(attribute) {
        Some(Attribute::One(one)) => {
            take(one.value.as_deref(), &one.evidence);
            one.rivals.iter().for_each(|rival| take(Some(&rival.value), &rival.evidence));
        }
        Some(Attribute::Many { values }) => {
            values.iter().for_each(|one| take(one.value.as_deref(), &one.evidence));
        }
        None => {}
    }
    heard
}

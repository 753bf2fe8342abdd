//! Devices that something that was said may be of: the others need not be looked at.

use std::net::IpAddr;

use analysis::inventory::Device;
use analysis::knowledge::{Attributes, Recognises};
use hashbrown::{HashMap, HashSet};

use super::Corrections;
use super::placed::ELSEWHERE_MAX;
use super::recognition::{cards, marks};

/// By what a device could be one of which something was said.
#[derive(Default)]
pub struct Wanted<'a> {
    ids: HashSet<&'a str>,
    /// The front parts of identifiers, without `ip-` and `mac-`.
    addresses: HashSet<IpAddr>,
    cards: HashSet<&'a str>,
    /// What follows `~` in identifiers: what is known through a device goes with it.
    behind: HashSet<&'a str>,
    /// By attribute and value. Of those that bear a name only, so many more: they are told to a person, and anybody can bear
    /// any name.
    marks: HashMap<&'a str, HashMap<&'a str, usize>>,
}

impl<'a> Wanted<'a> {
    /// Of everything that was said.
    pub fn new(corrections: &'a Corrections) -> Self {
        let mut wanted = Self::default();
        for correction in corrections.all.values() {
            let id = correction.device.as_str();
            wanted.ids.insert(id);
            let front = match id.split_once('~') {
                Some((front, identity)) => {
                    wanted.behind.insert(identity);
                    front
                }
                None => id,
            };
            wanted.addresses.extend(front.strip_prefix("ip-").and_then(|ip| ip.parse::<IpAddr>().ok()));
            wanted.cards.extend(front.strip_prefix("mac-"));
            let marks = &correction.recognised.marks;
            for mark in marks {
                wanted.marks.entry(&mark.attribute).or_default().insert(&mark.value, ELSEWHERE_MAX);
            }
        }
        wanted
    }

    /// Whether anything that was said may be of the device.
    pub fn has(&mut self, device: &Device, attributes: &Attributes) -> bool {
        if self.ids.is_empty() {
            return false;
        }
        let is_behind = || device.id.split_once('~').is_some_and(|(_, identity)| self.behind.contains(identity));
        let mut addresses = device.interfaces.iter().flat_map(|interface| &interface.addresses);
        self.ids.contains(device.id.as_str())
            || is_behind()
            || addresses.any(|address| self.addresses.contains(&address.ip))
            || cards(device).any(|card| self.cards.contains(card.replace(':', "").as_str()))
            || !self.marks.is_empty() && self.has_mark(device, attributes)
    }

    fn has_mark(&mut self, device: &Device, attributes: &Attributes) -> bool {
        let mut has = false;
        for (recognises, mark) in marks(device, attributes) {
            let values = self.marks.get_mut(mark.attribute.as_str());
            let Some(more) = values.and_then(|values| values.get_mut(mark.value.as_str())) else { continue };
            match recognises {
                Recognises::Unit => has = true,
                Recognises::Name => {
                    has |= *more > 0;
                    *more = more.saturating_sub(1);
                }
            }
        }
        has
    }
}

//! Devices that something that was said may be of: the others need not be looked at.

use std::net::IpAddr;

use analysis::inventory::Device;
use analysis::knowledge::Attributes;
use hashbrown::HashSet;

use super::Corrections;
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
    marks: HashSet<(&'a str, &'a str)>,
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
            wanted.marks.extend(marks.iter().map(|mark| (mark.attribute.as_str(), mark.value.as_str())));
        }
        wanted
    }

    /// Whether anything that was said may be of the device.
    pub fn has(&self, device: &Device, attributes: &Attributes) -> bool {
        if self.ids.is_empty() {
            return false;
        }
        let is_behind = || device.id.split_once('~').is_some_and(|(_, identity)| self.behind.contains(identity));
        let mut addresses = device.interfaces.iter().flat_map(|interface| &interface.addresses);
        self.ids.contains(device.id.as_str())
            || is_behind()
            || addresses.any(|address| self.addresses.contains(&address.ip))
            || cards(device).any(|card| self.cards.contains(card.replace(':', "").as_str()))
            || !self.marks.is_empty()
                && marks(device, attributes)
                    .any(|(_, mark)| self.marks.contains(&(mark.attribute.as_str(), mark.value.as_str())))
    }
}

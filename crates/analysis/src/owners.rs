//! Numbers for owners: whom entities turned out to be, quick to compare and in the owners' own order.

use std::sync::Arc;

use hashbrown::HashMap;

use crate::resolve::{Owner, Resolution};
use crate::stations::EntityId;

/// An owner's number. Numbers are in the order of the owners, so devices come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct OwnerId(u32);

impl OwnerId {
    /// As flows name it.
    pub(crate) const fn number(self) -> u32 {
        self.0
    }

    /// Its place in tables.
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Every owner once.
pub(crate) struct Owners<'r> {
    list: Vec<&'r Owner>,
    ids: Vec<Arc<str>>,
    of_entity: Vec<OwnerId>,
}

impl<'r> Owners<'r> {
    pub(crate) fn new(resolution: &'r Resolution) -> Self {
        let mut met: HashMap<&Owner, u32> = HashMap::with_capacity(resolution.owners.len());
        let mut in_order_met: Vec<(&Owner, u32)> = Vec::new();
        let number_met = |owner: &'r Owner| {
            let next = met.len() as u32;
            *met.entry(owner).or_insert_with(|| {
                in_order_met.push((owner, next));
                next
            })
        };
        let of_entity: Vec<u32> = resolution.owners.iter().map(number_met).collect();
        in_order_met.sort_unstable();
        let mut rank = vec![OwnerId(0); in_order_met.len()];
        for ((_, number), new) in in_order_met.iter().zip(0..) {
            if let Some(place) = rank.get_mut(*number as usize) {
                *place = OwnerId(new);
            }
        }
        Self {
            ids: unique(in_order_met.iter().map(|(owner, _)| owner.id())),
            list: in_order_met.into_iter().map(|(owner, _)| owner).collect(),
            of_entity: of_entity.iter().filter_map(|number| rank.get(*number as usize)).copied().collect(),
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// Whom an entity turned out to be.
    pub(crate) fn of(&self, entity: EntityId) -> Option<OwnerId> {
        self.of_entity.get(entity.index()).copied()
    }

    pub(crate) fn owner(&self, id: OwnerId) -> &'r Owner {
        self.list.get(id.index()).copied().unwrap_or(&Owner::Nobody)
    }

    /// The name in files.
    pub(crate) fn name(&self, id: OwnerId) -> &str {
        self.ids.get(id.index()).map_or("", |name| name)
    }

    /// The same, to be kept.
    pub(crate) fn shared_name(&self, id: OwnerId) -> Arc<str> {
        self.ids.get(id.index()).map_or_else(Arc::default, Arc::clone)
    }

    /// Every owner with its number, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (OwnerId, &'r Owner)> {
        (0..).map(OwnerId).zip(self.list.iter().copied())
    }

    /// The numbers by entity and the names by number.
    pub(crate) fn into_names(self) -> (Vec<u32>, Vec<Arc<str>>) {
        (self.of_entity.into_iter().map(|OwnerId(number)| number).collect(), self.ids)
    }
}

/// Names of which no two are alike: in their order, a later one of two gets a number. What identifies a device behind
/// another is chosen by whoever writes the message, so nothing that is made from it can be relied on to be unique.
fn unique(names: impl Iterator<Item = String>) -> Vec<Arc<str>> {
    let mut taken: HashMap<Arc<str>, u32> = HashMap::new();
    let mut all = Vec::with_capacity(names.size_hint().0);
    for name in names {
        let mut name: Arc<str> = name.into();
        // Each name remembers its latest number: many that are alike do not make this slow.
        while let Some(latest) = taken.get_mut(&name) {
            *latest = latest.saturating_add(1);
            name = format!("{name}-{latest}").into();
        }
        taken.insert(Arc::clone(&name), 1);
        all.push(name);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_names_are_alike() {
        let told = ["a", "b", "a", "a-2", "a", "a-2"].map(str::to_owned);
        let names: Vec<String> = unique(told.into_iter()).iter().map(ToString::to_string).collect();
        assert_eq!(names, ["a", "b", "a-2", "a-2-2", "a-3", "a-2-3"]);
    }

    #[test]
    fn many_that_are_alike_are_numbered_at_once() {
        let names = unique(std::iter::repeat_n("a".to_owned(), 100_000));
        assert_eq!(names.last().map(AsRef::as_ref), Some("a-100000"));
    }
}

//! Stations through which other devices are known, and what that says of them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Analysis, Devices, RoleSeen, claims};
use crate::evidence::{Ledger, Occasion};
use crate::knowledge::CATEGORY;
use crate::owners::OwnerId;
use crate::resolve::Owner;
use crate::stations::{EntityId, EntityKey};

/// Kinds of device that are told of one station.
const KINDS_MAX: usize = 16;

/// Devices that one station spoke for over one protocol.
struct Spoken<'a> {
    first: Occasion,
    devices: u64,
    /// What the messages call them.
    kinds: BTreeSet<&'a str>,
}

impl<'k> Analysis<'k> {
    /// Whoever says something of devices that it is not speaks for them, unless its role is to send on what others wrote
    /// (`relays`).
    pub(super) fn gather_gateways(&self, relays: &BTreeSet<EntityId>, devices: &mut Devices<'_, 'k>) {
        let relays: BTreeSet<OwnerId> = relays.iter().filter_map(|station| devices.owners.of(*station)).collect();
        let category = self.knowledge.attributes().iter().find(|attribute| attribute.id == CATEGORY);
        let mut spoken: BTreeMap<(OwnerId, &str), Spoken<'_>> = BTreeMap::new();
        for (entity, key) in self.stations.entities() {
            let (EntityKey::Behind(station, _) | EntityKey::SelfOrBehind(station, _)) = key else { continue };
            let (Some(child), Some(speaker)) = (devices.owners.of(entity), devices.owners.of(*station)) else {
                continue;
            };
            let is_another = child != speaker && matches!(devices.owners.owner(child), Owner::Device(_));
            if !is_another || relays.contains(&speaker) {
                continue;
            }
            let ledger = self.ledgers.get(entity.index());
            let Some((protocol, occasion)) = ledger.and_then(Ledger::first_said) else { continue };
            let known = spoken.entry((speaker, protocol)).or_insert_with(|| Spoken {
                first: occasion,
                devices: 0,
                kinds: BTreeSet::new(),
            });
            known.devices = known.devices.saturating_add(1);
            let strong = self.knowledge.weights().conflict_db;
            let kinds = ledger.zip(category).map(|(ledger, category)| ledger.told_of_itself(category, strong));
            let room = KINDS_MAX.saturating_sub(known.kinds.len());
            known.kinds.extend(kinds.unwrap_or_default().into_iter().take(room));
            if (occasion.time, occasion.frame) < (known.first.time, known.first.frame) {
                known.first = occasion;
            }
        }
        for ((speaker, protocol), Spoken { first, devices: count, kinds }) in spoken {
            let Some((_, gathered)) = devices.of(speaker) else { continue };
            let kinds = kinds.into_iter().map(|kind| ("kind", kind));
            let fields: Vec<(&str, &str)> = std::iter::once(("protocol", protocol)).chain(kinds).collect();
            for claim in claims(self.knowledge.matches_fields("gateway.seen", &fields), "gateway") {
                gathered.ledger.add(&claim, &first, count);
            }
            for found in self.knowledge.roles_of_fields("gateway.seen", &fields) {
                let role = gathered.roles.entry(&found.role.id).or_insert_with(|| RoleSeen {
                    rule: &found.rule.id,
                    field: format!("gateway.{} {}", found.field, found.field_value),
                    frame: first.frame,
                    count: 0,
                    peers: BTreeSet::new(),
                    peers_min: found.peers_min,
                });
                role.count = role.count.saturating_add(count);
            }
        }
    }
}

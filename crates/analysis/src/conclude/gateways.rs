//! Stations through which other devices are known, and what that says of them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Analysis, Devices, RoleSeen, claims};
use crate::evidence::Occasion;
use crate::owners::OwnerId;
use crate::resolve::Owner;
use crate::stations::{EntityId, EntityKey};

/// Devices that one station spoke for over one protocol.
struct Spoken {
    first: Occasion,
    devices: u64,
}

impl<'k> Analysis<'k> {
    /// Whoever says something of devices that it is not speaks for them, unless its role is to send on what others wrote
    /// (`relays`).
    pub(super) fn gather_gateways(&self, relays: &BTreeSet<EntityId>, devices: &mut Devices<'_, 'k>) {
        let relays: BTreeSet<OwnerId> = relays.iter().filter_map(|station| devices.owners.of(*station)).collect();
        let mut spoken: BTreeMap<(OwnerId, &str), Spoken> = BTreeMap::new();
        for (entity, key) in self.stations.entities() {
            let (EntityKey::Behind(station, _) | EntityKey::SelfOrBehind(station, _)) = key else { continue };
            let (Some(child), Some(speaker)) = (devices.owners.of(entity), devices.owners.of(*station)) else {
                continue;
            };
            let is_another = child != speaker && matches!(devices.owners.owner(child), Owner::Device(_));
            if !is_another || relays.contains(&speaker) {
                continue;
            }
            let said = self.ledgers.get(entity.index()).and_then(crate::evidence::Ledger::first_said);
            let Some((protocol, occasion)) = said else { continue };
            let known = spoken.entry((speaker, protocol)).or_insert(Spoken { first: occasion, devices: 0 });
            known.devices = known.devices.saturating_add(1);
            if (occasion.time, occasion.frame) < (known.first.time, known.first.frame) {
                known.first = occasion;
            }
        }
        for ((speaker, protocol), Spoken { first, devices: count }) in spoken {
            let Some((_, gathered)) = devices.of(speaker) else { continue };
            let fields = [("protocol", protocol)];
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

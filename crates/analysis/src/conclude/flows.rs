//! Flows between devices as rows, and what services that are offered and used say of both ends.

use std::borrow::Cow;
use std::collections::BTreeSet;

use hashbrown::HashMap;

use super::{Devices, FlowKey, Gathered, RoleSeen, claims};
use crate::baseline::{self, Flow, OperationId, OperationNames};
use crate::evidence::{Occasion, Piece};
use crate::fold::Analysis;
use crate::inventory::Taker;
use crate::knowledge::{Knowledge, RoleMatch};
use crate::owners::OwnerId;
use crate::resolve::Owner;
use crate::rows::{Telling, flow_row};

/// Side, application, IP protocol, port and operations of a flow: what its rules read.
type SpokenKey = (&'static str, &'static str, u8, Option<u16>, Vec<OperationId>);

/// What the rules say of every flow of one kind: there are far fewer kinds than flows.
struct Spoken<'k> {
    claims: Vec<Piece<'k>>,
    roles: Vec<RoleMatch<'k, 'k>>,
}

impl<'k> Spoken<'k> {
    fn new(
        knowledge: &'k Knowledge,
        (side, application, ip_protocol, port, operations): &SpokenKey,
        names: &OperationNames,
    ) -> Self {
        let mut operations: Vec<&str> = operations.iter().map(|operation| names.name(*operation)).collect();
        operations.sort_unstable();
        let numbers = (ip_protocol.to_string(), port.map(|port| port.to_string()));
        let mut fields = vec![("application", *application), ("ip_protocol", numbers.0.as_str())];
        fields.extend(numbers.1.as_deref().map(|port| ("port", port)));
        fields.extend(operations.into_iter().map(|operation| ("operation", operation)));
        Self {
            claims: claims(knowledge.matches_fields(side, &fields), "flow"),
            roles: knowledge.roles_of_fields(side, &fields).into_iter().map(RoleMatch::into_owned).collect(),
        }
    }
}

impl<'k> Analysis<'k> {
    /// Hands over the rows of the flows between devices, in order; gives what of their details found no place. Notes what the
    /// services that a device offers and uses say about it.
    pub(super) fn gather_flows(
        &self,
        devices: &mut Devices<'_, 'k>,
        telling: &Telling<'_>,
        taker: &mut impl Taker,
    ) -> u64 {
        // Flows are large: their keys are put in order, and what has the same key is merged for as long as it is told.
        let flows = self.baseline.flows();
        let owners = &devices.owners;
        let key = |key: &baseline::FlowKey| -> Option<FlowKey> {
            Some((owners.of(key.from)?, owners.of(key.to)?, key.ip_protocol, key.port, key.application))
        };
        let mut keys: Vec<(FlowKey, u32)> =
            flows.iter().zip(0..).filter_map(|((found, _), place)| Some((key(found)?, place))).collect();
        keys.sort_unstable();
        let mut turned_away = 0_u64;
        let mut spoken = HashMap::new();
        for group in keys.chunk_by(|(key, _), (next, _)| key == next) {
            let mut group = group.iter().filter_map(|(key, place)| Some((key, &flows.get(*place as usize)?.1)));
            let Some((key, flow)) = group.next() else { continue };
            let mut flow = Cow::Borrowed(flow);
            for (_, other) in group {
                flow.to_mut().absorb(other);
            }
            self.gather_flow(key, &flow, devices, &mut spoken);
            turned_away = turned_away.saturating_add(flow.turned_away).saturating_add(flow.operations.turned_away);
            taker.flow(flow_row(key, &flow, &self.baseline.names, &devices.owners, telling));
        }
        turned_away
    }

    fn gather_flow(
        &self,
        (from, to, ip_protocol, port, application): &FlowKey,
        flow: &Flow,
        devices: &mut Devices<'_, 'k>,
        spoken: &mut HashMap<SpokenKey, Spoken<'k>>,
    ) {
        let sides = [
            ("flow.initiator", *from, *to, flow.bytes_sent, flow.bytes_received),
            ("flow.responder", *to, *from, flow.bytes_received, flow.bytes_sent),
        ];
        for (side, owner, peer, sent, received) in sides {
            let is_peer = !matches!(devices.owners.owner(peer), Owner::Group(_) | Owner::Silent(_) | Owner::Nobody);
            let Some((_, gathered)) = devices.of(owner) else { continue };
            gathered.bytes_sent = gathered.bytes_sent.saturating_add(sent);
            gathered.bytes_received = gathered.bytes_received.saturating_add(received);
            if is_peer {
                gathered.peers.push(peer);
            }
            // A service that never answered is nobody's.
            if side == "flow.responder" && flow.answered == 0 {
                continue;
            }
            let occasion = Occasion { time: flow.first, frame: flow.frame };
            let key = (side, *application, *ip_protocol, *port, flow.operations.ids());
            let said =
                spoken.entry(key).or_insert_with_key(|key| Spoken::new(self.knowledge, key, &self.baseline.names));
            for claim in &said.claims {
                gathered.ledger.add(claim, &occasion, flow.connections);
            }
            for found in &said.roles {
                note_role(gathered, found, flow, peer);
            }
        }
    }
}

fn note_role<'k>(gathered: &mut Gathered<'k>, found: &RoleMatch<'k, '_>, flow: &Flow, peer: OwnerId) {
    let role = gathered.roles.entry(&found.role.id).or_insert_with(|| RoleSeen {
        rule: &found.rule.id,
        field: format!("flow.{} {}", found.field, found.field_value),
        frame: flow.frame,
        count: 0,
        peers: BTreeSet::new(),
        peers_min: found.peers_min,
    });
    role.count = role.count.saturating_add(flow.connections);
    role.peers.insert(peer);
}

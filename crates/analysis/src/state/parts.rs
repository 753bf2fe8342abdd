//! Roles and weaknesses as bytes and back.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;
use model::Weakness;

use super::Damage;
use super::bytes::{Reader, Writer};
use crate::fold::{ROLE_PEERS_MAX, RoleSeen, WEAKNESSES_MAX, WeaknessKey, WeaknessSeen};
use crate::knowledge::Knowledge;
use crate::stations::EntityId;

/// By entity and rule.
type Roles<'k> = HashMap<(EntityId, usize), RoleSeen<'k>>;

pub(super) fn save_roles<'a>(roles: &'a Roles<'_>, out: &mut Writer<'a>) {
    let mut in_order: Vec<(EntityId, &RoleSeen<'_>)> =
        roles.iter().map(|((entity, _), seen)| (*entity, seen)).collect();
    in_order.sort_unstable_by_key(|(entity, seen)| (*entity, &seen.rule.id));
    out.count(in_order.len());
    for (entity, seen) in in_order {
        let RoleSeen { role: _, rule, field, frame, count, peers, peers_min: _ } = seen;
        out.entity(entity);
        out.text(&rule.id);
        out.text(field);
        out.frame(*frame);
        out.number(*count);
        out.count(peers.len());
        for peer in peers {
            out.entity(*peer);
        }
    }
}

/// Gives how many were forgotten: those of rules that the knowledge does not have any more.
pub(super) fn restore_roles<'k>(
    roles: &mut Roles<'k>,
    knowledge: &'k Knowledge,
    reader: &mut Reader<'_>,
) -> Result<u64, Damage> {
    let mut forgotten = 0_u64;
    for _ in 0..reader.count(usize::MAX)? {
        let (entity, rule, field) = (reader.entity()?, reader.text()?, reader.text()?);
        let (frame, count) = (reader.frame()?, reader.number()?);
        let mut peers = BTreeSet::new();
        for _ in 0..reader.count(ROLE_PEERS_MAX)? {
            let peer = reader.entity()?;
            if peers.last().is_some_and(|last| *last >= peer) {
                return Err(Damage::Order);
            }
            peers.insert(peer);
        }
        let Some((role, rule, peers_min)) = knowledge.role_shown_by(&rule) else {
            forgotten = forgotten.saturating_add(1);
            continue;
        };
        let seen = RoleSeen { role, rule, field: field.as_ref().to_owned(), frame, count, peers, peers_min };
        if roles.insert((entity, std::ptr::from_ref(rule) as usize), seen).is_some() {
            return Err(Damage::Twice);
        }
    }
    Ok(forgotten)
}

pub(super) fn save_weaknesses<'a>(weaknesses: &'a BTreeMap<WeaknessKey, WeaknessSeen>, out: &mut Writer<'a>) {
    out.count(weaknesses.len());
    for ((entity, kind, protocol), seen) in weaknesses {
        let WeaknessSeen { count, first, last, frame, peer } = seen;
        out.entity(*entity);
        out.text(kind.name());
        out.text(protocol);
        out.number(*count);
        out.time(*first);
        out.time(*last);
        out.frame(*frame);
        out.byte(u8::from(peer.is_some()));
        if let Some(peer) = peer {
            out.entity(*peer);
        }
    }
}

/// Gives how many were forgotten: kinds and protocols that this build does not know.
pub(super) fn restore_weaknesses(
    weaknesses: &mut BTreeMap<WeaknessKey, WeaknessSeen>,
    reader: &mut Reader<'_>,
    protocol: &impl Fn(&str) -> Option<&'static str>,
) -> Result<u64, Damage> {
    let mut forgotten = 0_u64;
    for _ in 0..reader.count(WEAKNESSES_MAX)? {
        let (entity, kind, name) = (reader.entity()?, reader.text()?, reader.text()?);
        let (count, first, last, frame) = (reader.number()?, reader.time()?, reader.time()?, reader.frame()?);
        let peer = match reader.byte()? {
            0 => None,
            1 => Some(reader.entity()?),
            _ => return Err(Damage::Number),
        };
        let kind = Weakness::ALL.iter().find(|known| known.name() == &*kind);
        let Some((kind, protocol)) = kind.copied().zip(protocol(&name)) else {
            forgotten = forgotten.saturating_add(1);
            continue;
        };
        let seen = WeaknessSeen { count, first, last, frame, peer };
        if weaknesses.insert((entity, kind, protocol), seen).is_some() {
            return Err(Damage::Twice);
        }
    }
    Ok(forgotten)
}

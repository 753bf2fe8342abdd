//! Protocol data units (PS3.8 §9.3).

use super::{EXPLICIT_LITTLE, Entity, IMPLICIT_LITTLE, PDU_BYTES_MAX, Proposal};
use crate::bytes::{Bytes, length32};

const APPLICATION_CONTEXT: &str = "1.2.840.10008.3.1.1.1";

/// A-ASSOCIATE-RQ (1) or -AC (2) (PS3.8 §9.3.2, §9.3.3).
pub(super) fn associate(
    kind: u8,
    calling: &Entity<'_>,
    called: &Entity<'_>,
    speaker: &Entity<'_>,
    proposal: &Proposal<'_>,
) -> Bytes {
    let is_request = kind == 1;
    let agreed = if proposal.syntaxes.contains(&EXPLICIT_LITTLE) { EXPLICIT_LITTLE } else { IMPLICIT_LITTLE };
    let syntaxes = if is_request { proposal.syntaxes } else { &[agreed][..] };
    let mut items = Bytes::new().raw(item(0x10, &Bytes::new().text(APPLICATION_CONTEXT)));
    for (id, service) in (1_u8..).step_by(2).zip(proposal.services) {
        let context = Bytes::new().raw([id, 0, 0, 0]);
        let context = if is_request { context.raw(item(0x30, &Bytes::new().text(service))) } else { context };
        let context =
            syntaxes.iter().fold(context, |context, syntax| context.raw(item(0x40, &Bytes::new().text(syntax))));
        items = items.raw(item(if is_request { 0x20 } else { 0x21 }, &context));
    }
    let pdu_bytes = if is_request { proposal.pdu_bytes } else { PDU_BYTES_MAX };
    let mut user = Bytes::new()
        .raw(item(0x51, &Bytes::new().u32(pdu_bytes)))
        .raw(item(0x52, &Bytes::new().text(speaker.implementation)));
    if proposal.window {
        user = user.raw(item(0x53, &Bytes::new().u16(1).u16(1)));
    }
    if proposal.provides {
        user = proposal
            .services
            .iter()
            .fold(user, |user, service| user.raw(item(0x54, &Bytes::new().counted16(service).raw([0, 1]))));
    }
    if !speaker.version.is_empty() {
        user = user.raw(item(0x55, &Bytes::new().text(speaker.version)));
    }
    let body = Bytes::new().u16(1).u16(0).fixed(called.title, 16, b' ').fixed(calling.title, 16, b' ').zeros(32);
    pdu(kind, &body.raw(items).raw(item(0x50, &user)))
}

pub(super) fn pdu(kind: u8, body: &Bytes) -> Bytes {
    Bytes::new().u8(kind).u8(0).counted32(body)
}

fn item(kind: u8, body: &Bytes) -> Bytes {
    Bytes::new().u8(kind).u8(0).counted16(body)
}

/// P-DATA-TF with one value: control bit 0 says command, bit 1 says last (PS3.8 §9.3.5, annex E.2).
pub(super) fn fragment(context: u8, control: u8, bytes: &[u8]) -> Bytes {
    let length = length32(bytes).saturating_add(2);
    let head = Bytes::with_room(bytes.len().saturating_add(12)).u8(4).u8(0).u32(length.saturating_add(4));
    head.u32(length).raw([context, control]).raw(bytes)
}

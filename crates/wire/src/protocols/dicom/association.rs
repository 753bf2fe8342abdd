//! The PDUs that set up, refuse and break off an association (PS3.8 §9.3).

use model::{Field, Message, Messages, Weakness};

use super::data_set::Coding;
use crate::protocols::{DecodeError, Probe};
use crate::reader::{Reader, Truncated};

/// The most presentation contexts of one association: their identifiers are the odd numbers of one byte.
const CONTEXTS_MAX: usize = 128;
/// The most distinct transfer syntaxes that a message tells.
const TRANSFER_SYNTAXES_MAX: usize = 32;
/// The most roles that a message tells.
const ROLES_MAX: usize = 16;
/// The longest unique identifier (PS3.5 §9.1).
const UID_BYTES_MAX: usize = 64;

/// The fixed part of a request or accept ends here, counted from the PDU's first byte.
const FIXED_END: usize = 74;

/// How the data sets of each accepted presentation context are encoded.
#[derive(Default)]
pub(super) struct Contexts(Vec<(u8, Coding)>);

impl Contexts {
    /// The encoding that was agreed: `Unknown` if the agreement was not captured, `Opaque` if it was and leaves this
    /// context out.
    pub(super) fn coding(&self, identifier: u8) -> Coding {
        let otherwise = if self.0.is_empty() { Coding::Unknown } else { Coding::Opaque };
        self.0.iter().find(|(known, _)| *known == identifier).map_or(otherwise, |(_, coding)| *coding)
    }

    pub(super) fn forget(&mut self) {
        self.0.clear();
    }

    fn agree(&mut self, identifier: u8, coding: Coding) {
        if let Some((_, known)) = self.0.iter_mut().find(|(known, _)| *known == identifier) {
            *known = coding;
        } else if self.0.len() < CONTEXTS_MAX {
            self.0.push((identifier, coding));
        }
    }
}

/// Whether bytes begin an A-ASSOCIATE-RQ or -AC: reserved bytes, length, protocol version 1, titles of printable
/// characters and the application context item that PS3.8 puts first.
pub(super) fn begins(bytes: &[u8]) -> Probe {
    let at = |index: usize| bytes.get(index).copied();
    let holds = |index: usize, wanted: u8| at(index).is_none_or(|byte| byte == wanted);
    let plausible = matches!(at(0), Some(1 | 2))
        && holds(1, 0)
        // At least the fixed part and an application context, less than a megabyte.
        && holds(2, 0)
        && at(3).is_none_or(|byte| byte < 0x10)
        && holds(6, 0)
        && holds(7, 1)
        && holds(8, 0)
        && holds(9, 0)
        && bytes.iter().take(42).skip(10).all(|byte| matches!(byte, b' '..=b'~' | 0))
        && holds(FIXED_END, 0x10)
        && holds(75, 0);
    if !plausible {
        return Probe::No;
    }
    match application_context(bytes) {
        Some(true) => Probe::Yes,
        Some(false) => Probe::No,
        None => Probe::More,
    }
}

/// Whether the application context item holds a unique identifier; `None` if it is not there yet.
fn application_context(bytes: &[u8]) -> Option<bool> {
    let mut reader = Reader::new(bytes.get(76..)?);
    let length = usize::from(reader.u16("application context").ok()?);
    if !(5..=UID_BYTES_MAX).contains(&length) {
        return Some(false);
    }
    let name = reader.take(length, "application context").ok()?;
    Some(name.starts_with(b"1.") && name.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b' ' | 0)))
}

/// One item after the fixed part: its type and its value.
fn item<'a>(reader: &mut Reader<'a>) -> Result<(u8, Reader<'a>), Truncated> {
    let [kind, _] = reader.array("item type, reserved")?;
    let length = reader.u16("item length")?;
    Ok((kind, reader.part(usize::from(length), "item")?))
}

/// Reads an A-ASSOCIATE-RQ (`kind` `associate_rq`) or A-ASSOCIATE-AC from behind the PDU's length (PS3.8 §9.3.2).
pub(super) fn negotiate(
    kind: &'static str,
    pdu: &[u8],
    contexts: &mut Contexts,
    messages: &mut Messages,
) -> Result<(), DecodeError> {
    let mut reader = Reader::new(pdu);
    let _version_and_reserved: [u8; 4] = reader.array("protocol version")?;
    let called = reader.take(16, "called AE title")?;
    let calling = reader.take(16, "calling AE title")?;
    reader.skip(32, "reserved")?;
    let items = reader;

    // The whole PDU must hold together before anything is said about it.
    let mut check = items;
    while !check.is_empty() {
        item(&mut check)?;
    }

    let message = messages.begin("dicom", kind);
    message.bytes(&super::CALLED_AE, called).bytes(&super::CALLING_AE, calling);
    // Whoever asks and whoever accepts: both speak readably.
    message.weak(Weakness::CleartextMedical);
    // User information stands last on the wire and comes first here: a long list of contexts must not push it out.
    each(items, |kind, value| match kind {
        0x10 => {
            message.bytes(&super::APPLICATION_CONTEXT, value.rest());
        }
        0x50 => user_information(value, message),
        _ => {}
    });
    let mut distinct = Distinct::default();
    each(items, |kind, value| match kind {
        0x20 => proposed_context(value, message, &mut distinct),
        0x21 => answered_context(value, message, &mut distinct, contexts),
        _ => {}
    });
    Ok(())
}

/// Walks the items; what is left of a broken one is passed over.
fn each<'a>(mut items: Reader<'a>, mut read: impl FnMut(u8, Reader<'a>)) {
    while let Ok((kind, value)) = item(&mut items) {
        read(kind, value);
    }
}

/// Values of this message that were told already.
#[derive(Default)]
struct Distinct<'a> {
    told: Vec<&'a [u8]>,
}

impl<'a> Distinct<'a> {
    fn tell(&mut self, message: &mut Message, field: &'static Field, uid: &'a [u8], most: usize) {
        if uid.len() <= UID_BYTES_MAX && self.told.len() < most && !self.told.contains(&uid) {
            self.told.push(uid);
            message.bytes(field, uid);
        }
    }
}

/// A presentation context as proposed (PS3.8 §9.3.2.2): one service, and the encodings on offer.
fn proposed_context<'a>(mut context: Reader<'a>, message: &mut Message, distinct: &mut Distinct<'a>) {
    if context.skip(4, "presentation context ID, reserved").is_err() {
        return;
    }
    each(context, |kind, value| match kind {
        0x30 if value.len() <= UID_BYTES_MAX => {
            message.bytes(&super::ABSTRACT_SYNTAX, value.rest());
        }
        0x40 => distinct.tell(message, &super::TRANSFER_SYNTAX, value.rest(), TRANSFER_SYNTAXES_MAX),
        _ => {}
    });
}

/// A presentation context as answered (PS3.8 §9.3.3.2): the encoding that was chosen, if it was accepted.
fn answered_context<'a>(
    mut context: Reader<'a>,
    message: &mut Message,
    distinct: &mut Distinct<'a>,
    contexts: &mut Contexts,
) {
    let Ok([identifier, _, result, _]) = context.array("presentation context ID, result") else { return };
    message.number(&super::CONTEXT_RESULT, result);
    each(context, |kind, value| {
        // Of a refused context the transfer syntax is not significant (PS3.8 §9.3.3.2).
        if kind == 0x40 && result == 0 {
            distinct.tell(message, &super::TRANSFER_SYNTAX, value.rest(), TRANSFER_SYNTAXES_MAX);
            contexts.agree(identifier, Coding::of_transfer_syntax(value.rest()));
        }
    });
}

/// The user information item (PS3.7 annex D.3.3). Of the user's identity only the type is read, never the identity.
fn user_information(items: Reader<'_>, message: &mut Message) {
    let mut roles = 0_usize;
    each(items, |kind, mut value| match kind {
        0x51 => {
            if let Ok(length) = value.u32("maximum length") {
                message.number(&super::MAX_PDU_LENGTH, length);
            }
        }
        0x52 => {
            message.bytes(&super::IMPLEMENTATION_CLASS_UID, value.rest());
        }
        0x54 if roles < ROLES_MAX => {
            roles = roles.saturating_add(1);
            let _ = role(value, message);
        }
        0x55 => {
            message.bytes(&super::IMPLEMENTATION_VERSION, value.rest());
        }
        0x58 => {
            if let Ok(user_identity) = value.u8("user identity type") {
                message.number(&super::USER_IDENTITY_TYPE, user_identity);
                // A passcode, a SAML assertion and a JSON Web Token can each be used again by whoever reads them.
                if matches!(user_identity, 2 | 4 | 5) {
                    message.weak(Weakness::CleartextCredentials);
                }
            }
        }
        _ => {}
    });
}

/// A role selection (PS3.7 §D.3.3.4): who takes which side of a service.
fn role(mut value: Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    let length = value.u16("UID length")?;
    let sop_class = value.take(usize::from(length), "SOP class UID")?;
    let [scu, scp] = value.array("SCU role, SCP role")?;
    if scu == 1 {
        message.bytes(&super::SCU_ROLE_SOP_CLASS, sop_class);
    }
    if scp == 1 {
        message.bytes(&super::SCP_ROLE_SOP_CLASS, sop_class);
    }
    Ok(())
}

/// An A-ASSOCIATE-RJ (PS3.8 §9.3.4) from behind the PDU's length.
pub(super) fn reject(pdu: &[u8], messages: &mut Messages) -> Result<(), DecodeError> {
    let [_, result, source, reason] = Reader::new(pdu).array("result, source, reason")?;
    let message = messages.begin("dicom", "associate_rj");
    message.number(&super::RESULT, result).number(&super::SOURCE, source).number(&super::REASON, reason);
    Ok(())
}

/// An A-ABORT (PS3.8 §9.3.8) from behind the PDU's length.
pub(super) fn abort(pdu: &[u8], messages: &mut Messages) -> Result<(), DecodeError> {
    let [_, _, source, reason] = Reader::new(pdu).array("source, reason")?;
    messages.begin("dicom", "abort").number(&super::SOURCE, source).number(&super::REASON, reason);
    Ok(())
}

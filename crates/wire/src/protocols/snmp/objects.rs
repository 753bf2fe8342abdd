//! Variable bindings: the names of all, the values of those objects alone that describe a device.

use model::{Field, Message};

use super::super::DecodeError;
use super::{
    ENTITY_DESCRIPTION, ENTITY_FIRMWARE, ENTITY_MANUFACTURER, ENTITY_MODEL, ENTITY_SERIAL, ENTITY_SOFTWARE,
    HOST_RESOURCES_DEVICE, Kind, OID, PRINTER_SERIAL, SYS_DESCRIPTION, SYS_LOCATION, SYS_NAME, SYS_OBJECT_ID,
    TRAP_ENTERPRISE, TRAP_OID, ber,
};
use crate::reader::Reader;

/// The names of so many objects are told; a bulk answer repeats the same columns.
const NAMES_MAX: usize = 16;
/// So many printable characters in a row are text.
const TEXT_RUN: usize = 3;
/// So many objects are looked at.
const OBJECTS_MAX: usize = 256;

/// The objects whose values are told, by the encoded beginning of their name: what follows is the instance.
static OBJECTS: &[(&[u8], &Field)] = &[
    // SNMPv2-MIB (RFC 3418), system group: 1.3.6.1.2.1.1
    (&[0x2b, 6, 1, 2, 1, 1, 1], &SYS_DESCRIPTION),
    (&[0x2b, 6, 1, 2, 1, 1, 2], &SYS_OBJECT_ID),
    (&[0x2b, 6, 1, 2, 1, 1, 5], &SYS_NAME),
    (&[0x2b, 6, 1, 2, 1, 1, 6], &SYS_LOCATION),
    // SNMPv2-MIB, snmpTrapOID and snmpTrapEnterprise: 1.3.6.1.6.3.1.1.4
    (&[0x2b, 6, 1, 6, 3, 1, 1, 4, 1], &TRAP_OID),
    (&[0x2b, 6, 1, 6, 3, 1, 1, 4, 3], &TRAP_ENTERPRISE),
    // ENTITY-MIB (RFC 6933), entPhysicalEntry: 1.3.6.1.2.1.47.1.1.1.1
    (&[0x2b, 6, 1, 2, 1, 47, 1, 1, 1, 1, 2], &ENTITY_DESCRIPTION),
    (&[0x2b, 6, 1, 2, 1, 47, 1, 1, 1, 1, 9], &ENTITY_FIRMWARE),
    (&[0x2b, 6, 1, 2, 1, 47, 1, 1, 1, 1, 10], &ENTITY_SOFTWARE),
    (&[0x2b, 6, 1, 2, 1, 47, 1, 1, 1, 1, 11], &ENTITY_SERIAL),
    (&[0x2b, 6, 1, 2, 1, 47, 1, 1, 1, 1, 12], &ENTITY_MANUFACTURER),
    (&[0x2b, 6, 1, 2, 1, 47, 1, 1, 1, 1, 13], &ENTITY_MODEL),
    // HOST-RESOURCES-MIB (RFC 2790), hrDeviceDescr: 1.3.6.1.2.1.25.3.2.1.3
    (&[0x2b, 6, 1, 2, 1, 25, 3, 2, 1, 3], &HOST_RESOURCES_DEVICE),
    // Printer-MIB (RFC 3805), prtGeneralSerialNumber: 1.3.6.1.2.1.43.5.1.1.17
    (&[0x2b, 6, 1, 2, 1, 43, 5, 1, 1, 17], &PRINTER_SERIAL),
];

/// Tells what a protocol data unit (RFC 3416 §3; RFC 1157 §4.1.6 for the old trap) says.
pub(super) fn describe(kind: Kind, mut body: Reader<'_>, message: &mut Message) -> Result<(), DecodeError> {
    if kind == Kind::TrapVersion1 {
        let enterprise = ber::tagged(&mut body, ber::OBJECT_IDENTIFIER, "enterprise")?;
        identifier(&TRAP_ENTERPRISE, enterprise, message);
        for field in ["agent-addr", "generic-trap", "specific-trap", "time-stamp"] {
            ber::element(&mut body, field)?;
        }
    } else {
        for field in ["request-id", "error-status or non-repeaters", "error-index or max-repetitions"] {
            ber::integer(&mut body, field)?;
        }
    }
    let mut bindings = ber::sequence(&mut body, "variable-bindings")?;
    for index in 0..OBJECTS_MAX {
        if bindings.is_empty() {
            break;
        }
        let mut binding = ber::sequence(&mut bindings, "VarBind")?;
        let name = ber::tagged(&mut binding, ber::OBJECT_IDENTIFIER, "name")?;
        let (tag, value) = ber::element(&mut binding, "value")?;
        if index < NAMES_MAX {
            identifier(&OID, without_text(name), message);
        }
        if kind.tells_values() {
            tell(name, tag, value, message);
        }
    }
    Ok(())
}

fn tell(name: &[u8], tag: u8, value: &[u8], message: &mut Message) {
    // All of them are below 1.3.6.1.
    let Some((_, field)) = OBJECTS.iter().find(|(object, _)| name.starts_with(object) && name.len() > object.len())
    else {
        return;
    };
    match tag {
        ber::OCTET_STRING => {
            message.bytes(field, value);
        }
        ber::OBJECT_IDENTIFIER => identifier(field, value, message),
        _ => {}
    }
}

/// An object's name up to where its index spells text: names of users and communities, and whatever a maker's table
/// is ordered by, stand there one character for each sub-identifier (RFC 2578 §7.7). Numbers and addresses may be
/// cut with them; what names the object stays.
fn without_text(name: &[u8]) -> &[u8] {
    let mut run = 0_usize;
    let mut is_whole = true;
    for (index, byte) in name.iter().enumerate() {
        // A sub-identifier of one byte, as its predecessor was complete.
        run = if is_whole && matches!(byte, 0x20..=0x7e) { run.saturating_add(1) } else { 0 };
        is_whole = byte & 0x80 == 0;
        if run == TEXT_RUN {
            let end = index.saturating_add(1).saturating_sub(TEXT_RUN);
            return name.get(..end).unwrap_or_default();
        }
    }
    name
}

fn identifier(field: &'static Field, content: &[u8], message: &mut Message) {
    if let Some(text) = ber::object_identifier(content) {
        message.str(field, text.as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_that_spells_text_is_cut() {
        // usmUserStatus of an engine (five bytes) and the user "DOE": 1.3.6.1.6.3.15.1.2.2.1.13.5.128.0.31.136.4.3.68.79.69
        let user = [0x2b, 6, 1, 6, 3, 15, 1, 2, 2, 1, 13, 5, 0x81, 0, 0, 31, 0x81, 8, 4, 3, b'D', b'O', b'E'];
        assert_eq!(without_text(&user), &user[..20]);
        // hrDeviceDescr, and an arc of two bytes whose second looks like a letter.
        for name in [&[0x2b, 6, 1, 2, 1, 25, 3, 2, 1, 3, 1][..], &[0x2b, 6, 1, 4, 1, 0x82, 0x41, 0x42, 0x43, 7]] {
            assert_eq!(without_text(name), name);
        }
    }
}

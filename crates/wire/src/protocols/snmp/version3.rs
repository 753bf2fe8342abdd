//! The message format of version 3 (RFC 3412 §6) with the user-based security model (RFC 3414 §2.4).

use super::super::DecodeError;
use super::{Packet, Unit, ber};
use crate::reader::Reader;

/// The user-based security model (RFC 3411 §5, SnmpSecurityModel).
const USER_BASED: i64 = 3;
/// msgFlags (RFC 3412 §6.4).
const FLAG_AUTHENTICATED: u8 = 0x01;
const FLAG_PRIVATE: u8 = 0x02;
const FLAG_REPORTABLE: u8 = 0x04;
/// The longest engine identifier (RFC 3411 §5, SnmpEngineID).
const ENGINE_BYTES_MAX: usize = 32;

/// What the header says of security. The user name is passed over.
pub(super) struct Security<'a> {
    /// As the specification names it, `authPriv`.
    pub(super) level: &'static str,
    /// The sender expects an answer.
    pub(super) reportable: bool,
    /// The authoritative engine's identifier; empty where it is not known yet.
    pub(super) engine: &'a [u8],
}

/// Reads what follows the version.
pub(super) fn read<'a>(mut message: Reader<'a>) -> Result<Packet<'a>, DecodeError> {
    let mut global = ber::sequence(&mut message, "msgGlobalData")?;
    ber::integer(&mut global, "msgID")?;
    ber::integer(&mut global, "msgMaxSize")?;
    let flags = Reader::new(ber::tagged(&mut global, ber::OCTET_STRING, "msgFlags")?).u8("msgFlags")?;
    let model = ber::integer(&mut global, "msgSecurityModel")?;

    let parameters = ber::tagged(&mut message, ber::OCTET_STRING, "msgSecurityParameters")?;
    let engine = if model == USER_BASED { engine(parameters)? } else { &[] };
    let level = match (flags & FLAG_AUTHENTICATED != 0, flags & FLAG_PRIVATE != 0) {
        (_, true) => "authPriv",
        (true, false) => "authNoPriv",
        (false, false) => "noAuthNoPriv",
    };
    let security = Security { level, reportable: flags & FLAG_REPORTABLE != 0, engine };
    let unit = match ber::element(&mut message, "msgData")? {
        (ber::OCTET_STRING, _) => None,
        (ber::SEQUENCE, scoped) => {
            let mut scoped = Reader::new(scoped);
            ber::tagged(&mut scoped, ber::OCTET_STRING, "contextEngineID")?;
            ber::tagged(&mut scoped, ber::OCTET_STRING, "contextName")?;
            Some(Unit::read(&mut scoped)?)
        }
        _ => return Err(DecodeError::Malformed { field: "msgData", rule: "is plain or encrypted" }),
    };
    Ok(Packet { version: "3", default_community: false, security: Some(security), unit })
}

/// The first of UsmSecurityParameters.
fn engine(parameters: &[u8]) -> Result<&[u8], DecodeError> {
    let mut parameters = ber::sequence(&mut Reader::new(parameters), "UsmSecurityParameters")?;
    let engine = ber::tagged(&mut parameters, ber::OCTET_STRING, "msgAuthoritativeEngineID")?;
    if engine.len() > ENGINE_BYTES_MAX {
        return Err(DecodeError::Malformed { field: "msgAuthoritativeEngineID", rule: "has 32 bytes at most" });
    }
    // A length that does not fit was broken on the way, and what follows belongs to the user's name.
    Ok(if is_engine(engine) { engine } else { &[] })
}

/// Whether an identifier is as long as its fifth byte says: addresses of IPv4, IPv6 and hardware, text, others (RFC 3411 §5,
/// SnmpEngineID); twelve bytes without one.
fn is_engine(engine: &[u8]) -> bool {
    match engine {
        [first, _, _, _, format, rest @ ..] if first & 0x80 != 0 => match format {
            1 => rest.len() == 4,
            2 => rest.len() == 16,
            3 => rest.len() == 6,
            _ => !rest.is_empty(),
        },
        _ => engine.len() == 12,
    }
}

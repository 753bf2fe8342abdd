//! How stations find their domain's controller ([MS-ADTS] §6.3.3), and what it answers (§6.3.1.9).

use model::{Message, Messages};

use super::operation::{ENUMERATED, Operation};
use super::{
    CLIENT_NAME, CLIENT_SITE, CONTROLLER_FLAGS, DOMAIN, FOREST, NETBIOS_DOMAIN, NETBIOS_NAME, SERVER_NAME, SITE,
    operated,
};
use crate::ber;
use crate::protocols::DecodeError;
use crate::protocols::dns::name::Name;
use crate::reader::Reader;

/// LOGON_SAM_LOGON_RESPONSE_EX, and the same for a user that is not known ([MS-ADTS] §6.3.1.3).
const KNOWN: u16 = 23;
const UNKNOWN: u16 = 25;
/// Where the names begin: behind the operation, its padding, flags and the domain's identifier.
const NAMES: usize = 24;
/// Forest, domain, host, NetBIOS domain and name, user, site of the server and of the client.
const NAMES_COUNT: usize = 8;
/// So many conditions of a filter are looked at.
const CONDITIONS_MAX: usize = 16;

/// SearchRequest (RFC 4511 §4.5.1). Of what is searched for, the two names in a search for the controller are told; the
/// user's is not.
pub(super) fn request(mut body: Reader<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    let base = ber::tagged(&mut body, ber::OCTET_STRING, "baseObject")?;
    for field in ["scope", "derefAliases"] {
        ber::tagged(&mut body, ENUMERATED, field)?;
    }
    for field in ["sizeLimit", "timeLimit", "typesOnly"] {
        ber::element(&mut body, field)?;
    }
    let (tag, filter) = ber::element(&mut body, "filter")?;
    let mut attributes = ber::sequence(&mut body, "attributes")?;
    let message = operated(Operation::SearchRequest, messages);
    let wanted = ber::tagged(&mut attributes, ber::OCTET_STRING, "attribute").unwrap_or_default();
    // An AND of equalities.
    if !(base.is_empty() && wanted.eq_ignore_ascii_case(b"netlogon") && tag == 0xa0) {
        return Ok(());
    }
    let mut conditions = Reader::new(filter);
    for _ in 0..CONDITIONS_MAX {
        let Ok((0xa3, condition)) = ber::element(&mut conditions, "condition") else { break };
        let mut condition = Reader::new(condition);
        let name = ber::tagged(&mut condition, ber::OCTET_STRING, "attributeDesc").unwrap_or_default();
        let value = ber::tagged(&mut condition, ber::OCTET_STRING, "assertionValue").unwrap_or_default();
        if name.eq_ignore_ascii_case(b"Host") {
            message.bytes(&CLIENT_NAME, value);
        } else if name.eq_ignore_ascii_case(b"DnsDomain") {
            message.bytes(&DOMAIN, value.strip_suffix(b".").unwrap_or(value));
        }
    }
    Ok(())
}

/// NETLOGON_SAM_LOGON_RESPONSE_EX. Older answers, in which names are not compressed, are passed over.
pub(super) fn response(value: &[u8], message: &mut Message) {
    let mut reader = Reader::new(value);
    let (Ok(KNOWN | UNKNOWN), Ok(_), Ok(flags)) =
        (reader.u16_le("Opcode"), reader.u16_le("Sbz"), reader.u32_le("Flags"))
    else {
        return;
    };
    message.number(&CONTROLLER_FLAGS, flags);
    // In between stands the user's name, which is read over. It may not stand where another name belongs: a byte that is missing
    // moves them all.
    let fields = [&FOREST, &DOMAIN, &SERVER_NAME, &NETBIOS_DOMAIN, &NETBIOS_NAME];
    let places = fields.into_iter().map(Some).chain([None, Some(&SITE), Some(&CLIENT_SITE)]);
    if !is_whole(value) {
        return;
    }
    let mut name = Name::new();
    let mut position = NAMES;
    for field in places {
        let Ok(next) = name.read(value, position) else { return };
        position = next;
        if let Some(field) = field {
            message.bytes(field, name.as_bytes());
        }
    }
}

/// Whether each name stands where it belongs: a computer's NetBIOS name begins its name in the DNS, and behind the eight names
/// come the version and the two tokens that are all ones.
fn is_whole(value: &[u8]) -> bool {
    const SERVER: usize = 2;
    const NETBIOS: usize = 4;
    let (mut name, mut server, mut position) = (Name::new(), Vec::new(), NAMES);
    for place in 0..NAMES_COUNT {
        let Ok(next) = name.read(value, position) else { return false };
        position = next;
        let told = name.as_bytes();
        match place {
            SERVER => server = told.split(|byte| *byte == b'.').next().unwrap_or_default().to_ascii_lowercase(),
            NETBIOS if told.len() < 2 || !server.starts_with(&told.to_ascii_lowercase()) => return false,
            _ => {}
        }
    }
    matches!(value.get(position..), Some([.., 0xff, 0xff, 0xff, 0xff]))
}

//! What a directory says of itself: the entry without a name (RFC 4512 §5.1, RFC 3045, [MS-ADTS] §3.1.1.3.2).

use model::Messages;

use super::{FUNCTIONAL_LEVEL, NAMING_CONTEXT, SERVER_NAME, VENDOR_NAME, VENDOR_VERSION, netlogon};
use crate::ber;
use crate::line::Line;
use crate::protocols::DecodeError;
use crate::reader::Reader;

/// So many attributes of an entry, and values of an attribute, are looked at.
const ATTRIBUTES_MAX: usize = 64;
const VALUES_MAX: usize = 16;
const SET: u8 = 0x31;

/// SearchResultEntry: of those that have a name nothing is told.
pub(super) fn entry(mut body: Reader<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    let name = ber::tagged(&mut body, ber::OCTET_STRING, "objectName")?;
    let attributes = ber::sequence(&mut body, "attributes")?;
    if !name.is_empty() {
        return Ok(());
    }
    let message = messages.begin("ldap", "search_entry");
    let mut rest = attributes;
    for _ in 0..ATTRIBUTES_MAX {
        let Ok(mut attribute) = ber::sequence(&mut rest, "PartialAttribute") else { break };
        let kind = ber::tagged(&mut attribute, ber::OCTET_STRING, "type").unwrap_or_default();
        let mut values = Reader::new(ber::tagged(&mut attribute, SET, "vals").unwrap_or_default());
        for _ in 0..VALUES_MAX {
            let Ok(value) = ber::tagged(&mut values, ber::OCTET_STRING, "value") else { break };
            match () {
                () if is(kind, "netlogon") => netlogon::response(value, message),
                () if is(kind, "namingContexts") => {
                    message.bytes(&NAMING_CONTEXT, domain_of(value).as_bytes());
                }
                () if is(kind, "dnsHostName") => {
                    message.bytes(&SERVER_NAME, value);
                }
                () if is(kind, "domainControllerFunctionality") => {
                    let number = std::str::from_utf8(value).ok().and_then(|digits| digits.parse::<u8>().ok());
                    number.map(|number| message.number(&FUNCTIONAL_LEVEL, number));
                }
                () if is(kind, "vendorName") => {
                    message.bytes(&VENDOR_NAME, value);
                }
                () if is(kind, "vendorVersion") => {
                    message.bytes(&VENDOR_VERSION, value);
                }
                () => {}
            }
        }
    }
    Ok(())
}

fn is(kind: &[u8], name: &str) -> bool {
    kind.eq_ignore_ascii_case(name.as_bytes())
}

/// `example.org` of `DC=example,DC=org` (RFC 2247 §3); empty where the name has other parts as well.
fn domain_of(name: &[u8]) -> Line {
    let mut domain = Line::new();
    for part in name.split(|byte| *byte == b',') {
        let Some((b"DC" | b"dc", [b'=', label @ ..])) = part.trim_ascii().split_at_checked(2) else {
            return Line::new();
        };
        if !domain.is_empty() {
            domain.extend(b".");
        }
        domain.extend(label);
    }
    domain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_a_domain_is_told_of_a_name() {
        assert_eq!(domain_of(b"DC=example,DC=org").as_bytes(), b"example.org");
        assert_eq!(domain_of(b"dc=example, dc=org").as_bytes(), b"example.org");
        for name in ["CN=Canary Anna,DC=example,DC=org", "o=Canary", "", "DC"] {
            assert!(domain_of(name.as_bytes()).is_empty(), "{name}");
        }
    }
}

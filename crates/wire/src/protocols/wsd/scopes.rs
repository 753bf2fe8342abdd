//! Scopes: URIs that say what a service is, where it is – and in SDC also whom it serves.
//!
//! | prefix | what becomes of it |
//! | --- | --- |
//! | `sdc.mds.pkp:` (11073-20701 §9.3: participant key purpose) | kept |
//! | `sdc.cdc.type:` (11073-20701 §9.2: coded type of the device and its components) | kept |
//! | `sdc.ctxt.loc:` (11073-20701 §9.4.1.2: location) | its query's facility, building, floor, point of care, room and bed |
//! | `onvif://www.onvif.org/` (ONVIF Core §7.3.2.2) `type/`, `hardware/`, `Profile/` | kept |
//! | `onvif://www.onvif.org/` `location/`, `name/` | the location, the friendly name |
//! | anything else | passed over |
//!
//! Passed over on purpose, as they name or may name patients, staff or a course of treatment: `sdc.ctxt.pat:`,
//! `sdc.ctxt.opr:`, `sdc.ctxt.wfl:`, and `sdc.ctxt.ens:` and `sdc.ctxt.mns:`, whose identifiers link the devices around
//! one patient. Of a location's URI only the query is read: its path holds an identifier of anyone's making.

use model::Message;

use super::{FRIENDLY_NAME, LOCATION, SCOPES};

/// The location's parts, widest first (11073-20701 §9.4.1.2).
static PLACES: &[&str] = &["fac", "bldng", "flr", "poc", "rm", "bed"];

/// The longest location that is put together, in bytes.
const LOCATION_BYTES_MAX: usize = 255;

const ONVIF: &str = "onvif://www.onvif.org/";

/// Tells one scope, as far as the allow-list lets it.
pub(super) fn tell(scope: &str, message: &mut Message) {
    if scope.starts_with("sdc.mds.pkp:") || scope.starts_with("sdc.cdc.type:") {
        message.str(&SCOPES, scope);
    } else if let Some(place) = scope.strip_prefix("sdc.ctxt.loc:") {
        if let Some((_, query)) = place.split_once('?') {
            message.str(&LOCATION, &location(query));
        }
    } else if let Some(rest) = scope.strip_prefix(ONVIF) {
        match rest.split_once('/') {
            Some(("type" | "hardware" | "Profile", _)) => {
                message.str(&SCOPES, &decoded(scope));
            }
            Some(("location", place)) => {
                message.str(&LOCATION, &decoded(place));
            }
            Some(("name", name)) => {
                message.str(&FRIENDLY_NAME, &decoded(name));
            }
            _ => {}
        }
    }
}

/// Puts together `fac=…, poc=…, bed=…`, the parts in the order of the table and each at most once.
fn location(query: &str) -> String {
    let mut text = String::new();
    for place in PLACES {
        let value = query.split('&').filter_map(|part| part.split_once('=')).find(|(name, _)| name == place);
        let Some((_, value)) = value else { continue };
        // Some encode blanks as forms do.
        let value = decoded(&value.replace('+', " "));
        let value = value.trim();
        if value.is_empty() || text.len().saturating_add(value.len()) > LOCATION_BYTES_MAX {
            continue;
        }
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(place);
        text.push('=');
        text.push_str(value);
    }
    text
}

/// Undoes percent-encoding (RFC 3986 §2.1), of as much as can be kept.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len().min(LOCATION_BYTES_MAX));
    let mut rest = text.as_bytes();
    while let ([byte, after @ ..], true) = (rest, bytes.len() < LOCATION_BYTES_MAX) {
        let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let escaped = match rest {
            &[b'%', high, low, ..] => digit(high).zip(digit(low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        match escaped {
            Some(value) => {
                bytes.push(value);
                rest = rest.get(3..).unwrap_or_default();
            }
            None => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Messages;

    fn told(scope: &str) -> Vec<String> {
        let mut messages = Messages::new();
        let message = messages.begin("wsd", "hello");
        tell(scope, message);
        message.fields().map(|(field, value)| format!("{} {value:?}", field.name)).collect()
    }

    #[test]
    fn a_location_is_its_query_in_a_fixed_order() {
        let scope =
            "sdc.ctxt.loc:/sdc.ctxt.loc.detail/x%2F7?bed=Bed%207&fac=North&poc=ICU+%2B&bed=again&name=CANARY&rm=";
        assert_eq!(told(scope), ["location Text(\"fac=North, poc=ICU +, bed=Bed 7\")"]);
        assert!(told("sdc.ctxt.loc:/CANARY/CANARY").is_empty());
    }

    #[test]
    fn scopes_that_may_name_a_person_never_come_out() {
        for scope in [
            "sdc.ctxt.pat:/hospital/CANARY",
            "sdc.ctxt.opr:/staff/CANARY",
            "sdc.ctxt.wfl:/order/CANARY",
            "sdc.ctxt.ens:/ensemble/CANARY",
            "sdc.ctxt.mns:/means/CANARY",
            "SDC.MDS.PKP:CANARY",
            "ldap:///CANARY",
            "onvif://www.onvif.org/owner/CANARY",
            "CANARY",
        ] {
            assert!(told(scope).is_empty(), "{scope}");
        }
    }

    #[test]
    fn broken_escapes_stand_for_themselves() {
        assert_eq!(decoded("50%25%2"), "50%%2");
        assert_eq!(decoded("%C3%BC%zz%e2"), "ü%zz\u{fffd}");
        assert_eq!(decoded(&"%41".repeat(1_000)).len(), LOCATION_BYTES_MAX);
    }
}

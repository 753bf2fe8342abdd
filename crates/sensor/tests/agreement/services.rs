//! Kerberos, LDAP, MQTT, SIP, RTSP, SMTP, STUN, CoAP: fields that Wireshark has in another form.

use crate::normal::normal_of_wireshark;
use crate::ours::{KIND, OPERATION};
use crate::pairings::Pairing;
use crate::readers::{each, named, number, words};
use crate::windows::netbios;

pub fn all() -> Vec<Pairing> {
    [kerberos(), ldap(), mqtt(), mail(), voice(), coap()].into_iter().flatten().collect()
}

const KERBEROS_KINDS: &[(u64, &str)] =
    &[(10, "as_request"), (11, "as_reply"), (12, "tgs_request"), (13, "tgs_reply"), (30, "error")];

fn kerberos() -> Vec<Pairing> {
    let computer = each(|name| name.strip_suffix('$').map(normal_of_wireshark));
    // A service's account may be a computer's, which ends in a dollar sign.
    let host = each(|name| Some(normal_of_wireshark(name.trim_end_matches('$'))));
    // Private numbers are not told.
    let kinds = each(|value| number(value).map(|number| number.to_string()));
    vec![
        Pairing::new("kerberos", KIND, "kerberos.msg_type").reading(named(KERBEROS_KINDS)).part(),
        // Tickets that come with a request name their realm as well.
        Pairing::new("kerberos", "realm", "kerberos.realm kerberos.crealm").part(),
        Pairing::new("kerberos", "service", "kerberos.SNameString")
            .reading(Box::new(|columns| {
                let lower: Vec<String> = columns.iter().flatten().map(|word| word.to_ascii_lowercase()).collect();
                // What is not listed is told as that.
                if lower.is_empty() { lower } else { lower.into_iter().chain(["other".to_owned()]).collect() }
            }))
            .part(),
        Pairing::new("kerberos", "service_host", "kerberos.SNameString").reading(host).part(),
        Pairing::new("kerberos", "client_computer", "kerberos.CNameString").reading(computer).part(),
        Pairing::new("kerberos", "netbios_name", "kerberos.addr_nb").reading(each(|name| Some(netbios(name)))),
        Pairing::new("kerberos", "encryption_type", "kerberos.ENCTYPE").reading(kinds),
    ]
}

/// The tags of operations (RFC 4511 section 4).
const LDAP_KINDS: &[(u64, &str)] = &[
    (0, "bind_request"),
    (1, "bind_response"),
    (2, "unbind_request"),
    (3, "search_request"),
    (4, "search_entry"),
    (5, "search_done"),
    (6, "modify_request"),
    (7, "modify_response"),
    (8, "add_request"),
    (9, "add_response"),
    (10, "delete_request"),
    (11, "delete_response"),
    (12, "modify_dn_request"),
    (13, "modify_dn_response"),
    (14, "compare_request"),
    (15, "compare_response"),
    (16, "abandon_request"),
    (23, "extended_request"),
    (24, "extended_response"),
];

fn ldap() -> Vec<Pairing> {
    let text = |value: &str| Some(normal_of_wireshark(value.trim_end_matches('.')));
    let value = |field, theirs| Pairing::new("ldap", field, theirs).reading(each(text)).part();
    let domain = each(|name| {
        let parts = name.split(',').map(|part| {
            let (kind, label) = part.trim().split_once('=')?;
            kind.eq_ignore_ascii_case("dc").then_some(label)
        });
        parts.collect::<Option<Vec<&str>>>().map(|labels| labels.join("."))
    });
    let authentication = Box::new(|columns: &[Vec<&str>]| {
        let name = columns[1].first().copied().unwrap_or_default();
        let has_name = !matches!(name, "" | "<ROOT>");
        let kind = |value: &&str| match (number(value), columns[2].iter().any(|word| !word.is_empty())) {
            (Some(0), true) => "simple",
            (Some(0), false) if has_name => "unauthenticated",
            (Some(0), false) => "anonymous",
            (Some(3), _) => "sasl",
            (Some(9..=11), _) => "sicily",
            _ => "other",
        };
        columns[0].iter().map(|value| kind(value).to_owned()).collect()
    });
    vec![
        // Entries and references that say nothing are not told.
        Pairing::new("ldap", KIND, "ldap.protocolOp").reading(named(LDAP_KINDS)).part(),
        Pairing::new("ldap", "authentication", "ldap.authentication ldap.name ldap.simple").reading(authentication),
        Pairing::new("ldap", "naming_context", "ldap.AttributeValue").reading(domain).part(),
        value("server_name", "mscldap.hostname ldap.AttributeValue"),
        value("functional_level", "ldap.AttributeValue"),
        value("vendor_name", "ldap.AttributeValue"),
        value("vendor_version", "ldap.AttributeValue"),
        value("client_name", "ldap.assertionValue"),
        value("domain", "mscldap.domain ldap.assertionValue"),
    ]
}

const MQTT_KINDS: &[(u64, &str)] = &[(1, "connect"), (2, "connack"), (3, "publish"), (8, "subscribe")];

fn mqtt() -> Vec<Pairing> {
    let root = each(|topic| topic.split('/').next().map(normal_of_wireshark));
    vec![
        Pairing::new("mqtt", KIND, "mqtt.msgtype").reading(named(MQTT_KINDS)).part(),
        // Told where it has the form of a device's.
        Pairing::new("mqtt", "client_id", "mqtt.clientid").part(),
        Pairing::new("mqtt", "return_code", "mqtt.conack.val mqtt.connack.reason_code"),
        Pairing::new("mqtt", "topic_root", "mqtt.topic").reading(root).part(),
    ]
}

fn mail() -> Vec<Pairing> {
    let capitals = Box::new(|columns: &[Vec<&str>]| {
        let values = columns.iter().flatten().flat_map(|value| value.split([' ', '=']));
        values.map(str::to_ascii_uppercase).collect()
    });
    let upper = each(|word| Some(word.to_ascii_uppercase()));
    vec![
        Pairing::new("smtp", OPERATION, "smtp.req.command").reading(upper).part(),
        // Every line of an answer has it, and it is told once.
        Pairing::new("smtp", "status", "smtp.response.code").part(),
        Pairing::new("smtp", "banner", "smtp.rsp.parameter").part(),
        Pairing::new("smtp", "server_name", "smtp.rsp.parameter").reading(words()).part(),
        Pairing::new("smtp", "client_name", "smtp.req.parameter").reading(words()).part(),
        Pairing::new("smtp", "extension", "smtp.rsp.parameter").reading(capitals.clone()).part(),
        Pairing::new("smtp", "authentication", "smtp.rsp.parameter smtp.req.parameter").reading(capitals).part(),
    ]
}

fn voice() -> Vec<Pairing> {
    // What is handed on is another's, and of all addresses the registrar's alone is told.
    let part = |protocol, field, theirs| Pairing::new(protocol, field, theirs).part();
    vec![
        part("sip", "user_agent", "sip.User-Agent"),
        part("sip", "server", "sip.Server"),
        part("sip", "registrar", "sip.r-uri.host"),
        part("sip", "media", "sdp.media.media"),
        part("rtsp", "media", "sdp.media.media"),
        part("stun", "mapped_ip", "stun.att.ipv4 stun.att.ipv4-xord stun.att.ipv6 stun.att.ipv6-xord"),
    ]
}

const COAP_TYPES: &[(u64, &str)] = &[(0, "confirmable"), (1, "non_confirmable"), (2, "acknowledgement"), (3, "reset")];
/// RFC 7252 section 12.3.
const COAP_FORMATS: &[(&str, &str)] = &[
    ("text/plain; charset=utf-8", "0"),
    ("application/link-format", "40"),
    ("application/xml", "41"),
    ("application/octet-stream", "42"),
    ("application/exi", "47"),
    ("application/json", "50"),
    ("application/cbor", "60"),
];

fn coap() -> Vec<Pairing> {
    let format = each(|name| {
        let known = COAP_FORMATS.iter().find(|(of, _)| *of == name);
        Some(known.map_or(name, |(_, number)| *number).to_owned())
    });
    vec![
        Pairing::new("coap", "type", "coap.type").reading(named(COAP_TYPES)),
        Pairing::new("coap", "path", "coap.opt.uri_path_recon").part(),
        Pairing::new("coap", "content_format", "coap.opt.ctype").reading(format),
    ]
}

//! SNMP, NTP, RADIUS, SSDP, Web Services Discovery: fields that Wireshark has in another form.

use crate::ours::KIND;
use crate::pairings::Pairing;
use crate::readers::{header, named, number, tags, text, text_of_bytes, words};

const SNMP_KINDS: &[(u64, &str)] = &[
    (0, "get"),
    (1, "get_next"),
    (2, "response"),
    (3, "set"),
    (4, "trap"),
    (5, "get_bulk"),
    (6, "inform"),
    (7, "trap"),
    (8, "report"),
];

pub fn all() -> Vec<Pairing> {
    let octets = |field: &'static str| Pairing::new("snmp", field, "snmp.value.octets").reading(text_of_bytes()).part();
    let mut pairings: Vec<Pairing> = [
        "sys_description",
        "sys_name",
        "sys_location",
        "entity_description",
        "entity_firmware",
        "entity_software",
        "entity_serial",
        "entity_manufacturer",
        "entity_model",
        "host_resources_device",
        "printer_serial",
    ]
    .into_iter()
    .map(octets)
    .collect();
    pairings.extend([
        Pairing::new("snmp", KIND, "snmp.data").reading(named(SNMP_KINDS)),
        Pairing::new("snmp", "version", "snmp.version snmp.msgVersion").reading(named(&[
            (0, "1"),
            (1, "2c"),
            (3, "3"),
        ])),
        Pairing::new("snmp", "trap_oid", "snmp.value.oid").part(),
        Pairing::new("snmp", "sys_object_id", "snmp.value.oid").part(),
        Pairing::new("snmp", "security_level", "snmp.v3.flags.auth snmp.v3.flags.crypt").reading(Box::new(|columns| {
            let level = |(auth, crypt): (&&str, &&str)| match (*auth, *crypt) {
                ("1", "1") => "authPriv",
                ("1", _) => "authNoPriv",
                _ => "noAuthNoPriv",
            };
            columns[0].iter().zip(&columns[1]).map(|pair| level(pair).to_owned()).collect()
        })),
        Pairing::new("ntp", KIND, "ntp.flags.mode").reading(named(&[
            (1, "symmetric"),
            (2, "symmetric"),
            (3, "client"),
            (4, "server"),
            (5, "broadcast"),
            (6, "control"),
            (7, "private"),
        ])),
        Pairing::new("ntp", "reference_id", "ntp.stratum ntp.refid").reading(Box::new(|columns| {
            let read = |(stratum, id): (&&str, &&str)| match number(stratum)? {
                0 | 1 => Some(text(id)).filter(|text| text.is_ascii()),
                _ => u32::from_str_radix(&id.replace(':', ""), 16)
                    .ok()
                    .map(|ip| std::net::Ipv4Addr::from(ip).to_string()),
            };
            columns[0].iter().zip(&columns[1]).filter_map(read).collect()
        })),
        Pairing::new("radius", "calling_mac", "radius.Calling_Station_Id").part(),
        Pairing::new("radius", "framed_ip", "radius.Framed-IP-Address radius.Framed_IP_Address"),
    ]);
    // Names are told only beside a tag that cannot be text; Wireshark takes the words by their places (RFC 3164 §4.1).
    pairings.push(Pairing::new("syslog", "hostname", "syslog.hostname").part());
    pairings.push(Pairing::new("syslog", "application", "syslog.appname syslog.msg").reading(tags()).part());
    // Wireshark has no dissector of its own for Web Services Discovery: our values are to be among the text of the XML.
    for field in [
        "endpoint",
        "types",
        "scopes",
        "xaddrs",
        "manufacturer",
        "model_name",
        "model_number",
        "friendly_name",
        "firmware_version",
        "serial_number",
    ] {
        pairings.push(Pairing::new("wsd", field, "xml.cdata").reading(words()).part());
    }
    for (field, name) in
        [("notification_type", "NT"), ("notification_subtype", "NTS"), ("search_target", "ST"), ("usn", "USN")]
    {
        pairings.push(
            Pairing::new("ssdp", field, "http.request.line http.response.line http.unknown_header")
                .reading(header(name)),
        );
    }
    pairings
}

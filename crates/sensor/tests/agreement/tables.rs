//! Fields that Wireshark has in another form: under several names, as numbers for names, in pieces, in lines of text.

use crate::ours::{KIND, OPERATION};
use crate::pairings::Pairing;
use crate::readers::{bits, each, element, header, hl7, in_brackets, joined, named, number, text, text_of_bytes, together};
use crate::records;

/// Everything that is not a name in the decoder.
pub fn all() -> Vec<Pairing> {
    [link(), dhcp(), records::all(), medical(), windows(), management(), building()].into_iter().flatten().collect()
}

const NDP_KINDS: &[(u64, &str)] = &[
    (133, "router_solicitation"),
    (134, "router_advertisement"),
    (135, "neighbor_solicitation"),
    (136, "neighbor_advertisement"),
    (137, "redirect"),
];

const LLDP_CAPABILITIES: &[(u64, &str)] = &[
    (1, "other"),
    (2, "repeater"),
    (4, "bridge"),
    (8, "access_point"),
    (16, "router"),
    (32, "telephone"),
    (64, "docsis"),
    (128, "station_only"),
];

const CDP_CAPABILITIES: &[(u64, &str)] = &[
    (1, "router"),
    (2, "transparent_bridge"),
    (4, "source_route_bridge"),
    (8, "switch"),
    (16, "host"),
    (32, "igmp"),
    (64, "repeater"),
    (128, "telephone"),
    (256, "remotely_managed"),
    (512, "camera"),
    (1024, "two_port_mac_relay"),
];

fn link() -> Vec<Pairing> {
    let ndp_kind = |value: &str| {
        let kind = number(value)?;
        NDP_KINDS.iter().find(|(of, _)| *of == kind).map(|(_, name)| (*name).to_owned())
    };
    vec![
        Pairing::new("arp", KIND, "arp.opcode").reading(named(&[(1, "request"), (2, "reply")])),
        Pairing::new("ndp", KIND, "icmpv6.type").reading(each(ndp_kind)),
        Pairing::new(
            "ndp",
            "target",
            "icmpv6.nd.ns.target_address icmpv6.nd.na.target_address icmpv6.nd.rd.target_address",
        ),
        Pairing::new("ndp", "router", "icmpv6.nd.na.flag.r icmpv6.type").reading(Box::new(|columns| {
            let advertises = columns[1].contains(&"134").then(|| "1".to_owned());
            columns[0].iter().map(|flag| (*flag).to_owned()).chain(advertises).collect()
        })),
        Pairing::new("ndp", "prefix", "icmpv6.opt.prefix icmpv6.opt.prefix.length").reading(joined("/")),
        Pairing::new("lldp", "chassis_id", "lldp.chassis.id lldp.chassis.id.ip4 lldp.chassis.id.ip6").reading(Box::new(
            |columns| {
                let addresses = columns[1..].iter().flatten().map(|ip| (*ip).to_owned());
                columns[0].iter().map(|bytes| text(bytes)).chain(addresses).collect()
            },
        )),
        Pairing::new("lldp", "port_id", "lldp.port.id lldp.port.id.mac lldp.port.id.ip4 lldp.port.id.ip6"),
        Pairing::new("lldp", "system_description", "lldp.tlv.system.desc").reading(each(|value| Some(folded(value)))),
        Pairing::new("lldp", "capability", "lldp.tlv.enable_system_cap").reading(bits(LLDP_CAPABILITIES)),
        Pairing::new("lldp", "management_address", "lldp.mgn.addr.ip4 lldp.mgn.addr.ip6"),
        Pairing::new("lldp", "mau_type", "lldp.ieee.802_3.pmd_mau_type"),
        Pairing::new("lldp", "med_building", "lldp.media.civic.value").part(),
        Pairing::new("lldp", "med_floor", "lldp.media.civic.value").part(),
        Pairing::new("lldp", "med_room", "lldp.media.civic.value").part(),
        Pairing::new("cdp", "capability", "cdp.capabilities").reading(bits(CDP_CAPABILITIES)),
        Pairing::new("cdp", "software_version", "cdp.software_version").reading(together()),
        Pairing::new("cdp", "address", "cdp.nrgyz.ip_address cdp.nrgyz.ipv6_address"),
    ]
}

/// Line ends as one blank: descriptions fill several lines.
fn folded(value: &str) -> String {
    let value = value.replace("\\r", " ").replace("\\n", " ").replace("\\t", " ");
    let words: Vec<&str> = value.split_whitespace().collect();
    crate::normal::normal_of_wireshark(&words.join(" "))
}

const DHCP_KINDS: &[(u64, &str)] = &[
    (1, "discover"),
    (2, "offer"),
    (3, "request"),
    (4, "decline"),
    (5, "ack"),
    (6, "nak"),
    (7, "release"),
    (8, "inform"),
];

const DHCPV6_KINDS: &[(u64, &str)] = &[
    (1, "solicit"),
    (2, "advertise"),
    (3, "request"),
    (4, "confirm"),
    (5, "renew"),
    (6, "rebind"),
    (7, "reply"),
    (8, "release"),
    (9, "decline"),
    (11, "information_request"),
    (12, "relay_forward"),
    (13, "relay_reply"),
];

fn dhcp() -> Vec<Pairing> {
    let options = |value: &str| number(value).filter(|option| *option != 0 && *option != 255).map(|o| o.to_string());
    vec![
        Pairing::new("dhcp", KIND, "dhcp.option.dhcp").reading(named(DHCP_KINDS)),
        Pairing::new("dhcp", "parameter_list", "dhcp.option.request_list_item").listed(','),
        Pairing::new("dhcp", "option_order", "dhcp.option.type").reading(each(options)).listed(','),
        Pairing::new("dhcp", "user_class", "dhcp.option.user_class.text dhcp.option.user_class.data")
            .reading(Box::new(|columns| {
                let texts = columns[0].iter().map(|value| crate::normal::normal_of_wireshark(value));
                texts.chain(columns[1].iter().map(|value| text(value))).collect()
            }))
            .part(),
        Pairing::new("dhcp", "vendor_enterprise", "dhcp.option.vi_class.enterprise dhcp.option.vi.enterprise"),
        Pairing::new("dhcp", "enterprise_class", "dhcp.option.vi_class.data"),
        Pairing::new("dhcpv6", KIND, "dhcpv6.msgtype").reading(named(DHCPV6_KINDS)),
        Pairing::new("dhcpv6", "client_duid", "dhcpv6.duid.bytes").part(),
        Pairing::new("dhcpv6", "server_duid", "dhcpv6.duid.bytes").part(),
        Pairing::new("dhcpv6", "client_mac", "dhcpv6.duidllt.link_layer_addr dhcpv6.duidll.link_layer_addr").part(),
        Pairing::new("dhcpv6", "user_class", "dhcpv6.userclass.opaque_data").reading(text_of_bytes()),
        Pairing::new("dhcpv6", "fqdn", "dhcpv6.client_domain"),
        Pairing::new("dhcpv6", "option_request", "dhcpv6.requested_option_code").listed(','),
        Pairing::new("dhcpv6", "option_order", "dhcpv6.option.type").reading(each(options)).listed(','),
    ]
}

fn medical() -> Vec<Pairing> {
    fn as_is(value: &str) -> String {
        crate::normal::normal_of_wireshark(value)
    }
    fn before_blank(value: &str) -> String {
        value.split(' ').next().unwrap_or_default().to_owned()
    }
    /// `Success (0x00)`
    fn code(value: &str) -> String {
        let code = value.rsplit_once('(').and_then(|(_, code)| code.strip_suffix(')')).unwrap_or(value);
        crate::normal::normal(code)
    }
    let reject_or_abort = |part: &str| format!("dicom.assoc.reject.{part} dicom.assoc.abort.{part}");
    let element = |field: &'static str, tag: &'static str, read: fn(&str) -> String| {
        Pairing::new("dicom", field, "text").reading(element(tag, read))
    };
    let header = |field: &'static str, position: usize| {
        Pairing::new("hl7", field, "hl7.segment").reading(hl7("MSH", position))
    };
    vec![
        Pairing::new("dicom", "source", &reject_or_abort("source")),
        Pairing::new("dicom", "reason", &reject_or_abort("reason")),
        Pairing::new("dicom", "application_context", "dicom.actx").reading(in_brackets()),
        Pairing::new("dicom", "abstract_syntax", "dicom.pctx.abss.syntax").reading(in_brackets()),
        Pairing::new("dicom", "transfer_syntax", "dicom.pctx.xfer.syntax").reading(in_brackets()),
        element("command_field", "(0000,0100)", as_is),
        element("message_id", "(0000,0110)", as_is),
        element("sop_class", "(0000,0002)", before_blank),
        element("status", "(0000,0900)", code),
        element("move_destination", "(0000,0600)", as_is),
        element("event_type", "(0000,1002)", as_is),
        element("action_type", "(0000,1008)", as_is),
        element("modality", "(0008,0060)", as_is),
        element("manufacturer", "(0008,0070)", as_is),
        element("station_name", "(0008,1010)", as_is),
        element("model", "(0008,1090)", as_is),
        element("serial", "(0018,1000)", as_is),
        element("software_version", "(0018,1020)", as_is),
        header("sending_application", 3),
        header("sending_facility", 4),
        header("receiving_application", 5),
        header("receiving_facility", 6),
        header("message_type", 9),
        header("processing_id", 11),
        header("version", 12),
        header("character_set", 18),
        header("profile", 21),
        Pairing::new("hl7", "acknowledgement_code", "hl7.segment").reading(hl7("MSA", 1)),
        Pairing::new("hl7", "equipment_id", "hl7.segment").reading(hl7("OBX", 18)),
    ]
}

const SMB2_DIALECTS: &[(u64, &str)] =
    &[(0x0202, "2.0.2"), (0x0210, "2.1"), (0x0300, "3.0"), (0x0302, "3.0.2"), (0x0311, "3.1.1"), (0x02ff, "2.???")];

const RDP_PROTOCOLS: &[(u64, &str)] = &[(1, "ssl"), (2, "hybrid"), (4, "rdstls"), (8, "hybrid_ex")];
const RDP_PROTOCOL: &[(u64, &str)] = &[(0, "rdp"), (1, "ssl"), (2, "hybrid"), (4, "rdstls"), (8, "hybrid_ex")];

fn windows() -> Vec<Pairing> {
    let rdp_asked = |value: &str| number(value).filter(|bits| *bits == 0).map(|_| "rdp".to_owned());
    vec![
        Pairing::new("smb", "dialect", "smb.dialect.name smb2.dialect").reading(Box::new(|columns| {
            let names = columns[0].iter().map(|name| crate::normal::normal_of_wireshark(name));
            let numbers = columns[1].iter().filter_map(|value| number(value));
            let named = numbers.filter_map(|n| SMB2_DIALECTS.iter().find(|(of, _)| *of == n).map(|(_, name)| (*name).to_owned()));
            names.chain(named).collect()
        })),
        Pairing::new("smb", "signing_required", "smb2.sec_mode.sign_required smb.sm.sig_required").part(),
        Pairing::new("smb", "status", "smb.nt_status smb2.nt_status").part(),
        Pairing::new("smb", "response", "smb.flags.response smb2.flags.response").part(),
        Pairing::new("smb", "guest", "smb.setup.action.guest smb2.ses_flags.guest").part(),
        Pairing::new("smb", "called_name", "nbss.called_name").reading(each(|name| Some(netbios(name)))),
        Pairing::new("smb", "calling_name", "nbss.calling_name").reading(each(|name| Some(netbios(name)))),
        Pairing::new("smb", "message_type", "ntlmssp.messagetype"),
        Pairing::new(
            "smb",
            "os_version",
            "ntlmssp.version.major ntlmssp.version.minor ntlmssp.version.build_number",
        )
        .reading(joined(".")),
        Pairing::new("rdp", "requested_protocols", "rdp.negReq.requestedProtocols")
            .reading(Box::new(move |columns| {
                let mut names: Vec<String> = columns.iter().flatten().filter_map(|value| rdp_asked(value)).collect();
                names.extend(bits(RDP_PROTOCOLS)(columns));
                names
            }))
            .listed(','),
        Pairing::new("rdp", "selected_protocol", "rdp.negReq.selectedProtocol").reading(named(RDP_PROTOCOL)),
        Pairing::new("rdp", "failure_code", "rdp.negFailure.failureCode"),
        Pairing::new("rdp", "version", "rdp.version.major rdp.version.minor").reading(joined(".")),
    ]
}

/// `WS-17<20> (Server service)` as `WS-17`. Wireshark writes unprintable characters as numbers: `*<00><00>`.
pub fn netbios(name: &str) -> String {
    let name = name.rsplit_once('<').map_or(name, |(name, _)| name).trim_end_matches("<00>");
    let mut clean = String::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('<') {
        clean.push_str(before);
        clean.push('\u{fffd}');
        rest = after.split_once('>').map_or(after, |(_, after)| after);
    }
    crate::normal::normal(&(clean + rest))
}

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

fn management() -> Vec<Pairing> {
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
        Pairing::new("snmp", "version", "snmp.version snmp.msgVersion").reading(named(&[(0, "1"), (1, "2c"), (3, "3")])),
        Pairing::new("snmp", "trap_enterprise", "snmp.enterprise"),
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
                0 | 1 => Some(text(id)),
                _ => u32::from_str_radix(&id.replace(':', ""), 16).ok().map(|ip| std::net::Ipv4Addr::from(ip).to_string()),
            };
            columns[0].iter().zip(&columns[1]).filter_map(read).collect()
        })),
        Pairing::new("radius", "calling_mac", "radius.Calling_Station_Id").part(),
        Pairing::new("radius", "framed_ip", "radius.Framed-IP-Address radius.Framed_IP_Address"),
        Pairing::new("ssdp", "location", "http.location"),
    ]);
    for (field, name) in [
        ("notification_type", "NT"),
        ("notification_subtype", "NTS"),
        ("search_target", "ST"),
        ("usn", "USN"),
        ("server", "SERVER"),
        ("user_agent", "USER-AGENT"),
        ("location", "LOCATION"),
    ] {
        pairings.retain(|pairing| (pairing.protocol, pairing.field) != ("ssdp", field));
        pairings.push(Pairing::new("ssdp", field, "http.request.line http.response.line").reading(header(name)));
    }
    pairings
}

fn building() -> Vec<Pairing> {
    let text = |field: &'static str, theirs: &str| Pairing::new("bacnet", field, theirs).part();
    let service = || {
        each(|value| {
            let number = number(value)?;
            Some(number.to_string())
        })
    };
    let _ = (OPERATION, service);
    vec![
        Pairing::new("bacnet", "device_instance", "bacapp.instance_number").part(),
        Pairing::new("bacnet", "object_instance", "bacapp.instance_number").also(&["device_instance"]),
        text("vendor_name", "bacapp.present_value.char_string text"),
    ]
}

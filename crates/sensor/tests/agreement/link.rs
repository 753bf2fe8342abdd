//! ARP, NDP, LLDP, CDP, DHCP: fields that Wireshark has in another form.

use crate::normal::normal_of_wireshark;
use crate::ours::KIND;
use crate::pairings::Pairing;
use crate::readers::{bits, each, joined, named, number, text, text_of_bytes, together};

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

pub fn all() -> Vec<Pairing> {
    let mut pairings = announcements();
    pairings.extend(dhcp());
    pairings
}

fn announcements() -> Vec<Pairing> {
    let ndp_kind = |value: &str| {
        let kind = number(value)?;
        NDP_KINDS.iter().find(|(of, _)| *of == kind).map(|(_, name)| (*name).to_owned())
    };
    vec![
        Pairing::new("arp", KIND, "arp.opcode").reading(named(&[(1, "request"), (2, "reply")])),
        Pairing::new("ndp", KIND, "icmpv6.type").reading(each(ndp_kind)),
        Pairing::new("ndp", "router", "icmpv6.nd.na.flag.r icmpv6.type").reading(Box::new(|columns| {
            let advertises = columns[1].contains(&"134").then(|| "1".to_owned());
            columns[0].iter().map(|flag| (*flag).to_owned()).chain(advertises).collect()
        })),
        Pairing::new("ndp", "prefix", "icmpv6.opt.prefix icmpv6.opt.prefix.length").reading(joined("/")),
        Pairing::new("lldp", "chassis_id", "lldp.chassis.id lldp.chassis.id.ip4 lldp.chassis.id.ip6").reading(
            Box::new(|columns| {
                let addresses = columns[1..].iter().flatten().map(|ip| (*ip).to_owned());
                columns[0].iter().map(|bytes| text(bytes)).chain(addresses).collect()
            }),
        ),
        Pairing::new("lldp", "system_description", "lldp.tlv.system.desc").reading(each(|value| Some(folded(value)))),
        Pairing::new("lldp", "capability", "lldp.tlv.enable_system_cap").reading(bits(LLDP_CAPABILITIES)),
        Pairing::new("lldp", "med_building", "lldp.media.civic.value").part(),
        Pairing::new("lldp", "med_floor", "lldp.media.civic.value").part(),
        Pairing::new("lldp", "med_room", "lldp.media.civic.value").part(),
        Pairing::new("cdp", "capability", "cdp.capabilities").reading(bits(CDP_CAPABILITIES)),
        Pairing::new("cdp", "software_version", "cdp.software_version").reading(together()),
    ]
}

/// Line ends as one blank: descriptions fill several lines.
fn folded(value: &str) -> String {
    let value = value.replace("\\r", " ").replace("\\n", " ").replace("\\t", " ");
    let words: Vec<&str> = value.split_whitespace().collect();
    normal_of_wireshark(&words.join(" "))
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
    // An unspecified address is no value.
    let address = |field, theirs| {
        Pairing::new("dhcp", field, theirs).reading(each(|ip| (ip != "0.0.0.0").then(|| ip.to_owned())))
    };
    vec![
        address("client_ip", "dhcp.ip.client"),
        address("your_ip", "dhcp.ip.your"),
        address("server_ip", "dhcp.ip.server"),
        address("relay_ip", "dhcp.ip.relay"),
        Pairing::new("dhcp", KIND, "dhcp.option.dhcp").reading(named(DHCP_KINDS)),
        option("client_identifier", 61, |bytes| match bytes.strip_prefix("01") {
            Some(mac) if mac.len() == 12 => mac.to_owned(),
            _ => bytes.to_owned(),
        }),
        // From clients only, and no more than 32 bytes of it.
        option("vendor_options", 43, |bytes| bytes.chars().take(64).collect()).part(),
        Pairing::new("dhcp", "parameter_list", "dhcp.option.request_list_item").listed(','),
        Pairing::new("dhcp", "option_order", "dhcp.option.type").reading(each(options)).listed(','),
        Pairing::new("dhcp", "user_class", "dhcp.option.user_class.text dhcp.option.user_class.data")
            .reading(Box::new(|columns| {
                let texts = columns[0].iter().map(|value| normal_of_wireshark(value));
                texts.chain(columns[1].iter().map(|value| text(value))).collect()
            }))
            .part(),
        Pairing::new("dhcpv6", KIND, "dhcpv6.msgtype").reading(named(DHCPV6_KINDS)),
        Pairing::new("dhcpv6", "client_duid", "dhcpv6.duid.bytes").part(),
        Pairing::new("dhcpv6", "server_duid", "dhcpv6.duid.bytes").part(),
        Pairing::new("dhcpv6", "client_mac", "dhcpv6.duidllt.link_layer_addr dhcpv6.duidll.link_layer_addr").part(),
        Pairing::new("dhcpv6", "user_class", "dhcpv6.userclass.opaque_data").reading(text_of_bytes()),
        Pairing::new("dhcpv6", "option_request", "dhcpv6.requested_option_code").listed(','),
        Pairing::new("dhcpv6", "option_order", "dhcpv6.option.type").reading(each(options)).listed(','),
    ]
}

/// An option's bytes as hexadecimal digits: Wireshark lists the types, and the values of all that have some.
fn option(field: &'static str, kind: u64, read: fn(&str) -> String) -> Pairing {
    Pairing::new("dhcp", field, "dhcp.option.type dhcp.option.value").reading(Box::new(move |columns| {
        let kinds = columns[0].iter().filter_map(|kind| number(kind)).filter(|kind| !matches!(kind, 0 | 255));
        kinds.zip(&columns[1]).filter(|(of, _)| *of == kind).map(|(_, bytes)| read(bytes)).collect()
    }))
}

//! IGMP, spanning tree, VRRP, HSRP: fields that Wireshark has in another form.

use std::net::Ipv4Addr;

use crate::normal::normal_of_wireshark;
use crate::ours::KIND;
use crate::pairings::Pairing;
use crate::readers::{each, named, number};

const IGMP_KINDS: &[(u64, &str)] =
    &[(0x11, "query"), (0x12, "report"), (0x16, "report"), (0x17, "leave"), (0x22, "report")];

const HSRP_KINDS: &[(u64, &str)] = &[(0, "hello"), (1, "coup"), (2, "resign")];

const HSRP_STATES: &[(u64, &str)] =
    &[(0, "initial"), (1, "learn"), (2, "listen"), (4, "speak"), (8, "standby"), (16, "active")];

const HSRP_2_STATES: &[(u64, &str)] =
    &[(0, "disabled"), (1, "initial"), (2, "learn"), (3, "listen"), (4, "speak"), (5, "standby"), (6, "active")];

const VRRP_AUTHENTICATION: &[(u64, &str)] = &[(0, "none"), (1, "simple_text"), (2, "ip_authentication_header")];

pub fn all() -> Vec<Pairing> {
    let kind = |kinds: &'static [(u64, &str)]| {
        each(move |value| {
            let number = number(value)?;
            kinds.iter().find(|(of, _)| *of == number).map(|(_, name)| (*name).to_owned())
        })
    };
    let group = |field| {
        let read = |group: &str| group.parse::<Ipv4Addr>().ok().filter(Ipv4Addr::is_multicast).map(|ip| ip.to_string());
        Pairing::new("igmp", field, "igmp.maddr").reading(each(read)).part()
    };
    let mut pairings = vec![
        Pairing::new("igmp", KIND, "igmp.type").reading(kind(IGMP_KINDS)),
        group("group").also(&["left_group"]),
        group("left_group").also(&["group"]),
        Pairing::new("stp", KIND, "stp.type stp.version").reading(Box::new(|columns| {
            let told = |column: usize| columns.get(column)?.first().and_then(|value| number(value));
            let kind = match (told(0), told(1)) {
                (Some(0), _) => "configuration",
                (Some(0x80), _) => "topology_change",
                (Some(2), Some(2)) => "rapid",
                (Some(2), Some(_)) => "multiple",
                _ => return Vec::new(),
            };
            vec![kind.to_owned()]
        })),
        Pairing::new("hsrp", KIND, "hsrp.opcode hsrp2.opcode").reading(kind(HSRP_KINDS)),
        Pairing::new("hsrp", "state", "hsrp.state hsrp2.state").reading(Box::new(|columns| {
            let of = |column: usize, states: &[(u64, &str)]| {
                let known = |value: &&str| states.iter().find(|(of, _)| Some(*of) == number(value));
                let names = columns[column].iter().filter_map(known).map(|(_, name)| (*name).to_owned());
                names.collect::<Vec<String>>()
            };
            [of(0, HSRP_STATES), of(1, HSRP_2_STATES)].concat()
        })),
        Pairing::new("vrrp", "authentication", "vrrp.auth_type").reading(named(VRRP_AUTHENTICATION)),
    ];
    // What stands in the place of the bridge is the root of the region where there is one.
    for (field, theirs) in [
        ("bridge_priority", "stp.bridge.prio mstp.cist_bridge.prio"),
        ("bridge_extension", "stp.bridge.ext mstp.cist_bridge.ext"),
        ("bridge_mac", "stp.bridge.hw mstp.cist_bridge.hw"),
    ] {
        pairings.push(Pairing::new("stp", field, theirs).reading(Box::new(|columns| {
            let column = if columns[1].is_empty() { &columns[0] } else { &columns[1] };
            column.iter().map(|value| normal_of_wireshark(value)).collect()
        })));
    }
    pairings
}

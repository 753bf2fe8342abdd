//! Switches of the floors: Cisco, Aruba and HPE, Juniper.

use super::agents::Agent;
use super::habits::{by_share, logs, tells_neighbour};
use super::{Kind, Routine, of_thousand};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::NETWORK;
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::Rhythm;
use crate::talk::neighbours::{capability, cdp};
use crate::talk::{Host, snmp};

struct Model {
    vendor: &'static str,
    family: &'static str,
    model: &'static str,
    software: &'static str,
    prefix: [u8; 3],
    object_id: &'static str,
    /// sysDescr, which LLDP tells as well.
    description: &'static str,
    /// How its ports are called, short (LLDP) and long (CDP, Cisco alone).
    port: (&'static str, &'static str),
    serial: &'static str,
    share: u64,
}

/// Object identifiers behind makers' enterprise numbers (IANA): 9 Cisco, 11 HP, 25506 H3C, 2636 Juniper.
static MODELS: [Model; 5] = [
    Model {
        vendor: "Cisco",
        family: "Catalyst",
        model: "C9300-48U",
        software: "16.12.4",
        prefix: [0xf8, 0xb7, 0xe2],
        object_id: "1.3.6.1.4.1.9.1.2494",
        description: "Cisco IOS Software [Gibraltar], Catalyst L3 Switch Software (CAT9K_IOSXE), Version 16.12.4, \
            RELEASE SOFTWARE (fc5)",
        port: ("Te1/1/1", "TenGigabitEthernet1/1/1"),
        serial: "FCW",
        share: 30,
    },
    Model {
        vendor: "Cisco",
        family: "Catalyst",
        model: "WS-C2960X-48FPS-L",
        software: "15.2(7)E3",
        prefix: [0xf8, 0x72, 0xea],
        object_id: "1.3.6.1.4.1.9.1.1208",
        description: "Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.2(7)E3, RELEASE SOFTWARE \
            (fc3)",
        port: ("Gi1/0/49", "GigabitEthernet1/0/49"),
        serial: "FOC",
        share: 25,
    },
    Model {
        vendor: "Aruba Networks",
        family: "2930F",
        // JL256A is the number under which it is ordered.
        model: "2930F-48G-PoE+-4SFP+",
        software: "WC.16.10.0009",
        prefix: [0x10, 0x4f, 0x58],
        object_id: "1.3.6.1.4.1.11.2.3.7.11.181.15",
        description: "Aruba JL256A 2930F-48G-PoE+-4SFP+ Switch, revision WC.16.10.0009, ROM WC.16.01.0006",
        port: ("49", ""),
        serial: "CN",
        share: 20,
    },
    Model {
        vendor: "Hewlett Packard Enterprise",
        family: "FlexNetwork 5130 EI",
        model: "5130-48G-PoE+-4SFP+",
        software: "7.1.070",
        prefix: [0x00, 0x4e, 0x35],
        object_id: "1.3.6.1.4.1.25506.11.1.182",
        description: "HPE Comware Platform Software, Software Version 7.1.070, Release 3208P03\r\nHPE 5130-48G-PoE+-4SFP+ \
            (370W) EI Switch\r\nCopyright (c) 2010-2018 Hewlett Packard Enterprise Development LP",
        port: ("Ten-GigabitEthernet1/0/49", ""),
        serial: "CN",
        share: 10,
    },
    Model {
        vendor: "Juniper Networks",
        family: "EX",
        model: "ex3400-48p",
        software: "18.2R3-S2.9",
        prefix: [0xfc, 0x96, 0x43],
        object_id: "1.3.6.1.4.1.2636.1.1.1.2.131",
        description: "Juniper Networks, Inc. ex3400-48p Ethernet Switch, kernel JUNOS 18.2R3-S2.9, Build date: 2019-11-25 \
            19:24:11 UTC Copyright (c) 1996-2019 Juniper Networks, Inc.",
        port: ("xe-0/2/0", ""),
        serial: "NW",
        share: 15,
    },
];

const LINES: &[(u8, &str)] = &[
    (
        189,
        "418: Nov  2 09:14:02: %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet1/0/12, changed state to up",
    ),
    (187, "419: Nov  2 09:14:01: %LINK-3-UPDOWN: Interface GigabitEthernet1/0/12, changed state to up"),
    (189, "420: Nov  2 10:01:44: %SYS-5-CONFIG_I: Configured from console by CANARYSYSLOGUSER on vty0 (10.0.0.1)"),
];

/// Switches.
pub struct Switch;

impl Kind for Switch {
    fn name(&self) -> &'static str {
        "switch"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 14)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        let product = by_share(draw, MODELS.iter().map(|model| model.share));
        let Some(model) = MODELS.get(product) else { return Device::new("", [0; 6], NETWORK, Zone::Management) };
        let mut device = Device::new(
            format!("sw-{}-{}-{:02}", spot.building, spot.floor, number.saturating_add(1)),
            draw.mac(model.prefix),
            NETWORK,
            Zone::Management,
        )
        .is("switch", model.vendor, &["category", "vendor", "model", "serial", "software"])
        .named(model.family, model.model, model.software)
        .serial(format!("{}{}{}", model.serial, draw.digits(4), draw.letters(4)))
        .shows(&["snmp_cleartext"])
        .at(spot);
        device.product = product;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(model) = MODELS.get(me.product) else { return Vec::new() };
        let (short, long) = model.port;
        let mut routines = vec![tells_neighbour(me, short, model.description.to_owned(), capability::BRIDGE, 60, draw)];
        if model.vendor == "Cisco" {
            let (name, station, platform) = (me.name.clone(), me.station, format!("cisco {}", model.model));
            let description = model.description;
            routines.push(Routine::new(Rhythm::every(60, draw), move |tape, at, _| {
                cdp(tape, at, &Host { station, name: &name }, long, &platform, description, 0x28);
            }));
            routines.extend(logs(me, around, LINES, Rhythm::every(700, draw)));
        }
        routines
    }
}

/// What it answers network management.
pub fn agent(device: &Device) -> Option<Agent> {
    let model = MODELS.get(device.product)?;
    Some(Agent::new(model.description.to_owned(), model.object_id).with_serial(snmp::ENTITY_SERIAL))
}

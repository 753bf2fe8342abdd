//! Access points: Aruba, Cisco, Ruckus.

use super::agents::Agent;
use super::habits::{by_share, logs, tells_neighbour};
use super::{Kind, Routine, of_thousand};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::LINUX;
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::Rhythm;
use crate::talk::neighbours::{capability, cdp};
use crate::talk::{Host, dhcp};

struct Model {
    vendor: &'static str,
    model: &'static str,
    software: &'static str,
    prefix: [u8; 3],
    client: dhcp::Client,
    description: &'static str,
    object_id: &'static str,
    share: u64,
}

/// Vendor classes as in the makers' deployment guides (option 43 configuration).
static MODELS: [Model; 3] = [
    Model {
        vendor: "Aruba Networks",
        model: "515",
        software: "8.10.0.7",
        prefix: [0x10, 0x4f, 0x58],
        client: dhcp::ARUBA,
        description: "ArubaOS (MODEL: 515), Version 8.10.0.7 SSR",
        object_id: "1.3.6.1.4.1.14823.1.2.137",
        share: 45,
    },
    Model {
        vendor: "Cisco",
        model: "C9120AXI-E",
        software: "17.3.4.154",
        prefix: [0xf4, 0xdb, 0xe6],
        client: dhcp::Client {
            vendor_class: "Cisco AP c9120",
            parameters: &[1, 6, 15, 44, 3, 33, 150, 43],
            full_name: false,
        },
        description: "Cisco AP Software, ap1g7-k9w8 Version: 17.3.4.154",
        object_id: "1.3.6.1.4.1.9.1.2771",
        share: 35,
    },
    Model {
        vendor: "Ruckus",
        model: "R650",
        software: "5.2.2.0.1562",
        prefix: [0xfc, 0x5c, 0x45],
        client: dhcp::Client {
            vendor_class: "Ruckus CPE",
            parameters: &[1, 28, 2, 3, 15, 6, 12, 43],
            full_name: false,
        },
        description: "Ruckus R650 Multimedia Hotzone Wireless AP/SW Version: 5.2.2.0.1562",
        object_id: "1.3.6.1.4.1.25053.3.1.4.107",
        share: 20,
    },
];

const LINES: &[(u8, &str)] = &[
    (141, "Nov  2 09:14:02 {} stm[2145]: <501100> Assoc success: AP {} CANARYSYSLOGSTATION-station"),
    (141, "Nov  2 09:20:51 {} stm[2145]: <501080> Deauth to sta: CANARYSYSLOGSTATION-station"),
];

/// Access points.
pub struct AccessPoint;

impl Kind for AccessPoint {
    fn name(&self) -> &'static str {
        "access_point"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 30)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        let product = by_share(draw, MODELS.iter().map(|model| model.share));
        let Some(model) = MODELS.get(product) else { return Device::new("", [0; 6], LINUX, Zone::Management) };
        let mut device = Device::new(
            format!("ap-{}", spot.label()).to_ascii_lowercase(),
            draw.mac(model.prefix),
            LINUX,
            Zone::Management,
        )
        .is("access_point", model.vendor, &["category", "vendor", "model", "software"])
        .named("", model.model, model.software)
        .shows(&["snmp_cleartext"])
        .at(spot)
        .leases(model.client);
        device.product = product;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(model) = MODELS.get(me.product) else { return Vec::new() };
        let capabilities = capability::BRIDGE | capability::ACCESS_POINT;
        let text = model.description.to_owned();
        let mut routines = vec![tells_neighbour(me, "eth0", text, capabilities, 120, draw)];
        if model.vendor == "Cisco" {
            let (name, station, platform) = (me.name.clone(), me.station, format!("cisco {}", model.model));
            let description = model.description;
            routines.push(Routine::new(Rhythm::every(120, draw), move |tape, at, _| {
                // Capabilities: router and transparent bridge, as Cisco's access points say.
                cdp(tape, at, &Host { station, name: &name }, "GigabitEthernet0", &platform, description, 0x03);
            }));
        }
        routines.extend(logs(me, around, LINES, Rhythm::every(600, draw)));
        routines
    }
}

/// What it answers network management.
pub fn agent(device: &Device) -> Option<Agent> {
    let model = MODELS.get(device.product)?;
    Some(Agent::new(model.description.to_owned(), model.object_id))
}

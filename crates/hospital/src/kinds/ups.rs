//! Batteries in the wiring rooms: APC, Eaton, Vertiv. Their management cards have old web servers and public communities.

use super::agents::Agent;
use super::habits::{Site, by_share, visits};
use super::{Kind, Routine, of_thousand};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::EMBEDDED;
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::Rhythm;
use crate::talk::tls::Client;

struct Model {
    vendor: &'static str,
    family: &'static str,
    model: &'static str,
    prefix: [u8; 3],
    description: &'static str,
    object_id: &'static str,
    organisation: &'static str,
    share: u64,
}

/// Enterprise numbers (IANA): 318 APC, 705 and 534 Eaton (once MGE, Powerware), 476 Liebert.
static MODELS: [Model; 3] = [
    Model {
        vendor: "APC",
        family: "Smart-UPS",
        model: "AP9630",
        prefix: [0x00, 0xc0, 0xb7],
        description: "APC Web/SNMP Management Card (MB:v4.1.0 PF:v6.4.0 PN:apc_hw05_aos_640.bin AF1:v6.4.0 \
            AN1:apc_hw05_sumx_640.bin MN:AP9630 HR:05)",
        object_id: "1.3.6.1.4.1.318.1.3.27",
        organisation: "American Power Conversion",
        share: 60,
    },
    Model {
        vendor: "Eaton",
        family: "9PX",
        model: "Eaton 9PX 3000i RT2U",
        prefix: [0x00, 0x20, 0x85],
        description: "Eaton 9PX 3000i RT2U",
        object_id: "1.3.6.1.4.1.705.1.2",
        organisation: "Eaton",
        share: 28,
    },
    Model {
        vendor: "Vertiv",
        family: "Liebert GXT5",
        model: "GXT5-3000IRT2UXL",
        prefix: [0x00, 0x08, 0x77],
        description: "Liebert IntelliSlot Web Card",
        object_id: "1.3.6.1.4.1.476.1.42",
        organisation: "Vertiv",
        share: 12,
    },
];

/// Batteries.
pub struct Ups;

impl Kind for Ups {
    fn name(&self) -> &'static str {
        "ups"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 6)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        let product = by_share(draw, MODELS.iter().map(|model| model.share));
        let Some(model) = MODELS.get(product) else { return Device::new("", [0; 6], EMBEDDED, Zone::Management) };
        let mut device = Device::new(
            format!("ups-{:02}", number.saturating_add(1)),
            draw.mac(model.prefix),
            EMBEDDED,
            Zone::Management,
        )
        .is("ups", model.vendor, &["category", "vendor"])
        .named(model.family, model.model, "")
        .shows(&[
            "obsolete_tls",
            "self_signed_certificate",
            "snmp_cleartext",
            "snmp_default_community",
            "weak_certificate",
        ])
        .at(spot);
        device.product = product;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(model) = MODELS.get(me.product) else { return Vec::new() };
        let Some(server) = around.one("building_server", me) else { return Vec::new() };
        let site = Site::device(me, ["US", model.organisation, &me.name], true, Client::Old);
        vec![visits(server, me, site, around, Rhythm::every(7_200, draw))]
    }
}

/// What it answers network management.
pub fn agent(device: &Device) -> Option<Agent> {
    let model = MODELS.get(device.product)?;
    Some(Agent::new(model.description.to_owned(), model.object_id).untouched(300))
}

//! Controllers in servers that watch over their hardware: Dell iDRAC, HPE iLO.

use super::agents::Agent;
use super::habits::{Site, by_share, computer_room, visits};
use super::{Kind, Routine};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::LINUX;
use crate::hospital::Around;
use crate::place::Zone;
use crate::rhythm::Rhythm;
use crate::talk::tls::Client;

/// Maker, model, prefix, sysDescr, object identifier, subject of its certificate, share.
type Model = (&'static str, &'static str, [u8; 3], &'static str, &'static str, [&'static str; 3], u64);
const MODELS: [Model; 2] = [
    ("Dell", "iDRAC9", [0xe4, 0x43, 0x4b], "iDRAC9", "1.3.6.1.4.1.674.10892.5", ["US", "Dell Inc.", "idrac"], 60),
    (
        "Hewlett Packard Enterprise",
        "iLO 5",
        [0x00, 0xfd, 0x45],
        "Integrated Lights-Out 5 2.65",
        "1.3.6.1.4.1.232.9.4.11",
        ["US", "Hewlett Packard Enterprise", "ILOCZ"],
        40,
    ),
];

/// Dell iDRAC, HPE iLO.
pub struct ManagementController;

impl Kind for ManagementController {
    fn name(&self) -> &'static str {
        "management_controller"
    }

    fn count(&self, devices: usize) -> usize {
        devices.div_ceil(300).max(2)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let product = by_share(draw, MODELS.iter().map(|model| model.6));
        let Some((vendor, model, prefix, ..)) = MODELS.get(product).copied() else {
            return Device::new("", [0; 6], LINUX, Zone::Management);
        };
        let tag = draw.letters(7);
        let name = if vendor == "Dell" { format!("idrac-{tag}") } else { format!("ILOCZ{tag}") };
        let mut device = Device::new(name, draw.mac(prefix), LINUX, Zone::Management)
            .is("management_controller", vendor, &["category", "vendor"])
            .named("", model, "")
            .shows(&["self_signed_certificate", "snmp_cleartext"])
            .at(computer_room(u64::try_from(number).unwrap_or(0).saturating_add(60)));
        device.product = product;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(watcher) = around.all("network_management").next() else { return Vec::new() };
        let Some((.., [country, organisation, _], _)) = MODELS.get(me.product).copied() else { return Vec::new() };
        let site = Site::device(me, [country, organisation, &me.name], false, Client::Plain);
        vec![visits(watcher, me, site, around, Rhythm::every(1_800, draw))]
    }
}

/// What it answers network management.
pub fn agent(device: &Device) -> Option<Agent> {
    let (_, _, _, description, object_id, ..) = MODELS.get(device.product).copied()?;
    Some(Agent::new(description.to_owned(), object_id))
}

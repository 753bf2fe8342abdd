//! Hosts of virtual machines: VMware ESXi on Dell and HPE servers.

use super::agents::Agent;
use super::habits::{Site, by_share, computer_room, logs, visits};
use super::{Kind, Routine};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::LINUX;
use crate::hospital::Around;
use crate::place::Zone;
use crate::rhythm::Rhythm;
use crate::talk::tls::Client;

/// Prefixes of the machines' makers (Dell, HPE, Lenovo's by Wistron), and their shares.
const MACHINES: [([u8; 3], u64); 3] = [([0xe4, 0x43, 0x4b], 50), ([0x00, 0xfd, 0x45], 35), ([0x08, 0x94, 0xef], 15)];
const LINES: &[(u8, &str)] = &[
    (166, "2026-11-02T09:14:02.114Z {} Hostd: info hostd[2099631] [Originator@6876 sub=Vimsvc.ha-eventmgr] Event 4410"),
    (
        166,
        "2026-11-02T09:16:40.020Z {} Vpxa: verbose vpxa[2100012] [Originator@6876 sub=PropertyProvider] RecordOp ASSIGN",
    ),
];

/// VMware ESXi.
pub struct Hypervisor;

impl Kind for Hypervisor {
    fn name(&self) -> &'static str {
        "hypervisor"
    }

    fn count(&self, devices: usize) -> usize {
        devices.div_ceil(400).max(2)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let product = by_share(draw, MACHINES.iter().map(|machine| machine.1));
        let (prefix, _) = MACHINES.get(product).copied().unwrap_or_default();
        let count = number.saturating_add(1);
        let mut device = Device::new(format!("esx{count:02}"), draw.mac(prefix), LINUX, Zone::Management)
            .is("hypervisor", "VMware", &["category", "vendor"])
            .named("ESXi", "", "7.0.3")
            .shows(&["self_signed_certificate", "snmp_cleartext"])
            .at(computer_room(u64::try_from(count).unwrap_or(0).saturating_add(40)))
            .on_time();
        device.product = product;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let mut routines: Vec<Routine> = logs(me, around, LINES, Rhythm::every(240, draw)).into_iter().collect();
        if let Some(watcher) = around.all("network_management").next() {
            // The certificate that an installation makes for itself.
            let site = Site::device(me, ["US", "VMware, Inc", "localhost.localdomain"], false, Client::Plain);
            routines.push(visits(watcher, me, site, around, Rhythm::every(1_800, draw)));
        }
        routines
    }
}

/// What it answers network management.
pub fn agent(device: &Device) -> Option<Agent> {
    (device.kind == "hypervisor").then(|| {
        let description = "VMware ESXi 7.0.3 build-21930508 VMware, Inc. x86_64";
        Agent::new(description.to_owned(), "1.3.6.1.4.1.6876.4.1")
    })
}

//! How devices answer network management (SNMP): each kind says here what its products answer.

use super::{
    access_point, appliances, hypervisor, label_printer, management_controller, printer, serial_server, switch, ups,
};
use crate::device::Device;

/// What a device's agent says of it.
pub struct Agent {
    /// sysDescr.
    pub description: String,
    /// sysObjectID.
    pub object_id: &'static str,
    /// Where the serial number stands, if it is asked for.
    pub serial_at: Option<&'static str>,
    /// What it calls the device, if that is asked for.
    pub device: Option<&'static str>,
    /// The community: a secret, unless it is the one that everybody knows.
    pub community: &'static str,
    /// 0 for version 1, 1 for version 2c.
    pub version: u32,
    /// How often it is asked.
    pub every_s: u64,
}

/// A community that the hospital made up.
pub const SECRET: &str = "CANARYSNMPCOMMUNITY-1";

impl Agent {
    /// Version 2c with the hospital's own community, every five minutes.
    pub const fn new(description: String, object_id: &'static str) -> Self {
        Self { description, object_id, serial_at: None, device: None, community: SECRET, version: 1, every_s: 300 }
    }

    /// Its serial number is asked for.
    pub fn with_serial(self, serial_at: &'static str) -> Self {
        Self { serial_at: Some(serial_at), ..self }
    }

    /// What it calls the device is asked for.
    pub fn of_device(self, device: &'static str) -> Self {
        Self { device: Some(device), ..self }
    }

    /// As it left the factory: version 1 and the community that everybody knows.
    pub fn untouched(self, every_s: u64) -> Self {
        Self { community: "public", version: 0, every_s, ..self }
    }
}

/// A device's agent.
pub fn of(device: &Device) -> Option<Agent> {
    match device.kind {
        "switch" => switch::agent(device),
        "access_point" => access_point::agent(device),
        "printer" => printer::agent(device),
        "label_printer" => label_printer::agent(device),
        "ups" => ups::agent(device),
        "serial_server" => serial_server::agent(device),
        "hypervisor" => hypervisor::agent(device),
        "management_controller" => management_controller::agent(device),
        _ => appliances::agent(device),
    }
}

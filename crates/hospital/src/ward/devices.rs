//! Who is on the ward: every device with its addresses and with what Cordon must find out about it from the traffic.
//!
//! Names, serial numbers and addresses are made up; only the first half of each hardware address is its maker's.

use std::net::Ipv4Addr;

use crate::frames::{APPLE, EMBEDDED, LINUX, Link, Mac, NETWORK, Stack, Station, WINDOWS};
use crate::talk::{Host, Services};

/// A device and the truth about it.
#[derive(Clone, Copy, Debug)]
pub struct Device {
    /// Its name in the network, or what people on the ward call it.
    pub name: &'static str,
    /// Its hardware address.
    pub mac: Mac,
    /// Its (first) address.
    pub ip: Ipv4Addr,
    /// How its network stack shows itself.
    pub stack: Stack,
    /// It stands in the server room behind the router, where its hardware address does not show.
    pub is_remote: bool,
    /// The truth that the traffic tells.
    pub truth: Truth,
}

/// What the traffic tells of a device. `None` where nothing tells it: then nothing may be claimed either.
#[derive(Clone, Copy, Debug)]
pub struct Truth {
    /// Identifier of the category. A more general one is no error.
    pub category: Option<&'static str>,
    /// The maker's name.
    pub vendor: Option<&'static str>,
    /// Serial number.
    pub serial: Option<&'static str>,
    /// What it does for others, in order; it does nothing else.
    pub roles: &'static [&'static str],
    /// Kinds of weakness that it shows, in order; it shows no others.
    pub weaknesses: &'static [&'static str],
}

impl Device {
    const fn new(name: &'static str, mac: [u8; 6], host: [u8; 4], stack: Stack) -> Self {
        let [a, b, c, d] = host;
        let truth = Truth { category: None, vendor: None, serial: None, roles: &[], weaknesses: &[] };
        Self { name, mac, ip: Ipv4Addr::new(a, b, c, d), stack, is_remote: false, truth }
    }

    const fn is(self, category: &'static str) -> Self {
        Self { truth: Truth { category: Some(category), ..self.truth }, ..self }
    }

    const fn by(self, vendor: &'static str) -> Self {
        Self { truth: Truth { vendor: Some(vendor), ..self.truth }, ..self }
    }

    const fn serial(self, serial: &'static str) -> Self {
        Self { truth: Truth { serial: Some(serial), ..self.truth }, ..self }
    }

    const fn does(self, roles: &'static [&'static str]) -> Self {
        Self { truth: Truth { roles, ..self.truth }, ..self }
    }

    const fn shows(self, weaknesses: &'static [&'static str]) -> Self {
        Self { truth: Truth { weaknesses, ..self.truth }, ..self }
    }

    const fn remote(self) -> Self {
        Self { is_remote: true, ..self }
    }

    /// Where it sends from.
    pub const fn station(&self) -> Station {
        let link = if self.is_remote { ELSEWHERE } else { WARD };
        Station { mac: self.mac, ip: self.ip, stack: self.stack, link, hops: self.is_remote as u8 }
    }

    /// How it says who it is.
    pub const fn host(&self) -> Host<'static> {
        Host { station: self.station(), name: self.name }
    }

    /// The hardware address as text.
    pub fn mac_text(&self) -> String {
        self.mac.map(|byte| format!("{byte:02x}")).join(":")
    }

    /// The identifier that Cordon gives it: by hardware address, if that is its own and shows.
    pub fn id(&self) -> String {
        let [first, ..] = self.mac;
        if self.is_remote || first & 2 != 0 {
            return format!("ip-{}", self.ip);
        }
        format!("mac-{}", self.mac.map(|byte| format!("{byte:02x}")).concat())
    }
}

/// A device known only through another one.
#[derive(Clone, Copy, Debug)]
pub struct Behind {
    /// Through whom.
    pub through: Device,
    /// Its serial number.
    pub serial: &'static str,
    /// Identifier of the category.
    pub category: &'static str,
    /// The maker's name.
    pub vendor: &'static str,
    /// Kinds of weakness that it shows.
    pub weaknesses: &'static [&'static str],
}

/// The domain of all names.
pub const DOMAIN: &str = "ward.example";

/// Where the ward's network ends.
pub const ROUTER: Device = Device::new("rt-ward", [0x00, 0x01, 0x43, 0x1c, 0x40, 0x01], [10, 20, 30, 1], NETWORK)
    .is("router")
    .by("Cisco")
    .does(&["router"])
    .shows(&["snmp_cleartext", "snmp_default_community"]);
/// The switch whose mirror port is recorded.
pub const SWITCH: Device = Device::new("sw-ward-3", [0x00, 0x01, 0x42, 0x1c, 0x40, 0x02], [10, 20, 30, 2], NETWORK)
    .is("switch")
    .by("Cisco")
    .serial("FOC0042X0AB")
    .shows(&["snmp_cleartext", "snmp_default_community"]);
/// Radio for the tablets.
pub const ACCESS_POINT: Device = Device::new("ap-ward-3", [0x00, 0x1a, 0x1e, 0x0b, 0x20, 0x03], [10, 20, 30, 3], LINUX)
    .is("access_point")
    .by("Aruba Networks");
/// Windows domain controller: leases, names, sign-ins.
pub const CONTROLLER: Device = Device::new("dc1", [0x8c, 0xec, 0x4b, 0x10, 0x00, 0x10], [10, 20, 30, 10], WINDOWS)
    .by("Dell")
    .does(&["dhcp_server", "dns_server", "file_server"])
    .shows(&["smb_unsigned"]);
/// Time from a radio clock.
pub const CLOCK: Device = Device::new("clock1", [0xec, 0x46, 0x70, 0x00, 0x4d, 0x11], [10, 20, 30, 11], LINUX)
    .is("time_server")
    .by("Meinberg")
    .does(&["ntp_server"]);
/// Watches the other machines.
pub const WATCHER: Device = Device::new("mon1", [0x0c, 0xc4, 0x7a, 0x33, 0x12, 0x12], [10, 20, 30, 12], LINUX)
    .by("Super Micro Computer")
    .does(&["network_management"]);

/// Patient monitors, beds 1 to 3.
pub const MONITORS: [Device; 3] = [
    monitor("mx800-bed1", [0x00, 0x09, 0xfb, 0x40, 0x01, 0x41], 41, "DE0000A141"),
    monitor("mx800-bed2", [0x00, 0x09, 0xfb, 0x40, 0x01, 0x42], 42, "DE0000A142"),
    monitor("mx450-bed3", [0x00, 0x09, 0xfb, 0x40, 0x01, 0x43], 43, "DE0000A143"),
];
/// Shows the monitors at the nurses' desk.
pub const CENTRAL: Device = Device::new("piic-3", [0x3c, 0x52, 0x82, 0x05, 0x00, 0x40], [10, 20, 30, 40], WINDOWS)
    .is("central_station")
    .by("Philips")
    .shows(&["cleartext_medical"])
    .does(&["hl7_sender", "monitoring_client"]);
/// Ventilator at bed 1.
pub const VENTILATOR: Device = Device::new("evita-bed1", [0x00, 0x30, 0xe6, 0x50, 0x02, 0x51], [10, 20, 30, 51], LINUX)
    .is("ventilator")
    .by("Dräger")
    .serial("ASXX-0151");
/// Anaesthesia machine in the induction room.
pub const ANAESTHESIA: Device =
    Device::new("perseus-ind", [0xf0, 0xe5, 0xc3, 0x50, 0x02, 0x52], [10, 20, 30, 52], LINUX)
        .is("anesthesia_machine")
        .by("Dräger")
        .serial("ASXX-0152");
/// Listens to the SDC devices.
pub const ALARM_SERVER: Device =
    Device::new("alarm1", [0x00, 0x25, 0x90, 0x61, 0x00, 0x53], [10, 20, 30, 53], LINUX).by("Super Micro Computer");
/// Speaks for the infusion pumps.
pub const PUMP_GATEWAY: Device = Device::new("pumps-3", [0x00, 0x12, 0x21, 0x18, 0x00, 0x60], [10, 20, 30, 60], LINUX)
    .is("medical_gateway")
    .by("B. Braun")
    .shows(&["cleartext_medical"])
    .does(&["hl7_sender", "medical_gateway"]);
/// Analyser in the ward's laboratory.
pub const ANALYSER: Device = Device::new("xp100-lab", [0x00, 0x06, 0x6b, 0x02, 0x00, 0x61], [10, 20, 30, 61], EMBEDDED)
    .is("hematology_analyzer")
    .by("Sysmex")
    .serial("A0061")
    .shows(&["cleartext_medical"]);
/// Where the glucose meters dock.
pub const METER_BASE: Device =
    Device::new("base-3", [0x00, 0x60, 0x19, 0x44, 0x00, 0x62], [10, 20, 30, 62], EMBEDDED).by("Roche");
/// Computed tomography.
pub const CT: Device = Device::new("ct1", [0x88, 0x4b, 0x39, 0x0a, 0x00, 0x70], [10, 20, 30, 70], WINDOWS)
    .is("ct_scanner")
    .by("Siemens Healthineers")
    .serial("000070")
    .does(&["modality"])
    .shows(&["cleartext_medical"]);
/// Magnetic resonance.
pub const MR: Device = Device::new("mr1", [0xd4, 0xbe, 0xd9, 0x0a, 0x00, 0x71], [10, 20, 30, 71], LINUX)
    .is("mri_scanner")
    .by("GE HealthCare")
    .serial("GEMR0071")
    .does(&["modality"])
    .shows(&["cleartext_medical"]);
/// Ultrasound on wheels: it is plugged in elsewhere later and gets another address.
pub const ULTRASOUND: Device = Device::new("us-cart", [0x44, 0x4b, 0x5d, 0x0a, 0x00, 0x72], [10, 20, 30, 172], WINDOWS)
    .is("ultrasound")
    .by("GE HealthCare")
    .serial("LQ000072")
    .shows(&["cleartext_medical"]);
/// The ultrasound's second address.
pub const ULTRASOUND_SECOND_ADDRESS: Ipv4Addr = Ipv4Addr::new(10, 20, 30, 188);

/// Heating and air.
pub const CLIMATE: Device = Device::new("ahu-3", [0x00, 0x10, 0x8d, 0x71, 0x00, 0x80], [10, 20, 30, 80], EMBEDDED)
    .is("building_controller")
    .by("Johnson Controls")
    .shows(&["unauthenticated_control"]);
/// Medical gas supply.
pub const PLC: Device = Device::new("gas-plc", [0x00, 0x00, 0x54, 0x71, 0x00, 0x81], [10, 20, 30, 81], EMBEDDED)
    .is("plc")
    .by("Schneider Electric")
    .shows(&["unauthenticated_control"]);
/// Runs the building.
pub const BUILDING_SERVER: Device =
    Device::new("bms1", [0x00, 0x14, 0x38, 0x71, 0x00, 0x82], [10, 20, 30, 82], WINDOWS)
        .by("Hewlett Packard Enterprise");
/// Telephone at the nurses' desk.
pub const PHONE: Device =
    Device::new("snomD785-310083", [0x00, 0x04, 0x13, 0x31, 0x00, 0x83], [10, 20, 30, 183], LINUX)
        .is("voip_phone")
        .by("Snom")
        .serial("SN00040083");
/// Camera in the corridor.
pub const CAMERA: Device =
    Device::new("axis-00408c310084", [0x00, 0x40, 0x8c, 0x31, 0x00, 0x84], [10, 20, 30, 184], LINUX)
        .is("ip_camera")
        .by("Axis Communications")
        .shows(&["cleartext_credentials"]);
/// Printer of the ward.
pub const PRINTER: Device = Device::new("NPI310085", [0x00, 0x68, 0xeb, 0x31, 0x00, 0x85], [10, 20, 30, 185], NETWORK)
    .is("printer")
    .by("HP")
    .serial("VNB0000085")
    .does(&["print_server"])
    .shows(&["snmp_cleartext", "snmp_default_community"]);
/// Puts serial lines on the network, and everybody knows its password.
pub const SERIAL_SERVER: Device =
    Device::new("eds-lab", [0x00, 0x80, 0xa3, 0x31, 0x00, 0x86], [10, 20, 30, 86], EMBEDDED)
        .is("serial_server")
        .by("Lantronix")
        .serial("0042310086")
        .shows(&["cleartext_credentials", "default_credentials", "cleartext_management"]);
/// Battery of the server cabinet, with an old web server.
pub const UPS: Device =
    Device::new("ups-3", [0x00, 0xc0, 0xb7, 0x31, 0x00, 0x87], [10, 20, 30, 87], EMBEDDED).is("ups").by("APC").shows(
        &["obsolete_tls", "self_signed_certificate", "weak_certificate", "snmp_cleartext", "snmp_default_community"],
    );
/// Prints wristbands, on an address set by hand.
pub const LABEL_PRINTER: Device =
    Device::new("ZBR3100088", [0x00, 0x07, 0x4d, 0x31, 0x00, 0x88], [10, 20, 30, 88], EMBEDDED)
        .by("Zebra Technologies")
        .does(&["print_server"]);
/// Reads barcodes, on the same address by mistake.
pub const BARCODE_READER: Device =
    Device::new("scan-3", [0x00, 0x07, 0xbe, 0x31, 0x00, 0x89], [10, 20, 30, 88], EMBEDDED).by("Datalogic");

/// Workstations of the ward; the third is curious.
pub const WORKSTATIONS: [Device; 3] = [
    workstation("DESKTOP-W3A0001", [0x8c, 0xec, 0x4b, 0x20, 0x00, 0x91], 191, "Dell")
        .does(&["image_viewer"])
        .shows(&["cleartext_medical"]),
    workstation("DESKTOP-W3A0002", [0x04, 0x0e, 0x3c, 0x20, 0x00, 0x92], 192, "HP")
        .shows(&["cleartext_credentials", "cleartext_management"]),
    workstation("DESKTOP-W3A0003", [0x80, 0x96, 0x21, 0x20, 0x00, 0x93], 193, "Lenovo"),
];
/// A visitor's telephone with a made-up hardware address.
pub const VISITOR: Device = Device::new("iPhone", [0xda, 0x5e, 0x11, 0x20, 0x00, 0x94], [10, 20, 30, 194], APPLE)
    .is("mobile_device")
    .by("Apple");

/// Archive of images.
pub const PACS: Device = Device::new("pacs1", [0; 6], [10, 20, 8, 20], LINUX)
    .is("pacs_archive")
    .does(&["image_provider", "pacs"])
    .shows(&["cleartext_medical"])
    .remote();
/// Radiology information system with the worklist.
pub const WORKLIST: Device = Device::new("ris1", [0; 6], [10, 20, 8, 21], WINDOWS)
    .is("worklist_server")
    .does(&["worklist"])
    .shows(&["cleartext_medical"])
    .remote();
/// Passes messages between systems.
pub const ENGINE: Device = Device::new("engine1", [0; 6], [10, 20, 8, 30], LINUX)
    .is("interface_engine")
    .shows(&["cleartext_medical"])
    .does(&["hl7_receiver", "hl7_sender", "interface_engine"])
    .remote();
/// Laboratory information system, in the ward's own cabinet.
pub const LABORATORY: Device = Device::new("lis1", [0x00, 0xfd, 0x45, 0x61, 0x00, 0x32], [10, 20, 30, 32], WINDOWS)
    .is("laboratory_system")
    .by("Hewlett Packard Enterprise")
    .does(&["hl7_receiver", "hl7_sender"])
    .shows(&["cleartext_medical"]);
/// Hospital information system, in the ward's own cabinet too.
pub const HOSPITAL: Device = Device::new("his1", [0x64, 0xb9, 0x4e, 0x61, 0x00, 0x31], [10, 20, 30, 31], LINUX)
    .is("hospital_system")
    .by("Dell")
    .does(&["hl7_receiver", "hl7_sender"])
    .shows(&["cleartext_medical"]);
/// Patient records in the browser.
pub const PORTAL: Device = Device::new("portal", [0; 6], [10, 20, 8, 40], LINUX).remote();

/// Outside the hospital: the maker's remote service, an update server, a clock, a web site.
pub const REMOTE_SERVICE: Station = outside([198, 51, 100, 77]);
/// Updates of the workstations.
pub const UPDATES: Station = outside([203, 0, 113, 20]);
/// A public time server.
pub const PUBLIC_CLOCK: Station = outside([192, 0, 2, 123]);
/// What visitors look at.
pub const WEB_SITE: Station = outside([203, 0, 113, 80]);

/// All of them.
pub fn all() -> Vec<Device> {
    let mut all = vec![
        ROUTER,
        SWITCH,
        ACCESS_POINT,
        CONTROLLER,
        CLOCK,
        WATCHER,
        CENTRAL,
        VENTILATOR,
        ANAESTHESIA,
        ALARM_SERVER,
        PUMP_GATEWAY,
        ANALYSER,
        METER_BASE,
        CT,
        MR,
        ULTRASOUND,
        CLIMATE,
        PLC,
        BUILDING_SERVER,
        PHONE,
        CAMERA,
        PRINTER,
        SERIAL_SERVER,
        UPS,
        LABEL_PRINTER,
        BARCODE_READER,
        VISITOR,
        PACS,
        WORKLIST,
        ENGINE,
        LABORATORY,
        HOSPITAL,
        PORTAL,
    ];
    all.extend(MONITORS);
    all.extend(WORKSTATIONS);
    all
}

/// All that are known only through others.
pub fn all_behind() -> Vec<Behind> {
    let pump =
        |serial, category| Behind { through: PUMP_GATEWAY, serial, category, vendor: "B. Braun", weaknesses: &[] };
    let weaknesses = &["cleartext_medical"];
    let meter = |serial| Behind { through: METER_BASE, serial, category: "glucose_meter", vendor: "Roche", weaknesses };
    let ([volumetric, first, second], [one, other]) = (PUMP_SERIALS, METER_SERIALS);
    vec![
        pump(volumetric, "infusion_pump"),
        pump(first, "syringe_pump"),
        pump(second, "syringe_pump"),
        meter(one),
        meter(other),
    ]
}

/// Serial numbers of the pumps behind the gateway: a volumetric pump, two syringe pumps.
pub const PUMP_SERIALS: [&str; 3] = ["IS00310601", "PS00310602", "PS00310603"];
/// Serial numbers of the glucose meters that use the base.
pub const METER_SERIALS: [&str; 2] = ["UU13000621", "UU13000622"];

/// What stands where a decoder must not read: it may appear in no output.
pub const CANARY: &str = "CANARY";
/// `CANARY` in base 64 as it stands in the HTTP sign-in.
pub const CANARY_BASE_64: &str = "Q0FOQVJZO";

const fn monitor(name: &'static str, mac: Mac, host: u8, serial: &'static str) -> Device {
    Device::new(name, mac, [10, 20, 30, host], EMBEDDED)
        .is("patient_monitor")
        .by("Philips")
        .serial(serial)
        .shows(&["cleartext_medical"])
}

const fn workstation(name: &'static str, mac: Mac, host: u8, vendor: &'static str) -> Device {
    Device::new(name, mac, [10, 20, 30, host], WINDOWS).is("workstation").by(vendor)
}

/// The ward's link.
const WARD: Link = Link { vlan: 0, router: ROUTER.mac, router_ip: ROUTER.ip, prefix: 24, rank: 1 };
/// What is behind the ward's router is not recorded.
const ELSEWHERE: Link = Link { rank: 0, ..WARD };

/// Who serves the ward.
pub const SERVICES: Services<'static> =
    Services { addresses: CONTROLLER.station(), names: CONTROLLER.station(), clock: CLOCK.ip, domain: DOMAIN };

/// Somebody on the Internet: addresses that are kept for documents (RFC 5737).
const fn outside(ip: [u8; 4]) -> Station {
    let [a, b, c, d] = ip;
    Station { mac: ROUTER.mac, ip: Ipv4Addr::new(a, b, c, d), stack: LINUX, link: ELSEWHERE, hops: 12 }
}

//! Servers of pumps on Wi-Fi, one of each maker: they hold drug libraries, and hear how the pumps are. What pumps say to
//! them is the makers' own and mostly encrypted; one of them tells the interface engine (IHE PCD-01).

use super::{Kind, Routine, tcp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::WINDOWS;
use crate::hospital::Around;
use crate::place::{Spot, Zone};
use crate::rhythm::Rhythm;
use crate::talk::mllp::{Ends, Line};
use crate::talk::pcd::{self, Report};
use crate::talk::tls::Certificate;

/// Servers of pumps.
pub struct PumpServer;

/// A maker's server.
#[derive(Clone, Copy)]
pub(super) struct Product {
    pub(super) vendor: &'static str,
    pub(super) family: &'static str,
    pub(super) host: &'static str,
    /// Where the pumps connect to.
    pub(super) port: u16,
    /// Organisation and common name in its certificate; none where nothing is encrypted.
    pub(super) certificate: Option<[&'static str; 2]>,
    told: &'static [&'static str],
    roles: &'static [&'static str],
    weaknesses: &'static [&'static str],
}

/// Baxter's gateway listens on a port of its own without encryption (CVE-2020-12040); BD's has IANA's `alaris-disc`.
/// From there its pumps are looked after by telnet and FTP.
/// Fresenius Kabi's certificate is of the kind that ICSMA-21-355-01 describes: old and signed by itself.
pub(super) const PRODUCTS: [Product; 4] = [
    Product {
        vendor: "Baxter",
        family: "SIGMA Spectrum",
        host: "spectrum-gw1",
        port: 51_243,
        certificate: None,
        told: &[],
        roles: &[],
        weaknesses: &["cleartext_credentials", "cleartext_management"],
    },
    Product {
        vendor: "BD",
        family: "Alaris",
        host: "alaris-sm1",
        port: 3_613,
        certificate: Some(["CareFusion", "Alaris Systems Manager"]),
        told: &["vendor"],
        roles: &[],
        weaknesses: &[],
    },
    Product {
        vendor: "ICU Medical",
        family: "MedNet",
        host: "mednet1",
        port: 443,
        certificate: Some(["ICU Medical, Inc.", "MedNet"]),
        told: &["category", "vendor"],
        roles: &["hl7_sender", "medical_gateway"],
        weaknesses: &["cleartext_medical"],
    },
    Product {
        vendor: "Fresenius Kabi",
        family: "Vigilant",
        host: "vigilant1",
        port: 443,
        certificate: Some(["Fresenius Kabi AG", "vigilant1"]),
        told: &["vendor"],
        roles: &[],
        weaknesses: &["obsolete_tls", "self_signed_certificate", "weak_certificate"],
    },
];
const ENGINE: u16 = 6_663;
const REPORT_S: u64 = 900;

impl Product {
    /// What the server shows to pumps.
    pub(super) fn certificate(&self) -> Option<Certificate<'static>> {
        let [organisation, name] = self.certificate?;
        let is_old = self.vendor == "Fresenius Kabi";
        let issuer = if is_old { ["DE", organisation, name] } else { ["US", organisation, "Device Issuing CA 2"] };
        Some(Certificate {
            subject: [if is_old { "DE" } else { "US" }, organisation, name],
            issuer,
            names: &[],
            validity: ["200301000000Z", "400301000000Z"],
            key_bytes: if is_old { 128 } else { 256 },
            is_sha_1: is_old,
        })
    }
}

impl Kind for PumpServer {
    fn name(&self) -> &'static str {
        "pump_server"
    }

    fn count(&self, _: usize) -> usize {
        PRODUCTS.len()
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let [first, ..] = &PRODUCTS;
        let index = number.rem_euclid(PRODUCTS.len());
        let product = PRODUCTS.get(index).unwrap_or(first);
        let mut device = Device::new(product.host, draw.mac([0x00, 0x50, 0x56]), WINDOWS, Zone::Servers)
            .is("pump_server", product.vendor, product.told)
            .named(product.family, "", "")
            .does(product.roles)
            .shows(product.weaknesses)
            .at(Spot { building: 1, floor: 0, unit: "IT", bed: 10 })
            .on_time();
        device.product = index;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(engine) = around.one("interface_engine", me).filter(|_| me.truth.vendor == "ICU Medical") else {
            return Vec::new();
        };
        let pumps: Vec<String> = around
            .all("wireless_pump")
            .filter(|pump| pump.product == me.product)
            .map(|pump| pump.truth.serial.clone())
            .collect();
        let reporter = "PAT_DEVICE_ICU_MEDICAL^0003B10000000001^EUI-64";
        let ends = Ends {
            from: me.station,
            to: engine.station,
            port: ENGINE,
            sender: format!("{reporter}|ICU_MEDICAL"),
            receiver: "MIRTH|IT".to_owned(),
        };
        let mut line = Line::new(ends);
        let reports = Routine::new(Rhythm::every(REPORT_S, draw), move |tape, at, _| {
            let messages = (1_u32..).zip(&pumps).map(|(patient, serial)| {
                let texts = [("531975^MDC_ID_PROD_SPEC_SW", PLUM_SOFTWARE)];
                let numbers = [("157784^MDC_FLOW_FLUID_PUMP", "265266^MDC_DIM_MILLI_L_PER_HR")];
                let report = Report {
                    system: "70049^MDC_DEV_PUMP_INFUS_LVP_MDS",
                    device: "70050^MDC_DEV_PUMP_INFUS_LVP_VMD",
                    equipment: serial,
                    is_repeated: true,
                    texts: &texts,
                    numbers: &numbers,
                };
                pcd::observation(
                    patient,
                    &format!("{patient}^{reporter}|{patient}^{reporter}|0^CANARYPCDOBR4 drug"),
                    &report,
                )
            });
            line.send(tape, at, messages);
        });
        vec![reports.over(tcp(me, engine, ENGINE, "hl7").doing(&["ORU^R01"]))]
    }
}

/// A Plum 360 lists all its parts.
const PLUM_SOFTWARE: &str = "InfuserType=PLUM_360~Infuser Software=15.11.00.018~Connectivity Engine=03.04.00.024";

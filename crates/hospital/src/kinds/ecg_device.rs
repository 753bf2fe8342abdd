//! ECG carts: they ask for their worklist, and send the recorded sheet (as a secondary capture: not everybody bought
//! waveform storage). What is inside are other makers' computers and radios, as their addresses show.

use super::ecg_server::{DICOM, ENTITY};
use super::{Kind, Routine, of_thousand, tcp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::{LINUX, Stack, WINDOWS};
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::{CLINIC, Rhythm};
use crate::talk::dhcp;
use crate::talk::dicom::{Association, Entity, Equipment, VERIFICATION, WORKLIST};

const SECONDARY_CAPTURE: &str = "1.2.840.10008.5.1.4.1.1.7";
/// Bytes of the sheet.
const SHEET_BYTES: usize = 48_000;
const RADIO: dhcp::Client =
    dhcp::Client { vendor_class: "udhcp 1.22.1", parameters: &[1, 3, 6, 12, 15, 28, 42], full_name: false };

/// ECG carts.
pub struct EcgDevice;

/// What a cart is and says.
struct Model {
    prefix: [u8; 3],
    stack: Stack,
    vendor: &'static str,
    family: &'static str,
    model: &'static str,
    software: &'static str,
    manufacturer: &'static str,
    implementation: &'static str,
    version: &'static str,
}

const MODELS: [Model; 3] = [
    Model {
        // A congatec computer.
        prefix: [0x00, 0x13, 0x95],
        stack: LINUX,
        vendor: "GE HealthCare",
        family: "MAC",
        model: "MAC VU360",
        software: "1.05.01",
        manufacturer: "GE Healthcare",
        implementation: "1.2.840.113619.6.425",
        version: "GE_MACVU360_1",
    },
    Model {
        prefix: [0x00, 0x0d, 0xb8],
        stack: LINUX,
        vendor: "Schiller",
        family: "CARDIOVIT",
        model: "CARDIOVIT AT-102 G2",
        software: "1.6.0",
        manufacturer: "SCHILLER AG",
        implementation: "1.2.276.0.7230010.3.0.3.6.2",
        version: "OFFIS_DCMTK_362",
    },
    Model {
        // An Advantech computer.
        prefix: [0x00, 0x0b, 0xab],
        stack: WINDOWS,
        vendor: "Philips",
        family: "PageWriter",
        model: "PageWriter TC70",
        software: "A.07.07.07",
        manufacturer: "Philips Medical Systems",
        implementation: "1.3.46.670589.11.0.0.51.4.4.1",
        version: "PHILIPS_TC_1",
    },
];

impl Kind for EcgDevice {
    fn name(&self) -> &'static str {
        "ecg_device"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 10)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        let product = draw.index(MODELS.len());
        let [first, ..] = &MODELS;
        let model = MODELS.get(product).unwrap_or(first);
        let name = format!("ekg{:02}-{}", number.saturating_add(1), spot.unit.to_ascii_lowercase());
        let mut device = Device::new(name, draw.mac(model.prefix), model.stack, Zone::Clinical)
            .is("ecg_device", model.vendor, &["category", "vendor", "model", "serial", "software"])
            .named(model.family, model.model, model.software)
            .serial(format!("S{}", draw.digits(8)))
            .does(&["modality"])
            .shows(&["cleartext_medical"])
            .at(spot)
            .leases(RADIO);
        device.product = product;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let (Some(server), Some(model)) = (around.one("ecg_server", me), MODELS.get(me.product)) else {
            return Vec::new();
        };
        let (station, to) = (me.station, server.station);
        let (title, serial) = (me.name.to_ascii_uppercase().replace('-', "_"), me.truth.serial.clone());
        let recordings = Routine::new(Rhythm::daily(8, CLINIC, draw), move |tape, at, _| {
            let entity = Entity { title: &title, implementation: model.implementation, version: model.version };
            let equipment = Equipment {
                modality: "ECG",
                manufacturer: model.manufacturer,
                station: &title,
                model: model.model,
                serial: &serial,
                software: model.software,
            };
            let (from, to) = ((&station, &entity), (&to, &ENTITY, DICOM));
            let mut list = Association::open(tape, at, from, to, &[VERIFICATION, WORKLIST]);
            list.find(3, WORKLIST, 2);
            list.release();
            let mut storage = Association::open(tape, at.after_s(95), from, to, &[VERIFICATION, SECONDARY_CAPTURE]);
            storage.store(3, SECONDARY_CAPTURE, &equipment, SHEET_BYTES);
            storage.release();
        });
        vec![recordings.over(tcp(me, server, DICOM, "dicom").doing(&["C-FIND", "C-STORE"]))]
    }
}

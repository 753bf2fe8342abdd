//! Film printers: whoever prints asks them first what they are and how they do.

use super::{Kind, Routine, of_thousand};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::{EMBEDDED, LINUX, Stack, WINDOWS};
use crate::hospital::Around;
use crate::place::{Spot, Zone};
use crate::talk::dicom::{Entity, Film};

/// Where they listen.
pub const PORT: u16 = 104;

/// Vendor and model; as it names itself; implementation class UID and version name, title; hardware address, system.
type Product = ([&'static str; 2], [&'static str; 3], [&'static str; 3], [u8; 3], Stack);
/// The arcs are their makers'; what follows in them is made up.
const PRODUCTS: [Product; 3] = [
    (
        ["Agfa HealthCare", "DRYSTAR 5503"],
        ["Agfa-Gevaert", "DRYSTAR 5503", "4.2.1"],
        ["1.3.51.0.2.5503", "DRYSTAR_42", "DRYSTAR"],
        [0x08, 0x00, 0x66],
        LINUX,
    ),
    (
        ["Carestream", "DryView 5950"],
        ["CARESTREAM HEALTH", "DRYVIEW 5950", "4.0.60.1"],
        ["1.2.840.113564.15.5950", "DV5950_4", "DRYVIEW"],
        [0x00, 0x1d, 0x4a],
        WINDOWS,
    ),
    (
        ["Codonics", "Horizon XL"],
        ["Codonics", "Horizon", "2.2.0"],
        ["1.2.840.113661.1.3.1", "HORIZON", "HORIZON"],
        [0x00, 0x40, 0xb1],
        EMBEDDED,
    ),
];

/// Film printers.
pub struct DicomPrinter;

/// What a printer says of itself.
#[derive(Clone)]
pub struct Told {
    product: Product,
    serial: String,
}

/// What a printer says of itself.
pub fn film(printer: &Device) -> Told {
    let [first, ..] = PRODUCTS;
    let product = PRODUCTS.get(printer.product).copied().unwrap_or(first);
    Told { product, serial: printer.truth.serial.clone() }
}

impl Told {
    /// As it accepts associations.
    pub const fn entity(&self) -> Entity<'static> {
        let (_, _, [implementation, version, title], ..) = self.product;
        Entity { title, implementation, version }
    }

    /// A film of it.
    pub fn film(&self) -> Film<'_> {
        let (_, [maker, model, software], ..) = self.product;
        Film { printer: [maker, model, &self.serial, software], pixels: 60_000 }
    }
}

impl Kind for DicomPrinter {
    fn name(&self) -> &'static str {
        "dicom_printer"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 1)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let index = draw.index(PRODUCTS.len());
        let [first, ..] = PRODUCTS;
        let ([vendor, model], [_, _, software], _, prefix, stack) = PRODUCTS.get(index).copied().unwrap_or(first);
        let bed = u64::try_from(number).unwrap_or(0).saturating_add(1);
        let mut device = Device::new(format!("film{bed}"), draw.mac(prefix), stack, Zone::Imaging)
            .is("dicom_printer", vendor, &["category", "vendor", "model", "serial", "software"])
            .named("", model, software)
            .serial(draw.digits(8))
            .does(&["film_printer"])
            .shows(&["cleartext_medical"])
            .at(Spot { building: 1, floor: 0, unit: "RAD", bed });
        device.product = index;
        device
    }

    fn speak(&self, _: &Device, _: &Around, _: &mut Draw) -> Vec<Routine> {
        Vec::new()
    }
}

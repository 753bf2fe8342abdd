//! Glucose meters: they have no address; what is known of them their docking base says.

use super::{Kind, Routine, of_thousand};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::EMBEDDED;
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::talk::point_of_care::Meter;

/// Vendor and model; vendor_id, manufacturer_name and model_id as they say; hardware and software; the start of its serial
/// number and how many digits follow.
type Product = ([&'static str; 2], [&'static str; 3], [&'static str; 2], (&'static str, usize));
const PRODUCTS: [Product; 3] = [
    (["Roche", "ACCU-CHEK Inform II"], ["ROCHE", "Roche", "ACCU-CHEK Inform II"], ["1.0", "04.03.00"], ("UU", 8)),
    (["Nova Biomedical", "StatStrip"], ["NOVABIO", "Nova Biomedical", "StatStrip"], ["K2", "3.09.2.0"], ("06", 8)),
    (
        ["Abbott", "FreeStyle Precision Pro"],
        ["ADC", "Abbott Diabetes Care", "FreeStyle Precision Pro"],
        ["2", "1.4.0"],
        ("PFG", 8),
    ),
];

/// Glucose meters.
pub struct GlucoseMeter;

/// As it says of itself.
pub fn said(meter: &Device) -> Meter<'_> {
    let [first, ..] = PRODUCTS;
    let (_, [vendor, maker, model], versions, _) = PRODUCTS.get(meter.product).copied().unwrap_or(first);
    Meter { maker: [vendor, maker], model, serial: &meter.truth.serial, versions, name: &meter.name }
}

impl Kind for GlucoseMeter {
    fn name(&self) -> &'static str {
        "glucose_meter"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 24)
    }

    fn behind(&self) -> Option<&'static str> {
        Some("meter_base")
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        // A hospital buys one maker's for all wards, and keeps some of the old ones.
        let product = if draw.chance(80) { 0 } else { draw.index(PRODUCTS.len()) };
        let [first, ..] = PRODUCTS;
        let ([vendor, model], _, [_, software], (start, digits)) = PRODUCTS.get(product).copied().unwrap_or(first);
        let mut device = Device::new(format!("BG-{}", spot.label()), [0; 6], EMBEDDED, Zone::Clinical)
            .is("glucose_meter", vendor, &["category", "vendor", "model", "serial", "software"])
            .named("", model, software)
            .serial(format!("{start}{}", draw.digits(digits)))
            .shows(&["cleartext_medical"])
            .at(spot);
        device.product = product;
        device
    }

    fn speak(&self, _: &Device, _: &Around, _: &mut Draw) -> Vec<Routine> {
        Vec::new()
    }
}

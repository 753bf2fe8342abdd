//! Mobile computers with barcode readers that staff carry: Zebra, Honeywell, Datalogic, all with Android.

use super::habits::{Site, by_share, looks_online, visits};
use super::{Kind, Routine, of_thousand};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::LINUX;
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::{Rhythm, WARD};
use crate::talk::{dhcp, web};

/// Maker, model, prefix (the second is that of a maker that Honeywell bought), vendor class, share.
const MODELS: [(&str, &str, [u8; 3], &str, u64); 3] = [
    ("Zebra Technologies", "TC52", [0x00, 0x15, 0x70], "android-dhcp-11", 60),
    ("Honeywell", "CT60", [0x00, 0x10, 0x40], "android-dhcp-10", 25),
    ("Datalogic", "Memor 20", [0x00, 0x07, 0xbe], "android-dhcp-9", 15),
];
/// What Android asks for.
pub const PARAMETERS: &[u8] = &[1, 3, 6, 15, 26, 28, 51, 58, 59, 43];

/// Mobile computers.
pub struct BarcodeReader;

impl Kind for BarcodeReader {
    fn name(&self) -> &'static str {
        "barcode_reader"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 18)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        let product = by_share(draw, MODELS.iter().map(|model| model.4));
        let (vendor, model, prefix, vendor_class, _) = MODELS.get(product).copied().unwrap_or_default();
        let client = dhcp::Client { vendor_class, parameters: PARAMETERS, full_name: false };
        let (name, told): (String, &[&str]) = match product {
            0 => (format!("TC52-{}", draw.digits(14)), &["category", "vendor"]),
            1 => (format!("CT60-{}", draw.letters(10)), &["vendor"]),
            _ => (format!("android-{}", draw.letters(16).to_ascii_lowercase()), &["vendor"]),
        };
        let mut device = Device::new(name, draw.mac(prefix), LINUX, Zone::Clinical)
            .is("barcode_reader", vendor, told)
            .named("", model, "")
            .at(spot)
            .leases(client);
        device.product = product;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(services) = around.services() else { return Vec::new() };
        let mut routines = vec![looks_online(me, web::ANDROID_ONLINE, around, Rhythm::every(7_200, draw))];
        if let Some(portal) = around.one("portal", me) {
            let site = Site::inside(portal, format!("portal.{}", services.domain), 2_000);
            routines.push(visits(me, portal, site, around, Rhythm::daily(20, WARD, draw)));
        }
        routines
    }
}

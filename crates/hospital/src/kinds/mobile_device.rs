//! Telephones and tablets of the hospital itself: they keep their real hardware address, as their management demands.

use super::barcode_reader::PARAMETERS;
use super::habits::{Site, by_share, looks_online, visits, visits_outside};
use super::{Kind, Routine, of_thousand};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::{APPLE, LINUX};
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::{Rhythm, WARD};
use crate::talk::names::{self, Service};
use crate::talk::{dhcp, web};

/// Android 13.
pub const ANDROID: dhcp::Client =
    dhcp::Client { vendor_class: "android-dhcp-13", parameters: PARAMETERS, full_name: false };

/// Tablets and telephones of staff.
pub struct MobileDevice;

impl Kind for MobileDevice {
    fn name(&self) -> &'static str {
        "mobile_device"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 20)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        let product = by_share(draw, [60, 40].into_iter());
        let device = match product {
            0 => Device::new("iPad", draw.mac([0xfc, 0xe2, 0x6c]), APPLE, Zone::Clinical)
                .is("mobile_device", "Apple", &["category", "vendor"])
                .leases(dhcp::IOS),
            _ => Device::new("Galaxy-Tab-Active3", draw.mac([0xfc, 0xaa, 0xb6]), LINUX, Zone::Clinical)
                .is("mobile_device", "Samsung", &["category", "vendor"])
                .leases(ANDROID),
        };
        let mut device = device.at(spot);
        device.product = product;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(services) = around.services() else { return Vec::new() };
        let management = Site::outside(around.outside(31), "devices.management.example", 1_500);
        let mut routines = vec![visits_outside(me, management, around, Rhythm::every(14_400, draw))];
        let online = if me.product == 0 { web::APPLE_ONLINE } else { web::ANDROID_ONLINE };
        routines.push(looks_online(me, online, around, Rhythm::daily(4, WARD, draw)));
        if let Some(portal) = around.one("portal", me) {
            let site = Site::inside(portal, format!("portal.{}", services.domain), 4_000);
            routines.push(visits(me, portal, site, around, Rhythm::daily(10, WARD, draw)));
        }
        if me.product == 0 {
            routines.push(companion(me, Rhythm::daily(4, WARD, draw)));
        }
        routines
    }
}

/// What Apple's devices announce to each other.
pub fn companion(me: &Device, rhythm: Rhythm) -> Routine {
    let (name, station) = (me.name.clone(), me.station);
    Routine::new(rhythm, move |tape, at, _| {
        let service = Service {
            kind: "_companion-link._tcp",
            instance: &name,
            port: 49_152,
            text: &["rpMac=0", "rpFl=0x20000", "rpVr=440.10"],
        };
        names::announce(tape, at, &station, &name, &[service]);
    })
}

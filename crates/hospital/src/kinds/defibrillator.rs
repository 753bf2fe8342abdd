//! Defibrillators on Wi-Fi: they tell their maker's service outside that they are ready (Stryker LIFENET, ZOLL Online),
//! once or twice a day and encrypted; the name they ask for says where to.

use super::{Flow, Kind, Peer, Routine, of_thousand, tcp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::EMBEDDED;
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::Rhythm;
use crate::talk::tls::{self, Certificate, Client, Visit};
use crate::talk::{dhcp, names};

/// First half of the address (the second one is that of a Summit radio), maker, family, model, whose the service is, and
/// its name.
type Model = ([u8; 3], &'static str, &'static str, &'static str, &'static str, &'static str);

const MODELS: [Model; 2] = [
    ([0x40, 0xbd, 0x9e], "Stryker", "LIFEPAK", "LIFEPAK 15", "Physio-Control, Inc.", "device.lifenetsystems.com"),
    ([0x00, 0x17, 0x23], "Zoll", "R Series", "R Series Plus", "ZOLL Medical Corporation", "upload.zollonline.com"),
];
const CHECK_S: u64 = 43_200;
const RADIO: dhcp::Client = dhcp::Client { vendor_class: "", parameters: &[1, 3, 6, 15, 28], full_name: false };

/// Defibrillators.
pub struct Defibrillator;

impl Kind for Defibrillator {
    fn name(&self) -> &'static str {
        "defibrillator"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 10)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        let product = draw.index(MODELS.len());
        let (prefix, vendor, family, model, ..) = MODELS.get(product).copied().unwrap_or_default();
        let mut device = Device::new(format!("defib-{}", draw.digits(4)), draw.mac(prefix), EMBEDDED, Zone::Clinical)
            .is("defibrillator", vendor, &["vendor"])
            .named(family, model, "")
            .serial(draw.digits(8))
            .at(spot)
            .leases(RADIO);
        device.product = product;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let (Some(services), Some((_, _, _, _, organisation, name))) = (around.services(), MODELS.get(me.product))
        else {
            return Vec::new();
        };
        let outside = around.outside(u8::try_from(me.product).unwrap_or(0).saturating_add(40));
        let station = me.station;
        let checks = Routine::new(Rhythm::every(CHECK_S, draw), move |tape, at, _| {
            names::lookup(tape, at, &station, &services.names, name, Some(outside.ip));
            let names = [*name];
            let certificate = Certificate {
                subject: ["US", organisation, name],
                issuer: ["US", "DigiCert Inc", "DigiCert TLS RSA SHA256 2020 CA1"],
                names: &names,
                validity: ["260301000000Z", "270331235959Z"],
                key_bytes: 256,
                is_sha_1: false,
            };
            let visit = Visit { client: Client::Plain, name, port: 443, certificate: Some(&certificate), length: 640 };
            tls::visit(tape, at.after_ms(40), &station, &outside, &visit);
        });
        vec![checks.over(Flow { to: Peer::Outside(outside.ip), ..tcp(me, me, 443, "tls") })]
    }
}

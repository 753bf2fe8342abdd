//! Visitors' and patients' telephones, tablets and laptops on the guest network: made-up hardware addresses (IEEE 802c,
//! locally administered), an address for some hours from the router, pages outside.

use super::habits::{ONLINE, Site, by_share, outside};
use super::mobile_device::ANDROID;
use super::{Flow, Kind, Routine, of_thousand};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::{APPLE, LINUX, Moment, NETWORK, Station, Tape, WINDOWS};
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::{Rhythm, VISITS};
use crate::talk::names::{self, Service};
use crate::talk::{Host, Services, dhcp, web};

/// Where visitors look: a name and who has it.
const PAGES: [(&str, u8); 5] = [
    ("news.visitor.example", 80),
    ("chat.messenger.example", 81),
    ("video.stream.example", 82),
    ("photos.cloud.example", 83),
    ("mail.provider.example", 84),
];
/// Who answers for names outside.
const NAMES: u8 = 53;
/// Seconds between two pages of a visit.
const PAGE_S: u64 = 47;
/// How many pages each likes.
const LIKED: usize = 3;

/// Visitors' and patients' devices.
pub struct Guest;

impl Kind for Guest {
    fn name(&self) -> &'static str {
        "guest"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 90)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        let product = by_share(draw, [45, 38, 8, 9].into_iter());
        // Locally administered, not a group: the second digit is 2, 6, A or E.
        let [_, b, c, d, e, f, ..] = draw.number().to_be_bytes();
        let mac = [[0xda, 0x5e, 0x32, 0xa6].get(number & 3).copied().unwrap_or(2), b, c, d, e, f];
        let device = match product {
            0 => Device::new("iPhone", mac, APPLE, Zone::Guests)
                .is("mobile_device", "Apple", &["category", "vendor"])
                .leases(dhcp::IOS),
            1 => Device::new("Galaxy-S21", mac, LINUX, Zone::Guests)
                .is("mobile_device", "Samsung", &["category"])
                .leases(ANDROID),
            2 => Device::new("iPad", mac, APPLE, Zone::Guests)
                .is("mobile_device", "Apple", &["category", "vendor"])
                .leases(dhcp::IOS),
            _ => Device::new(format!("LAPTOP-{}", draw.letters(8)), mac, WINDOWS, Zone::Guests)
                .is("workstation", "", &["category"])
                .leases(dhcp::WINDOWS),
        };
        let mut device = device.at(spot).visiting();
        device.product = product;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let (Some(client), Some(clock)) = (me.lease, around.all("time_server").next()) else { return Vec::new() };
        let link = me.station.link;
        let router = Station { mac: link.router, ip: link.router_ip, stack: NETWORK, link, hops: 0 };
        let services = Services {
            addresses: router,
            names: around.outside(NAMES),
            clock: clock.station.ip,
            domain: "guest.example",
        };
        let (name, station, product) = (me.name.clone(), me.station, me.product);
        let somebody = around.outside(ONLINE);
        let online = match product {
            0 | 2 => web::APPLE_ONLINE,
            1 => web::ANDROID_ONLINE,
            _ => web::WINDOWS_ONLINE,
        };
        let liked = PAGES.iter().cycle().skip(draw.index(PAGES.len())).take(LIKED);
        let pages: Vec<Site> = liked.map(|(name, host)| Site::outside(around.outside(*host), name, 9_000)).collect();
        let names_asked = Flow { protocol: 17, ..outside(me, services.names.ip, 53, "dns") };
        let mut flows: Vec<Flow> = pages.iter().map(|site| outside(me, site.station.ip, site.port, "tls")).collect();
        flows.extend([names_asked, outside(me, somebody.ip, 80, "http")]);
        let mut visit = Routine::new(Rhythm::daily(2, VISITS, draw), move |tape, at, _| {
            let host = Host { station, name: &name };
            dhcp::lease(tape, at, &services, &host, station.ip, &client);
            if product == 0 || product == 2 {
                shows_up(tape, at.after_s(3), &host);
            }
            names::lookup(tape, at.after_ms(1_900), &station, &services.names, online.host, Some(somebody.ip));
            online.ask(tape, at.after_s(2), &station, &somebody);
            for (turn, site) in (0_u64..).zip(&pages) {
                let at = at.after_s(turn.saturating_mul(PAGE_S).saturating_add(5));
                site.visited(tape, at, &station, Some(&services.names));
            }
        });
        for flow in flows {
            visit = visit.over(flow);
        }
        vec![visit]
    }
}

fn shows_up(tape: &mut Tape, at: Moment, host: &Host<'_>) {
    let service = Service { kind: "_companion-link._tcp", instance: host.name, port: 49_152, text: &["rpVr=440.10"] };
    names::announce(tape, at, &host.station, host.name, &[service]);
}

//! Windows computers on desks and wards: they sign in, look at patients' records, fetch files, print, and are updated.
//! Laptops speak by their radio, whose address names its maker alone.

use super::habits::{Site, by_share, looks_online, visits, visits_outside};
use super::{Kind, Routine, of_thousand, tcp, udp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::WINDOWS;
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::{Day, OFFICE, Rhythm, WARD};
use crate::talk::smb::{self, Computer};
use crate::talk::{Services, dhcp, directory, names, web};

/// Maker, model, prefix, whether the prefix is the maker's, share.
const MODELS: [(&str, &str, [u8; 3], bool, u64); 9] = [
    ("Dell", "OptiPlex 7080", [0x8c, 0xec, 0x4b], true, 20),
    ("Dell", "OptiPlex 5090", [0xf4, 0xee, 0x08], true, 14),
    ("HP", "EliteDesk 800 G6", [0xe0, 0x70, 0xea], true, 16),
    ("HP", "ProDesk 600 G5", [0x04, 0x0e, 0x3c], true, 12),
    ("Lenovo", "ThinkCentre M70q", [0x54, 0xe1, 0xad], false, 12),
    ("Fujitsu", "ESPRIMO D7012", [0x90, 0x1b, 0x0e], true, 9),
    ("Dell", "Latitude 5420", [0xf8, 0x94, 0xc2], false, 7),
    ("HP", "EliteBook 840 G8", [0xf4, 0xc8, 0x8a], false, 6),
    ("Lenovo", "ThinkPad T14", [0xf8, 0xac, 0x65], false, 4),
];
/// Windows 10 22H2, Windows 11 22H2 and 24H2.
const BUILDS: [u16; 3] = [19_045, 22_621, 26_100];
const ARRIVAL: Day =
    Day { hours: [0, 0, 0, 0, 0, 1, 6, 12, 8, 3, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0], weekend: 30 };
/// Who is visited outside: what Windows does of its own accord (Microsoft, "Manage connection endpoints for Windows 11
/// Enterprise": Windows Update, diagnostic data, push notifications), and pages, whose names end with what is kept for
/// examples (RFC 2606).
const OUTSIDE: [(&str, u8); 5] = [
    ("fe3cr.delivery.mp.microsoft.com", 20),
    ("v10.events.data.microsoft.com", 21),
    ("client.wns.windows.com", 23),
    ("guidelines.medicine.example", 60),
    ("news.paper.example", 80),
];
/// Mail and documents of those hospitals that have them there (Microsoft, "Microsoft 365 URLs and IP address ranges").
const OFFICE_365: (&str, u8) = ("outlook.office365.com", 24);

/// Windows computers.
pub struct Workstation;

impl Kind for Workstation {
    fn name(&self) -> &'static str {
        "workstation"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 250)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        let product = by_share(draw, MODELS.iter().map(|model| model.4));
        let (vendor, model, prefix, names_maker, _) = MODELS.get(product).copied().unwrap_or_default();
        let name = match draw.below(3) {
            0 => format!("DESKTOP-{}", draw.letters(7)),
            1 => format!("{}-PC{:04}", spot.unit, number.saturating_add(1)),
            _ => format!("KH{}W{:05}", spot.building, number.saturating_add(1)),
        };
        let told: &[&str] = if names_maker { &["category", "vendor"] } else { &["category"] };
        let zone = if draw.chance(60) { Zone::Office } else { Zone::Clinical };
        let mut device = Device::new(name, draw.mac(prefix), WINDOWS, zone)
            .is("workstation", vendor, told)
            .named("", model, "")
            .at(spot)
            .leases(dhcp::WINDOWS);
        device.product = draw.index(BUILDS.len());
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(services) = around.services() else { return Vec::new() };
        let day = if me.zone == Zone::Office { OFFICE } else { WARD };
        let mut routines = vec![arrives(me, around, &services, draw)];
        routines.push(looks_online(me, web::WINDOWS_ONLINE, around, Rhythm::daily(2, ARRIVAL, draw)));
        let (name, host) = OFFICE_365;
        if draw.chance(50) {
            let site = Site::outside(around.outside(host), name, 9_000);
            routines.push(visits_outside(me, site, around, Rhythm::daily(4, day, draw)));
        }
        routines.extend(files(me, around, &services, day, draw));
        if let Some(portal) = around.one("portal", me) {
            let site = Site::inside(portal, format!("portal.{}", services.domain), 5_000);
            routines.push(visits(me, portal, site, around, Rhythm::daily(12, day, draw)));
        }
        for (name, host) in OUTSIDE {
            let site = Site::outside(around.outside(host), name, 6_000);
            routines.push(visits_outside(me, site, around, Rhythm::daily(2, OFFICE, draw)));
        }
        routines.extend(prints(me, around, draw));
        routines
    }
}

/// Somebody switches it on: it tells its name, looks for a proxy and for its domain, and signs in.
fn arrives(me: &Device, around: &Around, services: &Services<'static>, draw: &mut Draw) -> Routine {
    let (name, station) = (me.name.clone(), me.station);
    let (controller, domain) = (services.names, services.domain);
    let group = group(domain);
    let shouts = draw.chance(40);
    let arrives = Routine::new(Rhythm::daily(2, ARRIVAL, draw), move |tape, at, _| {
        if shouts {
            names::netbios_registration(tape, at, &station, &name, &group);
        }
        names::lookup(tape, at.after_s(2), &station, &controller, &format!("wpad.{domain}"), None);
        names::llmnr(tape, at.after_s(3), &station, "wpad", None);
        // Which controller is near (MS-ADTS §6.3.6).
        let service = format!("dc1.{domain}");
        let site = format!("_ldap._tcp.Default-First-Site-Name._sites.dc._msdcs.{domain}");
        names::locate(tape, at.after_ms(3_900), &station, &controller, &site, (&service, directory::LDAP));
        names::lookup(tape, at.after_s(4), &station, &controller, &service, Some(controller.ip));
        directory::find(tape, at.after_ms(4_100), &station, &controller, (&name, domain));
        directory::sign_in(tape, at.after_s(31), &station, &controller, domain);
    });
    let Some(device) = around.all("domain_controller").next() else { return arrives };
    arrives
        .over(udp(me, device, directory::LDAP, "ldap"))
        .over(udp(me, device, directory::KERBEROS, "kerberos"))
        .over(udp(me, device, 53, "dns"))
}

/// Policies from the controller by signed SMB, files from the file server.
fn files(me: &Device, around: &Around, services: &Services<'static>, day: Day, draw: &mut Draw) -> Vec<Routine> {
    let build = BUILDS.get(me.product).copied().unwrap_or_default();
    let (name, station, domain) = (me.name.clone(), me.station, services.domain);
    let group = group(domain);
    let mut routines = Vec::new();
    for (kind, times, version) in [("domain_controller", 2, 17_763_u16), ("file_server", 4, 20_348)] {
        let Some(server) = around.one(kind, me) else { continue };
        let (name, group) = (name.clone(), group.clone());
        let (server_name, server_station) = (server.name.clone(), server.station);
        let is_signed = kind == "domain_controller";
        let read = Routine::new(Rhythm::daily(times, day, draw), move |tape, at, _| {
            let client = Computer { station, name: &name, domain, version: (10, 0, build) };
            let server = Computer { station: server_station, name: &server_name, domain, version: (10, 0, version) };
            match is_signed {
                true => smb::signed_session(tape, at, &client, &server, &group, 1_200),
                false => smb::session(tape, at, &client, &server, &group, 4_000),
            }
        });
        routines.push(read.over(tcp(me, server, 445, "smb")));
    }
    routines
}

/// Letters to the printer of the floor, and now and then a look at its page.
fn prints(me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
    let Some(printer) = around.one("printer", me) else { return Vec::new() };
    let (station, printer_station) = (me.station, printer.station);
    let jobs = Routine::new(Rhythm::daily(3, OFFICE, draw), move |tape, at, turn| {
        let pages = usize::try_from(turn.rem_euclid(4)).unwrap_or(0).saturating_add(1);
        web::print(tape, at, &station, &printer_station, pages);
    });
    vec![jobs.over(tcp(me, printer, 9_100, ""))]
}

/// The domain's short name.
pub fn group(domain: &str) -> String {
    domain.split('.').next().unwrap_or_default().chars().take(15).collect::<String>().to_ascii_uppercase()
}

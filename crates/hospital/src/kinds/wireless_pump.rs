//! Pumps on Wi-Fi, each with an address of its own, in contact with their maker's server: Baxter SIGMA Spectrum (its
//! radio is a Digi module, and has that maker's address), BD Alaris, ICU Medical Plum 360, Fresenius Kabi Agilia.

use super::pump_server::{PRODUCTS, Product};
use super::{Kind, Routine, of_thousand, tcp};
use crate::bytes::{Bytes, noise};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::{EMBEDDED, LINUX, Moment, Stack, Station, Tape};
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::Rhythm;
use crate::talk::tls::{Client, Tunnel, Visit};
use crate::talk::{console, dhcp, names};
use crate::tcp::{Open, Talk};

/// Pumps on Wi-Fi.
pub struct WirelessPump;

/// First half of the address, model, software, network stack; in the order of the servers.
const MODELS: [([u8; 3], &str, &str, Stack); 4] = [
    ([0x00, 0x40, 0x9d], "35700BAX2", "8.00.01", EMBEDDED),
    ([0xf8, 0xc6, 0x78], "8015", "", EMBEDDED),
    ([0x00, 0x03, 0xb1], "Plum 360", "15.11.00.018", LINUX),
    ([0x00, 0x13, 0x38], "Agilia VP", "", EMBEDDED),
];
/// A small client that asks for little.
const RADIO: dhcp::Client = dhcp::Client { vendor_class: "", parameters: &[1, 3, 6, 15], full_name: false };
const CONTACT_S: u64 = 300;
/// Version of the wireless module's own software.
const MODULE: &str = "20D29";
/// Where the module of a version 8 Spectrum has its terminal (ICSMA-20-170-04, CVE-2020-12045).
const TERMINAL: u16 = 1_023;
/// Of a hundred Spectrum pumps, so many are looked after in the first days.
const SERVICED: u64 = 50;

impl Kind for WirelessPump {
    fn name(&self) -> &'static str {
        "wireless_pump"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 60)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        // The first is one that is looked after, so that there is one.
        let product = draw.index(MODELS.len()).saturating_mul(usize::from(number > 0));
        let (prefix, model, software, stack) = MODELS.get(product).copied().unwrap_or(([0; 3], "", "", EMBEDDED));
        let (vendor, family) = PRODUCTS.get(product).map_or(("", ""), |product| (product.vendor, product.family));
        let is_serviced = vendor == "Baxter" && (draw.chance(SERVICED) || number == 0);
        let told: &[&str] = match vendor {
            "Baxter" if is_serviced => &["category", "vendor", "family", "serial", "software"],
            _ => &[],
        };
        let family = match family {
            "MedNet" => "Plum",
            "Vigilant" => "Agilia",
            family => family,
        };
        let mut device = Device::new(format!("IN{}", draw.digits(6)), draw.mac(prefix), stack, Zone::Clinical)
            .is("infusion_pump", vendor, told)
            .named(family, model, software)
            .serial(draw.digits(if vendor == "Baxter" { 7 } else { 8 }))
            .at(spot)
            .leases(RADIO);
        if is_serviced {
            device = device.shows(&["cleartext_credentials", "cleartext_management"]);
        }
        device.product = product;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(server) = around.all("pump_server").find(|server| server.product == me.product) else {
            return Vec::new();
        };
        let Some(product) = PRODUCTS.get(me.product).copied() else { return Vec::new() };
        let (station, to) = (me.station, server.station);
        let mut routines = vec![look_up(me, server, around, draw)];
        if product.certificate.is_none() {
            let mut open = None;
            let contacts = Routine::new(Rhythm::every(CONTACT_S, draw), move |tape, at, turn| {
                open = Some(own_protocol(tape, at, open.take(), &station, &to, product.port, turn));
            });
            routines.push(contacts.over(tcp(me, server, product.port, "")));
            if me.truth.weaknesses.contains("cleartext_management") {
                routines.push(service(me, server, draw));
            }
            return routines;
        }
        routines.push(encrypted(product, &station, &to, draw).over(tcp(me, server, product.port, "tls")));
        routines
    }
}

/// When it is switched on it asks for its server's name.
fn look_up(me: &Device, server: &Device, around: &Around, draw: &mut Draw) -> Routine {
    let (station, address) = (me.station, server.station.ip);
    let services = around.services();
    let name = services.map_or_else(String::new, |services| format!("{}.{}", server.name, services.domain));
    Routine::new(Rhythm::every(28_800, draw), move |tape, at, _| {
        if let Some(services) = services {
            names::lookup(tape, at, &station, &services.names, &name, Some(address));
        }
    })
}

fn encrypted(product: Product, station: &Station, to: &Station, draw: &mut Draw) -> Routine {
    let (station, to) = (*station, *to);
    let client = if product.vendor == "Fresenius Kabi" { Client::Old } else { Client::Plain };
    let mut tunnel = Tunnel::default();
    Routine::new(Rhythm::every(CONTACT_S, draw), move |tape, at, _| {
        let certificate = product.certificate();
        let visit = Visit { client, name: "", port: product.port, certificate: certificate.as_ref(), length: 180 };
        tunnel.visit(tape, at, &station, &to, &visit);
    })
}

/// How a Spectrum tells its gateway its state. The layout is not public; nothing in it can be read here.
fn own_protocol(
    tape: &mut Tape,
    at: Moment,
    open: Option<Open>,
    pump: &Station,
    gateway: &Station,
    port: u16,
    turn: u64,
) -> Open {
    let mut talk = match open {
        Some(open) => Talk::go_on(tape, at, open),
        None => Talk::open(tape, at, pump, gateway, port),
    };
    let seed = at.0 ^ u64::from(u32::from(pump.ip));
    let length = if turn == 0 { 212 } else { 96 };
    talk.say(Bytes::new().counted16(noise(seed, length)));
    talk.wait_ms(20).answer(Bytes::new().counted16(noise(!seed, 24)));
    talk.leave()
}

/// Somebody looks after the wireless module from the gateway: by its terminal, which shows what it is before anybody
/// signs in, and by FTP (CISA ICSMA-20-170-04 and ICSMA-22-251-01).
fn service(me: &Device, server: &Device, draw: &mut Draw) -> Routine {
    let (from, to) = (server.station, me.station);
    let [a, b, c, d, e, f] = me.station.mac;
    let banner = format!(
        "Welcome to the SIGMA Spectrum Diagnostic Terminal\r\n\r\n\
         MAC Address: {a:02x}-{b:02x}-{c:02x}-{d:02x}-{e:02x}-{f:02x} SW: {MODULE}\r\nSN: {} SW: v{}\r\n\r\n>",
        me.truth.serial, me.truth.software
    );
    let work = Routine::new(Rhythm::once(60_000, draw), move |tape, at, _| {
        let mut talk = Talk::open(tape, at, &from, &to, TERMINAL);
        // WILL ECHO, WILL SUPPRESS-GO-AHEAD; DO both (RFC 854).
        talk.answer([0xff, 0xfb, 1, 0xff, 0xfb, 3]).say([0xff, 0xfd, 1, 0xff, 0xfd, 3]);
        talk.wait_ms(60).answer(&banner);
        talk.wait_ms(2_400).say("status\r\n").wait_ms(90).answer("status\r\nCANARYTELNETTEXT infusion running\r\n>");
        talk.wait_ms(1_500).say("exit\r\n").close();
        console::ftp(tape, at.after_s(40), &from, &to, "NET+OS 6.3 FTP server ready.");
    });
    work.over(tcp(server, me, TERMINAL, "telnet")).over(tcp(server, me, 21, "ftp"))
}

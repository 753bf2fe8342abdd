//! Door controllers: HID's, and Axis's, which look like that maker's cameras.

use super::habits::{Site, by_share, visits};
use super::{Kind, Routine, of_thousand, tcp, udp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::LINUX;
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::{Rhythm, WARD};
use crate::talk::dhcp;
use crate::talk::names::{self, Service};
use crate::talk::tls::Client;
use crate::tcp::Talk;

/// Where HID's controllers report to, and where they are looked for (HID's networking guide for VertX and Edge).
const REPORTS: u16 = 4_050;
const DISCOVERY: u16 = 4_070;
const DOOR: dhcp::Client = dhcp::Client { vendor_class: "AXIS,Network Door Controller,A1601,1.84.4", ..dhcp::AXIS };

/// Door controllers.
pub struct AccessControl;

impl Kind for AccessControl {
    fn name(&self) -> &'static str {
        "access_control"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 10)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        let product = by_share(draw, [65, 35].into_iter());
        let mut device = if product == 0 {
            Device::new(
                format!("VertX{:03}", number.saturating_add(1)),
                draw.mac([0x00, 0x06, 0x8e]),
                LINUX,
                Zone::Building,
            )
            .is("access_control", "HID Global", &["vendor"])
            .named("VertX EVO", "V2000", "3.7.0.6")
        } else {
            let mac = draw.mac([0xac, 0xcc, 0x8e]);
            let name = format!("axis-{}", super::habits::mac_letters(mac, 6).to_ascii_lowercase());
            Device::new(name, mac, LINUX, Zone::Building)
                .is("access_control", "Axis Communications", &["category", "vendor", "model", "software"])
                .named("", "A1601", "1.84.4")
                .shows(&["self_signed_certificate"])
                .leases(DOOR)
        };
        device.product = product;
        device.at(spot)
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(server) = around.one("building_server", me) else { return Vec::new() };
        if me.product == 0 { vertx(me, server, draw) } else { axis(me, server, around, draw) }
    }
}

/// The server looks for it; it reports who passed which door.
fn vertx(me: &Device, server: &Device, draw: &mut Draw) -> Vec<Routine> {
    let (station, host) = (me.station, server.station);
    let answer = format!(
        "discovered;091;{};{};{};1;{};{};06/11/2019;",
        me.mac_text().to_ascii_uppercase(),
        me.name,
        station.ip,
        me.truth.model,
        me.truth.software
    );
    let finds = Routine::new(Rhythm::every(3_600, draw), move |tape, at, _| {
        let port = tape.port(&host);
        tape.udp(at, (&host, port), (&station, DISCOVERY), b"discover;013;");
        tape.udp(at.after_ms(7), (&station, DISCOVERY), (&host, port), answer.as_bytes());
    });
    let mut open = None;
    let reports = Routine::new(Rhythm::daily(120, WARD, draw), move |tape, at, turn| {
        let mut talk = match open.take() {
            Some(open) => Talk::go_on(tape, at, open),
            None => Talk::open(tape, at, &station, &host, REPORTS),
        };
        talk.say(format!("{turn:06};0024;2;20;CANARYDOORCARD-card-number;1;"));
        talk.wait_ms(8).answer(format!("{turn:06};0006;"));
        open = Some(talk.leave());
    });
    vec![finds.over(udp(server, me, DISCOVERY, "")), reports.over(tcp(me, server, REPORTS, ""))]
}

/// It announces itself; the server visits it.
fn axis(me: &Device, server: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
    let (name, station, serial) = (me.name.clone(), me.station, super::habits::mac_letters(me.station.mac, 6));
    let instance = format!("AXIS A1601 Network Door Controller - {serial}");
    let text = format!("macaddress={serial}");
    let mut routines = vec![Routine::new(Rhythm::every(14_400, draw), move |tape, at, _| {
        let text = [text.as_str()];
        let service = Service { kind: "_http._tcp", instance: &instance, port: 80, text: &text };
        names::announce(tape, at, &station, &name, &[service]);
    })];
    let site = Site::device(me, ["", "Axis Communications AB", &me.name], false, Client::Plain);
    routines.push(visits(server, me, site, around, Rhythm::daily(60, WARD, draw)));
    routines
}

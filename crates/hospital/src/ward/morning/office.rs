//! Desks and corridors: workstations with their server, the portal and the Internet; printer, camera, a visitor.

use super::{END, at, every};
use crate::frames::{Station, Tape};
use crate::talk::discovery::{Announcement, hello, probe};
use crate::talk::names::{self, Service};
use crate::talk::smb::{self, Computer};
use crate::talk::tls::{self, Certificate, Client, Visit};
use crate::talk::web;
use crate::ward::devices::{
    CAMERA, CONTROLLER, DOMAIN, PORTAL, PRINTER, UPDATES, VISITOR, WATCHER, WEB_SITE, WORKSTATIONS,
};

const GROUP: &str = "WARD";

/// Plays it.
pub fn play(tape: &mut Tape) {
    for (index, device) in (0_u64..).zip(&WORKSTATIONS) {
        workstation(tape, index, device.name, &device.station());
    }
    printer(tape);
    camera(tape);
    visitor(tape);
}

fn workstation(tape: &mut Tape, index: u64, name: &str, station: &Station) {
    let minute = index.saturating_mul(3);
    let on = at(6, 59, minute);
    names::netbios_registration(tape, on, station, name, GROUP);
    names::computer_announcement(tape, on.after_s(4), station, name, GROUP);
    names::llmnr(tape, on.after_s(6), station, "wpad", None);
    names::netbios_status(tape, on.after_s(30), &CONTROLLER.station(), station, name, GROUP);
    let certificate = Certificate {
        subject: ["DE", "Ward Example", "portal.ward.example"],
        issuer: ["DE", "Ward Example", "Ward Example CA 2"],
        names: &["portal.ward.example", "records.ward.example"],
        validity: ["260101000000Z", "280101000000Z"],
        key_bytes: 256,
        is_sha_1: false,
    };
    let client = Computer { station: *station, name, domain: DOMAIN, version: (10, 0, 19_045) };
    let server = Computer { station: CONTROLLER.station(), name: "DC1", domain: DOMAIN, version: (10, 0, 17_763) };
    for hour in [7, 8, 9, 10, 11] {
        smb::session(tape, at(hour, minute, 40), &client, &server, GROUP, 4_000);
        let name = format!("portal.{DOMAIN}");
        for at in every(420, at(hour, minute, 5), at(hour, 45, 0)) {
            let visit =
                Visit { client: Client::Plain, name: &name, port: 443, certificate: Some(&certificate), length: 5_000 };
            tls::visit(tape, at, station, &PORTAL.station(), &visit);
        }
        let visit = Visit {
            client: Client::Modern,
            name: "update.vendor.example",
            port: 443,
            certificate: None,
            length: 6_000,
        };
        tls::visit(tape, at(hour, minute, 12), station, &UPDATES, &visit);
    }
}

fn printer(tape: &mut Tape) {
    let printer = PRINTER.station();
    let [first, second, _] = &WORKSTATIONS;
    let text = [
        "txtvers=1",
        "ty=HP LaserJet Pro M404dn",
        "product=(HP LaserJet Pro M404dn)",
        "usb_MFG=HP",
        "note=CANARY desk",
    ];
    let services = [
        Service { kind: "_ipp._tcp", instance: "HP LaserJet Pro M404dn [310085]", port: 631, text: &text },
        Service { kind: "_pdl-datastream._tcp", instance: "HP LaserJet Pro M404dn [310085]", port: 9100, text: &text },
    ];
    for at in [at(6, 44, 20), at(8, 40, 0), at(10, 40, 0)] {
        names::announce(tape, at, &printer, PRINTER.name, &services);
    }
    names::browse(tape, at(8, 39, 59), &first.station(), "_ipp._tcp");
    let server = [("Server", "HP HTTP Server; HP LaserJet Pro M404dn - W1A53A; Serial Number: VNB0000085;")];
    web::page(tape, at(8, 41, 0), &first.station(), &printer, web::EDGE, &server, "HP LaserJet Pro M404dn");
    for (at, workstation) in every(1_320, at(7, 22, 0), END).zip([first, second].into_iter().cycle()) {
        web::print(tape, at, &workstation.station(), &printer, 3);
    }
}

fn camera(tape: &mut Tape) {
    let camera = CAMERA.station();
    let [_, second, _] = &WORKSTATIONS;
    let what = Announcement {
        endpoint: 0x84,
        types: "dn:NetworkVideoTransmitter",
        scopes: "onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/hardware/M3106-L%20Mk%20II \
                 onvif://www.onvif.org/name/AXIS%20M3106-L%20Mk%20II onvif://www.onvif.org/location/corridor",
        address: format!("http://{}/onvif/device_service", CAMERA.ip),
        is_standard: false,
    };
    hello(tape, at(6, 43, 45), &camera, &what);
    probe(tape, at(8, 20, 0), &second.station(), "dn:NetworkVideoTransmitter", &[(&camera, &what)]);
    web::camera(tape, at(8, 20, 30), &second.station(), &camera, "AXIS_00408C310084");
    names::announce(
        tape,
        at(6, 43, 50),
        &camera,
        CAMERA.name,
        &[Service {
            kind: "_axis-video._tcp",
            instance: "AXIS M3106-L Mk II - 00408C310084",
            port: 80,
            text: &["macaddress=00408C310084"],
        }],
    );
    web::page(
        tape,
        at(9, 30, 0),
        &WATCHER.station(),
        &PORTAL.station(),
        "check_http/2.3",
        &[("Server", "nginx/1.22.1")],
        "Portal",
    );
}

fn visitor(tape: &mut Tape) {
    let visitor = VISITOR.station();
    names::announce(
        tape,
        at(9, 5, 8),
        &visitor,
        "iPhone",
        &[Service { kind: "_companion-link._tcp", instance: "iPhone", port: 49_152, text: &["rpVr=440.10"] }],
    );
    let agent =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148";
    web::page(tape, at(9, 5, 12), &visitor, &WEB_SITE, agent, &[("Server", "nginx/1.24.0")], "News");
    for at in every(700, at(9, 6, 0), at(11, 0, 0)) {
        let visit = Visit {
            client: Client::Modern,
            name: "news.visitor.example",
            port: 443,
            certificate: None,
            length: 12_000,
        };
        tls::visit(tape, at, &visitor, &WEB_SITE, &visit);
    }
}

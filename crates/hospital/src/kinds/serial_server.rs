//! Boxes that put serial lines on the network, for analysers and old monitors: Lantronix, Moxa, Digi.

use super::agents::Agent;
use super::habits::by_share;
use super::{Kind, Routine, of_thousand, tcp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::EMBEDDED;
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::{Rhythm, WARD};
use crate::talk::{console, web};

struct Model {
    vendor: &'static str,
    model: &'static str,
    software: &'static str,
    prefix: [u8; 3],
    name: &'static str,
    description: &'static str,
    object_id: &'static str,
    /// `Server` and title of its page; without a server it has a console instead.
    page: (&'static str, &'static str),
    share: u64,
}

/// Enterprise numbers (IANA): 244 Lantronix, 8691 Moxa, 332 Digi.
static MODELS: [Model; 3] = [
    Model {
        vendor: "Lantronix",
        model: "EDS4100",
        software: "5.4.0.1",
        prefix: [0x00, 0x80, 0xa3],
        name: "EDS",
        description: "Lantronix EDS4100 V5.4.0.1",
        object_id: "1.3.6.1.4.1.244.1.8",
        page: ("", ""),
        share: 35,
    },
    Model {
        vendor: "Moxa",
        model: "NPort 5110A",
        software: "1.4",
        prefix: [0x00, 0x90, 0xe8],
        name: "NP5110A",
        description: "NP5110A",
        object_id: "1.3.6.1.4.1.8691.2.7",
        page: ("MoxaHttp/1.0", "NPort Web Console"),
        share: 40,
    },
    Model {
        vendor: "Digi International",
        model: "Digi One SP",
        software: "82000774_L",
        prefix: [0x00, 0x40, 0x9d],
        name: "DIGI",
        description: "Digi One SP, Version 82000774_L 06/24/2011",
        object_id: "1.3.6.1.4.1.332.11.6",
        page: ("Allegro-Software-RomPager/4.01", "Digi One SP Configuration and Management"),
        share: 25,
    },
];

/// Serial device servers.
pub struct SerialServer;

impl Kind for SerialServer {
    fn name(&self) -> &'static str {
        "serial_server"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 8)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        // The first is one with a console, so that there is one in every hospital.
        let product = if number == 0 { 0 } else { by_share(draw, MODELS.iter().map(|model| model.share)) };
        let Some(model) = MODELS.get(product) else { return Device::new("", [0; 6], EMBEDDED, Zone::Clinical) };
        let zone = if draw.chance(60) { Zone::Laboratory } else { Zone::Clinical };
        let name = format!("{}_{}", model.name, draw.digits(4));
        let device = Device::new(name, draw.mac(model.prefix), EMBEDDED, zone);
        let device =
            match model.page {
                ("", _) => device
                    .is("serial_server", model.vendor, &["category", "vendor", "model", "serial"])
                    .shows(&["cleartext_credentials", "cleartext_management", "default_credentials"]),
                _ => device.is("serial_server", model.vendor, &["category", "vendor", "model"]),
            };
        let mut device = device
            .named("", model.model, model.software)
            .serial(draw.digits(10))
            .shows(&["snmp_cleartext", "snmp_default_community"])
            .at(spot);
        device.product = product;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let (Some(model), Some(host)) = (MODELS.get(me.product), around.one("jump_host", me)) else {
            return Vec::new();
        };
        let (from, to) = (host.station, me.station);
        let rhythm = Rhythm::daily(2, WARD, draw);
        match model.page {
            ("", _) => {
                let greeting = format!(
                    "Lantronix {} Device Server\r\nSerial Number {} MAC address {}\r\nSoftware Version {}",
                    model.model,
                    me.truth.serial,
                    me.mac_text().to_ascii_uppercase(),
                    model.software
                );
                let visit = move |tape: &mut _, at, _| console::telnet(tape, at, &from, &to, &greeting);
                vec![Routine::new(rhythm, visit).over(tcp(host, me, 23, "telnet"))]
            }
            (server, title) => {
                let visit = move |tape: &mut _, at, _| {
                    web::page(tape, at, &from, &to, web::EDGE, &[("Server", server)], title);
                };
                vec![Routine::new(rhythm, visit).over(tcp(host, me, 80, "http"))]
            }
        }
    }
}

/// What it answers network management.
pub fn agent(device: &Device) -> Option<Agent> {
    let model = MODELS.get(device.product)?;
    Some(Agent::new(model.description.to_owned(), model.object_id).untouched(900))
}

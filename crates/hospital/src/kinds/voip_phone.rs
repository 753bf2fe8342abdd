//! Telephones on desks and at beds: Cisco, Snom, Yealink, Polycom.

use super::habits::by_share;
use super::telephone_server::AGENTS;
use super::{Kind, Routine, of_thousand, tcp, udp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::{LINUX, Moment, Tape};
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::{OFFICE, Rhythm, WARD};
use crate::talk::neighbours::{Inventory, capability, cdp, lldp};
use crate::talk::sip::{self, Exchange, Phone};
use crate::talk::web::{request, response};
use crate::talk::{Host, dhcp};
use crate::tcp::Talk;

struct Model {
    vendor: &'static str,
    model: &'static str,
    software: &'static str,
    prefix: [u8; 3],
    client: dhcp::Client,
    /// `User-Agent`.
    agent: &'static str,
    /// What LLDP says of the system.
    description: &'static str,
    /// Hardware, firmware, software, maker, model in LLDP-MED.
    inventory: [&'static str; 5],
    share: u64,
}

/// Names of inventory and vendor classes as in the makers' administration guides.
static MODELS: [Model; 4] = [
    Model {
        vendor: "Cisco",
        model: "CP-8845",
        software: "sip8845_65.12-8-1-0101-482",
        prefix: [0xfc, 0x58, 0x9a],
        client: dhcp::Client {
            vendor_class: "Cisco Systems, Inc. IP Phone CP-8845",
            parameters: &[1, 66, 6, 3, 15, 150, 35, 151, 159, 160],
            full_name: false,
        },
        agent: "Cisco-CP8845/12.8.1",
        description: "Cisco IP Phone 8845, V2, sip8845_65.12-8-1-0101-482",
        inventory: ["2", "sb28845_65.BE-01-016", "sip8845_65.12-8-1-0101-482", "Cisco Systems, Inc.", "CP-8845"],
        share: 45,
    },
    Model {
        vendor: "Snom",
        model: "snomD785",
        software: "10.1.64.14",
        prefix: [0x00, 0x04, 0x13],
        client: dhcp::SNOM,
        agent: "snomD785/10.1.64.14",
        description: "snom;snomD785-SIP 10.1.64.14",
        inventory: ["R1B", "snomD785-SIP 10.1.64.14", "10.1.64.14", "snom", "snomD785"],
        share: 20,
    },
    Model {
        vendor: "Yealink",
        model: "SIP-T46S",
        software: "66.86.0.15",
        prefix: [0x80, 0x5e, 0xc0],
        client: dhcp::Client {
            vendor_class: "yealink",
            parameters: &[1, 2, 3, 6, 12, 15, 28, 42, 43, 66, 67, 120],
            full_name: false,
        },
        agent: "Yealink SIP-T46S 66.86.0.15",
        description: "66.86.0.15",
        inventory: ["66.0.128.0.0.0.0", "66.86.0.15", "66.86.0.15", "Yealink", "SIP-T46S"],
        share: 20,
    },
    Model {
        vendor: "Poly",
        model: "VVX-VVX_411",
        software: "5.9.6.2327",
        prefix: [0x64, 0x16, 0x7f],
        client: dhcp::Client {
            vendor_class: "Polycom-VVX411",
            parameters: &[1, 3, 6, 15, 42, 43, 66, 2, 4, 7, 160],
            full_name: false,
        },
        agent: "PolycomVVX-VVX_411-UA/5.9.6.2327",
        description: "Polycom;VVX-VVX_411;3111-48450-001,1;SIP/5.9.6.2327/28-Jan-20 12:34;UP/5.9.9.1",
        inventory: ["3111-48450-001", "5.9.9.1", "5.9.6.2327", "Polycom", "VVX-VVX_411"],
        share: 15,
    },
];

/// Telephones.
pub struct VoipPhone;

impl Kind for VoipPhone {
    fn name(&self) -> &'static str {
        "voip_phone"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 110)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        let product = by_share(draw, MODELS.iter().map(|model| model.share));
        let Some(model) = MODELS.get(product) else { return Device::new("", [0; 6], LINUX, Zone::Voice) };
        let mac = draw.mac(model.prefix);
        let letters = super::habits::mac_letters(mac, 6);
        let name = match model.vendor {
            "Cisco" => format!("SEP{letters}"),
            "Snom" => format!("snomD785-{letters}"),
            "Yealink" => "SIP-T46S".to_owned(),
            _ => format!("Polycom_{}", letters.to_ascii_lowercase()),
        };
        let serial = match model.vendor {
            "Cisco" => format!("FCH{}{}", draw.digits(4), draw.letters(4)),
            _ => letters,
        };
        let mut device = Device::new(name, mac, LINUX, Zone::Voice)
            .is("voip_phone", model.vendor, &["category", "vendor", "model", "serial", "software"])
            .named("", model.model, model.software)
            .serial(serial)
            .at(spot)
            .leases(model.client);
        device.product = product;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(model) = MODELS.get(me.product) else { return Vec::new() };
        let is_cisco = model.vendor == "Cisco";
        let mut routines = vec![tells(me, model, draw)];
        let place = usize::from(!is_cisco);
        let Some(server) = around.all("telephone_server").nth(place) else { return routines };
        let agent = AGENTS.get(place).copied().unwrap_or_default();
        let (station, exchange) = (me.station, server.station);
        let number = format!("{:04}", me.number);
        let own = number.clone();
        let rhythm = Rhythm::every(1_800, draw);
        if is_cisco {
            let mut open = None;
            let registers = Routine::new(rhythm, move |tape, at, _| {
                let (phone, exchange) = parties(station, model.agent, &own, exchange, agent);
                open = Some(sip::register_by_tcp(tape, at, &phone, &exchange, open.take()));
            });
            routines.push(registers.over(tcp(me, server, 5060, "sip").doing(&["REGISTER"])));
        } else {
            let registers = Routine::new(rhythm, move |tape, at, _| {
                let (phone, exchange) = parties(station, model.agent, &own, exchange, agent);
                sip::register(tape, at, &phone, &exchange);
            });
            let calls = Routine::new(Rhythm::daily(6, WARD, draw), move |tape, at, turn| {
                let (phone, exchange) = parties(station, model.agent, &number, exchange, agent);
                sip::call(tape, at, &phone, &exchange, &format!("{:04}", turn.rem_euclid(97)));
            });
            routines.push(registers.over(udp(me, server, 5060, "sip").doing(&["REGISTER"])));
            let calls = calls.over(udp(me, server, 5060, "sip").doing(&["INVITE", "BYE"]));
            routines.push(calls.over(udp(me, server, sip::VOICE.1, "rtp")));
        }
        let path = settings(model, me);
        let fetches = Routine::new(Rhythm::daily(2, OFFICE, draw), move |tape, at, _| {
            fetch(tape, at, (&station, model.agent), &exchange, &path);
        });
        routines.push(fetches.over(tcp(me, server, 80, "http").doing(&["GET"])));
        routines
    }
}

fn parties<'a>(
    station: crate::frames::Station,
    agent: &'a str,
    number: &'a str,
    exchange: crate::frames::Station,
    server: &'a str,
) -> (Phone<'a>, Exchange<'a>) {
    (Phone { station, agent, number }, Exchange { station: exchange, agent: server })
}

/// By LLDP with its inventory; Cisco's by their own protocol as well.
fn tells(me: &Device, model: &'static Model, draw: &mut Draw) -> Routine {
    let (name, station, serial) = (me.name.clone(), me.station, me.truth.serial.clone());
    Routine::new(Rhythm::every(120, draw), move |tape, at, _| {
        let host = Host { station, name: &name };
        let [hardware, firmware, software, maker, product] = model.inventory;
        let inventory = Inventory { texts: [hardware, firmware, software, &serial, maker, product] };
        let capabilities = capability::BRIDGE | capability::TELEPHONE;
        lldp(tape, at, &host, "P1", model.description, capabilities, Some(&inventory));
        if model.vendor == "Cisco" {
            let [_, _, software, ..] = model.inventory;
            // Host, telephone, two-port repeater of frames.
            cdp(tape, at.after_ms(200), &host, "Port 1", "Cisco IP Phone 8845", software, 0x490);
        }
    })
}

/// Where its settings lie.
fn settings(model: &Model, me: &Device) -> String {
    let mac = me.mac_text().replace(':', "");
    match model.vendor {
        "Cisco" => format!("/{}.cnf.xml", me.name),
        "Snom" => format!("/snomD785-{}.htm", mac.to_ascii_uppercase()),
        "Yealink" => format!("/{mac}.cfg"),
        _ => format!("/{mac}.cfg"),
    }
}

fn fetch(
    tape: &mut Tape,
    at: Moment,
    (from, agent): (&crate::frames::Station, &str),
    to: &crate::frames::Station,
    path: &str,
) {
    let mut talk = Talk::open(tape, at, from, to, 80);
    talk.say(request("GET", path, &to.ip.to_string(), &[("User-Agent", agent), ("Accept", "*/*")], ""));
    let settings = "<settings><user>CANARYHTTPUSER</user><password>CANARYHTTPSECRET</password></settings>\n".repeat(9);
    let kind = [("Server", "Apache/2.4.57 (Debian)"), ("Content-Type", "application/xml")];
    talk.wait_ms(5).answer(response("200 OK", &kind, &settings));
    talk.close();
}

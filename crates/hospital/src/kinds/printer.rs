//! Printers of the floors: HP, Lexmark, Brother, Canon, Kyocera, Ricoh.

use super::agents::Agent;
use super::habits::{by_share, mac_letters};
use super::{Kind, Routine, of_thousand, tcp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::NETWORK;
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::{OFFICE, Rhythm};
use crate::talk::names::{self, Service};
use crate::talk::{dhcp, mail, snmp, web};

struct Model {
    vendor: &'static str,
    family: &'static str,
    model: &'static str,
    prefix: [u8; 3],
    /// Beginning of its name, and how many bytes of its address follow.
    name: (&'static str, usize),
    client: dhcp::Client,
    description: &'static str,
    object_id: &'static str,
    /// What its page says: `Server` (`{serial}` is filled in) and title.
    page: (&'static str, &'static str),
    /// Maker and model as it announces them (Bonjour Printing Specification 1.2.1 §9.2).
    announced: (&'static str, &'static str),
    share: u64,
}

const fn client(vendor_class: &'static str, parameters: &'static [u8]) -> dhcp::Client {
    dhcp::Client { vendor_class, parameters, full_name: false }
}

/// Enterprise numbers (IANA): 11 HP, 641 Lexmark, 2435 Brother, 1602 Canon, 1347 Kyocera, 367 Ricoh. Kyocera's prefix
/// is registered to a sister that makes displays.
static MODELS: [Model; 7] = [
    Model {
        vendor: "HP",
        family: "LaserJet",
        model: "LaserJet Pro M404dn",
        prefix: [0x00, 0x68, 0xeb],
        name: ("NPI", 3),
        client: dhcp::PRINTER,
        description: "HP ETHERNET MULTI-ENVIRONMENT,ROM none,JETDIRECT,JD153,EEPROM JSI24010012,CIDATE 07/12/2019",
        object_id: "1.3.6.1.4.1.11.2.3.9.1",
        page: ("HP HTTP Server; HP LaserJet Pro M404dn - W1A53A; Serial Number: {serial};", "HP LaserJet Pro M404dn"),
        announced: ("HP", "HP LaserJet Pro M404dn"),
        share: 24,
    },
    Model {
        vendor: "HP",
        family: "LaserJet",
        model: "LaserJet M507",
        prefix: [0x84, 0x69, 0x93],
        name: ("NPI", 3),
        client: dhcp::PRINTER,
        description: "HP ETHERNET MULTI-ENVIRONMENT,ROM none,JETDIRECT,JD163,EEPROM JSI25010073,CIDATE 02/08/2021",
        object_id: "1.3.6.1.4.1.11.2.3.9.1",
        page: ("Virata-EmWeb/R6_2_1", "HP LaserJet M507"),
        announced: ("HP", "HP LaserJet M507"),
        share: 14,
    },
    Model {
        vendor: "Lexmark",
        family: "",
        model: "MS621dn",
        prefix: [0x78, 0x8c, 0x77],
        name: ("ET", 6),
        client: client("", &[1, 3, 6, 12, 15, 28, 42, 44, 66, 67, 72, 81]),
        description: "Lexmark MS621dn version CXLBD.073.023 kernel 4.11.12-yocto-standard All-N-1",
        object_id: "1.3.6.1.4.1.641.2.71107586",
        page: ("", "Lexmark MS621dn"),
        announced: ("Lexmark", "Lexmark MS621dn"),
        share: 16,
    },
    Model {
        vendor: "Brother",
        family: "",
        model: "HL-L6400DW series",
        prefix: [0x3c, 0x2a, 0xf4],
        name: ("BRN", 6),
        client: client("", &[1, 3, 6, 12, 15, 23, 44, 47]),
        description: "Brother NC-8900h, Firmware Ver.1.77  ,MID 8C5-F02,FID 2",
        object_id: "1.3.6.1.4.1.2435.2.3.9.1",
        page: ("debut/1.20", "Brother HL-L6400DW series"),
        announced: ("Brother", "Brother HL-L6400DW series"),
        share: 12,
    },
    Model {
        vendor: "Canon",
        family: "imageRUNNER ADVANCE",
        model: "iR-ADV C5535",
        prefix: [0xf4, 0x81, 0x39],
        name: ("Canon", 3),
        client: client("", &[1, 3, 6, 12, 15, 44, 69]),
        description: "Canon iR-ADV C5535 /P",
        object_id: "1.3.6.1.4.1.1602.4.7",
        page: ("CANON HTTP Server", "Remote UI: Login: iR-ADV C5535: iR-ADV C5535"),
        announced: ("Canon", "Canon iR-ADV C5535"),
        share: 12,
    },
    Model {
        vendor: "Kyocera",
        family: "ECOSYS",
        model: "ECOSYS M3145idn",
        prefix: [0x00, 0x17, 0xc8],
        name: ("KM", 3),
        client: client("", &[1, 3, 6, 12, 15, 44, 46, 81]),
        description: "KYOCERA Document Solutions Printing System",
        object_id: "1.3.6.1.4.1.1347.41",
        page: ("KM-MFP-http/V0.0.1", ""),
        announced: ("KYOCERA", "Kyocera ECOSYS M3145idn"),
        share: 14,
    },
    Model {
        vendor: "Ricoh",
        family: "",
        model: "MP C3004",
        prefix: [0x00, 0x26, 0x73],
        name: ("RNP", 6),
        client: client("", &[1, 3, 6, 15, 44, 46, 69, 81]),
        description: "RICOH MP C3004 1.16 / RICOH Network Printer C model / RICOH Network Scanner C model / RICOH Network \
            Facsimile C model",
        object_id: "1.3.6.1.4.1.367.1.1",
        page: ("Web-Server/3.0", "Web Image Monitor"),
        announced: ("RICOH", "RICOH MP C3004"),
        share: 8,
    },
];

/// Printers.
pub struct Printer;

impl Kind for Printer {
    fn name(&self) -> &'static str {
        "printer"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 42)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        let product = by_share(draw, MODELS.iter().map(|model| model.share));
        let Some(model) = MODELS.get(product) else { return Device::new("", [0; 6], NETWORK, Zone::Office) };
        let mac = draw.mac(model.prefix);
        let (start, bytes) = model.name;
        let mut device = Device::new(format!("{start}{}", mac_letters(mac, bytes)), mac, NETWORK, Zone::Office)
            .is("printer", model.vendor, &["category", "vendor", "model", "serial"])
            .named(model.family, model.model, "")
            .serial(format!("V{}{}", draw.letters(3), draw.digits(6)))
            .does(&["print_server"])
            .shows(&["snmp_cleartext", "snmp_default_community"])
            .at(spot)
            .leases(model.client);
        device.product = product;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(model) = MODELS.get(me.product) else { return Vec::new() };
        let mut routines = vec![announces(me, model, draw)];
        if let Some(administrator) = around.one("workstation", me) {
            let (from, to) = (administrator.station, me.station);
            let (server, title) = model.page;
            let server = server.replace("{serial}", &me.truth.serial);
            let visits = Routine::new(Rhythm::daily(2, OFFICE, draw), move |tape, at, _| {
                let answer = [("Server", server.as_str())];
                let answer = if server.is_empty() { &[][..] } else { &answer[..] };
                web::page(tape, at, &from, &to, web::EDGE, answer, title);
            });
            routines.push(visits.over(tcp(administrator, me, 80, "http")));
        }
        // Those that scan as well send what they scanned by mail.
        if matches!(model.vendor, "Canon" | "Kyocera" | "Ricoh") {
            routines.extend(scans(me, around, draw));
        }
        routines
    }
}

/// What it offers, several times a day and when it wakes up.
fn announces(me: &Device, model: &'static Model, draw: &mut Draw) -> Routine {
    let (name, station) = (me.name.clone(), me.station);
    let (maker, product) = model.announced;
    let instance = format!("{product} [{}]", mac_letters(station.mac, 3));
    let text = [
        "txtvers=1".to_owned(),
        "qtotal=1".to_owned(),
        format!("ty={product}"),
        format!("product=({product})"),
        format!("usb_MFG={maker}"),
        // HP puts its name into the model as well.
        format!("usb_MDL={}", product.strip_prefix(maker).filter(|_| maker != "HP").map_or(product, str::trim_start)),
        "pdl=application/postscript,application/vnd.hp-PCL".to_owned(),
        "note=CANARYMDNSNOTE desk".to_owned(),
    ];
    Routine::new(Rhythm::every(14_400, draw), move |tape, at, _| {
        let text: Vec<&str> = text.iter().map(String::as_str).collect();
        let service = |kind, port| Service { kind, instance: &instance, port, text: &text };
        let services = [service("_ipp._tcp", 631), service("_pdl-datastream._tcp", 9_100), service("_http._tcp", 80)];
        names::announce(tape, at, &station, &name, &services);
    })
}

fn scans(me: &Device, around: &Around, draw: &mut Draw) -> Option<Routine> {
    let server = around.one("mail_server", me)?;
    let domain = around.services()?.domain;
    let (name, station, to) = (me.name.clone(), me.station, server.station);
    let scans = Routine::new(Rhythm::daily(4, OFFICE, draw), move |tape, at, _| {
        let banner = format!("mx1.{domain} Microsoft ESMTP MAIL Service ready");
        mail::send(tape, at, (&station, &name), &to, &banner);
    });
    Some(scans.over(tcp(me, server, mail::PORT, "smtp")))
}

/// What it answers network management.
pub fn agent(device: &Device) -> Option<Agent> {
    let model = MODELS.get(device.product)?;
    let agent = Agent::new(model.description.to_owned(), model.object_id);
    Some(agent.untouched(1_800).with_serial(snmp::PRINTER_SERIAL))
}

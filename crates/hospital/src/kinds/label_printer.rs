//! Printers of wristbands and tube labels: Zebra.

use super::agents::Agent;
use super::habits::by_share;
use super::{Kind, Routine, of_thousand, tcp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::EMBEDDED;
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::{OFFICE, Rhythm, WARD};
use crate::talk::{dhcp, snmp, web};
use crate::tcp::Talk;

/// Model as it calls itself, software, prefix, share. The last has the network of a print server that Zebra bought in.
const MODELS: [(&str, &str, [u8; 3], u64); 3] = [
    ("ZTC ZT411-203dpi ZPL", "V92.21.17Z", [0x00, 0x07, 0x4d], 40),
    ("ZTC ZD421-203dpi ZPL", "V93.21.15Z", [0xc8, 0x1c, 0xfe], 40),
    ("ZTC GK420t", "V61.17.17Z", [0x00, 0x07, 0x4d], 20),
];
const CLIENT: dhcp::Client =
    dhcp::Client { vendor_class: "", parameters: &[1, 3, 6, 12, 15, 44, 66, 67, 150], full_name: false };

/// Zebra printers.
pub struct LabelPrinter;

impl Kind for LabelPrinter {
    fn name(&self) -> &'static str {
        "label_printer"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 14)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        let product = by_share(draw, MODELS.iter().map(|model| model.3));
        let (model, software, prefix, _) = MODELS.get(product).copied().unwrap_or_default();
        let mut device = Device::new(format!("ZBR{}", draw.digits(7)), draw.mac(prefix), EMBEDDED, Zone::Clinical)
            .is("label_printer", "Zebra Technologies", &["category", "vendor", "model"])
            .named("", model, software)
            .serial(format!("D{}J{}", draw.digits(1), draw.digits(9)))
            .does(&["print_server"])
            .shows(&["snmp_cleartext", "snmp_default_community"])
            .at(spot)
            .leases(CLIENT);
        device.product = product;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(desk) = around.one("workstation", me) else { return Vec::new() };
        let (from, to, serial) = (desk.station, me.station, me.truth.serial.clone());
        let (model, software, ..) = MODELS.get(me.product).copied().unwrap_or_default();
        let resolution = if model.contains("203dpi") { "ZT411-200dpi" } else { "GK420t-200dpi" };
        let labels = Routine::new(Rhythm::daily(25, WARD, draw), move |tape, at, _| {
            let mut talk = Talk::open(tape, at, &from, &to, 9_100);
            // Host identification, then a label (Zebra's ZPL II programming guide).
            talk.say("~HI\r\n").wait_ms(20).answer(format!("\u{2}{resolution},{software},8,8176KB\u{3}\r\n"));
            talk.say("^XA^FO20,20^A0N,40,40^FDCANARYZPLNAME PATIENT^FS^FO20,80^BCN,60^FDCANARYZPLCODE0815^FS^XZ\r\n");
            talk.wait_ms(900).close();
        });
        let title = format!("{model} - {serial}");
        let visits = Routine::new(Rhythm::daily(2, OFFICE, draw), move |tape, at, _| {
            web::page(tape, at, &from, &to, web::EDGE, &[("Connection", "close")], &title);
        });
        vec![labels.over(tcp(desk, me, 9_100, "")), visits.over(tcp(desk, me, 80, "http"))]
    }
}

/// What it answers network management.
pub fn agent(device: &Device) -> Option<Agent> {
    let (model, software, ..) = MODELS.get(device.product).copied()?;
    let description = format!("Zebra Technologies Wired Print Server {software}");
    let agent = Agent::new(description, "1.3.6.1.4.1.10642.1.1").untouched(1_800);
    Some(agent.with_serial(snmp::PRINTER_SERIAL).of_device(model))
}

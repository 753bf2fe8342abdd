//! Programmable controllers by Modbus: medical gas, emergency power, cold rooms. Schneider Electric, WAGO.

use super::habits::by_share;
use super::{Kind, Routine, of_thousand, tcp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::EMBEDDED;
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::Rhythm;
use crate::talk::modbus;

/// Maker, model, software, prefix (the second is that of a maker that became part of the first), share.
const MODELS: [(&str, &str, &str, [u8; 3], u64); 3] = [
    ("Schneider Electric", "BMX P34 2020", "v2.70", [0x00, 0x80, 0xf4], 45),
    ("Schneider Electric", "TM221CE24R", "1.10", [0x00, 0x80, 0xf4], 20),
    ("WAGO", "750-881", "", [0x00, 0x30, 0xde], 35),
];
/// A register is set every so many times that registers are read.
const SETS_EVERY: u64 = 300;

/// Programmable controllers.
pub struct Plc;

impl Kind for Plc {
    fn name(&self) -> &'static str {
        "plc"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 4)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        let product = by_share(draw, MODELS.iter().map(|model| model.4));
        let (vendor, model, software, prefix, _) = MODELS.get(product).copied().unwrap_or_default();
        let told: &[&str] =
            if software.is_empty() { &["category", "vendor"] } else { &["category", "vendor", "model", "software"] };
        let names = ["GAS", "POWER", "COLD"];
        let name = names.get(number.rem_euclid(3)).copied().unwrap_or_default();
        let mut device =
            Device::new(format!("{name}-{:02}", number.saturating_add(1)), draw.mac(prefix), EMBEDDED, Zone::Building)
                .is("plc", vendor, told)
                .named("", model, software)
                .shows(&["unauthenticated_control"])
                .at(spot);
        device.product = product;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(server) = around.one("building_server", me) else { return Vec::new() };
        let (from, station) = (server.station, me.station);
        let (vendor, model, software, ..) = MODELS.get(me.product).copied().unwrap_or_default();
        let texts = (!software.is_empty()).then_some([vendor, model, software]);
        let mut open = None;
        let polls = Routine::new(Rhythm::every(60, draw), move |tape, at, turn| {
            open = Some(match open.take() {
                None => modbus::begin(tape, at, &from, &station, texts),
                Some(open) if turn.rem_euclid(SETS_EVERY) == 7 => modbus::write(tape, at, open),
                Some(open) => modbus::read(tape, at, open, turn),
            });
        });
        let done: &[&str] = &["encapsulated_interface_transport", "read_holding_registers", "write_single_register"];
        vec![polls.over(tcp(server, me, modbus::PORT, "modbus").doing(done))]
    }
}

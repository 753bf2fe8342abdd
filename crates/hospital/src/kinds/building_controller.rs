//! Controllers of heating and air by BACnet: Johnson Controls, Siemens, Honeywell, Schneider Electric, Sauter.

use super::habits::by_share;
use super::{Kind, Routine, of_thousand, udp};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::{EMBEDDED, Station};
use crate::hospital::Around;
use crate::place::{self, Zone};
use crate::rhythm::{OFFICE, Rhythm};
use crate::talk::bacnet::{self, Controller};

struct Model {
    vendor: &'static str,
    model: &'static str,
    software: &'static str,
    prefix: [u8; 3],
    /// ASHRAE's number and the name that the device tells.
    number: u16,
    told: &'static str,
    share: u64,
}

/// Numbers of makers as ASHRAE assigns them.
static MODELS: [Model; 5] = [
    Model {
        vendor: "Johnson Controls",
        model: "MS-FEC2611-0",
        software: "6.2.0.1081",
        prefix: [0x00, 0x10, 0x8d],
        number: 5,
        told: "Johnson Controls",
        share: 25,
    },
    Model {
        vendor: "Siemens Building Technologies",
        model: "PXC36.1-E.D",
        software: "V6.00.058",
        prefix: [0x00, 0xa0, 0x03],
        number: 7,
        told: "Siemens Building Technologies",
        share: 30,
    },
    Model {
        vendor: "Honeywell",
        model: "CPO-PC400",
        software: "3.2.1.1",
        prefix: [0xf0, 0x54, 0x94],
        number: 17,
        told: "Honeywell Inc.",
        share: 15,
    },
    Model {
        vendor: "Schneider Electric",
        model: "AS-P",
        software: "3.2.3.2001",
        prefix: [0x00, 0x11, 0x00],
        number: 10,
        told: "Schneider Electric",
        share: 15,
    },
    Model {
        vendor: "Sauter",
        model: "EY-AS525F001",
        software: "3.6",
        prefix: [0x5c, 0xc2, 0x13],
        number: 80,
        told: "Fr. Sauter AG",
        share: 15,
    },
];

/// Controllers of heating and air.
pub struct BuildingController;

impl Kind for BuildingController {
    fn name(&self) -> &'static str {
        "building_controller"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 14)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let spot = place::bedside(draw, number);
        let product = by_share(draw, MODELS.iter().map(|model| model.share));
        let Some(model) = MODELS.get(product) else { return Device::new("", [0; 6], EMBEDDED, Zone::Building) };
        let mut device = Device::new(
            format!("AHU-{:03}", number.saturating_add(1)),
            draw.mac(model.prefix),
            EMBEDDED,
            Zone::Building,
        )
        .is("building_controller", model.vendor, &["category", "vendor", "model", "software"])
        .named("", model.model, model.software)
        .shows(&["unauthenticated_control"])
        .at(spot);
        device.product = product;
        device
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let Some(server) = around.one("building_server", me) else { return Vec::new() };
        let (from, station, product, number) = (server.station, me.station, me.product, me.number);
        let reads = Routine::new(Rhythm::every(300, draw), move |tape, at, turn| {
            let Some(controller) = controller(station, product, number) else { return };
            if turn.rem_euclid(72) == 0 {
                bacnet::find(tape, at, &from, &controller);
                bacnet::describe(tape, at.after_s(1), &from, &controller);
            }
            for input in 1..=4_u8 {
                bacnet::read(
                    tape,
                    at.after_s(2).after_ms(u64::from(input).saturating_mul(40)),
                    &from,
                    &controller,
                    input,
                );
            }
        });
        let sets = Routine::new(Rhythm::daily(3, OFFICE, draw), move |tape, at, _| {
            if let Some(controller) = controller(station, product, number) {
                bacnet::write(tape, at, &from, &controller);
            }
        });
        let flow = udp(server, me, bacnet::PORT, "bacnet");
        vec![
            reads.over(flow.clone().doing(&["read_property", "read_property_multiple"])),
            sets.over(flow.doing(&["write_property"])),
        ]
    }
}

fn controller(station: Station, product: usize, number: usize) -> Option<Controller<'static>> {
    let model = MODELS.get(product)?;
    let instance = u16::try_from(number).unwrap_or(0).saturating_add(2_000);
    let texts = [model.told, model.model, model.software, model.software];
    Some(Controller { station, instance, vendor: model.number, texts })
}

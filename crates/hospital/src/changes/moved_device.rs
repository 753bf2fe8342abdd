//! Devices are moved overnight: an ultrasound machine to the ward, a workstation to the laboratory. The hardware address
//! stays, the virtual LAN, the address and the port of the switch are others.

use super::{Change, Outcome, middle};
use crate::draw::Draw;
use crate::hospital::Around;
use crate::place::Zone;
use crate::rhythm::Span;

/// Whom, and to where.
const MOVES: [(&str, Zone); 3] =
    [("ultrasound", Zone::Clinical), ("workstation", Zone::Laboratory), ("label_printer", Zone::Office)];

/// Devices that are elsewhere.
pub struct MovedDevice;

impl Change for MovedDevice {
    fn name(&self) -> &'static str {
        "moved_device"
    }

    fn days(&self, span: Span) -> Vec<u32> {
        vec![middle(span)]
    }

    fn happen(&self, around: &mut Around, draw: &mut Draw) -> Outcome {
        let mut devices = Vec::new();
        for (kind, zone) in MOVES {
            let all: Vec<usize> = around.all(kind).map(|device| device.number).collect();
            if let Some(number) = draw.pick(&all).copied() {
                around.move_to(number, zone);
                if let Some(device) = around.device_mut(number) {
                    device.spot.floor = device.spot.floor.saturating_add(1);
                }
                devices.push(number);
            }
        }
        Outcome { devices, ..Outcome::default() }
    }
}

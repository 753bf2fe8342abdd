//! All pumps of a family have another version of their software from a night on. They tell it when they are looked after.

use super::{Change, Outcome, middle};
use crate::draw::Draw;
use crate::hospital::Around;
use crate::rhythm::Span;

const KIND: &str = "wireless_pump";
const FAMILY: &str = "SIGMA Spectrum";
/// A later one of the versions that CISA's advisory ICSMA-20-170-04 names.
const VERSION: &str = "8.00.02";

/// A fleet's software is renewed.
pub struct FirmwareUpdate;

impl Change for FirmwareUpdate {
    fn name(&self) -> &'static str {
        "firmware_update"
    }

    fn days(&self, span: Span) -> Vec<u32> {
        vec![middle(span)]
    }

    fn happen(&self, around: &mut Around, _: &mut Draw) -> Outcome {
        let fleet = around.all(KIND).filter(|device| device.truth.family == FAMILY);
        let devices: Vec<usize> = fleet.map(|device| device.number).collect();
        for number in &devices {
            if let Some(device) = around.device_mut(*number) {
                device.truth.software = VERSION;
            }
        }
        Outcome { devices, ..Outcome::default() }
    }
}

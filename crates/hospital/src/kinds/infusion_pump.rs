//! B. Braun pumps without an address of their own: volumetric pumps (Infusomat) and syringe pumps (Perfusor), known
//! through the SpaceStation that they are docked to.

use super::{Kind, Routine, of_thousand};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::EMBEDDED;
use crate::hospital::Around;
use crate::place::{self, Zone};

/// What the station tells of a pump.
const TOLD: &[&str] = &["category", "vendor", "family", "model", "asset_tag"];

/// Volumetric pumps.
pub struct InfusionPump;

/// Syringe pumps.
pub struct SyringePump;

impl Kind for InfusionPump {
    fn name(&self) -> &'static str {
        "infusion_pump"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 50)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let model = if draw.chance(60) { "SpacePlus Infusomat" } else { "Infusomat Space" };
        pump(draw, number, "infusion_pump", model, 'I')
    }

    fn behind(&self) -> Option<&'static str> {
        Some("pump_gateway")
    }

    fn speak(&self, _: &Device, _: &Around, _: &mut Draw) -> Vec<Routine> {
        Vec::new()
    }
}

impl Kind for SyringePump {
    fn name(&self) -> &'static str {
        "syringe_pump"
    }

    fn count(&self, devices: usize) -> usize {
        of_thousand(devices, 70)
    }

    fn make(&self, draw: &mut Draw, number: usize) -> Device {
        let model = if draw.chance(60) { "SpacePlus Perfusor" } else { "Perfusor Space" };
        pump(draw, number, "syringe_pump", model, 'P')
    }

    fn behind(&self) -> Option<&'static str> {
        Some("pump_gateway")
    }

    fn speak(&self, _: &Device, _: &Around, _: &mut Draw) -> Vec<Routine> {
        Vec::new()
    }
}

/// The address is nobody's on the network: the station makes the pump's identifier from it. By the number on the hospital's
/// label the station names the pump in OBX-18; the maker's serial number is told nowhere.
fn pump(draw: &mut Draw, number: usize, category: &'static str, model: &'static str, letter: char) -> Device {
    let spot = place::bedside(draw, number);
    let label = format!("{letter}{}", draw.digits(6));
    Device::new(label.clone(), draw.mac([0x00, 0x12, 0x21]), EMBEDDED, Zone::Clinical)
        .is(category, "B. Braun", TOLD)
        .named("Space", model, "")
        .labelled(label)
        .at(spot)
}

//! Devices are replaced overnight: the same place, task, name, application title and address, but another device with a
//! hardware address and a serial number of its own. A machine that makes images is of the same model, a monitor may be of another.

use super::{Change, Outcome, middle};
use crate::device::Device;
use crate::draw::Draw;
use crate::hospital::Around;
use crate::kinds::{self, modality};
use crate::rhythm::Span;

const KINDS: [&str; 6] =
    ["ct_scanner", "mri_scanner", "radiography", "computed_radiography", "mammography", "angiography"];
const MONITOR: &str = "patient_monitor";
/// How often another of the same model is looked for.
const TRIES: usize = 64;

/// Devices that are other ones.
pub struct ReplacedDevice;

impl Change for ReplacedDevice {
    fn name(&self) -> &'static str {
        "replaced_device"
    }

    fn days(&self, span: Span) -> Vec<u32> {
        vec![middle(span)]
    }

    fn happen(&self, around: &mut Around, draw: &mut Draw) -> Outcome {
        let machines = KINDS.iter().flat_map(|kind| around.all(kind)).find(|device| modality::keeps_title(device));
        let monitors: Vec<&Device> = around.all(MONITOR).collect();
        let old: Vec<Device> = machines.into_iter().chain(draw.pick(&monitors).copied()).cloned().collect();
        let pairs = old.into_iter().filter_map(|old| {
            let new = another(&old, draw)?;
            Some((old.number, around.replace(old.number, new)?))
        });
        Outcome { replaced: pairs.collect(), ..Outcome::default() }
    }
}

/// Another of the same kind, and of the same model where images name it.
fn another(old: &Device, draw: &mut Draw) -> Option<Device> {
    let kind = kinds::ALL.iter().find(|kind| kind.name() == old.kind)?;
    (0..TRIES).map(|_| kind.make(draw, 0)).find(|new| {
        let fits = old.kind == MONITOR || new.product == old.product;
        fits && new.station.mac != old.station.mac && new.truth.serial != old.truth.serial
    })
}

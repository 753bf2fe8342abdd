//! A monitor is heard no more: nobody speaks for it, and nobody is spoken to.

use super::{Act, Attack, moment};
use crate::device::Device;
use crate::draw::Draw;
use crate::hospital::Around;
use crate::rhythm::Span;

/// A monitor gone silent.
pub struct SilentMonitor;

impl Attack for SilentMonitor {
    fn name(&self) -> &'static str {
        "silent_monitor"
    }

    fn techniques(&self) -> &'static [&'static str] {
        &["T0815", "T0878"]
    }

    fn act(&self, around: &Around, span: Span, draw: &mut Draw) -> Option<Act> {
        let monitors: Vec<&Device> = around.all("patient_monitor").collect();
        let victim = draw.pick(&monitors)?.number;
        let start = moment(span, draw);
        Some(Act { by: victim, start, end: span.end(), routines: Vec::new(), silences: vec![victim] })
    }
}

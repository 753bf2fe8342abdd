//! A maker's service works on a scanner in the middle of the night, when nobody opened a window for it.

use super::{Act, Attack, after_start, every_ms};
use crate::draw::Draw;
use crate::hospital::Around;
use crate::kinds::{Routine, tcp};
use crate::rhythm::{Rhythm, Span};
use crate::talk::ssh;

/// A vendor session outside its window.
pub struct VendorAtNight;

impl Attack for VendorAtNight {
    fn name(&self) -> &'static str {
        "vendor_at_night"
    }

    fn techniques(&self) -> &'static [&'static str] {
        &["T0822", "T1133", "T1199"]
    }

    fn act(&self, around: &Around, span: Span, draw: &mut Draw) -> Option<Act> {
        let by = around.all("vendor_remote").next()?;
        let target = around.all("mri_scanner").chain(around.all("ct_scanner")).next()?;
        let (from, to) = (by.station, target.station);
        let day = u64::from(span.days.saturating_sub(1)).saturating_mul(86_400);
        let start = span.start.after_s(day.saturating_add(9_000).saturating_add(draw.below(3_600)));
        let rhythm = Rhythm::At(after_start(span, every_ms(200_000, start, 4)));
        let sessions = Routine::new(rhythm, move |tape, at, _| {
            ssh::session(tape, at, (&from, "PuTTY_Release_0.78"), (&to, "OpenSSH_7.4"));
        });
        let flow = tcp(by, target, 22, "ssh");
        let end = start.after_s(800);
        Some(Act { by: by.number, start, end, routines: vec![sessions.over(flow)], silences: Vec::new() })
    }
}

//! Once a month a maker's service comes in the window that was agreed, on the evening of the second day: from outside to the
//! jump host, and from there to a machine.

use super::{Change, Session, on};
use crate::course::{Course, Event};
use crate::draw::Draw;
use crate::kinds::habits::Site;
use crate::kinds::{Routine, tcp};
use crate::rhythm::Rhythm;
use crate::talk::tls::Client;
use crate::talk::{rdp, ssh};

const FOUR_WEEKS: usize = 28;
/// The window: from eight to ten in the evening.
const WINDOW_S: [u64; 2] = [20 * 3_600, 22 * 3_600];
/// Who comes.
const SERVICE: u8 = 77;
/// Sessions on the machine, and seconds between two.
const SESSIONS: u64 = 4;
const EVERY_S: u64 = 600;

/// A maker's service in its window.
pub struct VendorVisit;

impl Change for VendorVisit {
    fn name(&self) -> &'static str {
        "vendor_visit"
    }

    fn besides(&self, course: &Course, draw: &mut Draw) -> Vec<Session> {
        let span = course.span();
        let [opens, closes] = WINDOW_S;
        // In a single day, on that one.
        let days = (u32::from(span.days > 1)..span.days).step_by(FOUR_WEEKS);
        let sessions = days.filter_map(|day| {
            let start = on(span, day, opens).after_s(draw.below(1_800));
            let around = course.at(start);
            let machine = around.all("mri_scanner").chain(around.all("ct_scanner")).next()?;
            let (host, maker) = (around.all("jump_host").next()?, around.outside(SERVICE));
            let rhythm = |from| {
                let moments = (0..SESSIONS).map(move |turn| start.after_s(turn.saturating_mul(EVERY_S)).after_s(from));
                Rhythm::At(moments.map(|at| at.0.saturating_sub(span.start.0)).collect())
            };
            let (from, to) = (host.station, machine.station);
            let site = Site::device(host, ["", "", &host.name], false, Client::Plain);
            let comes = Routine::new(rhythm(0), move |tape, at, _| {
                site.with_visit(|visit| rdp::session(tape, at, &maker, &from, visit));
            });
            let works = Routine::new(rhythm(90), move |tape, at, _| {
                ssh::session(tape, at, (&from, "PuTTY_Release_0.78"), (&to, "OpenSSH_7.4"));
            });
            let event = Event {
                name: self.name(),
                start: on(span, day, opens),
                end: on(span, day, closes),
                devices: vec![host.number, machine.number],
                replaced: Vec::new(),
                outside: vec![maker.ip],
            };
            let routines = vec![comes, works.over(tcp(host, machine, 22, "ssh"))];
            Some(Session { by: host.number, event: Some(event), routines })
        });
        sessions.collect()
    }
}

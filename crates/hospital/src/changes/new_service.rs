//! A server appears from one night on, and desks begin to use it.

use super::{Change, Outcome, Session, middle, on};
use crate::course::Course;
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::LINUX;
use crate::hospital::Around;
use crate::kinds::Routine;
use crate::kinds::habits::{Site, visits};
use crate::place::{Spot, Zone};
use crate::rhythm::{OFFICE, Rhythm, Span};

/// As the truth names its kind: no list of kinds has it, so that nobody else looks for it.
pub const KIND: &str = "new_service";
/// Of so many desks one begins to use it.
const ONE_IN: usize = 3;
const NIGHT_S: u64 = 3 * 3_600;

/// A service that is born late.
pub struct NewService;

impl Change for NewService {
    fn name(&self) -> &'static str {
        KIND
    }

    fn days(&self, span: Span) -> Vec<u32> {
        vec![middle(span)]
    }

    fn happen(&self, around: &mut Around, draw: &mut Draw) -> Outcome {
        let server = Device::new("planner", draw.mac([0x00, 0x50, 0x56]), LINUX, Zone::Servers)
            .is("virtual_machine", "", &[])
            .at(Spot { building: 1, floor: 0, unit: "IT", bed: 99 });
        Outcome { devices: vec![around.appear(KIND, server)], ..Outcome::default() }
    }

    fn besides(&self, course: &Course, draw: &mut Draw) -> Vec<Session> {
        let span = course.span();
        let start = on(span, middle(span), NIGHT_S);
        let around = course.at(start);
        let (Some(server), Some(services)) = (around.all(KIND).next(), around.services()) else { return Vec::new() };
        let desks = around.all("workstation").step_by(ONE_IN).filter_map(|desk| {
            let site = Site::inside(server, format!("planner.{}", services.domain), 6_000);
            let moments = Rhythm::daily(12, OFFICE, draw).moments_from(span, start);
            let after: Vec<u64> = moments.map(|at| at.0.saturating_sub(span.start.0)).collect();
            let visits = (!after.is_empty()).then(|| visits(desk, server, site, around, Rhythm::At(after)))?;
            Some(Session { by: desk.number, event: None, routines: vec![visits] })
        });
        let (station, at) = (server.station, start.after_s(60).0.saturating_sub(span.start.0));
        let claims = Routine::new(Rhythm::At(vec![at]), move |tape, at, _| tape.arp_claim(at, &station));
        let begins = Session { by: server.number, event: None, routines: vec![claims] };
        desks.chain([begins]).collect()
    }
}

//! The month is closed: on the last Friday of four weeks the laboratory and the engine send in one evening what was not
//! charged yet. In less than four weeks it is the last day.

use super::{Change, Session, on};
use crate::course::{Course, Event};
use crate::draw::Draw;
use crate::kinds::{Routine, tcp};
use crate::rhythm::Rhythm;
use crate::talk::Host;
use crate::talk::hl7::{self, MLLP, Party, exchange};

const FOUR_WEEKS: u32 = 28;
const LAST_FRIDAY: u32 = 25;
const EVENING_S: u64 = 18 * 3_600;
const HOURS_S: u64 = 3 * 3_600;
/// Seconds between two messages.
const EVERY_S: u64 = 4;

/// The closing of the month.
pub struct MonthEnd;

impl Change for MonthEnd {
    fn name(&self) -> &'static str {
        "month_end"
    }

    fn besides(&self, course: &Course, _: &mut Draw) -> Vec<Session> {
        let span = course.span();
        let whole = (0..span.days.div_euclid(FOUR_WEEKS)).map(|month| month.saturating_mul(FOUR_WEEKS));
        let mut days: Vec<u32> = whole.map(|first| first.saturating_add(LAST_FRIDAY)).collect();
        if days.is_empty() {
            days.push(span.days.saturating_sub(1));
        }
        let session = |day: u32| {
            let start = on(span, day, EVENING_S);
            let around = course.at(start);
            let laboratory = around.all("laboratory_system").next()?;
            let engine = around.all("interface_engine").next()?;
            let names = (laboratory.name.clone(), engine.name.clone());
            let (from, to) = (laboratory.station, engine.station);
            let moments = (0..HOURS_S.div_euclid(EVERY_S)).map(|turn| start.after_s(turn.saturating_mul(EVERY_S)));
            let rhythm = Rhythm::At(moments.map(|at| at.0.saturating_sub(span.start.0)).collect());
            let results = Routine::new(rhythm, move |tape, at, turn| {
                let own = Party { host: Host { station: from, name: &names.0 }, application: "LIS", facility: "LAB" };
                let other = Party { host: Host { station: to, name: &names.1 }, application: "MIRTH", facility: "IT" };
                exchange(tape, &own, &other, MLLP, &[(at, hl7::result(u32::try_from(turn).unwrap_or(0)))]);
            });
            let event = Event {
                name: self.name(),
                start,
                end: start.after_s(HOURS_S),
                devices: vec![laboratory.number, engine.number],
                replaced: Vec::new(),
                outside: Vec::new(),
            };
            let flow = tcp(laboratory, engine, MLLP, "hl7").doing(&["ORU^R01"]);
            Some(Session { by: laboratory.number, event: Some(event), routines: vec![results.over(flow)] })
        };
        days.into_iter().filter_map(session).collect()
    }
}

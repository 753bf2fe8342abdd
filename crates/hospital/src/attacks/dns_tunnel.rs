//! Something asks for names that carry data: long, never twice the same, below one domain.

use super::{Act, Attack, after_start, every_ms, foothold, moment};
use crate::draw::Draw;
use crate::hospital::Around;
use crate::kinds::{Routine, udp};
use crate::rhythm::{Rhythm, Span};
use crate::talk::names;

const QUESTIONS: u64 = 400;

/// A tunnel through the name server.
pub struct DnsTunnel;

impl Attack for DnsTunnel {
    fn name(&self) -> &'static str {
        "dns_tunnel"
    }

    fn techniques(&self) -> &'static [&'static str] {
        &["T1071.004", "T1572"]
    }

    fn act(&self, around: &Around, span: Span, draw: &mut Draw) -> Option<Act> {
        let by = foothold(around, draw)?;
        let server = around.all("domain_controller").next()?;
        let (from, to) = (by.station, server.station);
        let start = moment(span, draw);
        let mut draw = Draw::new(draw.number());
        let rhythm = Rhythm::At(after_start(span, every_ms(700, start, QUESTIONS)));
        let questions = Routine::new(rhythm, move |tape, at, _| {
            let data = draw.letters(46).to_ascii_lowercase();
            names::lookup(tape, at, &from, &to, &format!("{data}.t.telemetry.example"), Some(to.ip));
        });
        let end = start.after_ms(700 * QUESTIONS);
        Some(Act {
            by: by.number,
            start,
            end,
            routines: vec![questions.over(udp(by, server, 53, "dns"))],
            silences: Vec::new(),
        })
    }
}

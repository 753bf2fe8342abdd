//! Something on a workstation calls home every minute, give or take a second.

use super::{Act, Attack, after_start, foothold, moment};
use crate::draw::Draw;
use crate::hospital::Around;
use crate::kinds::{Flow, Peer, Routine};
use crate::rhythm::{Rhythm, Span};
use crate::talk::tls::{self, Client, Visit};

const TIMES: u64 = 120;
/// Nobody else in the hospital speaks to it.
const HOME: u8 = 201;

/// Command and control over TLS.
pub struct Beacon;

impl Attack for Beacon {
    fn name(&self) -> &'static str {
        "beacon"
    }

    fn techniques(&self) -> &'static [&'static str] {
        &["T1071.001", "T1573"]
    }

    fn act(&self, around: &Around, span: Span, draw: &mut Draw) -> Option<Act> {
        let by = foothold(around, draw)?;
        let (from, home) = (by.station, around.outside(HOME));
        let start = moment(span, draw);
        let mut times: Vec<_> = Vec::new();
        for turn in 0..TIMES {
            times.push(start.after_s(turn.saturating_mul(60)).after_ms(draw.below(1_000)));
        }
        let end = times.last().copied().unwrap_or(start);
        let calls = Routine::new(Rhythm::At(after_start(span, times.into_iter())), move |tape, at, _| {
            let visit = Visit {
                client: Client::Plain,
                name: "cdn.telemetry.example",
                port: 443,
                certificate: None,
                length: 96,
            };
            tls::visit(tape, at, &from, &home, &Visit { client: Client::Modern, ..visit });
        });
        let flow = Flow {
            from: by.number,
            to: Peer::Outside(home.ip),
            protocol: 6,
            port: 443,
            application: "tls",
            operations: &[],
        };
        Some(Act { by: by.number, start, end, routines: vec![calls.over(flow)], silences: Vec::new() })
    }
}

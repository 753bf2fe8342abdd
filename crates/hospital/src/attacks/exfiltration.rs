//! Much is sent out of the hospital over one connection.

use super::{Act, Attack, after_start, every_ms, foothold, moment};
use crate::bytes::noise;
use crate::draw::Draw;
use crate::hospital::Around;
use crate::kinds::{Flow, Peer, Routine};
use crate::rhythm::{Rhythm, Span};
use crate::tcp::Talk;

const PIECES: u64 = 40;
const PIECE_BYTES: usize = 256 * 1_024;
const SINK: u8 = 202;

/// Ten megabytes to a stranger.
pub struct Exfiltration;

impl Attack for Exfiltration {
    fn name(&self) -> &'static str {
        "exfiltration"
    }

    fn techniques(&self) -> &'static [&'static str] {
        &["T1041", "T1048"]
    }

    fn act(&self, around: &Around, span: Span, draw: &mut Draw) -> Option<Act> {
        let by = foothold(around, draw)?;
        let (from, sink) = (by.station, around.outside(SINK));
        let start = moment(span, draw);
        let rhythm = Rhythm::At(after_start(span, every_ms(4_000, start, PIECES)));
        let mut open = None;
        let upload = Routine::new(rhythm, move |tape, at, turn| {
            let mut talk = match open.take() {
                Some(left) => Talk::go_on(tape, at, left),
                None => Talk::open(tape, at, &from, &sink, 443),
            };
            talk.say(noise(turn, PIECE_BYTES));
            if turn.saturating_add(1) < PIECES {
                open = Some(talk.leave());
            } else {
                talk.close();
            }
        });
        let flow = Flow {
            from: by.number,
            to: Peer::Outside(sink.ip),
            protocol: 6,
            port: 443,
            application: "",
            operations: &[],
        };
        let end = start.after_s(4 * PIECES);
        Some(Act { by: by.number, start, end, routines: vec![upload.over(flow)], silences: Vec::new() })
    }
}

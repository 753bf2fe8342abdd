//! Pumps get a drug library from somebody who is not their server: FTP to the pumps' own module, one after the other.

use super::{Act, Attack, after_start, every_ms, foothold, moment};
use crate::device::Device;
use crate::draw::Draw;
use crate::hospital::Around;
use crate::kinds::{Routine, tcp};
use crate::rhythm::{Rhythm, Span};
use crate::talk::console;

const PUMPS: usize = 8;

/// A drug library pushed from the wrong host.
pub struct DrugLibrary;

impl Attack for DrugLibrary {
    fn name(&self) -> &'static str {
        "drug_library"
    }

    fn techniques(&self) -> &'static [&'static str] {
        &["T0836", "T0843"]
    }

    fn act(&self, around: &Around, span: Span, draw: &mut Draw) -> Option<Act> {
        let by = foothold(around, draw)?;
        let pumps: Vec<&Device> = around.all("wireless_pump").take(PUMPS).collect();
        let start = moment(span, draw);
        let (from, targets): (_, Vec<_>) = (by.station, pumps.iter().map(|pump| pump.station).collect());
        let count = u64::try_from(targets.len()).ok().filter(|count| *count > 0)?;
        let rhythm = Rhythm::At(after_start(span, every_ms(15_000, start, count)));
        let mut pushes = Routine::new(rhythm, move |tape, at, turn| {
            if let Some(to) = usize::try_from(turn).ok().and_then(|turn| targets.get(turn)) {
                console::ftp(tape, at, &from, to, "NET+OS FTP server");
            }
        });
        for pump in pumps {
            pushes = pushes.over(tcp(by, pump, 21, "ftp"));
        }
        let end = start.after_s(count.saturating_mul(15));
        Some(Act { by: by.number, start, end, routines: vec![pushes], silences: Vec::new() })
    }
}

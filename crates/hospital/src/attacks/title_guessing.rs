//! Somebody tries application titles at the archive until one is accepted.

use super::{Act, Attack, after_start, every_ms, foothold, moment};
use crate::draw::Draw;
use crate::hospital::Around;
use crate::kinds::{Routine, pacs_archive, tcp};
use crate::rhythm::{Rhythm, Span};
use crate::talk::dicom::{Association, Entity, Proposal, VERIFICATION};

const GUESSES: [&str; 12] = [
    "ANY-SCP", "PACS", "ARCHIVE", "DICOM", "STORESCP", "ORTHANC", "CONQUEST", "AE_TITLE", "SERVER", "MAIN", "IMAGES",
    "DCMRCV",
];
const ROUNDS: u64 = 10;
/// A toolkit's own numbers, as who attacks leaves them.
const TOOL: Entity<'static> =
    Entity { title: "FINDSCU", implementation: "1.2.276.0.7230010.3.0.3.6.7", version: "OFFIS_DCMTK_367" };

/// Guessing application titles.
pub struct TitleGuessing;

impl Attack for TitleGuessing {
    fn name(&self) -> &'static str {
        "title_guessing"
    }

    fn techniques(&self) -> &'static [&'static str] {
        &["T0859", "T1110"]
    }

    fn act(&self, around: &Around, span: Span, draw: &mut Draw) -> Option<Act> {
        let by = foothold(around, draw)?;
        let archive = around.all("pacs_archive").next()?;
        let (from, to) = (by.station, archive.station);
        let start = moment(span, draw);
        let count = u64::try_from(GUESSES.len()).unwrap_or(0).saturating_mul(ROUNDS);
        let rhythm = Rhythm::At(after_start(span, every_ms(400, start, count)));
        let guesses = Routine::new(rhythm, move |tape, at, turn| {
            let place = usize::try_from(turn).unwrap_or(0).rem_euclid(GUESSES.len());
            let title = GUESSES.get(place).copied().unwrap_or_default();
            let called = Entity { title, ..TOOL };
            let proposal = Proposal::plain(&[VERIFICATION], at);
            Association::rejected(tape, at, (&from, &TOOL), (&to, &called, pacs_archive::PORT), &proposal);
        });
        let flow = tcp(by, archive, pacs_archive::PORT, "dicom");
        let end = start.after_ms(count.saturating_mul(400));
        Some(Act { by: by.number, start, end, routines: vec![guesses.over(flow)], silences: Vec::new() })
    }
}

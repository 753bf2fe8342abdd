//! Somebody asks the archive for everything, name by name.

use super::{Act, Attack, after_start, every_ms, foothold, moment};
use crate::draw::Draw;
use crate::hospital::Around;
use crate::kinds::{Routine, pacs_archive, tcp};
use crate::rhythm::{Rhythm, Span};
use crate::talk::dicom::{Association, Entity, STUDY_FIND};

const QUESTIONS: u64 = 150;
/// A toolkit's own numbers, as who attacks leaves them.
const TOOL: Entity<'static> =
    Entity { title: "FINDSCU", implementation: "1.2.276.0.7230010.3.0.3.6.7", version: "OFFIS_DCMTK_367" };

/// A sweep of C-FIND.
pub struct FindSweep;

impl Attack for FindSweep {
    fn name(&self) -> &'static str {
        "find_sweep"
    }

    fn techniques(&self) -> &'static [&'static str] {
        &["T0802", "T1213"]
    }

    fn act(&self, around: &Around, span: Span, draw: &mut Draw) -> Option<Act> {
        let by = foothold(around, draw)?;
        let archive = around.all("pacs_archive").next()?;
        let (from, to, called) = (by.station, archive.station, pacs_archive::entity(archive));
        let start = moment(span, draw);
        let rhythm = Rhythm::At(after_start(span, every_ms(2_000, start, QUESTIONS)));
        let questions = Routine::new(rhythm, move |tape, at, _| {
            let to = (&to, &called, pacs_archive::PORT);
            let mut association = Association::open(tape, at, (&from, &TOOL), to, &[STUDY_FIND]);
            association.find(1, STUDY_FIND, 20);
            association.release();
        });
        let flow = tcp(by, archive, pacs_archive::PORT, "dicom").doing(&["C-FIND"]);
        let end = start.after_s(2 * QUESTIONS);
        Some(Act { by: by.number, start, end, routines: vec![questions.over(flow)], silences: Vec::new() })
    }
}

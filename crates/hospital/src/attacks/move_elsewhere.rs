//! Somebody has the archive send studies to where it never sent any.

use super::{Act, Attack, after_start, every_ms, foothold, moment};
use crate::draw::Draw;
use crate::hospital::Around;
use crate::kinds::{Routine, pacs_archive, tcp};
use crate::rhythm::{Rhythm, Span};
use crate::talk::dicom::{Association, Entity, STUDY_FIND, STUDY_MOVE};

const STUDIES: u64 = 12;
/// A toolkit's own numbers, as who attacks leaves them.
const TOOL: Entity<'static> =
    Entity { title: "FINDSCU", implementation: "1.2.276.0.7230010.3.0.3.6.7", version: "OFFIS_DCMTK_367" };

/// C-MOVE to a new destination.
pub struct MoveElsewhere;

impl Attack for MoveElsewhere {
    fn name(&self) -> &'static str {
        "move_elsewhere"
    }

    fn techniques(&self) -> &'static [&'static str] {
        &["T1048", "T1213"]
    }

    fn act(&self, around: &Around, span: Span, draw: &mut Draw) -> Option<Act> {
        let by = foothold(around, draw)?;
        let archive = around.all("pacs_archive").next()?;
        let (from, to, called) = (by.station, archive.station, pacs_archive::entity(archive));
        let start = moment(span, draw);
        let rhythm = Rhythm::At(after_start(span, every_ms(9_000, start, STUDIES)));
        let moves = Routine::new(rhythm, move |tape, at, _| {
            let to = (&to, &called, pacs_archive::PORT);
            let services = [STUDY_FIND, STUDY_MOVE];
            let mut association = Association::open(tape, at, (&from, &TOOL), to, &services);
            association.find(1, STUDY_FIND, 1);
            association.ask_for(3, "EXPORT9").done(tape, at.after_s(4), 40);
        });
        let flow = tcp(by, archive, pacs_archive::PORT, "dicom").doing(&["C-FIND", "C-MOVE"]);
        let end = start.after_s(9 * STUDIES);
        Some(Act { by: by.number, start, end, routines: vec![moves.over(flow)], silences: Vec::new() })
    }
}

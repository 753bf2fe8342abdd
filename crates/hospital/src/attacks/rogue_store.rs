//! Somebody who is no modality stores images in the archive.

use super::{Act, Attack, after_start, every_ms, foothold, moment};
use crate::draw::Draw;
use crate::hospital::Around;
use crate::kinds::{Routine, pacs_archive, tcp};
use crate::rhythm::{Rhythm, Span};
use crate::talk::dicom::{Association, CT_IMAGE, Entity, Equipment};

const STUDIES: u64 = 4;
/// A toolkit's own numbers, as who attacks leaves them.
const TOOL: Entity<'static> =
    Entity { title: "FINDSCU", implementation: "1.2.276.0.7230010.3.0.3.6.7", version: "OFFIS_DCMTK_367" };

/// C-STORE by a stranger.
pub struct RogueStore;

impl Attack for RogueStore {
    fn name(&self) -> &'static str {
        "rogue_store"
    }

    fn techniques(&self) -> &'static [&'static str] {
        &["T0856", "T1565.001"]
    }

    fn act(&self, around: &Around, span: Span, draw: &mut Draw) -> Option<Act> {
        let by = foothold(around, draw)?;
        let archive = around.all("pacs_archive").next()?;
        let (from, to, called) = (by.station, archive.station, pacs_archive::entity(archive));
        let start = moment(span, draw);
        let rhythm = Rhythm::At(after_start(span, every_ms(30_000, start, STUDIES)));
        let images = Routine::new(rhythm, move |tape, at, _| {
            let to = (&to, &called, pacs_archive::PORT);
            let equipment =
                Equipment { modality: "CT", manufacturer: "", station: "", model: "", serial: "", software: "" };
            let mut association = Association::open(tape, at, (&from, &TOOL), to, &[CT_IMAGE]);
            for _ in 0..5 {
                association.store(1, CT_IMAGE, &equipment, 64 * 64 * 2);
            }
            association.release();
        });
        let flow = tcp(by, archive, pacs_archive::PORT, "dicom").doing(&["C-STORE"]);
        let end = start.after_s(30 * STUDIES);
        Some(Act { by: by.number, start, end, routines: vec![images.over(flow)], silences: Vec::new() })
    }
}

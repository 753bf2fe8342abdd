//! Before the blackmail: somebody opens the file server's and the archive's shares, again and again, reading much.

use super::{Act, Attack, after_start, every_ms, foothold, moment};
use crate::draw::Draw;
use crate::hospital::Around;
use crate::kinds::{Routine, tcp};
use crate::rhythm::{Rhythm, Span};
use crate::talk::smb::{self, Computer};

const TIMES: u64 = 25;
const READ_BYTES: usize = 400_000;

/// The prelude to ransomware on the image archive.
pub struct Ransomware;

impl Attack for Ransomware {
    fn name(&self) -> &'static str {
        "ransomware"
    }

    fn techniques(&self) -> &'static [&'static str] {
        &["T1135", "T1486"]
    }

    fn act(&self, around: &Around, span: Span, draw: &mut Draw) -> Option<Act> {
        let by = foothold(around, draw)?;
        let target = around.all("pacs_archive").next()?;
        let domain = around.services()?.domain;
        let (from, to, names) = (by.station, target.station, [by.name.clone(), target.name.to_ascii_uppercase()]);
        let start = moment(span, draw);
        let rhythm = Rhythm::At(after_start(span, every_ms(12_000, start, TIMES)));
        let reads = Routine::new(rhythm, move |tape, at, _| {
            let [client, server] = &names;
            let client = Computer { station: from, name: client, domain, version: (10, 0, 19_045) };
            let server = Computer { station: to, name: server, domain, version: (6, 1, 0) };
            smb::session(tape, at, &client, &server, "WORKGROUP", READ_BYTES);
        });
        let flow = tcp(by, target, 445, "smb");
        let end = start.after_s(12 * TIMES);
        Some(Act { by: by.number, start, end, routines: vec![reads.over(flow)], silences: Vec::new() })
    }
}

//! A worm: one workstation signs in to its neighbours by SMB, those that it reached go on.

use super::{Act, Attack, after_start, foothold, moment};
use crate::device::Device;
use crate::draw::Draw;
use crate::hospital::Around;
use crate::kinds::{Routine, tcp};
use crate::rhythm::{Rhythm, Span};
use crate::talk::smb::{self, Computer};

const WINDOWS_10: (u8, u8, u16) = (10, 0, 19_045);
const REACHED: usize = 12;

/// A worm over SMB.
pub struct Worm;

impl Attack for Worm {
    fn name(&self) -> &'static str {
        "worm"
    }

    fn techniques(&self) -> &'static [&'static str] {
        &["T0866", "T1021.002", "T1210"]
    }

    fn act(&self, around: &Around, span: Span, draw: &mut Draw) -> Option<Act> {
        let by = foothold(around, draw)?;
        let domain = around.services()?.domain;
        let mut reached: Vec<&Device> = vec![by];
        reached.extend(around.all("workstation").filter(|other| other.number != by.number).take(REACHED));
        let start = moment(span, draw);
        // Each goes on from one that was reached before it.
        let pairs = reached.iter().enumerate().skip(1).filter_map(|(place, to)| Some((*reached.get(place / 2)?, *to)));
        let mut routines = Vec::new();
        for (step, (from, to)) in (0_u64..).zip(pairs) {
            let (flow, names) = (tcp(from, to, 445, "smb"), [from.name.clone(), to.name.clone()]);
            let stations = [from.station, to.station];
            let at = start.after_s(step.saturating_mul(23));
            let rhythm = Rhythm::At(after_start(span, std::iter::once(at)));
            let infect = Routine::new(rhythm, move |tape, at, _| {
                let [from, to] = &names;
                let [client, server] = stations;
                let client = Computer { station: client, name: from, domain, version: WINDOWS_10 };
                let server = Computer { station: server, name: to, domain, version: WINDOWS_10 };
                smb::session(tape, at, &client, &server, "WORKGROUP", 60_000);
            });
            routines.push(infect.over(flow));
        }
        let end = start.after_s(u64::try_from(routines.len()).ok().filter(|count| *count > 0)?.saturating_mul(23));
        Some(Act { by: by.number, start, end, routines, silences: Vec::new() })
    }
}

//! Somebody signs in to a device by Telnet with the password that its maker ships.

use super::{Act, Attack, after_start, foothold, moment};
use crate::draw::Draw;
use crate::hospital::Around;
use crate::kinds::{Routine, tcp};
use crate::rhythm::{Rhythm, Span};
use crate::talk::console;

/// Telnet with a default password.
pub struct DefaultPassword;

impl Attack for DefaultPassword {
    fn name(&self) -> &'static str {
        "default_password"
    }

    fn techniques(&self) -> &'static [&'static str] {
        &["T0812", "T1078.001"]
    }

    fn act(&self, around: &Around, span: Span, draw: &mut Draw) -> Option<Act> {
        let by = foothold(around, draw)?;
        let target = around.all("serial_server").next().or_else(|| around.all("patient_monitor").next())?;
        let start = moment(span, draw);
        let (from, to) = (by.station, target.station);
        let rhythm = Rhythm::At(after_start(span, std::iter::once(start)));
        let session = Routine::new(rhythm, move |tape, at, _| console::telnet(tape, at, &from, &to, "Device Server"));
        let routines = vec![session.over(tcp(by, target, 23, "telnet"))];
        Some(Act { by: by.number, start, end: start.after_s(6), routines, silences: Vec::new() })
    }
}

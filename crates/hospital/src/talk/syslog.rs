//! Syslog by UDP (RFC 3164, RFC 5426).

use crate::frames::{Moment, Station, Tape};

/// Port of syslog.
pub const PORT: u16 = 514;

/// One line, as its sender writes it behind the priority.
pub fn tell(tape: &mut Tape, at: Moment, from: &Station, to: &Station, priority: u8, line: &str) {
    tape.udp(at, (from, PORT), (to, PORT), format!("<{priority}>{line}").as_bytes());
}

//! The header record (LIS2-A2 §6, Table of the header record's fields).

use model::{Messages, Weakness};

use super::{PROCESSING_ID, RECEIVER, SENDER, SENDER_COMPONENT, VERSION};
use crate::protocols::Probe;

/// How many components of the sender are told.
const COMPONENTS_MAX: usize = 12;

/// Production, training, debugging, quality control (LIS2-A2 §6.12): anything else is some device's own idea.
static PROCESSING_IDS: &[&[u8]] = &[b"P", b"T", b"D", b"Q"];
/// The longest version that is told, in bytes: it is as short as `LIS2-A2`.
const VERSION_BYTES_MAX: usize = 16;

/// The delimiters that a header record defines for its message (LIS2-A2 §5.4).
struct Delimiters {
    field: u8,
    component: u8,
}

/// Why a record is no header record, if it is not.
enum Opening {
    Delimiters(Delimiters),
    /// Too short to tell.
    More,
    No,
}

/// Reads `H`, the field delimiter and H-2: repeat, component and escape delimiter, all different.
fn opening(record: &[u8]) -> Opening {
    let [b'H', rest @ ..] = record else { return if record.is_empty() { Opening::More } else { Opening::No } };
    let [field, rest @ ..] = rest else { return Opening::More };
    let field = *field;
    // A host that writes `\\^&` has escaped the backslash once too often; it is understood all the same.
    let rest = match rest {
        [first, second, more @ ..] if first == second && !more.is_empty() => rest.get(1..).unwrap_or_default(),
        _ => rest,
    };
    let plain = |byte: &u8| byte.is_ascii_punctuation() && *byte != field;
    let known = rest.get(..3).unwrap_or(rest);
    if !field.is_ascii_punctuation() || !known.iter().all(plain) {
        return Opening::No;
    }
    let &[repeat, component, escape, ref rest @ ..] = rest else { return Opening::More };
    if repeat == component || component == escape || repeat == escape {
        return Opening::No;
    }
    match rest {
        [] => Opening::More,
        [next, ..] if *next == field || next.is_ascii_control() => Opening::Delimiters(Delimiters { field, component }),
        _ => Opening::No,
    }
}

/// Whether a header record begins here.
pub(super) fn begins(record: &[u8]) -> Probe {
    match opening(record) {
        Opening::Delimiters(_) => Probe::Yes,
        Opening::More => Probe::More,
        Opening::No => Probe::No,
    }
}

/// Tells a whole header record. What only looks like one is passed over.
pub(super) fn read(record: &[u8], messages: &mut Messages) {
    let delimiters = match opening(record) {
        Opening::Delimiters(delimiters) => delimiters,
        // The record ends right after its delimiters.
        Opening::More if record.len() >= 5 => Delimiters { field: 0, component: 0 },
        Opening::More | Opening::No => return,
    };
    let message = messages.begin("astm", "header");
    message.weak(Weakness::CleartextMedical);
    // Field n of the standard: H itself is H-1, the delimiters are H-2.
    for (index, field) in (1..).zip(record.split(|byte| *byte == delimiters.field)) {
        match index {
            5 => {
                message.bytes(&SENDER, field);
                for component in field.split(|byte| *byte == delimiters.component).take(COMPONENTS_MAX) {
                    message.bytes(&SENDER_COMPONENT, component);
                }
            }
            10 => {
                message.bytes(&RECEIVER, field);
            }
            12 if PROCESSING_IDS.contains(&field) => {
                message.bytes(&PROCESSING_ID, field);
            }
            13 if field.len() <= VERSION_BYTES_MAX => {
                message.bytes(&VERSION, field);
            }
            14.. => break,
            _ => {}
        }
    }
}

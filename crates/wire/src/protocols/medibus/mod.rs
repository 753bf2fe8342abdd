//! MEDIBUS (Dräger, "RS 232 MEDIBUS Protocol Definition"; MEDIBUS.X has the same frames): ventilators, anaesthesia machines
//! and incubators answer over a serial line, which terminal servers carry over TCP. A command is ESC, a code and a checksum, an
//! answer SOH, the code again and a checksum; both end in CR, and both sides may ask.
//!
//! Told are which commands are used and what answers the one for identification: number, name and revision. Everything that is
//! measured, set or written for people is passed over unseen; that it crosses readable is told.

use model::{Field, Form, Messages, Weakness};

use super::{Carrier, Decoder, Input, Opening, Probe, Session, Step};

/// The longest frame that is looked for; the longest answers hold text messages.
const FRAME_BYTES_MAX: usize = 2_048;
/// How much of an opening may be one frame.
const OPENING_FRAME_BYTES_MAX: usize = 256;

const ESC: u8 = 0x1b;
const SOH: u8 = 0x01;
const CR: u8 = 0x0d;
const IDENTIFICATION: u8 = 0x52;

/// Command codes. Those with `true` are answered with a patient's data.
static COMMANDS: &[(u8, &str, bool)] = &[
    (0x23, "alarms", true),
    (0x24, "measured_data", true),
    (0x25, "low_alarm_limits", true),
    (0x26, "high_alarm_limits", true),
    (0x27, "alarms", true),
    (0x28, "date_and_time", false),
    (0x29, "device_settings", true),
    (0x2a, "text_messages", true),
    (0x2b, "measured_data", true),
    (0x2c, "low_alarm_limits", true),
    (0x2d, "high_alarm_limits", true),
    (0x2e, "alarms", true),
    (0x30, "no_operation", false),
    (0x49, "time_changed", false),
    (0x4a, "configure_response", false),
    (0x51, "initialize_communication", false),
    (IDENTIFICATION, "device_identification", false),
    (0x53, "realtime_configuration", false),
    (0x54, "configure_realtime", false),
    (0x55, "stop_communication", false),
    (0x56, "realtime_configuration_changed", false),
    (0x6c, "trend_data_status", false),
    (0x6d, "trend_data", true),
];

static DEVICE_NUMBER: Field = Field::device("device_number").form(Form::Fixed);
static DEVICE_NAME: Field = Field::device("device_name");
static REVISION: Field = Field::device("revision").form(Form::Fixed);

static FIELDS: &[&Field] = &[&DEVICE_NUMBER, &DEVICE_NAME, &REVISION];

/// The protocol's entry in the list.
pub static DECODER: Medibus = Medibus;

/// MEDIBUS.
pub struct Medibus;

impl Decoder for Medibus {
    fn name(&self) -> &'static str {
        "medibus"
    }

    fn carriers(&self) -> &'static [Carrier] {
        // Terminal servers have ports of their own.
        &[Carrier::Stream(&[])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        let Some(bytes @ [ESC | SOH, rest @ ..]) = opening.first() else { return Probe::No };
        if rest.first().is_some_and(|code| command(*code).is_none()) {
            return Probe::No;
        }
        match bytes.iter().position(|byte| *byte == CR) {
            Some(end) if is_whole(bytes.get(..end).unwrap_or_default()) => Probe::Yes,
            None if bytes.len() < OPENING_FRAME_BYTES_MAX => Probe::More,
            Some(_) | None => Probe::No,
        }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::<Connection>::default()
    }
}

fn command(code: u8) -> Option<(u32, &'static str, bool)> {
    let place = COMMANDS.iter().position(|(known, ..)| *known == code)?;
    let (_, name, is_medical) = COMMANDS.get(place)?;
    Some((1_u32.checked_shl(u32::try_from(place).ok()?)?, name, *is_medical))
}

/// Whether a frame without its CR ends in the sum of the bytes before, in two hexadecimal digits.
fn is_whole(frame: &[u8]) -> bool {
    let Some((summed, [high, low])) = frame.split_last_chunk::<2>() else { return false };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let stated = digit(*high).zip(digit(*low)).map(|(high, low)| high.wrapping_mul(16).wrapping_add(low));
    let sum = summed.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    summed.len() >= 2 && stated == Some(u32::from(sum))
}

#[derive(Default)]
struct Connection {
    /// A bit for each command that was told.
    asked: u32,
    /// That a patient's data cross was told.
    told: bool,
}

impl Session for Connection {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        // Curves of real time, and what holds the other side back, stand between frames.
        match input.bytes.iter().position(|byte| matches!(*byte, ESC | SOH)) {
            Some(0) => {}
            Some(start) => return Step::Read(start),
            None => return Step::Read(input.bytes.len().max(1)),
        }
        let Some(end) = input.bytes.iter().take(FRAME_BYTES_MAX).position(|byte| *byte == CR) else {
            return match input.bytes.len() {
                length @ 0..FRAME_BYTES_MAX => Step::Wait(length.saturating_add(1)),
                _ => Step::Read(1),
            };
        };
        let frame = input.bytes.get(..end).unwrap_or_default();
        if !is_whole(frame) {
            return Step::Read(1);
        }
        self.frame(frame, messages);
        Step::Read(end.saturating_add(1))
    }

    fn gap(&mut self, _direction: super::Direction) -> bool {
        true
    }
}

impl Connection {
    fn frame(&mut self, frame: &[u8], messages: &mut Messages) {
        let [kind, code, rest @ ..] = frame else { return };
        let Some((bit, name, is_medical)) = command(*code) else { return };
        let data = rest.get(..rest.len().saturating_sub(2)).unwrap_or_default();
        match *kind {
            ESC if self.asked & bit == 0 => {
                self.asked |= bit;
                messages.begin("medibus", "command").operated(name);
            }
            SOH if *code == IDENTIFICATION => identification(data, messages),
            SOH if is_medical && !data.is_empty() && !std::mem::replace(&mut self.told, true) => {
                messages.begin("medibus", "response").operated(name).weak(Weakness::CleartextMedical);
            }
            _ => {}
        }
    }
}

/// The answer for identification: four digits, the name between apostrophes, revisions of device and protocol. The terminal
/// server that sends it may speak for several devices.
fn identification(data: &[u8], messages: &mut Messages) {
    let Some((number, rest)) = data.split_first_chunk::<4>() else { return };
    let Ok(number) = std::str::from_utf8(number) else { return };
    if !number.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return;
    }
    let mut parts = rest.split(|byte| *byte == b'\'');
    let (before, name, revision) = (parts.next(), parts.next(), parts.next());
    let message = messages.begin("medibus", "identification");
    message.str(&DEVICE_NUMBER, number).operated("device_identification");
    if before == Some(b"") && revision.is_some() {
        message.bytes(&DEVICE_NAME, name.unwrap_or_default());
    }
    // As in `03.10:03.00`.
    let revision = revision.unwrap_or_default().trim_ascii();
    if revision.len() <= 11 && revision.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b':')) {
        message.bytes(&REVISION, revision);
    }
    message.self_or_behind(number);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_ends_in_its_sum() {
        // 1B + 51 = 6C, 01 + 51 = 52.
        assert!(is_whole(b"\x1bQ6C") && is_whole(b"\x1bQ6c") && is_whole(b"\x01Q52"));
        assert!(!is_whole(b"\x1bQ6D") && !is_whole(b"\x1b1B") && !is_whole(b"\x1bQ") && !is_whole(b"\x1bQ+6"));
        assert!(COMMANDS.len() <= 32, "commands are bits");
    }
}

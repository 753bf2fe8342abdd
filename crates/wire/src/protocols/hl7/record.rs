//! What is kept of one message until it ends, in buffers that are used again for the next.

use std::net::Ipv4Addr;

use model::{Field, Form, MacAddr, Message, Messages, Weakness};

use super::attributes::{attribute, is_reference_identifier};
use super::delimiters::Delimiters;
use super::equipment::{Roster, Row, Sender};
use crate::line::Line;

/// How much text one message keeps, in bytes.
const TEXT_BYTES_MAX: usize = 16 * 1_024;
/// The most distinct values of a repeating field.
const DISTINCT_MAX: usize = 32;
/// The most values of one message, repeating fields included.
const VALUES_MAX: usize = 128;
/// What Mindray's gateway writes into OBR-4 of whatever a monitor observed.
const MINDRAY_MONITOR: &[u8] = b"Mindray Monitor";
/// Where a query is directed that asks about a monitor (QRF-1, HL7 v2.3.1 §2.24.5).
const MONITOR: &[u8] = b"MON";
/// A longer code is none.
const CODE_BYTES_MAX: usize = 64;

/// The segments of which anything is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Segment {
    /// MSH, message header.
    Header,
    /// MSA, message acknowledgement.
    Acknowledgement,
    /// SFT, software.
    Software,
    /// OBX, observation.
    Observation,
    /// PRT, participation (here: of equipment).
    Participation,
    /// EQU, equipment detail.
    Equipment,
    /// OBR, observation request.
    Request,
    /// QRF, query filter: where the query is directed.
    Filter,
    /// PV1, patient visit (here: where Mindray's gateway puts the monitor's network address).
    Visit,
}

impl Segment {
    pub(super) const fn named(name: &[u8; 3]) -> Option<Self> {
        Some(match name {
            b"MSA" => Self::Acknowledgement,
            b"SFT" => Self::Software,
            b"OBX" => Self::Observation,
            b"PRT" => Self::Participation,
            b"EQU" => Self::Equipment,
            b"OBR" => Self::Request,
            b"PV1" => Self::Visit,
            b"QRF" => Self::Filter,
            _ => return None,
        })
    }

    /// The fields that are read without condition, in order. Of OBX, the fifth is read as well where the third names an
    /// attribute of the device.
    const fn fields(self) -> &'static [u16] {
        match self {
            Self::Header => &[3, 4, 5, 6, 9, 11, 12, 13, 18, 21],
            Self::Acknowledgement | Self::Equipment | Self::Filter => &[1],
            Self::Software => &[1, 2, 3],
            Self::Observation => &[3, 4, 18],
            Self::Participation => &[10, 16, 20, 22],
            Self::Request => &[4],
            Self::Visit => &[3],
        }
    }

    /// Behind this field nothing is read.
    pub(super) const fn last_field(self) -> u16 {
        match self.fields() {
            [.., last] => *last,
            [] => 0,
        }
    }
}

/// A stretch of a [`Texts`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    start: usize,
    end: usize,
}

/// Copied values, bounded.
#[derive(Default)]
pub(super) struct Texts(Vec<u8>);

impl Texts {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Whether the rest of the room is for what tells devices apart.
    pub(super) fn is_half_full(&self) -> bool {
        self.0.len() >= TEXT_BYTES_MAX / 2
    }

    /// Copies a value; where there is no room left, none of it.
    pub(super) fn keep(&mut self, value: &[u8]) -> Span {
        let start = self.0.len();
        let value = value.get(..model::message::TEXT_BYTES_MAX).unwrap_or(value);
        if start.saturating_add(value.len()) <= TEXT_BYTES_MAX {
            self.0.extend_from_slice(value);
        }
        Span { start, end: self.0.len() }
    }

    pub(super) fn text(&self, span: Span) -> &[u8] {
        self.0.get(span.start..span.end).unwrap_or_default()
    }
}

/// One message.
#[derive(Default)]
pub(super) struct Record {
    texts: Texts,
    values: Vec<(&'static Field, Span)>,
    sender_mac: Option<MacAddr>,
    /// The second component of MSH-3.
    sender_universal_id: Span,
    message_type: Span,
    is_acknowledgement_type: bool,
    acknowledges: bool,
    /// Whether the message reports on an implanted device: that is its bearer's, and no device of the network.
    about_implant: bool,
    /// A private network address that stands for the bed's.
    bed_address: Option<Ipv4Addr>,
    row: Row,
    roster: Roster,
    delimiters: Delimiters,
}

impl Record {
    /// A message begins: nothing of the one before is left.
    pub(super) fn begin(&mut self, delimiters: Delimiters) {
        self.texts.clear();
        self.values.clear();
        self.sender_mac = None;
        self.sender_universal_id = Span::default();
        self.message_type = Span::default();
        self.is_acknowledgement_type = false;
        self.acknowledges = false;
        self.about_implant = false;
        self.bed_address = None;
        self.row.clear();
        self.roster.clear(delimiters);
        self.delimiters = delimiters;
    }

    /// Whether a field is read.
    pub(super) fn wants(&self, segment: Segment, number: u16) -> bool {
        segment.fields().contains(&number)
            || (segment == Segment::Observation && number == 5 && self.row.attribute().is_some())
    }

    /// The next field behind `number` that is read.
    pub(super) fn next_wanted(&self, segment: Segment, number: u16) -> Option<u16> {
        if segment == Segment::Observation && number == 4 && self.row.attribute().is_some() {
            return Some(5);
        }
        segment.fields().iter().copied().find(|field| *field > number)
    }

    /// Takes a field that is [wanted](Self::wants).
    pub(super) fn field(&mut self, segment: Segment, number: u16, value: &[u8], delimiters: &Delimiters) {
        if is_empty(value) {
            return;
        }
        match segment {
            Segment::Header => self.header_field(number, value, delimiters),
            Segment::Acknowledgement => {
                self.acknowledges = true;
                self.add(&super::ACKNOWLEDGEMENT_CODE, value);
            }
            Segment::Software => match number {
                1 => self.add(&super::SOFTWARE_VENDOR, part(value, delimiters.component, 0)),
                2 => self.add(&super::SOFTWARE_VERSION, value),
                _ => self.add(&super::SOFTWARE_PRODUCT, value),
            },
            Segment::Observation => self.observation_field(number, value, delimiters),
            Segment::Participation => match number {
                10 => self.row.set_id(value),
                16 => self.row.set_udi(value, delimiters),
                20 => self.row.set_serial(value),
                _ => self.row.set_device_type(part(value, delimiters.component, 1)),
            },
            Segment::Equipment => self.row.set_id(value),
            // What was ordered is the patient's, but for the kind of device system that observes.
            Segment::Request => {
                let [code, name, system] = [0, 1, 2].map(|index| part(value, delimiters.component, index));
                // A maker's own coding system; any other word may be somebody's here.
                if system.starts_with(b"99") && is_coding_system(system) {
                    self.add_distinct(&super::CODING_SYSTEM, system);
                }
                if is_reference_identifier(name) && name.starts_with(b"MDC_DEV_") {
                    self.row.set_device_type(name);
                } else if code == MINDRAY_MONITOR
                    && let Some(address) = self.bed_address
                {
                    self.row.set_id(address.to_string().as_bytes());
                    self.row.set_attribute(Some(&super::MODEL));
                    self.row.set_value(code);
                }
            }
            // Other subjects may be anybody's words.
            Segment::Filter if value == MONITOR => self.add(&super::QUERY_SUBJECT, value),
            Segment::Filter => {}
            Segment::Visit => self.bed_address = bed_address(value, delimiters),
        }
    }

    fn header_field(&mut self, number: u16, value: &[u8], delimiters: &Delimiters) {
        let component = |index| part(value, delimiters.component, index);
        match number {
            3 | 4 => {
                let field = if number == 3 { &super::SENDING_APPLICATION } else { &super::SENDING_FACILITY };
                self.add(field, value);
                if number == 3 {
                    self.sender_universal_id = self.texts.keep(component(1));
                }
                if self.sender_mac.is_none() {
                    self.sender_mac = value.split(|byte| *byte == delimiters.component).find_map(MacAddr::named_in);
                }
            }
            5 => self.add(&super::RECEIVING_APPLICATION, value),
            6 => self.add(&super::RECEIVING_FACILITY, value),
            9 => {
                let (code, event) = (component(0), component(1));
                self.is_acknowledgement_type = matches!(code, b"ACK" | b"MCF");
                // Written with the usual separator, whichever this sender declares.
                let mut text = [0_u8; 2 * CODE_BYTES_MAX];
                let mut length = 0_usize;
                let separator: &[u8] = if event.is_empty() { b"" } else { b"^" };
                for byte in code.iter().chain(separator).chain(event) {
                    let Some(slot) = text.get_mut(length) else { break };
                    *slot = *byte;
                    length = length.saturating_add(1);
                }
                let text = text.get(..length).unwrap_or_default();
                // A sender that writes something else there, be it a name, is not quoted.
                if is_message_type(text) {
                    self.add(&super::MESSAGE_TYPE, text);
                    self.message_type = self.texts.keep(text);
                }
            }
            11 => self.add(&super::PROCESSING_ID, component(0)),
            12 if is_version(component(0)) => self.add(&super::VERSION, component(0)),
            12 => {}
            13 if is_serial_number(value) => self.add(&super::SENDER_SERIAL, value),
            13 => {}
            18 => self.add(&super::CHARACTER_SET, value),
            _ => {
                for profile in value.split(|byte| *byte == delimiters.repetition) {
                    self.add(&super::PROFILE, profile);
                }
            }
        }
    }

    fn observation_field(&mut self, number: u16, value: &[u8], delimiters: &Delimiters) {
        match number {
            3 => {
                let [code, name, system] = [0, 1, 2].map(|index| part(value, delimiters.component, index));
                if is_observation_code(code) {
                    self.add_distinct(&super::OBSERVATION_CODE, code);
                }
                if is_reference_identifier(name) {
                    self.add_distinct(&super::OBSERVATION_NAME, name);
                    self.about_implant |= name.starts_with(b"MDC_IDC_");
                    // A personal health device is no system: it has its specialisation (IEEE 11073-20601 §6.3.2).
                    let is_kind = name.ends_with(b"_MDS") || name.starts_with(b"MDC_DEV_SPEC_PROFILE_");
                    if name.starts_with(b"MDC_DEV_") && is_kind {
                        self.row.set_device_type(name);
                    }
                    if !name.starts_with(b"MDC_DEV_") && name.len() <= CODE_BYTES_MAX {
                        self.row.set_observed(name);
                    }
                }
                if is_coding_system(system) {
                    self.add_distinct(&super::CODING_SYSTEM, system);
                }
                self.row.set_attribute(attribute(code, name, system));
            }
            4 => self.row.set_containment(value),
            5 => self.row.set_value(value),
            _ => self.row.set_id(value),
        }
    }

    /// A segment ends: what it says about equipment is filed.
    pub(super) fn end_segment(&mut self, segment: Segment) {
        if segment == Segment::Request {
            self.roster.begin_request(&self.row);
            if self.row.attribute().is_some() {
                self.roster.file(&self.row);
            }
            self.row.clear();
        } else if matches!(segment, Segment::Observation | Segment::Participation | Segment::Equipment) {
            self.roster.file(&self.row);
            self.row.clear();
        }
    }

    fn add(&mut self, field: &'static Field, value: &[u8]) {
        if !is_empty(value) && self.values.len() < VALUES_MAX {
            let span = self.texts.keep(value);
            self.values.push((field, span));
        }
    }

    fn add_distinct(&mut self, field: &'static Field, value: &[u8]) {
        if is_empty(value) || value.len() > CODE_BYTES_MAX {
            return;
        }
        let mut same = 0_usize;
        for (known, span) in &self.values {
            if std::ptr::eq(*known, field) {
                same = same.saturating_add(1);
                if self.texts.text(*span) == value || same >= DISTINCT_MAX {
                    return;
                }
            }
        }
        self.add(field, value);
    }

    /// The message is whole: tells it and the equipment it names.
    pub(super) fn finish(&mut self, messages: &mut Messages) {
        let is_acknowledgement =
            self.is_acknowledgement_type || (self.acknowledges && self.message_type == Span::default());
        let message = messages.begin("hl7", if is_acknowledgement { "acknowledgement" } else { "message" });
        for (field, span) in &self.values {
            tell_parts(message, field, self.texts.text(*span), &self.delimiters);
        }
        if let Some(mac) = self.sender_mac {
            message.mac(&super::SENDER_MAC, mac);
        }
        let sender = Sender { universal_id: self.texts.text(self.sender_universal_id), mac: self.sender_mac };
        let count = if self.about_implant { 0 } else { self.roster.count(&sender) };
        if count > 0 {
            message.number(&super::EQUIPMENT_COUNT, count);
        }
        message.operated(&String::from_utf8_lossy(self.texts.text(self.message_type)));
        // Whoever acknowledges receives in the clear what the other sends.
        message.weak(Weakness::CleartextMedical);
        if !self.about_implant {
            self.roster.tell(&sender, messages);
        }
    }
}

/// Adds a value whose parts are joined by `^`, whichever byte this sender declares for that.
pub(super) fn tell_parts(message: &mut Message, field: &'static Field, value: &[u8], delimiters: &Delimiters) {
    if delimiters.component == b'^' || !matches!(field.form, Form::Designator | Form::Identifier) {
        message.bytes(field, value);
        return;
    }
    let mut joined = Line::new();
    for (index, part) in value.split(|byte| *byte == delimiters.component).enumerate() {
        if (index > 0 && !joined.extend(b"^")) || !joined.extend(part) {
            break;
        }
    }
    message.bytes(field, joined.as_bytes());
}

/// The monitor's address, as Mindray's gateway writes it: a number of 32 bits behind the bed (Mindray Patient Data Share
/// Protocol guide, PV1-3). Nothing else of the location is looked at; a number that is no private address may be anybody's.
fn bed_address(location: &[u8], delimiters: &Delimiters) -> Option<Ipv4Addr> {
    let number = part(part(location, delimiters.component, 2), delimiters.subcomponent, 2);
    if !number.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number: u32 = std::str::from_utf8(number).ok()?.parse().ok()?;
    Some(Ipv4Addr::from(number)).filter(Ipv4Addr::is_private)
}

/// `ORU`, or `ORU^R01` (HL7 tables 0076 and 0003): three capitals or digits, and an event of a capital and two of either.
fn is_message_type(text: &[u8]) -> bool {
    let is_code =
        |code: &[u8]| code.len() == 3 && code.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    match text.split(|byte| *byte == b'^').collect::<Vec<_>>().as_slice() {
        [code] => is_code(code),
        [code, event] => is_code(code) && is_code(event),
        _ => false,
    }
}

/// Digits and dots, as in `2.5.1`.
fn is_version(text: &[u8]) -> bool {
    text.len() <= 8 && text.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
}

/// Whether a field has no value: empty, or the explicit null (HL7 v2.5 §2.5.3).
pub(super) fn is_empty(value: &[u8]) -> bool {
    let value = value.trim_ascii();
    value.is_empty() || value == b"\"\""
}

/// One part of a value, counted from 0; empty if there is none.
pub(super) fn part(value: &[u8], delimiter: u8, index: usize) -> &[u8] {
    value.split(|byte| *byte == delimiter).nth(index).unwrap_or_default()
}

/// A code by its form: LOINC's (`8867-4`), IEEE 11073's (`150456`, `MDC_ECG_HEART_RATE`), or a laboratory's own, as
/// short and in capitals as those are (`GLU`, `HBA1C`, `WBC#`). A code without a digit is four letters at most: longer
/// ones may be anybody's name.
fn is_observation_code(code: &[u8]) -> bool {
    if is_reference_identifier(code) {
        return true;
    }
    let (mut letters, mut digits, mut run, mut longest) = (0_usize, 0_usize, 0_usize, 0_usize);
    for byte in code {
        run = if byte.is_ascii_digit() { run.saturating_add(1) } else { 0 };
        longest = longest.max(run);
        match byte {
            b'0'..=b'9' => digits = digits.saturating_add(1),
            b'A'..=b'Z' => letters = letters.saturating_add(1),
            b'-' | b'_' | b'.' | b'#' | b'%' | b'/' | b'+' | b'*' | b':' => {}
            _ => return false,
        }
    }
    let is_loinc =
        matches!(code, [number @ .., b'-', b'0'..=b'9'] if number.len() <= 7 && number.iter().all(u8::is_ascii_digit));
    let is_date = longest == 8 || std::str::from_utf8(code).map_or(true, model::form::is_personal);
    is_loinc
        || (code.len() <= 16 && longest <= 6 && !is_date && !is_name_and_year(code) && (digits > 0 || letters <= 4))
}

/// `ANNA1950`, `MEIER010150`: a name, and four digits or six behind it.
fn is_name_and_year(code: &[u8]) -> bool {
    let digits = code.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let name = code.get(..code.len().saturating_sub(digits)).unwrap_or_default();
    let letters = name.iter().rev().take_while(|byte| byte.is_ascii_uppercase()).count();
    matches!(digits, 4 | 6) && letters >= 4
}

/// A coding system as HL7 table 0396 names them: `LN`, `MDC`, `SCT`, `99ROC`, `L`, `ISO+`, or an object identifier.
fn is_coding_system(system: &[u8]) -> bool {
    let is_word = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'+');
    let is_oid = system.iter().filter(|byte| **byte == b'.').count() >= 3
        && system.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    let is_named = |system: &[u8]| system.len() <= 6 && system.iter().all(is_word);
    // 99zzz: a vendor's or a site's own.
    let is_own =
        matches!(system, [b'9', b'9', rest @ ..] if rest.len() <= 10 && rest.iter().all(u8::is_ascii_alphanumeric));
    static LONGER: &[&[u8]] = &[b"LOINC", b"SNOMED", b"SNOMED-CT", b"SNM3", b"IEEE11073", b"HL70396", b"UCUM"];
    (is_named(system) || is_own || is_oid || LONGER.contains(&system))
        && !std::str::from_utf8(system).map_or(true, |text| !is_oid && model::form::is_personal(text))
}

/// Whether what stands for a sequence number holds letters and digits as serial numbers do.
fn is_serial_number(value: &[u8]) -> bool {
    value.len() >= 6
        && value.iter().any(u8::is_ascii_digit)
        && value.iter().any(u8::is_ascii_alphabetic)
        && value.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'/' | b'.' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_message_type_is_not_quoted() {
        for right in ["ORU^R01", "ACK", "ADT^A08", "QBP^Q21"] {
            assert!(is_message_type(right.as_bytes()), "{right}");
        }
        for wrong in ["Canary^Anna", "CANARY", "ORU^R01^19500101", "", "oru^r01"] {
            assert!(!is_message_type(wrong.as_bytes()), "{wrong}");
        }
        assert!(is_version(b"2.5.1") && !is_version(b"Canary") && !is_version(b"123456789"));
    }

    #[test]
    fn what_is_no_code_is_not_quoted() {
        for right in ["8867-4", "1234567-8", "150456", "MDC_ECG_HEART_RATE", "GLU", "HBA1C", "WBC#", "pH"] {
            assert_eq!(is_observation_code(right.as_bytes()), right != "pH", "{right}");
        }
        for wrong in [
            "CANARY ANNA",
            "Canary",
            "CANARYANNA",
            "4711000815",
            "19500101",
            "1950-01-01",
            "CANARY,ANNA",
            "A@B",
            "OBXANNA1950",
            "MEIER010150",
        ] {
            assert!(!is_observation_code(wrong.as_bytes()), "{wrong}");
        }
        for right in ["LN", "MDC", "99ROC", "L", "2.16.840.1.113883.6.1", "ISO+"] {
            assert!(is_coding_system(right.as_bytes()), "{right}");
        }
        for wrong in ["Canary", "CANARY ANNA", "19500101", "4711000815", "CANARY^A"] {
            assert!(!is_coding_system(wrong.as_bytes()), "{wrong}");
        }
    }

    #[test]
    fn of_a_location_nothing_but_a_private_address_is_read() {
        let read = |text: &str| bed_address(text.as_bytes(), &Delimiters::default()).map(|address| address.to_string());
        assert_eq!(read("^^WARD&BED5&3232241659&0&0").as_deref(), Some("192.168.23.251"));
        for other in ["^^WARD&BED5&CANARY", "^^WARD&BED5&134744072", "^^WARD&BED5&", "CANARY", "^^&&99999999999"] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn a_sequence_number_is_no_serial_number() {
        assert!(is_serial_number(b"DMX1000200030"));
        assert!(!is_serial_number(b"000017"));
        assert!(!is_serial_number(b"A1"));
    }
}

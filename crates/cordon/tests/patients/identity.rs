//! Made-up patients, each known by texts that occur nowhere else, and the ways in which people and programs write them.

use data_encoding::BASE64;

/// How many there are.
pub const PATIENTS: usize = 500;
/// What stands for a patient in the messages; every name is as long.
pub const CANARY: &[u8] = b"CANARY";

/// Somebody who does not exist.
#[derive(Clone, Debug)]
pub struct Patient {
    /// Six capitals.
    pub name: String,
    /// Twelve digits.
    pub number: String,
    /// As in `1811-03-07`.
    pub birth: String,
}

/// All of them.
pub fn patients() -> Vec<Patient> {
    let letter = |number: usize| char::from(b'A' + u8::try_from(number % 26).unwrap());
    let patient = |number: usize| Patient {
        name: format!("ZQX{}{}{}", letter(number / 26), letter(number), letter(number * 7 + 3)),
        number: format!("9071725{number:05}"),
        birth: format!("{}-{:02}-{:02}", 1_811 + number / 12, number % 12 + 1, number % 28 + 1),
    };
    (0..PATIENTS).map(patient).collect()
}

/// A way of writing a patient.
pub type Encoding = (&'static str, fn(&Patient) -> Vec<u8>);

/// As many bytes as the name itself: whatever stands around it keeps its lengths.
pub static AS_LONG: &[Encoding] = &[
    ("capitals", |patient| patient.name.clone().into_bytes()),
    ("small letters", |patient| patient.name.to_lowercase().into_bytes()),
    ("as a name", |patient| as_a_name(patient).into_bytes()),
];

/// For protocols whose messages are lines of text.
pub static OF_TEXT: &[Encoding] = &[
    ("capitals", |patient| patient.name.clone().into_bytes()),
    ("as a name", |patient| as_a_name(patient).into_bytes()),
    ("HL7 name", |patient| format!("{}^{}^B^^MRS", patient.name, patient.name).into_bytes()),
    ("name and number", |patient| format!("{}^{}^{}", patient.number, patient.name, patient.birth).into_bytes()),
    ("as in a letter", |patient| {
        let Patient { name, number, birth } = patient;
        format!("{name}, {name}, born {birth}, MRN {number}").into_bytes()
    }),
    ("number", |patient| format!("MRN:{}", patient.number).into_bytes()),
    ("UTF-8", |patient| format!("Äö\u{301}ß{}Ü", as_a_name(patient)).into_bytes()),
    ("UTF-16LE", |patient| patient.name.encode_utf16().flat_map(u16::to_le_bytes).collect()),
    ("UTF-16BE", |patient| patient.name.encode_utf16().flat_map(u16::to_be_bytes).collect()),
    // PS3.5 §6.1.2.5: a change of the character set and back.
    ("ISO 2022", |patient| [b"\x1b$B;3ED\x1b(B".as_slice(), patient.name.as_bytes(), b"\x1b$B;3\x1b(B"].concat()),
    ("Base64", |patient| BASE64.encode(format!("{}^ANNA", patient.name).as_bytes()).into_bytes()),
    ("percent", |patient| patient.name.bytes().flat_map(|byte| format!("%{byte:02X}").into_bytes()).collect()),
    ("HL7 escape", |patient| {
        let digits: String = patient.name.bytes().map(|byte| format!("{byte:02X}")).collect();
        format!("\\X{digits}\\").into_bytes()
    }),
];

fn as_a_name(patient: &Patient) -> String {
    let (first, rest) = patient.name.split_at(1);
    format!("{first}{}", rest.to_lowercase())
}

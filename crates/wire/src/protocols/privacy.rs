//! Patients are never in our data: known names, record numbers and dates of birth are pushed through every field of every
//! decoder, and none comes out but where `docs/privacy.md` says so.
#![allow(clippy::disallowed_methods, clippy::arithmetic_side_effects)]

use std::collections::BTreeSet;
use std::path::Path;

use model::form::Verdict;
use model::{Field, Form, Message, Messages, Value};
use proptest::prelude::*;

use super::contract::{goldens, messages};
use super::{ALL, Decoder, named};

/// A patient as records, lists and letters write one.
static NAMES: &[&str] = &[
    "CANARY^ANNA",
    "CANARY^ANNA^B^^MRS",
    "CANARY, ANNA",
    "Canary,Anna",
    "canary.anna@example.org",
    "CANARY^ANNA^^19500101^F",
];
static NUMBERS: &[&str] = &["4711000815", "MRN4711000815", "MRN:4711000815"];
static BIRTHS: &[&str] =
    &["19500101", "1950-01-01", "01.01.1950", "1/31/1950", "1-Jan-1950", "born 1950-01-01", "DOB:1950-01-01"];
/// What must never be part of a value.
static SHAPES: &[&str] =
    &["CANARY^A", "CANARY, A", "Canary,A", "y@example", "19500101", "1950-01-01", "01.01.1950", "4711000815"];

/// Forms that may hold a bare number, because they are what devices are told apart by.
fn may_be_a_number(form: Form) -> bool {
    matches!(form, Form::Serial | Form::Identifier)
}

/// Forms whose names count devices: `MRN4711000815` is a host's name as well.
fn may_end_in_a_number(form: Form) -> bool {
    may_be_a_number(form) || matches!(form, Form::Name | Form::Label | Form::Designator)
}

#[test]
fn no_field_of_any_decoder_takes_a_patient() {
    let mut messages = Messages::new();
    let mut fields = 0;
    for decoder in ALL {
        for field in decoder.fields().iter().filter(|field| field.form != Form::Fixed) {
            fields += 1;
            let mut told = |text: &str| {
                messages.clear();
                let message = messages.begin(decoder.name(), "canary");
                message.bytes(field, text.as_bytes());
                message.text(field.name).unwrap_or_default().to_owned()
            };
            let name = format!("{}.{} ({:?})", decoder.name(), field.name, field.form);
            for text in NAMES {
                let told = told(text);
                assert!(!SHAPES.iter().any(|shape| told.contains(shape)), "{name}: {told}");
            }
            for text in NUMBERS {
                let allowed =
                    if text.starts_with('4') { may_be_a_number(field.form) } else { may_end_in_a_number(field.form) };
                let told = told(text);
                assert!(allowed || !told.contains("4711000815"), "{name}: {told}");
            }
            for text in BIRTHS {
                let allowed = may_be_a_number(field.form) && text.bytes().all(|byte| byte.is_ascii_digit());
                let told = told(text);
                assert!(allowed || !told.contains("1950"), "{name}: {told}");
            }
        }
    }
    assert!(fields > 150, "{fields}");
}

/// What a form that looked at the whole text, at one way to write a date or at one word at a time let through.
#[test]
fn no_disguise_carries_a_patient_through() {
    static COMMAS: &[&str] = &[
        "Zqt, Anna - Bed 3 - Monitor",
        "Zqt, Anna (M) 65Y MRN 471108",
        "Zqt van der Meier, Anna",
        "Meier,Anna,F,73",
        "Bett 3: Müller, Änne",
        "Zqt Meier, Anna 3",
        "Monitor Meier, Anna 3B",
        "Bed 4 | Meier ,Anna",
        "fac=North, poc=ICU, bed=Meier, Anna 3",
        "Meier, Anna Maria Luise",
        "ICU\u{ff1a}Meier\u{ff0c}Anna 3",
    ];
    static DATES: &[&str] = &[
        "Zq 01 01 1950 Anna",
        "Zq 01 JAN 1950",
        "Zq Jan 1 1950",
        "Zq 1. Januar 1950",
        "Zq 1950_01_01",
        "Zq \u{ff10}\u{ff11}\u{ff10}\u{ff11}1950",
        "Zq 1950\u{2010}01\u{2010}01",
        "Zq\u{a0}01\u{a0}01\u{a0}1950",
        "Zq \u{661}\u{669}\u{665}\u{660}0101",
    ];
    static GLUED: &[&str] = &["ZQAE19500101ANNA", "zqhost-anna-19500101.local", "ZQDST01011950X", "zq-1-1-1950-anna"];
    static NUMBERED: &[&str] = &[
        "ZQEQ MEIER ANNA 19500101",
        "ZQE MEIER ANNA 50",
        "ZQE ANNA BORN 01 01 1950",
        "ZQPRT MEIER ANNA 123456",
        "ZQAPP ZQBERT 010150",
    ];
    let is_told = |form: Form, text: &str| {
        static PRODUCT: Field = Field::device("text");
        static HEADING: Field = Field::device("text").form(Form::Heading);
        let mut messages = Messages::new();
        let message = messages.begin("test", "canary");
        match form {
            Form::Product => message.str(&PRODUCT, text),
            Form::Heading => message.str(&HEADING, text),
            // These are told whole or not at all.
            _ if form.judge(text) == Verdict::Whole => return Some(text.to_owned()),
            _ => return None,
        };
        message.text("text").map(str::to_owned)
    };
    let of_people = [
        Form::Token,
        Form::Serial,
        Form::Name,
        Form::Designator,
        Form::Identifier,
        Form::Algorithms,
        Form::Label,
        Form::Heading,
    ];
    for form in of_people {
        for text in COMMAS.iter().chain(DATES) {
            assert_eq!(is_told(form, text), None, "{form:?}");
        }
    }
    for text in COMMAS.iter().chain(DATES) {
        let told = is_told(Form::Product, text).unwrap_or_default();
        assert!(!["Meier", "Müller", "Änne", "Zqt, ", "1950", "01"].iter().any(|part| told.contains(part)), "{told}");
    }
    for form in [Form::Name, Form::Label, Form::Designator, Form::Heading] {
        for text in GLUED {
            assert_eq!(is_told(form, text), None, "{form:?}");
        }
    }
    for form in [Form::Serial, Form::Identifier, Form::Designator] {
        for text in NUMBERED {
            assert_eq!(is_told(form, text), None, "{form:?}");
        }
    }
    assert_eq!(is_told(Form::Serial, "urn:uuid:ZQEPR-Anna-19500101"), None);
    for text in ["12-34-56 Anna Meier", "MRN 4711 000815", "MRN:471-10-0081", "MRN 4711-000815"] {
        assert_eq!(is_told(Form::Heading, text), None);
        let told = is_told(Form::Product, text).unwrap_or_default();
        assert!(!told.contains(['4', '8']), "{told}");
    }
    for (text, told) in [("Zqt 1.1.50", "Zqt *"), ("geb.01.01.50 A", "* A"), ("Apache/1.3.33", "Apache/1.3.33")] {
        assert_eq!(is_told(Form::Heading, text).as_deref(), Some(told));
    }
}

/// What devices are told apart by, and what their makers write, stays.
#[test]
fn devices_keep_what_they_are_called() {
    for (form, text) in [
        (Form::Serial, "19500101"),
        (Form::Serial, "SN 4711-0815"),
        (Form::Serial, "(01)09999999000017(11)260101(21)M-55(10)7"),
        (Form::Serial, "uuid:00000000-0000-1000-8000-020000000002::urn:schemas-upnp-org:device:MediaServer:1"),
        (Form::Identifier, "Afinion 2 Analyzer^^AF00000042"),
        (Form::Identifier, "CELL-DYN Ruby^1"),
        (Form::Identifier, "Patient Monitor 3"),
        (Form::Identifier, "080019FFFE0000A1^B40_GE"),
        (Form::Designator, "General Hospital 2"),
        (Form::Name, "001221FA19500101"),
        (Form::Name, "PC00123456"),
        (Form::Label, "Building 3, Floor 2"),
        (Form::Label, "Surgery, level 2"),
        (Form::Label, "fac=North, bldng=B2, flr=3, poc=ICU 1, rm=7, bed=7b"),
        (Form::Label, "Example Systems, Inc. - Storage"),
        (Form::Label, "00-11-22-33-44-55:ward"),
        (Form::Heading, "Network Camera, Login"),
        (Form::Product, "Example OS Software, C29 Software (C29-LAN-M), Version 15.2(7)E3, RELEASE SOFTWARE (fc3)"),
        (Form::Product, "AXIS,Network Camera,P3225-LV Mk II,7.30.1"),
        (Form::Product, "Example Networks, Inc. ex34-48t Ethernet Switch, kernel OS 18.4R2"),
        (Form::Product, "CN=Example Router,O=Example,C=US"),
        (Form::Product, "Copyright (c) 1998-2005"),
    ] {
        assert_eq!(form.judge(text), Verdict::Whole, "{form:?} {text}");
    }
}

/// Every text of every golden is replaced by a patient's, as long as it was: lengths and framing stay right, and the
/// decoder reads on.
#[test]
fn no_decoder_tells_a_patient_that_stands_where_a_golden_has_text() {
    let mut replaced = 0;
    let mut told = BTreeSet::new();
    for decoder in ALL {
        for golden in goldens(*decoder) {
            for (piece, bytes) in golden.pieces.iter().enumerate() {
                for (start, end) in texts(&bytes.1) {
                    for patient in
                        ["CANARY^ANNA ", "CANARY, ANNA ", "4711000815 ", "1950-01-01 ", "canary@example.org "]
                    {
                        let mut pieces = golden.pieces.clone();
                        for (place, byte) in pieces[piece].1[start..end].iter_mut().zip(patient.bytes().cycle()) {
                            *place = byte;
                        }
                        replaced += 1;
                        for message in messages(*decoder, &golden, &pieces, usize::MAX).iter() {
                            check(*decoder, message, &golden.path, &mut told);
                        }
                    }
                }
            }
        }
    }
    assert!(told.is_empty(), "{told:#?}");
    assert!(replaced > 1_000, "{replaced}");
}

/// Where text of four characters or more stands: letters, digits and what joins them.
fn texts(bytes: &[u8]) -> Vec<(usize, usize)> {
    let is_text = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'.' | b'_');
    let mut found = Vec::new();
    let mut start = 0;
    for (at, byte) in bytes.iter().chain(&[0]).enumerate() {
        if !is_text(byte) {
            if at - start >= 4 {
                found.push((start, at));
            }
            start = at + 1;
        }
    }
    found
}

fn check(decoder: &dyn Decoder, message: &Message, path: &Path, told: &mut BTreeSet<String>) {
    let owner = named(message.protocol()).map_or(decoder.name(), Decoder::name);
    for (field, value) in message.fields() {
        let Value::Text(text) = value else { continue };
        // Judged by its key.
        let form = match (field.name, text.split('=').next()) {
            ("txt", Some("UUID")) => Form::Serial,
            ("txt", _) => Form::Product,
            _ => field.form,
        };
        for shape in SHAPES {
            let is_number = shape.bytes().all(|byte| byte.is_ascii_digit());
            // Among other words, a name is words too: the table says so.
            let is_words =
                shape.contains(", ") && matches!(form, Form::Product | Form::Label | Form::Heading | Form::Identifier);
            // Beside a code, an instrument's name and a person's look alike.
            let is_beside_code = form == Form::Identifier && text.bytes().any(|byte| byte.is_ascii_digit());
            let allowed =
                is_words || (*shape == "CANARY^A" && is_beside_code) || is_number && may_end_in_a_number(form);
            if !allowed && text.contains(shape) {
                told.insert(format!("{owner}.{} = {text} ({})", field.name, path.display()));
            }
        }
    }
    for text in [message.operation(), message.identity()].into_iter().flatten() {
        for shape in
            SHAPES.iter().filter(|shape| !shape.contains(", ") && !shape.bytes().all(|byte| byte.is_ascii_digit()))
        {
            if text.contains(shape) {
                told.insert(format!("{owner} {} names {text} ({})", message.kind(), path.display()));
            }
        }
    }
}

/// The table that says what each form lets through names every form and every decoder.
#[test]
fn the_table_of_forms_is_whole() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/privacy.md");
    let text = std::fs::read_to_string(path).unwrap();
    let rows: BTreeSet<&str> = text.lines().filter(|line| line.starts_with("| ")).collect();
    for form in Form::ALL {
        let name = format!("| {form:?} |");
        assert!(rows.iter().any(|row| row.starts_with(&name)), "{name} is missing");
    }
    for decoder in ALL {
        let says_words = decoder.fields().iter().any(|field| field.form != Form::Fixed);
        let name = format!("`{}.", decoder.name());
        assert!(!says_words || rows.iter().any(|row| row.contains(&name)), "{name} is missing");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever stands around it, a patient does not come through.
    #[test]
    fn no_surroundings_carry_a_patient_through(
        before in "[ -~]{0,12}[ ;(]",
        behind in "[ ;)][ -~]{0,12}",
        patient in prop::sample::select(vec!["CANARY^ANNA", "canary@example.org", "1950-01-01", "01.01.1950"]),
    ) {
        let text = format!("{before}{patient}{behind}");
        let mut messages = Messages::new();
        for decoder in ALL {
            for field in decoder.fields().iter().filter(|field| !matches!(field.form, Form::Fixed | Form::Identifier | Form::Designator)) {
                messages.clear();
                let message = messages.begin(decoder.name(), "canary");
                message.str(field, &text);
                let told = message.text(field.name).unwrap_or_default();
                prop_assert!(!told.contains(patient), "{}.{} ({:?}) = {told}", decoder.name(), field.name, field.form);
            }
        }
    }
}

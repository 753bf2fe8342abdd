//! The forms that text must have to leave a decoder.
//!
//! Which *fields* exist is the first allow-list; which *form* each field's text has is the second. A device may put
//! anything into a field, a patient's name included. Text is therefore judged where it enters a message, by the form
//! that its field declares, so that no decoder can leave the judgement out. What a form still lets through is written
//! down in `docs/privacy.md`.

use crate::message::TEXT_BYTES_MAX;

mod date;
mod known;
mod person;

use date::{holds_compact_date, holds_separated_date};
pub use date::{holds_date, holds_short_date};
pub(crate) use known::KnownTexts;
use person::{
    count_of_names, count_together, holds_date_beside_names, holds_number_in_groups, holds_words_of_a_person,
    is_address, is_family_and_given_name, is_name_and_number, plain, words, words_in_threes,
};

/// The form that a field's text must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// Words of a list in the decoder, and what it writes itself from numbers (hexadecimal digits, object identifiers,
    /// lists of option numbers): no text from outside reaches it, so nothing is checked.
    Fixed,
    /// One word of a specification: ASCII without blanks, no date, no long number.
    Token,
    /// A number of ISO or DICOM in dots (ITU-T X.660): digits, at least four arcs, the first below three.
    ObjectIdentifier,
    /// What tells one device from another of its kind: short, holds a digit, no date. A bare number is one.
    Serial,
    /// The name of a station, domain or application on the network: no blanks, no bare long number, no date.
    Name,
    /// Names joined by `^` as HL7 does (HD, EI): more than one part only where one of them is a code (holds a digit or `_`).
    Designator,
    /// What a device or its maker calls one device, alone or joined by `^`: a [`Serial`](Self::Serial), a
    /// [`Label`](Self::Label), or a [`Designator`](Self::Designator) that may begin with a number.
    Identifier,
    /// Names of algorithms (RFC 4251 §6), separated by commas; of private ones, those of known implementers.
    Algorithms,
    /// Words that people type to name a thing or a place.
    Label,
    /// A [`Label`](Self::Label) that a page or a sign-in shows to anyone: short, and no word of it a date or a long number.
    Heading,
    /// Words that a maker writes about a product. What looks like a date, a long number or an address becomes `*`.
    Product,
}

/// What becomes of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It has the form.
    Whole,
    /// It may be told once the words for which [`is_personal`] holds are replaced.
    Masked,
    /// It does not have the form.
    Nothing,
}

/// So many digits in a row are a number of somebody's (record, insurance, telephone), not of a product.
pub const DIGITS_MAX: usize = 6;
/// The longest serial number.
const SERIAL_BYTES_MAX: usize = 128;
/// The longest heading.
const HEADING_BYTES_MAX: usize = 100;
/// Types of universal identifiers (HL7 table 0301), and what stands in their place.
static UNIVERSAL_TYPES: &[&str] = &["ISO", "DNS", "EUI-64", "EUI64", "UUID", "GUID", "HL7", "HCD", "CLIA", "URI"];

impl Form {
    /// Every form.
    pub const ALL: &'static [Self] = &[
        Self::Fixed,
        Self::Token,
        Self::ObjectIdentifier,
        Self::Serial,
        Self::Name,
        Self::Designator,
        Self::Identifier,
        Self::Algorithms,
        Self::Label,
        Self::Heading,
        Self::Product,
    ];

    /// Judges text that is trimmed and free of control characters.
    pub fn judge(self, text: &str) -> Verdict {
        if self == Self::Fixed {
            return Verdict::Whole;
        }
        if text.is_ascii() {
            return self.judge_plain(text);
        }
        match plain(text) {
            // What must be ASCII is not made ASCII to please.
            Some(_) if matches!(self, Self::Token | Self::ObjectIdentifier | Self::Serial | Self::Algorithms) => {
                Verdict::Nothing
            }
            Some(text) => self.judge_plain(&text),
            None => self.judge_plain(text),
        }
    }

    fn judge_plain(self, text: &str) -> Verdict {
        let holds = |has_form: bool| if has_form { Verdict::Whole } else { Verdict::Nothing };
        match self {
            Self::Fixed => Verdict::Whole,
            Self::Token => {
                holds(text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',') && !is_personal(text))
            }
            Self::ObjectIdentifier => holds(is_object_identifier(text)),
            Self::Serial => holds(is_serial(text)),
            Self::Name => holds(is_name(text)),
            Self::Designator => holds(is_designator(text) && !is_bare_number(text) && !holds_two_words(text)),
            Self::Identifier => {
                let is_identifier = || is_designator(text) && (!text.contains('^') || holds_code(text));
                holds(is_serial(text) || (is_label(text) && !is_name_and_number(text)) || is_identifier())
            }
            Self::Algorithms => holds(are_algorithms(text)),
            Self::Label => holds(is_label(text)),
            Self::Heading if text.len() > HEADING_BYTES_MAX => Verdict::Nothing,
            Self::Heading if is_surely_impersonal(text) => Verdict::Whole,
            Self::Heading if !is_label_but_for_short_dates(text) || words(text).any(|word| is_personal(word.text)) => {
                Verdict::Nothing
            }
            Self::Heading if words(text).any(|word| holds_short_date(word.text)) => Verdict::Masked,
            Self::Heading => Verdict::Whole,
            Self::Product if is_surely_impersonal(text) => Verdict::Whole,
            Self::Product if is_family_and_given_name(text) => Verdict::Nothing,
            Self::Product if !holds_hidden(text) => Verdict::Whole,
            // Names alone say nothing of a product.
            Self::Product if text.contains(',') && words(&self.masked_plain(text)).all(|word| word.text == "*") => {
                Verdict::Nothing
            }
            Self::Product => Verdict::Masked,
        }
    }
}

/// Whether some words of a product's description may be a person's.
fn holds_hidden(text: &str) -> bool {
    words(text).any(|word| is_personal(word.text)) || holds_words_of_a_person(text, false)
}

impl Form {
    /// The text with `*` for each word that may be a person's, where the verdict was [`Verdict::Masked`].
    pub(crate) fn masked(self, text: &str) -> String {
        self.masked_plain(plain(text).as_deref().unwrap_or(text))
    }

    fn masked_plain(self, text: &str) -> String {
        let mut told = String::with_capacity(text.len());
        let mut together = 0_usize;
        for words in words_in_threes(text) {
            together = together.saturating_sub(1).max(count_together(words, false));
            let [Some(word), ..] = words else { break };
            let is_hidden =
                together > 0 || is_personal(word.text) || (self == Self::Heading && holds_short_date(word.text));
            told.push_str(if is_hidden { "*" } else { word.text });
            told.push_str(word.gap);
        }
        told
    }
}

/// The common case of several words: [`is_harmless`], and no comma between two names.
fn is_surely_impersonal(text: &str) -> bool {
    is_harmless(text) && !text.as_bytes().contains(&b',')
}

/// The common case, in one pass: none of the signs of a person, no long number, no two separators of one kind that stand
/// beside digits, as they do in a date, and no two words that begin with a digit, as they do in a date with blanks.
fn is_harmless(text: &str) -> bool {
    let (mut hyphens, mut dots, mut slashes, mut underscores) = (0_u32, 0_u32, 0_u32, 0_u32);
    let (mut digits, mut numbers) = (0_u32, 0_u32);
    let mut before = b' ';
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        if byte.is_ascii_digit() {
            digits = digits.saturating_add(1);
            if !before.is_ascii_digit() && is_blank_byte(before) {
                numbers = numbers.saturating_add(1);
            }
            if digits as usize > DIGITS_MAX || numbers > 1 {
                return false;
            }
            before = byte;
            continue;
        }
        // Hyphens join the groups of one number.
        if byte != b'-' {
            digits = 0;
        }
        if matches!(byte, b'-' | b'.' | b'/' | b'_') {
            if before.is_ascii_digit() || bytes.peek().is_some_and(u8::is_ascii_digit) {
                let count = match byte {
                    b'-' => &mut hyphens,
                    b'.' => &mut dots,
                    b'/' => &mut slashes,
                    _ => &mut underscores,
                };
                *count = count.saturating_add(1);
            }
        } else if matches!(byte, b'^' | b'@') {
            return false;
        }
        before = byte;
    }
    hyphens < 2 && dots < 2 && slashes < 2 && underscores < 2
}

/// Blanks, and what stands between words in lists and in brackets; all others are made plain.
const fn is_blank_byte(byte: u8) -> bool {
    byte.is_ascii_whitespace()
        || matches!(byte, 0xb | b',' | b';' | b'(' | b')' | b'[' | b']' | b'"' | b'<' | b'>' | b'|' | b'=')
}

/// Whether one word looks like a person's name in a record (`^`), an address (`@`), a date, or a number of a person.
pub fn is_personal(word: &str) -> bool {
    match if word.is_ascii() { None } else { plain(word) } {
        Some(word) => !is_harmless(&word) && looks_personal(&word),
        None => !is_harmless(word) && looks_personal(word),
    }
}

fn looks_personal(word: &str) -> bool {
    // A UUID is random, or made from a hardware address: its digits mean nothing.
    if let Some((before, behind)) = around_uuid(word) {
        return is_personal(before) || is_personal(behind);
    }
    word.contains('^')
        || is_address(word)
        || longest_number(word) > DIGITS_MAX
        || holds_date(word)
        || holds_number_in_groups(word)
}

/// What stands before and behind a UUID (RFC 9562 §4).
fn around_uuid(word: &str) -> Option<(&str, &str)> {
    const LENGTH: usize = 36;
    let is_uuid = |window: &[u8]| {
        window.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
    };
    let start = word.as_bytes().windows(LENGTH).position(is_uuid)?;
    Some((word.get(..start)?, word.get(start.saturating_add(LENGTH)..)?))
}

fn longest_number(text: &str) -> usize {
    let mut longest = 0_usize;
    let mut length = 0_usize;
    for byte in text.bytes() {
        length = if byte.is_ascii_digit() { length.saturating_add(1) } else { 0 };
        longest = longest.max(length);
    }
    longest
}

/// Whether the whole text is one long number.
fn is_bare_number(text: &str) -> bool {
    text.len() > DIGITS_MAX && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_object_identifier(text: &str) -> bool {
    text.len() <= 128
        && text.split('.').count() >= 4
        && matches!(text.as_bytes(), [b'0'..=b'2', b'.', ..])
        && text.split('.').all(|arc| !arc.is_empty() && arc.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_serial(text: &str) -> bool {
    text.len() <= SERIAL_BYTES_MAX
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
        && !text.bytes().any(|byte| matches!(byte, b'^' | b'@' | b',' | b';'))
        && text.bytes().filter(|byte| *byte == b' ').count() <= 3
        && !holds_separated_date(text)
        && !(text.contains(' ') && count_of_names(text) > 1)
        && !holds_date_beside_names(text)
        && !holds_words_of_a_person(text, true)
}

fn is_name(text: &str) -> bool {
    let mut digits = 0_usize;
    for character in text.chars() {
        if character.is_whitespace() || matches!(character, '^' | '@' | ',' | ';' | '=' | '"' | '<' | '>' | '|' | '?') {
            return false;
        }
        if character.is_ascii_digit() {
            digits = digits.saturating_add(1);
        }
    }
    // Names that count their devices are common; a number alone, or a date, names no device.
    digits < 3 || !(is_bare_number(text) || holds_separated_date(text) || holds_glued_date(text))
}

fn is_designator(text: &str) -> bool {
    let mut parts = text.split('^');
    let first = parts.next().unwrap_or_default();
    let mut is_single = true;
    let is_code = |part: &str| part.bytes().any(|byte| byte.is_ascii_digit() || byte == b'_');
    let mut has_code = is_code(first);
    let is_clean = |part: &str| {
        !part.contains(['@', ','])
            && (is_harmless(part)
                || !(holds_separated_date(part) || holds_glued_date(part) || holds_words_of_a_person(part, true)))
            && !is_name_and_number(part)
    };
    let mut is_told = is_clean(first);
    for part in parts {
        is_single = false;
        has_code |= UNIVERSAL_TYPES.contains(&part) || is_code(part);
        is_told &= is_clean(part);
    }
    is_told && (is_single || has_code)
}

/// Whether a part says more than that: `DNS` alone stands behind anybody's name as well.
fn holds_code(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit() || byte == b'_')
}

/// Two parts in a row of letters only are a family name and a given one, for all that anyone can tell.
fn holds_two_words(text: &str) -> bool {
    let is_word = |part: &str| {
        !part.is_empty()
            && !part.bytes().any(|byte| byte.is_ascii_digit() || byte == b'_')
            && !UNIVERSAL_TYPES.contains(&part)
    };
    text.split('^').zip(text.split('^').skip(1)).any(|(one, next)| is_word(one) && is_word(next))
}

fn are_algorithms(list: &str) -> bool {
    match list.rsplit_once(',') {
        // The last of a list that was cut is a piece of a name.
        Some((whole, piece)) if list.len() >= TEXT_BYTES_MAX => {
            let piece = piece.split('@').next().unwrap_or_default();
            whole.split(',').all(is_algorithm) && is_algorithm(piece)
        }
        _ => list.split(',').all(is_algorithm),
    }
}

fn is_algorithm(name: &str) -> bool {
    static DOMAINS: &[&str] = &[
        "openssh.com",
        "libssh.org",
        "lysator.liu.se",
        "ssh.com",
        "tinyssh.org",
        "bitvise.com",
        "putty.projects.tartarus.org",
        "liu.se",
        "ietf.org",
        "hpnssh.org",
        "cisco.com",
        "matt.ucc.asn.au",
        "vandyke.com",
        "tectia.com",
        "amazon.com",
    ];
    let (algorithm, domain) = name.split_once('@').unwrap_or((name, "openssh.com"));
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'+' | b'=' | b'/');
    // Capitals stand only in names that count bits: `AEAD_AES_256_GCM`.
    let is_cased =
        !algorithm.bytes().any(|byte| byte.is_ascii_uppercase()) || algorithm.bytes().any(|byte| byte.is_ascii_digit());
    DOMAINS.contains(&domain) && algorithm.bytes().all(is_word) && is_cased && !is_personal(algorithm)
}

/// Eight digits that are a date, whatever is glued to them. Those of a hardware address or an EUI-64 hold one by chance.
fn holds_glued_date(text: &str) -> bool {
    let is_hardware = |word: &str| {
        matches!(word.len(), 12 | 16)
            && word.bytes().all(|byte| byte.is_ascii_hexdigit())
            && (word.len() == 16 || word.bytes().any(|byte| byte.is_ascii_alphabetic()))
    };
    holds_compact_date(text)
        && text
            .split(|character: char| !character.is_alphanumeric())
            .any(|word| holds_compact_date(word) && !is_hardware(word))
}

fn is_label(text: &str) -> bool {
    is_surely_impersonal(text)
        || (is_label_but_for_short_dates(text) && !words(text).any(|word| holds_short_date(word.text)))
}

/// A label, for text that is not [surely impersonal](is_surely_impersonal).
fn is_label_but_for_short_dates(text: &str) -> bool {
    let is_personal = |word: person::Word<'_>| {
        let text = word.text;
        !is_harmless(text) && (is_bare_number(text) || holds_separated_date(text) || holds_glued_date(text))
    };
    !(text.bytes().any(|byte| matches!(byte, b'^' | b'@'))
        || words(text).any(is_personal)
        || is_family_and_given_name(text)
        || holds_words_of_a_person(text, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_admits_its_own() {
        let whole = |form: Form, texts: &[&str]| {
            for text in texts {
                assert_eq!(form.judge(text), Verdict::Whole, "{form:?} {text}");
            }
        };
        whole(Form::Token, &["text/html", "OpenSSH_8.9p1", "C-STORE", "ORU:R01"]);
        whole(Form::ObjectIdentifier, &["1.2.840.10008.1.1", "1.3.6.1.4.1.318"]);
        whole(
            Form::Serial,
            &["900042", "SN 4711-0815", "00:09:fb:1a:2b:3c", "urn:uuid:00000000-0000-4000-8000-001122334455"],
        );
        whole(Form::Name, &["ward3-pc.example.org", "PC00123456", "*.example.org", "10.0.0.1:8080", "Größe"]);
        whole(Form::Designator, &["LAB", "PUMP 7", "PUMP^1.2.3^ISO", "0012210000000000^DEV^0012210000000000^EUI-64"]);
        whole(Form::Label, &["Vent 9 ICU", "Building 3, Floor 2", "Anna's phone"]);
        whole(
            Form::Product,
            &["Linux 5.10.0", "Cisco IOS Software, C2960 Software (C2960-LANBASEK9-M), Version 12.2(55)SE"],
        );
    }

    #[test]
    fn the_quick_look_agrees_with_the_long_one() {
        let long = |text: &str| {
            text.contains(['^', '@'])
                || looks_personal(text)
                || holds_short_date(text)
                || holds_glued_date(text)
                || holds_words_of_a_person(text, true)
                || holds_hidden(text)
        };
        // Every text of up to five of these pieces.
        let pieces = ["1950", "01", "7", "-", ".", "/", "_", "T", "Jan", "^", " "];
        let mut texts: Vec<String> = vec![String::new()];
        for _ in 0..5 {
            let longer: Vec<String> =
                texts.iter().flat_map(|text| pieces.iter().map(move |piece| format!("{text}{piece}"))).collect();
            for text in &longer {
                assert!(!is_harmless(text) || !long(text), "{text}");
            }
            texts = longer;
        }
        assert!(is_harmless("OpenSSH_8.9p1") && is_harmless("ward3-pc.example.org"));
    }

    #[test]
    fn no_form_admits_what_looks_like_a_patient() {
        for form in Form::ALL.iter().filter(|form| **form != Form::Fixed) {
            for text in ["CANARY^ANNA", "canary@example.org", "CANARY^ANNA^B", "CANARY 1950-01-01"] {
                assert_ne!(form.judge(text), Verdict::Whole, "{form:?} {text}");
            }
        }
        for form in [Form::Token, Form::ObjectIdentifier, Form::Serial, Form::Name, Form::Label, Form::Product] {
            assert_ne!(form.judge("Canary, Anna"), Verdict::Whole, "{form:?}");
        }
        for form in [Form::Token, Form::ObjectIdentifier, Form::Name, Form::Designator, Form::Label, Form::Product] {
            assert_ne!(form.judge("4711000815"), Verdict::Whole, "{form:?}");
        }
        for form in [Form::Token, Form::ObjectIdentifier, Form::Serial, Form::Name] {
            assert_ne!(form.judge("Anna Canary"), Verdict::Whole, "{form:?}");
        }
    }
}

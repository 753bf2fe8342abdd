//! The forms that text must have to leave a decoder.
//!
//! Which *fields* exist is the first allow-list; which *form* each field's text has is the second. A device may put
//! anything into a field, a patient's name included. Text is therefore judged where it enters a message, by the form
//! that its field declares, so that no decoder can leave the judgement out. What a form still lets through is written
//! down in `docs/privacy.md`.

use crate::message::TEXT_BYTES_MAX;

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

/// What stands behind the comma in a company's name, without the last full stop.
static COMPANIES: &[&str] = &[
    "Inc",
    "Incorporated",
    "Ltd",
    "Limited",
    "LLC",
    "Corp",
    "Corporation",
    "Co",
    "Co., Ltd",
    "L.P",
    "LP",
    "S.A",
    "N.V",
    "B.V",
    "GmbH",
    "AG",
];

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
            Self::Identifier => holds(is_serial(text) || is_label(text) || is_designator(text)),
            Self::Algorithms => holds(are_algorithms(text)),
            Self::Label => holds(is_label(text)),
            Self::Heading => {
                holds(text.len() <= HEADING_BYTES_MAX && is_label(text) && !text.split(is_blank).any(is_personal))
            }
            Self::Product if is_surely_impersonal(text) => Verdict::Whole,
            Self::Product if text.split(is_blank).any(is_personal) => masked(text),
            Self::Product => holds(!is_family_and_given_name(text)),
        }
    }
}

/// Text that begins with a person's name and goes on with what is theirs is about the person from the start.
fn masked(text: &str) -> Verdict {
    let mut length = 0_usize;
    for piece in text.split_inclusive(is_blank) {
        if is_personal(piece.trim_end_matches(is_blank)) {
            break;
        }
        length = length.saturating_add(piece.len());
    }
    let before = text.get(..length).unwrap_or_default().trim_end_matches(is_blank);
    if is_family_and_given_name(before) { Verdict::Nothing } else { Verdict::Masked }
}

/// Blanks, and what stands between words in lists and in brackets.
pub(crate) fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, ',' | ';' | '(' | ')' | '[' | ']' | '"' | '<' | '>' | '|' | '=')
}

/// The common case of several words: [`is_harmless`], and no comma between two names.
fn is_surely_impersonal(text: &str) -> bool {
    is_harmless(text) && !text.as_bytes().contains(&b',')
}

/// The common case, in one pass: none of the signs of a person, no long number, and no two separators of one kind that
/// stand beside digits, as they do in a date.
fn is_harmless(text: &str) -> bool {
    let (mut digits, mut hyphens, mut dots, mut slashes) = (0_u32, 0_u32, 0_u32, 0_u32);
    let mut is_behind_digit = false;
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        if byte.is_ascii_digit() {
            digits = digits.saturating_add(1);
            if digits as usize > DIGITS_MAX {
                return false;
            }
            is_behind_digit = true;
            continue;
        }
        digits = 0;
        if matches!(byte, b'-' | b'.' | b'/') {
            if is_behind_digit || bytes.peek().is_some_and(u8::is_ascii_digit) {
                let count = match byte {
                    b'-' => &mut hyphens,
                    b'.' => &mut dots,
                    _ => &mut slashes,
                };
                *count = count.saturating_add(1);
            }
        } else if matches!(byte, b'^' | b'@') {
            return false;
        }
        is_behind_digit = false;
    }
    hyphens < 2 && dots < 2 && slashes < 2
}

/// Whether one word looks like a person's name in a record (`^`), an address (`@`), a date, or a number of a person.
pub fn is_personal(word: &str) -> bool {
    if is_harmless(word) {
        return false;
    }
    // A UUID is random, or made from a hardware address: its digits mean nothing.
    if let Some((before, behind)) = around_uuid(word) {
        return is_personal(before) || is_personal(behind);
    }
    word.contains('^') || is_address(word) || longest_number(word) > DIGITS_MAX || holds_date(word)
}

/// Whether `@` joins a person to a place. Between versions (`4.2.8p15@1.3728`) it does not.
fn is_address(word: &str) -> bool {
    let mut parts = word.split('@');
    let is_number = |part: &str| part.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    parts.clone().count() > 1 && !parts.all(is_number)
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
    digits < 3 || !(is_bare_number(text) || holds_separated_date(text))
}

fn is_designator(text: &str) -> bool {
    let mut parts = text.split('^');
    let first = parts.next().unwrap_or_default();
    let mut is_single = true;
    let is_code = |part: &str| part.bytes().any(|byte| byte.is_ascii_digit() || byte == b'_');
    let mut has_code = is_code(first);
    let is_clean = |part: &str| !part.contains(['@', ',']) && !holds_separated_date(part) && !is_date_alone(part);
    let mut is_told = is_clean(first);
    for part in parts {
        is_single = false;
        has_code |= UNIVERSAL_TYPES.contains(&part) || is_code(part);
        is_told &= is_clean(part);
    }
    is_told && (is_single || has_code)
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

/// Eight digits that are a date and nothing else: those of an EUI-64 hold one by chance.
fn is_date_alone(text: &str) -> bool {
    text.len() == 8 && holds_compact_date(text)
}

fn is_label(text: &str) -> bool {
    is_surely_impersonal(text)
        || !(text.bytes().any(|byte| matches!(byte, b'^' | b'@'))
            || text.split(is_blank).any(|word| is_bare_number(word) || holds_separated_date(word))
            || is_family_and_given_name(text))
}

/// `Family, Given` or `FAMILY,GIVEN M`: words of letters, one comma.
fn is_family_and_given_name(text: &str) -> bool {
    let text = text.trim_matches(|character: char| !character.is_alphanumeric() && character != '.');
    let Some((family, given)) = text.split_once(',') else { return false };
    let is_word = |word: &str| {
        word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '.' | '\u{fffd}')) && !word.is_empty()
    };
    let is_words =
        |part: &str, most: usize| part.split_whitespace().count() <= most && part.split_whitespace().all(is_word);
    let is_company = COMPANIES.iter().any(|kind| given.trim().trim_end_matches('.').eq_ignore_ascii_case(kind));
    !family.is_empty() && !given.trim().is_empty() && is_words(family, 2) && is_words(given, 2) && !is_company
}

/// Whether a date stands in a word, in any of the usual ways to write one.
fn holds_date(word: &str) -> bool {
    holds_compact_date(word) || holds_separated_date(word)
}

/// `19500101`, `01011950`, also with a time behind: runs of 8, 12 or 14 digits.
fn holds_compact_date(word: &str) -> bool {
    word.as_bytes().split(|byte| !byte.is_ascii_digit()).any(|run| {
        let number = |from: usize, to: usize| number(run.get(from..to).unwrap_or_default());
        matches!(run.len(), 8 | 12 | 14)
            && (is_date(number(0, 4), number(4, 6), number(6, 8)) || {
                let (a, b, year) = (number(0, 2), number(2, 4), number(4, 8));
                is_date(year, a, b) || is_date(year, b, a)
            })
    })
}

/// `1950-01-01`, `1.1.1950`, `01/01/50`, `01-Jan-1950`, whatever else stands around it.
fn holds_separated_date(word: &str) -> bool {
    let [hyphens, dots, slashes] = separators(word.as_bytes());
    let holds = |separator: u8| {
        let is_between = |byte: &u8| *byte != separator && (!byte.is_ascii_alphanumeric() || *byte == b'T');
        word.as_bytes().split(is_between).any(|part| is_separated_date(part, separator))
    };
    (hyphens >= 2 && (holds(b'-') || holds_date_among_hyphens(word)))
        || (dots >= 2 && holds(b'.'))
        || (slashes >= 2 && holds(b'/'))
}

/// How many hyphens, dots and slashes stand beside a digit: a date has two of one kind. Nearly all text has not.
fn separators(word: &[u8]) -> [usize; 3] {
    let mut counts = [0; 3];
    let befores = std::iter::once(&0).chain(word);
    let behinds = word.iter().skip(1).chain(&[0]);
    for ((before, byte), behind) in befores.zip(word).zip(behinds) {
        let [hyphens, dots, slashes] = &mut counts;
        let count = match byte {
            b'-' => hyphens,
            b'.' => dots,
            b'/' => slashes,
            _ => continue,
        };
        if before.is_ascii_digit() || behind.is_ascii_digit() {
            *count = 1_usize.saturating_add(*count);
        }
    }
    counts
}

/// `host-1950-01-01`: hyphens join other words too. Dots and slashes are no sign: object identifiers and paths have them.
fn holds_date_among_hyphens(word: &str) -> bool {
    let is_between = |byte: &u8| *byte != b'-' && !byte.is_ascii_alphanumeric();
    word.as_bytes().split(is_between).any(|part| {
        let parts = || part.split(|byte| *byte == b'-');
        parts().zip(parts().skip(1)).zip(parts().skip(2)).any(|((year, month), day)| {
            year.len() == 4 && month.len() <= 2 && day.len() <= 2 && is_date(number(year), number(month), number(day))
        })
    })
}

fn is_separated_date(word: &[u8], separator: u8) -> bool {
    let mut parts = word.split(|byte| *byte == separator);
    let (Some(a), Some(b), Some(c), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    // Behind a date, whatever follows may be glued to it.
    let end = c.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(c.len());
    let c = c.get(..end).unwrap_or_default();
    let start = a.iter().rposition(|byte| !byte.is_ascii_digit()).map_or(0, |at| at.saturating_add(1));
    let a = a.get(start..).unwrap_or_default();
    let fits = |part: &[u8], least: usize, most: usize| (least..=most).contains(&part.len());
    if b.len() >= 3 && month(b) {
        return fits(a, 1, 4) && fits(c, 1, 4);
    }
    let [first, middle, last] = [a, b, c].map(number);
    if !fits(b, 1, 2) {
        return false;
    }
    (a.len() == 4 && fits(c, 1, 2) && is_date(first, middle, last))
        || (fits(a, 1, 2) && c.len() == 4 && (is_date(last, middle, first) || is_date(last, first, middle)))
        || (separator == b'/' && fits(a, 1, 2) && c.len() == 2 && (is_day(middle, first) || is_day(first, middle)))
}

fn month(word: &[u8]) -> bool {
    static MONTHS: [&[u8]; 12] =
        [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];
    word.len() <= 9
        && word.iter().all(u8::is_ascii_alphabetic)
        && MONTHS.iter().any(|month| word.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(month)))
}

fn number(digits: &[u8]) -> u32 {
    if digits.is_empty() || digits.len() > 8 {
        return u32::MAX;
    }
    digits.iter().fold(0_u32, |number, digit| {
        if digit.is_ascii_digit() && number != u32::MAX {
            number.saturating_mul(10).saturating_add(u32::from(digit.saturating_sub(b'0')))
        } else {
            u32::MAX
        }
    })
}

const fn is_date(year: u32, month: u32, day: u32) -> bool {
    matches!(year, 1880..=2099) && is_day(month, day)
}

const fn is_day(month: u32, day: u32) -> bool {
    matches!(month, 1..=12) && matches!(day, 1..=31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_known_however_they_are_written() {
        for date in [
            "19500101",
            "01011950",
            "1950-01-01",
            "1.1.1950",
            "01/31/1950",
            "31/12/50",
            "1-Jan-1950",
            "19500101120000",
            "1950-01-01T10:00",
            "DOB:1950-01-01",
            "(01.02.1950)",
            "urn:a-b-c:d:1950-01-01",
            "ward-1950-01-01",
        ] {
            assert!(holds_date(date), "{date}");
        }
        for other in ["10.0.0.1", "2.4.1950.1", "1.2.3", "99999999", "12-34-5678", "8.00.01", "00-11-22", "5.10.0-21"] {
            assert!(!holds_date(other), "{other}");
        }
    }

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
        let long = |word: &str| word.contains(['^', '@']) || longest_number(word) > DIGITS_MAX || holds_date(word);
        // Every text of up to five of these pieces.
        let pieces = ["1950", "01", "7", "-", ".", "/", "T", "Jan", "^", " "];
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

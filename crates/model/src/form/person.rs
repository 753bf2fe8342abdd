//! What people look like in text: `Family, Given`, an address, a number of a record.

use super::date::{is_date_alone, is_spelled_date};
use super::{DIGITS_MAX, is_blank_byte};

/// So many digits in two groups are a number of somebody's.
const IN_TWO_DIGITS_MIN: usize = 9;

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

/// Words of products, makers, sign-in pages and places, in small letters and sorted: none of them is a person's name as it
/// stands behind a comma or beside a number.
static THINGS: &[&str] = &[
    "abbott",
    "access",
    "acl",
    "adapter",
    "admin",
    "administrator",
    "agent",
    "alaris",
    "analyser",
    "analyzer",
    "annex",
    "apple",
    "appliance",
    "application",
    "area",
    "axis",
    "base",
    "basement",
    "baxter",
    "bay",
    "bed",
    "bedside",
    "bett",
    "block",
    "board",
    "boot",
    "bootloader",
    "braun",
    "bridge",
    "build",
    "building",
    "ca",
    "camera",
    "campus",
    "canon",
    "card",
    "carefusion",
    "cart",
    "catalyst",
    "cell",
    "center",
    "central",
    "centre",
    "cisco",
    "client",
    "clinic",
    "color",
    "compiled",
    "connect",
    "console",
    "controller",
    "copier",
    "copyright",
    "core",
    "corridor",
    "cpu",
    "dect",
    "default",
    "defibrillator",
    "dell",
    "department",
    "desk",
    "desktop",
    "device",
    "dialysis",
    "digital",
    "display",
    "dome",
    "door",
    "draeger",
    "dräger",
    "east",
    "ecg",
    "edition",
    "embedded",
    "emergency",
    "encoder",
    "engine",
    "enterprise",
    "error",
    "ethernet",
    "fax",
    "fid",
    "firewall",
    "firmware",
    "flat",
    "flight",
    "floor",
    "flur",
    "fresenius",
    "fujifilm",
    "fw",
    "gateway",
    "gebäude",
    "getinge",
    "gigabit",
    "gnu",
    "ground",
    "guest",
    "hall",
    "hamilton",
    "hardware",
    "hitachi",
    "hologic",
    "home",
    "hospital",
    "house",
    "hub",
    "hw",
    "icu",
    "identifier",
    "image",
    "imaging",
    "infusion",
    "intel",
    "intensive",
    "intensivstation",
    "interface",
    "ios",
    "jetdirect",
    "kernel",
    "kohden",
    "konica",
    "lab",
    "labor",
    "laboratory",
    "lantronix",
    "laser",
    "laserjet",
    "left",
    "level",
    "linux",
    "live",
    "lobby",
    "login",
    "machine",
    "macintosh",
    "management",
    "masimo",
    "mdc",
    "medtronic",
    "meridian",
    "meter",
    "mib",
    "microsoft",
    "mid",
    "mindray",
    "minolta",
    "mobile",
    "model",
    "modem",
    "module",
    "monitor",
    "monitoring",
    "ms",
    "multifunction",
    "neo",
    "net",
    "network",
    "nihon",
    "none",
    "nortel",
    "north",
    "number",
    "office",
    "officejet",
    "operating",
    "patient",
    "pharmacy",
    "philips",
    "phone",
    "place",
    "platform",
    "player",
    "please",
    "plug",
    "plus",
    "point",
    "port",
    "portable",
    "powered",
    "printer",
    "pro",
    "product",
    "professional",
    "ptz",
    "pump",
    "rack",
    "radiology",
    "raum",
    "reception",
    "recorder",
    "release",
    "remoting",
    "rev",
    "revision",
    "right",
    "riser",
    "roche",
    "rom",
    "room",
    "router",
    "rtos",
    "samsung",
    "scanner",
    "section",
    "secure",
    "serial",
    "series",
    "server",
    "service",
    "shelf",
    "shimadzu",
    "siemens",
    "site",
    "software",
    "south",
    "spacelabs",
    "speaker",
    "standard",
    "station",
    "stock",
    "storage",
    "storey",
    "succession",
    "suite",
    "surgery",
    "sw",
    "switch",
    "syringe",
    "sysmex",
    "system",
    "systems",
    "tablet",
    "telemetry",
    "terminal",
    "theater",
    "theatre",
    "thermostat",
    "toshiba",
    "tower",
    "ultrasound",
    "unauthorized",
    "unit",
    "universal",
    "unix",
    "upnp",
    "urn",
    "user",
    "uuid",
    "ventilator",
    "ver",
    "version",
    "video",
    "viewer",
    "virtual",
    "vmware",
    "wap",
    "ward",
    "web",
    "welcome",
    "west",
    "wifi",
    "windows",
    "wing",
    "wired",
    "wireless",
    "workstation",
    "xerox",
    "xray",
    "zimmer",
    "zone",
];

fn is_thing(word: &str) -> bool {
    let mut small = [0; 16];
    let Some(small) = small.get_mut(..word.len()) else { return false };
    small.copy_from_slice(word.as_bytes());
    small.make_ascii_lowercase();
    THINGS.binary_search_by(|thing| thing.as_bytes().cmp(small)).is_ok()
}

/// One word of a text, and what separates it from the next.
#[derive(Clone, Copy)]
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    pub(super) gap: &'a str,
}

/// The words between blanks, and between what stands for blanks, of a [`plain`] text.
pub(super) fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let length = text.bytes().position(is_blank_byte).unwrap_or(text.len());
        let (text, behind) = text.split_at_checked(length).unwrap_or((text, ""));
        let length = behind.bytes().position(|byte| !is_blank_byte(byte)).unwrap_or(behind.len());
        let (gap, behind) = behind.split_at_checked(length).unwrap_or((behind, ""));
        rest = Some(behind).filter(|behind| !behind.is_empty());
        Some(Word { text, gap })
    })
}

/// The words, each with the two behind it.
pub(super) fn words_in_threes(text: &str) -> impl Iterator<Item = [Option<Word<'_>>; 3]> {
    let mut words = words(text);
    let (mut second, mut third) = (words.next(), words.next());
    std::iter::from_fn(move || {
        let first = second.take()?;
        (second, third) = (third.take(), words.next());
        Some([Some(first), second, third])
    })
}

/// How many words from the first one on are a person's only together: names on both sides of a comma, dates and numbers
/// with blanks.
pub(super) fn count_together(words: [Option<Word<'_>>; 3], is_strict: bool) -> usize {
    let [Some(first), Some(second), third] = words else { return 0 };
    let begins_with_digit = |word: Word<'_>| usize::from(word.text.as_bytes().first().is_some_and(u8::is_ascii_digit));
    let numbers = begins_with_digit(first).saturating_add(begins_with_digit(second));
    // Brackets hold the identifiers in a UDI, `(01)09999999000017(11)260101`.
    let is_joined = |word: Word<'_>| !word.gap.contains(['(', ')']);
    if numbers > 0
        && is_joined(first)
        && is_joined(second)
        && let Some(third) = third
        && numbers.saturating_add(begins_with_digit(third)) > 1
        && is_spelled_date([first.text, second.text, third.text])
    {
        return 3;
    }
    // What an equals sign follows is the name of a setting.
    let is_comma = first.gap.contains(',') && !second.gap.starts_with('=');
    if (is_joined(first) && is_number_in_two(first.text, second.text))
        || (is_comma && are_family_and_given(first.text, second.text, is_strict))
    {
        return 2;
    }
    0
}

/// How many words begin with a digit: of dates and numbers in several words, two do.
fn count_of_numbers(text: &str) -> usize {
    let befores = std::iter::once(b' ').chain(text.bytes());
    let starts = befores.zip(text.bytes()).filter(|(before, byte)| byte.is_ascii_digit() && is_blank_byte(*before));
    starts.count()
}

/// Whether words stand together that are a person's only together.
pub(super) fn holds_words_of_a_person(text: &str, is_strict: bool) -> bool {
    if !text.contains(',') && count_of_numbers(text) < 2 {
        return false;
    }
    words_in_threes(text).any(|words| count_together(words, is_strict) > 0)
}

/// `4711 000815`, unless a year is in front (`Server 2016 143931`). Fewer digits are a part's number (`500 70201`).
fn is_number_in_two(first: &str, second: &str) -> bool {
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_year = first.len() == 4 && (first.starts_with("19") || first.starts_with("20"));
    first.len().saturating_add(second.len()) >= IN_TWO_DIGITS_MIN && !is_year && is_number(first) && is_number(second)
}

/// Whether the words on both sides of a comma may be a family name and a given one: both of letters with a capital in
/// front. Where products are described, a word for a thing on either side says otherwise; elsewhere (`is_strict`), only
/// one behind the comma does, and a family name may hold digits, as it does in numbered lists.
fn are_family_and_given(family: &str, given: &str, is_strict: bool) -> bool {
    let trimmed = |word| str::trim_matches(word, |character: char| !character.is_alphanumeric() && !is_part(character));
    let family = family.rsplit(':').next().unwrap_or(family);
    let (family, given) = (trimmed(family), trimmed(given));
    let is_capitalised =
        |word: &str| word.chars().next().is_some_and(|first| !first.is_lowercase() && !first.is_ascii_digit());
    let is_family = if is_strict {
        family.chars().filter(|character| character.is_alphabetic()).count() >= 2
    } else {
        family.chars().nth(1).is_some() && family.chars().all(is_part) && is_capitalised(family) && !is_thing(family)
    };
    let is_company = COMPANIES.iter().any(|kind| given.trim_end_matches('.').eq_ignore_ascii_case(kind));
    is_family
        && !given.is_empty()
        && given.chars().all(is_part)
        && is_capitalised(given)
        && !is_company
        && !is_thing(given)
}

/// A part of a person's name: a letter, what joins letters, a combining mark, or what could not be read.
fn is_part(character: char) -> bool {
    character.is_alphabetic() || matches!(character, '-' | '\'' | '.' | '’' | '\u{300}'..='\u{36f}' | '\u{fffd}')
}

/// The whole text is `Family, Given` or `FAMILY,GIVEN M`, in whatever case: words of letters, one comma.
pub(super) fn is_family_and_given_name(text: &str) -> bool {
    let text = text.trim_matches(|character: char| !character.is_alphanumeric() && character != '.');
    let Some((family, given)) = text.split_once(',') else { return false };
    let is_words = |part: &str, most: usize| {
        part.split_whitespace().count() <= most && part.split_whitespace().all(|word| word.chars().all(is_part))
    };
    let is_company = COMPANIES.iter().any(|kind| given.trim().trim_end_matches('.').eq_ignore_ascii_case(kind));
    let is_thing = given.split_whitespace().any(is_thing);
    !family.is_empty()
        && !given.trim().is_empty()
        && is_words(family, 2)
        && is_words(given, 2)
        && !is_company
        && !is_thing
}

/// How many words of three letters or more there are that hold no digit and are no words for things.
pub(super) fn count_of_names(text: &str) -> usize {
    let is_name = |word: &&str| {
        let word = word.trim_matches(|character: char| character.is_ascii_punctuation());
        word.chars().nth(2).is_some() && word.chars().all(is_part) && !is_thing(word)
    };
    text.split_whitespace().filter(is_name).count()
}

/// `MEIER ANNA 471108`: two names and a number, which no instrument is called.
pub(super) fn is_name_and_number(part: &str) -> bool {
    part.contains(' ')
        && part.split_whitespace().any(|word| word.as_bytes().first().is_some_and(u8::is_ascii_digit))
        && count_of_names(part) >= 2
}

/// A date among words, or behind names that hyphens or colons join (`urn:uuid:Meier-Anna-19500101`). A date alone may be
/// a serial number.
pub(super) fn holds_date_beside_names(text: &str) -> bool {
    let pieces = || text.split(|character: char| !character.is_ascii_alphanumeric());
    let is_name =
        |piece: &&str| piece.len() >= 3 && piece.bytes().all(|byte| byte.is_ascii_alphabetic()) && !is_thing(piece);
    pieces().any(is_date_alone) && (text.contains(' ') || pieces().filter(is_name).count() >= 2) && !is_date_alone(text)
}

/// Whether `@` joins a person to a place. Between versions (`4.2.8p15@1.3728`) it does not.
pub(super) fn is_address(word: &str) -> bool {
    let mut parts = word.split('@');
    let is_number = |part: &str| part.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    parts.clone().count() > 1 && !parts.all(is_number)
}

/// `471-10-0081`, `12-34-56`, `4711-000815`: digits that hyphens join, unless they are a hardware address.
pub(super) fn holds_number_in_groups(word: &str) -> bool {
    let bytes = word.as_bytes();
    if !bytes.contains(&b'-') {
        return false;
    }
    let is_between = |byte: &u8| !byte.is_ascii_digit() && *byte != b'-';
    let mut start = 0_usize;
    for stretch in bytes.split(is_between) {
        let before = start.checked_sub(1).and_then(|at| bytes.get(at));
        start = start.saturating_add(stretch.len());
        let behind = bytes.get(start);
        start = start.saturating_add(1);
        // What letters or dots go on with is a version or a model.
        let is_joined =
            |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'.' | b'_'));
        let groups = || stretch.split(|byte| *byte == b'-').filter(|group| !group.is_empty());
        let digits: usize = groups().map(<[u8]>::len).sum();
        let is_hardware_address = matches!(groups().count(), 6 | 8) && groups().all(|group| group.len() == 2);
        let is_long = match groups().count() {
            0 | 1 => false,
            // Fewer are a part's number, or two years.
            2 => digits >= IN_TWO_DIGITS_MIN,
            _ => digits >= DIGITS_MAX,
        };
        if is_long && !is_hardware_address && !is_joined(before) && !is_joined(behind) {
            return true;
        }
    }
    false
}

/// The text with digits, blanks and separators of other scripts as those of ASCII, if there are any.
pub(super) fn plain(text: &str) -> Option<String> {
    text.chars().any(|character| folded(character) != character).then(|| text.chars().map(folded).collect())
}

/// Where the digits of scripts begin (Unicode 16, general category Nd).
static ZEROS: &[u32] = &[
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20, 0x1040,
    0x17e0, 0x1810, 0xff10, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6,
];

fn folded(character: char) -> char {
    match character {
        ..='\x7f' => character,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' => '-',
        '、' | '،' | '﹐' => ',',
        '。' | '․' => '.',
        '⁄' | '∕' => '/',
        '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' => {
            // The punctuation of ASCII in full width.
            char::from_u32(u32::from(character).saturating_sub(0xfee0)).unwrap_or(character)
        }
        _ if character.is_whitespace() => ' ',
        _ if character.is_numeric() => {
            let number = u32::from(character);
            let digit = ZEROS.iter().find_map(|zero| number.checked_sub(*zero).filter(|digit| *digit < 10));
            digit.and_then(|digit| char::from_digit(digit, 10)).unwrap_or(character)
        }
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_sorted_and_known() {
        assert!(THINGS.is_sorted());
        assert!(THINGS.iter().all(|thing| is_thing(thing) && is_thing(&thing.to_ascii_uppercase())));
        assert!(!is_thing("Meier") && !is_thing("") && !is_thing("a word that is longer than any of them"));
    }
}

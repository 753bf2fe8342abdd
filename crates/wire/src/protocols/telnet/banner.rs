//! What may be told of the words that a server says before anyone typed.
//!
//! A console may print anything before its prompt, a ward list included. Told are words of this list, which products
//! and their makers are called by, and what stands beside them: versions, model numbers, and what a label such as `SN:`
//! announces. Every other word becomes `*`, and a line without any listed word is not told at all.

use crate::line::Line;

/// Makers and products that have a console, and the words with which consoles greet.
static WORDS: &[&str] = &[
    // Makers and products
    "3com",
    "abbott",
    "aironet",
    "alcatel",
    "allied",
    "apc",
    "arista",
    "aruba",
    "arubaos",
    "avocent",
    "axis",
    "baxter",
    "bbraun",
    "beckhoff",
    "brother",
    "busybox",
    "canon",
    "carescape",
    "catalyst",
    "cisco",
    "comtrol",
    "comware",
    "connect",
    "coulter",
    "cyclades",
    "dell",
    "digi",
    "dlink",
    "draeger",
    "eaton",
    "ecos",
    "edgeswitch",
    "edimax",
    "ericsson",
    "etherlite",
    "extreme",
    "fortinet",
    "fresenius",
    "freertos",
    "fritz",
    "ge",
    "hewlett",
    "hikvision",
    "hirschmann",
    "hospira",
    "hp",
    "hpe",
    "huawei",
    "ibm",
    "infusion",
    "ios",
    "jetdirect",
    "juniper",
    "junos",
    "kyocera",
    "lantronix",
    "lexmark",
    "linksys",
    "linux",
    "mikrotik",
    "mindray",
    "moxa",
    "multitech",
    "netgear",
    "nortel",
    "nport",
    "nucleus",
    "oki",
    "one",
    "openwrt",
    "packard",
    "panasonic",
    "perle",
    "philips",
    "polycom",
    "portserver",
    "powerconnect",
    "procurve",
    "qnx",
    "radiometer",
    "raritan",
    "ricoh",
    "roche",
    "routeros",
    "ruckus",
    "ruggedcom",
    "samsung",
    "scalance",
    "sel",
    "sena",
    "siemens",
    "sigma",
    "solaris",
    "sonicwall",
    "spectrum",
    "sunos",
    "switchos",
    "sysmex",
    "tektronix",
    "ubiquiti",
    "ubuntu",
    "uds",
    "unix",
    "universal",
    "vmware",
    "vxworks",
    "wbm",
    "windows",
    "wind",
    "river",
    "wlan",
    "xerox",
    "xport",
    "zebra",
    "zhone",
    "zte",
    "zyxel",
    "debian",
    "printronix",
    "datamax",
    "intermec",
    "honeywell",
    "schneider",
    "tripp",
    "lite",
    // Kinds of things
    "access",
    "adapter",
    "analyzer",
    "battery",
    "bridge",
    "broadband",
    "camera",
    "card",
    "console",
    "control",
    "controller",
    "converter",
    "device",
    "diagnostic",
    "diagnostics",
    "embedded",
    "ethernet",
    "firewall",
    "gateway",
    "infusion",
    "interface",
    "management",
    "modem",
    "module",
    "monitor",
    "multi",
    "network",
    "networking",
    "point",
    "port",
    "power",
    "print",
    "printer",
    "pump",
    "router",
    "server",
    "service",
    "smart",
    "shell",
    "station",
    "switch",
    "system",
    "telnet",
    "terminal",
    "unit",
    "ups",
    "wireless",
    // What is said of them
    "address",
    "and",
    "authorized",
    "bootloader",
    "build",
    "built-in",
    "by",
    "cli",
    "command",
    "configuration",
    "copyright",
    "date",
    "enter",
    "firmware",
    "for",
    "free",
    "from",
    "go",
    "hardware",
    "hw",
    "into",
    "is",
    "kernel",
    "line",
    "login",
    "mac",
    "mode",
    "of",
    "on",
    "only",
    "operating",
    "or",
    "os",
    "password",
    "platform",
    "press",
    "prohibited",
    "release",
    "revision",
    "rev",
    "s/n",
    "sn",
    "security",
    "serial",
    "session",
    "setup",
    "software",
    "standard",
    "sw",
    "the",
    "this",
    "to",
    "type",
    "unauthorized",
    "use",
    "user",
    "username",
    "v",
    "ver",
    "verification",
    "warning",
    "web",
    "welcome",
    "with",
    "you",
];

/// Words behind which the number of the device stands.
static LABELS: &[&str] = &["sn", "s/n", "serial", "mac"];
/// Words that go on with a label. Alone they may announce a patient's number.
static BEHIND_LABELS: &[&str] = &["number", "no", "address"];
/// Words behind which such a word announces a model: its number has the form of one.
static MODELS: &[&str] = &["model", "version", "part"];
/// The longest model number, version or serial number.
const CODE_BYTES_MAX: usize = 20;

/// What a word is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Listed,
    Label,
    /// `model`, `model number`
    Model,
    Code,
    Unknown,
}

/// The line with `*` for every word that is not allowed; `None` if no word is listed.
pub(super) fn told(line: &[u8]) -> Option<Line> {
    let mut told = Line::new();
    let mut before = Kind::Unknown;
    let mut is_listed = false;
    for word in line.split(|byte| byte.is_ascii_whitespace()).filter(|word| !word.is_empty()) {
        let kind = kind(word, before);
        is_listed |= matches!(kind, Kind::Listed | Kind::Label | Kind::Model);
        let word = if kind == Kind::Unknown { b"*" } else { word };
        if kind == Kind::Unknown && told.as_bytes().last() == Some(&b'*') {
            continue;
        }
        if (!told.is_empty() && !told.extend(b" ")) || !told.extend(word) {
            break;
        }
        before = kind;
    }
    is_listed.then_some(told)
}

fn kind(word: &[u8], before: Kind) -> Kind {
    let is_edge = |byte: &u8| byte.is_ascii_punctuation();
    let start = word.iter().position(|byte| !is_edge(byte)).unwrap_or(word.len());
    let end = word.iter().rposition(|byte| !is_edge(byte)).map_or(start, |at| at.saturating_add(1));
    let bare = word.get(start..end).unwrap_or_default();
    if bare.is_empty() {
        // Rulers and bullets.
        return if word.len() <= 2 && !word.contains(&b'^') { before } else { Kind::Unknown };
    }
    let listed = |words: &[&str]| words.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(bare));
    if listed(LABELS) {
        return Kind::Label;
    }
    if listed(BEHIND_LABELS) {
        return if matches!(before, Kind::Label | Kind::Model) { before } else { Kind::Unknown };
    }
    if listed(MODELS) {
        return Kind::Model;
    }
    // A hyphen or a slash joins words that stand in the list.
    if listed(WORDS) {
        return Kind::Listed;
    }
    // What a label and its value are written together: `SN:900042`.
    if let Some(colon) = bare.iter().position(|byte| *byte == b':')
        && let (label, Some(value)) = (bare.get(..colon).unwrap_or_default(), bare.get(colon.saturating_add(1)..))
        && LABELS.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(label))
        && is_number_of_device(value)
    {
        return Kind::Code;
    }
    let is_code = match before {
        Kind::Label => is_number_of_device(bare),
        Kind::Listed | Kind::Model => is_version(bare) || is_model(bare),
        // A version, but not what may be a date as well: nothing said that a version follows.
        Kind::Code | Kind::Unknown => {
            is_version(bare) && !std::str::from_utf8(bare).is_ok_and(model::form::holds_short_date)
        }
    };
    if is_code { Kind::Code } else { Kind::Unknown }
}

fn is_word_of_code(text: &[u8]) -> bool {
    text.len() <= CODE_BYTES_MAX
        && text.iter().any(u8::is_ascii_digit)
        && std::str::from_utf8(text).is_ok_and(|text| model::Form::Serial.judge(text) == model::form::Verdict::Whole)
}

/// What stands behind `SN:` or `MAC`.
fn is_number_of_device(text: &[u8]) -> bool {
    is_word_of_code(text)
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-' | b'.' | b'/'))
        && !std::str::from_utf8(text).is_ok_and(model::form::holds_date)
        && !text.split(|byte| !byte.is_ascii_alphanumeric()).any(is_name)
}

/// Four letters or more, which are a word and may be anybody's name.
fn is_name(group: &[u8]) -> bool {
    group.len() >= 4 && group.iter().all(u8::is_ascii_alphabetic)
}

/// `8.00.01`, `v2.4`, `V6.1.0.0`, `12.2(55)SE`
fn is_version(text: &[u8]) -> bool {
    let text = match text {
        [b'v' | b'V' | b'r' | b'R', rest @ ..] => rest,
        other => other,
    };
    is_word_of_code(text)
        && text.first().is_some_and(u8::is_ascii_digit)
        && text.contains(&b'.')
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'(' | b')'))
        && std::str::from_utf8(text).is_ok_and(|text| !model::form::is_personal(text))
}

/// `UDS1100`, `5110`, `C2960-24TT-L`: capitals and numbers of four digits at most, no words among them.
fn is_model(text: &[u8]) -> bool {
    is_word_of_code(text)
        && text.split(|byte| !byte.is_ascii_digit()).all(|digits| digits.len() <= 4)
        && text.iter().filter(|byte| byte.is_ascii_digit()).count() <= 6
        && text.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'/'))
        && !text.split(|byte| !byte.is_ascii_alphanumeric()).any(is_name)
        && std::str::from_utf8(text).is_ok_and(|text| !model::form::is_personal(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Option<String> {
        told(text.as_bytes()).map(|line| String::from_utf8(line.as_bytes().to_vec()).unwrap())
    }

    #[test]
    fn products_are_told() {
        for whole in [
            "Welcome to the SIGMA Spectrum Diagnostic Terminal",
            "SN: 900042",
            "SW: v8.00.01",
            "Lantronix UDS1100",
            "Digi Connect",
            "Serial Number 1234567 MAC address 00:20:4A:00:00:01",
            "Software version V6.1.0.0",
            "Cisco IOS Software, version 12.2(55)SE",
            "Model number 5110",
            "Serial No: 4711000815",
        ] {
            assert_eq!(line(whole).as_deref(), Some(whole));
        }
        assert_eq!(line("Welcome to Ward 3 East").as_deref(), Some("Welcome to *"));
    }

    #[test]
    fn patients_are_not() {
        for none in ["CANARY ANNA 01.01.1950", "CANARY^ANNA", "4711000815", "Canary, Anna   BED7   F", "19500101"] {
            assert_eq!(line(none), None, "{none}");
        }
        assert_eq!(line("Monitor 3: CANARY, ANNA 1950-01-01 4711000815").as_deref(), Some("Monitor 3: *"));
        assert_eq!(line("Serial CANARY").as_deref(), Some("Serial *"));
        assert_eq!(line("Pump 1950-01-01").as_deref(), Some("Pump *"));
        for (said, told) in [
            ("Patient No: 4711000815", None),
            ("Patient number ZQM00815 Dr", None),
            ("Station 471108 user 010150", Some("Station * user *")),
            ("Monitor ZQA-ANNA-50", Some("Monitor *")),
            ("Monitor ZQM00815", Some("Monitor *")),
            ("Monitor 3 471108 4712", Some("Monitor 3 *")),
            ("Monitor Meier 01.01.50", Some("Monitor *")),
            ("serial ZQ19500101", Some("serial *")),
            ("serial ANNA-50", Some("serial *")),
        ] {
            assert_eq!(line(said).as_deref(), told, "{said}");
        }
    }

    /// Whoever adds a rule adds its words here.
    #[test]
    #[allow(clippy::disallowed_methods)]
    fn what_the_rules_read_is_told() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../knowledge/fingerprints");
        let mut lines = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            for rule in text.split("[[rule]]").filter(|rule| rule.contains("on = \"telnet.banner\"")) {
                let positive = rule.lines().find(|line| line.starts_with("positive")).unwrap();
                for quoted in positive.split('"').skip(1).step_by(2) {
                    assert_eq!(line(quoted).as_deref(), Some(quoted), "{rule}");
                    lines += 1;
                }
            }
        }
        assert!(lines >= 3);
    }
}

//! The filter that people write: `kind:ct_scanner state:tentative -subnet:10.20.30.0/24 seen:<1d siemens`.
//!
//! Words without a colon are looked for in names, addresses, makers, models and serial numbers; all of them have to be
//! there. Tokens name a field and one or more values, of which one has to fit. `-` before a token turns it round.

use std::net::IpAddr;

use analysis::knowledge::Knowledge;
use model::Timestamp;

use super::row::DeviceRow;

/// What a field is said to be of which nothing is known.
const UNKNOWN: &str = "unknown";
/// Longer filters are refused.
const LETTERS_MAX: usize = 1_000;
/// Fields that can be asked for, and how.
const FIELDS: &[&str] = &[
    "kind",
    "state",
    "maker",
    "model",
    "subnet",
    "place",
    "weakness",
    "risk",
    "role",
    "medical",
    "conflict",
    "corrected",
    "behind",
    "address",
    "vlan",
    "seen",
    "new",
    "peers",
    "weak",
    "id",
    "silent",
];

/// How far a row fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// In everything.
    Whole,
    /// In everything but what is asked of this field.
    But(&'static str),
    /// In less.
    Not,
}

/// A filter, read.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    tokens: Vec<Token>,
    /// What could not be read, in words.
    pub problem: Option<String>,
}

#[derive(Clone, Debug)]
struct Token {
    field: &'static str,
    not: bool,
    test: Test,
}

#[derive(Clone, Debug)]
enum Test {
    /// One of these, in small letters.
    Any(Vec<String>),
    /// In one of these ranges.
    Within(Vec<(IpAddr, u8)>),
    /// More (`true`) or less than so many.
    Than(bool, u64),
    /// Seen since (`true`) or before so many seconds ago.
    Ago(bool, u64),
    /// Whether it holds.
    Is(bool),
}

impl Filter {
    /// Reads a filter. What cannot be read is left out and told.
    pub fn new(text: &str) -> Self {
        let mut filter = Self::default();
        if text.chars().count() > LETTERS_MAX {
            filter.problem = Some(format!("The filter is longer than {LETTERS_MAX} characters."));
            return filter;
        }
        for part in parts(text) {
            match token(&part) {
                Ok(token) => filter.tokens.push(token),
                Err(problem) => filter.problem = filter.problem.or(Some(problem)),
            }
        }
        filter
    }

    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// Whether the row fits.
    pub fn fits(&self, row: &DeviceRow, newest: Option<Timestamp>) -> bool {
        self.tokens.iter().all(|token| token.fits(row, newest) != token.not)
    }

    /// How far the row fits.
    pub fn fit(&self, row: &DeviceRow, newest: Option<Timestamp>) -> Fit {
        let mut fit = Fit::Whole;
        for token in self.tokens.iter().filter(|token| token.fits(row, newest) == token.not) {
            fit = match fit {
                Fit::Whole => Fit::But(token.field),
                Fit::But(field) if field == token.field => fit,
                Fit::But(_) | Fit::Not => return Fit::Not,
            };
        }
        fit
    }
}

/// The filter that lists the devices of a kind and of none that is more special.
pub fn exactly(kind: &str, knowledge: &Knowledge) -> String {
    let children = knowledge.categories().iter().filter(|other| other.parent.as_deref() == Some(kind));
    let children: Vec<&str> = children.map(|child| child.id.as_str()).collect();
    match children.as_slice() {
        [] => format!("kind:{kind}"),
        children => format!("kind:{kind} -kind:{}", children.join(",")),
    }
}

/// Words and tokens, with quoted blanks kept together.
fn parts(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let (mut part, mut quoted) = (String::new(), false);
    for letter in text.chars() {
        match letter {
            '"' => {
                quoted = !quoted;
                part.push(letter);
            }
            letter if letter.is_whitespace() && !quoted => {
                parts.extend((!part.is_empty()).then(|| std::mem::take(&mut part)))
            }
            letter => part.push(letter),
        }
    }
    parts.extend((!part.is_empty()).then_some(part));
    parts
}

fn token(part: &str) -> Result<Token, String> {
    let (not, bare) = part.strip_prefix('-').map_or((false, part), |rest| (true, rest));
    let field = bare.split_once(':').and_then(|(name, rest)| {
        FIELDS.iter().find(|field| name.eq_ignore_ascii_case(field)).map(|field| (*field, rest))
    });
    let Some((field, rest)) = field else {
        // Addresses hold colons too: what names no field is looked for as it stands.
        return Ok(Token { field: "", not, test: Test::Any(vec![unquoted(bare)]) });
    };
    let values: Vec<String> =
        listed(rest).iter().map(|value| unquoted(value)).filter(|value| !value.is_empty()).collect();
    let first = values.first().map(String::as_str).unwrap_or_default();
    let test = match field {
        _ if values.is_empty() => return Err(format!("{field}: has no value.")),
        "address" | "subnet" if first == UNKNOWN => Test::Is(false),
        "address" | "subnet" => Test::Within(values.iter().map(|value| range(field, value)).collect::<Result<_, _>>()?),
        "peers" | "weak" => {
            let (more, number) = compared(first);
            let number = number.parse().map_err(|_| format!("{field}: takes a number, as in {field}:>5."))?;
            Test::Than(more, number)
        }
        "seen" | "new" => {
            let (before, time) = compared(first);
            Test::Ago(
                !before,
                seconds(time).ok_or_else(|| format!("{field}: takes a time, as in {field}:<2h or {field}:<7d."))?,
            )
        }
        "medical" | "conflict" | "corrected" | "silent" => match first {
            "yes" | "true" => Test::Is(true),
            "no" | "false" => Test::Is(false),
            _ => return Err(format!("{field}: is yes or no.")),
        },
        _ => Test::Any(values),
    };
    Ok(Token { field, not, test })
}

/// Values between commas, of which quoted ones may hold some.
fn listed(text: &str) -> Vec<String> {
    let (mut values, mut value, mut quoted) = (Vec::new(), String::new(), false);
    for letter in text.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => values.push(std::mem::take(&mut value)),
            letter => value.push(letter),
        }
    }
    values.push(value);
    values
}

fn unquoted(text: &str) -> String {
    text.replace('"', "").trim().to_lowercase()
}

/// `>5` is more than 5, `<5` less, `5` more than 4.
fn compared(text: &str) -> (bool, &str) {
    match text.strip_prefix('<') {
        Some(rest) => (false, rest),
        None => (true, text.strip_prefix('>').unwrap_or(text)),
    }
}

/// Seconds of `90s`, `15m`, `2h`, `7d`, `4w`.
fn seconds(text: &str) -> Option<u64> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let unit = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(unit)
}

fn range(field: &str, text: &str) -> Result<(IpAddr, u8), String> {
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let wrong = || format!("{field}: takes an address or a range, as in {field}:10.20.30.0/24.");
    let address: IpAddr = address.parse().map_err(|_| wrong())?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.map_or(Ok(most), str::parse).map_err(|_| wrong())?;
    if bits > most { Err(wrong()) } else { Ok((address, bits)) }
}

fn is_within(ip: IpAddr, (network, bits): (IpAddr, u8)) -> bool {
    let high = |number: u128, width: u32| {
        let low = width.saturating_sub(u32::from(bits));
        number.checked_shr(low).unwrap_or(0)
    };
    match (ip, network) {
        (IpAddr::V4(ip), IpAddr::V4(network)) => high(ip.to_bits().into(), 32) == high(network.to_bits().into(), 32),
        (IpAddr::V6(ip), IpAddr::V6(network)) => high(ip.to_bits(), 128) == high(network.to_bits(), 128),
        _ => false,
    }
}

impl Token {
    fn fits(&self, row: &DeviceRow, newest: Option<Timestamp>) -> bool {
        let is_wanted = |text: &str| match &self.test {
            // No filter can hold a quotation mark: what has one is found without.
            Test::Any(wanted) => {
                let text = unquoted(text);
                wanted.contains(&text)
            }
            _ => false,
        };
        let since = |time: Option<Timestamp>| match (&self.test, newest, time) {
            (Test::Ago(within, seconds), Some(newest), Some(time)) => {
                (newest.since(time) <= seconds.saturating_mul(1_000_000_000)) == *within
            }
            _ => false,
        };
        let more = |number: usize| match self.test {
            Test::Than(true, least) => number as u64 > least,
            Test::Than(false, most) => (number as u64) < most,
            _ => false,
        };
        let is = |holds: bool| matches!(self.test, Test::Is(wanted) if wanted == holds);
        match self.field {
            "" => match &self.test {
                Test::Any(words) => words.iter().all(|word| row.words.contains(word.as_str())),
                _ => false,
            },
            "kind" if row.kind.value.is_none() => is_wanted(UNKNOWN),
            "kind" => row.kinds.iter().any(|kind| is_wanted(kind)),
            "state" => is_wanted(row.kind.state),
            "maker" if row.vendor.value.is_none() => is_wanted(UNKNOWN),
            "maker" => is_wanted(&row.vendor.label),
            "model" => is_wanted(&row.model.label),
            "subnet" | "address" => match &self.test {
                Test::Within(ranges) => row.ips.iter().any(|ip| ranges.iter().any(|range| is_within(*ip, *range))),
                _ => row.ips.is_empty(),
            },
            "place" if row.place.is_none() => is_wanted(UNKNOWN),
            "place" => row.place.as_deref().is_some_and(is_wanted),
            "weakness" => row.weak.iter().any(|kind| is_wanted(kind)),
            "risk" => is_wanted(row.risk.map_or(UNKNOWN, |risk| risk.band.name())),
            "role" => row.roles.iter().any(|role| is_wanted(role)),
            "behind" => row.behind.as_deref().is_some_and(is_wanted),
            "id" => is_wanted(&row.id),
            "vlan" => row.vlans.iter().any(|vlan| is_wanted(&vlan.to_string())),
            "medical" => is(row.medical),
            "conflict" => is(row.conflicts > 0),
            "corrected" => is(row.corrected),
            "silent" => is(row.silence == "silent"),
            "seen" => since(row.last),
            "new" => since(row.first),
            "peers" => more(row.peers),
            "weak" => more(row.weaknesses),
            _ => false,
        }
    }
}

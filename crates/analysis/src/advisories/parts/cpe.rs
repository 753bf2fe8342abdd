//! Names of the Common Platform Enumeration: read (NIST IR 7695 section 6) and compared (NIST IR 7696 section 6).

use super::super::predicate::Truth;
use super::super::written::decoded;

/// Attributes behind part, vendor, product and version: update, edition, language, software edition, target software, target
/// hardware, other.
pub const OTHERS: usize = 7;
/// Any number of characters, as a name with wildcards keeps it.
const MANY: char = '\u{0}';
/// One character or none.
const ONE: char = '\u{1}';

/// A value of an attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attribute {
    /// Any, or not known.
    #[default]
    Any,
    /// There is none.
    NotApplicable,
    /// A text in small letters, without its escapes.
    Text(String),
}

/// A name, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cpe {
    /// `a` for applications, `o` for operating systems, `h` for hardware.
    pub kind: char,
    /// Whose.
    pub vendor: Attribute,
    /// What.
    pub product: Attribute,
    /// In which version.
    pub version: Attribute,
    /// What follows.
    pub others: [Attribute; OTHERS],
}

impl Cpe {
    /// Reads a formatted string (`cpe:2.3:a:…`) or a URI (`cpe:/a:…`, without packed editions).
    pub fn read(name: &str) -> Option<Self> {
        let parts: Vec<Attribute> = match name.strip_prefix("cpe:2.3:") {
            Some(rest) => split(rest).iter().map(|part| formatted(part)).collect(),
            None => name.strip_prefix("cpe:/")?.split(':').map(from_uri).collect(),
        };
        let mut parts = parts.into_iter();
        let kind = match parts.next()? {
            Attribute::Text(kind) => kind.chars().next().filter(|kind| ['a', 'o', 'h'].contains(kind))?,
            Attribute::Any | Attribute::NotApplicable => return None,
        };
        let mut next = || parts.next().unwrap_or_default();
        let (vendor, product, version) = (next(), next(), next());
        let others = std::array::from_fn(|_| next());
        matches!(product, Attribute::Text(_)).then_some(Self { kind, vendor, product, version, others })
    }
}

/// The parts of a formatted string: a colon behind a backslash belongs to a part.
fn split(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut is_escaped = false;
    for letter in text.chars() {
        if letter == ':' && !is_escaped {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
        is_escaped = letter == '\\' && !is_escaped;
    }
    parts
}

fn formatted(part: &str) -> Attribute {
    match part {
        "*" | "" => return Attribute::Any,
        "-" => return Attribute::NotApplicable,
        _ => {}
    }
    let mut text = String::new();
    let mut is_escaped = false;
    for letter in part.chars().flat_map(char::to_lowercase) {
        match letter {
            '\\' if !is_escaped => {
                is_escaped = true;
                continue;
            }
            '*' if !is_escaped => text.push(MANY),
            '?' if !is_escaped => text.push(ONE),
            _ => text.push(letter),
        }
        is_escaped = false;
    }
    Attribute::Text(text)
}

fn from_uri(part: &str) -> Attribute {
    match part {
        "" => Attribute::Any,
        "-" => Attribute::NotApplicable,
        _ => Attribute::Text(decoded(&part.to_lowercase())),
    }
}

/// Whether what a name says of an attribute holds for a product of which another is known. `None` where it is not known.
pub fn holds(source: &Attribute, target: &Attribute) -> Option<bool> {
    match (source, target) {
        (Attribute::Any, _) | (Attribute::NotApplicable, Attribute::NotApplicable) => Some(true),
        (_, Attribute::Any) => None,
        (Attribute::NotApplicable, Attribute::Text(_)) | (Attribute::Text(_), Attribute::NotApplicable) => Some(false),
        (Attribute::Text(source), Attribute::Text(target)) => Some(includes(source, target)),
    }
}

/// Whether a text with wildcards at its ends includes another: `*` for any characters, each `?` for one or none.
pub fn includes(source: &str, target: &str) -> bool {
    let core = source.trim_matches([MANY, ONE]);
    if core.len() == source.len() {
        return source == target;
    }
    let (before, after) = source.split_once(core).unwrap_or_default();
    let allowed = |wild: &str| if wild.contains(MANY) { usize::MAX } else { wild.chars().count() };
    target.match_indices(core).any(|(place, _)| {
        let (head, tail) = (target.get(..place), target.get(place.saturating_add(core.len())..));
        let count = |text: Option<&str>| text.map_or(usize::MAX, |text| text.chars().count());
        count(head) <= allowed(before) && count(tail) <= allowed(after)
    })
}

/// [`holds`] as a truth that asks `question` where it is not known.
pub fn truth(holds: Option<bool>, question: impl FnOnce() -> Truth) -> Truth {
    match holds {
        Some(true) => Truth::Yes,
        Some(false) => Truth::No,
        None => question(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Attribute {
        Attribute::Text(text.to_owned())
    }

    #[test]
    fn names_are_read() {
        let name = Cpe::read(r"cpe:2.3:a:Acme:vent\:9_\*:1.0.2:beta1:*:*:*:node.js:-:*").unwrap();
        assert_eq!((name.kind, &name.vendor, &name.product), ('a', &text("acme"), &text("vent:9_*")));
        assert_eq!(
            (&name.version, &name.others[0], &name.others[1]),
            (&text("1.0.2"), &text("beta1"), &Attribute::Any)
        );
        assert_eq!((&name.others[4], &name.others[5]), (&text("node.js"), &Attribute::NotApplicable));
        let name = Cpe::read("cpe:/o:microsoft:windows_7:-:sp1").unwrap();
        assert_eq!((name.kind, &name.version, &name.others[0]), ('o', &Attribute::NotApplicable, &text("sp1")));
        for wrong in ["", "cpe:2.3:", "cpe:2.3:x:acme:vent:1", "cpe:2.3:a:acme:*:1", "cpe:/", "acme:vent"] {
            assert_eq!(Cpe::read(wrong), None, "{wrong}");
        }
    }

    /// NIST IR 7696, Table 6-2: which relation a source and a target attribute have.
    #[test]
    fn attributes_are_compared_as_the_standard_says() {
        let (any, none) = (Attribute::Any, Attribute::NotApplicable);
        for (source, target, expected) in [
            (&any, &any, Some(true)),
            (&any, &none, Some(true)),
            (&any, &text("1"), Some(true)),
            (&none, &any, None),
            (&none, &none, Some(true)),
            (&none, &text("1"), Some(false)),
            (&text("1"), &any, None),
            (&text("1"), &none, Some(false)),
            (&text("1"), &text("1"), Some(true)),
            (&text("1"), &text("2"), Some(false)),
        ] {
            assert_eq!(holds(source, target), expected, "{source:?} {target:?}");
        }
        for (source, target, expected) in [
            ("8.*", "8.3", true),
            ("8.*", "9.3", false),
            ("*sp", "adsp", true),
            ("8.?", "8.", true),
            ("8.?", "8.12", false),
            ("?8", "18", true),
        ] {
            let Attribute::Text(source) = formatted(source) else { panic!("{source}") };
            assert_eq!(includes(&source, target), expected, "{source:?} {target}");
        }
    }
}

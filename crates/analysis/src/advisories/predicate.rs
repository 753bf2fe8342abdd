//! What a statement asks of a device, and whether it holds: yes, no, or not to be said without knowing more.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::day::Days;
use super::parts::Part;
use super::statement::is_version_alone;
use super::version::{Range, Version};

/// Letters and digits of the shortest numbers to order by that statements name.
const NUMBER_LENGTH_MIN: usize = 4;

/// What is known of a device, as far as advisories ask for it. What is not known is left out, never guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Its maker.
    pub vendor: Option<String>,
    /// What its maker calls it.
    pub model: Option<String>,
    /// The version of its software.
    pub version: Option<String>,
    /// The maker's number for what was ordered, as in `35700BAX2`.
    pub catalogue: Option<String>,
    /// Its serial number.
    pub serial: Option<String>,
    /// When it was made or shipped, in days since 1970.
    pub made: Option<i64>,
    /// Its operating system.
    pub system: Option<String>,
    /// Versions of what is built into it, by what it is called: `wireless battery module`.
    pub modules: Vec<(String, String)>,
    /// What else it is built of, and how that is known.
    pub parts: Vec<Part>,
}

/// What would have to be known to say whether an advisory is about a device.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// Which of several models it is.
    Model,
    /// Its version.
    Version,
    /// The maker's number for it.
    Catalogue,
    /// Its serial number.
    Serial,
    /// When it was made or shipped.
    Made,
    /// Its operating system.
    System,
    /// The version of what is built into it.
    Module(String),
    /// What a person has to read: that part of the statement is in no form that is understood.
    Statement(String),
}

/// Yes, no, or not to be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// It would be one of the two if these were answered.
    Unknown(BTreeSet<Question>),
}

impl Profile {
    /// What is built in, by name and version.
    pub(super) fn built_in(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let modules = self.modules.iter().map(|(name, version)| (name.as_str(), Some(version.as_str())));
        modules.chain(self.parts.iter().map(|part| (part.name.as_str(), part.version.as_deref())))
    }

    /// Its operating system.
    pub(super) fn operating_system(&self) -> Option<&str> {
        let part = || self.parts.iter().find(|part| part.is_system()).map(|part| part.name.as_str());
        self.system.as_deref().or_else(part)
    }
}

impl Truth {
    /// Not to be said without this.
    pub fn asks(question: Question) -> Self {
        Self::Unknown(BTreeSet::from([question]))
    }

    fn of(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }

    /// Both (S. C. Kleene, "Introduction to Metamathematics", §64: strong tables).
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, other) | (other, Self::Yes) => other,
            (Self::Unknown(mut questions), Self::Unknown(more)) => {
                questions.extend(more);
                Self::Unknown(questions)
            }
        }
    }

    /// One of the two.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::No, other) | (other, Self::No) => other,
            (Self::Unknown(mut questions), Self::Unknown(more)) => {
                questions.extend(more);
                Self::Unknown(questions)
            }
        }
    }
}

/// What a statement asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Predicate {
    /// Nothing: all versions.
    All,
    /// Its version is in one of these ranges.
    Version(Vec<Range>),
    /// It is one of these by version, by the maker's number, or by what is left of its name.
    OneOf(Vec<String>),
    /// The maker's number is one of these.
    Catalogue(Vec<String>),
    /// What is built in, by name, has a version in one of these ranges.
    Module(String, Vec<Range>),
    /// Something is built in, or was ordered with it.
    Has(String),
    /// It was made or shipped in these days.
    Made(Option<Days>, Option<Days>, bool),
    /// Its serial number is this or higher.
    SerialFrom(u64),
    /// Its operating system is one of these; it may be meant as an example.
    System(Vec<String>, bool),
    /// In no form that is understood.
    Unread(String),
    /// One of them.
    Any(Vec<Predicate>),
    /// All of them.
    Every(Vec<Predicate>),
}

impl Predicate {
    /// Whether it holds for a device; `rest` is what is left of the device's name when the product's is taken away.
    pub fn holds(&self, profile: &Profile, rest: &[String]) -> Truth {
        match self {
            Self::All => Truth::Yes,
            Self::Version(ranges) => match &profile.version {
                Some(version) => in_one(ranges, version).unwrap_or_else(|| Truth::asks(Question::Version)),
                None => Truth::asks(Question::Version),
            },
            Self::OneOf(names) => one_of(names, profile, rest),
            Self::Catalogue(numbers) => match &profile.catalogue {
                Some(catalogue) => Truth::of(numbers.iter().any(|number| plain(number) == plain(catalogue))),
                None if numbers.iter().any(|number| rest.contains(&plain(number))) => Truth::Yes,
                None => Truth::asks(Question::Catalogue),
            },
            Self::Module(name, ranges) => {
                let known = profile.built_in().find(|(known, _)| is_module(known, name));
                let holds = known.and_then(|(_, version)| in_one(ranges, version?));
                holds.unwrap_or_else(|| Truth::asks(Question::Module(name.clone())))
            }
            Self::Has(name) => match profile.built_in().any(|(known, _)| is_module(known, name)) {
                true => Truth::Yes,
                false => Truth::asks(Question::Module(name.clone())),
            },
            Self::Made(from, to, belongs) => match profile.made {
                Some(day) => {
                    let is_late_enough = from.is_none_or(|(first, _)| day >= first);
                    let is_early_enough =
                        to.is_none_or(|(first, last)| if *belongs { day <= last } else { day < first });
                    Truth::of(is_late_enough && is_early_enough)
                }
                None => Truth::asks(Question::Made),
            },
            Self::SerialFrom(first) => {
                match profile.serial.as_deref().and_then(|serial| serial.trim().parse::<u64>().ok()) {
                    Some(serial) => Truth::of(serial >= *first),
                    None => Truth::asks(Question::Serial),
                }
            }
            Self::System(names, is_example) => match profile.operating_system() {
                Some(system) if names.iter().any(|name| plain(system).contains(&plain(name))) => Truth::Yes,
                Some(_) if !*is_example => Truth::No,
                _ => Truth::asks(Question::System),
            },
            Self::Unread(text) => Truth::asks(Question::Statement(text.clone())),
            Self::Any(parts) => any(parts, profile, rest),
            Self::Every(parts) => parts.iter().fold(Truth::Yes, |truth, part| truth.and(part.holds(profile, rest))),
        }
    }
}

/// One of several. What cannot be compared decides nothing where something else can.
fn any(parts: &[Predicate], profile: &Profile, rest: &[String]) -> Truth {
    parts.iter().fold(Truth::No, |truth, part| truth.or(part.holds(profile, rest)))
}

/// Whether a version is in one of some ranges; `None` if it can be compared with none of them.
fn in_one(ranges: &[Range], version: &str) -> Option<Truth> {
    let version = comparable(version)?;
    let mut held = None;
    for range in ranges {
        match range.holds(&version) {
            Some(true) => return Some(Truth::Yes),
            Some(false) => held = Some(Truth::No),
            // A list that does not name it is a list without it.
            None if range.is_exact() => held = held.or(Some(Truth::No)),
            None => {}
        }
    }
    held
}

/// A version that is a version and nothing else.
pub fn comparable(version: &str) -> Option<Version> {
    Version::read(version).filter(|_| is_version_alone(&in_words(version)))
}

/// Whether a version lies behind the end of one of some ranges, and in none of them.
pub fn is_behind(ranges: &[Range], version: &str) -> bool {
    let Some(read) = comparable(version).filter(|_| in_one(ranges, version) == Some(Truth::No)) else { return false };
    let ends = ranges.iter().filter(|range| !range.is_exact()).filter_map(|range| range.high.as_ref());
    ends.into_iter().any(|(end, _)| matches!(read.compare(end), Some(Ordering::Greater | Ordering::Equal)))
}

fn one_of(names: &[String], profile: &Profile, rest: &[String]) -> Truth {
    // `MMT-712 Paradigm`: the whole, or the number that it begins with.
    let spelled = |name: &String, known: &String| {
        let first = name
            .split(' ')
            .next()
            .filter(|first| first.len() >= 4 && first.contains(|letter: char| letter.is_ascii_digit()));
        plain(name) == *known || first.is_some_and(|first| plain(first) == *known)
    };
    let is_left = |name: &String| {
        let all = words(name).iter().all(|word| rest.contains(word));
        !rest.is_empty() && (all || rest.iter().any(|known| spelled(name, known)))
    };
    let is_known = |known: &Option<String>| {
        known.as_ref().is_some_and(|known| names.iter().any(|name| spelled(name, &plain(known))))
    };
    // Names that are no versions are compared as names only.
    let (plain_names, others): (Vec<&String>, Vec<&String>) = names.iter().partition(|name| is_version_alone(name));
    let version = profile.version.as_deref().and_then(comparable);
    let equals = |name: &&String| {
        let read = Version::read(name);
        read.zip(version.as_ref()).is_some_and(|(read, version)| Range::exact(read).holds(version) == Some(true))
    };
    if names.iter().any(is_left)
        || is_known(&profile.catalogue)
        || profile.version.as_ref().is_some_and(|version| names.iter().any(|name| plain(name) == plain(version)))
        || plain_names.iter().any(equals)
    {
        return Truth::Yes;
    }
    let has_more = rest.iter().any(|word| word.chars().any(|letter| letter.is_ascii_digit()));
    // `B.02` is a version: a number to order by is none and says nothing of it.
    let are_numbers = plain_names.iter().all(|name| !name.contains('.') && plain(name).len() >= NUMBER_LENGTH_MIN);
    let is_otherwise_ordered = profile.catalogue.is_some() && are_numbers;
    if others.is_empty() && (is_otherwise_ordered || version.is_some() || has_more) {
        return Truth::No;
    }
    Truth::asks(Question::Version)
}

/// Whether what is left of a device's name is one of these.
pub fn names_one(names: &[String], rest: &[String]) -> bool {
    !rest.is_empty() && names.iter().any(|name| words(name).iter().all(|word| rest.contains(word)))
}

/// As statements are compared: in lower case, long words for levels made short.
fn in_words(version: &str) -> String {
    version.to_lowercase().replace("service pack", "sp").replace("service release", "sr")
}

/// Letters and digits alone, without case.
pub fn plain(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The words of a name, without case.
pub fn words(text: &str) -> Vec<String> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(plain).collect()
}

/// Whether two names of something built in mean the same: `wbm` and `wireless battery modules`.
fn is_module(known: &str, name: &str) -> bool {
    let single = |text: &str| plain(text).trim_end_matches('s').to_owned();
    let initials = |text: &str| words(text).iter().filter_map(|word| word.chars().next()).collect::<String>();
    single(known) == single(name) || plain(known) == initials(name) || initials(known) == plain(name)
}

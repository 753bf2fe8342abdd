//! Reads what an advisory says of versions: operators as machines write them, and prose as people do.

use super::day;
use super::predicate::Predicate;
use super::version::{LEVELS, Range, Version};
use prose::{in_operators, list};

mod prose;

#[cfg(test)]
mod tests;

/// A statement longer than this is left to a person.
const LENGTH_MAX: usize = 600;
/// Places where something is sold or not, which tells nothing of a device.
const REGIONS: [&str; 11] =
    ["global", "us", "states", "united", "outside", "the", "not", "distributed", "in", "worldwide", "eu"];
/// Words that turn round or narrow what is said: a statement that still holds one after it was read is left to a person.
const LOGIC: [&str; 62] = [
    "above",
    "after",
    "and",
    "any",
    "at",
    "before",
    "below",
    "beyond",
    "but",
    "by",
    "compatible",
    "configured",
    "earlier",
    "equal",
    "equipped",
    "except",
    "excluding",
    "exclusive",
    "fixed",
    "following",
    "from",
    "hardware",
    "higher",
    "if",
    "inclusive",
    "installed",
    "later",
    "latest",
    "least",
    "less",
    "lower",
    "manufactured",
    "minimum",
    "more",
    "newer",
    "not",
    "number",
    "older",
    "onward",
    "onwards",
    "only",
    "or",
    "over",
    "part",
    "patched",
    "pre",
    "prior",
    "releases",
    "same",
    "serial",
    "since",
    "starting",
    "than",
    "through",
    "to",
    "udi",
    "under",
    "unless",
    "until",
    "up",
    "when",
    "without",
];
/// What stands before a day on which something was made.
const MADE: [&str; 11] = [
    "manufactured",
    "distributed",
    "shipped",
    "released",
    "produced",
    "built",
    "sold",
    "made",
    "devices",
    "all",
    "and",
];

/// What is said: of versions, and what is asked besides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Of versions; `None` where nothing is said of them.
    pub versions: Option<Predicate>,
    /// What is asked besides.
    pub conditions: Vec<Predicate>,
}

/// Reads a statement in the field for machines. What is not understood is left to a person.
pub fn read(text: &str) -> Said {
    let text = folded(text);
    if text.len() > LENGTH_MAX {
        return Said { versions: None, conditions: vec![Predicate::Unread(text)] };
    }
    // Version range specifiers: `vers:generic/>=1.0|<2.0`.
    let text = match text.strip_prefix("vers:").and_then(|vers| vers.split_once('/')) {
        Some((_, range)) => range.to_owned(),
        None => text,
    };
    let (outer, groups) = without_groups(&text);
    let (main, mut conditions) = conditions(&outer);
    let mut any = Vec::new();
    if !main.is_empty() {
        any.push(versions(&main).unwrap_or(Predicate::Unread(main)));
    }
    for group in &groups {
        match remark(group) {
            Remark::Nothing => {}
            Remark::Condition(condition) => conditions.push(condition),
            Remark::Alternative(alternative) => any.push(alternative),
        }
    }
    let versions = if any.len() > 1 { Some(Predicate::Any(any)) } else { any.pop() };
    Said { versions, conditions }
}

/// Reads what people wrote. Prose has words of every kind: what could mean something else is passed over.
pub fn read_prose(text: &str) -> Said {
    let text = folded(text);
    if text.len() > LENGTH_MAX {
        return Said::default();
    }
    let (outer, _) = without_groups(&text);
    let (main, mut conditions) = conditions(&outer);
    conditions.retain(|condition| {
        matches!(
            condition,
            Predicate::SerialFrom(_) | Predicate::Catalogue(_) | Predicate::System(..) | Predicate::Made(..)
        )
    });
    let is_plain = |predicate: &Predicate| match predicate {
        Predicate::OneOf(names) => names.iter().all(|name| is_version_alone(name)),
        _ => true,
    };
    Said { versions: versions(&main).filter(is_plain), conditions }
}

/// Whether a text is a version and nothing else.
pub fn is_version_alone(text: &str) -> bool {
    let text = text.to_lowercase();
    let text =
        ["version ", "versions ", "ver ", "rev ", "revision ", "release ", "software ", "firmware ", "sw ", "fw "]
            .iter()
            .fold(text.as_str(), |text, lead| text.strip_prefix(lead).unwrap_or(text));
    let is_word = |run: &str| run.len() <= 2 || LEVELS.contains(&run);
    text.split(|letter: char| !letter.is_alphabetic()).all(is_word) && text.split(' ').count() <= 4
}

/// Lower case, one sign for each operator, single blanks.
fn folded(text: &str) -> String {
    let mut out = text.to_lowercase();
    for (from, to) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("≤", "<="),
        ("≦", "<="),
        ("≧", ">="),
        ("＜", "<"),
        ("＞", ">"),
        ("≥", ">="),
        ("=<", "<="),
        ("=>", ">="),
        ("–", "-"),
        ("—", "-"),
        ("u.s.a.", "us"),
        ("u.s.", "us"),
        ("part #:", "part"),
        ("part#", "part"),
        ("\u{a0}", " "),
        ("service pack", "sp"),
        ("service release", "sr"),
    ] {
        out = out.replace(from, to);
    }
    with_suffixes(&out.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// `MMT-523(K)` is `MMT-523` and `MMT-523K`.
fn with_suffixes(text: &str) -> String {
    let mut words = Vec::new();
    for word in text.split(' ') {
        match word.strip_suffix(')').and_then(|word| word.split_once('(')) {
            Some((name, suffix)) if !name.is_empty() && suffix.chars().count() == 1 => {
                words.extend([name.to_owned(), "/".to_owned(), format!("{name}{suffix}")]);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words.join(" ")
}

/// The text without what stands in parentheses, and that. A parenthesis that is never closed ends with the text.
fn without_groups(text: &str) -> (String, Vec<String>) {
    let (mut outer, mut groups, mut depth) = (String::new(), Vec::<String>::new(), 0_usize);
    for letter in text.chars() {
        match (letter, groups.last_mut()) {
            ('(', _) => {
                if depth == 0 {
                    groups.push(String::new());
                }
                depth = depth.saturating_add(1);
            }
            (')', _) => depth = depth.saturating_sub(1),
            (_, Some(group)) if depth > 0 => group.push(letter),
            _ => outer.push(letter),
        }
    }
    // A version alone in parentheses is no remark.
    groups.retain(|group| {
        let is_version = group.starts_with('v') && Version::read(group).is_some() && !group.contains(' ');
        if is_version {
            outer.insert_str(0, &format!("{group} "));
        }
        !is_version
    });
    (outer, groups)
}

enum Remark {
    Nothing,
    Condition(Predicate),
    Alternative(Predicate),
}

/// What stands in parentheses.
fn remark(text: &str) -> Remark {
    let words: Vec<&str> =
        text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.iter().all(|word| REGIONS.contains(word)) || text.contains("cve") || text.starts_with("replaced by") {
        return Remark::Nothing;
    }
    if let Some((names, version)) = text.split_once(" for ")
        && let Some(version) = version.strip_suffix(" only").and_then(versions)
    {
        let names = names.split('/').map(|name| name.trim().to_owned()).collect();
        return Remark::Alternative(Predicate::Every(vec![Predicate::OneOf(names), version]));
    }
    Remark::Condition(condition(text.strip_prefix("with ").unwrap_or(text)))
}

/// Splits off what is asked besides versions.
fn conditions(text: &str) -> (String, Vec<Predicate>) {
    let (mut main, mut found) = (text.to_owned(), Vec::new());
    for mark in
        [" running on ", " when running ", " with ", " on windows", " used with ", " model ", ": sn ", " serial number"]
    {
        if let Some(place) = format!(" {main}").find(mark) {
            let after =
                main.get(place.saturating_add(mark.len()).saturating_sub(1)..).unwrap_or_default().trim().to_owned();
            let asked = match mark {
                " running on " | " when running " => system(&after),
                " on windows" => system(&format!("windows {after}")),
                " model " => Predicate::Catalogue(list(&after)),
                ": sn " | " serial number" => serial(&after),
                _ => condition(&after),
            };
            found.push(asked);
            main = main.get(..place.saturating_sub(usize::from(place > 0))).unwrap_or_default().trim().to_owned();
        }
    }
    if main.contains("windows ") {
        found.push(system(&main));
        main.clear();
    }
    // `Version B, Firmware A.01.09, Part M8096-67501`: each asks something of its own.
    if main.contains(", firmware ") {
        let (version, rest) = main.split_once(", firmware ").unwrap_or_default();
        let (firmware, part) = rest.split_once(", part").unwrap_or((rest, ""));
        if let Some(ranges) = versions(firmware).and_then(ranges) {
            found.push(Predicate::Module("firmware".to_owned(), ranges));
        }
        let part = part.trim();
        if !part.is_empty() && part != "n/a" {
            found.push(Predicate::Catalogue(list(part)));
        }
        main = version.to_owned();
    }
    (main.trim().trim_end_matches(['|', ',', ';', ':']).trim().to_owned(), found)
}

/// What is asked of something that is built in, or of when it was shipped.
fn condition(text: &str) -> Predicate {
    if let Some(made) = made(text) {
        return made;
    }
    let is_version =
        |word: &str| word.starts_with(['<', '>', '=']) || word.contains(|letter: char| letter.is_ascii_digit());
    let cleaned = text.replace('(', " ");
    let first = cleaned.split(' ').position(is_version);
    let words: Vec<&str> = cleaned.split(' ').collect();
    let named = first.and_then(|first| Some((words.get(..first)?.join(" "), words.get(first..)?.join(" "))));
    if let Some((name, rest)) = named
        && !name.trim().is_empty()
        && let Some(ranges) = versions(&rest).and_then(ranges)
    {
        return Predicate::Module(name.trim().to_owned(), ranges);
    }
    let text = text.trim();
    match text.strip_suffix(" option").or_else(|| text.strip_suffix(" installed")) {
        Some(name) if name.split(' ').count() <= 3 => Predicate::Has(name.to_owned()),
        _ => Predicate::Unread(text.to_owned()),
    }
}

/// The versions that a predicate allows, if it speaks of nothing else.
fn ranges(predicate: Predicate) -> Option<Vec<Range>> {
    match predicate {
        Predicate::Version(ranges) => Some(ranges),
        Predicate::OneOf(names) => names.iter().map(|name| Version::read(name).map(Range::exact)).collect(),
        _ => None,
    }
}

/// An operating system: `windows 7`.
pub fn system(text: &str) -> Predicate {
    let (text, is_example) = match text.split_once("such as ") {
        Some((_, named)) => (named, true),
        None => (text, false),
    };
    let names =
        text.split(" and ").flat_map(|part| part.split(',')).map(str::trim).filter(|name| name.starts_with("windows"));
    let names: Vec<String> = names
        .map(|name| {
            // `Windows Server 2008` without its year would be every server.
            let words = if name.starts_with("windows server") { 3 } else { 2 };
            name.split([' ', '-']).take(words).collect::<Vec<_>>().join(" ")
        })
        .collect();
    let is_example = is_example || text.contains("earlier") || text.contains("older") || text.contains("prior");
    let has_more = text.contains("release") || text.contains("between");
    match names.is_empty() {
        true => Predicate::Unread(text.to_owned()),
        false if has_more => {
            Predicate::Every(vec![Predicate::System(names, false), Predicate::Unread(text.to_owned())])
        }
        false => Predicate::System(names, is_example),
    }
}

fn serial(text: &str) -> Predicate {
    let first = text.split(|letter: char| !letter.is_ascii_digit()).find(|digits| !digits.is_empty());
    let is_open = ["and higher", "and above", "and later", "or higher", "and up"].iter().any(|end| text.contains(end));
    match first.and_then(|digits| digits.parse().ok()).filter(|_| is_open) {
        Some(first) => Predicate::SerialFrom(first),
        None => Predicate::Unread(format!("serial number {text}")),
    }
}

/// Days on which something was made: `shipped between 26-June-2017 through 07-August 2018`, `< july 1 2017`.
fn made(text: &str) -> Option<Predicate> {
    let text = text.replace(',', " ");
    let mut rest = text.trim();
    if let Some(place) = rest.find("shipped ").or_else(|| rest.find("manufactured ")) {
        rest = rest.get(place..).unwrap_or(rest);
    }
    while let Some((word, after)) = rest.split_once(' ')
        && MADE.contains(&word)
    {
        rest = after.trim_start();
    }
    let day = |text: &str| day::read(text.trim()).filter(|_| !text.contains('.'));
    for (mark, belongs) in
        [("prior to ", false), ("before ", false), ("<= ", true), ("<=", true), ("< ", false), ("<", false)]
    {
        if let Some(to) = rest.strip_prefix(mark).and_then(day) {
            return Some(Predicate::Made(None, Some(to), belongs));
        }
    }
    let rest = rest.strip_prefix("between ").or_else(|| rest.strip_prefix("from ")).unwrap_or(rest);
    for mark in [" through ", " and ", " to ", " - "] {
        if let Some((from, to)) = rest.split_once(mark)
            && let (Some(from), Some(to)) = (day(from), day(to))
        {
            return Some(Predicate::Made(Some(from), Some(to), true));
        }
    }
    // `2016-August 2018`
    let (from, to) = rest.split_once('-')?;
    Some(Predicate::Made(Some(day(from)?), Some(day(to).filter(|_| to.contains(' '))?), true))
}

/// What is said of versions alone.
fn versions(text: &str) -> Option<Predicate> {
    let text = text.trim();
    if is_all(text) {
        return Some(Predicate::All);
    }
    if let Some(made) = made(text) {
        return Some(made);
    }
    let text = in_operators(text)?;
    let mut words = text.split(|letter: char| !letter.is_alphabetic());
    if text.contains('!') || words.any(|word| LOGIC.contains(&word)) {
        return None;
    }
    let mut ranges = Vec::<Range>::new();
    let mut names = Vec::new();
    let (mut open, mut has_words) = (false, false);
    for (sign, value) in terms(&text)? {
        if value.is_empty() {
            return None;
        }
        if is_all(&value) && sign.is_empty() {
            return Some(Predicate::All);
        }
        if !sign.is_empty() && !is_version_alone(value.trim_start_matches("version ")) {
            return None;
        }
        let Some(version) = Version::read(&value) else {
            names.push(value);
            has_words = true;
            continue;
        };
        match (sign, ranges.last_mut()) {
            (">=" | ">", _) => {
                ranges.push(Range { low: Some((version, sign == ">=")), high: None });
                open = true;
                continue;
            }
            ("<=" | "<", Some(range)) if open && range.high.is_none() => range.high = Some((version, sign == "<=")),
            ("<=" | "<", _) => ranges.push(Range { low: None, high: Some((version, sign == "<=")) }),
            _ => {
                names.push(value);
                ranges.push(Range::exact(version));
            }
        }
        open = false;
    }
    if ranges.iter().all(Range::is_exact) && !names.is_empty() {
        return Some(Predicate::OneOf(names));
    }
    // Words beside ranges may take back what these say.
    (!ranges.is_empty() && !has_words).then_some(Predicate::Version(ranges))
}

fn is_all(text: &str) -> bool {
    let text = text.trim().trim_start_matches("affects ");
    matches!(
        text,
        "vers:all/*"
            | "*"
            | "all"
            | "all versions"
            | "any"
            | "any version"
            | "all models"
            | "all version"
            | "all versions affected"
    )
}

/// Operators with the values behind them; values without an operator stand for themselves. `None` for signs of no sense.
fn terms(text: &str) -> Option<Vec<(&'static str, String)>> {
    let mut terms = Vec::new();
    let mut rest = text.trim();
    let signs = ["<=", ">=", "<", ">", "="];
    while !rest.is_empty() {
        rest = rest.trim_start_matches(['|', ' ', ',']);
        let sign = signs.into_iter().find(|sign| rest.starts_with(*sign)).unwrap_or("");
        rest = rest.get(sign.len()..)?.trim_start();
        let end = rest.find(['|', '<', '>', '=']).unwrap_or(rest.len());
        let (value, after) = rest.split_at(end);
        if sign.is_empty() && value.trim().is_empty() && after.is_empty() {
            break;
        }
        if value.trim().is_empty() {
            return None;
        }
        let value = value.trim().trim_end_matches(',').trim_end_matches(" and").trim_end_matches(" to");
        // `2.0.x < 2.0.5`: both hold together, which is no list.
        if sign.is_empty() && after.starts_with('<') {
            return None;
        }
        terms.push((sign, value.trim().to_owned()));
        rest = after;
    }
    Some(terms)
}

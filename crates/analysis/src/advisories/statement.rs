//! Reads what an advisory says of versions: operators as machines write them, and prose as people do.

use super::day;
use super::predicate::Predicate;
use super::version::{LEVELS, Range, Version};

#[cfg(test)]
mod tests;

/// A statement longer than this is left to a person.
const LENGTH_MAX: usize = 600;
/// Places where something is sold or not, which tells nothing of a device.
const REGIONS: [&str; 11] =
    ["global", "us", "states", "united", "outside", "the", "not", "distributed", "in", "worldwide", "eu"];
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
fn is_version_alone(text: &str) -> bool {
    let is_word = |run: &str| run.len() <= 2 || LEVELS.contains(&run);
    text.split(|letter: char| !letter.is_alphabetic()).all(is_word) && text.split(' ').count() <= 3
}

/// Lower case, one sign for each operator, single blanks.
fn folded(text: &str) -> String {
    let mut out = text.to_lowercase();
    for (from, to) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("≤", "<="),
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

fn system(text: &str) -> Predicate {
    let (text, is_example) = match text.split_once("such as ") {
        Some((_, named)) => (named, true),
        None => (text, false),
    };
    let names =
        text.split(" and ").flat_map(|part| part.split(',')).map(str::trim).filter(|name| name.starts_with("windows"));
    let names: Vec<String> = names.map(|name| name.split([' ', '-']).take(2).collect::<Vec<_>>().join(" ")).collect();
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

/// Prose as operators: `2.3.5 and below` is `<= 2.3.5`. `None` for prose of no known form.
fn in_operators(text: &str) -> Option<String> {
    let mut out = Vec::new();
    for part in text.split('|') {
        let mut part = part.trim();
        for lead in [
            "all versions ",
            "all version ",
            "versions ",
            "version ",
            "revisions ",
            "revision ",
            "rev ",
            "software versions ",
            "with software ",
            "software ",
            "firmware ",
            "models ",
            "model ",
            "from ",
            "between ",
            "using software ",
            "using ",
        ] {
            part = part.strip_prefix(lead).unwrap_or(part);
        }
        if part.starts_with(['<', '>', '=']) {
            out.push(part.to_owned());
            continue;
        }
        out.push(prose(part));
    }
    Some(out.join(" | "))
}

fn prose(part: &str) -> String {
    let without_words = |text: &str| {
        let text = text.trim().trim_end_matches(',');
        let text = ["versions ", "version ", "and including ", "v."]
            .iter()
            .fold(text, |text, lead| text.strip_prefix(lead).unwrap_or(text));
        [" versions", " version", " inclusive"]
            .iter()
            .fold(text, |text, end| text.strip_suffix(end).unwrap_or(text))
            .to_owned()
    };
    let part = without_words(part);
    for lead in ["prior to and including ", "up to and including ", "through and including "] {
        if let Some(version) = part.strip_prefix(lead) {
            return format!("<= {}", without_words(version));
        }
    }
    for lead in [
        "up to but not including ",
        "prior to ",
        "before ",
        "earlier than ",
        "older than ",
        "below ",
        "less than ",
        "lower than ",
    ] {
        if let Some(version) = part.strip_prefix(lead) {
            return format!("< {}", without_words(version));
        }
    }
    for lead in ["up to ", "through "] {
        if let Some(version) = part.strip_prefix(lead) {
            return format!("<= {}", without_words(version));
        }
    }
    for (ends, sign) in [
        (["prior", "earlier", "below", "lower", "previous", "older", "before", "under"], "<="),
        (["later", "newer", "above", "higher", "up", "greater", "after", "beyond"], ">="),
    ] {
        for end in ends {
            for joint in [" and ", " or ", ", and ", " & "] {
                if let Some(version) = part.strip_suffix(&format!("{joint}{end}")) {
                    return format!("{sign} {}", without_words(version));
                }
            }
        }
    }
    for joint in [" through to ", " through ", " thru ", " up to ", " to ", " until ", " - "] {
        if let Some((from, to)) = part.split_once(joint) {
            return format!(">= {} | <= {}", without_words(from), list(to).join(" | "));
        }
    }
    // `A.01 <= C.0x`: from the one to the other.
    if let Some((from, to)) = part.split_once("<=")
        && !from.trim().is_empty()
        && !from.contains('>')
        && !part.contains(">=")
    {
        return format!(">= {from} | <= {to}");
    }
    // `B-M`: single letters.
    if let Some((from, to)) = part.split_once('-')
        && [from, to].iter().all(|end| end.trim().chars().count() == 1 && end.trim().chars().all(char::is_alphabetic))
    {
        return format!(">= {from} | <= {to}");
    }
    list(&part).join(" | ")
}

/// The parts of a list: `2131 and 2141`, `053L000091 / 054U000091`.
fn list(text: &str) -> Vec<String> {
    let joined =
        text.replace(" and ", "|").replace(" or ", "|").replace(" / ", "|").replace(", ", "|").replace(';', "|");
    let parts = joined.split('|').map(|part| part.trim().trim_matches(',').trim()).filter(|part| !part.is_empty());
    parts.flat_map(one_by_one).flat_map(|part| two_revisions(&part)).collect()
}

/// `B.02 C.02 C.03` is a list that lost its commas; `4.20 SR1` is not.
fn one_by_one(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split(' ').collect();
    let is_version = |word: &&str| word.contains('.') && word.contains(|letter: char| letter.is_ascii_digit());
    let is_level = |word: &&str| LEVELS.contains(&word.trim_end_matches(|letter: char| letter.is_ascii_digit()));
    let are_versions = words.iter().all(|word| is_version(word) || is_level(word));
    if words.iter().filter(|word| is_version(word)).count() < 2 || !are_versions {
        return vec![text.to_owned()];
    }
    let mut list: Vec<String> = Vec::new();
    for word in words {
        match list.last_mut() {
            Some(before) if is_level(&word) => *before = format!("{before} {word}"),
            _ => list.push(word.to_owned()),
        }
    }
    list
}

/// `F.0.G.0` is two revisions that were run together.
fn two_revisions(text: &str) -> Vec<String> {
    let parts: Vec<&str> = text.split('.').collect();
    let is_letter = |part: &&str| part.len() == 1 && part.chars().all(char::is_alphabetic);
    let is_number = |part: &&str| part.chars().all(|letter| letter.is_ascii_digit());
    match parts.as_slice() {
        [one, two, three, four] if is_letter(one) && is_number(two) && is_letter(three) && is_number(four) => {
            vec![format!("{one}.{two}"), format!("{three}.{four}")]
        }
        _ => vec![text.to_owned()],
    }
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
        terms.push((sign, value.trim().to_owned()));
        rest = after;
    }
    Some(terms)
}

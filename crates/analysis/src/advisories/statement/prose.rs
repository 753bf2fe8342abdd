//! What people write of versions, as operators.

use super::is_version_alone;
use crate::advisories::version::LEVELS;

/// Prose as operators: `2.3.5 and below` is `<= 2.3.5`. `None` for prose of no known form.
pub fn in_operators(text: &str) -> Option<String> {
    let mut out = Vec::new();
    for part in text.split('|') {
        let mut part = part.trim();
        for lead in [
            "all software versions ",
            "all versions ",
            "any version ",
            "all releases ",
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
            "using software ",
            "using ",
        ] {
            part = part.strip_prefix(lead).unwrap_or(part);
        }
        if part.starts_with(['<', '>', '=']) {
            // `>= 1.0 and < 2.0`
            out.push(part.replace(" and <", " <").replace(" and >", " >").replace(" to <", " <"));
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
    if let Some((from, to)) = part.strip_prefix("between ").and_then(|part| part.split_once(" and ")) {
        return format!(">= {} | <= {}", without_words(from), without_words(to));
    }
    for lead in ["later than ", "newer than ", "greater than ", "higher than ", "above ", "after "] {
        if let Some(version) = part.strip_prefix(lead) {
            return format!("> {}", without_words(version));
        }
    }
    for end in [" onwards", " onward", " and up", "+"] {
        if let Some(version) = part.strip_suffix(end) {
            return format!(">= {}", without_words(version));
        }
    }
    // `2.0.1-3.0.4`: as many dots on both sides make a range of it.
    for joint in ["-", "..", "~"] {
        if let Some((from, to)) = part.split_once(joint)
            && from.matches('.').count() == to.matches('.').count()
            && from.contains('.')
            && [from, to].iter().all(|end| is_version_alone(end.trim()) && !end.contains("<") && !end.contains(">"))
        {
            return format!(">= {from} | <= {to}");
        }
    }
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
        "under ",
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
pub fn list(text: &str) -> Vec<String> {
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

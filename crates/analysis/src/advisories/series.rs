//! Series and ranges of models that are named by their numbers: `MiniMed 600 Series`, `Efficia CM Series`, `MX400 to MX850`.
//!
//! A range says which numbers it means. A series does not: that the 640G is of the `600 Series` is a habit of makers, which numbers
//! within their series otherwise too (a 2960 need not be of the `2900 Series`). So what lies in a series by its number alone
//! may be of it; only a maker's list says that it is.

use super::predicate::plain;

/// Designators that a range may stand for: `MP20-MP90`.
const RANGE_MAX: u64 = 1_000;
/// Letters before the number of a model.
const LETTERS_MAX: usize = 4;
/// Letters behind it, as in `640G` or `MP5SC`.
const SUFFIX_MAX: usize = 2;
/// Between the ends of a range that is written with blanks.
const JOINTS: [&str; 6] = ["to", "through", "thru", "-", "–", "—"];
/// Numbers of models that are years: `2010-2015` is no range of models.
const YEARS: std::ops::RangeInclusive<u64> = 1980..=2100;

/// A series of models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// What stands before the number of each model: `abl` of the `ABL800 Series`.
    letters: String,
    /// The first and the last number; `None` where letters alone name it.
    numbers: Option<(u64, u64)>,
}

impl Series {
    /// The series that a name speaks of; `name` is in lower case.
    pub fn all(name: &str) -> Vec<Self> {
        let name = name.replace("-series", " series");
        let words: Vec<&str> = name
            .split(|letter: char| letter.is_whitespace() || matches!(letter, '(' | ')' | ',' | ';' | ':'))
            .filter(|word| !word.is_empty())
            .collect();
        let named = words.windows(2).filter_map(|pair| match *pair {
            [before, "series"] => Some(before),
            _ => None,
        });
        named.flat_map(|before| before.split('/')).filter_map(Self::read).collect()
    }

    fn read(word: &str) -> Option<Self> {
        let word = plain(word);
        let (letters, digits, suffix) = split(&word)?;
        if digits.is_empty() {
            return (letters.len() < LETTERS_MAX).then_some(Self { letters, numbers: None });
        }
        let first: u64 = digits.parse().ok().filter(|first| *first > 0 && suffix.is_empty())?;
        // `600` is for 600 to 699, `6000` for 6000 to 6999; `650` names no series by a number.
        let last = [1_000, 100]
            .into_iter()
            .find(|step| first.is_multiple_of(*step))
            .map(|step| first.saturating_add(step).saturating_sub(1))?;
        Some(Self { letters, numbers: Some((first, last)) })
    }

    /// Whether a model may be of it by its number.
    pub fn may_hold(&self, designator: &str) -> bool {
        let Some((letters, digits, _)) = split(designator) else { return false };
        let is_within = |number| self.numbers.is_none_or(|(first, last)| (first..=last).contains(&number));
        letters == self.letters && digits.parse().is_ok_and(is_within)
    }

    /// Whether its letters alone tell it from the other products of a maker.
    pub fn is_telling(&self) -> bool {
        self.letters.len() > 1
    }
}

/// Letters, digits and a few letters behind them; `None` for what is of another form.
fn split(designator: &str) -> Option<(String, &str, &str)> {
    let from = designator.find(|letter: char| letter.is_ascii_digit()).unwrap_or(designator.len());
    let (letters, rest) = designator.split_at(from);
    let to = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, suffix) = rest.split_at(to);
    let is_plain = |letters: &str, max| letters.len() <= max && letters.chars().all(char::is_alphabetic);
    (is_plain(letters, LETTERS_MAX) && is_plain(suffix, SUFFIX_MAX)).then(|| (letters.to_owned(), digits, suffix))
}

/// Ranges that are written with blanks as one word: `mx400 to mx850` is `mx400-mx850`.
pub fn joined(name: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in name.split_whitespace() {
        words.push(word.to_owned());
        let Some([from, joint, to]) = words.last_chunk::<3>() else { continue };
        let trimmed = |word: &str| word.trim_matches(|letter: char| !letter.is_alphanumeric()).to_owned();
        let range = format!("{}-{}", trimmed(from), trimmed(to));
        if JOINTS.contains(&joint.as_str()) && written_out(&range).is_some() {
            // What stands in or before parentheses stays there.
            let open = if from.starts_with('(') { "(" } else { "" };
            let close = if to.ends_with(')') { ")" } else { "" };
            let range = format!("{open}{range}{close}");
            words.truncate(words.len().saturating_sub(3));
            words.push(range);
        }
    }
    words.join(" ")
}

/// `mp20-mp90` or `mx400-550`: all in between.
pub fn written_out(item: &str) -> Option<Vec<String>> {
    let (from, to) = item.split_once('-')?;
    let ((letters, first, suffix), (others, last, end)) = (split(from)?, split(to)?);
    let are_numbers = |first: &str, last: &str| {
        let is_year = |number: &str| number.parse().is_ok_and(|number| YEARS.contains(&number));
        first.len() == last.len() && (3..=4).contains(&first.len()) && !(is_year(first) && is_year(last))
    };
    let is_range = suffix == end
        && if letters.is_empty() {
            others.is_empty() && are_numbers(first, last)
        } else {
            others.is_empty() || others == letters
        };
    let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
    let fits = is_range && first < last && last.saturating_sub(first) <= RANGE_MAX;
    fits.then(|| (first..=last).map(|number| format!("{letters}{number}{suffix}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_may_hold_the_models_with_its_numbers() {
        for (name, inside, outside) in [
            ("minimed 600 series insulin pumps", &["620g", "640g", "670g", "600"][..], &["508", "770g", "mx640"][..]),
            ("minimed 600-series", &["640g"], &["508"]),
            ("rapidlab 1200 series", &["1240", "1265"], &["1300", "500", "120"]),
            ("abl800 series flex", &["abl835"], &["abl90", "835"]),
            ("bsm-6000 series", &["bsm6301", "bsm6701"], &["bsm3562"]),
            ("efficia cm series", &["cm10", "cm150"], &["cms100", "100"]),
            ("mx400/mx500 series (all)", &["mx450", "mx550"], &["mx850"]),
        ] {
            let series = Series::all(name);
            assert!(!series.is_empty(), "{name}");
            for designator in inside {
                assert!(series.iter().any(|series| series.may_hold(designator)), "{name} {designator}");
            }
            for designator in outside {
                assert!(!series.iter().any(|series| series.may_hold(designator)), "{name} {designator}");
            }
        }
        for name in
            ["series 600", "minimed 650 series", "minimed 600g series", "intellivue series", "monitor", "0 series"]
        {
            assert_eq!(Series::all(name), [], "{name}");
        }
    }

    #[test]
    fn a_range_is_all_between_its_ends() {
        for (name, first, last, count) in [
            ("mx400 to mx850", "mx400", "mx850", 451),
            ("(mx400 – mx850)", "mx400", "mx850", 451),
            ("mx400 through 550", "mx400", "mx550", 151),
            ("m8001a to m8010a", "m8001a", "m8010a", 10),
            ("620g - 670g", "620g", "670g", 51),
            ("8100-8120", "8100", "8120", 21),
        ] {
            let range = joined(name);
            let all = written_out(range.trim_matches(['(', ')'])).unwrap_or_else(|| panic!("{name}: {range}"));
            assert_eq!((all[0].as_str(), all[all.len() - 1].as_str(), all.len()), (first, last, count), "{name}");
        }
        for name in
            ["2010 to 2015", "mx850 to mx400", "5 to 9", "mx400 to mp850", "rev b to m", "1.0 to 2.0", "x1 to x9999"]
        {
            assert_eq!(joined(name), name);
        }
    }
}

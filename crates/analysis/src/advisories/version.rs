//! Versions as makers write them, and which of two is later.
//!
//! There is no common notation: `8.2.2`, `B.12`, `R4.1L1`, `012U000061`, `2023.3_Build_9342`, `1.8.4 Service Pack 01`. A version
//! is read as numbers and words, whatever stands between them. Numbers are compared by value, words that stand alone by the
//! alphabet (revisions `A` to `N`), and a word that is joined to a number behind it (`U61`, `20D29`) names a line of versions
//! that is compared with itself only.

use std::cmp::Ordering;

/// Parts of a version that are looked at.
const PARTS_MAX: usize = 16;
/// Words that stand before a version and say nothing.
const LEADING: [&str; 14] = [
    "version",
    "versions",
    "ver",
    "v",
    "rev",
    "revision",
    "revisions",
    "release",
    "software",
    "firmware",
    "sw",
    "fw",
    "level",
    "vers",
];
/// Words that say that a version is not finished yet: it comes before the one without.
const UNFINISHED: [&str; 6] = ["alpha", "beta", "rc", "pre", "preview", "dev"];
/// Words that number what came after a version: alone they order nothing.
pub(super) const LEVELS: [&str; 8] = ["sp", "sr", "build", "patch", "hotfix", "hf", "update", "p"];

/// A version, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Number(u64),
    /// Letters, and whether a number follows without anything in between.
    Word(String, bool),
    /// Any number from here to there: `0x` is 00 to 09.
    Between(u64, u64),
    /// `x` or `*`: whatever follows.
    Anything,
}

impl Version {
    /// Reads a version; `None` if there is nothing in it that could be compared.
    pub fn read(text: &str) -> Option<Self> {
        let folded = text.to_lowercase().replace("service pack", "sp").replace("service release", "sr");
        let mut parts = Vec::new();
        let mut rest = folded.as_str();
        while let Some(first) = rest.chars().next() {
            let is_digit = first.is_ascii_digit();
            let (run, after) = match first {
                '*' => rest.split_at(1),
                _ if is_digit => split(rest, |letter| letter.is_ascii_digit()),
                _ if first.is_alphabetic() => split(rest, char::is_alphabetic),
                _ => {
                    rest = rest.get(first.len_utf8()..).unwrap_or_default();
                    continue;
                }
            };
            rest = after;
            let is_joined = rest.starts_with(|next: char| next.is_ascii_digit());
            match run {
                "*" => parts.push(Part::Anything),
                "x" | "xx" if !parts.is_empty() => {
                    match parts.pop() {
                        // `0x` is one place of a number with any digit.
                        Some(Part::Number(number)) if folded_joins(&folded, rest, run) => {
                            let low = number.saturating_mul(10);
                            parts.push(Part::Between(low, low.saturating_add(9)));
                        }
                        before => {
                            parts.extend(before);
                            parts.push(Part::Anything);
                        }
                    }
                }
                _ if is_digit => parts.push(Part::Number(run.parse().unwrap_or(u64::MAX))),
                _ if LEADING.contains(&run) && parts.iter().all(|part| matches!(part, Part::Word(..))) => {}
                "r" if parts.is_empty() && is_joined => {}
                _ => parts.push(Part::Word(run.to_owned(), is_joined)),
            }
            if parts.len() >= PARTS_MAX {
                break;
            }
        }
        let says_something = parts.iter().any(|part| match part {
            Part::Word(word, _) => word.chars().count() == 1,
            _ => true,
        });
        says_something.then_some(Self(parts))
    }

    /// Which is later; `None` if they are of different lines or notations. What a `x` stands for is equal.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        // `012U000040` and `1.0` are no versions of one notation, whatever their first numbers are.
        if self.is_of_a_line() != other.is_of_a_line() && !self.begins_as(other) {
            return None;
        }
        let (mine, theirs) = (self.without_line_word(other), other.without_line_word(self));
        let mut pairs = (mine.iter(), theirs.iter());
        loop {
            return match (pairs.0.next(), pairs.1.next()) {
                (None, None) | (Some(Part::Anything), _) | (_, Some(Part::Anything)) => Some(Ordering::Equal),
                (Some(more), None) => Some(longer(more, pairs.0)),
                (None, Some(more)) => Some(longer(more, pairs.1).reverse()),
                (Some(mine), Some(theirs)) => match part(mine, theirs) {
                    Some(Ordering::Equal) => continue,
                    decided => decided,
                },
            };
        }
    }

    /// Whether a line of versions follows its first number: `20D29`.
    fn is_of_a_line(&self) -> bool {
        matches!(self.0.as_slice(), [Part::Number(_), Part::Word(_, true), ..])
    }

    fn begins_as(&self, other: &Self) -> bool {
        self.0.first() == other.0.first()
    }

    /// Without the words before the first number, if the other has none: `LPI 3.5` is `3.5` where nobody says `LPI`.
    fn without_line_word(&self, other: &Self) -> &[Part] {
        let is_word = |part: &&Part| matches!(part, Part::Word(word, false) if word.chars().count() > 1);
        if other.0.first().is_some_and(|first| is_word(&first)) {
            return &self.0;
        }
        let words = self.0.iter().take_while(is_word).count();
        self.0.get(words..).filter(|rest| !rest.is_empty()).unwrap_or(&self.0)
    }
}

/// Whether a run that was just cut off stood right behind a digit.
fn folded_joins(folded: &str, rest: &str, run: &str) -> bool {
    let end = folded.len().saturating_sub(rest.len()).saturating_sub(run.len());
    folded.get(..end).is_some_and(|before| before.ends_with(|letter: char| letter.is_ascii_digit()))
}

fn split(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|letter| !belongs(letter)).unwrap_or(text.len()))
}

fn part(mine: &Part, theirs: &Part) -> Option<Ordering> {
    use Part::{Between, Number, Word};
    match (mine, theirs) {
        (Number(mine), Number(theirs)) => Some(mine.cmp(theirs)),
        (Between(low, high), Number(number)) => Some(within(*number, *low, *high).reverse()),
        (Number(number), Between(low, high)) => Some(within(*number, *low, *high)),
        (Between(mine, _), Between(theirs, _)) => Some(mine.cmp(theirs)),
        (Word(mine, joined), Word(theirs, also_joined)) => match mine.cmp(theirs) {
            Ordering::Equal => Some(Ordering::Equal),
            _ if *joined || *also_joined || mine.len() > 1 || theirs.len() > 1 => None,
            decided => Some(decided),
        },
        (Word(word, _), _) => UNFINISHED.contains(&word.as_str()).then_some(Ordering::Less),
        (_, Word(word, _)) => UNFINISHED.contains(&word.as_str()).then_some(Ordering::Greater),
        _ => None,
    }
}

fn within(number: u64, low: u64, high: u64) -> Ordering {
    if number < low {
        Ordering::Less
    } else if number > high {
        Ordering::Greater
    } else {
        Ordering::Equal
    }
}

/// How a version with more parts stands to the same without them.
fn longer<'a>(first: &'a Part, rest: impl Iterator<Item = &'a Part>) -> Ordering {
    for part in std::iter::once(first).chain(rest) {
        match part {
            Part::Number(0) => {}
            Part::Anything => return Ordering::Equal,
            Part::Word(word, _) if UNFINISHED.contains(&word.as_str()) => return Ordering::Less,
            _ => return Ordering::Greater,
        }
    }
    Ordering::Equal
}

/// From one version to another, each with or without itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// The first, and whether it belongs.
    pub low: Option<(Version, bool)>,
    /// The last, and whether it belongs.
    pub high: Option<(Version, bool)>,
}

impl Range {
    /// One version, or all that an `x` stands for.
    pub fn exact(version: Version) -> Self {
        Self { low: Some((version.clone(), true)), high: Some((version, true)) }
    }

    /// Whether it is one version.
    pub fn is_exact(&self) -> bool {
        self.low.is_some() && self.low == self.high
    }

    /// Whether a version belongs; `None` if it is of another line or notation.
    pub fn holds(&self, version: &Version) -> Option<bool> {
        let low = match &self.low {
            Some((low, belongs)) => match version.compare(low)? {
                Ordering::Less => false,
                Ordering::Equal => *belongs,
                Ordering::Greater => true,
            },
            None => true,
        };
        let high = match &self.high {
            Some((high, belongs)) => match version.compare(high)? {
                Ordering::Less => true,
                Ordering::Equal => *belongs,
                Ordering::Greater => false,
            },
            None => true,
        };
        Some(low && high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(one: &str, two: &str) -> Option<Ordering> {
        Version::read(one).unwrap().compare(&Version::read(two).unwrap())
    }

    #[test]
    fn versions_are_ordered_as_their_makers_mean_them() {
        let rising = [
            "8.2.1 < 8.2.2",
            "1.9 < 1.10",
            "2.0 = v2",
            "Version 2.0.14.0 = 2.0.14",
            "B.9 < B.12",
            "M < N",
            "F = Rev F",
            "R3.2L1 < R4.1L1",
            "R4.1L1 < R4.1L2",
            "012U000039 < 012U000040",
            "20D29 < 22D24",
            "16 < 16D38",
            "2023.3_Build_9342 = 2023.3 (Build 9342)",
            "2023.3 Build 9341 < 2023.3_Build_9342",
            "1.8.4 < 1.8.4 Service Pack 01",
            "1.8.4 SP01 = 1.8.4 Service Pack 1",
            "5.89.05b < 5.89.06",
            "4.20 < 4.20 SR1",
            "1.0 rc1 < 1.0",
            "1.0-rc1 < 1.0.1",
            "5.17.0 < 5.17.1-754993421",
            "3.5.12.P30 = LPI 3.5.12.P30",
            "2018-1 < 2021-1",
        ];
        for line in rising {
            let (one, sign, two) =
                line.split_once(" < ").map(|(one, two)| (one, Ordering::Less, two)).unwrap_or_else(|| {
                    let (one, two) = line.split_once(" = ").unwrap();
                    (one, Ordering::Equal, two)
                });
            assert_eq!(compare(one, two), Some(sign), "{line}");
            assert_eq!(compare(two, one), Some(sign.reverse()), "{line}");
        }
    }

    #[test]
    fn lines_of_versions_are_not_compared_with_each_other() {
        for (one, two) in [
            ("U61", "L80"),
            ("012U000039", "012L000040"),
            ("2.3", "U61"),
            ("1.0", "012U000040"),
            ("4.20 SR1", "4.20 SP2"),
        ] {
            assert_eq!(compare(one, two), None, "{one} {two}");
        }
    }

    #[test]
    fn what_is_left_open_is_equal() {
        for (open, inside, outside) in
            [("2.X", "2.7.1", "3.0"), ("5.x.x", "5.0", "6"), ("C.0x", "C.05", "C.10"), ("8.x", "8", "9")]
        {
            assert_eq!(compare(open, inside), Some(Ordering::Equal), "{open}");
            assert_eq!(compare(open, outside), Some(Ordering::Less), "{open}");
        }
    }

    #[test]
    fn nothing_is_no_version() {
        for text in ["", "unknown", "–", "all versions"] {
            assert_eq!(Version::read(text), None, "{text}");
        }
    }
}

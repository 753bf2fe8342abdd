//! Products by the names under which they speak: one table, read wherever a message says what device sends it.
//!
//! A name is compared in letters and digits alone, without case: `cobas c 111`, `COBAS-C111` and `cobas_c111` are one. It
//! stands at the beginning of a part of the field (parts are separated by `^`), or behind its maker's name there, and ends
//! where a word or a number ends. `#` in a name stands for a number, `###` for one of three digits at least, `$` at the
//! end for the end of the part. What is spelled like something else as well counts only where the maker is named too:
//! before it, or in a part of this field or of another. A product without names is what a maker's bare name tells.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::raw::{RawPlace, RawProduct, Texts};
use super::vendors::{Setting, Vendors};
use super::view::View;

/// The most words of a maker's name that are looked for before a product's.
const MAKER_WORDS_MAX: usize = 4;
/// A longer text names no product by itself.
const SAID_BYTES_MAX: usize = 64;
/// Longer numbers are those of units, not of models.
const NUMBER_DIGITS_MAX: usize = 4;
/// The place that is filled with the name as it was said.
pub(super) const SAID: &str = "said";

/// One product's names.
#[derive(Debug)]
pub(super) struct Names {
    maker: String,
    names: Vec<Name>,
    beside_maker: Vec<Name>,
}

impl Names {
    pub(super) fn new(raw: &RawProduct) -> Self {
        let all = |Texts(texts): &Texts| texts.iter().map(|text| Name::new(text)).collect();
        Self { maker: raw.maker.clone(), names: all(&raw.names), beside_maker: all(&raw.beside_maker) }
    }
}

/// A product at one place: how its names count there, and the fields of the message in which its maker may be named.
#[derive(Debug)]
pub(super) struct Product {
    of: Arc<Names>,
    /// Names of fewer letters count beside their maker only.
    letters_min: usize,
    maker_in: Vec<String>,
}

impl Product {
    pub(super) fn new(of: Arc<Names>, place: &RawPlace) -> Self {
        let maker_in = std::iter::once(&place.field).chain(&place.maker_in.0).cloned().collect();
        Self { of, letters_min: place.letters_min, maker_in }
    }

    /// The names that count by themselves.
    fn alone(&self) -> impl Iterator<Item = &Name> {
        self.of.names.iter().filter(|name| name.letters() >= self.letters_min)
    }

    /// The names that count beside their maker.
    fn beside(&self) -> impl Iterator<Item = &Name> {
        self.of.names.iter().filter(|name| name.letters() < self.letters_min).chain(&self.of.beside_maker)
    }

    /// Texts that name the product.
    pub(super) fn examples(&self) -> Vec<String> {
        let behind_maker = self.beside().map(|name| format!("{} {}", self.of.maker, name.example()));
        let mut examples: Vec<String> = self.alone().map(Name::example).chain(behind_maker).collect();
        if examples.is_empty() {
            examples.push(self.of.maker.clone());
        }
        examples
    }

    /// Texts that do not, without its maker.
    pub(super) fn no_examples(&self) -> impl Iterator<Item = String> {
        self.of.beside_maker.iter().map(Name::example)
    }

    /// The maker whose bare name tells the product.
    pub(super) fn bare_maker(&self) -> Option<&str> {
        (self.of.names.is_empty() && self.of.beside_maker.is_empty()).then_some(self.of.maker.as_str())
    }

    /// The letters, digits or `#` that its names begin with, each once.
    pub(super) fn initials(&self) -> BTreeSet<char> {
        self.alone().chain(self.beside()).filter_map(|name| name.letters.first().copied()).collect()
    }

    pub(super) fn fields_read(&self) -> impl Iterator<Item = &str> {
        self.maker_in.iter().map(String::as_str)
    }

    /// Whether the text may name the product: the maker may have to be named elsewhere.
    pub(super) fn may_be(&self, text: &str, vendors: &Vendors) -> bool {
        self.part(text, true, vendors).is_some()
    }

    /// Whether the text names the product.
    pub(super) fn is_named(&self, text: &str, view: View<'_>, vendors: &Vendors) -> bool {
        self.part(text, false, vendors).is_some()
            || (self.part(text, true, vendors).is_some() && self.maker_is_named(view, vendors))
    }

    /// How much of the name in the text stands in the table as such, and how long it is with its numbers: the longer name
    /// is the more special.
    pub(super) fn letters(&self, text: &str, vendors: &Vendors) -> (usize, usize) {
        self.part(text, true, vendors).map_or((0, 0), |named| named.letters)
    }

    /// What names the product, if it names nothing else: letters and a number, and all of that part of the text. One letter
    /// may be all that is left of a longer name (`c311`).
    pub(super) fn said<'t>(&self, text: &'t str, vendors: &Vendors) -> Option<&'t str> {
        let Named { part, whole, .. } = self.part(text, true, vendors)?;
        let has_letters = part.chars().filter(|letter| letter.is_alphabetic()).nth(1).is_some();
        let has_number = part.bytes().any(|byte| byte.is_ascii_digit());
        (whole && has_letters && has_number && part.len() <= SAID_BYTES_MAX).then(|| part.trim())
    }

    fn maker_is_named(&self, view: View<'_>, vendors: &Vendors) -> bool {
        let is_maker =
            |part: &str| vendors.find(part, Setting::Medical).is_some_and(|found| found.name == self.of.maker);
        let mut values = self.maker_in.iter().flat_map(|field| view.values(field));
        values.any(|value| value.split('^').any(is_maker))
    }

    fn part<'t>(&self, text: &'t str, maker_elsewhere: bool, vendors: &Vendors) -> Option<Named<'t>> {
        text.split('^').find_map(|part| {
            if self.bare_maker().is_some() {
                let named = Named { part, whole: false, letters: (0, 0) };
                return vendors.is_named(part, &self.of.maker, Setting::Medical).then_some(named);
            }
            let spoken = Spoken::new(part);
            let end = |name: &Name, start: usize| {
                let end = name.end(&spoken, start)?;
                Some((end, (name.literals(), end.saturating_sub(start))))
            };
            let any = |start| self.alone().chain(self.beside()).filter_map(|name| end(name, start)).max();
            let alone = match maker_elsewhere {
                true => any(0),
                false => self.alone().filter_map(|name| end(name, 0)).max(),
            };
            let behind_maker = || {
                let mut starts = spoken.words.iter().copied().skip(1).take(MAKER_WORDS_MAX);
                starts.find_map(|start| {
                    let named = any(start)?;
                    let maker = vendors.find(part.get(..spoken.offset(start))?, Setting::Medical)?;
                    (maker.name == self.of.maker).then_some(named)
                })
            };
            let (end, letters) = alone.or_else(behind_maker)?;
            Some(Named { part, whole: end == spoken.letters.len(), letters })
        })
    }
}

/// Where a text names a product.
struct Named<'t> {
    /// The part of the text that does.
    part: &'t str,
    /// Whether the name goes up to its end.
    whole: bool,
    /// How much of the name stands in the table as such, and how long it is with its numbers.
    letters: (usize, usize),
}

/// The letters with which a product's name may begin in the text, `#` beside a digit; each once.
pub(super) fn initials(text: &str) -> BTreeSet<char> {
    let mut initials = BTreeSet::new();
    for part in text.split('^') {
        let spoken = Spoken::new(part);
        let words = spoken.words.iter().take(MAKER_WORDS_MAX.saturating_add(1));
        initials.extend(words.filter_map(|start| spoken.letters.get(*start)).copied());
    }
    if initials.iter().any(char::is_ascii_digit) {
        initials.insert('#');
    }
    initials
}

/// A text in letters and digits alone.
struct Spoken {
    letters: Vec<char>,
    /// Where each of the letters stands in the text.
    offsets: Vec<usize>,
    /// Which letters begin a word or a number.
    words: Vec<usize>,
}

impl Spoken {
    fn new(text: &str) -> Self {
        let mut spoken = Self { letters: Vec::new(), offsets: Vec::new(), words: Vec::new() };
        let mut before: Option<char> = None;
        for (offset, letter) in text.char_indices() {
            let here = letter.is_alphanumeric().then_some(letter);
            if let Some(letter) = here {
                let begins = |before: char| {
                    before.is_ascii_digit() != letter.is_ascii_digit()
                        || (before.is_lowercase() && letter.is_uppercase())
                };
                if before.is_none_or(begins) {
                    spoken.words.push(spoken.letters.len());
                }
                for small in letter.to_lowercase() {
                    spoken.letters.push(small);
                    spoken.offsets.push(offset);
                }
            }
            before = here;
        }
        spoken
    }

    fn offset(&self, letter: usize) -> usize {
        self.offsets.get(letter).copied().unwrap_or_default()
    }

    fn ends_word(&self, end: usize) -> bool {
        end == self.letters.len() || self.words.contains(&end)
    }
}

/// A name, in small letters, digits and `#`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Name {
    letters: Vec<char>,
    whole: bool,
}

impl Name {
    fn new(text: &str) -> Self {
        let (text, whole) = text.strip_suffix('$').map_or((text, false), |text| (text, true));
        let letters = text.chars().filter(|letter| letter.is_alphanumeric() || *letter == '#');
        Self { letters: letters.flat_map(char::to_lowercase).collect(), whole }
    }

    fn letters(&self) -> usize {
        self.letters.iter().filter(|letter| letter.is_alphabetic()).count()
    }

    fn literals(&self) -> usize {
        self.letters.iter().filter(|letter| **letter != '#').count()
    }

    fn example(&self) -> String {
        self.letters.iter().map(|letter| if *letter == '#' { '7' } else { *letter }).collect()
    }

    /// Where the name ends that begins at that letter of the text.
    fn end(&self, spoken: &Spoken, start: usize) -> Option<usize> {
        let mut rest = spoken.letters.get(start..)?;
        let mut wanted = self.letters.as_slice();
        while let Some((first, others)) = wanted.split_first() {
            if *first == '#' {
                let digits_min = wanted.iter().take_while(|letter| **letter == '#').count();
                let digits = rest.iter().take_while(|letter| letter.is_ascii_digit()).count();
                rest = rest.get(digits..).filter(|_| (digits_min..=NUMBER_DIGITS_MAX).contains(&digits))?;
                wanted = wanted.get(digits_min..)?;
            } else {
                rest = rest.strip_prefix(std::slice::from_ref(first))?;
                wanted = others;
            }
        }
        let end = spoken.letters.len().saturating_sub(rest.len());
        let ends = if self.whole { rest.is_empty() } else { spoken.ends_word(end) };
        (ends && !self.letters.is_empty()).then_some(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(name: &str, text: &str) -> bool {
        Name::new(name).end(&Spoken::new(text), 0).is_some()
    }

    #[test]
    fn a_name_begins_a_text_and_ends_with_a_word() {
        for (name, text) in [
            ("cobas c 111", "COBAS_C111"),
            ("XN-#", "XN-550"),
            ("XN-#", "xn 1000 SA"),
            ("BC-#", "BC-6800Plus"),
            ("VITEK", "VITEK2"),
            ("ABX$", "ABX"),
            ("飞测", "飞测 2"),
            ("BS-###", "BS-200E"),
            ("cobas", "cobasC311"),
        ] {
            assert!(ends(name, text), "{name} {text}");
        }
        for (name, text) in [
            ("cobas c 111", "cobas c 1110"),
            ("XN-#", "XN"),
            ("XN-#", "AXN-550"),
            ("STAR", "START 4"),
            ("ABX$", "ABX Pentra"),
            ("BS-###", "BS-20"),
            ("BS-###", "BS649999"),
            ("", "anything"),
        ] {
            assert!(!ends(name, text), "{name} {text}");
        }
    }
}

//! Which names of makers mean one house.

use hashbrown::HashMap;
use serde::Deserialize;

use super::predicate::plain;
use crate::knowledge::Notation;

/// Words of a firm's name among which its house is looked for.
const FIRM_WORDS_MAX: usize = 8;
/// Words at the end of a maker's name that change nothing.
const FORMS: [&str; 40] = [
    "inc",
    "incorporated",
    "ltd",
    "limited",
    "llc",
    "lp",
    "corp",
    "corporation",
    "co",
    "company",
    "gmbh",
    "ag",
    "kg",
    "kgaa",
    "sa",
    "spa",
    "srl",
    "bv",
    "nv",
    "ab",
    "as",
    "oy",
    "plc",
    "se",
    "kk",
    "pty",
    "healthcare",
    "medical",
    "laboratories",
    "health",
    "international",
    "systems",
    "technologies",
    "technology",
    "group",
    "usa",
    "america",
    "europe",
    "diagnostics",
    "electronics",
];

/// Names of makers that mean one house: other spellings, daughters, and makers that were bought.
#[derive(Debug, Default)]
pub struct Makers {
    houses: HashMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    house: Vec<House>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct House {
    name: String,
    names: Vec<String>,
}

impl Makers {
    /// Reads `knowledge/makers.toml`.
    ///
    /// # Errors
    /// What is wrong with the text, or which name stands in two houses.
    pub fn read(text: &str, notation: Notation) -> Result<Self, String> {
        let file: File = notation.read("makers.toml", text).map_err(|error| error.to_string())?;
        let mut houses = HashMap::new();
        for House { name, names } in file.house {
            for known in names.iter().chain([&name]) {
                for spelling in [plain(known), key(known)] {
                    if houses.insert(spelling, name.clone()).is_some_and(|other| other != name) {
                        return Err(format!("`{known}` is in two houses"));
                    }
                }
            }
        }
        Ok(Self { houses })
    }

    /// The houses that a maker's name means; one that is on no list means itself. Names may be several: `BMC Medical, 3B Medical`.
    pub fn names_of(&self, name: &str) -> Vec<String> {
        let name = &repaired(name).to_lowercase();
        if let Some(house) = self.house(name) {
            return vec![house];
        }
        let (outside, inside) = name
            .split_once('(')
            .map_or((name.as_str(), ""), |(outside, inside)| (outside, inside.trim_end_matches(')')));
        let named = [outside, inside].into_iter().chain(outside.split(", ")).chain(outside.split(" and "));
        let houses: Vec<String> = named.filter_map(|name| self.house(name)).collect();
        if !houses.is_empty() {
            return houses;
        }
        let parts: Vec<&str> = outside.split(", ").filter(|part| !FORMS.contains(&plain(part).as_str())).collect();
        parts.into_iter().chain([outside, inside]).map(key).filter(|key| !key.is_empty()).collect()
    }

    /// Whether two makers share a house.
    pub fn agree(&self, one: &[String], two: &[String]) -> bool {
        one.iter().any(|name| two.contains(name))
    }

    /// The house that a firm's name begins with: registers name branches (`Philips North America Llc`), of which a list would be endless.
    /// The longest beginning that is on the list counts.
    pub fn house_of_firm(&self, firm: &str) -> Option<String> {
        let firm = repaired(firm).to_lowercase();
        let words: Vec<&str> = firm.split_whitespace().collect();
        (1..=words.len().min(FIRM_WORDS_MAX)).rev().find_map(|count| self.house(&words.get(..count)?.join(" ")))
    }

    fn house(&self, name: &str) -> Option<String> {
        [plain(name), key(name)].iter().find_map(|spelling| self.houses.get(spelling)).cloned()
    }
}

/// A name without the words at its end that change nothing.
fn key(name: &str) -> String {
    let mut words = super::predicate::words(name);
    while words.len() > 1 && words.last().is_some_and(|word| FORMS.contains(&word.as_str())) {
        words.pop();
    }
    words.concat()
}

/// UTF-8 that somebody read as Latin-1 (`YhtymÃ¤`), as it was meant.
fn repaired(name: &str) -> String {
    // In capitals or small letters the marks of the wrong reading stay what they are but for one.
    let bytes: Option<Vec<u8>> =
        name.replace('ã', "Ã").chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect();
    let meant = bytes.filter(|_| !name.is_ascii()).and_then(|bytes| String::from_utf8(bytes).ok());
    meant.unwrap_or_else(|| name.to_owned())
}

//! Which names of makers mean one house, and what makers call their models besides their names: numbers to order them by, series.

use hashbrown::HashMap;
use model::outside::DeviceModel;
use serde::Deserialize;

use super::predicate::{plain, words};
use crate::knowledge::Notation;

/// Words of a firm's name among which its house is looked for.
const FIRM_WORDS_MAX: usize = 8;
/// Numbers to order by that are learnt from a register. The FDA's has some four million models, few of makers that advisories name.
const NUMBERS_MAX: usize = 1_000_000;
/// Letters and digits from which on a number tells one model from all others of its maker.
const NUMBER_LENGTH_MIN: usize = 5;
/// Words of a maker's name that are looked at where a product's begins with it.
const WORDS_OF_NAME_MAX: usize = 6;
/// Letters and digits of the longest number that is kept.
const NUMBER_LENGTH_MAX: usize = 40;

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
    /// The model by house and number to order it by, letters and digits alone, as the list has it.
    numbers: HashMap<(String, String), String>,
    /// The same as a register has it; `None` where a number stands for several.
    registered: HashMap<(String, String), Option<String>>,
    series: Vec<Series>,
}

/// What a register told of numbers to order by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Learnt {
    /// Numbers that were taken.
    pub taken: usize,
    /// Numbers that were turned away because there were too many.
    pub turned_away: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    house: Vec<House>,
    #[serde(default)]
    model: Vec<Model>,
    #[serde(default)]
    series: Vec<Series>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct House {
    name: String,
    names: Vec<String>,
}

/// A model and the numbers to order it by.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Model {
    house: String,
    name: String,
    numbers: Vec<String>,
    source: String,
}

/// A series and its models, as their maker lists them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Series {
    house: String,
    name: String,
    models: Vec<String>,
    source: String,
}

impl Makers {
    /// Reads `knowledge/makers.toml`.
    ///
    /// # Errors
    /// What is wrong with the text, which name stands in two houses, or which number for two models.
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
        let mut numbers = HashMap::new();
        for Model { house, name, numbers: of_model, source } in file.model {
            if source.is_empty() || !houses.values().any(|known| *known == house) {
                return Err(format!("`{name}`: no source, or no house `{house}`"));
            }
            for number in &of_model {
                if numbers.insert((house.clone(), plain(number)), name.clone()).is_some() {
                    return Err(format!("`{number}` stands for two models"));
                }
            }
        }
        if let Some(Series { name, house, .. }) = file
            .series
            .iter()
            .find(|series| series.source.is_empty() || !houses.values().any(|known| *known == series.house))
        {
            return Err(format!("`{name}`: no source, or no house `{house}`"));
        }
        Ok(Self { houses, numbers, registered: HashMap::new(), series: file.series })
    }

    /// Learns numbers to order by from a register of models, for those makers only that are asked for. What the list says stands;
    /// a number that the register has for several models tells none.
    pub fn learn<'m>(
        &mut self,
        models: impl IntoIterator<Item = &'m DeviceModel>,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Learnt {
        let mut learnt = Learnt::default();
        for model in models {
            // A branch of a house is registered under its own name.
            let mut houses = self.names_of(&model.company);
            houses.extend(self.house_of_firm(&model.company).filter(|house| !houses.contains(house)));
            houses.retain(|house| is_wanted(house));
            let told = [model.catalogue_number.as_deref(), model.model.as_deref()];
            for number in told.into_iter().flatten().filter(|number| is_number(number, &model.brand)) {
                let name = match &model.model {
                    // A model that is a number itself says no more than the brand.
                    Some(more) if !is_number(more, &model.brand) && !plain(&model.brand).contains(&plain(more)) => {
                        format!("{} {more}", model.brand)
                    }
                    _ => model.brand.clone(),
                };
                for house in &houses {
                    let key = (house.clone(), plain(number));
                    if self.registered.len() >= NUMBERS_MAX && !self.registered.contains_key(&key) {
                        learnt.turned_away = learnt.turned_away.saturating_add(1);
                        continue;
                    }
                    learnt.taken = learnt.taken.saturating_add(1);
                    let known = self.registered.entry(key).or_insert_with(|| Some(name.clone()));
                    if known.as_ref().is_some_and(|known| plain(known) != plain(&name)) {
                        *known = None;
                    }
                }
            }
        }
        learnt
    }

    /// The number to order by that a text holds, and the model that it stands for.
    pub(super) fn model_of(&self, houses: &[String], text: &str) -> Option<(String, &str)> {
        let parts = std::iter::once(text).chain(text.split_whitespace()).map(plain);
        parts.filter(|part| part.len() >= NUMBER_LENGTH_MIN).find_map(|part| {
            let name = houses.iter().find_map(|house| {
                let key = (house.clone(), part.clone());
                let listed = self.numbers.get(&key).map(String::as_str);
                listed.or_else(|| self.registered.get(&key)?.as_deref())
            })?;
            Some((part, name))
        })
    }

    /// The series of some houses that a maker lists, with their models.
    pub(super) fn series_of<'m>(&'m self, houses: &'m [String]) -> impl Iterator<Item = (&'m str, &'m [String])> {
        let own = self.series.iter().filter(|series| houses.contains(&series.house));
        own.map(|series| (series.name.as_str(), series.models.as_slice()))
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
        let mut keys: Vec<String> =
            parts.into_iter().chain([outside, inside]).map(key).filter(|key| !key.is_empty()).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The maker whose name a text begins with, if it is on the list, and what follows.
    pub(super) fn leading<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let ends = text.match_indices([' ', ':']).map(|(place, _)| place).take(WORDS_OF_NAME_MAX);
        let known = ends.filter_map(|place| {
            let (maker, rest) = text.split_at_checked(place)?;
            let rest = rest.trim_start_matches([' ', ':', ',', '-']);
            self.house(maker).filter(|_| !rest.is_empty()).map(|_| (maker, rest))
        });
        known.last()
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

/// Whether a text is a number to order by and not the name of the product.
fn is_number(text: &str, brand: &str) -> bool {
    let number = plain(text);
    let digits = number.chars().filter(char::is_ascii_digit).count();
    (NUMBER_LENGTH_MIN..=NUMBER_LENGTH_MAX).contains(&number.len())
        && digits.saturating_mul(2) >= number.len()
        && !plain(brand).contains(&number)
}

/// A name without the words at its end that change nothing.
fn key(name: &str) -> String {
    let mut words = words(name);
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

//! One name for each maker, whatever its devices call it.

use std::borrow::Cow;

use hashbrown::HashMap;

use super::error::KnowledgeError;
use super::raw::VendorFile;
use super::tables::Categories;

/// An alias shorter than this many letters must be the whole name: `GE` must not swallow `GE Security`.
const PREFIX_LETTERS_MIN: usize = 5;
/// The most words of a name that are looked at.
const WORDS_MAX: usize = 12;

/// What makers of medical devices make.
const MEDICAL: [&str; 2] = ["medical_device", "medical_system"];

/// A maker of devices, or of the parts in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vendor {
    /// The name that is shown.
    pub name: String,
    /// Makes radios, modules or boards that others build in: its address prefix names no device maker.
    pub component: bool,
    /// Makes medical devices first of all.
    pub medical: bool,
    /// The kinds of device that it makes, as far as that tells whether a device with its network card is its own.
    pub makes: Vec<String>,
    exact: bool,
}

/// Which names count, besides those that always do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    Any,
    /// The name was read from a medical protocol, where `Siemens` means one daughter of many.
    Medical,
    /// The name is that of an address block's owner in the IEEE list.
    Organisation,
}

/// The makers and all their names.
#[derive(Debug, Default)]
pub struct Vendors {
    list: Vec<Vendor>,
    names: HashMap<String, usize>,
    medical_names: HashMap<String, usize>,
    organisations: HashMap<String, usize>,
    suffixes: Vec<String>,
    medical_protocols: Vec<String>,
}

impl Vendors {
    pub(super) fn new(file: &str, raw: VendorFile) -> Result<Self, KnowledgeError> {
        let mut vendors =
            Self { suffixes: raw.corporate_suffixes, medical_protocols: raw.medical_protocols, ..Self::default() };
        for vendor in raw.vendor {
            let place = vendors.list.len();
            let own = std::iter::once(&vendor.name).chain(&vendor.aliases);
            let lists = [
                (own.collect::<Vec<_>>(), &mut vendors.names),
                (vendor.medical_aliases.iter().collect(), &mut vendors.medical_names),
                (vendor.organisation.iter().collect(), &mut vendors.organisations),
            ];
            for (names, map) in lists {
                for name in names {
                    let key = words(name, &vendors.suffixes).into_iter().map(|word| word.text).collect::<String>();
                    match map.insert(key, place) {
                        Some(other) if other != place => {
                            let problem = format!("`{name}` belongs to another vendor already");
                            return Err(KnowledgeError::entry(
                                file,
                                &vendor.name,
                                problem,
                                "keep it with one of the two",
                            ));
                        }
                        _ => {}
                    }
                }
            }
            let super::raw::RawVendor { name, component, medical, exact, makes, .. } = vendor;
            vendors.list.push(Vendor { name, component, medical, makes, exact });
        }
        Ok(vendors)
    }

    /// All makers, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Vendor> {
        self.list.iter()
    }

    /// Whether a maker, by its one name, makes medical devices first of all.
    pub fn is_medical(&self, name: &str) -> bool {
        self.list.iter().any(|vendor| vendor.medical && vendor.name == name)
    }

    /// Whether a maker, by its one name, makes devices of that kind.
    pub(super) fn makes(&self, name: &str, kind: &str, categories: &Categories) -> bool {
        let of_vendor = |vendor: &Vendor| {
            let medical = vendor.medical.then_some(MEDICAL).into_iter().flatten();
            let mut made = vendor.makes.iter().map(String::as_str).chain(medical);
            made.any(|made| categories.is_a(kind, made))
        };
        self.list.iter().find(|vendor| vendor.name == name).is_some_and(of_vendor)
    }

    pub(super) fn check_makes(&self, file: &str, categories: &Categories) -> Result<(), KnowledgeError> {
        let unknown = |vendor: &Vendor| vendor.makes.iter().find(|kind| categories.get(kind).is_none()).cloned();
        match self.list.iter().find_map(|vendor| Some((vendor, unknown(vendor)?))) {
            Some((vendor, kind)) => {
                let problem = format!("makes `{kind}`, which is no category");
                Err(KnowledgeError::entry(file, &vendor.name, problem, "correct its name"))
            }
            None => Ok(()),
        }
    }

    /// A model without the whole name of a maker before it: `Acme Vent 9` and `Vent 9` are one model.
    pub(super) fn without_maker<'a>(&self, model: &'a str) -> &'a str {
        let words = words(model, &[]);
        let is_maker = |count: &usize| {
            let key: String = words.iter().take(*count).map(|word| word.text.as_str()).collect();
            let maker = self.names.get(&key).and_then(|place| self.list.get(*place));
            maker.is_some_and(|maker| {
                self::words(&maker.name, &[]).iter().map(|word| &*word.text).collect::<String>() == key
            })
        };
        let end = (1..words.len()).rev().find(is_maker).and_then(|count| words.get(count.checked_sub(1)?));
        let rest = end.and_then(|word| model.get(word.end..)?.strip_prefix([' ', '-', '_']));
        rest.map_or(model, str::trim_start)
    }

    pub(super) fn is_medical_protocol(&self, name: &str) -> bool {
        self.medical_protocols.iter().any(|other| other == name)
    }

    /// The maker that goes by this name: the longest known name that it begins with.
    pub(super) fn find(&self, raw: &str, setting: Setting) -> Option<&Vendor> {
        let words = words(raw, &self.suffixes);
        (1..=words.len()).rev().find_map(|count| {
            let key: String = words.iter().take(count).map(|word| word.text.as_str()).collect();
            let place = match setting {
                Setting::Any => None,
                Setting::Medical => self.medical_names.get(&key),
                Setting::Organisation => self.organisations.get(&key),
            };
            let vendor = self.list.get(*place.or_else(|| self.names.get(&key))?)?;
            let whole = count == words.len();
            (whole || (!vendor.exact && key.len() >= PREFIX_LETTERS_MIN)).then_some(vendor)
        })
    }

    /// Whether the text is a name of that maker, and nothing else.
    pub(super) fn is_named(&self, raw: &str, maker: &str, setting: Setting) -> bool {
        let key: String = words(raw, &self.suffixes).into_iter().map(|word| word.text).collect();
        let medical = (setting == Setting::Medical).then(|| self.medical_names.get(&key)).flatten();
        let place = medical.or_else(|| self.names.get(&key));
        place.and_then(|place| self.list.get(*place)).is_some_and(|vendor| vendor.name == maker)
    }

    pub(super) fn canonical<'a>(&'a self, raw: &'a str, setting: Setting) -> Cow<'a, str> {
        match self.find(raw, setting) {
            Some(vendor) => Cow::Borrowed(&vendor.name),
            None => Cow::Borrowed(self.without_suffix(raw)),
        }
    }

    /// The name without `Inc.`, `GmbH & Co. KG` and their like.
    fn without_suffix<'a>(&self, raw: &'a str) -> &'a str {
        let end = words(raw, &self.suffixes).last().map(|word| word.end);
        let kept = end.and_then(|end| raw.get(..end)).unwrap_or(raw);
        kept.trim().trim_end_matches([',', '.', '&'])
    }
}

/// A word of a name, folded, and where it ends in the name.
struct Word {
    text: String,
    end: usize,
}

/// The words of a name without case, punctuation, accents and corporate suffixes. A dot joins (`G.E.` is `ge`, `B.V.` is
/// `bv`), anything else that is neither letter nor digit parts.
fn words(raw: &str, suffixes: &[String]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut open = false;
    for (offset, character) in raw.char_indices() {
        if character == '.' || character == '\'' || character == '\u{2019}' {
            // `Philips Med. Systems` has a dot before a blank: the blank parts.
            continue;
        }
        if !character.is_alphanumeric() {
            open = false;
            continue;
        }
        if !open {
            if words.len() == WORDS_MAX {
                break;
            }
            words.push(Word { text: String::new(), end: offset });
            open = true;
        }
        if let Some(word) = words.last_mut() {
            fold(character, &mut word.text);
            word.end = offset.saturating_add(character.len_utf8());
        }
    }
    while words.len() > 1 && words.last().is_some_and(|word| suffixes.contains(&word.text)) {
        words.pop();
    }
    words
}

fn fold(character: char, out: &mut String) {
    let plain = match character {
        'ä' | 'á' | 'à' | 'â' | 'å' | 'ã' | 'Ä' | 'Á' | 'À' | 'Â' | 'Å' | 'Ã' => 'a',
        'ö' | 'ó' | 'ò' | 'ô' | 'ø' | 'õ' | 'Ö' | 'Ó' | 'Ò' | 'Ô' | 'Ø' | 'Õ' => 'o',
        'ü' | 'ú' | 'ù' | 'û' | 'Ü' | 'Ú' | 'Ù' | 'Û' => 'u',
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' | 'Í' | 'Ì' | 'Î' | 'Ï' => 'i',
        'ñ' | 'Ñ' => 'n',
        'ç' | 'Ç' => 'c',
        other => {
            out.extend(other.to_lowercase());
            return;
        }
    };
    out.push(plain);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vendors() -> Vendors {
        let text = r#"
            medical_protocols = ["dicom"]
            corporate_suffixes = ["inc", "gmbh", "co", "kg", "ltd", "ag", "bv", "corp"]
            [[vendor]]
            name = "Dräger"
            aliases = ["Draeger Medical", "Draeger"]
            [[vendor]]
            name = "GE HealthCare"
            aliases = ["GE Medical Systems", "GE"]
            [[vendor]]
            name = "Siemens"
            [[vendor]]
            name = "Siemens Healthineers"
            medical_aliases = ["Siemens"]
            [[vendor]]
            name = "Digi International"
            organisation = ["DigiBoard"]
            component = true
        "#;
        Vendors::new("vendors.toml", toml::from_str(text).unwrap()).unwrap()
    }

    #[test]
    fn names_are_folded_and_the_longest_wins() {
        let vendors = vendors();
        let any = |raw| vendors.canonical(raw, Setting::Any).into_owned();
        assert_eq!(any("DRAEGER MEDICAL SYSTEMS, INC."), "Dräger");
        assert_eq!(any("Drägerwerk AG & Co. KGaA"), "Drägerwerk AG & Co. KGaA");
        assert_eq!(any("G.E. Medical-Systems"), "GE HealthCare");
        assert_eq!(any("ge"), "GE HealthCare");
        assert_eq!(any("GE Security"), "GE Security");
        assert_eq!(any("Tridonic GmbH & Co KG"), "Tridonic");
        assert_eq!(any("SIEMENS"), "Siemens");
        assert_eq!(vendors.canonical("SIEMENS", Setting::Medical), "Siemens Healthineers");
        assert!(vendors.find("DigiBoard", Setting::Organisation).is_some_and(|vendor| vendor.component));
        assert!(vendors.find("DigiBoard", Setting::Any).is_none());
    }
}

//! Whether a device is the product that a statement names.
//!
//! Advisories name products as people do: `IntelliVue Patient Monitors MP Series (includingMP2/X2/MP30/…)`, `Pulsera (718095) and
//! Endura (718075)`, `Patient Information Center iX (PICiX)`. A name is read as words and designators (words with a digit in them:
//! `mp30`, `8015`); designators decide, words have to agree, and words that every product has count for nothing.

use std::collections::BTreeSet;

use super::predicate::{plain, words};
use super::series::{Series, joined, written_out};

/// Words that half of all products have.
const GENERIC: [&str; 83] = [
    "a",
    "all",
    "an",
    "and",
    "application",
    "app",
    "applications",
    "bed",
    "beds",
    "capability",
    "center",
    "central",
    "client",
    "clinical",
    "control",
    "controller",
    "device",
    "devices",
    "digital",
    "edition",
    "enabled",
    "equipment",
    "family",
    "for",
    "from",
    "health",
    "healthcare",
    "hospital",
    "imaging",
    "included",
    "including",
    "information",
    "infusion",
    "instrument",
    "integrated",
    "line",
    "lines",
    "machine",
    "machines",
    "management",
    "manager",
    "medical",
    "model",
    "models",
    "module",
    "monitor",
    "monitors",
    "number",
    "of",
    "only",
    "option",
    "or",
    "part",
    "patient",
    "platform",
    "portable",
    "product",
    "products",
    "program",
    "programmer",
    "pump",
    "pumps",
    "range",
    "scanner",
    "scanners",
    "series",
    "server",
    "service",
    "software",
    "station",
    "suite",
    "system",
    "systems",
    "the",
    "therapy",
    "to",
    "unit",
    "units",
    "used",
    "version",
    "versions",
    "with",
    "workstation",
];
/// Kinds of software that many makers sell: alone they name no product.
const KINDS: [&str; 12] =
    ["pacs", "ris", "dicom", "viewer", "ct", "mri", "ecg", "lis", "his", "archive", "telemetry", "ultrasound"];

/// How well a device's name fits a product's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It is the product, called the same.
    Exact,
    /// It is the product. What is left of the device's name when the product's is taken away.
    Same(Vec<String>),
    /// It may be: the device's name says less, or more, than the product's.
    Maybe(Vec<String>),
    /// It is another product.
    Other,
}

impl Fit {
    /// The lower, the better.
    pub fn rank(&self) -> usize {
        match self {
            Self::Exact => 0,
            Self::Same(_) => 1,
            Self::Maybe(_) => 2,
            Self::Other => 3,
        }
    }
}

/// The name of a product, as a statement gives it.
#[derive(Clone, Debug)]
pub struct Product {
    /// Each way to say it, letters and digits alone.
    spellings: BTreeSet<String>,
    words: BTreeSet<String>,
    designators: BTreeSet<String>,
    series: Vec<Series>,
    /// Products that a statement takes out: `LOGIQ, not including LOGIQ 100 Pro`.
    without: Vec<Product>,
}

impl Product {
    /// Reads a product's name; the maker's own words do not count.
    pub fn read(name: &str, maker: &[String]) -> Self {
        let lower = name.to_lowercase().replace("(including", "(including ").replace("number:", "number ");
        let (kept, taken_out) = ["not including ", "excluding ", "except for ", "except "]
            .iter()
            .find_map(|mark| lower.split_once(mark))
            .unwrap_or((&lower, ""));
        let mut spellings = BTreeSet::from([plain(kept)]);
        let outside: String = outside(kept);
        spellings.insert(plain(&outside));
        spellings.extend(
            kept.split(['(', ')']).skip(1).step_by(2).map(plain).filter(|short| is_abbreviation(short, &outside)),
        );
        let is_makers = |word: &String| maker.contains(word);
        // The maker's name before it changes nothing: `BD Viper` is `Viper`.
        let own: Vec<String> = words(&outside).into_iter().skip_while(is_makers).collect();
        spellings.insert(own.concat());
        spellings.retain(|spelling| !spelling.is_empty());
        let (designators, words) = parts(&joined(kept));
        let words = words.into_iter().filter(|word| !is_makers(word) && !GENERIC.contains(&word.as_str())).collect();
        let without = match taken_out.trim() {
            "" => Vec::new(),
            other => vec![Self::read(other, maker)],
        };
        Self { spellings, words, designators, series: Series::all(kept), without }
    }

    /// Whether nothing in the name tells products apart.
    pub fn is_nameless(&self) -> bool {
        self.words.is_empty() && self.designators.is_empty()
    }

    /// Adds the models of a series, if this product is that series.
    pub fn add_models(&mut self, series: &Self, models: impl Iterator<Item = Self>) {
        let is_it = series.words.is_subset(&self.words) && series.series.iter().any(|one| self.series.contains(one));
        if is_it {
            self.designators.extend(models.flat_map(|model| model.designators));
        }
    }

    /// Whether a device that is called so may be called `other` in full; `number` stands for that name.
    pub fn may_be(&self, other: &Self, number: &str) -> bool {
        self.designators.iter().all(|own| own == number || other.designators.contains(own))
            && (self.words.is_empty() || other.words.is_empty() || !self.words.is_disjoint(&other.words))
    }

    /// Whether all words of the name are in another.
    pub fn is_within(&self, other: &Self) -> bool {
        self.words.is_subset(&other.words) && self.designators.is_subset(&other.designators)
    }

    /// Whether a device is of those that the product's name takes out.
    pub fn leaves_out(&self, device: &Self) -> bool {
        self.without.iter().any(|without| matches!(without.fits(device), Fit::Exact | Fit::Same(_)))
    }

    /// How well the name of a device fits; `device` is read as a product too.
    pub fn fits(&self, device: &Self) -> Fit {
        if self.leaves_out(device) {
            return Fit::Other;
        }
        if self.spellings.intersection(&device.spellings).any(|spelling| spelling.len() > 1) {
            return Fit::Exact;
        }
        if self.is_nameless() || device.is_nameless() {
            return Fit::Other;
        }
        let left: Vec<String> = device
            .words
            .difference(&self.words)
            .chain(device.designators.difference(&self.designators))
            .cloned()
            .collect();
        let more_words = device.words.difference(&self.words).count();
        let fewer_words = self.words.difference(&device.words).count();
        let common_words = self.words.intersection(&device.words).count();
        let common = self.designators.intersection(&device.designators).count();
        let strange = device.designators.difference(&self.designators).count();
        // One list of words within the other.
        let words_agree = more_words == 0 || fewer_words == 0;
        let names_something = self.words.intersection(&device.words).any(|word| !KINDS.contains(&word.as_str()));
        // Order numbers (`865240`) stand for models that only the maker's list tells.
        let is_ordered = common == 0 && strange > 0 && device.designators.iter().all(|name| is_order_number(name));
        let is_telling = common_words > 0 && names_something;
        let is_of_series =
            common == 0 && words_agree && (self.may_hold(device, is_telling) || device.may_hold(self, is_telling));
        match (self.designators.is_empty(), device.designators.is_empty() || is_ordered) {
            (false, false) if common > 0 && strange == 0 && words_agree => {
                // What the product's name has more may be a list to choose from; what the device's has more is a variant.
                if more_words == 0 || self.words.is_empty() { Fit::Same(left) } else { Fit::Maybe(left) }
            }
            (false, false) if common > 0 && words_agree => Fit::Maybe(left),
            (false, true) if more_words == 0 && common_words > 0 && names_something => Fit::Maybe(left),
            (true, true) if more_words == 0 && fewer_words == 0 => Fit::Same(left),
            (true, true) if words_agree && common_words > 0 && names_something => Fit::Maybe(left),
            (true, false) if fewer_words == 0 && common_words > 0 => Fit::Maybe(left),
            _ if is_of_series => Fit::Maybe(left),
            _ => Fit::Other,
        }
    }

    /// Whether all models of another product may be of a series that this one names.
    fn may_hold(&self, other: &Self, is_telling: bool) -> bool {
        let series = || self.series.iter().filter(|series| is_telling || series.is_telling());
        let may_hold = |designator: &String| series().any(|series| series.may_hold(designator));
        !other.designators.is_empty() && other.designators.iter().all(may_hold)
    }
}

fn is_order_number(name: &str) -> bool {
    let digits = name.chars().filter(char::is_ascii_digit).count();
    digits >= 5 && digits == name.len() || name.len() == 6 && digits == 4 && name.starts_with('m')
}

/// What stands outside of parentheses.
fn outside(name: &str) -> String {
    let mut depth = 0_usize;
    let keep = |letter: &char| {
        match letter {
            '(' => depth = depth.saturating_add(1),
            ')' => {
                depth = depth.saturating_sub(1);
                return false;
            }
            _ => {}
        }
        depth == 0
    };
    name.chars().filter(keep).collect()
}

/// Whether letters are taken in order from the beginnings of a name's words, or nearly: `PICiX`, `CSCS`, `IBE`.
fn is_abbreviation(short: &str, name: &str) -> bool {
    let name: Vec<String> = words(name);
    let initials: String = name.iter().filter_map(|word| word.chars().next()).collect();
    let mut letters = name.iter().flat_map(|word| word.chars());
    short.len() >= 2
        && !short.contains(|letter: char| letter.is_ascii_digit())
        && (initials.contains(short)
            || short.len() <= 8 && short.chars().all(|letter| letters.any(|other| other == letter)))
}

/// The designators and the other words of a name. Lists and ranges are written out.
fn parts(name: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut designators, mut others) = (BTreeSet::new(), BTreeSet::new());
    for chunk in
        name.split(|letter: char| letter.is_whitespace() || matches!(letter, '(' | ')' | ',' | ';' | ':' | '+'))
    {
        let mut before: Option<String> = None;
        for item in chunk.split('/') {
            let item = item.trim_matches(|letter: char| !letter.is_alphanumeric());
            if item.is_empty() {
                continue;
            }
            if let Some(range) = written_out(item) {
                designators.extend(range);
                continue;
            }
            // `e-alert`, `pacs-iw`, `x-scribe`: words that a hyphen joins are words.
            if !has_digit(item) {
                others.extend(words(item));
                before = None;
                continue;
            }
            let item = plain(item);
            if let Some(before) = before.as_deref().and_then(|before| like(before, &item)) {
                designators.insert(before);
            }
            before = Some(before.filter(|before| before.len() > item.len()).unwrap_or_else(|| item.clone()));
            designators.insert(item);
        }
    }
    (designators, others)
}

fn has_digit(text: &str) -> bool {
    text.contains(|letter: char| letter.is_ascii_digit())
}

/// `MX800/700`: what the second stands for when it is said after the first: `mx700`. `M8001A/2A`: `m8002a`.
fn like(before: &str, item: &str) -> Option<String> {
    let is_number = item.starts_with(|letter: char| letter.is_ascii_digit());
    let kept = before.len().checked_sub(item.len()).filter(|kept| *kept > 0 && is_number)?;
    let head = before.get(..kept)?;
    let letters = before.find(|letter: char| letter.is_ascii_digit())?;
    // Shorter numbers replace the end of a longer one, or stand behind its letters: `mp5/5sc`.
    Some(format!(
        "{}{item}",
        if item.len() >= before.len().saturating_sub(letters) { before.get(..letters)? } else { head }
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(product: &str, device: &str) -> Fit {
        let maker = ["philips".to_owned(), "bd".to_owned(), "ge".to_owned()];
        Product::read(product, &maker).fits(&Product::read(device, &maker))
    }

    #[test]
    fn a_device_is_the_product_however_it_is_written() {
        for (product, device) in [
            (
                "IntelliVue Patient Monitors MP Series (includingMP2/X2/MP30/MP50/MP70/NP90/MX700/800)",
                "IntelliVue MP50",
            ),
            ("IntelliVue Patient Monitors MP Series (includingMP2/X2/MP30/MP50/MP70/NP90/MX700/800)", "MX800"),
            ("IntelliVue MP monitors MP20-MP90 (M8001A/2A/3A) WLAN", "IntelliVue MP40"),
            ("Patient Information Center iX (PICiX)", "PIC iX"),
            ("Patient Information Center iX (PICiX)", "PATIENT INFORMATION CENTER IX"),
            ("IntelliVue patient monitors MX400 to MX850", "IntelliVue MX450"),
            ("IntelliVue patient monitors (MX400 - MX850)", "MX800"),
            ("B650", "Carescape B650"),
            ("Alaris PC Unit Model 8015", "Alaris 8015"),
            ("Pulsera (718095) and Endura (718075)", "Pulsera 718095"),
            ("NextSeq 1000/2000 Control Software", "NextSeq 2000 Control Software"),
            ("e-Alert", "E ALERT"),
            ("BD Viper LT system", "Viper LT"),
            (
                "ZOOM LATITUDE Programmer/Recorder/Monitor (PRM) - Model 3120",
                "ZOOM LATITUDE PROGRAMMER RECORDER MONITOR (PRM) MODEL 3120",
            ),
        ] {
            assert!(
                matches!(fit(product, device), Fit::Exact | Fit::Same(_)),
                "{product} | {device}: {:?}",
                fit(product, device)
            );
        }
    }

    #[test]
    fn another_product_is_another() {
        for (product, device) in [
            ("iSite PACS", "PACS"),
            ("IntelliBridge EC 40 Hub", "IntelliBridge EC 80 Hub"),
            ("Brilliance 64", "Ingenuity 64"),
            ("LOGIQ, not including LOGIQ 100 Pro", "LOGIQ 100 Pro"),
            ("Patient Information Center iX (PICiX)", "Efficia CM Series"),
            ("MRI 3T", "IntelliVue MP50"),
            ("MiniMed 600 Series", "MiniMed 508"),
            ("MiniMed 600 Series", "Paradigm 640G"),
            ("MiniMed 600 Series", "640G"),
            ("MX400 to MX850", "IntelliVue MX100"),
        ] {
            assert_eq!(fit(product, device), Fit::Other, "{product} | {device}");
        }
    }

    #[test]
    fn who_says_less_may_be_it() {
        for (product, device) in [
            ("Alaris PC Unit Model 8015", "Alaris"),
            ("Discovery XR656", "Discovery XR656 Plus"),
            ("Unify", "Unify Quadra"),
            ("MiniMed 600 Series Insulin Pumps", "MiniMed 640G"),
            ("MiniMed 640G", "MiniMed 600 Series"),
            ("RAPIDLab 1200 Series", "RAPIDLab 1265"),
            ("Efficia CM Series", "Efficia CM100"),
        ] {
            assert!(matches!(fit(product, device), Fit::Maybe(_)), "{product} | {device}");
        }
    }
}

//! Whether an advisory is about a device: yes, no, or not to be said without knowing more.
//!
//! Medical advisories carry no identifiers that machines share; they name makers, products and versions in prose. So names are
//! read ([`names`]), versions compared as their makers mean them ([`version`]), and what a statement asks becomes a
//! [`Predicate`] over what is known of the device. What is missing is a [`Question`], never a guess.

mod day;
mod device;
mod library;
mod makers;
mod names;
mod parts;
mod predicate;
mod series;
mod statement;
mod version;
mod within;
mod written;

use std::collections::BTreeSet;

pub use library::{Authority, Finding, Library, Matcher, Tier, Unusable, decide};
pub use makers::{Learnt, Makers};
pub use parts::{KnownBy, OfPart, Part, PartFinding, PartsLibrary, PartsMatcher};
pub use predicate::{Predicate, Profile, Question, Truth};

use model::advisory;

use device::Device;
use names::{Fit, Product};
use statement::Said;
use within::Companion;
use written::Written;

/// One product that an advisory names, as it is written there.
#[derive(Clone, Copy, Debug)]
pub struct Statement<'a> {
    /// Who makes it.
    pub vendor: &'a str,
    /// What it is called.
    pub product: &'a str,
    /// What is said of versions, in the field for machines.
    pub version: &'a str,
    /// The same in prose: the product's full name.
    pub text: &'a str,
}

/// Whether an advisory is about a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Affected,
    /// It is not.
    NotAffected,
    /// It would be one of the two if these were answered.
    Undetermined(BTreeSet<Question>),
}

/// A statement, read once for many devices.
#[derive(Clone, Debug)]
pub struct Reading {
    makers: Vec<String>,
    products: Vec<Product>,
    /// Products that the statement on versions names itself: `882300 Gemini 16 Slice`.
    named: Option<Product>,
    machine: Said,
    prose: Said,
    /// The statement as it is written.
    written: String,
    /// Products that have to be there too.
    with: Vec<Companion>,
    /// Whether the product's name was told apart from what is said of versions: what is left in it may be a version.
    is_told_apart: bool,
}

impl Reading {
    /// Reads a statement on one product as an advisory has it; `None` where nobody can tell whose product it is.
    fn of(statement: &advisory::Statement, advisory: &advisory::Advisory, makers: &Makers) -> Option<Self> {
        let Written { vendor, product, version, text, is_told_apart } = Written::of(statement, advisory, makers)?;
        let statement = Statement { vendor: &vendor, product: &product, version: &version, text };
        Some(Self { is_told_apart, ..Self::new(&statement, &advisory.title, makers) })
    }

    /// Reads a statement. `title` is the advisory's: where the product's name tells nothing, the title may.
    pub fn new(statement: &Statement<'_>, title: &str, makers: &Makers) -> Self {
        let own = makers.names_of(statement.vendor);
        let maker_words: Vec<String> =
            own.iter().flat_map(|name| predicate::words(name)).chain(predicate::words(statement.vendor)).collect();
        let read = |name: &str| Product::read(name, &maker_words);
        let mut products = vec![read(statement.product)];
        if let Some((one, two)) =
            statement.product.split_once(" and ").filter(|(one, two)| one.contains('(') && two.contains('('))
        {
            products.extend([read(one), read(two)]);
        }
        if statement.product.contains(" / ") {
            products.extend(statement.product.split(" / ").map(read));
        }
        if products.iter().all(Product::is_nameless) {
            let title = title.split(" (Update").next().unwrap_or(title);
            let title = ["Vulnerabilities", "Vulnerability"]
                .iter()
                .fold(title.to_owned(), |title, word| title.replace(word, ""));
            products.push(read(&title));
        }
        for (series, models) in makers.series_of(&own) {
            let series = read(series);
            products.iter_mut().for_each(|product| product.add_models(&series, models.iter().map(|model| read(model))));
        }
        let tail = tail(statement);
        let words: Vec<String> = predicate::words(statement.version);
        let number_first =
            words.first().is_some_and(|first| first.len() >= 5 && first.chars().all(|letter| letter.is_ascii_digit()));
        let names_product = number_first
            && words.len() > 1
            && words.iter().skip(1).any(|word| word.len() > 2 && word.chars().all(char::is_alphabetic));
        let named = names_product.then(|| read(statement.version));
        let machine = match named {
            Some(_) => Said { versions: Some(Predicate::All), conditions: Vec::new() },
            None => statement::read(statement.version),
        };
        let says_more = named.is_none() && predicate::plain(tail) != predicate::plain(statement.version);
        let prose = if says_more { statement::read_prose(tail) } else { Said::default() };
        let written = statement.version.to_owned();
        Self { makers: own, products, named, machine, prose, written, with: Vec::new(), is_told_apart: false }
    }

    /// What a person has to read, if part of the statement is in no form that is understood.
    pub fn unread(&self) -> Option<&str> {
        fn find(predicate: &Predicate) -> Option<&str> {
            match predicate {
                Predicate::Unread(text) => Some(text),
                Predicate::Any(parts) | Predicate::Every(parts) => parts.iter().find_map(find),
                _ => None,
            }
        }
        self.machine.versions.iter().chain(&self.machine.conditions).find_map(find)
    }

    /// Whether the statement is about a device's product.
    fn fits(&self, device: &Device) -> Fit {
        let family =
            self.products.iter().map(|product| device.fit(product)).min_by_key(Fit::rank).unwrap_or(Fit::Other);
        let says_less = || self.products.iter().all(|product| device.says_less_than(product));
        let Some(named) = &self.named else {
            return match family {
                Fit::Same(rest) if self.is_told_apart && says_less() => Fit::Maybe(rest),
                family => family,
            };
        };
        let ordered = device.number.as_ref().map(|number| predicate::plain(number));
        match (device.fit(named), ordered) {
            (_, Some(number)) if predicate::words(&self.written).contains(&number) => Fit::Exact,
            (_, Some(_)) => Fit::Other,
            // Who says the family's name alone may be any of it.
            (Fit::Other, None) if family != Fit::Other => Fit::Maybe(Vec::new()),
            (fit, None) => fit,
        }
    }

    /// Whether what is asked holds.
    fn holds(&self, profile: &Profile, rest: &[String]) -> Truth {
        let machine = self.machine.versions.as_ref().map(|machine| machine.holds(profile, rest));
        let prose = self.prose.versions.as_ref().map(|prose| prose.holds(profile, rest));
        let versions = match (machine, prose) {
            (None, None) => Truth::Yes,
            (Some(only), None) | (None, Some(only)) => only,
            // People wrote the prose, and machines made the other of it: what it says holds.
            (Some(_), Some(Truth::Yes)) => Truth::Yes,
            (Some(Truth::Yes), Some(Truth::No)) => Truth::asks(Question::Statement(self.written.clone())),
            (Some(Truth::Yes), Some(unknown)) => unknown,
            (Some(other), Some(_)) => other,
        };
        let conditions = self.machine.conditions.iter().chain(&self.prose.conditions);
        let conditions = conditions.map(|condition| condition.holds(profile, rest));
        let with = self.with.iter().map(|companion| companion.holds(profile));
        conditions.chain(with).fold(versions, Truth::and)
    }
}

/// The prose behind the product's name.
fn tail<'a>(statement: &Statement<'a>) -> &'a str {
    let text = statement.text;
    let after =
        text.find(statement.product).and_then(|place| text.get(place.saturating_add(statement.product.len())..));
    let after = after.or_else(|| text.split_once(": ").map(|(_, after)| after)).unwrap_or_default();
    after.trim_start_matches([':', ' ', '-', ','])
}

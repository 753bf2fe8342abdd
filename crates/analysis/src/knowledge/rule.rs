//! A rule: on which message, under which conditions, what is claimed.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use model::message::TEXT_BYTES_MAX;

use super::condition::{Condition, Test};
use super::error::KnowledgeError;
use super::family::Family;
use super::product::{Names, Product, SAID};
use super::raw::{RawAssertion, RawCondition, RawPlace, RawProduct, RawRule, Texts};
use super::vendors::{Setting, Vendors};
use super::view::View;

/// A value with places to fill: `{group}` of a regular expression, `{field:serial}`, `{maker:organisation}` (a listed
/// maker by its name in the IEEE list), `{unlisted:organisation}` (the name itself, if it is of no listed maker).
#[derive(Debug)]
pub struct Template(pub(super) Vec<Piece>);

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Plain(String),
    Group(String),
    Field(String),
    Maker(String),
    Unlisted(String),
}

impl Template {
    pub(super) fn new(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((plain, after)) = rest.split_once('{') {
            let (name, after) =
                after.split_once('}').ok_or_else(|| format!("`{text}` opens a brace and never closes it"))?;
            if !plain.is_empty() {
                pieces.push(Piece::Plain(plain.to_owned()));
            }
            pieces.push(match name.split_once(':') {
                Some(("field", field)) => Piece::Field(field.to_owned()),
                Some(("maker", field)) => Piece::Maker(field.to_owned()),
                Some(("unlisted", field)) => Piece::Unlisted(field.to_owned()),
                Some((other, _)) => return Err(format!("`{text}` asks for a `{other}`, which is unknown")),
                None => Piece::Group(name.to_owned()),
            });
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Plain(rest.to_owned()));
        }
        if pieces.is_empty() { Err("the value is empty".to_owned()) } else { Ok(Self(pieces)) }
    }

    fn fields_read(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Plain(_) | Piece::Group(_) => None,
            Piece::Field(field) | Piece::Maker(field) | Piece::Unlisted(field) => Some(field.as_str()),
        })
    }

    /// The text, if nothing has to be filled in.
    pub fn plain(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Piece::Plain(text)] => Some(text),
            _ => None,
        }
    }
}

/// One claim of a rule.
#[derive(Debug)]
pub struct Assertion {
    pub(super) attribute: usize,
    /// What is claimed.
    pub value: Template,
    /// How much the match speaks for it (or against it), in decibans.
    pub db: f32,
}

/// Fields of a message that a rule must match, or must not.
pub(super) type Example = Vec<(String, Vec<String>)>;

/// One rule, as a file states it.
#[derive(Debug)]
pub struct Rule {
    /// Unique over all files.
    pub id: Arc<str>,
    /// The file that it stands in.
    pub file: String,
    /// Its family of evidence.
    pub family: Family,
    /// Where the knowledge comes from.
    pub source: Arc<str>,
    /// What it claims.
    pub assert: Vec<Assertion>,
    /// The messages that it reads, as protocol and kind; kind `*` is any.
    pub(super) on: Vec<(String, String)>,
    pub(super) when: Vec<Condition>,
    pub(super) unless: Vec<Condition>,
    pub(super) setting: Setting,
    /// Of the rules of one group only one counts, the first or that of the longest name; 0 is no group.
    pub(super) group: u32,
    pub(super) positive: Vec<Example>,
    pub(super) negative: Vec<Example>,
}

/// Kinds of message, each as its protocol and kind.
pub(super) fn kinds(texts: Vec<String>) -> Result<Vec<(String, String)>, String> {
    let parts = |text: String| match text.split_once('.') {
        Some((protocol, kind)) => Ok((protocol.to_owned(), kind.to_owned())),
        None => Err(format!("`{text}` is no kind of message: write protocol.kind")),
    };
    texts.into_iter().map(parts).collect()
}

/// What all kinds of rule share.
pub(super) struct Body {
    pub(super) id: String,
    pub(super) on: Texts,
    pub(super) when: Vec<RawCondition>,
    pub(super) unless: Vec<RawCondition>,
    pub(super) source: String,
    pub(super) positive: Vec<BTreeMap<String, Texts>>,
    pub(super) negative: Vec<BTreeMap<String, Texts>>,
}

impl Rule {
    pub(super) fn new(
        file: &str,
        raw: RawRule,
        vendors: &Vendors,
        attribute: impl Fn(&RawAssertion) -> Result<Assertion, String>,
    ) -> Result<Self, KnowledgeError> {
        let RawRule { id, family, on, when, unless, assert, source, positive, negative } = raw;
        let fault = |problem: String| KnowledgeError::entry(file, &id, problem, "correct the rule");
        let family = Family::named(&family).ok_or_else(|| fault(format!("`{family}` is no family of evidence")))?;
        if assert.is_empty() {
            return Err(fault("claims nothing".to_owned()));
        }
        let assert = assert.iter().map(attribute).collect::<Result<Vec<_>, String>>().map_err(fault)?;
        let body = Body { id: id.clone(), on, when, unless, source, positive, negative };
        Self::from_body(file, body, family, assert, vendors)
    }

    pub(super) fn from_body(
        file: &str,
        body: Body,
        family: Family,
        assert: Vec<Assertion>,
        vendors: &Vendors,
    ) -> Result<Self, KnowledgeError> {
        let Body { id, on: Texts(on), when, unless, source, positive, negative } = body;
        let fault = |problem: String| KnowledgeError::entry(file, &id, problem, "correct the rule");
        let places = kinds(on).map_err(fault)?;
        let conditions = |raw: Vec<RawCondition>| raw.into_iter().map(Condition::new).collect::<Result<Vec<_>, _>>();
        let when = conditions(when).map_err(fault)?;
        let unless = conditions(unless).map_err(fault)?;
        if positive.is_empty() || negative.is_empty() {
            let problem = "lacks a positive or a negative example";
            return Err(KnowledgeError::entry(file, &id, problem, "add at least one of each"));
        }
        if source.trim().is_empty() {
            return Err(KnowledgeError::entry(file, &id, "names no source", "say where the fact is published"));
        }
        let medical = places.iter().all(|(protocol, _)| vendors.is_medical_protocol(protocol));
        let setting = if medical { Setting::Medical } else { Setting::Any };
        let examples = |raw: Vec<BTreeMap<String, Texts>>| {
            raw.into_iter()
                .map(|fields| fields.into_iter().map(|(name, Texts(texts))| (name, texts)).collect())
                .collect()
        };
        Ok(Self {
            file: file.to_owned(),
            family,
            source: source.into(),
            assert,
            on: places,
            when,
            unless,
            setting,
            group: 0,
            positive: examples(positive),
            negative: examples(negative),
            id: id.into(),
        })
    }

    /// What a product's name says at a place where devices name themselves.
    pub(super) fn of_product(
        file: &str,
        raw: &RawProduct,
        names: &Arc<Names>,
        place: &RawPlace,
        source: &str,
        attribute: impl Fn(&RawAssertion) -> Result<Assertion, String>,
    ) -> Result<Self, KnowledgeError> {
        let id = format!("product.{}.{}", raw.id, place.id);
        let fault = |problem: String| KnowledgeError::entry(file, &id, problem, "correct the product or the place");
        let unknown = || fault(format!("`{}` is no family of evidence", place.family));
        let family = Family::named(&place.family).ok_or_else(unknown)?;
        let product = Product::new(names.clone(), place);
        let category_db = if product.bare_maker().is_some() { place.bare_maker_db } else { place.category_db };
        let said = raw.family.as_ref().map(|_| format!("{{{SAID}}}"));
        let claims = [
            ("vendor", Some(&raw.maker), Some(place.vendor_db)),
            ("family", raw.family.as_ref(), Some(place.family_db)),
            ("category", raw.category.as_ref(), Some(category_db)),
            ("model", said.as_ref(), place.model_db),
        ];
        let claims = claims.into_iter().filter_map(|(attribute, value, db)| {
            Some(RawAssertion { attribute: attribute.to_owned(), value: value?.clone(), db: db? })
        });
        let assert = claims.map(|claim| attribute(&claim)).collect::<Result<Vec<_>, String>>().map_err(fault)?;
        let conditions = vec![Condition::product(&place.field, product)];
        let rule =
            Self::named(file, &id, family, &format!("{}; {}", raw.source.as_deref().unwrap_or(source), place.source));
        let on = kinds(place.on.0.clone()).map_err(fault)?;
        Ok(Self { assert, on, when: conditions, ..rule })
    }

    /// A rule that reads no message: evidence that comes about otherwise stands under its name.
    pub(super) fn named(file: &str, id: &str, family: Family, source: &str) -> Self {
        Self {
            id: id.into(),
            file: file.to_owned(),
            family,
            source: source.into(),
            assert: Vec::new(),
            on: Vec::new(),
            when: Vec::new(),
            unless: Vec::new(),
            setting: Setting::Any,
            group: 0,
            positive: Vec::new(),
            negative: Vec::new(),
        }
    }

    /// Whether it reads messages of these kinds (`*` is any of a protocol) and of no others.
    pub(crate) fn reads_only(&self, kinds: &[(String, String)]) -> bool {
        let is_one = |(protocol, kind): &(String, String)| {
            kinds.iter().any(|(of, any)| of == protocol && (any == "*" || any == kind))
        };
        !self.on.is_empty() && self.on.iter().all(is_one)
    }

    /// The names of the fields on which depends whether it holds and what it claims.
    pub(super) fn fields_read(&self) -> impl Iterator<Item = &str> {
        let conditions = self.when.iter().chain(&self.unless);
        let conditions =
            conditions.flat_map(|condition| std::iter::once(condition.field.as_str()).chain(condition.also_read()));
        conditions.chain(self.assert.iter().flat_map(|assertion| assertion.value.fields_read()))
    }

    /// The values that met the conditions, one for each of `when`; `None` if the rule does not hold.
    pub(super) fn met<'a>(&self, view: View<'a>, vendors: &Vendors) -> Option<Vec<Cow<'a, str>>> {
        // Most candidates fail here: nothing is allocated before a condition is met.
        let mut met = Vec::new();
        for condition in &self.when {
            met.push(condition.find(view, vendors)?);
        }
        if self.unless.iter().any(|condition| condition.find(view, vendors).is_some()) {
            return None;
        }
        Some(met)
    }

    /// How special the product's name is by which the rule holds; least if it holds by something else.
    pub(super) fn named_letters(&self, met: &[Cow<'_, str>], vendors: &Vendors) -> (usize, usize) {
        let product = |(condition, met): (&Condition, &Cow<'_, str>)| match &condition.test {
            Test::Product(product) => product.letters(met, vendors),
            _ => (0, 0),
        };
        self.when.iter().zip(met).map(product).max().unwrap_or_default()
    }

    pub(super) fn claims<'k, 'm>(
        &'k self,
        view: View<'m>,
        met: Vec<Cow<'m, str>>,
        vendors: &'k Vendors,
    ) -> Claims<'k, 'm> {
        Claims { rule: self, view, met, vendors }
    }
}

/// A rule that holds, and what it was read from.
pub(super) struct Claims<'k, 'm> {
    rule: &'k Rule,
    view: View<'m>,
    met: Vec<Cow<'m, str>>,
    vendors: &'k Vendors,
}

/// Further fields that a rule read, and what they held.
pub(super) type Also<'k, 'm> = Vec<(&'k str, Cow<'m, str>)>;

/// A filled template and the field that decided it.
pub(super) struct Filled<'k, 'm> {
    pub(super) value: Cow<'m, str>,
    pub(super) field: &'k str,
    pub(super) field_value: Cow<'m, str>,
    pub(super) also: Also<'k, 'm>,
}

impl<'k: 'm, 'm> Claims<'k, 'm> {
    /// The value with its places filled; `None` if one of them stays empty.
    pub(super) fn fill(&self, template: &'k Template) -> Option<Filled<'k, 'm>> {
        let (mut field, mut field_value) = match (self.rule.when.first(), self.met.first()) {
            (Some(condition), Some(value)) => (condition.field.as_str(), value.clone()),
            _ => ("", Cow::Borrowed("")),
        };
        if let Some(text) = template.plain() {
            let also = self.also_met(field, &field_value);
            return Some(Filled { value: Cow::Borrowed(text), field, field_value, also });
        }
        let mut value = String::new();
        for piece in &template.0 {
            match piece {
                Piece::Plain(text) => value.push_str(text),
                Piece::Group(name) => {
                    let (condition, met, text) = self.group(name)?;
                    (field, field_value) = (condition.field.as_str(), met.clone());
                    value.push_str(&text);
                }
                Piece::Field(name) => {
                    let text = self.view.first(name)?;
                    value.push_str(&text);
                    (field, field_value) = (name.as_str(), text);
                }
                Piece::Maker(name) => {
                    let text = self.view.first(name)?;
                    let maker = self.vendors.find(&text, Setting::Organisation).filter(|vendor| !vendor.component)?;
                    value.push_str(&maker.name);
                    (field, field_value) = (name.as_str(), text);
                }
                Piece::Unlisted(name) => {
                    let text = self.view.first(name)?;
                    if self.vendors.find(&text, Setting::Organisation).is_some() {
                        return None;
                    }
                    value.push_str(&self.vendors.canonical(&text, Setting::Organisation));
                    (field, field_value) = (name.as_str(), text);
                }
            }
        }
        let trimmed = value.trim();
        if trimmed.is_empty() {
            return None;
        }
        let value = if trimmed.len() == value.len() { value } else { trimmed.to_owned() };
        let also = self.also_met(field, &field_value);
        Some(Filled { value: Cow::Owned(value), field, field_value, also })
    }

    /// What met the other conditions: whoever asks why is told every field that had to be as it was.
    fn also_met(&self, field: &str, value: &str) -> Also<'k, 'm> {
        let mut also: Also<'k, 'm> = Vec::new();
        for (condition, met) in self.rule.when.iter().zip(&self.met) {
            let is_told = (condition.field == field && met == value)
                || also.iter().any(|(name, text)| *name == condition.field && text == met);
            if !is_told && !met.is_empty() {
                let end = met.floor_char_boundary(TEXT_BYTES_MAX);
                also.push((&condition.field, met.get(..end).map_or_else(|| met.clone(), |cut| cut.to_owned().into())));
            }
        }
        also
    }

    fn group(&self, name: &str) -> Option<(&'k Condition, &Cow<'m, str>, String)> {
        self.rule.when.iter().zip(&self.met).find_map(|(condition, met)| {
            if let Test::Product(product) = &condition.test {
                let said = if name == SAID { product.said(met, self.vendors) } else { None };
                return said.map(|text| (condition, met, text.to_owned()));
            }
            let Test::Regex(pattern) = &condition.test else { return None };
            let captures = pattern.regex()?.captures(met.as_bytes())?;
            // A group without a name is asked for by its number (recog counts them).
            let group = match name.parse::<usize>() {
                Ok(number) => captures.get(number),
                Err(_) => captures.name(name),
            };
            group.map(|text| (condition, met, String::from_utf8_lossy(text.as_bytes()).into_owned()))
        })
    }
}

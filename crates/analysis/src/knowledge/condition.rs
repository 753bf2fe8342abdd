//! What a rule asks of one field.

use std::borrow::Cow;

use super::pattern::Pattern;
use super::product::Product;
use super::raw::{RawCondition, Text, Texts};
use super::vendors::{Setting, Vendors};
use super::view::View;

/// What is asked of a field's value.
#[derive(Debug)]
pub(super) enum Test {
    Equals(String),
    In(Vec<String>),
    Prefix(String),
    Suffix(String),
    Contains(String),
    Regex(std::sync::Arc<Pattern>),
    Exists(bool),
    /// The value names one of these makers, as an organisation of the IEEE list.
    Maker(Vec<String>),
    /// The value names a product of `products.toml`.
    Product(Product),
}

/// One condition on one field.
#[derive(Debug)]
pub struct Condition {
    pub(super) field: String,
    pub(super) test: Test,
    /// All values of the field count as one text of several lines.
    pub(super) joined: bool,
    /// How many different values must pass.
    pub(super) at_least: usize,
}

impl Condition {
    pub(super) fn new(raw: RawCondition) -> Result<Self, String> {
        let RawCondition { field, equals, prefix, suffix, contains, regex, r#in, exists, maker, joined, at_least } =
            raw;
        let tests: Vec<Test> = [
            equals.map(|Text(text)| Test::Equals(text)),
            prefix.map(Test::Prefix),
            suffix.map(Test::Suffix),
            contains.map(Test::Contains),
            regex.map(|text| Test::Regex(std::sync::Arc::new(Pattern::new(text)))),
            r#in.map(|Texts(texts)| Test::In(texts)),
            exists.map(Test::Exists),
            maker.map(|Texts(names)| Test::Maker(names)),
        ]
        .into_iter()
        .flatten()
        .collect();
        match <[Test; 1]>::try_from(tests) {
            Ok([test]) if at_least > 0 => Ok(Self { field, test, joined, at_least }),
            Ok(_) => Err(format!("the condition on `{field}` has at_least = 0")),
            Err(tests) => Err(format!("the condition on `{field}` has {} tests", tests.len())),
        }
    }

    /// Further fields that it reads.
    pub(super) fn also_read(&self) -> impl Iterator<Item = &str> {
        let product = if let Test::Product(product) = &self.test { Some(product) } else { None };
        product.into_iter().flat_map(|product| product.fields_read())
    }

    pub(super) fn product(field: &str, product: Product) -> Self {
        Self { field: field.to_owned(), test: Test::Product(product), joined: false, at_least: 1 }
    }

    /// Whether the value alone may meet the condition.
    pub(super) fn passes(&self, text: &str, vendors: &Vendors) -> bool {
        match &self.test {
            Test::Equals(other) => text == other,
            Test::In(others) => others.iter().any(|other| other == text),
            Test::Prefix(other) => text.starts_with(other.as_str()),
            Test::Suffix(other) => text.ends_with(other.as_str()),
            Test::Contains(other) => text.contains(other.as_str()),
            Test::Regex(pattern) => pattern.is_match(text),
            Test::Exists(wanted) => *wanted,
            Test::Maker(names) => {
                vendors.find(text, Setting::Organisation).is_some_and(|vendor| names.contains(&vendor.name))
            }
            Test::Product(product) => product.may_be(text, vendors),
        }
    }

    /// The value that meets the condition; an empty one where what is asked is that there be none.
    pub(super) fn find<'a>(&self, view: View<'a>, vendors: &Vendors) -> Option<Cow<'a, str>> {
        if matches!(self.test, Test::Exists(false)) {
            return view.first(&self.field).is_none().then_some(Cow::Borrowed(""));
        }
        if self.joined {
            let lines: Vec<Cow<'a, str>> = view.values(&self.field).collect();
            let text = lines.join("\n");
            return (!lines.is_empty() && self.passes(&text, vendors)).then_some(Cow::Owned(text));
        }
        if let Test::Product(product) = &self.test {
            return view.values(&self.field).find(|text| product.is_named(text, view, vendors));
        }
        let mut passing = view.values(&self.field).filter(|text| self.passes(text, vendors));
        if self.at_least == 1 {
            return passing.next();
        }
        let mut seen: Vec<Cow<'a, str>> = Vec::new();
        for text in passing {
            if !seen.contains(&text) {
                seen.push(text);
            }
            if seen.len() >= self.at_least {
                return seen.into_iter().next();
            }
        }
        None
    }
}

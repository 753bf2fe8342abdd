//! Which rules may match a message, found without trying them all.
//!
//! A message costs two look-ups by protocol and kind. Where rules wait, each of its fields is looked up among the fields
//! that they wait for, and an exact value among the values that they wait for. Whatever comes out is tried in full.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};

use hashbrown::{Equivalent, HashMap};
use model::Value;

use super::condition::{Condition, Test};
use super::product::initials;
use super::rule::Rule;
use super::vendors::{Setting, Vendors};
use super::view::{View, text};

/// The kind that stands for every kind.
const ANY: &str = "*";

/// Rules in order, findable by what they wait for.
#[derive(Debug, Default)]
pub(super) struct RuleSet {
    rules: Vec<Rule>,
    kinds: HashMap<Kind, KindIndex>,
}

#[derive(Debug, PartialEq, Eq)]
struct Kind(String, String);

#[derive(PartialEq, Eq)]
struct KindRef<'a>(&'a str, &'a str);

impl Hash for Kind {
    fn hash<H: Hasher>(&self, state: &mut H) {
        KindRef(&self.0, &self.1).hash(state);
    }
}

impl Hash for KindRef<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
        self.1.hash(state);
    }
}

impl Equivalent<Kind> for KindRef<'_> {
    fn equivalent(&self, kind: &Kind) -> bool {
        self.0 == kind.0 && self.1 == kind.1
    }
}

#[derive(Debug, Default)]
struct KindIndex {
    /// All rules of the kind.
    rules: Vec<usize>,
    /// Rules that wait for no field.
    always: Vec<usize>,
    fields: Vec<FieldIndex>,
}

#[derive(Debug, Default)]
struct FieldIndex {
    field: String,
    exact: HashMap<String, Vec<usize>>,
    /// By the maker's one name.
    makers: HashMap<String, Vec<usize>>,
    /// Rules that wait for the name of a product, by the letter that it begins with.
    products: HashMap<char, Vec<usize>>,
    /// Rules that wait for the bare name of a product's maker, by that maker.
    bare_makers: HashMap<String, Vec<usize>>,
    /// Rules and the number of the condition that waits for the field.
    tried: Vec<(usize, usize)>,
}

/// What a rule waits for: the number of a condition in `when`.
fn key(rule: &Rule) -> Option<usize> {
    let exact = |condition: &Condition| matches!(condition.test, Test::Equals(_) | Test::In(_)) && !condition.joined;
    let present = |condition: &Condition| !matches!(condition.test, Test::Exists(false));
    rule.when.iter().position(exact).or_else(|| rule.when.iter().position(present))
}

/// A rule that holds, how special it is among those of its group, and what it was read from.
struct Held<'k, 'm> {
    rule: &'k Rule,
    special: (usize, usize),
    met: Vec<Cow<'m, str>>,
}

impl RuleSet {
    pub(super) fn push(&mut self, rule: Rule) {
        let place = self.rules.len();
        for (protocol, kind) in &rule.on {
            let index = self.kinds.entry(Kind(protocol.clone(), kind.clone())).or_default();
            index.rules.push(place);
            match key(&rule).and_then(|number| Some((number, rule.when.get(number)?))) {
                Some((number, condition)) => index.wait(condition, number, place),
                None => index.always.push(place),
            }
        }
        self.rules.push(rule);
    }

    pub(super) fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rules that read messages of that kind.
    pub(super) fn of_kind(&self, protocol: &str, kind: &str) -> impl Iterator<Item = &Rule> {
        let indexes = [kind, ANY].into_iter().filter_map(move |kind| self.kinds.get(&KindRef(protocol, kind)));
        indexes.flat_map(|index| &index.rules).filter_map(|place| self.rules.get(*place))
    }

    /// Calls `found` with each rule that holds, in the order of the rules, and the values that it was read from.
    pub(super) fn matching<'k, 'm>(
        &'k self,
        protocol: &str,
        kind: &str,
        view: View<'m>,
        vendors: &Vendors,
        mut found: impl FnMut(&'k Rule, Vec<Cow<'m, str>>),
    ) {
        let mut candidates: Vec<usize> = Vec::new();
        for kind in [kind, ANY] {
            if let Some(index) = self.kinds.get(&KindRef(protocol, kind)) {
                index.candidates(view, vendors, &self.rules, &mut candidates);
            }
        }
        candidates.sort_unstable();
        candidates.dedup();
        // Of the rules of a group the most special one counts, the first of those that are equally special.
        let mut best: Option<Held<'k, 'm>> = None;
        for rule in candidates.into_iter().filter_map(|place| self.rules.get(place)) {
            if best.as_ref().is_some_and(|held| held.rule.group != rule.group || rule.group == 0)
                && let Some(held) = best.take()
            {
                found(held.rule, held.met);
            }
            let Some(met) = rule.met(view, vendors) else { continue };
            let special = rule.named_letters(&met, vendors);
            if best.as_ref().is_none_or(|held| special > held.special) {
                best = Some(Held { rule, special, met });
            }
        }
        if let Some(held) = best {
            found(held.rule, held.met);
        }
    }
}

impl KindIndex {
    fn wait(&mut self, condition: &Condition, number: usize, place: usize) {
        let found = self.fields.iter().position(|index| index.field == condition.field);
        let at = found.unwrap_or_else(|| {
            self.fields.push(FieldIndex { field: condition.field.clone(), ..FieldIndex::default() });
            self.fields.len().saturating_sub(1)
        });
        let Some(index) = self.fields.get_mut(at) else { return };
        match &condition.test {
            Test::Equals(value) if !condition.joined => index.exact.entry(value.clone()).or_default().push(place),
            Test::In(values) if !condition.joined => {
                for value in values {
                    index.exact.entry(value.clone()).or_default().push(place);
                }
            }
            Test::Maker(names) if !condition.joined => {
                for name in names {
                    index.makers.entry(name.clone()).or_default().push(place);
                }
            }
            Test::Product(product) => match product.bare_maker() {
                Some(maker) => index.bare_makers.entry(maker.to_owned()).or_default().push(place),
                None => {
                    for initial in product.initials() {
                        index.products.entry(initial).or_default().push(place);
                    }
                }
            },
            _ => index.tried.push((place, number)),
        }
    }

    fn candidates(&self, view: View<'_>, vendors: &Vendors, rules: &[Rule], out: &mut Vec<usize>) {
        out.extend_from_slice(&self.always);
        if self.fields.is_empty() {
            return;
        }
        for (name, value) in view.all() {
            for index in self.fields.iter().filter(|index| index.field == name) {
                index.candidates(value, vendors, rules, out);
            }
        }
    }
}

impl FieldIndex {
    fn candidates(&self, value: Value<'_>, vendors: &Vendors, rules: &[Rule], out: &mut Vec<usize>) {
        let text = text(value);
        if let Some(places) = self.exact.get(text.as_ref()) {
            out.extend_from_slice(places);
        }
        let maker = || vendors.find(&text, Setting::Organisation).and_then(|vendor| self.makers.get(&vendor.name));
        if let Some(places) = (!self.makers.is_empty()).then(maker).flatten() {
            out.extend_from_slice(places);
        }
        if !self.products.is_empty() {
            let found = initials(&text).into_iter().filter_map(|initial| self.products.get(&initial));
            out.extend(found.flatten());
        }
        if !self.bare_makers.is_empty() {
            let maker = |part| vendors.find(part, Setting::Medical).and_then(|found| self.bare_makers.get(&found.name));
            out.extend(text.split('^').filter_map(maker).flatten());
        }
        let mut passed = 0;
        for (place, number) in &self.tried {
            let Some(rule) = rules.get(*place) else { continue };
            // The rules of a group have one condition each, and only the first that matches counts.
            if rule.group != 0 && rule.group == passed {
                continue;
            }
            // A joined condition reads more than this one value.
            if rule.when.get(*number).is_some_and(|condition| condition.joined || condition.passes(&text, vendors)) {
                passed = if rule.when.get(*number).is_some_and(|condition| condition.joined) { 0 } else { rule.group };
                out.push(*place);
            }
        }
    }
}

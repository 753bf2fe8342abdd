//! Whether the rules do what their examples say. For tests: it compiles every pattern and tries every example.

use super::Knowledge;
use super::condition::{Condition, Test};
use super::error::KnowledgeError;
use super::rule::{Example, Piece, Rule};
use super::tables::AttributeKind;
use super::view::View;

/// Two rules that a single message makes contradict each other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Collision {
    /// The rule whose positive example it is.
    pub rule: String,
    /// The other rule that matches the example.
    pub other: String,
    /// What both claim.
    pub attribute: String,
    /// What the first claims.
    pub value: String,
    /// What the other claims.
    pub other_value: String,
}

impl Knowledge {
    /// Every fault of the rules: patterns that do not compile, places that no group fills, examples that do not hold.
    pub fn check(&self) -> Vec<KnowledgeError> {
        let mut faults = Vec::new();
        for rule in self.rules().iter().chain(self.roles.rules()) {
            let mut fault = |problem: String, remedy| {
                faults.push(KnowledgeError::entry(&rule.file, &rule.id, problem, remedy));
            };
            for condition in rule.when.iter().chain(&rule.unless) {
                if let Test::Regex(pattern) = &condition.test
                    && let Err(error) = pattern.compile()
                {
                    fault(
                        format!("the pattern `{}` does not compile: {error}", pattern.as_str()),
                        "correct the pattern",
                    );
                }
                if let Test::Maker(names) = &condition.test
                    && let Some(name) =
                        names.iter().find(|name| !self.vendors.iter().any(|vendor| vendor.name == **name))
                {
                    fault(format!("`{name}` is no vendor"), "use the name that vendors.toml shows");
                }
            }
            for (field, product) in rule.when.iter().filter_map(|condition| match &condition.test {
                Test::Product(product) => Some((condition.field.as_str(), product)),
                _ => None,
            }) {
                let is_named = |text: &str| product.is_named(text, View::pairs(&[(field, text)]), &self.vendors);
                for text in product.examples().iter().filter(|text| !is_named(text)) {
                    fault(format!("`{text}` does not name it"), "correct the name");
                }
                for text in self.no_product.iter().cloned().chain(product.no_examples()).filter(|text| is_named(text)) {
                    fault(format!("`{text}` names it"), "take the name beside its maker only");
                }
            }
            for assertion in &rule.assert {
                for piece in &assertion.value.0 {
                    if let Piece::Group(name) = piece
                        && !rule.when.iter().any(|condition| has_group(condition, name))
                    {
                        fault(format!("no pattern has the group `{name}`"), "name a group or write {field:…}");
                    }
                }
            }
            for example in &rule.positive {
                match self.examine(rule, example) {
                    None => fault(format!("the positive example {} does not match", shown(example)), "correct either"),
                    Some(0) if !rule.assert.is_empty() => {
                        fault(format!("the positive example {} claims nothing", shown(example)), "fill its fields");
                    }
                    Some(_) => {}
                }
            }
            for example in &rule.negative {
                if self.examine(rule, example).is_some() {
                    fault(format!("the negative example {} matches", shown(example)), "narrow the rule");
                }
            }
        }
        faults
    }

    /// How many claims the example gives; `None` if the rule does not hold.
    fn examine(&self, rule: &Rule, example: &Example) -> Option<usize> {
        let pairs = pairs(example);
        let view = View::pairs(&pairs);
        let met = rule.met(view, &self.vendors)?;
        let claims = rule.claims(view, met, &self.vendors);
        Some(rule.assert.iter().filter(|assertion| self.claim(rule, assertion, &claims).is_some()).count())
    }

    /// Every positive example given to all rules: where another rule claims a different value for what has one truth.
    ///
    /// Not each is a fault: evidence may disagree. Each is worth a look.
    pub fn collisions(&self) -> Vec<Collision> {
        let mut collisions = Vec::new();
        for rule in self.rules().iter().filter(|rule| rule.group == 0) {
            for example in &rule.positive {
                let pairs = pairs(example);
                for (protocol, kind) in &rule.on {
                    let matches = self.matches_in(protocol, kind, View::pairs(&pairs));
                    let exclusive = |kind| kind == AttributeKind::Exclusive;
                    let claims: Vec<_> =
                        matches.iter().filter(|found| found.db > 0.0 && exclusive(found.attribute.kind)).collect();
                    for own in claims.iter().filter(|found| found.rule.id == rule.id) {
                        for other in claims.iter().filter(|found| found.rule.id != rule.id) {
                            if other.attribute.id == own.attribute.id && !self.agree(own, other) {
                                collisions.push(Collision {
                                    rule: rule.id.to_string(),
                                    other: other.rule.id.to_string(),
                                    attribute: own.attribute.id.clone(),
                                    value: own.value.to_string(),
                                    other_value: other.value.to_string(),
                                });
                            }
                        }
                    }
                }
            }
        }
        collisions.sort();
        collisions.dedup();
        collisions
    }

    /// A category agrees with its ancestors.
    fn agree(&self, one: &super::Match<'_, '_>, other: &super::Match<'_, '_>) -> bool {
        let within = |a: &str, b: &str| self.categories.ancestry(a).any(|category| category.id == b);
        one.value == other.value
            || (one.attribute.id == super::CATEGORY
                && (within(&one.value, &other.value) || within(&other.value, &one.value)))
    }
}

fn pairs(example: &Example) -> Vec<(&str, &str)> {
    example.iter().flat_map(|(name, texts)| texts.iter().map(move |text| (name.as_str(), text.as_str()))).collect()
}

fn shown(example: &Example) -> String {
    let fields: Vec<String> = example.iter().map(|(name, texts)| format!("{name} = {}", texts.join(" | "))).collect();
    format!("{{{}}}", fields.join(", "))
}

fn has_group(condition: &Condition, name: &str) -> bool {
    let pattern = match &condition.test {
        Test::Regex(pattern) => pattern,
        Test::Product(_) => return name == super::product::SAID,
        _ => return false,
    };
    pattern.regex().is_some_and(|regex| match name.parse::<usize>() {
        Ok(number) => number < regex.captures_len(),
        Err(_) => regex.capture_names().flatten().any(|other| other == name),
    })
}

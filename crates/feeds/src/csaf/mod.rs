//! Security advisories in the Common Security Advisory Framework 2.0 (OASIS), VEX documents of its profile included.
//!
//! A document has to be of the schema's shape and to hold all mandatory tests of section 6.1; `forgiven.toml` says which of those
//! some publisher may break. Names of languages of three letters and of weaknesses that few use are believed.

mod advisory;
mod document;
mod rules;
mod shape;
mod version;
mod weaknesses;

use model::outside::Fact;
use serde::Deserialize;

use crate::{Content, Defect, Feed, Outline, Summary, Taker, json};

/// The feed.
pub(crate) struct Csaf;

/// How often a document may refer to products, those of groups counted each.
const REFERENCES_MAX: usize = 1_000_000;

const FORGIVEN: &str = include_str!("forgiven.toml");

#[derive(Deserialize)]
struct Forgiven {
    publisher: Vec<Forgiveness>,
}

#[derive(Deserialize)]
struct Forgiveness {
    namespace: String,
    rules: Vec<String>,
}

impl Feed for Csaf {
    fn name(&self) -> &'static str {
        "csaf"
    }

    fn title(&self) -> &'static str {
        "Security advisories and VEX in CSAF 2.0 (OASIS)"
    }

    fn recognises(&self, outline: &Outline) -> bool {
        let is_version_2_1 = outline.member("/document/csaf_version") == Some("2.1");
        outline.has("/document/csaf_version") && !is_version_2_1
            || outline.has("/document/tracking") && outline.has("/document/publisher")
    }

    fn read(&self, content: &Content<'_>, taker: &mut dyn Taker) -> Result<Summary, Defect> {
        let tree = json::tree(content.bytes)?;
        shape::DOCUMENT.holds(&tree, "")?;
        let csaf: document::Csaf = serde_json::from_value(tree).map_err(|error| Defect::whole(error.to_string()))?;
        bounded(&csaf)?;
        let forgiven = forgiven(&csaf.document.publisher.namespace)?;
        let is_forgiven = |defect: &Defect| defect.rule.is_some_and(|rule| forgiven.iter().any(|known| known == rule));
        let (notes, broken): (Vec<Defect>, Vec<Defect>) = rules::check(&csaf).into_iter().partition(is_forgiven);
        if let Some(first) = broken.first() {
            return Err(refused(first, &broken));
        }
        let advisory = advisory::read(&csaf, &notes)?;
        taker.take(Fact::Advisory(Box::new(advisory)));
        Ok(Summary { date: Some(csaf.document.tracking.current_release_date), notes })
    }
}

/// Refuses documents that say in a few bytes what takes millions: groups of thousands of products, named thousands of times.
fn bounded(csaf: &document::Csaf) -> Result<(), Defect> {
    let groups = rules::groups(csaf);
    let mut count = 0_usize;
    for vulnerability in csaf.vulnerabilities() {
        let flags = vulnerability.flags.iter().map(|flag| &flag.products);
        let remedies = vulnerability.remedies.iter().map(|remedy| &remedy.products);
        let threats = vulnerability.threats.iter().map(|threat| &threat.products);
        for meant in flags.chain(remedies).chain(threats) {
            let of_groups =
                meant.group_ids.iter().flatten().filter_map(|id| groups.get(id.as_str())).map(|group| group.len());
            let own = meant.product_ids.iter().map(Vec::len);
            count = of_groups.chain(own).fold(count, usize::saturating_add);
        }
    }
    if count > REFERENCES_MAX {
        return Err(Defect::at("/vulnerabilities", format!("refer to products more than {REFERENCES_MAX} times")));
    }
    Ok(())
}

/// The rules that a publisher may break.
fn forgiven(namespace: &str) -> Result<Vec<String>, Defect> {
    let forgiven: Forgiven =
        toml::from_str(FORGIVEN).map_err(|error| Defect::whole(format!("forgiven.toml: {error}")))?;
    let own = |publisher: &Forgiveness| publisher.namespace.trim_end_matches('/') == namespace.trim_end_matches('/');
    Ok(forgiven.publisher.into_iter().find(own).map(|publisher| publisher.rules).unwrap_or_default())
}

/// The first defect of all, with the numbers of all rules that are broken.
fn refused(first: &Defect, all: &[Defect]) -> Defect {
    let mut rules: Vec<&str> = all.iter().filter_map(|defect| defect.rule).collect();
    rules.dedup();
    let word = if rules.len() > 1 { "rules" } else { "rule" };
    Defect { why: format!("{} (CSAF 2.0 {word} {})", first.why, rules.join(", ")), ..first.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_forgiven_is_a_rule() {
        let rules = forgiven("https://www.cisa.gov").unwrap();
        assert!(rules.len() > 3 && rules.iter().all(|rule| rules::is_known(rule)), "{rules:?}");
        assert_eq!(forgiven("https://example.com").unwrap(), Vec::<String>::new());
    }
}

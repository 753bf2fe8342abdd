//! What people said, put over what was concluded.

use std::sync::Arc;

use analysis::inventory::{Also, Attribute, Device, Evidence, One, Rival};
use analysis::knowledge::AttributeKind;
use model::Timestamp;

use super::{Correction, FAMILY};
use crate::knowledge::Known;

/// Puts what people said of a device over what was concluded of it.
pub(super) fn apply<'a>(device: &mut Device, said: impl Iterator<Item = &'a Correction>, known: &Known) {
    said.for_each(|correction| apply_one(device, correction, known));
    device.name = renamed(device, known);
}

fn apply_one(device: &mut Device, correction: &Correction, known: &Known) {
    let Some(attribute) = known.knowledge.attributes().get(&correction.attribute) else { return };
    let at = Timestamp::read(&correction.at).unwrap_or_default();
    let evidence = Evidence {
        rule: "person".into(),
        family: FAMILY,
        weight_db: 0.0,
        counted_db: 0.0,
        field: correction.by.as_str().into(),
        value: correction.reason.as_str().into(),
        also: Also(Arc::new([])),
        capture: "".into(),
        frame: 0,
        count: 1,
        first: at,
        last: at,
        source: "what a person said".into(),
    };
    let concluded = match device.attributes.remove(&correction.attribute) {
        Some(Attribute::One(one)) => vec![one],
        Some(Attribute::Many { values }) => values,
        None => Vec::new(),
    };
    let same = concluded.iter().find(|one| one.value.as_deref() == Some(&correction.value));
    let mut one = One {
        value: Some(correction.value.clone()),
        confidence: 1.0,
        state: "confirmed",
        prior_db: same.map_or(0.0, |one| one.prior_db),
        score_db: same.map_or(0.0, |one| one.score_db),
        unknown: 0.0,
        rivals: Vec::new(),
        evidence: std::iter::once(evidence).chain(same.iter().flat_map(|one| one.evidence.clone())).collect(),
    };
    let others =
        concluded.into_iter().filter(|one| one.value.as_deref().is_some_and(|value| value != correction.value));
    let entry = match attribute.kind {
        AttributeKind::Exclusive => {
            // What was concluded is still to be seen, as what it was not.
            one.rivals = others
                .filter_map(|one| {
                    let One { value, confidence, score_db, evidence, .. } = one;
                    Some(Rival { value: value?, confidence, score_db, evidence })
                })
                .collect();
            Attribute::One(one)
        }
        AttributeKind::List => Attribute::Many { values: std::iter::once(one).chain(others).collect() },
    };
    device.attributes.insert(correction.attribute.clone(), entry);
    device.conflicts.retain(|conflict| conflict.attribute != correction.attribute);
}

/// What to call a device of which people said something: what they call it, if they said that.
fn renamed(device: &Device, known: &Known) -> String {
    let given = match device.attributes.get("display_name") {
        Some(Attribute::Many { values }) => values.iter().find(|one| one.state == "confirmed"),
        Some(Attribute::One(one)) => Some(one).filter(|one| one.state == "confirmed"),
        None => None,
    };
    let given = given.and_then(|one| one.value.clone());
    given.unwrap_or_else(|| analysis::name::again(device, &known.knowledge))
}

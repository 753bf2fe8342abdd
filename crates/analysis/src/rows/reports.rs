//! What a gateway says of a device that has a hardware address of its own, against what that shows itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::{Evidence, Ledger, Scored};
use crate::inventory::Conflict;
use crate::knowledge::{Attribute, CATEGORY, Family, Knowledge, VENDOR};

/// From this weight on, what a device shows itself contradicts a report.
const CONTRADICTS_DB: f32 = 10.0;
/// What is contradicted is told of these: of others, two spellings of one thing are common.
const CONTRADICTED: [&str; 2] = [CATEGORY, "serial"];
/// Contradicted makers that are told of one device.
const DOUBTED_MAX: usize = 4;

fn is_report(piece: &Evidence<'_>) -> bool {
    piece.family == Family::Reported && piece.weight_db > 0.0
}

fn contradicts(piece: &Evidence<'_>) -> bool {
    piece.family != Family::Reported && piece.weight_db >= CONTRADICTS_DB
}

/// Whoever names another's hardware address in a message may do so by mistake, or to have it taken for something else.
/// Where the device shows itself to be of another maker than somebody reports, nothing is left of what that one says, and
/// the contradiction is told. The maker of a network card is the device's where it makes medical devices: many stand on
/// a computer of somebody else.
pub(super) fn doubt(ledger: &mut Ledger<'_>, knowledge: &Knowledge) -> Vec<Conflict> {
    let Some(vendor) = knowledge.attributes().iter().find(|attribute| attribute.id == VENDOR) else {
        return Vec::new();
    };
    let values = ledger.values(vendor);
    let is_shown = |value: &str, pieces: &[&Evidence<'_>]| {
        let is_makers_card = knowledge.vendors().is_medical(value);
        pieces.iter().any(|piece| contradicts(piece) && (piece.family != Family::L2 || is_makers_card))
    };
    let shown: BTreeSet<&str> =
        values.iter().filter(|(value, pieces)| is_shown(value, pieces)).map(|(value, _)| *value).collect();
    let Some(first_shown) = shown.first().map(|value| (*value).to_owned()) else { return Vec::new() };
    let (mut right, mut wrong) = (BTreeSet::new(), BTreeMap::new());
    for (value, pieces) in &values {
        for by in pieces.iter().filter(|piece| is_report(piece)).filter_map(|piece| piece.reporter()) {
            if shown.contains(value) {
                right.insert(by.to_owned());
            } else {
                wrong.insert(by.to_owned(), (*value).to_owned());
            }
        }
    }
    drop(values);
    wrong.retain(|by, _| !right.contains(by));
    ledger.forget_reports(|by| wrong.contains_key(by));
    let reported: BTreeSet<String> = wrong.into_values().collect();
    let conflict = |reported: String| Conflict {
        attribute: vendor.id.clone(),
        text: format!("{}: {first_shown} by what it shows itself, reported as {reported}", vendor.label),
        values: vec![first_shown.clone(), reported],
    };
    reported.into_iter().take(DOUBTED_MAX).map(conflict).collect()
}

/// A report that contradicts what the device shows itself.
pub(super) fn conflict(attribute: &Attribute, scored: &[Scored<'_, '_>]) -> Option<Conflict> {
    let is_told = CONTRADICTED.contains(&attribute.id.as_str());
    let of = |is_it: fn(&Evidence<'_>) -> bool| {
        let all = scored.iter().filter(|_| is_told);
        all.filter(move |value| value.evidence.iter().any(|piece| is_it(piece)))
    };
    let (reported, shown) =
        of(is_report).find_map(|report| Some((report, of(contradicts).find(|shown| !shown.agrees_with(report))?)))?;
    Some(Conflict {
        attribute: attribute.id.clone(),
        text: format!("{}: {} by what it shows itself, reported as {}", attribute.label, shown.value, reported.value),
        values: vec![shown.value.to_owned(), reported.value.to_owned()],
    })
}

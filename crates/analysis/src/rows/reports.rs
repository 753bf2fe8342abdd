//! What a gateway says of a device that has a hardware address of its own, against what that shows itself.

use crate::evidence::{Evidence, Ledger, Scored};
use crate::inventory::Conflict;
use crate::knowledge::{Attribute, CATEGORY, Family, Knowledge, VENDOR};

/// From this weight on, what a device shows itself contradicts a report: that of its network card, where the card's maker
/// makes devices.
const CONTRADICTS_DB: f32 = 10.0;
/// What is contradicted is told of these: of others, two spellings of one thing are common.
const CONTRADICTED: [&str; 3] = [CATEGORY, VENDOR, "serial"];

fn is_report(piece: &Evidence<'_>) -> bool {
    piece.family == Family::Reported && piece.weight_db > 0.0
}

fn contradicts(piece: &Evidence<'_>) -> bool {
    piece.family != Family::Reported && piece.weight_db >= CONTRADICTS_DB
}

/// Whoever names another's hardware address in a message may do so by mistake, or to have it taken for something else.
/// Where the device shows itself to be of another maker than all reports say, of these nothing is left but that maker,
/// which is told as a conflict.
pub(super) fn doubt(ledger: &mut Ledger<'_>, knowledge: &Knowledge) {
    let Some(vendor) = knowledge.attributes().iter().find(|attribute| attribute.id == VENDOR) else { return };
    let values = ledger.values(vendor);
    let is_reported = |pieces: &Vec<&Evidence<'_>>| pieces.iter().any(|piece| is_report(piece));
    let is_shown = |pieces: &Vec<&Evidence<'_>>| pieces.iter().any(|piece| contradicts(piece));
    let is_contradicted = values.values().any(is_reported)
        && values.values().any(is_shown)
        && !values.values().any(|pieces| is_reported(pieces) && is_shown(pieces));
    drop(values);
    if is_contradicted {
        ledger.keep_reports_of(vendor);
    }
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

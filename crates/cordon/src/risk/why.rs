//! Why a device has its risk, as `cordon why DEVICE risk` prints it.

use analysis::advisories::Verdict;
use analysis::risks::explain::{Explanation, Told};
use analysis::risks::factors::Part;
use analysis::risks::ssvc::Opinion;

use super::{Reckoning, words};
use crate::words::printable;

/// Causes told of each part.
const CAUSES: usize = 8;
/// Columns that a reason is indented by.
const INDENT: usize = 12;

/// Why the device at a place has its risk; `None` if there is none at that place.
pub fn text(reckoning: &Reckoning<'_>, place: usize) -> Option<String> {
    let (device, assessed, score) = reckoning.device(place)?;
    let (explanation, standing) = (reckoning.explanation(place)?, reckoning.standing(place)?);
    let mut text = format!("{}  {}\n", printable(&device.name), device.id);
    text += &format!(
        "Risk {:.1} ({:.0}–{:.0}), {}, rank {:.0}–{:.0} of {}\n",
        explanation.score,
        standing.score.low,
        standing.score.high,
        explanation.band.name(),
        standing.rank.low,
        standing.rank.high,
        reckoning.order.len()
    );
    if let Some(change) = reckoning.becomes(place) {
        text += &format!("It {}.\n", printable(&change));
    }
    for (part, title, value) in [
        (Part::Susceptibility, "Can it be broken into?", score.susceptibility),
        (Part::Exposure, "Can it be reached?", score.exposure),
        (Part::Host, "What do controls on it leave?", score.host),
        (Part::Incident, "Was it taken over already?", score.incident),
        (Part::Impact, "What would it do to patients?", score.impact),
    ] {
        text += &of_part(reckoning, place, &explanation, part, title, value);
    }
    let steps: Vec<String> =
        explanation.steps.iter().map(|step| format!("{} {:.1}", step.what.replace('_', " "), step.score)).collect();
    text += &format!("\nFrom the worst case: 100 → {}\n", steps.join(" → "));
    let opinion = Opinion::of(&assessed.subject, explanation.band, &reckoning.model.tables);
    let action = serde_json::to_value(opinion.action).unwrap_or_default();
    text += &format!("SSVC beside it: {}\n", action.as_str().unwrap_or_default());
    if !assessed.matched.is_empty() {
        text += "\nAdvisories\n";
    }
    for one in &assessed.matched {
        let says = match &one.verdict {
            Verdict::Undetermined(_) => format!("undetermined, asks {}", words::asked(&one.verdict).join(", ")),
            verdict => words::verdict(verdict).replace('_', " "),
        };
        text += &format!("  {}, {}: {}\n", one.cve, one.advisory, printable(&says));
        text += &format!("{:INDENT$}“{}”\n", "", printable(&one.statement));
    }
    Some(text)
}

fn of_part(
    reckoning: &Reckoning<'_>,
    place: usize,
    explanation: &Explanation,
    part: Part,
    title: &str,
    value: f64,
) -> String {
    let mut causes: Vec<&Told> = explanation.causes.iter().filter(|cause| cause.part == part).collect();
    causes.sort_by(|one, other| other.share.total_cmp(&one.share));
    if causes.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{title}  {value:.3}\n");
    for cause in causes.iter().take(CAUSES) {
        let perhaps = if reckoning.is_guess(place, cause) { "perhaps " } else { "" };
        let changing = cause.terms.iter().filter(|(_, term)| *term < 1.0);
        let terms: Vec<String> = changing.map(|(name, term)| format!("{} {term:.2}", name.replace('_', " "))).collect();
        let label = printable(reckoning.label(cause));
        text += &format!("  {:>4.0} %  {perhaps}{label}  {:.3}\n", 100.0 * cause.share, cause.value);
        text += &format!("{:INDENT$}{}\n", "", printable(&cause.from));
        if !terms.is_empty() {
            text += &format!("{:INDENT$}{}\n", "", terms.join(" · "));
        }
    }
    let more = causes.len().saturating_sub(CAUSES);
    if more > 0 {
        let share: f64 = causes.iter().skip(CAUSES).map(|cause| cause.share).sum();
        text += &format!("  {:>4.0} %  {more} more\n", 100.0 * share);
    }
    text
}

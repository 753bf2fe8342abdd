//! The reason for each thing that is said of a device, in words.

use analysis::inventory::One;
use analysis::knowledge::Family;
use serde::Serialize;

use crate::knowledge::Known;
use crate::serve::view::label;

/// The reason for one statement, in words.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Why {
    /// One or two plain sentences.
    pub sentence: String,
    /// What `cordon why` prints.
    pub text: String,
    /// What would change it.
    pub change: String,
}

/// What people read of a family of evidence.
pub(super) fn family_label(name: &str) -> &'static str {
    let known = Family::ALL.iter().find(|family| family.name() == name);
    known.map_or("what a person said", |family| family.title())
}

/// One or two plain sentences.
pub(super) fn sentence(attribute: &str, ones: &[One], known: &Known) -> String {
    let Some(one) = ones.first() else {
        return "Nothing that was seen speaks of this.".to_owned();
    };
    let Some(strongest) = one.evidence.iter().find(|piece| piece.counted_db > 0.0) else {
        return "Something speaks of this, but nothing strongly enough to say it.".to_owned();
    };
    if strongest.family == crate::serve::corrections::FAMILY {
        return format!("{} said so: {}.", strongest.field, strongest.value.trim_end_matches('.'));
    }
    let times = match strongest.count {
        1 => "once".to_owned(),
        count => format!("{} times", crate::words::thousands(count)),
    };
    let value = one.value.as_deref().map(|value| label(attribute, value, &known.knowledge));
    let what =
        value.map_or_else(|| "Not enough is known to say it".to_owned(), |value| format!("It is taken for “{value}”"));
    let families: std::collections::BTreeSet<&str> = one.evidence.iter().map(|piece| piece.family).collect();
    let against = one.evidence.iter().filter(|piece| piece.counted_db < 0.0).count();
    let against = match against {
        0 => String::new(),
        1 => "; one piece of evidence speaks against it".to_owned(),
        count => format!("; {count} pieces of evidence speak against it"),
    };
    let kinds = match families.len() {
        1 => "one kind of evidence".to_owned(),
        count => format!("{count} kinds of evidence that know nothing of each other"),
    };
    format!(
        "{what} above all by {}: {} said “{}”, {times}. It rests on {kinds}{against}.",
        family_label(strongest.family),
        strongest.field,
        strongest.value
    )
}

/// What would change it.
pub(super) fn change(ones: &[One]) -> String {
    let Some(one) = ones.first() else {
        return "Traffic of the device that says more, or a person who reads its label.".to_owned();
    };
    match one.state {
        "confirmed" => "Only the person who said so, or another, taking it back.".to_owned(),
        "probable" => {
            "A person who reads its label confirms it; evidence of another maker or kind puts it in question."
                .to_owned()
        }
        "tentative" => {
            let odds = |confidence: f64| 10.0 * (confidence / (1.0 - confidence)).log10();
            let missing = (odds(0.90) - odds(one.confidence)).max(0.1);
            format!(
                "It becomes probable with {missing:.1} decibans more: one further source that is independent of those here. \
                 A person who reads its label can confirm it now."
            )
        }
        _ => "Traffic of the device that says more, or a person who reads its label.".to_owned(),
    }
}

//! What people read of verdicts, questions and bands.

use analysis::advisories::{Question, Verdict};
use analysis::risks::Band;

/// A verdict as files name it.
pub fn verdict(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Affected => "affected",
        Verdict::NotAffected => "not_affected",
        Verdict::Undetermined(_) => "undetermined",
    }
}

/// What would have to be known for a verdict, in words.
pub fn asked(verdict: &Verdict) -> Vec<String> {
    match verdict {
        Verdict::Undetermined(questions) => questions.iter().map(question).collect(),
        _ => Vec::new(),
    }
}

/// What to find out, in words.
pub fn question(question: &Question) -> String {
    match question {
        Question::Model => "which model it is".to_owned(),
        Question::Version => "its software version".to_owned(),
        Question::Catalogue => "the maker's catalogue number".to_owned(),
        Question::Serial => "its serial number".to_owned(),
        Question::Made => "when it was made or shipped".to_owned(),
        Question::System => "its operating system".to_owned(),
        Question::Module(name) => format!("the version of its {name}"),
        Question::Statement(text) => format!("whether this holds: {text}"),
    }
}

/// The band below.
pub fn next_band(band: Band) -> Option<Band> {
    match band {
        Band::Critical => Some(Band::High),
        Band::High => Some(Band::Medium),
        Band::Medium => Some(Band::Low),
        Band::Low => None,
    }
}

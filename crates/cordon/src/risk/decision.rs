//! What people decided about what was found: it does not come back with the next feed.

use std::sync::Arc;

use analysis::risks::what_if::Edit;
use analysis::risks::{Control, Stage, Vex, VulnerabilityControl};
use serde::{Deserialize, Serialize};

use super::assess::{Assessed, asked_of};

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// It is so, and somebody answers for it: the score stays, and no plan proposes anything about it.
    Accepted,
    /// Something holds it back. It counts once somebody says how that was verified.
    Mitigated,
    /// It is not so on this device.
    FalsePositive,
}

/// A decision that is in force, on a device.
#[derive(Clone, Debug)]
pub struct Decided {
    /// The place of the device.
    pub device: usize,
    /// The number of a vulnerability, or a weakness.
    pub about: String,
    /// What.
    pub kind: DecisionKind,
    /// Whether what holds it back was verified.
    pub is_verified: bool,
    /// Who says so.
    pub from: Arc<str>,
}

/// Does to what was assessed what was decided about it.
pub fn apply(decided: &Decided, assessed: &mut Assessed) {
    let about = decided.about.as_str();
    let subject = &mut assessed.subject;
    match decided.kind {
        DecisionKind::Accepted => {
            assessed.accepted.insert(about.to_owned());
        }
        DecisionKind::Mitigated => {
            let stage = if decided.is_verified { Stage::Verified } else { Stage::Planned };
            for finding in subject.findings.iter_mut().filter(|finding| *finding.cve == *about) {
                let (kind, from) = (VulnerabilityControl::VirtualPatch, Arc::clone(&decided.from));
                finding.controls.push(Control { kind, stage, from });
            }
            let weakness = subject.weaknesses.iter().position(|weakness| *weakness.name == *about);
            if let Some(at) = weakness.filter(|_| decided.is_verified) {
                Edit::Mend(at).apply(subject);
            }
        }
        DecisionKind::FalsePositive => {
            let same = subject.findings.iter_mut().filter(|finding| *finding.cve == *about);
            same.for_each(|finding| finding.vex = Some(Vex::NotAffected));
            subject.weaknesses.retain(|weakness| *weakness.name != *about);
            let open = assessed.matched.iter().filter(|one| one.cve != about);
            assessed.questions = asked_of(open);
        }
    }
}

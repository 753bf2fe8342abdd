//! SSVC beside the score: what others' decision tables say of the same vulnerability, and where they disagree.
//!
//! Sources: CERT/CC and CISA, Stakeholder-Specific Vulnerability Categorization: the decision tables *CISA Coordinator 2.0.3*,
//! *CISA BOD 26-04 1.0.0* and *Human Impact 1.0.0*, here as rules; those of coordination centres in [`coordination`].

pub mod coordination;

use super::scales::{AttackComplexity, AttackVector, Exploitation, PrivilegesRequired, Reach, UserInteraction, Vex};
use super::score::{Band, Numbers};
use super::subject::{Exposure, Finding, Mission, Subject};
use super::tables::Tables;

/// What CISA advises a hospital to do about a vulnerability (CISA Levels 1.1.0).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub enum Action {
    /// Within the usual updates.
    Track,
    /// Within the usual updates, and watched closely.
    #[serde(rename = "Track*")]
    TrackClosely,
    /// Sooner than usual, with attention from above.
    Attend,
    /// As soon as possible.
    Act,
}

/// Mission and Well-Being Impact 1.0.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub enum WellBeing {
    /// Little is lost.
    Low,
    /// Something is lost.
    Medium,
    /// Lives or the mission are lost.
    High,
}

/// Until when a vulnerability is to be mended (CISA BOD 26-04).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Timeline {
    /// When the system is upgraded anyway.
    OnUpgrade,
    /// Within 60 days.
    Days60,
    /// Within 14 days.
    Days14,
    /// Within 3 days.
    Days3,
    /// Within 3 days, and somebody looks whether it was used already.
    Days3WithForensics,
}

/// CISA's table for its coordinators, 2.0.3: what to do about a vulnerability.
pub fn coordinator(exploitation: Exploitation, automatable: bool, total_impact: bool, well_being: WellBeing) -> Action {
    use Action::{Act, Attend, Track, TrackClosely};
    let helps = u8::from(automatable).saturating_add(u8::from(total_impact));
    match (exploitation, well_being, helps) {
        (Exploitation::None, WellBeing::High, _) if automatable => Attend,
        (Exploitation::None, WellBeing::High, 1) => TrackClosely,
        (Exploitation::None, ..) => Track,
        (Exploitation::PublicPoc, WellBeing::High, 0) => TrackClosely,
        (Exploitation::PublicPoc, WellBeing::High, _) => Attend,
        (Exploitation::PublicPoc, WellBeing::Medium, _) if total_impact => TrackClosely,
        (Exploitation::PublicPoc, ..) => Track,
        (Exploitation::Active | Exploitation::KnownExploited, WellBeing::High, 0) => Attend,
        (Exploitation::Active | Exploitation::KnownExploited, WellBeing::High, _) => Act,
        (Exploitation::Active | Exploitation::KnownExploited, WellBeing::Medium, 2) => Act,
        (Exploitation::Active | Exploitation::KnownExploited, WellBeing::Medium, 1) => Attend,
        (Exploitation::Active | Exploitation::KnownExploited, WellBeing::Low, _) if automatable => Attend,
        (Exploitation::Active | Exploitation::KnownExploited, ..) => Track,
    }
}

/// CISA's Binding Operational Directive 26-04: until when a vulnerability is to be mended.
pub fn remediation(known_exploited: bool, exposed: bool, automatable: bool, total_impact: bool) -> Timeline {
    match (known_exploited, exposed, automatable) {
        (false, false, false) => Timeline::OnUpgrade,
        (false, true, false) if total_impact => Timeline::Days14,
        (false, false, true) | (false, true, false) => Timeline::Days60,
        (false, true, true) if total_impact => Timeline::Days3,
        (false, true, true) => Timeline::Days14,
        (true, false, false) => Timeline::Days14,
        (true, ..) if total_impact => Timeline::Days3WithForensics,
        (true, true, true) => Timeline::Days3,
        (true, ..) => Timeline::Days14,
    }
}

/// What SSVC's tables say of the vulnerabilities of a device, the most urgent of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Opinion {
    /// By the coordinators' table; without any vulnerability SSVC has nothing to say, which is `Track`.
    pub action: Action,
    /// By BOD 26-04, which needs a vulnerability.
    pub timeline: Option<Timeline>,
    /// The impact that both were told.
    pub well_being: WellBeing,
    /// Set where the action and the band of the score differ: shown, never smoothed over.
    pub disagreement: Option<Disagreement>,
}

/// How SSVC and the score differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Disagreement {
    /// SSVC is more urgent: it looks at no control, no path and no doubt about the match.
    SsvcMoreUrgent,
    /// The score is more urgent: SSVC looks at single vulnerabilities, at no weakness and no detection.
    ScoreMoreUrgent,
}

impl Opinion {
    /// What SSVC says of the device, beside the band of its score.
    pub fn of(subject: &Subject, band: Band, tables: &Tables) -> Self {
        let (well_being, exposed) = (well_being(subject, tables), exposed(subject));
        let open =
            || subject.findings.iter().filter(|finding| !matches!(finding.vex, Some(Vex::NotAffected | Vex::Fixed)));
        let facts = |finding: &Finding| (automatable(finding), finding.total_impact.unwrap_or(true));
        let action = open().map(|finding| {
            let (automatable, total_impact) = facts(finding);
            coordinator(finding.exploitation.unwrap_or(Exploitation::None), automatable, total_impact, well_being)
        });
        let timeline = open().map(|finding| {
            let (automatable, total_impact) = facts(finding);
            remediation(finding.exploitation == Some(Exploitation::KnownExploited), exposed, automatable, total_impact)
        });
        let (action, timeline) = (action.max().unwrap_or(Action::Track), timeline.max());
        let disagreement = match as_band(action).cmp(&band) {
            std::cmp::Ordering::Greater => Some(Disagreement::SsvcMoreUrgent),
            std::cmp::Ordering::Less => Some(Disagreement::ScoreMoreUrgent),
            std::cmp::Ordering::Equal => None,
        };
        Self { action, timeline, well_being, disagreement }
    }
}

/// The band that is as urgent as the action: both have four steps.
const fn as_band(action: Action) -> Band {
    match action {
        Action::Track => Band::Low,
        Action::TrackClosely => Band::Medium,
        Action::Attend => Band::High,
        Action::Act => Band::Critical,
    }
}

/// High where the device sustains life or care stands still without it; medium where it can hurt.
fn well_being(subject: &Subject, tables: &Tables) -> WellBeing {
    let clinical = &subject.clinical;
    let lost = match clinical.mission {
        Mission::Stated { spare, workaround } => 1.0 - spare.value() * workaround.value(),
        Mission::Located(location) => Numbers::expected(tables).known(location),
    };
    if clinical.sustains_life || lost >= tables.well_being.mission_high {
        WellBeing::High
    } else if clinical.severity.is_none_or(|severity| severity >= tables.well_being.medium_from) {
        WellBeing::Medium
    } else {
        WellBeing::Low
    }
}

/// As it was judged, else as far as the vector puts nothing in the way: what is unknown does not.
fn automatable(finding: &Finding) -> bool {
    let told = || {
        finding.attack_vector.is_none_or(|vector| matches!(vector, AttackVector::Network | AttackVector::Adjacent))
            && finding.privileges_required.is_none_or(|needed| needed == PrivilegesRequired::None)
            && finding.user_interaction.is_none_or(|needed| needed == UserInteraction::None)
            && finding.attack_complexity.is_none_or(|needed| needed == AttackComplexity::Low)
    };
    finding.automatable.unwrap_or_else(told)
}

fn exposed(subject: &Subject) -> bool {
    match &subject.exposure {
        Exposure::Paths { home, more } => {
            std::iter::once(home).chain(more).any(|path| path.reach == Some(Reach::Internet))
        }
        Exposure::Graph { public, .. } => *public,
    }
}

/// Safety Impact 2.0.1, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SafetyImpact {
    /// Discomfort.
    Negligible,
    /// Injury.
    Marginal,
    /// Serious injury.
    Critical,
    /// Death of many.
    Catastrophic,
}

/// Mission Impact 2.0.0, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MissionImpact {
    /// Little or none.
    Degraded,
    /// What supports an essential function is crippled.
    SupportCrippled,
    /// An essential function fails.
    EssentialFailure,
    /// The mission fails.
    MissionFailure,
}

/// Human Impact 2.0.2, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HumanImpact {
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
    /// Very high.
    VeryHigh,
}

/// SSVC's table Human Impact 1.0.0.
pub fn human_impact(safety: SafetyImpact, mission: MissionImpact) -> HumanImpact {
    match (safety, mission) {
        (SafetyImpact::Catastrophic, _) | (_, MissionImpact::MissionFailure) => HumanImpact::VeryHigh,
        (SafetyImpact::Critical, MissionImpact::Degraded) => HumanImpact::Medium,
        (SafetyImpact::Critical, _) => HumanImpact::High,
        (_, MissionImpact::EssentialFailure) => HumanImpact::Medium,
        (_, MissionImpact::Degraded | MissionImpact::SupportCrippled) => HumanImpact::Low,
    }
}

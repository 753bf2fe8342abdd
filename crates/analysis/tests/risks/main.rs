//! The risk model: worked examples, properties over random devices, published decision tables, a model hospital.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::arithmetic_side_effects)]

use std::path::{Path, PathBuf};

use analysis::knowledge::{Knowledge, Notation};
use analysis::risks::criticality::Criticality;
use analysis::risks::{
    Clinical, Control, Exposure, Finding, Mission, Path as Way, Reach, Severity, Share, Stage, Subject, Tables,
};

mod criticality;
mod examples;
mod hospital;
mod properties;
mod ssvc;
mod tables;
mod uncertainty;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn text(name: &str) -> String {
    std::fs::read_to_string(repository().join("knowledge").join(name)).unwrap()
}

/// The knowledge without rules for devices: categories and what they rest on.
fn knowledge() -> Knowledge {
    let names =
        ["attributes.toml", "categories.toml", "corroborations.toml", "roles.toml", "vendors.toml", "weights.toml"];
    let files: Vec<(&str, String)> = names.iter().map(|name| (*name, text(name))).collect();
    Knowledge::load(files.iter().map(|(name, text)| (*name, text.as_str())), Notation::Toml).unwrap()
}

fn tables() -> Tables {
    Tables::load(&text("risk.toml"), Notation::Toml, knowledge().categories()).unwrap()
}

fn criticality_table() -> Criticality {
    Criticality::load(&text("criticality.toml"), Notation::Toml, knowledge().categories()).unwrap()
}

fn share(value: f64) -> Share {
    Share::new(value).unwrap()
}

fn verified<K>(kind: K) -> Control<K> {
    Control { kind, stage: Stage::Verified, from: "test".into() }
}

/// A device on a path of that kind.
fn device(reach: Reach, severity: Severity, spare: f64, records: u64) -> Subject {
    Subject {
        device: 1,
        findings: Vec::new(),
        weaknesses: Vec::new(),
        exposure: Exposure::Paths { home: Way::new(Some(reach), "its network", "test"), more: Vec::new() },
        controls: Vec::new(),
        incidents: Vec::new(),
        clinical: Clinical {
            severity: Some(severity),
            sustains_life: severity == Severity::Catastrophic,
            regulated: true,
            mission: Mission::Stated { spare: share(spare), workaround: Share::ALL },
            records: Some(records),
            from: "test".into(),
        },
    }
}

fn home(subject: &mut Subject) -> &mut Way {
    match &mut subject.exposure {
        Exposure::Paths { home, .. } => home,
        Exposure::Graph { .. } => panic!("this device has paths"),
    }
}

fn more(subject: &mut Subject) -> &mut Vec<Way> {
    match &mut subject.exposure {
        Exposure::Paths { more, .. } => more,
        Exposure::Graph { .. } => panic!("this device has paths"),
    }
}

fn finding(cve: &str) -> Finding {
    use analysis::risks::{
        AttackComplexity, AttackVector, Exploitation, MatchTier, PrivilegesRequired, UserInteraction,
    };
    Finding {
        exploitation: Some(Exploitation::None),
        epss: Some(Share::NONE),
        attack_vector: Some(AttackVector::Network),
        privileges_required: Some(PrivilegesRequired::None),
        user_interaction: Some(UserInteraction::None),
        attack_complexity: Some(AttackComplexity::Low),
        ..Finding::new(cve, MatchTier::Exact, "test")
    }
}

//! The tables fit the words of the other crates, and a damaged file says what is wrong.

use analysis::knowledge::Notation;
use analysis::risks::factors::ALL;
use analysis::risks::{AttackVector, Finding, Incident, MatchTier, Numbers, Reach, Score, Severity, Share, Tables};
use model::Weakness;

use super::{device, knowledge, repository, tables, text};

#[test]
fn every_weakness_that_decoders_see_has_a_number() {
    let tables = tables();
    for weakness in Weakness::ALL {
        assert!(tables.seen(weakness.name(), "test").is_some(), "{} has no number", weakness.name());
        assert_eq!(tables.label(weakness.name()), Some(weakness.title()));
    }
    assert!(tables.seen("no_such_weakness", "test").is_none());
    assert!(tables.source::<AttackVector>().contains("CVSS"));
}

#[test]
fn a_damaged_file_names_what_is_wrong() {
    let (knowledge, text) = (knowledge(), text("risk.toml"));
    let damaged = [
        ("adjacent = 0.8", "adjacent = 1.8", "attack_vector"),
        ("adjacent = 0.8, ", "", "adjacent"),
        ("[scale.vex]", "[scale.vax]", "vex"),
        ("critical = 70.0", "critical = 40.0", "bands"),
        ("id = \"weak_ssh\"", "id = \"smb_version_1\"", "smb_version_1"),
        ("category = \"imaging_modality\"", "category = \"imaging\"", "imaging"),
        ("months = 12", "months = 12\nyears = 1", "years"),
        ("medium_from = \"serious\"", "medium_from = \"grave\"", "medium_from"),
    ];
    for (whole, broken, expected) in damaged {
        assert!(text.contains(whole), "{whole}");
        let error = Tables::load(&text.replacen(whole, broken, 1), Notation::Toml, knowledge.categories());
        let error = error.unwrap_err().to_string();
        assert!(error.contains(expected), "{broken}: {error}");
    }
}

/// One file in the folder is one entry of the list, each with a name of its own; whatever it tells is a probability.
#[test]
fn every_factor_is_listed() {
    let folder = std::fs::read_dir(repository().join("crates/analysis/src/risks/factors")).unwrap();
    let files = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).filter(|name| name != "mod.rs");
    let ids: std::collections::BTreeSet<&str> = ALL.iter().map(|factor| factor.id()).collect();
    assert_eq!((files.count(), ALL.len()), (ids.len(), ids.len()));
    let tables = tables();
    let mut subject = device(Reach::FlatNetwork, Severity::Critical, 0.5, 10);
    let nothing = Score::of(&subject, &tables);
    assert!(nothing.expected_harm == 0.0, "nothing can be used, and nothing was: {nothing:?}");
    subject.findings.push(Finding::new("CVE-2020-1", MatchTier::Inferred, "test"));
    subject.weaknesses.push(tables.seen("unknown_identity", "test").unwrap());
    subject.controls.push(super::verified(analysis::risks::HostControl::AllowListing));
    subject.incidents.push(Incident { probability: Share::ALL, from: "test".into() });
    for factor in ALL {
        let mut told = 0;
        factor.causes(&subject, &Numbers::expected(&tables), &mut |cause| {
            assert!((0.0..=1.0).contains(&cause.value) && !cause.name.is_empty() && !cause.from.is_empty());
            told += 1;
        });
        // Takeover is told by a graph of attack paths alone.
        assert_eq!(told, i32::from(factor.id() != "takeover"), "{}", factor.id());
    }
}

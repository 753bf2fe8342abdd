//! The tables fit the words of the other crates, and a damaged file says what is wrong.

use analysis::knowledge::Notation;
use analysis::risks::{AttackVector, Tables};
use model::Weakness;

use super::{knowledge, tables, text};

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

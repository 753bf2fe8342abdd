//! What devices are for, and who may say otherwise.

use analysis::knowledge::Notation;
use analysis::risks::Severity;
use analysis::risks::criticality::{Care, Criticality, Decision, DecisionError, Lowering, Person};

use super::{criticality_table, knowledge, text};

fn severity(category: &str) -> Option<Severity> {
    let care = Care { category: Some(category), ..Care::default() };
    criticality_table().clinical(&care, knowledge().categories()).severity
}

#[test]
fn the_defaults_are_those_of_what_a_device_is_for() {
    assert_eq!(severity("ventilator"), Some(Severity::Catastrophic));
    assert_eq!(severity("syringe_pump"), Some(Severity::Critical));
    assert_eq!(severity("patient_monitor"), Some(Severity::Critical));
    assert_eq!(severity("ct_scanner"), Some(Severity::Serious));
    assert_eq!(severity("hospital_bed"), Some(Severity::Minor));
    assert_eq!(severity("smart_lamp_of_the_future"), None, "what nobody knows is not harmless");
    assert_eq!(severity("printer"), Some(Severity::Negligible), "as office devices are");
}

#[test]
fn every_medical_category_must_be_listed() {
    let without: String = text("criticality.toml")
        .lines()
        .filter(|line| !line.contains("\"ct_scanner\""))
        .fold(String::new(), |text, line| text + line + "\n");
    let error = Criticality::load(&without, Notation::Toml, knowledge().categories()).unwrap_err().to_string();
    assert!(error.contains("ct_scanner"), "{error}");
}

#[test]
fn the_flag_of_the_fda_raises() {
    let care = Care { category: Some("infusion_pump"), life_sustaining: Some(true), ..Care::default() };
    let clinical = criticality_table().clinical(&care, knowledge().categories());
    assert_eq!((clinical.severity, clinical.sustains_life), (Some(Severity::Catastrophic), true));
    assert!(clinical.regulated && clinical.from.contains("FDA"));
    let care = Care { category: Some("ventilator"), life_sustaining: Some(false), ..Care::default() };
    assert_eq!(criticality_table().clinical(&care, knowledge().categories()).severity, Some(Severity::Catastrophic));
}

#[test]
fn the_highest_class_raises_and_never_lowers() {
    let severity = |category, class| {
        let care = Care { category, class, classified_by: Some("fda LZG"), ..Care::default() };
        let clinical = criticality_table().clinical(&care, knowledge().categories());
        (clinical.severity, clinical.from.contains("class 3 (fda LZG)"))
    };
    assert_eq!(severity(Some("ct_scanner"), Some(3)), (Some(Severity::Critical), true));
    assert_eq!(severity(None, Some(3)), (Some(Severity::Critical), true));
    assert_eq!(severity(Some("ventilator"), Some(3)), (Some(Severity::Catastrophic), false));
    assert_eq!(severity(Some("ct_scanner"), Some(1)), (Some(Severity::Serious), false));
    assert_eq!(severity(None, Some(2)), (None, false));
}

#[test]
fn lowering_needs_a_reason_and_two_people() {
    let person = |name| Person::new(name).unwrap();
    let reason = "used for training only, no patient is ever connected";
    let lowered = |reason, by, second| Lowering::new(Severity::Minor, reason, person(by), person(second));
    assert_eq!(Person::new("  "), Err(DecisionError::Nameless));
    assert_eq!(lowered("- . -", "ito", "weber"), Err(DecisionError::NoReason));
    assert_eq!(lowered(reason, "ito", "ITO "), Err(DecisionError::SamePerson));
    let decide = |decision: &Decision| {
        let care = Care { category: Some("infusion_pump"), decision: Some(decision), ..Care::default() };
        criticality_table().clinical(&care, knowledge().categories())
    };
    let clinical = decide(&Decision::Lower(lowered(reason, "ito", "weber").unwrap()));
    assert_eq!(clinical.severity, Some(Severity::Minor));
    assert!(clinical.from.contains(reason) && clinical.from.contains("ito") && clinical.from.contains("weber"));
    // Raising below what holds already lowers nothing, and lowering above it raises nothing.
    let raised = |to| decide(&Decision::Raise { to, by: person("ito") }).severity;
    assert_eq!(raised(Severity::Catastrophic), Some(Severity::Catastrophic));
    assert_eq!(raised(Severity::Negligible), Some(Severity::Critical));
    let up = Lowering::new(Severity::Catastrophic, reason, person("ito"), person("weber")).unwrap();
    assert_eq!(decide(&Decision::Lower(up)).severity, Some(Severity::Critical));
}

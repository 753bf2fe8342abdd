//! Rules on scores and weaknesses: 6.1.8 to 6.1.11.

use model::cvss::{Vector, Version};
use serde_json::{Map, Value};

use super::super::document::Csaf;
use super::super::weaknesses;
use super::Found;

/// A property of a CVSS object, its metric, and its words with the letters they stand for in a vector.
type Property = (&'static str, &'static str, Words);
type Words = &'static [(&'static str, &'static str)];

const VECTOR: Words =
    &[("NETWORK", "N"), ("ADJACENT_NETWORK", "A"), ("LOCAL", "L"), ("PHYSICAL", "P"), ("NOT_DEFINED", "X")];
const LEVEL: Words = &[("NONE", "N"), ("LOW", "L"), ("MEDIUM", "M"), ("HIGH", "H"), ("NOT_DEFINED", "X")];
const NEED: Words = &[("NONE", "N"), ("REQUIRED", "R"), ("NOT_DEFINED", "X")];
const SCOPE: Words = &[("UNCHANGED", "U"), ("CHANGED", "C"), ("NOT_DEFINED", "X")];
const EXPLOIT: Words =
    &[("UNPROVEN", "U"), ("PROOF_OF_CONCEPT", "P"), ("FUNCTIONAL", "F"), ("HIGH", "H"), ("NOT_DEFINED", "X")];
const FIX: Words =
    &[("OFFICIAL_FIX", "O"), ("TEMPORARY_FIX", "T"), ("WORKAROUND", "W"), ("UNAVAILABLE", "U"), ("NOT_DEFINED", "X")];
const CONFIDENCE: Words = &[("UNKNOWN", "U"), ("REASONABLE", "R"), ("CONFIRMED", "C"), ("NOT_DEFINED", "X")];

/// The schemas of CVSS 3.0 and 3.1.
static PROPERTIES_3: &[Property] = &[
    ("attackVector", "AV", VECTOR),
    ("attackComplexity", "AC", LEVEL),
    ("privilegesRequired", "PR", LEVEL),
    ("userInteraction", "UI", NEED),
    ("scope", "S", SCOPE),
    ("confidentialityImpact", "C", LEVEL),
    ("integrityImpact", "I", LEVEL),
    ("availabilityImpact", "A", LEVEL),
    ("exploitCodeMaturity", "E", EXPLOIT),
    ("remediationLevel", "RL", FIX),
    ("reportConfidence", "RC", CONFIDENCE),
    ("confidentialityRequirement", "CR", LEVEL),
    ("integrityRequirement", "IR", LEVEL),
    ("availabilityRequirement", "AR", LEVEL),
    ("modifiedAttackVector", "MAV", VECTOR),
    ("modifiedAttackComplexity", "MAC", LEVEL),
    ("modifiedPrivilegesRequired", "MPR", LEVEL),
    ("modifiedUserInteraction", "MUI", NEED),
    ("modifiedScope", "MS", SCOPE),
    ("modifiedConfidentialityImpact", "MC", LEVEL),
    ("modifiedIntegrityImpact", "MI", LEVEL),
    ("modifiedAvailabilityImpact", "MA", LEVEL),
];

const IMPACT_2: Words = &[("NONE", "N"), ("PARTIAL", "P"), ("COMPLETE", "C")];
const LEVEL_2: Words = &[("NONE", "N"), ("LOW", "L"), ("MEDIUM", "M"), ("HIGH", "H"), ("NOT_DEFINED", "ND")];
const EXPLOIT_2: Words =
    &[("UNPROVEN", "U"), ("PROOF_OF_CONCEPT", "POC"), ("FUNCTIONAL", "F"), ("HIGH", "H"), ("NOT_DEFINED", "ND")];
const FIX_2: Words = &[
    ("OFFICIAL_FIX", "OF"),
    ("TEMPORARY_FIX", "TF"),
    ("WORKAROUND", "W"),
    ("UNAVAILABLE", "U"),
    ("NOT_DEFINED", "ND"),
];
const CONFIDENCE_2: Words =
    &[("UNCONFIRMED", "UC"), ("UNCORROBORATED", "UR"), ("CONFIRMED", "C"), ("NOT_DEFINED", "ND")];
const DAMAGE_2: Words =
    &[("NONE", "N"), ("LOW", "L"), ("LOW_MEDIUM", "LM"), ("MEDIUM_HIGH", "MH"), ("HIGH", "H"), ("NOT_DEFINED", "ND")];

/// The schema of CVSS 2.0.
static PROPERTIES_2: &[Property] = &[
    ("accessVector", "AV", VECTOR),
    ("accessComplexity", "AC", LEVEL_2),
    ("authentication", "Au", &[("MULTIPLE", "M"), ("SINGLE", "S"), ("NONE", "N")]),
    ("confidentialityImpact", "C", IMPACT_2),
    ("integrityImpact", "I", IMPACT_2),
    ("availabilityImpact", "A", IMPACT_2),
    ("exploitability", "E", EXPLOIT_2),
    ("remediationLevel", "RL", FIX_2),
    ("reportConfidence", "RC", CONFIDENCE_2),
    ("collateralDamagePotential", "CDP", DAMAGE_2),
    ("targetDistribution", "TD", LEVEL_2),
    ("confidentialityRequirement", "CR", LEVEL_2),
    ("integrityRequirement", "IR", LEVEL_2),
    ("availabilityRequirement", "AR", LEVEL_2),
];

/// Numbers of a CVSS object, with the words beside them.
const SCORES: &[(&str, &str)] = &[
    ("baseScore", "baseSeverity"),
    ("temporalScore", "temporalSeverity"),
    ("environmentalScore", "environmentalSeverity"),
];
const SEVERITIES: &[&str] = &["NONE", "LOW", "MEDIUM", "HIGH", "CRITICAL"];

type Cvss = Map<String, Value>;

/// Calls `visit` with the place and content of every CVSS object.
fn each(csaf: &Csaf, visit: &mut dyn FnMut(String, &Cvss)) {
    for (index, vulnerability) in csaf.vulnerabilities().iter().enumerate() {
        for (place, score) in vulnerability.scores.iter().enumerate() {
            for (member, cvss) in [("cvss_v2", &score.cvss_v2), ("cvss_v3", &score.cvss_v3)] {
                if let Some(Value::Object(cvss)) = cvss {
                    visit(format!("/vulnerabilities/{index}/scores/{place}/{member}"), cvss);
                }
            }
        }
    }
}

fn text<'a>(cvss: &'a Cvss, member: &str) -> Option<&'a str> {
    cvss.get(member).and_then(Value::as_str)
}

fn vector(cvss: &Cvss) -> Option<Vector> {
    text(cvss, "vectorString").and_then(Vector::read)
}

fn properties(version: Version) -> &'static [Property] {
    if version == Version::V2 { PROPERTIES_2 } else { PROPERTIES_3 }
}

/// 6.1.8
pub(super) fn invalid(csaf: &Csaf, found: &mut Found) {
    each(csaf, &mut |place, cvss| {
        let Some(vector) = vector(cvss) else {
            found.at(format!("{place}/vectorString"), "is no vector");
            return;
        };
        let version = vector.version();
        let is_of_member = (version == Version::V2) == place.ends_with("cvss_v2") && version != Version::V40;
        if !is_of_member || text(cvss, "version") != Some(version.name()) {
            found.at(format!("{place}/version"), format!("is not {}, which the vector is of", version.name()));
        }
        let is_asked = |member: &&str| version != Version::V2 || *member != "baseSeverity";
        for member in ["baseScore", "baseSeverity"].into_iter().filter(is_asked) {
            if !cvss.contains_key(member) {
                found.at(format!("{place}/{member}"), "is missing");
            }
        }
        for (score, severity) in SCORES {
            let is_score = |value: &Value| value.as_f64().is_some_and(|score| (0.0..=10.0).contains(&score));
            if cvss.get(*score).is_some_and(|value| !is_score(value)) {
                found.at(format!("{place}/{score}"), "is no number from 0 to 10");
            }
            let is_severity = |value: &Value| value.as_str().is_some_and(|word| SEVERITIES.contains(&word));
            if version != Version::V2 && cvss.get(*severity).is_some_and(|value| !is_severity(value)) {
                found.at(format!("{place}/{severity}"), "is none of the words for severity");
            }
        }
        for (property, _, words) in properties(version) {
            let is_word =
                |value: &Value| value.as_str().is_some_and(|text| words.iter().any(|(word, _)| *word == text));
            if cvss.get(*property).is_some_and(|value| !is_word(value)) {
                found.at(format!("{place}/{property}"), "is none of its words");
            }
        }
    });
}

/// 6.1.9
pub(super) fn wrongly_computed(csaf: &Csaf, found: &mut Found) {
    each(csaf, &mut |place, cvss| {
        let Some(vector) = vector(cvss) else { return };
        let computed = [vector.base_score(), vector.temporal_score(), vector.environmental_score()];
        // With metrics that only the properties name, the other two scores are not the vector's.
        let is_added =
            |(property, metric, _): &Property| cvss.contains_key(*property) && vector.metric(metric).is_none();
        let count = if properties(vector.version()).iter().any(is_added) { 1 } else { computed.len() };
        for ((score, severity), computed) in SCORES.iter().zip(computed).take(count) {
            let said = cvss.get(*score).and_then(Value::as_f64);
            if said.is_some_and(|said| (said - computed).abs() > 0.000_001) {
                found.at(format!("{place}/{score}"), format!("is not {computed:.1}, as the vector says"));
            }
            let word = vector.version().severity(computed).name();
            if vector.version() != Version::V2 && text(cvss, severity).is_some_and(|said| said != word) {
                found.at(format!("{place}/{severity}"), format!("is not {word}, as the vector says"));
            }
        }
    });
}

/// 6.1.10
pub(super) fn inconsistent(csaf: &Csaf, found: &mut Found) {
    each(csaf, &mut |place, cvss| {
        let Some(vector) = vector(cvss) else { return };
        for (property, metric, words) in properties(vector.version()) {
            let Some(said) = text(cvss, property) else { continue };
            let Some((_, letters)) = words.iter().find(|(word, _)| *word == said) else { continue };
            // What the vector leaves open does not contradict it.
            if vector.metric(metric).is_some_and(|letters_said| letters_said != *letters) {
                found.at(format!("{place}/{property}"), format!("is {said}, the vector says otherwise"));
            }
        }
    });
}

/// 6.1.11
pub(super) fn weakness(csaf: &Csaf, found: &mut Found) {
    for (index, vulnerability) in csaf.vulnerabilities().iter().enumerate() {
        let Some(cwe) = &vulnerability.cwe else { continue };
        if let Err(why) = weaknesses::check(&cwe.id, &cwe.name) {
            found.at(format!("/vulnerabilities/{index}/cwe"), why);
        }
    }
}

//! Worked examples. The table names for each case what S, R, L, I and the score are, and in words what the device is like; the findings
//! below are those of the words, and where the words leave a number open, steps of the tables that give the table's S and I.

use analysis::risks::explain::Explanation;
use analysis::risks::factors::Part;
use analysis::risks::what_if::{self, Edit};
use analysis::risks::{
    AttackVector, Band, Exploitation, Exposure, Finding, HostControl, Incident, MatchTier, Path, PathControl, Reach,
    Score, Severity, Stage, Subject, Tables, Vex, VulnerabilityControl,
};

use super::{device, finding, home, more, share, tables, verified};

/// An infusion pump: Telnet and FTP, a password in its firmware, a protocol that asks nobody, two published exploits that
/// need access to it, one of them for a version that it may not have.
fn pump(tables: &Tables) -> Subject {
    let local = |cve, matched, update| Finding {
        exploitation: Some(Exploitation::PublicPoc),
        attack_vector: Some(AttackVector::Local),
        matched,
        update,
        ..finding(cve)
    };
    let mut pump = device(Reach::FlatNetwork, Severity::Critical, 0.4, 125);
    pump.findings = vec![local("CVE-A-1", MatchTier::Decided, false), local("CVE-A-2", MatchTier::Possible, true)];
    for name in ["cleartext_management", "hardcoded_credentials", "unauthenticated_protocol"] {
        pump.weaknesses.push(tables.seen(name, "test").unwrap());
    }
    pump
}

/// What its firmware upgrade leaves: the protocol, and the exploit that has no update.
fn upgraded(mut pump: Subject) -> Subject {
    pump.weaknesses.retain(|weakness| &*weakness.name == "unauthenticated_protocol");
    Edit::Update.apply(&mut pump);
    pump
}

fn restricted(mut subject: Subject, to: Reach) -> Subject {
    home(&mut subject).segment = Some(verified(to));
    subject
}

/// A CT console: a Windows nobody mends, SMB version 1, a vulnerability of CISA's catalogue, the maker's remote access.
fn ct(tables: &Tables) -> Subject {
    let mut ct = device(Reach::FlatNetwork, Severity::Serious, 0.04, 1_995_262);
    let exploitation = Some(Exploitation::KnownExploited);
    ct.findings = vec![Finding { exploitation, epss: Some(share(0.94)), ..finding("CVE-B-1") }];
    for name in ["end_of_life_system", "smb_version_1", "no_endpoint_detection"] {
        ct.weaknesses.push(tables.seen(name, "test").unwrap());
    }
    more(&mut ct).push(Path::new(Some(Reach::VendorAccess), "the maker's access", "test"));
    ct
}

/// An image archive on the internet with an exploited Tomcat of uncertain version.
fn archive(tables: &Tables, matched: MatchTier, vex: Option<Vex>) -> Subject {
    let mut archive = device(Reach::Internet, Severity::Serious, 0.4, 10_000_000);
    let exploitation = Some(Exploitation::KnownExploited);
    archive.findings = vec![Finding { exploitation, epss: Some(share(0.9)), matched, vex, ..finding("CVE-C-1") }];
    archive.weaknesses.push(tables.seen("no_endpoint_detection", "test").unwrap());
    archive
}

fn monitor(tables: &Tables) -> Subject {
    let mut monitor = device(Reach::OpenClinical, Severity::Critical, 0.2, 630);
    monitor.weaknesses.push(tables.seen("unauthenticated_protocol", "test").unwrap());
    monitor
}

fn with_incident(mut subject: Subject, probability: f64) -> Subject {
    subject.incidents.push(Incident { probability: share(probability), from: "test".into() });
    subject
}

#[test]
fn worked_examples() {
    let tables = &tables();
    let (a, b) = (pump(tables), ct(tables));
    let mut vendor_mfa = restricted(b.clone(), Reach::MicroSegment);
    more(&mut vendor_mfa)[0].controls.push(verified(PathControl::VendorMfa));
    let mut patched = b.clone();
    patched.findings[0].controls.push(verified(VulnerabilityControl::VirtualPatch));
    let mut sensor = device(Reach::FlatNetwork, Severity::Negligible, 0.9, 0);
    sensor.weaknesses.push(tables.seen("unknown_identity", "test").unwrap());
    let cases = [
        ("A", a.clone(), [0.576, 0.70, 0.403, 0.887], 59.8, Band::High),
        ("A1", restricted(a.clone(), Reach::Restricted), [0.576, 0.15, 0.086, 0.887], 27.7, Band::Low),
        ("A2", upgraded(a.clone()), [0.179, 0.70, 0.125, 0.887], 33.3, Band::Medium),
        ("A3", restricted(upgraded(a), Reach::Restricted), [0.179, 0.15, 0.027, 0.887], 15.4, Band::Low),
        ("B", b.clone(), [0.975, 0.82, 0.800, 0.864], 83.1, Band::Critical),
        ("B1", vendor_mfa, [0.975, 0.202, 0.197, 0.864], 41.3, Band::Medium),
        ("B2", patched, [0.691, 0.82, 0.566, 0.864], 69.97, Band::High),
        ("B3", restricted(b, Reach::MicroSegment), [0.975, 0.43, 0.419, 0.864], 60.2, Band::High),
        ("C", archive(tables, MatchTier::Possible, None), [0.591, 1.0, 0.591, 0.808], 69.1, Band::High),
        ("C1", archive(tables, MatchTier::Exact, None), [0.952, 1.0, 0.952, 0.808], 87.7, Band::Critical),
        ("C2", archive(tables, MatchTier::Exact, Some(Vex::NotAffected)), [0.050, 1.0, 0.050, 0.808], 20.1, Band::Low),
        ("D", monitor(tables), [0.150, 0.45, 0.068, 0.913], 24.8, Band::Low),
        ("D1", with_incident(monitor(tables), 0.7), [0.150, 0.45, 0.720, 0.913], 81.1, Band::Critical),
        ("E", sensor, [0.100, 0.70, 0.070, 0.107], 8.7, Band::Low),
    ];
    for (case, subject, parts, expected, band) in cases {
        let score = Score::of(&subject, tables);
        let found = [score.susceptibility, score.exposure, score.likelihood, score.impact];
        for (found, expected) in found.iter().zip(parts) {
            assert!((found - expected).abs() <= 0.000_51, "{case}: {found:.5} is not {expected}");
        }
        let decimals = if case == "B2" { 0.005 } else { 0.05 };
        assert!((score.display() - expected).abs() <= decimals + 1e-9, "{case}: {} is not {expected}", score.display());
        assert_eq!(score.band(tables), band, "{case}");
        explanation_is_exact(&subject, tables);
    }
}

fn explanation_is_exact(subject: &Subject, tables: &Tables) {
    let explanation = Explanation::of(subject, tables);
    let parts = explanation.parts;
    let of = |part| explanation.causes.iter().filter(move |cause| cause.part == part);
    let sum: f64 = of(Part::Susceptibility).map(|cause| -(1.0 - cause.value).ln()).sum();
    assert!((sum + (1.0 - parts.susceptibility).ln()).abs() < 1e-9, "-ln(1 - S) is no sum of its causes");
    for cause in of(Part::Susceptibility) {
        assert!((cause.share - -(1.0 - cause.value).ln() / sum).abs() < 1e-9);
        let terms: f64 = cause.terms.iter().map(|(_, term)| term).product();
        assert!(cause.terms.is_empty() || (terms - cause.value).abs() < 1e-12);
        assert!(cause.text(tables).contains("test"), "nobody learns what it was told from");
    }
    for part in [Part::Susceptibility, Part::Exposure, Part::Impact] {
        assert!((of(part).map(|cause| cause.share).sum::<f64>() - 1.0).abs() < 1e-9);
    }
    let logarithms: f64 = explanation.steps.iter().map(|step| step.factor.unwrap().ln()).sum();
    assert!((logarithms - parts.expected_harm.ln()).abs() < 1e-9, "the steps do not lead to the score");
    assert!((explanation.steps.last().unwrap().score - explanation.score).abs() < 1e-9);
}

/// An access list stands in the path. A second credit for it, as a control of the device, would make 27.7 into 19.6.
#[test]
fn a_control_is_credited_once() {
    let tables = &tables();
    let once = restricted(pump(tables), Reach::Restricted);
    let shown = |subject: &Subject| Score::of(subject, tables).display();
    assert!((shown(&once) - 27.7).abs() < 0.05, "{}", shown(&once));
    let mut twice = once.clone();
    twice.controls.push(verified(HostControl::EndpointDetection));
    assert!((shown(&twice) - 19.6).abs() < 0.05, "the trap: {}", shown(&twice));
    // The same control again, at the same place, changes nothing, nor does a segment on a path that is narrower already.
    let same = |first: &Subject, second: &Subject| assert_eq!(Score::of(first, tables), Score::of(second, tables));
    let mut again = twice.clone();
    again.controls.push(verified(HostControl::EndpointDetection));
    same(&twice, &again);
    let mut patched = once.clone();
    patched.findings[0].controls.push(verified(VulnerabilityControl::VirtualPatch));
    let mut patched_again = patched.clone();
    patched_again.findings[0].controls.push(verified(VulnerabilityControl::VirtualPatch));
    same(&patched, &patched_again);
    let narrow = device(Reach::MicroSegment, Severity::Critical, 0.0, 0);
    same(&narrow, &restricted(narrow.clone(), Reach::Restricted));
}

#[test]
fn only_what_was_verified_is_credited() {
    let tables = &tables();
    let before = Score::of(&ct(tables), tables);
    let mut planned = restricted(ct(tables), Reach::MicroSegment);
    home(&mut planned).segment.as_mut().unwrap().stage = Stage::Planned;
    more(&mut planned)[0].controls.push(verified(PathControl::VendorMfa));
    more(&mut planned)[0].controls[0].stage = Stage::Planned;
    planned.findings[0].controls.push(verified(VulnerabilityControl::VirtualPatch));
    planned.findings[0].controls[0].stage = Stage::Planned;
    planned.controls.push(verified(HostControl::AllowListing));
    planned.controls[0].stage = Stage::Planned;
    assert_eq!(before, Score::of(&planned, tables));
}

#[test]
fn the_fewest_changes_are_told_in_a_sentence() {
    let tables = &tables();
    let pump = pump(tables);
    let change = what_if::becomes(&pump, tables, Band::Medium).unwrap();
    assert_eq!(change.edits.len(), 1, "one change is enough: {:?}", change.edits);
    assert!(change.band <= Band::Medium);
    let sentence = change.sentence(&pump, tables);
    assert_eq!(sentence, "becomes medium (43) if this is mended: a password that nobody can change");
    // The CT needs both of its paths narrowed: no single change does it.
    let ct = ct(tables);
    let change = what_if::becomes(&ct, tables, Band::Medium).unwrap();
    let paths: Vec<bool> =
        change.edits.iter().map(|edit| matches!(edit, Edit::Segment(..) | Edit::PathControl(..))).collect();
    assert_eq!(paths, [true, true], "{}", change.sentence(&ct, tables));
    for edit in Edit::all(&ct) {
        let mut alone = ct.clone();
        edit.apply(&mut alone);
        assert!(Score::of(&alone, tables).band(tables) > Band::Medium, "{edit:?} alone would do");
    }
    assert_eq!(what_if::becomes(&monitor(tables), tables, Band::Low), None, "it is low already");
}

#[test]
fn attack_paths_take_the_place_of_reach_classes() {
    let tables = &tables();
    let mut graph = monitor(tables);
    let exposure = |contacted, controlled| Exposure::Graph {
        contacted: share(contacted),
        controlled: share(controlled),
        public: false,
        from: "test".into(),
    };
    graph.exposure = exposure(0.45, 0.0);
    assert_eq!(Score::of(&graph, tables), Score::of(&monitor(tables), tables));
    graph.exposure = exposure(0.45, 0.7);
    assert_eq!(
        Score::of(&graph, tables).likelihood,
        Score::of(&with_incident(monitor(tables), 0.7), tables).likelihood
    );
}

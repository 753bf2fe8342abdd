//! Every feed on what its publishers really publish, and on what they say is no document of theirs.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::path::{Path, PathBuf};

use feeds::{Document, FeedError};
use model::advisory::{Advisory, Status, VersionKind};
use model::outside::{Fact, Sourced};
use xtask::reference;

/// Every file below a folder with one of these endings, in order.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            let name = path.to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "{}: nothing there", folder.display());
    found
}

fn read(path: &Path) -> Result<Document, FeedError> {
    feeds::read(&path.file_name().unwrap().to_string_lossy(), &std::fs::read(path).unwrap())
}

fn taken(path: &Path, feed: &str) -> Vec<Sourced> {
    let document = read(path).unwrap_or_else(|error| panic!("{error}"));
    let facts: Vec<Sourced> = document.facts().collect();
    assert!(facts.iter().all(|fact| fact.origin.feed == feed), "{}", path.display());
    facts
}

fn advisories(facts: Vec<Sourced>) -> Vec<Advisory> {
    facts
        .into_iter()
        .filter_map(|fact| match fact.fact {
            Fact::Advisory(advisory) => Some(*advisory),
            _ => None,
        })
        .collect()
}

/// Documents on optional rules that use a digest twice, which rule 6.1.25 forbids: csaf-rs says the same.
const BREAK_A_MANDATORY_RULE_TOO: &[&str] = &["6-2-08-02", "6-2-09-02"];

#[test]
fn the_documents_of_the_csaf_committee_are_told_apart() {
    let Some(data) = reference::data() else { return };
    let folder = data.join("feed-csaf-spec/oasis-tcs+csaf/csaf_2.0");
    let (mut right, mut wrong) = (0, 0);
    for path in files(&folder.join("test/validator/data"), &[".json"]) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let Some((_, test)) = name.split_once("-2021-") else { panic!("{name}") };
        // 6-1-27-09-13 is the thirteenth document on rule 6.1.27.9; from 11 on they hold it. All others hold the mandatory ones.
        let (rule, number) = match BREAK_A_MANDATORY_RULE_TOO.contains(&test) {
            true => ("6-1-25", "01"),
            false => test.rsplit_once('-').unwrap_or((test, "11")),
        };
        let holds = !rule.starts_with("6-1") || number.parse::<u32>().unwrap() > 10;
        if holds {
            assert_eq!(taken(&path, "csaf").len(), 1, "{name}");
            right += 1;
        } else {
            let error = read(&path).expect_err(&name);
            let rule: Vec<u32> = rule.split('-').map(|part| part.parse().unwrap()).collect();
            let rule: Vec<String> = rule.iter().map(u32::to_string).collect();
            let is_digit = |letter: char| letter.is_ascii_digit() || letter == '.';
            assert!(
                error.defect.why.split(|letter| !is_digit(letter)).any(|said| said == rule.join(".")),
                "{name}: {error}"
            );
            assert!(error.to_string().contains(": /"), "{error}");
            wrong += 1;
        }
    }
    for path in files(&folder.join("examples/csaf"), &[".json"]) {
        assert_eq!(taken(&path, "csaf").len(), 1);
        right += 1;
    }
    // Only the names of these files are right or wrong, and names are not looked at.
    for path in files(&folder.join("test/filenames/data"), &[".json"]) {
        assert_eq!(taken(&path, "csaf").len(), 1);
        right += 1;
    }
    for path in files(&folder.join("examples/ROLIE"), &[".json"])
        .into_iter()
        .chain(files(&folder.join("examples/aggregator"), &[".json"]))
    {
        assert_eq!(read(&path).unwrap_err().feed, None, "{}", path.display());
    }
    assert!(right > 80 && wrong > 50, "{right} and {wrong}");
    println!("CSAF: {right} valid documents taken, {wrong} invalid ones refused by the rule they break");
}

#[test]
fn every_medical_advisory_is_read() {
    let Some(data) = reference::data() else { return };
    let (mut notes, mut statements, mut all) = (0, 0, 0);
    for path in
        files(&data.join("feed-csaf-icsma"), &[".json"]).iter().chain(&files(&data.join("feed-csaf-icsa"), &[".json"]))
    {
        let document = read(path).unwrap_or_else(|error| panic!("{error}"));
        notes += document.parts[0].notes.len();
        let advisory = advisories(document.facts().collect()).remove(0);
        assert!(!advisory.vulnerabilities.is_empty() && advisory.publisher.name == "CISA", "{}", advisory.id);
        let of_file = path.file_stem().unwrap().to_string_lossy().to_uppercase();
        assert_eq!(advisory.id.to_uppercase(), of_file);
        for statement in &advisory.statements {
            assert!(!statement.text.is_empty(), "{statement:?}");
            assert_eq!(statement.version.is_none(), statement.kind == VersionKind::Name, "{statement:?}");
        }
        for vulnerability in &advisory.vulnerabilities {
            assert!(vulnerability.states.iter().any(|state| state.status == Status::Affected), "{}", advisory.id);
        }
        statements += advisory.statements.len();
        all += 1;
    }
    assert!(all > 200);
    println!("CISA: {all} advisories taken, {statements} statements, {notes} notes on what was left out");
}

#[test]
fn statements_say_what_people_read_in_them() {
    let Some(data) = reference::data() else { return };
    let gold = std::fs::read_to_string(data.join("gold-advisories/gold.open.jsonl")).unwrap();
    let mut by_id = std::collections::BTreeMap::new();
    for path in files(&data.join("feed-csaf-icsma"), &[".json"]) {
        let advisory = advisories(taken(&path, "csaf")).remove(0);
        by_id.insert(advisory.id.clone(), advisory);
    }
    let mut compared = 0;
    for line in gold.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |member: &str| row[member].as_str().unwrap_or_default();
        let Some(advisory) = by_id.get(text("advisory")) else { continue };
        let Some(statement) = advisory.statements.iter().find(|statement| statement.id == text("leaf")) else {
            panic!("{row}")
        };
        let read = [statement.vendor.as_deref(), Some(&statement.product), statement.version.as_deref()];
        assert_eq!(
            read.map(|text| text.unwrap_or_default().trim()),
            ["vendor", "product", "statement"].map(|member| text(member).trim()),
            "{row}"
        );
        for cve in row["cves"].as_array().unwrap() {
            let vulnerability = advisory
                .vulnerabilities
                .iter()
                .find(|vulnerability| vulnerability.cve.as_deref() == cve.as_str())
                .unwrap();
            assert!(vulnerability.states.iter().any(|state| state.statement == statement.id), "{row}");
        }
        compared += 1;
    }
    assert!(compared > 500, "{compared}");
    println!("{compared} rows of people agree with the statements read");
}

#[test]
fn the_catalogue_of_exploited_vulnerabilities_says_the_same_twice() {
    let Some(data) = reference::data() else { return };
    let folder = data.join("feed-kev/cisagov+kev-data");
    let facts =
        |name: &str| -> Vec<Fact> { taken(&folder.join(name), "kev").into_iter().map(|fact| fact.fact).collect() };
    let (from_json, from_csv) =
        (facts("known_exploited_vulnerabilities.json"), facts("known_exploited_vulnerabilities.csv"));
    assert_eq!(from_json.len(), 1_404);
    assert!(from_json.iter().zip(&from_csv).all(|(one, other)| one.key() == other.key()));
    let ransomware = |facts: &[Fact]| {
        facts.iter().filter(|fact| matches!(fact, Fact::KnownExploited(entry) if entry.by_ransomware)).count()
    };
    assert_eq!(ransomware(&from_json), ransomware(&from_csv));
    for name in ["aboutcode-org+vulnerablecode/kev_data.json", "anchore+vunnel/kev/test-fixtures/valid-catalog-1.json"]
    {
        assert!(!taken(&data.join("feed-nvd").join(name), "kev").is_empty());
    }
    println!("KEV: 1,404 entries, as JSON and as CSV");
}

#[test]
fn predictions_and_records_of_catalogues_are_read() {
    let Some(data) = reference::data() else { return };
    let folder = data.join("feed-nvd");
    assert_eq!(taken(&folder.join("anchore+vunnel/epss/test-fixtures/example-1.csv"), "epss").len(), 5);
    // An excerpt whose last row has no end: that may be a row that was cut.
    let excerpt = std::fs::read(folder.join("aboutcode-org+vulnerablecode/epss/epss_scores-2025-x-x.csv")).unwrap();
    assert!(feeds::read("excerpt", &excerpt).unwrap_err().to_string().contains("was cut"));
    let long: Vec<Sourced> = feeds::read(
        "excerpt",
        &[
            excerpt,
            b"
"
            .to_vec(),
        ]
        .concat(),
    )
    .unwrap()
    .facts()
    .collect();
    let header = read(&folder.join("anchore+vunnel/epss/test-fixtures/invalid-header.csv")).unwrap_err();
    assert!(header.to_string().starts_with("invalid-header.csv: line 2 "), "{header}");
    for name in ["nvd_v2/nvd_test.json", "nvd/nvd_test.json"] {
        assert!(!taken(&folder.join("aboutcode-org+vulnerablecode").join(name), "nvd").is_empty());
    }
    let (mut records, mut decisions) = (0, 0);
    for path in files(&data.join("feed-vulnrichment"), &[".json"]) {
        for fact in taken(&path, "cve") {
            let Fact::CveRecord(record) = fact.fact else { panic!("{}", path.display()) };
            assert_eq!(record.cve, path.file_stem().unwrap().to_string_lossy());
            decisions += record
                .decisions
                .iter()
                .filter(|decision| decision.exploitation.is_some() && decision.automatable.is_some())
                .count();
            records += 1;
        }
    }
    assert!(records >= 15 && decisions >= records, "{records} records, {decisions} decisions");
    println!("EPSS: {} rows; CVE records: {records} with {decisions} decisions", long.len());
}

#[test]
fn parts_lists_are_read() {
    let Some(data) = reference::data() else { return };
    let (mut bills, mut parts, mut statements) = (0, 0, 0);
    for path in files(&data.join("sbom/CycloneDX+bom-examples"), &[".json", ".xml"]) {
        for fact in taken(&path, "cyclonedx") {
            match fact.fact {
                Fact::Bill(bill) => (bills, parts) = (bills + 1, parts + bill.components.len()),
                Fact::Advisory(advisory) => statements += advisory.statements.len(),
                other => panic!("{other:?}"),
            }
        }
    }
    assert!(bills > 10 && parts > 500 && statements > 20, "{bills} {parts} {statements}");
    println!("CycloneDX: {bills} parts lists with {parts} parts, {statements} statements of VEX");
    let (mut bills, mut parts) = (0, 0);
    // A line of this one was overwritten in the middle.
    let damaged = files(&data.join("sbom"), &[".Vyfv"]).remove(0);
    assert!(read(&damaged).unwrap_err().to_string().contains(": line 198 "));
    for path in files(&data.join("sbom"), &[".spdx", ".spdx.json", ".xlmO", ".bQXf", ".SUKU", ".swcL"]) {
        for fact in taken(&path, "spdx") {
            let Fact::Bill(bill) = fact.fact else { panic!("{}", path.display()) };
            assert!(
                bill.components.iter().all(|part| !part.name.is_empty() && !part.id.is_empty()),
                "{}",
                path.display()
            );
            (bills, parts) = (bills + 1, parts + bill.components.len());
        }
    }
    assert!(bills > 20 && parts > 150, "{bills} {parts}");
    println!("SPDX 2: {bills} parts lists with {parts} parts");
    for path in files(&data.join("sbom"), &[".spdx3.json"]) {
        assert_eq!(read(&path).unwrap_err().feed, None, "SPDX 3 is not read, and not taken for SPDX 2");
    }
}

#[test]
fn a_model_of_the_fda_is_read() {
    let Some(data) = reference::data() else { return };
    let facts = taken(&data.join("feed-fda/FDA+openfda/openfda/device_udi/tests/test.xml"), "gudid");
    let [Sourced { fact: Fact::DeviceModel(model), .. }] = facts.as_slice() else { panic!("{facts:?}") };
    assert_eq!(
        (model.primary_identifier.as_str(), model.company.as_str()),
        ("00844588018923", "CONSENSUS ORTHOPEDICS, INC.")
    );
    assert_eq!((model.identifiers.len(), model.product_codes.join(" ")), (2, "OQG MAX".to_owned()));
    let said = serde_json::to_string(model).unwrap();
    assert!(!said.contains('@') || !said.contains("fda.hhs.gov"), "who to call is not read");
}

#[test]
fn a_disclosure_is_read() {
    let Some(data) = reference::data() else { return };
    let facts = taken(&data.join("mds2/LM-Tech-Solutions+parseMDS2/Example-MDS2-Worksheet.xlsx"), "mds2");
    let [Sourced { fact: Fact::Disclosure(form), origin }] = facts.as_slice() else { panic!("{facts:?}") };
    let answer = |question: &str| form.answers.iter().find(|answer| answer.question == question).unwrap();
    let said = |question: &str| (answer(question).answer.as_str(), answer(question).cell.as_str());
    assert_eq!((said("MPII-1"), said("MPII-2.1")), (("Yes", "mds2-form!C24"), ("N/A", "mds2-form!C26")));
    assert_eq!((said("PAUT-9"), said("TXIG-2")), (("No", "mds2-form!C227"), ("No", "mds2-form!C322")));
    assert!(
        answer("DOC-10").note.as_deref().is_some_and(|note| note.starts_with("Note 1: ")),
        "{:?}",
        answer("DOC-10")
    );
    assert!(form.answers.iter().all(|answer| answer.question != "DOC-5"), "whom to contact is not read");
    assert_eq!(origin.date.map(|date| date.to_string()[..10].to_owned()).as_deref(), Some("2019-10-09"));
    assert!(form.answers.len() == 239, "{}", form.answers.len());
    println!("MDS2: {} answers", form.answers.len());
}

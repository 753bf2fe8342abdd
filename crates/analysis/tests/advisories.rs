//! Medical advisories against devices inside, outside and at the edge of what they say, decided by people.
//! The data lies beside the repository and is never part of it; without it the tests say so and check nothing.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::arithmetic_side_effects
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use analysis::advisories::{Library, Makers, Profile, Reading, Statement, Tier, Verdict, decide};
use analysis::knowledge::Notation;
use model::Timestamp;
use model::advisory::{self, Advisory, Publisher, PublisherKind, State, Status, VersionKind, Vulnerability};
use model::outside::DeviceModel;
use serde_json::Value;
use xtask::reference;

fn makers() -> Makers {
    Makers::read(include_str!("../../../knowledge/makers.toml"), Notation::Toml).unwrap()
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            files(&entry, out);
        } else if entry.extension().is_some_and(|ending| ending == "json") {
            out.push(entry);
        }
    }
}

/// The statements of each advisory, by its number.
fn advisories(folder: &Path, makers: &Makers) -> BTreeMap<String, Vec<Leaf>> {
    fn walk(branch: &Value, path: &mut Vec<String>, title: &str, makers: &Makers, out: &mut Vec<Leaf>) {
        path.push(branch["name"].as_str().unwrap_or_default().to_owned());
        if let Some(text) = branch["product"]["name"].as_str() {
            let last = path.len() - 1;
            let (vendor, product, version) = (path[0].clone(), path[1..last.max(1)].join(" "), path[last].clone());
            let statement = Statement { vendor: &vendor, product: &product, version: &version, text };
            let reading = Reading::new(&statement, title, makers);
            let id = branch["product"]["product_id"].as_str().unwrap().to_owned();
            out.push(Leaf { id, vendor, product, version, reading });
        }
        for branch in branch["branches"].as_array().into_iter().flatten() {
            walk(branch, path, title, makers, out);
        }
        path.pop();
    }
    let mut paths = Vec::new();
    files(folder, &mut paths);
    let mut advisories = BTreeMap::new();
    for path in paths {
        let document: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let title = document["document"]["title"].as_str().unwrap_or_default();
        let mut readings = Vec::new();
        for branch in document["product_tree"]["branches"].as_array().into_iter().flatten() {
            walk(branch, &mut Vec::new(), title, makers, &mut readings);
        }
        advisories.insert(document["document"]["tracking"]["id"].as_str().unwrap().to_owned(), readings);
    }
    advisories
}

fn profile(device: &Value) -> Profile {
    let text = |name: &str| device[name].as_str().map(str::to_owned);
    let day = |name: &str| Timestamp::read(device[name].as_str()?).map(Timestamp::day);
    Profile {
        vendor: text("vendor"),
        model: text("model"),
        version: text("version"),
        catalogue: text("catalog"),
        serial: text("serial"),
        made: day("manufactured").or_else(|| day("released")),
        system: text("os"),
        modules: text("wbm").map(|version| ("wbm".to_owned(), version)).into_iter().collect(),
    }
}

fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Affected => "affected",
        Verdict::NotAffected => "not",
        Verdict::Undetermined(_) => "undetermined",
    }
}

fn lines(path: &Path) -> Vec<Value> {
    std::fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn what_people_decided_is_decided_so() {
    let Some(data) = reference::data() else { return };
    let makers = makers();
    let advisories = advisories(&data.join("feed-csaf-icsma"), &makers);
    for (file, undecided_max) in [("gold.open.jsonl", 0.01), ("gold_hard.open.jsonl", 0.10)] {
        let rows = lines(&data.join("gold-advisories").join(file));
        let (mut wrong, mut undecided) = (Vec::new(), 0);
        for row in &rows {
            let verdict = decide(
                advisories[row["advisory"].as_str().unwrap()].iter().map(|leaf| &leaf.reading),
                &profile(&row["device"]),
                &makers,
            );
            let said = word(&verdict);
            undecided += usize::from(said == "undetermined" && row["expected"] != "undetermined");
            if !row["accept"].as_array().unwrap().iter().any(|accepted| accepted == said) {
                let [product, statement] = ["product", "statement"].map(|name| row[name].as_str().unwrap());
                wrong.push(format!(
                    "{} {product} | {statement} | {} : {verdict:?}, not {}",
                    row["advisory"], row["device"], row["accept"]
                ));
            }
        }
        println!("{file}: {} rows, {} wrong, {undecided} undecided that somebody decided", rows.len(), wrong.len());
        assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
        assert!(undecided as f64 <= rows.len() as f64 * undecided_max, "{undecided} undecided");
    }
}

/// A product leaf as the advisory writes it, and what was read of it.
struct Leaf {
    id: String,
    vendor: String,
    product: String,
    version: String,
    reading: Reading,
}

/// Versions to try: each that the statement names, the one before and the one after.
fn probes(statement: &str) -> Vec<String> {
    let mut probes = Vec::new();
    for word in statement
        .split([' ', '|', '<', '=', '>', '(', ')', ','])
        .filter(|word| word.chars().any(|letter| letter.is_ascii_digit()))
    {
        let from = word.rfind(|letter: char| !letter.is_ascii_digit()).map_or(0, |place| place + 1);
        let (head, last) = word.split_at(from);
        probes.push(word.to_owned());
        if let Ok(number) = last.parse::<u64>() {
            let width = last.len();
            probes.extend(
                [number.checked_sub(1), Some(number + 1)]
                    .into_iter()
                    .flatten()
                    .map(|number| format!("{head}{number:0width$}")),
            );
        }
    }
    probes.push("1.0".to_owned());
    probes.sort();
    probes.dedup();
    probes
}

/// What is said of a device of each product leaf: with no version, and with those at, below and above what it names. Read
/// by a person when it was written; `CORDON_WRITE=1` writes it anew.
#[test]
fn each_product_is_decided_as_it_was() {
    let Some(data) = reference::data() else { return };
    let makers = makers();
    let mut written = String::new();
    let (mut all, mut unread) = (0, Vec::new());
    for (id, leaves) in advisories(&data.join("feed-csaf-icsma"), &makers) {
        for Leaf { id: leaf, vendor, product, version, reading } in leaves {
            all += 1;
            unread.extend(reading.unread().map(|text| format!("{id} {leaf}: {text}")));
            let verdict = |probe: Option<String>| {
                let profile = Profile {
                    vendor: Some(vendor.clone()),
                    model: Some(product.clone()),
                    version: probe,
                    ..Profile::default()
                };
                word(&decide([&reading], &profile, &makers))
            };
            let said: Vec<String> =
                probes(&version).into_iter().map(|probe| format!("{probe}={}", verdict(Some(probe.clone())))).collect();
            written += &format!("{id}\t{leaf}\t-={}\t{}\n", verdict(None), said.join("\t"));
        }
    }
    println!("{} of {all} product leaves are left to a person in part: {unread:#?}", unread.len());
    assert!(unread.len() * 20 <= all, "{unread:#?}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/advisories/leaves.tsv");
    if std::env::var_os("CORDON_WRITE").is_some() {
        std::fs::write(path, written).unwrap();
        return;
    }
    let known = std::fs::read_to_string(path).unwrap();
    for (now, before) in written.lines().zip(known.lines()) {
        assert_eq!(now, before);
    }
    assert_eq!(written.lines().count(), known.lines().count());
}

#[test]
fn advisories_on_other_industries_are_about_no_medical_device() {
    let Some(data) = reference::data() else { return };
    let makers = makers();
    let others = advisories(&data.join("feed-csaf-icsa"), &makers);
    assert!(others.len() > 100, "{}", others.len());
    let mut devices = BTreeMap::new();
    for row in lines(&data.join("gold-advisories/gold.open.jsonl")).iter().filter(|row| row["kind"] != "other-vendor") {
        devices.insert(row["device"].to_string(), profile(&row["device"]));
    }
    for profile in devices.values() {
        for (id, leaves) in &others {
            let verdict = decide(leaves.iter().map(|leaf| &leaf.reading), profile, &makers);
            assert_eq!(verdict, Verdict::NotAffected, "{id} {profile:?}");
        }
    }
    println!("{} devices, {} advisories", devices.len(), others.len());
}

/// Whoever writes advisories can write anything.
#[test]
fn any_statement_is_read() {
    let makers = makers();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let pieces = [
        "<",
        "<=",
        ">",
        "|",
        "(",
        ")",
        "with ",
        "1.2",
        "x",
        "*",
        " and ",
        "prior to ",
        "SN 5 and higher",
        "ü",
        "/",
        "-",
        "Rev B-M",
        "vers:all/*",
        "99999999999999999999",
        " ",
        "2018",
        "april",
        ",",
        "model ",
        "K)",
    ];
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..8 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text += pieces[(state >> 33) as usize % pieces.len()];
        }
        let statement = Statement { vendor: &text, product: &text, version: &text, text: &text };
        let reading = Reading::new(&statement, &text, &makers);
        let profile = Profile {
            vendor: Some(text.clone()),
            model: Some(text.clone()),
            version: Some(text.clone()),
            ..Profile::default()
        };
        decide([&reading], &profile, &makers);
    }
}

/// An advisory on one product in some versions: statements by identifier, and what is said of each.
fn advisory(id: &str, kind: PublisherKind, day: i64, leaves: &[(&str, &str, Status)]) -> Advisory {
    let statement = |(id, version, _): &(&str, &str, Status)| advisory::Statement {
        id: (*id).to_owned(),
        vendor: Some("Acme".to_owned()),
        product: "Vent 9".to_owned(),
        version: Some((*version).to_owned()),
        kind: VersionKind::Range,
        text: format!("Acme Vent 9: {version}"),
        relation: None,
        identifiers: advisory::Identifiers::default(),
    };
    let state = |(id, _, status): &(&str, &str, Status)| State {
        statement: (*id).to_owned(),
        status: *status,
        justification: None,
        impact: None,
    };
    Advisory {
        id: id.to_owned(),
        version: "1".to_owned(),
        title: String::new(),
        publisher: Publisher {
            name: if kind == PublisherKind::Vendor { "Acme" } else { id }.to_owned(),
            namespace: String::new(),
            kind,
        },
        initial_release: Timestamp(day),
        current_release: Timestamp(day),
        url: None,
        exploitability: None,
        statements: leaves.iter().map(statement).collect(),
        vulnerabilities: vec![Vulnerability {
            cve: Some("CVE-2026-0001".to_owned()),
            states: leaves.iter().map(state).collect(),
            ..Vulnerability::default()
        }],
    }
}

#[test]
fn the_makers_word_counts_more_than_a_coordinators() {
    use PublisherKind::{Coordinator, Vendor};
    let coordinator = advisory("coordinator", Coordinator, 2, &[("A", "< 3.0", Status::Affected)]);
    let maker = advisory("maker", Vendor, 1, &[("A", "< 2.0", Status::Affected), ("B", ">= 2.0", Status::Fixed)]);
    let library = Library::new(&[coordinator, maker], makers());
    let standing = |version: Option<&str>| {
        let profile = Profile {
            vendor: Some("Acme Inc.".to_owned()),
            model: Some("Vent 9".to_owned()),
            version: version.map(str::to_owned),
            ..Profile::default()
        };
        let findings = library.findings(&profile);
        let standing = library.standing(&findings, |_| Some("CVE-2026-0001".to_owned()));
        standing.get("CVE-2026-0001").map(|found| (found.advisory, word(&found.verdict), found.tier))
    };
    assert_eq!(standing(Some("1.9")), Some((1, "affected", Tier::Decided)), "both say so, the maker counts");
    assert_eq!(
        standing(Some("2.5")),
        Some((1, "not", Tier::Decided)),
        "the maker mended it before the coordinator knew"
    );
    assert_eq!(standing(Some("3.0")), Some((1, "not", Tier::Decided)));
    assert_eq!(standing(None).map(|(_, verdict, tier)| (verdict, tier)), Some(("undetermined", Tier::Likely)));
    // Who publishes on another's product is anyone, whatever it calls itself.
    let coordinator = advisory("coordinator", Coordinator, 1, &[("A", "< 3.0", Status::Affected)]);
    let mut stranger = advisory("stranger", Vendor, 2, &[("B", "< 9.0", Status::NotAffected)]);
    "Zeta".clone_into(&mut stranger.publisher.name);
    let library = Library::new(&[coordinator, stranger], makers());
    let profile = Profile {
        vendor: Some("Acme".to_owned()),
        model: Some("Vent 9".to_owned()),
        version: Some("2.5".to_owned()),
        ..Profile::default()
    };
    let findings = library.findings(&profile);
    let standing = library.standing(&findings, |_| Some("CVE-2026-0001".to_owned()));
    assert_eq!(standing.get("CVE-2026-0001").map(|found| word(&found.verdict)), Some("affected"));
    let others = Profile { vendor: Some("Zeta".to_owned()), model: Some("Vent 9".to_owned()), ..Profile::default() };
    assert!(library.findings(&others).is_empty());
}

fn verdict_of(product: &str, version: &str, device: &Profile, makers: &Makers) -> Verdict {
    let vendor = device.vendor.clone().unwrap();
    let statement = Statement { vendor: &vendor, product, version, text: product };
    decide([&Reading::new(&statement, "", makers)], device, makers)
}

fn device(vendor: &str, model: &str, catalogue: Option<&str>, version: Option<&str>) -> Profile {
    Profile {
        vendor: Some(vendor.to_owned()),
        model: Some(model.to_owned()).filter(|model| !model.is_empty()),
        catalogue: catalogue.map(str::to_owned),
        version: version.map(str::to_owned),
        ..Profile::default()
    }
}

#[test]
fn a_number_to_order_by_stands_for_its_model() {
    let makers = makers();
    let monitors = "IntelliVue Patient Monitors MX (MX400 to MX850)";
    for (product, version, device, expected) in [
        (monitors, "< M", device("Philips", "865240", None, Some("L.30")), "affected"),
        (monitors, "< M", device("Philips", "", Some("865240"), Some("L.30")), "affected"),
        (monitors, "< M", device("Philips", "IntelliVue", Some("865240"), Some("M.00")), "not"),
        (monitors, "< M", device("Philips", "IntelliVue 865240", None, None), "undetermined"),
        ("IntelliVue MP5", "vers:all/*", device("Philips", "M8105A", None, None), "affected"),
        ("IntelliVue MP50", "vers:all/*", device("Philips", "M8105A", None, None), "not"),
        ("IntelliVue MP50", "vers:all/*", device("Philips", "IntelliVue 865240", None, None), "not"),
        // Nobody lists this one.
        ("IntelliVue MP50", "vers:all/*", device("Philips", "IntelliVue 865999", None, None), "undetermined"),
        // Its name and its number say different things; the name is what it says of itself.
        ("IntelliVue MX800", "vers:all/*", device("Philips", "IntelliVue MP50", Some("865240"), None), "not"),
        ("IntelliVue MP50", "vers:all/*", device("Philips", "IntelliVue MP50", Some("865240"), None), "affected"),
        // The number of another maker is another number.
        ("IntelliVue MX800", "vers:all/*", device("Acme", "865240", None, None), "not"),
        ("Carestation 620", "vers:all/*", device("GE", "", Some("1012-9620-200"), None), "affected"),
        // A number says nothing of versions.
        ("IntelliVue MX800", "B.02 | C.02", device("Philips", "865240", None, None), "undetermined"),
    ] {
        assert_eq!(word(&verdict_of(product, version, &device, &makers)), expected, "{product} {version} {device:?}");
    }
}

#[test]
fn a_series_holds_what_its_maker_lists() {
    let makers = makers();
    for (product, model, expected) in [
        ("MiniMed 600 Series Insulin Pumps", "MiniMed 640G", "affected"),
        ("MiniMed 600 Series Insulin Pumps", "MMT-1752", "affected"),
        ("MiniMed 600 Series", "MiniMed 600 Series", "affected"),
        ("MiniMed 600 Series", "MiniMed 690G", "undetermined"),
        ("MiniMed 600 Series", "MiniMed 770G", "not"),
        ("MiniMed 640G", "MiniMed 600 Series", "undetermined"),
        ("Carestation 600 Series", "Carestation 650c", "affected"),
        ("Carestation 600 Series", "Carestation 750", "not"),
    ] {
        let vendor = if product.starts_with("Mini") { "Medtronic" } else { "GE" };
        let said = verdict_of(product, "vers:all/*", &device(vendor, model, None, None), &makers);
        assert_eq!(word(&said), expected, "{product} {model}");
    }
    let said =
        verdict_of("RAPIDLab 1200 Series", "vers:all/*", &device("Siemens", "RAPIDLab 1265", None, None), &makers);
    assert_eq!(word(&said), "undetermined", "a number alone does not say so");
}

/// A model of a register, made up.
fn registered(company: &str, brand: &str, model: Option<&str>, catalogue: Option<&str>) -> DeviceModel {
    DeviceModel {
        primary_identifier: format!("{brand} {model:?} {catalogue:?}"),
        identifiers: Vec::new(),
        company: company.to_owned(),
        brand: brand.to_owned(),
        model: model.map(str::to_owned),
        catalogue_number: catalogue.map(str::to_owned),
        description: None,
        product_codes: Vec::new(),
        terms: Vec::new(),
        is_sold: None,
        magnetic_resonance: None,
        revised: None,
    }
}

#[test]
fn a_register_of_devices_teaches_numbers() {
    let affected = advisory("coordinator", PublisherKind::Coordinator, 1, &[("A", "< 3.0", Status::Affected)]);
    let mut library = Library::new(&[affected], makers());
    let ordered = |number: &str| {
        let mut device = device("Acme Medical Inc.", "", Some(number), Some("2.0"));
        device.serial = None;
        device
    };
    assert_eq!(library.findings(&ordered("770-12345")), []);
    let learnt = library.learn(&[
        registered("Acme Medical, Inc.", "Vent", Some("9"), Some("770-12345")),
        registered("Acme Medical, Inc.", "Vent 9", Some("770-12346"), None),
        registered("Acme Medical, Inc.", "Vent 9", None, Some("770-99999")),
        registered("Acme Medical, Inc.", "Vent 8", None, Some("770-99999")),
        registered("Zeta", "Vent 9", None, Some("770-55555")),
        registered("Acme Medical, Inc.", "Vent 9", None, Some("9")),
    ]);
    assert_eq!((learnt.taken, learnt.turned_away), (4, 0), "of a maker that an advisory names");
    for number in ["770-12345", "77012345", "770-12346"] {
        let findings = library.findings(&ordered(number));
        assert_eq!(findings.iter().map(|found| word(&found.verdict)).collect::<Vec<_>>(), ["affected"], "{number}");
    }
    for number in ["770-99999", "770-55555", "9"] {
        assert_eq!(library.findings(&ordered(number)), [], "{number} tells none or several");
    }
}

#[test]
fn a_list_of_makers_has_to_be_sound() {
    let house = "[[house]]\nname = \"Acme\"\nnames = []\n";
    let read = |more: &str| Makers::read(&format!("{house}{more}"), Notation::Toml).map(|_| ());
    let model = |house: &str, number: &str, source: &str| {
        format!("[[model]]\nhouse = \"{house}\"\nname = \"Vent 9\"\nnumbers = [\"{number}\"]\nsource = \"{source}\"\n")
    };
    assert_eq!(read(&model("Acme", "123456", "a manual")), Ok(()));
    for wrong in [
        model("Acme", "123456", ""),
        model("Zeta", "123456", "a manual"),
        model("Acme", "123456", "a manual") + &model("Acme", "123-456", "another"),
        "[[series]]\nhouse = \"Acme\"\nname = \"Vent 900 Series\"\nmodels = []\nsource = \"\"\n".to_owned(),
    ] {
        assert!(read(&wrong).is_err(), "{wrong}");
    }
}

/// The advisory of [`advisory`] with statements of other forms; the first is affected.
fn with_statements(kind: PublisherKind, statements: Vec<advisory::Statement>) -> Advisory {
    let mut told = advisory("other forms", kind, 1, &[("A", "< 3.0", Status::Affected)]);
    told.statements = statements;
    told.vulnerabilities[0].states[0].statement.clone_from(&told.statements[0].id);
    told
}

fn form(id: &str, vendor: Option<&str>, product: &str, version: Option<&str>, text: &str) -> advisory::Statement {
    advisory::Statement {
        id: id.to_owned(),
        vendor: vendor.map(str::to_owned),
        product: product.to_owned(),
        version: version.map(str::to_owned),
        kind: VersionKind::Range,
        text: text.to_owned(),
        relation: None,
        identifiers: advisory::Identifiers::default(),
    }
}

fn said_by(advisory: Advisory, device: &Profile) -> &'static str {
    let findings = Library::new(&[advisory], makers()).findings(device);
    findings.first().map_or("nothing", |found| word(&found.verdict))
}

#[test]
fn statements_without_a_vendor_are_the_publishers_or_begin_with_a_maker() {
    use PublisherKind::{Coordinator, Vendor};
    let vent = |vendor, version| device(vendor, "Vent 9", None, version);
    for (kind, product, version, text, device, expected) in [
        (Vendor, "Vent 9", Some("< 3.0"), "Vent 9 < 3.0", vent("Acme Inc.", Some("2.0")), "affected"),
        (Vendor, "Vent 9", Some("< 3.0"), "Vent 9 < 3.0", vent("Acme Inc.", Some("3.0")), "nothing"),
        (Vendor, "Vent 9", Some("< 3.0"), "Vent 9 < 3.0", vent("Zeta", Some("2.0")), "nothing"),
        (Coordinator, "Vent 9", Some("< 3.0"), "Vent 9 < 3.0", vent("Acme Inc.", Some("2.0")), "nothing"),
        (Vendor, "", None, "Vent 9 < 3.0", vent("Acme", Some("2.0")), "affected"),
        (Vendor, "", None, "Vent 9 version 2.1", vent("Acme", Some("2.2")), "nothing"),
        (Vendor, "", None, "Vent 9 v2.1", vent("Acme", Some("2.1")), "affected"),
        (Vendor, "", None, "Vent 9", vent("Acme", Some("2.0")), "affected"),
        // What stands behind the name may be a version.
        (Vendor, "", None, "Vent 9 2.1", vent("Acme", Some("3.0")), "undetermined"),
        (Vendor, "", None, "Vent 9 Gateway", vent("Acme", Some("3.0")), "undetermined"),
        (Coordinator, "", None, "GE Healthcare Vent 9: prior to 3.0", vent("GE", Some("2.0")), "affected"),
        (Coordinator, "", None, "Philips Healthcare Vent 9 prior to 3.0", vent("Philips", Some("3.0")), "nothing"),
        (Coordinator, "", None, "Philips Healthcare Vent 9 prior to 3.0", vent("Acme", Some("2.0")), "nothing"),
        (Vendor, "urn:cdx:1/1#vent-9", None, "urn:cdx:1/1#vent-9", vent("Acme", Some("2.0")), "nothing"),
    ] {
        let statement = form("A", None, product, version, text);
        assert_eq!(
            said_by(with_statements(kind, vec![statement]), &device),
            expected,
            "{kind:?} {product} {text} {device:?}"
        );
    }
}

#[test]
fn a_package_url_of_a_maker_names_its_product() {
    let named = |purl: &str| {
        let mut statement = form("A", None, "vent-9", None, purl);
        statement.identifiers.purls = vec![purl.to_owned()];
        with_statements(PublisherKind::Other, vec![statement])
    };
    for (purl, version, expected) in [
        ("pkg:generic/acme/vent-9@2.1", "2.1", "affected"),
        ("pkg:generic/acme/vent-9@2.1", "2.2", "nothing"),
        ("pkg:generic/acme/vent-9", "2.2", "affected"),
        ("pkg:generic/zeta/vent-9@2.1", "2.1", "nothing"),
        ("pkg:deb/acme/vent-9@2.1", "2.1", "nothing"),
        ("pkg:generic/vent-9@2.1", "2.1", "nothing"),
    ] {
        assert_eq!(said_by(named(purl), &device("Acme", "Vent 9", None, Some(version))), expected, "{purl} {version}");
    }
    let library = Library::new(&[named("pkg:generic/acme/vent-9"), named("pkg:generic/vent-9")], makers());
    let unusable: Vec<_> =
        library.unusable().iter().map(|(place, unusable)| (*place, unusable.statements, unusable.of)).collect();
    assert_eq!(unusable, [(1, 1, 1)], "nobody can tell whose it is");
}

#[test]
fn a_product_within_another_asks_for_both() {
    use advisory::Relation;
    let combined = |kind: &str, part: advisory::Statement, on: advisory::Statement| {
        let relation = Relation { kind: kind.to_owned(), part: part.id.clone(), on: on.id.clone() };
        let whole = advisory::Statement { id: "AB".to_owned(), relation: Some(relation), ..part.clone() };
        with_statements(PublisherKind::Vendor, vec![whole, part, on])
    };
    let radio = || form("R", Some("Acme"), "Radio Module", Some("< 5"), "Radio Module < 5");
    let vent = |version| form("V", Some("Acme"), "Vent 9", version, "Vent 9");
    let windows = |version| form("W", Some("Microsoft"), "Windows 7", version, "Windows 7");
    let plain = || device("Acme", "Vent 9", None, Some("2.0"));
    let with_module =
        |version: &str| Profile { modules: vec![("radio module".to_owned(), version.to_owned())], ..plain() };
    let on_system = |system: &str| Profile { system: Some(system.to_owned()), ..plain() };
    for (kind, part, on, device, expected) in [
        // The maker says that the product of this version has it.
        ("default_component_of", radio(), vent(Some("< 3.0")), plain(), "affected"),
        ("default_component_of", radio(), vent(Some("< 2.0")), plain(), "nothing"),
        // Of which versions the product has this part nobody says.
        ("default_component_of", radio(), vent(None), plain(), "undetermined"),
        ("optional_component_of", radio(), vent(Some("< 3.0")), plain(), "undetermined"),
        ("optional_component_of", radio(), vent(Some("< 3.0")), with_module("4"), "affected"),
        ("optional_component_of", radio(), vent(Some("< 3.0")), with_module("5"), "nothing"),
        ("installed_on", vent(Some("< 3.0")), windows(None), plain(), "undetermined"),
        ("installed_on", vent(Some("< 3.0")), windows(None), on_system("Windows 7"), "affected"),
        ("installed_on", vent(Some("< 3.0")), windows(None), on_system("Windows 10"), "nothing"),
        ("installed_on", vent(Some("< 3.0")), windows(Some("SP1")), on_system("Windows 7"), "undetermined"),
        ("installed_on", vent(Some("< 2.0")), windows(None), on_system("Windows 7"), "nothing"),
        // The part is what is on the network; in what it is built nobody knows.
        (
            "default_component_of",
            vent(Some("< 3.0")),
            form("C", Some("Acme"), "Cart 3", None, "Cart 3"),
            plain(),
            "undetermined",
        ),
    ] {
        let note = format!("{kind} {part:?} {on:?} {device:?}");
        assert_eq!(said_by(combined(kind, part, on), &device), expected, "{note}");
    }
    // A combination that refers to itself, or to nothing, is used for nothing.
    let mut circle = form("A", Some("Acme"), "Vent 9", None, "Vent 9");
    circle.relation = Some(Relation { kind: "installed_on".to_owned(), part: "A".to_owned(), on: "A".to_owned() });
    let library = Library::new(&[with_statements(PublisherKind::Vendor, vec![circle])], makers());
    assert!(library.findings(&plain()).is_empty());
    assert_eq!(library.unusable().len(), 1);
}

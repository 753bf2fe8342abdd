//! What matching costs in a large hospital: `cargo run --release -p analysis --example matching -- 100000 [ADVISORIES] [RECORDS]`
//! makes up so many devices of the products that the knowledge has and the advisories name, matches them with the CSAF documents in
//! a folder and with records of vulnerabilities, and prints times, memory and findings.
//!
//! Records are lines of JSON as `cordon feeds` keeps them, unpacked; without them some 200,000 are made up, a few products of
//! which have thousands each, as operating systems do.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use analysis::advisories::{KnownBy, Library, Makers, Matcher, Part, PartsLibrary, PartsMatcher, Profile, Verdict};
use analysis::knowledge::Notation;
use model::Timestamp;
use model::advisory::{
    Advisory, Identifiers, Publisher, PublisherKind, State, Statement, Status, VersionKind, Vulnerability,
};
use model::outside::{
    AffectedProduct, Catalogue, Configuration, CveRecord, Fact, PlatformRange, ProductGroup, VersionRange,
    VersionStatus,
};
use serde_json::Value;

const RECORDS: usize = 200_000;
/// Products that the made-up records speak of.
const PRODUCTS: usize = 20_000;
/// Versions of one model that are in use at once.
const VERSIONS: usize = 20;
/// Parts in a bill of materials.
const PARTS: usize = 40;
const SYSTEMS: [&str; 10] = [
    "Windows 10 1809",
    "Windows 10 22H2",
    "Windows 7 SP1",
    "Windows XP SP3",
    "Windows Server 2016",
    "Windows Server 2008 R2 SP1",
    "Linux 4.15",
    "Linux 5.10",
    "VxWorks 6.9",
    "QNX 6.5",
];

fn main() {
    let mut arguments = std::env::args().skip(1);
    let count: usize = arguments.next().map_or(100_000, |count| count.parse().unwrap());
    let shared = || std::env::var("CORDON_SHARED_DATA").unwrap_or_else(|_| "../shared/data".to_owned());
    let folder = arguments.next().unwrap_or_else(|| format!("{}/feed-csaf-icsma", shared()));
    let advisories = timed("read advisories", || advisories(Path::new(&folder)));
    let records = match arguments.next() {
        Some(path) => timed("read records", || records(&path)),
        None => timed("make records", || (0..RECORDS).map(record).collect()),
    };
    let devices = timed("make devices", || devices(count, &advisories));
    let whole = Instant::now();
    let library = timed("advisories, read once", || Library::new(&advisories, makers()));
    let parts = timed("records, read once", || PartsLibrary::new(&records, makers()));
    println!("{:24} {} advisories, {} records, {} devices", "", advisories.len(), records.len(), devices.len());
    let mut matcher = Matcher::new(&library);
    let mut found = [0_usize; 3];
    let standing: Vec<BTreeSet<String>> = timed("match advisories", || {
        let cve = |found: &analysis::advisories::Finding| {
            advisories[found.advisory].vulnerabilities[found.vulnerability].cve.clone()
        };
        let matched = devices.iter().map(|device| {
            let findings = matcher.findings(device);
            let standing = library.standing(&findings, cve);
            standing.values().for_each(|finding| found[place(&finding.verdict)] += 1);
            standing.into_keys().collect()
        });
        matched.collect()
    });
    println!("{:24} {} affected, {} asked, {} cleared", "", found[0], found[1], found[2]);
    let mut matcher = PartsMatcher::new(&parts);
    let of_parts: Vec<_> = timed("match parts", || devices.iter().map(|device| matcher.findings(device)).collect());
    println!("{:24} {:8.3} s", "all matching", whole.elapsed().as_secs_f64());
    let mut found = [0_usize; 3];
    timed("read all findings", || {
        for (of_parts, standing) in of_parts.iter().zip(&standing) {
            // What stands of the device counts more than what is true of its parts.
            for finding in of_parts.iter().flat_map(|of_part| of_part.findings.iter()) {
                let is_unspoken = standing.is_empty() || !standing.contains(&records[finding.record].cve);
                found[place(&finding.verdict)] += usize::from(is_unspoken);
            }
        }
    });
    println!("{:24} {} affected, {} asked", "", found[0], found[1]);
}

fn place(verdict: &Verdict) -> usize {
    match verdict {
        Verdict::Affected => 0,
        Verdict::Undetermined(_) => 1,
        Verdict::NotAffected => 2,
    }
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let begun = (Instant::now(), processor_ticks());
    let result = work();
    let (seconds, ticks) = (begun.0.elapsed().as_secs_f64(), processor_ticks() - begun.1);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse::<u64>().ok());
    println!(
        "{what:24} {seconds:8.3} s  processor {:7.2} s  peak {} MiB",
        ticks as f64 / 100.0,
        peak.unwrap_or(0) / 1_024
    );
    result
}

/// Time on the processor in hundredths of a second (proc(5), fields 14 and 15 of `stat`).
fn processor_ticks() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    [11, 12].iter().filter_map(|place| fields.get(*place)?.parse::<u64>().ok()).sum()
}

fn knowledge(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../knowledge").join(name)).unwrap()
}

fn makers() -> Makers {
    Makers::read(&knowledge("makers.toml"), Notation::Toml).unwrap()
}

/// A number below `end` that looks random.
fn chance(at: usize, what: usize, end: usize) -> usize {
    let mixed = (at as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (what as u64).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    let mixed = (mixed ^ mixed >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ((mixed ^ mixed >> 32) % end as u64) as usize
}

/// A few have much, and most have little.
fn skewed(at: usize, what: usize, end: usize) -> usize {
    let share = chance(at, what, 1_000_000) as f64 / 1_000_000.0;
    (share.powi(2) * end as f64) as usize
}

/// Devices of the products that the knowledge has, and of those that advisories name.
fn devices(count: usize, advisories: &[Advisory]) -> Vec<Profile> {
    let products: toml::Table = knowledge("products.toml").parse().unwrap();
    let mut models: Vec<(String, String)> = Vec::new();
    for product in products["product"].as_array().unwrap() {
        let maker = product["maker"].as_str().unwrap_or_default();
        let names = product.get("names").and_then(toml::Value::as_array).into_iter().flatten();
        for name in names.filter_map(toml::Value::as_str) {
            models.push((maker.to_owned(), name.replace("###", "300").replace('#', "5").replace('$', "")));
        }
    }
    for statement in advisories.iter().flat_map(|advisory| &advisory.statements) {
        models.push((statement.vendor.clone().unwrap_or_default(), statement.product.clone()));
    }
    println!("{:24} {} models", "", models.len());
    let device = |at: usize| {
        let model = skewed(at, 1, models.len());
        let release = chance(at, 2, VERSIONS);
        let (vendor, name) = models[model].clone();
        let has_bill = model.is_multiple_of(3);
        let part = |number: usize| Part {
            vendor: Some(format!("vendor{}", product_of(model, number) % 500)),
            name: format!("library {}", product_of(model, number)),
            version: Some(format!("{}.{}", chance(model, number, 4), release % 8)),
            known_by: KnownBy::Bill,
            ..Part::default()
        };
        let parts = if has_bill { (0..PARTS).map(part).collect() } else { Vec::new() };
        Profile {
            vendor: Some(vendor),
            model: Some(name),
            version: Some(format!("{}.{}", release / 5 + 1, release % 5)),
            serial: Some(format!("{at:08}")),
            system: (chance(at, 3, 4) > 0).then(|| SYSTEMS[chance(model, 4, SYSTEMS.len())].to_owned()),
            parts,
            ..Profile::default()
        }
    };
    (0..count).map(device).collect()
}

fn product_of(model: usize, number: usize) -> usize {
    skewed(model, 100 + number, PRODUCTS)
}

/// A record that is made up: of a library, or of an operating system.
fn record(at: usize) -> CveRecord {
    let criterion = |cpe: String, is_vulnerable, below: Option<String>| PlatformRange {
        cpe,
        is_vulnerable,
        from_including: None,
        from_excluding: None,
        to_including: None,
        to_excluding: below,
    };
    let windows =
        ["windows_10", "windows_10_1809", "windows_7", "windows_server_2016", "windows_xp", "windows_server_2008"];
    let group = |products| ProductGroup { needs_all: false, is_negated: false, products };
    let product = skewed(at, 1, PRODUCTS);
    let below = format!("{}.{}", chance(at, 2, 5), chance(at, 3, 9));
    let library = format!("cpe:2.3:a:vendor{}:library_{product}:*:*:*:*:*:*:*:*", product % 500);
    let on_windows = || group(vec![criterion("cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*".to_owned(), false, None)]);
    let groups = match chance(at, 4, 20) {
        0 => {
            let of_one = |name: &&str| criterion(format!("cpe:2.3:o:microsoft:{name}:-:*:*:*:*:*:*:*"), true, None);
            vec![group(windows.iter().map(of_one).collect())]
        }
        1 => vec![group(vec![criterion(
            "cpe:2.3:o:linux:linux_kernel:*:*:*:*:*:*:*:*".to_owned(),
            true,
            Some(format!("{}.{}", chance(at, 5, 6), chance(at, 6, 20))),
        )])],
        2..=5 => vec![group(vec![criterion(library, true, Some(below.clone()))]), on_windows()],
        _ => vec![group(vec![criterion(library, true, Some(below.clone()))])],
    };
    let needs_all = groups.len() > 1;
    let is_assigned = chance(at, 7, 2) == 0;
    let affected = AffectedProduct {
        said_by: format!("vendor{}", product % 500),
        vendor: Some(format!("Vendor{} Inc.", product % 500)),
        product: Some(format!("Library {product}")),
        default_status: VersionStatus::Unaffected,
        versions: vec![VersionRange {
            version: "0".to_owned(),
            less_than: Some(below),
            less_than_or_equal: None,
            scheme: Some("semver".to_owned()),
            status: VersionStatus::Affected,
        }],
        platforms: Vec::new(),
        cpes: Vec::new(),
    };
    CveRecord {
        cve: format!("CVE-2025-{at:06}"),
        catalogue: if is_assigned { Catalogue::CveList } else { Catalogue::Nvd },
        is_rejected: false,
        published: None,
        updated: None,
        title: None,
        description: None,
        affected: if is_assigned { vec![affected] } else { Vec::new() },
        configurations: if is_assigned {
            Vec::new()
        } else {
            vec![Configuration { needs_all, is_negated: false, groups }]
        },
        scores: Vec::new(),
        decisions: Vec::new(),
        cwes: Vec::new(),
        references: Vec::new(),
    }
}

/// The records in lines of facts.
fn records(path: &str) -> Vec<CveRecord> {
    let text = std::fs::read_to_string(path).unwrap();
    let facts = text.lines().flat_map(|line| {
        let mut line: Value = serde_json::from_str(line).unwrap();
        match line["facts"].take() {
            Value::Array(facts) => facts,
            _ => vec![line],
        }
    });
    facts
        .filter_map(|fact| match serde_json::from_value(fact).unwrap() {
            Fact::CveRecord(record) => Some(*record),
            _ => None,
        })
        .collect()
}

/// CSAF documents, as far as matching asks for them.
fn advisories(folder: &Path) -> Vec<Advisory> {
    let mut paths = Vec::new();
    files(folder, &mut paths);
    paths.sort();
    let documents =
        paths.iter().filter_map(|path| serde_json::from_str::<Value>(&std::fs::read_to_string(path).ok()?).ok());
    documents.map(|document| advisory(&document)).collect()
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|ending| ending == "json") {
            out.push(path);
        }
    }
}

fn advisory(document: &Value) -> Advisory {
    let about = &document["document"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut statements = Vec::new();
    for branch in document["product_tree"]["branches"].as_array().into_iter().flatten() {
        walk(branch, &mut Vec::new(), &mut statements);
    }
    let released =
        Timestamp::read(about["tracking"]["current_release_date"].as_str().unwrap_or_default()).unwrap_or_default();
    let vulnerability = |said: &Value| {
        let of = |name: &str, status: Status| {
            let ids = said["product_status"][name].as_array().into_iter().flatten();
            let state = |id: &Value| State { statement: text(id), status, justification: None, impact: None };
            ids.map(state).collect::<Vec<_>>()
        };
        let states = [
            of("known_affected", Status::Affected),
            of("known_not_affected", Status::NotAffected),
            of("fixed", Status::Fixed),
        ];
        Vulnerability {
            cve: said["cve"].as_str().map(str::to_owned),
            states: states.concat(),
            ..Vulnerability::default()
        }
    };
    Advisory {
        id: text(&about["tracking"]["id"]),
        version: text(&about["tracking"]["version"]),
        title: text(&about["title"]),
        publisher: Publisher {
            name: text(&about["publisher"]["name"]),
            namespace: text(&about["publisher"]["namespace"]),
            kind: if about["publisher"]["category"] == "vendor" {
                PublisherKind::Vendor
            } else {
                PublisherKind::Coordinator
            },
        },
        initial_release: released,
        current_release: released,
        url: None,
        exploitability: None,
        statements,
        vulnerabilities: document["vulnerabilities"].as_array().into_iter().flatten().map(vulnerability).collect(),
    }
}

fn walk(branch: &Value, path: &mut Vec<String>, out: &mut Vec<Statement>) {
    path.push(branch["name"].as_str().unwrap_or_default().to_owned());
    if let Some(text) = branch["product"]["name"].as_str() {
        let last = path.len() - 1;
        out.push(Statement {
            id: branch["product"]["product_id"].as_str().unwrap_or_default().to_owned(),
            vendor: Some(path[0].clone()),
            product: path[1..last.max(1)].join(" "),
            version: Some(path[last].clone()),
            kind: VersionKind::Range,
            text: text.to_owned(),
            relation: None,
            identifiers: Identifiers::default(),
        });
    }
    for branch in branch["branches"].as_array().into_iter().flatten() {
        walk(branch, path, out);
    }
    path.pop();
}

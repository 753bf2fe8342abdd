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

use analysis::advisories::{Makers, Profile, Reading, Statement, Verdict, decide};
use model::Timestamp;
use serde_json::Value;
use xtask::reference;

#[path = "advisories/made.rs"]
mod made;

use made::{makers, word};

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
        parts: Vec::new(),
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

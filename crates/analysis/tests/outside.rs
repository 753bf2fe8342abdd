//! Outside knowledge as publishers really publish it, against devices. The data lies beside the repository and is never part of it;
//! without it the tests say so and check nothing.
#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::arithmetic_side_effects
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use analysis::advisories::{Makers, Profile};
use analysis::knowledge::Notation;
use analysis::outside::{Beside, Device, Facts, NoticeKind, Told};
use model::Timestamp;
use model::outside::{DeviceClass, Fact, Origin};
use serde_json::Value;
use xtask::reference;

fn makers() -> Makers {
    Makers::read(include_str!("../../../knowledge/makers.toml"), Notation::Toml).unwrap()
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() { files(&entry, out) } else { out.push(entry) }
    }
}

/// Takes what a file says; a file that is no feed says nothing.
fn take(facts: &mut Facts, path: &Path) {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let Ok(document) = feeds::read(&name, &std::fs::read(path).unwrap()) else { return };
    document.facts().for_each(|sourced| facts.take(&sourced.origin, sourced.fact));
}

fn profile(vendor: &str, model: &str, version: Option<&str>) -> Profile {
    let version = version.map(str::to_owned);
    Profile { vendor: Some(vendor.into()), model: Some(model.into()), version, ..Profile::default() }
}

fn told(facts: &Facts, profile: &Profile, weaknesses: &[&str], ports: &[u16], outwards: Option<&str>) -> Told {
    let makers = makers();
    let device = Device {
        profile,
        weaknesses: &weaknesses.iter().map(|name| ((*name).to_owned(), "frame 7".to_owned())).collect(),
        services: &ports.iter().map(|port| (*port, "telnet to 10.0.0.7".to_owned())).collect(),
        outwards,
        vulnerabilities: &BTreeSet::new(),
        today: Timestamp::read("2026-11-23").unwrap(),
    };
    Beside::new(facts, &makers).tell(&device, &makers)
}

/// Every device that lies there with a maker and a model.
fn devices(data: &Path) -> Vec<Profile> {
    let mut devices = Vec::new();
    let lines = |path: &str| std::fs::read_to_string(data.join(path)).unwrap();
    for line in lines("messages-device/labels.jsonl").lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| row["label"][name].as_str();
        let (Some(maker), Some(model)) = (text("manufacturer"), text("model")) else { continue };
        devices.push(Profile { serial: text("serial").map(str::to_owned), ..profile(maker, model, text("software")) });
    }
    for line in lines("dicom-meta/dicom_device_labels.jsonl").lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| row[name].as_str();
        let (Some(maker), Some(model)) = (text("manufacturer"), text("model")) else { continue };
        devices.push(profile(maker, model, None));
    }
    devices
}

const FORM: &str = "mds2/LM-Tech-Solutions+parseMDS2/Example-MDS2-Worksheet.xlsx";

#[test]
fn a_real_disclosure_is_held_against_what_was_seen() {
    let Some(data) = reference::data() else { return };
    let mut facts = Facts::default();
    take(&mut facts, &data.join(FORM));
    // Whoever published it put this in place of maker and model.
    let device = profile("Hidden", "Hidden", None);
    let seen = ["cleartext_medical", "cleartext_management"];
    let all = told(&facts, &device, &seen, &[23], Some("tls to example.org"));
    let contradicted = all.notices.iter().filter(|notice| notice.kind == NoticeKind::Contradiction);
    let entries: Vec<&str> = contradicted.map(|notice| notice.source.entry.as_str()).collect();
    // As a person reads the form: a glucose meter on a cable, with no network, whose data is not encrypted.
    let read = [
        "Hidden, TXCF-1 Yes (mds2-form!C311)",
        "Hidden, MPII-1 Yes (mds2-form!C24), MPII-3.5 No (mds2-form!C40), MPII-3.6 No (mds2-form!C41)",
        "Hidden, CONN-1.2.1 No (mds2-form!C202), CONN-1.1.1 No (mds2-form!C197)",
        "Hidden, CONN-4 No (mds2-form!C208)",
        "Hidden, RMOT-1 No (mds2-form!C327)",
        "Hidden, SAHD-9 Yes (mds2-form!C278)",
    ];
    assert_eq!(entries, read);
    let owned: Vec<&str> = all.weaknesses.keys().copied().collect();
    assert_eq!(owned, ["no_bill_of_materials", "no_endpoint_detection", "unsigned_update"]);
    assert!(all.permissions.len() == 6 && all.permissions.iter().all(|one| !one.holds), "{:?}", all.permissions);
    let quiet = told(&facts, &device, &[], &[], None);
    assert!(quiet.notices.is_empty(), "nothing was seen: {:?}", quiet.notices);
    let others = devices(&data);
    for other in &others {
        let told = told(&facts, other, &seen, &[23], Some("tls to example.org"));
        assert_eq!(told, Told::default(), "{other:?}");
    }
    println!("MDS2: {} contradictions, {} weaknesses; none of {} others", read.len(), owned.len(), others.len());
}

#[test]
fn real_lists_of_parts_are_of_their_product_alone() {
    let Some(data) = reference::data() else { return };
    let mut paths = Vec::new();
    files(&data.join("sbom"), &mut paths);
    let mut facts = Facts::default();
    paths.iter().for_each(|path| take(&mut facts, path));
    // Its identifier is that of other examples: together with them it would be an older form of theirs.
    let mut alone = Facts::default();
    take(&mut alone, &data.join("sbom/CycloneDX+bom-examples/CBOM/Example-With-Dependencies/bom.json"));
    let list_of = |maker: &str, model: &str, version| -> Option<(String, usize, bool)> {
        let told =
            told(if model == "Application" { &alone } else { &facts }, &profile(maker, model, version), &[], &[], None);
        assert!(told.parts.len() < 2, "{:?}", told.parts);
        told.parts.first().map(|list| (list.of.clone(), list.parts.len(), list.is_of_version))
    };
    // Suppliers and names are those that the files state; makers and models are written as devices would.
    for (maker, model, of, parts) in [
        ("NewYork-Presbyterian Hospital", "DaggerBoard", "DaggerBoard 1.0", 35),
        ("ACT Project", "App-BOM-ination", "App-BOM-ination 1.0", 6),
        ("Acme", "Application", "Acme Application 1.0", 3),
    ] {
        assert_eq!(list_of(maker, model, Some("1.0")), Some((of.to_owned(), parts, true)));
        assert_eq!(list_of(maker, model, None), Some((of.to_owned(), parts, false)), "the version is not known");
        assert_eq!(list_of(maker, model, Some("2.0")), None, "a list of another version");
        assert_eq!(list_of("Philips", model, Some("1.0")), None);
    }
    let others = devices(&data);
    for other in &others {
        assert_eq!(told(&facts, other, &[], &[], None), Told::default(), "{other:?}");
    }
    println!("Parts lists: {} files; none is of one of {} others", paths.len(), others.len());
}

#[test]
fn a_real_model_of_the_register_leads_to_its_class() {
    let Some(data) = reference::data() else { return };
    let path = data.join("feed-fda/FDA+openfda/openfda/device_udi/tests/test.xml");
    let document = feeds::read("test.xml", &std::fs::read(path).unwrap()).unwrap();
    let models: Vec<_> = document
        .facts()
        .filter_map(|sourced| match sourced.fact {
            Fact::DeviceModel(model) => Some((*model, sourced.origin)),
            _ => None,
        })
        .collect();
    let mut facts = Facts::default();
    let code = models[0].0.product_codes[0].clone();
    let origin = Origin { feed: "fda_classification".into(), file: "c.json".into(), sha256: String::new(), date: None };
    let class = DeviceClass {
        product_code: code.clone(),
        name: "made up".into(),
        class: Some(3),
        specialty: String::new(),
        regulation: None,
        sustains_life: false,
        is_implant: true,
    };
    facts.take(&Arc::new(origin), Fact::DeviceClass(class));
    for (model, origin) in models {
        facts.take(&origin, Fact::DeviceModel(Box::new(model)));
    }
    let classified = |maker: &str, model: &str| told(&facts, &profile(maker, model, None), &[], &[], None).classified;
    let own = classified("Consensus Orthopedics", "1107-0-3258").unwrap();
    assert_eq!((&own.product_code, own.class, own.model.file.as_str()), (&code, Some(3), "test.xml"));
    assert_eq!(classified("Consensus Orthopedics", "1107-0-3259"), None);
    assert_eq!(classified("Philips", "1107-0-3258"), None);
    for other in devices(&data) {
        assert_eq!(told(&facts, &other, &[], &[], None), Told::default(), "{other:?}");
    }
}

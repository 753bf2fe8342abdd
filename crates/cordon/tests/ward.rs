//! The made-up ward (`cargo xtask demo`) from capture to inventory: every device is found and told right, nothing is
//! claimed that the traffic does not say, and nothing of what stands for patients comes out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use hospital::ward::devices as ward;
use serde_json::Value;
use tempfile::TempDir;

/// The ward analysed once for all tests.
struct Ward {
    folder: TempDir,
    printed: Output,
}

static WARD: LazyLock<Ward> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ward.pcapng"), hospital::ward::capture()).unwrap();
    let printed = analyze(folder.path(), "results");
    Ward { folder, printed }
});

fn cordon(arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_cordon")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

fn analyze(folder: &Path, name: &str) -> Output {
    let [capture, out] = ["ward.pcapng", name].map(|name| folder.join(name).to_str().unwrap().to_owned());
    cordon(&["analyze", &capture, "--out", &out, "--events", "--all"])
}

impl Ward {
    fn results(&self) -> PathBuf {
        self.folder.path().join("results")
    }

    fn rows(&self, file: &str) -> Vec<Value> {
        let text = std::fs::read_to_string(self.results().join(file)).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// By identifier.
    fn devices(&self) -> BTreeMap<String, Value> {
        self.rows("devices.jsonl").into_iter().map(|device| (text(&device, "id"), device)).collect()
    }

    fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let entries = std::fs::read_dir(self.folder.path().join(folder)).unwrap().map(Result::unwrap);
        entries.map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())).collect()
    }
}

fn text(row: &Value, name: &str) -> String {
    row[name].as_str().unwrap_or_default().to_owned()
}

fn asserted(device: &Value, attribute: &str) -> Option<String> {
    device["attributes"][attribute]["value"].as_str().map(str::to_owned)
}

fn roles(device: &Value) -> Vec<String> {
    let roles = device["roles"].as_array().unwrap();
    roles.iter().map(|role| text(role, "role")).collect()
}

#[test]
fn every_device_is_there_and_no_other() {
    let found: BTreeSet<String> = WARD.devices().into_keys().filter(|id| !id.contains('~')).collect();
    let true_ones: BTreeSet<String> = ward::all().iter().map(ward::Device::id).collect();
    assert_eq!(found, true_ones);
    let behind: BTreeSet<(String, String)> = WARD
        .devices()
        .values()
        .filter_map(|device| Some((device["behind"].as_str()?.to_owned(), asserted(device, "serial")?)))
        .collect();
    let truth = ward::all_behind().into_iter().map(|device| (device.through.id(), device.serial.to_owned()));
    assert_eq!(behind, truth.collect());
}

#[test]
fn what_is_said_of_each_is_true() {
    let known = cordon::knowledge::load(&[], None).unwrap();
    let attribute = known.knowledge.attributes().iter().find(|attribute| attribute.id == "category").unwrap();
    // Less than the whole truth is true as well: a medical system where nothing tells which.
    let holds = |said: &str, truth: &str| said == truth || known.knowledge.ancestors(attribute, truth).contains(&said);
    let devices = WARD.devices();
    let mut wrong = Vec::new();
    let mut check = |name: &str, what: &str, said: Option<String>, truth: Option<&str>| {
        let right = match (&said, truth) {
            (Some(said), Some(truth)) => said == truth || what == "category" && holds(said, truth),
            (None, None) => true,
            _ => false,
        };
        if !right {
            wrong.push(format!("{name}: {what} is {truth:?}, said is {said:?}"));
        }
    };
    for truth in ward::all() {
        let device = &devices[&truth.id()];
        check(truth.name, "category", asserted(device, "category"), truth.truth.category);
        check(truth.name, "maker", asserted(device, "vendor"), truth.truth.vendor);
        check(truth.name, "serial", asserted(device, "serial"), truth.truth.serial);
    }
    for truth in ward::all_behind() {
        let device =
            devices.values().find(|device| asserted(device, "serial").as_deref() == Some(truth.serial)).unwrap();
        check(truth.serial, "category", asserted(device, "category"), Some(truth.category));
        check(truth.serial, "maker", asserted(device, "vendor"), Some(truth.vendor));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_each_does_for_others_is_told() {
    let devices = WARD.devices();
    let found: BTreeMap<&str, Vec<String>> =
        ward::all().iter().map(|truth| (truth.name, roles(&devices[&truth.id()]))).collect();
    let truth: BTreeMap<&str, Vec<String>> = ward::all()
        .iter()
        .map(|truth| (truth.name, truth.truth.roles.iter().map(|role| (*role).to_owned()).collect()))
        .collect();
    assert_eq!(found, truth);
    let gateways: Vec<&String> =
        devices.iter().filter(|(_, device)| device["gateway"] == true).map(|(id, _)| id).collect();
    assert_eq!(gateways, [&ward::ROUTER.id()]);
}

#[test]
fn weaknesses_are_those_that_show() {
    let found: BTreeSet<(String, String)> =
        WARD.rows("weaknesses.jsonl").iter().map(|row| (text(row, "device"), text(row, "kind"))).collect();
    let devices = WARD.devices();
    let behind = ward::all_behind().into_iter().map(|truth| {
        let is_it = |(_, device): &(&String, &Value)| asserted(device, "serial").as_deref() == Some(truth.serial);
        (devices.iter().find(is_it).unwrap().0.clone(), truth.weaknesses)
    });
    let all = ward::all().into_iter().map(|truth| (truth.id(), truth.truth.weaknesses)).chain(behind);
    let truth: BTreeSet<(String, String)> =
        all.flat_map(|(id, kinds)| kinds.iter().map(move |kind| (id.clone(), (*kind).to_owned()))).collect();
    assert_eq!(found, truth);
}

#[test]
fn one_device_stays_one_and_two_on_one_address_stay_two() {
    let devices = WARD.devices();
    let addresses = |device: &ward::Device| -> Vec<String> {
        let interfaces = devices[&device.id()]["interfaces"].as_array().unwrap();
        interfaces
            .iter()
            .flat_map(|interface| interface["addresses"].as_array().unwrap())
            .map(|row| text(row, "ip"))
            .collect()
    };
    for device in ward::all() {
        let mut truth = vec![device.ip];
        if device.mac == ward::ULTRASOUND.mac {
            truth.push(ward::ULTRASOUND_SECOND_ADDRESS);
        }
        let truth: Vec<String> = truth.iter().map(ToString::to_string).collect();
        assert_eq!(addresses(&device), truth, "{}", device.name);
    }
    let in_conflict: BTreeSet<&String> = devices
        .iter()
        .filter(|(_, device)| !device["conflicts"].as_array().unwrap().is_empty())
        .map(|(id, _)| id)
        .collect();
    assert_eq!(in_conflict, [&ward::LABEL_PRINTER.id(), &ward::BARCODE_READER.id()].into());
}

#[test]
fn flows_say_who_asks_whom_for_what() {
    let flows = WARD.rows("flows.jsonl");
    let of_scope = |scope: &str| -> BTreeSet<String> {
        flows.iter().filter(|flow| flow["scope"] == scope).map(|flow| text(flow, "to")).collect()
    };
    let outside = [ward::REMOTE_SERVICE, ward::UPDATES, ward::PUBLIC_CLOCK, ward::WEB_SITE];
    assert_eq!(of_scope("external"), outside.iter().map(|station| format!("external:{}", station.ip)).collect());
    // Whom the curious workstation looked for in vain.
    assert_eq!(of_scope("silent"), (1..=24).map(|host| format!("silent:10.20.9.{host}")).collect());
    let operations = |from: &ward::Device, to: &ward::Device, application: &str| -> BTreeSet<String> {
        let is_it = |flow: &&Value| {
            flow["from"] == from.id().as_str() && flow["to"] == to.id().as_str() && flow["application"] == application
        };
        let found = flows.iter().filter(is_it).filter_map(|flow| flow["operations"].as_object());
        found.flat_map(|operations| operations.keys().cloned()).collect()
    };
    assert_eq!(operations(&ward::CT, &ward::PACS, "dicom"), ["C-ECHO", "C-STORE"].map(str::to_owned).into());
    assert_eq!(operations(&ward::CT, &ward::WORKLIST, "dicom"), ["C-ECHO", "C-FIND"].map(str::to_owned).into());
    assert!(operations(&ward::HOSPITAL, &ward::ENGINE, "hl7").contains("ADT^A01"));
    assert!(operations(&ward::BUILDING_SERVER, &ward::PLC, "modbus").contains("read_holding_registers"));
}

#[test]
fn no_patient_no_person_no_secret_comes_out() {
    let mut outputs = WARD.files("results");
    outputs.insert("standard output".to_owned(), WARD.printed.stdout.clone());
    outputs.insert("standard error".to_owned(), WARD.printed.stderr.clone());
    for (name, bytes) in outputs {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(ward::CANARY_BASE_64), "{name}");
        let text = text.to_lowercase();
        if let Some(place) = text.find(&ward::CANARY.to_lowercase()) {
            let around: String =
                text.chars().skip(text[..place].chars().count().saturating_sub(200)).take(300).collect();
            panic!("{name}: …{around}…");
        }
    }
}

#[test]
fn the_same_capture_gives_the_same_bytes() {
    analyze(WARD.folder.path(), "again");
    let (first, second) = (WARD.files("results"), WARD.files("again"));
    assert!(first.len() >= 7 && first.keys().eq(second.keys()));
    for (name, bytes) in first {
        assert!(bytes == second[&name], "{name}");
    }
}

#[test]
fn why_names_rule_frame_and_source() {
    let folder = WARD.results();
    let output = cordon(&["why", &ward::CT.ip.to_string(), "category", "--flows", folder.to_str().unwrap()]);
    let text = String::from_utf8(output.stdout).unwrap();
    for part in ["CT scanner", "siemens.ct.dicom", "ward.pcapng frame", "DICOM"] {
        assert!(text.contains(part), "{part} is missing:\n{text}");
    }
}

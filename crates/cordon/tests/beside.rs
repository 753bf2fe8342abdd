//! What others say beside advisories, as `cordon risk` tells it: with the document, the entry and the day of each conclusion.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use xtask::reference;

fn done(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_cordon")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A device as `cordon analyze` writes it.
fn device(id: &str, attributes: &[(&str, &str)]) -> String {
    let attributes = attributes.iter().map(|(name, value)| ((*name).to_owned(), json!({ "value": value })));
    let attributes: serde_json::Map<String, Value> = attributes.collect();
    json!({ "id": id, "name": id, "attributes": attributes, "interfaces": [] }).to_string()
}

/// The only device of a folder of results, with the feeds that are named.
fn risk(folder: &Path, feeds: &[PathBuf]) -> Value {
    let (results, data) = (folder.to_str().unwrap(), folder.join(format!("data{}", feeds.len())));
    let data = data.to_str().unwrap();
    if !feeds.is_empty() {
        let mut arguments = vec!["feeds", "import", "--data", data];
        arguments.extend(feeds.iter().map(|path| path.to_str().unwrap()));
        done(&arguments);
    }
    let text = done(&["risk", "--flows", results, "--data", data, "--format", "json"]);
    let mut rows: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

#[test]
fn each_source_tells_of_the_device_that_it_names() {
    let folder = tempfile::tempdir().unwrap();
    let pump = [("vendor", "Example Medical"), ("model", "Pump 8"), ("os", "Windows 7"), ("category", "infusion_pump")];
    fs::write(folder.path().join("devices.jsonl"), device("p1", &pump)).unwrap();
    let golden = |path: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("../feeds/src").join(path);
    let feeds = [
        golden("gudid/golden/openfda.json"),
        golden("endoflife/golden/product.json"),
        golden("fda_classification/golden/page.json"),
        golden("fda_recall/golden/enforcement.json"),
    ];
    let (before, after) = (risk(folder.path(), &[]), risk(folder.path(), &feeds));
    assert_eq!((&before["notices"], &before["classified"]), (&json!([]), &Value::Null));
    assert!(after["score"].as_f64() > before["score"].as_f64(), "{} {}", before["score"], after["score"]);
    let notices = after["notices"].as_array().unwrap();
    let [maintenance, recall] = &notices[..] else { panic!("{notices:?}") };
    assert_eq!((&maintenance["kind"], &maintenance["state"]), (&json!("maintenance"), &json!("ended")));
    assert_eq!(maintenance["source"]["entry"], "windows/7-sp1");
    assert!(maintenance["source"]["file"].as_str().unwrap().ends_with("product.json"), "{maintenance}");
    let causes = after["causes"].as_array().unwrap();
    let cause = causes.iter().find(|cause| cause["name"] == "end_of_life_system").unwrap();
    assert!(cause["from"].as_str().unwrap().contains("on 2020-01-14"), "{cause}");
    // `Pump 8` says less than `Pump 8, model P8-100`: a question.
    assert_eq!(
        (&recall["kind"], &recall["verdict"], &recall["class"]),
        (&json!("recall"), &json!("possible"), &json!(1))
    );
    assert!(recall["asks"]["question"].as_str().unwrap().contains("P8-100"), "{recall}");
    assert_eq!(after["classified"]["product_code"], "FRN");
    assert!(causes.iter().any(|cause| cause["from"].as_str().unwrap().contains("FDA: life-supporting")), "{causes:?}");
}

#[test]
fn a_real_disclosure_asks_the_maker() {
    let Some(data) = reference::data() else { return };
    let folder = tempfile::tempdir().unwrap();
    // Whoever published it put this in place of maker and model.
    fs::write(folder.path().join("devices.jsonl"), device("m1", &[("vendor", "Hidden"), ("model", "Hidden")])).unwrap();
    let weakness =
        json!({ "device": "m1", "kind": "cleartext_medical", "protocol": "hl7", "capture": "a.pcap", "frame": 3 });
    fs::write(folder.path().join("weaknesses.jsonl"), weakness.to_string()).unwrap();
    let flow = |port: u16, application: Value| {
        let service = json!({ "ip_protocol": 6, "port": port });
        json!({ "from": "x", "to": "m1", "scope": "internal", "service": service, "application": application, "answered": 1 })
    };
    // A refusal is an answer, too: nothing was recognised on the second port.
    let flows = format!("{}\n{}\n", flow(23, json!("telnet")), flow(22, Value::Null));
    fs::write(folder.path().join("flows.jsonl"), flows).unwrap();
    let after = risk(folder.path(), &[data.join("mds2/LM-Tech-Solutions+parseMDS2/Example-MDS2-Worksheet.xlsx")]);
    let notices = after["notices"].as_array().unwrap();
    let remote =
        notices.iter().find(|notice| notice["source"]["entry"].as_str().unwrap().contains("RMOT-1 No")).unwrap();
    assert_eq!((&remote["kind"], &remote["asks"]["whom"]), (&json!("contradiction"), &json!("maker")));
    let text = remote["text"].as_str().unwrap();
    assert!(text.contains("port 23 (Telnet) (telnet to x)") && !text.contains("22"), "{text}");
    assert!(after["causes"].to_string().contains("declared by the maker"), "{}", after["causes"]);
    assert_eq!(after["permissions"].as_array().unwrap().len(), 6);
}

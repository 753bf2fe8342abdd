//! `cordon feeds` as people use it: files are taken once, broken ones change nothing, and what there is shows its age.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn cordon(data: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cordon"));
    command.arg("feeds").args(arguments).arg("--data").arg(data).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A catalogue of exploited vulnerabilities with one entry.
fn catalogue() -> String {
    r#"{
  "title": "CISA Catalog of Known Exploited Vulnerabilities",
  "catalogVersion": "2026.01.02",
  "dateReleased": "2026-01-02T15:00:00.0000Z",
  "count": 1,
  "vulnerabilities": [
    {
      "cveID": "CVE-2026-0001",
      "vendorProject": "Acme",
      "product": "Vent 9",
      "vulnerabilityName": "Acme Vent 9 Command Injection",
      "dateAdded": "2026-01-02",
      "shortDescription": "A made-up entry.",
      "requiredAction": "Apply updates per vendor instructions.",
      "dueDate": "2026-01-23",
      "knownRansomwareCampaignUse": "Known",
      "notes": "",
      "cwes": ["CWE-78"]
    }
  ]
}
"#
    .to_owned()
}

fn files_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_file_is_taken_once_and_shows_its_age() {
    let folder = tempfile::tempdir().unwrap();
    let (data, inbox) = (folder.path().join("data"), folder.path().join("inbox"));
    fs::create_dir(&inbox).unwrap();
    fs::write(inbox.join("anything.txt"), catalogue()).unwrap();
    let nothing = cordon(&data, &["status"]);
    assert!(nothing.status.success() && said(&nothing).contains("cordon feeds import"), "{}", said(&nothing));
    let first = cordon(&data, &["import", inbox.to_str().unwrap()]);
    assert!(first.status.success() && said(&first).contains("1 file taken"), "{}", said(&first));
    let kept = files_in(&data.join("feeds"));
    let second = cordon(&data, &["import", inbox.to_str().unwrap()]);
    assert!(second.status.success() && said(&second).contains("1 known already"), "{}", said(&second));
    assert_eq!(files_in(&data.join("feeds")), kept);
    let status = said(&cordon(&data, &["status"]));
    assert!(status.contains("kev") && status.contains("2026-01-02"), "{status}");
    let rows: serde_json::Value =
        serde_json::from_slice(&cordon(&data, &["status", "--format", "json"]).stdout).unwrap();
    assert_eq!(rows[0]["facts"], 1);
}

#[test]
fn a_broken_file_changes_nothing_and_keeps_no_other_out() {
    let folder = tempfile::tempdir().unwrap();
    let (data, inbox) = (folder.path().join("data"), folder.path().join("inbox"));
    fs::create_dir(&inbox).unwrap();
    let whole = catalogue();
    for (name, text) in [("cut.json", &whole[..whole.len() / 2]), ("empty.json", ""), ("words.txt", "Dear all,\n")] {
        fs::write(inbox.join(name), text).unwrap();
    }
    let refused = cordon(&data, &["import", inbox.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    for name in ["cut.json", "empty.json", "words.txt"] {
        assert!(said(&refused).contains(name), "{name}: {}", said(&refused));
    }
    assert!(said(&cordon(&data, &["status"])).contains("No outside knowledge"));
    fs::write(inbox.join("whole.json"), &whole).unwrap();
    let mixed = cordon(&data, &["import", inbox.to_str().unwrap()]);
    assert_eq!(mixed.status.code(), Some(1));
    assert!(said(&mixed).contains("1 file taken"), "{}", said(&mixed));
    let missing = cordon(&data, &["import", "no-such-file.json"]);
    assert!(!missing.status.success() && said(&missing).contains("no-such-file.json"), "{}", said(&missing));
}

#[test]
fn two_imports_at_once_forget_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let imports = (0..4).map(|number: u32| {
        let inbox = folder.path().join(format!("inbox-{number}"));
        fs::create_dir(&inbox).unwrap();
        for file in 0..5 {
            let one = catalogue().replace("CVE-2026-0001", &format!("CVE-2026-{number}00{file}"));
            fs::write(inbox.join(format!("{file}.json")), one).unwrap();
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_cordon"));
        command.args(["feeds", "import"]).arg(&inbox).arg("--data").arg(&data).spawn().unwrap()
    });
    for mut import in imports.collect::<Vec<_>>() {
        assert!(import.wait().unwrap().success());
    }
    let status = said(&cordon(&data, &["status", "--format", "json"]));
    assert!(status.contains("\"documents\": 20"), "{status}");
}

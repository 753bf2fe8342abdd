//! `cordon risk` as people use it: from a capture and an advisory to the riskiest devices, with and without what is missing.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

#[path = "advisory/mod.rs"]
mod advisory;

use advisory::advisory;

fn cordon(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cordon")).args(arguments).output().unwrap()
}

fn done(arguments: &[&str]) -> String {
    let output = cordon(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn risks(results: &Path, data: &Path) -> Vec<Value> {
    let text =
        done(&["risk", "--flows", results.to_str().unwrap(), "--data", data.to_str().unwrap(), "--format", "json"]);
    serde_json::from_str(&text).unwrap()
}

#[test]
fn an_advisory_raises_the_devices_that_it_is_about() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("ward.pcapng"), hospital::ward::capture()).unwrap();
    let (results, data) = (path("results"), path("data"));
    done(&["analyze", path("ward.pcapng").to_str().unwrap(), "--out", results.to_str().unwrap()]);
    let before = risks(&results, &data);
    assert!(before.iter().all(|row| row["findings"] == json!([])));
    // A monitor whose model and software the ward tells.
    let devices = fs::read_to_string(results.join("devices.jsonl")).unwrap();
    let monitor: Value = devices
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .find(|row: &Value| {
            let one = |name: &str| row["attributes"][name]["value"].as_str();
            one("vendor") == Some("Philips") && one("model").is_some() && one("software").is_some()
        })
        .unwrap();
    let attribute = |name: &str| monitor["attributes"][name]["value"].as_str().unwrap().to_owned();
    let (model, software) = (attribute("model"), attribute("software"));
    for (file, versions, verdict) in
        [("older.json", format!("< {software}"), None), ("this.json", format!("<= {software}"), Some("affected"))]
    {
        let data = path(file.trim_end_matches(".json"));
        fs::write(path(file), advisory("Philips", &model, &versions)).unwrap();
        done(&["feeds", "import", path(file).to_str().unwrap(), "--data", data.to_str().unwrap()]);
        let after = risks(&results, &data);
        let of = |rows: &[Value]| rows.iter().find(|row| row["device"] == monitor["id"]).unwrap().clone();
        let (now, then) = (of(&after), of(&before));
        let finding = now["findings"].as_array().unwrap().first().cloned();
        assert_eq!(finding.as_ref().map(|one| one["verdict"].as_str().unwrap()), verdict, "{versions}: {now}");
        let (now_score, then_score) = (now["score"].as_f64().unwrap(), then["score"].as_f64().unwrap());
        match finding {
            Some(finding) => {
                assert!(now_score > then_score, "{now_score} {then_score}");
                assert_eq!(finding["remedies"][0]["text"], "Install release N.");
                assert!(now["causes"].to_string().contains("CVE-2026-0001"));
            }
            None => assert!((now_score - then_score).abs() < 1e-9, "{now_score} {then_score}"),
        }
    }
    let page = done(&["risk", "--flows", results.to_str().unwrap(), "--data", path("this").to_str().unwrap()]);
    assert!(page.contains("Because of") && page.contains("CVE-2026-0001"), "{page}");
    let monitor = monitor["id"].as_str().unwrap();
    let why =
        done(&["why", monitor, "risk", "--flows", results.to_str().unwrap(), "--data", path("this").to_str().unwrap()]);
    for told in ["Can it be broken into?", "CVE-2026-0001, EXAMPLE-2026-1: affected", "From the worst case: 100"] {
        assert!(why.contains(told), "{told}: {why}");
    }
    let again = done(&["risk", "--flows", results.to_str().unwrap(), "--data", path("this").to_str().unwrap()]);
    assert_eq!(page, again, "the same devices and feeds give the same figures");
}

#[test]
fn who_has_no_results_is_told_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let output = cordon(&["risk", "--flows", folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("cordon analyze"), "{said}");
}

#[test]
fn a_plan_keeps_to_its_budget_and_names_the_makers_words() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let text = |name: &str| path(name).to_str().unwrap().to_owned();
    fs::write(path("ward.pcapng"), hospital::ward::capture()).unwrap();
    done(&["analyze", &text("ward.pcapng"), "--out", &text("results")]);
    let devices = fs::read_to_string(path("results").join("devices.jsonl")).unwrap();
    let rows = devices.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let models: Vec<String> = rows
        .filter(|row| row["attributes"]["vendor"]["value"] == "Philips")
        .filter_map(|row| Some(row["attributes"]["model"]["value"].as_str()?.to_owned()))
        .collect();
    fs::write(path("advisory.json"), advisory("Philips", models.first().unwrap(), "vers:all/*")).unwrap();
    done(&["feeds", "import", &text("advisory.json"), "--data", &text("data")]);
    let plan = |days: &str, more: &[&str]| {
        let (results, data) = (text("results"), text("data"));
        let mut arguments = vec!["plan", "--flows", &results, "--data", &data, "--days", days];
        arguments.extend(more);
        done(&arguments)
    };
    let whole: Value = serde_json::from_str(&plan("1000", &["--format", "json"])).unwrap();
    let steps = whole["steps"].as_array().unwrap();
    assert!(steps.len() >= 2, "{whole}");
    let left: Vec<f64> = steps.iter().map(|step| step["residual"].as_f64().unwrap()).collect();
    assert!(left.windows(2).all(|pair| pair[1] <= pair[0]) && left[0] < 1.0, "each step lowers what is left: {left:?}");
    let update = steps.iter().find(|step| step["kind"] == "patch").unwrap();
    assert!(update["why"].as_str().unwrap().contains("Install release N."), "{update}");
    let small: Value = serde_json::from_str(&plan("4", &["--format", "json"])).unwrap();
    let spent = small["steps"].as_array().unwrap().last().unwrap()["person_days_in_all"].as_f64().unwrap();
    assert!(spent <= 4.0, "{spent}");
    let standing: Value = serde_json::from_str(&plan("1000", &["--format", "json", "--downtime", "0"])).unwrap();
    assert!(standing["steps"].as_array().unwrap().iter().all(|step| step["downtime_hours"] == 0.0));
    let orders = plan("1000", &["--format", "csv"]);
    assert_eq!(orders.lines().count(), steps.len() + 1);
    assert!(plan("1000", &[]).contains("What to do"));
}

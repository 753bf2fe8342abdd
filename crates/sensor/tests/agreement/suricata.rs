//! What suricata-verify expects: the filters of each `test.yaml`, with the capture that they speak of.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::yaml;

/// An expectation: so many events hold all of these values.
#[derive(Clone, Debug)]
pub struct Filter {
    /// `dhcp`, `alert` …; empty where any will do.
    pub event: String,
    pub count: u64,
    /// Names such as `tls.sni` with their values, in order of name.
    pub wanted: Vec<(String, Value)>,
}

/// A test with its capture.
#[derive(Clone, Debug)]
pub struct Test {
    pub name: String,
    pub capture: PathBuf,
    /// Its identifiers of flows are not those of everybody.
    pub has_seed: bool,
    pub filters: Vec<Filter>,
}

/// Every test whose capture is there, in order of name.
pub fn all(folder: &Path) -> Vec<Test> {
    let mut files = Vec::new();
    collect(folder, &mut files);
    files.sort();
    files.iter().filter_map(|file| test(folder, file)).collect()
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.file_name().is_some_and(|name| name == "test.yaml") {
            found.push(path);
        }
    }
}

fn test(folder: &Path, file: &Path) -> Option<Test> {
    let description = yaml::read(&std::fs::read_to_string(file).ok()?);
    let home = file.parent()?;
    let capture = match description["pcap"].as_str() {
        Some(named) => home.join(named),
        None => capture_in(home)?,
    };
    if is_of_the_past(&description) || !capture.is_file() {
        return None;
    }
    let filters = description["checks"].as_array().into_iter().flatten().filter_map(|check| filter(&check["filter"]));
    Some(Test {
        name: home.strip_prefix(folder).unwrap_or(home).display().to_string(),
        capture,
        has_seed: std::fs::read_to_string(home.join("suricata.yaml")).is_ok_and(|it| it.contains("community-id-seed")),
        filters: filters.collect(),
    })
}

fn capture_in(home: &Path) -> Option<PathBuf> {
    let files = std::fs::read_dir(home).ok()?.flatten().map(|entry| entry.path());
    let is_capture = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "pcap" || ending == "pcapng");
    files.filter(is_capture).min()
}

/// What only older versions are expected to say.
fn is_of_the_past(described: &Value) -> bool {
    !described["requires"]["lt-version"].is_null()
}

fn filter(described: &Value) -> Option<Filter> {
    let wanted = described["match"].as_object()?;
    // Without a count, events that must not be there are meant by 0; that something is missing proves nothing here.
    let count = described["count"].as_u64().filter(|count| *count > 0)?;
    if is_of_the_past(described) {
        return None;
    }
    let event = wanted.get("event_type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let wanted = wanted.iter().filter(|(name, _)| *name != "event_type");
    Some(Filter { event, count, wanted: wanted.map(|(name, value)| (name.clone(), value.clone())).collect() })
}

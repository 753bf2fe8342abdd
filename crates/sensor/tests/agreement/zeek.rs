//! What Zeek's own tests expect: logs, each with the traces that its test reads.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The logs of one test.
#[derive(Clone, Debug)]
pub struct Baseline {
    pub name: String,
    pub traces: Vec<PathBuf>,
    pub logs: Vec<Log>,
}

/// One log: `kind` as in `dhcp` of `dhcp.log`.
#[derive(Clone, Debug)]
pub struct Log {
    pub kind: String,
    pub rows: Vec<Row>,
}

/// Columns by name; those that are unset or empty are left out.
pub type Row = BTreeMap<String, String>;

/// Tests that the list of traces does not name, and what they read.
const UNLISTED: &[&str] = &[
    "Baseline/scripts.base.protocols.krb.kinit\tkrb/kinit.pcap",
    "Baseline/scripts.base.protocols.ldap.basic\tldap/simpleauth.pcap",
    "Baseline/scripts.base.protocols.ldap.modify-request\tldap/modify-request.pcapng",
    "Baseline/scripts.base.protocols.ldap.pending-messages-exceeded\tldap/pending-adds-10.pcap",
    "Baseline/scripts.base.protocols.ldap.sasl-ntlm\tldap/sasl-ntlm.pcap",
    "Baseline/scripts.base.protocols.ldap.sasl-scram-sha-512\tldap/sasl-scram-sha-512.pcap",
];

/// Every test of which all traces are there, in order of name.
pub fn all(folder: &Path) -> Vec<Baseline> {
    let list = std::fs::read_to_string(folder.join("traces.tsv")).unwrap_or_default();
    list.lines().skip(1).chain(UNLISTED.iter().copied()).filter_map(|line| baseline(folder, line)).collect()
}

/// The tests of packages: `<package>/testing/baseline/<test>`, where there is but one trace that they can be about, or one
/// of the test's name.
pub fn of_packages(folder: &Path) -> Vec<Baseline> {
    let mut found = Vec::new();
    for tests in within(folder).iter().flat_map(|package| ["testing", "tests"].map(|home| package.join(home))) {
        let traces = within(&tests.join("traces"));
        for test in within(&tests.join("baseline")) {
            let name = test.strip_prefix(folder).unwrap_or(&test).display().to_string();
            let is_of_test = |trace: &&PathBuf| trace.file_stem().is_some_and(|stem| test.extension() == Some(stem));
            let traces: Vec<PathBuf> = match traces.len() {
                1 => traces.clone(),
                _ => traces.iter().filter(is_of_test).cloned().collect(),
            };
            if traces.len() == 1 {
                found.push(Baseline { name, traces, logs: logs(&test) });
            }
        }
    }
    found
}

/// What lies in a folder, in order of name.
fn within(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    found.sort();
    found
}

fn logs(folder: &Path) -> Vec<Log> {
    within(folder).iter().filter_map(|file| log(file)).collect()
}

fn baseline(folder: &Path, line: &str) -> Option<Baseline> {
    let (name, traces) = line.split_once('\t')?;
    let traces: Vec<PathBuf> = traces.split_whitespace().map(|trace| folder.join("Traces").join(trace)).collect();
    if traces.is_empty() || !traces.iter().all(|trace| trace.is_file()) {
        return None;
    }
    let logs = logs(&folder.join(name));
    Some(Baseline { name: name.rsplit('/').next().unwrap_or(name).to_owned(), traces, logs })
}

fn log(file: &Path) -> Option<Log> {
    let kind = file.file_name()?.to_str()?.strip_suffix(".log")?;
    let text = String::from_utf8_lossy(&std::fs::read(file).ok()?).into_owned();
    // What a test cut out of a log has its names in the first line, without a mark before them.
    let mut names: Vec<&str> = Vec::new();
    let mut rows = Vec::new();
    for line in text.lines() {
        if let Some(fields) = line.strip_prefix("#fields\t") {
            names = fields.split('\t').collect();
        } else if line.starts_with('#') {
            continue;
        } else if names.is_empty() {
            names = line.split('\t').collect();
        } else {
            let cells = names.iter().zip(line.split('\t'));
            let set = cells.filter(|(_, cell)| !matches!(*cell, "-" | "(empty)" | ""));
            rows.push(set.map(|(name, cell)| ((*name).to_owned(), unescaped(cell))).collect());
        }
    }
    Some(Log { kind: kind.to_owned(), rows })
}

/// `\\` is a backslash, and `\x2d` a byte.
fn unescaped(cell: &str) -> String {
    let mut bytes = Vec::with_capacity(cell.len());
    let mut rest = cell.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = match (first, tail) {
            (b'\\', [b'\\', ..]) => Some((b'\\', 1)),
            (b'\\', [b'x', high, low, ..]) => {
                let digits = std::str::from_utf8(&[*high, *low]).ok().and_then(|it| u8::from_str_radix(it, 16).ok());
                digits.map(|byte| (byte, 3))
            }
            _ => None,
        };
        let (byte, used) = escaped.unwrap_or((*first, 0));
        bytes.push(byte);
        rest = &tail[used..];
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

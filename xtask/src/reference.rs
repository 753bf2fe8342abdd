//! Other people's captures and messages, which tests compare with. They lie beside the repository and are never part of it.

use std::io::Write;
use std::path::{Path, PathBuf};

/// Leaves the comparisons out: what `./check quick` sets.
pub const LEFT_OUT: &str = "CORDON_WITHOUT_SHARED_DATA";
/// Where the data lies, if it is not beside the repository.
pub const FOLDER: &str = "CORDON_SHARED_DATA";

/// The folder of the reference data; `None`, said loudly, if it is not there or not wanted.
///
/// # Panics
///
/// If a folder is named that holds no reference data: a mistake must not pass for a test that held.
#[allow(clippy::panic, reason = "a test that meets the unexpected stops there")]
pub fn data() -> Option<PathBuf> {
    if std::env::var_os(LEFT_OUT).is_some() {
        skipped(&format!("{LEFT_OUT} is set, nothing is compared with reference data"));
        return None;
    }
    let is_data = |folder: &PathBuf| folder.join("README.md").is_file();
    if let Some(named) = std::env::var_os(FOLDER).map(PathBuf::from) {
        assert!(is_data(&named), "{FOLDER}={}: no reference data there", named.display());
        return Some(named);
    }
    let beside = Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data")).filter(is_data);
    if beside.is_none() {
        skipped("no reference data in ../shared/data, nothing is compared with it");
    }
    beside
}

/// Says so past the test runner, which keeps what is printed of tests that pass.
pub fn skipped(why: &str) {
    // Whoever cannot be told anything cannot be told this either.
    let _ = writeln!(std::io::stderr(), "\n*** SKIPPED: {why} ***\n");
}

/// Every capture below a folder, in order of path; at least one.
pub fn captures(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    collect(folder, &mut found)?;
    found.sort();
    if found.is_empty() {
        return Err(std::io::Error::other(format!("{}: no capture below", folder.display())));
    }
    Ok(found)
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if path.is_dir() {
            collect(&path, found)?;
        } else if ["pcap", "pcapng", "cap", "trace"].contains(&ending) {
            found.push(path);
        }
    }
    Ok(())
}

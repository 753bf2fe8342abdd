//! Other people's captures and messages, which tests compare with. They lie beside the repository and are never part of it.

use std::path::{Path, PathBuf};

/// Leaves the comparisons out: what `./check quick` sets.
pub const LEFT_OUT: &str = "CORDON_WITHOUT_SHARED_DATA";
/// Where the data lies, if it is not beside the repository.
pub const FOLDER: &str = "CORDON_SHARED_DATA";

/// The folder of the reference data; `None`, said loudly, if it is not there or not wanted.
#[allow(clippy::print_stderr, reason = "whoever reads the tests' output must see what was not checked")]
pub fn data() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let named = std::env::var_os(FOLDER).map(PathBuf::from);
    let found = named.into_iter().chain([beside]).find(|folder| folder.join("README.md").is_file());
    if std::env::var_os(LEFT_OUT).is_some() {
        eprintln!("\n*** NOT CHECKED: {LEFT_OUT} is set, nothing was compared with reference data ***\n");
        return None;
    }
    if found.is_none() {
        eprintln!("\n*** NOT CHECKED: no reference data in ../shared/data, nothing was compared with it ***\n");
    }
    found
}

/// Every capture below a folder, in order of path.
pub fn captures(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    collect(folder, &mut found)?;
    found.sort();
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

//! `knowledge/prefixes.tsv.zst`: who was assigned which hardware addresses, from the IEEE's own lists.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use crate::{Done, root};

/// Reads the lists and writes the file; needs the `zstd` command.
pub fn write(lists: &[PathBuf]) -> Done {
    let mut assigned = BTreeMap::new();
    for path in lists {
        let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let text = String::from_utf8_lossy(&bytes);
        let before = assigned.len();
        assigned.extend(text.lines().filter_map(assignment));
        println!("{}: {} prefixes", path.display(), assigned.len().saturating_sub(before));
    }
    let lines: String = assigned.iter().map(|(prefix, name)| format!("{prefix}\t{name}\n")).collect();
    let plain = root().join("target/prefixes.tsv");
    let packed = root().join("knowledge/prefixes.tsv.zst");
    std::fs::write(&plain, lines).map_err(|error| format!("{}: {error}", plain.display()))?;
    let done = Command::new("zstd").args(["--ultra", "-22", "-qf", "-o"]).args([&packed, &plain]).status();
    match done {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("zstd: {status}")),
        Err(error) => Err(format!("zstd: {error}; install it")),
    }
}

/// `MA-L,0009FB,"Maker, Inc.",address` as prefix and name.
fn assignment(line: &str) -> Option<(String, String)> {
    let (registry, rest) = line.split_once(',')?;
    if !matches!(registry, "MA-L" | "MA-M" | "MA-S" | "IAB") {
        return None;
    }
    let (prefix, rest) = rest.split_once(',')?;
    let name = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"')?.0,
        None => rest.split(',').next()?,
    };
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    (!name.is_empty()).then(|| (prefix.to_uppercase(), name))
}

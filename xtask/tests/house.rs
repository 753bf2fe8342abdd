//! The invariants of the house: who may import whom, which crates are pure, how long a file may be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Crates and the workspace crates they may depend on, as ARCHITECTURE.md says.
const ROOMS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("wire", &["model"]),
    ("analysis", &["model"]),
    ("sensor", &["model", "wire"]),
    ("store", &[]),
    ("feeds", &["model"]),
    ("hospital", &["model"]),
    ("cordon", &["model", "wire", "analysis", "sensor", "store", "feeds", "hospital"]),
    ("xtask", &["model", "wire", "analysis", "sensor", "store", "feeds", "hospital", "cordon"]),
];
/// Crates without clock, randomness, I/O or threads.
const PURE: &[&str] = &["model", "wire", "analysis", "hospital"];
/// What no pure crate may pull in, however deep.
const IMPURE: &[&str] = &["tokio", "async-std", "rand", "sqlx", "reqwest", "mio", "socket2", "getrandom"];
/// The one file with `unsafe` code: memory that the kernel shares.
const UNSAFE: &str = "crates/sensor/src/live/ring.rs";
/// Lines of a file.
const LINES_MAX: usize = 600;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn dependencies(package: &str, arguments: &[&str]) -> BTreeSet<String> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["tree", "--locked", "--offline", "--prefix", "none", "--edges", "normal", "--package", package]);
    let output = command.args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().skip(1).filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

#[test]
fn crates_import_only_what_they_may() {
    let names: BTreeSet<&str> = ROOMS.iter().map(|(name, _)| *name).collect();
    let folders = std::fs::read_dir(root().join("crates")).unwrap();
    for folder in folders {
        let name = folder.unwrap().file_name().into_string().unwrap();
        assert!(names.contains(name.as_str()), "crates/{name} has no row in ROOMS");
    }
    for (name, allowed) in ROOMS {
        for dependency in dependencies(name, &["--depth", "1"]) {
            let is_ours = names.contains(dependency.as_str());
            assert!(!is_ours || allowed.contains(&dependency.as_str()), "{name} may not import {dependency}");
        }
    }
}

#[test]
fn pure_crates_are_pure() {
    for name in PURE {
        for dependency in dependencies(name, &[]) {
            assert!(!IMPURE.contains(&dependency.as_str()), "{name} pulls in {dependency}");
        }
        let lints = std::fs::read_to_string(root().join("crates").join(name).join("clippy.toml")).unwrap();
        for forbidden in ["SystemTime::now", "Instant::now", "std::fs::read", "std::net::TcpStream", "HashMap"] {
            assert!(lints.contains(forbidden), "crates/{name}/clippy.toml lets {forbidden} pass");
        }
    }
}

#[test]
fn every_crate_obeys_the_workspace_lints() {
    for (name, _) in ROOMS {
        let folder = if *name == "xtask" { root().join("xtask") } else { root().join("crates").join(name) };
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        assert!(manifest.contains("[lints]\nworkspace = true"), "{name} has lints of its own");
    }
}

#[test]
fn unsafe_code_stands_in_one_file() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(manifest.contains("unsafe_code = \"deny\"") && manifest.contains("undocumented_unsafe_blocks = \"deny\""));
    let mut files = Vec::new();
    for folder in ["crates", "xtask/src"] {
        collect(&root().join(folder), &mut files);
    }
    let lets_it_pass = |file: &PathBuf| std::fs::read_to_string(file).unwrap().contains("allow(unsafe_code");
    let found: Vec<PathBuf> = files.into_iter().filter(lets_it_pass).collect();
    assert_eq!(found, [root().join(UNSAFE)]);
    for name in PURE {
        let library = std::fs::read_to_string(root().join("crates").join(name).join("src/lib.rs")).unwrap();
        assert!(library.contains("#![forbid(unsafe_code)]"), "{name} does not forbid it");
    }
}

#[test]
fn no_file_is_too_long_to_read() {
    let mut files = Vec::new();
    for folder in ["crates", "xtask", "fuzz/fuzz_targets", "knowledge/fingerprints"] {
        collect(&root().join(folder), &mut files);
    }
    assert!(files.len() > 50);
    for file in files {
        let lines = std::fs::read_to_string(&file).unwrap().lines().count();
        assert!(lines <= LINES_MAX, "{}: {lines} lines", file.display());
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path
            .extension()
            .is_some_and(|end| ["rs", "js", "css", "html", "toml"].iter().any(|known| end == *known))
        {
            files.push(path);
        }
    }
}

#[test]
fn every_feed_has_a_fuzz_target_and_a_row_in_the_documents() {
    let library = std::fs::read_to_string(root().join("crates/feeds/src/lib.rs")).unwrap();
    let fuzz = std::fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
    let runner = std::fs::read_to_string(root().join("xtask/src/fuzz.rs")).unwrap();
    let page = std::fs::read_to_string(root().join("docs/feeds.md")).unwrap();
    let entries = std::fs::read_dir(root().join("crates/feeds/src")).unwrap().map(|entry| entry.unwrap());
    let feeds = entries.filter(|entry| entry.path().join("golden").is_dir());
    let feeds: Vec<String> = feeds.map(|entry| entry.file_name().into_string().unwrap()).collect();
    assert!(feeds.len() > 5);
    for name in feeds {
        assert!(library.contains(&format!("    &{name}::")), "{name} is not in feeds::ALL");
        assert!(root().join(format!("fuzz/fuzz_targets/feed_{name}.rs")).is_file(), "{name} has no fuzz target");
        assert!(fuzz.contains(&format!("name = \"feed_{name}\"")), "{name} is not in fuzz/Cargo.toml");
        assert!(runner.contains(&format!("\"feed_{name}\"")), "{name} is not run by cargo xtask fuzz");
        assert!(page.contains(&format!("| `{name}` |")), "{name} is missing in docs/feeds.md");
    }
}

#[test]
fn every_protocol_has_a_folder_a_fuzz_target_and_a_row_in_the_documents() {
    let folder = root().join("crates/wire/src/protocols");
    let folders: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    let listed: BTreeSet<String> = wire::protocols::ALL.iter().map(|decoder| decoder.name().to_owned()).collect();
    assert_eq!(folders, listed, "folders and wire::protocols::ALL differ");
    let fuzz = std::fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
    let page = std::fs::read_to_string(root().join("docs/protocols.md")).unwrap();
    for name in listed {
        assert!(root().join(format!("fuzz/fuzz_targets/{name}.rs")).is_file(), "{name} has no fuzz target");
        assert!(fuzz.contains(&format!("name = \"{name}\"")), "{name} is not in fuzz/Cargo.toml");
        assert!(page.contains(&format!("\n## {name}\n")), "{name} is missing: run cargo xtask protocols");
    }
}

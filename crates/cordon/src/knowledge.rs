//! The knowledge that the binary carries, and what a user adds to it.

use std::fs;
use std::path::{Path, PathBuf};

use analysis::knowledge::{Knowledge, Notation};
use analysis::prefixes::{Prefixes, Prepared};
use sha2::{Digest, Sha256};

use crate::failure::Failure;

/// Path below `knowledge/` and values as JSON.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/knowledge.rs"));
/// The IEEE's lists, made by `cargo xtask prefixes` and put in order by the build script.
const PREFIXES: Prepared = Prepared {
    index: include_bytes!(concat!(env!("OUT_DIR"), "/prefixes.index")),
    names: include_str!(concat!(env!("OUT_DIR"), "/prefixes.names")),
};

/// A file of the built-in knowledge by its name, its values as JSON; empty if there is none.
pub fn built_in(name: &str) -> &'static str {
    FILES.iter().find(|(path, _)| *path == name).map_or("", |(_, text)| text)
}

/// Everything known before the first packet, with the hash that names it.
pub struct Known {
    /// Rules, vendors, categories.
    pub knowledge: Knowledge,
    /// Who was assigned which hardware addresses.
    pub prefixes: Prefixes,
    /// SHA-256 over the names and values of all files, hexadecimal.
    pub sha256: String,
    /// What of the user's own files could not be used, in words.
    pub notes: Vec<String>,
}

/// Reads the built-in knowledge and the files that the user adds.
pub fn load(prefix_lists: &[PathBuf], fingerprints: Option<&Path>) -> Result<Known, Failure> {
    let mut hash = Sha256::new();
    for (path, text) in FILES {
        digest(&mut hash, path, text.as_bytes());
    }
    let built_in = Knowledge::load(FILES.iter().copied(), Notation::Json);
    let mut knowledge = built_in.map_err(|error| Failure::Failed(error.to_string()))?;
    let notes = match fingerprints {
        Some(folder) => add_recog(&mut knowledge, folder, &mut hash)?,
        None => Vec::new(),
    };
    let mut prefixes = Prefixes::default();
    if prefix_lists.is_empty() {
        digest(&mut hash, "prefixes", PREFIXES.index);
        digest(&mut hash, "organisations", PREFIXES.names.as_bytes());
        prefixes = Prefixes::prepared(PREFIXES);
    }
    for path in prefix_lists {
        let bytes = fs::read(path).map_err(|error| Failure::reading(path, &error))?;
        digest(&mut hash, "prefixes", &bytes);
        let before = prefixes.len();
        prefixes.add(&String::from_utf8_lossy(&bytes));
        if prefixes.len() == before {
            return Err(no_prefixes(path));
        }
    }
    Ok(Known { knowledge, prefixes, notes, sha256: hex(&hash.finalize()) })
}

/// Takes up a folder of Recog files; says in words what could not be used.
fn add_recog(knowledge: &mut Knowledge, folder: &Path, hash: &mut Sha256) -> Result<Vec<String>, Failure> {
    let reading = |error: std::io::Error| Failure::reading(folder, &error);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(reading)? {
        let path = entry.map_err(reading)?.path();
        if path.extension().is_some_and(|extension| extension == "xml") {
            let text = fs::read_to_string(&path).map_err(|error| Failure::reading(&path, &error))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((name, text));
        }
    }
    if files.is_empty() {
        let expected = "expected Recog's files, as in its folder `xml`";
        return Err(Failure::Wrong(format!("{}: holds no *.xml: {expected}", folder.display())));
    }
    files.sort();
    for (name, text) in &files {
        digest(hash, name, text.as_bytes());
    }
    let pairs = files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let recog = knowledge.add_recog(pairs).map_err(|error| Failure::Wrong(error.to_string()))?;
    let used = format!(
        "{}: {} of {} fingerprints are used; {} read texts that no decoder hands out",
        folder.display(),
        recog.rules,
        recog.fingerprints,
        recog.without_field
    );
    let unused = (!recog.unsupported.is_empty()).then(|| {
        let first: Vec<&str> = recog.unsupported.iter().take(3).map(String::as_str).collect();
        format!("{} patterns could not be used, the first: {}", recog.unsupported.len(), first.join("; "))
    });
    Ok(std::iter::once(used).chain(unused).collect())
}

fn no_prefixes(path: &Path) -> Failure {
    let expected = "expected oui.csv, mam.csv or oui36.csv as the IEEE publishes them, or lines of prefix, tab, name";
    Failure::Wrong(format!("{}: holds no prefix: {expected}", path.display()))
}

/// Name and length first, so that no two sets of files give the same bytes.
fn digest(hash: &mut Sha256, name: &str, bytes: &[u8]) {
    hash.update(name.as_bytes());
    hash.update([0]);
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

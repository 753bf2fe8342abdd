//! The knowledge that the binary carries, and what a user adds to it.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use analysis::knowledge::Knowledge;
use analysis::prefixes::Prefixes;
use sha2::{Digest, Sha256};

use crate::failure::Failure;

/// Path below `knowledge/` and text.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/knowledge.rs"));
/// Lines of "prefix TAB organisation" from the IEEE's lists, made by `cargo xtask prefixes`.
const PREFIXES: &[u8] = include_bytes!("../../../knowledge/prefixes.tsv.zst");

/// Everything known before the first packet, with the hash that names it.
pub struct Known {
    /// Rules, vendors, categories.
    pub knowledge: Knowledge,
    /// Who was assigned which hardware addresses.
    pub prefixes: Prefixes,
    /// SHA-256 over the names and texts of all files, hexadecimal.
    pub sha256: String,
    /// What of the user's own files could not be used, in words.
    pub notes: Vec<String>,
}

/// Reads the built-in knowledge and the files that the user adds.
pub fn load(prefix_lists: &[PathBuf], _fingerprints: Option<&Path>) -> Result<Known, Failure> {
    let mut hash = Sha256::new();
    for (path, text) in FILES {
        digest(&mut hash, path, text.as_bytes());
    }
    let knowledge = Knowledge::load(FILES.iter().copied()).map_err(|error| Failure::Failed(error.to_string()))?;
    let mut prefixes = Prefixes::default();
    if prefix_lists.is_empty() {
        digest(&mut hash, "prefixes", PREFIXES);
        prefixes.add(&unpack(PREFIXES)?);
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
    let notes = Vec::new();
    Ok(Known { knowledge, prefixes, notes, sha256: hex(&hash.finalize()) })
}

fn no_prefixes(path: &Path) -> Failure {
    let expected = "expected oui.csv, mam.csv or oui36.csv as the IEEE publishes them, or lines of prefix, tab, name";
    Failure::Wrong(format!("{}: holds no prefix: {expected}", path.display()))
}

fn unpack(packed: &[u8]) -> Result<String, Failure> {
    let fault =
        |error: &dyn std::fmt::Display| Failure::Failed(format!("the built-in prefix list is damaged: {error}"));
    let mut text = String::new();
    let mut decoder = ruzstd::decoding::StreamingDecoder::new(packed).map_err(|error| fault(&error))?;
    decoder.read_to_string(&mut text).map_err(|error| fault(&error))?;
    Ok(text)
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

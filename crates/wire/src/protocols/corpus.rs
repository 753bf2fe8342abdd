//! What fuzzing found worth keeping, `fuzz/corpus/<protocol>/`, through every decoder again; `cargo xtask fuzz` writes it.
#![allow(clippy::disallowed_methods, clippy::arithmetic_side_effects)]

use std::collections::BTreeSet;
use std::fs::read_dir;
use std::path::{Path, PathBuf};

use super::contract::goldens;
use super::{ALL, exercise, pieces, seed};

/// All of it, in bytes: a corpus is kept small enough to be part of the repository.
const CORPUS_BYTES_MAX: usize = 1_000_000;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus")
}

#[test]
fn every_protocol_has_a_corpus_and_none_of_it_causes_a_panic() {
    let mut total = 0;
    for decoder in ALL {
        let folder = folder().join(decoder.name());
        let files: Vec<PathBuf> =
            read_dir(&folder).map(|entries| entries.map(|entry| entry.unwrap().path()).collect()).unwrap_or_default();
        let name = decoder.name();
        assert!(!files.is_empty(), "{} is missing or empty: cargo xtask fuzz --minutes 2 {name}", folder.display());
        for file in files {
            let data = std::fs::read(&file).unwrap();
            total += data.len();
            let outcome = std::panic::catch_unwind(|| exercise(name, &data));
            assert!(outcome.is_ok(), "{}: the {name} decoder panics", file.display());
        }
    }
    assert!(total <= CORPUS_BYTES_MAX, "{total} bytes");
}

#[test]
fn every_corpus_is_a_decoders() {
    let names: BTreeSet<&str> = ALL.iter().map(|decoder| decoder.name()).collect();
    for entry in read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(names.contains(name.as_str()), "fuzz/corpus/{name} is no decoder's");
    }
}

/// Seeds hold the messages whole: nothing of them is lost or cut on the way.
#[test]
fn seeds_are_read_as_they_were_written() {
    for decoder in ALL {
        for golden in goldens(*decoder) {
            assert_eq!(pieces(&seed(&golden.pieces)), golden.pieces, "{}", golden.path.display());
        }
    }
}

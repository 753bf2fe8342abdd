//! The SQLite store against the contract of all stores, and what only it has: one owner, formats, copies.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::path::Path;

use store::{Sequence, Sqlite, State, Store, StoreError};

fn open(folder: &Path) -> Sqlite {
    Sqlite::open(folder).unwrap()
}

#[test]
fn sqlite_holds_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    store::contract::holds(&mut || Box::new(open(folder.path())));
}

#[test]
fn one_process_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path());
    let error = Sqlite::open(folder.path()).map(|_| ()).unwrap_err();
    assert!(matches!(error, StoreError::InUse { .. }), "{error}");
    drop(first);
    open(folder.path());
}

#[test]
fn a_newer_format_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path()).append(&[b"kept"]).unwrap();
    let database = rusqlite_at(folder.path());
    database.pragma_update(None, "user_version", 4_000).unwrap();
    drop(database);
    let error = Sqlite::open(folder.path()).map(|_| ()).unwrap_err();
    assert!(matches!(error, StoreError::Newer { found: 4_000, .. }), "{error}");
    assert!(!error.is_passing() && error.to_string().contains("start that one, or restore a backup"), "{error}");
}

#[test]
fn a_copy_is_whole_and_the_store_goes_on() {
    let (folder, copies) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut store = open(folder.path());
    store.append(&[b"one", b"two"]).unwrap();
    store.keep_state(&State { upto: Sequence(1), bytes: vec![7; 2_500_000] }, &[]).unwrap();
    let copy = copies.path().join("cordon.db");
    store.back_up(&copy).unwrap();
    store.append(&[b"after"]).unwrap();
    assert!(store.back_up(&copy).is_err(), "an older copy is never written over");
    // Restoring is: put the copy into an empty folder.
    let mut restored = open(copies.path());
    restored.check().unwrap();
    assert_eq!(restored.state().unwrap().unwrap().bytes, vec![7; 2_500_000]);
    let entries = restored.journal(Sequence(0), 10).unwrap();
    assert_eq!(entries.iter().map(|entry| entry.bytes.as_slice()).collect::<Vec<_>>(), [b"two"]);
    assert_eq!(restored.append(&[b"again"]).unwrap(), Sequence(3));
}

#[test]
fn damage_is_found_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    let noise: Vec<u8> = (0..400_000_u32).map(|number| (number * 31 % 253) as u8).collect();
    for _ in 0..20 {
        store.append(&[&noise]).unwrap();
    }
    drop(store);
    let path = folder.path().join("cordon.db");
    let mut bytes = std::fs::read(&path).unwrap();
    // Every page from the second on loses its head.
    for page in bytes.chunks_mut(4_096).skip(1) {
        page[..16].fill(0xff);
    }
    std::fs::write(&path, &bytes).unwrap();
    let error = Sqlite::open(folder.path()).and_then(|mut store| store.check()).unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    std::fs::write(&path, b"this is no database, whatever its name says").unwrap();
    let _ = std::fs::remove_file(folder.path().join("cordon.db-wal"));
    let error = Sqlite::open(folder.path()).map(|_| ()).unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
}

fn rusqlite_at(folder: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(folder.join("cordon.db")).unwrap()
}

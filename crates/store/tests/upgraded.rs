//! A store that an older Cordon wrote is brought up to date, whole or not at all, however often that is cut off.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout
)]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use rusqlite::Connection;
use store::{Change, Sequence, Sqlite, Store, StoreError};

const FOLDER: &str = "CORDON_UPGRADED_FOLDER";
const KILLS: u64 = 60;
const ENTRIES: u64 = 500;

/// The first format, as it was released; never changed.
const FIRST: &str = include_str!("../src/sqlite/migrations/0001_journal.sql");

/// A store in the first format with entries.
fn old(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    let connection = Connection::open(folder.join("cordon.db")).unwrap();
    connection.pragma_update(None, "journal_mode", "wal").unwrap();
    connection.execute_batch(FIRST).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    connection.execute_batch("BEGIN").unwrap();
    for entry in 1..=ENTRIES {
        connection.execute("INSERT INTO journal (bytes) VALUES (?1)", [bytes(entry)]).unwrap();
    }
    connection.execute_batch("COMMIT").unwrap();
}

fn bytes(entry: u64) -> Vec<u8> {
    vec![(entry % 251) as u8; 1_000 + entry as usize]
}

fn whole(store: &mut Sqlite) {
    store.check().unwrap();
    let entries = store.journal(Sequence(0), usize::MAX).unwrap();
    assert_eq!(entries.len() as u64, ENTRIES);
    for (entry, number) in entries.iter().zip(1..) {
        assert!(entry.sequence.0 == number && entry.bytes == bytes(number), "entry {number}");
    }
    let put = Change::Put { kind: "person", name: "ada", bytes: b"new" };
    store.change(&[put]).unwrap();
    assert_eq!(store.records("person").unwrap().len(), 1);
}

/// Opens the store of the folder and says so. Does nothing when it is run as a test.
#[test]
fn upgrades_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    println!("begins");
    let _store = Sqlite::open(Path::new(&folder)).unwrap();
    println!("stands");
    std::thread::sleep(Duration::from_secs(60));
}

#[test]
fn an_upgrade_that_is_killed_is_done_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut finished = 0;
    for round in 0..KILLS {
        let data = folder.path().join(format!("{round}"));
        old(&data);
        let mut upgrading = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "upgrades_until_it_is_killed", "--nocapture", "--test-threads=1"])
            .env(FOLDER, &data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut told = BufReader::new(upgrading.stdout.take().unwrap()).lines().map_while(Result::ok);
        told.find(|line| line.contains("begins")).unwrap();
        std::thread::sleep(Duration::from_micros(round * 397 % 9_000));
        upgrading.kill().unwrap();
        upgrading.wait().unwrap();
        finished += usize::from(told.any(|line| line.contains("stands")));
        whole(&mut Sqlite::open(&data).unwrap());
    }
    assert!(finished < KILLS as usize, "none was killed before it was done");
}

#[test]
fn a_copy_of_a_store_in_use_is_whole_and_can_be_restored() {
    let folder = tempfile::tempdir().unwrap();
    let (data, copy, again) = (folder.path().join("data"), folder.path().join("copy.db"), folder.path().join("again"));
    old(&data);
    let mut store = Sqlite::open(&data).unwrap();
    whole(&mut store);
    Sqlite::copy(&data, &copy).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&copy).unwrap().permissions());
    assert_eq!(mode & 0o077, 0, "others may read the copy");
    store.append(&[b"after the copy"]).unwrap();
    Sqlite::restore(&copy, &again).unwrap();
    whole(&mut Sqlite::open(&again).unwrap());

    // Nothing that is there is ever overwritten, and nothing but a whole copy is taken.
    let refused = |result: Result<(), StoreError>| assert!(matches!(result, Err(StoreError::Refused { .. })));
    refused(Sqlite::restore(&copy, &again));
    refused(Sqlite::copy(&data, &copy));
    // What a killed process left of another database's log would be read into the copy.
    let left = folder.path().join("left");
    std::fs::create_dir(&left).unwrap();
    std::fs::write(left.join("cordon.db-wal"), b"of another").unwrap();
    refused(Sqlite::restore(&copy, &left));
    assert!(matches!(Sqlite::restore(&copy, &data), Err(StoreError::InUse { .. })), "the store is open");
    refused(Sqlite::copy(&folder.path().join("nothing"), &folder.path().join("other.db")));
    let mut damaged = std::fs::read(&copy).unwrap();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 20_000].fill(0x55);
    let bad = folder.path().join("bad.db");
    std::fs::write(&bad, &damaged).unwrap();
    let target = folder.path().join("target");
    assert!(matches!(Sqlite::restore(&bad, &target), Err(StoreError::Damaged { .. })));
    std::fs::write(&bad, b"no database at all").unwrap();
    assert!(matches!(Sqlite::restore(&bad, &target), Err(StoreError::Damaged { .. })));
    assert!(!target.join("cordon.db").exists());
}

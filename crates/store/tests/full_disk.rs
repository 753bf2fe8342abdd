//! A disk that fills up, and one that takes nothing: what was kept stays, what was not is said, and it goes on by itself.
//! Needs root, to mount a small disk.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::fs;
use std::path::Path;
use std::process::Command;

use store::{Sequence, Sqlite, Store, StoreError};

/// A disk in memory, taken away at the end.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        mount(&["-t", "tmpfs", "-o", "size=4m", "tmpfs"], folder.path()).then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

fn mount(arguments: &[&str], folder: &Path) -> bool {
    Command::new("mount").args(arguments).arg(folder).output().is_ok_and(|output| output.status.success())
}

#[test]
fn a_full_disk_keeps_what_it_has_and_goes_on_when_there_is_room() {
    let Some(disk) = SmallDisk::mount() else {
        return xtask::reference::skipped("only root may mount a small disk: a full one was not tried");
    };
    let ballast = disk.path().join("ballast");
    fs::write(&ballast, vec![0; 2_000_000]).unwrap();
    let mut store = Sqlite::open(&disk.path().join("data")).unwrap();
    let bytes = vec![7; 50_000];
    let mut kept = 0;
    let error = loop {
        match store.append(&[&bytes, &bytes]) {
            Ok(last) => kept = last.0,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, StoreError::Full { .. }) && error.is_passing(), "{error}");
    assert!(kept >= 4, "{kept}");
    // Again and again: it neither breaks nor forgets.
    for _ in 0..50 {
        assert!(store.append(&[&bytes, &bytes]).is_err());
    }
    assert_eq!(store.journal(Sequence(0), usize::MAX).unwrap().len() as u64, kept, "half of a batch was kept");
    fs::remove_file(&ballast).unwrap();
    assert_eq!(store.append(&[&bytes]).unwrap().0, kept + 1);
    store.check().unwrap();
}

#[test]
fn a_copy_to_a_full_disk_leaves_nothing_behind() {
    let Some(disk) = SmallDisk::mount() else {
        return xtask::reference::skipped("only root may mount a small disk: a copy to a full one was not tried");
    };
    let folder = tempfile::tempdir().unwrap();
    let mut store = Sqlite::open(folder.path()).unwrap();
    store.append(&[&vec![7; 6_000_000]]).unwrap();
    let copy = disk.path().join("copy.db");
    let error = store.back_up(&copy).unwrap_err();
    assert!(matches!(&error, StoreError::Full { place } if *place == copy), "{error}");
    assert_eq!(fs::read_dir(disk.path()).unwrap().count(), 0, "half a copy was left");
    store.check().unwrap();
    assert_eq!(store.append(&[b"more"]).unwrap(), Sequence(2));
}

#[test]
fn a_disk_that_takes_nothing_is_said_and_tried_again() {
    let Some(disk) = SmallDisk::mount() else {
        return xtask::reference::skipped("only root may mount a small disk: one that takes nothing was not tried");
    };
    let folder = disk.path().join("data");
    let mut store = Sqlite::open(&folder).unwrap();
    store.append(&[b"kept"]).unwrap();
    drop(store);
    // A writer has its files open, and then the disk cannot be made read-only: it is opened so.
    assert!(mount(&["-o", "remount,ro"], disk.path()));
    let error = Sqlite::open(&folder).map(|_| ()).unwrap_err();
    assert!(error.is_passing(), "{error}");
    assert!(mount(&["-o", "remount,rw"], disk.path()));
    let mut store = Sqlite::open(&folder).unwrap();
    assert_eq!(store.journal(Sequence(0), 10).unwrap().len(), 1);
    store.append(&[b"more"]).unwrap();
}

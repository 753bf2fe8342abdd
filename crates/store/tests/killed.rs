//! A writer that is killed at random moments loses nothing that it was told is kept, and nothing is half there.
//!
//! `CORDON_KILLS=1000` kills more often. A kill leaves what the operating system holds in memory: loss of power is another
//! test.
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
use std::time::{Duration, Instant};

use store::{Sequence, Sqlite, State, Store};

/// Names the folder to write to; set only in the process that is to be killed.
const FOLDER: &str = "CORDON_KILLED_FOLDER";

/// An entry that cannot be mistaken for another.
fn entry(sequence: u64) -> Vec<u8> {
    let mut bytes = sequence.to_be_bytes().to_vec();
    bytes.resize(8 + (sequence as usize * 7) % 3_000, (sequence % 251) as u8);
    bytes
}

/// A state whose bytes follow from its place.
fn state(upto: u64) -> State {
    let length = 100_000 + (upto as usize * 977) % 2_000_000;
    State { upto: Sequence(upto), bytes: vec![(upto % 253) as u8; length] }
}

/// Writes until it is killed and says what was acknowledged. Does nothing when it is run as a test.
#[test]
fn writes_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let mut store = Sqlite::open(Path::new(&folder)).unwrap();
    let mut last = store.append(&[]).unwrap().0;
    println!("ready {last}");
    loop {
        let batch: Vec<Vec<u8>> = (1..=1 + last % 5).map(|step| entry(last + step)).collect();
        let batch: Vec<&[u8]> = batch.iter().map(Vec::as_slice).collect();
        last = store.append(&batch).unwrap().0;
        println!("kept {last}");
        if last % 7 == 0 {
            store.keep_state(&state(last), &[]).unwrap();
            println!("state {last}");
        }
    }
}

#[test]
fn what_was_acknowledged_survives_every_kill() {
    let kills: u64 = std::env::var("CORDON_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(200);
    let folder = tempfile::tempdir().unwrap();
    let (mut kept, mut stated, mut slowest) = (0, 0, Duration::ZERO);
    for round in 0..kills {
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "writes_until_it_is_killed", "--nocapture", "--test-threads=1"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let told = BufReader::new(writer.stdout.take().unwrap());
        // Somewhere between its first word and some milliseconds later: in a write, in a checkpoint, between two.
        let (ready, is_ready) = std::sync::mpsc::channel();
        let killer = std::thread::spawn(move || {
            is_ready.recv().unwrap();
            std::thread::sleep(Duration::from_micros(round * 7_919 % 30_000));
            writer.kill().unwrap();
            writer.wait().unwrap();
        });
        for line in told.lines().map_while(Result::ok) {
            let mut words = line.split_whitespace().rev();
            let number = words.next().and_then(|word| word.parse::<u64>().ok());
            match (words.next(), number) {
                (Some(word @ ("kept" | "ready")), Some(number)) => {
                    kept = kept.max(number);
                    if word == "ready" {
                        ready.send(()).unwrap();
                    }
                }
                (Some("state"), Some(number)) => stated = stated.max(number),
                _ => {}
            }
        }
        killer.join().unwrap();
        let begun = Instant::now();
        let mut store = Sqlite::open(folder.path()).unwrap();
        slowest = slowest.max(begun.elapsed());
        store.check().unwrap();
        examine(&mut store, kept, stated, round);
    }
    assert!(kept > kills, "only {kept} entries in {kills} rounds");
    println!("{kills} kills, {kept} entries, states up to {stated}; opened again in at most {slowest:?}");
}

/// Everything from the state on is there, in order, once, and is what was written.
fn examine(store: &mut Sqlite, kept: u64, stated: u64, round: u64) {
    let found = store.state().unwrap();
    let upto = found.as_ref().map_or(0, |state| state.upto.0);
    assert!(upto >= stated, "round {round}: state {stated} was acknowledged, {upto} is there");
    if let Some(found) = found {
        assert!(found == state(upto), "round {round}: the state up to {upto} is not what was written");
    }
    let entries = store.journal(Sequence(0), usize::MAX).unwrap();
    for (expected, found) in (upto + 1..).zip(&entries) {
        assert!(found.sequence.0 == expected && found.bytes == entry(expected), "round {round}: entry {expected}");
    }
    let last = upto + entries.len() as u64;
    assert!(last >= kept, "round {round}: {kept} was acknowledged, {last} is the last");
}

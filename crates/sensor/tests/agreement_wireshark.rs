//! Decoded fields beside Wireshark's, on other people's captures: every field that both know, value by value.
//!
//! By default the smallest captures of each protocol are compared; `AGREEMENT=all` compares every capture there is.
//! `AGREEMENT_CAPTURE=part-of-a-name` and `AGREEMENT_PROTOCOL=name` narrow it and print each difference.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::process::Command;

#[path = "agreement/building.rs"]
mod building;
#[path = "agreement/captures.rs"]
mod captures;
#[path = "agreement/compare.rs"]
mod compare;
#[path = "agreement/link.rs"]
mod link;
#[path = "agreement/management.rs"]
mod management;
#[path = "agreement/medical.rs"]
mod medical;
#[path = "agreement/normal.rs"]
mod normal;
#[path = "agreement/ours.rs"]
mod ours;
#[path = "agreement/pairings.rs"]
mod pairings;
#[path = "agreement/readers.rs"]
mod readers;
#[path = "agreement/records.rs"]
mod records;
#[path = "agreement/theirs.rs"]
mod theirs;
#[path = "agreement/windows.rs"]
mod windows;

use captures::{Budget, Captures, choose, in_parallel};

#[test]
fn fields_equal_wiresharks() {
    let Some(captures) = Captures::find() else {
        eprintln!("SKIPPED: no shared captures beside this checkout");
        return;
    };
    if Command::new("tshark").arg("-v").output().is_err() {
        eprintln!("SKIPPED: tshark is not installed");
        return;
    }
    let wide = std::env::var("AGREEMENT").is_ok_and(|value| value == "all");
    let only_capture = std::env::var("AGREEMENT_CAPTURE").ok();
    let only_protocol = std::env::var("AGREEMENT_PROTOCOL").ok();
    let budget = match wide {
        true => Budget { captures_per_protocol: usize::MAX, bytes_per_protocol: u64::MAX, step: 1 },
        false => Budget { captures_per_protocol: 12, bytes_per_protocol: 1_000_000, step: 40 },
    };
    let started = std::time::SystemTime::now();
    let readings = in_parallel(&captures.paths, |path| ours::read(path));
    eprintln!("read {} captures after {:?}", readings.len(), started.elapsed());
    let held: Vec<_> = readings.iter().map(ours::Reading::protocols).collect();
    let pairings = pairings::all();
    let mut chosen = choose(&captures.paths, &held, budget);
    if let Some(part) = &only_capture {
        chosen =
            (0..captures.paths.len()).filter(|index| captures.name(&captures.paths[*index]).contains(part)).collect();
    }
    if let Some(protocol) = &only_protocol {
        chosen.retain(|index| held[*index].contains(protocol.as_str()));
    }
    let outcomes = in_parallel(&chosen, |index| {
        let theirs = theirs::dissect(&captures.paths[*index], &pairings, &readings[*index].decode_as());
        compare::compare(&pairings, &readings[*index], &theirs)
    });
    eprintln!("compared {} captures after {:?}", chosen.len(), started.elapsed());
    let mut lines: std::collections::BTreeMap<(&str, &str), [usize; 4]> = Default::default();
    for (index, outcome) in chosen.iter().zip(&outcomes) {
        for (pairing, tally) in &outcome.tallies {
            let line = lines.entry((pairings[*pairing].protocol, pairings[*pairing].field)).or_default();
            line[0] += tally.same_frame;
            line[1] += tally.other_frame;
        }
        for difference in &outcome.differences {
            let pairing = &pairings[difference.pairing];
            let line = lines.entry((pairing.protocol, pairing.field)).or_default();
            line[if difference.alone == compare::Alone::Ours { 2 } else { 3 }] += 1;
            println!(
                "DIFF\t{}\t{}\t{}\t{}\t{}\t{:?}\t{:?}",
                pairing.protocol,
                pairing.field,
                captures.name(&captures.paths[*index]),
                difference.frame,
                difference.alone.name(),
                difference.value,
                difference.instead
            );
        }
    }
    for ((protocol, field), [same, moved, ours, theirs]) in lines {
        eprintln!("{protocol:8} {field:28} {same:8} {moved:6} {ours:6} {theirs:6}");
    }
}

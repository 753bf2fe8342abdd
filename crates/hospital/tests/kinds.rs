//! What holds for every kind of device and every attack: the truth that they tell is one that Cordon's knowledge has words
//! for, and the same seed gives the same hospital.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::disallowed_methods)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use hospital::attacks;
use hospital::frames::Moment;
use hospital::hospital::{Hospital, MONDAY, Plan};
use hospital::kinds;
use hospital::play::Frames;
use hospital::rhythm::Span;
use hospital::truth::Truth;

const SEEDS: [u64; 4] = [1, 2, 3, 4];

fn hospital(seed: u64, devices: usize, attacks: bool) -> Hospital {
    let attacks = if attacks { attacks::ALL.to_vec() } else { Vec::new() };
    Hospital::build(Plan { seed, devices, span: Span { start: MONDAY, days: 1 }, attacks })
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().parent().unwrap().to_owned()
}

/// The values of `id = "…"` and `name = "…"` in a file of the knowledge.
fn words(file: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(root().join("knowledge").join(file)).unwrap();
    let value: toml::Table = toml::from_str(&text).unwrap();
    let mut words = BTreeSet::new();
    for entry in value.values().filter_map(toml::Value::as_array).flatten().filter_map(toml::Value::as_table) {
        words.extend(["id", "name"].iter().filter_map(|key| entry.get(*key)?.as_str()).map(str::to_owned));
    }
    words
}

#[test]
fn every_kind_and_every_attack_has_a_name_of_its_own() {
    let kinds: BTreeSet<&str> = kinds::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(kinds.len(), kinds::ALL.len());
    let attacks: BTreeSet<&str> = attacks::ALL.iter().map(|attack| attack.name()).collect();
    assert_eq!(attacks.len(), attacks::ALL.len());
    assert!(kinds.is_disjoint(&attacks));
    let files = fs::read_dir(root().join("crates/hospital/src/attacks")).unwrap().flatten();
    let files: BTreeSet<String> = files
        .map(|file| file.path().file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|name| name != "mod")
        .collect();
    assert_eq!(files, attacks.iter().map(|name| (*name).to_owned()).collect(), "one file for each attack");
}

#[test]
fn the_truth_has_words_that_the_knowledge_knows() {
    let [categories, vendors, roles] = ["categories.toml", "vendors.toml", "roles.toml"].map(words);
    assert!(categories.len() > 100 && vendors.len() > 100 && roles.len() > 20);
    let mut unknown: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut makers = BTreeSet::new();
    let mut medical = BTreeSet::new();
    for seed in SEEDS {
        for device in hospital(seed, 1_000, true).around().devices() {
            let truth = &device.truth;
            assert!(categories.contains(truth.category), "{}: `{}` is no category", device.kind, truth.category);
            if !truth.vendor.is_empty() && !vendors.contains(truth.vendor) {
                unknown.insert((device.kind, truth.vendor));
            }
            for role in &truth.roles {
                assert!(roles.contains(*role), "{}: `{role}` is no role", device.kind);
            }
            for told in truth.told {
                let is = match *told {
                    "category" => truth.category,
                    "vendor" => truth.vendor,
                    "family" => truth.family,
                    "model" => truth.model,
                    "serial" => &truth.serial,
                    "asset_tag" => &truth.asset_tag,
                    "software" => truth.software,
                    other => panic!("{}: `{other}` is no attribute", device.kind),
                };
                assert!(!is.is_empty(), "{}: {told} is told, but empty", device.kind);
            }
            makers.insert(truth.vendor);
            medical.insert(truth.category);
        }
    }
    assert!(unknown.is_empty(), "makers that the knowledge does not name: {unknown:?}");
    assert!(makers.len() > 20 && medical.len() > 25, "{} makers, {} kinds", makers.len(), medical.len());
}

#[test]
fn nobody_shares_an_address_a_name_or_a_card() {
    for (seed, devices) in SEEDS.into_iter().zip([20, 300, 1_000, 3_000]) {
        let hospital = hospital(seed, devices, false);
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for device in hospital.around().devices().iter().filter(|device| device.behind.is_none()) {
            for what in [device.mac_text(), device.station.ip.to_string()] {
                let other = seen.insert(what.clone(), device.number);
                assert_eq!(other, None, "seed {seed}: {what} is of {} too", device.name);
            }
            assert!(device.station.link.vlan > 0, "{} has no place", device.name);
        }
        for flow in Truth::of(&hospital).flows {
            for number in [Some(flow.from), flow.to].into_iter().flatten() {
                let end = &hospital.around().devices()[number];
                assert!(end.behind.is_none(), "{} has no address to speak from", end.name);
            }
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let bytes = |seed| {
        let mut file = Vec::new();
        for (time, frame) in Frames::of(&hospital(seed, 40, true)).take(60_000) {
            hospital::capture::add(&mut file, time, &frame);
        }
        file
    };
    let truth = |seed| serde_json::to_string(&Truth::of(&hospital(seed, 40, true))).unwrap();
    assert!(bytes(1) == bytes(1) && truth(1) == truth(1));
    assert!(bytes(1) != bytes(2) && truth(1) != truth(2));
}

#[test]
fn frames_come_in_order_of_time_and_within_the_days() {
    let hospital = hospital(3, 60, true);
    let span = hospital.span();
    let mut last = span.start.before_us(2_000);
    let mut count = 0_u32;
    for (time, frame) in Frames::of(&hospital) {
        let time = Moment(time);
        assert!(time >= last && time < span.end(), "frame {count}: {time:?} after {last:?}");
        assert!((60..=1_518).contains(&frame.len()), "frame {count}: {} bytes", frame.len());
        last = time;
        count = count.saturating_add(1);
    }
    assert!(count > 10_000);
}

#[test]
fn whoever_falls_silent_is_not_heard_again() {
    let hospital = hospital(2, 200, true);
    let truth = Truth::of(&hospital);
    let silent = truth.attacks.iter().find(|attack| attack.name == "silent_monitor").unwrap();
    let station = hospital.around().devices()[silent.silences[0]].station;
    let from = |frame: &[u8]| frame[6..12] == station.mac;
    let times: Vec<u64> = Frames::of(&hospital).filter(|(_, frame)| from(frame)).map(|(time, _)| time).collect();
    assert!(times.len() > 100 && times.iter().all(|time| *time < silent.start.saturating_add(60_000_000)));
}

//! What changes in a hospital over days: the truth tells it, and the frames agree with the truth.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};

use hospital::changes;
use hospital::hospital::{Hospital, MONDAY, Plan, Variety};
use hospital::play::Frames;
use hospital::rhythm::Span;
use hospital::tap::Tap;
use hospital::truth::{ChangeTruth, DeviceTruth, Truth};

const SEEDS: [u64; 2] = [1, 2];
const SILENT_US: u64 = 1_800_000_000;

fn hospital(seed: u64, devices: usize, days: u32, variety: &Variety) -> Hospital {
    let span = Span { start: MONDAY, days };
    Hospital::varied(Plan { seed, devices, span, attacks: Vec::new() }, variety)
}

fn changing() -> Variety {
    Variety { changes: changes::ALL.to_vec(), ..Variety::default() }
}

fn named<'t>(truth: &'t Truth, name: &str) -> Vec<&'t ChangeTruth> {
    truth.changes.iter().filter(|change| change.name == name).collect()
}

/// Source and sender of a frame behind its tag, if it is an IPv4 packet.
fn sender(frame: &[u8]) -> Option<(String, Ipv4Addr, Ipv4Addr)> {
    let start = if frame[12..14] == [0x81, 0] { 16 } else { 12 };
    let ip = |from: usize| Ipv4Addr::new(frame[from], frame[from + 1], frame[from + 2], frame[from + 3]);
    let mac = frame[6..12].iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":");
    (frame[start..start + 2] == [8, 0]).then(|| (mac, ip(start + 14), ip(start + 18)))
}

#[test]
fn every_change_happens_and_is_told() {
    for seed in SEEDS {
        let hospital = hospital(seed, 150, 4, &changing());
        let truth = Truth::of(&hospital);
        let told: BTreeSet<&str> = truth.changes.iter().map(|change| change.name).collect();
        let all: BTreeSet<&str> = changes::ALL.iter().map(|change| change.name()).collect();
        assert_eq!(told, all, "seed {seed}");
        let device = |number: usize| -> &DeviceTruth { &truth.devices[number] };
        for number in &named(&truth, "moved_device")[0].devices {
            let tags: BTreeSet<u16> = device(*number).history.iter().map(|phase| phase.vlan).collect();
            assert_eq!(tags.len(), 2, "{} moves once", device(*number).name);
        }
        for (old, new) in &named(&truth, "replaced_device")[0].replaced {
            let (old, new) = (device(*old), device(*new));
            assert_eq!((&old.name, &old.place, &old.addresses), (&new.name, &new.place, &new.addresses));
            assert!(old.mac != new.mac && old.is.serial != new.is.serial && new.follows == Some(old.number));
            assert!(old.history[0].until == new.history[0].from, "one goes where the other comes");
        }
        for number in &named(&truth, "firmware_update")[0].devices {
            let versions: Vec<&str> = device(*number).history.iter().map(|phase| phase.software).collect();
            assert!(versions.first() != versions.last() && versions.last() == Some(&device(*number).is.software));
        }
        for change in named(&truth, "random_addresses") {
            for (old, new) in &change.replaced {
                let (old, new) = (device(*old), device(*new));
                let first = u8::from_str_radix(&new.mac.as_ref().unwrap()[..2], 16).unwrap();
                assert!(old.mac != new.mac && first & 3 == 2 && old.is.category == "mobile_device");
            }
        }
        let service = device(named(&truth, "new_service")[0].devices[0]);
        assert!(service.history[0].from > truth.start);
        assert!(truth.flows.iter().any(|flow| flow.to == Some(service.number)), "desks use it");
        let visit = named(&truth, "vendor_visit")[0];
        assert!(visit.end > visit.start && visit.outside.len() == 1);
    }
}

#[test]
fn an_address_goes_from_device_to_device_and_nobody_shares_one() {
    let truth = Truth::of(&hospital(1, 150, 4, &changing()));
    let mut holders: BTreeMap<IpAddr, Vec<(u64, u64, usize)>> = BTreeMap::new();
    for device in &truth.devices {
        for phase in &device.history {
            for ip in &phase.addresses {
                holders.entry(*ip).or_default().push((phase.from, phase.until, device.number));
            }
        }
    }
    let mut handed_on = 0;
    for (ip, mut spans) in holders {
        spans.sort_unstable();
        handed_on += spans.windows(2).filter(|pair| pair[0].2 != pair[1].2).count();
        assert!(spans.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{ip}: {spans:?}");
    }
    assert!(handed_on > 20, "{handed_on}");
}

/// The one test that holds frames and truth together: whoever sends with an address has it then.
#[test]
fn whoever_sends_has_that_address_then() {
    let variety = Variety { further_sites: 1, ipv6: true, ..changing() };
    let hospital = hospital(1, 60, 3, &variety);
    let truth = Truth::of(&hospital);
    let by_mac: BTreeMap<&str, &DeviceTruth> =
        truth.devices.iter().filter_map(|device| Some((device.mac.as_deref()?, device))).collect();
    let routers: BTreeSet<&str> = truth
        .devices
        .iter()
        .filter(|device| device.roles.contains(&"router"))
        .map(|it| it.mac.as_deref().unwrap())
        .collect();
    let mut checked = 0;
    let mut before_and_after: BTreeSet<usize> = BTreeSet::new();
    let [visit] = named(&truth, "vendor_visit")[..] else { panic!("one visit in three days") };
    let mut visits = 0;
    for (time, frame) in Frames::of(&hospital) {
        let Some((mac, from, _)) = sender(&frame) else { continue };
        if visit.outside.contains(&from) {
            assert!((visit.start..visit.end).contains(&time), "a visit outside its window");
            visits += 1;
        }
        let Some(device) = by_mac.get(mac.as_str()).filter(|_| !routers.contains(mac.as_str())) else { continue };
        if from.is_unspecified() || device.history.is_empty() {
            continue;
        }
        checked += 1;
        // A frame may be on its way for a moment when the silence begins.
        let is_so = |phase: &&hospital::truth::Phase| phase.from <= time + 2_000 && time < phase.until;
        let phase = device.history.iter().find(is_so);
        let phase = phase.unwrap_or_else(|| panic!("{} sends at {time}, and is not there", device.name));
        assert!(phase.addresses.contains(&from.into()), "{} sends with {from} at {time}", device.name);
        let is_last = device.history.last() == Some(phase) && device.history.len() > 1;
        if is_last && time > phase.from + SILENT_US {
            before_and_after.insert(device.number);
        }
    }
    assert!(checked > 10_000 && before_and_after.len() > 8 && visits > 50, "{checked} {before_and_after:?} {visits}");
}

#[test]
fn the_month_is_closed_in_one_evening() {
    let truth = Truth::of(&hospital(3, 40, 28, &changing()));
    let [closing] = named(&truth, "month_end")[..] else { panic!("one month is closed") };
    let day = (closing.start - truth.start) / 86_400_000_000;
    assert_eq!(day, 25, "a Friday");
    let visits = named(&truth, "vendor_visit").len();
    assert_eq!(visits, 1);
}

#[test]
fn a_site_has_its_own_router_and_addresses_and_the_same_kinds() {
    let variety = Variety { further_sites: 2, ..Variety::default() };
    let truth = Truth::of(&hospital(2, 200, 1, &variety));
    for device in truth.devices.iter().filter(|device| device.behind.is_none()) {
        let [IpAddr::V4(ip)] = device.addresses[..] else { panic!("{}", device.name) };
        assert_eq!(usize::from(ip.octets()[1]) / 32, device.site + 1, "{} at {ip}", device.name);
    }
    let kinds = |site: usize| -> BTreeSet<&str> {
        truth.devices.iter().filter(|device| device.site == site).map(|device| device.is.category).collect()
    };
    for site in [1, 2] {
        assert!(kinds(site).intersection(&kinds(0)).count() > 8, "{:?}", kinds(site));
        let is_router = |device: &&DeviceTruth| device.site == site && device.roles.contains(&"router");
        assert_eq!(truth.devices.iter().filter(is_router).count(), 1);
    }
    let tags: BTreeSet<u16> = truth.networks.iter().map(|network| network.vlan).collect();
    assert_eq!(tags.len(), truth.networks.len());
}

#[test]
fn a_poor_tap_loses_what_it_is_said_to_lose() {
    let hospital = hospital(4, 40, 1, &Variety::default());
    let heard = |loss, one_way| {
        let mut tap = Tap::new(&hospital, loss, one_way);
        Frames::of(&hospital).take(100_000).map(|(_, frame)| frame).filter(|frame| tap.hears(frame)).collect::<Vec<_>>()
    };
    let all = heard(0, false).len();
    let lossy = heard(10, false).len();
    assert_eq!(heard(10, false).len(), lossy, "the same each time");
    assert!((all * 88..all * 92).contains(&(lossy * 100)), "{lossy} of {all}");
    let router = hospital.around().devices().iter().find(|device| device.kind == "router").unwrap();
    let one_way = heard(0, true);
    assert!(one_way.len() * 3 > all && one_way.len() * 3 < all * 2, "{} of {all}", one_way.len());
    assert!(one_way.iter().all(|frame| frame[6..12] != router.station.mac));
}

#[test]
fn the_same_seed_changes_in_the_same_way() {
    let variety = Variety { further_sites: 1, ipv6: true, ..changing() };
    let text = |seed| serde_json::to_string(&Truth::of(&hospital(seed, 60, 3, &variety))).unwrap();
    assert!(text(5) == text(5) && text(5) != text(6));
    let frames = |seed| Frames::of(&hospital(seed, 30, 2, &variety)).take(80_000).collect::<Vec<_>>();
    assert!(frames(5) == frames(5));
}

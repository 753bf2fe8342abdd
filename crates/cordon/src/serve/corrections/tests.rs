//! Whom what was said is of, where that is hard to tell.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use analysis::inventory::{Address, Also, Attribute, Device, Evidence, Interface, One};
use analysis::knowledge::AttributeKind;
use model::Timestamp;

use super::recognition::Mark;
use super::{Correction, Corrections, Placed, Recognition, Wanted};
use crate::knowledge::{Known, load};

static KNOWN: LazyLock<Known> = LazyLock::new(|| load(&[], None).unwrap());

const SECOND: i64 = 1_000_000_000;

/// A device behind a router that says so of itself, each from one second to another.
fn device(ip: &str, said: &[(&str, &str, (i64, i64))]) -> Device {
    let attributes = KNOWN.knowledge.attributes();
    let mut all: BTreeMap<String, Attribute> = BTreeMap::new();
    for (attribute, value, (first, last)) in said {
        let evidence = Evidence {
            rule: "made.up".into(),
            family: "name",
            weight_db: 20.0,
            counted_db: 20.0,
            field: "snmp.text".into(),
            value: (*value).into(),
            also: Also(Arc::new([])),
            capture: "".into(),
            frame: 1,
            count: 1,
            first: Timestamp(*first * SECOND),
            last: Timestamp(*last * SECOND),
            source: "".into(),
        };
        let one = One {
            value: Some((*value).to_owned()),
            confidence: 0.99,
            state: "probable",
            prior_db: -8.0,
            score_db: 12.0,
            unknown: 0.01,
            rivals: Vec::new(),
            evidence: vec![evidence],
        };
        let is_list = attributes.get(attribute).unwrap().kind == AttributeKind::List;
        let one = if is_list { Attribute::Many { values: vec![one] } } else { Attribute::One(one) };
        all.insert((*attribute).to_owned(), one);
    }
    let last = said.iter().map(|(_, _, (_, last))| *last).max().unwrap_or(1) * SECOND;
    let address = Address { ip: ip.parse().unwrap(), first: Timestamp(SECOND), last: Timestamp(last), bound: false };
    Device {
        id: format!("ip-{ip}"),
        name: ip.to_owned(),
        gateway: false,
        behind: None,
        interfaces: vec![Interface {
            mac: None,
            local: false,
            organisation: None,
            vlans: Vec::new(),
            addresses: vec![address],
        }],
        attributes: all,
        roles: Vec::new(),
        conflicts: Vec::new(),
        first: Some(Timestamp(SECOND)),
        last: Some(Timestamp(last)),
        bytes_sent: 0,
        bytes_received: 0,
        peers: 0,
        evidence_turned_away: 0,
    }
}

fn correction(of: &Device, at: &str) -> Correction {
    Correction {
        device: of.id.clone(),
        device_name: of.name.clone(),
        attribute: "category".to_owned(),
        value: "infusion_pump".to_owned(),
        label: "Infusion pump".to_owned(),
        before: None,
        reason: "I stood before it".to_owned(),
        by: "ada".to_owned(),
        at: at.to_owned(),
        rule: None,
        recognised: Recognition::of(of, KNOWN.knowledge.attributes()),
    }
}

fn placed(corrections: &Corrections, devices: Vec<Device>) -> (Placed, usize) {
    let ids: Vec<String> = devices.iter().map(|device| device.id.clone()).collect();
    let attributes = KNOWN.knowledge.attributes();
    let mut wanted = Wanted::new(corrections);
    let kept: BTreeMap<usize, Device> =
        devices.into_iter().enumerate().filter(|(_, device)| wanted.has(device, attributes)).collect();
    let count = kept.len();
    (Placed::new(corrections, &kept, &|id| ids.iter().position(|known| known == id), attributes), count)
}

#[test]
fn what_was_seen_once_is_recognised_to_the_nanosecond() {
    let seen = Timestamp(1_795_334_700_123_456_789);
    let mut once = device("10.9.0.5", &[]);
    (once.first, once.last) = (Some(seen), Some(seen));
    once.interfaces[0].addresses[0] = Address { ip: [10, 9, 0, 5].into(), first: seen, last: seen, bound: false };
    let said = correction(&once, "2026-11-22T08:05:00.000000Z");
    assert!(said.recognised.seen().unwrap() >= seen);
    let mut corrections = Corrections::default();
    corrections.put(said.clone());
    // The same host, known by a lower address now.
    once.id = "ip-10.9.0.4".to_owned();
    let (placed, _) = placed(&corrections, vec![once]);
    assert_eq!(placed.followed(&said), Some(0));
}

#[test]
fn a_name_that_thousands_bear_makes_no_work() {
    let pump = device("10.9.0.5", &[("hostname", "PUMP17", (1, 5)), ("serial", "SN-1", (1, 5))]);
    let mut corrections = Corrections::default();
    let said = correction(&pump, "2026-11-22T08:05:00.000000Z");
    assert_eq!(said.recognised.marks.len(), 2, "{:?}", said.recognised);
    corrections.put(said.clone());
    let other = device("10.9.0.5", &[("hostname", "FRONT-DESK", (10, 11)), ("serial", "SN-2", (10, 11))]);
    let mut devices = vec![other];
    devices.extend((0..200).map(|number| device(&format!("10.9.1.{number}"), &[("hostname", "PUMP17", (7, 8))])));
    let (found, kept) = placed(&corrections, devices);
    // Whoever has the address, and as many as are named to a person.
    assert_eq!(kept, 4);
    let doubt = found.doubt(&said).unwrap();
    assert_eq!((doubt.place, doubt.elsewhere.as_slice()), (0, &[1, 2, 3][..]));
    // Whoever says the serial number is looked at, however many bear the name.
    let mut devices: Vec<Device> =
        (0..200).map(|number| device(&format!("10.9.1.{number}"), &[("hostname", "PUMP17", (7, 8))])).collect();
    devices.push(device("10.9.2.1", &[("hostname", "PUMP17", (10, 12)), ("serial", "SN-1", (10, 12))]));
    devices.push(device("10.9.0.5", &[("serial", "SN-2", (10, 11))]));
    let (found, _) = placed(&corrections, devices);
    assert_eq!(found.followed(&said), Some(200));
}

#[test]
fn what_is_surpassed_is_of_nobody() {
    let pump = device("10.9.0.5", &[("serial", "SN-1", (1, 5))]);
    let old = correction(&pump, "2026-11-22T08:05:00.000000Z");
    let quiet = device("10.9.0.88", &[]);
    let newer = correction(&quiet, "2026-11-22T08:06:00.000000Z");
    let mut corrections = Corrections::default();
    corrections.put(old.clone());
    corrections.put(newer);
    let stranger = device("10.9.0.5", &[("serial", "SN-2", (10, 11))]);
    let moved = device("10.9.0.88", &[("serial", "SN-1", (10, 11))]);
    let (found, _) = placed(&corrections, vec![stranger, moved]);
    assert!(found.is_surpassed(&old));
    assert_eq!((found.followed(&old), found.doubt(&old).is_some()), (None, false));
}

#[test]
fn where_nothing_was_recognised_whoever_is_there_is_the_same() {
    let old = Correction { recognised: Recognition::default(), ..correction(&device("10.9.0.5", &[]), "then") };
    assert_eq!(old.recognised.seen(), None);
    let anybody = device("10.9.0.5", &[("serial", "SN-2", (10, 11))]);
    assert_eq!(old.recognised.fits(&anybody, KNOWN.knowledge.attributes()), Ok(()));
    let marks = vec![Mark { attribute: "serial".to_owned(), value: "SN-1".to_owned() }];
    let known = Recognition { marks, ..Recognition::default() };
    assert!(known.fits(&anybody, KNOWN.knowledge.attributes()).is_err());
}

//! Weeks of a hospital without its packets: the first turns of everything that is said go through the decoders and the
//! analysis, and how often it is said again is counted.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use analysis::Analysis;
use analysis::inventory::{Day, Device, Flow, HoursOfWeek, Inventory};
use hospital::hospital::Hospital;
use hospital::kinds::Peer;
use hospital::play::Frames;
use hospital::tally::{self, Count, Ends};
use model::observation::FrameRef;
use model::{MacAddr, Observation, Timestamp};
use sensor::capture::CapturedFrame;
use sensor::{Observer, Sensor};
use wire::packet::LinkType;

use crate::failure::Failure;
use crate::folder::{CAPTURE, DEVICES, FLOWS, NewFolder, WEAKNESSES};
use crate::knowledge::{self, Known};

/// Turns of each routine that are played: who opens a connection that stays open does so in the first, and speaks on it in
/// the second.
const SAMPLE: u64 = 3;

/// Writes devices, flows and weaknesses; tells how many frames were looked at for them.
pub fn write(hospital: &Hospital, folder: &NewFolder) -> Result<u64, Failure> {
    let known = knowledge::load(&[], None)?;
    let (mut inventory, frames) = sampled(hospital, &known);
    let counts = counts_by_identifier(hospital, &inventory);
    for flow in &mut inventory.flows {
        let key = (flow.from.clone(), flow.to.clone(), flow.service.ip_protocol, flow.service.port);
        if let Some(count) = counts.get(&key) {
            repeat(flow, count);
        }
    }
    lines(folder, DEVICES, &inventory.devices)?;
    lines(folder, FLOWS, &inventory.flows)?;
    lines(folder, WEAKNESSES, &inventory.weaknesses)?;
    Ok(frames)
}

struct Folding<'k>(Analysis<'k>);

impl Observer for Folding<'_> {
    fn observe(&mut self, observation: Observation<'_>) {
        self.0.observe(&observation);
    }
}

fn sampled(hospital: &Hospital, known: &Known) -> (Inventory, u64) {
    let mut folding = Folding(Analysis::new(&known.knowledge, &known.prefixes));
    let mut sensor = Sensor::default();
    let mut number = 0_u64;
    for (time, bytes) in Frames::of_first(hospital, SAMPLE) {
        number = number.saturating_add(1);
        let time = Timestamp(i64::try_from(time).unwrap_or(i64::MAX).saturating_mul(1_000));
        let wire_length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let frame = CapturedFrame { time, link: Some(LinkType::Ethernet), bytes: &bytes, wire_length };
        sensor.frame(&frame, FrameRef { capture: 0, number }, &mut folding);
    }
    sensor.finish(&mut folding);
    (folding.0.conclude(&[CAPTURE.into()]), number)
}

type Key = (Arc<str>, Arc<str>, u8, Option<u16>);

/// The counts under the identifiers that the analysis gave both ends.
fn counts_by_identifier(hospital: &Hospital, inventory: &Inventory) -> BTreeMap<Key, Count> {
    let (mut by_mac, mut by_address) = (BTreeMap::new(), BTreeMap::new());
    for Device { id, interfaces, .. } in &inventory.devices {
        for interface in interfaces {
            by_mac.extend(interface.mac.map(|mac| (mac, id)));
            by_address.extend(interface.addresses.iter().map(|address| (address.ip, id)));
        }
    }
    let of = |number: usize| -> Option<Arc<str>> {
        let station = hospital.around().devices().get(number)?.station;
        let id = by_mac.get(&MacAddr(station.mac)).or_else(|| by_address.get(&IpAddr::V4(station.ip)))?;
        Some(id.as_str().into())
    };
    let named = |((from, to, protocol, port), count): (Ends, Count)| {
        let to = match to {
            Peer::Device(number) => of(number)?,
            Peer::Outside(ip) => format!("external:{ip}").into(),
        };
        Some(((of(from)?, to, protocol, Some(port)), count))
    };
    tally::count(hospital, SAMPLE).into_iter().filter_map(named).collect()
}

/// Makes a flow of the sample one of all turns.
fn repeat(flow: &mut Flow, count: &Count) {
    let all = |sampled: u64| {
        let product = u128::from(sampled).saturating_mul(count.turns.into());
        u64::try_from(product.checked_div(count.sampled.into()).unwrap_or(0)).unwrap_or(u64::MAX)
    };
    // What is said on one connection that stays open makes no more of them.
    if flow.connections >= count.sampled {
        (flow.connections, flow.answered) = (all(flow.connections), all(flow.answered));
    }
    (flow.bytes_sent, flow.bytes_received) = (all(flow.bytes_sent), all(flow.bytes_received));
    for times in flow.operations.values_mut() {
        *times = all(*times);
    }
    let time = |at: hospital::frames::Moment| Timestamp(i64::try_from(at.0).unwrap_or(i64::MAX).saturating_mul(1_000));
    (flow.first, flow.last) = (flow.first.min(time(count.first)), flow.last.max(time(count.last)));
    let hours = count.hours.iter().filter_map(|hour| u32::try_from(*hour).ok()).map(Timestamp::of_hour);
    let mut days: Vec<Day> = flow.days.iter().copied().chain(hours.clone().map(|hour| Day(hour.day()))).collect();
    days.sort_unstable();
    days.dedup();
    flow.days = days;
    let HoursOfWeek(mut words) = flow.hours_of_week;
    for hour in hours.map(Timestamp::hour_of_week) {
        if let Some(word) = words.get_mut(usize::from(hour >> 6)) {
            *word |= 1 << (hour & 63);
        }
    }
    flow.hours_of_week = HoursOfWeek(words);
}

fn lines(folder: &NewFolder, name: &str, rows: &[impl serde::Serialize]) -> Result<(), Failure> {
    let mut file = folder.create(name)?;
    for row in rows {
        file.line(row)?;
    }
    file.finish()?;
    Ok(())
}

//! Weeks of a hospital without its packets: the first turns of everything that is said go through the decoders and the
//! analysis, and how often it is said again is counted.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use analysis::Analysis;
use analysis::inventory::{Day, Device, Flow, HoursOfWeek, Inventory};
use hospital::frames::{Ends, Moment};
use hospital::hospital::Hospital;
use hospital::tally::{Count, Sample};
use model::observation::FrameRef;
use model::{Observation, Timestamp};
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
    let (mut inventory, counts, frames) = sampled(hospital, &known);
    let counts = by_identifier(counts, &inventory);
    for flow in &mut inventory.flows {
        let key = (flow.from.clone(), flow.to.clone(), flow.service.ip_protocol, flow.service.port);
        if let Some(count) = counts.get(&key) {
            repeat(flow, count, hospital.span().start);
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

fn sampled(hospital: &Hospital, known: &Known) -> (Inventory, Counts, u64) {
    let mut folding = Folding(Analysis::new(&known.knowledge, &known.prefixes));
    let mut sensor = Sensor::default();
    let mut number = 0_u64;
    // A connection is told when it ends: turns are not told one by one, and need not be far apart.
    let mut sample = Sample::of(hospital, SAMPLE);
    for (time, bytes) in &mut sample {
        number = number.saturating_add(1);
        let time = Timestamp(i64::try_from(time).unwrap_or(i64::MAX).saturating_mul(1_000));
        let wire_length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let frame = CapturedFrame { time, link: Some(LinkType::Ethernet), bytes: &bytes, wire_length };
        sensor.frame(&frame, FrameRef { capture: 0, number }, &mut folding);
    }
    sensor.finish(&mut folding);
    (folding.0.conclude(&[CAPTURE.into()]), sample.counts(), number)
}

type Counts = BTreeMap<Ends, Count>;
type Key = (Arc<str>, Arc<str>, u8, Option<u16>);

/// The counts under the names that the analysis gave both ends.
fn by_identifier(counts: Counts, inventory: &Inventory) -> BTreeMap<Key, Count> {
    let mut by_address: BTreeMap<IpAddr, &str> = BTreeMap::new();
    for Device { id, interfaces, .. } in &inventory.devices {
        for interface in interfaces {
            by_address.extend(interface.addresses.iter().map(|address| (address.ip, id.as_str())));
        }
    }
    let names = |ip: Ipv4Addr| -> Vec<Arc<str>> {
        match by_address.get(&IpAddr::V4(ip)) {
            Some(id) => vec![(*id).into()],
            None => ["external", "group", "silent"].map(|kind| format!("{kind}:{ip}").into()).to_vec(),
        }
    };
    let mut named = BTreeMap::new();
    for ((from, to, protocol, port), count) in counts {
        for from in names(from) {
            for to in names(to) {
                named.insert((from.clone(), to, protocol, Some(port)), count.clone());
            }
        }
    }
    named
}

/// Makes a flow of the sample one of all turns.
fn repeat(flow: &mut Flow, count: &Count, start: Moment) {
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
    let time = |at: Moment| Timestamp(i64::try_from(at.0).unwrap_or(i64::MAX).saturating_mul(1_000));
    (flow.first, flow.last) = (flow.first.min(time(count.first)), flow.last.max(time(count.last)));
    let first = time(start).hour();
    let hours = count.hours().filter_map(|hour| first.checked_add(u32::try_from(hour).ok()?)).map(Timestamp::of_hour);
    let hours: Vec<Timestamp> = hours.collect();
    let mut days: Vec<Day> = flow.days.iter().copied().chain(hours.iter().map(|hour| Day(hour.day()))).collect();
    days.sort_unstable();
    days.dedup();
    flow.days = days;
    let HoursOfWeek(mut words) = flow.hours_of_week;
    for hour in hours.into_iter().map(Timestamp::hour_of_week) {
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

//! What went on when: flows by the hour, and by the day once the hours are old.
//!
//! What is folded is summed up in memory and merged into the records of its hours in the one transaction in which the state is
//! kept: after a kill nothing is missing and nothing counts twice.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use analysis::inventory::Owners;
use analysis::{Analysis, EntityId};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use hashbrown::HashMap;
use model::{Connection, Timestamp};
use serde::{Deserialize, Serialize};
use store::StoreError;

use crate::serve::keeper::{Keeper, Raw};

const HOUR: &str = "flow_hour";
const DAY: &str = "flow_day";
/// Records that could not be read.
const DAMAGED: &str = "damaged";
/// Hours are joined into days when they are so old, in hours.
const HOURS_KEPT: i64 = 7 * 24;
/// Sums held in memory between two times that the state is kept; connections of further ones are counted only.
const SUMS_MAX: usize = 200_000;
/// Days joined or let go at once.
const DAYS_AT_ONCE: usize = 4;
/// A record larger than this is not believed.
const RECORD_BYTES_MAX: u64 = 1 << 30;
const HOUR_NANOSECONDS: i64 = 3_600_000_000_000;
const HOURS_OF_DAY: i64 = 24;

/// What a sum is of, between entities.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    from: EntityId,
    to: EntityId,
    ip_protocol: u8,
    port: Option<u16>,
    application: &'static str,
}

/// What went on between two ends in an hour or a day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Ends {
    /// Who opened the connections.
    pub from: String,
    /// Who was asked.
    pub to: String,
    /// IP protocol number.
    pub ip_protocol: u8,
    /// The responder's port.
    pub port: Option<u16>,
    /// The application protocol; empty if not recognised.
    pub application: String,
}

/// How much went on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Sum {
    /// Connections that ended, or were told while they go on.
    pub connections: u64,
    /// Bytes towards the responder.
    pub bytes_sent: u64,
    /// Bytes back.
    pub bytes_received: u64,
}

impl Sum {
    /// Both together.
    pub fn add(&mut self, other: Self) {
        self.connections = self.connections.saturating_add(other.connections);
        self.bytes_sent = self.bytes_sent.saturating_add(other.bytes_sent);
        self.bytes_received = self.bytes_received.saturating_add(other.bytes_received);
    }
}

type Sums = BTreeMap<Ends, Sum>;

/// What was folded since the state was kept.
#[derive(Default)]
pub struct History {
    hours: BTreeMap<i64, HashMap<Key, Sum>>,
    held: usize,
    /// Connections that found no place.
    pub turned_away: u64,
}

impl History {
    /// Takes a connection that ended.
    pub fn ended(&mut self, connection: &Connection, analysis: &Analysis<'_>) {
        let ends = (analysis.entity(&connection.initiator), analysis.entity(&connection.responder));
        let (Some(from), Some(to)) = ends else { return };
        let hour = self.hours.entry(connection.end.0.div_euclid(HOUR_NANOSECONDS)).or_default();
        let port = connection.responder.port;
        let key = Key { from, to, ip_protocol: connection.ip_protocol, port, application: connection.application };
        if self.held >= SUMS_MAX && !hour.contains_key(&key) {
            self.turned_away = self.turned_away.saturating_add(1);
            return;
        }
        let sum = hour.entry(key).or_insert_with(|| {
            self.held = self.held.saturating_add(1);
            Sum::default()
        });
        let connections = u64::from(connection.part.begins());
        sum.add(Sum { connections, bytes_sent: connection.sent.bytes, bytes_received: connection.received.bytes });
    }

    /// The changes that bring the records up to date: the hours that were folded, days of hours that are old, and what is
    /// older than `days`. `newest` is the newest moment that anything was seen.
    pub fn changes(
        &self,
        keeper: &Keeper,
        owners: &Owners,
        newest: Option<Timestamp>,
        days: u32,
    ) -> Result<Vec<Raw>, StoreError> {
        let mut changes = Vec::new();
        let mut hours: BTreeMap<String, Sums> = BTreeMap::new();
        for (hour, sums) in &self.hours {
            let name = number_name(*hour);
            let mut known = there(keeper, HOUR, &name, &mut changes)?;
            for (key, sum) in in_order(sums) {
                let ends = Ends {
                    from: owners.name(key.from).to_owned(),
                    to: owners.name(key.to).to_owned(),
                    ip_protocol: key.ip_protocol,
                    port: key.port,
                    application: key.application.to_owned(),
                };
                known.entry(ends).or_default().add(sum);
            }
            hours.insert(name, known);
        }
        if let Some(newest) = newest {
            joined(keeper, &mut hours, newest.0.div_euclid(HOUR_NANOSECONDS), days, &mut changes)?;
        }
        changes.extend(hours.iter().map(|(name, sums)| Raw::put(HOUR, name, packed(sums))));
        Ok(changes)
    }

    /// What was summed up is kept now.
    pub fn kept(&mut self) {
        *self = Self { turned_away: self.turned_away, ..Self::default() };
    }
}

/// Hours that are old become days; days that are too old go.
fn joined(
    keeper: &Keeper,
    hours: &mut BTreeMap<String, Sums>,
    newest: i64,
    days: u32,
    changes: &mut Vec<Raw>,
) -> Result<(), StoreError> {
    let oldest = newest.saturating_sub(HOURS_KEPT);
    let mut names = keeper.names(HOUR)?;
    names.extend(hours.keys().cloned());
    names.sort();
    names.dedup();
    let mut old: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for name in names {
        if let Some(hour) = name_number(&name).filter(|hour| *hour < oldest) {
            old.entry(hour.div_euclid(HOURS_OF_DAY)).or_default().push(name);
        }
    }
    for (day, names) in old.into_iter().take(DAYS_AT_ONCE) {
        let mut sums = there(keeper, DAY, &number_name(day), changes)?;
        for name in names {
            let hour = match hours.remove(&name) {
                Some(hour) => hour,
                None => there(keeper, HOUR, &name, changes)?,
            };
            for (ends, sum) in hour {
                sums.entry(ends).or_default().add(sum);
            }
            changes.push(Raw::remove(HOUR, &name));
        }
        changes.push(Raw::put(DAY, &number_name(day), packed(&sums)));
    }
    let first = newest.div_euclid(HOURS_OF_DAY).saturating_sub(days.into());
    let names = keeper.names(DAY)?;
    let too_old = names.iter().filter(|name| name_number(name).is_some_and(|day| day < first));
    changes.extend(too_old.take(DAYS_AT_ONCE).map(|name| Raw::remove(DAY, name)));
    Ok(())
}

fn in_order(sums: &HashMap<Key, Sum>) -> Vec<(Key, Sum)> {
    let mut all: Vec<(Key, Sum)> = sums.iter().map(|(key, sum)| (*key, *sum)).collect();
    all.sort_unstable_by_key(|(key, _)| (key.from, key.to, key.ip_protocol, key.port, key.application));
    all
}

/// A number as a name that sorts as the number does.
fn number_name(number: i64) -> String {
    format!("{:012}", number.saturating_add(NAME_SHIFT))
}

fn name_number(name: &str) -> Option<i64> {
    name.parse::<i64>().ok()?.checked_sub(NAME_SHIFT)
}

/// Hours before 1970 have names too.
const NAME_SHIFT: i64 = 100_000_000_000;

fn packed(sums: &Sums) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let rows: Vec<(&Ends, &Sum)> = sums.iter().collect();
    // Into memory: it is written.
    let _ = serde_json::to_writer(&mut encoder, &rows);
    let _ = encoder.flush();
    encoder.finish().unwrap_or_default()
}

/// What a record holds. One that is damaged is put aside: to go on from nothing in its place would be to lose it.
fn there(keeper: &Keeper, kind: &'static str, name: &str, changes: &mut Vec<Raw>) -> Result<Sums, StoreError> {
    let bytes = keeper.record(kind, name)?;
    let known = unpacked(bytes.clone());
    if known.is_none()
        && let Some(bytes) = bytes
    {
        changes.push(Raw::put(DAMAGED, &format!("{kind} {name}"), bytes));
    }
    Ok(known.unwrap_or_default())
}

fn unpacked(bytes: Option<Vec<u8>>) -> Option<Sums> {
    let Some(bytes) = bytes else { return Some(Sums::new()) };
    let mut text = Vec::new();
    let read = GzDecoder::new(bytes.as_slice()).take(RECORD_BYTES_MAX).read_to_end(&mut text);
    let rows: Option<Vec<(Ends, Sum)>> = read.ok().and_then(|_| serde_json::from_slice(&text).ok());
    rows.map(|rows| rows.into_iter().collect())
}

/// An hour or a day, and what went on in it.
pub struct Stretch {
    /// When it began.
    pub begin: Timestamp,
    /// Whether it is a day.
    pub is_day: bool,
    /// What went on.
    pub sums: Vec<(Ends, Sum)>,
}

/// Tells hours and days in order of time, of those that begin within a span.
pub fn told(
    keeper: &Keeper,
    from: Timestamp,
    to: Timestamp,
    tell: &mut dyn FnMut(Stretch) -> bool,
) -> Result<(), StoreError> {
    for (kind, length) in [(DAY, HOURS_OF_DAY.saturating_mul(HOUR_NANOSECONDS)), (HOUR, HOUR_NANOSECONDS)] {
        let names = keeper.names(kind)?;
        for name in names {
            let Some(begin) = name_number(&name).and_then(|number| number.checked_mul(length)) else { continue };
            if begin < from.0 || begin > to.0 {
                continue;
            }
            let sums = unpacked(keeper.record(kind, &name)?).unwrap_or_default().into_iter().collect();
            if !tell(Stretch { begin: Timestamp(begin), is_day: kind == DAY, sums }) {
                return Ok(());
            }
        }
    }
    Ok(())
}

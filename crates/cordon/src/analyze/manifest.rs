//! `manifest.json`: what was read, with which knowledge, and every counter.

use std::collections::BTreeMap;

use analysis::inventory::Inventory;
use model::Timestamp;
use sensor::Counters;
use sensor::capture::Summary;
use serde::Serialize;

use crate::knowledge::Known;

/// What the results rest on.
#[derive(Debug, Serialize)]
pub struct Manifest {
    /// Version of the program.
    pub cordon: &'static str,
    /// The inputs, in the order given.
    pub captures: Vec<Capture>,
    /// Time of the earliest frame.
    pub first: Option<Timestamp>,
    /// Time of the latest frame.
    pub last: Option<Timestamp>,
    /// Ranges of public addresses that count as the hospital's own.
    pub inside: Inside,
    /// Devices concluded.
    pub devices: usize,
    /// Flows concluded.
    pub flows: usize,
    /// Weaknesses concluded.
    pub weaknesses: usize,
    /// What was known before the first packet.
    pub knowledge: Knowledge,
    /// Everything counted: what came in, what was skipped and why, what a limit turned away.
    pub counters: BTreeMap<&'static str, u64>,
}

/// One input.
#[derive(Debug, Serialize)]
pub struct Capture {
    /// File name.
    pub name: String,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
    /// As in `pcapng+zstd`.
    pub format: String,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// Frames read.
    pub frames: u64,
    /// Time of its earliest frame.
    pub first: Option<Timestamp>,
    /// Time of its latest frame.
    pub last: Option<Timestamp>,
    /// What was damaged, in words.
    pub notes: Vec<String>,
}

impl Capture {
    pub(super) fn new(name: String, frames: u64, span: Option<(Timestamp, Timestamp)>, summary: Summary) -> Self {
        let Summary { sha256, bytes, format, notes } = summary;
        let (first, last) = span.unzip();
        Self { name, sha256, format, bytes, frames, first, last, notes }
    }
}

/// Where public addresses are inside.
#[derive(Debug, Serialize)]
pub struct Inside {
    /// As the user named them.
    pub named: Vec<String>,
    /// As stations on a link were seen to use them.
    pub found: Vec<String>,
}

/// Versions of what was known.
#[derive(Debug, Serialize)]
pub struct Knowledge {
    /// SHA-256 over all knowledge files, hexadecimal.
    pub sha256: String,
    /// Rules that tell devices apart.
    pub rules: usize,
    /// Makers.
    pub vendors: usize,
    /// Assigned hardware address prefixes.
    pub prefixes: usize,
    /// What of the user's own files could not be used.
    pub notes: Vec<String>,
}

impl Manifest {
    pub(super) fn new(
        captures: Vec<Capture>,
        counters: &Counters,
        inventory: &Inventory,
        known: &Known,
        inside: &[analysis::Network],
    ) -> Self {
        let mut all: BTreeMap<&'static str, u64> = counters.all().collect();
        all.extend(&inventory.counters);
        Self {
            cordon: crate::VERSION,
            first: captures.iter().filter_map(|capture| capture.first).min(),
            last: captures.iter().filter_map(|capture| capture.last).max(),
            captures,
            inside: Inside { named: inside.iter().map(ToString::to_string).collect(), found: inventory.inside.clone() },
            devices: inventory.devices.len(),
            flows: inventory.flows.len(),
            weaknesses: inventory.weaknesses.len(),
            knowledge: Knowledge {
                sha256: known.sha256.clone(),
                rules: known.knowledge.rules().len(),
                vendors: known.knowledge.vendors().iter().count(),
                prefixes: known.prefixes.len(),
                notes: known.notes.clone(),
            },
            counters: all,
        }
    }
}

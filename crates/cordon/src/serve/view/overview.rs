//! What is here, how sure that is, what is new, and what is not seen.

use std::collections::BTreeMap;

use model::{Timestamp, Weakness};
use serde::Serialize;

use super::filter::exactly;
use super::{Coverage, DeviceRow, Question, View};
use crate::knowledge::Known;
use crate::serve::twin::Change;

/// Rows of each short list.
const SHORT: usize = 6;
const DAY: u64 = 86_400 * 1_000_000_000;

/// The first page.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Overview {
    /// The newest moment that anything was seen.
    #[schema(value_type = Option<String>)]
    pub as_of: Option<Timestamp>,
    /// The newest packet of any source.
    #[schema(value_type = Option<String>)]
    pub newest_packet: Option<Timestamp>,
    /// How many.
    pub devices: DeviceCounts,
    /// How sure what they are is.
    pub known: StateCounts,
    /// By kind, the most frequent first; medical kinds before others.
    pub kinds: Vec<KindCounts>,
    /// What makes devices easy to attack, the most devices first.
    pub weaknesses: Vec<WeaknessCounts>,
    /// Devices to look at first.
    pub weakest: Vec<DeviceRow>,
    /// What only a person knows.
    pub questions: Vec<Question>,
    /// All of those.
    pub questions_total: usize,
    /// What changed, the newest first.
    pub changes: Vec<Change>,
    /// What is not seen.
    pub not_seen: NotSeen,
}

/// How many devices.
#[derive(Serialize, utoipa::ToSchema)]
pub struct DeviceCounts {
    /// All.
    pub all: usize,
    /// Those that serve patients.
    pub medical: usize,
    /// Those first seen in the last 24 hours of what was seen.
    pub new_day: usize,
    /// Those with claims that contradict each other.
    pub conflicts: usize,
}

/// How sure what they are is.
#[derive(Clone, Copy, Default, Serialize, utoipa::ToSchema)]
pub struct StateCounts {
    /// A person said so.
    pub confirmed: usize,
    /// At least 0.90.
    pub probable: usize,
    /// At least 0.60.
    pub tentative: usize,
    /// Less.
    pub unknown: usize,
}

impl StateCounts {
    fn count(&mut self, state: &str) {
        let count = match state {
            "confirmed" => &mut self.confirmed,
            "probable" => &mut self.probable,
            "tentative" => &mut self.tentative,
            _ => &mut self.unknown,
        };
        *count = count.saturating_add(1);
    }
}

/// How many of one kind.
#[derive(Serialize, utoipa::ToSchema)]
pub struct KindCounts {
    /// Identifier.
    pub id: String,
    /// What people read.
    pub label: String,
    /// Whether they serve patients.
    pub medical: bool,
    /// The filter that lists them.
    pub filter: String,
    /// All.
    pub count: usize,
    /// How sure.
    #[serde(flatten)]
    pub states: StateCounts,
}

/// How many show a weakness.
#[derive(Serialize, utoipa::ToSchema)]
pub struct WeaknessCounts {
    /// Identifier.
    #[schema(value_type = String)]
    pub kind: &'static str,
    /// In words.
    #[schema(value_type = String)]
    pub title: &'static str,
    /// Devices.
    pub devices: usize,
    /// Of those, how many serve patients.
    pub medical: usize,
}

/// What is not seen.
#[derive(Serialize, utoipa::ToSchema)]
pub struct NotSeen {
    /// Address ranges that fell silent.
    pub silent_subnets: usize,
    /// All address ranges.
    pub subnets: usize,
    /// Connections of which one direction was seen.
    pub one_way: u64,
    /// All connections.
    pub connections: u64,
    /// Frames that were lost.
    pub lost_frames: u64,
    /// Frames that came.
    pub frames: u64,
}

impl View {
    /// The first page, but for what changed.
    pub fn overview(&self, known: &Known, coverage: &Coverage) -> Overview {
        let mut counts = DeviceCounts { all: self.rows.len(), medical: 0, new_day: 0, conflicts: 0 };
        let mut states = StateCounts::default();
        let mut kinds: BTreeMap<&str, KindCounts> = BTreeMap::new();
        let mut weaknesses: BTreeMap<&'static str, (usize, usize)> = BTreeMap::new();
        let add = |number: &mut usize, holds: bool| *number = number.saturating_add(usize::from(holds));
        for row in &self.rows {
            add(&mut counts.medical, row.medical);
            add(&mut counts.conflicts, row.conflicts > 0);
            let is_new = matches!((self.newest, row.first), (Some(newest), Some(first)) if newest.since(first) < DAY);
            add(&mut counts.new_day, is_new);
            states.count(row.kind.state);
            let id = row.kind.value.as_deref().unwrap_or("unknown");
            let kind = kinds.entry(id).or_insert_with(|| KindCounts {
                id: id.to_owned(),
                label: if row.kind.label.is_empty() { "Unknown".to_owned() } else { row.kind.label.clone() },
                medical: known.knowledge.categories().get(id).is_some_and(|kind| kind.medical),
                filter: exactly(id, &known.knowledge),
                count: 0,
                states: StateCounts::default(),
            });
            add(&mut kind.count, true);
            kind.states.count(row.kind.state);
            let mut weak = row.weak.clone();
            weak.sort_unstable();
            weak.dedup();
            for weakness in weak {
                let (devices, medical) = weaknesses.entry(weakness).or_default();
                add(devices, true);
                add(medical, row.medical);
            }
        }
        let mut kinds: Vec<KindCounts> = kinds.into_values().collect();
        kinds.sort_by_key(|kind| {
            (!kind.medical, kind.id == "unknown", std::cmp::Reverse(kind.count), kind.label.clone())
        });
        let mut weaknesses: Vec<WeaknessCounts> = weaknesses
            .into_iter()
            .map(|(kind, (devices, medical))| {
                let title = Weakness::ALL.iter().find(|known| known.name() == kind).map_or(kind, |known| known.title());
                WeaknessCounts { kind, title, devices, medical }
            })
            .collect();
        weaknesses.sort_by_key(|weakness| std::cmp::Reverse((weakness.medical, weakness.devices)));
        let mut weakest: Vec<&DeviceRow> = self.rows.iter().filter(|row| row.weaknesses > 0).collect();
        weakest.sort_by_key(|row| (!row.medical, std::cmp::Reverse(row.weaknesses), &row.id));
        let questions = self.questions(known);
        Overview {
            as_of: self.newest,
            newest_packet: coverage.newest(),
            devices: counts,
            known: states,
            kinds,
            weaknesses,
            weakest: weakest.into_iter().take(SHORT).cloned().collect(),
            questions_total: questions.len(),
            questions: questions.iter().take(SHORT).cloned().collect(),
            changes: Vec::new(),
            not_seen: NotSeen {
                silent_subnets: coverage.subnets.iter().filter(|subnet| subnet.silent).count(),
                subnets: coverage.subnets.len(),
                one_way: coverage.one_way.connections,
                connections: coverage.one_way.of,
                lost_frames: coverage.frames.lost,
                frames: coverage.frames.received,
            },
        }
    }
}

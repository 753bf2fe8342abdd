//! Whether the picture can be believed: what was heard, what was lost, what fell silent.

use std::collections::BTreeMap;

use model::Timestamp;
use serde::Serialize;

use super::View;
use super::unseen::Unseen;
use crate::knowledge::Known;
use crate::serve::hearing::{Hearing, Span};
use crate::serve::sources::{SourceKind, Status};

/// Times told in which a card could not hear.
const BLIND_MAX: usize = 100;

/// A time in which nobody could hear.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Blind {
    /// From when.
    #[schema(value_type = String)]
    pub from: Timestamp,
    /// Until when.
    #[schema(value_type = String)]
    pub to: Timestamp,
}

impl Blind {
    fn new((from, to): &Span) -> Self {
        Self { from: Timestamp(*from), to: Timestamp(*to) }
    }
}

/// Everything that says how far the picture can be believed.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Coverage {
    /// Cards and captures.
    pub sensors: Vec<SourceRow>,
    /// What became of the frames.
    pub frames: FrameCounts,
    /// Address ranges with devices.
    pub subnets: Vec<SubnetRow>,
    /// What a limit turned away.
    pub limits: Vec<Limit>,
    /// Connections of which one direction was seen.
    pub one_way: OneWay,
    /// How many devices there may be that were not seen.
    pub unseen: Option<Unseen>,
    /// What is known before the first packet.
    pub knowledge: KnowledgeRow,
    /// Whether what is acknowledged can be kept.
    pub store: StoreState,
    /// When no card could hear, the newest first.
    pub blind: Vec<Blind>,
    /// Batches that are kept and not shown yet.
    pub behind: u64,
    /// What whoever runs Cordon has to know.
    pub notes: Vec<String>,
    /// Frames and losses of the last hour, a minute each, the newest last.
    pub loss: Vec<Loss>,
}

/// A card or a capture.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct SourceRow {
    /// What it is called.
    pub name: String,
    /// What it is.
    pub kind: SourceKind,
    /// What it does now.
    pub state: Status,
    /// Frames that came.
    pub frames: u64,
    /// Bytes of a file that were read.
    pub bytes: u64,
    /// Frames that were lost before they were looked into.
    pub lost: u64,
    /// The share of those, 0 to 1.
    pub lost_share: f64,
    /// Since when it is heard.
    #[schema(value_type = Option<String>)]
    pub first: Option<Timestamp>,
    /// When its newest frame was captured.
    #[schema(value_type = Option<String>)]
    pub newest: Option<Timestamp>,
    /// What has to be known of it, in words.
    pub note: Option<String>,
}

/// What became of the frames.
#[derive(Default, Serialize, utoipa::ToSchema)]
pub struct FrameCounts {
    /// Frames that came.
    pub received: u64,
    /// Frames that were looked into.
    pub decoded: u64,
    /// Frames that were passed over, and why.
    pub skipped: Vec<Skipped>,
    /// Frames that were lost.
    pub lost: u64,
}

/// Frames that were passed over.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Skipped {
    /// Identifier.
    pub cause: String,
    /// In words.
    #[schema(value_type = String)]
    pub label: &'static str,
    /// Frames.
    pub count: u64,
}

/// A range of addresses.
#[derive(Serialize, utoipa::ToSchema)]
pub struct SubnetRow {
    /// The range (/24 or /64: masks are not known).
    pub cidr: String,
    /// Devices in it.
    pub devices: usize,
    /// When any of them was last seen.
    #[schema(value_type = Option<String>)]
    pub newest: Option<Timestamp>,
    /// Whether none was seen for long.
    pub silent: bool,
    /// Whether nearly all that is seen of it is one direction.
    pub one_way: bool,
}

/// What a limit turned away.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Limit {
    /// Identifier.
    pub name: String,
    /// In words.
    pub label: String,
    /// How often.
    pub count: u64,
}

/// Which connections were answered: all together, and by range of addresses.
pub type Directions = (OneWay, BTreeMap<String, Range>);

/// What is seen of a range of addresses.
#[derive(Clone, Copy, Default)]
pub struct Range {
    devices: usize,
    newest: Option<Timestamp>,
    answered: u64,
    of: u64,
}

/// Connections of which one direction was seen.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct OneWay {
    /// Those that nobody was seen to answer.
    pub connections: u64,
    /// All.
    pub of: u64,
}

/// What is known before the first packet.
#[derive(Serialize, utoipa::ToSchema)]
pub struct KnowledgeRow {
    /// The first digits of its hash.
    pub version: String,
    /// Rules.
    pub rules: usize,
}

/// Whether what is acknowledged can be kept.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct StoreState {
    /// `ok`, `full` or `failing`.
    #[schema(value_type = String)]
    pub state: &'static str,
    /// In words; empty if all is well.
    pub text: String,
    /// Bytes on the disk.
    pub bytes: u64,
}

/// A minute of frames.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct Loss {
    /// When it began.
    #[schema(value_type = String)]
    pub time: Timestamp,
    /// Frames that came.
    pub frames: u64,
    /// Frames that were lost.
    pub lost: u64,
}

impl Coverage {
    /// The newest packet of any source.
    pub fn newest(&self) -> Option<Timestamp> {
        self.sensors.iter().filter_map(|sensor| sensor.newest).max()
    }
}

/// In words, what a counter counts that is no limit.
const CAUSES: [(&str, &str); 4] = [
    ("skipped_link_type", "a kind of link that is not read"),
    ("skipped_malformed", "headers cut or broken"),
    ("skipped_tunnel_depth", "tunnels in tunnels, too deep"),
    ("skipped_not_ip", "neither IP nor a protocol that is read"),
];

impl View {
    /// What can be said of the picture. `counters` are those of all sources together.
    pub fn coverage(
        &self,
        known: &Known,
        sensors: Vec<SourceRow>,
        counters: &BTreeMap<String, u64>,
        store: StoreState,
        loss: Vec<Loss>,
        hearing: &Hearing,
    ) -> Coverage {
        let sum = |figure: fn(&SourceRow) -> u64| sensors.iter().map(figure).fold(0, u64::saturating_add);
        let skipped: Vec<Skipped> = CAUSES
            .iter()
            .filter_map(|(cause, label)| {
                let count = counters.get(*cause).copied().filter(|count| *count > 0)?;
                Some(Skipped { cause: (*cause).to_owned(), label, count })
            })
            .collect();
        let passed_over = skipped.iter().map(|skipped| skipped.count).fold(0, u64::saturating_add);
        let received = sum(|sensor| sensor.frames);
        let (frames, one_way) = (
            FrameCounts {
                received,
                decoded: received.saturating_sub(passed_over),
                skipped,
                lost: sum(|sensor| sensor.lost),
            },
            self.directions().0.clone(),
        );
        let own = self.conclusion.counters.iter().map(|(name, count)| ((*name).to_owned(), *count));
        let cut = |name: &String| name.starts_with("cut_") || name.ends_with("_dropped");
        let theirs = counters.iter().filter(|(name, _)| cut(name)).map(|(name, count)| (name.clone(), *count));
        let limits = own.chain(theirs).filter(|(_, count)| *count > 0);
        Coverage {
            frames,
            subnets: self.subnets(hearing),
            limits: limits.map(|(name, count)| Limit { label: name.replace('_', " "), name, count }).collect(),
            one_way,
            unseen: self.unseen().cloned(),
            notes: Vec::new(),
            behind: 0,
            blind: hearing.deaf.iter().rev().take(BLIND_MAX).map(Blind::new).collect(),
            knowledge: KnowledgeRow {
                version: known.sha256.get(..12).unwrap_or_default().to_owned(),
                rules: known.knowledge.rules().len(),
            },
            store,
            loss,
            sensors,
        }
    }

    /// Which connections were answered: all together, and by range of addresses.
    fn directions(&self) -> &Directions {
        self.directions.get_or_init(|| (self.one_way(), self.ranges()))
    }

    fn one_way(&self) -> OneWay {
        let inside = self.flows.briefs().filter(|flow| flow.scope == "east_west" && flow.ip_protocol == 6);
        inside.fold(OneWay { connections: 0, of: 0 }, |sum, flow| OneWay {
            connections: sum.connections.saturating_add(flow.connections.saturating_sub(flow.answered)),
            of: sum.of.saturating_add(flow.connections),
        })
    }

    fn ranges(&self) -> BTreeMap<String, Range> {
        let mut ranges: BTreeMap<String, Range> = BTreeMap::new();
        for row in &self.rows {
            let Some(subnet) = row.subnet.as_deref() else { continue };
            if !ranges.contains_key(subnet) {
                ranges.insert(subnet.to_owned(), Range::default());
            }
            let Some(range) = ranges.get_mut(subnet) else { continue };
            range.devices = range.devices.saturating_add(1);
            range.newest = range.newest.max(row.last);
        }
        for flow in self.flows.briefs().filter(|flow| flow.ip_protocol == 6) {
            let row = self.place_of_end(flow.ends.1).and_then(|place| self.rows.get(place));
            let Some(subnet) = row.and_then(|row| row.subnet.as_deref()) else { continue };
            if let Some(range) = ranges.get_mut(subnet) {
                range.answered = range.answered.saturating_add(flow.answered);
                range.of = range.of.saturating_add(flow.connections);
            }
        }
        ranges
    }

    fn subnets(&self, hearing: &Hearing) -> Vec<SubnetRow> {
        let row = |(cidr, range): (&String, &Range)| SubnetRow {
            cidr: cidr.clone(),
            devices: range.devices,
            newest: range.newest,
            silent: hearing.silence(self.newest, range.newest) == "silent",
            one_way: range.of >= 10 && range.answered.saturating_mul(10) < range.of,
        };
        self.directions().1.iter().map(row).collect()
    }
}

//! How often everything is said, without saying it: weeks of many devices in seconds.

use std::collections::{BTreeMap, BTreeSet};

use crate::frames::Moment;
use crate::hospital::Hospital;
use crate::kinds::{Flow, Peer};

const HOUR_US: u64 = 3_600_000_000;

/// What distinguishes flows where traffic is counted: who asks whom by which protocol on which port.
pub type Ends = (usize, Peer, u8, u16);

/// How often something is said between two, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Turns of all routines.
    pub turns: u64,
    /// Turns among the first of each routine that are played as a sample.
    pub sampled: u64,
    /// The first turn.
    pub first: Moment,
    /// The last one.
    pub last: Moment,
    /// Hours with a turn, as whole hours since 1970.
    pub hours: BTreeSet<u64>,
}

/// Counts the turns of every routine of a hospital; of each the first `sample` are those that a sample plays.
pub fn count(hospital: &Hospital, sample: u64) -> BTreeMap<Ends, Count> {
    let span = hospital.span();
    let mut counts: BTreeMap<Ends, Count> = BTreeMap::new();
    let acts = hospital.acts().into_iter().flat_map(|(_, act)| act.routines);
    for routine in hospital.routines().into_iter().map(|(_, routine)| routine).chain(acts) {
        let Some(count) = Count::of(routine.rhythm.moments(span), sample) else { continue };
        for Flow { from, to, protocol, port, .. } in routine.flows {
            let ends = (from, to, protocol, port);
            counts.entry(ends).and_modify(|all| all.add(&count)).or_insert_with(|| count.clone());
        }
    }
    counts
}

impl Count {
    fn of(moments: impl Iterator<Item = Moment>, sample: u64) -> Option<Self> {
        let mut count: Option<Self> = None;
        let mut hour = 0;
        for moment in moments {
            let count = count.get_or_insert_with(|| Self {
                turns: 0,
                sampled: 0,
                first: moment,
                last: moment,
                hours: BTreeSet::new(),
            });
            count.turns = count.turns.saturating_add(1);
            count.last = moment;
            // Most turns are in the hour of the one before.
            if moment.0 >= hour {
                let number = moment.0.div_euclid(HOUR_US);
                count.hours.insert(number);
                hour = number.saturating_add(1).saturating_mul(HOUR_US);
            }
        }
        count.map(|count| Self { sampled: count.turns.min(sample), ..count })
    }

    fn add(&mut self, other: &Self) {
        self.turns = self.turns.saturating_add(other.turns);
        self.sampled = self.sampled.saturating_add(other.sampled);
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.hours.extend(&other.hours);
    }
}

//! How often everything is said, without saying it: weeks of many devices in seconds. The first turns of each routine are
//! played, which shows between whom they are; the others are counted.

use std::collections::{BTreeMap, BTreeSet};

use crate::frames::{Ends, Moment, Tape};
use crate::hospital::Hospital;
use crate::play::{Frames, Speaker};
use crate::rhythm::Span;

const HOUR_US: u64 = 3_600_000_000;

/// How often something is said between two, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Turns of all routines.
    pub turns: u64,
    /// Turns that were played.
    pub sampled: u64,
    /// The first turn.
    pub first: Moment,
    /// The last one.
    pub last: Moment,
    /// Hours after the start of the days, a bit each.
    hours: Vec<u64>,
}

/// The first turns of everything that a hospital says.
pub struct Sample {
    frames: Frames,
    span: Span,
    /// Between whom each speaker's turns are.
    ends: Vec<BTreeSet<Ends>>,
}

impl Sample {
    /// So many turns of each routine.
    pub fn of(hospital: &Hospital, turns: u64) -> Self {
        Self { frames: Frames::of_first(hospital, turns), span: hospital.span(), ends: Vec::new() }
    }

    /// Counts all turns, those played and those that follow.
    pub fn counts(self) -> BTreeMap<Ends, Count> {
        let mut counts: BTreeMap<Ends, Count> = BTreeMap::new();
        for (speaker, ends) in self.frames.into_speakers().into_iter().zip(self.ends) {
            let Some(count) = Count::of(speaker, self.span) else { continue };
            for ends in ends {
                counts.entry(ends).and_modify(|all| all.add(&count)).or_insert_with(|| count.clone());
            }
        }
        counts
    }
}

impl Iterator for Sample {
    type Item = (u64, Vec<u8>);

    fn next(&mut self) -> Option<Self::Item> {
        let ends = &mut self.ends;
        self.frames.next_with(&mut |tape: &mut Tape, index: usize| {
            if ends.len() <= index {
                ends.resize_with(index.saturating_add(1), BTreeSet::new);
            }
            if let Some(ends) = ends.get_mut(index) {
                ends.extend(tape.noted());
            }
        })
    }
}

impl Count {
    fn of(speaker: Speaker, span: Span) -> Option<Self> {
        let Speaker { moments, turn, until, .. } = speaker;
        let mut count: Option<Self> = None;
        let mut next_hour = Moment(0);
        for moment in moments.again().take_while(|moment| *moment < until) {
            let empty = || Self { turns: 0, sampled: turn, first: moment, last: moment, hours: Vec::new() };
            let count = count.get_or_insert_with(empty);
            count.turns = count.turns.saturating_add(1);
            count.last = moment;
            // Most turns are in the hour of the one before.
            if moment >= next_hour {
                let hour = moment.0.saturating_sub(span.start.0).div_euclid(HOUR_US);
                count.note(hour);
                next_hour = span.start.after_us(hour.saturating_add(1).saturating_mul(HOUR_US));
            }
        }
        count
    }

    fn note(&mut self, hour: u64) {
        let place = usize::try_from(hour >> 6).unwrap_or(0);
        if self.hours.len() <= place {
            self.hours.resize(place.saturating_add(1), 0);
        }
        if let Some(word) = self.hours.get_mut(place) {
            *word |= 1 << (hour & 63);
        }
    }

    fn add(&mut self, other: &Self) {
        self.turns = self.turns.saturating_add(other.turns);
        self.sampled = self.sampled.saturating_add(other.sampled);
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.hours.resize(self.hours.len().max(other.hours.len()), 0);
        for (word, more) in self.hours.iter_mut().zip(&other.hours) {
            *word |= more;
        }
    }

    /// Hours with a turn, as whole hours after the start of the days.
    pub fn hours(&self) -> impl Iterator<Item = u64> {
        let all = self.hours.iter().zip(0_u64..);
        all.flat_map(|(word, place)| (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| place << 6 | bit))
    }
}

//! A hospital that goes on for as long as somebody watches: from a moment on, and attacks begin when they are asked for.
//!
//! Whoever watches says how far time has come. What is kept does not grow with it: a routine that has ended is let go of, and
//! after [`DAYS`] the hospital is begun anew.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use crate::attacks::{self, Attack};
use crate::frames::{Moment, Tape};
use crate::hospital::{Hospital, MONDAY, Plan};
use crate::kinds::{Peer, Play, Routine};
use crate::play::EARLY_US;
use crate::rhythm::{Moments, Span};

/// Days that are played at a stretch, beginning with the Monday before the first moment.
pub const DAYS: u32 = 28;
const WEEK_US: u64 = 7 * 86_400 * 1_000_000;

/// A hospital that goes on.
pub struct Live {
    hospital: Hospital,
    tape: Tape,
    /// Who speaks next, and when.
    next: BinaryHeap<Reverse<(Moment, usize)>>,
    speakers: BTreeMap<usize, Speaker>,
    /// Speakers there ever were.
    count: usize,
    /// Devices that say nothing from a moment on.
    silent: BTreeMap<usize, Moment>,
}

/// Whose routine it is to speak.
struct Speaker {
    /// The device; `None` for what belongs to an attack.
    device: Option<usize>,
    moments: Moments,
    play: Play,
    turn: u64,
}

/// An attack that can begin.
pub struct Drill {
    /// The first moment.
    pub start: Moment,
    /// The last; `None` if it has none.
    pub end: Option<Moment>,
    /// The number of the device that does it, or to which it happens where nobody does.
    pub by: usize,
    /// Whom it turns to.
    pub others: BTreeSet<Peer>,
    routines: Vec<Routine>,
    silences: Vec<usize>,
    /// The moment that its rhythms count from.
    from: Moment,
}

impl Live {
    /// The hospital of a seed with about so many devices, as it goes from a moment on.
    pub fn begin(seed: u64, devices: usize, from: Moment) -> Self {
        let monday = from.0.saturating_sub(from.0.wrapping_sub(MONDAY.0.rem_euclid(WEEK_US)).rem_euclid(WEEK_US));
        let span = Span { start: Moment(monday), days: DAYS };
        // What attacks bring along has its address from the beginning, and says nothing before.
        let hospital = Hospital::build(Plan { seed, devices, span, attacks: attacks::ALL.to_vec() });
        let (tape, next, speakers) = (Tape::new(), BinaryHeap::new(), BTreeMap::new());
        let routines = hospital.routines();
        let mut live = Self { hospital, tape, next, speakers, count: 0, silent: BTreeMap::new() };
        for said in routines {
            let moments = said.routine.rhythm.moments_from(span, from);
            live.add(Some(said.by), said.routine, moments);
        }
        live
    }

    /// Its devices and networks.
    pub const fn hospital(&self) -> &Hospital {
        &self.hospital
    }

    /// The moment after its last: it has to be begun anew from there.
    pub const fn end(&self) -> Moment {
        self.hospital.span().end()
    }

    /// An attack as it goes if it begins then; `None` if the hospital lacks what it takes. The same seed and the same moment give
    /// the same attack. Nothing is done before it is [started](Self::start).
    pub fn prepare(&self, attack: &dyn Attack, start: Moment) -> Option<Drill> {
        let (act, from) = self.hospital.act_at(attack, start)?;
        let flows = || act.routines.iter().flat_map(|routine| &routine.flows);
        let ends = flows().flat_map(|flow| [Peer::Device(flow.from), flow.to.clone()]);
        let others = ends.filter(|end| *end != Peer::Device(act.by)).collect();
        // Who is silent stays so.
        let end = act.silences.is_empty().then_some(act.end);
        Some(Drill { start, end, by: act.by, others, routines: act.routines, silences: act.silences, from })
    }

    /// Begins an attack. What is said before the last frame that was taken comes late: its moment has to lie ahead.
    pub fn start(&mut self, drill: Drill) {
        self.silent.extend(drill.silences.iter().map(|device| (*device, drill.start)));
        for routine in drill.routines {
            let moments = routine.rhythm.moments_begun_at(self.hospital.span(), drill.from);
            self.add(None, routine, moments);
        }
    }

    /// The next frame before a moment, with its own; `None` if nothing more is said until then.
    pub fn next_before(&mut self, end: Moment) -> Option<(Moment, Vec<u8>)> {
        loop {
            let coming = self.next.peek().map(|Reverse((at, _))| at.before_us(EARLY_US));
            let ready = coming.unwrap_or(end).min(end);
            if let Some(frame) = self.tape.take_before(ready) {
                return Some(frame);
            }
            coming.filter(|coming| *coming < end)?;
            let Reverse((at, index)) = self.next.pop()?;
            self.speak(at, index);
        }
    }

    fn add(&mut self, device: Option<usize>, routine: Routine, mut moments: Moments) {
        let Some(first) = moments.next() else { return };
        self.next.push(Reverse((first, self.count)));
        self.speakers.insert(self.count, Speaker { device, moments, play: routine.play, turn: 0 });
        self.count = self.count.saturating_add(1);
    }

    fn speak(&mut self, at: Moment, index: usize) {
        let Some(speaker) = self.speakers.get_mut(&index) else { return };
        let silent = speaker.device.and_then(|device| self.silent.get(&device));
        if silent.is_none_or(|from| at < *from) {
            (speaker.play)(&mut self.tape, at, speaker.turn);
            speaker.turn = speaker.turn.saturating_add(1);
            if let Some(next) = speaker.moments.next() {
                self.next.push(Reverse((next, index)));
                return;
            }
        }
        self.speakers.remove(&index);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_US: u64 = 3_600_000_000;
    /// Wednesday, 4 November 2026, 10:30.
    const NOW: Moment = MONDAY.after_s(2 * 86_400 + 37_800);

    fn frames(live: &mut Live, end: Moment) -> Vec<(Moment, Vec<u8>)> {
        std::iter::from_fn(|| live.next_before(end)).collect()
    }

    #[test]
    fn it_goes_on_in_order_of_time_however_often_it_is_looked_at() {
        let (mut at_once, mut often) = (Live::begin(7, 60, NOW), Live::begin(7, 60, NOW));
        assert_eq!(at_once.hospital().span().start, MONDAY);
        let end = NOW.after_us(HOUR_US);
        let whole = frames(&mut at_once, end);
        let parts: Vec<_> =
            (1..=600).flat_map(|part: u64| frames(&mut often, NOW.after_us(part * HOUR_US / 600))).collect();
        assert!(whole.len() > 1_000, "{} frames", whole.len());
        assert!(whole.is_sorted_by_key(|(at, _)| *at));
        assert!(whole.iter().all(|(at, _)| *at < end && *at >= NOW.before_us(EARLY_US)));
        assert!(whole == parts);
    }

    #[test]
    fn every_attack_begins_when_it_is_asked_for_and_is_the_same_then() {
        let start = NOW.after_s(600);
        let quiet = frames(&mut Live::begin(7, 300, NOW), start.after_s(600)).len();
        for attack in attacks::ALL {
            let play = || {
                let mut live = Live::begin(7, 300, NOW);
                let before = frames(&mut live, NOW.after_s(590));
                let drill = live.prepare(*attack, start).unwrap_or_else(|| panic!("{}", attack.name()));
                assert_eq!(drill.start, start);
                assert!(drill.end.is_none_or(|end| end > start && end <= start.after_s(3 * 3_600)));
                assert_eq!(drill.end.is_none(), attack.name() == "silent_monitor");
                live.start(drill);
                let after = frames(&mut live, start.after_s(600));
                assert!(after.is_sorted_by_key(|(at, _)| *at), "{}", attack.name());
                [before, after].concat()
            };
            let played = play();
            assert!(played == play(), "{}", attack.name());
            if attack.name() == "silent_monitor" {
                assert!(played.len() < quiet);
            } else {
                assert!(played.len() > quiet, "{}: {} frames, {quiet} without it", attack.name(), played.len());
            }
        }
    }

    #[test]
    fn what_has_ended_is_let_go_of() {
        let mut live = Live::begin(7, 60, NOW);
        frames(&mut live, NOW.after_us(HOUR_US));
        let before = live.speakers.len();
        for turn in 1..=6 {
            let scan = live.prepare(attacks::find("scan").unwrap(), NOW.after_us(turn * HOUR_US)).unwrap();
            live.start(scan);
            frames(&mut live, NOW.after_us(turn * HOUR_US + HOUR_US / 2));
        }
        assert!(live.speakers.len() <= before, "{} speakers, {before} before", live.speakers.len());
    }
}

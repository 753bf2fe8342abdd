//! Plays a hospital: all its routines in order of time, frame by frame, in memory that does not grow with the days.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use crate::course::Said;
use crate::frames::{Moment, Tape};
use crate::hospital::Hospital;
use crate::kinds::Play;
use crate::rhythm::{Moments, Span};

/// Nothing that is said puts a frame on the tape earlier than this before its moment (a name is asked for first, and before that
/// the address of whoever knows it).
pub(crate) const EARLY_US: u64 = 2_000;

/// The frames of a hospital, in order of time.
pub struct Frames {
    tape: Tape,
    /// Who speaks next, and when.
    next: BinaryHeap<Reverse<(Moment, usize)>>,
    speakers: Vec<Speaker>,
    end: Moment,
    /// How often everybody speaks.
    turns: u64,
}

/// Whose routine it is to speak.
pub(crate) struct Speaker {
    pub(crate) moments: Moments,
    play: Play,
    /// How often it spoke.
    pub(crate) turn: u64,
    /// It says nothing from then on.
    pub(crate) until: Moment,
}

impl Frames {
    /// All frames of a hospital's days.
    pub fn of(hospital: &Hospital) -> Self {
        Self::of_first(hospital, u64::MAX)
    }

    /// The frames of the first so many turns of each routine.
    pub fn of_first(hospital: &Hospital, turns: u64) -> Self {
        let (tape, next, end) = (Tape::new(), BinaryHeap::new(), hospital.span().end());
        let mut frames = Self { tape, next, speakers: Vec::new(), end, turns };
        let span = hospital.span();
        let acts = hospital.acts();
        let silences = acts.iter().flat_map(|(_, act)| act.silences.iter().map(|device| (*device, act.start)));
        let silent: BTreeMap<usize, Moment> = silences.collect();
        for said in hospital.routines() {
            let until = silent.get(&said.by).map_or(said.until, |silent| said.until.min(*silent));
            frames.add(Said { until, ..said }, span);
        }
        for (_, act) in acts {
            for routine in act.routines {
                frames.add(Said { by: act.by, routine, from: span.start, until: span.end() }, span);
            }
        }
        frames
    }

    fn add(&mut self, said: Said, span: Span) {
        let Said { routine, from, until, .. } = said;
        let mut moments = routine.rhythm.moments_from(span, from);
        let index = self.speakers.len();
        self.next.extend(moments.next().map(|first| Reverse((first, index))));
        self.speakers.push(Speaker { moments, play: routine.play, turn: 0, until });
    }

    fn speak(&mut self, at: Moment, index: usize) {
        let Some(speaker) = self.speakers.get_mut(index).filter(|speaker| at < speaker.until) else { return };
        (speaker.play)(&mut self.tape, at, speaker.turn);
        speaker.turn = speaker.turn.saturating_add(1);
        if speaker.turn < self.turns {
            self.next.extend(speaker.moments.next().map(|next| Reverse((next, index))));
        }
    }
}

impl Frames {
    /// Everybody who speaks, after the last frame.
    pub(crate) fn into_speakers(self) -> Vec<Speaker> {
        self.speakers
    }

    /// The next frame; whoever spoke for it is told, with the tape that it is on.
    pub(crate) fn next_with(&mut self, spoke: &mut dyn FnMut(&mut Tape, usize)) -> Option<(u64, Vec<u8>)> {
        loop {
            let coming = self.next.peek().map_or(self.end, |Reverse((at, _))| at.before_us(EARLY_US));
            if let Some((at, frame)) = self.tape.take_before(coming) {
                return Some((at.0, frame));
            }
            let Reverse((at, index)) = self.next.pop()?;
            self.speak(at, index);
            spoke(&mut self.tape, index);
        }
    }
}

impl Iterator for Frames {
    /// Microseconds since 1970, and the frame.
    type Item = (u64, Vec<u8>);

    fn next(&mut self) -> Option<Self::Item> {
        self.next_with(&mut |_, _| ())
    }
}

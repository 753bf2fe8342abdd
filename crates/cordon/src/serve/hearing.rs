//! When anybody listened, and so what silence means.
//!
//! A device is silent once it was not seen for the set time, not counting time in which nobody could hear: no card was listened
//! to, every card lost much, or nothing at all came in. Before the first card was ever listened to there are only captures, and
//! all their time counts.

use model::Timestamp;
use serde::{Deserialize, Serialize};

const MINUTE: i64 = 60_000_000_000;
/// A minute in which one frame in so many was lost says nothing of who was not heard.
const LOSSY: u64 = 100;
/// Stretches remembered of one session; the oldest are joined.
const STRETCHES_MAX: usize = 1_000;
/// A card on which nothing came for so long is not hearing: a cable that is out sounds like a hospital that is silent.
const QUIET: i64 = 2 * MINUTE;

/// From when to when, in nanoseconds since 1970.
pub type Span = (i64, i64);

/// When one session of a card could not hear, as it goes on.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Deafness {
    /// Stretches in order; none touch.
    spans: Vec<Span>,
    /// The minute that is being counted, its frames and its losses.
    #[serde(skip)]
    minute: (i64, u64, u64),
    /// When the card was heard of last, and when a frame came last.
    #[serde(skip)]
    told: Option<i64>,
    #[serde(skip)]
    came: Option<i64>,
}

impl Deafness {
    /// The card tells that so many frames came and so many were lost since it told last.
    pub fn tell(&mut self, now: i64, frames: u64, lost: u64) {
        let told = self.told.replace(now).unwrap_or(now);
        if lost > 0 && now.saturating_sub(told) > MINUTE {
            // Nobody asked for long: what was lost may have been lost at any moment since.
            self.add((told, now));
        }
        let begin = now.div_euclid(MINUTE).saturating_mul(MINUTE);
        if self.minute.0 != begin {
            let (from, frames, lost) = std::mem::replace(&mut self.minute, (begin, 0, 0));
            if lost > 0 && lost.saturating_mul(LOSSY) >= frames.saturating_add(lost) {
                self.add((from, from.saturating_add(MINUTE)));
            }
        }
        self.minute.1 = self.minute.1.saturating_add(frames);
        self.minute.2 = self.minute.2.saturating_add(lost);
        let came = self.came.unwrap_or(now);
        if frames > 0 || lost > 0 || self.came.is_none() {
            self.came = Some(now);
        } else if now.saturating_sub(came) > QUIET {
            self.add((came, now));
        }
    }

    fn add(&mut self, (from, to): Span) {
        match self.spans.last_mut() {
            Some((_, end)) if *end >= from => *end = (*end).max(to),
            _ => self.spans.push((from, to)),
        }
        if self.spans.len() > STRETCHES_MAX
            && let Some([(first, _), (_, second)]) = self.spans.first_chunk().copied()
        {
            self.spans.splice(..2, [(first, second)]);
        }
    }
}

/// When nobody could hear, of sessions with their beginnings and ends: the gaps that all of them leave until now.
pub fn deaf<'a>(sessions: impl IntoIterator<Item = (Span, &'a Deafness)>, now: i64) -> Vec<Span> {
    let mut heard: Vec<Span> = Vec::new();
    for ((begin, end), deafness) in sessions {
        let mut from = begin;
        for (deaf, until) in &deafness.spans {
            heard.extend((from < *deaf).then_some((from, (*deaf).min(end))));
            from = from.max(*until);
        }
        heard.extend((from < end).then_some((from, end)));
    }
    heard.sort_unstable();
    let Some((first, _)) = heard.first().copied() else { return Vec::new() };
    let (mut gaps, mut upto) = (Vec::new(), first);
    for (from, to) in heard {
        if from > upto {
            gaps.push((upto, from));
        }
        upto = upto.max(to);
    }
    gaps.extend((upto < now).then_some((upto, now)));
    gaps
}

/// When what is not heard is silent, and when nobody could hear.
#[derive(Clone, Debug, Default)]
pub struct Hearing {
    /// After so many nanoseconds without a sign a device is silent.
    pub silent_after: u64,
    /// When nobody could hear, in order.
    pub deaf: Vec<Span>,
    /// What the machine's clock says: what was seen after that was stamped by a clock that is wrong.
    pub now: i64,
}

impl Hearing {
    /// Whether what was last seen then is `heard`, `silent`, or not heard because nobody could: `blind`.
    pub fn silence(&self, newest: Option<Timestamp>, last: Option<Timestamp>) -> &'static str {
        let (Some(newest), Some(last)) = (newest, last) else { return "heard" };
        let unseen = newest.since(last);
        if unseen <= self.silent_after {
            return "heard";
        }
        let overlaps = self.deaf.iter().map(|(from, to)| (*from.max(&last.0), *to.min(&newest.0)));
        let deaf =
            overlaps.filter(|(from, to)| from < to).map(|(from, to)| from.abs_diff(to)).fold(0, u64::saturating_add);
        if unseen.saturating_sub(deaf) > self.silent_after { "silent" } else { "blind" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 60 * MINUTE;

    #[test]
    fn time_in_which_nobody_could_hear_does_not_count() {
        let hearing = |deaf: Vec<Span>| Hearing {
            silent_after: u64::try_from(10 * HOUR).unwrap(),
            deaf: deaf.into_iter().map(|(from, to)| (from * HOUR, to * HOUR)).collect(),
            now: 0,
        };
        let at = |hour: i64| Some(Timestamp(hour * HOUR));
        assert_eq!(hearing(vec![]).silence(at(100), at(90)), "heard");
        assert_eq!(hearing(vec![]).silence(at(100), at(89)), "silent");
        assert_eq!(hearing(vec![(91, 95)]).silence(at(100), at(89)), "blind");
        assert_eq!(
            hearing(vec![(91, 95)]).silence(at(105), at(89)),
            "silent",
            "it could be heard for long enough since"
        );
        assert_eq!(hearing(vec![(0, 80)]).silence(at(100), at(89)), "silent", "that was before");
        assert_eq!(hearing(vec![]).silence(at(100), None), "heard");
    }

    #[test]
    fn nobody_could_hear_only_where_no_card_could() {
        let whole = Deafness::default();
        let sessions = |spans: &[Span]| spans.to_vec();
        let gaps = |spans: &[Span], now| deaf(sessions(spans).into_iter().map(|span| (span, &whole)), now);
        assert_eq!(gaps(&[], 100), []);
        assert_eq!(gaps(&[(10, 20), (30, 100)], 100), [(20, 30)]);
        assert_eq!(gaps(&[(10, 20), (15, 100)], 100), [], "a card that took another's place");
        assert_eq!(gaps(&[(10, 50)], 100), [(50, 100)]);
        let lossy = Deafness { spans: vec![(40, 60)], ..Deafness::default() };
        assert_eq!(deaf([((0, 100), &lossy)], 100), [(40, 60)]);
        assert_eq!(deaf([((0, 100), &lossy), ((0, 100), &whole)], 100), [], "the other card heard it");
    }

    #[test]
    fn a_minute_counts_as_a_whole() {
        let minute = |lost: u64| {
            let mut deafness = Deafness::default();
            for step in 0..301_i64 {
                deafness.tell(step * 200_000_000, 60, if step == 7 { lost } else { 0 });
            }
            deafness.spans
        };
        // One of 60 in a fifth of a second is few of 18,000 in the minute.
        assert_eq!(minute(1), []);
        assert_eq!(minute(200), [(0, MINUTE)]);
    }

    #[test]
    fn a_cable_that_is_out_is_no_silence() {
        let mut deafness = Deafness::default();
        for second in 0..600 {
            deafness.tell(second * 1_000_000_000, u64::from(!(100..=500).contains(&second)), 0);
        }
        assert_eq!(deafness.spans, [(99_000_000_000, 500_000_000_000)]);
    }

    #[test]
    fn what_was_lost_while_nobody_asked_may_have_been_lost_at_any_time() {
        let mut deafness = Deafness::default();
        deafness.tell(0, 100, 0);
        deafness.tell(8 * HOUR, 100, 1_000_000);
        assert_eq!(deafness.spans, [(0, 8 * HOUR)]);
    }
}

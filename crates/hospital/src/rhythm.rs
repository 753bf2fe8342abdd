//! When things happen: around the clock, by shifts, on working days.

use crate::draw::Draw;
use crate::frames::Moment;

/// From when to when a hospital is played.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// Midnight before its first day (UTC), a Monday.
    pub start: Moment,
    /// Days.
    pub days: u32,
}

const DAY_S: u64 = 86_400;
const HOUR_US: u64 = 3_600_000_000;
const DAY_US: u64 = DAY_S.saturating_mul(1_000_000);

impl Span {
    /// The moment after its last.
    pub const fn end(&self) -> Moment {
        self.start.after_us(DAY_US.saturating_mul(self.days as u64))
    }
}

/// How a working day's events spread over its hours, in shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Of each hour.
    pub hours: [u16; 24],
    /// Of a hundred on a working day, so many are left on a Saturday or Sunday.
    pub weekend: u64,
}

/// Beds are occupied day and night; more is done by day.
pub const WARD: Day =
    Day { hours: [3, 3, 3, 3, 3, 4, 7, 9, 10, 10, 9, 8, 8, 8, 8, 8, 7, 7, 6, 6, 5, 4, 4, 3], weekend: 85 };
/// Planned examinations by day, emergencies at any time.
pub const CLINIC: Day =
    Day { hours: [1, 1, 1, 1, 1, 1, 2, 8, 14, 15, 14, 12, 9, 12, 13, 10, 6, 3, 2, 2, 1, 1, 1, 1], weekend: 25 };
/// Desks.
pub const OFFICE: Day =
    Day { hours: [0, 0, 0, 0, 0, 0, 1, 6, 14, 15, 14, 11, 6, 12, 13, 11, 6, 2, 1, 0, 0, 0, 0, 0], weekend: 8 };
/// Visiting hours.
pub const VISITS: Day =
    Day { hours: [0, 0, 0, 0, 0, 0, 0, 1, 2, 6, 8, 8, 6, 6, 12, 14, 14, 12, 8, 4, 1, 0, 0, 0], weekend: 140 };

/// When a routine's events are.
#[derive(Clone, Debug)]
pub enum Rhythm {
    /// At these moments after the start, in microseconds and in order.
    At(Vec<u64>),
    /// Every so many seconds, day and night, the first after so many microseconds.
    Every {
        /// Seconds between two.
        seconds: u64,
        /// Microseconds before the first.
        first_us: u64,
    },
    /// So many times on a working day.
    Daily {
        /// On average.
        times: u64,
        /// When.
        day: Day,
        /// Whose events these are.
        draw: Draw,
    },
}

impl Rhythm {
    /// Every so many seconds, beginning at a moment of its own.
    pub fn every(seconds: u64, draw: &mut Draw) -> Self {
        Self::Every { seconds, first_us: draw.below(seconds.saturating_mul(1_000_000)) }
    }

    /// So many times on a working day.
    pub fn daily(times: u64, day: Day, draw: &mut Draw) -> Self {
        Self::Daily { times, day, draw: Draw::new(draw.number()) }
    }

    /// Once, within so many seconds after the start.
    pub fn once(within_s: u64, draw: &mut Draw) -> Self {
        Self::At(vec![draw.below(within_s.saturating_mul(1_000_000))])
    }

    /// The moments of a span, in order.
    pub fn moments(&self, span: Span) -> Moments {
        self.moments_from(span, span.start)
    }

    /// The moments from one on, in order; what is at certain moments is at these after that one.
    pub fn moments_from(&self, span: Span, from: Moment) -> Moments {
        let Self::Every { seconds, first_us } = self else { return self.moments_begun_at(span, from) };
        let period_us = seconds.saturating_mul(1_000_000).max(1);
        let past_us = from.0.saturating_sub(span.start.0).saturating_sub(*first_us);
        Moments { first: past_us.div_ceil(period_us), ..self.moments_begun_at(span, span.start) }.again()
    }

    /// The same as if the span began at a moment: what is counted from its start is counted from there, and what follows the
    /// hours of a day goes on following them.
    pub fn moments_begun_at(&self, span: Span, begin: Moment) -> Moments {
        Moments { rhythm: self.clone(), span, begin, day: 0, ready: Vec::new(), first: 0, next: 0 }.again()
    }
}

/// The moments of a rhythm, one after the other.
pub struct Moments {
    rhythm: Rhythm,
    span: Span,
    /// What is counted from the start is counted from here.
    begin: Moment,
    day: u32,
    /// What is left of the day, the latest first.
    ready: Vec<u64>,
    /// The number of the first one, and of the next.
    first: u64,
    next: u64,
}

impl Moments {
    /// The same moments from the first on.
    pub fn again(&self) -> Self {
        let day = u32::try_from(self.begun_us().div_euclid(DAY_US)).unwrap_or(u32::MAX);
        let (rhythm, span, begin, first) = (self.rhythm.clone(), self.span, self.begin, self.first);
        Self { rhythm, span, begin, day, ready: Vec::new(), first, next: first }
    }

    fn begun_us(&self) -> u64 {
        self.begin.0.saturating_sub(self.span.start.0)
    }
}

impl Iterator for Moments {
    type Item = Moment;

    fn next(&mut self) -> Option<Moment> {
        let count = self.next;
        let moment = match &self.rhythm {
            Rhythm::At(list) => self.begin.after_us(*list.get(usize::try_from(count).ok()?)?),
            Rhythm::Every { seconds, first_us } => {
                let later = count.saturating_mul(seconds.saturating_mul(1_000_000));
                self.begin.after_us(first_us.saturating_add(later))
            }
            Rhythm::Daily { times, day, draw } => {
                while self.ready.is_empty() {
                    if self.day >= self.span.days {
                        return None;
                    }
                    let begun_us = self.begin.0.saturating_sub(self.span.start.0);
                    self.ready = of_day(*times, day, draw, self.day);
                    self.ready.retain(|at| *at >= begun_us);
                    self.day = self.day.saturating_add(1);
                }
                self.span.start.after_us(self.ready.pop()?)
            }
        };
        self.next = count.saturating_add(1);
        (moment < self.span.end()).then_some(moment)
    }
}

/// The events of one day, in microseconds after the start, the latest first.
fn of_day(times: u64, day: &Day, draw: &Draw, number: u32) -> Vec<u64> {
    let mut draw = draw.of("day", number.into());
    let is_weekend = number.rem_euclid(7) >= 5;
    let hundred = times.saturating_mul(if is_weekend { day.weekend } else { 100 });
    // Between four fifths and six fifths of what is usual.
    let varied = hundred.saturating_mul(draw.below(41).saturating_add(80));
    let count = varied.div_euclid(10_000).saturating_add(u64::from(draw.below(10_000) < varied.rem_euclid(10_000)));
    let all: u64 = day.hours.iter().copied().map(u64::from).sum();
    let mut list: Vec<u64> = (0..count)
        .map(|_| {
            let mut share = draw.below(all);
            let hour = day.hours.iter().position(|hour| {
                let here = share < u64::from(*hour);
                share = share.saturating_sub(u64::from(*hour));
                here
            });
            let hour = u64::try_from(hour.unwrap_or(0)).unwrap_or(0);
            let of_day = hour.saturating_mul(HOUR_US).saturating_add(draw.below(HOUR_US));
            u64::from(number).saturating_mul(DAY_US).saturating_add(of_day)
        })
        .collect();
    list.sort_unstable_by(|one, other| other.cmp(one));
    list
}

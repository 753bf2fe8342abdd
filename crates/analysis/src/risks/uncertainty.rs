//! How far scores may be off: median, 10 to 90 % interval, and the ranks a device may have; sums over any grouping.

use std::collections::BTreeMap;

use super::draws::Draws;
use super::score::{Numbers, Score, displayed};
use super::subject::Subject;
use super::tables::Tables;

/// Devices that are ranked together; more are left out and counted.
pub const DEVICES_MAX: usize = 1_000_000;

/// Where a number lies in nine draws of ten, and its middle.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Interval {
    /// One draw in ten lies below.
    pub low: f64,
    /// Half of the draws lie below.
    pub median: f64,
    /// One draw in ten lies above.
    pub high: f64,
}

impl Interval {
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_unstable_by(f64::total_cmp);
        let last = values.len().saturating_sub(1) as f64;
        let at = |share: f64| values.get((share * last).round() as usize).copied().unwrap_or(0.0);
        Self { low: at(0.1), median: at(0.5), high: at(0.9) }
    }

    fn mapped(self, map: impl Fn(f64) -> f64) -> Self {
        Self { low: map(self.low), median: map(self.median), high: map(self.high) }
    }
}

/// The expected harm of many devices in the same draws.
#[derive(Clone, Debug)]
pub struct Fleet {
    /// Device after device, its draws together.
    harm: Vec<f32>,
    /// Draw after draw, the harm of all devices in rising order.
    sorted: Vec<f32>,
    /// Of each device, the harm and its expected impact: what the harm would be if it were taken over for certain.
    expected: Vec<(f64, f64)>,
    devices: usize,
    draws: usize,
    /// Devices beyond [`DEVICES_MAX`].
    pub left_out: usize,
}

/// How risky a device is, and how sure that is.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Standing {
    /// The score, 0 to 100.
    pub score: Interval,
    /// Its rank, 1 being the greatest risk.
    pub rank: Interval,
}

/// The risk of a group of devices.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Rollup {
    /// How many devices are in it.
    pub devices: usize,
    /// The sum of their expected harm, by the expected numbers.
    pub harm: f64,
    /// The same, in draws.
    pub expected_harm: Interval,
    /// 100·√(expected harm ÷ harm if all of them were taken over): harmless devices do not thin it out.
    pub score: f64,
    /// The same, in draws.
    pub interval: Interval,
}

impl Fleet {
    /// Reckons all devices in all draws.
    pub fn new(subjects: &[Subject], tables: &Tables, draws: &Draws) -> Self {
        let devices = subjects.len().min(DEVICES_MAX);
        let count = draws.count();
        let mut harm = Vec::with_capacity(devices.saturating_mul(count));
        let expected = |subject| {
            let score = Score::of(subject, tables);
            (score.expected_harm, score.impact)
        };
        let expected: Vec<(f64, f64)> = subjects.iter().take(devices).map(expected).collect();
        for subject in subjects.iter().take(devices) {
            harm.extend(in_draws(subject, tables, draws).map(|value| value as f32));
        }
        let mut sorted = Vec::with_capacity(harm.len());
        for draw in 0..count {
            let begin = sorted.len();
            sorted.extend(harm.iter().skip(draw).step_by(count));
            if let Some(all) = sorted.get_mut(begin..) {
                all.sort_unstable_by(f32::total_cmp);
            }
        }
        Self { harm, sorted, expected, devices, draws: count, left_out: subjects.len().saturating_sub(devices) }
    }

    /// How the device at that place stands.
    pub fn standing(&self, device: usize) -> Option<Standing> {
        let harm = self.of(device)?;
        Some(self.stands(harm.iter().copied(), harm))
    }

    /// How the device at that place would stand if it were as given: the others stay as they are.
    pub fn what_if(&self, device: usize, changed: &Subject, tables: &Tables, draws: &Draws) -> Option<Standing> {
        let before = self.of(device)?;
        (draws.count() == self.draws)
            .then(|| self.stands(in_draws(changed, tables, draws).map(|value| value as f32), before))
    }

    fn of(&self, device: usize) -> Option<&[f32]> {
        let begin = device.saturating_mul(self.draws);
        (device < self.devices).then(|| self.harm.get(begin..begin.saturating_add(self.draws)))?
    }

    /// `before` is what the device itself is counted as among all.
    fn stands(&self, harm: impl Iterator<Item = f32>, before: &[f32]) -> Standing {
        let harm: Vec<f32> = harm.collect();
        let draws = self.sorted.chunks(self.devices.max(1));
        let rank = harm.iter().zip(before).zip(draws).map(|((value, before), all)| {
            let riskier = all.len().saturating_sub(all.partition_point(|other| other <= value));
            riskier.saturating_sub(usize::from(before > value)).saturating_add(1) as f64
        });
        let rank = Interval::of(rank.collect());
        Standing { score: Interval::of(harm.iter().map(|value| f64::from(*value)).collect()).mapped(displayed), rank }
    }

    /// The sum of each group: `group` says for the device at each place to which group it belongs, if to any.
    pub fn rolled_up<K: Ord>(&self, group: impl Fn(usize) -> Option<K>) -> BTreeMap<K, Rollup> {
        let mut sums: BTreeMap<K, Sum> = BTreeMap::new();
        for (device, (harm, expected)) in self.harm.chunks(self.draws.max(1)).zip(&self.expected).enumerate() {
            let Some(key) = group(device) else { continue };
            let empty = || Sum { devices: 0, harm: 0.0, impact: 0.0, drawn: vec![0.0; self.draws] };
            let sum = sums.entry(key).or_insert_with(empty);
            sum.devices = sum.devices.saturating_add(1);
            sum.harm += expected.0;
            sum.impact += expected.1;
            sum.drawn.iter_mut().zip(harm).for_each(|(sum, value)| *sum += f64::from(*value));
        }
        sums.into_iter().map(|(key, sum)| (key, sum.rolled_up())).collect()
    }

    /// The score of all devices together if the harm of one were another.
    pub fn score_of_all(&self, changed: Option<(usize, f64)>) -> f64 {
        let harm = |(place, (harm, _)): (usize, &(f64, f64))| match changed {
            Some((device, other)) if device == place => other,
            _ => *harm,
        };
        let all: f64 = self.expected.iter().enumerate().map(harm).sum();
        share_of(all, self.expected.iter().map(|(_, impact)| impact).sum())
    }
}

/// What is summed up of a group.
struct Sum {
    devices: usize,
    harm: f64,
    impact: f64,
    drawn: Vec<f64>,
}

impl Sum {
    fn rolled_up(self) -> Rollup {
        let expected_harm = Interval::of(self.drawn);
        let score = |harm: f64| share_of(harm, self.impact);
        let interval = expected_harm.mapped(score);
        Rollup { devices: self.devices, harm: self.harm, expected_harm, score: score(self.harm), interval }
    }
}

/// Drawn harm may be more than what was expected of all.
fn share_of(harm: f64, impact: f64) -> f64 {
    if impact > 0.0 { displayed((harm / impact).min(1.0)) } else { 0.0 }
}

/// How sure the score of one device is, without its rank.
pub fn interval(subject: &Subject, tables: &Tables, draws: &Draws) -> Interval {
    Interval::of(in_draws(subject, tables, draws).collect()).mapped(displayed)
}

fn in_draws(subject: &Subject, tables: &Tables, draws: &Draws) -> impl Iterator<Item = f64> {
    let harm = |draw| Score::with(subject, &Numbers::drawn(tables, draws, draw, subject.device)).expected_harm;
    (0..draws.count()).map(harm)
}

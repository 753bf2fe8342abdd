//! How the risk of the hospital went: one point an hour, and of older days the last one.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use model::Timestamp;
use serde::{Deserialize, Serialize};
use store::StoreError;

use super::Picture;
use crate::serve::keeper::{Keeper, Kept};

const KIND: &str = "risk_trend";
/// Hours that are kept one by one.
const HOURS_MAX: usize = 7 * 24;
/// Days that are kept.
const DAYS_MAX: usize = 400;
/// Letters of an hour, as in `2026-11-23T14`, and of a day.
const HOUR_LETTERS: usize = 13;
const DAY_LETTERS: usize = 10;

/// The risk of the hospital at one time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TrendPoint {
    /// When, RFC 3339.
    #[schema(value_type = String)]
    pub time: String,
    /// The score, 0 to 100.
    pub score: f64,
    /// One draw in ten lies below.
    pub low: f64,
    /// One draw in ten lies above.
    pub high: f64,
    /// Devices that were reckoned.
    pub devices: usize,
}

/// All points, by hour.
pub struct Trend {
    keeper: Keeper,
    points: Mutex<BTreeMap<String, TrendPoint>>,
}

impl Trend {
    /// Those that the store knows.
    pub fn load(keeper: Keeper) -> Result<Self, StoreError> {
        let points = Mutex::new(keeper.load(KIND)?);
        Ok(Self { keeper, points })
    }

    /// All points, the oldest first.
    pub fn points(&self) -> Vec<TrendPoint> {
        self.points.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Adds what was reckoned now. A point that cannot be kept is shown until the platform is stopped.
    pub fn add(&self, picture: &Picture, now: Timestamp) {
        let Some(hospital) = picture.reckoning.hospital() else { return };
        let time = now.to_string();
        let hour = time.get(..HOUR_LETTERS).unwrap_or_default().to_owned();
        let (score, devices) = (hospital.score, hospital.devices);
        let point = TrendPoint { time, score, low: hospital.interval.low, high: hospital.interval.high, devices };
        let mut points = self.points.lock().unwrap_or_else(PoisonError::into_inner);
        // The hour's last word counts, and is written when it differs.
        let known = points.get(&hour);
        if known.is_some_and(|known| (known.score - score).abs() < 0.05 && known.devices == devices) {
            return;
        }
        let mut kept = vec![Kept::put(KIND, &hour, &point)];
        points.insert(hour, point);
        let gone = outdated(&points);
        for hour in gone {
            kept.push(Kept::remove(KIND, &hour));
            points.remove(&hour);
        }
        if let Err(error) = self.keeper.keep_quietly(&kept) {
            crate::say(&format!("cordon: the trend of risk is not kept: {error}"));
        }
    }
}

/// Hours that give way: of days that are old all but the last, and days that are too old.
fn outdated(points: &BTreeMap<String, TrendPoint>) -> Vec<String> {
    let old = points.len().saturating_sub(HOURS_MAX);
    let day = |hour: &str| hour.get(..DAY_LETTERS).unwrap_or_default().to_owned();
    let hours: Vec<&String> = points.keys().take(old.saturating_add(1)).collect();
    let followed = hours.windows(2).filter_map(|pair| match pair {
        [one, next] => (day(one) == day(next)).then(|| (*one).clone()),
        _ => None,
    });
    let mut gone: Vec<String> = followed.collect();
    let days = points.len().saturating_sub(gone.len());
    let many = days.saturating_sub(HOURS_MAX.saturating_add(DAYS_MAX));
    gone.extend(points.keys().filter(|hour| !gone.contains(hour)).take(many).cloned().collect::<Vec<_>>());
    gone
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_old_days_the_last_hour_stays() {
        let point = TrendPoint { time: String::new(), score: 1.0, low: 0.0, high: 2.0, devices: 1 };
        let mut points = BTreeMap::new();
        for day in 1..=20 {
            for hour in 0..24 {
                points.insert(format!("2026-11-{day:02}T{hour:02}"), point.clone());
                for gone in outdated(&points) {
                    points.remove(&gone);
                }
            }
        }
        let of = |day: &str| points.keys().filter(|hour| hour.starts_with(day)).count();
        assert_eq!((of("2026-11-01"), of("2026-11-10"), of("2026-11-20")), (1, 1, 24));
        assert!(points.contains_key("2026-11-01T23") && points.len() <= HOURS_MAX + 20, "{}", points.len());
    }
}

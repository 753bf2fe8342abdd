//! The time of day. Everything that measures a duration uses a clock that cannot be set instead.

use std::time::{SystemTime, UNIX_EPOCH};

use model::Timestamp;

/// What the machine's clock says; it may be set, forwards and backwards.
pub fn now() -> Timestamp {
    // The one place of the platform that asks what time it is.
    #[allow(clippy::disallowed_methods)]
    let now = SystemTime::now();
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}

/// Nanoseconds since 1970 of what [`Timestamp`] writes; `None` for anything else.
pub fn nanoseconds(text: &str) -> Option<i64> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second, fraction) = (number(11, 13)?, number(14, 16)?, number(17, 19)?, number(20, 26)?);
    // Days since 1970 (H. Hinnant, "chrono-compatible low-level date algorithms").
    let shifted = if month <= 2 { year.checked_sub(1)? } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let month_index = month.checked_add(9)?.rem_euclid(12);
    let day_of_year = month_index.checked_mul(153)?.checked_add(2)?.div_euclid(5).checked_add(day)?.checked_sub(1)?;
    let leaps = year_of_era.div_euclid(4).checked_sub(year_of_era.div_euclid(100))?;
    let day_of_era = year_of_era.checked_mul(365)?.checked_add(leaps)?.checked_add(day_of_year)?;
    let days = era.checked_mul(146_097)?.checked_add(day_of_era)?.checked_sub(719_468)?;
    let seconds = days.checked_mul(24)?.checked_add(hour)?.checked_mul(60)?.checked_add(minute)?;
    let seconds = seconds.checked_mul(60)?.checked_add(second)?;
    seconds.checked_mul(1_000_000)?.checked_add(fraction)?.checked_mul(1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_they_are_written() {
        for nanoseconds_since in [0, 1_000, 951_782_400_000_000_000, 1_795_370_645_123_456_000, -1_000_000_000_000] {
            let text = Timestamp(nanoseconds_since).to_string();
            assert_eq!(nanoseconds(&text), Some(nanoseconds_since), "{text}");
        }
        assert_eq!(nanoseconds("yesterday"), None);
        assert_eq!(nanoseconds("2026-11-22Tほげ"), None);
    }
}

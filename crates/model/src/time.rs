//! Points in time as the capture states them.

use std::fmt;

/// Nanoseconds since 1970-01-01T00:00:00Z, as stamped on a captured frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Whole seconds since 1970.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000_000)
    }

    /// Whole hours since 1970; 0 for what is before, and no more than fit.
    pub fn hour(self) -> u32 {
        u32::try_from(self.seconds().div_euclid(3_600).max(0)).unwrap_or(u32::MAX)
    }

    /// The beginning of an hour, as [`Timestamp::hour`] counts them.
    pub fn of_hour(hour: u32) -> Self {
        Self(i64::from(hour).saturating_mul(3_600_000_000_000))
    }

    /// Days since 1970-01-01 (UTC).
    pub const fn day(self) -> i64 {
        self.seconds().div_euclid(86_400)
    }

    /// Hour of the week in UTC: 0 is Monday 00:00–00:59, 167 is Sunday 23:00–23:59.
    pub const fn hour_of_week(self) -> u8 {
        // 1970-01-01 was a Thursday, 72 hours into its week; the remainder is below 168.
        (self.seconds().div_euclid(3_600).wrapping_add(72)).rem_euclid(168) as u8
    }

    /// The time that has passed since `earlier`, in nanoseconds; zero if `earlier` is later.
    pub const fn since(self, earlier: Self) -> u64 {
        let passed = self.0.saturating_sub(earlier.0);
        if passed < 0 { 0 } else { passed as u64 }
    }
}

/// Year, month and day of a day count since 1970 (H. Hinnant, "chrono-compatible low-level date algorithms").
const fn civil(day: i64) -> (u64, u64, u64) {
    // Nanoseconds in 64 bits reach from 1677 to 2262: the sum is positive.
    let shifted = day.saturating_add(719_468).unsigned_abs();
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let leaps = (day_of_era / 1_460).saturating_sub(day_of_era / 36_524).saturating_add(day_of_era / 146_096);
    let year_of_era = day_of_era.saturating_sub(leaps) / 365;
    let leap_days = (year_of_era / 4).saturating_sub(year_of_era / 100);
    let day_of_year = day_of_era.saturating_sub(year_of_era.saturating_mul(365).saturating_add(leap_days));
    let month_index = day_of_year.saturating_mul(5).saturating_add(2) / 153;
    let days_before = month_index.saturating_mul(153).saturating_add(2) / 5;
    let day_of_month = day_of_year.saturating_sub(days_before).saturating_add(1);
    let month = if month_index < 10 { month_index.saturating_add(3) } else { month_index.saturating_sub(9) };
    let year = year_of_era.saturating_add(era.saturating_mul(400)).saturating_add((month <= 2) as u64);
    (year, month, day_of_month)
}

/// The digit of a number that stands at a power of ten.
#[inline]
const fn digit(number: u64, power: u64) -> u8 {
    match number.checked_div(power) {
        // A remainder of ten fits.
        Some(number) => b'0'.saturating_add((number % 10) as u8),
        None => b'0',
    }
}

impl Timestamp {
    /// RFC 3339 in UTC with microseconds, as in `2026-11-22T08:05:00.000000Z`. Written digit by digit: a large capture
    /// has millions of times to write.
    pub const fn text(self) -> [u8; 27] {
        let (year, month, day) = civil(self.day());
        let second_of_day = self.seconds().rem_euclid(86_400).unsigned_abs();
        let fraction = self.0.rem_euclid(1_000_000_000).unsigned_abs() / 1_000;
        let (hour, minute, second) = (second_of_day / 3_600, second_of_day / 60 % 60, second_of_day % 60);
        [
            digit(year, 1_000),
            digit(year, 100),
            digit(year, 10),
            digit(year, 1),
            b'-',
            digit(month, 10),
            digit(month, 1),
            b'-',
            digit(day, 10),
            digit(day, 1),
            b'T',
            digit(hour, 10),
            digit(hour, 1),
            b':',
            digit(minute, 10),
            digit(minute, 1),
            b':',
            digit(second, 10),
            digit(second, 1),
            b'.',
            digit(fraction, 100_000),
            digit(fraction, 10_000),
            digit(fraction, 1_000),
            digit(fraction, 100),
            digit(fraction, 10),
            digit(fraction, 1),
            b'Z',
        ]
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC with microseconds, as in `2026-11-22T08:05:00.000000Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(std::str::from_utf8(&self.text()).unwrap_or_default())
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(std::str::from_utf8(&self.text()).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        let at = |seconds: i64| Timestamp(seconds * 1_000_000_000).to_string();
        assert_eq!(at(0), "1970-01-01T00:00:00.000000Z");
        assert_eq!(at(951_782_400), "2000-02-29T00:00:00.000000Z");
        assert_eq!(at(1_795_334_700), "2026-11-22T08:05:00.000000Z");
        assert_eq!(Timestamp(-1).to_string(), "1969-12-31T23:59:59.999999Z");
    }

    #[test]
    fn the_week_starts_on_monday() {
        // 2026-11-22 is a Sunday.
        assert_eq!(Timestamp(1_795_334_700 * 1_000_000_000).hour_of_week(), 6 * 24 + 8);
    }
}

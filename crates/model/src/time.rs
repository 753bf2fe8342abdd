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
fn civil(day: i64) -> (i64, i64, i64) {
    let shifted = day.saturating_add(719_468);
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let part = |divisor: i64| day_of_era.div_euclid(divisor);
    let year_of_era = day_of_era
        .saturating_sub(part(1_460))
        .saturating_add(part(36_524))
        .saturating_sub(part(146_096))
        .div_euclid(365);
    let leap_days = year_of_era.div_euclid(4).saturating_sub(year_of_era.div_euclid(100));
    let day_of_year = day_of_era.saturating_sub(year_of_era.saturating_mul(365).saturating_add(leap_days));
    let month_index = day_of_year.saturating_mul(5).saturating_add(2).div_euclid(153);
    let day_of_month =
        day_of_year.saturating_sub(month_index.saturating_mul(153).saturating_add(2).div_euclid(5)).saturating_add(1);
    let month = if month_index < 10 { month_index.saturating_add(3) } else { month_index.saturating_sub(9) };
    let year = year_of_era.saturating_add(era.saturating_mul(400)).saturating_add(i64::from(month <= 2));
    (year, month, day_of_month)
}

impl Timestamp {
    /// RFC 3339 in UTC with microseconds, as in `2026-11-22T08:05:00.000000Z`. Written digit by digit: a large capture
    /// has millions of times to write.
    fn text(self) -> [u8; 27] {
        let (year, month, day) = civil(self.day());
        let second_of_day = self.seconds().rem_euclid(86_400);
        let microseconds = self.0.rem_euclid(1_000_000_000).div_euclid(1_000);
        let (hour, minute, second) = (
            second_of_day.div_euclid(3_600),
            second_of_day.div_euclid(60).rem_euclid(60),
            second_of_day.rem_euclid(60),
        );
        let mut text = *b"0000-00-00T00:00:00.000000Z";
        let places = [(0, 4, year), (5, 2, month), (8, 2, day), (11, 2, hour), (14, 2, minute), (17, 2, second)];
        for (start, width, number) in places.into_iter().chain([(20, 6, microseconds)]) {
            let mut rest = number;
            for digit in text.iter_mut().skip(start).take(width).rev() {
                *digit = b"0123456789".get(rest.rem_euclid(10) as usize).copied().unwrap_or(b'0');
                rest = rest.div_euclid(10);
            }
        }
        text
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

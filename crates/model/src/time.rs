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

impl Timestamp {
    /// Reads a time or date of RFC 3339, as in `2026-11-22T09:05:00.5+01:00`.
    ///
    /// Digits beyond microseconds are not read, as they are not written either. Also read are a date alone (its first moment), an offset without a colon (ISO 8601), and none at all (UTC). `None` for
    /// anything else, and for years that do not fit.
    pub fn read(text: &str) -> Option<Self> {
        let (date, time) = match text.split_once(['T', 't', ' ']) {
            Some((date, time)) => (date, Some(time)),
            None => (text, None),
        };
        let (year, rest) = date.split_once('-')?;
        let (month, day) = rest.split_once('-')?;
        let (year, month, day) = (number(year, 4)?, number(month, 2)?, number(day, 2)?);
        let days = days_since_1970(year, month, day)?;
        let nanoseconds = time.map_or(Some(0), nanoseconds_of_day)?;
        days.checked_mul(86_400_000_000_000)?.checked_add(nanoseconds).map(Self)
    }
}

/// A number of exactly so many digits.
fn number(text: &str, digits: usize) -> Option<i64> {
    let is_number = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

/// The day of a date of the Gregorian calendar (H. Hinnant, as [`civil`]).
fn days_since_1970(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days_of_month = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28_i64.saturating_add(i64::from(is_leap)),
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=days_of_month).contains(&day) {
        return None;
    }
    let year = year.saturating_sub(i64::from(month <= 2));
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let month_index = if month > 2 { month.saturating_sub(3) } else { month.saturating_add(9) };
    let day_of_year = month_index.saturating_mul(153).saturating_add(2) / 5;
    let leaps = (year_of_era / 4).saturating_sub(year_of_era / 100);
    let days = era.saturating_mul(146_097).saturating_add(year_of_era.saturating_mul(365)).saturating_add(leaps);
    Some(days.saturating_add(day_of_year).saturating_add(day).saturating_sub(719_469))
}

/// Nanoseconds from midnight in UTC of `hh:mm[:ss[.f…]][Z|±hh:mm|±hhmm]`; before or after the day where the offset says so.
fn nanoseconds_of_day(text: &str) -> Option<i64> {
    let zone = text.find(['Z', 'z', '+', '-']).unwrap_or(text.len());
    let (time, zone) = text.split_at_checked(zone)?;
    let (time, fraction) = time.split_once('.').map_or((time, None), |(time, fraction)| (time, Some(fraction)));
    let mut parts = time.split(':');
    let (hour, minute) = (number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let second = parts.next().map_or(Some(0), |second| number(second, 2))?;
    // A leap second is the 60th (RFC 3339 section 5.7).
    if hour > 23 || minute > 59 || second > 60 || parts.next().is_some() || (fraction.is_some() && time.len() != 8) {
        return None;
    }
    let nanosecond = match fraction {
        Some(digits) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{digits:0<6}").get(..6)?.parse::<i64>().ok()?.saturating_mul(1_000)
        }
        Some(_) => return None,
        None => 0,
    };
    let minutes = hour.saturating_mul(60).saturating_add(minute).saturating_sub(offset_minutes(zone)?);
    let seconds = minutes.saturating_mul(60).saturating_add(second);
    Some(seconds.saturating_mul(1_000_000_000).saturating_add(nanosecond))
}

fn offset_minutes(zone: &str) -> Option<i64> {
    let (sign, digits) = match zone.split_at_checked(1) {
        None | Some(("Z" | "z", "")) => return Some(0),
        Some(("+", digits)) => (1, digits),
        Some(("-", digits)) => (-1, digits),
        Some(_) => return None,
    };
    let (hours, minutes) = digits.split_once(':').or_else(|| digits.split_at_checked(2))?;
    let (hours, minutes) = (number(hours, 2)?, number(minutes, 2)?);
    let fits = hours <= 23 && minutes <= 59;
    fits.then(|| hours.saturating_mul(60).saturating_add(minutes).saturating_mul(sign))
}

impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::read(&text).ok_or_else(|| serde::de::Error::custom(format_args!("{text:.40} is no time")))
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
    fn times_are_read_as_they_are_written() {
        for seconds in [0, 951_782_400, 1_795_334_700, -1, -62_135_596_800 / 300] {
            let time = Timestamp(seconds * 1_000_000_000 + 500_000_000);
            assert_eq!(Timestamp::read(&time.to_string()), Some(time));
        }
        let at = |text: &str| Timestamp::read(text).map(|time| time.to_string());
        assert_eq!(at("2026-11-22T09:05:00.25+01:00").as_deref(), Some("2026-11-22T08:05:00.250000Z"));
        assert_eq!(at("2025-02-20T00:30:00-0100").as_deref(), Some("2025-02-20T01:30:00.000000Z"));
        assert_eq!(at("2012-07-25T19:55:01.273").as_deref(), Some("2012-07-25T19:55:01.273000Z"));
        assert_eq!(at("2024-02-29").as_deref(), Some("2024-02-29T00:00:00.000000Z"));
    }

    #[test]
    fn what_is_no_time_is_not_read() {
        let wrong = [
            "",
            "2023-02-29",
            "2024-13-01",
            "2024-1-01",
            "2024-01-01T24:00:00Z",
            "2024-01-01T10:00:00.Z",
            "99999-01-01",
        ];
        for text in wrong.into_iter().chain([
            "2024-01-01T10:00:00X",
            "2024-01-01T10:00:00+1",
            "2400-01-01",
            "+024-01-01",
            "2024-01-01T",
        ]) {
            assert_eq!(Timestamp::read(text), None, "{text}");
        }
    }

    #[test]
    fn the_week_starts_on_monday() {
        // 2026-11-22 is a Sunday.
        assert_eq!(Timestamp(1_795_334_700 * 1_000_000_000).hour_of_week(), 6 * 24 + 8);
    }
}

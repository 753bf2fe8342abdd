//! Days as advisories write them.

/// Days since 1970-01-01, from the first to the last that is meant: `August 2018` is a month, `2016` a year.
pub type Days = (i64, i64);

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Reads a day, a month or a year: `2024-08-30`, `8/30/2024`, `April 1, 2018`, `26-June-2017`, `August 2018`, `2016`.
pub fn read(text: &str) -> Option<Days> {
    let words: Vec<&str> =
        text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let number = |word: &str| word.parse::<i64>().ok();
    match *words.as_slice() {
        [year] => Some((first(number(year).filter(is_year)?, 1, 1)?, first(number(year)?, 12, 31)?)),
        [name, year] => {
            let (month, year) = (month(name)?, number(year).filter(is_year)?);
            Some((first(year, month, 1)?, first(year, month, length(year, month))?))
        }
        [one, two, three] => {
            let (one_number, two_number, three_number) = (number(one), number(two), number(three));
            let (year, month, day) = if let Some(month) = month(one) {
                (three_number?, month, two_number?)
            } else if let Some(month) = month(two) {
                (three_number?, month, one_number?)
            } else if one_number.is_some_and(|year| is_year(&year)) {
                (one_number?, two_number?, three_number?)
            } else {
                // As it is written where these advisories come from: the month first.
                (three_number?, one_number?, two_number?)
            };
            let day = Some(day)
                .filter(|day| is_year(&year) && (1..=12).contains(&month) && (1..=length(year, month)).contains(day));
            let day = first(year, month, day?)?;
            Some((day, day))
        }
        _ => None,
    }
}

fn is_year(year: &i64) -> bool {
    (1990..=2100).contains(year)
}

/// A month by its name or the beginning of it.
fn month(word: &str) -> Option<i64> {
    let word = word.to_lowercase();
    let place = MONTHS.iter().position(|month| word.len() >= 3 && word.starts_with(month))?;
    i64::try_from(place.saturating_add(1)).ok()
}

fn length(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970 (H. Hinnant, "chrono-compatible low-level date algorithms"); years of four digits alone.
fn first(year: i64, month: i64, day: i64) -> Option<i64> {
    let year = if month <= 2 { year.checked_sub(1)? } else { year };
    let (era, year_of_era) = (year.checked_div_euclid(400)?, year.checked_rem_euclid(400)?);
    let month_index = month.checked_add(9)?.checked_rem(12)?;
    let day_of_year = month_index.checked_mul(153)?.checked_add(2)?.checked_div(5)?.checked_add(day)?.checked_sub(1)?;
    let leap_days = year_of_era.checked_div(4)?.checked_sub(year_of_era.checked_div(100)?)?;
    let day_of_era = year_of_era.checked_mul(365)?.checked_add(leap_days)?.checked_add(day_of_year)?;
    era.checked_mul(146_097)?.checked_add(day_of_era)?.checked_sub(719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_however_they_are_written() {
        let day = read("2018-04-01").unwrap();
        assert_eq!(day, (17_622, 17_622));
        for text in ["4/1/2018", "April 1, 2018", "april 1 2018", "01-April-2018", "1 Apr 2018", "04/01/2018"] {
            assert_eq!(read(text), Some(day), "{text}");
        }
        assert_eq!(read("1970-01-01"), None, "before there were such devices");
        assert_eq!(read("August 2018"), Some((17_744, 17_774)));
        assert_eq!(read("2016"), Some((16_801, 17_166)), "a leap year");
        for text in ["", "8.2.2", "13/1/2018", "April", "2018-02-30", "1.0.51"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

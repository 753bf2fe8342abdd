//! Days as advisories write them.

use model::Timestamp;

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
            let (next_year, next) =
                if month < 12 { (year, month.saturating_add(1)) } else { (year.saturating_add(1), 1) };
            Some((first(year, month, 1)?, first(next_year, next, 1)?.saturating_sub(1)))
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
            let day = first(Some(year).filter(is_year)?, month, day)?;
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

fn first(year: i64, month: i64, day: i64) -> Option<i64> {
    Timestamp::read(&format!("{year:04}-{month:02}-{day:02}")).map(Timestamp::day)
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

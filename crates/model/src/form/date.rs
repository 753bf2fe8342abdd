//! Dates, however they are written: a patient's date of birth tells who a patient is.

/// Whether a date stands in a word, in any of the usual ways to write one.
pub fn holds_date(word: &str) -> bool {
    holds_compact_date(word) || holds_separated_date(word)
}

/// `19500101`, `01011950`, also with a time behind: runs of 8, 12 or 14 digits.
pub(super) fn holds_compact_date(word: &str) -> bool {
    word.as_bytes().split(|byte| !byte.is_ascii_digit()).any(|run| {
        let number = |from: usize, to: usize| number(run.get(from..to).unwrap_or_default());
        matches!(run.len(), 8 | 12 | 14)
            && (is_date(number(0, 4), number(4, 6), number(6, 8)) || {
                let (a, b, year) = (number(0, 2), number(2, 4), number(4, 8));
                is_date(year, a, b) || is_date(year, b, a)
            })
    })
}

/// Eight digits that are a date and nothing else.
pub(super) fn is_date_alone(text: &str) -> bool {
    text.len() == 8 && holds_compact_date(text)
}

/// `1950-01-01`, `1.1.1950`, `01/01/50`, `1950_01_01`, `01-Jan-1950`, whatever else stands around it.
pub(super) fn holds_separated_date(word: &str) -> bool {
    let counts = separators(word.as_bytes());
    let holds = |separator: u8| {
        let is_between = |byte: &u8| *byte != separator && (!byte.is_ascii_alphanumeric() || *byte == b'T');
        word.as_bytes().split(is_between).any(|part| is_separated_date(part, separator))
    };
    b"-._/".iter().zip(counts).any(|(separator, count)| {
        count >= 2 && (holds(*separator) || (b"-_".contains(separator) && holds_date_among(word, *separator)))
    })
}

/// How many hyphens, dots, underscores and slashes stand beside a digit: a date has two of one kind. Nearly all text has
/// not.
fn separators(word: &[u8]) -> [usize; 4] {
    let mut counts = [0; 4];
    let befores = std::iter::once(&0).chain(word);
    let behinds = word.iter().skip(1).chain(&[0]);
    for ((before, byte), behind) in befores.zip(word).zip(behinds) {
        let [hyphens, dots, underscores, slashes] = &mut counts;
        let count = match byte {
            b'-' => hyphens,
            b'.' => dots,
            b'_' => underscores,
            b'/' => slashes,
            _ => continue,
        };
        if before.is_ascii_digit() || behind.is_ascii_digit() {
            *count = usize::saturating_add(*count, 1);
        }
    }
    counts
}

/// `host-1950-01-01`: hyphens and underscores join other words too. Dots and slashes are no sign: object identifiers and
/// paths have them.
fn holds_date_among(word: &str, separator: u8) -> bool {
    let is_between = |byte: &u8| *byte != separator && !byte.is_ascii_alphanumeric();
    word.as_bytes().split(is_between).any(|part| {
        let parts = || part.split(|byte| *byte == separator);
        parts().zip(parts().skip(1)).zip(parts().skip(2)).any(|((a, b), c)| are_date(a, b, c))
    })
}

/// Three words that are a date with a year of four digits: the year first or last, the month in digits or in letters.
fn are_date(a: &[u8], b: &[u8], c: &[u8]) -> bool {
    let [first, middle, last] = [a, b, c].map(number);
    let is_short = |part: &[u8]| (1..=2).contains(&part.len());
    if is_month(b) {
        return (a.len() == 4 && is_short(c) && is_date(first, 1, last))
            || (is_short(a) && c.len() == 4 && is_date(last, 1, first));
    }
    is_short(b)
        && ((a.len() == 4 && is_short(c) && is_date(first, middle, last))
            || (is_short(a) && c.len() == 4 && (is_date(last, middle, first) || is_date(last, first, middle))))
}

/// Three words with blanks between them: `01 01 1950`, `1 January 1950`, `01 JAN 50`, `Jan 1 1950`.
pub(super) fn is_spelled_date(words: [&str; 3]) -> bool {
    let [a, b, c] = words.map(|word| {
        let word = word.trim_end_matches(|character: char| character.is_ascii_punctuation()).as_bytes();
        match word {
            // An ordinal.
            [number @ .., b's' | b'n' | b'r' | b't', b't' | b'd' | b'h']
                if number.iter().all(u8::is_ascii_digit) && !number.is_empty() =>
            {
                number
            }
            _ => word,
        }
    });
    let is_day_of_month = |word: &[u8]| (1..=2).contains(&word.len()) && is_day(1, number(word));
    are_date(a, b, c)
        || (is_month(b) && is_day_of_month(a) && c.len() == 2 && number(c) < 100)
        || (is_month(a) && is_day_of_month(b) && c.len() == 4 && is_date(number(c), 1, 1))
}

/// `1.1.50`, `geb.01.01.50`: a version may look the same, unless it says that it is one (`v1.1.50`)
/// or whose (`name/1.1.50`), or goes on (`1.1.50b`).
pub fn holds_short_date(word: &str) -> bool {
    let mut before = 0_u8;
    let is_between = |byte: u8| !byte.is_ascii_digit() && byte != b'.';
    let mut rest = word.as_bytes();
    while !rest.is_empty() {
        let length = rest.iter().position(|byte| is_between(*byte)).unwrap_or(rest.len());
        let (stretch, behind) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        let is_joined = matches!(before, b'v' | b'V' | b'/' | b'_' | b'-')
            || behind.first().is_some_and(|byte| byte.is_ascii_alphanumeric() || b"/_-".contains(byte));
        if !is_joined && is_short_date(stretch) {
            return true;
        }
        (before, rest) = behind.split_first().map_or((0, behind), |(byte, behind)| (*byte, behind));
    }
    false
}

fn is_short_date(stretch: &[u8]) -> bool {
    let mut parts = stretch.split(|byte| *byte == b'.').filter(|part| !part.is_empty());
    let (Some(a), Some(b), Some(c), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let [first, middle] = [a, b].map(number);
    a.len() <= 2 && b.len() <= 2 && c.len() == 2 && (is_day(middle, first) || is_day(first, middle))
}

fn is_separated_date(word: &[u8], separator: u8) -> bool {
    let mut parts = word.split(|byte| *byte == separator);
    let (Some(a), Some(b), Some(c), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    // Behind a date, whatever follows may be glued to it.
    let end = c.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(c.len());
    let c = c.get(..end).unwrap_or_default();
    let start = a.iter().rposition(|byte| !byte.is_ascii_digit()).map_or(0, |at| at.saturating_add(1));
    let a = a.get(start..).unwrap_or_default();
    let fits = |part: &[u8], least: usize, most: usize| (least..=most).contains(&part.len());
    if is_month(b) {
        return fits(a, 1, 4) && fits(c, 1, 4);
    }
    let [first, middle, last] = [a, b, c].map(number);
    are_date(a, b, c)
        || (separator == b'/'
            && fits(a, 1, 2)
            && fits(b, 1, 2)
            && c.len() == 2
            && last < 100
            && (is_day(middle, first) || is_day(first, middle)))
}

/// A month by its name or the first letters of it, in English or German.
fn is_month(word: &[u8]) -> bool {
    static MONTHS: &[&[u8]] = &[
        b"january",
        b"february",
        b"march",
        b"april",
        b"may",
        b"june",
        b"july",
        b"august",
        b"september",
        b"october",
        b"november",
        b"december",
        b"januar",
        b"februar",
        b"mrz",
        b"mai",
        b"juni",
        b"juli",
        b"oktober",
        b"dezember",
    ];
    (3..=9).contains(&word.len())
        && word.first().is_some_and(u8::is_ascii_alphabetic)
        && MONTHS.iter().any(|month| {
            let is_start = month.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
            is_start && (word.len() <= 4 || word.len() == month.len())
        })
}

fn number(digits: &[u8]) -> u32 {
    if digits.is_empty() || digits.len() > 8 {
        return u32::MAX;
    }
    digits.iter().fold(0_u32, |number, digit| {
        if digit.is_ascii_digit() && number != u32::MAX {
            number.saturating_mul(10).saturating_add(u32::from(digit.saturating_sub(b'0')))
        } else {
            u32::MAX
        }
    })
}

const fn is_date(year: u32, month: u32, day: u32) -> bool {
    matches!(year, 1880..=2099) && is_day(month, day)
}

const fn is_day(month: u32, day: u32) -> bool {
    matches!(month, 1..=12) && matches!(day, 1..=31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_known_however_they_are_written() {
        for date in [
            "19500101",
            "01011950",
            "1950-01-01",
            "1.1.1950",
            "01/31/1950",
            "31/12/50",
            "1-Jan-1950",
            "19500101120000",
            "1950-01-01T10:00",
            "DOB:1950-01-01",
            "(01.02.1950)",
            "urn:a-b-c:d:1950-01-01",
            "ward-1950-01-01",
            "ward-1-1-1950-x",
            "1950_01_01",
            "anna_01_01_1950_x",
            "anna-1-Mai-1950",
            "AE19500101ANNA",
        ] {
            assert!(holds_date(date), "{date}");
        }
        for other in ["10.0.0.1", "2.4.1950.1", "1.2.3", "99999999", "12-34-5678", "8.00.01", "00-11-22", "5.10.0-21"] {
            assert!(!holds_date(other), "{other}");
        }
    }

    #[test]
    fn dates_are_known_in_words() {
        let is_spelled = |text: &str| {
            let mut words = text.split(' ');
            is_spelled_date([(); 3].map(|()| words.next().unwrap()))
        };
        for date in [
            "01 01 1950",
            "1950 1 31",
            "01 JAN 1950",
            "1 January 50",
            "Jan 1 1950",
            "3rd May 1950",
            "1. Mai 1950",
            "1 12. 1950",
        ] {
            assert!(is_spelled(date), "{date}");
        }
        for other in ["1 2 3", "IOS 15 2010", "Mayer 3 12", "3 Mayer 1950", "40 40 1950", "1950 14 40"] {
            assert!(!is_spelled(other), "{other}");
        }
        for date in ["1.1.50", "geb.01.01.50", "(31.12.49)"] {
            assert!(holds_short_date(date), "{date}");
        }
        for other in ["v1.1.50", "1.1.50b", "Apache/1.3.33", "10.1.1.50", "1.1.5", "1.1.500", "40.40.50", "12.2(55)SE"]
        {
            assert!(!holds_short_date(other), "{other}");
        }
    }
}

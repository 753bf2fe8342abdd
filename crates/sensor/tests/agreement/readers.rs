//! Ways to read values out of a frame's columns.

use crate::normal::{normal, normal_of_wireshark};

/// From the columns of a frame, one for each of Wireshark's names, to values that compare.
pub type Read = Box<dyn Fn(&[Vec<&str>]) -> Vec<String> + Sync + Send>;

/// Every value of every column.
pub fn plain() -> Read {
    each(|value| Some(normal_of_wireshark(value)))
}

/// Every value of every column, read one by one.
pub fn each(read: impl Fn(&str) -> Option<String> + Sync + Send + 'static) -> Read {
    Box::new(move |columns| {
        let values = columns.iter().flatten().filter_map(|value| read(value));
        values.filter(|value| !value.is_empty()).collect()
    })
}

/// The first values of all columns with something between them, then the second values, and so on.
pub fn joined(between: &'static str) -> Read {
    Box::new(move |columns| {
        let count = columns.iter().map(Vec::len).min().unwrap_or(0);
        let row = |index: usize| -> Vec<String> { columns.iter().map(|c| normal_of_wireshark(c[index])).collect() };
        (0..count).map(|index| row(index).join(between)).collect()
    })
}

/// All values of all columns as one text.
pub fn together() -> Read {
    Box::new(|columns| {
        let values: Vec<&str> = columns.iter().flatten().copied().collect();
        if values.is_empty() { Vec::new() } else { vec![normal_of_wireshark(&values.join(" "))] }
    })
}

/// A number that stands for a name; a number that is not listed stays a number.
pub fn named(names: &'static [(u64, &'static str)]) -> Read {
    each(move |value| {
        let number = number(value)?;
        let name = names.iter().find(|(of, _)| *of == number);
        Some(name.map_or_else(|| number.to_string(), |(_, name)| (*name).to_owned()))
    })
}

/// A number of which each bit stands for a name.
pub fn bits(names: &'static [(u64, &'static str)]) -> Read {
    Box::new(move |columns| {
        let numbers = columns.iter().flatten().filter_map(|value| number(value));
        numbers
            .flat_map(|number| names.iter().filter(move |(bit, _)| number & bit != 0))
            .map(|n| n.1.to_owned())
            .collect()
    })
}

/// `1.2.840.10008.1.1` of `Verification SOP Class (1.2.840.10008.1.1)`.
pub fn in_brackets() -> Read {
    each(|value| {
        let inner = value.rsplit_once('(').and_then(|(_, inner)| inner.strip_suffix(')'));
        Some(normal_of_wireshark(inner.unwrap_or(value)))
    })
}

/// Bytes that Wireshark shows as hexadecimal digits and we as text.
pub fn text_of_bytes() -> Read {
    each(|value| Some(text(value)))
}

/// The values of a header in lines such as `Server: thing`.
pub fn header(name: &'static str) -> Read {
    each(move |line| {
        let (before, value) = line.split_once(':')?;
        before.trim().eq_ignore_ascii_case(name).then(|| normal_of_wireshark(value.trim_end_matches("\\r\\n")))
    })
}

/// A field of HL7's segments, counted as the standard does (`MSH-1` is the separator itself); of the first repetition.
pub fn hl7(segment: &'static str, position: usize) -> Read {
    each(move |line| {
        let line = line.strip_suffix("\\r").unwrap_or(line);
        let separator = line.chars().nth(3)?;
        let index = if segment == "MSH" { position - 1 } else { position };
        line.strip_prefix(segment).and_then(|fields| fields.split(separator).nth(index)).map(normal_of_wireshark)
    })
}

/// The values of DICOM elements in Wireshark's lines, as in `(0008,0060)  2 Modality    [CS] CT`.
pub fn elements(tags: &'static [&'static str], read: fn(&str) -> String) -> Read {
    Box::new(move |columns| {
        let of_line = |line: &&str| -> Vec<String> {
            let Some(rest) = tags.iter().find_map(|tag| line.strip_prefix(tag)) else { return Vec::new() };
            // The element's length is right-aligned, its name fills 45 columns.
            let value = rest.get(58..).unwrap_or_default().trim();
            let is_kind = |kind: &&str| kind.starts_with('[') && kind.ends_with("] ");
            let value = value.get(..5).filter(is_kind).map_or(value, |_| &value[5..]);
            value.split("\\\\").map(read).collect()
        };
        columns.iter().flatten().flat_map(of_line).collect()
    })
}

/// Every value, and every word of it.
pub fn words() -> Read {
    Box::new(|columns| {
        let values = columns.iter().flatten();
        let lines = values.map(|value| value.replace("\\n", " ").replace("\\r", " ").replace("\\t", " "));
        let words = |line: String| -> Vec<String> {
            let words = line.split_whitespace().map(normal_of_wireshark);
            std::iter::once(normal_of_wireshark(&line)).chain(words).collect()
        };
        lines.flat_map(words).collect()
    })
}

/// Every word of every value, without what ends a tag of syslog: `sshd[17]:` is `sshd`.
pub fn tags() -> Read {
    Box::new(|columns| {
        let words = columns.iter().flatten().flat_map(|value| value.split_whitespace());
        words.map(|word| word.split(['[', ':']).next().unwrap_or_default().to_owned()).collect()
    })
}

/// A number in any spelling.
pub fn number(value: &str) -> Option<u64> {
    normal(value).parse().ok()
}

/// The text that hexadecimal digits stand for.
pub fn text(digits: &str) -> String {
    let digits: Vec<u8> = digits.bytes().filter(u8::is_ascii_hexdigit).collect();
    let pairs = digits.chunks_exact(2).filter_map(|pair| std::str::from_utf8(pair).ok());
    let bytes: Vec<u8> = pairs.filter_map(|pair| u8::from_str_radix(pair, 16).ok()).collect();
    normal(&printable(&String::from_utf8_lossy(&bytes)))
}

/// Control characters as our fields write them.
fn printable(text: &str) -> String {
    let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

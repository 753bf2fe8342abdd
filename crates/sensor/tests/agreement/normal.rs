//! One spelling for the same value: case of hexadecimal digits, separators, number bases, blanks, trailing dots.

use std::net::IpAddr;

use model::message::TEXT_BYTES_MAX;

/// The spelling to compare, of what `tshark -T fields` wrote.
pub fn normal_of_wireshark(value: &str) -> String {
    normal(&unescaped(value))
}

/// The spelling to compare.
pub fn normal(value: &str) -> String {
    let value = value.trim_matches(|c: char| c.is_whitespace() || c == '\0' || c == '"');
    if let Some(digits) = value.strip_prefix("0x")
        && let Ok(number) = u64::from_str_radix(digits, 16)
    {
        return number.to_string();
    }
    if let Some(bytes) = hexadecimal_pairs(value) {
        return bytes;
    }
    if let Ok(ip) = value.parse::<IpAddr>() {
        return ip.to_string();
    }
    match value {
        "True" | "true" => return "1".to_owned(),
        "False" | "false" => return "0".to_owned(),
        // How Wireshark says that there is no value.
        "<MISSING>" | "<Root>" => return String::new(),
        _ => {}
    }
    let without_dot = value.strip_suffix('.').filter(|name| !name.is_empty()).unwrap_or(value);
    let words: Vec<&str> = without_dot.split_whitespace().collect();
    let value = words.join(" ");
    let mut end = value.len().min(TEXT_BYTES_MAX);
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    value[..end].trim_end().to_owned()
}

/// `00:1B:21` and `00-1b-21` as `001b21`: at least three pairs, so that a time is not taken for bytes.
fn hexadecimal_pairs(value: &str) -> Option<String> {
    let separator = value.chars().find(|c| matches!(c, ':' | '-'))?;
    let pairs: Vec<&str> = value.split(separator).collect();
    let is_pair = |pair: &&str| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit());
    (pairs.len() >= 3 && pairs.iter().all(is_pair)).then(|| pairs.concat().to_ascii_lowercase())
}

/// Undoes how `tshark -T fields` writes what is no printable text; control characters become `�` as in our fields.
fn unescaped(value: &str) -> String {
    let mut clean = String::with_capacity(value.len());
    let mut rest = value.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\\' => match rest.peek().copied() {
                Some('\\' | '"') => clean.extend(rest.next()),
                Some('n' | 't' | 'r' | 'a' | 'b' | 'f' | 'v') => {
                    rest.next();
                    clean.push('\u{fffd}');
                }
                Some('0'..='3') => {
                    let octal: String = rest.clone().take(3).collect();
                    if octal.len() == 3 && octal.bytes().all(|byte| matches!(byte, b'0'..=b'7')) {
                        rest.by_ref().nth(2);
                        clean.push('\u{fffd}');
                    } else {
                        clean.push('\\');
                    }
                }
                _ => clean.push('\\'),
            },
            control if control.is_control() => clean.push('\u{fffd}'),
            other => clean.push(other),
        }
    }
    clean
}

#[test]
fn the_same_value_has_one_spelling() {
    for (left, right) in [
        ("0x0001", "1"),
        ("00:1B:21:AA:BB:CC", "00-1b-21-aa-bb-cc"),
        ("printer.example.", "printer.example"),
        ("True", "1"),
        ("two  words", "two words"),
        ("2001:DB8::1", "2001:db8:0::1"),
        (" \"x\" ", "x"),
        ("a\\000b", "a\u{fffd}b"),
        ("C:\\\\dir", "C:\\dir"),
    ] {
        assert_eq!(normal_of_wireshark(left), normal(right));
    }
    assert_ne!(normal("12:30"), normal("1230"));
}

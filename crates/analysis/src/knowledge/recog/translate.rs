//! Recog's patterns, written for Ruby, in the syntax of Rust's `regex`; and cut to the fields that decoders hand out.
//!
//! In Ruby `^` and `$` stand at the ends of lines, and `.` passes over line breaks only where a flag says so.

/// A pattern and its flags, in the syntax of Rust's `regex`.
pub(super) fn pattern(pattern: &str, flags: &str) -> String {
    let (own, body) = own_flags(pattern);
    let is_any = |name: &str| flags.split(',').any(|flag| flag.trim() == name);
    let mut prefix = String::from("(?m");
    if is_any("REG_ICASE") || own.contains('i') {
        prefix.push('i');
    }
    // Ruby's MULTILINE lets `.` match line breaks; so does the `(?m)` of a pattern.
    if is_any("REG_DOT_NEWLINE") || is_any("REG_MULTILINE") || own.contains('m') {
        prefix.push('s');
    }
    prefix.push(')');
    prefix.push_str(&escapes(body));
    prefix
}

/// The flags that a pattern begins with, and the rest.
fn own_flags(pattern: &str) -> (&str, &str) {
    let Some((flags, body)) = pattern.strip_prefix("(?").and_then(|rest| rest.split_once(')')) else {
        return ("", pattern);
    };
    if !flags.is_empty() && flags.bytes().all(|byte| matches!(byte, b'i' | b'm')) {
        (flags, body)
    } else {
        ("", pattern)
    }
}

/// Escapes that Rust does not know or means otherwise, and line breaks: decoders hand out `�` in their place.
fn escapes(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut characters = pattern.chars();
    let mut is_class = false;
    while let Some(character) = characters.next() {
        if character != '\\' {
            is_class = match character {
                '[' => true,
                ']' => false,
                _ => is_class,
            };
            out.push(character);
            continue;
        }
        let class = match characters.next() {
            Some('r') => "\\r\u{fffd}",
            Some('n') => "\\n\u{fffd}",
            Some('s') => "\\s\u{fffd}",
            Some('h') => "0-9a-fA-F",
            // Ruby's are those of ASCII; Rust's are those of all scripts, which makes long repetitions huge.
            Some('d') => "0-9",
            Some('w') => "0-9A-Za-z_",
            Some('Z') => {
                out.push_str("\\n?\\z");
                continue;
            }
            Some('e') => "\\x1b",
            Some(other) => {
                out.extend(['\\', other]);
                continue;
            }
            None => "\\",
        };
        if is_class {
            out.push_str(class);
        } else {
            out.extend(["[", class, "]"]);
        }
    }
    out
}

/// A character of a pattern that means something at that place: where it stands, and in how many groups.
#[derive(Clone, Copy)]
struct Mark {
    offset: usize,
    character: char,
    depth: usize,
}

/// The characters outside classes that are not escaped.
fn marks(pattern: &str) -> impl Iterator<Item = Mark> + '_ {
    let mut depth = 0_usize;
    let mut is_class = false;
    let mut is_escaped = false;
    pattern.char_indices().filter_map(move |(offset, character)| {
        if is_escaped {
            is_escaped = false;
            return None;
        }
        match character {
            '\\' => {
                is_escaped = true;
                return None;
            }
            ']' => is_class = false,
            _ if is_class => return None,
            '[' => is_class = true,
            '(' => depth = depth.saturating_add(1),
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        Some(Mark { offset, character, depth })
    })
}

/// The same pattern with its groups named `g1`, `g2` …: a part of it keeps their numbers.
fn named_groups(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut copied = 0;
    let mut count = 0_usize;
    for mark in marks(pattern).filter(|mark| mark.character == '(') {
        let after = mark.offset.saturating_add(1);
        if pattern.get(after..).is_some_and(|rest| !rest.starts_with('?')) {
            count = count.saturating_add(1);
            out.push_str(pattern.get(copied..after).unwrap_or_default());
            out.push_str(&format!("?P<g{count}>"));
            copied = after;
        }
    }
    out.push_str(pattern.get(copied..).unwrap_or_default());
    out
}

/// The flags in front, which [`pattern`] always writes, and the rest.
fn parts(pattern: &str) -> (&str, &str) {
    let end = pattern.find(')').map_or(0, |place| place.saturating_add(1));
    pattern.split_at(end)
}

/// The part of a pattern for `WWW-Authenticate` that reads the realm.
pub(super) fn realm(pattern: &str) -> Option<String> {
    let named = named_groups(pattern);
    let (flags, body) = parts(&named);
    let (before, rest) = body.split_once("realm=\"")?;
    if marks(before).last().is_some_and(|mark| mark.depth > 0) || before.contains("(?P<") {
        return None;
    }
    let end = marks(rest).find(|mark| mark.character == '"')?;
    (end.depth == 0).then(|| format!("{flags}^{}$", rest.get(..end.offset).unwrap_or_default()))
}

/// The part of a pattern for `Set-Cookie` that reads the cookie's name.
pub(super) fn cookie_name(pattern: &str) -> Option<String> {
    let named = named_groups(pattern);
    let (flags, body) = parts(&named);
    let end = marks(body).find(|mark| mark.character == '=' && mark.depth == 0)?;
    let name = body.get(..end.offset)?;
    name.starts_with('^').then(|| format!("{flags}{name}$"))
}

/// A pattern for an SSH version string without `SSH-2.0-`, for the whole of it.
pub(super) fn identification(pattern: &str) -> String {
    let (flags, body) = parts(pattern);
    match body.strip_prefix('^') {
        Some(rest) => format!("{flags}^SSH-[\\d.]+-{rest}"),
        None => pattern.to_owned(),
    }
}

/// A pattern for a certificate's name (`CN=…,OU=…,O=…`) as patterns for its parts: which part, and its pattern.
/// Parts that decoders do not hand out are passed over.
pub(super) fn distinguished_name(pattern: &str) -> Option<Vec<(&'static str, String)>> {
    let named = named_groups(pattern);
    let (flags, body) = parts(&named);
    let body = body.strip_prefix('^')?;
    let (body, is_whole) = body.strip_suffix('$').map_or((body, false), |body| (body, true));
    let mut commas: Vec<usize> =
        marks(body).filter(|mark| mark.character == ',' && mark.depth == 0).map(|mark| mark.offset).collect();
    // `\\,` is a comma within a value.
    commas.retain(|comma| !body.get(..*comma).is_some_and(|before| before.ends_with("\\\\")));
    commas.push(body.len());
    let mut conditions = Vec::new();
    let mut start = 0;
    for end in &commas {
        let (key, value) = body.get(start..*end)?.split_once('=')?;
        start = end.saturating_add(1);
        let key = match key {
            "CN" => "cn",
            "OU" => "ou",
            "O" => "o",
            "C" => "c",
            "L" | "ST" | "SERIALNUMBER" | "emailAddress" | "EMAILADDRESS" | "street" | "DC" => continue,
            _ => return None,
        };
        let value = value.replace("\\\\,", ",").replace("\\\\ ", " ");
        let anchor = if is_whole || *end < body.len() { "$" } else { "" };
        conditions.push((key, format!("{flags}^(?:{value}){anchor}")));
    }
    (!conditions.is_empty()).then_some(conditions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_and_escapes_are_translated() {
        assert_eq!(pattern(r"(?i)^\h+\Z", ""), r"(?mi)^[0-9a-fA-F]+\n?\z");
        assert_eq!(pattern(r"^a.b$", "REG_DOT_NEWLINE,REG_ICASE"), r"(?mis)^a.b$");
        assert_eq!(pattern(r"[^\r]\r", ""), "(?m)[^\\r\u{fffd}][\\r\u{fffd}]");
        assert_eq!(pattern(r"(?:a|b)\[\h", ""), r"(?m)(?:a|b)\[[0-9a-fA-F]");
        assert_eq!(pattern(r"[\w-]{2}\d", ""), "(?m)[0-9A-Za-z_-]{2}[0-9]");
    }

    #[test]
    fn parts_of_headers_keep_the_numbers_of_their_groups() {
        let name = |text| pattern(text, "");
        assert_eq!(
            realm(&name(r#"^(?:Basic|Digest) realm="(DCS-[^"]+) v(\d)"$"#)).as_deref(),
            Some(r#"(?m)^(?P<g1>DCS-[^"]+) v(?P<g2>[0-9])$"#)
        );
        assert_eq!(realm(&name(r#"^Basic x="a"#)), None);
        assert_eq!(cookie_name(&name(r"^(AWSELB(?:CORS)?)=(\d)")).as_deref(), Some("(?m)^(?P<g1>AWSELB(?:CORS)?)$"));
        assert_eq!(cookie_name(&name("^(?:a=b)")), None);
        assert_eq!(identification(&name(r"^RomSShell_([\d.]+)$")), r"(?m)^SSH-[\d.]+-RomSShell_([0-9.]+)$");
    }

    #[test]
    fn a_certificates_name_is_cut_into_its_parts() {
        let cut = distinguished_name(&pattern(r"^CN=([a-f0-9,]+),L=X,OU=([^,]+),O=Acme\\, (?:Inc|Ltd)\.", "")).unwrap();
        assert_eq!(
            cut,
            [
                ("cn", r"(?m)^(?:(?P<g1>[a-f0-9,]+))$".to_owned()),
                ("ou", r"(?m)^(?:(?P<g2>[^,]+))$".to_owned()),
                ("o", r"(?m)^(?:Acme, (?:Inc|Ltd)\.)".to_owned()),
            ]
        );
        assert_eq!(distinguished_name(&pattern("CN=x", "")), None);
        assert_eq!(distinguished_name(&pattern("^(?:CN=a,O=b)", "")), None);
    }
}

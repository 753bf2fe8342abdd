//! The `User-Agent` header by its grammar (RFC 9110 §10.1.5): products with their versions, and comments. Anything else
//! that stands in it, and what in it looks like a person's, is left out.

use model::form::is_personal;

use crate::line::Line;

/// How many products and comments are told.
const PARTS_MAX: usize = 24;
/// How deep comments may lie in comments.
const DEPTH_MAX: u8 = 3;
/// What begins a comment beyond that many bytes is prose.
const COMMENT_PART_BYTES_MAX: usize = 64;
/// Constants of browsers that look like a date, and like a family name and a given one.
const GECKO: &[u8] = b"Gecko/20100101";
const KHTML: &[u8] = b"KHTML, like Gecko";

/// What may be told of a value.
pub(super) fn told(value: &[u8]) -> Line {
    let mut line = Line::new();
    let mut rest = value.trim_ascii();
    for _ in 0..PARTS_MAX {
        rest = match rest {
            [] => break,
            [b'(', behind @ ..] => {
                let Some(length) = comment_length(behind) else { break };
                comment(behind.get(..length).unwrap_or_default(), &mut line);
                behind.get(length.saturating_add(1)..).unwrap_or_default()
            }
            _ => {
                let length = rest.iter().position(|byte| matches!(byte, b' ' | b'\t' | b'(')).unwrap_or(rest.len());
                let (word, behind) = rest.split_at_checked(length.max(1)).unwrap_or((rest, &[]));
                if word == GECKO || is_product(word) {
                    add(word, &mut line);
                }
                behind
            }
        }
        .trim_ascii_start();
    }
    line
}

/// Adds a part behind a blank, whole or not at all.
fn add(part: &[u8], line: &mut Line) {
    let room = model::message::TEXT_BYTES_MAX.saturating_sub(line.as_bytes().len());
    if part.len() < room {
        if !line.is_empty() {
            line.extend(b" ");
        }
        line.extend(part);
    }
}

/// `product = token ["/" product-version]`
fn is_product(word: &[u8]) -> bool {
    let mut parts = word.split(|byte| *byte == b'/');
    let (name, version) = (parts.next().unwrap_or_default(), parts.next().unwrap_or(b"-"));
    // Two slashes are no product, yet `Build/x/1` is common.
    let is_token = |part: &[u8]| !part.is_empty() && part.iter().all(|byte| is_token_byte(*byte));
    is_token(name) && is_token(version) && parts.all(is_token) && is_impersonal(word)
}

/// `tchar` (RFC 9110 §5.6.2), without the two that join a person's name or address.
const fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+' | b'-' | b'.' | b'_' | b'`' | b'|' | b'~'
        )
}

fn is_impersonal(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| !text.split([' ', ',', ':']).any(is_personal))
}

/// How long a comment is, without its closing parenthesis; `None` if there is none.
fn comment_length(bytes: &[u8]) -> Option<usize> {
    let mut depth = 1_u8;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'(' => depth = depth.saturating_add(1),
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH_MAX {
            return None;
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// Adds the parts of a comment that say something about a system: neither a setting (`=`) nor a person's.
fn comment(text: &[u8], line: &mut Line) {
    let is_told = |part: &&[u8]| {
        !part.is_empty()
            && part.len() <= COMMENT_PART_BYTES_MAX
            && (*part == KHTML || !part.iter().any(|byte| matches!(byte, b'=' | b',' | b'"' | b'\\')))
            && part.iter().all(|byte| matches!(byte, b' '..=b'~'))
            && is_impersonal(part)
    };
    let mut told = Line::new();
    for part in text.split(|byte| *byte == b';').map(<[u8]>::trim_ascii).filter(is_told) {
        let separator: &[u8] = if told.is_empty() { b"(" } else { b"; " };
        told.extend(separator);
        told.extend(part);
    }
    if !told.is_empty() && told.extend(b")") {
        add(told.as_bytes(), line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent(value: &str) -> String {
        String::from_utf8(told(value.as_bytes()).as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn products_and_comments_stay_as_they_are() {
        for whole in [
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
            "Mozilla/5.0 (X11; Linux x86_64; rv:102.0) Gecko/20100101 Firefox/102.0",
            "gSOAP/2.8",
            "curl",
            "Microsoft BITS/7.8",
            "Dalvik/2.1.0 (Linux; U; Android 9; SM-T510 Build/PPR1)",
        ] {
            assert_eq!(agent(whole), whole);
        }
    }

    #[test]
    fn what_is_no_product_or_looks_like_a_person_is_left_out() {
        assert_eq!(agent("Viewer/1.0 (user=Canary; Windows)"), "Viewer/1.0 (Windows)");
        assert_eq!(agent("Viewer/1.0 (Canary, Anna) Qt/5"), "Viewer/1.0 Qt/5");
        assert_eq!(agent("Viewer/1.0 CANARY^ANNA canary@example.org 4711000815 1950-01-01"), "Viewer/1.0");
        assert_eq!(agent("Viewer/1.0 (MRN 4711000815; born 01.01.1950; Windows)"), "Viewer/1.0 (Windows)");
        assert_eq!(agent("Viewer/1.0 patient=\"Canary\" (open"), "Viewer/1.0");
        assert_eq!(agent(&"(".repeat(5_000)), "");
    }
}

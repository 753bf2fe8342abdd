//! Messages that begin as those of the web do: a line, headers, an empty line (RFC 9112 §2.1). SSDP, SIP and RTSP share it.

use crate::line_search::LineSearch;
use crate::protocols::Step;

/// How many headers of one message are looked at.
const HEADERS_MAX: usize = 64;
/// The longest line and headers, and the longest body that is read; longer bodies are passed over.
const HEAD_BYTES_MAX: usize = 32 * 1_024;
const BODY_BYTES_MAX: usize = 16 * 1_024;

/// The first line, and the headers behind it.
pub(crate) fn start_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let (line, headers) = bytes.split_at_checked(end.checked_add(1)?)?;
    Some((line.trim_ascii_end(), headers))
}

/// Names and values of the headers, up to the empty line.
pub(crate) fn headers(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    bytes
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .take_while(|line| !line.is_empty())
        .take(HEADERS_MAX)
        .filter_map(|line| {
            let colon = line.iter().position(|byte| *byte == b':')?;
            let (name, value) = line.split_at_checked(colon)?;
            Some((name.trim_ascii(), value.get(1..)?.trim_ascii()))
        })
}

/// Whether a header has that name.
pub(crate) fn is(name: &[u8], wanted: &str) -> bool {
    name.eq_ignore_ascii_case(wanted.as_bytes())
}

/// The code of a response's line behind its version, as in `SIP/2.0 200 OK`.
pub(crate) fn status(line: &[u8], version: &[u8]) -> Option<u16> {
    match line.strip_prefix(version)? {
        [b' ', a @ b'1'..=b'7', b @ b'0'..=b'9', c @ b'0'..=b'9', b' ', ..]
        | [b' ', a @ b'1'..=b'7', b @ b'0'..=b'9', c @ b'0'..=b'9'] => {
            let digit = |byte: &u8| u16::from(byte.saturating_sub(b'0'));
            Some(digit(a).saturating_mul(100).saturating_add(digit(b).saturating_mul(10)).saturating_add(digit(c)))
        }
        _ => None,
    }
}

/// The next message of a stream: its line and headers, its body if that is short, and how to go on behind it. Otherwise
/// what to do to get one.
pub(crate) fn next<'a>(lines: &mut LineSearch, bytes: &'a [u8]) -> Result<(&'a [u8], &'a [u8], Step), Step> {
    let Some(end) = lines.empty_line(bytes) else {
        let is_too_long = bytes.len() > HEAD_BYTES_MAX;
        return Err(if is_too_long { Step::Done } else { Step::Wait(bytes.len().saturating_add(1)) });
    };
    let (head, rest) = bytes.split_at_checked(end).unwrap_or((bytes, &[]));
    let length = start_line(head).map_or(0, |(_, lines)| content_length(lines));
    let whole = end.saturating_add(length);
    match rest.get(..length) {
        Some(body) => Ok((head, body, Step::Read(whole))),
        None if length <= BODY_BYTES_MAX => Err(Step::Wait(whole)),
        None => Ok((head, &[], Step::Skip(whole.saturating_sub(bytes.len()) as u64))),
    }
}

/// `Content-Length`, also in SIP's short form (RFC 3261 §20.14); none if there is no number.
fn content_length(lines: &[u8]) -> usize {
    let value = headers(lines).find(|(name, _)| is(name, "Content-Length") || is(name, "l"));
    value.and_then(|(_, digits)| std::str::from_utf8(digits).ok()?.parse::<u32>().ok()).unwrap_or(0) as usize
}

/// Kinds of media of a session's description (RFC 8866 §5.14, IANA's registry); of the rest nothing is told.
static MEDIA: &[&str] = &["audio", "video", "text", "application", "message", "image"];
/// So many lines of a description are looked at.
const DESCRIPTION_LINES_MAX: usize = 256;

/// The kinds of media in a session's description.
pub(crate) fn media(description: &[u8]) -> impl Iterator<Item = &'static str> {
    let lines = description.split(|byte| *byte == b'\n').take(DESCRIPTION_LINES_MAX);
    let kinds = lines.filter_map(|line| line.strip_prefix(b"m=")?.split(|byte| *byte == b' ').next());
    kinds.filter_map(|kind| MEDIA.iter().copied().find(|known| known.as_bytes() == kind))
}

//! Tells HTTP from what looks like it (SIP, RTSP, ICAP, Gnutella): by the version at the end of the first line.

use crate::protocols::Probe;

/// The longest method that is believed. The longest that is registered with IANA has 17 letters.
const METHOD_BYTES_MAX: usize = 20;
/// A target that goes on beyond that is taken for one without its version.
const TARGET_BYTES_MAX: usize = 1_200;

/// The methods whose target may exceed [`TARGET_BYTES_MAX`].
static COMMON: &[&[u8]] = &[b"GET", b"POST", b"HEAD", b"PUT", b"OPTIONS", b"DELETE"];

/// How much of a beginning is looked at.
const BEGINNING_BYTES_MAX: usize = 2_048;

/// Whether bytes begin with a request or a response (RFC 9112 §3, §4).
pub(super) fn message(bytes: &[u8]) -> Probe {
    let bytes = bytes.get(..BEGINNING_BYTES_MAX).unwrap_or(bytes);
    match status_line(bytes) {
        Probe::No => request_line(skip_empty_lines(bytes)),
        more_or_yes => more_or_yes,
    }
}

/// Without the empty lines that a server passes over before a request (RFC 9112 §2.2).
pub(super) fn skip_empty_lines(bytes: &[u8]) -> &[u8] {
    let empty = bytes.iter().take(4).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    bytes.get(empty..).unwrap_or_default()
}

/// `HTTP/1.1 200`
pub(super) fn status_line(bytes: &[u8]) -> Probe {
    const START: &[u8] = b"HTTP/1.";
    if bytes.is_empty() {
        return Probe::No;
    }
    let Some(rest) = bytes.strip_prefix(START) else {
        return if START.starts_with(bytes) { Probe::More } else { Probe::No };
    };
    match rest {
        [b'0'..=b'1', b' ', a, b, c, ..] if [a, b, c].iter().all(|digit| digit.is_ascii_digit()) => Probe::Yes,
        [] | [b'0'..=b'1'] | [b'0'..=b'1', b' '] | [b'0'..=b'1', b' ', b'0'..=b'9'] => Probe::More,
        [b'0'..=b'1', b' ', b'0'..=b'9', b'0'..=b'9'] => Probe::More,
        _ => Probe::No,
    }
}

/// `GET /path HTTP/1.1`
fn request_line(bytes: &[u8]) -> Probe {
    let is_letter = |byte: &u8| byte.is_ascii_uppercase() || matches!(byte, b'-' | b'_');
    let length = bytes.iter().take(METHOD_BYTES_MAX).take_while(|byte| is_letter(byte)).count();
    let (method, rest) = bytes.split_at_checked(length).unwrap_or((bytes, &[]));
    let target = match rest {
        _ if method.is_empty() => return Probe::No,
        [] => return if length < METHOD_BYTES_MAX { Probe::More } else { Probe::No },
        [b' ', target @ ..] if method.len() > 1 => target,
        _ => return Probe::No,
    };
    if !may_be_target(method, target) {
        return Probe::No;
    }
    let Some(end) = target.iter().position(|byte| byte.is_ascii_whitespace()) else {
        let long = target.len() > TARGET_BYTES_MAX;
        let is_common = target.starts_with(b"/") && COMMON.contains(&method);
        return if !long {
            Probe::More
        } else if is_common {
            Probe::Yes
        } else {
            Probe::No
        };
    };
    let version = target.get(end..).unwrap_or_default();
    const START: &[u8] = b" HTTP/1.";
    match version.strip_prefix(START) {
        Some([b'0'..=b'1', b'\r' | b'\n' | b' ', ..]) => Probe::Yes,
        Some([] | [b'0'..=b'1']) => Probe::More,
        Some(_) => Probe::No,
        None if START.starts_with(version) => Probe::More,
        None => Probe::No,
    }
}

/// The forms of a target (RFC 9112 §3.2): a path, an `http` address, host and port, or `*`. Of other addresses
/// (`sip:`, `rtsp:`, `icap:`) there are none in HTTP.
fn may_be_target(method: &[u8], target: &[u8]) -> bool {
    const ABSOLUTE: &[u8] = b"http";
    match target {
        [] | [b'/', ..] | [b'*'] | [b'*', b' ', ..] => true,
        _ if method == b"CONNECT" => true,
        _ => {
            let compared = target.len().min(ABSOLUTE.len());
            target
                .get(..compared)
                .is_some_and(|start| ABSOLUTE.get(..compared).is_some_and(|a| start.eq_ignore_ascii_case(a)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_http_of_version_1_is_recognised() {
        let yes: [&[u8]; 7] = [
            b"GET / HTTP/1.1\r\n",
            b"\r\nPOST /a?b=c HTTP/1.0\r\n",
            b"CONNECT host.example:443 HTTP/1.1\r\n",
            b"OPTIONS * HTTP/1.1\r\n",
            b"M-POST http://a.example/ HTTP/1.1\r\n",
            b"HTTP/1.1 200 OK\r\n",
            b"HTTP/1.0 401\r\n",
        ];
        let no: [&[u8]; 12] = [
            b"OPTIONS rtsp://a.example/ RTSP/1.0\r\n",
            b"OPTIONS * RTSP/1.0\r\n",
            b"SETUP /stream RTSP/1.0\r\n",
            b"OPTIONS sip:a@example.org SIP/2.0\r\n",
            b"REQMOD icap://a.example/ ICAP/1.0\r\n",
            b"GNUTELLA CONNECT/0.6\r\n",
            b"PRI * HTTP/2.0\r\n",
            b"GET /\r\n",
            b"get / HTTP/1.1\r\n",
            b"HTTP/2 200\r\n",
            b"ICY 200 OK\r\n",
            b"SSH-2.0-x\r\n",
        ];
        for bytes in yes {
            assert_eq!(message(bytes), Probe::Yes, "{}", String::from_utf8_lossy(bytes));
        }
        for bytes in no {
            assert_eq!(message(bytes), Probe::No, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn a_beginning_asks_for_more() {
        for whole in ["GET /index HTTP/1.1\r", "HTTP/1.1 200", "\r\nHEAD http://a/ HTTP/1.0\n"] {
            for cut in 1..whole.len() {
                assert_eq!(
                    message(&whole.as_bytes()[..cut]),
                    if whole.starts_with('\r') && cut <= 2 { Probe::No } else { Probe::More },
                    "{}",
                    &whole[..cut]
                );
            }
            assert_eq!(message(whole.as_bytes()), Probe::Yes);
        }
    }
}

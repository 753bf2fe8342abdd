//! The header of a message: priority, then either RFC 5424's fields or what RFC 3164 observed.

use std::net::IpAddr;

use model::Messages;

use super::super::DecodeError;
use super::{APPLICATION, FACILITY, HOSTNAME, SEVERITY, VERSION};

/// The highest priority: facility 23, severity 7 (RFC 5424 §6.2.1).
const PRIORITY_MAX: u8 = 191;
/// The longest host name (RFC 5424 §6).
const HOSTNAME_BYTES_MAX: usize = 255;
/// The longest name of a program (RFC 5424 §6; RFC 3164 §4.1.3 asks for 32).
const APPLICATION_BYTES_MAX: usize = 48;

/// Programs that often leave their process identifier out.
static PROGRAMS: &[&[u8]] = &[
    b"CRON",
    b"anacron",
    b"auditd",
    b"cron",
    b"crond",
    b"dhclient",
    b"dhcpcd",
    b"dhcpd",
    b"dnsmasq",
    b"dropbear",
    b"hostapd",
    b"init",
    b"kernel",
    b"login",
    b"logger",
    b"named",
    b"ntpd",
    b"pppd",
    b"rsyslogd",
    b"snmpd",
    b"sshd",
    b"su",
    b"sudo",
    b"syslog",
    b"syslog-ng",
    b"syslogd",
    b"systemd",
    b"telnetd",
    b"udhcpc",
    b"udhcpd",
    b"vsftpd",
    b"wpa_supplicant",
    b"xinetd",
];

/// A header, as far as it keeps to a form.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header<'a> {
    pub(super) priority: u8,
    version: Option<u8>,
    hostname: Option<&'a [u8]>,
    application: Option<&'a [u8]>,
    /// There is a timestamp where one belongs: this is no chance text.
    pub(super) dated: bool,
}

pub(super) fn decode(bytes: &[u8], messages: &mut Messages) -> Result<(), DecodeError> {
    let header = read(bytes).ok_or(DecodeError::Malformed { field: "PRI", rule: "is <0> to <191>" })?;
    let message = messages.begin("syslog", "message");
    message.number(&FACILITY, header.priority >> 3).number(&SEVERITY, header.priority & 7);
    if let Some(version) = header.version {
        message.number(&VERSION, version);
    }
    message.bytes(&HOSTNAME, header.hostname.unwrap_or_default());
    message.bytes(&APPLICATION, header.application.unwrap_or_default());
    Ok(())
}

/// Reads a header; `None` without a priority.
pub(super) fn read(bytes: &[u8]) -> Option<Header<'_>> {
    let (priority, rest) = priority(bytes)?;
    let bare = Header { priority, version: None, hostname: None, application: None, dated: false };
    Some(new_form(rest, &bare).or_else(|| old_form(rest, &bare)).unwrap_or(bare))
}

/// PRI (RFC 5424 §6.2.1): one to three digits in angle brackets.
fn priority(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let (digits, rest) = match bytes {
        [b'<', a, b'>', rest @ ..] => ([b'0', b'0', *a], rest),
        [b'<', a, b, b'>', rest @ ..] => ([b'0', *a, *b], rest),
        [b'<', a, b, c, b'>', rest @ ..] => ([*a, *b, *c], rest),
        _ => return None,
    };
    let number = std::str::from_utf8(&digits).ok().filter(|text| text.bytes().all(|b| b.is_ascii_digit()))?;
    number.parse().ok().filter(|number| *number <= PRIORITY_MAX).map(|number| (number, rest))
}

/// VERSION SP TIMESTAMP SP HOSTNAME SP APP-NAME SP (RFC 5424 §6).
fn new_form<'a>(bytes: &'a [u8], bare: &Header<'a>) -> Option<Header<'a>> {
    let (version, rest) = word(bytes);
    let [version @ b'1'..=b'9'] = version else { return None };
    let (timestamp, rest) = word(rest);
    if timestamp != b"-" && !is_iso_timestamp(timestamp) {
        return None;
    }
    let (hostname, rest) = word(rest);
    let (application, rest) = word(rest);
    // PROCID and MSGID follow, and a space: a text with fewer words is not of this form.
    let (_, rest) = word(rest);
    if word(rest).0.is_empty() {
        return None;
    }
    Some(Header {
        version: Some(version.wrapping_sub(b'0')),
        hostname: Some(hostname).filter(|name| is_hostname(name)),
        application: Some(application).filter(|name| *name != b"-" && is_application(name)),
        dated: true,
        ..*bare
    })
}

/// TIMESTAMP SP HOSTNAME SP TAG (RFC 3164 §4.1.2 and §4.1.3). Names are believed only beside a tag that cannot be
/// text: a device that leaves the header out may write a patient's name and a colon in its place.
fn old_form<'a>(bytes: &'a [u8], bare: &Header<'a>) -> Option<Header<'a>> {
    let rest = after_timestamp(bytes)?;
    let (first, rest) = word(rest);
    let (second, _) = word(rest);
    let (hostname, tag) = match (tag(first), tag(second)) {
        (Some(tag), _) => (None, Some(tag)),
        (None, Some(tag)) if is_hostname(first) => (Some(first), Some(tag)),
        (None, _) if is_address(first) => (Some(first), None),
        _ => (None, None),
    };
    Some(Header { hostname, application: tag, dated: true, ..*bare })
}

/// What follows `Mmm dd hh:mm:ss` (RFC 3164 §4.1.2), or the timestamp of RFC 5424 that some senders put there.
fn after_timestamp(bytes: &[u8]) -> Option<&[u8]> {
    const MONTHS: &[&[u8; 3]] =
        &[b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
    let (iso, rest) = word(bytes);
    if is_iso_timestamp(iso) {
        return Some(rest);
    }
    let (month, rest) = bytes.split_first_chunk::<3>()?;
    match rest {
        [b' ', b' ' | b'0'..=b'3', day, b' ', a, b, b':', c, d, b':', e, f, b' ', rest @ ..]
            if MONTHS.contains(&month) && [a, b, c, d, e, f, day].iter().all(|digit| digit.is_ascii_digit()) =>
        {
            Some(rest)
        }
        _ => None,
    }
}

/// A tag: a name with a process identifier in brackets, a well-known program's name and a colon, or the facility,
/// severity and mnemonic that Cisco devices write; and nothing else in the word.
fn tag(word: &[u8]) -> Option<&[u8]> {
    let word = word.strip_suffix(b":").or_else(|| word.ends_with(b"]").then_some(word))?;
    let Some(bracket) = word.iter().position(|byte| *byte == b'[') else {
        return (PROGRAMS.contains(&word) || is_mnemonic(word)).then_some(word);
    };
    let (name, process) = word.split_at_checked(bracket)?;
    let digits = process.strip_prefix(b"[")?.strip_suffix(b"]")?;
    let has_process = (1..=10).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    (has_process && is_application(name)).then_some(name)
}

/// `%SYS-5-CONFIG_I`: facility, severity and mnemonic in capitals.
fn is_mnemonic(word: &[u8]) -> bool {
    let Some(body) = word.strip_prefix(b"%") else { return false };
    let mut parts = body.rsplitn(3, |byte| *byte == b'-');
    let (mnemonic, severity, facility) = (parts.next(), parts.next(), parts.next());
    let capitals = |part: Option<&[u8]>| {
        part.is_some_and(|part| part.iter().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-')))
    };
    matches!(severity, Some([b'0'..=b'7'])) && capitals(mnemonic) && capitals(facility) && is_application(word)
}

fn is_application(name: &[u8]) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/' | b'%');
    (1..=APPLICATION_BYTES_MAX).contains(&name.len()) && name.iter().all(plain)
}

/// The characters of host names and addresses; `-` stands for none.
fn is_hostname(name: &[u8]) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':');
    (1..=HOSTNAME_BYTES_MAX).contains(&name.len()) && name != b"-" && name.iter().all(plain)
}

fn is_address(name: &[u8]) -> bool {
    std::str::from_utf8(name).is_ok_and(|text| text.parse::<IpAddr>().is_ok())
}

/// `2026-01-02T03:04:05` and what may follow (RFC 3339 §5.6).
fn is_iso_timestamp(word: &[u8]) -> bool {
    let form = b"dddd-dd-ddTdd:dd:dd";
    word.len() >= form.len()
        && word.iter().zip(form).all(|(got, want)| if *want == b'd' { got.is_ascii_digit() } else { got == want })
}

/// The bytes up to the next space, and those after it.
fn word(bytes: &[u8]) -> (&[u8], &[u8]) {
    let length = bytes.iter().position(|byte| *byte == b' ').unwrap_or(bytes.len());
    let (word, rest) = bytes.split_at_checked(length).unwrap_or((bytes, &[]));
    (word, rest.get(1..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &'static str) -> (Option<&'static str>, Option<&'static str>) {
        let header = read(text.as_bytes()).unwrap();
        let text = |bytes: &'static [u8]| std::str::from_utf8(bytes).unwrap();
        (header.hostname.map(text), header.application.map(text))
    }

    #[test]
    fn names_are_taken_from_headers_only() {
        assert_eq!(names("<34>Oct 11 22:14:15 mon-3 su[12]: text"), (Some("mon-3"), Some("su")));
        assert_eq!(names("<34>Oct  1 22:14:15 su: text"), (None, Some("su")));
        assert_eq!(names("<34>1 2026-01-02T03:04:05.1Z mon-3 app 7 - - text"), (Some("mon-3"), Some("app")));
        assert_eq!(names("<189>Oct 11 22:14:15 10.0.0.9 125: %SYS-5-X: text"), (Some("10.0.0.9"), None));
        assert_eq!(
            names("<189>Oct 11 22:14:15 sw-1 %LINEPROTO-5-UPDOWN: text"),
            (Some("sw-1"), Some("%LINEPROTO-5-UPDOWN"))
        );
        assert_eq!(names("<34>Oct 11 22:14:15 mon-3 kernel: text"), (Some("mon-3"), Some("kernel")));
        assert_eq!(names("<34>Oct 11 22:14:15 CANARY DOE: high pressure"), (None, None));
        assert_eq!(names("<34>Oct 11 22:14:15 DOE[bed]: high pressure"), (None, None));
        assert_eq!(names("<34>Oct 11 22:14:15 CANARY DOE admitted"), (None, None));
        assert_eq!(names("<34>CANARY DOE: admitted"), (None, None));
        assert_eq!(names("<34>1 CANARY DOE admitted today at noon"), (None, None));
    }

    #[test]
    fn a_priority_is_a_number_up_to_191() {
        for text in ["<192>x", "<>x", "<1a>x", "<+1>x", "<1234>x", "34>x"] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
        assert_eq!(read(b"<0>").unwrap().priority, 0);
    }
}

//! Heads of requests and responses: what is told of them, and how long the body is.

use httparse::{EMPTY_HEADER, Header, ParserConfig, Request, Response};
use model::{Message, Messages, Weakness};

use super::body::holds_another_message;
use super::route::{self, Media};
use super::{
    AUTHENTICATE_SCHEME, AUTHORIZATION_SCHEME, CONTENT_TYPE, COOKIE_NAME, FORWARDED, HOST, METHOD, POWERED_BY, REALM,
    SERVER, SOAP_ACTION, STATUS, USER_AGENT, agent, authorization, path,
};
use crate::protocols::ipp;

/// How many headers a head may have; Apache's limit is 100.
const HEADERS_MAX: usize = 128;
/// How many cookies' names are told.
const COOKIES_MAX: usize = 8;
/// A cookie's name beyond that is an identifier.
const COOKIE_BYTES_MAX: usize = 40;

/// Methods of IANA's registry (those of WebDAV among them), of UPnP, and of printing and remote management. What
/// stands in the place of one is told as `other`.
static METHODS: &[&str] = &[
    "GET",
    "POST",
    "HEAD",
    "PUT",
    "OPTIONS",
    "DELETE",
    "CONNECT",
    "PATCH",
    "TRACE",
    "ACL",
    "BIND",
    "CHECKIN",
    "CHECKOUT",
    "COPY",
    "LABEL",
    "LINK",
    "LOCK",
    "MERGE",
    "MKACTIVITY",
    "MKCALENDAR",
    "MKCOL",
    "MKREDIRECTREF",
    "MKWORKSPACE",
    "MOVE",
    "ORDERPATCH",
    "PRI",
    "PROPFIND",
    "PROPPATCH",
    "QUERY",
    "REBIND",
    "REPORT",
    "SEARCH",
    "UNBIND",
    "UNCHECKOUT",
    "UNLINK",
    "UNLOCK",
    "UPDATE",
    "UPDATEREDIRECTREF",
    "VERSION-CONTROL",
    "NOTIFY",
    "SUBSCRIBE",
    "UNSUBSCRIBE",
    "M-SEARCH",
    "M-POST",
    "RPC_IN_DATA",
    "RPC_OUT_DATA",
    "BITS_POST",
    "CCM_POST",
    "DESCRIBE",
    "PURGE",
];

/// What must be remembered of a request until its response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// `HEAD`: the response has no body.
    pub(super) head: bool,
    /// `CONNECT`: after success the connection is a tunnel.
    pub(super) connect: bool,
    /// A page that anyone sees first, asked for by nobody in particular: no cookie, no credentials.
    pub(super) entrance: bool,
    /// A proxy was asked: the response describes a server behind it.
    pub(super) proxy: bool,
    pub(super) basic: authorization::Basic,
    /// Credentials that whoever reads along can use again.
    pub(super) readable: bool,
}

impl Asked {
    /// Forgets what must not be taken for another request's.
    pub(super) fn forget(&mut self) {
        self.entrance = false;
        self.basic = authorization::Basic::default();
        self.readable = false;
    }
}

/// How a body ends (RFC 9112 §6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    /// After that many bytes.
    Bytes(u64),
    /// With the last chunk.
    Chunked,
    /// With the connection.
    Close,
}

/// What a response's body may tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    Nothing,
    /// An XML document that may describe the device.
    Document,
    /// A page with a title.
    Page,
    /// Attributes of a printer, or what is asked of one.
    Printing {
        is_request: bool,
    },
}

/// A response's head, as far as it matters for what follows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    /// Not the last word (1xx): the response itself is still to come.
    pub(super) interim: bool,
    /// Another protocol follows.
    pub(super) switches: bool,
    pub(super) length: Length,
    pub(super) reading: Reading,
}

/// Not a head, or a broken one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken;

/// What the headers say about the body.
#[derive(Default)]
struct Framing {
    length: Option<u64>,
    chunked: bool,
    encoded: bool,
    broken: bool,
}

impl Framing {
    fn header(&mut self, header: &Header<'_>) {
        let value = header.value.trim_ascii();
        if is(header, "content-length") {
            // A list of equal lengths is one length (RFC 9110 §8.6); anything else leaves the end unknown.
            let mut lengths = value.split(|byte| *byte == b',').map(|part| decimal(part.trim_ascii()));
            let first = lengths.next().flatten();
            let differs = self.length.is_some() && self.length != first;
            self.broken |= first.is_none() || differs || lengths.any(|other| other != first);
            self.length = first;
        } else if is(header, "transfer-encoding") {
            let last = value.rsplit(|byte| *byte == b',').next().unwrap_or_default();
            self.chunked = last.trim_ascii().eq_ignore_ascii_case(b"chunked");
            self.encoded |= value.contains(&b',');
        } else if is(header, "content-encoding") {
            self.encoded |= !value.is_empty() && !value.eq_ignore_ascii_case(b"identity");
        }
    }

    /// `otherwise` if no header says.
    const fn body(&self, otherwise: Length) -> Length {
        match self.length {
            _ if self.chunked => Length::Chunked,
            Some(length) => Length::Bytes(length),
            None => otherwise,
        }
    }
}

fn is(header: &Header<'_>, name: &str) -> bool {
    header.name.eq_ignore_ascii_case(name)
}

/// The value, unless another message begins in it: part of the stream is missing, and anything may stand there.
fn told<'a>(header: &Header<'a>) -> &'a [u8] {
    if holds_another_message(header.value) { &[] } else { header.value }
}

fn decimal(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn config() -> ParserConfig {
    // What counts is what a lenient receiver would read.
    let mut config = ParserConfig::default();
    config.allow_multiple_spaces_in_request_line_delimiters(true);
    config.allow_multiple_spaces_in_response_status_delimiters(true);
    config.allow_spaces_after_header_name_in_responses(true);
    config.allow_obsolete_multiline_headers_in_responses(true);
    config.ignore_invalid_headers_in_requests(true);
    config.ignore_invalid_headers_in_responses(true);
    config
}

/// Begins the message of a whole request's head. Returns what to remember, how long its body is, and what that may tell.
pub(super) fn request(head: &[u8], messages: &mut Messages) -> Result<(Asked, Length, Reading), Broken> {
    let mut headers = [EMPTY_HEADER; HEADERS_MAX];
    let mut request = Request::new(&mut headers);
    match config().parse_request(&mut request, head) {
        Ok(httparse::Status::Complete(_)) => {}
        Ok(httparse::Status::Partial) | Err(_) => return Err(Broken),
    }
    let (Some(method), Some(target)) = (request.method, request.path) else { return Err(Broken) };
    let target = target.as_bytes();
    let mut asked = Asked {
        head: method == "HEAD",
        connect: method == "CONNECT",
        entrance: method == "GET" && path::is_entrance(target),
        // In absolute form, a proxy is asked (RFC 9112 §3.2.2).
        proxy: method != "CONNECT" && !target.starts_with(b"/") && target != b"*",
        ..Asked::default()
    };
    let message = messages.begin("http", "request");
    let known = METHODS.iter().find(|known| **known == method).copied().unwrap_or("other");
    message.str(&METHOD, known).operated(known);
    path::tell(target, message);
    let mut framing = Framing::default();
    let mut forwarded = false;
    let mut media = Media::default();
    let mut reading = Reading::Nothing;
    for header in request.headers.iter() {
        forwarded |= request_header(header, &mut asked, message);
        if is(header, "accept") || is(header, "content-type") {
            media.note(header.value);
        }
        if is(header, "content-type") && is_printing(header.value) {
            reading = Reading::Printing { is_request: true };
        }
        framing.header(header);
    }
    if forwarded {
        message.flag(&FORWARDED, true);
    }
    if let Some(operation) = route::operation(known, target, media) {
        message.operated(operation.as_str());
    }
    if framing.broken && !framing.chunked {
        return Err(Broken);
    }
    let reading = if framing.encoded { Reading::Nothing } else { reading };
    Ok((asked, framing.body(Length::Bytes(0)), reading))
}

/// One header of a request. Returns whether it says that somebody else sent the request first.
fn request_header(header: &Header<'_>, asked: &mut Asked, message: &mut Message) -> bool {
    let value = told(header);
    match header.name.len() {
        4 if is(header, "host") => {
            // `user:password@host` is no host (RFC 9110 §7.2), yet some clients send it.
            message.bytes(&HOST, value.rsplit(|byte| *byte == b'@').next().unwrap_or_default());
        }
        10 if is(header, "user-agent") => {
            message.bytes(&USER_AGENT, agent::told(value).as_bytes());
        }
        12 if is(header, "content-type") => content_type(value, message),
        10 if is(header, "soapaction") => {
            message.bytes(&SOAP_ACTION, action(value));
        }
        13 if is(header, "authorization") => {
            let scheme = authorization::scheme(value);
            message.str(&AUTHORIZATION_SCHEME, scheme);
            if authorization::is_readable(scheme) {
                message.weak(Weakness::CleartextCredentials);
                asked.readable = true;
            }
            if scheme == "Basic" {
                asked.basic = authorization::basic(value);
            }
            asked.entrance = false;
        }
        6 if is(header, "cookie") => asked.entrance = false,
        3 if is(header, "via") => return true,
        9 if is(header, "forwarded") => return true,
        15 if is(header, "x-forwarded-for") => return true,
        _ => {}
    }
    false
}

/// The kind of a body, without its parameters: a name or a boundary says nothing about the device. The action of SOAP
/// 1.2 is one of them (RFC 3902).
fn content_type(value: &[u8], message: &mut Message) {
    const ACTION: &[u8] = b"action=";
    let kind = media_type(value);
    message.bytes(&CONTENT_TYPE, kind);
    if is_medical(kind) {
        message.weak(Weakness::CleartextMedical);
    }
    let at = value.windows(ACTION.len()).position(|window| window.eq_ignore_ascii_case(ACTION));
    if let Some(after) = at.and_then(|at| value.get(at.saturating_add(ACTION.len())..)) {
        message.bytes(&SOAP_ACTION, action(after));
    }
}

fn is_printing(value: &[u8]) -> bool {
    media_type(value).eq_ignore_ascii_case(ipp::MEDIA_TYPE.as_bytes())
}

fn media_type(value: &[u8]) -> &[u8] {
    value.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii()
}

/// An action without its quotes and its query.
fn action(value: &[u8]) -> &[u8] {
    let value = value.trim_ascii();
    let value = value.strip_prefix(b"\"").unwrap_or(value);
    value.split(|byte| matches!(byte, b'"' | b'?' | b';' | b' ')).next().unwrap_or_default()
}

/// DICOM (PS3.18 §8.7.3), FHIR (R4 §3.1.0.1.9) and HL7 v2 over HTTP.
fn is_medical(kind: &[u8]) -> bool {
    static KINDS: &[&[u8]] = &[
        b"application/dicom",
        b"application/dicom+json",
        b"application/dicom+xml",
        b"application/fhir+json",
        b"application/fhir+xml",
        b"application/json+fhir",
        b"application/xml+fhir",
        b"application/edi-hl7",
        b"application/hl7-v2",
        b"application/hl7-v2+er7",
        b"x-application/hl7-v2+er7",
    ];
    KINDS.iter().any(|known| known.eq_ignore_ascii_case(kind))
}

/// Begins the message of a whole response's head. `asked` is what the request said, if it was seen.
pub(super) fn response(
    head: &[u8],
    take_asked: impl FnOnce(u16) -> Asked,
    messages: &mut Messages,
) -> Result<Answer, Broken> {
    let mut headers = [EMPTY_HEADER; HEADERS_MAX];
    let mut response = Response::new(&mut headers);
    match config().parse_response(&mut response, head) {
        Ok(httparse::Status::Complete(_)) => {}
        Ok(httparse::Status::Partial) | Err(_) => return Err(Broken),
    }
    let Some(status) = response.code else { return Err(Broken) };
    let interim = (100..200).contains(&status) && status != 101;
    let asked = if interim { Asked::default() } else { take_asked(status) };
    let message = messages.begin("http", "response");
    message.number(&STATUS, status);
    let mut framing = Framing::default();
    let mut reading = Reading::Nothing;
    let mut forwarded = asked.proxy && status != 407;
    let mut cookies = 0_usize;
    for header in response.headers.iter() {
        forwarded |= is(header, "via");
        if is(header, "content-type") {
            reading = reading_of(header.value);
        }
        response_header(header, &mut cookies, message);
        framing.header(header);
    }
    if forwarded {
        message.flag(&FORWARDED, true);
    }
    // The sign-in with a known password counts once it was let in.
    if (200..400).contains(&status) {
        if asked.readable {
            message.weak(Weakness::CleartextCredentials);
        }
        if asked.basic.is_default {
            message.weak(Weakness::DefaultCredentials);
        }
        if asked.basic.is_empty {
            message.weak(Weakness::AnonymousAccess);
        }
    }
    let switches = status == 101 || (asked.connect && (200..300).contains(&status));
    let no_body = interim || asked.head || matches!(status, 204 | 304);
    let length = match framing.body(Length::Close) {
        _ if no_body => Length::Bytes(0),
        Length::Bytes(_) if framing.broken => Length::Close,
        length => length,
    };
    let is_told = match reading {
        Reading::Nothing => false,
        Reading::Document | Reading::Printing { .. } => (200..300).contains(&status),
        Reading::Page => status == 401 || (asked.entrance && status == 200),
    };
    // What a proxy passes on describes somebody else; what is compressed is not read.
    let is_told =
        is_told && !framing.encoded && !forwarded && !holds_another_message(head.get(1..).unwrap_or_default());
    Ok(Answer { interim, switches, length, reading: if is_told { reading } else { Reading::Nothing } })
}

/// What a body of that kind may tell.
fn reading_of(value: &[u8]) -> Reading {
    let kind = media_type(value);
    let ends_in_xml =
        kind.len() >= 3 && kind.get(kind.len().saturating_sub(3)..).is_some_and(|e| e.eq_ignore_ascii_case(b"xml"));
    if kind.eq_ignore_ascii_case(b"text/html") || kind.eq_ignore_ascii_case(b"application/xhtml+xml") {
        Reading::Page
    } else if ends_in_xml {
        Reading::Document
    } else if is_printing(value) {
        Reading::Printing { is_request: false }
    } else {
        Reading::Nothing
    }
}

fn response_header(header: &Header<'_>, cookies: &mut usize, message: &mut Message) {
    let value = told(header);
    match header.name.len() {
        6 if is(header, "server") => {
            message.bytes(&SERVER, value);
        }
        12 if is(header, "content-type") => content_type(value, message),
        12 if is(header, "x-powered-by") => {
            message.bytes(&POWERED_BY, value);
        }
        16 if is(header, "www-authenticate") => {
            let scheme = authorization::scheme(value);
            message.str(&AUTHENTICATE_SCHEME, scheme);
            // The server asks for a password that crosses the network readable.
            if authorization::is_readable(scheme) {
                message.weak(Weakness::CleartextCredentials);
            }
            message.bytes(&REALM, authorization::realm(value).unwrap_or_default());
        }
        10 if is(header, "set-cookie") && *cookies < COOKIES_MAX => {
            // Without `=`, what stands there is a value.
            let pair = value.split(|byte| *byte == b';').next().unwrap_or_default();
            let name = pair.iter().position(|byte| *byte == b'=').and_then(|end| pair.get(..end));
            if let Some(name) = name.filter(|name| name.len() <= COOKIE_BYTES_MAX) {
                *cookies = cookies.saturating_add(1);
                message.bytes(&COOKIE_NAME, name.trim_ascii());
            }
        }
        _ => {}
    }
}

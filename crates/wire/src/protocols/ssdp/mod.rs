//! Simple Service Discovery Protocol (UPnP Device Architecture 2.0 §1): who offers what, over HTTP-like datagrams.
//!
//! Read are NOTIFY (§1.2), M-SEARCH (§1.3.2) and its response (§1.3.3). Left out: the device description that
//! LOCATION points to (the `http` decoder reads it), and every header that is not listed here, among them the control
//! point's friendly name (CPFN.UPNP.ORG), which people set to their own names.

use model::{Field, Form, Message, Messages};

use super::{Carrier, DecodeError, Decoder, Input, Opening, Probe, Session, Stateless};
use crate::head::{self, headers, is};

static SERVER: Field = Field::device("server").wireshark("http.server");
static USER_AGENT: Field = Field::device("user_agent").wireshark("http.user_agent");
static LOCATION: Field = Field::site("location").wireshark("http.location");
static NOTIFICATION_TYPE: Field = Field::device("notification_type").form(Form::Token);
static NOTIFICATION_SUBTYPE: Field = Field::device("notification_subtype").form(Form::Token);
static SEARCH_TARGET: Field = Field::device("search_target").form(Form::Token);
static USN: Field = Field::device("usn").form(Form::Serial);
static STATUS: Field = Field::device("status").wireshark("http.response.code");

static FIELDS: &[&Field] =
    &[&SERVER, &USER_AGENT, &LOCATION, &NOTIFICATION_TYPE, &NOTIFICATION_SUBTYPE, &SEARCH_TARGET, &USN, &STATUS];

/// The headers that are read, and the field each one becomes.
static HEADERS: &[(&str, &Field)] = &[
    ("SERVER", &SERVER),
    ("USER-AGENT", &USER_AGENT),
    ("LOCATION", &LOCATION),
    ("NT", &NOTIFICATION_TYPE),
    ("NTS", &NOTIFICATION_SUBTYPE),
    ("ST", &SEARCH_TARGET),
    ("USN", &USN),
];

/// The protocol's entry in the list.
pub static DECODER: Ssdp = Ssdp;

/// Simple Service Discovery Protocol.
pub struct Ssdp;

impl Decoder for Ssdp {
    fn name(&self) -> &'static str {
        "ssdp"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Datagram(&[1_900])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        let Some(bytes) = opening.first() else { return Probe::No };
        let Some((start, lines)) = start_line(bytes) else { return Probe::No };
        // NOTIFY and responses are told from other HTTP over UDP by a header that SSDP's must carry.
        let telling: &[&str] = match start {
            Start::Search => return Probe::Yes,
            Start::Notify => &["NT"],
            Start::Response(_) => &["ST", "USN"],
        };
        let is_ours = headers(lines).any(|(name, _)| telling.iter().any(|wanted| is(name, wanted)));
        if is_ours { Probe::Yes } else { Probe::No }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::new(Stateless(decode))
    }
}

/// A message's first line.
#[derive(Clone, Copy)]
enum Start {
    Notify,
    Search,
    Response(u16),
}

/// The first line, and the headers after it.
fn start_line(bytes: &[u8]) -> Option<(Start, &[u8])> {
    let (line, lines) = head::start_line(bytes)?;
    let start = if line.starts_with(b"NOTIFY * HTTP/1.") {
        Start::Notify
    } else if line.starts_with(b"M-SEARCH * HTTP/1.") {
        Start::Search
    } else {
        let [_, b' ', code @ ..] = line.strip_prefix(b"HTTP/1.")? else { return None };
        let code = std::str::from_utf8(code.get(..3)?).ok()?;
        Start::Response(code.parse().ok()?)
    };
    Some((start, lines))
}

fn decode(input: &Input<'_>, messages: &mut Messages) -> Result<(), DecodeError> {
    let unknown = DecodeError::Malformed { field: "start line", rule: "NOTIFY, M-SEARCH or a response" };
    let (start, lines) = start_line(input.bytes).ok_or(unknown)?;
    let message: &mut Message = match start {
        Start::Notify => messages.begin("ssdp", "notify"),
        Start::Search => messages.begin("ssdp", "search"),
        Start::Response(status) => {
            let message = messages.begin("ssdp", "response");
            message.number(&STATUS, status);
            message
        }
    };
    for (name, value) in headers(lines) {
        if let Some((_, field)) = HEADERS.iter().find(|(header, _)| is(name, header)) {
            message.bytes(field, value);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_begins_alike_is_refused() {
        for bytes in [
            b"NOTIFY * HTTP/1.1\r\nHOST: 10.0.0.1\r\n\r\n".as_slice(),
            b"NOTIFY sip:ward@10.0.0.1 SIP/2.0\r\nNT: x\r\n\r\n",
            b"NOTIFY /event HTTP/1.1\r\nNT: upnp:event\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\nST: in the body\r\n",
            b"GET / HTTP/1.1\r\nST: x\r\n\r\n",
            b"HTTP/1.1 2",
            b"",
        ] {
            let opening = Opening { initiator: bytes, responder: &[], hinted: true };
            assert_eq!(DECODER.probe(&opening), Probe::No, "{}", String::from_utf8_lossy(bytes));
        }
    }
}

//! SIP (RFC 3261) with SDP (RFC 8866) and RTP (RFC 3550): telephones register and call.

use crate::bytes::{Bytes, noise, noise32};
use crate::frames::{Moment, Station, Tape};
use crate::talk::discovery::uuid;
use crate::tcp::{Open, Talk};

const PORT: u16 = 5060;
/// Where the voice goes: the telephone's port and the exchange's.
pub const VOICE: (u16, u16) = (16_384, 11_780);
/// Voice packets of a call that are played; a real call has fifty in a second.
const VOICE_PACKETS: u64 = 12;

/// A telephone with its number and how it calls itself (`User-Agent`).
pub struct Phone<'a> {
    /// As it shows.
    pub station: Station,
    /// As it calls itself.
    pub agent: &'a str,
    /// Its number, which is somebody's.
    pub number: &'a str,
}

/// A server that telephones register with.
pub struct Exchange<'a> {
    /// As it shows.
    pub station: Station,
    /// As it calls itself (`Server`).
    pub agent: &'a str,
}

/// Registers by UDP: refused for want of a digest, then accepted (RFC 3261 §10, §22).
pub fn register(tape: &mut Tape, at: Moment, phone: &Phone<'_>, exchange: &Exchange<'_>) {
    let sent = registration(at, phone, exchange, "UDP");
    for (index, (question, answer)) in (0_u64..).zip(sent) {
        let at = at.after_ms(index.saturating_mul(30));
        tape.udp(at, (&phone.station, PORT), (&exchange.station, PORT), question.as_bytes());
        tape.udp(at.after_ms(9), (&exchange.station, PORT), (&phone.station, PORT), answer.as_bytes());
    }
}

/// Registers by TCP and leaves the connection open; goes on with the one that is open.
pub fn register_by_tcp(
    tape: &mut Tape,
    at: Moment,
    phone: &Phone<'_>,
    exchange: &Exchange<'_>,
    open: Option<Open>,
) -> Open {
    let sent = registration(at, phone, exchange, "TCP");
    let mut talk = match open {
        Some(open) => Talk::go_on(tape, at, open),
        None => Talk::open(tape, at, &phone.station, &exchange.station, PORT),
    };
    for (question, answer) in sent {
        talk.say(question).wait_ms(7).answer(answer);
    }
    talk.leave()
}

/// Calls another telephone through the exchange, by UDP; a few packets of voice, then the end.
pub fn call(tape: &mut Tape, at: Moment, phone: &Phone<'_>, exchange: &Exchange<'_>, called: &str) {
    let (caller, server) = (&phone.station, &exchange.station);
    let ask = |method: &str, number: u32, to_tag: &str, body: &str| {
        request(at, phone, exchange, ("UDP", method, number), (called, to_tag), &[], body)
    };
    let told = |status: &str, method: &str, number: u32, body: &str| {
        response(at, phone, exchange, ("UDP", method, number), (called, status), &[], body)
    };
    let mut put = |after_ms: u64, is_answer: bool, text: String| {
        let at = at.after_ms(after_ms);
        match is_answer {
            true => tape.udp(at, (server, PORT), (caller, PORT), text.as_bytes()),
            false => tape.udp(at, (caller, PORT), (server, PORT), text.as_bytes()),
        }
    };
    put(0, false, ask("INVITE", 1, "", &description(caller, VOICE.0)));
    put(6, true, told("100 Trying", "INVITE", 1, ""));
    put(180, true, told("180 Ringing", "INVITE", 1, ""));
    put(4_200, true, told("200 OK", "INVITE", 1, &description(server, VOICE.1)));
    put(4_240, false, ask("ACK", 1, ";tag=as2a7c", ""));
    put(34_000, false, ask("BYE", 2, ";tag=as2a7c", ""));
    put(34_008, true, told("200 OK", "BYE", 2, ""));
    for packet in 0..VOICE_PACKETS {
        let at = at.after_ms(4_260).after_ms(packet.saturating_mul(20));
        tape.udp(at, (caller, VOICE.0), (server, VOICE.1), voice(packet, u32::from(caller.ip)).as_ref());
        tape.udp(at.after_ms(4), (server, VOICE.1), (caller, VOICE.0), voice(packet, u32::from(server.ip)).as_ref());
    }
}

/// Questions and answers of a registration.
fn registration(at: Moment, phone: &Phone<'_>, exchange: &Exchange<'_>, by: &str) -> [(String, String); 2] {
    let challenge = format!("WWW-Authenticate: Digest algorithm=MD5, realm=\"voice\", nonce=\"{:08x}\"", noise32(at.0));
    let digest = format!(
        "Authorization: Digest username=\"CANARYSIPUSER{}\",realm=\"voice\",nonce=\"{:08x}\",uri=\"sip:{}\",\
         response=\"CANARYSIPDIGEST\",algorithm=MD5",
        phone.number,
        noise32(at.0),
        exchange.station.ip
    );
    let ask = |number: u32, more: &[&str]| {
        request(at, phone, exchange, (by, "REGISTER", number), (phone.number, ""), more, "")
    };
    let told = |number: u32, status: &str, more: &[&str]| {
        response(at, phone, exchange, (by, "REGISTER", number), (phone.number, status), more, "")
    };
    [
        (ask(1, &["Expires: 3600"]), told(1, "401 Unauthorized", &[&challenge])),
        (ask(2, &["Expires: 3600", &digest]), told(2, "200 OK", &["Expires: 3600"])),
    ]
}

fn request(
    at: Moment,
    phone: &Phone<'_>,
    exchange: &Exchange<'_>,
    (by, method, number): (&str, &str, u32),
    (called, to_tag): (&str, &str),
    more: &[&str],
    body: &str,
) -> String {
    let server = exchange.station.ip;
    let target =
        if method == "REGISTER" { format!("sip:{server}") } else { format!("sip:CANARYSIPTO{called}@{server}") };
    let mut text = format!("{method} {target} SIP/2.0\r\n");
    text.push_str(&common(at, phone, exchange, (by, method, number), (called, to_tag)));
    text.push_str(&format!(
        "Max-Forwards: 70\r\nUser-Agent: {}\r\nContact: <sip:CANARYSIPCONTACT{}@{}:{PORT}>\r\n",
        phone.agent, phone.number, phone.station.ip
    ));
    finish(text, more, body)
}

fn response(
    at: Moment,
    phone: &Phone<'_>,
    exchange: &Exchange<'_>,
    (by, method, number): (&str, &str, u32),
    (called, status): (&str, &str),
    more: &[&str],
    body: &str,
) -> String {
    let to_tag = if status.starts_with("100") { "" } else { ";tag=as2a7c" };
    let mut text = format!("SIP/2.0 {status}\r\n");
    text.push_str(&common(at, phone, exchange, (by, method, number), (called, to_tag)));
    text.push_str(&format!("Server: {}\r\n", exchange.agent));
    if status.starts_with("200") {
        text.push_str(&format!("Contact: <sip:CANARYSIPTO{called}@{}:{PORT}>\r\n", exchange.station.ip));
    }
    finish(text, more, body)
}

/// What request and response share (RFC 3261 §8.2.6.2).
fn common(
    at: Moment,
    phone: &Phone<'_>,
    exchange: &Exchange<'_>,
    (by, method, number): (&str, &str, u32),
    (called, to_tag): (&str, &str),
) -> String {
    let (own, server) = (phone.station.ip, exchange.station.ip);
    format!(
        "Via: SIP/2.0/{by} {own}:{PORT};branch=z9hG4bK{:08x};rport\r\nFrom: \"CANARYSIPNAME NURSE\" <sip:CANARYSIPFROM{}@{server}>;tag={:08x}\r\n\
         To: <sip:CANARYSIPTO{called}@{server}>{to_tag}\r\nCall-ID: {}@{own}\r\nCSeq: {number} {method}\r\n",
        noise32(at.0 ^ u64::from(number)),
        phone.number,
        noise32(!at.0),
        uuid(at.0),
    )
}

fn finish(mut text: String, more: &[&str], body: &str) -> String {
    for line in more {
        text.push_str(&format!("{line}\r\n"));
    }
    if !body.is_empty() {
        text.push_str("Content-Type: application/sdp\r\n");
    }
    text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    text
}

fn description(station: &Station, port: u16) -> String {
    let ip = station.ip;
    format!(
        "v=0\r\no=- 20518 20518 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\nm=audio {port} RTP/AVP 8 101\r\n\
         a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n"
    )
}

/// Twenty milliseconds of G.711 (RFC 3551 §4.5.14).
fn voice(packet: u64, source: u32) -> Bytes {
    let number = u16::try_from(packet).unwrap_or(0);
    let time = u32::from(number).saturating_mul(160);
    let start = Bytes::new().raw([0x80, 8]).u16(number.saturating_add(4_000)).u32(time).u32(source);
    start.raw(noise(packet ^ u64::from(source), 160))
}

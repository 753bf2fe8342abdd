//! RTSP 1.0 (RFC 2326) with interleaved RTP: a recorder watches a camera.

use crate::bytes::{Bytes, length16, noise, noise32};
use crate::frames::{Moment, Station, Tape};
use crate::tcp::{Open, Talk};

/// Port of RTSP.
pub const PORT: u16 = 554;

/// A camera's stream.
pub struct Stream<'a> {
    /// As it stands in the address, as in `/axis-media/media.amp`.
    pub path: &'a str,
    /// What the camera calls its realm.
    pub realm: &'a str,
    /// What it calls itself (`Server`), if it does.
    pub server: &'a str,
}

/// The recorder signs in by digest and lets the stream begin; the connection stays open.
pub fn begin(
    tape: &mut Tape,
    at: Moment,
    (recorder, agent): (&Station, &str),
    camera: &Station,
    stream: &Stream<'_>,
) -> Open {
    let url = format!("rtsp://{}:{PORT}{}", camera.ip, stream.path);
    let nonce = format!("{:08x}", noise32(at.0));
    let digest = format!(
        "Authorization: Digest username=\"CANARYRTSPUSER\", realm=\"{}\", nonce=\"{nonce}\", uri=\"{url}\", response=\"CANARYRTSPDIGEST\"\r\n",
        stream.realm
    );
    let ask = |method: &str, number: u32, more: &str| {
        format!("{method} {url} RTSP/1.0\r\nCSeq: {number}\r\nUser-Agent: {agent}\r\n{more}\r\n")
    };
    let server = if stream.server.is_empty() { String::new() } else { format!("Server: {}\r\n", stream.server) };
    let tell = |status: &str, number: u32, more: &str, body: &str| {
        format!("RTSP/1.0 {status}\r\nCSeq: {number}\r\n{server}{more}\r\n{body}")
    };
    let description = format!(
        "v=0\r\no=- {} 1 IN IP4 {ip}\r\ns=Media Presentation\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n\
         a=rtpmap:96 H264/90000\r\na=control:{url}/trackID=1\r\n",
        noise32(at.0),
        ip = camera.ip
    );
    let mut talk = Talk::open(tape, at, recorder, camera, PORT);
    talk.say(ask("OPTIONS", 1, ""));
    talk.answer(tell("200 OK", 1, "Public: OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER\r\n", ""));
    talk.say(ask("DESCRIBE", 2, "Accept: application/sdp\r\n"));
    let challenge = format!("WWW-Authenticate: Digest realm=\"{}\", nonce=\"{nonce}\"\r\n", stream.realm);
    talk.answer(tell("401 Unauthorized", 2, &challenge, ""));
    talk.say(ask("DESCRIBE", 3, &format!("{digest}Accept: application/sdp\r\n")));
    let kind = format!("Content-Type: application/sdp\r\nContent-Length: {}\r\n", description.len());
    talk.wait_ms(20).answer(tell("200 OK", 3, &kind, &description));
    talk.say(ask("SETUP", 4, &format!("{digest}Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n")));
    let session = format!("Session: {:08X};timeout=60\r\n", noise32(at.0 ^ 3));
    let transport = format!("{session}Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n");
    talk.answer(tell("200 OK", 4, &transport, ""));
    talk.say(ask("PLAY", 5, &format!("{digest}{session}Range: npt=0.000-\r\n")));
    talk.answer(tell("200 OK", 5, &session, ""));
    talk.leave()
}

/// A moment of the stream: so many packets behind the channel's number (RFC 2326 §10.12).
pub fn watch(tape: &mut Tape, at: Moment, open: Open, packets: u16, turn: u64) -> Open {
    let mut talk = Talk::go_on(tape, at, open);
    let first = u16::try_from(turn.rem_euclid(0x1_0000)).unwrap_or(0).wrapping_mul(packets);
    for packet in 0..packets {
        let number = first.wrapping_add(packet);
        let time = u32::from(number).wrapping_mul(3_600);
        let start = Bytes::new().raw([0x80, 96]).u16(number).u32(time).u32(0x2a11_7c05);
        // One slice of H.264 (RFC 6184 §5.6).
        let packet = start.u8(0x41).raw(noise(at.0 ^ u64::from(packet), 1_300));
        let framed = Bytes::new().raw([b'$', 0]).u16(length16(packet.as_ref())).raw(packet);
        talk.wait_ms(40).answer(framed);
    }
    talk.leave()
}

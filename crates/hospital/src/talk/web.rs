//! HTTP/1.1 (RFC 9112) and RTSP (RFC 2326).

use crate::bytes::Bytes;
use crate::frames::{Moment, Station, Tape};
use crate::tcp::Talk;

/// Edge on Windows.
pub const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/118.0.0.0 \
    Safari/537.36 Edg/118.0.2088.46";

/// A request.
pub fn request(method: &str, path: &str, host: &str, headers: &[(&str, &str)], body: &str) -> Bytes {
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n");
    push_headers(&mut text, headers);
    if !body.is_empty() {
        push_headers(&mut text, &[("Content-Length", &body.len().to_string())]);
    }
    Bytes::new().text(&text).text("\r\n").text(body)
}

/// A response.
pub fn response(status: &str, headers: &[(&str, &str)], body: &str) -> Bytes {
    let mut text = format!("HTTP/1.1 {status}\r\n");
    push_headers(&mut text, headers);
    push_headers(&mut text, &[("Content-Length", &body.len().to_string())]);
    Bytes::new().text(&text).text("\r\n").text(body)
}

fn push_headers(text: &mut String, headers: &[(&str, &str)]) {
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
}

/// How Windows finds out whether it is online (Microsoft, "Manage connection endpoints for Windows 11 Enterprise": Network
/// Connection Status Indicator).
pub const WINDOWS_ONLINE: Probe = Probe {
    host: "www.msftconnecttest.com",
    path: "/connecttest.txt",
    agent: "Microsoft NCSI",
    answer: ("200 OK", "Microsoft Connect Test"),
};
/// How Apple's devices do on each wireless network that they join (Apple, "Use Apple products on enterprise networks").
pub const APPLE_ONLINE: Probe = Probe {
    host: "captive.apple.com",
    path: "/hotspot-detect.html",
    agent: "CaptiveNetworkSupport-443.120.1 wispr",
    answer: ("200 OK", "<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>"),
};
/// How Android does, as if it were a browser on Linux (Android Open Source Project, `NetworkMonitor`: default user agent and
/// addresses of captive portal detection).
pub const ANDROID_ONLINE: Probe = Probe {
    host: "connectivitycheck.gstatic.com",
    path: "/generate_204",
    agent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/60.0.3112.32 Safari/537.36",
    answer: ("204 No Content", ""),
};

/// What a system asks to learn whether it is online.
#[derive(Clone, Copy)]
pub struct Probe {
    /// Whom it asks.
    pub host: &'static str,
    path: &'static str,
    agent: &'static str,
    answer: (&'static str, &'static str),
}

impl Probe {
    /// Asks.
    pub fn ask(&self, tape: &mut Tape, at: Moment, from: &Station, to: &Station) {
        let (status, body) = self.answer;
        let mut talk = Talk::open(tape, at, from, to, 80);
        talk.say(request("GET", self.path, self.host, &[("User-Agent", self.agent)], ""));
        talk.wait_ms(14).answer(response(status, &[("Content-Type", "text/plain")], body)).close();
    }
}

/// One page of a device, as a browser or a program asks for it.
pub fn page(
    tape: &mut Tape,
    at: Moment,
    from: &Station,
    to: &Station,
    agent: &str,
    answer: &[(&str, &str)],
    title: &str,
) {
    let body = format!(
        "<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><p>CANARYHTTPBODY</p></body></html>\n"
    );
    let mut talk = Talk::open(tape, at, from, to, 80);
    talk.say(request("GET", "/", &to.ip.to_string(), &[("User-Agent", agent), ("Accept", "*/*")], ""));
    talk.wait_ms(9).answer(response("200 OK", &[answer, &[("Content-Type", "text/html")]].concat(), &body));
    talk.close();
}

/// A camera wants a sign-in, and gets one that anybody can read; then its pictures are asked for by RTSP.
pub fn camera(tape: &mut Tape, at: Moment, from: &Station, to: &Station, realm: &str) {
    let host = to.ip.to_string();
    let refusal = format!("Basic realm=\"{realm}\"");
    let mut talk = Talk::open(tape, at, from, to, 80);
    talk.say(request("GET", "/", &host, &[("User-Agent", EDGE)], ""));
    talk.answer(response("401 Unauthorized", &[("WWW-Authenticate", &refusal), ("Content-Type", "text/html")], ""));
    let sign_in = ("Authorization", "Basic Q0FOQVJZOkNBTkFSWQ==");
    talk.wait_ms(1_900).say(request(
        "GET",
        "/view/view.shtml?patient=CANARYHTTPQUERY",
        &host,
        &[("User-Agent", EDGE), sign_in],
        "",
    ));
    talk.answer(response(
        "200 OK",
        &[("Server", "Apache/2.4.46 (Unix)"), ("Content-Type", "text/html")],
        "<html></html>",
    ));
    talk.close();
    let url = format!("rtsp://{host}/axis-media/media.amp");
    let ask =
        |method: &str, number: u32| format!("{method} {url} RTSP/1.0\r\nCSeq: {number}\r\nUser-Agent: nvr\r\n\r\n");
    let description = format!(
        "v=0\r\no=- 1 1 IN IP4 {host}\r\ns=Session\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
    );
    let mut talk = Talk::open(tape, at.after_s(4), from, to, 554);
    talk.say(ask("OPTIONS", 1))
        .answer("RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n\r\n");
    talk.say(ask("DESCRIBE", 2)).answer(format!(
        "RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{description}",
        description.len()
    ));
    talk.say(ask("TEARDOWN", 3)).answer("RTSP/1.0 200 OK\r\nCSeq: 3\r\n\r\n");
    talk.close();
}

/// A print job crosses to port 9100 as it is (PJL): whose it is must never come out.
pub fn print(tape: &mut Tape, at: Moment, from: &Station, to: &Station, pages: usize) {
    let mut job = String::from(
        "\x1b%-12345X@PJL\r\n@PJL JOB NAME=\"CANARYPJLJOB PATIENT LETTER\"\r\n@PJL ENTER LANGUAGE=PCL\r\n",
    );
    job.push_str(&"Letter about CANARYPRINTBODY PATIENT. ".repeat(pages.saturating_mul(60)));
    job.push_str("\x1b%-12345X@PJL EOJ\r\n\x1b%-12345X");
    let mut talk = Talk::open(tape, at, from, to, 9_100);
    talk.say(&job).wait_ms(1_300);
    talk.close();
}

//! SMTP (RFC 5321) with STARTTLS (RFC 3207).

use crate::frames::{Moment, Station, Tape};
use crate::talk::tls::{self, Visit};
use crate::tcp::Talk;

/// Port of SMTP between servers and from devices.
pub const PORT: u16 = 25;

/// A device hands in what it scanned, readable for anybody.
pub fn send(tape: &mut Tape, at: Moment, from: (&Station, &str), to: &Station, banner: &str) {
    let mut talk = Talk::open(tape, at, from.0, to, PORT);
    talk.answer(format!("220 {banner}\r\n"));
    let body = "Content CANARYSMTPBODY PATIENT. ".repeat(150);
    for (command, reply) in [
        (format!("EHLO {}", from.1), "250-SIZE 36700160\r\n250-STARTTLS\r\n250 8BITMIME"),
        ("MAIL FROM:<CANARYSMTPFROM@example.org>".to_owned(), "250 2.1.0 Sender OK"),
        ("RCPT TO:<CANARYSMTPTO.NURSE@example.org>".to_owned(), "250 2.1.5 Recipient OK"),
        ("DATA".to_owned(), "354 Start mail input; end with <CRLF>.<CRLF>"),
        (format!("Subject: CANARYSMTPSUBJECT scan\r\n\r\n{body}\r\n."), "250 2.6.0 Queued mail for delivery"),
        ("QUIT".to_owned(), "221 2.0.0 Closing"),
    ] {
        talk.wait_ms(4).say(format!("{command}\r\n")).wait_ms(3).answer(format!("{reply}\r\n"));
    }
    talk.close();
}

/// A server hands on a message behind STARTTLS.
pub fn send_secured(
    tape: &mut Tape,
    at: Moment,
    from: (&Station, &str),
    to: &Station,
    banner: &str,
    visit: &Visit<'_>,
) {
    let mut talk = Talk::open(tape, at, from.0, to, PORT);
    talk.answer(format!("220 {banner}\r\n"));
    talk.say(format!("EHLO {}\r\n", from.1)).answer("250-SIZE 36700160\r\n250-STARTTLS\r\n250 8BITMIME\r\n");
    talk.say("STARTTLS\r\n").wait_ms(2).answer("220 2.0.0 SMTP server ready\r\n");
    tls::secure(&mut talk, at.0, visit);
    talk.close();
}

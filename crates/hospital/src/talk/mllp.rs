//! HL7 version 2 over a connection that stays open (HL7 v2.8.2 appendix C, MLLP): how gateways and servers of medical
//! devices report, and how each message is acknowledged.

use super::hl7::{Message, time_text};
use crate::bytes::Bytes;
use crate::frames::{Moment, Station, Tape};
use crate::tcp::{Open, Talk};

/// Between whom messages go.
#[derive(Clone, Debug)]
pub struct Ends {
    /// Who sends.
    pub from: Station,
    /// Who receives.
    pub to: Station,
    /// Where the receiver listens.
    pub port: u16,
    /// MSH-3 and MSH-4 with what separates them.
    pub sender: String,
    /// MSH-5 and MSH-6 with what separates them.
    pub receiver: String,
}

/// A connection that is opened with the first message and stays open.
pub struct Line {
    ends: Ends,
    open: Option<Open>,
    sent: u64,
    /// Until then it is busy with what was to be sent before.
    busy: Moment,
}

/// A message with its acknowledgement takes no longer.
const MESSAGE_MS: u64 = 60;

impl Line {
    /// Not opened yet.
    pub const fn new(ends: Ends) -> Self {
        Self { ends, open: None, sent: 0, busy: Moment(0) }
    }

    /// Sends messages one after the other; each waits for its acknowledgement.
    pub fn send(&mut self, tape: &mut Tape, at: Moment, messages: impl IntoIterator<Item = Message>) {
        let Ends { from, to, port, sender, receiver } = &self.ends;
        let at = at.max(self.busy);
        let mut talk = match self.open.take() {
            Some(open) => Talk::go_on(tape, at, open),
            None => Talk::open(tape, at, from, to, *port),
        };
        let time = time_text(at);
        self.busy = at;
        for message in messages {
            self.sent = self.sent.saturating_add(1);
            self.busy = self.busy.after_ms(MESSAGE_MS);
            let id = format!("{time}{:06}", self.sent);
            let Message { kind, version, rest, segments } = message;
            let head = format!("MSH|^~\\&|{sender}|{receiver}|{time}||{kind}|{id}|P|{version}{rest}\r");
            talk.say(block(&(head + &segments.concat())));
            // HL7 v2.6 §2.9.3: whoever is asked for an accept acknowledgement answers with CA.
            let code = if rest.starts_with("|||AL") { "CA" } else { "AA" };
            let trigger = kind.split('^').nth(1).unwrap_or_default();
            talk.wait_ms(6).answer(block(&format!(
                "MSH|^~\\&|{receiver}|{sender}|{time}||ACK^{trigger}^ACK|{id}A|P|{version}\rMSA|{code}|{id}\r"
            )));
            talk.wait_until(self.busy);
        }
        self.open = Some(talk.leave());
    }
}

/// Start block, text, end block.
fn block(text: &str) -> Bytes {
    Bytes::new().u8(0x0b).text(text).raw([0x1c, 0x0d])
}

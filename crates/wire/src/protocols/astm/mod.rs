//! ASTM laboratory messages: the link of ASTM E1381 / CLSI LIS01-A2 with the records of ASTM E1394 / CLSI LIS2-A2.
//!
//! The header record (H) is read: sender, receiver, processing id, version; and of result records (R) which test they
//! report, if it is one of a list (`results.rs`). Every other record (P, O, C, Q, M, S) is passed over byte by byte and never
//! kept. Records may come in frames (`STX n … ETX cc CR LF`, a record cut
//! across frames with ETB), bare, or in VT/FS or SOH/EOT blocks as some devices send them. Left out: the access password (H-4),
//! addresses, telephone and comment (H-6, H-8, H-11), and what a message is for, which the standard does not say in H.

use model::{Field, Form, Messages};

use super::{Carrier, Decoder, Direction, Input, Opening, Probe, Session, Step};

mod frames;
mod header;
mod results;

use frames::{ACK, ENQ, EOT, ETB, ETX, NAK, Record, SOH, STX, VT};

static SENDER: Field = Field::device("sender").form(Form::Identifier);
static SENDER_COMPONENT: Field = Field::device("sender_component").form(Form::Identifier);
static RECEIVER: Field = Field::site("receiver").form(Form::Designator);
static PROCESSING_ID: Field = Field::device("processing_id").form(Form::Token);
static VERSION: Field = Field::device("version").form(Form::Token);

/// A test that the message reports: a word of the decoder's list.
static TEST: Field = Field::device("test").form(Form::Fixed);

static FIELDS: &[&Field] = &[&SENDER, &SENDER_COMPONENT, &RECEIVER, &PROCESSING_ID, &VERSION, &TEST];

/// The protocol's entry in the list.
pub static DECODER: Astm = Astm;

/// ASTM E1381 and E1394.
pub struct Astm;

impl Decoder for Astm {
    fn name(&self) -> &'static str {
        "astm"
    }

    /// No port is registered: each laboratory chooses its own.
    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Stream(&[])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        // Either side may be the analyzer; the other only acknowledges. Neither may say anything else.
        match (side(opening.initiator), side(opening.responder)) {
            (Probe::No, _) | (_, Probe::No) => Probe::No,
            (Probe::Yes, _) | (_, Probe::Yes) => Probe::Yes,
            (Probe::More, Probe::More) => Probe::More,
        }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::new(Exchange::default())
    }
}

/// Both directions: analyzer and host send results and orders alike.
#[derive(Default)]
struct Exchange {
    to_responder: Side,
    to_initiator: Side,
}

/// What one side says: its bytes, and the tests of the message at hand.
#[derive(Default)]
struct Side {
    lane: frames::Lane,
    tests: results::Tests,
}

impl Exchange {
    fn side(&mut self, direction: Direction) -> &mut Side {
        match direction {
            Direction::ToResponder => &mut self.to_responder,
            Direction::ToInitiator => &mut self.to_initiator,
        }
    }
}

/// Tells the tests that a message reported.
fn tell(tests: &mut results::Tests, messages: &mut Messages) {
    let tests = tests.take();
    if !tests.is_empty() {
        let message = messages.begin("astm", "results");
        for test in tests {
            message.str(&TEST, test);
        }
    }
}

impl Session for Exchange {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let Side { lane, tests } = self.side(input.direction);
        lane.take(input.bytes, &mut |record| match record {
            Record::Header(record) => {
                tell(tests, messages);
                header::read(record, messages);
            }
            Record::Result(record) => tests.note(record),
            Record::End => tell(tests, messages),
        });
        Step::Read(input.bytes.len().max(1))
    }

    fn gap(&mut self, direction: Direction) -> bool {
        let Side { lane, tests } = self.side(direction);
        lane.lose_track();
        tests.take();
        true
    }
}

/// What the beginning of one side's words tells. Silence and control characters tell nothing yet.
fn side(bytes: &[u8]) -> Probe {
    let start = bytes.iter().position(|byte| !matches!(*byte, SOH | ENQ | ACK | NAK | EOT | VT)).unwrap_or(bytes.len());
    match bytes.get(start..).unwrap_or_default() {
        [] | [STX] | [STX, b'0'..=b'7'] => Probe::More,
        [STX, b'0'..=b'7', b'H', ..] | [STX, b'H', ..] | [b'H', ..] => {
            let record = bytes.iter().position(|byte| *byte == b'H').and_then(|at| bytes.get(at..));
            header::begins(record.unwrap_or_default())
        }
        // The capture began amid a message: only a frame whose checksum holds is believed.
        [STX, rest @ ..] => frame(rest),
        _ => Probe::No,
    }
}

/// Whether this is a frame after its STX: number, record, ETB or ETX, checksum, CR LF (LIS01-A2 §6.3).
fn frame(bytes: &[u8]) -> Probe {
    let begins_a_record = match bytes {
        [b'0'..=b'7', letter, delimiter, ..] => {
            b"PORCQLMS".contains(letter) && (delimiter.is_ascii_punctuation() || *delimiter == ETX)
        }
        [b'0'..=b'7', letter] => b"PORCQLMS".contains(letter),
        _ => false,
    };
    if !begins_a_record {
        return Probe::No;
    }
    let Some(end) = bytes.iter().position(|byte| *byte == ETX || *byte == ETB) else { return Probe::More };
    let Some((text, [terminator, trailer @ ..])) = bytes.split_at_checked(end) else { return Probe::No };
    let sum = text.iter().fold(*terminator, |sum, byte| sum.wrapping_add(*byte));
    let &[high, low, ..] = trailer else { return Probe::More };
    let written = |digit: u8| char::from(digit).to_digit(16);
    let holds = written(high).zip(written(low)) == Some((u32::from(sum >> 4), u32::from(sum & 15)));
    if holds { Probe::Yes } else { Probe::No }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe(initiator: &[u8], responder: &[u8]) -> Probe {
        DECODER.probe(&Opening { initiator, responder, hinted: false })
    }

    #[test]
    fn an_enquiry_alone_is_not_enough() {
        assert_eq!(probe(b"\x05", b""), Probe::More);
        assert_eq!(probe(b"\x05", b"\x06"), Probe::More);
        assert_eq!(probe(b"\x05\x021H|\\^", b"\x06"), Probe::More);
        assert_eq!(probe(b"\x05\x021H|\\^&", b"\x06"), Probe::More);
        assert_eq!(probe(b"\x05\x021H|\\^&|", b"\x06"), Probe::Yes);
        assert_eq!(probe(b"\x06", b"\x05\x021H|@^\\|"), Probe::Yes);
        assert_eq!(probe(b"", b"H|\\^&\r"), Probe::Yes);
        assert_eq!(probe(b"\x01H|\\^&|||A", b""), Probe::Yes);
    }

    #[test]
    fn what_only_looks_alike_is_refused() {
        // SOCKS 5, a printed slip between STX and ETX, HTTP, a header with letters for delimiters, an echo.
        for bytes in [b"\x05\x01\x00".as_slice(), b"\x0224/10/29 Na 131\x03", b"HEAD / HTTP/1.1\r\n", b"Habc|def"] {
            assert_eq!(probe(bytes, b""), Probe::No, "{bytes:?}");
        }
        assert_eq!(probe(b"H|\\^&|", b"220 ready"), Probe::No);
    }

    #[test]
    fn a_frame_from_amid_a_message_counts_if_its_checksum_holds() {
        let text = b"3L|1|N\r\x03";
        let sum = text.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
        let good = [b"\x02".as_slice(), text, format!("{sum:02X}\r\n").as_bytes()].concat();
        assert_eq!(probe(&good, b""), Probe::Yes);
        assert_eq!(probe(&good[..9], b""), Probe::More);
        let bad = [b"\x02".as_slice(), text, format!("{:02X}\r\n", sum ^ 1).as_bytes()].concat();
        assert_eq!(probe(&bad, b""), Probe::No);
    }
}

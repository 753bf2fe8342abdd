//! What analysers and their host say to each other: records of CLSI LIS02-A2 (ASTM E1394) over the link of LIS01-A2 (ASTM
//! E1381), each maker with delimiters and a header of its own, or OUL messages of HL7 over MLLP (IHE LAB-29).

use crate::bytes::Bytes;
use crate::frames::{Moment, Station, Tape};
use crate::talk::hl7::{Message, time_text};
use crate::tcp::{Open, Talk};

const STX: u8 = 2;
const ETX: u8 = 3;
const EOT: u8 = 4;
const ENQ: u8 = 5;
const ACK: u8 = 6;
const ETB: u8 = 0x17;
/// A frame's text has at most so many characters (LIS01-A2 §8.3.1).
const FRAME_BYTES_MAX: usize = 240;

/// How a maker writes.
#[derive(Clone, Copy, Debug)]
pub struct Dialect {
    /// Field, repeat, component and escape, as the header begins with them.
    pub delimiters: [char; 4],
    /// H-3.
    pub id: &'static str,
    /// H-4.
    pub password: &'static str,
    /// H-5 with `$` for the serial number, components set apart by `^`.
    pub sender: &'static str,
    /// H-10 and H-11, set apart by `|`: who is to receive it, and what it is.
    pub receiver: &'static str,
    /// H-12.
    pub processing: &'static str,
    /// H-13.
    pub version: &'static str,
    /// It says when (H-14).
    pub dated: bool,
    /// Each record has a frame of its own; else all go in frames as full as they can be.
    pub record_frames: bool,
    /// It asks the host for the orders of each sample that it reads.
    pub queries: bool,
    /// Codes of its tests, as R-3 has them.
    pub tests: &'static [&'static str],
}

/// Who dials: the analyser its host, or the host a serial device server to which the analyser is wired.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Dialler {
    /// The analyser.
    Analyser,
    /// The host.
    Host,
}

/// A line between analyser and host.
pub struct Line<'t> {
    talk: Talk<'t>,
    dialler: Dialler,
}

impl<'t> Line<'t> {
    /// Opens a line, or goes on with one that was left open.
    pub fn open(
        tape: &'t mut Tape,
        at: Moment,
        dialler: Dialler,
        [analyser, host]: [&Station; 2],
        port: u16,
        open: Option<Open>,
    ) -> Self {
        let talk = match (open, dialler) {
            (Some(open), _) => Talk::go_on(tape, at, open),
            (None, Dialler::Analyser) => Talk::open(tape, at, analyser, host, port),
            (None, Dialler::Host) => Talk::open(tape, at, host, analyser, port),
        };
        Self { talk, dialler }
    }

    /// Leaves it open.
    pub fn leave(self) -> Open {
        self.talk.leave()
    }

    fn by(&mut self, speaker: Dialler, bytes: impl AsRef<[u8]>) {
        if speaker == self.dialler {
            self.talk.say(bytes);
        } else {
            self.talk.answer(bytes);
        }
    }

    /// A message of one side, acknowledged frame by frame by the other.
    fn message(&mut self, speaker: Dialler, records: &[String], record_frames: bool) {
        let listener = if speaker == Dialler::Host { Dialler::Analyser } else { Dialler::Host };
        self.talk.wait_ms(20);
        self.by(speaker, [ENQ]);
        self.by(listener, [ACK]);
        let all = records.concat();
        let texts: Vec<&str> = if record_frames { records.iter().map(String::as_str).collect() } else { vec![&all] };
        let mut number = 0_u8;
        for text in texts {
            let last = text.len().div_ceil(FRAME_BYTES_MAX).saturating_sub(1);
            for (index, part) in text.as_bytes().chunks(FRAME_BYTES_MAX).enumerate() {
                number = number.wrapping_add(1) & 7;
                self.talk.wait_ms(15);
                self.by(speaker, frame(number, part, index == last));
                self.by(listener, [ACK]);
            }
        }
        self.by(speaker, [EOT]);
    }

    /// A sample is read, perhaps asked about, and measured.
    pub fn sample(&mut self, dialect: &Dialect, serial: &str, number: u64) {
        let head = head(dialect, serial, &time_text(self.talk.at()));
        let field = |text: &str| local(dialect, text);
        if dialect.queries {
            let asks = [head.clone(), field(&format!("Q|1|^CANARYASTMQ3-{number}||ALL||||||||O\r")), field("L|1|N\r")];
            self.message(Dialler::Analyser, &asks, dialect.record_frames);
            let mut orders = vec![
                field("H|\\^&|||HOST|||||||P|1\r"),
                field("P|1||CANARYASTMP4-1||CANARYASTMP6^PATIENT||19700101|F\r"),
            ];
            orders.push(field(&format!("O|1|CANARYASTMO3-{number}||^^^ALL|R||||||A||||SERUM\r")));
            orders.push(field("L|1|F\r"));
            self.talk.wait_ms(300);
            self.message(Dialler::Host, &orders, dialect.record_frames);
            self.talk.wait_ms(20_000);
        }
        let mut records =
            vec![head, field("P|1||CANARYASTMP4-1||CANARYASTMP6^PATIENT||19700101|F|||||CANARYASTMP14^PHYSICIAN\r")];
        records.push(field(&format!("O|1|CANARYASTMO3-{number}||^^^ALL|R||||||N||||SERUM\r")));
        for (row, test) in (1_u32..).zip(dialect.tests) {
            records
                .push(field(&format!("R|{row}|{test}|CANARYASTMR4 4.{row}|mmol/L|3.5 to 9.5|N||F||CANARYASTMR11-1\r")));
        }
        records.push(field("C|1|I|CANARYASTMC4 comment|G\r"));
        records.push(field("L|1|N\r"));
        self.message(Dialler::Analyser, &records, dialect.record_frames);
    }
}

/// The header (LIS02-A2 §6).
fn head(dialect: &Dialect, serial: &str, time: &str) -> String {
    let Dialect { id, password, receiver, processing, version, .. } = dialect;
    let sender = dialect.sender.replace('$', serial);
    let time = if dialect.dated { format!("|{time}") } else { String::new() };
    let text = format!("H|\\^&|{id}|{password}|{sender}|||||{receiver}|{processing}|{version}{time}\r");
    local(dialect, &text)
}

/// Text with a maker's own delimiters in place of the usual ones.
fn local(dialect: &Dialect, text: &str) -> String {
    let [field, repeat, component, escape] = dialect.delimiters;
    text.chars()
        .map(|letter| match letter {
            '|' => field,
            '\\' => repeat,
            '^' => component,
            '&' => escape,
            other => other,
        })
        .collect()
}

/// STX, number, text, ETB or ETX, checksum (LIS01-A2 §8.3).
fn frame(number: u8, text: &[u8], is_last: bool) -> Bytes {
    let counted = Bytes::new().u8(b'0' | number).raw(text).u8(if is_last { ETX } else { ETB });
    let sum = counted.as_ref().iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    Bytes::new().u8(STX).raw(counted).text(&format!("{sum:02X}\r\n"))
}

/// What an analyser of HL7 measured (IHE PaLM TF-2b LAB-29): OBX-18 names the machine by model, maker and serial number.
pub fn measured(equipment: &str, coding: &str, tests: &[&str], number: u64) -> Message {
    let mut segments = vec![
        format!("SPM|1|CANARYLAWSPM2-{number}&HOST||SERPLAS^^HL70487|||||||P^^HL70369\r"),
        format!("SAC|||CANARYLAWSAC3-{number}\r"),
        format!("OBR|1|\"\"||ALL^^{coding}\r"),
        format!("ORC|SC||||CM|||||||CANARYLAWORC12^PHYSICIAN^{number}\r"),
    ];
    for (row, test) in (1_u32..).zip(tests) {
        segments.push(format!(
            "OBX|{row}|NM|{test}^{test}^{coding}|1/1|CANARYLAWOBX5 4.{row}|mmol/L^^UCUM||N^^HL70078|||F|||||CANARYLAWOBX16-1||{equipment}\r"
        ));
    }
    segments.push("NTE|1|L|CANARYLAWNTE3 comment\r".to_owned());
    Message { kind: "OUL^R22^OUL_R22", version: "2.5.1", rest: "|||NE|AL||UNICODE UTF-8|||LAB-29^IHE", segments }
}

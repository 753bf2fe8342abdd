//! Line Printer Daemon protocol (RFC 1179): who prints on what, and who asks for or clears a queue.
//!
//! Left out: control files, which name people, hosts and jobs, the data, the names of files, agents, and queues' names that are
//! not those that makers of printers use.

use model::{Field, Form, Messages};

use super::{Carrier, Decoder, Direction, Input, Opening, Probe, Session, Step};

static COMMAND: Field = Field::device("command").wireshark("lpd.client_code");
static QUEUE: Field = Field::device("queue").form(Form::Fixed);

static FIELDS: &[&Field] = &[&COMMAND, &QUEUE];

/// The longest line that is read.
const LINE_BYTES_MAX: usize = 1_024;
/// Daemon commands (RFC 1179 §5).
const RECEIVE_JOB: u8 = 2;
/// What printers and print servers call their queues, before a number.
static QUEUES: &[&str] = &[
    "auto", "binary", "bin", "direct", "ipp", "lp", "lpd", "lpr", "lpt", "lpt1", "normal", "passthru", "pcl", "port",
    "pr", "print", "printer", "prn", "ps", "queue", "raw", "text",
];

/// The protocol's entry in the list.
pub static DECODER: Lpd = Lpd;

/// Line Printer Daemon.
pub struct Lpd;

impl Decoder for Lpd {
    fn name(&self) -> &'static str {
        "lpd"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Stream(&[515])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    /// On its port, a client that begins with a command and a server that answers with one byte.
    fn probe(&self, opening: &Opening<'_>) -> Probe {
        if !opening.hinted || !matches!(opening.responder, [] | [_]) {
            return Probe::No;
        }
        match opening.initiator {
            [] => Probe::More,
            [1..=5, rest @ ..] => match rest.iter().position(|byte| *byte == b'\n') {
                Some(end) if rest.iter().take(end).all(|byte| matches!(byte, b' '..=b'~')) && end > 0 => Probe::Yes,
                None if rest.len() < LINE_BYTES_MAX && rest.iter().all(|byte| matches!(byte, b' '..=b'~')) => {
                    Probe::More
                }
                _ => Probe::No,
            },
            _ => Probe::No,
        }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::<Connection>::default()
    }
}

#[derive(Default)]
struct Connection {
    /// Within a job, which has commands of its own (RFC 1179 §6).
    in_job: bool,
    /// So much of a file is still to come.
    left: usize,
}

impl Session for Connection {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        // The answers are single bytes, or queues with people's names.
        if input.direction == Direction::ToInitiator {
            return Step::Skip(u64::MAX);
        }
        if self.left > 0 {
            let read = self.left.min(input.bytes.len());
            self.left = self.left.saturating_sub(read);
            return Step::Read(read);
        }
        let Some(end) = input.bytes.iter().take(LINE_BYTES_MAX).position(|byte| *byte == b'\n') else {
            let is_too_long = input.bytes.len() >= LINE_BYTES_MAX;
            return if is_too_long { Step::Done } else { Step::Wait(input.bytes.len().saturating_add(1)) };
        };
        let line = input.bytes.get(..end).unwrap_or_default();
        let is_read = match self.in_job {
            true => self.job(line, messages),
            false => self.command(line, messages),
        };
        if is_read { Step::Read(end.saturating_add(1)) } else { Step::Done }
    }
}

impl Connection {
    /// A command to the daemon (RFC 1179 §5): its code and the queue.
    fn command(&mut self, line: &[u8], messages: &mut Messages) -> bool {
        let [code, rest @ ..] = line else { return false };
        let operation = match code {
            1 => "print_waiting_jobs",
            &RECEIVE_JOB => "receive_job",
            3 => "queue_state_short",
            4 => "queue_state_long",
            5 => "remove_jobs",
            _ => return false,
        };
        let message = messages.begin("lpd", "command").number(&COMMAND, *code).operated(operation);
        let queue = rest.split(|byte| *byte == b' ').next().unwrap_or_default();
        if is_of_a_printer(queue) {
            message.bytes(&QUEUE, queue);
        }
        self.in_job = *code == RECEIVE_JOB;
        true
    }

    /// A command within a job (RFC 1179 §6): a file of so many bytes and a nought, or the job's end.
    fn job(&mut self, line: &[u8], messages: &mut Messages) -> bool {
        let [code, rest @ ..] = line else { return false };
        let operation = match code {
            1 => "abort_job",
            2 => "receive_control_file",
            3 => "receive_data_file",
            _ => return false,
        };
        messages.begin("lpd", "job_command").number(&COMMAND, *code).operated(operation);
        if *code == 1 {
            return true;
        }
        let count =
            rest.split(|byte| *byte == b' ').next().and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok());
        // Without a length, the data end with the connection.
        self.left = count.filter(|count: &usize| *count > 0).map_or(0, |count| count.saturating_add(1));
        self.left > 0
    }
}

/// A word that makers use, with a number behind it at most, as in `lp1` and `BINARY_P1`.
fn is_of_a_printer(queue: &[u8]) -> bool {
    let Ok(queue) = std::str::from_utf8(queue) else { return false };
    let queue = queue.to_ascii_lowercase();
    let word = queue.trim_end_matches(|character: char| character.is_ascii_digit());
    let is_short = queue.len().saturating_sub(word.len()) <= 2;
    let word = word.strip_suffix("_p").or_else(|| word.strip_suffix('_')).unwrap_or(word);
    is_short && QUEUES.contains(&word)
}

//! Listening to network cards and reading captures with processes beside this one, none of which can do any harm.
//!
//! | process | holds | cannot |
//! | --- | --- | --- |
//! | this one | the batches that come out | – |
//! | `sense-card` | the ring of one card, opened before it gave up every privilege | open a file, look into a frame |
//! | `sense-decode` | two pipes | open anything at all |
//! | `sense-file` | a capture that was opened for it, and a pipe | open anything at all |
//!
//! Whoever takes over the decoder with a packet holds a pipe to say wrong things into, and nothing else. That is still much:
//! the accounting comes through it too, and the texts of fields are not judged again (`docs/platform.md`).

mod card;
mod confine;
mod decode;
mod file;
mod frames;
mod pipe;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

pub use card::run as card;
pub use decode::run as decode;
pub use file::run as file;
pub use frames::Frames;
use sensor::live::Accounting;

/// No crash of this process writes its memory to a disk, and nobody else of the same user looks into it. A kernel that refuses
/// is no reason to do nothing at all: what decodes has more than this to hold it.
pub fn leave_no_core() {
    let _ = confine::leave_no_core();
}

/// Leaves the calling thread what the decoder has, and nothing else, for good. For tests that try to break out.
pub fn confine_as_decoder() -> Result<(), crate::failure::Failure> {
    confine::to(confine::DECODER)
}

/// More is not read of what a failed process says.
const COMPLAINT_BYTES_MAX: u64 = 4_096;

/// What comes out of a card or a capture.
#[derive(Debug, PartialEq, Eq)]
pub enum Told {
    /// Observations, as [`sensor::transcript`] reads them.
    Batch(Vec<u8>),
    /// What happened to the card's frames so far.
    Accounting(Accounting),
    /// How far a capture was read.
    Reading(Reading),
}

/// How far a capture was read, and what was met.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Reading {
    /// Bytes of the file.
    pub position: u64,
    /// Frames.
    pub frames: u64,
    /// When the newest of them was captured, in nanoseconds since 1970.
    pub newest: Option<i64>,
    /// What was counted, by the name of the counter.
    pub counters: BTreeMap<String, u64>,
    /// What was damaged, in words.
    pub notes: Vec<String>,
    /// Whether the file was read to its end, or to where it is damaged.
    pub done: bool,
}

/// What is listened to, and the processes that do it. They end with it.
pub struct Sense {
    /// The one that decodes first.
    children: Vec<Child>,
    told: Receiver<io::Result<Told>>,
}

/// The card tells its accounting five times a second: whoever is silent for so long is stuck, or taken over.
const SILENCE_MAX: Duration = Duration::from_secs(10);
/// Records that wait to be heard; then the decoder waits, then the card's ring fills, which is counted.
const WAITING_MAX: usize = 64;

impl Sense {
    /// Begins to listen to a card. `program` is this program: it is started twice more.
    pub fn begin(program: &Path, card: &str) -> io::Result<Self> {
        let mut listening = start(program, &["sense-card", card], Stdio::null())?;
        let frames = listening.stdout.take().ok_or_else(|| io::Error::other("no pipe"))?;
        let decoding = start(program, &["sense-decode"], frames.into()).inspect_err(|_| {
            let _ = listening.kill();
            let _ = listening.wait();
        })?;
        Self::hearing(vec![decoding, listening])
    }

    /// Begins to decode frames that this process makes itself. `program` is this program: it is started once more.
    pub fn decode(program: &Path) -> io::Result<(Self, Frames)> {
        let mut decoding = start(program, &["sense-decode"], Stdio::piped())?;
        let frames = decoding.stdin.take().map(Frames::new).ok_or_else(|| io::Error::other("no pipe"))?;
        Ok((Self::hearing(vec![decoding])?, frames))
    }

    /// Begins to read a capture. `program` is this program: it is started once more.
    pub fn read(program: &Path, capture: File) -> io::Result<Self> {
        let size = capture.metadata()?.len().to_string();
        Self::hearing(vec![start(program, &["sense-file", &size], capture.into())?])
    }

    fn hearing(mut children: Vec<Child>) -> io::Result<Self> {
        let out = children.first_mut().and_then(|decoder| decoder.stdout.take());
        let mut from = BufReader::new(out.ok_or_else(|| io::Error::other("no pipe"))?);
        let (teller, told) = sync_channel(WAITING_MAX);
        // Ends with the pipe, or when nobody hears it any more.
        std::thread::spawn(move || {
            while let Some(record) = pipe::read(&mut from).transpose() {
                let is_last = record.is_err();
                if teller.send(record).is_err() || is_last {
                    break;
                }
            }
        });
        Ok(Self { children, told })
    }

    /// What is told next; `None` once the decoder has ended. Waits for it.
    ///
    /// # Errors
    ///
    /// The decoder says nothing for ten seconds, or what no decoder says. Both processes are ended then.
    pub fn hear(&mut self) -> io::Result<Option<Told>> {
        let told = match self.told.recv_timeout(SILENCE_MAX) {
            Ok(told) => told.map(Some),
            Err(RecvTimeoutError::Disconnected) => Ok(None),
            Err(RecvTimeoutError::Timeout) => Err(io::Error::new(io::ErrorKind::TimedOut, "the decoder says nothing")),
        };
        if told.is_err() {
            self.end();
        }
        told
    }

    fn end(&mut self) {
        for child in &mut self.children {
            // One that has ended already is what is wanted.
            let _ = child.kill();
        }
    }

    /// Lets the card go; what it has handed over is decoded and told still.
    pub fn stop(&mut self) -> io::Result<()> {
        self.children.last_mut().map_or(Ok(()), Child::kill)
    }

    /// Ends both processes; what they said if they failed by themselves, the decoder first.
    pub fn complaint(&mut self) -> Option<String> {
        self.end();
        self.children.iter_mut().find_map(|child| {
            let mut said = String::new();
            // Few words: they fit into the pipe, so that nobody waits to write them.
            let _ = child.stderr.take()?.take(COMPLAINT_BYTES_MAX).read_to_string(&mut said);
            let status = child.wait().ok()?;
            // Ended by us is no failure.
            let failed = !status.success() && status.signal() != Some(libc::SIGKILL);
            failed.then(|| if said.is_empty() { status.to_string() } else { said.trim_end().to_owned() })
        })
    }

    /// The processes' numbers, the one that decodes first.
    pub fn processes(&self) -> Vec<u32> {
        self.children.iter().map(Child::id).collect()
    }
}

impl Drop for Sense {
    fn drop(&mut self) {
        self.end();
        for child in &mut self.children {
            let _ = child.wait();
        }
    }
}

fn start(program: &Path, arguments: &[&str], input: Stdio) -> io::Result<Child> {
    let mut command = Command::new(program);
    // Ctrl-C is for Cordon alone: it lets them finish.
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.args(arguments).env_clear().stdin(input).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()
}

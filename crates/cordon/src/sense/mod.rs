//! Listening to a network card with two processes beside this one, neither of which can do any harm.
//!
//! | process | holds | cannot |
//! | --- | --- | --- |
//! | this one | the batches that come out | – |
//! | `sense-card` | the ring of one card, opened before it gave up every privilege | open a file, look into a frame |
//! | `sense-decode` | two pipes | open anything at all |
//!
//! Whoever takes over the decoder with a packet holds a pipe to say wrong things into, and nothing else: what reads the
//! batches believes none of it ([`sensor::transcript`]).

mod card;
mod confine;
mod decode;
mod pipe;

use std::io::{self, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

pub use card::run as card;
pub use decode::run as decode;
use sensor::live::Accounting;

/// Leaves the calling thread what the decoder has, and nothing else, for good. For tests that try to break out.
pub fn confine_as_decoder() -> Result<(), crate::failure::Failure> {
    confine::to(confine::DECODER)
}

/// More is not read of what a failed process says.
const COMPLAINT_BYTES_MAX: u64 = 4_096;

/// What comes out of a card.
#[derive(Debug, PartialEq, Eq)]
pub enum Told {
    /// Observations, as [`sensor::transcript`] reads them.
    Batch(Vec<u8>),
    /// What happened to the card's frames so far.
    Accounting(Accounting),
}

/// A card that is listened to, and the processes that do it. They end with it.
pub struct Sense {
    card: Child,
    decoder: Child,
    told: BufReader<ChildStdout>,
}

impl Sense {
    /// Begins to listen. `program` is this program: it is started twice more.
    pub fn begin(program: &std::path::Path, card: &str) -> io::Result<Self> {
        let start = |arguments: &[&str], input: Stdio| {
            let mut command = Command::new(program);
            command.args(arguments).env_clear().stdin(input).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()
        };
        let mut listening = start(&["sense-card", card], Stdio::null())?;
        let frames = listening.stdout.take().ok_or_else(|| io::Error::other("no pipe"))?;
        let mut decoding = match start(&["sense-decode"], frames.into()) {
            Ok(decoding) => decoding,
            Err(error) => {
                let _ = listening.kill();
                return Err(error);
            }
        };
        let told = decoding.stdout.take().ok_or_else(|| io::Error::other("no pipe"))?;
        Ok(Self { card: listening, decoder: decoding, told: BufReader::new(told) })
    }

    /// What is told next; `None` once both processes have ended. Waits for it.
    pub fn hear(&mut self) -> io::Result<Option<Told>> {
        pipe::read(&mut self.told)
    }

    /// Lets the card go; what it has handed over is decoded and told still.
    pub fn stop(&mut self) -> io::Result<()> {
        self.card.kill()
    }

    /// What the processes said before they ended, if they failed. Waits until both have ended.
    pub fn complaint(&mut self) -> Option<String> {
        [&mut self.card, &mut self.decoder].into_iter().find_map(|child| {
            let mut said = String::new();
            // Few words: they fit into the pipe, so that nobody waits to write them.
            let _ = child.stderr.take()?.take(COMPLAINT_BYTES_MAX).read_to_string(&mut said);
            let failed = child.wait().ok().filter(|status| !status.success());
            failed.map(|status| if said.is_empty() { format!("{status}\n") } else { said }.trim_end().to_owned())
        })
    }

    /// The processes' numbers: of the card's and of the decoder's.
    pub fn processes(&self) -> (u32, u32) {
        (self.card.id(), self.decoder.id())
    }
}

impl Drop for Sense {
    fn drop(&mut self) {
        for child in [&mut self.card, &mut self.decoder] {
            // One that has ended already is what is wanted.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

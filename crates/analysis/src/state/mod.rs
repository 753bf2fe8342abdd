//! What was folded, as bytes and back: a running platform keeps it every few minutes and goes on from it after a restart.
//!
//! The bytes hold everything that later observations or conclusions depend on. Rules, attributes and protocols stand in
//! them by name: what the knowledge does not say any more is left away and counted. What can be made again is left out:
//! tables to look things up, and the readings of messages. Equal states give equal bytes.

mod bytes;
mod parts;

use model::MacAddr;

use crate::baseline::Baseline;
use crate::evidence;
use crate::fold::Analysis;
use crate::inside::Network;
use crate::knowledge::Knowledge;
use crate::prefixes::Prefixes;
use crate::stations::Stations;
pub(crate) use bytes::{Reader, Writer, room};

/// What the bytes begin with; then the format (4 bytes) and the checksum (8 bytes), lowest byte first.
const MAGIC: [u8; 8] = *b"CrdnFold";
/// The format. It changes with whatever is written, so that no build takes for its own what another one meant.
const FORMAT: u32 = 1;
const HEAD_BYTES: usize = 20;

/// Why bytes give no state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// Something else was handed over.
    #[error("this is no state of Cordon: name the folder where Cordon keeps its data")]
    NotAState,
    /// Another version of Cordon wrote it.
    #[error("what was learnt was written in format {found}, and this Cordon reads format {known}")]
    Version {
        /// The format found.
        found: u32,
        /// The format that this build reads.
        known: u32,
    },
    /// Not what was written.
    #[error(
        "the state is damaged ({damage}; {left} bytes before its end): restore a backup, or remove the state to learn anew from the journal"
    )]
    Damaged {
        /// What is wrong.
        damage: Damage,
        /// How many bytes were left.
        left: usize,
    },
}

/// What is wrong with bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// They end in the middle of something.
    #[error("it is cut short")]
    Short,
    /// Something stands behind their end.
    #[error("it is too long")]
    Long,
    /// A bit was changed.
    #[error("its checksum does not fit")]
    Checksum,
    /// A number is out of its range.
    #[error("a number is out of range")]
    Number,
    /// A list is longer than this build keeps.
    #[error("a list is too long")]
    Many,
    /// A text is no UTF-8.
    #[error("a text is no text")]
    Text,
    /// A number stands for something that is not there.
    #[error("something is missing")]
    Reference,
    /// A list is not in its order.
    #[error("a list is out of order")]
    Order,
    /// Something that stands once stands twice.
    #[error("something stands twice")]
    Twice,
}

impl<'k> Analysis<'k> {
    /// Everything folded so far, as bytes for [`restore`](Self::restore).
    pub fn save(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.raw(&[0; HEAD_BYTES]);
        self.stations.save(&mut out);
        self.baseline.save(&mut out);
        evidence::save(&self.ledgers, &mut out);
        parts::save_roles(&self.roles, &mut out);
        parts::save_weaknesses(&self.weaknesses, &mut out);
        out.count(self.routers.len());
        for mac in &self.routers {
            out.mac(*mac);
        }
        out.count(self.inside.len());
        for network in &self.inside {
            out.single_text(&network.to_string());
        }
        out.number(self.weaknesses_turned_away);
        out.number(self.forgotten);
        let mut bytes = out.out;
        seal(&mut bytes);
        bytes
    }

    /// Goes on from what [`save`](Self::save) gave. `protocol` gives the name of a protocol as the decoders write it, if
    /// there is one of that name.
    ///
    /// The bytes may be any: what is read is never more than they hold. Evidence of rules that `knowledge` does not have any
    /// more, or that claim something else now, is left away and counted (see [`forgotten`](Self::forgotten)), as are flows and
    /// weaknesses of protocols that are gone.
    pub fn restore(
        knowledge: &'k Knowledge,
        prefixes: &'k Prefixes,
        protocol: impl Fn(&str) -> Option<&'static str>,
        bytes: &[u8],
    ) -> Result<Self, StateError> {
        let mut reader = Reader::new(opened(bytes)?);
        let mut analysis = Self::new(knowledge, prefixes);
        let done = analysis.read(&mut reader, &protocol);
        done.map_err(|damage| StateError::Damaged { damage, left: reader.left() })?;
        Ok(analysis)
    }

    fn read(
        &mut self,
        reader: &mut Reader<'_>,
        protocol: &impl Fn(&str) -> Option<&'static str>,
    ) -> Result<(), Damage> {
        self.stations = Stations::restore(reader)?;
        let (baseline, flows_forgotten) = Baseline::restore(reader, protocol)?;
        self.baseline = baseline;
        let mut claims = evidence::Claims::new(self.knowledge);
        self.ledgers = claims.ledgers(reader)?;
        let roles_forgotten = parts::restore_roles(&mut self.roles, self.knowledge, reader)?;
        let weaknesses_forgotten = parts::restore_weaknesses(&mut self.weaknesses, reader, protocol)?;
        let mut latest: Option<MacAddr> = None;
        for _ in 0..reader.count(usize::MAX)? {
            let mac = reader.mac()?;
            if latest.is_some_and(|latest| latest >= mac) {
                return Err(Damage::Order);
            }
            latest = Some(mac);
            self.routers.insert(mac);
        }
        for _ in 0..reader.count(usize::MAX)? {
            let network: Network = reader.single_text()?.parse().map_err(|_| Damage::Text)?;
            self.inside.push(network);
        }
        self.weaknesses_turned_away = reader.number()?;
        let forgotten = [claims.forgotten, flows_forgotten, roles_forgotten, weaknesses_forgotten].into_iter();
        self.forgotten = forgotten.fold(reader.number()?, u64::saturating_add);
        if reader.left() > 0 { Err(Damage::Long) } else { Ok(()) }
    }

    /// What restored states held that nobody can tell any more: evidence, roles, flows and weaknesses whose rules or
    /// protocols are gone.
    pub fn forgotten(&self) -> u64 {
        self.forgotten
    }
}

/// Writes the head of bytes that have room for it. For [`Analysis::save`], and for tests of bytes that nobody wrote.
#[doc(hidden)]
pub fn seal(bytes: &mut [u8]) {
    let Some((head, body)) = bytes.split_at_mut_checked(HEAD_BYTES) else { return };
    let (format, checksum) = (FORMAT.to_le_bytes(), checksum(body).to_le_bytes());
    for (place, byte) in head.iter_mut().zip(MAGIC.into_iter().chain(format).chain(checksum)) {
        *place = byte;
    }
}

/// What stands behind a head that fits.
fn opened(bytes: &[u8]) -> Result<&[u8], StateError> {
    let cut = StateError::Damaged { damage: Damage::Short, left: 0 };
    let Some(rest) = bytes.strip_prefix(&MAGIC) else {
        // What was cut within its first bytes is cut, not something else.
        return Err(if MAGIC.starts_with(bytes) { cut } else { StateError::NotAState });
    };
    let (format, rest) = rest.split_first_chunk().ok_or(cut)?;
    let found = u32::from_le_bytes(*format);
    if found != FORMAT {
        return Err(StateError::Version { found, known: FORMAT });
    }
    let (sum, body) = rest.split_first_chunk().ok_or(cut)?;
    if u64::from_le_bytes(*sum) != checksum(body) {
        return Err(StateError::Damaged { damage: Damage::Checksum, left: body.len() });
    }
    Ok(body)
}

/// Tells damage, not malice: whoever can write the file can write the sum. One word is taken at a time as FNV-1a takes
/// bytes; each step is one-to-one, so that a change within one word never goes unseen.
fn checksum(bytes: &[u8]) -> u64 {
    let step = |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(29);
    let (words, rest) = bytes.as_chunks::<8>();
    let sum = words.iter().fold(0xcbf2_9ce4_8422_2325_u64, |sum, word| step(sum, u64::from_le_bytes(*word)));
    let sum = rest.iter().fold(sum, |sum, byte| step(sum, u64::from(*byte)));
    step(sum, bytes.len() as u64)
}

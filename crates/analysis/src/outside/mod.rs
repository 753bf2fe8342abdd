//! What others say of a device beside its vulnerabilities: how long its system is maintained, which class of device it is, what was
//! recalled, what its maker declared, which parts it has.
//!
//! [`Facts`] keeps what is needed of the feeds, [`Beside`] holds it against a [`Device`] and gives what is [`Told`]: notices, weaknesses,
//! parts, permissions, each with the document it is from. Which document is about which device is decided by the comparison of
//! makers and names of [`advisories`](crate::advisories). It leaves out vulnerabilities, and what anything told is worth.
//!
//! One more source is a file with a [`Source`] and a line in [`ALL`].

mod bills;
mod classes;
mod disclosures;
mod facts;
mod lifetimes;
mod named;
mod questions;
mod recalls;
mod systems;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::Timestamp;
use model::outside::{Component, Origin};
use serde::Serialize;

pub use classes::Classified;
pub use facts::Facts;

use crate::advisories::{Makers, Profile};

/// Letters of a text of others that are told.
const TEXT_MAX: usize = 400;

/// Every source, in the order they tell: what others name before what is concluded from it.
static ALL: &[Make] = &[bills::source, disclosures::source, lifetimes::source, classes::source, recalls::source];

/// Reads whom and what the facts of one kind name.
type Make = fn(&Facts, &Makers) -> Box<dyn Source>;

/// Outside knowledge of one kind.
trait Source: Send + Sync {
    /// Adds what it says of a device.
    fn tell(&self, device: &Device<'_>, makers: &Makers, told: &mut Told);
}

/// What was seen of a device, as far as others may say something about it.
#[derive(Clone, Copy, Debug)]
pub struct Device<'a> {
    /// Maker, model, version, serial number, operating system.
    pub profile: &'a Profile,
    /// Weaknesses it showed, with where.
    pub weaknesses: &'a BTreeMap<String, String>,
    /// Ports on which it answered, with what and whom.
    pub services: &'a BTreeMap<u16, String>,
    /// Who beyond the hospital it spoke to, if it did.
    pub outwards: Option<&'a str>,
    /// Vulnerabilities that were found to be its.
    pub vulnerabilities: &'a BTreeSet<String>,
    /// The day on which it is asked.
    pub today: Timestamp,
}

/// Everything that is said of a device.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// What people should know, and what should be asked.
    pub notices: Vec<Notice>,
    /// Weaknesses by their names in `knowledge/risk.toml`, with why.
    pub weaknesses: BTreeMap<&'static str, String>,
    /// What is known of the maintenance of its operating system.
    pub maintenance: Maintenance,
    /// What the FDA says of it.
    pub classified: Option<Classified>,
    /// The software in it, by list.
    pub parts: Vec<Parts>,
    /// What its maker says can and may be done to it.
    pub permissions: Vec<Permission>,
    /// Systems that its maker says are in it, with who says so where.
    declared: Vec<(String, Cited)>,
}

/// Whether anybody mends an operating system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Maintenance {
    /// Nobody says.
    #[default]
    Unknown,
    /// One of the releases it may be is, another is not.
    Undecided,
    /// Security updates go on.
    Maintained,
    /// Security updates ended.
    Ended,
}

/// Something that people should know of a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// What it is about.
    #[serde(flatten)]
    pub kind: NoticeKind,
    /// One sentence.
    pub text: String,
    /// Where it is from.
    pub source: Cited,
    /// What should be asked, if anything.
    pub asks: Option<Ask>,
}

/// What a notice is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum NoticeKind {
    /// The maintenance of its operating system.
    Maintenance {
        /// Whether it goes on.
        state: Maintenance,
    },
    /// A recall.
    Recall {
        /// Whether this piece is recalled.
        verdict: RecallVerdict,
        /// 1 where it may kill, 3 where harm is unlikely.
        class: Option<u8>,
        /// When it began.
        began: Option<Timestamp>,
        /// Where it stands, as in `Ongoing`.
        status: Option<String>,
        /// Whether the defect is in software.
        software: bool,
        /// Whether the defect lets somebody in.
        security: bool,
    },
    /// What the maker declared is not what was seen.
    Contradiction,
    /// It answers on a port that the maker's list of ports does not have.
    UndeclaredService,
    /// What the maker declared is of another release.
    OtherRelease,
    /// What can be done about a weakness that was seen, as the maker declares.
    Remedy,
    /// Its parts may be those of a list.
    Bill,
}

/// Whether a recall is about this piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RecallVerdict {
    /// Firm, model and piece are those of the recall.
    Affected,
    /// Firm and model may be; something is not known.
    Possible,
}

/// A question, and who can answer it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Ask {
    /// Who knows.
    pub whom: Whom,
    /// What to ask.
    pub question: String,
}

/// Who can answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    /// The maker of the device.
    Maker,
    /// Who looks after it in the hospital.
    Hospital,
}

/// Where something stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Cited {
    /// Which feed, as in `mds2`.
    pub feed: String,
    /// The file that was read.
    pub file: String,
    /// Which entry, as in `Z-1234-2024` or `TXCF-2 (form!C24)`.
    pub entry: String,
    /// The date that the document states.
    pub date: Option<Timestamp>,
}

impl Cited {
    fn new(origin: &Origin, entry: impl Into<String>) -> Self {
        Self { feed: origin.feed.clone(), file: origin.file.clone(), entry: entry.into(), date: origin.date }
    }

    /// The same document, another entry.
    fn at(&self, entry: impl Into<String>) -> Self {
        Self { entry: entry.into(), ..self.clone() }
    }
}

impl std::fmt::Display for Cited {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {} in {}", self.feed, self.entry, self.file)?;
        self.date.map_or(Ok(()), |date| write!(formatter, " of {}", day(date)))
    }
}

/// The software in a device, as a list names it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Parts {
    /// What the list is of, as in `INFUSION 1.0`.
    pub of: String,
    /// The parts; one list for all devices that it is of. Digests and licences are left out.
    pub parts: Arc<Vec<Component>>,
    /// Whether the list is of the device's very version; where it is not, the device's or the list's is not known.
    pub is_of_version: bool,
    /// The list.
    pub source: Cited,
}

/// What a maker declares can, may or need be done to a device: what an action on it needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Permission {
    /// What.
    pub of: Permitted,
    /// Whether it is so.
    pub holds: bool,
    /// What the maker noted.
    pub note: Option<String>,
    /// The answer that says so.
    pub source: Cited,
}

/// Something a maker declares of what can be done to a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Permitted {
    /// Patches can be applied as they come out, whoever does it.
    Patching,
    /// The hospital may install patches itself.
    PatchingByOwner,
    /// Only the maker or who it authorises installs patches.
    PatchingByMakerOnly,
    /// Patches of others, as Microsoft's, may be installed without the maker's approval.
    PatchesOfOthers,
    /// Patches can be installed from afar.
    RemotePatching,
    /// Software against malware can be used.
    AntiMalware,
    /// The hospital may install or update software against malware itself.
    AntiMalwareByOwner,
    /// Only software on a list runs on it.
    AllowListing,
    /// All passwords can be changed.
    ChangingPasswords,
    /// Encryption on the network can be configured.
    ConfiguringEncryption,
    /// The maker can service it from afar.
    RemoteService,
}

/// All sources, ready to be asked.
pub struct Beside(Vec<Box<dyn Source>>);

impl Beside {
    /// Reads whom and what the facts name.
    pub fn new(facts: &Facts, makers: &Makers) -> Self {
        Self(ALL.iter().map(|make| make(facts, makers)).collect())
    }

    /// Everything that is said of a device. The makers are those that it was made with.
    pub fn tell(&self, device: &Device<'_>, makers: &Makers) -> Told {
        let mut told = Told::default();
        for source in &self.0 {
            source.tell(device, makers, &mut told);
        }
        told
    }
}

/// As in `2026-01-02`.
fn day(time: Timestamp) -> String {
    String::from_utf8_lossy(time.text().get(..10).unwrap_or_default()).into_owned()
}

/// The beginning of a text of others, on one line.
fn short(text: &str) -> String {
    let mut line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = line.char_indices().nth(TEXT_MAX) {
        line.truncate(end);
        line.push('…');
    }
    line
}

/// Words in small letters: letters, digits, and what stands within versions and names (`.`, `+`).
fn words(text: &str) -> Vec<String> {
    let is_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '+');
    let split = text.split(|letter: char| !is_word(letter));
    split.map(|word| word.trim_matches('.').to_lowercase()).filter(|word| !word.is_empty()).collect()
}

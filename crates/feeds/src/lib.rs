//! Outside knowledge to the words of the model.
//!
//! A file is recognised by what it holds, never by its name: [`ALL`] is asked in turn. [`read`] gives everything that one file
//! says; [`read_into`] does so one document at a time, for archives with hundreds of thousands. Either way nothing is handed
//! on from a file of which any part is broken, and the error says where it breaks and why. Files may be packed (gzip,
//! Zstandard, ZIP), within limits.

#![forbid(unsafe_code)]

mod csaf;
mod cve;
mod cyclonedx;
mod endoflife;
mod epss;
mod fda_classification;
mod fda_recall;
mod gudid;
mod json;
mod kev;
mod mds2;
mod nvd;
mod openvex;
mod outline;
mod spdx;
mod table;
mod unpack;
mod workbook;
mod written;
mod xml;

use std::fmt;
use std::sync::Arc;

use data_encoding::HEXLOWER;
use model::Timestamp;
use model::outside::{Fact, Origin, Sourced};
use sha2::{Digest, Sha256};

pub use outline::Outline;
pub use unpack::{DEPTH_MAX, MEMBER_BYTES_MAX, MEMBERS_MAX, RATIO_MAX, TOTAL_BYTES_MAX};

/// Every feed, in the order they are asked.
pub static ALL: &[&dyn Feed] = &[
    &csaf::Csaf,
    &cve::CveList,
    &cyclonedx::CycloneDx,
    &endoflife::EndOfLife,
    &epss::Epss,
    &fda_classification::Classification,
    &fda_recall::Recalls,
    &gudid::Gudid,
    &kev::Kev,
    &mds2::Mds2,
    &nvd::Nvd,
    &openvex::OpenVex,
    &spdx::Spdx,
];

/// A kind of document that can be read.
pub trait Feed: Sync {
    /// Its name, that of its folder.
    fn name(&self) -> &'static str;
    /// What it is and where it is specified, in a line.
    fn title(&self) -> &'static str;
    /// Whether a document with this outline is one.
    fn recognises(&self, outline: &Outline) -> bool;
    /// Hands on what the document says. What was handed on of a document that turns out broken is to be forgotten.
    fn read(&self, content: &Content<'_>, taker: &mut dyn Taker) -> Result<Summary, Defect>;
}

/// One document, unpacked.
pub struct Content<'a> {
    /// Its bytes, without a mark of the byte order.
    pub bytes: &'a [u8],
    /// What can be seen of it at a glance.
    pub outline: &'a Outline,
    /// The SHA-256 of its bytes in lower-case hexadecimal digits.
    pub sha256: &'a str,
}

/// Whoever takes facts.
pub trait Taker {
    /// Takes one.
    fn take(&mut self, fact: Fact);
}

impl Taker for Vec<Fact> {
    fn take(&mut self, fact: Fact) {
        self.push(fact);
    }
}

/// What there is to say about a document that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The date that it states.
    pub date: Option<Timestamp>,
    /// What was wrong with it and left out.
    pub notes: Vec<Defect>,
}

/// What is wrong, where, and by which rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {why}")]
pub struct Defect {
    /// Where.
    pub place: Place,
    /// The rule of the specification that it breaks, as in `6.1.11`, where rules have names.
    pub rule: Option<&'static str>,
    /// What is wrong.
    pub why: String,
}

/// A place in a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// Nowhere in particular.
    #[default]
    Whole,
    /// A line and column, both from 1.
    Line(usize, usize),
    /// A JSON pointer (RFC 6901).
    Pointer(String),
    /// A cell of a worksheet, or a place in an XML document, in words.
    Named(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => f.write_str("the document"),
            Self::Line(line, column) => write!(f, "line {line} column {column}"),
            Self::Pointer(pointer) if pointer.is_empty() => f.write_str("the document"),
            Self::Pointer(place) | Self::Named(place) => f.write_str(place),
        }
    }
}

impl Defect {
    fn at(pointer: impl Into<String>, why: impl Into<String>) -> Self {
        Self { place: Place::Pointer(pointer.into()), rule: None, why: why.into() }
    }

    fn whole(why: impl Into<String>) -> Self {
        Self { place: Place::Whole, rule: None, why: why.into() }
    }

    fn line(line: usize, why: impl Into<String>) -> Self {
        Self { place: Place::Line(line, 1), rule: None, why: why.into() }
    }
}

/// Why a file was not taken. Nothing of it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {defect}")]
pub struct FeedError {
    /// The file; within an archive after the archive's name, separated by `!`.
    pub file: String,
    /// As what it was read; none if it was not recognised.
    pub feed: Option<&'static str>,
    /// What is wrong.
    pub defect: Defect,
}

/// What one document says.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Which document it is.
    pub origin: Arc<Origin>,
    /// What it says.
    pub facts: Vec<Fact>,
    /// What was wrong with it and left out.
    pub notes: Vec<Defect>,
}

/// Everything that one file says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Its documents: one, or those of an archive.
    pub parts: Vec<Part>,
    /// Files of the archive that are no feed, as in a licence beside them.
    pub passed_over: usize,
}

impl Document {
    /// Every fact with its origin, in the order of the file.
    pub fn facts(&self) -> impl Iterator<Item = Sourced> + '_ {
        self.parts.iter().flat_map(|part| {
            part.facts.iter().map(|fact| Sourced { origin: Arc::clone(&part.origin), fact: fact.clone() })
        })
    }
}

/// Everything that a file says.
///
/// # Errors
///
/// If it is no feed, or if any part of it is broken.
pub fn read(name: &str, bytes: &[u8]) -> Result<Document, FeedError> {
    let mut document = Document::default();
    document.passed_over = each_part(name, bytes, &mut |part| document.parts.push(part))?;
    Ok(document)
}

/// The same one document at a time, so that memory does not grow with an archive. An archive is gone through twice, since its last
/// document may be broken. Returns how many files of the archive are no feed.
///
/// # Errors
///
/// If it is no feed, or if any part of it is broken; then no part was handed on.
pub fn read_into(name: &str, bytes: &[u8], take: &mut dyn FnMut(Part)) -> Result<usize, FeedError> {
    each_part(name, bytes, &mut |_| ())?;
    each_part(name, bytes, take)
}

fn each_part(name: &str, bytes: &[u8], take: &mut dyn FnMut(Part)) -> Result<usize, FeedError> {
    let (mut taken, mut passed_over) = (0_usize, 0_usize);
    unpack::each(name, bytes, &mut |file, bytes| {
        match part(file, bytes)? {
            Some(part) => {
                taken = taken.saturating_add(1);
                take(part);
            }
            // A licence beside the documents of an archive is no reason to refuse them.
            None => passed_over = passed_over.saturating_add(1),
        }
        Ok(())
    })?;
    if taken == 0 {
        return Err(FeedError {
            file: name.to_owned(),
            feed: None,
            defect: Defect::whole("holds no document that is known"),
        });
    }
    Ok(passed_over)
}

/// What one document says; `None` if it is none that is known.
fn part(file: &str, bytes: &[u8]) -> Result<Option<Part>, FeedError> {
    let sha256 = HEXLOWER.encode(&Sha256::digest(bytes));
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let outline = Outline::of(bytes);
    let refuse = |feed, defect| FeedError { file: file.to_owned(), feed, defect };
    let Some(feed) = ALL.iter().find(|feed| feed.recognises(&outline)) else {
        return outline.broken.clone().map_or(Ok(None), |defect| Err(refuse(None, defect)));
    };
    let mut facts = Vec::new();
    let content = Content { bytes, outline: &outline, sha256: &sha256 };
    let summary = feed.read(&content, &mut facts).map_err(|defect| refuse(Some(feed.name()), defect))?;
    let origin = Origin { feed: feed.name().to_owned(), file: file.to_owned(), sha256, date: summary.date };
    Ok(Some(Part { origin: Arc::new(origin), facts, notes: summary.notes }))
}

/// Arbitrary bytes through one feed, whether it would recognise them or not: for tests and fuzzing.
pub fn exercise(name: &str, bytes: &[u8]) {
    let outline = Outline::of(bytes);
    for feed in ALL.iter().filter(|feed| feed.name() == name) {
        feed.recognises(&outline);
        // What it makes of them is not of interest here, only that it comes to an end.
        let _ = feed.read(&Content { bytes, outline: &outline, sha256: "" }, &mut Vec::new());
    }
}

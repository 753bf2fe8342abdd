//! Where outside knowledge lies: `feeds/` in the data folder, one file of facts for each file that was taken, and an index.
//!
//! A file is written whole before the index names it, and the index replaces its predecessor in one step: whatever stops the
//! machine, what is there is what an earlier or a later command left.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::feeds::Document;
use analysis::outside::Facts;
use data_encoding::HEXLOWER;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use model::Timestamp;
use model::advisory::Advisory;
use model::outside::{CveRecord, ExploitPrediction, Fact, KnownExploited, Origin};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use crate::failure::Failure;

const FOLDER: &str = "feeds";
const INDEX: &str = "index.json";
const LOCK: &str = "lock";
/// Feeds that hold advisories.
const ADVISORY_FEEDS: [&str; 3] = ["csaf", "openvex", "cyclonedx"];

/// One file that was taken.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// What it was called.
    pub file: String,
    /// The SHA-256 of its bytes, in lower-case hexadecimal digits.
    pub sha256: String,
    /// When it was taken.
    pub taken: Timestamp,
    /// What was in it, by feed.
    pub feeds: BTreeMap<String, Share>,
}

/// What of one feed was in a file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Share {
    /// Documents.
    pub documents: u64,
    /// Entries in them.
    pub facts: u64,
    /// The newest date that one of them states.
    pub newest: Option<Timestamp>,
}

/// What there is of one feed.
#[derive(Clone, Debug, Serialize)]
pub struct FeedRow {
    /// Which feed.
    pub feed: String,
    /// Documents.
    pub documents: u64,
    /// Entries in them.
    pub facts: u64,
    /// The newest date that one of them states, in nanoseconds since 1970.
    pub newest: Option<Timestamp>,
}

/// One document as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    origin: Origin,
    facts: Vec<Fact>,
}

/// Differs whenever what lies on a shelf was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp(Option<(std::time::SystemTime, u64)>);

/// The shelf in a data folder.
pub struct Shelf {
    folder: PathBuf,
    entries: Vec<Entry>,
    known: BTreeSet<String>,
    /// Held by whoever changes it: two at once would each forget what the other took.
    _lock: Option<File>,
}

impl Shelf {
    /// What was taken so far; an empty one if nothing was.
    pub fn open(data: &Path) -> Result<Self, Failure> {
        let folder = data.join(FOLDER);
        let path = folder.join(INDEX);
        let entries: Vec<Entry> = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| {
                Failure::Failed(format!("{}: {error}: remove the folder and import anew", path.display()))
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(Failure::reading(&path, &error)),
        };
        let is_digest = |text: &str| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if let Some(entry) = entries.iter().find(|entry| !is_digest(&entry.sha256)) {
            let text = format!("{}: {} has no checksum: remove the folder and import anew", path.display(), entry.file);
            return Err(Failure::Failed(text));
        }
        let known = entries.iter().map(|entry| entry.sha256.clone()).collect();
        Ok(Self { folder, entries, known, _lock: None })
    }

    /// What was taken so far, for nobody else to change before this is dropped; waits for whoever changes it now.
    pub fn open_to_change(data: &Path) -> Result<Self, Failure> {
        let path = data.join(FOLDER).join(LOCK);
        let locked = || {
            fs::create_dir_all(data.join(FOLDER))?;
            let lock = File::create(&path)?;
            lock.lock()?;
            Ok(lock)
        };
        let lock = locked().map_err(|error: std::io::Error| Failure::writing(&path, &error))?;
        Ok(Self { _lock: Some(lock), ..Self::open(data)? })
    }

    /// Something that differs whenever what lies on the shelf in a data folder was changed.
    pub fn stamp(data: &Path) -> Stamp {
        let about = fs::metadata(data.join(FOLDER).join(INDEX)).ok();
        Stamp(about.and_then(|about| Some((about.modified().ok()?, about.len()))))
    }

    /// Whether a file was taken before.
    pub fn has(&self, bytes: &[u8]) -> bool {
        let sha256 = digest(bytes);
        self.known.contains(&sha256) && self.facts(&sha256).is_file()
    }

    /// Keeps what a file says. It counts once [`publish`](Self::publish) was called.
    pub fn add(&mut self, file: &str, bytes: &[u8], document: &Document, now: Timestamp) -> Result<(), Failure> {
        let sha256 = digest(bytes);
        let mut shares: BTreeMap<String, Share> = BTreeMap::new();
        let path = self.facts(&sha256);
        self.write(&path, |out| {
            let mut out = GzEncoder::new(out, Compression::fast());
            for part in &document.parts {
                let kept = Kept { origin: (*part.origin).clone(), facts: part.facts.clone() };
                serde_json::to_writer(&mut out, &kept)?;
                out.write_all(b"\n")?;
            }
            out.finish().map(|_| ())
        })?;
        for part in &document.parts {
            let share = shares.entry(part.origin.feed.clone()).or_default();
            share.documents = share.documents.saturating_add(1);
            share.facts = share.facts.saturating_add(super::facts_of(part) as u64);
            share.newest = share.newest.max(part.origin.date);
        }
        self.known.insert(sha256.clone());
        self.entries.retain(|entry| entry.sha256 != sha256);
        self.entries.push(Entry { file: file.to_owned(), sha256, taken: now, feeds: shares });
        Ok(())
    }

    /// Names what was added.
    pub fn publish(&self) -> Result<(), Failure> {
        self.write(&self.folder.join(INDEX), |out| serde_json::to_writer(out, &self.entries).map_err(Into::into))
    }

    /// What there is of each feed.
    pub fn by_feed(&self) -> Vec<FeedRow> {
        let mut rows: BTreeMap<&str, Share> = BTreeMap::new();
        for (feed, share) in self.entries.iter().flat_map(|entry| &entry.feeds) {
            let row = rows.entry(feed).or_default();
            row.documents = row.documents.saturating_add(share.documents);
            row.facts = row.facts.saturating_add(share.facts);
            row.newest = row.newest.max(share.newest);
        }
        let row = |(feed, Share { documents, facts, newest }): (&str, Share)| FeedRow {
            feed: feed.to_owned(),
            documents,
            facts,
            newest,
        };
        rows.into_iter().map(row).collect()
    }

    /// Everything that is said, each entry in its newest form. Of the catalogues of vulnerabilities only what is about those that
    /// advisories name: the rest is far more, and about nothing here.
    pub fn outside(&self) -> Result<Outside, Failure> {
        let mut outside = Outside::default();
        for entry in
            self.entries.iter().filter(|entry| ADVISORY_FEEDS.iter().any(|feed| entry.feeds.contains_key(*feed)))
        {
            self.each(entry, &mut |origin, fact| outside.take_advisory(origin, fact))?;
        }
        for entry in self.entries.iter().filter(|entry| entry.feeds.keys().any(|feed| Facts::comes_first(feed))) {
            self.each(entry, &mut |origin, fact| outside.beside.take(origin, fact))?;
        }
        let named: BTreeSet<String> = outside.cves().map(str::to_owned).collect();
        for entry in &self.entries {
            self.each(entry, &mut |origin, fact| match super::cve_of(&fact) {
                Some(cve) if named.contains(cve) => outside.take_record(origin, fact),
                Some(_) => {}
                None => outside.beside.take(origin, fact),
            })?;
        }
        Ok(outside)
    }

    fn each(&self, entry: &Entry, take: &mut dyn FnMut(&Arc<Origin>, Fact)) -> Result<(), Failure> {
        let path = self.facts(&entry.sha256);
        let again =
            |why: String| Failure::Failed(format!("{}: {why}: import {} once more", path.display(), entry.file));
        let file = File::open(&path).map_err(|error| again(crate::failure::said(&error)))?;
        for line in BufReader::new(GzDecoder::new(file)).lines() {
            let line = line.map_err(|error| again(crate::failure::said(&error)))?;
            let kept: Kept = serde_json::from_str(&line).map_err(|error| again(error.to_string()))?;
            let origin = Arc::new(kept.origin);
            kept.facts.into_iter().for_each(|fact| take(&origin, fact));
        }
        Ok(())
    }

    fn facts(&self, sha256: &str) -> PathBuf {
        self.folder.join(format!("{sha256}.jsonl.gz"))
    }

    /// Writes a file whole, or not at all.
    fn write(
        &self,
        path: &Path,
        fill: impl FnOnce(&mut BufWriter<&mut File>) -> std::io::Result<()>,
    ) -> Result<(), Failure> {
        let write = || {
            fs::create_dir_all(&self.folder)?;
            let mut file = NamedTempFile::new_in(&self.folder)?;
            {
                let mut out = BufWriter::new(file.as_file_mut());
                fill(&mut out)?;
                out.flush()?;
            }
            file.as_file().sync_all()?;
            file.persist(path).map_err(|error| error.error)?;
            Ok(())
        };
        write().map_err(|error: std::io::Error| Failure::writing(path, &error))
    }
}

fn digest(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// What others say, each entry in its newest form.
#[derive(Debug, Default)]
pub struct Outside {
    /// Advisories, and where they are from, in the order of their keys.
    pub advisories: Vec<(Advisory, Arc<Origin>)>,
    /// Vulnerabilities that are exploited, by number.
    pub exploited: BTreeMap<String, KnownExploited>,
    /// How likely vulnerabilities are exploited, by number.
    pub predictions: BTreeMap<String, ExploitPrediction>,
    /// What catalogues say, by number; one catalogue's entry after the other.
    pub records: BTreeMap<String, Vec<CveRecord>>,
    /// What else is said of products: lifetimes, classes, recalls, disclosures, parts.
    pub beside: Facts,
    places: BTreeMap<String, usize>,
    dates: BTreeMap<String, Option<Timestamp>>,
}

impl Outside {
    /// Every vulnerability that an advisory names.
    pub fn cves(&self) -> impl Iterator<Item = &str> {
        self.advisories.iter().flat_map(|(advisory, _)| &advisory.vulnerabilities).filter_map(|one| one.cve.as_deref())
    }

    fn take_advisory(&mut self, origin: &Arc<Origin>, fact: Fact) {
        let key = fact.key();
        let Fact::Advisory(advisory) = fact else { return };
        match self.places.get(&key).and_then(|place| self.advisories.get_mut(*place)) {
            Some(known) if known.0.current_release < advisory.current_release => {
                *known = (*advisory, Arc::clone(origin))
            }
            Some(_) => {}
            None => {
                self.places.insert(key, self.advisories.len());
                self.advisories.push((*advisory, Arc::clone(origin)));
            }
        }
    }

    fn take_record(&mut self, origin: &Arc<Origin>, fact: Fact) {
        let key = fact.key();
        if self.dates.get(&key).is_some_and(|known| *known > origin.date) {
            return;
        }
        self.dates.insert(key, origin.date);
        match fact {
            Fact::KnownExploited(entry) => {
                self.exploited.insert(entry.cve.clone(), entry);
            }
            Fact::ExploitPrediction(prediction) => {
                self.predictions.insert(prediction.cve.clone(), prediction);
            }
            Fact::CveRecord(record) => {
                let records = self.records.entry(record.cve.clone()).or_default();
                records.retain(|known| known.catalogue != record.catalogue);
                records.push(*record);
            }
            _ => {}
        }
    }
}

//! `cordon feeds`: outside knowledge comes in as files, and stays in the data folder.

mod shelf;

use std::fs;
use std::path::{Path, PathBuf};

use ::feeds::Part;
use model::Timestamp;
use model::outside::Fact;
use serde::Serialize;

use crate::arguments::{Feeds, FeedsCommand, Format};
use crate::failure::{Failure, said};
use crate::folder;
use crate::progress::Progress;
use crate::terminal::{Column, Terminal, table};
use crate::words::{count, printable, thousands};

pub use shelf::{Entry, FeedRow, Outside, Shelf, Stamp};

/// What helps where nothing can be printed.
const PRINTING: &str = "print to a terminal, or to a disk with free space";
/// Files taken by one command.
const FILES_MAX: usize = 1_000_000;
/// Folders within folders.
const DEPTH_MAX: usize = 32;
/// The largest file that is taken.
const FILE_BYTES_MAX: u64 = 2 << 30;
/// After so many files what was taken counts, whatever comes then.
const PUBLISH_EVERY: u64 = 50;
/// Notes of one file that are printed; the rest is counted.
const NOTES_SHOWN: usize = 3;
/// Notes of one file that are told to programs.
const NOTES_TOLD: usize = 20;
const DAY_NANOSECONDS: i64 = 86_400_000_000_000;

/// Runs the command.
pub fn run(arguments: &Feeds) -> Result<(), Failure> {
    let data = folder::data(arguments.data.as_deref())?;
    match &arguments.command {
        FeedsCommand::Import { files } => import(&data, files),
        FeedsCommand::Status { format } => status(&data, *format),
    }
}

/// Takes files, one after the other. One that is refused keeps none of the others out.
fn import(data: &Path, named: &[PathBuf]) -> Result<(), Failure> {
    let mut shelf = Shelf::open_to_change(data)?;
    let mut files = Vec::new();
    for path in named {
        gather(path, &mut files, 0)?;
    }
    let progress = Progress::parts(files.len() as u64, "files");
    let (mut taken, mut known, mut refused) = (0_u64, 0_u64, 0_u64);
    for (number, file) in files.iter().enumerate() {
        progress.at(number as u64);
        let bytes = match read(file) {
            Ok(bytes) => bytes,
            Err(why) => {
                refused = refused.saturating_add(1);
                crate::say(&format!("Refused: {}: {why}", file.display()));
                continue;
            }
        };
        let name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        match put(&mut shelf, &name, &bytes)? {
            Put::Known => known = known.saturating_add(1),
            Put::Taken(notes) => {
                if taken.checked_rem(PUBLISH_EVERY) == Some(0) {
                    shelf.publish()?;
                }
                taken = taken.saturating_add(1);
                say_notes(file, &notes);
            }
            Put::Refused(why) => {
                refused = refused.saturating_add(1);
                crate::say(&format!("Refused: {}: {}", file.display(), printable(&why)));
            }
        }
    }
    progress.end();
    shelf.publish()?;
    let mut said = format!("{} taken", count(taken, "file", "files"));
    if known > 0 {
        said += &format!(", {} known already", thousands(known));
    }
    said += ".\n";
    crate::print(&said, PRINTING)?;
    match refused {
        0 => Ok(()),
        _ => Err(Failure::Failed(format!(
            "{} refused: nothing of what is named above was taken; get it anew, or leave it out",
            count(refused, "file was", "files were")
        ))),
    }
}

/// What became of a file.
enum Put {
    /// It was taken, but for what these notes name.
    Taken(Vec<String>),
    /// It was there already.
    Known,
    /// Nothing of it was taken, and why.
    Refused(String),
}

fn put(shelf: &mut Shelf, name: &str, bytes: &[u8]) -> Result<Put, Failure> {
    if shelf.has(bytes) {
        return Ok(Put::Known);
    }
    match ::feeds::read(name, bytes) {
        Ok(document) => {
            shelf.add(name, bytes, &document, crate::clock::now())?;
            Ok(Put::Taken(document.parts.iter().flat_map(|part| part.notes.iter().map(defect)).collect()))
        }
        Err(error) => Ok(Put::Refused(defect(&error.defect))),
    }
}

/// What became of one file that somebody brought.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Brought {
    /// Whether it was there already.
    pub known: bool,
    /// What of it was left out, the first notes.
    pub notes: Vec<String>,
}

/// Takes one file into a data folder; `Err` inside says why nothing of it was taken.
pub fn bring(data: &Path, name: &str, bytes: &[u8]) -> Result<Result<Brought, String>, Failure> {
    let mut shelf = Shelf::open_to_change(data)?;
    Ok(match put(&mut shelf, name, bytes)? {
        Put::Taken(mut notes) => {
            shelf.publish()?;
            notes.truncate(NOTES_TOLD);
            Ok(Brought { known: false, notes })
        }
        Put::Known => Ok(Brought { known: true, notes: Vec::new() }),
        Put::Refused(why) => Err(why),
    })
}

/// A file as it is, if it is one and not too large.
fn read(file: &Path) -> Result<Vec<u8>, String> {
    // What follows a link to nowhere, or waits for somebody to write, is no file to take.
    let about = fs::metadata(file).map_err(|error| said(&error))?;
    if !about.is_file() {
        return Err("is no file".to_owned());
    }
    if about.len() > FILE_BYTES_MAX {
        return Err(format!("is larger than {} MiB: split it", FILE_BYTES_MAX >> 20));
    }
    fs::read(file).map_err(|error| said(&error))
}

/// A file stands for itself, a folder for all files in it. Links to folders are not followed: they may lead back.
fn gather(path: &Path, files: &mut Vec<PathBuf>, depth: usize) -> Result<(), Failure> {
    if files.len() >= FILES_MAX || depth > DEPTH_MAX {
        let most = format!("{} files, {DEPTH_MAX} folders deep", thousands(FILES_MAX as u64));
        return Err(Failure::Wrong(format!("{}: more than {most}: name fewer", path.display())));
    }
    let is_folder = path.is_dir() && (depth == 0 || !path.is_symlink());
    if !is_folder {
        files.push(path.to_owned());
        return Ok(());
    }
    let entries = fs::read_dir(path).map_err(|error| Failure::reading(path, &error))?;
    let mut inside = Vec::new();
    for entry in entries {
        inside.push(entry.map_err(|error| Failure::reading(path, &error))?.path());
    }
    inside.sort();
    inside.iter().try_for_each(|path| gather(path, files, depth.saturating_add(1)))
}

/// What was left out of a file that was taken.
fn say_notes(file: &Path, notes: &[String]) {
    for note in notes.iter().take(NOTES_SHOWN) {
        crate::say(&format!("Note: {}: left out: {}", file.display(), printable(note)));
    }
    let more = notes.len().saturating_sub(NOTES_SHOWN);
    if more > 0 {
        crate::say(&format!("Note: {}: and {more} more left out", file.display()));
    }
}

/// What is wrong, where, and by which rule.
fn defect(defect: &::feeds::Defect) -> String {
    match defect.rule {
        Some(rule) => format!("{defect} (rule {rule})"),
        None => defect.to_string(),
    }
}

/// How old what of a feed may be, in days: who publishes daily is stale after a week, registers after a year.
fn stale_after_days(feed: &str) -> i64 {
    match feed {
        "kev" | "epss" => 7,
        "csaf" | "cve" | "nvd" => 30,
        _ => 365,
    }
}

/// What there is of one feed, and whether it is old.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FeedState {
    /// Which feed.
    pub feed: String,
    /// What it is.
    #[schema(value_type = String)]
    pub title: &'static str,
    /// Documents.
    pub documents: u64,
    /// Entries in them.
    pub facts: u64,
    /// The newest date that one of them states.
    #[schema(value_type = Option<String>)]
    pub newest: Option<Timestamp>,
    /// Days since then; below 0 where it lies in the future.
    pub age_days: Option<i64>,
    /// Whether it is older than such a feed ought to be, or from the future.
    pub is_stale: bool,
}

/// What there is of each feed in a data folder.
pub fn states(data: &Path, now: Timestamp) -> Result<Vec<FeedState>, Failure> {
    let rows = Shelf::open(data)?.by_feed();
    let state = |row: FeedRow| {
        let age = row.newest.map(|newest| now.0.saturating_sub(newest.0).div_euclid(DAY_NANOSECONDS));
        let title = ::feeds::ALL.iter().find(|feed| feed.name() == row.feed).map_or("", |feed| feed.title());
        let is_stale = age.is_some_and(|age| age < 0 || age > stale_after_days(&row.feed));
        let FeedRow { feed, documents, facts, newest } = row;
        FeedState { feed, title, documents, facts, newest, age_days: age, is_stale }
    };
    Ok(rows.into_iter().map(state).collect())
}

fn status(data: &Path, format: Format) -> Result<(), Failure> {
    let rows = states(data, crate::clock::now())?;
    if format == Format::Json {
        let text = serde_json::to_string_pretty(&rows).map_err(|error| Failure::Failed(error.to_string()))?;
        return crate::print(&format!("{text}\n"), PRINTING);
    }
    if rows.is_empty() {
        let hint = "No outside knowledge yet. Take some: cordon feeds import advisories/ known_exploited_vulnerabilities.json\n";
        return crate::print(hint, PRINTING);
    }
    let day = |time: Option<Timestamp>| {
        time.map_or("–".to_owned(), |time| {
            String::from_utf8_lossy(time.text().get(..10).unwrap_or_default()).into_owned()
        })
    };
    let cells = rows.iter().map(|row| {
        vec![
            row.feed.clone(),
            thousands(row.documents),
            thousands(row.facts),
            day(row.newest),
            match row.age_days {
                Some(age) if age < 0 => "in the future".to_owned(),
                Some(age) => count(age.unsigned_abs(), "day", "days"),
                None => "–".to_owned(),
            },
            if row.is_stale { "stale" } else { "" }.to_owned(),
        ]
    });
    let columns = [
        Column::text("Feed", 8, 24, 0),
        Column::number("Documents", 0),
        Column::number("Facts", 0),
        Column::text("Newest", 10, 10, 0),
        Column::number("Age", 0),
        Column::text("", 5, 5, 0),
    ];
    let cells: Vec<Vec<String>> = cells.collect();
    crate::print(&table(Terminal::of_output(), &columns, &cells, Some(5)), PRINTING)
}

/// How many facts of a document there are.
fn facts_of(part: &Part) -> usize {
    part.facts.len()
}

/// The number of a vulnerability that a fact is about, if it is about one.
pub(crate) fn cve_of(fact: &Fact) -> Option<&str> {
    match fact {
        Fact::KnownExploited(entry) => Some(&entry.cve),
        Fact::ExploitPrediction(prediction) => Some(&prediction.cve),
        Fact::CveRecord(record) => Some(&record.cve),
        _ => None,
    }
}

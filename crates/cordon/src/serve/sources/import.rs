//! Captures that are imported, one after the other, while cards are heard.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use store::StoreError;

use super::{SourceKind, Status};
use crate::sense::{Sense, Told};
use crate::serve::app::App;
use crate::serve::clock;
use crate::serve::events::Event;
use crate::serve::keeper::{Keeper, Kept};

const KIND: &str = "import";
/// Imports that are remembered; the oldest finished ones go first.
const IMPORTS_MAX: usize = 1_000;

/// A capture that is, was, or will be imported.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Import {
    /// Identifier.
    pub id: String,
    /// The name of the file.
    pub name: String,
    /// How far it is.
    pub state: Status,
    /// Bytes of the file.
    pub bytes: u64,
    /// Bytes that were read.
    pub read: u64,
    /// Frames that were read.
    pub frames: u64,
    /// What has to be known of it, in words.
    pub note: Option<String>,
    /// Who brought it.
    pub by: String,
    /// When it was brought, RFC 3339.
    pub started: String,
    /// When it was done, RFC 3339.
    pub ended: Option<String>,
    /// Where it lies, and whether it is ours to remove.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(ignore)]
    pub(in crate::serve) file: Option<(PathBuf, bool)>,
}

/// All imports.
pub struct Imports {
    keeper: Keeper,
    all: Mutex<BTreeMap<String, Import>>,
    waiting: Condvar,
}

impl Imports {
    /// Those that the store knows. What was being read when Cordon stopped is in as far as it was read.
    pub fn load(keeper: Keeper) -> Result<Self, StoreError> {
        let mut all: BTreeMap<String, Import> = keeper.load(KIND)?;
        for import in all.values_mut().filter(|import| import.state == Status::Reading) {
            import.state = Status::Failed;
            import.ended = Some(clock::now().to_string());
            import.note = Some("Cordon was stopped while it was read: what was read until then is in".to_owned());
            keeper.keep_quietly(&[Kept::put(KIND, &import.id, import)])?;
        }
        Ok(Self { keeper, all: Mutex::new(all), waiting: Condvar::new() })
    }

    /// Every import, the newest first.
    pub fn all(&self) -> Vec<Import> {
        self.lock().values().rev().map(without_file).collect()
    }

    /// The import of that identifier.
    pub fn get(&self, id: &str) -> Option<Import> {
        self.lock().get(id).map(without_file)
    }

    /// Whether a file of that name and size is in, or will be.
    pub fn has(&self, name: &str, bytes: u64) -> bool {
        let is_it = |import: &Import| import.name == name && import.bytes == bytes && import.state != Status::Failed;
        self.lock().values().any(is_it)
    }

    /// How many wait for their turn.
    pub fn waiting(&self) -> usize {
        self.lock().values().filter(|import| import.state == Status::Waiting).count()
    }

    /// Adds a file. `ours` is removed when it was read.
    pub fn add(&self, name: &str, path: &Path, ours: bool, by: &str) -> Result<Import, StoreError> {
        let bytes = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
        let mut all = self.lock();
        let last = all.keys().next_back().and_then(|id| id.parse::<u64>().ok()).unwrap_or(0);
        let import = Import {
            id: format!("{:08}", last.saturating_add(1)),
            name: name.to_owned(),
            state: Status::Waiting,
            bytes,
            read: 0,
            frames: 0,
            note: None,
            by: by.to_owned(),
            started: clock::now().to_string(),
            ended: None,
            file: Some((path.to_owned(), ours)),
        };
        self.keeper.keep(&[Kept::put(KIND, &import.id, &import)], by, &format!("imported {name}"))?;
        all.insert(import.id.clone(), import.clone());
        if all.len() > IMPORTS_MAX
            && let Some(oldest) = all.values().find(|import| import.ended.is_some()).map(|import| import.id.clone())
        {
            self.keeper.keep_quietly(&[Kept::remove(KIND, &oldest)])?;
            all.remove(&oldest);
        }
        self.waiting.notify_all();
        Ok(without_file(&import))
    }

    /// Reads one after the other until the platform is stopped.
    pub fn work(&self, app: &App, program: &Path) {
        while !app.stop.is_set() {
            let Some(mut import) = self.next() else { continue };
            let done = read(app, program, &mut import, self);
            import.ended = Some(clock::now().to_string());
            match done {
                Ok(()) => import.state = Status::Done,
                Err(problem) => (import.state, import.note) = (Status::Failed, Some(problem)),
            }
            if app.stop.is_set() && import.state == Status::Failed {
                // Told at the next start.
                return;
            }
            let file = import.file.take();
            self.tell(app, &import);
            let _ = self.keeper.keep_quietly(&[Kept::put(KIND, &import.id, &import)]);
            if let Some((path, true)) = file {
                let _ = std::fs::remove_file(path);
            }
        }
    }

    /// The next that waits; now and then nothing, so that a stop is noticed.
    fn next(&self) -> Option<Import> {
        let mut all = self.lock();
        if let Some(import) = all.values_mut().find(|import| import.state == Status::Waiting) {
            import.state = Status::Reading;
            let import = import.clone();
            let _ = self.keeper.keep_quietly(&[Kept::put(KIND, &import.id, &import)]);
            return Some(import);
        }
        let _ = self.waiting.wait_timeout(all, Duration::from_millis(200));
        None
    }

    fn tell(&self, app: &App, import: &Import) {
        self.lock().insert(import.id.clone(), import.clone());
        app.events.tell(Event::Import(Box::new(without_file(import))));
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Import>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where a file lies is nobody's business.
fn without_file(import: &Import) -> Import {
    Import { file: None, ..import.clone() }
}

fn read(app: &App, program: &Path, import: &mut Import, imports: &Imports) -> Result<(), String> {
    let Some((path, _)) = import.file.clone() else { return Err("the file is gone".to_owned()) };
    let file = File::open(&path).map_err(|error| crate::failure::said(&error))?;
    let number = app.sources.begin(&import.name, SourceKind::File).map_err(|error| error.to_string())?;
    let done = heard(app, program, import, imports, file, number);
    let note = match &done {
        Err(problem) => Some(problem.clone()),
        Ok(()) => import.note.clone(),
    };
    let status = if done.is_ok() { Status::Done } else { Status::Failed };
    app.sources.tell(number, status, |figures| figures.note = note);
    let _ = app.sources.keep(number);
    done
}

fn heard(
    app: &App,
    program: &Path,
    import: &mut Import,
    imports: &Imports,
    file: File,
    number: u32,
) -> Result<(), String> {
    let mut sense = Sense::read(program, file).map_err(|error| error.to_string())?;
    let mut is_done = false;
    loop {
        match sense.hear() {
            Ok(Some(Told::Batch(batch))) => app.journal.append(number, &batch).map_err(|error| error.to_string())?,
            Ok(Some(Told::Reading(reading))) => {
                (import.read, import.frames, is_done) = (reading.position, reading.frames, reading.done);
                import.note = reading.notes.first().map(|note| crate::words::printable(note));
                app.sources.tell(number, Status::Reading, |figures| {
                    (figures.frames, figures.bytes) = (reading.frames, reading.position);
                    figures.newest = reading.newest;
                    figures.counters = reading.counters;
                });
                imports.tell(app, import);
            }
            Ok(Some(Told::Accounting(_))) => {}
            Ok(None) if is_done => return Ok(()),
            Ok(None) => {
                let complaint = sense.complaint().unwrap_or_else(|| "the decoder ended early".to_owned());
                let complaint = complaint.strip_prefix("cordon: ").unwrap_or(&complaint);
                return Err(crate::words::printable(complaint));
            }
            Err(error) => return Err(sense.complaint().unwrap_or_else(|| error.to_string())),
        }
        if app.stop.is_set() {
            return Err("Cordon was stopped while it was read".to_owned());
        }
    }
}

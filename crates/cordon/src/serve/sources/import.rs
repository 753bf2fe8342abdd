//! Captures that are imported, one after the other, while cards are heard.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use store::StoreError;

use super::{SourceKind, Status};
use crate::clock;
use crate::sense::{Sense, Told};
use crate::serve::app::App;
use crate::serve::events::Event;
use crate::serve::keeper::{Keeper, Kept};

const KIND: &str = "import";
/// The folder of captures that somebody brought.
pub const FOLDER: &str = "imports";
/// What is said of an import that was cut off.
const INTERRUPTED: &str = "Cordon was stopped while it was read: what was read until then is in";
/// What is said of an import that was given up.
const GIVEN_UP: &str = "It was given up while it was read: what was read until then is in";
/// How long to wait when the disk is full.
const AGAIN: Duration = Duration::from_secs(5);
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
    /// Where it lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(ignore)]
    file: Option<Place>,
    /// SHA-256 of what was named on the command line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(ignore)]
    digest: Option<String>,
}

/// Where a capture lies.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Brought by somebody: in the folder of imports, by this name; removed when it was read.
    Ours(String),
    /// Named on the command line: left where it is.
    Theirs(PathBuf),
}

impl Place {
    fn path(&self, folder: &Path) -> PathBuf {
        match self {
            Self::Ours(name) => folder.join(name),
            Self::Theirs(path) => path.clone(),
        }
    }
}

/// All imports.
pub struct Imports {
    keeper: Keeper,
    /// Where captures lie that somebody brought.
    folder: PathBuf,
    all: Mutex<BTreeMap<String, Import>>,
    waiting: Condvar,
    /// Those that are being read and were given up: by whom, if that could not be kept.
    given_up: Mutex<BTreeMap<String, Option<String>>>,
}

impl Imports {
    /// Those that the store knows. What was being read when Cordon stopped is in as far as it was read. What lies in the
    /// folder of imports and waits for nothing is removed: it holds patients' packets.
    pub fn load(keeper: Keeper, data: &Path) -> Result<Self, StoreError> {
        let folder = data.join(FOLDER);
        let mut all: BTreeMap<String, Import> = keeper.load(KIND)?;
        for import in all.values_mut().filter(|import| import.state == Status::Reading) {
            import.state = Status::Failed;
            import.ended = Some(clock::now().to_string());
            import.note = Some(INTERRUPTED.to_owned());
            import.file = None;
            keeper.keep_quietly(&[Kept::put(KIND, &import.id, import)])?;
        }
        let waits = |name: &std::ffi::OsStr| {
            all.values().any(|import| matches!(&import.file, Some(Place::Ours(known)) if name == known.as_str()))
        };
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            if !waits(&entry.file_name()) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
        Ok(Self { keeper, folder, all: Mutex::new(all), waiting: Condvar::new(), given_up: Mutex::default() })
    }

    /// Every import, the newest first.
    pub fn all(&self) -> Vec<Import> {
        self.lock().values().rev().map(without_file).collect()
    }

    /// The import of that identifier.
    pub fn get(&self, id: &str) -> Option<Import> {
        self.lock().get(id).map(without_file)
    }

    /// What is known of a capture that was named on the command line before: it is in, in part or whole, or will be.
    pub fn known(&self, digest: &str) -> Option<Import> {
        let is_it = |import: &&Import| {
            let is_in = import.state != Status::Failed || import.note.as_deref() == Some(INTERRUPTED);
            import.digest.as_deref() == Some(digest) && is_in
        };
        self.lock().values().find(is_it).map(without_file)
    }

    /// What was learnt is gone: captures may be named again.
    pub fn forget(&self) {
        let mut all = self.lock();
        for import in all.values_mut().filter(|import| import.digest.is_some()) {
            import.digest = None;
            let _ = self.keeper.keep_quietly(&[Kept::put(KIND, &import.id, import)]);
        }
    }

    /// How many wait for their turn.
    pub fn waiting(&self) -> usize {
        self.lock().values().filter(|import| import.state == Status::Waiting).count()
    }

    /// Adds a file that somebody brought: it lies in the folder of imports.
    pub fn bring(&self, name: &str, file: &str, by: &str) -> Result<Import, StoreError> {
        self.add(name, Place::Ours(file.to_owned()), None, by)
    }

    /// Adds a file that was named on the command line.
    pub fn name(&self, name: &str, path: &Path, digest: String) -> Result<Import, StoreError> {
        self.add(name, Place::Theirs(path.to_owned()), Some(digest), "command line")
    }

    fn add(&self, name: &str, file: Place, digest: Option<String>, by: &str) -> Result<Import, StoreError> {
        let bytes = std::fs::metadata(file.path(&self.folder)).map_or(0, |metadata| metadata.len());
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
            file: Some(file),
            digest,
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

    /// Gives an import up: one that waits is never read, one that is being read is not read further. Says whether there was
    /// anything to give up; `None` if there is no such import.
    pub fn give_up(&self, id: &str, by: &str) -> Result<Option<bool>, StoreError> {
        let mut all = self.lock();
        let Some(import) = all.get_mut(id) else { return Ok(None) };
        let text = gave_up(&import.name);
        match import.state {
            Status::Waiting => {
                let given_up = Import {
                    state: Status::Cancelled,
                    ended: Some(clock::now().to_string()),
                    note: Some(format!("{by} gave it up before anything was read")),
                    file: None,
                    digest: None,
                    ..import.clone()
                };
                let kept = || self.keeper.keep(&[Kept::put(KIND, id, &given_up)], by, &text);
                let removed = || match &import.file {
                    Some(Place::Ours(name)) => std::fs::remove_file(self.folder.join(name)).is_ok(),
                    _ => false,
                };
                match kept() {
                    // It is given up to make room: without it there may be some.
                    Err(error) if error.is_passing() && removed() => kept()?,
                    kept => kept?,
                }
                removed();
                *import = given_up;
                Ok(Some(true))
            }
            Status::Reading => {
                // On a full disk that can be said once it is given up.
                let not_kept = match self.keeper.keep(&[], by, &text) {
                    Err(error) if error.is_passing() => Some(by.to_owned()),
                    kept => kept.map(|()| None)?,
                };
                self.given_up.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned(), not_kept);
                Ok(Some(true))
            }
            _ => Ok(Some(false)),
        }
    }

    fn is_given_up(&self, id: &str) -> bool {
        self.given_up.lock().unwrap_or_else(PoisonError::into_inner).contains_key(id)
    }

    /// Reads one after the other until the platform is stopped.
    pub fn work(&self, app: &App, program: &Path) {
        while !app.stop.is_set() {
            let Some(mut import) = self.next() else { continue };
            let done = self.read(app, program, &mut import);
            let done = match done {
                Err(Trouble::Later) if self.is_given_up(&import.id) => Err(Trouble::GivenUp),
                done => done,
            };
            if let Err(Trouble::Later) = done {
                // Nothing of it was read: it waits until there is room, also over a restart if that can be kept. First that:
                // from when it waits on, whoever gives it up has the last word in the store.
                import.state = Status::Waiting;
                let _ = self.keeper.keep_quietly(&[Kept::put(KIND, &import.id, &import)]);
                self.tell(app, &import);
                app.stop.wait(AGAIN);
                continue;
            }
            if app.stop.is_set() && matches!(done, Err(Trouble::Said(_))) {
                // Told at the next start.
                return;
            }
            import.ended = Some(clock::now().to_string());
            match done {
                Err(Trouble::Said(problem)) => (import.state, import.note) = (Status::Failed, Some(problem)),
                Err(Trouble::GivenUp) => (import.state, import.note) = (Status::Cancelled, Some(GIVEN_UP.to_owned())),
                _ => import.state = Status::Done,
            }
            let file = import.file.take();
            self.tell(app, &import);
            // Nobody gives up what is over: nothing is left here, also if it was over before that was noticed.
            let given_up = self.given_up.lock().unwrap_or_else(PoisonError::into_inner).remove(&import.id);
            let remove = || {
                if let Some(Place::Ours(name)) = &file {
                    let _ = std::fs::remove_file(self.folder.join(name));
                }
            };
            if import.state == Status::Cancelled {
                // Nobody wants it any more, and there may be no room for a word without that.
                remove();
            }
            let over = [Kept::put(KIND, &import.id, &import)];
            let kept = match given_up.flatten() {
                Some(by) => self.keeper.keep(&over, &by, &gave_up(&import.name)),
                None => self.keeper.keep_quietly(&over),
            };
            // While it cannot be said that it was read, it is not removed: at the next start it counts as interrupted.
            if kept.is_ok() {
                remove();
            }
        }
    }

    /// The next that waits; now and then nothing, so that a stop is noticed.
    fn next(&self) -> Option<Import> {
        let mut all = self.lock();
        if let Some(import) = all.values_mut().find(|import| import.state == Status::Waiting) {
            let reading = Import { state: Status::Reading, ..import.clone() };
            // Where that cannot be kept, a kill would have it read twice.
            if self.keeper.keep_quietly(&[Kept::put(KIND, &reading.id, &reading)]).is_ok() {
                *import = reading.clone();
                return Some(reading);
            }
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

/// Why a capture was not read.
enum Trouble {
    /// The disk is full, and nothing of it was read.
    Later,
    /// A person did not want it read further.
    GivenUp,
    /// In words.
    Said(String),
}

impl Imports {
    fn read(&self, app: &App, program: &Path, import: &mut Import) -> Result<(), Trouble> {
        let Some(place) = import.file.clone() else { return Err(Trouble::Said("the file is gone".to_owned())) };
        let file = File::open(place.path(&self.folder));
        let file = file.map_err(|error| Trouble::Said(crate::failure::said(&error)))?;
        let number = app
            .sources
            .begin(&import.name, SourceKind::File)
            .map_err(|error| if error.is_passing() { Trouble::Later } else { Trouble::Said(error.to_string()) })?;
        let done = heard(app, program, import, self, file, number);
        let (status, note) = match &done {
            Ok(()) | Err(Trouble::Later) => (Status::Done, import.note.clone()),
            Err(Trouble::GivenUp) => (Status::Cancelled, Some(GIVEN_UP.to_owned())),
            Err(Trouble::Said(problem)) => (Status::Failed, Some(problem.clone())),
        };
        app.sources.tell(number, status, |figures| figures.note = note);
        let _ = app.sources.keep(number);
        done
    }
}

fn gave_up(name: &str) -> String {
    format!("gave up importing {name}")
}

/// Where a file lies is nobody's business.
fn without_file(import: &Import) -> Import {
    Import { file: None, digest: None, ..import.clone() }
}

fn heard(
    app: &App,
    program: &Path,
    import: &mut Import,
    imports: &Imports,
    file: File,
    number: u32,
) -> Result<(), Trouble> {
    let said = |error: &dyn std::fmt::Display| Trouble::Said(error.to_string());
    let mut sense = Sense::read(program, file).map_err(|error| said(&error))?;
    let mut is_done = false;
    loop {
        match sense.hear() {
            Ok(Some(Told::Batch(batch))) => {
                let is_wanted = || !imports.is_given_up(&import.id);
                let kept = app.journal.append_while(number, &batch, &is_wanted);
                // Also what waits for room on the disk is given up.
                kept.map_err(|error| if is_wanted() { said(&error) } else { Trouble::GivenUp })?;
            }
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
                return Err(Trouble::Said(crate::words::printable(complaint)));
            }
            Err(error) => {
                let complaint = sense.complaint().unwrap_or_else(|| error.to_string());
                return Err(Trouble::Said(crate::words::printable(&complaint)));
            }
        }
        if app.stop.is_set() {
            return Err(said(&"Cordon was stopped while it was read"));
        }
        if imports.is_given_up(&import.id) {
            return Err(Trouble::GivenUp);
        }
    }
}

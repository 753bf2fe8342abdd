//! Where results lie, and how a folder of results is written: whole, or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use crate::failure::{Failure, said};
use crate::interrupted::{self, Unfinished};

/// The file that makes a folder one of ours.
pub const MANIFEST: &str = "manifest.json";
/// One device on each line.
pub const DEVICES: &str = "devices.jsonl";
/// One weakness of one device on each line.
pub const WEAKNESSES: &str = "weaknesses.jsonl";
/// One flow on each line.
pub const FLOWS: &str = "flows.jsonl";
/// The page for people.
pub const REPORT: &str = "report.html";

/// `--data`, or the user's data directory.
pub fn data(asked: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(path) = asked {
        return Ok(path.to_owned());
    }
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = variable("XDG_DATA_HOME").or_else(|| variable("HOME").map(|home| home.join(".local/share")));
    base.map(|base| base.join("cordon"))
        .ok_or_else(|| Failure::Wrong("no home directory is known: name a folder with --data".to_owned()))
}

/// The folder of the last analysis: the one named, or `analysis` in the data folder.
pub fn results(named: Option<&Path>, asked_data: Option<&Path>) -> Result<PathBuf, Failure> {
    match named {
        Some(path) => Ok(path.to_owned()),
        None => {
            let data = data(asked_data)?;
            // A folder of results that was named as the data folder is meant as itself.
            Ok(if data.join(DEVICES).is_file() { data } else { data.join("analysis") })
        }
    }
}

/// What a folder of one kind holds: nothing else in it is ever replaced or removed.
#[derive(Clone, Copy)]
pub struct Contents {
    /// The file that makes it one of its kind: it comes last.
    mark: &'static str,
    files: &'static [&'static str],
    /// Those of the files that may be somebody else's where the mark is not beside them.
    common: &'static [&'static str],
}

/// What an analysis writes.
pub const ANALYSIS: Contents = Contents {
    mark: MANIFEST,
    files: &[MANIFEST, DEVICES, "connections.jsonl", FLOWS, "events.jsonl", WEAKNESSES, REPORT],
    common: &[],
};
/// What is true of a synthetic hospital.
pub const TRUTH: &str = "truth.json";
/// The traffic of a synthetic hospital.
pub const CAPTURE: &str = "capture.pcapng";
/// What a synthetic hospital is written to.
pub const HOSPITAL: Contents = Contents {
    mark: TRUTH,
    files: &[TRUTH, CAPTURE, DEVICES, FLOWS, WEAKNESSES],
    common: &[CAPTURE, DEVICES, FLOWS, WEAKNESSES],
};
/// What else lies in a folder in the making.
const SCRATCH: [&str; 2] = ["connections.part", ".mode"];
/// Bytes written at once.
const BUFFER_BYTES: usize = 256 * 1_024;
/// How folders in the making begin.
const WORK_PREFIX: &str = ".cordon-";
/// Tries to make one: the folder of this process may be taken for a dead one between its making and its lock.
const TRIES_MAX: usize = 8;

/// A folder in the making. Dropped before [`NewFolder::publish`], nothing of it stays.
pub struct NewFolder {
    contents: Contents,
    target: PathBuf,
    exists: bool,
    work: Work,
}

impl NewFolder {
    /// Begins a folder that will stand at `target`, which may hold a former result but nothing else.
    pub fn begin(target: &Path, contents: Contents) -> Result<Self, Failure> {
        let exists = holds_only(target, contents)?;
        // Found again whatever is renamed meanwhile, links followed.
        let absolute = if exists { target.canonicalize() } else { std::path::absolute(target) };
        let target = absolute.map_err(|error| Failure::writing(target, &error))?;
        let parent = target.parent().unwrap_or(Path::new("/"));
        // On the file system of the target, so that the last step is a rename.
        let place = if exists { target.as_path() } else { parent };
        let work = Work::begin(place).map_err(|error| Failure::writing(place, &error))?;
        for swept in [place, parent] {
            sweep(swept);
        }
        Ok(Self { contents, target, exists, work })
    }

    /// Where it will stand, as an absolute path.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// A new file in the folder.
    pub fn create(&self, name: &str) -> Result<NewFile, Failure> {
        let path = self.work.folder.join(name);
        match File::create_new(&path) {
            Ok(file) => {
                Ok(NewFile { shown: self.target.join(name), path, out: BufWriter::with_capacity(BUFFER_BYTES, file) })
            }
            Err(error) => Err(Failure::writing(&self.target.join(name), &error)),
        }
    }

    /// Puts the folder in its place. Into a folder that exists, file by file: each is whole, and the one that makes
    /// them a result goes first and comes last.
    pub fn publish(mut self) -> Result<PathBuf, Failure> {
        let mut unfinished = interrupted::hold();
        let fault = |error: io::Error| Failure::publishing(&self.target, &error);
        if self.exists {
            let Contents { mark, files, .. } = self.contents;
            remove(&self.target.join(mark)).map_err(fault)?;
            for name in files.iter().filter(|name| **name != mark).chain([&mark]) {
                let made = self.work.folder.join(name);
                let stands = self.target.join(name);
                let done = if made.is_file() { fs::rename(made, stands) } else { remove(&stands) };
                done.map_err(fault)?;
            }
        } else {
            set_readable(&self.work.folder).map_err(fault)?;
            fs::rename(&self.work.folder, &self.target).map_err(fault)?;
        }
        self.work.end(&mut unfinished, self.exists);
        Ok(self.target)
    }
}

/// Whether the folder exists. It is refused if it holds anything that is no result.
fn holds_only(target: &Path, contents: Contents) -> Result<bool, Failure> {
    let wrong = |problem: &str, remedy: &str| Failure::Wrong(format!("{}: {problem}; {remedy}", target.display()));
    let entries = match fs::read_dir(target) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return match fs::symlink_metadata(target) {
                Ok(_) => {
                    Err(wrong("a link that leads nowhere", "make the folder it names, or name another with --out"))
                }
                Err(_) => Ok(false),
            };
        }
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Err(wrong("not a folder", "name a new or empty folder with --out"));
        }
        Err(error) => return Err(wrong(&said(&error), "name a folder that you may write to with --out")),
    };
    let is_ours = target.join(contents.mark).is_file();
    for entry in entries {
        let name = entry.map_err(|error| Failure::writing(target, &error))?.file_name();
        let name = name.to_string_lossy();
        let is_known =
            contents.files.contains(&name.as_ref()) && (is_ours || !contents.common.contains(&name.as_ref()));
        if !is_known && !name.starts_with(WORK_PREFIX) {
            let problem = format!("holds `{name}`, which is no result of Cordon");
            return Err(wrong(&problem, "name a new or empty folder with --out"));
        }
    }
    Ok(true)
}

/// The hidden folder in which files are made. Dropped, it is gone; so it is if the program is interrupted; and if it is
/// killed, the next run sweeps it away.
struct Work {
    folder: PathBuf,
    /// Held as long as this process lives: who can lock the folder knows that nobody works there.
    _lock: Option<File>,
}

impl Work {
    fn begin(place: &Path) -> io::Result<Self> {
        let parents = place.ancestors().take_while(|folder| !folder.exists()).map(Path::to_owned).collect();
        let mut unfinished = Unfinished { folder: PathBuf::new(), parents };
        match Self::make(place) {
            Ok(work) => {
                unfinished.folder.clone_from(&work.folder);
                interrupted::hold().push(unfinished);
                Ok(work)
            }
            Err(error) => {
                unfinished.remove();
                Err(error)
            }
        }
    }

    fn make(place: &Path) -> io::Result<Self> {
        fs::create_dir_all(place)?;
        for _ in 0..TRIES_MAX {
            let folder = tempfile::Builder::new().prefix(WORK_PREFIX).tempdir_in(place)?;
            match try_lock(folder.path()) {
                // Another run held it for a moment to sweep it, or has swept it already.
                Ok(None) => {}
                Ok(Some(_)) if !folder.path().is_dir() => {}
                Ok(lock) => return Ok(Self { folder: folder.keep(), _lock: lock }),
                // A file system without locks: nobody can lock the folder, so nobody sweeps it.
                Err(_) => return Ok(Self { folder: folder.keep(), _lock: None }),
            }
        }
        Err(io::ErrorKind::ResourceBusy.into())
    }

    /// The folder is published: nothing is unfinished any more.
    fn end(&mut self, unfinished: &mut Vec<Unfinished>, is_left_over: bool) {
        if let Some(place) = unfinished.iter().position(|one| one.folder == self.folder) {
            unfinished.remove(place);
        }
        if is_left_over {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        let mut all = interrupted::hold();
        if let Some(place) = all.iter().position(|one| one.folder == self.folder) {
            all.remove(place).remove();
        }
    }
}

/// A lock on the folder, which the system releases when the process ends, however it ends. `None`: another has it.
fn try_lock(folder: &Path) -> io::Result<Option<File>> {
    let file = File::open(folder)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(error)) => Err(error),
    }
}

/// Removes what killed runs left in a folder: only what bears our name, holds nothing but our files, and is locked by
/// nobody.
fn sweep(place: &Path) {
    for entry in fs::read_dir(place).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_ours = entry.file_name().to_string_lossy().starts_with(WORK_PREFIX)
            && entry.file_type().is_ok_and(|kind| kind.is_dir())
            && fs::read_dir(&path).is_ok_and(|files| {
                files.flatten().all(|file| {
                    let name = file.file_name();
                    ANALYSIS.files.iter().chain(HOSPITAL.files).chain(&SCRATCH).any(|known| name == *known)
                })
            });
        if is_ours && let Ok(Some(_lock)) = try_lock(&path) {
            let _ = fs::remove_dir_all(&path);
        }
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Temporary folders are made for their owner alone; results are for everyone whom the umask allows.
#[cfg(unix)]
fn set_readable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let sibling = path.join(".mode");
    fs::create_dir(&sibling)?;
    let mode = fs::metadata(&sibling)?.permissions().mode();
    fs::remove_dir(&sibling)?;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_readable(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// A file of a folder in the making.
pub struct NewFile {
    shown: PathBuf,
    path: PathBuf,
    out: BufWriter<File>,
}

impl NewFile {
    /// Adds bytes.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.out.write_all(bytes).map_err(|error| Failure::writing(&self.shown, &error))
    }

    /// Adds a line of JSON.
    pub fn line(&mut self, row: &impl serde::Serialize) -> Result<(), Failure> {
        serde_json::to_writer(&mut self.out, row).map_err(|error| Failure::writing(&self.shown, &error.into()))?;
        self.write(b"\n")
    }

    /// Gives the file to be read from its beginning, and where it lies. It need not be on the disk: nobody keeps it.
    pub fn read_back(mut self) -> Result<(PathBuf, File), Failure> {
        let done = self.out.flush().and_then(|()| self.out.get_mut().rewind());
        let file = done.and_then(|()| self.out.into_inner().map_err(|error| error.into_error()));
        Ok((self.path, file.map_err(|error| Failure::writing(&self.shown, &error))?))
    }

    /// Everything is on the disk, or the error says why not.
    pub fn finish(mut self) -> Result<PathBuf, Failure> {
        let done = self.out.flush().and_then(|()| self.out.get_ref().sync_data());
        done.map_err(|error| Failure::writing(&self.shown, &error))?;
        Ok(self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_appears_whole_and_replaces_only_results() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("a/results");
        let write = |text: &str| {
            let folder = NewFolder::begin(&target, ANALYSIS).unwrap();
            let mut file = folder.create(MANIFEST).unwrap();
            file.write(text.as_bytes()).unwrap();
            file.finish().unwrap();
            assert_ne!(fs::read_to_string(target.join(MANIFEST)).unwrap_or_default(), text);
            folder.publish().unwrap();
            assert_eq!(fs::read_to_string(target.join(MANIFEST)).unwrap(), text);
        };
        write("one");
        write("two");
        drop(NewFolder::begin(&target, ANALYSIS).unwrap());
        for folder in [place.path().join("a"), target.clone()] {
            let left: Vec<_> = fs::read_dir(folder).unwrap().collect();
            assert_eq!(left.len(), 1, "temporary folders were left behind: {left:?}");
        }
        let dead = target.join(".cordon-dead00");
        let foreign = target.join(".cordon-notes0");
        for (folder, file) in [(&dead, "connections.part"), (&foreign, "notes.txt")] {
            fs::create_dir(folder).unwrap();
            fs::write(folder.join(file), "x").unwrap();
        }
        let living = NewFolder::begin(&target, ANALYSIS).unwrap();
        living.create("flows.jsonl").unwrap();
        drop(NewFolder::begin(&target, ANALYSIS).unwrap());
        assert!(!dead.exists() && foreign.exists() && living.work.folder.is_dir());
        drop(living);
        fs::write(target.join("thesis.odt"), "x").unwrap();
        assert!(matches!(NewFolder::begin(&target, ANALYSIS), Err(Failure::Wrong(_))));
        assert!(target.join("thesis.odt").is_file());
    }
}

//! Where results lie, and how a folder of results is written: whole, or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::failure::Failure;

/// The file that makes a folder one of ours.
pub const MANIFEST: &str = "manifest.json";
/// One device on each line.
pub const DEVICES: &str = "devices.jsonl";

/// `--data`, or the user's data directory.
fn data(asked: Option<&Path>) -> Result<PathBuf, Failure> {
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

/// Every file that an analysis writes: nothing else in a folder is ever replaced or removed.
pub const FILES: [&str; 7] =
    [MANIFEST, DEVICES, "connections.jsonl", "flows.jsonl", "events.jsonl", "weaknesses.jsonl", "report.html"];
/// How temporary folders begin.
const WORK_PREFIX: &str = ".cordon-";

/// A folder in the making. Dropped before [`NewFolder::publish`], nothing of it stays.
pub struct NewFolder {
    target: PathBuf,
    exists: bool,
    work: TempDir,
}

impl NewFolder {
    /// Begins a folder that will stand at `target`, which may hold a former result but nothing else.
    pub fn begin(target: &Path) -> Result<Self, Failure> {
        let exists = match fs::read_dir(target) {
            Ok(entries) => {
                for entry in entries {
                    let name = entry.map_err(|error| Failure::writing(target, &error))?.file_name();
                    let name = name.to_string_lossy();
                    if !FILES.contains(&name.as_ref()) && !name.starts_with(WORK_PREFIX) {
                        let problem = format!("holds `{name}`, which is no result of Cordon");
                        let remedy = "name a new or empty folder with --out";
                        return Err(Failure::Wrong(format!("{}: {problem}: {remedy}", target.display())));
                    }
                }
                true
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => {
                let remedy = "name a folder with --out";
                return Err(Failure::Wrong(format!("{}: no folder to write to: {error}; {remedy}", target.display())));
            }
        };
        // Found again whatever is renamed meanwhile, links followed.
        let absolute = if exists { target.canonicalize() } else { std::path::absolute(target) };
        let target = absolute.map_err(|error| Failure::writing(target, &error))?;
        // On the file system of the target, so that the last step is a rename.
        let place = if exists { target.as_path() } else { target.parent().unwrap_or(Path::new("/")) };
        fs::create_dir_all(place).map_err(|error| Failure::writing(place, &error))?;
        let work = tempfile::Builder::new().prefix(WORK_PREFIX).tempdir_in(place);
        let work = work.map_err(|error| Failure::writing(place, &error))?;
        Ok(Self { target, exists, work })
    }

    /// Where it will stand, as an absolute path.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// A new file in the folder.
    pub fn create(&self, name: &str) -> Result<NewFile, Failure> {
        let path = self.work.path().join(name);
        match File::create_new(&path) {
            Ok(file) => {
                Ok(NewFile { shown: self.target.join(name), path, out: BufWriter::with_capacity(1 << 16, file) })
            }
            Err(error) => Err(Failure::writing(&self.target.join(name), &error)),
        }
    }

    /// Puts the folder in its place. Into a folder that exists, file by file: each is whole, and the manifest, which makes
    /// them a result, goes first and comes last.
    pub fn publish(self) -> Result<PathBuf, Failure> {
        let fault = |error: io::Error| Failure::writing(&self.target, &error);
        if !self.exists {
            set_readable(self.work.path()).map_err(fault)?;
            fs::rename(self.work.path(), &self.target).map_err(fault)?;
            // The folder has moved on: there is nothing left to remove.
            let _ = self.work.keep();
            return Ok(self.target);
        }
        remove(&self.target.join(MANIFEST)).map_err(fault)?;
        for name in FILES.iter().filter(|name| **name != MANIFEST).chain([&MANIFEST]) {
            let made = self.work.path().join(name);
            let stands = self.target.join(name);
            let done = if made.is_file() { fs::rename(made, stands) } else { remove(&stands) };
            done.map_err(fault)?;
        }
        Ok(self.target)
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
            let folder = NewFolder::begin(&target).unwrap();
            let mut file = folder.create(MANIFEST).unwrap();
            file.write(text.as_bytes()).unwrap();
            file.finish().unwrap();
            assert_ne!(fs::read_to_string(target.join(MANIFEST)).unwrap_or_default(), text);
            folder.publish().unwrap();
            assert_eq!(fs::read_to_string(target.join(MANIFEST)).unwrap(), text);
        };
        write("one");
        write("two");
        drop(NewFolder::begin(&target).unwrap());
        for folder in [place.path().join("a"), target.clone()] {
            let left: Vec<_> = fs::read_dir(folder).unwrap().collect();
            assert_eq!(left.len(), 1, "temporary folders were left behind: {left:?}");
        }
        fs::write(target.join("thesis.odt"), "x").unwrap();
        assert!(matches!(NewFolder::begin(&target), Err(Failure::Wrong(_))));
        assert!(target.join("thesis.odt").is_file());
    }
}

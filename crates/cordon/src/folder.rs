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

/// A folder in the making. Dropped before [`NewFolder::publish`], nothing of it stays.
pub struct NewFolder {
    target: PathBuf,
    work: TempDir,
}

impl NewFolder {
    /// Begins a folder that will stand at `target`, which may hold a former result but nothing else.
    pub fn begin(target: &Path) -> Result<Self, Failure> {
        match fs::read_dir(target) {
            Ok(mut entries) => {
                if entries.next().is_some() && !target.join(MANIFEST).is_file() {
                    let problem = "holds other files, which would be lost: name a new or empty folder with --out";
                    return Err(Failure::Wrong(format!("{}: {problem}", target.display())));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Failure::Wrong(format!("{}: no folder to write to: {error}", target.display()))),
        }
        // Beside the target, so that the last step is a rename.
        let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(|error| Failure::writing(parent, &error))?;
        let work = tempfile::Builder::new().prefix(".cordon-").tempdir_in(parent);
        let work = work.map_err(|error| Failure::writing(parent, &error))?;
        Ok(Self { target: target.to_owned(), work })
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

    /// Puts the folder in its place. A former result is gone only once this one stands.
    pub fn publish(self) -> Result<PathBuf, Failure> {
        let fault = |error: io::Error| Failure::writing(&self.target, &error);
        set_readable(self.work.path()).map_err(fault)?;
        if self.target.exists() {
            let former = tempfile::Builder::new()
                .prefix(".cordon-former-")
                .tempdir_in(self.work.path().parent().unwrap_or(Path::new(".")))
                .map_err(fault)?;
            let moved = former.path().join("results");
            fs::rename(&self.target, &moved).map_err(fault)?;
            if let Err(error) = fs::rename(self.work.path(), &self.target) {
                // Back as it was; the first error is the one that matters.
                let _ = fs::rename(&moved, &self.target);
                return Err(fault(error));
            }
        } else {
            fs::rename(self.work.path(), &self.target).map_err(fault)?;
        }
        // The folder has moved on: there is nothing left to remove.
        let _ = self.work.keep();
        Ok(self.target)
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
        let left: Vec<_> = fs::read_dir(place.path().join("a")).unwrap().collect();
        assert_eq!(left.len(), 1, "temporary folders were left behind: {left:?}");
        fs::remove_file(target.join(MANIFEST)).unwrap();
        fs::write(target.join("thesis.odt"), "x").unwrap();
        assert!(matches!(NewFolder::begin(&target), Err(Failure::Wrong(_))));
    }
}

//! The captures that are named: opened before the long work begins, or refused in a line that says what the file is
//! instead, where that shows.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sensor::capture::{CaptureFile, OpenError};

use crate::failure::{Failure, reading_remedy, said};
use crate::words::printable;

/// Bytes looked at to say what a file is that is no capture.
const HEAD_BYTES: u64 = 512;
const EXPECTED: &str = "expected pcap or pcapng, plain or compressed with gzip or zstd";

/// How files begin that are taken for captures by mistake, and what to do with them.
const OTHERS: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "a zip archive: unpack it and name the captures in it"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it and name the captures in it"),
    (b"Rar!\x1a\x07", "a RAR archive: unpack it and name the captures in it"),
    (b"\xfd7zXZ\0", "compressed with xz: unpack it first"),
    (b"BZh", "compressed with bzip2: unpack it first"),
    (b"\x04\x22\x4d\x18", "compressed with lz4: unpack it first"),
    (b"snoop\0\0\0", "a snoop capture: convert it to pcapng first (editcap does)"),
    (b"GMBU", "a Network Monitor capture: convert it to pcapng first (editcap does)"),
    (b"RTSS", "a Network Monitor capture: convert it to pcapng first (editcap does)"),
    (b"\x1f\x8b", "compressed with gzip, but what is in it is no capture, or it is cut short at its beginning"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd, but what is in it is no capture, or it is cut short at its beginning"),
    (b"{", "text (JSON?), no capture"),
    (b"<", "text (XML or HTML?), no capture"),
];

/// A capture that is open, and what to call it.
pub struct Input {
    /// File name, with a number if an earlier one has the same.
    pub name: String,
    /// As it was named.
    pub path: PathBuf,
    /// The open file.
    pub file: CaptureFile,
}

/// Opens all of them: one that is none is refused before any is read.
pub fn open(paths: &[PathBuf]) -> Result<Vec<Input>, Failure> {
    let mut inputs: Vec<Input> = Vec::new();
    for path in paths {
        let file = CaptureFile::open(path).map_err(|error| refusal(path, &error))?;
        let own = shown(path);
        let same = inputs.iter().filter(|input| shown(&input.path) == own).count();
        // Results do not depend on where the captures lie, so they are told apart by name and order alone.
        let name = if same == 0 { own } else { format!("{own} ({})", same.saturating_add(1)) };
        inputs.push(Input { name, path: path.clone(), file });
    }
    Ok(inputs)
}

/// The name of the file, as people read it: it goes into results, and whoever sent the file may have chosen it.
fn shown(path: &Path) -> String {
    printable(&path.file_name().unwrap_or(path.as_os_str()).to_string_lossy())
}

fn refusal(path: &Path, error: &OpenError) -> Failure {
    let (problem, remedy) = match error {
        // A file that begins like zstd and goes on otherwise is an error of input and output to the reader.
        OpenError::Io { source, .. } if source.raw_os_error().is_none() && source.kind() == io::ErrorKind::Other => {
            (what_it_is(path), EXPECTED)
        }
        OpenError::Io { source, .. } => {
            let problem = match source.kind() {
                io::ErrorKind::NotFound => "no such file".to_owned(),
                io::ErrorKind::IsADirectory => "a folder".to_owned(),
                _ => format!("cannot read the capture: {}", said(source)),
            };
            (
                problem,
                if source.kind() == io::ErrorKind::IsADirectory {
                    "name the captures in it"
                } else {
                    reading_remedy(source)
                },
            )
        }
        OpenError::NotACapture { .. } => (what_it_is(path), EXPECTED),
    };
    Failure::Wrong(format!("{}: {problem}; {remedy}", path.display()))
}

/// What a file is that is no capture, as far as its beginning tells.
fn what_it_is(path: &Path) -> String {
    let mut head = Vec::new();
    // A pipe has nothing left to look at.
    if path.is_file()
        && let Ok(file) = File::open(path)
    {
        let _ = file.take(HEAD_BYTES).read_to_end(&mut head);
        if head.is_empty() {
            return "an empty file".to_owned();
        }
    }
    if let Some((_, what)) = OTHERS.iter().find(|(magic, _)| head.starts_with(magic)) {
        return (*what).to_owned();
    }
    let is_text = |byte: &u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    let what = match head.first() {
        Some(0) if head.iter().all(|byte| *byte == 0) => "begins with zeros alone: a copy that went wrong?",
        Some(_) if head.iter().all(is_text) => "text, no capture",
        _ => "not a capture",
    };
    what.to_owned()
}

/// A capture in the folder of results would be taken for one of them.
pub fn refuse_inputs_within(inputs: &[Input], target: &Path) -> Result<(), Failure> {
    let within = inputs.iter().find(|input| input.path.canonicalize().is_ok_and(|path| path.starts_with(target)));
    match within {
        Some(input) => Err(Failure::Wrong(format!(
            "{}: the capture lies in the folder of results {}; name another folder with --out",
            input.path.display(),
            target.display()
        ))),
        None => Ok(()),
    }
}

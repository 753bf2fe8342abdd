//! Why a command did not do what was asked, and the exit code that says so.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use crate::terminal::{Column, Terminal, table};
use crate::words::{printable, thousands};

/// How a choice is shown.
const CHOICE: Column = Column::text("", 8, 48, 0);

/// One line for the user: what, where, and what helps.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Exit code 1: the work failed.
    #[error("{0}")]
    Failed(String),
    /// Exit code 2: the command was used wrongly.
    #[error("{0}")]
    Wrong(String),
    /// Exit code 2: several things fit what was named.
    #[error("{problem}")]
    Choose {
        /// What fits several.
        problem: String,
        /// The first of them, in columns.
        choices: Vec<Vec<String>>,
        /// How many there are besides.
        more: usize,
    },
}

impl Failure {
    /// Writing results failed before any of them stood in its place.
    pub fn writing(path: &Path, error: &io::Error) -> Self {
        let remedy = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "free some space or name another folder with --out"
            }
            _ => "name a folder that you may write to with --out",
        };
        Self::Failed(format!("{}: cannot write: {}; {remedy}; nothing was changed", path.display(), said(error)))
    }

    /// Putting finished results in their place failed.
    pub fn publishing(path: &Path, error: &io::Error) -> Self {
        let remedy = "run cordon analyze again, or name another folder with --out";
        Self::Failed(format!("{}: cannot put the results in place: {}; {remedy}", path.display(), said(error)))
    }

    /// Printing failed; `remedy` says where the same can be had.
    pub fn printing(error: &io::Error, remedy: &str) -> Self {
        Self::Failed(format!("standard output: cannot write: {}; {remedy}", said(error)))
    }

    /// Reading failed.
    pub fn reading(path: &Path, error: &io::Error) -> Self {
        Self::Wrong(format!("{}: cannot read: {}; {}", path.display(), said(error), reading_remedy(error)))
    }

    /// What is said on standard error: one line, and the choices if there are any. Names come from the network: nothing in
    /// them breaks a line.
    pub fn said(&self) -> String {
        let mut text = format!("cordon: {}", printable(&self.to_string()));
        if let Self::Choose { choices, more, .. } = self {
            let columns = [CHOICE; 4];
            let rows = table(Terminal::default(), &columns, choices, None);
            rows.lines().for_each(|row| text.push_str(&format!("\n  {row}")));
            if *more > 0 {
                text.push_str(&format!("\n  … and {} more", thousands(*more as u64)));
            }
        }
        text
    }

    /// 1 failed, 2 wrong use.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Failed(_) => ExitCode::from(1),
            Self::Wrong(_) | Self::Choose { .. } => ExitCode::from(2),
        }
    }
}

/// What helps when a file cannot be read.
pub fn reading_remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => "check the path",
        io::ErrorKind::PermissionDenied => "ask for the right to read it, or run as a user who has it",
        io::ErrorKind::IsADirectory => "name the files in it",
        _ => "check the disk it lies on, or copy it again",
    }
}

/// What the system said, in plain words and without its number.
pub fn said(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::StorageFull => "no space left on the device".to_owned(),
        io::ErrorKind::QuotaExceeded => "your share of the disk is used up".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        io::ErrorKind::NotADirectory => "a part of the path is a file".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or_default().to_lowercase()
        }
    }
}

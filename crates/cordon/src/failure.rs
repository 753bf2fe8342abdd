//! Why a command did not do what was asked, and the exit code that says so.

use std::io;
use std::path::Path;
use std::process::ExitCode;

/// One line for the user: what, where, and what helps.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Exit code 1: the work failed.
    #[error("{0}")]
    Failed(String),
    /// Exit code 2: the command was used wrongly.
    #[error("{0}")]
    Wrong(String),
}

impl Failure {
    /// Writing failed; says what helps where the cause is known.
    pub fn writing(path: &Path, error: &io::Error) -> Self {
        let remedy = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "; free some space or choose another folder with --out; nothing was changed"
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                "; choose a folder that you may write to with --out"
            }
            _ => "",
        };
        Self::Failed(format!("{}: cannot write: {error}{remedy}", path.display()))
    }

    /// Reading failed.
    pub fn reading(path: &Path, error: &io::Error) -> Self {
        Self::Wrong(format!("{}: cannot read: {error}", path.display()))
    }

    /// 1 failed, 2 wrong use.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Failed(_) => ExitCode::from(1),
            Self::Wrong(_) => ExitCode::from(2),
        }
    }
}

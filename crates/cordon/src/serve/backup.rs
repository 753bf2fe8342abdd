//! `cordon backup` and `cordon restore`: copies of everything that the platform keeps.

use store::{Sqlite, StoreError};

use crate::arguments::Copy;
use crate::failure::Failure;
use crate::folder;

/// Writes a copy, while the platform runs or not.
pub fn backup(arguments: &Copy) -> Result<(), Failure> {
    let data = folder::data(arguments.data.as_deref())?;
    Sqlite::copy(&data, &arguments.file).map_err(failure)?;
    told(&format!("{} holds everything of {}", arguments.file.display(), data.display()))
}

/// Puts a copy where nothing is yet.
pub fn restore(arguments: &Copy) -> Result<(), Failure> {
    let data = folder::data(arguments.data.as_deref())?;
    Sqlite::restore(&arguments.file, &data).map_err(failure)?;
    told(&format!("{} is restored: start it with cordon serve --data {}", data.display(), data.display()))
}

fn told(text: &str) -> Result<(), Failure> {
    crate::print(&format!("{text}\n"), "it is done all the same")
}

fn failure(error: StoreError) -> Failure {
    match error {
        StoreError::Refused { .. } | StoreError::Damaged { .. } => Failure::Wrong(error.to_string()),
        _ => Failure::Failed(error.to_string()),
    }
}

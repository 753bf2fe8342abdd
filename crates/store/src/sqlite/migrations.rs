//! The formats that the database went through: numbered steps, each done once, whole or not at all.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::explained;
use crate::StoreError;

/// Step `n` (from 1) brings format `n - 1` to format `n`. A step that was released is never changed.
const STEPS: &[&str] = &[include_str!("migrations/0001_journal.sql"), include_str!("migrations/0002_records.sql")];

/// Brings the database to the newest format.
pub(super) fn run(connection: &mut Connection, place: &Path) -> Result<(), StoreError> {
    let failed = |error: rusqlite::Error| explained(place, &error);
    let known = u32::try_from(STEPS.len()).unwrap_or(u32::MAX);
    let found: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(failed)?;
    if found > known {
        return Err(StoreError::Newer { place: place.to_owned(), found, known });
    }
    for (format, step) in (1_u32..).zip(STEPS).skip(found as usize) {
        let mut migrate = || {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            transaction.execute_batch(step)?;
            transaction.pragma_update(None, "user_version", format)?;
            transaction.commit()
        };
        migrate().map_err(failed)?;
    }
    Ok(())
}

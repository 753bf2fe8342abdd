//! SQLite, built in: one folder, no server.
//!
//! Write-ahead log, `synchronous = FULL`: a commit is on the disk before it is acknowledged. One connection writes. The
//! folder is locked as long as the store is open.

mod migrations;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OptionalExtension, TransactionBehavior, params};

use crate::{Entry, Sequence, State, Store, StoreError};

/// The database, in its folder.
pub const DATABASE: &str = "cordon.db";
/// Locked as long as the store is open.
const LOCK: &str = "cordon.lock";
/// The oldest SQLite that is trusted: before it, two connections could damage the log (SQLite 3.51.3, 13 March 2026).
const VERSION_MIN: i32 = 3_051_003;
/// A state is kept in pieces of this many bytes.
const PIECE_BYTES: usize = 1 << 20;

/// A store in a folder.
pub struct Sqlite {
    place: PathBuf,
    connection: Connection,
    /// Held as long as the store is open.
    _lock: File,
}

impl Sqlite {
    /// Opens the store in a folder, which is made if it is missing; an older format is brought up to date.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let place = folder.to_owned();
        let unavailable = |detail: String| StoreError::Unavailable { place: place.clone(), detail };
        fs::create_dir_all(folder).map_err(|error| unavailable(error.to_string()))?;
        let lock = File::create(folder.join(LOCK)).map_err(|error| unavailable(error.to_string()))?;
        lock.try_lock().map_err(|error| match error {
            fs::TryLockError::WouldBlock => StoreError::InUse { place: place.clone() },
            fs::TryLockError::Error(error) => unavailable(error.to_string()),
        })?;
        if rusqlite::version_number() < VERSION_MIN {
            return Err(unavailable(format!("SQLite {} is too old", rusqlite::version())));
        }
        let mut connection = Connection::open(folder.join(DATABASE)).map_err(|error| explained(&place, &error))?;
        prepare(&connection).map_err(|error| explained(&place, &error))?;
        migrations::run(&mut connection, &place)?;
        Ok(Self { place, connection, _lock: lock })
    }

    /// The folder.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// Does something in one transaction: all of it, or nothing.
    fn write<T>(&mut self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        let Self { place, connection, .. } = self;
        let attempt = || {
            // Rolled back when it is dropped without a commit.
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        };
        attempt().map_err(|error| explained(place, &error))
    }
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // A log that grew while nobody could write it back shrinks again.
    connection.pragma_update(None, "journal_size_limit", 64 * 1_024 * 1_024)
}

/// What SQLite says, as a person has to know it.
fn explained(place: &Path, error: &rusqlite::Error) -> StoreError {
    let place = place.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full { place },
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            StoreError::Damaged { place, detail: error.to_string() }
        }
        _ => StoreError::Unavailable { place, detail: error.to_string() },
    }
}

/// The place of the last entry, whether or not it is still there.
fn last(connection: &Connection) -> rusqlite::Result<Sequence> {
    let kept = "SELECT seq FROM sqlite_sequence WHERE name = 'journal'";
    let last: Option<u64> = connection.query_row(kept, [], |row| row.get(0)).optional()?;
    Ok(Sequence(last.unwrap_or(0)))
}

impl Store for Sqlite {
    fn append(&mut self, entries: &[&[u8]]) -> Result<Sequence, StoreError> {
        self.write(|transaction| {
            let mut insert = transaction.prepare_cached("INSERT INTO journal (bytes) VALUES (?1)")?;
            for bytes in entries {
                insert.execute([bytes])?;
            }
            last(transaction)
        })
    }

    fn journal(&mut self, after: Sequence, limit: usize) -> Result<Vec<Entry>, StoreError> {
        let read = || {
            let wanted = "SELECT sequence, bytes FROM journal WHERE sequence > ?1 ORDER BY sequence LIMIT ?2";
            let mut select = self.connection.prepare_cached(wanted)?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let rows = select.query_map(params![after.0, limit], |row| {
                Ok(Entry { sequence: Sequence(row.get(0)?), bytes: row.get(1)? })
            })?;
            rows.collect::<rusqlite::Result<Vec<Entry>>>()
        };
        read().map_err(|error| explained(&self.place, &error))
    }

    fn keep_state(&mut self, state: &State) -> Result<(), StoreError> {
        self.write(|transaction| {
            transaction.execute("DELETE FROM state_piece", [])?;
            let mut insert = transaction.prepare_cached("INSERT INTO state_piece (number, bytes) VALUES (?1, ?2)")?;
            for (number, piece) in (0_u64..).zip(state.bytes.chunks(PIECE_BYTES)) {
                insert.execute(params![number, piece])?;
            }
            let keep = "INSERT INTO state (one, upto) VALUES (1, ?1) ON CONFLICT (one) DO UPDATE SET upto = ?1";
            transaction.execute(keep, [state.upto.0])?;
            transaction.execute("DELETE FROM journal WHERE sequence <= ?1", [state.upto.0])?;
            Ok(())
        })
    }

    fn state(&mut self) -> Result<Option<State>, StoreError> {
        let read = || {
            let upto = self.connection.query_row("SELECT upto FROM state", [], |row| row.get(0)).optional()?;
            let Some(upto) = upto else { return Ok(None) };
            let mut bytes = Vec::new();
            let mut select = self.connection.prepare_cached("SELECT bytes FROM state_piece ORDER BY number")?;
            let mut rows = select.query([])?;
            while let Some(row) = rows.next()? {
                bytes.extend_from_slice(row.get_ref(0)?.as_blob()?);
            }
            Ok(Some(State { upto: Sequence(upto), bytes }))
        };
        read().map_err(|error| explained(&self.place, &error))
    }

    fn check(&mut self) -> Result<(), StoreError> {
        let asked = self.connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get::<_, String>(0));
        match asked {
            Ok(told) if told == "ok" => Ok(()),
            Ok(detail) => Err(StoreError::Damaged { place: self.place.clone(), detail }),
            Err(error) => Err(explained(&self.place, &error)),
        }
    }

    fn back_up(&mut self, to: &Path) -> Result<(), StoreError> {
        let target = to.to_string_lossy().into_owned();
        // Into a new file only; one statement, so the copy is of one moment.
        self.connection.execute("VACUUM INTO ?1", [target]).map_err(|error| explained(&self.place, &error))?;
        File::open(to).and_then(|file| file.sync_all()).map_err(|error| StoreError::Unavailable {
            place: self.place.clone(),
            detail: format!("{}: {error}", to.display()),
        })
    }
}

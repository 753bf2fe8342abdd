//! SQLite, built in: one folder, no server.
//!
//! Write-ahead log, `synchronous = FULL`: a commit is on the disk before it is acknowledged. One connection writes. The
//! folder is locked as long as the store is open.

mod migrations;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, TransactionBehavior, params};

use crate::{Change, Entry, Sequence, State, Store, StoreError};

/// The database, in its folder.
pub const DATABASE: &str = "cordon.db";
/// Locked as long as the store is open.
const LOCK: &str = "cordon.lock";
/// The oldest SQLite that is trusted: before it, two connections could damage the log (SQLite 3.51.3, 13 March 2026).
const VERSION_MIN: i32 = 3_051_003;
/// Behind the name of a copy that is not finished.
const UNFINISHED: &str = ".part";
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
        let lock = locked(folder)?;
        if rusqlite::version_number() < VERSION_MIN {
            let detail = format!("SQLite {} is too old: build Cordon with the one that it brings", rusqlite::version());
            return Err(StoreError::Refused { place, detail });
        }
        let mut connection = Connection::open(folder.join(DATABASE)).map_err(|error| explained(&place, &error))?;
        prepare(&connection).map_err(|error| explained(&place, &error))?;
        migrations::run(&mut connection, &place)?;
        Ok(Self { place, connection, _lock: lock })
    }

    /// Writes a copy of the store in a folder, as it is at one moment, to a file that is not there yet; whoever has it open
    /// goes on.
    pub fn copy(folder: &Path, to: &Path) -> Result<(), StoreError> {
        let connection = reader(&folder.join(DATABASE), folder)?;
        copied(&connection, to)
    }

    /// Puts a copy in place of what a folder holds, which has to be nothing. The copy is looked through first.
    pub fn restore(from: &Path, folder: &Path) -> Result<(), StoreError> {
        let connection = reader(from, from)?;
        let asked = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get::<_, String>(0));
        let told = asked.map_err(|error| explained(from, &error))?;
        let version: u32 = connection
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(|error| explained(from, &error))?;
        if told != "ok" || version == 0 {
            let detail = if told == "ok" { "it is no copy of Cordon's data".to_owned() } else { told };
            return Err(StoreError::Damaged { place: from.to_owned(), detail });
        }
        let _lock = locked(folder)?;
        // A log that belongs to another database would be read into the copy.
        let files = [DATABASE.to_owned(), format!("{DATABASE}-wal"), format!("{DATABASE}-shm")];
        if let Some(there) = files.iter().find(|file| folder.join(file).exists()) {
            let detail = format!("holds {there} already: name another folder, or move all of {DATABASE}* away");
            return Err(StoreError::Refused { place: folder.to_owned(), detail });
        }
        copied(&connection, &folder.join(DATABASE))
    }

    /// The folder.
    pub fn place(&self) -> &Path {
        &self.place
    }

    fn state_place(&self) -> Result<Sequence, StoreError> {
        Ok(kept(&self.connection).map_err(|error| explained(&self.place, &error))?.unwrap_or_default())
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

/// Makes the folder if it is missing, and keeps it for this process as long as the lock is held.
fn locked(folder: &Path) -> Result<File, StoreError> {
    let failed = |error: io::Error| said(folder, &error);
    fs::create_dir_all(folder).map_err(failed)?;
    let lock = File::create(folder.join(LOCK)).map_err(failed)?;
    lock.try_lock().map_err(|error| match error {
        fs::TryLockError::WouldBlock => StoreError::InUse { place: folder.to_owned() },
        fs::TryLockError::Error(error) => failed(error),
    })?;
    Ok(lock)
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
        Some(
            ErrorCode::SystemIoFailure
            | ErrorCode::ReadOnly
            | ErrorCode::CannotOpen
            | ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::OutOfMemory,
        ) => StoreError::Unavailable { place, detail: error.to_string() },
        _ => StoreError::Refused { place, detail: error.to_string() },
    }
}

/// What the system says of a file, as a person has to know it.
fn said(place: &Path, error: &io::Error) -> StoreError {
    let place = place.to_owned();
    let detail = error.to_string();
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full { place },
        io::ErrorKind::PermissionDenied | io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            StoreError::Refused { place, detail: format!("{detail}: name a folder that you may write to") }
        }
        _ => StoreError::Unavailable { place, detail },
    }
}

/// The place of the last entry, whether or not it is still there.
fn last(connection: &Connection) -> rusqlite::Result<Sequence> {
    let kept = "SELECT seq FROM sqlite_sequence WHERE name = 'journal'";
    let last: Option<u64> = connection.query_row(kept, [], |row| row.get(0)).optional()?;
    Ok(Sequence(last.unwrap_or(0)))
}

/// Up to which entry a state is kept.
fn kept(connection: &Connection) -> rusqlite::Result<Option<Sequence>> {
    connection.query_row("SELECT upto FROM state", [], |row| row.get(0).map(Sequence)).optional()
}

fn changed(transaction: &Connection, changes: &[Change<'_>]) -> rusqlite::Result<()> {
    for change in changes {
        match *change {
            Change::Put { kind, name, bytes } => {
                let put = "INSERT INTO record (kind, name, bytes) VALUES (?1, ?2, ?3) \
                           ON CONFLICT (kind, name) DO UPDATE SET bytes = ?3";
                transaction.prepare_cached(put)?.execute(params![kind, name, bytes])?;
            }
            Change::Remove { kind, name } => {
                let remove = "DELETE FROM record WHERE kind = ?1 AND name = ?2";
                transaction.prepare_cached(remove)?.execute(params![kind, name])?;
            }
            Change::Trim { log, keep } => {
                let trim = "DELETE FROM note WHERE log = ?1 AND sequence <= \
                            (SELECT sequence FROM note WHERE log = ?1 ORDER BY sequence DESC LIMIT 1 OFFSET ?2)";
                transaction.prepare_cached(trim)?.execute(params![log, keep])?;
            }
            Change::Note { log, bytes } => {
                let note = "INSERT INTO note (log, bytes) VALUES (?1, ?2)";
                transaction.prepare_cached(note)?.execute(params![log, bytes])?;
            }
        }
    }
    Ok(())
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

    fn keep_state(&mut self, state: &State, changes: &[Change<'_>]) -> Result<(), StoreError> {
        let kept = self.state_place()?;
        let last = last(&self.connection).map_err(|error| explained(&self.place, &error))?;
        if state.upto < kept || state.upto > last {
            let detail = format!(
                "a state up to entry {} would lose entries: {} is kept, the last is {}",
                state.upto.0, kept.0, last.0
            );
            return Err(StoreError::Refused { place: self.place.clone(), detail });
        }
        self.write(|transaction| {
            transaction.execute("DELETE FROM state_piece", [])?;
            let mut insert = transaction.prepare_cached("INSERT INTO state_piece (number, bytes) VALUES (?1, ?2)")?;
            for (number, piece) in (0_u64..).zip(state.bytes.chunks(PIECE_BYTES)) {
                insert.execute(params![number, piece])?;
            }
            let keep = "INSERT INTO state (one, upto) VALUES (1, ?1) ON CONFLICT (one) DO UPDATE SET upto = ?1";
            transaction.execute(keep, [state.upto.0])?;
            transaction.execute("DELETE FROM journal WHERE sequence <= ?1", [state.upto.0])?;
            changed(transaction, changes)
        })
    }

    fn state(&mut self) -> Result<Option<State>, StoreError> {
        let read = || {
            let Some(upto) = kept(&self.connection)? else { return Ok(None) };
            let mut bytes = Vec::new();
            let mut select = self.connection.prepare_cached("SELECT bytes FROM state_piece ORDER BY number")?;
            let mut rows = select.query([])?;
            while let Some(row) = rows.next()? {
                bytes.extend_from_slice(row.get_ref(0)?.as_blob()?);
            }
            Ok(Some(State { upto, bytes }))
        };
        read().map_err(|error| explained(&self.place, &error))
    }

    fn change(&mut self, changes: &[Change<'_>]) -> Result<(), StoreError> {
        self.write(|transaction| changed(transaction, changes))
    }

    fn records(&mut self, kind: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let read = || {
            let wanted = "SELECT name, bytes FROM record WHERE kind = ?1 ORDER BY name";
            let mut select = self.connection.prepare_cached(wanted)?;
            let rows = select.query_map([kind], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|error| explained(&self.place, &error))
    }

    fn record(&mut self, kind: &str, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let read = || {
            let wanted = "SELECT bytes FROM record WHERE kind = ?1 AND name = ?2";
            self.connection.prepare_cached(wanted)?.query_row([kind, name], |row| row.get(0)).optional()
        };
        read().map_err(|error| explained(&self.place, &error))
    }

    fn names(&mut self, kind: &str) -> Result<Vec<String>, StoreError> {
        let read = || {
            let mut select = self.connection.prepare_cached("SELECT name FROM record WHERE kind = ?1 ORDER BY name")?;
            let rows = select.query_map([kind], |row| row.get(0))?;
            rows.collect::<rusqlite::Result<Vec<String>>>()
        };
        read().map_err(|error| explained(&self.place, &error))
    }

    fn notes(&mut self, log: &str, before: Sequence, limit: usize) -> Result<Vec<Entry>, StoreError> {
        let read = || {
            let wanted =
                "SELECT sequence, bytes FROM note WHERE log = ?1 AND sequence < ?2 ORDER BY sequence DESC LIMIT ?3";
            let mut select = self.connection.prepare_cached(wanted)?;
            let (before, limit) = (i64::try_from(before.0), i64::try_from(limit));
            let bounds = params![log, before.unwrap_or(i64::MAX), limit.unwrap_or(i64::MAX)];
            let rows =
                select.query_map(bounds, |row| Ok(Entry { sequence: Sequence(row.get(0)?), bytes: row.get(1)? }))?;
            rows.collect::<rusqlite::Result<Vec<Entry>>>()
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
        copied(&self.connection, to)
    }
}

/// Looks into a database without changing it.
fn reader(file: &Path, place: &Path) -> Result<Connection, StoreError> {
    if !file.is_file() {
        let detail = format!("there is no {DATABASE} of Cordon: name the folder or the copy");
        return Err(StoreError::Refused { place: place.to_owned(), detail });
    }
    Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(|error| explained(place, &error))
}

/// Makes an empty file that nobody else may read: a copy holds what people signed in with.
fn private(path: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(|_| ())
}

/// Writes a copy to a file that is not there yet. Whole, or not there.
fn copied(connection: &Connection, to: &Path) -> Result<(), StoreError> {
    let refused = |detail: &str| StoreError::Refused { place: to.to_owned(), detail: detail.to_owned() };
    if to.exists() {
        return Err(refused("is there already: a copy never takes the place of another"));
    }
    let mut begun = to.as_os_str().to_owned();
    begun.push(UNFINISHED);
    let begun = PathBuf::from(begun);
    let target = begun.to_str().ok_or_else(|| refused("the name is no UTF-8: name another file"))?;
    // What a copy that was cut off left behind is nobody's.
    let _ = fs::remove_file(&begun);
    private(&begun).map_err(|error| said(to, &error))?;
    let copied = connection.execute("VACUUM INTO ?1", [target]).map_err(|error| explained(to, &error));
    let finish =
        || {
            File::open(&begun)?.sync_all()?;
            fs::rename(&begun, to)?;
            to.parent().map_or(Ok(()), |folder| {
                if folder.as_os_str().is_empty() { Ok(()) } else { File::open(folder)?.sync_all() }
            })
        };
    let done = copied.and_then(|_| finish().map_err(|error| said(to, &error)));
    if done.is_err() {
        let _ = fs::remove_file(&begun);
    }
    done
}

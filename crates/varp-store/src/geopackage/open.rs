//! Opening and closing, the read pool, and the one writer.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::{Doing, GeoPackage, care, functions, schema};
use crate::{Result, StoreError};

/// How long a writer waits for another before it gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// Statements kept prepared per connection.
const STATEMENTS: usize = 128;

/// A connection that reads, and the last state of the file that it looked at.
pub(super) struct Reader {
    connection: Connection,
    seen: i64,
}

impl GeoPackage {
    /// Makes a new register.
    ///
    /// # Errors
    /// [`StoreError::Open`] if the file exists or cannot be made.
    pub fn create(path: &Path) -> Result<Self> {
        if std::fs::metadata(path).is_ok_and(|m| m.len() > 0) {
            return Err(refused(path, "the file exists already"));
        }
        let connection = connect(path, OpenFlags::SQLITE_OPEN_CREATE)?;
        Self::with_writer(path, connection, true)
    }

    /// Opens a register and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError::Open`] if there is no such file, [`StoreError::NotARegister`] if it is
    /// something else, [`StoreError::TooNew`] if a newer program wrote it.
    pub fn open(path: &Path) -> Result<Self> {
        let connection = connect(path, OpenFlags::empty())?;
        Self::with_writer(path, connection, false)
    }

    /// Opens the register, or makes it if there is no such file.
    ///
    /// # Errors
    /// Those of [`GeoPackage::open`] and [`GeoPackage::create`].
    pub fn open_or_create(path: &Path) -> Result<Self> {
        let connection = connect(path, OpenFlags::SQLITE_OPEN_CREATE)?;
        Self::with_writer(path, connection, true)
    }

    /// Waits this long for another writer, instead of 20 seconds.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn with_writer(path: &Path, connection: Connection, may_create: bool) -> Result<Self> {
        connection.busy_timeout(PATIENCE).doing("opening the register")?;
        match found_schema(path, &connection)? {
            None if !may_create => {
                return Err(StoreError::NotARegister {
                    path: path.to_owned(),
                    reason: "it is empty".into(),
                });
            }
            found => bring_up_to_date(path, &connection, found.unwrap_or(0))?,
        }
        // Not granted while another program holds the file in its own mode: then that mode stays.
        let _ = connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()));
        connection
            .execute_batch("PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -65536;")
            .doing("opening the register")?;
        let store = Self {
            path: path.to_owned(),
            patience: PATIENCE,
            writer: Mutex::new(connection),
            readers: Mutex::new(Vec::new()),
            totals: Mutex::default(),
        };
        match store.take_in() {
            Ok(_) | Err(StoreError::Busy { .. }) => Ok(store),
            Err(error) => Err(error),
        }
    }

    /// Runs `read` on one state of the register, whatever others write meanwhile.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let pooled = lock(&self.readers).pop();
        let mut reader = match pooled {
            Some(reader) => reader,
            None => self.new_reader()?,
        };
        self.look(&mut reader)?;
        let connection = &reader.connection;
        execute(connection, "BEGIN").doing("starting to read")?;
        let answer = read(connection);
        execute(connection, "COMMIT").doing("ending a read")?;
        lock(&self.readers).push(reader);
        answer
    }

    fn new_reader(&self) -> Result<Reader> {
        let connection = connect(&self.path, OpenFlags::empty())?;
        connection.busy_timeout(self.patience).doing("opening the register")?;
        connection
            .execute_batch(
                "PRAGMA query_only = ON; PRAGMA cache_size = -32768; PRAGMA mmap_size = 268435456;",
            )
            .doing("opening the register")?;
        Ok(Reader { connection, seen: -1 })
    }

    /// Takes in edits of other programs, if the file moved since this connection last looked.
    fn look(&self, reader: &mut Reader) -> Result<()> {
        let now: i64 = reader
            .connection
            .prepare_cached("PRAGMA data_version")
            .and_then(|mut s| s.query_row([], |row| row.get(0)))
            .doing("looking for edits")?;
        if now == reader.seen {
            return Ok(());
        }
        if care::foreign_edits_wait(&reader.connection)? {
            match self.take_in() {
                Ok(_) => {}
                Err(StoreError::Busy { .. }) => return Ok(()), // the next reader looks again
                Err(error) => return Err(error),
            }
        }
        reader.seen = now;
        Ok(())
    }

    /// The writer, as soon as no thread of this program uses it.
    pub(super) fn writer(&self) -> Result<MutexGuard<'_, Connection>> {
        let start = Instant::now();
        let writer = loop {
            match self.writer.try_lock() {
                Ok(guard) => break guard,
                Err(TryLockError::Poisoned(poisoned)) => break poisoned.into_inner(),
                Err(TryLockError::WouldBlock) if start.elapsed() >= self.patience => {
                    return Err(StoreError::Busy { waited_s: self.patience.as_secs() });
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(5)),
            }
        };
        if !writer.is_autocommit() {
            execute(&writer, "ROLLBACK").doing("ending what a failed thread left")?;
        }
        let left = self.patience.saturating_sub(start.elapsed());
        writer.busy_timeout(left.max(Duration::from_millis(1))).doing("waiting to write")?;
        Ok(writer)
    }

    /// Starts the write transaction on a writer.
    pub(super) fn begin(&self, writer: &Connection) -> Result<()> {
        execute(writer, "BEGIN IMMEDIATE").map_err(|error| match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
                StoreError::Busy { waited_s: self.patience.as_secs() }
            }
            _ => StoreError::Database { doing: "starting to write", source: error },
        })
    }
}

impl Drop for GeoPackage {
    /// Leaves one plain file behind, if nobody else has it open.
    fn drop(&mut self) {
        lock(&self.readers).clear();
        let writer = lock(&self.writer);
        let _ = writer.busy_timeout(Duration::from_millis(100));
        let _ = writer.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
        let _ = writer.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()));
    }
}

/// A lock whose data stays true when a thread panics: a pool, or a connection that rolls back.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs a statement that gives no rows, keeping it prepared.
pub(super) fn execute(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(|_| ())
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let flags = flags | OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)
        .map_err(|error| refused(path, &error.to_string()))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Else SQLite looks at the value bound to LIMIT and prepares the statement again for each.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .doing("opening the register")?;
    functions::register(&connection).doing("registering spatial functions")?;
    Ok(connection)
}

fn refused(path: &Path, reason: &str) -> StoreError {
    StoreError::Open { path: path.to_owned(), reason: reason.to_owned() }
}

/// Schema of the register; `None` for a file without any table.
fn found_schema(path: &Path, connection: &Connection) -> Result<Option<u32>> {
    let not = |reason: &str| StoreError::NotARegister {
        path: PathBuf::from(path),
        reason: reason.into(),
    };
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(|error| match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => not("it is not a GeoPackage"),
            Some(rusqlite::ErrorCode::DatabaseBusy) => {
                StoreError::Busy { waited_s: PATIENCE.as_secs() }
            }
            _ => refused(path, &error.to_string()),
        })?;
    if tables == 0 {
        return Ok(None);
    }
    let application: i64 = connection
        .query_row("PRAGMA application_id", [], |row| row.get(0))
        .doing("reading the kind of file")?;
    let register: bool = connection
        .query_row(
            "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'register')
               AND EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'results')",
            [],
            |row| row.get(0),
        )
        .doing("reading the kind of file")?;
    if application != schema::APPLICATION_ID {
        return Err(not("it is a database, but no GeoPackage"));
    }
    if !register {
        return Err(not("it is a GeoPackage of another program; import its layers instead"));
    }
    connection
        .query_row("SELECT value FROM register WHERE name = 'schema'", [], |row| row.get(0))
        .optional()
        .doing("reading the schema")?
        .map_or_else(|| Err(not("it does not state its schema")), |found| Ok(Some(found)))
}

fn bring_up_to_date(path: &Path, connection: &Connection, found: u32) -> Result<()> {
    if found > schema::KNOWN {
        return Err(StoreError::TooNew { found, known: schema::KNOWN });
    }
    if found == schema::KNOWN && schema::complete(connection).doing("reading the schema")? {
        return Ok(());
    }
    execute(connection, "BEGIN IMMEDIATE").doing("starting to write")?;
    // Another program may have made it meanwhile.
    let found = found_schema(path, connection)?.unwrap_or(0);
    match schema::migrate(connection, found) {
        Ok(()) => execute(connection, "COMMIT").doing("bringing the schema up to date"),
        Err(error) => {
            execute(connection, "ROLLBACK").doing("leaving the schema as it was")?;
            Err(error)
        }
    }
}

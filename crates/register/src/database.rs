//! Database: the file itself. Looked at before it is touched, opened with every safety on, held alone.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::RegisterError;
use crate::schema;

/// Makes a register where none is: whole under a passing name first, so that a crash leaves none or a whole one.
pub(crate) fn create(path: &Path) -> Result<Connection, RegisterError> {
    if path.try_exists()? {
        return Err(RegisterError::Exists);
    }
    let passing = beside(path, ".new");
    for leftover in [
        passing.clone(),
        beside(&passing, "-wal"),
        beside(&passing, "-shm"),
    ] {
        match std::fs::remove_file(&leftover) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            Ok(()) | Err(_) => {}
        }
    }
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(FILE_MODE)
        .open(&passing)?;
    let mut connection = connect(&passing, WRITING)?;
    prepare(&connection)?;
    schema::migrate(&mut connection)?;
    connection.close().map_err(|(_, error)| error)?;
    std::fs::rename(&passing, path)?;
    if let Some(directory) = path.parent() {
        File::open(directory)?.sync_all()?;
    }
    open(path)
}

/// Opens the register at `path`. What cannot be opened is left as it is.
pub(crate) fn open(path: &Path) -> Result<Connection, RegisterError> {
    look(path)?;
    let mut connection = connect(path, WRITING)?;
    // Until all is known to be well, closing again must not write back either.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    prepare(&connection)?;
    // Taken once and kept: with this locking mode the lock of the first transaction is not let go.
    connection.execute_batch("BEGIN EXCLUSIVE; COMMIT")?;
    schema::migrate(&mut connection)?;
    connection.query_row(
        "SELECT value FROM counter WHERE name = 'generation'",
        [],
        |row| row.get::<_, i64>(0),
    )?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(connection)
}

/// Reads the first page's header, and the version a crash may have left in the write-ahead log; writes nothing.
fn look(path: &Path) -> Result<(), RegisterError> {
    let mut header = Vec::with_capacity(HEADER);
    let file = File::open(path)?;
    let octets = file.metadata()?.len();
    file.take(HEADER_U64).read_to_end(&mut header)?;
    let header = header
        .first_chunk::<HEADER>()
        .filter(|header| header.starts_with(MAGIC))
        .ok_or(RegisterError::NotADatabase)?;
    if field(header, AT_APPLICATION_ID) != schema::APPLICATION_ID {
        return Err(RegisterError::NotARegister);
    }
    refuse_newer(field(header, AT_USER_VERSION))?;
    let ahead = std::fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0);
    if ahead {
        return refuse_newer(schema::version(&connect(
            path,
            OpenFlags::SQLITE_OPEN_READ_ONLY,
        )?)?);
    }
    if octets < u64::from(field(header, AT_PAGES)) * page_octets(header) {
        return Err(RegisterError::Corrupt {
            what: "the file is cut short",
        });
    }
    Ok(())
}

fn refuse_newer(found: u32) -> Result<(), RegisterError> {
    let known = schema::newest();
    if found > known {
        Err(RegisterError::Newer { found, known })
    } else {
        Ok(())
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, RegisterError> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(LOCK_WAIT)?;
    Ok(connection)
}

/// The settings of one connection. Each that answers is asked, so that none is taken for granted.
fn prepare(connection: &Connection) -> Result<(), RegisterError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    set(connection, "locking_mode", "exclusive")?;
    set(connection, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cell_size_check", "ON")?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update(None, "journal_size_limit", WAL_KEPT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    Ok(())
}

fn set(connection: &Connection, pragma: &str, wanted: &str) -> Result<(), RegisterError> {
    let now: String = connection.pragma_update_and_check(None, pragma, wanted, |row| row.get(0))?;
    if now == wanted {
        Ok(())
    } else {
        Err(RegisterError::Disk {
            what: format!("{pragma} cannot be {wanted} here"),
        })
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn field(header: &[u8; HEADER], at: usize) -> u32 {
    header
        .get(at..)
        .and_then(<[u8]>::first_chunk)
        .map_or(0, |octets| u32::from_be_bytes(*octets))
}

/// The page size is a u16be; 1 stands for 65,536.
fn page_octets(header: &[u8; HEADER]) -> u64 {
    let stored = header
        .get(AT_PAGE_SIZE..)
        .and_then(<[u8]>::first_chunk)
        .map_or(0, |octets| u16::from_be_bytes(*octets));
    if stored == 1 {
        65_536
    } else {
        u64::from(stored)
    }
}

const WRITING: OpenFlags = OpenFlags::SQLITE_OPEN_READ_WRITE;
const FILE_MODE: u32 = 0o600;
/// How long a process that is just ending may still hold the lock.
const LOCK_WAIT: Duration = Duration::from_secs(1);
pub(crate) const CACHE_KIB: i64 = 2_048;
const STATEMENTS_KEPT: usize = 64;
/// Octets the write-ahead log keeps on disk after a large change.
const WAL_KEPT: i64 = 16 << 20;
// SQLite's database header, https://www.sqlite.org/fileformat.html section 1.3.
const HEADER: usize = 100;
const HEADER_U64: u64 = 100;
const MAGIC: &[u8] = b"SQLite format 3\0";
const AT_PAGE_SIZE: usize = 16;
const AT_PAGES: usize = 28;
const AT_USER_VERSION: usize = 60;
const AT_APPLICATION_ID: usize = 68;

//! Database: the file itself. Looked at before it is touched, opened with every safety on, held alone.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::counter::counter;
use crate::error::RegisterError;
use crate::schema;
use crate::storage_error::StorageError;

/// Makes a register where none is: whole under a passing name first, so that a crash leaves none or a whole one.
pub(crate) fn create(path: &Path) -> Result<Connection, RegisterError> {
    if path.try_exists()? {
        return Err(StorageError::Exists.into());
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
    counter(&connection, "generation")?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(connection)
}

/// Reads the first page's header, then the version and the schema as SQLite sees them, with what a crash may have left in
/// the write-ahead log; writes nothing.
pub(crate) fn look(path: &Path) -> Result<(), RegisterError> {
    let mut header = Vec::with_capacity(HEADER);
    let file = File::open(path)?;
    let octets = file.metadata()?.len();
    file.take(HEADER_U64).read_to_end(&mut header)?;
    let header = header
        .first_chunk::<HEADER>()
        .filter(|header| header.starts_with(MAGIC))
        .ok_or(StorageError::NotADatabase)?;
    if field(header, AT_APPLICATION_ID) != schema::APPLICATION_ID {
        return Err(StorageError::NotARegister.into());
    }
    refuse_newer(field(header, AT_USER_VERSION))?;
    let is_ahead = std::fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0);
    if !is_ahead && octets < u64::from(field(header, AT_PAGES)) * page_octets(header) {
        return Err(RegisterError::corrupt("the file is cut short"));
    }
    let reading = if is_ahead {
        connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?
    } else {
        connect(
            &immutable(path),
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI,
        )?
    };
    reading.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    refuse_newer(schema::version(&reading)?)?;
    counter(&reading, "generation").map(|_| ())
}

/// The name under which SQLite reads a file without any other beside it; octets that mean something in a URI are escaped.
pub(crate) fn immutable(path: &Path) -> PathBuf {
    let mut uri = String::from("file:");
    for octet in path.as_os_str().as_bytes() {
        if octet.is_ascii_alphanumeric() || b"/-_.~".contains(octet) {
            uri.push(char::from(*octet));
        } else {
            uri.push_str(&format!("%{octet:02X}"));
        }
    }
    uri.push_str("?immutable=1");
    PathBuf::from(uri)
}

fn refuse_newer(found: u32) -> Result<(), RegisterError> {
    let known = schema::newest();
    if found > known {
        Err(StorageError::Newer { found, known }.into())
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
    // One plan a statement, whatever is bound: otherwise SQLite parses anew at every other value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
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
        Err(StorageError::Disk {
            what: format!("{pragma} cannot be {wanted} here"),
        }
        .into())
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// What `open` says, and whether any file in the directory is other than before.
    fn refused(directory: &Path) -> StorageError {
        let before = files(directory);
        let refusal = match open(&directory.join("register.db")) {
            Err(RegisterError::Storage(refusal)) => refusal,
            other => panic!("{other:?}"),
        };
        let after = files(directory);
        let changed: Vec<&String> = before
            .keys()
            .chain(after.keys())
            .filter(|name| before.get(*name) != after.get(*name))
            .collect();
        assert!(changed.is_empty(), "{refusal}: {changed:?}");
        refusal
    }

    fn files(directory: &Path) -> BTreeMap<String, Vec<u8>> {
        let entries = std::fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap());
        // The index of the log is scratch: SQLite makes it whenever it reads.
        let entries = entries.filter(|entry| !entry.path().ends_with("register.db-shm"));
        entries
            .map(|entry| {
                (
                    entry.file_name().into_string().unwrap(),
                    std::fs::read(entry.path()).unwrap(),
                )
            })
            .collect()
    }

    fn register() -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("register.db");
        create(&path).unwrap();
        (directory, path)
    }

    fn alter(path: &Path, at: usize, bytes: &[u8]) {
        let mut octets = std::fs::read(path).unwrap();
        octets[at..at + bytes.len()].copy_from_slice(bytes);
        std::fs::write(path, octets).unwrap();
    }

    #[test]
    fn a_register_is_made_once_and_readable_by_its_owner_only() {
        let (directory, path) = register();
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert!(matches!(
            create(&path).unwrap_err(),
            RegisterError::Storage(StorageError::Exists)
        ));
        assert_eq!(
            files(directory.path()).into_keys().collect::<Vec<_>>(),
            ["register.db"]
        );
    }

    #[test]
    fn a_leftover_of_a_crash_while_making_one_is_no_obstacle() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("register.db.new"), b"half").unwrap();
        std::fs::write(directory.path().join("register.db.new-wal"), b"half").unwrap();
        create(&directory.path().join("register.db")).unwrap();
    }

    #[test]
    fn the_settings_are_what_was_asked() {
        let (_directory, path) = register();
        let connection = open(&path).unwrap();
        let is = |pragma: &str| {
            connection
                .pragma_query_value::<rusqlite::types::Value, _>(None, pragma, |row| row.get(0))
                .unwrap()
        };
        assert_eq!(is("journal_mode"), "wal".to_owned().into());
        assert_eq!(is("locking_mode"), "exclusive".to_owned().into());
        for (pragma, value) in [
            ("synchronous", 2_i64),
            ("foreign_keys", 1),
            ("trusted_schema", 0),
            ("secure_delete", 1),
            ("temp_store", 2),
        ] {
            assert_eq!(is(pragma), value.into(), "{pragma}");
        }
    }

    #[test]
    fn what_is_no_register_is_refused_and_left_as_it_is() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("register.db");
        assert_eq!(refused(directory.path()), StorageError::Missing);
        for content in [b"".to_vec(), b"SQLite format 3\0".to_vec(), vec![7; 5000]] {
            std::fs::write(&path, content).unwrap();
            assert_eq!(refused(directory.path()), StorageError::NotADatabase);
        }
        std::fs::remove_file(&path).unwrap();
        Connection::open(&path)
            .unwrap()
            .execute_batch("CREATE TABLE a (x)")
            .unwrap();
        assert_eq!(refused(directory.path()), StorageError::NotARegister);
    }

    #[test]
    fn a_newer_register_is_refused_and_left_as_it_is() {
        let (directory, path) = register();
        alter(&path, AT_USER_VERSION, &99_u32.to_be_bytes());
        assert_eq!(
            refused(directory.path()),
            StorageError::Newer {
                found: 99,
                known: schema::newest()
            }
        );
    }

    #[test]
    fn a_newer_version_that_a_crash_left_in_the_write_ahead_log_is_seen() {
        let (directory, path) = register();
        let newer = Connection::open(&path).unwrap();
        newer
            .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
            .unwrap();
        let found = schema::newest() + 1;
        newer.pragma_update(None, "user_version", found).unwrap();
        drop(newer);
        assert!(files(directory.path())["register.db-wal"].len() > 4096);
        assert_eq!(
            refused(directory.path()),
            StorageError::Newer {
                found,
                known: schema::newest()
            }
        );
    }

    #[test]
    fn a_locked_register_is_refused_by_the_second() {
        let (_directory, path) = register();
        let first = open(&path).unwrap();
        assert!(matches!(
            open(&path).unwrap_err(),
            RegisterError::Storage(StorageError::Locked)
        ));
        drop(first);
        open(&path).unwrap();
    }

    #[test]
    fn a_damaged_register_is_refused_and_left_as_it_is() {
        let (directory, path) = register();
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        assert_eq!(
            refused(directory.path()),
            StorageError::Corrupt {
                what: "the file is cut short"
            }
        );
        std::fs::write(&path, &whole).unwrap();
        alter(&path, HEADER, &[0xFF; 3000]);
        assert_eq!(
            refused(directory.path()),
            StorageError::Corrupt {
                what: "SQLite found a malformed page"
            }
        );
    }
}

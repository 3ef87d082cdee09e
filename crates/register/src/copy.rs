//! A copy of the register while it is in use, by SQLite's backup interface.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};

use crate::error::RegisterError;
use crate::register::Register;

impl Register {
    /// Writes a copy, as it is now, to a new file (mode 0600); [`check_copy`] makes it durable.
    ///
    /// # Errors
    /// What SQLite or the disk says.
    pub fn copy_to(&self, path: &Path) -> Result<(), RegisterError> {
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        let mut copy = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        // A crash leaves a file that nobody calls a backup.
        copy.pragma_update(None, "synchronous", "OFF")?;
        Backup::new(&self.connection, &mut copy)?.run_to_completion(
            PAGES_A_STEP,
            Duration::ZERO,
            None,
        )?;
        // Alone in its file, without anything beside it.
        copy.pragma_update(None, "journal_mode", "delete")?;
        copy.close().map_err(|(_, error)| error)?;
        Ok(())
    }
}

/// Reads the whole of such a copy and makes it durable; the register it was made from may go on meanwhile.
///
/// # Errors
/// What SQLite or the disk says; [`StorageError::Corrupt`](crate::StorageError) if what was copied contradicts itself.
pub fn check_copy(path: &Path) -> Result<(), RegisterError> {
    let copy = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    let verdict: String = copy.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(RegisterError::corrupt(
            "a page or an index does not fit the others",
        ));
    }
    copy.close().map_err(|(_, error)| error)?;
    File::open(path)?.sync_all()?;
    Ok(())
}

const PAGES_A_STEP: std::ffi::c_int = 4_096;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::House;

    #[test]
    fn a_copy_is_the_register_of_the_moment_and_takes_no_key_with_it() {
        let mut house = House::settled();
        let id = house.active_supplier("Kari Nordmann", 7);
        let path = house.dir.path().join("copy.db");
        house.register.copy_to(&path).unwrap();
        check_copy(&path).unwrap();
        let later = house.active_supplier("Per", 8);
        assert!(
            house.register.copy_to(&path).is_err(),
            "nothing is written over"
        );
        let octets = std::fs::read(&path).unwrap();
        assert!(!octets.windows(8).any(|window| window == b"Nordmann"));
        let keys = std::sync::Arc::clone(&house.keys);
        let copy = Register::open(&path, keys, Box::new(crate::fixture::Counting::default()));
        let copy = copy.unwrap();
        assert!(copy.find(id).is_ok() && copy.find(later).is_err());
    }
}

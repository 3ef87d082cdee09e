//! Bodies of fuzz targets for what lies on the disk: records, snapshots, backups. All of it is under a check, a key or a
//! signature; here it is read as if somebody had got past that.

use event_log::foreign as log;
use key_store::{BackupError, foreign as keys, open_backup};
use portvaktd::foreign as daemon;
use register::foreign as register;

/// Whatever is taken for a record, a part, a seal or a segment's head is what would be written for it.
pub fn records(octets: &[u8]) {
    let Some((which, rest)) = octets.split_first() else {
        return;
    };
    let read = match which % 4 {
        0 => log::part(rest),
        1 => log::record(rest),
        2 => log::seal(rest),
        _ => log::segment_head(rest),
    };
    assert_ne!(read, Some(false), "kind {}", which % 4);
}

/// What is read of a snapshot is written so that it is read alike; nothing passes without the key.
pub fn snapshots(octets: &[u8]) {
    let Some((which, rest)) = octets.split_first() else {
        return;
    };
    match which % 3 {
        0 => {
            if let Some(written) = daemon::snapshot_payload(rest) {
                let again = daemon::snapshot_payload(&written);
                assert_eq!(again.as_ref(), Some(&written));
            }
        }
        1 => {
            if let Some([vouched, written]) = daemon::occupancy(rest) {
                assert_eq!(vouched, written);
            }
        }
        _ => assert!(!daemon::is_snapshot(rest)),
    }
}

/// A backup's list, its keys and what lies under the register's seals: read, or refused; what is read is written as it was.
pub fn backups(octets: &[u8]) {
    let Some((which, rest)) = octets.split_first() else {
        return;
    };
    match which % 4 {
        0 => {
            if let Some(written) = daemon::manifest(rest) {
                assert_eq!(daemon::manifest(&written), Some(written));
            }
        }
        1 => {
            if let Some(count) = keys::backup_entries(rest) {
                assert_eq!(count * 44, rest.len());
            }
        }
        2 => {
            // Blanks around a text are never written, and go when it is read.
            if let Some(packed) = register::sealed_person(rest) {
                assert_eq!(register::sealed_person(&packed), Some(packed));
            }
        }
        _ => {
            let cheap = [8_u32, 1, 1].into_iter().flat_map(u32::to_le_bytes);
            let head = b"PVKTKEYB\x01\0\0\0".iter().copied().chain(cheap);
            let sealed: Vec<u8> = head.chain(rest.iter().copied()).collect();
            let opened = open_backup(&sealed, "correct horse battery");
            assert!(matches!(
                opened,
                Err(BackupError::Refused | BackupError::NotABackup)
            ));
        }
    }
}

//! The former log: what a log goes on from that was begun anew, after a restore.
//!
//! A restored log never signs for the one before: that one may have grown behind the backup, and two logs of one name could be
//! told apart by nobody. It has an origin of its own, `ORIGIN/2`, then `ORIGIN/3`, and begins with the last checkpoint known of
//! the one before: as a file, `log/former`, and by its hash in its first record.

use std::fmt;

use key_store::Key32;
use key_store::disk::Disk;
use sha2::{Digest, Sha256};

use crate::checkpoint::Checkpoint;
use crate::error::LogError;
use crate::note::{Note, Signer, VerifierKey};
use crate::text_file;

/// The last checkpoint known of the log before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Former {
    note: String,
    /// What it says.
    pub checkpoint: Checkpoint,
}

impl Former {
    /// The log that this note is the checkpoint of, which the holder of the key signed.
    ///
    /// # Errors
    /// [`LogError::DamagedFile`] if it is not.
    pub fn new(note: &str, key: &VerifierKey) -> Result<Self, LogError> {
        let damaged = |what| LogError::DamagedFile {
            file: "log/former",
            what,
        };
        let parsed: Note = note.parse().map_err(|_| damaged("it is no signed note"))?;
        let checkpoint = Checkpoint::open(&parsed, key)
            .ok()
            .filter(|checkpoint| checkpoint.origin == key.name())
            .ok_or(damaged(
                "it is no checkpoint signed by the former log's key",
            ))?;
        Ok(Self {
            note: note.to_owned(),
            checkpoint,
        })
    }

    /// The checkpoint in this note, of whichever life of the log of this name, signed by its key.
    ///
    /// # Errors
    /// [`LogError::DamagedFile`] if it is none.
    pub fn of_any_life(note: &str, name: &str, signing: &Key32) -> Result<Self, LogError> {
        let origin = note.lines().next().unwrap_or_default();
        if !is_life_of(origin, name) {
            return Err(LogError::DamagedFile {
                file: "the checkpoint",
                what: "it is another house's",
            });
        }
        Self::new(note, &verifier_of(origin, signing))
    }

    /// How far it knows the house's past: which life of the log, and how many records of it.
    #[must_use]
    pub fn reach(&self) -> (u32, u64) {
        (split(&self.checkpoint.origin).1, self.checkpoint.size)
    }

    /// The origin of the log that goes on from it.
    #[must_use]
    pub fn next_origin(&self) -> String {
        let (name, life) = split(&self.checkpoint.origin);
        format!("{name}/{}", life.saturating_add(1))
    }

    /// Makes the note durable beside the log that goes on from it.
    pub(crate) fn store(&self, disk: &dyn Disk) -> Result<(), LogError> {
        disk.put_whole(PATH, self.note.as_bytes())
            .map_err(LogError::io("log/former cannot be written"))
    }

    /// What the log of this key goes on from; `None` for a first life. The key is the same under another name.
    ///
    /// # Errors
    /// [`LogError::DamagedFile`] if it is missing, or of another log; or what the disk says.
    pub(crate) fn load(disk: &dyn Disk, key: &VerifierKey) -> Result<Option<Self>, LogError> {
        let damaged = |what| LogError::DamagedFile {
            file: "log/former",
            what,
        };
        let unread = LogError::io("log/former cannot be read");
        let (name, life) = split(key.name());
        if !disk.exists(PATH).map_err(&unread)? {
            return if life == 1 {
                Ok(None)
            } else {
                Err(damaged(
                    "it is missing, and the origin says that the log was restored",
                ))
            };
        }
        let octets = text_file::octets(disk, PATH).map_err(&unread)?;
        let note = String::from_utf8(octets).map_err(|_| damaged("it is not text"))?;
        let before = match life.saturating_sub(1) {
            0 => {
                return Err(damaged(
                    "the origin is that of a log which was never restored",
                ));
            }
            1 => name.to_owned(),
            life => format!("{name}/{life}"),
        };
        let key = VerifierKey::from_public(&before, &key.public());
        Self::new(&note, &key.ok_or(damaged("its origin can be none"))?).map(Some)
    }
}

impl fmt::Display for Former {
    /// For the first record.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Checkpoint { origin, size, .. } = &self.checkpoint;
        write!(
            f,
            "restored; goes on from {origin} with {size} records; SHA-256 of its checkpoint "
        )?;
        let hash: [u8; 32] = Sha256::digest(self.note.as_bytes()).into();
        hash.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

/// The key by which the log of this origin and signing key is verified.
#[must_use]
pub fn verifier_of(origin: &str, signing: &Key32) -> VerifierKey {
    Signer::new(origin, signing).verifier()
}

/// Whether this is the origin of a log of this name, in its first life or after a restore.
#[must_use]
pub fn is_life_of(origin: &str, name: &str) -> bool {
    origin == name || split(origin).0 == name
}

/// An origin's name, and which life of the log it is.
fn split(origin: &str) -> (&str, u32) {
    let numbered = origin.rsplit_once('/').and_then(|(name, life)| {
        let number: u32 = life.parse().ok()?;
        (number >= 2 && number.to_string() == life).then_some((name, number))
    });
    numbered.unwrap_or((origin, 1))
}

const PATH: &str = "former";

#[cfg(test)]
mod tests {
    use access::UtcMicros;

    use super::*;

    #[test]
    fn the_life_of_a_log_stands_behind_its_name() {
        for (origin, life) in [
            ("house.example/portvakt", ("house.example/portvakt", 1)),
            ("house.example/portvakt/2", ("house.example/portvakt", 2)),
            ("house.example/portvakt/17", ("house.example/portvakt", 17)),
            ("house.example/1", ("house.example/1", 1)),
            ("house.example/02", ("house.example/02", 1)),
            ("house", ("house", 1)),
        ] {
            assert_eq!(split(origin), life);
        }
        assert!(is_life_of("house/2", "house") && is_life_of("house", "house"));
        assert!(!is_life_of("house/two", "house") && !is_life_of("other/2", "house"));
    }

    /// A checkpoint of seven records.
    fn text(origin: &str) -> String {
        let checkpoint = Checkpoint {
            origin: origin.to_owned(),
            size: 7,
            root: [3; 32],
            time: UtcMicros::from_micros(1),
            epoch: None,
        };
        checkpoint.text()
    }

    #[test]
    fn the_checkpoint_of_any_life_is_that_of_the_name_and_key_and_says_how_far_it_reaches() {
        let signing = Key32::new([9; 32]);
        for (origin, reach) in [
            ("house.example/portvakt", (1, 7)),
            ("house.example/portvakt/4", (4, 7)),
        ] {
            let note = Signer::new(origin, &signing).sign(&text(origin));
            let former = Former::of_any_life(&note, "house.example/portvakt", &signing).unwrap();
            assert_eq!(former.reach(), reach);
            let hash: String = Sha256::digest(note.as_bytes())
                .iter()
                .map(|octet| format!("{octet:02x}"))
                .collect();
            let said = format!(
                "restored; goes on from {origin} with 7 records; SHA-256 of its checkpoint {hash}"
            );
            assert_eq!(former.to_string(), said);
            for (name, key) in [
                ("other.example/portvakt", [9; 32]),
                ("house.example/portvakt", [8; 32]),
            ] {
                assert!(Former::of_any_life(&note, name, &Key32::new(key)).is_err());
            }
        }
    }

    /// Many witnesses may have signed it.
    #[test]
    fn a_long_note_is_read_as_it_was_stored() {
        let signing = Key32::new([9; 32]);
        let text = text("house");
        let mut note = Signer::new("house", &signing).sign(&text);
        for witness in 0..30 {
            let by = Signer::new(&format!("witness-{witness}"), &signing).sign(&text);
            let line = by.lines().last().unwrap_or_default();
            note = note + line + "\n";
        }
        let former = Former::of_any_life(&note, "house", &signing).unwrap();
        let disk = key_store::disk::MemDisk::new();
        former.store(&disk).unwrap();
        let next = verifier_of(&former.next_origin(), &signing);
        assert_eq!(Former::load(&disk, &next).unwrap(), Some(former));
    }
}

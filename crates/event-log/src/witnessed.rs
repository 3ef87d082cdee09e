//! What witnesses said of a log: `log/witnessed`, signed notes with an empty line between them.
//!
//! ```text
//! the checkpoint's text
//!
//! — ORIGIN BASE64(key id ‖ signature)                    the log's
//! — WITNESS BASE64(key id ‖ seconds ‖ signature)         a cosignature, one a witness key or several
//!
//! the next checkpoint's text …
//! ```
//!
//! Of each witness key the newest cosignature stands there, under the checkpoint it is for; the largest checkpoint first.

use std::fmt;
use std::io;

use key_store::disk::Disk;

use crate::checkpoint::{Checkpoint, TreeHead};
use crate::cosignature::{Cosigned, WitnessKey};
use crate::error::LogError;
use crate::note::{Note, NoteError, VerifierKey};

/// Checkpoints with what witnesses said of them; nothing of it is to be believed before [`Witnessed::newest`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Witnessed {
    notes: Vec<Note>,
}

impl Witnessed {
    /// Reads the file of the log whose folder is the root of this disk; a log without one was never witnessed.
    ///
    /// # Errors
    /// [`LogError::DamagedFile`], or what the disk says.
    pub fn read(disk: &dyn Disk) -> Result<Self, LogError> {
        let file = match disk.open_read(PATH) {
            Ok(file) => file,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(cause) => return Err(unread(cause)),
        };
        let mut octets = vec![0; LEN_MAX + 1];
        let read = file.read_at(&mut octets, 0).map_err(unread)?;
        octets.truncate(read);
        let text = String::from_utf8(octets).ok();
        text.and_then(|text| Self::parse(&text))
            .ok_or(LogError::DamagedFile {
                file: "log/witnessed",
                what: "it is not a row of signed notes",
            })
    }

    /// Writes the file, durably and whole.
    ///
    /// # Errors
    /// What the disk says; then the one before still stands.
    pub fn write(&self, disk: &dyn Disk) -> Result<(), LogError> {
        disk.put_whole(PATH, self.to_string().as_bytes())
            .map_err(LogError::io("log/witnessed cannot be written"))
    }

    /// The newest checkpoint of a log that this witness vouches for, both signatures checked.
    ///
    /// # Errors
    /// [`NoteError::Unsigned`] if there is none, [`NoteError`] for whatever else is wrong with it.
    pub fn newest(
        &self,
        log: &VerifierKey,
        witness: &WitnessKey,
    ) -> Result<(Checkpoint, Cosigned), NoteError> {
        let is_by = |note: &&Note| note.lines().iter().any(|line| witness.is_of(line));
        let note = self.notes.iter().find(is_by);
        checked(note.ok_or(NoteError::Unsigned)?, log, witness)
    }

    /// Takes the checkpoint in a note and this witness's cosignature of it, and lets go of the one before. `false` if a newer
    /// one is there already.
    ///
    /// # Errors
    /// [`NoteError`] if log or witness did not sign it.
    pub fn take(
        &mut self,
        note: &Note,
        log: &VerifierKey,
        witness: &WitnessKey,
    ) -> Result<bool, NoteError> {
        let (head, cosigned) = checked(note, log, witness)?;
        if let Ok((before, earlier)) = self.newest(log, witness)
            && (before.size, earlier.time) > (head.size, cosigned.time)
        {
            return Ok(false);
        }
        let of_log = |note: &Note| note.lines().iter().find(|line| log.is_of(line)).cloned();
        let (_, cosignature) = witness.newest_line(note)?;
        let text = note.claimed_text().to_owned();
        let mut lines: Vec<_> = of_log(note).into_iter().collect();
        let mut notes = Vec::new();
        for old in self.notes.drain(..) {
            let others = old.lines().iter().filter(|line| !witness.is_of(line));
            if old.claimed_text() == text {
                lines.extend(others.filter(|line| !log.is_of(line)).cloned());
            } else {
                notes.push(Note::new(
                    old.claimed_text().to_owned(),
                    others.cloned().collect(),
                ));
            }
        }
        lines.push(cosignature.clone());
        notes.push(Note::new(text, lines));
        // One that nobody vouches for any more is of no use.
        notes.retain(|note| note.lines().len() > 1);
        notes.sort_by_key(|note| std::cmp::Reverse(size_of(note)));
        notes.truncate(NOTES_MAX);
        self.notes = notes;
        Ok(true)
    }

    fn parse(text: &str) -> Option<Self> {
        if text.is_empty() || text.len() > LEN_MAX {
            return None;
        }
        let mut parts = text.strip_suffix('\n')?.split("\n\n");
        let mut notes = Vec::new();
        while let Some(text) = parts.next() {
            let lines = parts.next()?;
            notes.push(format!("{text}\n\n{lines}\n").parse().ok()?);
        }
        Some(Self { notes })
    }
}

impl fmt::Display for Witnessed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, note) in self.notes.iter().enumerate() {
            let between = if at == 0 { "" } else { "\n" };
            write!(f, "{between}{note}")?;
        }
        Ok(())
    }
}

fn checked(
    note: &Note,
    log: &VerifierKey,
    witness: &WitnessKey,
) -> Result<(Checkpoint, Cosigned), NoteError> {
    let cosigned = witness.check(note)?;
    let checkpoint = Checkpoint::open(note, log)?;
    if checkpoint.origin == log.name() {
        Ok((checkpoint, cosigned))
    } else {
        Err(NoteError::Unsigned)
    }
}

fn size_of(note: &Note) -> u64 {
    TreeHead::parse(note.claimed_text()).map_or(0, |head| head.size)
}

fn unread(cause: io::Error) -> LogError {
    LogError::io("log/witnessed cannot be read")(cause)
}

/// The file, below the log's folder.
const PATH: &str = "witnessed";
/// Octets of the longest file.
const LEN_MAX: usize = 64 * 1024;
/// Checkpoints kept: as many as witnesses may stand at different ones.
const NOTES_MAX: usize = 32;

#[cfg(test)]
mod tests {
    use access::UtcMicros;
    use key_store::Key32;
    use key_store::disk::MemDisk;

    use super::*;
    use crate::cosignature::Cosigner;
    use crate::note::Signer;

    const ORIGIN: &str = "house.example/portvakt";

    fn log() -> Signer {
        Signer::new(ORIGIN, &Key32::new([7; 32]))
    }

    fn witness(number: u8) -> Cosigner {
        Cosigner::new(&format!("w{number}"), &[number; 32]).unwrap()
    }

    fn note(size: u64, by: u8, seconds: i64) -> Note {
        let text =
            format!("{ORIGIN}\n{size}\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\ntime_us 5\n");
        let note: Note = log().sign(&text).parse().unwrap();
        let line = witness(by).cosign(&note, UtcMicros::from_micros(seconds * 1_000_000));
        format!("{note}{line}").parse().unwrap()
    }

    fn take(all: &mut Witnessed, note: &Note, by: u8) -> Result<bool, NoteError> {
        all.take(note, &log().verifier(), &witness(by).verifier())
    }

    fn size(all: &Witnessed, by: u8) -> Result<u64, NoteError> {
        let newest = all.newest(&log().verifier(), &witness(by).verifier());
        newest.map(|(head, _)| head.size)
    }

    #[test]
    fn the_newest_word_of_each_witness_is_kept_and_survives_the_file() {
        let disk = MemDisk::new();
        assert_eq!(Witnessed::read(&disk).unwrap(), Witnessed::default());
        let mut all = Witnessed::default();
        assert_eq!(take(&mut all, &note(5, 1, 50), 1), Ok(true));
        assert_eq!(
            all.to_string(),
            note(5, 1, 50).to_string(),
            "one is a signed note"
        );
        assert_eq!(take(&mut all, &note(5, 2, 50), 2), Ok(true));
        assert_eq!(all.notes.len(), 1, "both stand under one checkpoint");
        assert_eq!(take(&mut all, &note(9, 1, 60), 1), Ok(true));
        assert_eq!((size(&all, 1), size(&all, 2)), (Ok(9), Ok(5)));
        assert_eq!(size(&all, 3), Err(NoteError::Unsigned));
        all.write(&disk).unwrap();
        assert_eq!(Witnessed::read(&disk).unwrap(), all);
        assert_eq!(take(&mut all, &note(9, 2, 70), 2), Ok(true));
        assert_eq!(
            all.notes.len(),
            1,
            "nobody vouches for the old one any more"
        );
    }

    #[test]
    fn an_older_word_replaces_no_newer_one() {
        let mut all = Witnessed::default();
        assert_eq!(take(&mut all, &note(9, 1, 60), 1), Ok(true));
        assert_eq!(take(&mut all, &note(5, 1, 70), 1), Ok(false));
        assert_eq!(take(&mut all, &note(9, 1, 50), 1), Ok(false));
        assert_eq!(size(&all, 1), Ok(9));
    }

    #[test]
    fn what_log_or_witness_did_not_sign_is_not_taken() {
        let mut all = Witnessed::default();
        assert_eq!(take(&mut all, &note(9, 1, 60), 2), Err(NoteError::Unsigned));
        let other = Signer::new(ORIGIN, &Key32::new([8; 32])).verifier();
        let refused = all.take(&note(9, 1, 60), &other, &witness(1).verifier());
        assert_eq!(refused, Err(NoteError::Unsigned));
        let changed = note(9, 1, 60).to_string().replacen("\n9\n", "\n8\n", 1);
        let refused = take(&mut all, &changed.parse().unwrap(), 1);
        assert_eq!(refused, Err(NoteError::Signature));
        assert_eq!(all, Witnessed::default());
    }

    #[test]
    fn other_files_are_damage() {
        let disk = MemDisk::new();
        let whole = note(5, 1, 50).to_string();
        for text in ["", "\n", "text", &whole[1..40], &format!("{whole}{whole}")] {
            disk.put("witnessed", text.as_bytes().to_vec());
            assert!(Witnessed::read(&disk).is_err(), "{text:?}");
        }
    }
}

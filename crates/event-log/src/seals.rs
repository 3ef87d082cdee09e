//! The file of seals, `log/seals`: one after another, the first epoch's key before them.
//!
//! ```text
//! 0    magic             8    "PVKTEPOC"
//! 8    version           2    u16 little-endian: 1
//! 10   origin length     2    u16 little-endian, at most 256
//! 12   zero              4
//! 16   instance id      16    the log's, as in the heads of its segments
//! 32   first key        32    Ed25519 public key of epoch 0
//! 64   origin          256    UTF-8, rest zero
//! 320  zero            188
//! 508  check             4    CRC-32C little-endian over octets 0–507
//! 512  seals           160 each, epoch 0 first
//! ```

mod table;
mod walk;

use std::io;

use key_store::disk::{Disk, DiskFile};

pub(crate) use table::SealTable;
pub(crate) use walk::SealWalk;

use crate::crc32c::{append_check, checked};
use crate::epoch::{PublicKey, SEAL_LEN, Seal};
use crate::error::LogError;
use crate::record::InstanceId;
use crate::segment::ORIGIN_LEN_MAX;

/// Where the seals lie, below the log's folder.
pub(crate) const PATH: &str = "seals";

/// Whose seals they are, and with which key they begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SealsHead {
    /// The log, and this life of it.
    pub(crate) instance: InstanceId,
    /// The log's identity.
    pub(crate) origin: String,
    /// The public key of epoch 0.
    pub(crate) first_key: PublicKey,
}

/// The file as its one writer has it.
pub(crate) struct Seals {
    file: Box<dyn DiskFile>,
    head: SealsHead,
    count: u64,
    failed: bool,
}

impl Seals {
    /// Makes the file, without a seal.
    ///
    /// # Errors
    /// What the disk says.
    pub(crate) fn create(disk: &dyn Disk, head: SealsHead) -> Result<Self, LogError> {
        let file = rewrite(disk, &head, &[]).map_err(unwritten())?;
        Ok(Self {
            file,
            head,
            count: 0,
            failed: false,
        })
    }

    /// Opens the file. A last seal that is not whole was never acknowledged, and the next one takes its place.
    ///
    /// # Errors
    /// [`LogError::DamagedFile`], or what the disk says.
    pub(crate) fn open(disk: &dyn Disk) -> Result<Self, LogError> {
        let file = disk.open(PATH).map_err(unread())?;
        let head = read_head(file.as_ref())?;
        let count = count_of(file.as_ref())?;
        let mut seals = Self {
            file,
            head,
            count,
            failed: false,
        };
        if count > 0 && seals.at(count - 1)?.is_none() {
            seals.count = count - 1;
        }
        seals.settle()?;
        Ok(seals)
    }

    /// Makes the last seal durable, since the next is built on it and its key is about to go: the sync of the run before may have
    /// failed, and then the disk has nothing of it and only the system's memory everything. Another sync alone proves nothing.
    fn settle(&self) -> Result<(), LogError> {
        let Some(last) = self.count.checked_sub(1) else {
            return Ok(());
        };
        let octets = self.must_be_at(last)?.encode();
        let written = self.file.write_at(&octets, offset_of(last));
        written.and_then(|()| self.file.sync()).map_err(unwritten())
    }

    /// Whose they are.
    pub(crate) const fn head(&self) -> &SealsHead {
        &self.head
    }

    /// The newest seal, its signature checked.
    ///
    /// # Errors
    /// [`LogError::DamagedFile`], or what the disk says.
    pub(crate) fn newest(&self) -> Result<Option<Seal>, LogError> {
        let Some(last) = self.count.checked_sub(1) else {
            return Ok(None);
        };
        let seal = self.must_be_at(last)?;
        let key = match last.checked_sub(1) {
            None => self.head.first_key,
            Some(before) => self.must_be_at(before)?.mark.next_key,
        };
        if seal.is_by(&key, &self.head.origin) {
            Ok(Some(seal))
        } else {
            Err(damaged("the newest seal is not by its epoch's key"))
        }
    }

    /// Writes the seal of the next epoch, durably. After a write or a sync that failed the file is never written again: what
    /// was acknowledged is written anew, into another one.
    ///
    /// # Errors
    /// What the disk says; the seal may be tried again then.
    pub(crate) fn append(&mut self, disk: &dyn Disk, seal: &Seal) -> Result<(), LogError> {
        if self.failed {
            self.renew(disk).map_err(unwritten())?;
        }
        let at = offset_of(self.count);
        let written = self
            .file
            .write_at(&seal.encode(), at)
            .and_then(|()| self.file.sync());
        self.failed = written.is_err();
        written.map_err(unwritten())?;
        self.count = self.count.saturating_add(1);
        Ok(())
    }

    fn renew(&mut self, disk: &dyn Disk) -> io::Result<()> {
        let len = usize::try_from(offset_of(self.count) - SEALS_AT).unwrap_or(usize::MAX);
        let mut seals = vec![0; len];
        let read = self.file.read_at(&mut seals, SEALS_AT)?;
        if read < len {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.file = rewrite(disk, &self.head, &seals)?;
        self.failed = false;
        Ok(())
    }

    fn must_be_at(&self, number: u64) -> Result<Seal, LogError> {
        self.at(number)?.ok_or(damaged("a seal is not whole"))
    }

    /// The seal of this epoch, if it is one.
    fn at(&self, number: u64) -> Result<Option<Seal>, LogError> {
        let mut octets = [0; SEAL_LEN];
        let read = self.file.read_at(&mut octets, offset_of(number));
        read.map_err(unread())?;
        Ok(Seal::decode(&octets).filter(|seal| seal.mark.number == number))
    }
}

impl SealsHead {
    fn encode(&self) -> Option<Vec<u8>> {
        let mut head = MAGIC.to_vec();
        head.extend(VERSION.to_le_bytes());
        head.extend(u16::try_from(self.origin.len()).ok()?.to_le_bytes());
        head.extend([0; 4]);
        head.extend(self.instance);
        head.extend(self.first_key);
        head.extend(self.origin.as_bytes());
        head.resize(CHECK_AT, 0);
        append_check(&mut head);
        (self.origin.len() <= ORIGIN_LEN_MAX).then_some(head)
    }

    fn decode(octets: &[u8]) -> Option<Self> {
        let (magic, rest) = checked(octets)?.split_first_chunk::<8>()?;
        let (version, rest) = rest.split_first_chunk()?;
        if magic != MAGIC || u16::from_le_bytes(*version) != VERSION {
            return None;
        }
        let (origin_len, rest) = rest.split_first_chunk()?;
        let (_, rest) = rest.split_first_chunk::<4>()?;
        let (instance, rest) = rest.split_first_chunk()?;
        let (first_key, rest) = rest.split_first_chunk()?;
        let origin_len = usize::from(u16::from_le_bytes(*origin_len));
        let origin = rest.get(..origin_len.min(ORIGIN_LEN_MAX))?;
        Some(Self {
            instance: *instance,
            origin: std::str::from_utf8(origin).ok()?.to_owned(),
            first_key: *first_key,
        })
    }
}

fn read_head(file: &dyn DiskFile) -> Result<SealsHead, LogError> {
    let mut octets = [0; HEAD_LEN];
    file.read_at(&mut octets, 0).map_err(unread())?;
    SealsHead::decode(&octets).ok_or(damaged("it does not begin as a file of seals"))
}

/// Whole seals the file has room for.
fn count_of(file: &dyn DiskFile) -> Result<u64, LogError> {
    let len = file.len().map_err(unread())?;
    Ok(len.saturating_sub(SEALS_AT) / SEAL_LEN_ON_DISK)
}

/// The file with these seals, durable under its name.
fn rewrite(disk: &dyn Disk, head: &SealsHead, seals: &[u8]) -> io::Result<Box<dyn DiskFile>> {
    let mut octets = head.encode().ok_or(io::ErrorKind::InvalidInput)?;
    octets.extend(seals);
    disk.put_whole(PATH, &octets)?;
    disk.open(PATH)
}

const fn offset_of(number: u64) -> u64 {
    SEALS_AT.saturating_add(number.saturating_mul(SEAL_LEN_ON_DISK))
}

fn unread() -> impl Fn(io::Error) -> LogError {
    LogError::io("log/seals cannot be read")
}

fn unwritten() -> impl Fn(io::Error) -> LogError {
    LogError::io("log/seals cannot be written")
}

const fn damaged(what: &'static str) -> LogError {
    LogError::DamagedFile {
        file: "log/seals",
        what,
    }
}

const MAGIC: &[u8; 8] = b"PVKTEPOC";
const VERSION: u16 = 1;
const HEAD_LEN: usize = 512;
const CHECK_AT: usize = HEAD_LEN - 4;
const SEALS_AT: u64 = 512;
const SEAL_LEN_ON_DISK: u64 = 160;

#[cfg(test)]
mod tests {
    use key_store::disk::{Fault, FaultOn, MemDisk};

    use super::*;

    fn head() -> SealsHead {
        SealsHead {
            instance: [9; 16],
            origin: "house.example/portvakt".to_owned(),
            first_key: [4; 32],
        }
    }

    #[test]
    fn a_head_is_these_octets() {
        let octets = head().encode().unwrap();
        assert_eq!(octets.len(), HEAD_LEN);
        assert_eq!(octets[..12], *b"PVKTEPOC\x01\x00\x16\x00");
        assert_eq!(octets[16..32], [9; 16]);
        assert_eq!(octets[32..64], [4; 32]);
        assert_eq!(octets[64..86], *b"house.example/portvakt");
        assert_eq!(SealsHead::decode(&octets), Some(head()));
        for at in 0..octets.len() {
            let mut changed = octets.clone();
            changed[at] ^= 0x20;
            assert_eq!(SealsHead::decode(&changed), None, "octet {at}");
        }
    }

    fn seal(number: u64) -> Seal {
        Seal {
            mark: crate::checkpoint::EpochMark {
                number,
                next_key: [1; 32],
            },
            size: number,
            root: [2; 32],
            time: access::UtcMicros::from_micros(3),
            signature: [4; 64],
        }
    }

    /// A file with one seal, and another one whose sync failed.
    fn with_a_failed_sync(disk: &MemDisk) -> Seals {
        let mut seals = Seals::create(disk, head()).unwrap();
        seals.append(disk, &seal(0)).unwrap();
        disk.inject(Some(Fault {
            on: FaultOn::Sync,
            after: 0,
            times: 1,
            errno: 5,
        }));
        assert!(seals.append(disk, &seal(1)).is_err());
        seals
    }

    #[test]
    fn a_seal_that_only_the_systems_memory_has_is_written_again_before_the_next_is_built_on_it() {
        for power_cut in 0..50 {
            let disk = MemDisk::new();
            drop(with_a_failed_sync(&disk));
            // The process was killed: what it wrote is still there to be read.
            let mut seals = Seals::open(&disk).unwrap();
            let next = seals.count;
            seals.append(&disk, &seal(next)).unwrap();
            disk.crash(power_cut);
            let again = Seals::open(&disk).unwrap();
            assert_eq!(again.count, next + 1);
            for number in 0..again.count {
                assert_eq!(again.must_be_at(number).unwrap(), seal(number));
            }
        }
    }

    #[test]
    fn after_a_failed_sync_the_seals_go_on_in_another_file() {
        let disk = MemDisk::new();
        let mut seals = with_a_failed_sync(&disk);
        seals.append(&disk, &seal(1)).unwrap();
        let again = Seals::open(&disk).unwrap();
        assert_eq!(again.count, 2);
        assert_eq!(again.must_be_at(0).unwrap(), seal(0));
        assert_eq!(again.must_be_at(1).unwrap(), seal(1));
    }
}

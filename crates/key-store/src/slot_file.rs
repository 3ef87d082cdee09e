//! A file of slots: a header of one slot's length, then slots that never move.
//!
//! ```text
//!  0  8  magic "PVKTKEYS"
//!  8  2  format version, u16 little-endian: 1; 2 if octets 12..16 are not zero
//! 10  1  file kind: 1 slots.bin, 2 fixed.bin, 3 readers.bin
//! 11  1  zero
//! 12  4  slots are given out at generations above this, u32 little-endian
//! 16 32  zero
//! 48 16  SHA-256 of octets 0..48, its first 16
//! 64     slot 0, slot 1, …; whole sectors of zeros are added ahead of use
//! ```

use aes_gcm::Aes256Gcm;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::disk::{Disk, DiskFile};
use crate::error::KeyError;
use crate::key::Key32;
use crate::slot::{Place, SLOT_LEN, SlotHead};

/// Which of the three files it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    Slots,
    Fixed,
    Readers,
}

impl FileKind {
    pub(crate) const ALL: [Self; 3] = [Self::Slots, Self::Fixed, Self::Readers];

    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Slots => "keys/slots.bin",
            Self::Fixed => "keys/fixed.bin",
            Self::Readers => "keys/readers.bin",
        }
    }

    const fn code(self) -> u8 {
        match self {
            Self::Slots => 1,
            Self::Fixed => 2,
            Self::Readers => 3,
        }
    }
}

/// One open file of slots.
pub(crate) struct SlotFile {
    kind: FileKind,
    file: Box<dyn DiskFile>,
    seal: Aes256Gcm,
    floor: u32,
    slots: u32,
    writes_stopped: bool,
}

impl SlotFile {
    /// Makes the file; its slots are to be given out at generations above `floor`.
    pub(crate) fn create(
        disk: &dyn Disk,
        (kind, floor): (FileKind, u32),
        seal: Aes256Gcm,
    ) -> Result<Self, KeyError> {
        let at_disk = |source| KeyError::Io {
            file: kind.path(),
            source,
        };
        let file = disk.create(kind.path()).map_err(at_disk)?;
        file.write_at(&header(kind, floor), 0).map_err(at_disk)?;
        file.sync().map_err(at_disk)?;
        Ok(Self {
            kind,
            file,
            seal,
            floor,
            slots: 0,
            writes_stopped: false,
        })
    }

    pub(crate) fn open(disk: &dyn Disk, kind: FileKind, seal: Aes256Gcm) -> Result<Self, KeyError> {
        let at_disk = |source| KeyError::Io {
            file: kind.path(),
            source,
        };
        let file = disk.open(kind.path()).map_err(at_disk)?;
        let mut found = [0; SLOT_LEN];
        file.read_at(&mut found, 0).map_err(at_disk)?;
        let floor = check_header(&found, kind)?;
        let len = file.len().map_err(at_disk)?;
        let slots = (len / SLOT_LEN_ON_DISK).saturating_sub(1);
        let slots = u32::try_from(slots).unwrap_or(u32::MAX);
        Ok(Self {
            kind,
            file,
            seal,
            floor,
            slots,
            writes_stopped: false,
        })
    }

    /// How many slots the file has room for, used or not.
    pub(crate) const fn slots(&self) -> u32 {
        self.slots
    }

    /// Slots are given out at generations above this: those up to it were given out before a restore, or may have been.
    pub(crate) const fn floor(&self) -> u32 {
        self.floor
    }

    /// One slot, its tag checked; beyond the end of the file every slot is unused.
    pub(crate) fn read(&self, index: u32) -> Result<(SlotHead, Option<Key32>), KeyError> {
        if index >= self.slots {
            return Ok((SlotHead::UNUSED, None));
        }
        let mut octets = Zeroizing::new([0; SLOT_LEN]);
        self.read_at(octets.as_mut_slice(), index)?;
        self.decode(&octets, index)
    }

    /// Shows every slot in order, its tag checked.
    pub(crate) fn scan(
        &self,
        visit: &mut dyn FnMut(u32, SlotHead, Option<Key32>),
    ) -> Result<(), KeyError> {
        let mut window = vec![0; SLOT_LEN.saturating_mul(SCAN_SLOTS)];
        let mut index = 0;
        while index < self.slots {
            self.read_at(&mut window, index)?;
            for octets in window.as_chunks::<SLOT_LEN>().0 {
                if index >= self.slots {
                    break;
                }
                let (head, key) = self.decode(octets, index)?;
                visit(index, head, key);
                index = index.saturating_add(1);
            }
        }
        Ok(())
    }

    /// Puts slots in place, in the given order, those that lie side by side at once; [`SlotFile::sync`] makes them durable.
    pub(crate) fn write(
        &mut self,
        slots: &[(u32, SlotHead, Option<Key32>)],
    ) -> Result<(), KeyError> {
        if self.writes_stopped {
            return Err(KeyError::WritesStopped {
                file: self.kind.path(),
            });
        }
        let highest = slots.iter().map(|(index, ..)| *index).max().unwrap_or(0);
        self.make_room_for(highest)?;
        let lie_side_by_side = |(one, ..): &(u32, SlotHead, Option<Key32>),
                                (next, ..): &(u32, _, _)| {
            one.checked_add(1) == Some(*next)
        };
        let runs = slots.chunk_by(lie_side_by_side);
        for together in runs.flat_map(|run| run.chunks(WRITTEN_AT_ONCE)) {
            // Never longer than that: what grows is moved, and leaves its keys where it was.
            let mut octets =
                Zeroizing::new(Vec::with_capacity(together.len().saturating_mul(SLOT_LEN)));
            for (index, head, key) in together {
                let slot = head.encode(key.as_ref(), self.place(*index), &self.seal)?;
                octets.extend_from_slice(Zeroizing::new(slot).as_slice());
            }
            let first = together.first().map_or(0, |(index, ..)| *index);
            let written = self.file.write_at(octets.as_slice(), offset_of(first));
            self.stop_writes_on(written)?;
        }
        Ok(())
    }

    /// Makes what was written durable. After a failure nothing more is written: a later success would prove nothing.
    pub(crate) fn sync(&mut self) -> Result<(), KeyError> {
        let synced = self.file.sync();
        self.stop_writes_on(synced)
    }

    /// Lets writes go on after one that failed, where whoever writes next writes all that was lost.
    pub(crate) const fn forget_failures(&mut self) {
        self.writes_stopped = false;
    }

    fn make_room_for(&mut self, index: u32) -> Result<(), KeyError> {
        if index < self.slots {
            return Ok(());
        }
        let chunks = (index / GROWTH_SLOTS).saturating_add(1);
        let slots = chunks.saturating_mul(GROWTH_SLOTS);
        let missing = usize::try_from(slots.saturating_sub(self.slots)).unwrap_or(usize::MAX);
        let zeros = vec![0; missing.saturating_mul(SLOT_LEN)];
        let written = self.file.write_at(&zeros, offset_of(self.slots));
        self.stop_writes_on(written)?;
        self.slots = slots;
        Ok(())
    }

    fn read_at(&self, octets: &mut [u8], index: u32) -> Result<(), KeyError> {
        self.file
            .read_at(octets, offset_of(index))
            .map(|_| ())
            .map_err(|source| KeyError::Io {
                file: self.kind.path(),
                source,
            })
    }

    fn decode(
        &self,
        octets: &[u8; SLOT_LEN],
        index: u32,
    ) -> Result<(SlotHead, Option<Key32>), KeyError> {
        SlotHead::decode(octets, self.place(index), &self.seal).ok_or(KeyError::Damaged {
            file: self.kind.path(),
            what: "a slot does not fit its tag",
        })
    }

    const fn place(&self, index: u32) -> Place {
        Place {
            file_kind: self.kind.code(),
            index,
        }
    }

    fn stop_writes_on(&mut self, result: std::io::Result<()>) -> Result<(), KeyError> {
        result.map_err(|source| {
            self.writes_stopped = true;
            KeyError::Io {
                file: self.kind.path(),
                source,
            }
        })
    }
}

fn header(kind: FileKind, floor: u32) -> [u8; SLOT_LEN] {
    let version = if floor == 0 { VERSION } else { VERSION_FLOOR };
    let mut octets = [0; SLOT_LEN];
    let ([v0, v1], [f0, f1, f2, f3]) = (version.to_le_bytes(), floor.to_le_bytes());
    let what = [v0, v1, kind.code(), 0, f0, f1, f2, f3];
    for (to, octet) in octets.iter_mut().zip(MAGIC.iter().chain(&what)) {
        *to = *octet;
    }
    check(octets)
}

/// The octets with the check that fits them.
fn check(mut octets: [u8; SLOT_LEN]) -> [u8; SLOT_LEN] {
    let digest: [u8; 32] = Sha256::digest(octets.split_at(CHECKED_LEN).0).into();
    for (to, octet) in octets.iter_mut().skip(CHECKED_LEN).zip(digest) {
        *to = octet;
    }
    octets
}

/// The floor that the header names.
fn check_header(found: &[u8; SLOT_LEN], kind: FileKind) -> Result<u32, KeyError> {
    let file = kind.path();
    let Some((magic, &[v0, v1, of_kind, _, f0, f1, f2, f3, ..])) = found.split_first_chunk::<8>()
    else {
        return Err(KeyError::Damaged {
            file,
            what: "it is too short",
        });
    };
    let version = u16::from_le_bytes([v0, v1]);
    if magic != MAGIC || of_kind != kind.code() || *found != check(*found) {
        return Err(KeyError::Damaged {
            file,
            what: "it does not begin as a file of key slots",
        });
    }
    let floor = u32::from_le_bytes([f0, f1, f2, f3]);
    if *found != header(kind, floor) {
        return Err(KeyError::Newer {
            file,
            found: version,
            known: VERSION_FLOOR,
        });
    }
    Ok(floor)
}

fn offset_of(index: u32) -> u64 {
    u64::from(index)
        .saturating_add(1)
        .saturating_mul(SLOT_LEN_ON_DISK)
}

const MAGIC: &[u8; 8] = b"PVKTKEYS";
const VERSION: u16 = 1;
/// Of a store that was restored.
const VERSION_FLOOR: u16 = 2;
const CHECKED_LEN: usize = 48;
const SLOT_LEN_ON_DISK: u64 = 64;
const SCAN_SLOTS: usize = 1024;
const GROWTH_SLOTS: u32 = 64;
/// Slots in one write, 64 KiB.
const WRITTEN_AT_ONCE: usize = 1024;

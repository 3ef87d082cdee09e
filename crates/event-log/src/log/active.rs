//! The active segment: where the next record goes.

use std::io;
use std::sync::Arc;

use key_store::disk::{Disk, DiskFile};

use super::run;
use super::spare::{self, FRESH_LEN, SPARE, ZEROS_AHEAD};
use crate::error::LogError;
use crate::record::RECORD_LEN_MAX;
use crate::segment::{DIR, Head, RECORDS_AT, path_of, write_zeros};
use crate::tiles::Spot;

/// The segment that is written.
pub(super) struct Active {
    file: Arc<dyn DiskFile>,
    segment: u32,
    end: u64,
    zeroed: u64,
    failed: bool,
    /// Where the last flush of an earlier run begins, until it is known to be on the disk.
    distrusted: Option<u64>,
    /// The emergency reserve was given up, and nobody was told yet.
    pub(super) alarm: bool,
}

impl Active {
    /// Makes a segment with zeros ahead, durable under its name: of the spare file, if there is one.
    pub(super) fn create(disk: &dyn Disk, head: &Head) -> Result<Self, LogError> {
        let octets = head.encode().ok_or(LogError::TooLong)?;
        let mut alarm = false;
        let mut make = || -> io::Result<Box<dyn DiskFile>> {
            let (file, path) = match spare::take(disk)? {
                Some(file) => (file, SPARE),
                None => (fresh(disk, &mut alarm)?, NEW_PATH),
            };
            pressed(disk, &mut alarm, || file.write_at(&octets, 0))?;
            file.sync()?;
            disk.rename(path, &path_of(head.segment))?;
            disk.sync_dir(DIR)?;
            Ok(file)
        };
        let file = make().map_err(LogError::io("a new segment cannot be made"))?;
        Ok(Self {
            file: Arc::from(file),
            segment: head.segment,
            end: RECORDS_AT,
            zeroed: FRESH_LEN,
            failed: false,
            distrusted: None,
            alarm,
        })
    }

    /// Goes on in a segment whose records end at `end`.
    pub(super) fn resume(file: Arc<dyn DiskFile>, segment: u32, end: u64) -> io::Result<Self> {
        let zeroed = file.len()?;
        Ok(Self {
            file,
            segment,
            end,
            zeroed,
            failed: false,
            distrusted: None,
            alarm: false,
        })
    }

    /// What lies from here to the end may be of a flush that failed: the disk has nothing of it, and only the system's memory
    /// everything.
    pub(super) const fn distrust(&mut self, from: u64) {
        self.distrusted = Some(from);
    }

    /// Makes ready what is built on, and the run. A disk that takes neither leaves a segment that has failed: nothing is written or
    /// sealed before another one is made, and before that both are tried again.
    pub(super) fn take_up(&mut self, disk: &dyn Disk, run: u32) {
        let mut taken = self.begin(disk, run);
        let given_up = is_full(&taken) && spare::give_up_reserve(disk).is_ok_and(|gave| gave);
        if given_up {
            self.alarm = true;
            taken = self.begin(disk, run);
        }
        self.failed = taken.is_err();
    }

    fn begin(&mut self, disk: &dyn Disk, run: u32) -> io::Result<()> {
        self.settle(disk)?;
        run::store(disk, run)
    }

    /// Makes the distrusted flush durable. It is written once more, since after a failed sync another one alone proves nothing.
    pub(super) fn settle(&mut self, disk: &dyn Disk) -> io::Result<()> {
        let Some(mut at) = self.distrusted else {
            return Ok(());
        };
        let mut octets = vec![0; REWRITE_LEN];
        while at < self.end {
            let rest = usize::try_from(self.end - at).unwrap_or(usize::MAX);
            let window = octets.get_mut(..rest.min(REWRITE_LEN)).unwrap_or_default();
            let read = self.file.read_at(window, at)?;
            let again = window.get(..read).filter(|read| !read.is_empty());
            self.file
                .write_at(again.ok_or(io::ErrorKind::UnexpectedEof)?, at)?;
            at = at.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        }
        self.file.sync()?;
        disk.sync_dir(DIR)?;
        self.distrusted = None;
        Ok(())
    }

    /// The segment's number.
    pub(super) const fn segment(&self) -> u32 {
        self.segment
    }

    /// Where the next record begins.
    pub(super) const fn spot(&self) -> Spot {
        Spot {
            segment: self.segment,
            offset: self.end,
        }
    }

    /// Whether a write or a sync has failed here; then nothing is written here again.
    pub(super) const fn has_failed(&self) -> bool {
        self.failed
    }

    /// Gives back the zeros ahead of a segment that is full. Of one that failed nothing is touched.
    pub(super) fn trim(self) {
        if !self.failed {
            // Nobody misses it if the disk refuses: then there are some zeros more.
            self.file.set_len(self.end).ok();
        }
    }

    /// Whether the reserve was given up since this was asked last.
    pub(super) fn take_alarm(&mut self) -> bool {
        std::mem::take(&mut self.alarm)
    }

    /// Whether so many records of the longest kind still fit.
    pub(super) fn has_room(&self, records: usize) -> bool {
        let longest = u64::try_from(records.saturating_mul(RECORD_LEN_MAX)).unwrap_or(u64::MAX);
        self.end == RECORDS_AT || self.end.saturating_add(longest) <= SEGMENT_LEN
    }

    /// Writes at the end and syncs. Where the disk is full, the emergency reserve is given up first.
    pub(super) fn append(&mut self, disk: &dyn Disk, octets: &[u8]) -> Result<(), LogError> {
        let len = u64::try_from(octets.len()).unwrap_or(u64::MAX);
        let end = self.end.saturating_add(len);
        let mut alarm = false;
        let mut write = |zeroed: u64| -> io::Result<u64> {
            let file = self.file.as_ref();
            let zeroed = pressed(disk, &mut alarm, || extend(file, zeroed, end))?;
            // Where the disk copies what it writes over, zeros ahead are no room.
            pressed(disk, &mut alarm, || file.write_at(octets, self.end))?;
            self.file.sync()?;
            Ok(zeroed)
        };
        let written = write(self.zeroed);
        self.alarm |= alarm;
        match written {
            Ok(zeroed) => {
                (self.end, self.zeroed) = (end, zeroed);
                Ok(())
            }
            Err(source) => {
                self.failed = true;
                Err(LogError::Io {
                    what: "the log's segment cannot be written",
                    source,
                })
            }
        }
    }
}

/// A file of zeros, not durable and under no segment's name yet.
fn fresh(disk: &dyn Disk, alarm: &mut bool) -> io::Result<Box<dyn DiskFile>> {
    if disk.exists(NEW_PATH)? {
        disk.remove(NEW_PATH)?;
    }
    let file = disk.create(NEW_PATH)?;
    pressed(disk, alarm, || write_zeros(file.as_ref(), 0, FRESH_LEN))?;
    Ok(file)
}

/// Does this, and if the disk is full gives up the reserve and does it once more.
fn pressed<T>(
    disk: &dyn Disk,
    alarm: &mut bool,
    mut this: impl FnMut() -> io::Result<T>,
) -> io::Result<T> {
    let done = this();
    if !is_full(&done) || !spare::give_up_reserve(disk)? {
        return done;
    }
    *alarm = true;
    this()
}

/// Whether something was refused because the disk is full.
fn is_full<T>(outcome: &io::Result<T>) -> bool {
    let refused = |cause: &io::Error| cause.kind() == io::ErrorKind::StorageFull;
    outcome.as_ref().is_err_and(refused)
}

/// Keeps zeros ahead of what will be written, so that a sync has no new length to make durable. How far they reach now.
fn extend(file: &dyn DiskFile, zeroed: u64, end: u64) -> io::Result<u64> {
    if end <= zeroed {
        return Ok(zeroed);
    }
    let target = end.saturating_add(ZEROS_AHEAD);
    write_zeros(file, zeroed, target)?;
    file.sync()?;
    Ok(target)
}

const REWRITE_LEN: usize = 64 * 1024;
/// A segment is made under this name and gets its own when it is whole.
const NEW_PATH: &str = "segments/new";
/// Octets of a segment.
const SEGMENT_LEN: u64 = 64 * 1024 * 1024;

//! A walk over the seals, each checked against the one before, in bounded memory.

use key_store::disk::{Disk, DiskFile};

use super::{PATH, SealsHead, count_of, damaged, offset_of, read_head, unread};
use crate::epoch::{PublicKey, SEAL_LEN, Seal};
use crate::error::LogError;
use crate::remembered::Remembered;

/// Reads the seals that are there now, from epoch 0.
pub(crate) struct SealWalk {
    file: Box<dyn DiskFile>,
    head: SealsHead,
    count: u64,
    /// Octets of the file.
    len: u64,
    next: u64,
    window: Vec<u8>,
    /// The seal that the window begins with.
    window_from: u64,
    before: Option<Seal>,
    /// The key of the seal that was given last.
    key: PublicKey,
    /// Seals that were found good before.
    known: Option<Remembered>,
}

impl SealWalk {
    /// Begins. `None` if the log has no seals.
    ///
    /// # Errors
    /// [`LogError::DamagedFile`], or what the disk says.
    pub(crate) fn begin(disk: &dyn Disk) -> Result<Option<Self>, LogError> {
        if !disk.exists(PATH).map_err(unread())? {
            return Ok(None);
        }
        let file = disk.open_read(PATH).map_err(unread())?;
        let head = read_head(file.as_ref())?;
        let count = count_of(file.as_ref())?;
        let len = file.len().map_err(unread())?;
        Ok(Some(Self {
            len,
            key: head.first_key,
            file,
            head,
            count,
            next: 0,
            window: Vec::new(),
            window_from: 0,
            before: None,
            known: None,
        }))
    }

    /// Seals that these know to be good are not checked again.
    pub(crate) fn remember(&mut self, known: Remembered) {
        self.known = Some(known);
    }

    /// Whose seals they are.
    pub(crate) const fn head(&self) -> &SealsHead {
        &self.head
    }

    /// The next seal; its number, size and time follow from the one before, and its signature is by the key that one named.
    ///
    /// A last one that is not whole is passed over: its writer was cut off, or is at work.
    ///
    /// # Errors
    /// [`LogError::DamagedFile`], or what the disk says.
    pub(crate) fn next(&mut self) -> Result<Option<Seal>, LogError> {
        if self.next >= self.count {
            return Ok(None);
        }
        let number = self.next;
        self.next = self.next.saturating_add(1);
        let Some(seal) = self.read(number)? else {
            let last = self.next == self.count;
            return if last {
                Ok(None)
            } else {
                Err(damaged(NOT_WHOLE))
            };
        };
        let key = self.due_key();
        if !self.is_signed(&seal, &key) {
            return Err(damaged(NOT_ITS_KEY));
        }
        self.key = key;
        let steps_back = |before: Seal| seal.size < before.size || seal.time < before.time;
        if self.before.is_some_and(steps_back) {
            return Err(damaged(STEPS_BACK));
        }
        self.before = Some(seal);
        Ok(Some(seal))
    }

    /// Octets behind the seals that were given: of one that was never acknowledged, once the walk has ended.
    pub(crate) fn rest(&self) -> u64 {
        let given = self
            .before
            .map_or(0, |seal| seal.mark.number.saturating_add(1));
        self.len.saturating_sub(offset_of(given))
    }

    /// The key by which the seal was made that was given last.
    pub(crate) const fn key(&self) -> &PublicKey {
        &self.key
    }

    fn is_signed(&self, seal: &Seal, key: &PublicKey) -> bool {
        let origin = &self.head.origin;
        let Some(known) = &self.known else {
            return seal.is_by(key, origin);
        };
        let text = seal.checkpoint(origin).text();
        let parts = [key.as_slice(), text.as_bytes(), &seal.signature];
        known.is_good(parts, || seal.is_by(key, origin))
    }

    fn due_key(&self) -> PublicKey {
        let named = self.before.map(|before| before.mark.next_key);
        named.unwrap_or(self.head.first_key)
    }

    fn read(&mut self, number: u64) -> Result<Option<Seal>, LogError> {
        let behind = number.saturating_sub(self.window_from);
        let at = usize::try_from(behind)
            .unwrap_or(usize::MAX)
            .saturating_mul(SEAL_LEN);
        if self.window.len() <= at {
            self.window.resize(SEAL_LEN * WINDOW_SEALS, 0);
            let read = self.file.read_at(&mut self.window, offset_of(number));
            self.window.truncate(read.map_err(unread())?);
            self.window_from = number;
            return Ok(self.decode(0, number));
        }
        Ok(self.decode(at, number))
    }

    fn decode(&self, at: usize, number: u64) -> Option<Seal> {
        let octets = self.window.get(at..)?.first_chunk()?;
        Seal::decode(octets).filter(|seal| seal.mark.number == number)
    }
}

const NOT_WHOLE: &str = "a seal before the last is not whole";
const NOT_ITS_KEY: &str = "a seal is not by the key that the seal before it named";
const STEPS_BACK: &str = "a seal covers less, or is older, than the seal before it";
/// Read at once.
const WINDOW_SEALS: usize = 256;

//! A batch: events on their way to being octets, with the tree they will make.

use key_store::{Key32, KeyError};

use super::Log;
use super::keyring::Keyring;
use crate::error::LogError;
use crate::event::Ticketed;
use crate::receipt::Receipt;
use crate::record::{
    BodyKey, Frame, HANDLE_LEN, Header, Place, Seat, Share, TAG_LEN, leaf, part_hash, scrub,
    shares_of,
};
use crate::tiles;
use crate::tree::{Hash, Tree};

/// What one flush writes.
pub(super) struct Batch<'a> {
    log: &'a Log,
    /// Lent by the log.
    pub(super) keyring: Keyring,
    /// Frames and records.
    pub(super) octets: Vec<u8>,
    /// The tree with them.
    pub(super) tree: Tree,
    /// One each, in order; to be given out after the sync.
    pub(super) receipts: Vec<Receipt>,
    /// The records that begin or complete a block of which a tile is kept.
    pub(super) turns: Vec<Turn>,
}

/// A record that begins or completes a block.
pub(super) struct Turn {
    /// Its index.
    pub(super) index: u64,
    /// Where it begins among the batch's octets.
    pub(super) start: u64,
    /// The subtrees it completes: levels and roots.
    pub(super) completed: Vec<(u32, Hash)>,
}

impl<'a> Batch<'a> {
    pub(super) fn begin(log: &'a Log, mut keyring: Keyring) -> Self {
        keyring.look_at(log.keys.as_ref());
        Self {
            log,
            keyring,
            octets: Vec::new(),
            tree: log.tree.clone(),
            receipts: Vec::new(),
            turns: Vec::new(),
        }
    }

    /// Seals one event.
    pub(super) fn add(&mut self, ticketed: &Ticketed, last: bool) -> Result<(), LogError> {
        let index = self.tree.size();
        let event = &ticketed.event;
        let mut plains = Vec::new();
        for share in shares_of(&event.what, event.time) {
            let plain = share.padded().ok_or(LogError::TooLong)?;
            plains.push((share, plain));
        }
        let lens: Vec<usize> = plains
            .iter()
            .map(|(_, plain)| plain.len() + HANDLE_LEN + TAG_LEN)
            .collect();
        let header = Header::new(event.what.class(), event.time, self.log.run, &lens)
            .ok_or(LogError::TooLong)?;
        let header = header.dated(event.clock, event.late);
        let mut record = Vec::new();
        header.encode(&mut record);
        let bound = [&self.log.instance[..], &record].concat();
        let (mut hashes, mut scrubbed) = (Vec::new(), 0_u8);
        for (number, (share, plain)) in (0_u8..).zip(&plains) {
            let seat = Seat {
                run: self.log.run,
                index,
                part: number,
            };
            let (part, gone) = self.seal(share, seat, (&header, &bound), plain)?;
            hashes.push(part_hash(&part, gone));
            scrubbed |= u8::from(gone) << number;
            record.extend(part);
        }
        let place = Place {
            segment: self.log.active.segment(),
            index,
        };
        let frame = Frame {
            len: record.len(),
            scrubbed,
            batch: self.log.flush.wrapping_add(1),
            last,
        };
        let start = u64::try_from(self.octets.len()).unwrap_or(u64::MAX);
        frame
            .wrap(place, &record, &mut self.octets)
            .ok_or(LogError::TooLong)?;
        let header_octets = record.get(..header.len()).unwrap_or_default();
        let leaf = leaf(header_octets, hashes.into_iter());
        let completed = tiles::push(&mut self.tree, leaf);
        if !completed.is_empty() || tiles::begins_block(index) {
            self.turns.push(Turn {
                index,
                start,
                completed,
            });
        }
        self.receipts.push(Receipt::new(ticketed.ticket, index));
        Ok(())
    }

    /// A part, and whether it was born scrubbed: what is about somebody whose key is destroyed is not kept.
    fn seal(
        &mut self,
        share: &Share,
        seat: Seat,
        (header, bound): (&Header, &[u8]),
        plain: &[u8],
    ) -> Result<(Vec<u8>, bool), LogError> {
        let day = header.time.day();
        if !self.log.is_erasing(share.owner) {
            let (keys, instance) = (self.log.keys.as_ref(), &self.log.instance);
            match self.keyring.of(keys, instance, (share.owner, day)) {
                Ok((key, handle)) => {
                    let part = key.seal(seat, handle, bound, plain);
                    return Ok((part.ok_or(LogError::TooLong)?, false));
                }
                Err(LogError::Keys(KeyError::NoKey { .. })) => {}
                Err(cause) => return Err(cause),
            }
        }
        // Where the key is gone only zeros are sealed, so that not even the hash says what was forgotten.
        let nothing = vec![0; plain.len()];
        let key = BodyKey::derive(&Key32::new([0; 32]), &self.log.instance);
        let part = key.seal(seat, key.handle(day), bound, &nothing);
        let mut part = part.ok_or(LogError::TooLong)?;
        scrub(&mut part);
        Ok((part, true))
    }
}

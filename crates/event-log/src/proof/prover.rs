//! The prover: from a record to the signed root, by tiles where there are any.

mod growth;

use std::collections::BTreeMap;
use std::sync::Arc;

use key_store::disk::Disk;

use super::Proof;
use crate::checkpoint::Checkpoint;
use crate::error::LogError;
use crate::newest::newest_checkpoint;
use crate::note::VerifierKey;
use crate::record::leaf_of_entry;
use crate::scrub::half_erased;
use crate::segment::{Found, RECORDS_AT, Segments, Sighting, Walk};
use crate::tiles::{FIRST_LEVEL as BLOCK_LEVEL, LEVELS, Spot, TileReader};
use crate::tree::{Hash, complete_root, node};

/// Makes proofs under the newest checkpoint of a log, without keys and without its daemon.
pub struct Prover {
    disk: Arc<dyn Disk>,
    segments: Segments,
    tiles: TileReader,
    note: String,
    checkpoint: Checkpoint,
    /// Blocks of 256 records that were read last.
    blocks: Vec<Block>,
    /// Roots of larger subtrees that were computed, by level and number.
    known: BTreeMap<(u32, u64), Hash>,
    /// The oldest record there is, and the subtrees over what has left before it, as the oldest segment's head says.
    oldest: u64,
    left: BTreeMap<(u32, u64), Hash>,
}

/// A block of 256 records, hashed.
struct Block {
    number: u64,
    /// Its first record that has not left the log.
    first: u64,
    leaves: Vec<Hash>,
    /// Each record's header and the hashes of its parts.
    records: Vec<Vec<u8>>,
}

impl Block {
    /// Where this record, or the first of these records, is among its leaves.
    fn place_of(&self, index: u64) -> usize {
        let place = index.checked_sub(self.first);
        place
            .and_then(|place| usize::try_from(place).ok())
            .unwrap_or(usize::MAX)
    }
}

impl Prover {
    /// Opens the log whose folder is the root of this disk. The checkpoint must be signed by this key.
    ///
    /// # Errors
    /// [`LogError::Missing`], [`LogError::DamagedFile`], or what the disk says.
    pub fn open(disk: &Arc<dyn Disk>, key: &VerifierKey) -> Result<Self, LogError> {
        let (text, checkpoint) = newest_checkpoint(disk.as_ref(), key)?;
        let segments = Segments::list(disk.as_ref())?;
        let before = segments.head(disk.as_ref(), segments.first())?.before;
        Ok(Self {
            disk: Arc::clone(disk),
            segments,
            tiles: TileReader::open(disk.as_ref()),
            note: signed_by_log_alone(&text, &checkpoint.origin),
            checkpoint,
            blocks: Vec::new(),
            known: BTreeMap::new(),
            oldest: before.size(),
            left: before.numbered_frontier().collect(),
        })
    }

    /// Records that may be proven: those under the checkpoint.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.checkpoint.size
    }

    /// The proof of a record. It is checked before it is given out.
    ///
    /// # Errors
    /// [`LogError::Record`] if the record is not under the checkpoint, [`LogError::Pruned`] if it has left the log, [`LogError::Inconsistent`] if the log is not what was
    /// signed, [`LogError::Damaged`], or what the disk says.
    pub fn prove(&mut self, index: u64) -> Result<Proof, LogError> {
        if index >= self.size() {
            let what = format!(
                "it is not under the newest checkpoint, which covers {} records",
                self.size()
            );
            return Err(LogError::Record { index, what });
        }
        if index < self.oldest {
            let oldest = Some(self.oldest);
            return Err(LogError::Pruned { oldest });
        }
        if let Ok(proof) = self.attempt(index)
            && self.leads_to_the_root(&proof)
        {
            return Ok(proof);
        }
        // The tiles are not to be believed; the records are what was signed, or are not.
        self.tiles = TileReader::none();
        self.blocks.clear();
        self.known.clear();
        let proof = self.attempt(index)?;
        if self.leads_to_the_root(&proof) {
            return Ok(proof);
        }
        Err(LogError::Inconsistent {
            signed: self.size(),
        })
    }

    fn attempt(&mut self, index: u64) -> Result<Proof, LogError> {
        let block = self.block(index >> BLOCK_LEVEL)?;
        let record = block.records.get(block.place_of(index)).cloned();
        let record = record.ok_or(LogError::Truncated {
            signed: self.size(),
            found: index,
        })?;
        let mut hashes = Vec::new();
        self.path(index, (0, self.size()), &mut hashes)?;
        Ok(Proof {
            index,
            record,
            hashes,
            note: self.note.clone(),
        })
    }

    fn leads_to_the_root(&self, proof: &Proof) -> bool {
        let Some((header, hashes)) = proof.header() else {
            return false;
        };
        let octets = proof.record.get(..header.len()).unwrap_or_default();
        let leaf = crate::record::leaf(octets, hashes.into_iter());
        super::root_of(proof.index, self.size(), leaf, &proof.hashes) == Ok(self.checkpoint.root)
    }

    /// RFC 6962, 2.1.1: the path of a record in the tree over so many from `start` on, from the leaf upwards.
    fn path(
        &mut self,
        index: u64,
        (start, size): (u64, u64),
        path: &mut Vec<Hash>,
    ) -> Result<(), LogError> {
        if size <= 1 {
            return Ok(());
        }
        let left = split_of(size);
        let (inner, outer) = if index - start < left {
            ((start, left), (start + left, size - left))
        } else {
            ((start + left, size - left), (start, left))
        };
        self.path(index, inner, path)?;
        path.push(self.root(outer)?);
        Ok(())
    }

    /// The root over so many records from `start` on.
    fn root(&mut self, (start, size): (u64, u64)) -> Result<Hash, LogError> {
        if size.is_power_of_two() {
            return self.subtree(size.trailing_zeros(), start / size);
        }
        let left = split_of(size);
        let (left, right) = (
            self.root((start, left))?,
            self.root((start + left, size - left))?,
        );
        Ok(node(&left, &right))
    }

    /// The root of a complete subtree.
    fn subtree(&mut self, level: u32, number: u64) -> Result<Hash, LogError> {
        let place = (level, number);
        if let Some(root) = self.left.get(&place).or_else(|| self.known.get(&place)) {
            return Ok(*root);
        }
        let root = self.compute(level, number)?;
        if level >= BLOCK_LEVEL && self.known.len() < KNOWN_MAX {
            self.known.insert((level, number), root);
        }
        Ok(root)
    }

    fn compute(&mut self, level: u32, number: u64) -> Result<Hash, LogError> {
        let kept = LEVELS.into_iter().rfind(|kept| *kept <= level);
        if let Some(kept) = kept {
            let width = level - kept;
            let roots = self
                .tiles
                .roots(kept, number << width, 1 << width.min(WIDTH_MAX));
            if let Some(roots) = roots.filter(|_| width <= WIDTH_MAX) {
                return Ok(complete_root(&roots));
            }
        }
        let has_left = number << level < self.oldest;
        if has_left && level == 0 {
            let oldest = Some(self.oldest);
            return Err(LogError::Pruned { oldest });
        }
        if level <= BLOCK_LEVEL && !has_left {
            return self.within_block(level, number);
        }
        let left = self.subtree(level - 1, number * 2)?;
        let right = self.subtree(level - 1, number * 2 + 1)?;
        Ok(node(&left, &right))
    }

    /// The same inside a block of 256 records, whose leaves are computed together.
    fn within_block(&mut self, level: u32, number: u64) -> Result<Hash, LogError> {
        let truncated = LogError::Truncated {
            signed: self.checkpoint.size,
            found: number << level,
        };
        let block = self.block(number >> (BLOCK_LEVEL - level))?;
        let width = 1_usize << level;
        let first = block.place_of(number << level);
        let leaves = block.leaves.get(first..first.saturating_add(width));
        Ok(complete_root(leaves.ok_or(truncated)?))
    }

    fn block(&mut self, number: u64) -> Result<&Block, LogError> {
        let known = self.blocks.iter().position(|block| block.number == number);
        let at = match known {
            Some(at) => at,
            None => {
                let block = self.read_block(number)?;
                // The last block of the log is on every path, and stays.
                let last = self.size().saturating_sub(1) >> BLOCK_LEVEL;
                self.blocks.retain(|block| block.number == last);
                self.blocks.push(block);
                self.blocks.len() - 1
            }
        };
        self.blocks.get(at).ok_or(LogError::Missing)
    }

    fn read_block(&self, number: u64) -> Result<Block, LogError> {
        let (mut leaves, mut records) = (Vec::new(), Vec::new());
        let begin = number << BLOCK_LEVEL;
        let first = begin.max(self.oldest);
        let end = begin.saturating_add(BLOCK_LEN);
        self.each_from(first, &mut |sighting| {
            let entry = sighting.entry();
            leaves.push(leaf_of_entry(&entry));
            records.push(entry);
            sighting.index.saturating_add(1) < end
        })?;
        Ok(Block {
            number,
            first,
            leaves,
            records,
        })
    }

    /// Shows the records from this one on, so long as `see` wants more.
    fn each_from(
        &self,
        index: u64,
        see: &mut dyn FnMut(&Sighting<'_>) -> bool,
    ) -> Result<(), LogError> {
        let disk = self.disk.as_ref();
        let block = index >> BLOCK_LEVEL;
        // The last block is not complete and has no tile; the one before it has.
        let begun = [Some(block), block.checked_sub(1)].into_iter().flatten();
        let begun = begun
            .filter(|block| block << BLOCK_LEVEL >= self.oldest)
            .filter_map(|block| Some((self.tiles.tile(BLOCK_LEVEL, block)?, block)))
            .next();
        let (spot, mut at) = match begun {
            Some((tile, block)) => (tile.first, block << BLOCK_LEVEL),
            None => self.begin_of_segment(index)?,
        };
        let (file, _) = Segments::open_read(disk, spot.segment)?;
        let mut walk = Walk::from(file, spot.segment, (at, spot.offset)).reading(WINDOW_LEN);
        let mut next = self.segments.after(disk, spot.segment)?;
        let unread = || LogError::io("a segment cannot be read");
        while at < self.checkpoint.size {
            // What lies in a segment behind the begin of the next was never acknowledged.
            while let Some(head) = next.take_if(|head| head.first_index() == at) {
                let (file, _) = Segments::open_read(disk, head.segment)?;
                walk = Walk::new(file, head.segment, at);
                next = self.segments.after(disk, head.segment)?;
            }
            let offset = walk.offset();
            match walk.next().map_err(unread())? {
                Found::Record(record) if at >= index && !see(&record) => return Ok(()),
                Found::Record(_) => at += 1,
                Found::End => {
                    let goes_on = |record: &Sighting<'_>| at < index || see(record);
                    match half_erased(disk, &mut walk, goes_on)? {
                        Some(true) => at += 1,
                        Some(false) => return Ok(()),
                        None => {
                            return Err(LogError::Damaged {
                                segment: walk.segment(),
                                offset,
                                what: format!("record {at} is damaged"),
                            });
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn begin_of_segment(&self, index: u64) -> Result<(Spot, u64), LogError> {
        let segment = self.segments.that_holds(self.disk.as_ref(), index)?;
        let head = self.segments.head(self.disk.as_ref(), segment)?;
        let spot = Spot {
            segment,
            offset: RECORDS_AT,
        };
        Ok((spot, head.first_index()))
    }
}

/// A note with the signature lines of the log only: the epoch's is for who has all its seals.
fn signed_by_log_alone(note: &str, origin: &str) -> String {
    let of_log = format!("— {origin} ");
    let (text, lines) = note.rsplit_once("\n\n").unwrap_or((note, ""));
    let mut short = format!("{text}\n\n");
    for line in lines.lines().filter(|line| line.starts_with(&of_log)) {
        short.push_str(line);
        short.push('\n');
    }
    short
}

/// The largest power of two below `size`.
const fn split_of(size: u64) -> u64 {
    1 << (u64::BITS - 1 - (size - 1).leading_zeros())
}

/// Octets read at once: about a block.
const WINDOW_LEN: usize = 32 * 1024;
/// Tiles between one kept level and the next, as a power of two.
const WIDTH_MAX: u32 = 8;
/// Roots kept.
const KNOWN_MAX: usize = 65_536;
/// Records of a block.
const BLOCK_LEN: u64 = 1 << BLOCK_LEVEL;

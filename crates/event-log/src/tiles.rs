//! Tiles: roots of complete subtrees of 2⁸, 2¹⁶ and 2²⁴ records, and where the first record of each lies, so that the proof of
//! one record needs no walk through all of them.
//!
//! Derived from the records, written behind each flush without a sync, never believed: what is proven with them is checked
//! against the signed root, and what is missing is computed. `log/tiles/8`, `16` and `24`, 48 octets for each subtree:
//!
//! ```text
//! 0    root       32
//! 32   offset      8    u64 little-endian, of the frame of the first of its last 256 records
//! 40   segment     4    u32 little-endian, in which that is
//! 44   check       4    CRC-32C little-endian over octets 0–43
//! ```

use std::io;

use key_store::disk::{Disk, DiskFile};

use crate::crc32c::{append_check, checked};
use crate::tree::{Hash, Tree, complete_root};

/// Where a record's frame begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    /// The segment.
    pub(crate) segment: u32,
    /// The octet in its file.
    pub(crate) offset: u64,
}

/// A complete subtree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tile {
    /// Its root.
    pub(crate) root: Hash,
    /// Where the first record of its last block of 256 lies.
    pub(crate) first: Spot,
}

/// The files, for the writer.
pub(crate) struct Tiles {
    files: Vec<(u32, Box<dyn DiskFile>)>,
    /// Where the block of 256 records begins that is growing, if that is known.
    begun: Option<Spot>,
}

impl Tiles {
    /// Opens the files, or makes them.
    ///
    /// # Errors
    /// What the disk says.
    pub(crate) fn open(disk: &dyn Disk) -> io::Result<Self> {
        let mut files = Vec::new();
        for level in LEVELS {
            let path = path_of(level);
            let file = if disk.exists(&path)? {
                disk.open(&path)?
            } else {
                disk.create_dir(DIR, DIR_MODE)?;
                disk.create(&path)?
            };
            files.push((level, file));
        }
        Ok(Self { files, begun: None })
    }

    /// A record of this index was written here, and completed these subtrees. What a disk refuses is left out: a tile that is
    /// missing is computed when it is needed.
    pub(crate) fn enter(&mut self, index: u64, here: Spot, completed: &[(u32, Hash)]) {
        if begins_block(index) {
            self.begun = Some(here);
        }
        let Some(first) = self.begun else { return };
        for (level, root) in completed {
            let tile = Tile { root: *root, first };
            if let Some((_, file)) = self.files.iter().find(|(of, _)| of == level) {
                // Derived, and not worth an error.
                file.write_at(&encode(&tile), offset_of(index >> level))
                    .ok();
            }
        }
    }
}

/// Adds a leaf to a tree; gives the subtrees it completes of which tiles are kept.
pub(crate) fn push(tree: &mut Tree, leaf: Hash) -> Vec<(u32, Hash)> {
    let mut completed = Vec::new();
    tree.push_noting(leaf, &mut |level, root| {
        if LEVELS.contains(&level) {
            completed.push((level, root));
        }
    });
    completed
}

/// Whether a block begins with the record of this index.
pub(crate) const fn begins_block(index: u64) -> bool {
    index.trailing_zeros() >= FIRST_LEVEL
}

/// The files, for one who proves.
pub(crate) struct TileReader {
    files: Vec<(u32, Box<dyn DiskFile>)>,
}

impl TileReader {
    /// Opens what there is of them.
    pub(crate) fn open(disk: &dyn Disk) -> Self {
        let open = |level| Some((level, disk.open_read(&path_of(level)).ok()?));
        Self {
            files: LEVELS.into_iter().filter_map(open).collect(),
        }
    }

    /// A reader that knows none.
    pub(crate) const fn none() -> Self {
        Self { files: Vec::new() }
    }

    /// The tile of this level and number, if it is there and whole.
    pub(crate) fn tile(&self, level: u32, number: u64) -> Option<Tile> {
        let (_, file) = self.files.iter().find(|(of, _)| *of == level)?;
        let mut octets = [0; TILE_LEN];
        let read = file.read_at(&mut octets, offset_of(number)).ok()?;
        (read == TILE_LEN).then(|| decode(&octets)).flatten()
    }
}

impl TileReader {
    /// The roots of neighbouring tiles, if all of them are there and whole.
    pub(crate) fn roots(&self, level: u32, first: u64, count: usize) -> Option<Vec<Hash>> {
        let (_, file) = self.files.iter().find(|(of, _)| *of == level)?;
        // Whoever asks may have a size that nobody vouched for: no room is made for tiles that are not there.
        let behind = offset_of(first.checked_add(u64::try_from(count).ok()?)?);
        if file.len().ok()? < behind {
            return None;
        }
        let mut octets = vec![0; count.checked_mul(TILE_LEN)?];
        let read = file.read_at(&mut octets, offset_of(first)).ok()?;
        let (tiles, _) = octets.get(..read)?.as_chunks::<TILE_LEN>();
        let roots: Option<Vec<Hash>> = tiles.iter().map(|it| Some(decode(it)?.root)).collect();
        roots.filter(|roots| roots.len() == count)
    }
}

impl TileReader {
    /// The tree over so many whole blocks, and where the first record behind it lies; not to be believed before a signed root
    /// over more was reached from it.
    pub(crate) fn before_block(&self, block: u64) -> Option<(Tree, Spot)> {
        let mut frontier = Vec::new();
        let mut done = 0_u64;
        for level in (0..u64::BITS - FIRST_LEVEL).rev() {
            if block >> level & 1 == 1 {
                let level = level + FIRST_LEVEL;
                let kept = LEVELS.into_iter().rfind(|kept| *kept <= level)?;
                let count = 1_usize.checked_shl(level - kept)?;
                let roots = self.roots(kept, done >> kept, count)?;
                frontier.push(complete_root(&roots));
                done = done.checked_add(1 << level)?;
            }
        }
        let first = self.tile(FIRST_LEVEL, block)?.first;
        Some((Tree::from_frontier(done, frontier)?, first))
    }
}

fn encode(tile: &Tile) -> Vec<u8> {
    let mut octets = tile.root.to_vec();
    octets.extend(tile.first.offset.to_le_bytes());
    octets.extend(tile.first.segment.to_le_bytes());
    append_check(&mut octets);
    octets
}

fn decode(octets: &[u8; TILE_LEN]) -> Option<Tile> {
    let (root, rest) = checked(octets)?.split_first_chunk()?;
    let (offset, rest) = rest.split_first_chunk()?;
    let tile = Tile {
        root: *root,
        first: Spot {
            segment: u32::from_le_bytes(*rest.first_chunk()?),
            offset: u64::from_le_bytes(*offset),
        },
    };
    Some(tile)
}

fn path_of(level: u32) -> String {
    format!("{DIR}/{level}")
}

const fn offset_of(number: u64) -> u64 {
    number.saturating_mul(TILE_LEN_ON_DISK)
}

/// The level of the smallest subtrees that are kept, whose first records are found by their tiles.
pub(crate) const FIRST_LEVEL: u32 = 8;
/// The levels of which roots are kept.
pub(crate) const LEVELS: [u32; 3] = [FIRST_LEVEL, 16, 24];
const DIR: &str = "tiles";
const DIR_MODE: u32 = 0o750;
const TILE_LEN: usize = 48;
const TILE_LEN_ON_DISK: u64 = 48;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_is_these_octets() {
        let tile = Tile {
            root: [7; 32],
            first: Spot {
                segment: 3,
                offset: 0x1122,
            },
        };
        let octets = encode(&tile);
        assert_eq!(octets[..32], [7; 32]);
        assert_eq!(octets[32..44], [0x22, 0x11, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0]);
        assert_eq!(decode(octets.as_slice().try_into().unwrap()), Some(tile));
        assert_eq!(decode(&[0; TILE_LEN]), None);
    }
}

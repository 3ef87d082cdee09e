//! Where an export begins: with record 0, or behind what has left the log, of which the roots of whole blocks are kept.

use key_store::disk::Disk;

use super::TILE_WIDTH;
use super::error::ExportError;
use super::folder::Folder;
use super::hash_tiles::HashTiles;
use crate::segment::Segments;
use crate::tiles::{FIRST_LEVEL, TileReader};
use crate::tree::Tree;

/// What stands before the first entry that can be written.
pub(super) struct Begin {
    /// Its hash tiles, from level 1 on.
    pub(super) tiles: HashTiles,
    /// The tree over it. It is not to be believed before a signed root over more was reached from it.
    pub(super) before: Tree,
    /// The number of the first bundle.
    pub(super) bundle: u64,
}

impl Begin {
    /// Writes the tiles over the blocks of 256 records that are not whole in a log of this size any more.
    ///
    /// # Errors
    /// [`ExportError::Pruned`] if too little is left, or what log and folder say.
    pub(super) fn find(
        log: &dyn Disk,
        size: u64,
        folder: &mut Folder<'_>,
    ) -> Result<Self, ExportError> {
        let segments = Segments::list(log)?;
        let first = segments.head(log, segments.first())?.first_index();
        let bundle = first.div_ceil(1 << FIRST_LEVEL);
        let pruned = || ExportError::Pruned { first };
        if first > size || bundle << FIRST_LEVEL > size {
            return Err(pruned());
        }
        let (mut tiles, mut blocks) = (HashTiles::default(), Tree::new());
        let kept = TileReader::open(log);
        while blocks.size() < bundle {
            let left = usize::try_from(bundle - blocks.size()).unwrap_or(usize::MAX);
            let roots = kept.roots(FIRST_LEVEL, blocks.size(), left.min(TILE_WIDTH));
            for root in roots.ok_or_else(pruned)? {
                blocks.push(root);
                tiles.push_block(root, folder)?;
            }
        }
        let frontier = blocks.frontier().to_vec();
        let before = Tree::from_frontier(bundle << FIRST_LEVEL, frontier).ok_or_else(pruned)?;
        Ok(Self {
            tiles: tiles.with_next_block(bundle),
            before,
            bundle,
        })
    }
}

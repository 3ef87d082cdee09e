//! Tiles for other tools: a log written as the folder that any client of C2SP tlog-tiles reads.
//!
//! ```text
//! checkpoint                  the newest signed checkpoint, octet for octet
//! tile/0/000 …                256 neighbouring leaves, 32 octets each; tile/1 the roots of 256 leaves each, and so on
//! tile/2/x001/234.p/17        of the newest tile of a level what there is of it, here 17 hashes
//! tile/entries/000 …          what those leaves are the hashes of, each behind its length, u16 big-endian
//! ```
//!
//! An entry is `header ‖ SHA-256(part 1) ‖ …`: class and time of the record, and nothing of a person. Of records that have
//! left the log there is neither entry nor leaf, and every tile from level 1 on. Everything is written whole, file by file, and
//! the checkpoint last, when the root of what was written is the one that it signs.

mod begin;
mod entries;
mod error;
mod folder;
mod hash_tiles;

use key_store::disk::Disk;

pub use error::ExportError;

use crate::error::LogError;
use crate::newest::newest_checkpoint;
use crate::note::VerifierKey;
use crate::record::leaf_of_entry;
use crate::tree::{Hash, Tree};
use crate::verify::Progress;
use begin::Begin;
use entries::{Bundle, each_entry};
use folder::Folder;
use hash_tiles::HashTiles;

/// What was exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// The log's identity.
    pub origin: String,
    /// Records in it: those under the newest checkpoint.
    pub size: u64,
    /// The first of them of which the entry could be written; what stands before has left the log.
    pub first: u64,
    /// The tree's root over them.
    pub root: [u8; 32],
    /// Files that were written; what a former export left is compared and stays.
    pub files: u64,
}

/// Writes the log on one disk, whose root is the log's folder, as tiles to another, whose root is empty or a former export
/// of this log. The checkpoint must be signed by this key; no other key is needed.
///
/// # Errors
/// [`ExportError`]: then no checkpoint was written, and a former one stands.
pub fn export_tiles(
    log: &dyn Disk,
    key: &VerifierKey,
    to: &dyn Disk,
    progress: &mut dyn FnMut(Progress),
) -> Result<Exported, ExportError> {
    let (note, checkpoint) = newest_checkpoint(log, key)?;
    let mut folder = Folder::open(to)?;
    let former = folder.former(key)?;
    if former.as_ref().is_some_and(|it| it.size > checkpoint.size) {
        return Err(ExportError::Longer);
    }
    let total = checkpoint.size;
    let begin = Begin::find(log, total, &mut folder)?;
    let first = begin.before.size();
    if let Some(gap) = former.as_ref().filter(|it| it.size < first) {
        let until = gap.size;
        return Err(ExportError::Gap { until, first });
    }
    let mut writing = Writing {
        tree: begin.before,
        tiles: begin.tiles,
        bundle: Bundle::numbered(begin.bundle),
        former: former.map(|former| (former.size, former.root)),
    };
    writing.meet_former()?;
    each_entry(log, total, &mut |index, entry| {
        if index >= first {
            writing.enter(&mut folder, entry)?;
        }
        let done = index.saturating_add(1);
        if done.is_multiple_of(PROGRESS_STEP) || done == total {
            progress(Progress { done, total });
        }
        Ok(())
    })?;
    if writing.tree.root() != checkpoint.root {
        return Err(LogError::Inconsistent { signed: total }.into());
    }
    writing.finish(&mut folder)?;
    folder.publish(&note)?;
    Ok(Exported {
        origin: checkpoint.origin,
        size: total,
        first,
        root: checkpoint.root,
        files: folder.written(),
    })
}

/// An export under way.
struct Writing {
    /// The tree once more, by the code that the log itself is checked with, over what the tiles are made of.
    tree: Tree,
    tiles: HashTiles,
    bundle: Bundle,
    /// Size and root of the former export, until the tree has come so far.
    former: Option<(u64, Hash)>,
}

impl Writing {
    fn enter(&mut self, folder: &mut Folder<'_>, entry: &[u8]) -> Result<(), ExportError> {
        let leaf = leaf_of_entry(entry);
        self.tree.push(leaf);
        self.bundle.push(entry, folder)?;
        self.tiles.push(leaf, folder)?;
        self.meet_former()
    }

    /// A former export of another log, or of another past of this one, is not gone on with.
    fn meet_former(&mut self) -> Result<(), ExportError> {
        let size = self.tree.size();
        match self.former.take_if(|(at, _)| *at == size) {
            Some((_, root)) if root != self.tree.root() => Err(ExportError::OtherPast { size }),
            Some(_) | None => Ok(()),
        }
    }

    fn finish(self, folder: &mut Folder<'_>) -> Result<(), ExportError> {
        self.bundle.finish(folder)?;
        self.tiles.finish(folder)
    }
}

/// Records from one word about the progress to the next.
const PROGRESS_STEP: u64 = 4_096;
/// Hashes of a full tile, entries of a full bundle.
pub(crate) const TILE_WIDTH: usize = 256;

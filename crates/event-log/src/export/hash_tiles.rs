//! Hash tiles in the making: on each level the newest one, until it is full.

use super::TILE_WIDTH;
use super::error::ExportError;
use super::folder::Folder;
use crate::tree::{Hash, complete_root};

/// The growing tile of each level, lowest first; so many octets as a tile, a level.
#[derive(Default)]
pub(super) struct HashTiles {
    levels: Vec<Level>,
}

#[derive(Default)]
struct Level {
    number: u64,
    hashes: Vec<Hash>,
}

impl HashTiles {
    /// Adds a leaf, and writes each tile that it fills.
    ///
    /// # Errors
    /// As [`Folder::put`].
    pub(super) fn push(&mut self, leaf: Hash, folder: &mut Folder<'_>) -> Result<(), ExportError> {
        self.push_at(0, leaf, folder)
    }

    /// Adds a block of leaves of which only the root is known.
    ///
    /// # Errors
    /// As [`Folder::put`].
    pub(super) fn push_block(
        &mut self,
        root: Hash,
        folder: &mut Folder<'_>,
    ) -> Result<(), ExportError> {
        self.push_at(1, root, folder)
    }

    /// The same, with the leaves of this block to come next.
    pub(super) fn with_next_block(mut self, number: u64) -> Self {
        let level = Level {
            number,
            hashes: Vec::new(),
        };
        match self.levels.first_mut() {
            Some(first) => *first = level,
            None => self.levels.push(level),
        }
        self
    }

    fn push_at(
        &mut self,
        height: usize,
        mut hash: Hash,
        folder: &mut Folder<'_>,
    ) -> Result<(), ExportError> {
        if self.levels.len() < height {
            self.levels.resize_with(height, Level::default);
        }
        for (height, level) in self.levels.iter_mut().enumerate().skip(height) {
            level.hashes.push(hash);
            if level.hashes.len() < TILE_WIDTH {
                return Ok(());
            }
            level.write(height, folder)?;
            hash = complete_root(&level.hashes);
            level.hashes.clear();
            level.number = level.number.saturating_add(1);
        }
        self.levels.push(Level {
            number: 0,
            hashes: vec![hash],
        });
        Ok(())
    }

    /// Writes what there is of the tiles that are not full.
    ///
    /// # Errors
    /// As [`Folder::put`].
    pub(super) fn finish(self, folder: &mut Folder<'_>) -> Result<(), ExportError> {
        let begun = |level: &(usize, Level)| !level.1.hashes.is_empty();
        for (height, level) in self.levels.into_iter().enumerate().filter(begun) {
            level.write(height, folder)?;
        }
        Ok(())
    }
}

impl Level {
    fn write(&self, height: usize, folder: &mut Folder<'_>) -> Result<(), ExportError> {
        let place = (self.number, self.hashes.len());
        folder.put(&height.to_string(), place, self.hashes.as_flattened())
    }
}

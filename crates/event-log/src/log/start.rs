//! Opening a log: what the newest checkpoint does not cover is replayed, and nothing is believed that does not fit.

use std::sync::Arc;

use access::{Day, UtcMicros};
use key_store::Key32;
use key_store::disk::{Disk, DiskFile, SubDisk};

use super::active::Active;
use super::chain::Chain;
use super::keyring::Keyring;
use super::recovery::{End, Rest, cut, rest_of};
use super::{CHECKPOINT, FOLDER, Log, Recovery, create, run};
use crate::checkpoint::Checkpoint;
use crate::error::LogError;
use crate::keys::Keys;
use crate::newest;
use crate::note::Signer;
use crate::record::{Place, RECORD_LEN_MAX};
use crate::retention::Policy;
use crate::scrub::Journal;
use crate::seals::PATH as SEALS;
use crate::segment::{Found, Head, RECORDS_AT, Segments, Walk};
use crate::tiles::{self, FIRST_LEVEL, Spot, TileReader, Tiles};
use crate::tree::{Hash, Tree};

pub(super) fn open(
    whole: &Arc<dyn Disk>,
    keys: Arc<dyn Keys>,
    signing: &Key32,
) -> Result<(Log, Option<Recovery>), LogError> {
    let disk: Arc<dyn Disk> = Arc::new(SubDisk::new(Arc::clone(whole), FOLDER));
    // First of all: what an erasure left half done does not parse.
    if let Some(journal) = Journal::load(disk.as_ref())? {
        journal.carry_out(disk.as_ref())?;
    }
    let segments = Segments::list(disk.as_ref())?;
    let newest = segments.head(disk.as_ref(), segments.last())?;
    let signer = Signer::new(&newest.origin, signing);
    let checkpoint = newest_checkpoint(disk.as_ref(), &signer)?;
    let (policy, _) = Policy::load(disk.as_ref(), &signer.verifier())?;
    let has_chain = checkpoint.as_ref().is_some_and(|it| it.epoch.is_some());
    if has_chain
        && !disk
            .exists(SEALS)
            .map_err(LogError::io("log/seals cannot be read"))?
    {
        // Before anything is begun anew: that would overwrite the keys that the missing seals promised.
        return Err(LogError::DamagedFile {
            file: "log/seals",
            what: "it is missing, and log/checkpoint names its seals",
        });
    }
    let chain = Chain::open(disk.as_ref(), &keys, (&newest.origin, newest.instance))?;
    let checkpoint = newest_sealed(checkpoint, chain.as_ref())?;
    let replay = Replay::short(disk.as_ref(), &segments, checkpoint.as_ref());
    let replay = match replay {
        Some(replay) => replay,
        None => Replay::whole(disk.as_ref(), &segments, checkpoint.as_ref())?,
    };
    let (end, file) = replay.end.ok_or(LogError::Missing)?;
    let recovery = mend(file.as_ref(), end)?;
    let mut active = Active::resume(file, end.place.segment, end.offset)
        .map_err(LogError::io("the segment cannot be read"))?;
    active.distrust(replay.flush_at);
    let run = run::next(disk.as_ref(), replay.run)?;
    active.take_up(disk.as_ref(), run);
    let log = Log {
        disk,
        keys,
        signer,
        origin: newest.origin,
        instance: newest.instance,
        run,
        flush: end.flush.wrapping_sub(1),
        active,
        begun_on: replay.begun_on,
        tree: replay.tree,
        newest: replay.newest.max(sealed_at(checkpoint.as_ref())),
        checkpoint,
        chain,
        tiles: replay.tiles,
        keyring: Keyring::default(),
        erasing: None,
        policy,
    };
    // For convenience only, and there since the log was made.
    create::put_verifier(&log).ok();
    Ok((log, recovery))
}

/// When the newest epoch was sealed: no later record may be older.
fn sealed_at(checkpoint: Option<&Checkpoint>) -> Option<UtcMicros> {
    let checkpoint = checkpoint?;
    checkpoint.epoch.map(|_| checkpoint.time)
}

/// The day that a segment's first record is of.
fn first_day(file: &Arc<dyn DiskFile>, head: &Head) -> Result<Option<Day>, LogError> {
    let mut walk = Walk::new(Arc::clone(file), head.segment, head.first_index());
    walk = walk.reading(RECORD_LEN_MAX * 2);
    let first = walk
        .next()
        .map_err(LogError::io("the segment cannot be read"))?;
    Ok(match first {
        Found::Record(record) => Some(record.header.time.day()),
        Found::End => None,
    })
}

/// Cuts a torn end; damage is left as it is.
fn mend(file: &dyn DiskFile, end: End) -> Result<Option<Recovery>, LogError> {
    match rest_of(file, end).map_err(LogError::io("the segment's end cannot be read"))? {
        Rest::Nothing => Ok(None),
        Rest::Torn(torn) => {
            cut(file, end.offset, &torn).map_err(LogError::io("the torn end cannot be cut"))?;
            Ok(Some(torn))
        }
        Rest::Damage(offset) => {
            let what = format!(
                "record {} is damaged, and whole records follow it",
                end.place.index
            );
            Err(LogError::Damaged {
                segment: end.place.segment,
                offset,
                what,
            })
        }
    }
}

/// The newest of checkpoint and seal: a crash between the two leaves a seal that no checkpoint stands for yet.
fn newest_sealed(
    checkpoint: Option<Checkpoint>,
    chain: Option<&Chain>,
) -> Result<Option<Checkpoint>, LogError> {
    let damaged = |what| LogError::DamagedFile {
        file: "log/seals",
        what,
    };
    let seal = chain.and_then(Chain::newest);
    let marked = checkpoint.as_ref().and_then(|checkpoint| checkpoint.epoch);
    let Some(mark) = marked else {
        // The chain is younger than the checkpoint, or there is none.
        return Ok(seal.cloned().or(checkpoint));
    };
    let seal = seal.ok_or(damaged("it has no seal, and log/checkpoint names one"))?;
    match seal.epoch {
        Some(newest) if newest.number > mark.number => Ok(Some(seal.clone())),
        Some(newest) if newest.number == mark.number && Some(seal) == checkpoint.as_ref() => {
            Ok(checkpoint)
        }
        Some(_) | None => Err(damaged("it does not reach to what log/checkpoint says")),
    }
}

/// The checkpoint this log signed last. There is none before the first is sealed.
fn newest_checkpoint(disk: &dyn Disk, signer: &Signer) -> Result<Option<Checkpoint>, LogError> {
    let read = LogError::io("log/checkpoint cannot be read");
    if !disk.exists(CHECKPOINT).map_err(&read)? {
        return Ok(None);
    }
    let (_, checkpoint) = newest::newest_checkpoint(disk, &signer.verifier())?;
    Ok(Some(checkpoint))
}

/// What is learnt on the way through the segments.
struct Replay {
    tree: Tree,
    newest: Option<UtcMicros>,
    signed: u64,
    root_when_signed: Option<Hash>,
    end: Option<(End, Arc<dyn DiskFile>)>,
    /// Where the last flush of the last segment begins.
    flush_at: u64,
    /// The day that the last segment's first record is of.
    begun_on: Option<Day>,
    /// The newest run that a record names.
    run: u32,
    /// A crash may have lost those of the last minutes.
    tiles: Tiles,
}

impl Replay {
    /// From the last whole block before the checkpoint's end, which tiles tell of: the same for a log of any length. `None`
    /// where they tell nothing, or not what was signed.
    fn short(
        disk: &dyn Disk,
        segments: &Segments,
        checkpoint: Option<&Checkpoint>,
    ) -> Option<Self> {
        let checkpoint = checkpoint?;
        let block = (checkpoint.size >> FIRST_LEVEL).checked_sub(1)?;
        let (before, spot) = TileReader::open(disk).before_block(block)?;
        let index = before.size();
        let mut replay = Self::begin(before, checkpoint.size, Tiles::open(disk).ok()?);
        let mut from = Some((index, spot.offset));
        for number in segments.from(spot.segment) {
            let next = segments.after(disk, number).ok()?;
            replay.segment(disk, (number, from.take()), next).ok()?;
        }
        replay.must_agree(Some(checkpoint)).ok()?;
        Some(replay)
    }

    /// From the beginning of the segment in which the checkpoint's end lies.
    fn whole(
        disk: &dyn Disk,
        segments: &Segments,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<Self, LogError> {
        let signed = checkpoint.map_or(0, |checkpoint| checkpoint.size);
        let first = segments.that_holds(disk, signed.saturating_sub(1))?;
        let tiles = Tiles::open(disk).map_err(LogError::io("log/tiles cannot be opened"))?;
        let mut replay = Self::begin(segments.head(disk, first)?.before, signed, tiles);
        for number in segments.from(first) {
            let next = segments.after(disk, number)?;
            replay.segment(disk, (number, None), next)?;
        }
        replay.must_agree(checkpoint)?;
        Ok(replay)
    }

    fn begin(tree: Tree, signed: u64, tiles: Tiles) -> Self {
        let root_when_signed = (tree.size() == signed).then(|| tree.root());
        Self {
            tree,
            newest: None,
            signed,
            root_when_signed,
            end: None,
            flush_at: RECORDS_AT,
            begun_on: None,
            run: 0,
            tiles,
        }
    }

    /// Replays a segment to its end, or to where the next one begins; from its first record, or from the one of this index and
    /// offset.
    fn segment(
        &mut self,
        disk: &dyn Disk,
        (number, from): (u32, Option<(u64, u64)>),
        next: Option<Head>,
    ) -> Result<(), LogError> {
        let (file, head) = Segments::open(disk, number)?;
        let damaged = |offset, what: &str| LogError::Damaged {
            segment: number,
            offset,
            what: what.to_owned(),
        };
        if from.is_none() && head.before != self.tree {
            return Err(damaged(0, "it does not continue the segment before it"));
        }
        let from = from.unwrap_or((head.first_index(), RECORDS_AT));
        let mut walk = Walk::from(Arc::clone(&file), number, from);
        let mut flush = head.flush;
        (self.flush_at, self.begun_on) = (RECORDS_AT, first_day(&file, &head)?);
        let mut batch = head.flush;
        let until = next.map(|next| next.first_index());
        while until != Some(walk.index()) {
            let offset = walk.offset();
            match walk
                .next()
                .map_err(LogError::io("the segment cannot be read"))?
            {
                Found::Record(record) => {
                    if record.frame.batch != batch {
                        (batch, self.flush_at) = (record.frame.batch, offset);
                    }
                    self.run = self.run.max(record.header.run);
                    flush = if record.frame.last {
                        record.frame.batch.wrapping_add(1)
                    } else {
                        record.frame.batch
                    };
                    self.newest = self.newest.max(Some(record.header.time));
                    let here = Spot {
                        segment: number,
                        offset,
                    };
                    self.push(record.leaf(), here);
                }
                Found::End if until.is_some() => {
                    return Err(damaged(
                        offset,
                        "a record is damaged, and another segment follows",
                    ));
                }
                Found::End => break,
            }
        }
        let place = Place {
            segment: number,
            index: walk.index(),
        };
        let end = End {
            offset: walk.offset(),
            place,
            flush,
        };
        self.end = Some((end, file));
        Ok(())
    }

    fn push(&mut self, leaf: Hash, here: Spot) {
        let index = self.tree.size();
        let completed = tiles::push(&mut self.tree, leaf);
        if !completed.is_empty() || tiles::begins_block(index) {
            self.tiles.enter(index, here, &completed);
        }
        if self.tree.size() == self.signed {
            self.root_when_signed = Some(self.tree.root());
        }
    }

    /// A checkpoint inconsistent with an earlier one is never signed, so a log that is not its own checkpoint's is refused.
    fn must_agree(&self, checkpoint: Option<&Checkpoint>) -> Result<(), LogError> {
        let Some(checkpoint) = checkpoint else {
            return Ok(());
        };
        match self.root_when_signed {
            None => Err(LogError::Truncated {
                signed: self.signed,
                found: self.tree.size(),
            }),
            Some(root) if root != checkpoint.root => Err(LogError::Inconsistent {
                signed: self.signed,
            }),
            Some(_) => Ok(()),
        }
    }
}

//! Images: what a power cut may leave of a log and its keys, sampled by the ten thousand.
//!
//! A scene is a log that lives on a disk; at some change the power is cut. Of what was not synced then every sector may be there or not, and
//! of names the first few: that many images there are of one cut, and some are drawn. Each is verified as it lies there, opened, and must
//! have everything that was acknowledged; then the scene goes on from one of them. Images of one cut that are alike count once.

mod guillotine;
mod life;

use std::collections::HashSet;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use event_log::disk::Disk;
use event_log::{Log, StoreKeys};
use key_store::disk::MemDisk;
use key_store::{Fixed, KeyStore};

use super::violation::{Breach, Invariant};
use crate::dice::Dice;
use guillotine::Guillotine;
use life::{Facts, Life};

/// How many images, and of which scenes.
#[derive(Clone, Copy, Debug)]
pub struct Sampling {
    /// The first scene.
    pub from: u64,
    /// So many images at least.
    pub images: u64,
    /// Threads.
    pub threads: u64,
    /// A bug is planted: the disk says that it has synced, and has not.
    pub lying_disk: bool,
}

/// What was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Album {
    /// Logs that lived.
    pub scenes: u64,
    /// Power cuts.
    pub cuts: u64,
    /// Images, no two of one cut alike.
    pub images: u64,
    /// Of them with an end that was torn.
    pub torn: u64,
    /// Records that had to be there, over all images.
    pub records: u64,
    /// Images that were looked through for somebody who was forgotten.
    pub searched: u64,
    /// Images on which the log was gone on with and verified again.
    pub gone_on: u64,
}

/// An image that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadImage {
    /// The scene.
    pub scene: u64,
    /// Which cut of it.
    pub cut: u64,
    /// Which image of that.
    pub image: u64,
    /// The invariant that does not hold.
    pub invariant: Invariant,
    /// What is wrong.
    pub what: String,
}

impl Sampling {
    /// Looks at images until there are enough, or one is bad; `progress` is told how many.
    ///
    /// # Errors
    /// The bad image of the lowest scene that was found.
    pub fn run(&self, progress: &(dyn Fn(u64) + Sync)) -> Result<Album, BadImage> {
        let next = AtomicU64::new(self.from);
        let result: Mutex<(Album, Option<BadImage>)> = Mutex::default();
        let lock = || result.lock().unwrap_or_else(PoisonError::into_inner);
        thread::scope(|scope| {
            for _ in 0..self.threads {
                scope.spawn(|| {
                    loop {
                        let is_enough = {
                            let (album, bad) = &*lock();
                            album.images >= self.images || bad.is_some()
                        };
                        if is_enough {
                            return;
                        }
                        let played = self.scene(next.fetch_add(1, Ordering::Relaxed));
                        let (album, bad) = &mut *lock();
                        match played {
                            Ok(more) => album.add(&more),
                            Err(found) => {
                                let before = bad.take();
                                let lower = before.filter(|before| before.scene < found.scene);
                                *bad = Some(lower.unwrap_or(found));
                            }
                        }
                        progress(album.images);
                    }
                });
            }
        });
        let (album, bad) = result.into_inner().unwrap_or_else(PoisonError::into_inner);
        bad.map_or(Ok(album), Err)
    }

    /// One scene alone.
    ///
    /// # Errors
    /// Its first bad image.
    pub fn scene(&self, scene: u64) -> Result<Album, BadImage> {
        let mut album = Album {
            scenes: 1,
            ..Album::default()
        };
        let played = self.play(scene, &mut album);
        played.map_err(|(breach, image)| BadImage {
            scene,
            cut: album.cuts,
            image,
            invariant: breach.invariant,
            what: breach.what,
        })?;
        Ok(album)
    }

    fn play(&self, scene: u64, album: &mut Album) -> Result<(), (Breach, u64)> {
        let mut dice = Dice::new(scene ^ SCENES);
        let mut disk = MemDisk::new();
        let mut life = Life::begin(&disk, dice.split()).map_err(|breach| (breach, 0))?;
        for _ in 0..CUTS {
            let under = Guillotine::over(disk, dice.below(CHANGES), self.lying_disk);
            life.live(&under).map_err(|breach| (breach, 0))?;
            album.cuts += 1;
            let found = under.image();
            let mut seen = HashSet::new();
            for number in 0..TRIES {
                let image = found.fork();
                image.crash(dice.throw());
                if !seen.insert(image.fingerprint()) {
                    continue;
                }
                let looked = album.look_at(&image, &life.facts, number);
                looked.map_err(|breach| (breach, number))?;
            }
            found.crash(dice.throw());
            disk = found;
        }
        Ok(())
    }
}

impl Album {
    /// An image verifies as it lies there, opens, and has everything.
    fn look_at(&mut self, image: &MemDisk, facts: &Facts, number: u64) -> Result<(), Breach> {
        let report = facts.archive.verify_on(image)?;
        let acknowledged = facts.archive.len();
        if report.events < acknowledged || report.epochs < facts.seals {
            let what = format!(
                "{} records and {} seals of {acknowledged} and {} acknowledged",
                report.events, report.epochs, facts.seals
            );
            return Err(Invariant::AcknowledgedSurvives.breach(what));
        }
        self.images += 1;
        self.torn += u64::from(report.torn > 0);
        self.records += acknowledged;
        if number.is_multiple_of(SEARCHED_ONE_IN) && facts.traces.len() > 0 {
            self.searched += 1;
            if let Some(path) = facts.traces.found_on(image) {
                let what = format!("{path} still has something of somebody who was forgotten");
                return Err(Invariant::Forgotten.breach(what));
            }
        }
        let mut log = opened(image, facts)?;
        facts.archive.is_whole_on(image)?;
        if number.is_multiple_of(GONE_ON_ONE_IN) {
            self.gone_on += 1;
            facts.goes_on(&mut log, image)?;
        }
        Ok(())
    }

    fn add(&mut self, more: &Self) {
        self.scenes += more.scenes;
        self.cuts += more.cuts;
        self.images += more.images;
        self.torn += more.torn;
        self.records += more.records;
        self.searched += more.searched;
        self.gone_on += more.gone_on;
    }
}

fn opened(image: &MemDisk, facts: &Facts) -> Result<Log, Breach> {
    let damaged = |cause: &dyn fmt::Display| {
        Invariant::LogVerifies.breach(format!("it does not open: {cause}"))
    };
    let disk: Arc<dyn Disk> = Arc::new(image.clone());
    let keys = KeyStore::open(&disk).map_err(|cause| damaged(&cause))?;
    let keys = Arc::new(keys);
    let signing = keys.fixed(Fixed::LogSigning)?;
    let entropy = Box::new(Dice::new(facts.archive.len()));
    let writing = Arc::new(StoreKeys::of_writer(keys, entropy));
    let opened = Log::open(&disk, writing, &signing, facts.time);
    let (log, _) = opened.map_err(|cause| damaged(&cause))?;
    if log.size() < facts.archive.len() {
        let what = format!("{} records of {}", log.size(), facts.archive.len());
        return Err(Invariant::AcknowledgedSurvives.breach(what));
    }
    Ok(log)
}

impl fmt::Display for Album {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "images: {} of {} power cuts in {} logs; {} with a torn end; {} records found again; {} gone on with and verified again; \
             {} looked through for whom is forgotten",
            self.images,
            self.cuts,
            self.scenes,
            self.torn,
            self.records,
            self.gone_on,
            self.searched
        )
    }
}

impl fmt::Display for BadImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} broken in scene {} at cut {}, image {}: {}",
            self.invariant.code(),
            self.scene,
            self.cut,
            self.image,
            self.what
        )
    }
}

impl std::error::Error for BadImage {}

/// Power cuts in the life of one log.
const CUTS: u64 = 16;
/// The power goes within so many changes of the disk.
const CHANGES: u64 = 60;
/// Images that are drawn of one cut; those that are alike are looked at once.
const TRIES: u64 = 24;
/// To look through a whole disk takes a while.
const SEARCHED_ONE_IN: u64 = 12;
const GONE_ON_ONE_IN: u64 = 4;
/// So that scenes and runs do not throw the same numbers.
const SCENES: u64 = 0x5EED_0F9A_11A5_0003;

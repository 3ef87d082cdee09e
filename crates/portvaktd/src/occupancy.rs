//! Occupancy: who is where survives a restart. A thread of its own brings the file up to the site, so that the site's task
//! waits for no disk.

mod file;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use access::{Allowlist, IssuanceId, OccupancyNews, Whereabouts};
use site::Site;

use crate::failure::Failure;
use crate::site_handle::SiteHandle;
pub(crate) use file::OccupancyFile;
use file::Unread;

/// The file, and what is to be in it.
pub(crate) struct OccupancyKeeper {
    file: OccupancyFile,
    /// A copy of what the site knows, so that the site has to tell only what is new.
    known: BTreeMap<IssuanceId, Whereabouts>,
    /// Why the file was refused at the start, until that is said.
    unread: Option<Unread>,
    /// The file has something else in it.
    behind: bool,
    /// The last write failed, and that was said.
    failing: bool,
}

/// What the thread is asked for.
enum Job {
    /// The card leaves the site and the file.
    Forget(IssuanceId, Sender<Result<(), NotKept>>),
    /// Write this too, and end.
    Stop(OccupancyNews),
}

/// The thread as everybody else sees it.
#[derive(Clone)]
pub(crate) struct OccupancyHandle(SyncSender<Job>);

/// Why the file is not as it should be.
#[derive(Debug)]
pub(crate) enum NotKept {
    /// The disk says so.
    Io(io::Error),
    /// The daemon is stopping.
    Stopping,
}

impl OccupancyKeeper {
    /// What an earlier run left; nothing of it is at the doors yet.
    pub(crate) fn open(file: OccupancyFile) -> Self {
        let (known, unread) = match file.read() {
            Ok(known) => (known, None),
            Err(cause) => (BTreeMap::new(), Some(cause)),
        };
        Self {
            file,
            known,
            unread,
            behind: true,
            failing: false,
        }
    }

    /// Nothing that tells of these cards is in the file or beside it when this returns (M19). Before anybody is served.
    ///
    /// # Errors
    /// [`NotKept`]; it is repeatable.
    pub(crate) fn leave_out(&mut self, cards: &[IssuanceId]) -> Result<(), NotKept> {
        for card in cards {
            self.known.remove(card);
        }
        self.write().map_err(NotKept::Io)
    }

    /// Puts the cards where the file says they were, those that may still be used: whoever was returned just before a crash leaves
    /// the file now. Where it was refused nothing is known, and the value says why.
    pub(crate) fn restore(&mut self, site: &mut Site, cards: &Allowlist) -> Option<String> {
        let mut kept = std::mem::take(&mut self.known);
        for (_, card) in cards.iter() {
            let card = card.holder.issuance;
            if let Some(whereabouts) = kept.remove(&card) {
                site.restore_whereabouts(card, whereabouts);
                self.known.insert(card, whereabouts);
            }
        }
        // What was put there is no news.
        drop(site.take_occupancy_news());
        // Also where nobody left: a write that was cut off may have left cards beside the file, and the next one takes them away.
        self.behind = true;
        let cause = self.unread.take()?;
        Some(format!("{cause}; {NOBODY_KNOWS}"))
    }

    /// Starts the thread.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(crate) fn serve(
        mut self,
        site: SiteHandle,
    ) -> Result<(OccupancyHandle, JoinHandle<()>), Failure> {
        let (asking, jobs) = sync_channel(JOBS_MAX);
        let thread = std::thread::Builder::new()
            .name("occupancy".to_owned())
            .spawn(move || self.run(&site, &jobs));
        let thread = thread
            .map_err(|cause| Failure::failed("the occupancy's thread cannot be started", cause))?;
        Ok((OccupancyHandle(asking), thread))
    }

    fn run(&mut self, site: &SiteHandle, jobs: &Receiver<Job>) {
        loop {
            match jobs.recv_timeout(EVERY) {
                Ok(Job::Forget(card, done)) => {
                    let forgotten = self.forget(card, site);
                    // Whoever asked waits for it.
                    done.send(forgotten).ok();
                }
                Ok(Job::Stop(news)) => {
                    self.take(news);
                    // It was said, and is not tried again.
                    self.keep().ok();
                    return;
                }
                Err(RecvTimeoutError::Timeout) => self.catch_up(site),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Writes what is new since the last time. A site that has stopped gives its last word by [`Job::Stop`].
    fn catch_up(&mut self, site: &SiteHandle) {
        let news = site.ask_blocking(|bench, _| bench.site.take_occupancy_news());
        if let Ok(news) = news {
            self.take(news);
            // It was said, and is tried again in a second.
            self.keep().ok();
        }
    }

    fn forget(&mut self, card: IssuanceId, site: &SiteHandle) -> Result<(), NotKept> {
        let news = site.ask_blocking(move |bench, _| {
            bench.site.forget(card);
            bench.site.take_occupancy_news()
        });
        self.take(news.map_err(|_| NotKept::Stopping)?);
        self.write().map_err(NotKept::Io)
    }

    fn take(&mut self, news: OccupancyNews) {
        match news {
            OccupancyNews::Of(cards) => {
                for (card, whereabouts) in cards {
                    let before = match whereabouts {
                        Some(whereabouts) => self.known.insert(card, whereabouts),
                        None => self.known.remove(&card),
                    };
                    self.behind |= before != whereabouts;
                }
            }
            OccupancyNews::All(cards) => {
                self.known = cards.into_iter().collect();
                self.behind = true;
            }
        }
    }

    /// Writes the file, if there is something else in it.
    fn keep(&mut self) -> io::Result<()> {
        if self.behind { self.write() } else { Ok(()) }
    }

    /// Writes the file, and with it takes away what a write that was cut off left beside it.
    fn write(&mut self) -> io::Result<()> {
        let kept = self.file.write(&self.known);
        self.behind = kept.is_err();
        match &kept {
            Ok(()) => self.failing = false,
            Err(cause) => {
                if !std::mem::replace(&mut self.failing, true) {
                    tracing::warn!("{} cannot be written: {cause}", file::PATH);
                }
            }
        }
        kept
    }
}

impl OccupancyHandle {
    /// Nothing that tells of this card is in the site or in the file when this returns (M19). On a thread that may wait.
    ///
    /// # Errors
    /// [`NotKept`]; it is repeatable.
    pub(crate) fn forget(&self, card: IssuanceId) -> Result<(), NotKept> {
        let (done, forgotten) = channel();
        self.0
            .send(Job::Forget(card, done))
            .map_err(|_| NotKept::Stopping)?;
        forgotten.recv().map_err(|_| NotKept::Stopping)?
    }

    /// Has the site's last word written, and ends the thread behind all that queued.
    pub(crate) fn stop(&self, last: OccupancyNews) {
        self.0.send(Job::Stop(last)).ok();
    }
}

impl fmt::Display for NotKept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(cause) => write!(f, "{} cannot be written: {cause}", file::PATH),
            Self::Stopping => f.write_str("the daemon is stopping"),
        }
    }
}

const NOBODY_KNOWS: &str = "so it is not known who is where, and each card may enter anywhere once";

/// The file is at most so long behind.
const EVERY: Duration = Duration::from_secs(1);

/// Cards to be forgotten that may queue.
const JOBS_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use access::{ReaderId, UtcMicros};
    use key_store::KeyStore;
    use key_store::disk::{Disk, Fault, FaultOn, MemDisk};

    use super::*;
    use crate::entropy::OsEntropy;

    /// The file of a house in which nobody is known to be anywhere.
    fn empty_file() -> (MemDisk, OccupancyFile) {
        let mem = MemDisk::new();
        let disk: Arc<dyn Disk> = Arc::new(mem.clone());
        let keys = KeyStore::create(&disk, &mut OsEntropy).unwrap();
        let file = OccupancyFile::new(disk, &keys).unwrap();
        file.write(&BTreeMap::new()).unwrap();
        (mem, file)
    }

    fn somewhere(cards: &[IssuanceId]) -> BTreeMap<IssuanceId, Whereabouts> {
        let whereabouts = Whereabouts {
            area: None,
            entered: None,
            reader: ReaderId::new(1),
            at: UtcMicros::from_micros(0),
        };
        cards.iter().map(|card| (*card, whereabouts)).collect()
    }

    /// Whether the file, or one beside it, has the number of the card.
    fn tells_of(disk: &MemDisk, card: IssuanceId) -> bool {
        let number = card.get().to_le_bytes();
        let files = disk.files();
        let beside = files.iter().filter(|path| path.starts_with(file::PATH));
        let mut octets = beside.filter_map(|path| disk.contents(path));
        octets.any(|octets| octets.windows(4).any(|window| window == number))
    }

    #[test]
    fn a_card_that_is_left_out_is_nowhere_whenever_the_power_failed_before() {
        let [gone, stays] = [0x1A2B_3C4D, 0x2B3C_4D5E].map(IssuanceId::from_random);
        let (mut beside, mut inside) = (0, 0);
        for (after, seed) in (0..6).flat_map(|after| (0..50).map(move |seed| (after, seed))) {
            let (disk, file) = empty_file();
            disk.inject(Some(Fault {
                on: FaultOn::Change,
                after,
                times: u64::MAX,
                errno: 5,
            }));
            let written = file.write(&somewhere(&[gone, stays]));
            assert_eq!(written.is_ok(), after > 4, "{after}");
            disk.crash(seed);
            let mut keeper = OccupancyKeeper::open(file);
            inside += u32::from(keeper.known.contains_key(&gone));
            beside += u32::from(!keeper.known.contains_key(&gone) && tells_of(&disk, gone));
            let stays_known = keeper.known.contains_key(&stays);
            keeper.leave_out(&[gone]).unwrap();
            disk.crash(seed);
            assert!(!tells_of(&disk, gone), "cut after {after}, {seed}");
            assert_eq!(tells_of(&disk, stays), stays_known);
        }
        assert!(beside > 0 && inside > 0, "{beside} {inside}");
    }

    #[test]
    fn a_card_that_the_disk_does_not_let_go_is_not_called_gone() {
        let gone = IssuanceId::from_random(0x1A2B_3C4D);
        let (disk, file) = empty_file();
        file.write(&somewhere(&[gone])).unwrap();
        let mut keeper = OccupancyKeeper::open(file);
        disk.limit(Some(disk.octets()));
        let refused = keeper.leave_out(&[gone]).unwrap_err().to_string();
        assert!(refused.contains("occupancy.snapshot cannot be written"));
        disk.limit(None);
        keeper.leave_out(&[gone]).unwrap();
        assert!(!tells_of(&disk, gone));
    }
}

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

/// The file, and what is to be in it.
pub(crate) struct OccupancyKeeper {
    file: OccupancyFile,
    /// A copy of what the site knows, so that the site has to tell only what is new.
    known: BTreeMap<IssuanceId, Whereabouts>,
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
    /// Puts the cards where the file says they were, those that may still be used: whoever was returned just before a crash leaves
    /// the file now. Where it is refused nothing is known, and the second value says why.
    pub(crate) fn restore(
        file: OccupancyFile,
        site: &mut Site,
        cards: &Allowlist,
    ) -> (Self, Option<String>) {
        let mut keeper = Self {
            file,
            known: BTreeMap::new(),
            behind: true,
            failing: false,
        };
        let mut kept = match keeper.file.read() {
            Ok(kept) => kept,
            Err(cause) => return (keeper, Some(format!("{cause}; {NOBODY_KNOWS}"))),
        };
        for (_, card) in cards.iter() {
            let card = card.holder.issuance;
            if let Some(whereabouts) = kept.remove(&card) {
                site.restore_whereabouts(card, whereabouts);
                keeper.known.insert(card, whereabouts);
            }
        }
        // What was put there is no news.
        drop(site.take_occupancy_news());
        keeper.behind = !kept.is_empty();
        (keeper, None)
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
        self.keep().map_err(NotKept::Io)
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
        if !self.behind {
            return Ok(());
        }
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

//! Occupancy: who is where survives a restart. A thread of its own brings the file up to the site, so that the site's task
//! waits for no disk.

mod file;

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use access::{Allowlist, IssuanceId, Occupancy};
use site::Site;

use crate::failure::Failure;
use crate::site_handle::SiteHandle;
pub(crate) use file::OccupancyFile;

/// The file, and how far it is up to the site.
pub(crate) struct OccupancyKeeper {
    file: OccupancyFile,
    /// [`Occupancy::changes`] of what is in the file; `None` if it must be written in any case.
    written: Option<u64>,
    /// The last write failed, and that was said.
    failing: bool,
}

/// What the thread is asked for.
enum Job {
    /// The card leaves the site and the file.
    Forget(IssuanceId, Sender<Result<(), NotKept>>),
    /// Write this and end.
    Stop(Occupancy),
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
            written: None,
            failing: false,
        };
        let known = match keeper.file.read() {
            Ok(known) => known,
            Err(cause) => return (keeper, Some(format!("{cause}; {NOBODY_KNOWS}"))),
        };
        let mut known: HashMap<_, _> = known.into_iter().collect();
        for (_, card) in cards.iter() {
            let card = card.holder.issuance;
            if let Some(whereabouts) = known.remove(&card) {
                site.restore_whereabouts(card, whereabouts);
            }
        }
        keeper.written = known.is_empty().then(|| site.occupancy().changes());
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
                Ok(Job::Stop(last)) => {
                    if self.written != Some(last.changes()) {
                        self.keep(&last).ok();
                    }
                    return;
                }
                Err(RecvTimeoutError::Timeout) => self.catch_up(site),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Writes what has changed since the last time. A site that has stopped gives its last word by [`Job::Stop`].
    fn catch_up(&mut self, site: &SiteHandle) {
        let written = self.written;
        let changed = site.ask_blocking(move |bench, _| {
            let occupancy = bench.site.occupancy();
            (written != Some(occupancy.changes())).then(|| occupancy.clone())
        });
        if let Ok(Some(occupancy)) = changed {
            // It was said, and is tried again in a second.
            self.keep(&occupancy).ok();
        }
    }

    fn forget(&mut self, card: IssuanceId, site: &SiteHandle) -> Result<(), NotKept> {
        let written = self.written;
        let left = site.ask_blocking(move |bench, _| {
            let before = bench.site.occupancy();
            let is_news = written != Some(before.changes()) || before.of(card).is_some();
            bench.site.forget(card);
            let after = bench.site.occupancy();
            (after.changes(), is_news.then(|| after.clone()))
        });
        match left.map_err(|_| NotKept::Stopping)? {
            (_, Some(occupancy)) => self.keep(&occupancy).map_err(NotKept::Io),
            (changes, None) => {
                self.written = Some(changes);
                Ok(())
            }
        }
    }

    fn keep(&mut self, occupancy: &Occupancy) -> io::Result<()> {
        let kept = self.file.write(occupancy);
        match &kept {
            Ok(()) => {
                self.written = Some(occupancy.changes());
                self.failing = false;
            }
            Err(cause) => {
                // What lies there is not known now.
                self.written = None;
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
    pub(crate) fn stop(&self, last: Occupancy) {
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

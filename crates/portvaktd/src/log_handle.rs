//! The log as everybody but its writer sees it: a queue in front, its state behind.

use std::fmt;

use access::{ClockQuality, UtcMicros};
use event_log::read::PartsOf;
use event_log::{Event, Log, LogError, Policy, Receipt, Ticketed};
use tokio::sync::{mpsc, oneshot, watch};

/// What the site's task hears from the log.
#[derive(Debug)]
pub(crate) enum LogWord {
    /// These are on disk.
    Durable(Vec<Receipt>),
    /// A write failed; nothing of it is acknowledged.
    Failed,
}

/// How the log stands; published after every write and every checkpoint.
#[derive(Clone, Debug)]
pub(crate) struct LogState {
    /// Events in it.
    pub(crate) size: u64,
    /// The time of the newest of them.
    pub(crate) newest: Option<UtcMicros>,
    /// Root of the tree over them.
    pub(crate) root: [u8; 32],
    /// Events under the newest checkpoint.
    pub(crate) sealed: u64,
    /// When that was signed.
    pub(crate) sealed_at: Option<UtcMicros>,
    /// The last write reached the disk.
    pub(crate) durable: bool,
    /// For how long each class is kept.
    pub(crate) policy: Policy,
}

/// What the writer is asked for.
pub(crate) enum Job {
    /// An event of the site; answered by a [`LogWord`].
    Record(Ticketed),
    /// Events of an operator or of the daemon itself; answered when they are durable.
    Write(Vec<Event>, Follows, oneshot::Sender<Result<(), String>>),
    /// Something to be done with the log itself, behind all that queued; it answers for itself.
    Upkeep(Upkeep),
    /// Make a turn: show that the queue moves, and seal what is due.
    Tick,
    /// Seal and end.
    Stop,
}

/// Something done with the log between two flushes, given the time of now as events have it.
pub(crate) type Upkeep = Box<dyn FnOnce(&mut Log, Dated) -> Answer + Send>;

/// Tells whoever asked what came of it; called when the log's new state is out, so that they find there what they asked for.
pub(crate) type Answer = Box<dyn FnOnce() + Send>;

/// A moment as the log dates it, and how far that may be believed.
pub(crate) type Dated = (UtcMicros, ClockQuality);

/// Why an event is not in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotLogged(String);

impl fmt::Display for NotLogged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the log cannot be written: {}", self.0)
    }
}

/// What comes behind some events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Follows {
    /// Nothing of theirs.
    Nothing,
    /// More of the same, at once: only the last of it hurries the seal, and meanwhile an epoch may hold more.
    More,
}

/// Events on their way to the disk.
pub(crate) struct Writing(oneshot::Receiver<Result<(), String>>);

impl Writing {
    /// Waits until they are durable. On a thread that may wait.
    ///
    /// # Errors
    /// [`NotLogged`]; nothing of them is acknowledged.
    pub(crate) fn finish(self) -> Result<(), NotLogged> {
        let Self(written) = self;
        written
            .blocking_recv()
            .map_err(|_| stopped())?
            .map_err(NotLogged)
    }
}

/// The writer's queue and the log's state.
#[derive(Clone)]
pub(crate) struct LogHandle {
    jobs: mpsc::Sender<Job>,
    state: watch::Receiver<LogState>,
}

impl LogHandle {
    /// The ends the writer made.
    pub(crate) fn new(jobs: mpsc::Sender<Job>, state: watch::Receiver<LogState>) -> Self {
        Self { jobs, state }
    }

    /// A place for one event of the site, if the queue has one.
    pub(crate) fn place(&self) -> Option<mpsc::Permit<'_, Job>> {
        self.jobs.try_reserve().ok()
    }

    /// Queues one event of the site, waiting for a place.
    ///
    /// # Errors
    /// [`NotLogged`] if the writer has stopped.
    pub(crate) async fn record(&self, ticketed: Ticketed) -> Result<(), NotLogged> {
        self.jobs
            .send(Job::Record(ticketed))
            .await
            .map_err(|_| stopped())
    }

    /// Writes events and waits until they are durable.
    ///
    /// # Errors
    /// [`NotLogged`]; nothing of them is acknowledged.
    pub(crate) async fn write(&self, events: Vec<Event>) -> Result<(), NotLogged> {
        let (done, written) = oneshot::channel();
        self.jobs
            .send(Job::Write(events, Follows::Nothing, done))
            .await
            .map_err(|_| stopped())?;
        written.await.map_err(|_| stopped())?.map_err(NotLogged)
    }

    /// Waits until everything that queued before is durable.
    ///
    /// # Errors
    /// [`NotLogged`] if something of it is not.
    pub(crate) async fn settle(&self) -> Result<(), NotLogged> {
        self.write(Vec::new()).await
    }

    /// As [`LogHandle::write`], on a thread that may wait.
    ///
    /// # Errors
    /// [`NotLogged`]; nothing of them is acknowledged.
    pub(crate) fn write_blocking(&self, events: Vec<Event>) -> Result<(), NotLogged> {
        self.begin_writing(events, Follows::Nothing)?.finish()
    }

    /// Begins to write events, for who has something to do meanwhile. On a thread that may wait.
    ///
    /// # Errors
    /// [`NotLogged`] if the writer has stopped.
    pub(crate) fn begin_writing(
        &self,
        events: Vec<Event>,
        follows: Follows,
    ) -> Result<Writing, NotLogged> {
        let (done, written) = oneshot::channel();
        let job = Job::Write(events, follows, done);
        self.jobs.blocking_send(job).map_err(|_| stopped())?;
        Ok(Writing(written))
    }

    /// Has something done with the log itself, between two flushes. On a thread that may wait.
    ///
    /// # Errors
    /// [`NotLogged`] with what the log says.
    pub(crate) fn upkeep<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Log, Dated) -> Result<T, LogError> + Send + 'static,
    ) -> Result<T, NotLogged> {
        let (done, answer) = oneshot::channel();
        let work: Upkeep = Box::new(move |log, now| {
            let outcome = work(log, now);
            // Whoever asked waits for it.
            Box::new(move || {
                done.send(outcome).ok();
            })
        });
        self.jobs
            .blocking_send(Job::Upkeep(work))
            .map_err(|_| stopped())?;
        let outcome = answer.blocking_recv().map_err(|_| stopped())?;
        outcome.map_err(|cause| NotLogged(cause.to_string()))
    }

    /// Begins an erasure: what is to be overwritten is noted durably when this returns. On a thread that may wait.
    ///
    /// # Errors
    /// [`NotLogged`]; nothing was begun.
    pub(crate) fn begin_erasure(&self, found: PartsOf) -> Result<(), NotLogged> {
        self.upkeep(|log, _| log.begin_erasure(found))
    }

    /// Finishes the erasure that was begun, a little at a time: no door waits for it.
    ///
    /// # Errors
    /// [`NotLogged`]; it is finished before the next one, and at the next start.
    pub(crate) fn finish_erasure(&self) -> Result<(), NotLogged> {
        while !self.upkeep(|log, _| log.continue_erasure(ERASED_AT_ONCE))? {}
        Ok(())
    }

    /// Makes the writer take a turn; a full queue is moving anyway or shows that it is not.
    pub(crate) fn tick(&self) {
        self.jobs.try_send(Job::Tick).ok();
    }

    /// Asks the writer to seal and end, behind all that queued.
    pub(crate) fn stop(&self) {
        self.jobs.blocking_send(Job::Stop).ok();
    }

    /// How the log stands now.
    pub(crate) fn state(&self) -> LogState {
        self.state.borrow().clone()
    }

    /// A view that wakes at each change.
    pub(crate) fn watch(&self) -> watch::Receiver<LogState> {
        self.state.clone()
    }
}

/// Records overwritten between two flushes: some milliseconds.
const ERASED_AT_ONCE: usize = 16;

fn stopped() -> NotLogged {
    NotLogged("its writer has stopped".to_owned())
}

impl LogState {
    /// How `log` stands.
    pub(crate) fn of(log: &Log, durable: bool) -> Self {
        let checkpoint = log.checkpoint();
        Self {
            size: log.size(),
            newest: log.newest_time(),
            root: log.root(),
            sealed: checkpoint.map_or(0, |checkpoint| checkpoint.size),
            sealed_at: checkpoint.map(|checkpoint| checkpoint.time),
            durable,
            policy: *log.policy(),
        }
    }
}

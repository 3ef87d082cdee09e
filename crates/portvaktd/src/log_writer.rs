//! The log writer: the one thread that appends, syncs and seals.
//!
//! It flushes whatever queued while the previous flush ran, with no timer: a single event waits for nobody, a burst shares
//! one sync. An epoch is sealed at once after what an operator did or read (of a long list, with its last page) and after an alarm,
//! else within [`SEAL_AFTER`] or with [`SEAL_EVENTS_MAX`] events ([`SEAL_LIST_MAX`] in the midst of a long list); a quiet one within [`SEAL_QUIET`], so that an end that was cut off shows.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use access::UtcMicros;
use event_log::{
    DoorKind, Event, Log, LogError, ReaderKind, Receipt, SystemEvent, SystemKind, Text, Ticketed,
    What,
};
use reader_bus::Uptime;
use site::Dating;
use tokio::sync::{mpsc, oneshot, watch};

use crate::clock::Clock;
use crate::failure::Failure;
use crate::log_handle::{Follows, Job, LogHandle, LogState, LogWord, Upkeep};
use crate::pulse::Pulse;

/// The thread's own state.
pub(crate) struct LogWriter {
    log: Log,
    clock: Arc<Clock>,
    pulse: Arc<Pulse>,
    jobs: mpsc::Receiver<Job>,
    words: mpsc::Sender<LogWord>,
    state: watch::Sender<LogState>,
    /// Events since the newest checkpoint, and when the first of them came.
    unsealed: Option<(u64, Uptime)>,
    /// An operator's act or an alarm is among them.
    urgent: bool,
    /// What comes behind the newest of an operator's.
    follows: Follows,
    /// When the newest epoch was sealed, or was to be.
    sealed: Uptime,
    /// Seals, and records that do not come from the site, are dated by what the site made of the clock, so that a clock that jumps
    /// leaves nothing behind that no later event can follow.
    dating: Dating,
}

/// Answers owed for one batch.
#[derive(Default)]
struct Batch {
    events: Vec<Ticketed>,
    /// How many of the leading events are the site's.
    recorded: usize,
    /// An operator's act or an alarm is among them, of which nothing more follows.
    urgent: bool,
    /// What comes behind the last write, if there is one.
    follows: Option<Follows>,
    writes: Vec<oneshot::Sender<Result<(), String>>>,
    upkeep: Vec<Upkeep>,
    stop: bool,
}

impl LogWriter {
    /// Starts the thread; the site's words come out of `words`.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(crate) fn start(
        log: Log,
        (clock, pulse): (Arc<Clock>, Arc<Pulse>),
        words: mpsc::Sender<LogWord>,
    ) -> Result<(LogHandle, JoinHandle<()>), Failure> {
        let (asking, jobs) = mpsc::channel(JOBS_MAX);
        let (state, watched) = watch::channel(LogState::of(&log, true));
        let unsealed = (log.size() > state.borrow().sealed)
            .then(|| (log.size() - state.borrow().sealed, clock.up()));
        let writer = Self {
            sealed: clock.up(),
            dating: Dating::new(log.newest_time(), clock.now()),
            log,
            clock,
            pulse,
            jobs,
            words,
            state,
            unsealed,
            urgent: false,
            follows: Follows::Nothing,
        };
        let thread = std::thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || writer.run());
        let thread =
            thread.map_err(|cause| Failure::failed("the log writer cannot be started", cause))?;
        Ok((LogHandle::new(asking, watched), thread))
    }

    fn run(mut self) {
        while let Some(job) = self.jobs.blocking_recv() {
            self.pulse.log_turned();
            let mut batch = self.gather(job);
            let stop = batch.stop;
            let upkeep = std::mem::take(&mut batch.upkeep);
            self.write(batch);
            self.raise_disk_alarm();
            for work in upkeep {
                self.keep_up(work);
            }
            self.seal_if_due(stop);
            if stop {
                return;
            }
        }
    }

    /// Takes what queued, up to one batch.
    fn gather(&mut self, first: Job) -> Batch {
        let mut own = Vec::new();
        let mut batch = Batch::default();
        let mut next = Some(first);
        while let Some(job) = next {
            match job {
                Job::Record(ticketed) => {
                    batch.urgent |= is_urgent(&ticketed.event);
                    batch.events.push(ticketed);
                }
                Job::Write(events, follows, done) => {
                    batch.urgent |= follows == Follows::Nothing && events.iter().any(is_urgent);
                    batch.follows = Some(follows);
                    own.extend(events);
                    batch.writes.push(done);
                }
                Job::Upkeep(work) => batch.upkeep.push(work),
                Job::Tick => {}
                Job::Stop => batch.stop = true,
            }
            let full = batch.stop || batch.events.len() + own.len() >= BATCH_MAX;
            next = if full {
                None
            } else {
                self.jobs.try_recv().ok()
            };
        }
        batch.recorded = batch.events.len();
        batch.events.extend(own.into_iter().map(|event| Ticketed {
            ticket: NO_TICKET,
            event: self.dated(event),
        }));
        batch
    }

    /// The site dates its own events; these came by another way, and no clock's word alone moves them.
    fn dated(&self, event: Event) -> Event {
        let present = self.dating.present(self.clock.up());
        let time = self
            .log
            .newest_time()
            .map_or(present, |newest| newest.max(present));
        Event { time, ..event }
    }

    fn write(&mut self, batch: Batch) {
        if batch.events.is_empty() {
            // Somebody only waits for what came before.
            let durable = self.state.borrow().durable;
            let outcome = || durable.then_some(()).ok_or_else(|| NOT_DURABLE.to_owned());
            for done in batch.writes {
                done.send(outcome()).ok();
            }
            return;
        }
        self.urgent |= batch.urgent;
        self.follows = batch.follows.unwrap_or(self.follows);
        let written = self.log.append(&batch.events);
        // Before anybody hears of it: who is told that a record is durable finds it when they look.
        self.publish(written.is_ok());
        match written {
            Ok(receipts) => self.acknowledge(receipts, batch),
            Err(cause) => self.refuse(&cause, batch),
        }
    }

    /// Says on record and in the journal that the disk is full, once for each reserve.
    fn raise_disk_alarm(&mut self) {
        if !self.log.take_disk_alarm() {
            return;
        }
        tracing::error!(
            "the disk is full: the log goes on with its emergency reserve of 8 MiB; make room"
        );
        let event = Event {
            time: self.present(),
            clock: self.clock.now().clock,
            late: false,
            what: What::System(SystemEvent {
                kind: SystemKind::DiskFull,
                detail: Text::new("the log goes on with its emergency reserve"),
            }),
        };
        let event = self.dated(event);
        let told = self.log.append(&[Ticketed {
            ticket: NO_TICKET,
            event,
        }]);
        if let Err(cause) = told {
            tracing::error!("the log cannot be written: {cause}");
        }
        self.urgent = true;
    }

    fn acknowledge(&mut self, mut receipts: Vec<Receipt>, batch: Batch) {
        if let Some(newest) = self.log.newest_time() {
            self.dating.wrote(newest, self.clock.up());
        }
        let count = u64::try_from(receipts.len()).unwrap_or(u64::MAX);
        let (before, since) = self.unsealed.unwrap_or_else(|| (0, self.clock.up()));
        self.unsealed = Some((before.saturating_add(count), since));
        receipts.truncate(batch.recorded);
        if !receipts.is_empty() {
            self.tell(LogWord::Durable(receipts));
        }
        for done in batch.writes {
            // An asker who left needs no answer; the event stands.
            done.send(Ok(())).ok();
        }
    }

    /// Does something with the log itself, which may leave records and a seal.
    fn keep_up(&mut self, work: Upkeep) {
        let before = self.log.size();
        let now = (self.present(), self.clock.now().clock);
        let answer = work(&mut self.log, now);
        let (size, state) = (self.log.size(), LogState::of(&self.log, true));
        if size > before {
            let newest = self.log.newest_time().unwrap_or(now.0);
            self.dating.wrote(newest, self.clock.up());
            let left = size.saturating_sub(state.sealed);
            self.unsealed = (left > 0).then(|| (left, self.clock.up()));
        }
        let durable = self.state.borrow().durable;
        self.publish(durable);
        answer();
    }

    /// The present as the site dates it.
    fn present(&self) -> UtcMicros {
        self.dating.present(self.clock.up())
    }

    fn refuse(&mut self, cause: &LogError, batch: Batch) {
        tracing::error!("the log cannot be written: {cause}");
        if batch.recorded > 0 {
            self.tell(LogWord::Failed);
        }
        for done in batch.writes {
            done.send(Err(cause.to_string())).ok();
        }
    }

    fn seal_if_due(&mut self, stop: bool) {
        let (count, since) = self.unsealed.unwrap_or((0, self.sealed));
        let waited = self.clock.up().micros().saturating_sub(since.micros());
        let longest = if count == 0 { SEAL_QUIET } else { SEAL_AFTER };
        let old = Duration::from_micros(waited) >= longest;
        if old {
            // Of a list that is underway no epoch becomes so old: it broke off.
            self.follows = Follows::Nothing;
        }
        // More that queued meanwhile goes under the same checkpoint.
        let urgent = self.urgent && self.jobs.is_empty();
        let last = stop && count > 0;
        let most = match self.follows {
            Follows::Nothing => SEAL_EVENTS_MAX,
            Follows::More => SEAL_LIST_MAX,
        };
        if !(last || old || urgent || count >= most) {
            return;
        }
        let time = self.present();
        self.sealed = self.clock.up();
        match self.log.seal(time) {
            Ok(checkpoint) => {
                (self.unsealed, self.urgent) = (None, false);
                self.dating.wrote(checkpoint.time, self.sealed);
            }
            Err(cause) => {
                tracing::error!("the log cannot be sealed: {cause}");
                self.unsealed = Some((count, self.sealed));
            }
        }
        let durable = self.state.borrow().durable;
        self.publish(durable);
    }

    fn tell(&self, word: LogWord) {
        // A site that has stopped takes no more words, and opens no more doors.
        self.words.blocking_send(word).ok();
    }

    fn publish(&self, durable: bool) {
        self.state.send_replace(LogState::of(&self.log, durable));
    }
}

/// What an operator did or read is sealed at once, and what somebody should look at.
const fn is_urgent(event: &Event) -> bool {
    match &event.what {
        What::Administration(_) | What::Reading(_) => true,
        What::Door(door) => matches!(door.kind, DoorKind::Forced),
        What::Reader(reader) => matches!(
            reader.kind,
            ReaderKind::Tamper | ReaderKind::Swapped | ReaderKind::SecurityAlarm
        ),
        What::System(system) => matches!(system.kind, SystemKind::ConfigurationLoaded),
        What::Passage(_) => false,
    }
}

const NOT_DURABLE: &str = "an earlier record is not on disk yet";

/// Jobs that may queue; the site keeps the rest of its records itself.
const JOBS_MAX: usize = 2_048;

/// Events in one flush.
const BATCH_MAX: usize = 512;

/// An epoch is at most so long.
const SEAL_AFTER: Duration = Duration::from_secs(10);

/// A quiet epoch is at most so long: an auditor tells a log whose end was cut off by the age of its newest seal.
const SEAL_QUIET: Duration = Duration::from_secs(300);

/// The flush that brings an epoch to so many events is its last.
const SEAL_EVENTS_MAX: u64 = 1_024;

/// The same while more of a long list follows, which comes faster than seals are written: a fraction of a second's.
const SEAL_LIST_MAX: u64 = 8 * SEAL_EVENTS_MAX;

/// Events that are answered by their order, not by a ticket; the site counts its tickets from 1.
const NO_TICKET: u64 = 0;

//! The house: all parts put together, nothing running yet but the log's and the register's threads.

use std::sync::Arc;
use std::thread::JoinHandle;

use access::LineId;
use event_log::{Event, SystemEvent, SystemKind, Text, What};
use register::Register;
use site::Now;
use tokio::sync::{mpsc, watch};

use crate::archive::Archive;
use crate::bench::Bench;
use crate::clock::Clock;
use crate::config::{Config, Line};
use crate::controller::{Controller, Views};
use crate::data_dir::DataDir;
use crate::desk::{Desk, DeskHandle};
use crate::failure::Failure;
use crate::log_handle::LogHandle;
use crate::log_writer::LogWriter;
use crate::names::Names;
use crate::opening::{self, Ground, Stores};
use crate::outbox::{self, OutboxError};
use crate::pulse::Pulse;
use crate::reload::Reload;
use crate::serial_line::{LineInput, SerialLine};
use crate::site_handle::SiteHandle;
use crate::site_task::SiteTask;

/// Every part of the daemon.
pub(crate) struct House {
    /// Held until everything has stopped.
    pub(crate) data_dir: DataDir,
    pub(crate) site_task: SiteTask,
    pub(crate) serial_lines: Vec<SerialLine>,
    pub(crate) controller: Arc<Controller>,
    pub(crate) reload: Reload,
    pub(crate) pulse: Arc<Pulse>,
    pub(crate) desk: JoinHandle<()>,
    pub(crate) log_writer: JoinHandle<()>,
    pub(crate) farewell: Farewell,
}

/// The last record of a run that ended as it should.
pub(crate) struct Farewell(Arc<Clock>);

impl Farewell {
    /// Writes it; a run without one ended uncleanly.
    pub(crate) fn say(&self, log: &LogHandle) {
        if let Err(cause) = log.write_blocking(vec![system(self.0.now(), SystemKind::Stopped, "")]) {
            tracing::error!("{cause}");
        }
    }
}

impl House {
    /// Puts the parts together. What an earlier run left half done is finished here, before anybody is served.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn assemble(
        config: Arc<Config>,
        mut stores: Stores,
        clock: Arc<Clock>,
        warnings: Vec<String>,
    ) -> Result<Self, Failure> {
        let pulse = Arc::new(Pulse::default());
        let beginning = beginning(&stores, clock.now())?;
        let (words_in, words) = mpsc::channel(WORDS_MAX);
        let (log, log_writer) = LogWriter::start(stores.log, Arc::clone(&clock), Arc::clone(&pulse), words_in)?;
        log.write_blocking(beginning).map_err(|cause| Failure::Failed(cause.to_string()))?;
        let past = Past { log: &log, archive: &stores.archive, clock: &clock };
        past.finish(&mut stores.register)?;
        let names = Names::reconcile(&config, &mut stores.register);
        let names = names.map_err(|cause| opening::refused_register(&cause))?;
        let ground = Ground { config: &config, names: &names, register: &stores.register, keys: &stores.keys };
        let (site, cards) = ground.build_site(log.state().newest, clock.now())?;
    
        let operators = stores.register.operators().map_err(|cause| opening::refused_register(&cause))?;
        let (allowlist, allowlist_view) = watch::channel(cards);
        let (reload, config_view) = Reload::new(Arc::clone(&config));
        let (site_handle, questions) = SiteHandle::new();
        let (desk_handle, errands) = DeskHandle::new();
        let desk = Desk {
            tag_key: opening::tag_key(&stores.keys)?,
            register: stores.register,
            keys: stores.keys,
            clock: Arc::clone(&clock),
            site: site_handle.clone(),
            log: log.clone(),
            archive: stores.archive.clone(),
            allowlist,
            behind: Arc::clone(desk_handle.behind()),
        };
        let (inputs_in, inputs) = mpsc::channel(INPUTS_MAX);
        let (lines, serial_lines) = serial_lines(&config, &names, &clock, &inputs_in);
        let site_task = SiteTask {
            bench: Bench::new(site),
            clock: Arc::clone(&clock),
            pulse: Arc::clone(&pulse),
            log: log.clone(),
            desk: desk_handle.clone(),
            lines,
            inputs,
            words,
            questions,
        };
        let controller = Controller {
            names,
            clock: Arc::clone(&clock),
            site: site_handle,
            desk: desk_handle,
            log,
            archive: stores.archive,
            started: clock.now().utc,
            views: Views { config: config_view, allowlist: allowlist_view },
            operators,
            warnings,
        };
        Ok(Self {
            data_dir: stores.data_dir,
            site_task,
            serial_lines,
            controller: Arc::new(controller),
            reload,
            pulse,
            desk: errands.serve(desk)?,
            log_writer,
            farewell: Farewell(clock),
        })
    }
}

/// What an earlier run left: records on their way to the log, returns half done.
struct Past<'a> {
    log: &'a LogHandle,
    archive: &'a Archive,
    clock: &'a Clock,
}

impl Past<'_> {
    fn finish(&self, register: &mut Register) -> Result<(), Failure> {
        let unlogged = |cause: OutboxError| match cause {
            OutboxError::Register(cause) => opening::refused_register(&cause),
            OutboxError::Log(_) | OutboxError::Archive(_) => Failure::Failed(cause.to_string()),
        };
        let refused = |cause| opening::refused_register(&cause);
        let replayed = outbox::replay(register, self.log, self.archive, self.clock).map_err(unlogged)?;
        if replayed > 0 {
            tracing::info!("{replayed} records of an earlier run were brought into the log");
        }
        for issuance in register.unfinished_returns().map_err(refused)? {
            let change = register.finish_return(issuance, self.clock.now().utc).map_err(refused)?;
            outbox::write(register, self.log, &change.records, self.clock).map_err(unlogged)?;
            tracing::info!("a return that an earlier run began was finished");
        }
        let reclaimed = register.reclaim_keys().map_err(refused)?;
        if reclaimed > 0 {
            tracing::info!("{reclaimed} keys that belong to nobody were destroyed");
        }
        Ok(())
    }
}

/// The first records of a run.
fn beginning(stores: &Stores, now: Now) -> Result<Vec<Event>, Failure> {
    let mut events = Vec::new();
    let was_stopped = stores.archive.ended_well().map_err(|cause| Failure::Data(cause.to_string()))?;
    if !was_stopped {
        events.push(system(now, SystemKind::LogGap, "unclean end: 0 to 1024 records of standard doors may be missing"));
    }
    if let Some(recovery) = &stores.recovery {
        tracing::warn!("the log's torn end was cut: {recovery}");
        events.push(system(now, SystemKind::LogRecovered, &recovery.to_string()));
    }
    events.push(system(now, SystemKind::Started, concat!("portvaktd ", env!("CARGO_PKG_VERSION"))));
    Ok(events)
}

fn system(now: Now, kind: SystemKind, detail: &str) -> Event {
    let what = What::System(SystemEvent { kind, detail: Text::new(detail) });
    Event { time: now.utc, clock: now.clock, late: false, what }
}

type Frames = (LineId, mpsc::Sender<Vec<u8>>);

fn serial_lines(
    config: &Config,
    names: &Names,
    clock: &Arc<Clock>,
    inputs: &mpsc::Sender<LineInput>,
) -> (Vec<Frames>, Vec<SerialLine>) {
    let line = |line: &Line| {
        let id = names.line(&line.name)?;
        let (frames_in, frames) = mpsc::channel(FRAMES_MAX);
        let serial = SerialLine {
            id,
            name: line.name.clone(),
            device: line.device.clone(),
            baud: line.baud,
            clock: Arc::clone(clock),
            frames,
            inputs: inputs.clone(),
        };
        Some(((id, frames_in), serial))
    };
    config.lines.iter().filter_map(line).unzip()
}

/// The log's answers that may wait for the site.
const WORDS_MAX: usize = 64;

/// Reads of all lines that may wait for the site.
const INPUTS_MAX: usize = 256;

/// Frames that may wait for a line's port; the bus gives one at a time.
const FRAMES_MAX: usize = 2;

//! The house: all parts put together, nothing running yet but the log's and the register's threads.

use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use access::Allowlist;
use event_log::{Event, SystemKind};
use key_store::KeyStore;
use register::Register;
use site::{Now, Site};
use tokio::sync::{mpsc, watch};

use crate::books::{Books, refused_register};
use crate::clock::Clock;
use crate::config::Config;
use crate::controller::{Controller, Overdue, Views};
use crate::data_dir::DataDir;
use crate::desk::{Desk, DeskHandle, DoorCards, KeyRoom, Roster};
use crate::failure::Failure;
use crate::forgetting::{self, ForgettingError};
use crate::ledger::Ledger;
use crate::log_handle::LogWord;
use crate::log_writer::LogWriter;
use crate::names::Names;
use crate::occupancy::{OccupancyFile, OccupancyHandle, OccupancyKeeper};
use crate::opening::{Ground, Stores};
use crate::outbox::{self, OutboxError};
use crate::own_event::own_event;
use crate::pulse::Pulse;
use crate::reload::Reload;
use crate::serial_line::SerialLine;
use crate::site_handle::SiteHandle;
use crate::site_task::{Ears, SiteTask};
use crate::snapshot::{PATH, Picture, SnapshotKeeper};
use crate::told_names::{self, NEVER};

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
    pub(crate) occupancy: (OccupancyHandle, JoinHandle<()>),
    pub(crate) log_writer: JoinHandle<()>,
    pub(crate) farewell: Farewell,
}

/// The last record of a run that ended as it should.
pub(crate) struct Farewell(Ledger);

impl Farewell {
    /// Writes it, and has the log sealed; a run without it ended uncleanly. Says whether it is in the log.
    pub(crate) fn say(self) -> bool {
        let event = own_event(self.0.clock.now(), SystemKind::Stopped, "");
        let said = self.0.log.write_blocking(vec![event]);
        if let Err(cause) = &said {
            tracing::error!("{cause}");
        }
        self.0.log.stop();
        said.is_ok()
    }
}

impl House {
    /// Puts the parts together. What an earlier run left half done is finished here, before anybody is served.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn assemble(
        config: Arc<Config>,
        stores: Stores,
        clock: Arc<Clock>,
        mut warnings: Vec<String>,
    ) -> Result<Self, Failure> {
        let mut footing = Footing::lay(stores, clock)?;
        footing.tell_working_day(&config);
        let survey = Survey::make(&config, &mut footing)?;
        warnings.extend(survey.warning);
        let unfit = footing.books.register.as_ref().err().cloned();
        let (ledger, pulse, words) = (footing.ledger, footing.pulse, footing.words);
        let (site_handle, questions) = SiteHandle::new();
        let occupancy = footing.occupancy.serve(site_handle.clone())?;
        let (door_cards, allowlist_view) = DoorCards::new(site_handle.clone(), survey.cards);
        let staff = (footing.books.register.is_ok(), footing.is_behind);
        let (desk_handle, errands) = DeskHandle::new(staff, &door_cards);
        let mut site_task = SiteTask::new(
            survey.site,
            &ledger,
            desk_handle.clone(),
            Ears { words, questions },
            Arc::clone(&pulse),
        );
        let serial_lines = site_task.connect(&config, &survey.names);
        let doors = (site_handle.clone(), desk_handle.clone());
        let (reload, config_view) = Reload::new(config, ledger.clone(), doors);
        let (roster, roster_view) = watch::channel(survey.roster);
        let room = KeyRoom::new(&footing.keys, &site_handle);
        let kept = footing.books.register.ok().map(|(register, snapshot)| {
            let doors = (site_handle.clone(), ledger.clone());
            let (files, told) = ((occupancy.0.clone(), snapshot), (door_cards, roster));
            let behind = Arc::clone(desk_handle.behind());
            Desk::new((register, footing.keys), doors, files, told, behind)
        });
        let desk = errands.serve(room, kept.transpose()?)?;
        let controller = Controller {
            names: survey.names,
            started: ledger.clock.now().utc,
            ledger: ledger.clone(),
            site: site_handle,
            desk: desk_handle,
            warnings,
            unfit,
            overdue: watch::Sender::new(Overdue::default()),
            unsaid: Arc::new(Mutex::new(footing.unsaid)),
            views: Views {
                config: config_view,
                allowlist: allowlist_view,
                roster: roster_view,
            },
        };
        Ok(Self {
            data_dir: footing.data_dir,
            site_task,
            serial_lines,
            controller: Arc::new(controller),
            reload,
            pulse,
            desk,
            occupancy,
            log_writer: footing.log_writer,
            farewell: Farewell(ledger),
        })
    }
}

/// What lies under everything else: the stores, with the log's writer at work and the past made good.
struct Footing {
    data_dir: DataDir,
    keys: Arc<KeyStore>,
    books: Books,
    ledger: Ledger,
    pulse: Arc<Pulse>,
    words: mpsc::Receiver<LogWord>,
    log_writer: JoinHandle<()>,
    occupancy: OccupancyKeeper,
    /// The first records of this run, if the log did not take them.
    unsaid: Vec<Event>,
    /// What an earlier run left half done is so still, since the log takes nothing.
    is_behind: bool,
}

impl Footing {
    fn tell_working_day(&mut self, config: &Config) {
        let day = config.section.working_day();
        if let (Ok((register, _)), Some(day)) = (&mut self.books.register, day) {
            register.set_working_day(day);
        }
    }

    fn lay(stores: Stores, clock: Arc<Clock>) -> Result<Self, Failure> {
        let pulse = Arc::new(Pulse::default());
        let beginning = beginning(&stores, clock.now())?;
        let (words_in, words) = mpsc::channel(WORDS_MAX);
        let Stores {
            data_dir,
            keys,
            mut books,
            log,
            archive,
        } = stores;
        let times = (Arc::clone(&clock), Arc::clone(&pulse));
        let (log, log_writer) = LogWriter::start(log, times, words_in.clone())?;
        let ledger = Ledger {
            log,
            archive,
            clock,
        };
        let unsaid = begin_without_fail(&ledger, beginning, &words_in);
        let file = OccupancyFile::new(data_dir.disk(), &keys);
        let file = file.map_err(|cause| Failure::data("key store", cause))?;
        let mut occupancy = OccupancyKeeper::open(file);
        let mut is_behind = !unsaid.is_empty();
        if let (Ok(kept), false) = (&mut books.register, is_behind) {
            let finished = finish_what_was_begun(kept, &books.picture, &ledger, &mut occupancy);
            is_behind = put_off(finished)?;
        }
        Ok(Self {
            data_dir,
            keys,
            books,
            ledger,
            pulse,
            words,
            log_writer,
            occupancy,
            unsaid,
            is_behind,
        })
    }
}

/// Writes the first records; gives them back if the log does not take them. Doors are served all the same: the site is told that the
/// log has failed, so that standard doors open from memory for a while and strict ones stay shut (architecture).
fn begin_without_fail(
    ledger: &Ledger,
    beginning: Vec<Event>,
    words: &mpsc::Sender<LogWord>,
) -> Vec<Event> {
    let Err(cause) = ledger.log.write_blocking(beginning.clone()) else {
        return Vec::new();
    };
    tracing::error!("{cause}; {GOES_ON}");
    // The site's queue is empty yet.
    words.try_send(LogWord::Failed).ok();
    let late = |event| Event {
        late: true,
        ..event
    };
    beginning.into_iter().map(late).collect()
}

/// Whether something had to be put off: what may pass by itself is done by the desk later, before its first change.
fn put_off(finished: Result<(), Failure>) -> Result<bool, Failure> {
    match finished {
        Ok(()) => Ok(false),
        Err(Failure::Failed(cause)) => {
            tracing::error!("what an earlier run left half done is finished later: {cause}");
            Ok(true)
        }
        Err(other) => Err(other),
    }
}

/// The house as register, keys and configuration describe it together.
struct Survey {
    names: Names,
    roster: Roster,
    site: Site,
    cards: Arc<Allowlist>,
    /// Why nobody knows who is where.
    warning: Option<String>,
}

impl Survey {
    fn make(config: &Config, footing: &mut Footing) -> Result<Self, Failure> {
        let refused = |cause| refused_register(&cause);
        let Books { picture, register } = &mut footing.books;
        let names = match register {
            Ok((register, _)) => {
                let names = Names::reconcile(config, register).map_err(refused)?;
                if let Err(cause) = told_names::tell(register, &footing.ledger, NEVER) {
                    tracing::warn!("{cause}; it is tried again in half an hour");
                }
                names
            }
            Err(unfit) => Names::among(config, &picture.facts.names()).map_err(|name| {
                let why = format!("{unfit}; and the snapshot does not know {name} of the configuration; take it out or put the register right");
                Failure::Data(why)
            })?,
        };
        let operators = picture.facts.operators();
        let roster = Roster::from(operators.ok_or_else(|| {
            Failure::Data("an operator's role that this version does not know".to_owned())
        })?);
        let cards = Arc::clone(&picture.cards);
        let ground = Ground {
            config,
            names: &names,
            cards: &cards,
            keys: &footing.keys,
        };
        let (log, clock) = (footing.ledger.log.state(), &footing.ledger.clock);
        let mut site = ground.build_site(log.newest, clock.now())?;
        let warning = footing.occupancy.restore(&mut site, &cards);
        if let Some(warning) = &warning {
            tracing::warn!("{warning}");
        }
        site.lock_down(&picture.facts.locked_down(), clock.now());
        Ok(Self {
            names,
            roster,
            site,
            cards,
            warning,
        })
    }
}

/// Records on their way to the log, and returns half done: an earlier run left them.
fn finish_what_was_begun(
    (register, snapshot): &mut (Register, SnapshotKeeper),
    picture: &Picture,
    ledger: &Ledger,
    occupancy: &mut OccupancyKeeper,
) -> Result<(), Failure> {
    let unlogged = |cause: OutboxError| match cause {
        OutboxError::Register(cause) => refused_register(&cause),
        OutboxError::Log(_) | OutboxError::Archive(_) => Failure::Failed(cause.to_string()),
    };
    let refused = |cause| refused_register(&cause);
    let replayed = outbox::replay(register, ledger).map_err(unlogged)?;
    if replayed > 0 {
        tracing::info!("{replayed} records of an earlier run were brought into the log");
    }
    let now = ledger.clock.now().utc;
    let unfinished = register.unfinished_returns(now).map_err(refused)?;
    if !unfinished.is_empty() {
        // First of all, as at the desk: a holder who is called forgotten is in no file.
        let left = occupancy.leave_out(&unfinished);
        left.map_err(|cause| Failure::Failed(cause.to_string()))?;
        let kept = snapshot.write(&picture.cards, picture.facts.clone(), picture.mark);
        kept.map_err(|cause| Failure::failed(PATH, cause))?;
    }
    for issuance in unfinished {
        let forgotten = forgetting::forget(register, ledger, (issuance, now));
        let change = forgotten.map_err(|cause| match cause {
            ForgettingError::Register(cause) => refused_register(&cause),
            ForgettingError::Archive(_) | ForgettingError::Log(_) => {
                Failure::Failed(cause.to_string())
            }
        })?;
        outbox::write(register, ledger, &change.records).map_err(unlogged)?;
        tracing::info!("a return that an earlier run began was finished");
    }
    Ok(())
}

/// The first records of a run.
fn beginning(stores: &Stores, now: Now) -> Result<Vec<Event>, Failure> {
    let mut events = Vec::new();
    let was_stopped = stores
        .archive
        .ended_well(stores.log.size())
        .map_err(|cause| Failure::Data(cause.to_string()))?;
    // A run of which the log took nothing may have let people in from memory.
    let was_left = stores.data_dir.begin_run().unwrap_or_else(|cause| {
        tracing::error!("data directory: it cannot be noted that a daemon runs: {cause}");
        true
    });
    if was_left || !was_stopped {
        events.push(own_event(
            now,
            SystemKind::LogGap,
            "unclean end: 0 to 1024 records of standard doors may be missing",
        ));
    }
    if let Err(unfit) = &stores.books.register {
        events.push(own_event(now, unfit.kind(), &unfit.to_string()));
    }
    events.push(own_event(
        now,
        SystemKind::Started,
        concat!("portvaktd ", env!("CARGO_PKG_VERSION")),
    ));
    Ok(events)
}

const GOES_ON: &str = "the doors are served without it: standard doors open from memory for a while, strict doors stay shut, and nothing is changed before the log takes records again";

/// The log's answers that may wait for the site.
const WORDS_MAX: usize = 64;

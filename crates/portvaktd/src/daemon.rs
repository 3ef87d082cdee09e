//! The daemon: everything opened, every task started, and stopped in an order in which nothing acknowledged is lost.

use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use access::OccupancyNews;
use sd_notify::NotifyState;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::config::Config;
use crate::control_server::ControlServer;
use crate::controller::Controller;
use crate::failure::Failure;
use crate::house::House;
use crate::opening::Stores;
use crate::pulse::{self, Pulse};
use crate::reload::Reload;
use crate::serial_line::SerialLine;
use crate::site_task::SiteTask;
use crate::{ends, journal, overdue, protection, retention};

/// Runs in the foreground until told to stop.
///
/// # Errors
/// [`Failure`]; whatever was refused is as it was.
pub(crate) fn run(file: &Path) -> Result<(), Failure> {
    let clock = Arc::new(Clock::start());
    journal::begin();
    let config = Config::load(file)?;
    config.require_devices()?;
    let warnings = protection::raise();
    let stores = Stores::open(&config, &clock)?;
    let server = ControlServer::bind(&config.section.socket)?;
    // Told only now: whoever is refused gets one line.
    for warning in &warnings {
        tracing::warn!("{warning}");
    }
    let house = House::assemble(config, stores, clock, warnings)?;
    live(house, server)
}

/// Everything started, waited for, and stopped again: lines first, then operators, then the register, the log last.
fn live(house: House, server: ControlServer) -> Result<(), Failure> {
    let bus = runtime("lines")?;
    let endings = {
        let _context = bus.enter();
        Endings::listen()?
    };
    let (stop, stopped) = oneshot::channel();
    let (open, closed) = oneshot::channel();
    let office = Office {
        server,
        controller: Arc::clone(&house.controller),
        reload: house.reload,
        pulse: house.pulse,
    };
    let operators = office.open(stopped, open)?;
    let (last, is_told) = bus.block_on(lines(
        house.site_task,
        house.serial_lines,
        (endings, closed),
    ));
    drop(bus);
    pulse::notify(&[NotifyState::Stopping]);
    // Nobody at the other end means that the thread has ended already.
    stop.send(()).ok();
    join(operators, "control server");
    drop(house.controller);
    join(house.desk, "register");
    let (occupancy, keeper) = house.occupancy;
    occupancy.stop(last);
    join(keeper, "occupancy");
    let is_said = house.farewell.say();
    join(house.log_writer, "log writer");
    if is_said && let Err(cause) = house.data_dir.end_run() {
        tracing::error!("data directory: it cannot be noted that the run has ended: {cause}");
    }
    drop(house.data_dir);
    is_told
        .then_some(())
        .ok_or_else(|| Failure::Failed(OFFICE_GONE.to_owned()))
}

/// The signals that end the daemon. They are listened for before anybody can know that it runs, and so is the one that
/// reloads: unheard, each of them would kill it.
struct Endings {
    terminate: Signal,
    interrupt: Signal,
    _hangup: Signal,
}

impl Endings {
    fn listen() -> Result<Self, Failure> {
        let listen =
            |kind| signal(kind).map_err(|cause| Failure::failed("signals cannot be heard", cause));
        Ok(Self {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
            _hangup: listen(SignalKind::hangup())?,
        })
    }
}

/// Polls the lines until a signal comes, or nobody serves operators any more: then no card could be blocked, and it is better to be
/// started again. Gives what was not told yet of who is where, and whether it was a signal.
async fn lines(
    mut site: SiteTask,
    serial_lines: Vec<SerialLine>,
    (mut endings, closed): (Endings, oneshot::Receiver<()>),
) -> (OccupancyNews, bool) {
    for line in serial_lines {
        tokio::spawn(line.run());
    }
    pulse::notify(&[NotifyState::Ready]);
    tracing::info!("portvaktd {} is ready", env!("CARGO_PKG_VERSION"));
    let mut is_told = true;
    tokio::select! {
        () = site.run() => {}
        _ = closed => is_told = false,
        _ = endings.terminate.recv() => tracing::info!("told to terminate"),
        _ = endings.interrupt.recv() => tracing::info!("interrupted"),
    }
    site.wind_up().await;
    (site.last_news(), is_told)
}

/// Where operators are served: a thread of its own, so that they take no turn from the lines.
struct Office {
    server: ControlServer,
    controller: Arc<Controller>,
    reload: Reload,
    pulse: Arc<Pulse>,
}

impl Office {
    /// `open` is let go of when nobody is served any more, whatever ended it.
    fn open(
        self,
        stopped: oneshot::Receiver<()>,
        open: oneshot::Sender<()>,
    ) -> Result<JoinHandle<()>, Failure> {
        let control = runtime("control")?;
        let thread = std::thread::Builder::new()
            .name("control".to_owned())
            .spawn(move || {
                control.block_on(self.serve(stopped));
                // A log reader in the middle of a file is not waited for.
                control.shutdown_background();
                drop(open);
            });
        thread.map_err(|cause| Failure::failed("the control server cannot be started", cause))
    }

    async fn serve(self, stopped: oneshot::Receiver<()>) {
        let keeper = Arc::clone(&self.controller);
        let archivist = Arc::clone(&self.controller);
        let teller = Arc::clone(&self.controller);
        let reviewer = Arc::clone(&self.controller);
        tokio::select! {
            _ = stopped => {}
            ended = self.server.serve(self.controller) => {
                if let Err(cause) = ended {
                    tracing::error!("control socket: {cause}");
                }
            }
            () = self.reload.at_each_hangup() => {}
            () = pulse::feed_watchdog(self.pulse) => {}
            () = keeper.keep_house() => {}
            () = retention::keep(archivist) => {}
            () = ends::tell(teller) => {}
            () = overdue::keep(reviewer) => {}
        }
    }
}

fn runtime(of: &str) -> Result<Runtime, Failure> {
    let built = Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(BLOCKING_THREADS_MAX)
        .build();
    built.map_err(|cause| {
        Failure::failed(
            format_args!("the runtime of the {of} cannot be started"),
            cause,
        )
    })
}

fn join(thread: JoinHandle<()>, of: &str) {
    if thread.join().is_err() {
        tracing::error!("the thread of the {of} ended in a panic");
    }
}

const OFFICE_GONE: &str = "the control server has ended by itself, so the daemon stopped in order";

/// Log readers at work at once.
const BLOCKING_THREADS_MAX: usize = 4;

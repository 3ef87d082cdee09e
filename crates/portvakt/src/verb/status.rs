//! `portvakt status`.

mod metrics;

use clap::Args;
use control::reply::status::Status as State;
use control::{Reply, Request};

use crate::daemon::Daemon;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Label, Lang};

/// The controller's state in a few lines
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Status {
    /// As metrics in the OpenMetrics text format, for a collector to pick up
    #[arg(long)]
    metrics: bool,
}

impl Status {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let mut daemon = desk.connect()?;
        let reply = daemon.ask(Request::Status {})?;
        let Reply::Status(status) = &reply else {
            return Err(Failure::unexpected(&reply));
        };
        if self.metrics {
            // The collector reads the state of the register as a number; a failed command would leave it nothing to read.
            return desk.out.line(metrics::written(status)?.trim_end());
        }
        if desk.out.is_json() {
            desk.out.json(status)?;
            return verdict(status);
        }
        for (label, value) in fields(status, &daemon, desk.lang) {
            desk.field(label, &value)?;
        }
        for warning in &status.warnings {
            let warning = daemon.localised(&desk.lang.told(warning));
            desk.field(Label::Warning, &warning)?;
        }
        verdict(status)
    }
}

/// A house that goes on without its register is told by the exit code too.
fn verdict(status: &State) -> Result<(), Failure> {
    if status.register == USABLE {
        Ok(())
    } else {
        Err(Failure::failed(format_args!(
            "{}: see the warnings",
            status.register
        )))
    }
}

fn fields(status: &State, daemon: &Daemon, lang: Lang) -> Vec<(Label, String)> {
    let log = &status.log;
    let durable = lang.word(if log.durable {
        "durable"
    } else {
        "NOT REACHING THE DISK"
    });
    let sealed_at = log
        .sealed_at
        .map_or_else(|| lang.word("never"), |at| daemon.shown(at));
    let overdue = status
        .overdue
        .map_or_else(|| "-".to_owned(), |count| count.to_string());
    vec![
        (
            Label::Site,
            format!("{}, portvaktd {}", status.site, status.daemon),
        ),
        (
            Label::Clock,
            format!("{}, {}", daemon.shown(status.now), lang.word(&status.clock)),
        ),
        (
            Label::Lines,
            lang.told(&format!("{} of {} up", status.lines_up, status.lines)),
        ),
        (
            Label::Readers,
            lang.told(&format!(
                "{} of {} online",
                status.readers_online, status.readers
            )),
        ),
        (Label::Doors, status.doors.to_string()),
        (
            Label::Cards,
            lang.told(&format!(
                "{}, generation {}",
                status.cards, status.generation
            )),
        ),
        (Label::Register, lang.word(&status.register)),
        (Label::Overdue, overdue),
        (Label::Log, format!("{durable}, {}", log.dir)),
        (Label::Events, log.size.to_string()),
        (Label::Sealed, format!("{}, {sealed_at}", log.sealed)),
        (Label::Verifier, log.verifier.clone()),
    ]
}

/// What the state calls a register that can be used.
const USABLE: &str = "usable";

const EXAMPLES: &str = "\
Examples:
  portvakt status
  portvakt --json status
  portvakt status --metrics > /var/lib/prometheus/node-exporter/portvakt.prom";

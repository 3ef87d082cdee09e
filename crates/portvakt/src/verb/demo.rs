//! `portvakt demo`: a simulated house, the real daemon, and people who come and go.

mod daemon;
mod office;
mod places;
mod screen;
mod stage;
mod story;
mod tally;
mod verdict;
mod watch;

use std::time::Duration;

use clap::Args;

use crate::clock;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::length::length;
use daemon::Daemon;
use office::Office;
use screen::Screen;
use stage::Stage;
use story::Story;
use verdict::Ending;
use watch::Watch;

/// Plays a whole house: simulated readers and people, the real daemon, a real log
///
/// Needs no configuration, no group and no hardware. At the end the log is verified; the exit code
/// is 0 only if people were let in, others were refused, and the log verifies.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  portvakt demo --for 1m")]
pub(crate) struct Demo {
    /// How long people come and go; the story itself takes 16 s
    #[arg(long = "for", value_name = "TIME", default_value = "20s", value_parser = length)]
    length: Duration,
}

impl Demo {
    /// Plays it.
    ///
    /// # Errors
    /// [`Failure`] if the stage cannot be set, if something the story promises did not happen, or
    /// if the log does not verify.
    pub(crate) fn run(self) -> Result<(), Failure> {
        let begun = clock::uptime();
        let interrupt = Interrupt::listen()?;
        let mut stage = Stage::set()?;
        let mut daemon =
            Daemon::start(stage.places()).inspect_err(|_| stage.places().clear_away())?;
        let (mut office, hello) = Office::open(stage.places().socket(), &mut daemon)?;
        let status = office.status()?;
        let screen = Screen::new(&hello, &status.clock);
        screen.opening(&hello, stage.places())?;
        let mut watch = Watch::begin(stage.places().socket(), status.started)?;
        screen.narrate("the technician gives the readers their keys")?;
        office.set_keys(&stage)?;
        watch.show_new(&screen)?;
        screen.narrate("the technician enrols eight people")?;
        let enrolled = office.enrol(&mut stage)?;
        watch.show_new(&screen)?;
        let mut story = Story::begin(enrolled, clock::uptime());
        loop {
            let now = clock::uptime();
            let over = story.is_told(now) && now >= begun.saturating_add(self.length);
            if over || interrupt.came() {
                break;
            }
            story.go_on(&mut stage, &mut office, &screen, now)?;
            stage.go_on(now)?;
            watch.show_new(&screen)?;
            daemon.must_run()?;
        }
        daemon.stop()?;
        let tally = watch.show_rest(&screen)?;
        let ending = if story.is_told(clock::uptime()) {
            Ending::Told(tally)
        } else {
            Ending::CutShort
        };
        let log = &status.log;
        let keys = [Some(&log.verifier), log.epoch_verifier.as_ref()];
        let keys: Vec<&str> = keys.into_iter().flatten().map(String::as_str).collect();
        verdict::speak(&screen, stage.places(), &keys, &ending)
    }
}

//! The site's task: the one owner of the site. Octets, receipts, deadlines and questions come in, one at a time; frames and
//! records go out. Every channel is bounded and nothing here waits for a disk.

use std::sync::Arc;
use std::time::Duration;

use access::{LineId, OccupancyNews};
use site::{Notice, Site};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{self, Receiver, Sender};

use crate::bench::Bench;
use crate::clock::Clock;
use crate::config::{Config, Line};
use crate::desk::DeskHandle;
use crate::ledger::Ledger;
use crate::line_timer::LineTimer;
use crate::log_handle::{Job, LogHandle, LogWord};
use crate::names::Names;
use crate::pulse::Pulse;
use crate::serial_line::{LineInput, SerialLine};
use crate::site_handle::Question;

/// The task and its channels.
pub(crate) struct SiteTask {
    bench: Bench,
    clock: Arc<Clock>,
    pulse: Arc<Pulse>,
    log: LogHandle,
    desk: DeskHandle,
    /// Frames to each line.
    lines: Vec<(LineId, Sender<Vec<u8>>)>,
    /// Octets of every line; the task's own sender is for lines to come.
    inputs: (Sender<LineInput>, Receiver<LineInput>),
    ears: Ears,
}

/// What the task listens to besides its lines.
pub(crate) struct Ears {
    /// The log's answers.
    pub(crate) words: Receiver<LogWord>,
    /// What operators ask.
    pub(crate) questions: Receiver<Question>,
}

impl SiteTask {
    /// A site without lines yet.
    pub(crate) fn new(
        site: Site,
        ledger: &Ledger,
        desk: DeskHandle,
        ears: Ears,
        pulse: Arc<Pulse>,
    ) -> Self {
        Self {
            bench: Bench::new(site),
            clock: Arc::clone(&ledger.clock),
            pulse,
            log: ledger.log.clone(),
            desk,
            lines: Vec::new(),
            inputs: mpsc::channel(INPUTS_MAX),
            ears,
        }
    }

    /// Takes every line in, and gives the ports' ends of them.
    pub(crate) fn connect(&mut self, config: &Config, names: &Names) -> Vec<SerialLine> {
        let numbered = config
            .lines
            .iter()
            .filter_map(|line| Some((line, names.line(&line.name)?)));
        numbered
            .map(|(line, id)| self.connect_one(line, id))
            .collect()
    }

    fn connect_one(&mut self, line: &Line, id: LineId) -> SerialLine {
        let (frames_in, frames) = mpsc::channel(FRAMES_MAX);
        let (orders, surveys) = mpsc::channel(1);
        self.bench.can_survey(id, orders);
        self.lines.push((id, frames_in));
        SerialLine {
            id,
            name: line.name.clone(),
            device: line.device.clone(),
            baud: line.baud,
            rs485: line.rs485,
            surveys,
            survey: None,
            clock: Arc::clone(&self.clock),
            frames,
            inputs: self.inputs.0.clone(),
        }
    }

    /// Runs until it is dropped: at a stop the last frame sent is the last word, and every strike locks by itself.
    pub(crate) async fn run(&mut self) {
        let timer = LineTimer::new();
        loop {
            let is_held_up = self.drain();
            self.pulse.bus_turned();
            let due = self.bench.site.poll_timeout();
            let wait = due.map_or(TURN_AT_LEAST, |due| {
                self.clock.until(due).min(TURN_AT_LEAST)
            });
            // What a port does not take stays due; until it does, or is closed, there is nothing to hurry for.
            let wait = if is_held_up { wait.max(HELD_UP) } else { wait };
            // A receipt opens a door and octets may be a card: they come before what an operator asks.
            tokio::select! {
                biased;
                Some(word) = self.ears.words.recv() => self.hear(word),
                Some(input) = self.inputs.1.recv() => self.take(input),
                () = timer.wait(wait) => self.bench.site.handle_timeout(self.clock.now()),
                Some(question) = self.ears.questions.recv() => question(&mut self.bench, self.clock.now()),
            }
        }
    }

    /// Takes orders to readers back, and hands every record that is left to the log, which a stop writes before it ends.
    pub(crate) async fn wind_up(&mut self) {
        self.bench.site.withdraw_all(self.clock.now());
        self.drain_notices();
        while let Some(ticketed) = self.bench.site.poll_record() {
            if self.log.record(ticketed).await.is_err() {
                return;
            }
        }
    }

    /// What was not told yet of who is where.
    pub(crate) fn last_news(&mut self) -> OccupancyNews {
        self.bench.site.take_occupancy_news()
    }

    fn hear(&mut self, word: LogWord) {
        match word {
            LogWord::Durable(receipts) => {
                for receipt in receipts {
                    self.bench.site.handle_receipt(receipt, self.clock.now());
                }
            }
            LogWord::Failed => self.bench.site.handle_log_failure(self.clock.now()),
        }
    }

    fn take(&mut self, input: LineInput) {
        let now = self.clock.now();
        match input {
            LineInput::Octets(line, octets) => self.bench.site.handle_bytes(line, &octets, now),
            LineInput::Up(line) => {
                self.bench.line_came(line);
                self.bench.site.handle_line_up(line, now);
            }
            LineInput::Down(line, why) => {
                if self.bench.line_went(line, why) {
                    self.bench.site.handle_line_down(line, now);
                }
            }
        }
    }

    /// Empties what the site has to say. Records first: a frame never overtakes the record of its grant, since the site
    /// holds it back until the receipt. True: a port takes no frames at the moment.
    fn drain(&mut self) -> bool {
        while let Some(place) = self.log.place() {
            match self.bench.site.poll_record() {
                Some(ticketed) => {
                    self.bench.see(&ticketed.event);
                    place.send(Job::Record(ticketed));
                }
                None => break,
            }
        }
        self.drain_notices();
        let mut is_held_up = false;
        for (line, frames) in &self.lines {
            loop {
                let place = match frames.try_reserve() {
                    Ok(place) => place,
                    Err(why) => {
                        is_held_up |= matches!(why, TrySendError::Full(()));
                        break;
                    }
                };
                match self.bench.site.poll_transmit(*line, self.clock.now()) {
                    Some(frame) => place.send(frame),
                    None => break,
                }
            }
        }
        is_held_up
    }

    /// Tells those who wait, and hands to the key store what readers have shown.
    fn drain_notices(&mut self) {
        while let Some(notice) = self.bench.site.poll_notice() {
            if let Notice::DayKeyWanted(day) = notice {
                self.desk.want_day_key(day);
            } else {
                self.bench.notice(notice);
            }
        }
        let desk = &self.desk;
        self.bench
            .key_chores
            .hand_over(|chore| desk.keep_key(chore));
    }
}

/// The loop turns at least so often, due or not: it is what the watchdog sees.
const TURN_AT_LEAST: Duration = Duration::from_millis(500);

/// While a port takes nothing the loop turns so often.
const HELD_UP: Duration = Duration::from_millis(2);

/// Reads of all lines that may wait for the site.
const INPUTS_MAX: usize = 256;

/// Frames that may wait for a line's port; the bus gives one at a time.
const FRAMES_MAX: usize = 2;

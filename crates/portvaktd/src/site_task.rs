//! The site's task: the one owner of the site. Octets, receipts, deadlines and questions come in, one at a time; frames and
//! records go out. Every channel is bounded and nothing here waits for a disk.

use std::sync::Arc;
use std::time::Duration;

use access::LineId;
use site::Notice;
use tokio::sync::mpsc::{Receiver, Sender};
use tokio::time::sleep;

use crate::bench::Bench;
use crate::clock::Clock;
use crate::desk::DeskHandle;
use crate::log_handle::{Job, LogHandle, LogWord};
use crate::pulse::Pulse;
use crate::serial_line::LineInput;
use crate::site_handle::Question;

/// The task and its channels.
pub(crate) struct SiteTask {
    pub(crate) bench: Bench,
    pub(crate) clock: Arc<Clock>,
    pub(crate) pulse: Arc<Pulse>,
    pub(crate) log: LogHandle,
    pub(crate) desk: DeskHandle,
    /// Frames to each line.
    pub(crate) lines: Vec<(LineId, Sender<Vec<u8>>)>,
    /// Octets of every line.
    pub(crate) inputs: Receiver<LineInput>,
    /// The log's answers.
    pub(crate) words: Receiver<LogWord>,
    /// What operators ask.
    pub(crate) questions: Receiver<Question>,
}

impl SiteTask {
    /// Runs until it is dropped: at a stop the last frame sent is the last word, and every strike locks by itself.
    pub(crate) async fn run(&mut self) {
        loop {
            self.drain();
            self.pulse.bus_turned();
            let due = self.bench.site.poll_timeout();
            let wait = due.map_or(TURN_AT_LEAST, |due| {
                self.clock.until(due).min(TURN_AT_LEAST)
            });
            // A receipt opens a door and octets may be a card: they come before what an operator asks.
            tokio::select! {
                biased;
                Some(word) = self.words.recv() => self.hear(word),
                Some(input) = self.inputs.recv() => self.take(input),
                () = sleep(wait) => self.bench.site.handle_timeout(self.clock.now()),
                Some(question) = self.questions.recv() => question(&mut self.bench, self.clock.now()),
            }
        }
    }

    /// Hands every record that is left to the log, which a stop writes before it ends.
    pub(crate) async fn hand_over_records(&mut self) {
        while let Some(ticketed) = self.bench.site.poll_record() {
            if self.log.record(ticketed).await.is_err() {
                return;
            }
        }
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
    /// holds it back until the receipt.
    fn drain(&mut self) {
        while let Some(place) = self.log.place() {
            match self.bench.site.poll_record() {
                Some(ticketed) => {
                    self.bench.see(&ticketed.event);
                    place.send(Job::Record(ticketed));
                }
                None => break,
            }
        }
        while let Some(notice) = self.bench.site.poll_notice() {
            match notice {
                Notice::DayKeyWanted(day) => self.desk.want_day_key(day),
                other => self.bench.notice(other),
            }
        }
        for (line, frames) in &self.lines {
            while let Ok(place) = frames.try_reserve() {
                match self.bench.site.poll_transmit(*line, self.clock.now()) {
                    Some(frame) => place.send(frame),
                    None => break,
                }
            }
        }
    }
}

/// The loop turns at least so often, due or not: it is what the watchdog sees.
const TURN_AT_LEAST: Duration = Duration::from_millis(500);

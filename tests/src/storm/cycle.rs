//! One house of the storm, and what happens between two kills.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use access::IssuanceId;
use building_sim::Dice;
use control::reply::card::CardRow;
use control::request::card::CardList;
use control::request::integrity::IntegrityRequest;
use control::{Client, Reply, Request, Row};

use super::audit::{Auditor, check_backups};
use super::book::{Job, Verb};
use super::desk::{self, Shared, open};
use super::house::{Daemon, House, last_reply};
use super::pest;
use super::plan::DOORS;
use super::present::instant;
use super::readers::Out;
use super::{Breach, Tally};

/// A house, its people, and what is known of it.
pub(crate) struct Site {
    pub(crate) house: House,
    pub(crate) folder: PathBuf,
    pub(crate) book: Shared,
    pub(crate) auditor: Auditor,
    dice: Dice,
}

/// When the daemon is killed.
enum Strike {
    /// So long after its start.
    Starting(Duration),
    /// So long after this was asked for, which somebody is to do at a given time after it began to work.
    Amid {
        /// What.
        verb: Verb,
        /// When it is begun.
        begun: Duration,
        /// How long it goes on.
        after: Duration,
    },
    /// So long after it began to work.
    Working(Duration),
}

impl Strike {
    fn drawn(dice: &mut Dice) -> Self {
        let micros = |dice: &mut Dice, most: u64| Duration::from_micros(dice.below(most));
        match dice.below(10) {
            0..2 => Self::Starting(micros(dice, START_MICROS)),
            2..7 => {
                let verb = dice.pick(&Verb::ALL).copied().unwrap_or(Verb::Return);
                // Most kills strike early in an act; a backup takes long.
                let most = match (dice.one_in(3), verb) {
                    (false, _) => 8_000,
                    (true, Verb::Backup) => 800_000,
                    (true, _) => 60_000,
                };
                Self::Amid {
                    verb,
                    begun: micros(dice, WORK_MICROS),
                    after: micros(dice, most),
                }
            }
            _ => Self::Working(micros(dice, WORK_MICROS)),
        }
    }
}

impl Site {
    /// Builds a house and sees every door open for the caretaker, the first in the book.
    pub(crate) fn found(folder: &Path, binary: &Path, mut dice: Dice) -> Result<Self, Breach> {
        let house = House::build(folder, binary, dice.split())?;
        let mut daemon = house.spawn();
        let mut client = house.connect(&mut daemon)?;
        house.furnish(&mut client)?;
        let Reply::LogStatus(log) = last_reply(&mut client, Request::LogStatus {})? else {
            return Err(Breach::new("log status", "another answer"));
        };
        let verifier = [Some(log.verifier), log.epoch_verifier];
        let verifier: Vec<String> = verifier.into_iter().flatten().collect();
        let mut site = Self {
            house,
            folder: folder.to_path_buf(),
            book: Shared::default(),
            auditor: Auditor::new(verifier.join("\n")),
            dice,
        };
        site.issue_to_caretaker(&mut client)?;
        site.must_open_every_door()?;
        daemon.stop()?;
        site.audit(&mut Tally::default())?;
        site.auditor.learn_doors()?;
        Ok(site)
    }

    fn issue_to_caretaker(&self, client: &mut Client) -> Result<(), Breach> {
        let mut book = open(&self.book);
        book.wanted = Some(Verb::Issue);
        let job: Job = book
            .choose(&mut Dice::new(0))
            .expect("an issue can always be wished for");
        let wish = desk::wish(&book.cards[0]);
        let issued = last_reply(client, Request::CardIssue(Box::new(wish)))?;
        book.done(&job, &issued);
        Ok(())
    }

    /// From one start to the next kill, and what must hold then.
    pub(crate) fn cycle(&mut self, number: u64, tally: &mut Tally) -> Result<(), Breach> {
        for line in self.house.lines() {
            line.take();
        }
        // What nobody came to do before the last kill is not done beside this one's.
        open(&self.book).wanted = None;
        let strike = Strike::drawn(&mut self.dice);
        let begun = instant();
        let mut daemon = self.house.spawn();
        if let Strike::Starting(after) = strike {
            sleep(after);
            daemon.kill()?;
            tally.in_start += 1;
        } else {
            self.settle(&mut daemon, number, tally)?;
            tally.starts.push(self.first_question(begun)?);
            self.work(daemon, &strike, tally)?;
        }
        tally.kills += 1;
        self.audit(tally)?;
        if let Some(refused) = open(&self.book).refused.take() {
            return Err(Breach::new("a refusal that nobody expected", refused));
        }
        if number % TRACES_EVERY == TRACES_EVERY - 1 {
            self.seek_traces(tally)?;
        }
        Ok(())
    }

    /// Operators, people at the doors and pests at the socket, until the instant of the kill.
    fn work(&mut self, daemon: Daemon, strike: &Strike, tally: &mut Tally) -> Result<(), Breach> {
        let over = AtomicBool::new(false);
        let (begun, acts) = mpsc::channel();
        let (mut struck, mut pests) = (false, 0);
        let (house, book, dice) = (&self.house, &self.book, &mut self.dice);
        let killed = thread::scope(|scope| {
            for _ in 0..DESKS {
                let (begun, dice) = (begun.clone(), dice.split());
                let (socket, over) = (house.socket(), &over);
                scope.spawn(move || desk::work(&socket, book, &begun, over, dice));
            }
            let (street, over) = (dice.split(), &over);
            scope.spawn(move || walk(house, book, over, street));
            let (socket, dice) = (house.socket(), dice.split());
            let bothers = scope.spawn(move || pest::bother(&socket, over, dice));
            struck = wait_for(strike, book, &acts);
            // Killed first: what is on its way is cut off, not waited for.
            let killed = daemon.kill();
            over.store(true, Ordering::Relaxed);
            pests = bothers.join().unwrap_or(0);
            killed
        });
        tally.pests += pests;
        tally.in_act += u64::from(struck);
        killed
    }

    /// What the dead daemon left.
    fn audit(&mut self, tally: &mut Tally) -> Result<(), Breach> {
        for line in self.house.lines() {
            line.fall_silent();
        }
        let before = self.auditor.records.len();
        let report = self
            .auditor
            .read(&self.house.data(), &self.folder.join("copy"))?;
        let outs: Vec<Out> = self
            .house
            .lines()
            .iter()
            .flat_map(|line| line.take().outs)
            .collect();
        let book = open(&self.book);
        self.auditor.judge_doors(&outs, &book)?;
        self.auditor.judge_changes(&book)?;
        tally.unlocks +=
            u64::try_from(outs.iter().filter(|out| out.releases()).count()).unwrap_or(0);
        tally.records +=
            u64::try_from(self.auditor.records.len().saturating_sub(before)).unwrap_or(0);
        tally.verified += 1;
        tally.torn += u64::from(report.torn > 0);
        Ok(())
    }

    /// What the dead daemon's successor says of every card, against the book; what it has acknowledged by now.
    pub(crate) fn settle(
        &mut self,
        daemon: &mut Daemon,
        number: u64,
        tally: &mut Tally,
    ) -> Result<(), Breach> {
        let mut client = self.house.connect(daemon)?;
        let rows = list(&mut client)?;
        let mut name_of = |issuance| {
            let shown = last_reply(&mut client, Request::CardShow { issuance })?;
            let Reply::Card(card) = shown else {
                return Err(Breach::new("card show", "another answer"));
            };
            Ok(card
                .name
                .map_or_else(String::new, |name| name.expose().to_owned()))
        };
        open(&self.book).settle(rows, &mut name_of)?;
        if number.is_multiple_of(RECONCILE_EVERY) {
            self.reconcile(&mut client, tally)?;
        }
        let said = last_reply(&mut client, Request::LogCheckpoint { old: 0 })?;
        let Reply::LogCheckpoint(said) = said else {
            return Err(Breach::new("log checkpoint", "another answer"));
        };
        let Reply::LogStatus(log) = last_reply(&mut client, Request::LogStatus {})? else {
            return Err(Breach::new("log status", "another answer"));
        };
        self.auditor.promised = (Some(said.checkpoint), log.size);
        Ok(())
    }

    fn reconcile(&self, client: &mut Client, tally: &mut Tally) -> Result<(), Breach> {
        let wish = Request::Integrity(IntegrityRequest::Reconcile {});
        let Reply::Reconciled(found) = last_reply(client, wish)? else {
            return Err(Breach::new("log reconcile", "another answer"));
        };
        tally.reconciled += 1;
        if found.differences > 0 {
            let what = format!(
                "{} differences, the first: {:?}",
                found.differences, found.first
            );
            return Err(Breach::new(
                "I6, the register is not what the log says",
                what,
            ));
        }
        Ok(())
    }

    /// How long it took until every line was asked something.
    fn first_question(&self, begun: Instant) -> Result<Duration, Breach> {
        let mut longest = Duration::ZERO;
        for line in self.house.lines() {
            while line.look().asked.is_none() {
                if begun.elapsed() > POLLING_MAX {
                    return Err(Breach::new(
                        "no line is polled within",
                        format!("{POLLING_MAX:?}"),
                    ));
                }
                sleep(Duration::from_millis(1));
            }
            let asked = line.look().asked.unwrap_or(begun);
            longest = longest.max(asked.saturating_duration_since(begun));
        }
        Ok(longest)
    }

    /// The caretaker's card opens every door: the readers are back, and nothing stayed shut.
    fn must_open_every_door(&self) -> Result<(), Breach> {
        let begun = instant();
        for door in (0_u8..).take(DOORS.len()) {
            let line = self.house.readers_at(door);
            let is_open = || {
                line.look()
                    .outs
                    .iter()
                    .any(|out| out.reader == door && out.releases())
            };
            while !is_open() {
                if begun.elapsed() > HEALTH_MAX {
                    let what = format!("{} within {HEALTH_MAX:?}", DOORS[usize::from(door)].name);
                    return Err(Breach::new("I11, a door does not open again", what));
                }
                line.show(door, CARETAKER);
                // It may have been shown before its reader was asked, or while the order before lasts.
                let shown = instant();
                while !is_open() && shown.elapsed() < Duration::from_millis(500) {
                    sleep(Duration::from_millis(5));
                }
            }
        }
        Ok(())
    }

    fn seek_traces(&self, tally: &mut Tally) -> Result<(), Breach> {
        let backups = check_backups(&self.house.backups(), self.auditor.verifier())?;
        tally.backups += backups;
        tally.sought += self
            .auditor
            .seek_traces(&self.house.data(), &open(&self.book))?;
        Ok(())
    }

    /// The end of a house: all is well again, and it stops in order.
    pub(crate) fn close(mut self, tally: &mut Tally) -> Result<(), Breach> {
        for line in self.house.lines() {
            line.take();
        }
        let mut daemon = self.house.spawn();
        self.settle(&mut daemon, 0, tally)?;
        self.must_open_every_door()?;
        daemon.stop()?;
        self.audit(tally)?;
        self.seek_traces(tally)?;
        let said = std::fs::read_to_string(self.house.journal()).expect("the journal");
        let book = open(&self.book);
        tally.answered += book.answered;
        tally.cut_off += book.cut_off;
        for (name, count) in &book.acknowledged {
            *tally.acknowledged.entry(name).or_default() += count;
        }
        match said.lines().find(|line| line.contains("panicked")) {
            Some(line) => Err(Breach::new("a panic", line)),
            None => Ok(()),
        }
    }
}

fn list(client: &mut Client) -> Result<BTreeMap<IssuanceId, CardRow>, Breach> {
    let failed = |cause| Breach::new("card list", cause);
    let wish = Request::CardList(CardList::default());
    client.send(wish, false).map_err(failed)?;
    let mut rows = BTreeMap::new();
    loop {
        match client.receive().map_err(failed)? {
            Reply::Part {
                row: Row::Card(card),
            } => {
                rows.insert(card.issuance, *card);
            }
            Reply::End { .. } => return Ok(rows),
            other => return Err(Breach::new("card list", format!("{other:?}"))),
        }
    }
}

/// Waits until the instant of the kill; whether it lies in the midst of an operator's act.
fn wait_for(strike: &Strike, book: &Shared, acts: &Receiver<Verb>) -> bool {
    let (verb, after) = match strike {
        Strike::Starting(after) | Strike::Working(after) => {
            sleep(*after);
            return false;
        }
        Strike::Amid { verb, begun, after } => {
            sleep(*begun);
            (verb, after)
        }
    };
    while acts.try_recv().is_ok() {}
    open(book).wanted = Some(*verb);
    let begun = instant();
    while let Some(left) = AMID_MAX.checked_sub(begun.elapsed()) {
        if acts.recv_timeout(left).is_ok_and(|act| act == *verb) {
            sleep(*after);
            return true;
        }
    }
    false
}

/// People at the doors: somebody shows a card somewhere all the time.
pub(crate) fn walk(house: &House, book: &Shared, over: &AtomicBool, mut dice: Dice) {
    while !over.load(Ordering::Relaxed) {
        let number = open(book).at_hand(&mut dice);
        let doors = u64::try_from(DOORS.len()).unwrap_or(1);
        let door = u8::try_from(dice.below(doors)).unwrap_or(0);
        house.readers_at(door).show(door, number);
        sleep(BETWEEN_CARDS);
    }
}

/// The first in the book has a card that always opens.
pub(crate) const CARETAKER: u16 = 1;
/// Operators at work at once.
pub(crate) const DESKS: usize = 2;
const BETWEEN_CARDS: Duration = Duration::from_millis(7);
const START_MICROS: u64 = 150_000;
const WORK_MICROS: u64 = 250_000;
/// So long somebody is given to begin what is wanted.
const AMID_MAX: Duration = Duration::from_millis(250);
/// Ten times what is promised: a machine may be busy.
const POLLING_MAX: Duration = Duration::from_secs(10);
const HEALTH_MAX: Duration = Duration::from_secs(40);
const RECONCILE_EVERY: u64 = 10;
const TRACES_EVERY: u64 = 20;

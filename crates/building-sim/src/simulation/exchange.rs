//! Exchange: between the site and the world, one step after another: records to the log, receipts back, frames to the readers, octets back.

use std::time::Duration;

use access::{DoorId, DoorMode, LineId, UtcMicros};
use event_log::{Receipt, Ticketed};
use key_store::disk::{Disk, MemDisk};
use key_store::{Fixed, KeyStore};
use reader_bus::Uptime;
use site::{Notice, Now, Site};
use std::sync::Arc;

use super::Scene;
use super::agenda::Turn;
use super::board::RELAY;
use super::building::{OPEN_FOR, door_beside, strike_of};
use super::desk::Change;
use super::moment::Moment;
use super::office::OWN_TICKETS;
use super::plant::Plant;
use super::seat::Out;
use super::violation::{Breach, Invariant};
use super::watch::{Kind, Release};
use crate::dice::Dice;

impl Scene {
    /// Has the site do something, and notes in which moment it decided.
    pub(super) fn ask_site(&mut self, ask: impl FnOnce(&mut Site, Now)) {
        let now = self.clock.now(self.up);
        let Some(site) = self.site.as_mut() else {
            return;
        };
        self.hourglass.look(now);
        let before = site.counts();
        let inside = self.watch.muster.inside();
        ask(site, now);
        let after = site.counts();
        let news = site.take_occupancy_news();
        let lifted = site.lift(now);
        let is_unsure = self.watch.is_unsure(lifted.utc);
        let by_memory = before.log_failed || after.log_failed || is_unsure;
        let heard = (self.watch.muster).hear(news, &self.blueprint, (lifted.utc, by_memory));
        let now_inside = self.watch.muster.inside();
        self.census.granted += after.granted - before.granted;
        self.census.denied += after.denied - before.denied;
        let times = (after.granted + after.denied) - (before.granted + before.denied);
        if times > 0 {
            let held = site.held_clock(now);
            // Neither the street nor the watch has moved meanwhile.
            let shut = Arc::new(self.shut_doors(before.log_failed));
            let moment = Moment {
                time: lifted.utc,
                held,
                clock: lifted.clock,
                up: self.up,
                known: Arc::clone(&self.desk.at_doors),
                inside: [Arc::clone(&inside), Arc::clone(&now_inside)],
                shut,
            };
            self.watch.decided(times, &moment);
        }
        self.found = self.found.take().or(heard.err());
        if self.plan.keeps_people() && !Arc::ptr_eq(&inside, &now_inside) {
            self.heed_news();
        }
    }

    /// Does what the site wants done, until it wants nothing: records first, as the daemon does.
    pub(super) fn settle(&mut self) -> Result<(), Breach> {
        self.found.take().map_or(Ok(()), Err)?;
        self.take_records()?;
        self.begin_flush()?;
        self.take_notices()?;
        for at in 0..self.street.wires.len() {
            let Some(line) = self.street.wires.get(at).map(|wire| wire.id) else {
                break;
            };
            let now = self.now();
            while let Some(frame) = self
                .site
                .as_mut()
                .and_then(|site| site.poll_transmit(line, now))
            {
                self.census.frames += 1;
                self.transmit(line, &frame)?;
            }
        }
        Ok(())
    }

    fn take_records(&mut self) -> Result<(), Breach> {
        while let Some(record) = self.site.as_mut().and_then(Site::poll_record) {
            self.trace.tell(self.up, "record", &record);
            let desk = &self.desk;
            let revoked = |holder: access::Holder| desk.revoked(holder.issuance);
            self.hourglass.check(record.event.time, self.up)?;
            self.watch.recorded(&record, &revoked, self.up)?;
            if self.plan.areas {
                self.walk(&record);
            }
            if self.plan.persons {
                self.find_company(&record);
            }
            if self.plan.interlocks {
                self.crowd_the_lock(&record);
            }
            self.office.take(record);
        }
        Ok(())
    }

    /// The log's writer flushes whatever queued, if it does not yet.
    fn begin_flush(&mut self) -> Result<(), Breach> {
        let longest = if self.up < self.slow_until {
            SLOW
        } else {
            FAST
        };
        let Some(batch) = self.office.begin_flush(self.up) else {
            return Ok(());
        };
        let hasty = match self.plan.plant {
            Some(Plant::UnlockBeforeRecord) => hasty_receipts(batch)?,
            Some(
                Plant::ExpiryOffByOne
                | Plant::TornTailAccepted
                | Plant::StaleUnlockSent
                | Plant::RevocationAfterAcknowledgement
                | Plant::RemnantKept
                | Plant::AnothersPin
                | Plant::PassbackForgotten
                | Plant::InterlockNotAsked
                | Plant::OnePersonEnough,
            )
            | None => Vec::new(),
        };
        let takes = Duration::from_micros(200 + self.mischief.below(longest));
        if let Some(fault) = self.dies_in_flush.take() {
            let dies = takes.mul_f64(0.9);
            self.agenda.add(self.up + dies, Turn::Crash(fault));
        }
        self.agenda.add(self.up + takes, Turn::Flushed);
        self.hand_out(hasty)
    }

    /// The log's writer has an answer.
    pub(super) fn flushed(&mut self) -> Result<(), Breach> {
        match self.office.end_flush(self.up) {
            None => {}
            Some((Ok(receipts), _)) => {
                self.census.records += u64::try_from(receipts.len()).unwrap_or(0);
                for receipt in &receipts {
                    self.watch.durable(receipt.ticket());
                }
                self.trace.note(self.up, "durable", &[self.office.size()]);
                if let Some(newest) = self.office.newest_time() {
                    self.hourglass.check(newest, self.up)?;
                }
                self.hand_out(receipts)?;
                if let Err(cause) = self.office.seal(false, self.up) {
                    self.trace.tell(self.up, "not sealed", &cause.to_string());
                }
            }
            Some((Err(cause), is_sites)) => {
                self.trace.tell(self.up, "refused", &cause.to_string());
                self.watch.callers.excuse();
                self.desk.not_recorded();
                if is_sites {
                    self.ask_site(|site, now| site.handle_log_failure(now));
                }
            }
        }
        Ok(())
    }

    fn hand_out(&mut self, receipts: Vec<Receipt>) -> Result<(), Breach> {
        for receipt in receipts {
            if receipt.ticket() > OWN_TICKETS {
                let told = self.desk.acknowledge(receipt.ticket(), self.up);
                self.census.changes += u64::from(!told.is_empty());
                drop(receipt);
                for change in told {
                    self.after_word(change)?;
                }
                continue;
            }
            self.holds_back |= self.plan.plant == Some(Plant::StaleUnlockSent);
            self.ask_site(|site, now| site.handle_receipt(receipt, now));
        }
        Ok(())
    }

    fn take_notices(&mut self) -> Result<(), Breach> {
        while let Some(notice) = self.site.as_mut().and_then(Site::poll_notice) {
            match notice {
                Notice::DayKeyWanted(day) => {
                    if let (Some(key), Some(site)) = (self.office.day_key(day), self.site.as_mut())
                    {
                        site.set_day_key(day, key);
                    }
                }
                Notice::ReaderPinned { reader, identity } => {
                    self.pinned.insert(reader, identity);
                }
                Notice::ReaderOffline { reader } => {
                    let mut wires = self.street.wires.iter();
                    let of = wires.find(|wire| wire.has(reader));
                    if of.is_some_and(|wire| !wire.is_struck) {
                        let what = format!("reader {reader} of a sound line went offline");
                        return Err(Invariant::LinesApart.breach(what));
                    }
                }
                Notice::Presented { .. }
                | Notice::Recorded { .. }
                | Notice::NotPresented { .. }
                | Notice::DoorOpened { .. }
                | Notice::DoorNotOpened { .. }
                | Notice::FileWanted { .. }
                | Notice::ReaderOnline { .. }
                | Notice::ReaderIdentified { .. }
                | Notice::ReaderSwapped { .. }
                | Notice::OrderEnded { .. }
                | Notice::KeySettled { .. } => {}
            }
        }
        Ok(())
    }

    /// A frame leaves the controller, at once unless a bug is planted: then it may lie in the line's port, with those after it.
    fn transmit(&mut self, line: LineId, frame: &[u8]) -> Result<(), Breach> {
        let is_struck = self.street.wire(line).is_some_and(|wire| wire.is_struck);
        if is_struck && std::mem::take(&mut self.holds_back) && self.dice.one_in(4) {
            self.stuck = Some((line, self.up + HELD_BACK));
        }
        match self.stuck {
            Some((stuck, until)) if stuck == line && self.up < until => {
                let octets = frame.to_vec();
                self.agenda.add(until, Turn::Late { line, octets });
                Ok(())
            }
            Some(_) | None => self.at_readers(line, frame),
        }
    }

    /// A frame is on the wire from now on: the readers hear it, do what it says, and one answers.
    pub(super) fn at_readers(&mut self, line: LineId, frame: &[u8]) -> Result<(), Breach> {
        let is_up = self.street.wire(line).is_some_and(|wire| wire.is_up);
        if !is_up {
            return Ok(());
        }
        let answer = self.street.hear(line, frame, self.up);
        for out in self.street.outs(line, self.up) {
            self.switched(&out)?;
        }
        if let Some(answer) = answer {
            if let Some(number) = answer.card {
                self.at_the_very_end(number, answer.at)?;
            }
            let octets = answer.octets;
            self.agenda
                .add(answer.at, Turn::AtController { line, octets });
        }
        Ok(())
    }

    /// Somebody's card is on its way, and an operator has just let it end at the instant at which it will be decided, or right after.
    fn at_the_very_end(&mut self, number: u16, at: Uptime) -> Result<(), Breach> {
        let Some(person) = self.desk.person(number) else {
            return Ok(());
        };
        let is_trusted = person < usize::from(self.plan.trusted());
        if is_trusted || self.healed_at.is_some() || !self.dice.one_in(20) {
            return Ok(());
        }
        let Some(site) = self.site.as_ref() else {
            return Ok(());
        };
        let until = site.lift(self.clock.now(at)).utc.micros();
        let until = UtcMicros::from_micros(until + i64::from(self.dice.one_in(2)));
        self.desk.apply(Change::Ends(person, until));
        self.swap()
    }

    /// A strike was switched: there must be leave for it.
    fn switched(&mut self, out: &Out) -> Result<(), Breach> {
        let Some(door) = self.door_struck_by(out) else {
            let what = format!(
                "reader {}: {:?}, which is no strike",
                out.reader, out.control
            );
            return Err(Invariant::LinesApart.breach(what));
        };
        let site = self.site.as_ref();
        let release = Release {
            door,
            class: self.blueprint.class(door),
            sent: self.up,
            stands_unlocked: self.stands_unlocked(door),
            may_repeat: self.street.board_of(door).is_some(),
            log_failed: site.is_some_and(|site| site.counts().log_failed),
        };
        self.trace.tell(self.up, "switched", out);
        let Some(kind) = self.watch.switched(out.control, &release)? else {
            return Ok(());
        };
        if kind == Kind::Repeated {
            return Ok(());
        }
        let lasts = if release.stands_unlocked {
            HOLD_FOR
        } else {
            OPEN_FOR
        };
        let (up, board) = (self.up, self.street.board_of(door));
        board
            .into_iter()
            .for_each(|board| board.released(lasts, up));
        self.census.unlocks += 1;
        self.census.by_relay += u64::from(release.may_repeat);
        self.census.ring_unlocks += u64::from(kind == Kind::FromRing);
        if kind != Kind::Standing {
            self.push_leaf(door);
        }
        Ok(())
    }

    /// The door whose strike an output is.
    fn door_struck_by(&self, out: &Out) -> Option<DoorId> {
        let mut wires = self.street.wires.iter();
        let mut boards = wires.clone().filter_map(|wire| wire.board.as_ref());
        if let Some(board) = boards.find(|board| board.reader == out.reader) {
            return (out.control.output == RELAY).then_some(board.door);
        }
        let boarded = self.street.wires.iter();
        let boarded = boarded.filter_map(|wire| wire.board.as_ref());
        let boarded: Vec<DoorId> = boarded.map(|board| board.door).collect();
        wires.find_map(|wire| {
            let mut seats = wire.seats.iter();
            let strikes = |reader| {
                let strike = strike_of(reader, wire.wiegand);
                (strike.reader, strike.output) == (out.reader, out.control.output)
            };
            let has_door = |reader| {
                let door = door_beside(reader);
                self.blueprint.door_of(reader) == door && !boarded.contains(&door)
            };
            let seat = seats.find(|seat| has_door(seat.reader) && strikes(seat.reader))?;
            Some(door_beside(seat.reader))
        })
    }

    /// Whether a door is to stand unlocked, or was until two seconds ago.
    fn stands_unlocked(&self, door: DoorId) -> bool {
        let Some(site) = self.site.as_ref() else {
            return false;
        };
        let at = site.lift(self.now()).utc.micros();
        let at = UtcMicros::from_micros(at - GRACE_MICROS);
        // A door of a lock never does, whoever orders it.
        self.desk.at_doors.mode(door, at) == DoorMode::Unlocked
            && self.blueprint.lock_of(door).is_empty()
            && !self.desk.at_doors.locked_down.contains(&door)
    }
}

/// Receipts for records that are not written: those of a log on a disk that is thrown away.
fn hasty_receipts(batch: &[Ticketed]) -> Result<Vec<Receipt>, Breach> {
    let mut dice = Dice::new(0);
    let disk: Arc<dyn Disk> = Arc::new(MemDisk::new());
    let keys = Arc::new(KeyStore::create(&disk, &mut dice)?);
    let identity = event_log::Identity {
        origin: "nowhere.example/portvakt".to_owned(),
        signing: keys.fixed(Fixed::LogSigning)?,
    };
    let writing = event_log::StoreKeys::of_writer(Arc::clone(&keys), Box::new(dice.split()));
    let mut log = event_log::Log::create(&disk, Arc::new(writing), identity, &mut dice)?;
    let mut hollow = batch.to_vec();
    for record in &mut hollow {
        record.event.what = event_log::What::System(event_log::SystemEvent {
            kind: event_log::SystemKind::Started,
            detail: event_log::Text::default(),
        });
    }
    Ok(log.append(&hollow)?)
}

/// A flush takes 0.2 ms and up to so many microseconds more.
const FAST: u64 = 4_000;
const SLOW: u64 = 3_000_000;
/// A planted bug holds frames back for so long.
const HELD_BACK: Duration = Duration::from_millis(1_500);
/// An unlock of a door that stands unlocked lasts so long; then it is told again.
const HOLD_FOR: Duration = Duration::from_secs(30);
/// So long after a door was to be locked an order to release it may still be on its way.
const GRACE_MICROS: i64 = 2_000_000;

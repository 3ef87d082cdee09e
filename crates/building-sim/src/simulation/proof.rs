//! Proof: what is looked at all the time, and that after the faults everything works again.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use access::{DoorId, PinLimit, ReaderId};
use reader_bus::{ReaderState, Uptime};

use super::agenda::Turn;
use super::desk::Change;
use super::life::WARM_AFTER;
use super::street::Wire;
use super::violation::{Breach, Invariant};
use super::{RETENTION_EVERY, SEAL_EVERY, Scene};

impl Scene {
    /// Every ten seconds: the log is sealed if that is due, and all is looked at.
    pub(super) fn seal(&mut self) -> Result<(), Breach> {
        self.agenda.add(self.up + SEAL_EVERY, Turn::Seal);
        if self.site.is_none() {
            return Ok(());
        }
        if let Err(cause) = self.office.seal(false, self.up) {
            self.trace.tell(self.up, "not sealed", &cause.to_string());
        }
        self.record_changes();
        self.look_at_queues()?;
        self.look_at_sound_lines()
    }

    pub(super) fn retention(&mut self) -> Result<(), Breach> {
        self.agenda.add(self.up + RETENTION_EVERY, Turn::Retention);
        self.office.retain()
    }

    /// Nothing grows without end (I12).
    fn look_at_queues(&self) -> Result<(), Breach> {
        let Some(site) = self.site.as_ref() else {
            return Ok(());
        };
        let counts = site.counts();
        let sizes = [
            (
                "records wait in the site",
                counts.records_waiting,
                RECORDS_MAX,
            ),
            (
                "records wait for the disk",
                self.office.queued(),
                QUEUED_MAX,
            ),
            ("things are on the agenda", self.agenda.len(), AGENDA_MAX),
            (
                "leaves and decisions are open",
                self.watch.len(),
                WATCHED_MAX,
            ),
        ];
        for (what, size, most) in sizes {
            if size > most {
                let what = format!("{size} {what}, and {most} are the most");
                return Err(Invariant::QueuesBounded.breach(what));
            }
        }
        if counts.notices_dropped > 0 {
            return Err(Invariant::QueuesBounded.breach("notices were dropped"));
        }
        Ok(())
    }

    /// Lines that no fault strikes notice nothing (I10).
    fn look_at_sound_lines(&self) -> Result<(), Breach> {
        if let Some(reader) = self.watch.callers.overdue(self.up) {
            let what = format!("a card at reader {reader} of a sound line was not decided");
            return Err(Invariant::LinesApart.breach(what));
        }
        if self.up.saturating_since(self.started_at) < WARM_AFTER {
            return Ok(());
        }
        for wire in self
            .street
            .wires
            .iter()
            .filter(|wire| !wire.is_struck && !wire.wiegand)
        {
            for seat in &wire.seats {
                if self.is_neglected(seat.asked_at) {
                    let what = format!("reader {} of a sound line was not asked", seat.reader);
                    return Err(Invariant::LinesApart.breach(what));
                }
            }
            let boards = wire.board.iter();
            if boards
                .into_iter()
                .any(|board| self.is_neglected(board.asked_at))
            {
                let what = "the unit of a sound line was not asked";
                return Err(Invariant::LinesApart.breach(what));
            }
            self.is_locked_in_time(wire)?;
        }
        Ok(())
    }

    /// A relay that does not fall by itself is switched off in time (I8).
    fn is_locked_in_time(&self, wire: &Wire) -> Result<(), Breach> {
        match wire.board.iter().find(|board| board.is_left_on(self.up)) {
            Some(board) => {
                let what = format!("the relay of door {} is on beyond its time", board.door);
                Err(Invariant::NoLateUnlock.breach(what))
            }
            None => Ok(()),
        }
    }

    fn is_neglected(&self, asked_at: Option<Uptime>) -> bool {
        asked_at.is_none_or(|at| self.up.saturating_since(at) > POLLED_WITHIN)
    }

    /// Every fault is over: what it did is undone, and nobody causes another.
    pub(super) fn heal(&mut self) -> Result<(), Breach> {
        self.trace.note(self.up, "healed", &[]);
        self.healed_at = Some(self.up);
        self.agenda.strike_out(|turn| {
            matches!(
                turn,
                Turn::Strike(_)
                    | Turn::Mend { .. }
                    | Turn::Heal(_)
                    | Turn::Visit
                    | Turn::Again { .. }
                    | Turn::Shows { .. }
                    | Turn::Operator
                    | Turn::Committed
                    | Turn::Crash(_)
                    | Turn::Start
            )
        });
        let down = self.street.wires.iter().filter(|wire| !wire.is_up);
        let down: Vec<_> = down.map(|wire| wire.id).collect();
        self.street.mend_all();
        self.office.disk.inject(None);
        self.office.disk.limit(None);
        self.slow_until = self.up;
        self.dies_in_flush = None;
        self.clock.set_right(self.up);
        let doors: Vec<DoorId> = self.blueprint.doors().collect();
        for door in doors {
            self.desk.apply(Change::Order(door, None));
            self.desk.apply(Change::LockDown(door, false));
        }
        if self.site.is_none() {
            self.agenda.add(self.up, Turn::Start);
            return Ok(());
        }
        self.swap()?;
        for line in down {
            self.ask_site(|site, now| site.handle_line_up(line, now));
        }
        self.settle()
    }

    /// Within two seconds every reader is asked; soon they are all online, the log takes records, and every door opens (I11).
    pub(super) fn prove(&mut self) -> Result<(), Breach> {
        self.go_on(self.up + POLLED_WITHIN)?;
        let wired = self.street.wires.iter().filter(|wire| !wire.wiegand);
        let asked = wired.flat_map(|wire| {
            let seats = wire.seats.iter().map(|seat| (seat.reader, seat.asked_at));
            let boards = wire
                .board
                .iter()
                .map(|board| (board.reader, board.asked_at));
            seats.chain(boards)
        });
        for (reader, asked_at) in asked {
            let asked = asked_at.max(Some(Uptime::START));
            if self.healed_at > asked {
                let what = format!("reader {reader} was not asked within 2 s");
                return Err(Invariant::HealthReturns.breach(what));
            }
        }
        self.go_on(self.up + RECOVERED_WITHIN)?;
        self.is_recovered()?;
        for reader in self.readers() {
            let door = self.blueprint.door_of(reader);
            if !self.blueprint.lock_of(door).is_empty() {
                // The door before it is locked first.
                self.go_on(self.up + LOCKED_WITHIN)?;
            }
            let mut opens = self.opens(reader)?;
            if !opens && !self.blueprint.lock_of(door).is_empty() {
                // A leaf may have been propped.
                self.go_on(self.up + PROPPED_FOR)?;
                opens = self.opens(reader)?;
            }
            if !opens && self.wants_pin(reader) {
                // Too many wrong PINs may have been typed for this card before, or one too many since a start.
                self.go_on(self.up + PinLimit::default().locked_for)?;
                opens = self.opens(reader)?;
            }
            if !opens {
                let what = format!("reader {reader} does not let in a card that is always valid");
                return Err(Invariant::HealthReturns.breach(what));
            }
        }
        Ok(())
    }

    /// Whether a door opens, at this reader, to the card that is always valid.
    fn opens(&mut self, reader: ReaderId) -> Result<bool, Breach> {
        let door = self.blueprint.door_of(reader);
        if self.plan.areas {
            // Wherever they were before.
            for trusted in 0..self.plan.trusted() {
                self.forgive(trusted.into());
            }
        }
        self.agenda.add(self.up, Turn::Proof { reader });
        let shown_at = self.up;
        self.go_on(self.up + OPENS_WITHIN)?;
        let opens = self.watch.released_at(door) >= Some(shown_at);
        // Its leaf may be pushed open, and is to be shut before the next; and whoever was let in is known to have come in.
        let come_in = self.watch.released_at(door).map(|at| at + COMES_IN_WITHIN);
        self.go_on((self.up + BETWEEN_PROOFS).max(come_in.unwrap_or(self.up)))?;
        Ok(opens)
    }

    /// The employee who may open everything shows the card here.
    pub(super) fn try_reader(&mut self, reader: ReaderId) {
        let persons = self.blueprint.persons(self.blueprint.door_of(reader));
        for other in 1..persons.map_or(1, |persons| persons.count) {
            let person = usize::from(other);
            let after = OTHERS_AFTER * u32::from(other);
            self.agenda
                .add(self.up + after, Turn::Shows { person, reader });
        }
        self.show(0, reader);
        if self.wants_pin(reader) {
            let (of, forced) = (0, false);
            let turn = Turn::Type { reader, of, forced };
            self.agenda.add(self.up + TYPED_AFTER, turn);
        }
    }

    fn is_recovered(&self) -> Result<(), Breach> {
        let ill = |what: String| Err(Invariant::HealthReturns.breach(what));
        let Some(site) = self.site.as_ref() else {
            return ill("the controller does not run".to_owned());
        };
        let counts = site.counts();
        if counts.log_failed || counts.records_waiting > RECORDS_AT_REST {
            return ill(format!("the log has not recovered: {counts:?}"));
        }
        let boards = self.street.wires.iter();
        let boards = boards.filter_map(|wire| Some(wire.board.as_ref()?.reader));
        for reader in self.readers().into_iter().chain(boards) {
            let state = site.reader_stats(reader).map(|stats| stats.state);
            if state != Some(ReaderState::Online) {
                return ill(format!("reader {reader} is {state:?}"));
            }
        }
        for wire in &self.street.wires {
            self.is_locked_in_time(wire)?;
        }
        let (unrecorded, lost) = (self.watch.unrecorded(), counts.records_lost);
        if unrecorded > lost {
            let what = format!("{unrecorded} unlocks from memory are unrecorded, {lost} told lost");
            return Err(Invariant::RecordBeforeUnlock.breach(what));
        }
        Ok(())
    }

    fn readers(&self) -> Vec<ReaderId> {
        let seats = self.street.wires.iter().flat_map(|wire| &wire.seats);
        seats.map(|seat| seat.reader).collect()
    }

    /// The last look: the log is sealed, verifies whole, and has everything that was acknowledged.
    pub(super) fn close(&mut self) -> Result<(), Breach> {
        self.office.seal(true, self.up)?;
        self.census.verified += 1;
        let report = self.office.archive.verify()?;
        let size = self.office.size();
        if (report.events, report.unsealed) != (size, 0) {
            let what = format!("{} records of {size}: {report:?}", report.events);
            return Err(Invariant::LogVerifies.breach(what));
        }
        if report.torn != 0 {
            let what = format!("{} octets of a torn end were left there", report.torn);
            return Err(Invariant::LogVerifies.breach(what));
        }
        self.office.archive.is_whole()?;
        self.all_are_forgotten()?;
        self.all_are_mustered()?;
        self.census.lived = Duration::from_micros(self.up.micros());
        if let Some(counts) = self.site.as_ref().map(site::Site::counts) {
            self.trace.tell(self.up, "end", &counts);
        }
        Ok(())
    }

    /// The site knows who is where, and every grant on the wrong side that is only noted was.
    fn all_are_mustered(&self) -> Result<(), Breach> {
        let Some(site) = self.site.as_ref() else {
            return Ok(());
        };
        let unnoted = self.watch.unnoted();
        if unnoted > 0 && site.counts().records_lost == 0 {
            let what = format!("{unnoted} grants on the wrong side were not noted");
            return Err(Invariant::RightAtDecision.breach(what));
        }
        self.watch.muster.is_all(site.occupancy().iter())
    }

    /// All that happened, and all that the log has, as one number.
    pub(super) fn fingerprint(&self) -> u64 {
        let mut hash = DefaultHasher::new();
        self.trace.fingerprint().hash(&mut hash);
        self.office.disk.fingerprint().hash(&mut hash);
        hash.finish()
    }
}

/// Every reader is asked so often.
const POLLED_WITHIN: Duration = Duration::from_secs(2);
/// So long after the faults everything is as it was.
const RECOVERED_WITHIN: Duration = Duration::from_secs(40);
/// A card opens its door within this time.
const OPENS_WITHIN: Duration = Duration::from_secs(2);
/// So fast somebody types who is to be let in.
const TYPED_AFTER: Duration = Duration::from_millis(300);
/// A door is locked so long after it was released.
const LOCKED_WITHIN: Duration = Duration::from_secs(8);
/// No leaf is propped for longer.
const PROPPED_FOR: Duration = Duration::from_secs(45);
/// So long behind one another they come where several are wanted.
const OTHERS_AFTER: Duration = Duration::from_millis(400);
/// So long behind the release of a door its leaf has opened, if anybody pushes it, and that is told.
const COMES_IN_WITHIN: Duration = Duration::from_millis(2_600);
const BETWEEN_PROOFS: Duration = Duration::from_secs(1);
/// Records that wait in a site, and as many again on their way to the disk.
const RECORDS_MAX: usize = 1_024;
const QUEUED_MAX: usize = 2 * RECORDS_MAX;
/// Records that may be on their way when nothing much happens.
const RECORDS_AT_REST: usize = 16;
const AGENDA_MAX: usize = 2_048;
const WATCHED_MAX: usize = 8_192;

//! Forgetting: the holder of a returned card leaves key store and log, in the daemon's order; the controller may die at every step, and
//! afterwards nothing of them is on the disk, whatever a power cut would leave of it.

use std::time::Duration;

use access::{Holder, IssuanceId};
use event_log::LogError;
use key_store::{KeyError, Owner, Slot};
use reader_bus::Uptime;

use super::Scene;
use super::agenda::Turn;
use super::cards::name_of;
use super::desk::Change;
use super::fault::Fault;
use super::plant::Plant;
use super::traces::Traces;
use super::violation::{Breach, Invariant};

/// Somebody on the way out.
#[derive(Default)]
pub(super) struct Farewell {
    /// What is to be nowhere when it is over.
    traces: Traces,
    /// Where the key lies, or lay, as the register knows it.
    slot: Option<Slot>,
    /// The card that is to be in no area.
    card: Option<IssuanceId>,
    /// Since when nothing but a disk that refuses keeps them from being forgotten.
    since: Option<Uptime>,
    /// The key store takes no more until the next start.
    is_stopped: bool,
}

impl Scene {
    /// Whoever asked for a change was told that it is done: what follows from it.
    pub(super) fn after_word(&mut self, change: Change) -> Result<(), Breach> {
        match change {
            Change::Returns(person) => {
                let soon = Duration::from_millis(self.dice.below(5_000));
                self.agenda.add(self.up + soon, Turn::Forget { person });
            }
            Change::Forgotten(person) => {
                self.is_nowhere(person)?;
                let later = Duration::from_millis(20_000 + self.dice.below(300_000));
                self.agenda.add(self.up + later, Turn::Issue { person });
            }
            Change::Stands(..)
            | Change::Ends(..)
            | Change::Issued(..)
            | Change::Order(..)
            | Change::LockDown(..) => {}
        }
        Ok(())
    }

    /// After a start: whose return was not carried to its end is forgotten now.
    pub(super) fn forget_the_rest(&mut self) {
        let leaving = self.desk.leaving().map(|(person, _)| person);
        for person in leaving.collect::<Vec<_>>() {
            self.agenda.add(self.up, Turn::Forget { person });
        }
        for farewell in self.farewells.values_mut() {
            farewell.is_stopped = false;
        }
    }

    /// The holder of a returned card is forgotten, if the disk lets it.
    pub(super) fn forget(&mut self, person: usize) -> Result<(), Breach> {
        let leaving = self.desk.leaving().find(|(who, _)| *who == person);
        let (Some((_, holder)), true) = (leaving, self.site.is_some()) else {
            return Ok(());
        };
        let again = self.up + AGAIN_AFTER;
        if !self.desk.is_told(Change::Returns(person)) {
            self.agenda.add(again, Turn::Forget { person });
            return Ok(());
        }
        self.note_traces(person, holder)?;
        if !self.leave_everywhere(holder.issuance) {
            self.agenda.add(again, Turn::Forget { person });
            return Ok(());
        }
        let dies = self.dies_forgetting();
        let after = dies.map(|_| self.mischief.below(STEPS));
        let before = self.keys_on_disk();
        let slot = self
            .farewells
            .get(&person)
            .and_then(|farewell| farewell.slot);
        let erased = self.office.erase((holder, slot), after);
        before
            .into_iter()
            .for_each(|(path, octets)| self.office.disk.put(&path, octets));
        if let Some(fault) = dies {
            return self.crash(fault);
        }
        let up = self.up;
        let farewell = self.farewells.entry(person).or_default();
        match erased {
            Ok(()) => {
                self.trace
                    .note(self.up, "forgotten", &[holder.issuance.get().into()]);
                self.desk.change_at_once(Change::Forgotten(person));
                self.watch.callers.forgotten(holder);
                self.swap()?;
                self.record_changes();
            }
            Err(cause) => {
                self.trace
                    .tell(self.up, "not forgotten", &cause.to_string());
                farewell.since.get_or_insert(up);
                farewell.is_stopped =
                    matches!(cause, LogError::Keys(KeyError::WritesStopped { .. }));
                self.agenda.add(again, Turn::Forget { person });
            }
        }
        Ok(())
    }

    /// A card that nobody holds is bound to somebody anew.
    pub(super) fn issue(&mut self, person: usize) -> Result<(), Breach> {
        let Some((number, _)) = self.desk.card(person).filter(|_| self.site.is_some()) else {
            self.agenda.add(self.up + LATER, Turn::Issue { person });
            return Ok(());
        };
        self.issued = self.issued.saturating_add(1);
        let issuance = IssuanceId::from_random(ISSUED_FROM * self.issued + u32::from(number));
        let slot = self.office.allocate(Owner::Issuance(issuance.get()));
        let Ok(slot) = slot else {
            self.agenda.add(self.up + LATER, Turn::Issue { person });
            return Ok(());
        };
        let holder = Holder { issuance, slot };
        self.desk.change_at_once(Change::Issued(person, holder));
        self.watch.callers.bound(person, holder);
        self.swap()?;
        self.record_changes();
        Ok(())
    }

    /// At the end nobody is left who was to be forgotten, but where a key store has stopped.
    pub(super) fn all_are_forgotten(&self) -> Result<(), Breach> {
        for (person, holder) in self.desk.leaving() {
            let Some(farewell) = self.farewells.get(&person) else {
                continue;
            };
            let healed = self.healed_at.unwrap_or(self.up);
            let waits = farewell
                .since
                .map(|since| self.up.saturating_since(since.max(healed)));
            if !farewell.is_stopped && waits.is_some_and(|waits| waits > FORGOTTEN_WITHIN) {
                let what = format!("the holder of {} is not forgotten", holder.issuance.get());
                return Err(Invariant::Forgotten.breach(what));
            }
        }
        Ok(())
    }

    /// Whether the controller is to die while it forgets, and how.
    fn dies_forgetting(&mut self) -> Option<Fault> {
        let faults = [Fault::PowerCut, Fault::Kill];
        let faults = faults
            .into_iter()
            .filter(|fault| self.plan.faults.has(*fault));
        let faults: Vec<Fault> = faults.collect();
        if self.healed_at.is_some() || !self.mischief.one_in(3) {
            return None;
        }
        self.mischief.pick(&faults).copied()
    }

    fn note_traces(&mut self, person: usize, holder: Holder) -> Result<(), Breach> {
        let number = self.desk.card(person).map(|(number, _)| number);
        let farewell = self.farewells.entry(person).or_default();
        number
            .into_iter()
            .for_each(|number| farewell.traces.add(name_of(number).as_bytes()));
        farewell.card = Some(holder.issuance);
        farewell.slot = farewell.slot.or_else(|| self.office.slot(holder));
        self.office.traces(holder, &mut farewell.traces)
    }

    /// What the key store's files hold, if a bug is planted that puts it back.
    fn keys_on_disk(&self) -> Vec<(String, Vec<u8>)> {
        if self.plan.plant != Some(Plant::RemnantKept) {
            return Vec::new();
        }
        let disk = &self.office.disk;
        let paths = disk.files().into_iter();
        let paths = paths.filter(|path| path.starts_with("keys/"));
        paths
            .filter_map(|path| Some((path.clone(), disk.contents(&path)?)))
            .collect()
    }

    /// Nothing of somebody is on the disk, and nothing would be after a power cut.
    fn is_nowhere(&mut self, person: usize) -> Result<(), Breach> {
        let Some(farewell) = self.farewells.remove(&person) else {
            return Ok(());
        };
        self.census.forgotten += 1;
        self.census.traces += farewell.traces.len();
        let disk = &self.office.disk;
        let image = disk.fork();
        image.crash(self.mischief.throw());
        for disk in [disk, &image] {
            if let Some(path) = farewell.traces.found_on(disk) {
                let what = format!("{path} still has something of somebody who was forgotten");
                return Err(Invariant::Forgotten.breach(what));
            }
        }
        farewell
            .card
            .map_or(Ok(()), |card| self.is_in_no_area(card, &image))
    }
}

/// What the disk refused is tried again.
const AGAIN_AFTER: Duration = Duration::from_secs(2);
/// Who cannot get a card now comes again.
const LATER: Duration = Duration::from_secs(30);
/// Changes of the disk in the midst of which the controller may die.
const STEPS: u64 = 24;
/// On a disk that works nobody waits for so long.
const FORGOTTEN_WITHIN: Duration = Duration::from_secs(20);
/// So that no issuance given anew is one of the first.
const ISSUED_FROM: u32 = 4_096;

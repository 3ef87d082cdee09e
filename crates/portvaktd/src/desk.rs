//! The desk: the thread that owns the register. Changes go over it one at a time; each is in the log and, where it
//! revokes, at the doors before it is acknowledged.

mod door_cards;
mod ending;
mod handle;
mod keeping;
mod lockdown;
mod refusal;
mod roster;
mod rounds;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use access::card::TagKey;
use access::{Allowlist, DoorId, IssuanceId, OperatorId, UtcMicros};
use control::{Code, Refusal};
use key_store::KeyStore;
use register::{Change, ImportPlan, Register, RegisterError};
use site::{Now, Site};
use tokio::sync::watch;

use crate::failure::Failure;
use crate::forgetting::{self, ForgettingError};
use crate::ledger::Ledger;
use crate::occupancy::OccupancyHandle;
use crate::opening;
use crate::outbox;
use crate::site_handle::SiteHandle;
use crate::snapshot::SnapshotKeeper;
pub(crate) use door_cards::{Denied, DoorCards};
pub(crate) use handle::{DeskHandle, KeyRoom, NoDesk};
pub(crate) use refusal::refusal;
pub(crate) use roster::Roster;

/// The register and what goes with it.
pub(crate) struct Desk {
    /// People, cards, rights, operators.
    pub(crate) register: Register,
    /// Every key.
    pub(crate) keys: Arc<KeyStore>,
    /// The house's key of card tags.
    pub(crate) tag_key: TagKey,
    /// The site's task.
    pub(crate) site: SiteHandle,
    /// The log.
    pub(crate) ledger: Ledger,
    /// Who is where, on disk.
    occupancy: OccupancyHandle,
    /// What the doors decide by, on disk.
    snapshot: SnapshotKeeper,
    /// The cards by which the site decides.
    doors: Arc<DoorCards>,
    /// The operators by whom requests are judged.
    roster: watch::Sender<Roster>,
    /// A change stands in the register that is not yet in the log and at the doors.
    behind: Arc<AtomicBool>,
    /// Lockdowns that are in force and could not be kept yet, and whose they are.
    unkept: Vec<(Vec<DoorId>, OperatorId)>,
    /// Somebody was forgotten since the list was packed.
    forgotten: bool,
}

/// Whether a change takes rights away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It gives, or changes no right: recorded before it takes effect.
    Gives,
    /// It takes away: in effect at the doors before it is even recorded.
    Revokes,
}

impl Desk {
    /// A desk with nothing to make good.
    ///
    /// # Errors
    /// [`Failure::Data`] if the key store cannot be read.
    pub(crate) fn new(
        (register, keys): (Register, Arc<KeyStore>),
        (site, ledger): (SiteHandle, Ledger),
        (occupancy, snapshot): (OccupancyHandle, SnapshotKeeper),
        (doors, roster): (Arc<DoorCards>, watch::Sender<Roster>),
        behind: Arc<AtomicBool>,
    ) -> Result<Self, Failure> {
        let tag_key = opening::tag_key(&keys)?;
        Ok(Self {
            register,
            keys,
            tag_key,
            site,
            ledger,
            occupancy,
            snapshot,
            doors,
            roster,
            behind,
            unkept: Vec::new(),
            forgotten: false,
        })
    }

    /// Makes one change, or only says what it would do. When this returns the change is in the register, at the doors
    /// and in the log.
    ///
    /// # Errors
    /// The refusal; nothing was changed, unless it says so.
    pub(crate) fn change<T>(
        &mut self,
        effect: Effect,
        dry_run: bool,
        work: impl FnOnce(&mut Register, UtcMicros) -> Result<(T, Change), RegisterError>,
    ) -> Result<T, Refusal> {
        let now = self.ledger.clock.now().utc;
        if dry_run {
            return self
                .register
                .rehearse(|register| work(register, now))
                .map(|(made, _)| made)
                .map_err(|cause| refusal(&cause));
        }
        self.catch_up()?;
        let (made, change) = work(&mut self.register, now).map_err(|cause| self.failed(&cause))?;
        self.settle(&change, effect)?;
        Ok(made)
    }

    /// Carries an import out, of a plan made since the desk caught up. Its records go to the log before its cards come to the doors.
    ///
    /// # Errors
    /// The refusal; nothing was changed, unless it says so.
    pub(crate) fn import(
        &mut self,
        plan: &ImportPlan,
        by: OperatorId,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(), Refusal> {
        let now = self.ledger.clock.now().utc;
        let imported = self
            .register
            .import(plan, by, now, progress)
            .map_err(|cause| self.failed(&cause))?;
        tracing::info!(
            "{} cards were imported, {} changed",
            imported.new,
            imported.changed
        );
        let before = self.doors.cards();
        let cards = self.register.allowlist_after((plan, &imported), &before);
        self.settle_whole(cards)
    }

    /// Makes one change of many cards that leaves its records in the outbox, or only says what it would do.
    ///
    /// # Errors
    /// As [`Desk::change`].
    pub(crate) fn change_many<T>(
        &mut self,
        dry_run: bool,
        work: impl FnOnce(&mut Register, UtcMicros) -> Result<(T, Change), RegisterError>,
    ) -> Result<T, Refusal> {
        if dry_run {
            return self.change(Effect::Gives, true, work);
        }
        self.catch_up()?;
        let now = self.ledger.clock.now().utc;
        let (made, _) = work(&mut self.register, now).map_err(|cause| self.failed(&cause))?;
        let cards = self.register.allowlist();
        self.settle_whole(cards)?;
        Ok(made)
    }

    /// Brings whatever stands in the register into the log, and then its cards to the doors.
    fn settle_whole(&mut self, cards: Result<Allowlist, RegisterError>) -> Result<(), Refusal> {
        self.behind.store(true, Ordering::Relaxed);
        let cards = Arc::new(cards.map_err(|cause| unsettled(&cause))?);
        self.keep_whole(&cards).map_err(|cause| unsettled(&cause))?;
        outbox::drain(&mut self.register, &self.ledger).map_err(|cause| unsettled(&cause))?;
        self.doors.decide_by(&cards);
        self.behind.store(false, Ordering::Relaxed);
        Ok(())
    }

    /// Forgets the holder of a returned card (M19).
    ///
    /// # Errors
    /// The refusal; what is missing is made good at the next start.
    pub(crate) fn finish_return(&mut self, issuance: IssuanceId) -> Result<(), Refusal> {
        self.catch_up()?;
        // First of all: whatever is cut off behind this is done again, and then finds nothing here.
        let left = self.occupancy.forget(issuance);
        left.map_err(|cause| {
            let what = format!("{cause}; the holder is forgotten later, or at the next start");
            Refusal::new(Code::Failed, what)
        })?;
        self.keep_clean()?;
        let now = self.ledger.clock.now().utc;
        let forgotten = forgetting::forget(&mut self.register, &self.ledger, (issuance, now));
        let change = forgotten.map_err(|cause| match cause {
            ForgettingError::Register(cause) => self.failed(&cause),
            ForgettingError::Archive(_) | ForgettingError::Log(_) => {
                Refusal::new(Code::Failed, cause)
            }
        })?;
        self.forgotten = true;
        self.settle(&change, Effect::Gives)?;
        self.shed_old_pages()
    }

    /// What the register refused. One that failed may have made the change all the same: it is looked at before the next.
    fn failed(&self, cause: &RegisterError) -> Refusal {
        if matches!(cause, RegisterError::Storage(_)) {
            self.behind.store(true, Ordering::Relaxed);
        }
        refusal(cause)
    }

    /// Brings a change of the register to the doors and into the log.
    fn settle(&mut self, change: &Change, effect: Effect) -> Result<(), Refusal> {
        self.behind.store(true, Ordering::Relaxed);
        // What changes no card and no hours leaves the doors their list.
        let cards = if change.allowlist.is_empty() && !change.new_hours {
            None
        } else {
            Some(Arc::new(self.after(change)?))
        };
        if let Some(cards) = cards.as_ref().filter(|_| effect == Effect::Revokes) {
            self.doors.decide_by(cards);
        }
        if change.new_operators() && effect == Effect::Revokes {
            self.post_roster()?;
        }
        let kept = self.keep(&change.allowlist, cards.as_ref());
        kept.map_err(|cause| unsettled(&cause))?;
        outbox::write(&mut self.register, &self.ledger, &change.records)
            .map_err(|cause| unsettled(&cause))?;
        if let Some(cards) = cards.as_ref().filter(|_| effect == Effect::Gives) {
            self.doors.decide_by(cards);
        }
        if change.new_operators() && effect == Effect::Gives {
            self.post_roster()?;
        }
        self.behind.store(false, Ordering::Relaxed);
        Ok(())
    }

    /// The cards and hours by which the site decides after a change.
    fn after(&self, change: &Change) -> Result<Allowlist, Refusal> {
        let before = self.doors.cards();
        let cards = before.with(&change.allowlist, change.generation);
        let cards = cards.map_err(|cause| unsettled(&cause))?;
        if !change.new_hours {
            return Ok(cards);
        }
        let hours = self.register.hours().map_err(|cause| unsettled(&cause))?;
        let cards = cards.with_spares(hours.spares);
        Ok(cards.with_hours(hours.timetable, hours.modes, change.generation))
    }

    /// Makes good what an earlier change could not finish because the log refused.
    ///
    /// # Errors
    /// The log still refuses, so nothing new is begun.
    pub(crate) fn catch_up(&mut self) -> Result<(), Refusal> {
        if !self.ledger.log.state().durable {
            return Err(Refusal::new(
                Code::Failed,
                "the log cannot be written, so nothing was changed",
            ));
        }
        if !self.behind.load(Ordering::Relaxed) {
            return self.keep_anew();
        }
        let cards = self.register.allowlist().map_err(|cause| refusal(&cause))?;
        let cards = Arc::new(cards);
        self.keep_whole(&cards).map_err(|cause| unchanged(&cause))?;
        let replayed = outbox::replay(&mut self.register, &self.ledger);
        replayed.map_err(|cause| unchanged(&cause))?;
        self.doors.decide_by(&cards);
        self.post_roster()?;
        self.keep_lockdowns()?;
        self.behind.store(false, Ordering::Relaxed);
        Ok(())
    }

    /// Packs the list anew once many changes lie over it, or somebody was forgotten who is still in what is packed. Whoever asked for
    /// the last of them has been answered by now.
    fn tidy(&mut self) {
        let cards = self.doors.cards();
        if !std::mem::take(&mut self.forgotten) && !cards.is_crowded() {
            return;
        }
        match cards.packed() {
            Ok(packed) => self.doors.decide_by(&Arc::new(packed)),
            Err(cause) => tracing::error!("the cards cannot be packed anew: {cause}"),
        }
    }

    /// Has something done at the doors, and waits for it. A site that has stopped opens nothing.
    pub(crate) fn at_the_doors(&self, work: impl FnOnce(&mut Site, Now) + Send + 'static) {
        self.site
            .ask_blocking(move |bench, now| work(&mut bench.site, now))
            .ok();
    }
}

fn unsettled(cause: &dyn std::fmt::Display) -> Refusal {
    let what = format!(
        "the change is in the register but not acknowledged: {cause}; it is finished before the next change and at the next start"
    );
    Refusal::new(Code::Failed, what)
}

fn unchanged(cause: &dyn std::fmt::Display) -> Refusal {
    Refusal::new(Code::Failed, format_args!("nothing was changed: {cause}"))
}

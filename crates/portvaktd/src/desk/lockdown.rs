//! Lockdowns: in force at the doors first, kept in the register after that, and both brought to say the same.

use std::sync::atomic::Ordering;

use access::{DoorId, OperatorId};
use control::Refusal;

use super::{Desk, Effect, refusal};

impl Desk {
    /// Keeps a lockdown that is in force already. Whatever becomes of that, it is in force again afterwards: a release that was on its
    /// way does not have the last word.
    ///
    /// # Errors
    /// The refusal; then it is kept as soon as the log takes records again, unless the daemon is restarted before.
    pub(crate) fn lock_down(&mut self, doors: Vec<DoorId>, by: OperatorId) -> Result<(), Refusal> {
        let kept = self.change(Effect::Revokes, false, |register, now| {
            Ok(((), register.lock_down(&doors, by, now)?))
        });
        let locked = doors.clone();
        self.at_the_doors(move |site, now| {
            site.lock_down(&locked, now);
        });
        if kept.is_err() {
            self.unkept.push((doors, by));
            self.behind.store(true, Ordering::Relaxed);
        }
        kept
    }

    /// Ends a lockdown: in the register and the log first, then at the doors.
    ///
    /// # Errors
    /// The refusal; what stands in the register by then is done at the doors later.
    pub(crate) fn release(&mut self, doors: Vec<DoorId>, by: OperatorId) -> Result<(), Refusal> {
        self.change(Effect::Gives, false, |register, now| {
            Ok(((), register.release(&doors, by, now)?))
        })?;
        self.at_the_doors(move |site, now| {
            site.release_lockdown(&doors, now);
        });
        Ok(())
    }

    /// Keeps what could not be kept, and brings the doors to what the register says.
    pub(super) fn keep_lockdowns(&mut self) -> Result<(), Refusal> {
        while let Some((doors, by)) = self.unkept.last().cloned() {
            let now = self.ledger.clock.now().utc;
            let kept = self.register.lock_down(&doors, by, now);
            let change = kept.map_err(|cause| self.failed(&cause))?;
            self.settle(&change, Effect::Revokes)?;
            self.unkept.pop();
        }
        let locked = self.register.locked_down();
        let locked = locked.map_err(|cause| refusal(&cause))?;
        self.at_the_doors(move |site, now| site.keep_lockdown(&locked, now));
        Ok(())
    }
}

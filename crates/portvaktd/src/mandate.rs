//! Mandate: that somebody approved another person's change, on its way to the transaction that makes that change.

use std::sync::{Mutex, PoisonError};

use register::{Approved, Register};

/// The approval of one change. A desk that carries it lends it to the register for each errand; the first change of the
/// register uses it up.
pub(crate) struct Mandate(Mutex<Option<Approved>>);

impl Mandate {
    /// One that is not used yet.
    pub(crate) fn new(approved: Approved) -> Self {
        Self(Mutex::new(Some(approved)))
    }

    /// Gives it to the register for one errand.
    pub(crate) fn lend(&self, register: &mut Register) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        register.carry_out(kept.take());
    }

    /// Takes back what is left of it.
    pub(crate) fn take_back(&self, register: &mut Register) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = register.carry_out(None);
    }

    /// Whether the change was made.
    pub(crate) fn is_used(&self) -> bool {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.is_none()
    }
}

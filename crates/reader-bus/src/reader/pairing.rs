//! Pairing: a time-limited window in which a reader in install mode gets its first key, in a session under SCBK-D that
//! carries nothing else.

use super::{Phase, Reader};
use crate::{DropCause, FailCause, Scbk, Security, Uptime};

impl Reader {
    /// Whether a window stands open: SCBK-D is used then, and only then.
    pub(super) fn is_pairing(&self) -> bool {
        self.errand
            .as_ref()
            .is_some_and(|errand| errand.window().is_some())
    }

    /// When the window closes, if one is open.
    pub(crate) fn window_closes_at(&self) -> Option<Uptime> {
        self.errand.as_ref()?.window()
    }

    /// The window opens: whatever stood before is over.
    pub(super) fn open_window(&mut self) {
        self.lose_question(FailCause::SessionLost);
        self.leave_service();
        self.begin_anew(Phase::Absent);
        self.presence.wait_until(Uptime::START);
    }

    /// Closes a window whose time has run out.
    pub(crate) fn close_window(&mut self, now: Uptime) {
        if self.window_closes_at().is_some_and(|until| until <= now) {
            self.abandon_order(DropCause::Expired, FailCause::NoReply);
            self.begin_anew(Phase::Absent);
        }
    }

    /// The key of the next challenge: in a window SCBK-D until the reader has been told its own, then both by turns.
    pub(super) fn challenge_key(&mut self) -> Option<Scbk> {
        if let Some(errand) = self
            .errand
            .as_ref()
            .filter(|errand| errand.window().is_some())
        {
            self.own_turn = errand.has_begun() && !self.own_turn;
            if !self.own_turn {
                return Some(Scbk::DEFAULT);
            }
        }
        match &self.security {
            Security::Keyed(key) | Security::Between { new: key, .. } => Some(key.clone()),
            Security::NoKey | Security::Clear => None,
        }
    }
}

//! What silence and refusal do to a conversation: asked again, begun anew, or over.

use super::{PROBE_EVERY, Phase, Reader, TRIES_MAX};
use crate::question::Ask;
use crate::stats::count;
use crate::{BusEvent, DropCause, FailCause, Security, Uptime};

impl Reader {
    /// No answer came in time.
    pub(crate) fn unanswered(&mut self, now: Uptime) {
        count(&mut self.stats.lost_replies);
        self.presence.missed(now);
        self.answers = false;
        let tries = self
            .question
            .as_ref()
            .map_or(TRIES_MAX, |question| question.tries);
        let once = matches!(
            self.phase,
            Phase::Absent | Phase::NoKey | Phase::Challenge | Phase::Proving
        );
        if once || tries >= TRIES_MAX || self.presence.is_lost(now) || self.has_stale_unlock(now) {
            self.give_up(now);
        } else {
            self.presence.wait_until(now);
        }
    }

    /// A question is not asked again: the conversation begins anew, or is over.
    pub(super) fn give_up(&mut self, now: Uptime) {
        self.lose_question(FailCause::NoReply);
        if self.presence.is_lost(now) {
            self.go_offline();
            self.presence.wait_until(now + PROBE_EVERY);
        } else {
            // Whether it is there is asked in the shortest way; a challenge may take it long.
            self.start_over(now);
        }
    }

    /// Back to the first question, sooner or later.
    pub(super) fn start_over(&mut self, now: Uptime) {
        self.begin_anew(Phase::Absent);
        let wait = self.presence.setback(now);
        self.presence.wait_until(now + wait);
    }

    /// Goes offline if it has not been served for too long, whatever else it says.
    pub(super) fn note_absence(&mut self, now: Uptime) {
        if self.in_service && self.presence.is_lost(now) {
            self.lose_question(FailCause::NoReply);
            self.go_offline();
        }
    }

    /// Where a conversation is taken up again that was lost on the way.
    pub(super) fn after_loss(&self) -> Phase {
        match (&self.security, self.in_service) {
            (Security::Keyed(_) | Security::Between { .. }, true) => Phase::Challenge,
            (Security::Clear, true) => Phase::LocalStatus,
            (Security::Keyed(_) | Security::Between { .. } | Security::Clear, false)
            | (Security::NoKey, _) => Phase::Absent,
        }
    }

    /// Forgets session, question and number.
    pub(super) fn begin_anew(&mut self, phase: Phase) {
        self.session = None;
        self.stats.session_since = None;
        self.sequence = None;
        self.question = None;
        self.phase = phase;
    }

    pub(super) fn go_offline(&mut self) {
        // A reader that is paired may be put on the line at any time while its window stands open.
        if !self.is_pairing() {
            self.suspend_order(DropCause::ReaderOffline, FailCause::NoReply);
        }
        self.leave_service();
        self.begin_anew(Phase::Absent);
        self.answers = false;
    }

    /// What it was in service for is over; what it keeps from now on is no news.
    pub(super) fn leave_service(&mut self) {
        if std::mem::take(&mut self.in_service) {
            self.news.push(BusEvent::Offline { reader: self.index });
        }
        self.presence.forget();
        self.rate.forget();
        self.status.forget_levels();
        self.keen = false;
        self.light = None;
        self.standing_due = false;
        self.sound = None;
        self.caption = None;
    }

    /// The unlock or order under way, if there is one, has come to nothing that is known.
    pub(super) fn lose_question(&mut self, why: FailCause) {
        match self.question.as_ref().map(|question| &question.ask) {
            Some(Ask::Unlock { ticket, .. }) => {
                let ticket = *ticket;
                self.news.push(BusEvent::UnlockFailed { ticket, why });
                self.question = None;
            }
            Some(Ask::Order) => {
                self.question = None;
                self.order_interrupted();
            }
            Some(
                Ask::Id
                | Ask::Cap
                | Ask::Challenge(_)
                | Ask::Proof(_)
                | Ask::LocalStatus
                | Ask::ReaderStatus
                | Ask::Inputs
                | Ask::Poll
                | Ask::Signal,
            )
            | None => {}
        }
    }

    pub(super) fn has_stale_unlock(&self, now: Uptime) -> bool {
        let unlock = self.question.as_ref().map(|question| &question.ask);
        matches!(unlock, Some(Ask::Unlock { expires, .. }) if *expires <= now)
    }
}

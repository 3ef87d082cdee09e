//! Orders at a reader: taken, put as its next free question, and ended, each exactly once.

use firmware_protocol::Reply;

use super::errand::{Errand, Step};
use super::{Heard, Phase, Reader};
use crate::question::{Ask, Question};
use crate::{BusError, BusEvent, DropCause, FailCause, Order, OrderOutcome, Security, Uptime};

impl Reader {
    /// Takes an order, if the reader can carry it out as it stands and has no other.
    pub(crate) fn order(&mut self, ticket: u64, order: Order) -> Result<(), BusError> {
        let reader = self.index;
        if self.errand.is_some() {
            return Err(BusError::OrderUnderWay { reader });
        }
        match &order {
            Order::SetKey(key) => {
                self.takes_key(key)?;
                if !self.in_service {
                    return Err(BusError::NotInService { reader });
                }
            }
            Order::Pair { key, replace, .. } => {
                self.takes_key(key)?;
                if self.security.is_keyed() && !replace {
                    return Err(BusError::HasKey { reader });
                }
                self.open_window();
            }
            Order::Communicate(_) | Order::File { .. } => {
                if !self.in_service {
                    return Err(BusError::NotInService { reader });
                }
            }
        }
        let errand = Errand::new(ticket, order, self.frame_len_max);
        self.errand = Some(errand.map_err(BusError::File)?);
        self.want_file();
        Ok(())
    }

    fn takes_key(&self, key: &crate::Scbk) -> Result<(), BusError> {
        let reader = self.index;
        match key.weakness() {
            Some(weakness) => Err(BusError::WeakKey { reader, weakness }),
            None if matches!(self.security, Security::Clear) => {
                Err(BusError::Unsupported { reader })
            }
            None => Ok(()),
        }
    }

    /// Whether its next free question belongs to an order, or the question at hand does: such an answer may take it long.
    pub(super) fn has_order_to_put(&self, now: Uptime) -> bool {
        let at_hand = self.question.as_ref().map(|question| &question.ask);
        matches!(at_hand, Some(Ask::Order))
            || self
                .errand
                .as_ref()
                .is_some_and(|errand| errand.is_due(now))
    }

    /// Whether the question at hand gives it a key.
    pub(super) fn is_told_a_key(&self) -> bool {
        let at_hand = self.question.as_ref().map(|question| &question.ask);
        let errand = self.errand.as_ref();
        matches!(at_hand, Some(Ask::Order))
            && errand.is_some_and(|errand| errand.key_on_its_way().is_some())
    }

    /// Octets of the file that is on its way.
    pub(crate) fn serve_file(&mut self, ticket: u64, offset: u32, octets: &[u8]) {
        let errand = self.errand.as_mut();
        if let Some(errand) = errand.filter(|errand| errand.ticket() == ticket) {
            errand.serve(offset, octets);
            // A question may be due that was not before.
            self.keen = true;
        }
    }

    /// Asks the caller for octets of a file, if an order needs some.
    fn want_file(&mut self) {
        let Some(errand) = &mut self.errand else {
            return;
        };
        if let Some(piece) = errand.wants() {
            self.news.push(BusEvent::FileWanted {
                reader: self.index,
                ticket: errand.ticket(),
                piece,
            });
        }
    }

    /// The order's next question, if it has one now.
    pub(super) fn put_order(&mut self, now: Uptime) -> Option<Question> {
        let mut errand = self.errand.take_if(|errand| errand.is_due(now))?;
        let question = errand
            .command()
            .and_then(|command| self.question(Ask::Order, &command));
        if question.is_some() {
            errand.sent();
            if let Some(key_set) = errand.key_on_its_way() {
                self.security.await_key(key_set.key.clone());
            }
        }
        self.errand = Some(errand);
        question
    }

    /// The order's question was answered.
    pub(super) fn order_answered(&mut self, reply: &Reply<'_>, now: Uptime) -> Heard {
        let step = self.errand.as_mut().map(|errand| errand.heard(reply, now));
        match step {
            Some(Step::Prove) => {
                self.begin_anew(Phase::Challenge);
                self.presence.wait_until(now);
            }
            Some(Step::Next) => {
                self.want_file();
                if let Some(until) = self.errand.as_ref().and_then(Errand::alone_until) {
                    self.presence.wait_until(until);
                }
            }
            Some(Step::Over(outcome)) => {
                self.key_settled(false);
                self.end_order(outcome);
                if matches!(self.phase, Phase::Pairing) {
                    self.begin_anew(Phase::Absent);
                }
            }
            None => {}
        }
        Heard::Answer
    }

    /// The order's question is not put again.
    pub(super) fn order_interrupted(&mut self) {
        match self.errand.as_mut().map(Errand::interrupted) {
            Some(Step::Over(outcome)) => self.end_order(outcome),
            // The conversation begins anew in any case.
            Some(Step::Prove | Step::Next) | None => {}
        }
    }

    /// Whoever gave this order takes it back. What was sent already cannot be.
    pub(crate) fn withdraw(&mut self, ticket: u64) {
        if self.errand.as_ref().map(Errand::ticket) == Some(ticket) {
            let was_pairing = self.is_pairing();
            self.abort_due = self.errand.as_ref().is_some_and(Errand::needs_abort);
            self.abandon_order(DropCause::Withdrawn, FailCause::Withdrawn);
            if was_pairing {
                self.begin_anew(Phase::Absent);
            }
        }
    }

    /// The reader is away: an order that can wait for it does.
    pub(super) fn suspend_order(&mut self, unsent: DropCause, sent: FailCause) {
        if !self.errand.as_ref().is_some_and(Errand::outlives_absence) {
            self.abandon_order(unsent, sent);
        }
    }

    /// The reader is gone, or begins anew under a key that an operator set.
    pub(super) fn abandon_order(&mut self, unsent: DropCause, sent: FailCause) {
        if let Some(errand) = &self.errand {
            let outcome = errand.abandoned(unsent, sent);
            self.end_order(outcome);
        }
    }

    /// A session stands: of two keys the reader may have had, it has this one, and an order for a key is over.
    pub(super) fn key_proved(&mut self, under_old: bool) {
        if !self.key_settled(!under_old) {
            return;
        }
        let is_under_way =
            |errand: &Errand| errand.has_begun() && errand.key_on_its_way().is_some();
        if self.errand.as_ref().is_some_and(is_under_way) {
            if self.is_pairing() && !under_old {
                // Whoever had the name before: this is the reader that was paired.
                self.pinned = None;
            }
            self.end_order(if under_old {
                OrderOutcome::KeyKept
            } else {
                OrderOutcome::Done
            });
        }
    }

    /// Whether the reader might have had either of two keys until now.
    fn key_settled(&mut self, taken: bool) -> bool {
        let settled = self.security.settle(taken);
        if settled {
            let reader = self.index;
            self.news.push(BusEvent::KeySettled { reader, taken });
        }
        settled
    }

    fn end_order(&mut self, outcome: OrderOutcome) {
        if let Some(errand) = self.errand.take() {
            self.news.push(BusEvent::OrderEnded {
                reader: self.index,
                ticket: errand.ticket(),
                outcome,
            });
        }
    }
}

impl Security {
    /// A key is on its way to the reader: it may have that one from now on, or still the one it had.
    fn await_key(&mut self, new: crate::Scbk) {
        let old = match std::mem::replace(self, Self::NoKey) {
            Self::Keyed(old) => Some(old),
            Self::Between { old, .. } => old,
            Self::NoKey => None,
            Self::Clear => {
                *self = Self::Clear;
                return;
            }
        };
        *self = Self::Between { new, old };
    }

    /// The reader has shown which of two keys it has. Says whether that was open.
    fn settle(&mut self, taken: bool) -> bool {
        let Self::Between { new, old } = self else {
            return false;
        };
        let key = if taken { Some(new.clone()) } else { old.take() };
        *self = key.map_or(Self::NoKey, Self::Keyed);
        true
    }
}

#[cfg(test)]
mod tests {
    use firmware_protocol::reply::{Nak, NakCode};

    use super::*;
    use crate::{Address, ReaderConfig, ReaderIndex, Scbk};

    #[test]
    fn a_reader_that_refuses_a_key_keeps_its_session_and_its_key() {
        let reader = ReaderIndex::new(0);
        let (old, new) = (
            Scbk::new(*b"a key of its own"),
            Scbk::new(*b"another key, new"),
        );
        let config = ReaderConfig {
            address: Address::new(0).unwrap(),
            security: Security::Keyed(old.clone()),
        };
        let mut it = Reader::new(reader, config, std::time::Duration::ZERO);
        it.in_service = true;
        it.phase = Phase::Serving;
        it.order(4, Order::SetKey(new.clone())).unwrap();
        it.errand.as_mut().unwrap().sent();
        it.security.await_key(new);
        let code = NakCode::UnknownCommand;
        let nak = Reply::Nak(Nak { code });
        it.served(Ask::Order, nak, false, Uptime::START);
        let outcome = OrderOutcome::Failed(FailCause::Refused(code));
        let told = [
            BusEvent::KeySettled {
                reader,
                taken: false,
            },
            BusEvent::OrderEnded {
                reader,
                ticket: 4,
                outcome,
            },
        ];
        assert_eq!(it.take_news().collect::<Vec<_>>(), told);
        assert!(matches!(&it.security, Security::Keyed(key) if *key == old));
        assert!(matches!(it.phase, Phase::Serving));
    }
}

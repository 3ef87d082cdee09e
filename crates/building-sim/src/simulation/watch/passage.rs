//! Every passage, held against what the rules say of it, and what is to follow from it.

use access::{DoorId, Holder, Reason, UtcMicros};
use event_log::{Event, Passage, PassageKind, Ticketed, Who};
use reader_bus::Uptime;

use super::Watch;
use super::happened::Happened;
use crate::simulation::moment::Moment;
use crate::simulation::pads::is_about_pin;
use crate::simulation::violation::{Breach, Invariant};

impl Watch {
    /// Somebody is let in, and expected.
    pub(super) fn let_in(&mut self, passage: &Passage, record: &Ticketed, given: Uptime) {
        let (PassageKind::Granted, Who::Holder(holder), Some(door)) =
            (passage.kind, passage.who, passage.door)
        else {
            return;
        };
        // With those who waited for it.
        for card in std::mem::take(&mut self.together)
            .into_iter()
            .chain([holder.issuance])
        {
            let at = (card, passage.reader, door);
            self.muster.let_in(at, record.ticket, given);
        }
    }

    /// A grant on the wrong side of a door that only notes it is to be noted.
    fn expect_note(&mut self, passage: &Passage, wanted: &[(Reason, bool)]) {
        let (PassageKind::Granted, Some(door)) = (passage.kind, passage.door) else {
            return;
        };
        let door = self.doors.entry(door).or_default();
        if wanted.iter().all(|(_, noted)| *noted) {
            door.to_note += 1;
        } else if wanted.iter().any(|(_, noted)| *noted) {
            door.may_note += 1;
        }
    }

    /// It is.
    pub(super) fn noted(&mut self, door: DoorId) -> Result<(), Breach> {
        let known = self.doors.entry(door).or_default();
        if known.to_note > 0 {
            known.to_note -= 1;
        } else if known.may_note > 0 {
            known.may_note -= 1;
        } else {
            let what = format!("door {door}: a passage was noted that is on the right side");
            return Err(Invariant::RightAtDecision.breach(what));
        }
        Ok(())
    }

    /// A passage was decided as the office's rules say, of a card that was shown. Says when it was decided.
    pub(super) fn passage(
        &mut self,
        passage: &Passage,
        event: &Event,
        revoked: &dyn Fn(Holder) -> Option<Uptime>,
    ) -> Result<Uptime, Breach> {
        let what = |why: String| format!("reader {}: {passage:?} {why}", passage.reader);
        let Some(moment) = self.moment_of(event.time) else {
            let why = format!("at {}, when nothing was decided", event.time);
            return Err(Invariant::RightAtDecision.breach(what(why)));
        };
        let Who::Holder(holder) = passage.who else {
            self.callers.take(passage.reader, None);
            return match passage.kind {
                PassageKind::Denied | PassageKind::Buffered => Ok(moment.up),
                PassageKind::Granted => {
                    Err(Invariant::RightAtDecision.breach(what("to nobody".to_owned())))
                }
            };
        };
        if !self.callers.take(passage.reader, Some(holder)) {
            let why = "whose card was not shown there".to_owned();
            return Err(Invariant::LinesApart.breach(what(why)));
        }
        let granted = passage.kind == PassageKind::Granted;
        if granted && revoked(holder).is_some_and(|since| since <= moment.up) {
            let why = "after the revocation was acknowledged".to_owned();
            return Err(Invariant::RevocationHolds.breach(what(why)));
        }
        let wanted = moment.verdicts(holder, passage, (&self.blueprint, &self.company));
        let as_wanted = self.is_as_wanted((passage, holder), &moment, &wanted);
        if as_wanted.map_err(|why| Invariant::RightAtDecision.breach(what(why)))?
            && passage.generation == moment.known.generation
        {
            self.expect_note(passage, &wanted);
            let guest = moment.guest(holder, passage.reader);
            self.together = (self.company).others(guest, &self.blueprint, moment.time);
            self.company
                .decided((passage, guest), &self.blueprint, moment.time);
            return Ok(moment.up);
        }
        let wanted: Vec<&str> = wanted.iter().map(|(reason, _)| reason.as_str()).collect();
        let why = format!(
            "at {}, where the rules of generation {} say {}",
            event.time,
            moment.known.generation,
            wanted.join(" or ")
        );
        Err(Invariant::RightAtDecision.breach(what(why)))
    }

    /// The moment in which was decided what is recorded with this time.
    fn moment_of(&mut self, time: UtcMicros) -> Option<Moment> {
        loop {
            match self.moments.pop_front()? {
                Happened::Decided(moment) if moment.time == time => return Some(moment),
                // Decisions that found no place among the records are counted.
                other @ (Happened::Decided(_) | Happened::Swapped(_) | Happened::Forgot(_)) => {
                    other.tell(&mut self.company);
                }
            }
        }
    }

    /// Whether the site decided as the rules say; or what is wrong with it, if more is to be said.
    fn is_as_wanted(
        &mut self,
        (passage, holder): (&Passage, Holder),
        moment: &Moment,
        wanted: &[(Reason, bool)],
    ) -> Result<bool, String> {
        let says = |reason: &Reason| wanted.iter().any(|(said, _)| said == reason);
        match passage.kind {
            PassageKind::Granted if !says(&Reason::Ok) && says(&Reason::PinNeeded) => {
                let here = (passage.reader, holder);
                match self.pads.let_in(here, moment.up, moment.time) {
                    Some(why) => Err(why.to_owned()),
                    None => Ok(true),
                }
            }
            PassageKind::Granted => Ok(says(&Reason::Ok)),
            PassageKind::Denied => {
                self.pads.refused(holder, passage.reason, moment.time);
                let may_enter = says(&Reason::Ok) || says(&Reason::PinNeeded);
                let was_typed = self.pads.is_about_typed(passage.reader, moment.up);
                let asks_pin = || {
                    moment.asks_pin(holder, passage, (&self.blueprint, &self.company), was_typed)
                };
                Ok(passage.reason != Reason::PinNeeded && says(&passage.reason)
                    || (may_enter && passage.reason == Reason::LogNotDurable)
                    || (is_about_pin(passage.reason) && asks_pin()))
            }
            PassageKind::Buffered => Ok(true),
        }
    }
}

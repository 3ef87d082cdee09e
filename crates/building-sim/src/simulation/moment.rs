//! Moment: when the site decided, and all that the rules go by then.

use std::collections::BTreeMap;
use std::sync::Arc;

use access::{ClockQuality, DoorId, Holder, ReaderId, Reason, UtcMicros};
use event_log::Passage;
use reader_bus::Uptime;

use super::blueprint::Blueprint;
use super::company::{Company, Guest};
use super::interlock::Shut;
use super::muster::People;
use super::passback::{Found, passback};
use super::policy::Knowledge;

/// A moment in which the site decided.
#[derive(Clone)]
pub(super) struct Moment {
    /// When, as the site takes the time.
    pub(super) time: UtcMicros,
    /// What the wall clock said, if its jump was held.
    pub(super) held: Option<UtcMicros>,
    /// How far that was believed.
    pub(super) clock: ClockQuality,
    /// When, truly.
    pub(super) up: Uptime,
    /// What was known.
    pub(super) known: Arc<Knowledge>,
    /// Who was where, before and after: somebody may have come in with the same octets.
    pub(super) inside: [Arc<People>; 2],
    /// Which doors were shut that others wait for.
    pub(super) shut: Arc<BTreeMap<DoorId, Shut>>,
}

impl Moment {
    /// What may be said of a card, and whether a grant is noted as one on the wrong side. More than one answer only where the card went
    /// through a door in this very moment, or a door of the same lock has just been opened or shut.
    pub(super) fn verdicts(
        &self,
        holder: Holder,
        passage: &Passage,
        of: (&Blueprint, &Company),
    ) -> Vec<(Reason, bool)> {
        let mut said: Vec<(Reason, bool)> = self
            .hurdles(holder, passage, of)
            .into_iter()
            .map(|(hurdle, noted)| (self.verdict(holder, passage, hurdle), noted))
            .collect();
        said.dedup();
        said
    }

    /// What may be found of a card before its PIN is asked for.
    fn hurdles(
        &self,
        holder: Holder,
        passage: &Passage,
        (of, company): (&Blueprint, &Company),
    ) -> Vec<(Reason, bool)> {
        let guest = self.guest(holder, passage.reader);
        let mut hurdles = Vec::new();
        for inside in &self.inside {
            let known = inside.get(&holder.issuance);
            match passback(of, known, (passage.reader, self.time)) {
                Found::Wrong => hurdles.push((Reason::Passback, false)),
                found @ (Found::Right | Found::Noted) => {
                    let of_lock = self.of_lock(of.lock_of(of.door_of(passage.reader)));
                    let noted = found == Found::Noted;
                    let said = of_lock.iter().flat_map(|reason| {
                        if *reason == Reason::Ok {
                            company.said(guest, of, self.time)
                        } else {
                            std::slice::from_ref(reason)
                        }
                    });
                    hurdles.extend(said.map(|reason| (*reason, noted)));
                }
            }
        }
        hurdles
    }

    /// A card at a reader, as it was known then.
    pub(super) fn guest(&self, holder: Holder, reader: ReaderId) -> Guest {
        let mut cards = self.known.cards.iter();
        let known = cards.find(|known| known.holder == holder);
        Guest {
            card: holder.issuance,
            visitor: known.is_some_and(|known| known.visitor),
            reader,
        }
    }

    /// What may be found of the other doors of a lock.
    fn of_lock(&self, others: &[DoorId]) -> &'static [Reason] {
        let is = |wanted| {
            let is = move |door: &DoorId| self.shut.get(door) == Some(&wanted);
            others.iter().any(is)
        };
        if is(Shut::No) {
            &[Reason::Interlock]
        } else if is(Shut::Perhaps) {
            &[Reason::Ok, Reason::Interlock]
        } else {
            &[Reason::Ok]
        }
    }

    /// What the rules say: at the time that is kept and, while a jump of the clock is held, at that of the wall clock too.
    fn verdict(&self, holder: Holder, passage: &Passage, hurdle: Reason) -> Reason {
        let Some(door) = passage.door else {
            return Reason::NoRight;
        };
        let times = [Some(self.time), self.held].into_iter().flatten();
        let said = times.map(|at| self.known.verdict(holder, door, at, hurdle));
        let said: Vec<Reason> = said.collect();
        let is_no = |reason: &Reason| !matches!(reason, Reason::Ok | Reason::PinNeeded);
        if let Some(no) = said.iter().copied().find(is_no) {
            return no;
        }
        match self.clock {
            ClockQuality::Unknown => Reason::ClockUnknown,
            ClockQuality::Synchronised | ClockQuality::Unsynchronised | ClockQuality::Held => {
                let asks = said.contains(&Reason::PinNeeded);
                if asks { Reason::PinNeeded } else { Reason::Ok }
            }
        }
    }

    /// Whether a card is refused for its PIN: it is asked for before a held clock is, and who waited for it in vain is told so, whatever
    /// else has become of the card. While a clock is held, a door that asks by its time alone asks too. And what was typed is judged
    /// where a door that asked has ceased to.
    pub(super) fn asks_pin(
        &self,
        holder: Holder,
        passage: &Passage,
        of: (&Blueprint, &Company),
        was_typed: bool,
    ) -> bool {
        passage.door.is_some_and(|door| {
            let is_of_pin_door = self.known.pin_doors.contains(&door);
            let waited = passage.reason == Reason::PinNeeded && is_of_pin_door;
            let mut hurdles = self.hurdles(holder, passage, of).into_iter();
            waited
                || hurdles.any(|(hurdle, _)| {
                    let says = |at| self.known.verdict(holder, door, at, hurdle);
                    let kept = says(self.time);
                    let by_held = kept == Reason::Ok
                        && self.held.is_some_and(|at| says(at) == Reason::PinNeeded);
                    let by_what_was_typed = kept == Reason::Ok && is_of_pin_door && was_typed;
                    kept == Reason::PinNeeded || by_held || by_what_was_typed
                })
        })
    }
}

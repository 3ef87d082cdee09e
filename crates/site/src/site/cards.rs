//! Cards: one shown at a reader, from its bits to a record and perhaps an unlock.

use access::{BitsError, CardBits, CardTag, Grant, IssuanceId, ReaderId, Reason};
use event_log::{DoorKind, Passage, What};
use reader_bus::Occasion;

use crate::effect::Effect;
use crate::last_read::LastRead;
use crate::notice::Notice;
use crate::now::Now;
use crate::passage::{Judge, Read, Refused, granted, not_durable};
use crate::pin_pad::WaitingCard;
use crate::site::Site;
use crate::site::doors::door_event;

impl Site {
    /// A card was read. Always ends in a record, unless an operator waited for this card.
    pub(super) fn card(
        &mut self,
        reader: ReaderId,
        bits: Result<CardBits, BitsError>,
        live: bool,
        now: Now,
    ) {
        if let Ok(bits) = &bits {
            let (bits, at) = (bits.clone(), now.up);
            self.last_reads.keep(reader, LastRead { bits, at, live });
        }
        let waited = if live {
            self.enrolment.take(reader, now.up)
        } else {
            None
        };
        match (waited, bits) {
            (Some(token), Ok(bits)) => {
                self.notices.push(Notice::Presented {
                    token,
                    reader,
                    bits,
                });
                self.show(reader, Occasion::Granted);
            }
            (Some(_) | None, bits) => {
                self.forgo_pin(reader, live, now);
                self.decide(reader, bits.as_ref().map_err(|error| *error), live, now)
            }
        }
    }

    fn decide(
        &mut self,
        reader: ReaderId,
        bits: Result<&CardBits, BitsError>,
        live: bool,
        now: Now,
    ) {
        let Some(wired) = self.wiring.readers.get(&reader) else {
            return;
        };
        let read = Read {
            reader,
            door: wired.door,
            formats: &wired.formats,
            bits,
            live,
        };
        match self.judge(now).judge(&read) {
            Ok(grant) => self.admit(&grant, now),
            Err(refused) => self.turn_away(refused, live, now),
        }
    }

    /// Everything a card is judged by at this moment.
    pub(super) fn judge(&self, now: Now) -> Judge<'_> {
        Judge {
            allowlist: &self.allowlist,
            house: &self.house,
            tag_key: &self.tag_key,
            day_keys: &self.day_keys,
            now,
            held: self.floor.held(now.up),
        }
    }

    /// A card whose PIN is still to be typed waits for it; any other is refused.
    fn turn_away(&mut self, refused: Refused, live: bool, now: Now) {
        let Refused { passage, known } = refused;
        match (passage.reason, known) {
            (Reason::PinNeeded, Some((tag, holder))) if live => {
                let card = WaitingCard { tag, holder };
                self.wait_for_pin(passage.reader, card, now);
            }
            (Reason::SecondPersonNeeded, Some((tag, holder))) if live => {
                self.wait_for_others(passage, (tag, holder.issuance), now);
            }
            _ => self.refuse(passage, live, now),
        }
    }

    /// A card that would be let in if others came with it.
    pub(super) fn wait_for_others(
        &mut self,
        passage: Passage,
        (tag, card): (CardTag, IssuanceId),
        now: Now,
    ) {
        if let Some(door) = passage.door {
            self.note_waiting(door, (card, tag), passage.reader, now);
        }
        self.refuse(passage, true, now);
    }

    /// Records a grant; the unlock follows the record.
    pub(super) fn admit(&mut self, grant: &Grant, now: Now) {
        if !self.may_unlock(grant.door(), now) {
            return self.refuse(not_durable(grant), true, now);
        }
        self.counts.granted = self.counts.granted.saturating_add(1);
        let event = self.event(What::Passage(granted(grant)), now);
        let effect = Effect::grant(event, grant, now.up);
        // Announced before it is ordered: with a failed log the unlock leaves at once.
        let ticket = self.journal.next_ticket();
        self.announce(grant, ticket, now);
        if self.record_then_unlock(effect, grant.door(), now).is_some() {
            self.note_grant(grant, now);
        } else if let Some(door) = self.doors.get_mut(&grant.door()) {
            door.guests_mut().disappoint(ticket);
        }
        // An unlock that leaves on another line is nothing to wait for here.
        if !self.shares_line(grant.reader(), grant.door()) {
            self.release(grant.reader());
        }
    }

    pub(super) fn refuse(&mut self, refusal: Passage, live: bool, now: Now) {
        self.counts.denied = self.counts.denied.saturating_add(1);
        let (reader, door, reason) = (refusal.reader, refusal.door, refusal.reason);
        self.record(What::Passage(refusal), now);
        if let (Reason::Lost, Some(door)) = (reason, door) {
            self.record(door_event(DoorKind::LostCardUsed, door, ""), now);
        }
        if live {
            self.show(reader, occasion(reason));
        }
        self.release(reader);
    }

    /// Shows a pattern at a reader.
    pub(super) fn show(&mut self, reader: ReaderId, occasion: Occasion) {
        if let Some((line, index)) = self.wiring.line_of(reader) {
            line.signal(index, self.feedback.of(occasion));
        }
    }

    /// The reader's line need not wait for an unlock.
    pub(super) fn release(&mut self, reader: ReaderId) {
        if let Some((line, index)) = self.wiring.line_of(reader) {
            line.release(index);
        }
    }

    fn shares_line(&self, reader: ReaderId, door: access::DoorId) -> bool {
        let line = |reader: ReaderId| self.wiring.readers.get(&reader).map(|wired| wired.line);
        self.doors
            .get(&door)
            .is_some_and(|door| line(door.plan().strike.reader) == line(reader))
    }
}

/// What whoever was refused is shown.
const fn occasion(reason: Reason) -> Occasion {
    if matches!(reason, Reason::Lockdown) {
        Occasion::Lockdown
    } else if matches!(reason, Reason::SecondPersonNeeded | Reason::EscortNeeded) {
        Occasion::SecondCard
    } else {
        Occasion::Denied
    }
}

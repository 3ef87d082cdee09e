//! PINs: what is typed behind a card, or instead of one.

use access::{DoorId, IssuanceId, PinDigits, PinEntry, ReaderId, Reason, Request};
use event_log::{DoorKind, Passage, ReaderKind, Who};
use reader_bus::{Keys, Occasion};

use crate::now::Now;
use crate::passage::NOBODY;
use crate::pin_pad::{Typed, WaitingCard};
use crate::site::Site;
use crate::site::doors::door_event;

impl Site {
    /// Keys were pressed. Those that a reader kept while it was not heard are told, as kept cards are, and which they were is not.
    pub(super) fn keys(&mut self, reader: ReaderId, keys: &Keys, live: bool, now: Now) {
        if !live {
            self.release(reader);
            let how_many = format!("{} pressed while it was offline", keys.as_slice().len());
            return self.reader_record(reader, ReaderKind::KeysBuffered, &how_many, now);
        }
        let mut entered = false;
        for key in keys.as_slice() {
            match self.pads.key(reader, *key, now.up) {
                Typed::Going => {}
                Typed::Entered(card, digits) => {
                    entered = true;
                    self.pin_entered(reader, card, digits.as_ref(), now);
                }
            }
        }
        if !entered {
            self.release(reader);
        }
    }

    /// A card waits for its PIN. One that waited there before it is refused.
    pub(super) fn wait_for_pin(&mut self, reader: ReaderId, card: WaitingCard, now: Now) {
        self.release(reader);
        self.show(reader, Occasion::Wait);
        if let Some(before) = self.pads.wait(reader, card, now.up) {
            self.no_pin(reader, before, now);
        }
    }

    /// Another card is shown: the one that waited for its PIN is refused.
    pub(super) fn forgo_pin(&mut self, reader: ReaderId, live: bool, now: Now) {
        if let Some(before) = live.then(|| self.pads.dismiss(reader)).flatten() {
            self.no_pin(reader, before, now);
        }
    }

    /// Cards that have waited for too long are refused.
    pub(super) fn tick_pins(&mut self, now: Now) {
        while let Some((reader, card)) = self.pads.expired(now.up) {
            self.no_pin(reader, card, now);
        }
    }

    /// The owner is stopping: cards that wait are refused, for every card shown has its record.
    pub(super) fn dismiss_pins(&mut self, now: Now) {
        for (reader, card) in self.pads.dismiss_all() {
            self.no_pin(reader, card, now);
        }
    }

    fn no_pin(&mut self, reader: ReaderId, card: WaitingCard, now: Now) {
        let who = Who::Holder(card.holder);
        let refusal = self.pin_refusal(reader, who, Reason::PinNeeded, now);
        self.refuse(refusal, true, now);
    }

    fn pin_refusal(&self, reader: ReaderId, who: Who, reason: Reason, now: Now) -> Passage {
        let door = self.door_of(reader);
        self.judge(now).refused((reader, door), who, reason)
    }

    fn door_of(&self, reader: ReaderId) -> Option<DoorId> {
        self.wiring.readers.get(&reader)?.door
    }

    fn pin_entered(
        &mut self,
        reader: ReaderId,
        card: Option<WaitingCard>,
        digits: Option<&PinDigits>,
        now: Now,
    ) {
        match (self.door_of(reader), card) {
            (Some(door), Some(card)) => {
                let _admitted: bool = self.pin_of((reader, door, true), card, digits, now);
            }
            (Some(door), None) => self.pin_alone((reader, door), digits, now),
            (None, _) => self.release(reader),
        }
    }

    /// The PIN of this card was typed, or something else. Says whether it was let in.
    fn pin_of(
        &mut self,
        (reader, door, card_shown): (ReaderId, DoorId, bool),
        card: WaitingCard,
        digits: Option<&PinDigits>,
        now: Now,
    ) -> bool {
        let issuance = card.holder.issuance;
        let pin = self.check_pin(issuance, digits);
        let request = Request {
            tag: card.tag,
            door,
            reader,
            card_shown,
            pin,
        };
        let verdict = self.judge(now).decide(&request);
        self.count_pin(door, issuance, pin, now);
        let admitted = verdict.is_ok();
        match verdict {
            Ok(grant) => self.admit(&grant, now),
            Err(reason) => {
                let who = Who::Holder(card.holder);
                let refusal = self.pin_refusal(reader, who, reason, now);
                if reason == Reason::SecondPersonNeeded {
                    self.wait_for_others(refusal, (card.tag, issuance), now);
                } else {
                    self.refuse(refusal, true, now);
                }
            }
        }
        // Whether or not the door opens: somebody stands there who is forced.
        if pin == PinEntry::Duress {
            self.record(door_event(DoorKind::Duress, door, ""), now);
        }
        admitted
    }

    /// A number and a PIN were typed, without a card.
    fn pin_alone(
        &mut self,
        (reader, door): (ReaderId, DoorId),
        digits: Option<&PinDigits>,
        now: Now,
    ) {
        if self.pads.is_closed(reader, now.up) {
            let refusal = self.pin_refusal(reader, NOBODY, Reason::PinLocked, now);
            return self.refuse(refusal, true, now);
        }
        let split = digits.and_then(PinDigits::split);
        let meant = split.and_then(|(number, pin)| {
            let tag = self.allowlist.by_pin_number(number)?;
            let holder = self.allowlist.find(&tag)?.holder;
            Some((WaitingCard { tag, holder }, pin))
        });
        let admitted = match meant {
            Some((card, pin)) => self.pin_of((reader, door, false), card, Some(&pin), now),
            None => {
                let refusal = self.pin_refusal(reader, NOBODY, Reason::UnknownCard, now);
                self.refuse(refusal, true, now);
                false
            }
        };
        if !admitted {
            self.pads.fail(reader, now.up);
        }
    }

    /// What the typed digits are worth. A card without a PIN has none that is right.
    fn check_pin(&self, of: IssuanceId, digits: Option<&PinDigits>) -> PinEntry {
        match (self.allowlist.pin(of), digits) {
            (Some(pin), Some(digits)) => pin.check(&self.pin_key, of, digits),
            (None, _) | (_, None) => PinEntry::Wrong,
        }
    }

    /// Counts wrong PINs. While none is taken none counts, so that nobody is kept out for ever by somebody else.
    fn count_pin(&mut self, door: DoorId, of: IssuanceId, pin: PinEntry, now: Now) {
        match pin {
            PinEntry::Right | PinEntry::Duress => {
                if self.house.pin_locked_until(of, now.utc).is_none() {
                    self.house.note_right_pin(of);
                }
            }
            PinEntry::Wrong => {
                let locked = self.house.pin_locked_until(of, now.utc).is_some();
                if !locked && self.house.note_wrong_pin(of, now.utc) {
                    self.record(door_event(DoorKind::PinLocked, door, ""), now);
                }
            }
            PinEntry::None => {}
        }
    }
}

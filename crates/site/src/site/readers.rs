//! Readers: what a line tells, turned into decisions, records and notices.

use access::{CardBits, LineId, ReaderId};
use event_log::{DoorKind, ReaderEvent, ReaderKind, SystemEvent, SystemKind, Text, What};
use reader_bus::{BusEvent, PdId};

use crate::notice::Notice;
use crate::now::Now;
use crate::site::Site;

impl Site {
    /// Takes what one line has to tell. Its bytes reach only the readers on it, and these only their own doors.
    pub(super) fn drain_line(&mut self, line: usize, now: Now) {
        while let Some(event) = self
            .wiring
            .lines
            .get_mut(line)
            .and_then(|wired| wired.line.poll_event())
        {
            // `None` is a line that speaks of a reader it does not have; there is nothing to do for nobody.
            let _heard: Option<()> = self.line_event(line, event, now);
        }
    }

    /// Records that a line came or went, if it did.
    pub(super) fn line_record(&mut self, line: LineId, kind: Option<SystemKind>, now: Now) {
        if let Some(kind) = kind {
            let now = self.floor.lift(now);
            let detail = Text::new(&format!("line {line}"));
            self.record(What::System(SystemEvent { kind, detail }), now);
        }
    }

    fn line_event(&mut self, line: usize, event: BusEvent, now: Now) -> Option<()> {
        let of = |index| self.wiring.reader_at(line, index);
        match event {
            BusEvent::Card {
                reader,
                bits,
                bit_count,
                live,
            } => {
                let reader = of(reader)?;
                let keypad = self.wiring.readers.get(&reader)?.keypad;
                if let Some(keys) = keypad.key(bits.as_slice(), bit_count) {
                    self.keys(reader, &keys, live, now);
                } else {
                    self.card(reader, CardBits::new(bits.as_slice(), bit_count), live, now);
                }
            }
            BusEvent::Keys { reader, keys, live } => self.keys(of(reader)?, &keys, live, now),
            BusEvent::Inputs { reader, levels } => self.inputs(of(reader)?, levels, now),
            BusEvent::Online { reader, secure } => self.online(of(reader)?, secure, now),
            BusEvent::Resumed { reader } => self.resumed(of(reader)?, now),
            BusEvent::Offline { reader } => self.offline(of(reader)?, now),
            BusEvent::Tamper { reader, on } => self.tamper(of(reader)?, on, now),
            BusEvent::Power { reader, failed } => self.power(of(reader)?, failed, now),
            BusEvent::SecurityAlarm { reader, what } => {
                self.reader_record(of(reader)?, ReaderKind::SecurityAlarm, what.as_str(), now);
            }
            BusEvent::Pd { reader, id } => self.identified(of(reader)?, id),
            BusEvent::OrderEnded {
                reader,
                ticket,
                outcome,
            } => self.order_ended(of(reader)?, (ticket, outcome), now),
            BusEvent::KeySettled { reader, taken } => self.key_settled(of(reader)?, taken, now),
            BusEvent::FirmwareChanged { reader, from, to } => {
                self.firmware_changed(of(reader)?, (from, to), now);
            }
            BusEvent::Pinned { reader, identity } => self.pinned(of(reader)?, identity),
            BusEvent::Swapped {
                reader,
                expected,
                said,
            } => self.swapped(of(reader)?, (expected, said), now),
            BusEvent::FileWanted { ticket, piece, .. } => {
                self.notices.push(Notice::FileWanted { ticket, piece });
            }
            BusEvent::UnlockSent { ticket } => self.unlock_sent(ticket, now),
            BusEvent::UnlockAcked { ticket } => self.unlock_acked(ticket, now),
            BusEvent::UnlockDropped { ticket, why } => self.unlock_dropped(ticket, why, now),
            BusEvent::UnlockFailed { ticket, why } => {
                self.unlock_lost(ticket, DoorKind::UnlockFailed, &why.to_string(), now)
            }
            // Outputs are told by what becomes of the orders to them.
            BusEvent::Outputs { .. } => {}
        }
        Some(())
    }

    fn identified(&mut self, reader: ReaderId, id: PdId) {
        self.notices.push(Notice::ReaderIdentified { reader, id });
    }

    fn online(&mut self, reader: ReaderId, secure: bool, now: Now) {
        let how = if secure {
            "in secure channel"
        } else {
            "in clear"
        };
        self.reader_record(reader, ReaderKind::Online, how, now);
        self.notices.push(Notice::ReaderOnline { reader, secure });
        self.resumed(reader, now);
    }

    /// A reader can be ordered again, and may have restarted meanwhile: its strikes are brought to what they are to be.
    fn resumed(&mut self, reader: ReaderId, now: Now) {
        self.hear_contacts(reader, true);
        self.lock_inverted(reader, now);
        self.strikes_back(reader, now);
    }

    /// The contacts behind a reader are heard, or no more.
    fn hear_contacts(&mut self, reader: ReaderId, heard: bool) {
        for door in self.doors.values_mut() {
            if door
                .plan()
                .contact
                .is_some_and(|contact| contact.reader == reader)
            {
                door.set_heard(heard);
            }
        }
    }

    fn offline(&mut self, reader: ReaderId, now: Now) {
        self.hear_contacts(reader, false);
        self.reader_record(reader, ReaderKind::Offline, "", now);
        self.notices.push(Notice::ReaderOffline { reader });
    }

    fn tamper(&mut self, reader: ReaderId, on: bool, now: Now) {
        let kind = if on {
            ReaderKind::Tamper
        } else {
            ReaderKind::TamperCleared
        };
        self.reader_record(reader, kind, "", now);
    }

    fn power(&mut self, reader: ReaderId, failed: bool, now: Now) {
        let kind = if failed {
            ReaderKind::PowerFailure
        } else {
            ReaderKind::PowerRestored
        };
        self.reader_record(reader, kind, "", now);
    }

    pub(super) fn reader_record(
        &mut self,
        reader: ReaderId,
        kind: ReaderKind,
        detail: &str,
        now: Now,
    ) {
        self.record(
            What::Reader(ReaderEvent {
                kind,
                reader,
                detail: Text::new(detail),
            }),
            now,
        );
    }
}

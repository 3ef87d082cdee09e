//! Entries: who was let in, and what follows from that for those who come after.

use std::time::Duration;

use access::{
    AreaId, CardTag, DoorId, Grant, IssuanceId, Occupancy, OccupancyNews, ReaderId, Standing,
    Whereabouts,
};
use event_log::DoorKind;

use crate::guests::Guest;
use crate::now::Now;
use crate::site::Site;
use crate::site::doors::door_event;

impl Site {
    /// Who is where, as far as is known.
    #[must_use]
    pub const fn occupancy(&self) -> &Occupancy {
        self.house.occupancy()
    }

    /// What became of cards since this was asked last, for the one who keeps them over a restart.
    pub fn take_occupancy_news(&mut self) -> OccupancyNews {
        self.house.occupancy_mut().take_news()
    }

    /// Puts a card where it was known to be before a restart.
    pub fn restore_whereabouts(&mut self, card: IssuanceId, known: Whereabouts) {
        self.house.occupancy_mut().put(card, known);
    }

    /// Where this card is, is known no more: it may enter anywhere once. Says whether it was known.
    pub fn forgive(&mut self, card: IssuanceId) -> bool {
        self.house.occupancy_mut().forget(card)
    }

    /// The same for every card in an area; says how many they were.
    pub fn forgive_area(&mut self, area: AreaId) -> usize {
        self.house.occupancy_mut().forget_area(area)
    }

    /// Nothing that tells of this card is kept any longer (M19).
    pub fn forget(&mut self, card: IssuanceId) {
        self.house.forget(card);
        self.waiting.remove(&card);
        self.pads.forget(card);
        let doors = self.doors.values_mut();
        doors.for_each(|door| door.guests_mut().forget(card));
        // Past generations have it on their lists, and what was read last may have been it.
        self.past.clear();
        self.last_reads.clear();
    }

    /// Whoever is let in by the unlock of this ticket: the card's holder, and those who waited. An interlock has to wait from now on.
    pub(super) fn announce(&mut self, grant: &Grant, ticket: u64, now: Now) {
        let (door, reader) = (grant.door(), grant.reader());
        let (card, visitor) = (grant.holder().issuance, grant.remarks().visitor);
        let guest = |card, reader, visitor| Guest {
            card,
            reader,
            visitor,
            ticket,
        };
        let persons = self.house.plan().door(door).and_then(|door| door.persons);
        let mut guests = vec![guest(card, reader, visitor)];
        if let Some(persons) = persons {
            let waiting = self.house.waiting((door, reader), persons.within, now.utc);
            // Which of them are visitors nobody noted, so none counts as a host.
            guests.extend(waiting.map(|card| guest(card, reader, true)));
        }
        self.claim(door, now);
        if let Some(door) = self.doors.get_mut(&door) {
            door.guests_mut().announce(guests);
        }
    }

    /// What a grant means for those who come after: a host may bring a visitor now, nobody waits any more.
    pub(super) fn note_grant(&mut self, grant: &Grant, now: Now) {
        let (door, reader) = (grant.door(), grant.reader());
        self.house.forget_waiting(door, reader);
        if !grant.remarks().visitor {
            self.house.note_host(door, reader, now.utc);
        }
        let told = [
            (grant.remarks().passback, DoorKind::PassbackNoted),
            (self.has_other_in_use(grant, now), DoorKind::TwoCardsInUse),
        ];
        for (_, kind) in told.into_iter().filter(|(is_so, _)| *is_so) {
            self.record(door_event(kind, door, ""), now);
        }
    }

    /// A card waits for others.
    pub(super) fn note_waiting(
        &mut self,
        door: DoorId,
        (card, tag): (IssuanceId, CardTag),
        reader: ReaderId,
        now: Now,
    ) {
        self.house.note_waiting(door, (card, reader), now.utc);
        self.waiting.insert(card, tag);
    }

    /// With other cards on the list: whoever waits and is not active on it any more waits no longer.
    pub(super) fn recheck_waiting(&mut self) {
        let (list, house) = (&self.allowlist, &mut self.house);
        self.waiting.retain(|card, tag| {
            let known = list.find(tag);
            let stays = known.is_some_and(|known| {
                known.holder.issuance == *card && known.standing == Standing::Active
            });
            if !stays {
                house.stop_waiting(*card);
            }
            stays
        });
    }

    /// Whether the other card of the same person is in the house too.
    fn has_other_in_use(&self, grant: &Grant, now: Now) -> bool {
        let twin = self.allowlist.twin(grant.holder().issuance);
        let used = twin.and_then(|twin| self.house.occupancy().of(twin));
        used.is_some_and(|used| now.utc.saturating_since(used.at) < SAME_DAY)
    }

    /// A door may be released any moment now: an interlock has to wait.
    pub(super) fn claim(&mut self, door: DoorId, now: Now) {
        if let Some(known) = self.doors.get_mut(&door) {
            known.claim(now.up + super::unlocks::CLAIMED_FOR);
        }
        if self.interlocked.contains(&door) {
            self.house.set_busy(door, true);
        }
    }

    /// The strike is released for those of this ticket. Where nothing will tell that the leaf opens, they count as come.
    pub(super) fn came_through(&mut self, door: DoorId, ticket: u64, now: Now) {
        let Some(known) = self.doors.get_mut(&door) else {
            return;
        };
        let (let_in, unseen) = known.admit(ticket);
        let plan = self.house.plan();
        let comes_in = |guest: &Guest| !guest.visitor && !plan.reader(guest.reader).leads_out();
        if let_in.iter().any(comes_in) {
            self.first_card(door, now);
        }
        self.entered(&unseen, now);
    }

    /// The leaf opened for these.
    pub(super) fn entered(&mut self, guests: &[Guest], now: Now) {
        for guest in guests {
            self.house.note_entry(guest.card, guest.reader, now.utc);
        }
    }

    /// Which doors an interlock has to wait for.
    pub(super) fn tick_interlocks(&mut self, now: Now) {
        for door in &self.interlocked {
            let busy = self.doors.get(door).is_none_or(|door| door.is_busy(now.up));
            self.house.set_busy(*door, busy);
        }
    }
}

/// So long after one card of a person was used, the other is used beside it (M9).
const SAME_DAY: Duration = Duration::from_secs(86_400);

//! Door moment: what has happened at one door that the next decision asks about.

use std::time::Duration;

use crate::house::is_within;
use crate::issuance::IssuanceId;
use crate::plan::Side;
use crate::time::UtcMicros;

/// What is true of one door now.
#[derive(Clone, Debug, Default)]
pub(super) struct DoorMoment {
    pub(super) locked_down: bool,
    pub(super) busy: bool,
    pub(super) first_card: bool,
    /// When somebody of the house last went through, each way.
    hosts: Vec<(Side, UtcMicros)>,
    /// Cards that wait for others, oldest first, each once.
    waiting: Vec<(IssuanceId, Side, UtcMicros)>,
}

impl DoorMoment {
    pub(super) fn note_waiting(&mut self, card: IssuanceId, side: Side, now: UtcMicros) {
        self.forget(card);
        if self.waiting.len() >= WAITING_MAX {
            self.waiting.remove(0);
        }
        self.waiting.push((card, side, now));
    }

    pub(super) fn forget_waiting(&mut self, side: Side) {
        self.waiting.retain(|(_, other, _)| *other != side);
    }

    pub(super) fn waiting(
        &self,
        side: Side,
        within: Duration,
        now: UtcMicros,
    ) -> impl Iterator<Item = IssuanceId> {
        let in_time = self
            .waiting
            .iter()
            .filter(move |(_, here, at)| *here == side && is_within(*at, within, now));
        in_time.map(|(card, _, _)| *card)
    }

    pub(super) fn note_host(&mut self, side: Side, now: UtcMicros) {
        self.hosts.retain(|(other, _)| *other != side);
        self.hosts.push((side, now));
    }

    pub(super) fn host_at(&self, side: Side) -> Option<UtcMicros> {
        let mut hosts = self.hosts.iter();
        hosts.find_map(|(here, at)| (*here == side).then_some(*at))
    }

    pub(super) fn forget(&mut self, card: IssuanceId) {
        self.waiting.retain(|(other, _, _)| *other != card);
    }
}

/// So many cards wait at one door; the oldest is forgotten for another.
const WAITING_MAX: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{CARD, FRIEND, SPAN, SPAN_MICROS, at};

    const IN: Side = (false, None, None);
    const OUT: Side = (true, None, None);

    fn waiting(moment: &DoorMoment, now: i64) -> Vec<IssuanceId> {
        moment.waiting(IN, SPAN, at(now)).collect()
    }

    #[test]
    fn a_card_waits_for_the_time_and_not_before_it_came() {
        let mut moment = DoorMoment::default();
        moment.note_waiting(CARD, IN, at(0));
        moment.note_waiting(FRIEND, IN, at(10));
        assert_eq!(waiting(&moment, -1), []);
        assert_eq!(waiting(&moment, 0), [CARD]);
        assert_eq!(waiting(&moment, 10), [CARD, FRIEND]);
        assert_eq!(waiting(&moment, SPAN_MICROS - 1), [CARD, FRIEND]);
        assert_eq!(waiting(&moment, SPAN_MICROS), [FRIEND]);
        assert_eq!(waiting(&moment, SPAN_MICROS + 10), []);
    }

    #[test]
    fn a_card_that_is_shown_again_waits_once_and_from_then() {
        let mut moment = DoorMoment::default();
        moment.note_waiting(CARD, IN, at(0));
        moment.note_waiting(CARD, IN, at(SPAN_MICROS - 1));
        assert_eq!(waiting(&moment, SPAN_MICROS), [CARD]);
    }

    #[test]
    fn the_oldest_is_forgotten_for_one_too_many() {
        let mut moment = DoorMoment::default();
        let cards = |count: usize| (0..).map(IssuanceId::from_random).take(count);
        for card in cards(WAITING_MAX + 2) {
            moment.note_waiting(card, IN, at(0));
        }
        let expected: Vec<IssuanceId> = cards(WAITING_MAX + 2).skip(2).collect();
        assert_eq!(waiting(&moment, 0), expected);
    }

    #[test]
    fn who_is_forgotten_waits_no_more() {
        let mut moment = DoorMoment::default();
        moment.note_waiting(CARD, IN, at(0));
        moment.note_waiting(FRIEND, IN, at(0));
        moment.forget(CARD);
        assert_eq!(waiting(&moment, 0), [FRIEND]);
        moment.forget_waiting(IN);
        assert_eq!(waiting(&moment, 0), []);
    }

    #[test]
    fn whoever_goes_the_other_way_is_nobodys_host_and_waits_for_nobody_here() {
        let mut moment = DoorMoment::default();
        moment.note_host(OUT, at(0));
        moment.note_waiting(CARD, OUT, at(0));
        assert_eq!((moment.host_at(IN), waiting(&moment, 0)), (None, vec![]));
        moment.note_host(IN, at(1));
        moment.note_waiting(FRIEND, IN, at(1));
        moment.forget_waiting(OUT);
        assert_eq!(moment.host_at(IN), Some(at(1)));
        assert_eq!(moment.host_at(OUT), Some(at(0)));
        assert_eq!(waiting(&moment, 1), [FRIEND]);
    }
}

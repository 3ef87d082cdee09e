//! Door moment: what has happened at one door that the next decision asks about.

use std::time::Duration;

use crate::house::is_within;
use crate::issuance::IssuanceId;
use crate::time::UtcMicros;

/// What is true of one door now.
#[derive(Clone, Debug, Default)]
pub(super) struct DoorMoment {
    pub(super) locked_down: bool,
    pub(super) busy: bool,
    pub(super) first_card: bool,
    pub(super) host_at: Option<UtcMicros>,
    /// Cards that wait for others, oldest first, each once.
    waiting: Vec<(IssuanceId, UtcMicros)>,
}

impl DoorMoment {
    pub(super) fn note_waiting(&mut self, card: IssuanceId, now: UtcMicros) {
        self.forget(card);
        if self.waiting.len() >= WAITING_MAX {
            self.waiting.remove(0);
        }
        self.waiting.push((card, now));
    }

    pub(super) fn forget_waiting(&mut self) {
        self.waiting.clear();
    }

    pub(super) fn waiting(
        &self,
        within: Duration,
        now: UtcMicros,
    ) -> impl Iterator<Item = IssuanceId> {
        let in_time = self
            .waiting
            .iter()
            .filter(move |(_, at)| is_within(*at, within, now));
        in_time.map(|(card, _)| *card)
    }

    pub(super) fn forget(&mut self, card: IssuanceId) {
        self.waiting.retain(|(other, _)| *other != card);
    }
}

/// So many cards wait at one door; the oldest is forgotten for another.
const WAITING_MAX: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{CARD, FRIEND, SPAN, SPAN_MICROS, at};

    fn waiting(moment: &DoorMoment, now: i64) -> Vec<IssuanceId> {
        moment.waiting(SPAN, at(now)).collect()
    }

    #[test]
    fn a_card_waits_for_the_time_and_not_before_it_came() {
        let mut moment = DoorMoment::default();
        moment.note_waiting(CARD, at(0));
        moment.note_waiting(FRIEND, at(10));
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
        moment.note_waiting(CARD, at(0));
        moment.note_waiting(CARD, at(SPAN_MICROS - 1));
        assert_eq!(waiting(&moment, SPAN_MICROS), [CARD]);
    }

    #[test]
    fn the_oldest_is_forgotten_for_one_too_many() {
        let mut moment = DoorMoment::default();
        let cards = |count: usize| (0..).map(IssuanceId::from_random).take(count);
        for card in cards(WAITING_MAX + 2) {
            moment.note_waiting(card, at(0));
        }
        let expected: Vec<IssuanceId> = cards(WAITING_MAX + 2).skip(2).collect();
        assert_eq!(waiting(&moment, 0), expected);
    }

    #[test]
    fn who_is_forgotten_waits_no_more() {
        let mut moment = DoorMoment::default();
        moment.note_waiting(CARD, at(0));
        moment.note_waiting(FRIEND, at(0));
        moment.forget(CARD);
        assert_eq!(waiting(&moment, 0), [FRIEND]);
        moment.forget_waiting();
        assert_eq!(waiting(&moment, 0), []);
    }
}

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

    pub(super) fn others_waiting(
        &self,
        card: IssuanceId,
        within: Duration,
        now: UtcMicros,
    ) -> usize {
        let others = self.waiting.iter().filter(|(other, _)| *other != card);
        others.filter(|(_, at)| is_within(*at, within, now)).count()
    }

    pub(super) fn waiting(
        &self,
        within: Duration,
        now: UtcMicros,
    ) -> impl Iterator<Item = IssuanceId> {
        let came = self.waiting.iter();
        came.filter(move |(_, at)| is_within(*at, within, now))
            .map(|(card, _)| *card)
    }

    pub(super) fn forget(&mut self, card: IssuanceId) {
        self.waiting.retain(|(other, _)| *other != card);
    }
}

/// So many cards wait at one door; the oldest is forgotten for another.
const WAITING_MAX: usize = 16;

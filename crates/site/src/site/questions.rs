//! Questions: what the owner may want to know of a site.

use std::sync::Arc;

use access::{
    Allowlist, CardTag, DoorId, Generation, LineId, Naming, ReaderId, Request, Trace, UtcMicros,
    explain_named,
};
use reader_bus::{LineStats, ReaderStats};

use crate::error::SiteError;
use crate::site::{DoorState, Site, SiteCounts};

impl Site {
    /// Why a card is let in at a door at some time, or not, by the present cards.
    ///
    /// # Errors
    /// [`SiteError::UnknownDoor`].
    pub fn explain(
        &self,
        (tag, door): (CardTag, DoorId),
        at: UtcMicros,
        naming: &dyn Naming,
    ) -> Result<Trace, SiteError> {
        let known = self
            .doors
            .get(&door)
            .ok_or(SiteError::UnknownDoor { door })?;
        let reader = known
            .plan()
            .entry
            .first()
            .copied()
            .unwrap_or(known.plan().strike.reader);
        let request = Request::card(tag, door, reader);
        Ok(self.explain_by(&self.allowlist, &request, at, naming))
    }

    /// The cards of a generation, if it is the present one or not long past.
    #[must_use]
    pub fn generation(&self, generation: Generation) -> Option<Arc<Allowlist>> {
        let known = std::iter::once(&self.allowlist).chain(&self.past);
        let mut known = known.filter(|list| list.generation() == generation);
        known.next().cloned()
    }

    /// Why a card was let in or not, by the cards of another generation. What is true of the house besides is as it is now.
    #[must_use]
    pub fn explain_by(
        &self,
        list: &Allowlist,
        request: &Request,
        at: UtcMicros,
        naming: &dyn Naming,
    ) -> Trace {
        explain_named(list, &self.house, request, at, naming)
    }

    /// What was counted.
    #[must_use]
    pub fn counts(&self) -> SiteCounts {
        SiteCounts {
            records_lost: self.journal.lost(),
            records_waiting: self.journal.len(),
            log_failed: self.journal.has_failed(),
            notices_dropped: self.notices.dropped(),
            ..self.counts
        }
    }

    /// What is known of a door.
    #[must_use]
    pub fn door_state(&self, door: DoorId) -> Option<DoorState> {
        let door = self.doors.get(&door)?;
        Some(DoorState {
            mode: door.mode(),
            cause: door.cause(),
            locked_down: self.house.is_locked_down(door.plan().id),
            open: door.is_open(),
        })
    }

    /// How well a reader is heard.
    #[must_use]
    pub fn reader_stats(&self, reader: ReaderId) -> Option<ReaderStats> {
        let wired = self.wiring.readers.get(&reader)?;
        self.wiring.lines.get(wired.line)?.line.stats(wired.index)
    }

    /// How well a line works.
    #[must_use]
    pub fn line_stats(&self, line: LineId) -> Option<LineStats> {
        let at = self.wiring.line_at(line)?;
        Some(self.wiring.lines.get(at)?.line.line_stats())
    }
}

//! Callers: who showed a card where, and waits to be decided.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use access::{Holder, IssuanceId, ReaderId};
use reader_bus::Uptime;

/// Cards shown at each reader that no record has told of.
#[derive(Default)]
pub(super) struct Callers {
    shown: BTreeMap<ReaderId, VecDeque<Shown>>,
    /// Holders who were forgotten since; records of what they did before may still come.
    gone: BTreeSet<IssuanceId>,
}

/// A card that was shown.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    /// By whom.
    pub(super) person: usize,
    /// Whose it was; nobody's for a stranger.
    pub(super) holder: Option<Holder>,
    /// When.
    pub(super) up: Uptime,
    /// Whether it has to be decided within [`DECIDED_WITHIN`].
    pub(super) is_due: bool,
}

impl Callers {
    /// A card was shown at a reader that took it.
    pub(super) fn came(&mut self, reader: ReaderId, shown: Shown) {
        let here = self.shown.entry(reader).or_default();
        here.push_back(shown);
        // Lost ones, at a reader that was restarted, stay for ever; nobody needs so many.
        here.drain(..here.len().saturating_sub(SHOWN_MAX));
    }

    /// A card that was to be decided by now and was not (I10).
    pub(super) fn overdue(&self, up: Uptime) -> Option<ReaderId> {
        let is_overdue =
            |shown: &Shown| shown.is_due && up.saturating_since(shown.up) > DECIDED_WITHIN;
        let mut readers = self.shown.iter();
        let found = readers.find(|(_, shown)| shown.iter().any(is_overdue));
        found.map(|(reader, _)| *reader)
    }

    /// Nobody waits for decisions that may have fallen unseen: the log fails, and records are not offered.
    pub(super) fn excuse(&mut self) {
        let all = self.shown.values_mut().flatten();
        all.for_each(|shown| shown.is_due = false);
    }

    /// Takes a card of this holder from those shown at a reader. Of one who was forgotten it may not be there any more.
    pub(super) fn take(&mut self, reader: ReaderId, holder: Option<Holder>) -> bool {
        let is_gone = holder.is_some_and(|holder| self.gone.contains(&holder.issuance));
        let Some(here) = self.shown.get_mut(&reader) else {
            return is_gone;
        };
        let is_of = |shown: &Shown| shown.holder == holder;
        // Of two shows of one card the one that somebody waits for; the other may have been lost with its reader.
        let due = here.iter().position(|shown| is_of(shown) && shown.is_due);
        let at = due.or_else(|| here.iter().position(is_of));
        at.and_then(|at| here.remove(at)).is_some() || is_gone
    }

    /// A holder is forgotten: the card is nobody's from now on.
    pub(super) fn forgotten(&mut self, gone: Holder) {
        self.gone.insert(gone.issuance);
        let all = self.shown.values_mut().flatten();
        for shown in all.filter(|shown| shown.holder == Some(gone)) {
            shown.holder = None;
        }
    }

    /// Somebody's card is bound to another issuance; what they showed before may be decided after.
    pub(super) fn bound(&mut self, person: usize, to: Holder) {
        let all = self.shown.values_mut().flatten();
        for shown in all.filter(|shown| shown.person == person) {
            (shown.holder, shown.is_due) = (Some(to), false);
        }
    }
}

/// A card at a sound reader of a sound line is decided within this time.
const DECIDED_WITHIN: Duration = Duration::from_secs(3);
/// Cards that are remembered at one reader.
const SHOWN_MAX: usize = 2_048;

//! Muster: who is where, as it follows from who was let in and went through; the site must say the same, after each of its steps.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use access::{DoorId, IssuanceId, OccupancyNews, ReaderId, UtcMicros, Whereabouts};
use reader_bus::Uptime;

use super::blueprint::Blueprint;
use super::building::OPEN_FOR;
use super::violation::{Breach, Invariant};

/// Where cards are.
pub(super) type People = BTreeMap<IssuanceId, Whereabouts>;

/// Who is where, and who was let in and did not come yet.
#[derive(Default)]
pub(super) struct Muster {
    inside: Arc<People>,
    let_in: Vec<LetIn>,
    /// Who came in on a record in memory that was not seen yet.
    early: Vec<(IssuanceId, ReaderId)>,
    /// Who is to be known nowhere any more.
    let_go: BTreeSet<IssuanceId>,
}

/// Somebody was let in.
#[derive(Clone, Copy, Debug)]
struct LetIn {
    card: IssuanceId,
    reader: ReaderId,
    door: DoorId,
    ticket: u64,
    given: Uptime,
    /// When the strike was released for them.
    released: Option<Uptime>,
}

impl Muster {
    /// Who is where.
    pub(super) fn inside(&self) -> Arc<People> {
        Arc::clone(&self.inside)
    }

    /// A card was let in at a reader of a door, under this ticket.
    pub(super) fn let_in(
        &mut self,
        (card, reader, door): (IssuanceId, ReaderId, DoorId),
        ticket: u64,
        given: Uptime,
    ) {
        if let Some(at) = self.early.iter().position(|one| *one == (card, reader)) {
            self.early.swap_remove(at);
            return;
        }
        // Who is let in anew at a door is not expected from before.
        self.let_in.retain(|known| {
            let is_same = (known.card, known.door) == (card, door);
            !is_same && given.saturating_since(known.given) < EXPECTED_FOR
        });
        self.let_in.push(LetIn {
            card,
            reader,
            door,
            ticket,
            given,
            released: None,
        });
    }

    /// The strike was released on the strength of this record.
    pub(super) fn released(&mut self, ticket: u64, up: Uptime) {
        let let_in = self.let_in.iter_mut();
        for known in let_in.filter(|known| known.ticket == ticket) {
            known.released = Some(up);
        }
    }

    /// These are to be known nowhere after the site's next step.
    pub(super) fn let_go(&mut self, cards: impl IntoIterator<Item = IssuanceId>) {
        self.let_go.extend(cards);
    }

    /// Nobody will tell of this card any more (M19).
    pub(super) fn forget(&mut self, card: IssuanceId) {
        self.let_in.retain(|known| known.card != card);
        self.early.retain(|(known, _)| *known != card);
    }

    /// The site says what became of cards at this time: each came in where it was let in, once, and nobody vanishes. `by_memory`: the log
    /// has failed, and there may be records in memory that were not seen.
    pub(super) fn hear(
        &mut self,
        news: OccupancyNews,
        of: &Blueprint,
        (time, by_memory): (UtcMicros, bool),
    ) -> Result<(), Breach> {
        let news: Vec<(IssuanceId, Option<Whereabouts>)> = match news {
            OccupancyNews::Of(cards) => cards,
            OccupancyNews::All(_) => {
                return Err(wrong("of more cards than there are people".to_owned()));
            }
        };
        if news.is_empty() && self.let_go.is_empty() {
            return Ok(());
        }
        let mut inside = People::clone(&self.inside);
        for (card, said) in news {
            if inside.get(&card).copied() == said {
                continue;
            }
            let Some(said) = said else {
                if !self.let_go.contains(&card) {
                    return Err(wrong(format!("that {} is nowhere", card.get())));
                }
                inside.remove(&card);
                continue;
            };
            self.came(card, said.reader, by_memory)?;
            let wanted = went(of, inside.get(&card), (said.reader, time));
            if said != wanted {
                return Err(wrong(format!("{} of {wanted:?}: {said:?}", card.get())));
            }
            inside.insert(card, said);
        }
        for card in std::mem::take(&mut self.let_go) {
            if inside.contains_key(&card) {
                return Err(wrong(format!("where {} is, who was let go", card.get())));
            }
        }
        self.inside = Arc::new(inside);
        Ok(())
    }

    /// Somebody came in: they were let in there, and did not come in before by that.
    fn came(&mut self, card: IssuanceId, reader: ReaderId, by_memory: bool) -> Result<(), Breach> {
        let mut let_in = self.let_in.iter();
        let at = let_in.position(|known| (known.card, known.reader) == (card, reader));
        match at {
            Some(at) => {
                self.let_in.remove(at);
                Ok(())
            }
            None if by_memory => {
                self.early.push((card, reader));
                Ok(())
            }
            None => Err(wrong(format!(
                "that {} came in at reader {reader}, where nobody let it in",
                card.get()
            ))),
        }
    }

    /// Of those for whom a door was released until then, and whose leaf was pushed open while it was, who is not known to have come in.
    pub(super) fn missing(
        &self,
        door: DoorId,
        (opened, until): (Uptime, Uptime),
    ) -> Option<(IssuanceId, Uptime)> {
        let mut let_in = self.let_in.iter();
        let is_due = |released: Uptime| released <= until && opened < released + OPEN_FOR;
        let found = let_in.find(|known| known.door == door && known.released.is_some_and(is_due));
        found.map(|known| (known.card, known.given))
    }

    /// The controller is gone, and with it who was let in and did not come.
    pub(super) fn crash(&mut self) {
        self.let_in.clear();
        self.early.clear();
        self.let_go.clear();
    }

    /// The controller has started: who is where is what was kept.
    pub(super) fn begin(&mut self, kept: People) {
        self.inside = Arc::new(kept);
    }

    /// The site's whole list is the same.
    pub(super) fn is_all<'a>(
        &self,
        all: impl Iterator<Item = (IssuanceId, &'a Whereabouts)>,
    ) -> Result<(), Breach> {
        let all: People = all.map(|(card, known)| (card, *known)).collect();
        if all == *self.inside {
            return Ok(());
        }
        Err(wrong(format!("{all:?}, and it is {:?}", self.inside)))
    }
}

/// Where somebody is who went through at a reader.
fn went(
    of: &Blueprint,
    before: Option<&Whereabouts>,
    (reader, at): (ReaderId, UtcMicros),
) -> Whereabouts {
    let stand = of.stand(reader);
    let leads = stand.into.is_some() || stand.out_of.is_some();
    let was = before.and_then(|known| known.area);
    let entered = before.and_then(|known| known.entered);
    Whereabouts {
        area: if leads { stand.into } else { was },
        entered: stand.into.map(|into| (into, at)).or(entered),
        reader,
        at,
    }
}

fn wrong(what: String) -> Breach {
    Invariant::RightAtDecision.breach(format!("the site says {what}"))
}

/// So long after it was let in a card may come in: while others are, a door stays released.
const EXPECTED_FOR: Duration = Duration::from_secs(300);

//! List: the packed cards of a generation and the changes that lie over them.

use std::sync::Arc;

use crate::allowlist::builder::{AllowlistBuilder, AllowlistError};
use crate::allowlist::entry::{Card, CardEntry, Change};
use crate::allowlist::overlay::{Changed, Overlay};
use crate::allowlist::spares::SpareCards;
use crate::allowlist::table::{Extra, Table};
use crate::card::CardTag;
use crate::id::Generation;
use crate::issuance::IssuanceId;
use crate::modes::ModePlans;
use crate::pin::{Pin, PinNumber};
use crate::reason::Reason;
use crate::schedule::Timetable;

/// The cards of one generation. The next one is cheap to derive: the bulk is shared, the changes lie over it.
#[derive(Debug)]
pub struct Allowlist {
    generation: Generation,
    base: Arc<Table>,
    overlay: Overlay,
    len: usize,
    timetable: Arc<Timetable>,
    modes: Arc<ModePlans>,
    spares: Arc<SpareCards>,
}

impl Allowlist {
    /// A list without cards: everybody is unknown.
    #[must_use]
    pub fn empty(generation: Generation) -> Self {
        Self {
            generation,
            base: Arc::new(Table::empty()),
            overlay: Overlay::default(),
            len: 0,
            timetable: Arc::default(),
            modes: Arc::default(),
            spares: Arc::default(),
        }
    }

    /// The same cards with other schedules and other plans of the doors' modes, as another generation.
    #[must_use]
    pub fn with_hours(
        &self,
        timetable: Arc<Timetable>,
        modes: Arc<ModePlans>,
        generation: Generation,
    ) -> Self {
        Self {
            generation,
            base: Arc::clone(&self.base),
            overlay: self.overlay.clone(),
            len: self.len,
            timetable,
            modes,
            spares: Arc::clone(&self.spares),
        }
    }

    /// The same with other cards of the house that nobody holds.
    #[must_use]
    pub fn with_spares(self, spares: Arc<SpareCards>) -> Self {
        Self { spares, ..self }
    }

    /// Why a card is refused that is not on the list: nobody knows it, or it is the house's and nobody holds it.
    #[must_use]
    pub fn unheld(&self, tag: &CardTag) -> Reason {
        self.spares.reason(tag)
    }

    /// The schedules of this generation.
    #[must_use]
    pub fn timetable(&self) -> &Timetable {
        &self.timetable
    }

    /// The plans of the doors' modes of this generation.
    #[must_use]
    pub fn modes(&self) -> &ModePlans {
        &self.modes
    }

    /// The number of this generation.
    #[must_use]
    pub const fn generation(&self) -> Generation {
        self.generation
    }

    /// How many cards are on the list.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether no card is on the list.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The card with this tag. Allocates nothing.
    #[must_use]
    pub fn find(&self, tag: &CardTag) -> Option<Card<'_>> {
        match self.overlay.find(tag) {
            Some(changed) => changed.card(),
            None => self.base.find(tag),
        }
    }

    /// The PIN of a card, if it has one.
    #[must_use]
    pub fn pin(&self, of: IssuanceId) -> Option<&Pin> {
        match self.overlay.of_issuance(of) {
            Some(entry) => entry.pin.as_ref(),
            None => self.unchanged(of)?.pin.as_ref(),
        }
    }

    /// The issuance of the same person as this one's, if there is one.
    #[must_use]
    pub fn twin(&self, of: IssuanceId) -> Option<IssuanceId> {
        match self.overlay.of_issuance(of) {
            Some(entry) => entry.twin,
            None => self.unchanged(of)?.twin,
        }
    }

    /// What a card has besides, unless it was changed or removed.
    fn unchanged(&self, of: IssuanceId) -> Option<&Extra> {
        let extra = self.base.extra(of)?;
        self.overlay.find(&extra.tag).is_none().then_some(extra)
    }

    /// The card that is meant by the number of a PIN. Its tag is as an allowlist keeps tags.
    #[must_use]
    pub fn by_pin_number(&self, number: PinNumber) -> Option<CardTag> {
        let has = |pin: &Option<Pin>| pin.is_some_and(|pin| pin.number == number);
        let changed = self.overlay.iter().filter_map(Changed::entry);
        if let Some(entry) = changed.into_iter().find(|entry| has(&entry.pin)) {
            return Some(entry.tag);
        }
        let extra = self.base.by_pin(number)?;
        self.unchanged(extra.issuance).map(|extra| extra.tag)
    }

    /// All cards, in no order worth relying on. Of their tags the last four octets are zero: a list does not keep them.
    pub fn iter(&self) -> impl Iterator<Item = (CardTag, Card<'_>)> {
        let unchanged = self
            .base
            .iter()
            .filter(|(tag, _)| self.overlay.find(tag).is_none());
        let changed = self
            .overlay
            .iter()
            .filter_map(|changed| Some((*changed.tag(), changed.card()?)));
        unchanged.chain(changed)
    }

    /// The card of an issuance, as [`Allowlist::entries`] gives it. Looks through all of them.
    #[must_use]
    pub fn of_issuance(&self, of: IssuanceId) -> Option<CardEntry> {
        let mut cards = self.iter();
        let (tag, card) = cards.find(|(_, card)| card.holder.issuance == of)?;
        Some(self.to_entry(tag, card))
    }

    /// All cards as they were put on the list, but for the order of their rights and the end of their tags; in no order worth relying on.
    pub fn entries(&self) -> impl Iterator<Item = CardEntry> {
        self.iter().map(|(tag, card)| self.to_entry(tag, card))
    }

    /// The next generation: this list with changes; of two changes on one tag the later holds. Whoever has time packs it
    /// once it [`is_crowded`](Self::is_crowded).
    ///
    /// # Errors
    /// [`AllowlistError`] if the list would be over one of its limits.
    pub fn with(&self, changes: &[Change], generation: Generation) -> Result<Self, AllowlistError> {
        let changed = Overlay::of(changes);
        let gone = changed
            .iter()
            .filter(|changed| self.find(changed.tag()).is_some())
            .count();
        let come = changed
            .iter()
            .filter(|changed| changed.card().is_some())
            .count();
        let next = Self {
            generation,
            base: Arc::clone(&self.base),
            overlay: self.overlay.under(changed),
            len: self.len - gone + come,
            timetable: Arc::clone(&self.timetable),
            modes: Arc::clone(&self.modes),
            spares: Arc::clone(&self.spares),
        };
        if next.overlay.len() > CHANGES_AT_MOST {
            next.packed()
        } else {
            Ok(next)
        }
    }

    /// The octets the list takes on the heap, changes not counted.
    #[must_use]
    pub fn packed_octets(&self) -> usize {
        self.base.octets()
    }

    /// Whether so many changes lie over the packed cards that it is worth packing them anew.
    #[must_use]
    pub fn is_crowded(&self) -> bool {
        self.overlay.len() > CHANGES_MAX
    }

    /// The same list, packed anew, under the same number; takes 0.3 s for a million cards.
    ///
    /// # Errors
    /// [`AllowlistError`] if the list is over one of its limits.
    pub fn packed(&self) -> Result<Self, AllowlistError> {
        let mut builder = AllowlistBuilder::with_capacity(self.len);
        self.entries().try_for_each(|entry| builder.add(entry))?;
        let packed = builder.finish(self.generation)?;
        Ok(Self {
            timetable: Arc::clone(&self.timetable),
            modes: Arc::clone(&self.modes),
            spares: Arc::clone(&self.spares),
            ..packed
        })
    }

    /// The card as it was put on the list, but for the order of its rights and the end of its tag.
    fn to_entry(&self, tag: CardTag, card: Card<'_>) -> CardEntry {
        let issuance = card.holder.issuance;
        CardEntry {
            tag,
            holder: card.holder,
            standing: card.standing,
            valid: card.valid,
            rights: card.rights.to_vec(),
            visitor: card.visitor,
            pin: self.pin(issuance).copied(),
            twin: self.twin(issuance),
        }
    }
}

impl AllowlistBuilder {
    /// Closes the list.
    ///
    /// # Errors
    /// [`AllowlistError::TagTwice`] if two cards have one tag: nobody could say which of them was shown.
    pub fn finish(self, generation: Generation) -> Result<Allowlist, AllowlistError> {
        let table = self.pack()?;
        Ok(Allowlist {
            generation,
            len: table.len(),
            base: Arc::new(table),
            overlay: Overlay::default(),
            timetable: Arc::default(),
            modes: Arc::default(),
            spares: Arc::default(),
        })
    }
}

/// So many changes may lie over a table before it is worth packing anew, when there is time.
const CHANGES_MAX: usize = 4_096;
/// So many at most: then it is done with the next change, time or not.
const CHANGES_AT_MOST: usize = 4 * CHANGES_MAX;

#[cfg(test)]
mod tests;

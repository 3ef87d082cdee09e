//! Spares: cards of the house that nobody holds. They open nothing; a refusal says more of them than of a stranger's card.

use crate::card::CardTag;
use crate::reason::Reason;

/// Cards of the house's own, held or not: what counts is only asked of those that are on no list.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct SpareCards {
    /// The tags as an allowlist keeps them, ascending, and whether the card is lost.
    cards: Box<[(CardTag, bool)]>,
}

impl SpareCards {
    /// The cards with these tags; the flag says that one is lost.
    pub fn new(cards: impl IntoIterator<Item = (CardTag, bool)>) -> Self {
        let cards = cards.into_iter();
        let mut cards: Vec<_> = cards.map(|(tag, lost)| (tag.shortened(), lost)).collect();
        cards.sort_unstable();
        Self {
            cards: cards.into_boxed_slice(),
        }
    }

    /// Why a card that nobody holds is refused.
    pub(super) fn reason(&self, tag: &CardTag) -> Reason {
        let tag = tag.shortened();
        let found = self.cards.binary_search_by(|(known, _)| known.cmp(&tag));
        match found.ok().and_then(|at| self.cards.get(at)) {
            Some((_, true)) => Reason::Lost,
            Some((_, false)) => Reason::Returned,
            None => Reason::UnknownCard,
        }
    }
}

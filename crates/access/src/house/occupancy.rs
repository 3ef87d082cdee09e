//! Occupancy: where each card was last let through.

use foldhash::HashMap;

use crate::id::{AreaId, ReaderId};
use crate::issuance::IssuanceId;
use crate::time::UtcMicros;

/// Where a card was last let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whereabouts {
    /// The area it is in; `None` is outside all of them.
    pub area: Option<AreaId>,
    /// The area it last entered, and when.
    pub entered: Option<(AreaId, UtcMicros)>,
    /// The reader it was last let through at.
    pub reader: ReaderId,
    /// When.
    pub at: UtcMicros,
}

/// Where the cards are. A card that is not in here may be anywhere.
#[derive(Clone, Debug, Default)]
pub struct Occupancy {
    cards: HashMap<IssuanceId, Whereabouts>,
    changes: u64,
}

impl Occupancy {
    /// Where a card is, as far as is known. Allocates nothing.
    #[must_use]
    pub fn of(&self, card: IssuanceId) -> Option<&Whereabouts> {
        self.cards.get(&card)
    }

    /// All cards whose whereabouts are known, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (IssuanceId, &Whereabouts)> {
        self.cards.iter().map(|(card, known)| (*card, known))
    }

    /// A number that is another after every change.
    #[must_use]
    pub const fn changes(&self) -> u64 {
        self.changes
    }

    /// A card went through at a reader that leads into one area and out of another. Where a reader leads to no area and out of none
    /// its card stays where it was.
    pub fn note(
        &mut self,
        card: IssuanceId,
        (reader, into, out_of): (ReaderId, Option<AreaId>, Option<AreaId>),
        at: UtcMicros,
    ) {
        let before = self.cards.get(&card);
        let stays = into.is_none() && out_of.is_none();
        let area = if stays {
            before.and_then(|known| known.area)
        } else {
            into
        };
        let entered = into
            .map(|area| (area, at))
            .or_else(|| before.and_then(|known| known.entered));
        self.put(
            card,
            Whereabouts {
                area,
                entered,
                reader,
                at,
            },
        );
    }

    /// Puts a card where it was known to be, after a restart.
    pub fn put(&mut self, card: IssuanceId, whereabouts: Whereabouts) {
        self.changes = self.changes.wrapping_add(1);
        self.cards.insert(card, whereabouts);
    }

    /// Where this card is, is known no more: it may enter anywhere once. Says whether it was known.
    pub fn forget(&mut self, card: IssuanceId) -> bool {
        self.changes = self.changes.wrapping_add(1);
        self.cards.remove(&card).is_some()
    }

    /// The same for every card in an area; says how many they were.
    pub fn forget_area(&mut self, area: AreaId) -> usize {
        let before = self.cards.len();
        self.cards.retain(|_, known| known.area != Some(area));
        self.changes = self.changes.wrapping_add(1);
        before - self.cards.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{AREA, CARD, FRIEND, READER, WAY_OUT, at};

    const BESIDE: AreaId = AreaId::new(4);

    fn known(area: Option<AreaId>, entered: Option<(AreaId, i64)>, when: i64) -> Whereabouts {
        Whereabouts {
            area,
            entered: entered.map(|(area, when)| (area, at(when))),
            reader: READER,
            at: at(when),
        }
    }

    #[test]
    fn a_passage_puts_the_card_where_the_reader_leads() {
        let mut occupancy = Occupancy::default();
        assert_eq!(occupancy.of(CARD), None);
        occupancy.note(CARD, (READER, Some(AREA), None), at(1));
        let inside = known(Some(AREA), Some((AREA, 1)), 1);
        assert_eq!(occupancy.of(CARD), Some(&inside));
        occupancy.note(CARD, (READER, Some(BESIDE), Some(AREA)), at(2));
        let beside = known(Some(BESIDE), Some((BESIDE, 2)), 2);
        assert_eq!(occupancy.of(CARD), Some(&beside));
        occupancy.note(CARD, (READER, None, Some(BESIDE)), at(3));
        let outside = known(None, Some((BESIDE, 2)), 3);
        assert_eq!(
            occupancy.of(CARD).copied(),
            Some(Whereabouts {
                entered: Some((BESIDE, at(2))),
                ..outside
            })
        );
        assert_eq!(occupancy.of(FRIEND), None);
    }

    #[test]
    fn a_reader_that_leads_nowhere_leaves_the_card_where_it_was() {
        let mut occupancy = Occupancy::default();
        occupancy.note(CARD, (READER, Some(AREA), None), at(1));
        occupancy.note(CARD, (WAY_OUT, None, None), at(2));
        let found = occupancy.of(CARD).copied();
        let expected = Whereabouts {
            reader: WAY_OUT,
            at: at(2),
            ..known(Some(AREA), Some((AREA, 1)), 1)
        };
        assert_eq!(found, Some(expected));
        occupancy.note(FRIEND, (WAY_OUT, None, None), at(2));
        let found = occupancy.of(FRIEND).and_then(|known| known.area);
        assert_eq!(found, None);
    }

    #[test]
    fn forgiving_an_area_forgives_those_in_it_only() {
        let mut occupancy = Occupancy::default();
        occupancy.note(CARD, (READER, Some(AREA), None), at(1));
        occupancy.note(FRIEND, (READER, Some(BESIDE), None), at(1));
        assert_eq!(occupancy.forget_area(AREA), 1);
        assert_eq!(occupancy.forget_area(AREA), 0);
        let left: Vec<IssuanceId> = occupancy.iter().map(|(card, _)| card).collect();
        assert_eq!(left, [FRIEND]);
        assert!(occupancy.forget(FRIEND));
        assert!(!occupancy.forget(FRIEND));
    }

    #[test]
    fn every_change_has_a_number_of_its_own() {
        let mut occupancy = Occupancy::default();
        let mut seen = vec![occupancy.changes()];
        occupancy.note(CARD, (READER, Some(AREA), None), at(1));
        seen.push(occupancy.changes());
        occupancy.put(CARD, known(None, None, 2));
        seen.push(occupancy.changes());
        occupancy.forget(CARD);
        seen.push(occupancy.changes());
        occupancy.forget_area(AREA);
        seen.push(occupancy.changes());
        seen.dedup();
        assert_eq!(seen.len(), 5);
    }
}

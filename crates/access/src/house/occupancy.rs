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
    touched: Touched,
}

/// What became of cards since somebody asked last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OccupancyNews {
    /// Each word about each of these, the later last; `None` is known to be nowhere any more.
    Of(Vec<(IssuanceId, Option<Whereabouts>)>),
    /// Of too many to count them: these are all whose whereabouts are known, in no order.
    All(Vec<(IssuanceId, Whereabouts)>),
}

/// What became of cards since somebody asked, word by word.
#[derive(Clone, Debug, Default)]
struct Touched {
    words: Vec<(IssuanceId, Option<Whereabouts>)>,
    /// They were too many to count.
    all: bool,
}

impl Touched {
    fn note(&mut self, card: IssuanceId, known: Option<Whereabouts>) {
        if self.all {
            return;
        }
        if self.words.len() >= TOUCHED_MAX {
            self.words = Vec::new();
            self.all = true;
        } else {
            self.words.push((card, known));
        }
    }
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

    /// What became of cards since this was asked last. As cheap as that was little: whoever keeps a copy keeps up by it.
    #[must_use]
    pub fn take_news(&mut self) -> OccupancyNews {
        let touched = std::mem::take(&mut self.touched);
        if touched.all {
            return OccupancyNews::All(self.cards.clone().into_iter().collect());
        }
        OccupancyNews::Of(touched.words)
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
        self.touched.note(card, Some(whereabouts));
        self.cards.insert(card, whereabouts);
    }

    /// Where this card is, is known no more: it may enter anywhere once. Says whether it was known.
    pub fn forget(&mut self, card: IssuanceId) -> bool {
        self.touched.note(card, None);
        self.cards.remove(&card).is_some()
    }

    /// The same for every card in an area; says how many they were.
    pub fn forget_area(&mut self, area: AreaId) -> usize {
        let before = self.cards.len();
        self.cards.retain(|card, known| {
            let stays = known.area != Some(area);
            if !stays {
                self.touched.note(*card, None);
            }
            stays
        });
        before - self.cards.len()
    }
}

/// So many words are kept one by one: more than all doors of a house let in within a second.
const TOUCHED_MAX: usize = 4_096;

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
    fn who_keeps_a_copy_keeps_up_by_the_news() {
        let mut occupancy = Occupancy::default();
        assert_eq!(occupancy.take_news(), OccupancyNews::Of(vec![]));
        occupancy.note(CARD, (READER, Some(AREA), None), at(1));
        occupancy.note(FRIEND, (READER, Some(BESIDE), None), at(2));
        occupancy.note(CARD, (READER, Some(BESIDE), Some(AREA)), at(3));
        // Twice between two questions, and both ways are told.
        occupancy.note(CARD, (WAY_OUT, None, Some(BESIDE)), at(3));
        let first = known(Some(AREA), Some((AREA, 1)), 1);
        let friend = known(Some(BESIDE), Some((BESIDE, 2)), 2);
        let second = known(Some(BESIDE), Some((BESIDE, 3)), 3);
        let last = Whereabouts {
            area: None,
            reader: WAY_OUT,
            ..second
        };
        let news = [
            (CARD, first),
            (FRIEND, friend),
            (CARD, second),
            (CARD, last),
        ];
        let news = news.map(|(card, known)| (card, Some(known))).to_vec();
        assert_eq!(occupancy.take_news(), OccupancyNews::Of(news));
        assert_eq!(occupancy.take_news(), OccupancyNews::Of(vec![]));
        occupancy.forget(CARD);
        occupancy.forget_area(BESIDE);
        let gone = vec![(CARD, None), (FRIEND, None)];
        assert_eq!(occupancy.take_news(), OccupancyNews::Of(gone));
    }

    #[test]
    fn of_too_many_at_once_all_is_told() {
        let mut occupancy = Occupancy::default();
        let cards = |count: usize| (1_000..).map(IssuanceId::from_random).take(count);
        for card in cards(TOUCHED_MAX + 1) {
            occupancy.put(card, known(Some(AREA), None, 1));
        }
        let OccupancyNews::All(all) = occupancy.take_news() else {
            panic!("counted");
        };
        assert_eq!(all.len(), TOUCHED_MAX + 1);
        occupancy.put(CARD, known(None, None, 2));
        let one = vec![(CARD, Some(known(None, None, 2)))];
        assert_eq!(occupancy.take_news(), OccupancyNews::Of(one));
        assert_eq!(occupancy.forget_area(AREA), TOUCHED_MAX + 1);
        let left = vec![(CARD, known(None, None, 2))];
        assert_eq!(occupancy.take_news(), OccupancyNews::All(left));
    }
}

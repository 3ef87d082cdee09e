//! The canonical form of what is signed: lines of ASCII, so that anybody can hash them anew (docs/reviews.md).

use access::{IssuanceId, OperatorId, Place, UtcMicros};
use sha2::{Digest, Sha256};

use super::{KindCount, Review, Verdict, hex};

/// A hash over decisions, in the order of pseudonyms as numbers and of places as they are stored.
#[derive(Default)]
pub(super) struct Decisions(Sha256);

impl Decisions {
    /// Adds one: `P-3F7K2Q card keep 2026-11-27T10:00:00.000000Z 1`, and a line feed.
    pub(super) fn add(
        &mut self,
        (issuance, at_place): (IssuanceId, Option<Place>),
        verdict: Verdict,
        (at, by): (UtcMicros, OperatorId),
    ) {
        let (place, verdict) = (place(at_place), verdict.name());
        let line = format!("{issuance} {place} {verdict} {at} {by}\n");
        self.0.update(line.as_bytes());
    }

    pub(super) fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// `card`, a door's number, or `g` and a group's.
pub(super) fn place(place: Option<Place>) -> String {
    match place {
        None => "card".to_owned(),
        Some(Place::Door(door)) => door.to_string(),
        Some(Place::Group(group)) => format!("g{group}"),
    }
}

/// What a signature says besides what was said at the opening.
pub(super) struct Closing<'a> {
    pub(super) review: &'a Review,
    pub(super) at: UtcMicros,
    pub(super) by: OperatorId,
    pub(super) own: u64,
    pub(super) log: (u64, [u8; 32]),
    pub(super) decisions: [u8; 32],
    pub(super) counts: &'a [KindCount],
}

impl Closing<'_> {
    /// SHA-256 over the whole in its canonical form.
    pub(super) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.text().as_bytes()).into()
    }

    fn text(&self) -> String {
        let Review {
            id,
            quarter,
            opened_at,
            opened_by,
            ..
        } = self.review;
        format!(
            "portvakt review 1\nreview {id}\nquarter {quarter}\nopened {opened_at} {opened_by}\nsigned {} {}\nown {}\n\
             log {} {}\ncounts {}\ndecisions {}\nformer {}\n",
            self.at,
            self.by,
            self.own,
            self.log.0,
            hex(&self.log.1),
            counts(self.counts),
            hex(&self.decisions),
            self.former(),
        )
    }

    /// The hash of the former review, or `-`.
    pub(super) fn former(&self) -> String {
        let former = self.review.former;
        former.map_or_else(|| "-".to_owned(), |hash| hex(&hash))
    }
}

/// `employee-card-keep:12,employee-right-keep:30`, in the order of the words; `-` if there are none.
pub(super) fn counts(counts: &[KindCount]) -> String {
    let word = |count: &KindCount| {
        let sort = if count.is_card { "card" } else { "right" };
        let (kind, verdict, number) = (&count.kind, count.verdict.name(), count.number);
        format!("{kind}-{sort}-{verdict}:{number}")
    };
    let mut words: Vec<String> = counts.iter().map(word).collect();
    words.sort_unstable();
    if words.is_empty() {
        "-".to_owned()
    } else {
        words.join(",")
    }
}

#[cfg(test)]
mod tests {
    use access::{DoorId, GroupId};

    use super::*;
    use crate::review::ReviewId;

    /// Written down once, so that a hash on paper can be made anew for ever. Never edited.
    #[test]
    fn the_canonical_form_stays_what_it_is() {
        let at = UtcMicros::from_micros(1_795_348_800_000_000);
        let by = OperatorId::new(1);
        let mut decisions = Decisions::default();
        let issuance = IssuanceId::new(7).unwrap();
        let places = [
            None,
            Some(Place::Door(DoorId::new(1))),
            Some(Place::Group(GroupId::new(2))),
        ];
        for place in places {
            decisions.add((issuance, place), Verdict::Keep, (at, by));
        }
        let written = format!(
            "{issuance} card keep {at} 1\n{issuance} 1 keep {at} 1\n{issuance} g2 keep {at} 1\n"
        );
        let hash = decisions.finish();
        assert_eq!(hash, <[u8; 32]>::from(Sha256::digest(written.as_bytes())));
        let review = Review {
            id: ReviewId(3),
            quarter: "2026-Q4".parse().unwrap(),
            opened_at: at,
            opened_by: by,
            cards: 1,
            rights: 2,
            former: None,
            signed: None,
        };
        let count = |is_card, number| KindCount {
            kind: "supplier".to_owned(),
            is_card,
            verdict: Verdict::Keep,
            number,
        };
        let closing = Closing {
            review: &review,
            at,
            by,
            own: 1,
            log: (9, [0xab; 32]),
            decisions: [0xcd; 32],
            counts: &[count(false, 2), count(true, 1)],
        };
        assert_eq!(
            closing.text(),
            format!(
                "portvakt review 1\nreview 3\nquarter 2026-Q4\nopened 2026-11-22T12:00:00.000000Z 1\n\
                 signed 2026-11-22T12:00:00.000000Z 1\nown 1\nlog 9 {}\n\
                 counts supplier-card-keep:1,supplier-right-keep:2\ndecisions {}\nformer -\n",
                "ab".repeat(32),
                "cd".repeat(32)
            )
        );
        assert_eq!(counts(&[]), "-");
    }
}

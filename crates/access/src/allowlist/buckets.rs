//! Buckets: where the cards whose tags begin alike stand among all cards.
//!
//! Tags are evenly spread, so the places where buckets begin lie close to a straight line. Kept is how far each is from it, one octet;
//! so the whole is small enough to stay in a processor's cache beside the cards.

use std::ops::Range;

/// Where each bucket of a sorted array begins.
#[derive(Debug)]
pub(super) struct Buckets {
    /// How far the leading 64 bits of a tag are shifted to give its bucket.
    shift: u32,
    starts: Starts,
}

#[derive(Debug)]
enum Starts {
    /// As far from the line between two anchors; an anchor is where every 256th bucket begins.
    Near {
        anchors: Box<[u32]>,
        distances: Box<[i8]>,
    },
    /// Where each begins, and the last ends: of tags that are not evenly spread.
    Far(Box<[u32]>),
}

impl Buckets {
    /// No bucket.
    pub(super) fn none() -> Self {
        Self {
            shift: 0,
            starts: Starts::Far(Box::new([])),
        }
    }

    /// The buckets of so many cards whose tags begin with these 64 bits, ascending.
    pub(super) fn of(len: usize, leading: impl Iterator<Item = u64>) -> Self {
        let bits = bucket_bits(len);
        let shift = u64::BITS - bits;
        let mut starts = Vec::with_capacity((1 << bits) + 1);
        let mut begun = 0;
        let mut at = 0_u32;
        for leading in leading {
            while begun <= leading >> shift {
                starts.push(at);
                begun += 1;
            }
            at += 1;
        }
        starts.resize((1 << bits) + 1, at);
        Self {
            shift,
            starts: near(&starts).unwrap_or_else(|| Starts::Far(starts.into_boxed_slice())),
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        match &self.starts {
            Starts::Near { distances, .. } => distances.len(),
            Starts::Far(starts) => starts.len().saturating_sub(1),
        }
    }

    /// The bucket of a tag that begins with these 64 bits.
    pub(super) fn number(&self, leading: u64) -> Option<usize> {
        usize::try_from(leading.checked_shr(self.shift)?).ok()
    }

    /// The bits with which the tags of a bucket begin, of which sixteen at least count.
    pub(super) fn leading(&self, number: usize) -> Option<u64> {
        u64::try_from(number).ok()?.checked_shl(self.shift)
    }

    /// Where the cards of a bucket stand.
    pub(super) fn places(&self, number: usize) -> Option<Range<usize>> {
        let start = usize::try_from(self.start(number)?).ok()?;
        let end = usize::try_from(self.start(number + 1)?).ok()?;
        Some(start..end)
    }

    /// The octets all this takes on the heap.
    pub(super) fn octets(&self) -> usize {
        match &self.starts {
            Starts::Near { anchors, distances } => {
                size_of_val(&**anchors) + size_of_val(&**distances)
            }
            Starts::Far(starts) => size_of_val(&**starts),
        }
    }

    fn start(&self, number: usize) -> Option<u32> {
        match &self.starts {
            Starts::Far(starts) => starts.get(number).copied(),
            Starts::Near { anchors, distances } => {
                if number == distances.len() {
                    return anchors.last().copied();
                }
                let distance = distances.get(number)?;
                let anchor = *anchors.get(number / BLOCK)?;
                let next = *anchors.get(number / BLOCK + 1)?;
                line(anchor, next, number).checked_add_signed(i32::from(*distance))
            }
        }
    }
}

/// Where a bucket would begin if all between two anchors were of one size.
fn line(anchor: u32, next: u32, number: usize) -> u32 {
    let place = u64::try_from(number % BLOCK).unwrap_or(0);
    let blocks = u64::try_from(BLOCK).unwrap_or(1);
    let beyond = u64::from(next.saturating_sub(anchor)) * place / blocks;
    anchor.saturating_add(u32::try_from(beyond).unwrap_or(u32::MAX))
}

fn near(starts: &[u32]) -> Option<Starts> {
    let anchors: Box<[u32]> = starts.iter().copied().step_by(BLOCK).collect();
    let (_, buckets) = starts.split_last()?;
    let distances: Option<Box<[i8]>> = buckets
        .iter()
        .enumerate()
        .map(|(number, start)| {
            let anchor = *anchors.get(number / BLOCK)?;
            let next = *anchors.get(number / BLOCK + 1)?;
            let distance = i64::from(*start) - i64::from(line(anchor, next, number));
            i8::try_from(distance).ok()
        })
        .collect();
    Some(Starts::Near {
        anchors,
        distances: distances?,
    })
}

/// Buckets of one to two cards; at least 65,536, so that the first two octets of a tag are known from its bucket.
fn bucket_bits(cards: usize) -> u32 {
    (usize::BITS - cards.leading_zeros())
        .saturating_sub(1)
        .max(BUCKET_BITS_MIN)
}

/// Every so many buckets have an anchor.
const BLOCK: usize = 256;
/// The fewest leading bits that name a bucket.
const BUCKET_BITS_MIN: u32 = 16;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every bucket holds exactly those whose leading bits name it.
    fn holds(mut leading: Vec<u64>) -> Buckets {
        leading.sort_unstable();
        let buckets = Buckets::of(leading.len(), leading.iter().copied());
        let mut begin = 0;
        for number in 0..buckets.len() {
            let places = buckets.places(number).unwrap();
            assert_eq!(places.start, begin, "{number}");
            let inside = &leading[places.clone()];
            assert!(
                inside
                    .iter()
                    .all(|leading| buckets.number(*leading) == Some(number))
            );
            begin = places.end;
        }
        assert_eq!(begin, leading.len());
        assert_eq!(buckets.places(buckets.len()), None);
        buckets
    }

    #[test]
    fn tags_that_are_spread_are_near_and_tags_in_a_heap_are_far() {
        let spread = (0..200_000).map(|at: u64| at.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let near = holds(spread.collect());
        assert!(matches!(near.starts, Starts::Near { .. }));
        assert!(near.octets() < 150_000, "{}", near.octets());
        let far = holds((0..1_000).collect());
        assert!(matches!(far.starts, Starts::Far(_)));
        assert_eq!(Buckets::none().len(), 0);
        assert_eq!(Buckets::none().places(0), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn every_card_is_in_its_bucket(spread in proptest::collection::vec(any::<u64>(), 0..500), heap in 0_u64..500) {
            let heaped = (0..heap).map(|at| u64::MAX - at);
            holds(spread.into_iter().chain(heaped).collect());
        }
    }
}

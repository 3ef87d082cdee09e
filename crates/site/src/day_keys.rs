//! Day keys: the keys under which unknown cards get their tags, one a day.

use access::{CardBits, CardNumber, Day, TagKey, UnknownTag, UtcMicros};
use std::time::Duration;

/// The key of today and, towards midnight, of tomorrow.
#[derive(Debug)]
pub(crate) struct DayKeys {
    known: Vec<(Day, TagKey)>,
    asked: Option<Day>,
}

impl DayKeys {
    pub(crate) fn new(day: Day, key: TagKey) -> Self {
        Self {
            known: vec![(day, key)],
            asked: None,
        }
    }

    /// Takes the key of a day; the oldest beyond two is forgotten.
    pub(crate) fn set(&mut self, day: Day, key: TagKey) {
        self.known.retain(|(known, _)| *known != day);
        self.known.push((day, key));
        self.known.sort_by_key(|(day, _)| *day);
        let surplus = self.known.len().saturating_sub(KEYS_MAX);
        self.known.drain(..surplus);
    }

    /// The day whose key should be given soon; each day is asked for once.
    pub(crate) fn wanted(&mut self, now: UtcMicros) -> Option<Day> {
        let days = [now.day(), now.saturating_add(AHEAD).day()];
        let missing = days.into_iter().find(|day| self.key(*day).is_none())?;
        let news = self.asked != Some(missing);
        self.asked = Some(missing);
        news.then_some(missing)
    }

    /// The tag of an unknown card. Without the key of the day it is all zero: worth nothing, but giving nothing away.
    pub(crate) fn tag(&self, number: &CardNumber, now: UtcMicros) -> UnknownTag {
        self.key(now.day())
            .map_or(UnknownTag::new([0; 8]), |key| key.unknown_tag(number))
    }

    /// The tag of bits that are no number.
    pub(crate) fn tag_of_bits(&self, bits: &CardBits, now: UtcMicros) -> UnknownTag {
        self.tag(&CardNumber::Raw(bits.clone()), now)
    }

    fn key(&self, day: Day) -> Option<&TagKey> {
        self.known
            .iter()
            .find(|(known, _)| *known == day)
            .map(|(_, key)| key)
    }
}

/// The keys of two days are kept.
const KEYS_MAX: usize = 2;
/// So long before it begins the key of a day is asked for.
const AHEAD: Duration = Duration::from_secs(3_600);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> UtcMicros {
        UtcMicros::from_micros(hours * 3_600_000_000)
    }

    #[test]
    fn the_next_key_is_asked_for_once_and_in_time() {
        let mut keys = DayKeys::new(Day::new(0), TagKey::new([0; 32]));
        assert_eq!(keys.wanted(at(22)), None);
        assert_eq!(keys.wanted(at(23)), Some(Day::new(1)));
        assert_eq!(keys.wanted(at(23)), None);
        keys.set(Day::new(1), TagKey::new([1; 32]));
        assert_eq!(keys.wanted(at(24)), None);
        assert_eq!(keys.wanted(at(47)), Some(Day::new(2)));
    }

    #[test]
    fn another_day_is_another_tag_and_no_key_is_no_tag() {
        let mut keys = DayKeys::new(Day::new(0), TagKey::new([0; 32]));
        let bits = CardBits::new(&[0xAA], 8).unwrap();
        assert_eq!(keys.tag_of_bits(&bits, at(24)), UnknownTag::new([0; 8]));
        keys.set(Day::new(1), TagKey::new([1; 32]));
        assert_ne!(
            keys.tag_of_bits(&bits, at(0)),
            keys.tag_of_bits(&bits, at(24))
        );
        keys.set(Day::new(2), TagKey::new([2; 32]));
        assert_eq!(
            keys.tag_of_bits(&bits, at(0)),
            UnknownTag::new([0; 8]),
            "the oldest key is gone"
        );
    }
}

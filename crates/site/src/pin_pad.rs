//! PIN pads: what is typed at each reader, and the card that waits for it.

use std::collections::BTreeMap;
use std::time::Duration;

use access::{CardTag, Holder, IssuanceId, PinDigits, PinLimit, ReaderId};
use reader_bus::Uptime;
use zeroize::Zeroizing;

/// A card that was shown where its PIN is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WaitingCard {
    /// Its tag.
    pub(crate) tag: CardTag,
    /// Whose it is.
    pub(crate) holder: Holder,
}

/// The pads of all readers.
#[derive(Debug)]
pub(crate) struct PinPads {
    pads: BTreeMap<ReaderId, Pad>,
    limit: PinLimit,
    /// Until when nobody knows what was typed before the start: one wrong entry closes a pad.
    unknown_until: Uptime,
}

#[derive(Debug, Default)]
struct Pad {
    typed: Zeroizing<String>,
    /// When the last key was pressed.
    last_key: Uptime,
    card: Option<(WaitingCard, Uptime)>,
    /// Wrong entries without a card, and when the last was.
    failures: u8,
    failed_at: Option<Uptime>,
}

/// What a key brought about.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    /// Nothing yet.
    Going,
    /// `#`: this was typed, behind this card if one waited. What nobody can have typed on purpose is no digits.
    Entered(Option<WaitingCard>, Option<PinDigits>),
}

impl PinPads {
    /// Pads of which nobody knows what was typed before.
    pub(crate) fn new(limit: PinLimit, up: Uptime) -> Self {
        Self {
            pads: BTreeMap::new(),
            limit,
            unknown_until: up + limit.locked_for,
        }
    }

    /// A card waits for its PIN. Gives back the one that waited there before it.
    pub(crate) fn wait(
        &mut self,
        reader: ReaderId,
        card: WaitingCard,
        up: Uptime,
    ) -> Option<WaitingCard> {
        let pad = self.pads.entry(reader).or_default();
        pad.typed.clear();
        let before = pad.card.replace((card, up + CARD_WAITS));
        before.map(|(card, _)| card)
    }

    /// No card waits at a reader any more. Gives back the one that did.
    pub(crate) fn dismiss(&mut self, reader: ReaderId) -> Option<WaitingCard> {
        let pad = self.pads.get_mut(&reader)?;
        pad.typed.clear();
        pad.card.take().map(|(card, _)| card)
    }

    /// A key was pressed.
    pub(crate) fn key(&mut self, reader: ReaderId, key: u8, up: Uptime) -> Typed {
        let pad = self.pads.entry(reader).or_default();
        if pad.last_key + KEYS_APART <= up {
            pad.typed.clear();
        }
        pad.last_key = up;
        match key {
            // One more than any PIN has is kept, so that it is seen to be too long.
            b'0'..=b'9' if pad.typed.len() < TYPED_MAX => pad.typed.push(char::from(key)),
            b'*' => pad.typed.clear(),
            b'#' => {
                let digits = PinDigits::typed(&pad.typed);
                let nothing = pad.typed.is_empty();
                pad.typed.clear();
                if nothing {
                    return Typed::Going;
                }
                return Typed::Entered(pad.card.take().map(|(card, _)| card), digits);
            }
            _ => {}
        }
        Typed::Going
    }

    /// The next card that has waited for too long, and where.
    pub(crate) fn expired(&mut self, up: Uptime) -> Option<(ReaderId, WaitingCard)> {
        self.pads.iter_mut().find_map(|(reader, pad)| {
            let (card, _) = pad.card.take_if(|(_, until)| *until <= up)?;
            pad.typed.clear();
            Some((*reader, card))
        })
    }

    /// Every card that waits; none does any more.
    pub(crate) fn dismiss_all(&mut self) -> Vec<(ReaderId, WaitingCard)> {
        let pads = self.pads.iter_mut();
        pads.filter_map(|(reader, pad)| Some((*reader, pad.card.take()?.0)))
            .collect()
    }

    /// This card waits nowhere any more.
    pub(crate) fn forget(&mut self, card: IssuanceId) {
        for pad in self.pads.values_mut() {
            pad.card = pad
                .card
                .filter(|(waiting, _)| waiting.holder.issuance != card);
        }
    }

    /// When the next card has waited for too long.
    pub(crate) fn due(&self) -> Option<Uptime> {
        let cards = self.pads.values().filter_map(|pad| pad.card);
        cards.map(|(_, until)| until).min()
    }

    /// Something wrong was typed without a card: numbers are tried out. What the limit allows of one card it allows of one pad.
    pub(crate) fn fail(&mut self, reader: ReaderId, up: Uptime) {
        let limit = self.limit;
        let begins = if up < self.unknown_until {
            limit.wrong_max
        } else {
            1
        };
        let pad = self.pads.entry(reader).or_default();
        let fresh = pad.failed_at.is_some_and(|at| up < at + limit.locked_for);
        pad.failures = if fresh {
            pad.failures.saturating_add(1)
        } else {
            begins
        };
        pad.failed_at = Some(up);
    }

    /// Whether a pad takes no entry without a card for now.
    pub(crate) fn is_closed(&self, reader: ReaderId, up: Uptime) -> bool {
        self.pads.get(&reader).is_some_and(|pad| {
            let locked_for = self.limit.locked_for;
            let lately = pad.failed_at.is_some_and(|at| up < at + locked_for);
            lately && pad.failures >= self.limit.wrong_max
        })
    }
}

/// So long a card waits for its PIN.
const CARD_WAITS: Duration = Duration::from_secs(15);
/// Keys further apart are not of one entry.
const KEYS_APART: Duration = Duration::from_secs(10);
/// More digits than anybody has to type.
const TYPED_MAX: usize = 20;

#[cfg(test)]
mod tests {
    use access::KeySlot;

    use super::*;

    const PAD: ReaderId = ReaderId::new(1);

    fn at(ms: u64) -> Uptime {
        Uptime::from_micros(ms * 1_000)
    }

    fn card(seed: u8) -> WaitingCard {
        WaitingCard {
            tag: CardTag::new([seed; 16]),
            holder: Holder {
                issuance: IssuanceId::from_random(u32::from(seed)),
                slot: KeySlot::new(u32::from(seed)),
            },
        }
    }

    fn press(pads: &mut PinPads, keys: &[u8], up: Uptime) -> Typed {
        let mut last = Typed::Going;
        for key in keys {
            last = pads.key(PAD, *key, up);
        }
        last
    }

    #[test]
    fn digits_count_with_the_hash_and_are_wiped_by_the_star() {
        let mut pads = PinPads::new(PinLimit::default(), at(0));
        assert_eq!(press(&mut pads, b"99*2468", at(0)), Typed::Going);
        let entered = Typed::Entered(None, PinDigits::typed("2468"));
        assert_eq!(press(&mut pads, b"#", at(1)), entered);
        assert_eq!(press(&mut pads, b"#", at(2)), Typed::Going, "nothing twice");
    }

    #[test]
    fn digits_far_apart_are_not_of_one_entry() {
        let mut pads = PinPads::new(PinLimit::default(), at(0));
        press(&mut pads, b"24", at(0));
        let entered = Typed::Entered(None, PinDigits::typed("68"));
        assert_eq!(press(&mut pads, b"68#", at(10_000)), entered);
    }

    #[test]
    fn what_is_too_long_is_no_pin() {
        let mut pads = PinPads::new(PinLimit::default(), at(0));
        let entered = press(&mut pads, b"123456789012345678901234567890#", at(0));
        assert_eq!(entered, Typed::Entered(None, None));
    }

    #[test]
    fn a_card_waits_for_one_entry_and_not_for_ever() {
        let mut pads = PinPads::new(PinLimit::default(), at(0));
        assert_eq!(pads.wait(PAD, card(1), at(0)), None);
        assert_eq!(pads.wait(PAD, card(2), at(5)), Some(card(1)));
        let entered = Typed::Entered(Some(card(2)), PinDigits::typed("2468"));
        assert_eq!(press(&mut pads, b"2468#", at(10)), entered);
        assert_eq!(pads.due(), None);
        pads.wait(PAD, card(3), at(20));
        assert_eq!(pads.due(), Some(at(15_020)));
        assert_eq!(pads.expired(at(15_019)), None);
        assert_eq!(pads.expired(at(15_020)), Some((PAD, card(3))));
    }

    #[test]
    fn a_pad_where_numbers_are_tried_out_closes_for_a_while() {
        let limit = PinLimit {
            wrong_max: 3,
            locked_for: Duration::from_secs(60),
        };
        let mut pads = PinPads::new(limit, at(0));
        let (at, start) = (|ms: u64| at(ms + 60_000), at);
        pads.fail(PAD, at(0));
        pads.fail(PAD, at(59_000));
        assert!(!pads.is_closed(PAD, at(59_000)));
        pads.fail(PAD, at(60_000));
        assert!(pads.is_closed(PAD, at(119_999)));
        assert!(!pads.is_closed(PAD, at(120_000)));
        pads.fail(PAD, at(120_000));
        assert!(!pads.is_closed(PAD, at(120_000)), "it counts anew");
        let mut fresh = PinPads::new(limit, start(0));
        fresh.fail(PAD, start(0));
        assert!(
            fresh.is_closed(PAD, start(59_999)),
            "what was before is not known"
        );
    }
}

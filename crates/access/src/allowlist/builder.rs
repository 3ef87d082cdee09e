//! Builder: packs cards into a table, each shared part once.

use std::fmt;

use foldhash::HashMap;

use crate::allowlist::buckets::Buckets;
use crate::allowlist::entry::{Card, CardEntry, Right};
use crate::allowlist::table::{Extra, PackedCard, Profile, Spans, Table};
use crate::card::CardTag;
use crate::pin::PinNumber;
use crate::validity::Validity;

/// Takes cards in any order and makes an [`Allowlist`] of them.
#[derive(Debug, Default)]
pub struct AllowlistBuilder {
    cards: Vec<Added>,
    extras: Vec<Extra>,
    profiles: Interned<Profile>,
    rights: Vec<Right>,
    right_sets: HashMap<Box<[Right]>, (u32, u16)>,
    sorted: Vec<Right>,
}

impl AllowlistBuilder {
    /// A builder with room for this many cards.
    #[must_use]
    pub fn with_capacity(cards: usize) -> Self {
        Self {
            cards: Vec::with_capacity(cards.min(CARDS_MAX)),
            ..Self::default()
        }
    }

    /// Puts a card on the list.
    ///
    /// # Errors
    /// [`AllowlistError`] if the list or the card's rights are over their limits.
    pub fn add(&mut self, entry: CardEntry) -> Result<(), AllowlistError> {
        if self.cards.len() >= CARDS_MAX {
            return Err(AllowlistError::TooManyCards);
        }
        let profile = self.profile(&entry)?;
        self.extras.extend(Extra::of(&entry));
        self.cards.push(Added {
            tag: entry.tag.shortened(),
            card: PackedCard::new(&entry, profile),
            valid: entry.valid,
        });
        Ok(())
    }

    /// Packs the cards; see [`finish`](Self::finish).
    pub(super) fn pack(mut self) -> Result<Table, AllowlistError> {
        // The register hands cards over in the order of their tags.
        if !self.cards.is_sorted_by_key(|added| added.tag) {
            self.cards.sort_unstable_by_key(|added| added.tag);
        }
        let followed = self.cards.iter().skip(1);
        let mut pairs = self.cards.iter().zip(followed);
        if pairs.any(|(added, next)| added.tag == next.tag) {
            return Err(AllowlistError::TagTwice);
        }
        self.extras.sort_unstable_by_key(|extra| extra.issuance);
        let by_pin = by_pin(&self.extras)?;
        let leading = self.cards.iter().map(|added| added.tag.leading());
        let buckets = Buckets::of(self.cards.len(), leading);
        let profiles = self.profiles.values;
        let (profiles, spans) = match shared(&mut self.cards, &profiles) {
            Some((profiles, spans)) => (profiles, Spans::OfProfiles(spans)),
            None => (
                profiles,
                Spans::OfCards(self.cards.iter().map(|added| added.valid).collect()),
            ),
        };
        Ok(Table {
            buckets,
            cards: self.cards.iter().map(|added| added.card).collect(),
            profiles: profiles.into_boxed_slice(),
            spans,
            rights: self.rights.into_boxed_slice(),
            extras: self.extras.into_boxed_slice(),
            by_pin,
        })
    }

    /// The number of the profile of this card, its span of time left aside.
    fn profile(&mut self, entry: &CardEntry) -> Result<u32, AllowlistError> {
        let mut sorted = std::mem::take(&mut self.sorted);
        sorted.clear();
        sorted.extend_from_slice(&entry.rights);
        Card::order(&mut sorted);
        let known = self.right_sets.get(sorted.as_slice()).copied();
        let set = known.map_or_else(|| self.right_set(&sorted), Ok);
        self.sorted = sorted;
        let (rights_start, rights_len) = set?;
        let profile = Profile {
            standing: entry.standing,
            visitor: entry.visitor,
            rights_len,
            rights_start,
        };
        self.profiles
            .number(profile, u32::MAX)
            .ok_or(AllowlistError::TooManyRights)
    }

    /// Stores a new set of rights; says where it begins and how many they are.
    fn right_set(&mut self, rights: &[Right]) -> Result<(u32, u16), AllowlistError> {
        let len =
            u16::try_from(rights.len()).map_err(|_| AllowlistError::TooManyRightsOfACard {
                found: rights.len(),
            })?;
        let start = u32::try_from(self.rights.len()).map_err(|_| AllowlistError::TooManyRights)?;
        self.rights.extend_from_slice(rights);
        self.right_sets.insert(rights.into(), (start, len));
        Ok((start, len))
    }
}

/// Cards that make no list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowlistError {
    /// More cards than a list holds.
    TooManyCards,
    /// One card with more rights than a card may have.
    TooManyRightsOfACard {
        /// Rights found.
        found: usize,
    },
    /// More different rights than a list holds.
    TooManyRights,
    /// Two cards with one tag.
    TagTwice,
    /// Two PINs with one number.
    PinNumberTwice,
}

impl fmt::Display for AllowlistError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyCards => write!(f, "more than {CARDS_MAX} cards"),
            Self::TooManyRightsOfACard { found } => write!(
                f,
                "a card with {found} rights; at most {} are possible",
                u16::MAX
            ),
            Self::TooManyRights => write!(f, "more than {} different rights", u32::MAX),
            Self::TagTwice => f.write_str("two cards have the same number"),
            Self::PinNumberTwice => f.write_str("two PINs are typed by the same number"),
        }
    }
}

impl std::error::Error for AllowlistError {}

/// A card on its way to the table.
#[derive(Debug)]
struct Added {
    tag: CardTag,
    card: PackedCard,
    valid: Validity,
}

/// Makes profiles with spans of time, if so few are needed that sharing pays, and gives the cards their numbers.
fn shared(cards: &mut [Added], profiles: &[Profile]) -> Option<(Vec<Profile>, Box<[Validity]>)> {
    let mut known = Interned::default();
    let numbers: Option<Vec<u32>> = cards
        .iter()
        .map(|added| known.number((added.card.profile(), added.valid), PROFILES_MAX))
        .collect();
    for (added, number) in cards.iter_mut().zip(numbers?) {
        added.card = added.card.with_profile(number);
    }
    let with_spans = known.values.iter().filter_map(|(profile, valid)| {
        let profile = usize::try_from(*profile).ok()?;
        Some((*profiles.get(profile)?, *valid))
    });
    let (profiles, spans): (Vec<Profile>, Vec<Validity>) = with_spans.unzip();
    Some((profiles, spans.into_boxed_slice()))
}

/// Values, each once, by number.
#[derive(Debug)]
struct Interned<T> {
    values: Vec<T>,
    numbers: HashMap<T, u32>,
}

impl<T: Copy + Eq + std::hash::Hash> Interned<T> {
    /// The number of a value, which is below a limit.
    fn number(&mut self, value: T, limit: u32) -> Option<u32> {
        if let Some(known) = self.numbers.get(&value) {
            return Some(*known);
        }
        let number = u32::try_from(self.values.len()).ok()?;
        if number >= limit {
            return None;
        }
        self.values.push(value);
        self.numbers.insert(value, number);
        Some(number)
    }
}

impl<T> Default for Interned<T> {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            numbers: HashMap::default(),
        }
    }
}

/// Where those with a PIN stand, ordered by its number.
fn by_pin(extras: &[Extra]) -> Result<Box<[(PinNumber, u32)]>, AllowlistError> {
    let places = (0_u32..).zip(extras);
    let mut places: Vec<(PinNumber, u32)> = places
        .filter_map(|(place, extra)| Some((extra.pin?.number, place)))
        .collect();
    places.sort_unstable();
    let followed = places.iter().skip(1);
    if places
        .iter()
        .zip(followed)
        .any(|((number, _), (next, _))| number == next)
    {
        return Err(AllowlistError::PinNumberTwice);
    }
    Ok(places.into_boxed_slice())
}

/// The most cards a list may hold: there are no more issuances.
const CARDS_MAX: usize = 1 << 30;
/// More profiles with spans of time than these are no longer found in a processor's cache, and most cards have their own.
const PROFILES_MAX: u32 = 1 << 15;

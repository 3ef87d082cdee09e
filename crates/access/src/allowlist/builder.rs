//! Builder: packs cards into a table, each shared part once.

use std::collections::HashMap;
use std::fmt;

use crate::allowlist::entry::{Card, CardEntry, Right, Standing};
use crate::allowlist::table::{PackedCard, Profile, Table};
use crate::card::CardTag;

/// Takes cards in any order and makes an [`Allowlist`] of them.
#[derive(Debug, Default)]
pub struct AllowlistBuilder {
    cards: Vec<PackedCard>,
    profiles: Interned<Profile>,
    rights: Vec<Right>,
    right_sets: HashMap<Box<[Right]>, (u32, u16)>,
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
        let profile = self.profile(entry.standing, &entry.rights)?;
        self.cards.push(PackedCard::new(&entry, profile));
        Ok(())
    }

    /// Packs the cards; see [`finish`](Self::finish).
    pub(super) fn pack(mut self) -> Result<Table, AllowlistError> {
        self.cards.sort_unstable_by_key(|card| card.tag);
        if self
            .cards
            .iter()
            .zip(self.cards.iter().skip(1))
            .any(|(card, next)| card.tag == next.tag)
        {
            return Err(AllowlistError::TagTwice);
        }
        let bucket_bits = bucket_bits(self.cards.len());
        Ok(Table {
            starts: starts(&self.cards, bucket_bits),
            shift: u64::BITS - bucket_bits,
            cards: self.cards.into_boxed_slice(),
            profiles: self.profiles.values.into_boxed_slice(),
            rights: self.rights.into_boxed_slice(),
        })
    }

    /// The number of the profile of this standing and these rights.
    fn profile(&mut self, standing: Standing, rights: &[Right]) -> Result<u32, AllowlistError> {
        let mut rights = rights.to_vec();
        Card::order(&mut rights);
        let (rights_start, rights_len) = match self.right_sets.get(rights.as_slice()) {
            Some(known) => *known,
            None => self.right_set(rights)?,
        };
        let profile = Profile {
            standing,
            rights_start,
            rights_len,
        };
        self.profiles
            .number(profile)
            .ok_or(AllowlistError::TooManyRights)
    }

    /// Stores a new set of rights; says where it begins and how many they are.
    fn right_set(&mut self, rights: Vec<Right>) -> Result<(u32, u16), AllowlistError> {
        let len =
            u16::try_from(rights.len()).map_err(|_| AllowlistError::TooManyRightsOfACard {
                found: rights.len(),
            })?;
        let start = u32::try_from(self.rights.len()).map_err(|_| AllowlistError::TooManyRights)?;
        self.rights.extend_from_slice(&rights);
        self.right_sets
            .insert(rights.into_boxed_slice(), (start, len));
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
        }
    }
}

impl std::error::Error for AllowlistError {}

/// Values, each once, by number.
#[derive(Debug)]
struct Interned<T> {
    values: Vec<T>,
    numbers: HashMap<T, u32>,
}

impl<T: Copy + Eq + std::hash::Hash> Interned<T> {
    fn number(&mut self, value: T) -> Option<u32> {
        if let Some(known) = self.numbers.get(&value) {
            return Some(*known);
        }
        let number = u32::try_from(self.values.len()).ok()?;
        self.values.push(value);
        self.numbers.insert(value, number);
        Some(number)
    }
}

impl<T> Default for Interned<T> {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            numbers: HashMap::new(),
        }
    }
}

/// Buckets of one or two cards; at least two buckets, so that the shift stays below the width of the number shifted.
fn bucket_bits(cards: usize) -> u32 {
    (usize::BITS - cards.leading_zeros())
        .saturating_sub(1)
        .max(1)
}

/// Where each bucket begins among the sorted cards, and where the last one ends.
fn starts(cards: &[PackedCard], bucket_bits: u32) -> Box<[u32]> {
    let bucket = |tag: &CardTag| tag.leading() >> (u64::BITS - bucket_bits);
    let mut starts = Vec::with_capacity((1 << bucket_bits) + 1);
    let mut begun = 0;
    let mut at = 0_u32;
    for card in cards {
        while begun <= bucket(&card.tag) {
            starts.push(at);
            begun += 1;
        }
        at += 1;
    }
    starts.resize((1 << bucket_bits) + 1, at);
    starts.into_boxed_slice()
}

/// The most cards a list may hold: there are no more issuances.
const CARDS_MAX: usize = 1 << 30;

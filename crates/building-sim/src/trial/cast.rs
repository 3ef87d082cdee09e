//! The people of a trial: who has which card and, read as plainly as possible, what it may open.

use std::time::Duration;

use access::card::formats::H10301;
use access::{
    Allowlist, AllowlistBuilder, CardBits, CardEntry, DoorId, Generation, Holder, IssuanceId,
    Place, Right, Standing, TagKey, UtcMicros, Validity,
};
use key_store::Owner;

use super::broken::Broken;
use super::clocks::BEGINNING;
use super::office::Office;
use crate::dice::Dice;

/// Everybody with a card, and some strangers.
pub(super) struct Cast {
    entries: Vec<CardEntry>,
    cards: Vec<CardBits>,
}

impl Cast {
    /// Draws `people` by lot and gives each a key of their own; a tenth as many strangers come too.
    /// `now` is the beginning; some cards end, some begin within the hour.
    pub(super) fn assemble(
        people: u16,
        doors: &[DoorId],
        office: &mut Office,
        dice: &mut Dice,
    ) -> Result<Self, Broken> {
        let tag_key = office.tag_key()?;
        let mut entries = Vec::new();
        let mut cards = Vec::new();
        for number in 0..people {
            let bits = card(HOUSE, number)?;
            let issuance = IssuanceId::from_random(u32::from(number) + 1);
            let slot = office.allocate(Owner::Issuance(issuance.get()))?;
            let holder = Holder { issuance, slot };
            entries.push(entry(&bits, holder, doors, &tag_key, dice)?);
            cards.push(bits);
        }
        for number in 0..=people / 10 {
            cards.push(card(ELSEWHERE, number)?);
        }
        Ok(Self { entries, cards })
    }

    /// The list the site decides by.
    pub(super) fn allowlist(&self) -> Result<Allowlist, Broken> {
        let mut builder = AllowlistBuilder::with_capacity(self.entries.len());
        for entry in &self.entries {
            builder.add(entry.clone())?;
        }
        Ok(builder.finish(Generation::new(1))?)
    }

    /// Somebody's card.
    pub(super) fn anybody(&self, dice: &mut Dice) -> Option<&CardBits> {
        dice.pick(&self.cards)
    }

    /// Whether this holder may open this door at this time, by the rights as they were handed out.
    pub(super) fn may(&self, holder: Holder, door: DoorId, at: UtcMicros) -> bool {
        self.entries.iter().any(|entry| {
            entry.holder == holder
                && entry.standing == Standing::Active
                && entry.valid.contains(at)
                && entry
                    .rights
                    .iter()
                    .any(|right| right.place == Place::Door(door) && right.valid.contains(at))
        })
    }
}

/// A card of the house: which doors, how long and in what standing is left to chance.
fn entry(
    bits: &CardBits,
    holder: Holder,
    doors: &[DoorId],
    tag_key: &TagKey,
    dice: &mut Dice,
) -> Result<CardEntry, Broken> {
    let number = H10301.read(bits).map_err(|_| Broken::TooMuch("cards"))?;
    let valid = validity(dice)?;
    let right = |door: &DoorId| Right::on(*door, valid);
    let rights = doors
        .iter()
        .filter(|_| !dice.one_in(4))
        .map(right)
        .collect();
    Ok(CardEntry {
        rights,
        ..CardEntry::new(tag_key.tag(&number), holder, standing(dice), valid)
    })
}

/// Most are valid all day; some ended or begin within the hour before or after the beginning.
fn validity(dice: &mut Dice) -> Result<Validity, Broken> {
    let minute = |minutes: u64| BEGINNING.saturating_add(Duration::from_secs(60 * minutes));
    let long_ago = UtcMicros::from_micros(0);
    let (from, until) = match dice.below(8) {
        0 => (long_ago, Some(BEGINNING)),
        1 => (long_ago, Some(minute(dice.below(10) + 1))),
        2 => (minute(dice.below(10) + 1), None),
        _ => (long_ago, None),
    };
    Validity::new(from, until).map_err(|_| Broken::TooMuch("minutes"))
}

fn standing(dice: &mut Dice) -> Standing {
    match dice.below(12) {
        0 => Standing::Blocked,
        1 => Standing::Lost,
        2 => Standing::Returned,
        3 => Standing::Pending,
        _ => Standing::Active,
    }
}

fn card(facility: u32, number: u16) -> Result<CardBits, Broken> {
    H10301
        .write(facility, u64::from(number))
        .map_err(|_| Broken::TooMuch("cards"))
}

/// Facility code of the house's own cards.
const HOUSE: u32 = 57;
/// Facility code of strangers' cards.
const ELSEWHERE: u32 = 99;

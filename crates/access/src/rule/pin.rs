//! PIN: where the door wants one, the right one was typed, and not too many wrong ones before.

use crate::modes::DoorMode;
use crate::pin::PinEntry;
use crate::plan::{Level, Trust};
use crate::reason::Reason;
use crate::rule::{Case, Rule};

/// Was the PIN typed that the door wants?
pub(crate) const RULE: Rule = Rule {
    name: "pin",
    judge,
    saw,
    remedy,
};

fn judge(case: &Case<'_>) -> Result<(), Reason> {
    if !case.card_shown && !card_is_optional(case) {
        return Err(Reason::CardNeeded);
    }
    if !is_wanted(case) {
        return Ok(());
    }
    let locked = case
        .house
        .pin_locked_until(case.card.holder.issuance, case.now);
    match (case.pin, locked) {
        (_, Some(_)) => Err(Reason::PinLocked),
        (PinEntry::Right | PinEntry::Duress, None) => Ok(()),
        (PinEntry::None, None) => Err(Reason::PinNeeded),
        (PinEntry::Wrong, None) => Err(Reason::PinWrong),
    }
}

/// Where a PIN may stand instead of a card, and the door asks for no second factor.
fn card_is_optional(case: &Case<'_>) -> bool {
    let controlled = case
        .rules
        .is_some_and(|rules| rules.level == Level::Controlled);
    controlled && case.is_mode(DoorMode::CardOrPin)
}

/// A PIN that was typed is judged also where none was asked for: it may stand instead of a card.
fn is_wanted(case: &Case<'_>) -> bool {
    let by_level = match (case.rules.map(|rules| rules.level), case.at.trust) {
        (Some(Level::Exclusion), _) | (Some(Level::Limited), Trust::Low) => true,
        (Some(Level::Limited), Trust::High) | (Some(Level::Controlled), _) => false,
        (None, _) => true,
    };
    by_level || case.is_mode(DoorMode::CardAndPin) || case.pin != PinEntry::None
}

fn saw(case: &Case<'_>) -> String {
    let typed = match case.pin {
        PinEntry::None => "no PIN was typed",
        PinEntry::Right | PinEntry::Duress => "the PIN is right",
        PinEntry::Wrong => "the PIN is wrong",
    };
    if !case.card_shown && !card_is_optional(case) {
        return "a PIN was typed, and no card shown".to_owned();
    }
    if !is_wanted(case) {
        return "this door asks for no PIN".to_owned();
    }
    match case
        .house
        .pin_locked_until(case.card.holder.issuance, case.now)
    {
        Some(until) => format!("{typed}; after too many wrong ones none is taken until {until}"),
        None => typed.to_owned(),
    }
}

fn remedy(case: &Case<'_>) -> String {
    if !case.card_shown && !card_is_optional(case) {
        return "the card is shown".to_owned();
    }
    match case
        .house
        .pin_locked_until(case.card.holder.issuance, case.now)
    {
        Some(until) => format!("it is {until}, and the PIN is typed"),
        None => "the PIN is typed behind the card".to_owned(),
    }
}

//! Issuances: the marks of their newest words. A million of them are kept, so no words are.

use sha2::{Digest, Sha256};

use super::Telling;
use super::pairs::Pairs;
use super::table::ISSUANCE;
use crate::audit::AuditVerb;

/// What is known of one: of its words only marks.
#[derive(Clone, Copy, Debug)]
pub(super) struct OfIssuance {
    state: u64,
    /// Zero: not known.
    sealed: u64,
    /// Of everything that hangs on it; zero: its newest record is older than such marks.
    row: u64,
    pin: Pin,
    /// Whether its links to other cards are known.
    pub(super) is_link_known: bool,
    /// The newest record about it.
    pub(super) event: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pin {
    Unknown,
    None,
    Plain,
    WithDuress,
}

impl OfIssuance {
    /// What is known after these words, which come to this state; `is_told`: they tell which cards it is linked to.
    pub(super) fn after(
        known: Option<Self>,
        (words, state): (&Pairs<'_>, &str),
        (told, is_told): (&Telling<'_>, bool),
    ) -> Self {
        let row = words.leading(ROW, ISSUANCE);
        Self {
            state: hash(state),
            sealed: sealed(told.verb, words)
                .or_else(|| known.map(|known| known.sealed))
                .unwrap_or(UNKNOWN),
            row: row.map_or(UNKNOWN, hash),
            pin: pin(told.verb, words, known.map(|known| known.pin)),
            is_link_known: is_told && row.is_some()
                || known.is_some_and(|known| known.is_link_known),
            event: told.event,
        }
    }

    /// Whether both say the same; what is not known of either is not compared.
    pub(super) fn agrees(&self, found: &Self) -> bool {
        let is_known = |one, other| one != UNKNOWN && other != UNKNOWN;
        let seal = !is_known(self.sealed, found.sealed) || self.sealed == found.sealed;
        let row = !is_known(self.row, found.row) || self.row == found.row;
        let pin = self.pin == Pin::Unknown || found.pin == Pin::Unknown || self.pin == found.pin;
        self.state == found.state && seal && row && pin
    }
}

/// Of the words about an issuance those that are compared: nothing that anybody typed.
#[must_use]
pub fn compared_words(holder_text: &str) -> Option<String> {
    let words = Pairs::of(holder_text);
    let row = words.leading(ROW, ISSUANCE);
    let row = row.map_or_else(String::new, |row| format!(" row={row}"));
    Some(issuance_words(&words)? + &row)
}

/// What is compared of an issuance; `None` for words that say nothing of its state.
pub(super) fn issuance_words(words: &Pairs<'_>) -> Option<String> {
    words.get("kind")?;
    let is_returned = words.get("state") == Some(RETURNED);
    let said: Vec<String> = ISSUANCE
        .iter()
        // The rights of a returned card leave with the schedules they name; older records have no mark.
        .filter(|(key, _)| !(is_returned && *key == "rights") && *key != ROW)
        .map(|(key, default)| format!("{key}={}", words.leading(key, ISSUANCE).unwrap_or(default)))
        .collect();
    Some(said.join(" "))
}

/// The mark of the sealed holder, of those records that have one and nothing before it that anybody typed.
fn sealed(verb: AuditVerb, words: &Pairs<'_>) -> Option<u64> {
    let tells = matches!(
        verb,
        AuditVerb::CardIssued
            | AuditVerb::CardImported
            | AuditVerb::CardChanged
            | AuditVerb::RegisterRestated
    );
    words.get("sealed").filter(|_| tells).map(hash)
}

fn pin(verb: AuditVerb, words: &Pairs<'_>, known: Option<Pin>) -> Pin {
    let set = |duress: Option<&str>| {
        if duress == Some("1") {
            Pin::WithDuress
        } else {
            Pin::Plain
        }
    };
    let left = verb == AuditVerb::PersonLeft && words.get("pin") == Some("0");
    if words.get("state") == Some(RETURNED) || verb == AuditVerb::PinCleared || left {
        return Pin::None;
    }
    if verb == AuditVerb::PinSet {
        return set(words.get("duress"));
    }
    if verb == AuditVerb::RegisterRestated {
        let has_pin = words.get("pin") == Some("1");
        return if has_pin {
            set(words.get("duress"))
        } else {
            Pin::None
        };
    }
    let begins = matches!(verb, AuditVerb::CardIssued | AuditVerb::CardImported);
    known.unwrap_or(if begins { Pin::None } else { Pin::Unknown })
}

/// The first eight octets of SHA-256, of which none comes out as [`UNKNOWN`].
fn hash(words: &str) -> u64 {
    let hash: [u8; 32] = Sha256::digest(words.as_bytes()).into();
    let first = hash
        .first_chunk()
        .map_or(1, |octets| u64::from_le_bytes(*octets));
    first.max(1)
}

const RETURNED: &str = "returned";
const ROW: &str = "row";
/// A mark that is not known.
const UNKNOWN: u64 = 0;

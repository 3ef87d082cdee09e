//! Fold: what the register should say, from the records of the log. Words in, rows out; nothing is read here.

mod pairs;
mod table;

use std::collections::BTreeMap;
use std::fmt;

use access::{IssuanceId, UtcMicros};
use sha2::{Digest, Sha256};

use crate::audit::AuditVerb;
use pairs::Pairs;
use table::{ISSUANCE, KEYS_OF, updates};

/// One record as the log has it, or one row as a restatement would have it.
#[derive(Clone, Copy, Debug)]
pub struct Telling<'a> {
    /// What was done.
    pub verb: AuditVerb,
    /// About whom, if the holder's part can be read.
    pub issuance: Option<IssuanceId>,
    /// The holder's part.
    pub holder_text: &'a str,
    /// The operator's part.
    pub operator_text: &'a str,
    /// Its place in the log.
    pub event: u64,
}

/// Something the register says one thing about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// An issuance.
    Issuance(IssuanceId),
    /// An operator, by number.
    Operator(String),
    /// A tenant, by number.
    Tenant(String),
    /// A contact person, by number.
    Contact(String),
    /// A schedule, by number.
    Schedule(String),
    /// A special day, by date.
    SpecialDay(String),
    /// The hours of a door, by its number.
    DoorHours(String),
    /// An order to a door, by its number.
    DoorOrder(String),
    /// A lockdown of a door, by its number.
    Lockdown(String),
    /// What is left of an issuance whose holder was forgotten, by slot and generation of the key.
    Tombstone(String),
}

/// What is known of everything, by the newest word on it.
#[derive(Debug, Default)]
pub struct Fold {
    /// A million of them fit into 64 MiB: of each only the mark of its words.
    issuances: BTreeMap<u32, OfIssuance>,
    house: BTreeMap<Subject, OfHouse>,
}

/// Something on which log and register do not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// On what.
    pub subject: Subject,
    /// The newest record about it, if the log has one.
    pub event: Option<u64>,
    /// What the register should say, if it is no issuance: its words stand in that record.
    pub expected: Option<String>,
    /// What it says, if it says anything.
    pub found: Option<String>,
}

#[derive(Clone, Copy, Debug)]
struct OfIssuance {
    state: u64,
    /// Zero: not known.
    sealed: u64,
    pin: Pin,
    event: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pin {
    Unknown,
    None,
    Plain,
    WithDuress,
}

#[derive(Clone, Debug)]
struct OfHouse {
    /// `None`: it was taken away.
    words: Option<BTreeMap<String, String>>,
    event: u64,
}

/// Of the words about an issuance those that are compared: nothing that anybody typed.
#[must_use]
pub fn compared_words(holder_text: &str) -> Option<String> {
    issuance_words(&Pairs::of(holder_text))
}

impl Fold {
    /// Takes the next record.
    pub fn take(&mut self, told: &Telling<'_>) {
        if let Some(issuance) = told.issuance {
            self.take_issuance(issuance, told);
            return;
        }
        for update in updates(told.verb, &Pairs::of(told.operator_text)) {
            let entry = self.house.entry(update.subject).or_insert(OfHouse {
                words: None,
                event: told.event,
            });
            entry.event = told.event;
            if update.is_gone {
                entry.words = None;
            } else {
                let words = entry.words.get_or_insert_default();
                words.extend(update.words);
            }
        }
    }

    /// How many issuances it knows.
    #[must_use]
    pub fn issuances(&self) -> usize {
        self.issuances.len()
    }

    /// Those whom it still expects, in order.
    pub fn expected(&self) -> impl Iterator<Item = IssuanceId> {
        self.issuances.keys().copied().filter_map(IssuanceId::new)
    }

    /// Compares a row with what is expected, and lets go of what agrees.
    ///
    /// # Errors
    /// What does not agree.
    pub fn settle(&mut self, id: IssuanceId, row: &Telling<'_>) -> Result<(), Disagreement> {
        let mut alone = Self::default();
        alone.take_issuance(id, row);
        let found = alone.issuances.get(&id.get());
        let expected = self.issuances.get(&id.get());
        if let (Some(expected), Some(found)) = (expected, found)
            && expected.agrees(found)
        {
            self.issuances.remove(&id.get());
            return Ok(());
        }
        Err(Disagreement {
            subject: Subject::Issuance(id),
            event: expected.map(|expected| expected.event),
            expected: None,
            found: compared_words(row.holder_text),
        })
    }

    /// Lets go of an issuance that neither has any more.
    pub fn drop_issuance(&mut self, id: IssuanceId) {
        self.issuances.remove(&id.get());
    }

    /// What is missing of it, if there is no such row.
    #[must_use]
    pub fn missing(&self, id: IssuanceId) -> Option<Disagreement> {
        let expected = self.issuances.get(&id.get())?;
        Some(Disagreement {
            subject: Subject::Issuance(id),
            event: Some(expected.event),
            expected: None,
            found: None,
        })
    }

    /// Compares everything but issuances with what the register's own rows come to, at a time.
    #[must_use]
    pub fn house_against(&self, rows: &Self, now: UtcMicros) -> Vec<Disagreement> {
        let mut all: Vec<&Subject> = self.house.keys().chain(rows.house.keys()).collect();
        all.sort_unstable();
        all.dedup();
        let compared = all.into_iter().map(|subject| {
            let (expected, found) = (self.house.get(subject), rows.house.get(subject));
            let says = |of: Option<&OfHouse>| of.and_then(|of| of.canonical(subject, now));
            let (wanted, says) = (says(expected), says(found));
            // Tombstones stay when the record of them has left the log.
            let outlived = matches!(subject, Subject::Tombstone(_)) && expected.is_none();
            (wanted != says && !outlived).then(|| Disagreement {
                subject: subject.clone(),
                event: expected.map(|expected| expected.event),
                expected: wanted,
                found: says,
            })
        });
        compared.flatten().collect()
    }

    /// How many things besides issuances it knows.
    #[must_use]
    pub fn house_len(&self) -> usize {
        self.house.values().filter(|of| of.words.is_some()).count()
    }

    fn take_issuance(&mut self, id: IssuanceId, told: &Telling<'_>) {
        let words = Pairs::of(told.holder_text);
        let Some(state) = issuance_words(&words) else {
            return;
        };
        let known = self.issuances.get(&id.get()).copied();
        let of = OfIssuance {
            state: hash(&state),
            sealed: sealed(told.verb, &words)
                .or_else(|| known.map(|known| known.sealed))
                .unwrap_or(UNKNOWN),
            pin: pin(told.verb, &words, known.map(|known| known.pin)),
            event: told.event,
        };
        self.issuances.insert(id.get(), of);
    }
}

impl OfIssuance {
    fn agrees(&self, found: &Self) -> bool {
        let is_known = |one, other| one != UNKNOWN && other != UNKNOWN;
        let seal = !is_known(self.sealed, found.sealed) || self.sealed == found.sealed;
        let pin = self.pin == Pin::Unknown || found.pin == Pin::Unknown || self.pin == found.pin;
        self.state == found.state && seal && pin
    }
}

impl OfHouse {
    /// What is compared of it; `None` if it is not there, or no longer in force.
    fn canonical(&self, subject: &Subject, now: UtcMicros) -> Option<String> {
        let words = self.words.as_ref()?;
        let is_order = matches!(subject, Subject::DoorOrder(_));
        // Instants are written so that the earlier one comes first.
        let ends = words.get("until").filter(|until| is_order && *until != "-");
        if ends.is_some_and(|ends| *ends <= now.to_string()) {
            return None;
        }
        let (_, keys) = KEYS_OF.iter().find(|(of, _)| of(subject))?;
        let said: Vec<String> = keys
            .iter()
            .map(|(key, default)| {
                let value = words.get(*key).map_or(*default, String::as_str);
                format!("{key}={value}")
            })
            .collect();
        Some(said.join(" "))
    }
}

/// What is compared of an issuance; `None` for words that say nothing of its state.
fn issuance_words(words: &Pairs<'_>) -> Option<String> {
    words.get("kind")?;
    let is_returned = words.get("state") == Some(RETURNED);
    let said: Vec<String> = ISSUANCE
        .iter()
        // The rights of a returned card leave with the schedules they name.
        .filter(|(key, _)| !(is_returned && *key == "rights"))
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
    if words.get("state") == Some(RETURNED) || verb == AuditVerb::PinCleared {
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

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Issuance(id) => write!(f, "issuance {id}"),
            Self::Operator(id) => write!(f, "operator {id}"),
            Self::Tenant(id) => write!(f, "tenant {id}"),
            Self::Contact(id) => write!(f, "contact {id}"),
            Self::Schedule(id) => write!(f, "schedule {id}"),
            Self::SpecialDay(day) => write!(f, "special day {day}"),
            Self::DoorHours(door) => write!(f, "hours of door {door}"),
            Self::DoorOrder(door) => write!(f, "order to door {door}"),
            Self::Lockdown(door) => write!(f, "lockdown of door {door}"),
            Self::Tombstone(slot) => write!(f, "tombstone {slot}"),
        }
    }
}

const RETURNED: &str = "returned";
/// A mark that is not known.
const UNKNOWN: u64 = 0;

#[cfg(test)]
mod tests;

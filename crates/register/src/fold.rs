//! Fold: what the register should say, from the records of the log. Words in, rows out; nothing is read here.

mod counters;
mod house;
mod issuance;
mod linked;
mod pairs;
mod subject;
mod table;

use std::collections::BTreeMap;

use access::{IssuanceId, UtcMicros};

use crate::audit::AuditVerb;
use crate::links::LostLink;
use counters::Numbers;
use house::{Canonical, OfHouse};
pub use issuance::compared_words;
use issuance::{OfIssuance, issuance_words};
use linked::Linked;
use pairs::Pairs;
pub use subject::Subject;
use table::{Update, updates};

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
    /// When it was written.
    pub at: UtcMicros,
    /// Its place in the log.
    pub event: u64,
}

/// What is known of everything, by the newest word on it.
#[derive(Debug, Default)]
pub struct Fold {
    /// A million of them fit into 64 MiB: of each only the mark of its words.
    issuances: BTreeMap<u32, OfIssuance>,
    house: BTreeMap<Subject, OfHouse>,
    linked: Linked,
    lost: Vec<LostLink>,
    numbers: Numbers,
    /// Restatements that said something else than was known: a row was edited first, and then said anew.
    broken: Vec<Disagreement>,
    /// The log begins with the house: nothing is said anew that was not said before.
    is_whole: bool,
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

impl Fold {
    /// The log is there from its very first record on, which was the house's first.
    pub fn take_beginning(&mut self) {
        self.is_whole = true;
    }

    /// Takes the next record.
    pub fn take(&mut self, told: &Telling<'_>) {
        if let Some(issuance) = told.issuance {
            self.take_issuance(issuance, told);
        }
        // A schedule's name stands between other words.
        let words = if told.operator_text.starts_with("schedule=") {
            Pairs::of(told.operator_text)
        } else {
            Pairs::ending_in(told.operator_text, TYPED)
        };
        if told.verb == AuditVerb::ChargesExported {
            house::take_export(&mut self.house, &words, told.event);
        }
        for update in updates(told.verb, &words) {
            self.take_of_house(&update, told);
        }
    }

    /// Takes what a number of a door, reader, group or area is called: `door=3 name=main`. The first word on it stays.
    pub fn take_name(&mut self, text: &str, at: UtcMicros, event: u64) {
        let words = Pairs::ending_in(text, TYPED);
        if let Some(update) = table::named(&words) {
            self.numbers.see_of(&update.subject);
            let told = Telling {
                verb: AuditVerb::RegisterRestated,
                issuance: None,
                holder_text: "",
                operator_text: text,
                at,
                event,
            };
            self.take_said(&update, &told, false);
        }
    }

    /// Takes the number under which a record lay in the outbox; 0 for none.
    pub fn take_outbox(&mut self, number: u64, event: u64) {
        // A register that was restored goes on with numbers far ahead.
        if number != 0 && self.is_whole {
            self.numbers.see_outbox(number, event);
        } else {
            self.numbers.see("outbox", number);
        }
    }

    /// Takes the last number given of a sort, as the register has it.
    pub(crate) fn take_counter(&mut self, name: String, value: u64) {
        self.numbers.given.insert(name, value);
    }

    /// Takes a number that the register has.
    pub(crate) fn take_number(&mut self, sort: &'static str, number: u64) {
        self.numbers.see(sort, number);
    }

    /// Takes a row that says what no row can say.
    pub(crate) fn take_unreadable(&mut self, subject: Subject) {
        let words = BTreeMap::from([(house::UNREADABLE.to_owned(), "1".to_owned())]);
        let of = OfHouse {
            words: Some(words),
            event: 0,
        };
        self.house.insert(subject, of);
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
            && (!expected.is_link_known || self.linked.agrees(id, &alone.linked, &mut self.lost))
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

    /// Links of rows that agreed otherwise and have not any more what a record tells of; takes them.
    pub fn take_lost_links(&mut self) -> Vec<LostLink> {
        std::mem::take(&mut self.lost)
    }

    /// That a link of this issuance was cut.
    #[must_use]
    pub fn lost_link(id: IssuanceId) -> Disagreement {
        Disagreement {
            subject: Subject::Issuance(id),
            event: None,
            expected: Some("a link to another card of the same person".to_owned()),
            found: None,
        }
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
        let compared = all.into_iter().filter_map(|subject| {
            let (expected, found) = (self.house.get(subject), rows.house.get(subject));
            let says = |of: Option<&OfHouse>| of.and_then(|of| of.canonical(subject, now));
            let (wanted, says) = (says(expected), says(found));
            // Tombstones stay when the record of them has left the log.
            let outlived = matches!(subject, Subject::Tombstone(_)) && expected.is_none();
            let event = expected.map(|expected| expected.event);
            disagreement(subject, event, (wanted.as_ref(), says.as_ref())).filter(|_| !outlived)
        });
        let mut found: Vec<Disagreement> = compared.collect();
        found.extend(self.broken.iter().cloned());
        found.extend(self.numbers.against(&rows.numbers));
        found
    }

    /// How many things besides issuances it knows.
    #[must_use]
    pub fn house_len(&self) -> usize {
        self.house.values().filter(|of| of.words.is_some()).count()
    }

    fn take_of_house(&mut self, update: &Update, told: &Telling<'_>) {
        self.numbers.see_of(&update.subject);
        self.take_said(update, told, self.is_whole);
    }

    /// Takes an update; if it only says anew what should be known, that has to be the same.
    fn take_said(&mut self, update: &Update, told: &Telling<'_>, is_known: bool) {
        let (subject, event) = (update.subject.clone(), told.event);
        let known = self.house.get(&subject);
        let of = OfHouse {
            words: OfHouse::after(known, update),
            event,
        };
        let is_again = told.verb == AuditVerb::RegisterRestated && (known.is_some() || is_known);
        if is_again {
            let was = known.and_then(|known| known.canonical(&subject, told.at));
            let says = of.canonical(&subject, told.at);
            let broken = disagreement(&subject, Some(event), (was.as_ref(), says.as_ref()));
            let is_broken = broken.is_some();
            self.note_broken(broken);
            if is_broken && known_stays(&subject) {
                return;
            }
        }
        self.house.insert(subject, of);
    }

    fn note_broken(&mut self, broken: Option<Disagreement>) {
        if self.broken.len() < BROKEN_KEPT {
            self.broken.extend(broken);
        }
    }

    fn take_issuance(&mut self, id: IssuanceId, told: &Telling<'_>) {
        let words = Pairs::of(told.holder_text);
        let Some(state) = issuance_words(&words) else {
            return;
        };
        let known = self.issuances.get(&id.get()).copied();
        let mut alone = Linked::default();
        alone.take(id, told.verb, &words);
        let is_relinked = known.is_some_and(|known| known.is_link_known)
            && !self.linked.agrees(id, &alone, &mut Vec::new());
        let is_told = self.linked.take(id, told.verb, &words);
        let of = OfIssuance::after(known, (&words, &state), (told, is_told));
        let is_again = told.verb == AuditVerb::RegisterRestated;
        let is_other = known.map_or(self.is_whole, |known| !known.agrees(&of)) || is_relinked;
        let broken = (is_again && is_other).then_some(Disagreement {
            subject: Subject::Issuance(id),
            event: Some(told.event),
            expected: None,
            found: None,
        });
        self.note_broken(broken);
        self.issuances.insert(id.get(), of);
    }
}

/// What does not agree, if anything.
fn disagreement(
    subject: &Subject,
    event: Option<u64>,
    (wanted, says): (Option<&Canonical>, Option<&Canonical>),
) -> Option<Disagreement> {
    let agrees = match (wanted, says) {
        (None, None) => true,
        (Some(wanted), Some(says)) => wanted.agrees(says),
        (None, Some(_)) | (Some(_), None) => false,
    };
    (!agrees).then(|| Disagreement {
        subject: subject.clone(),
        event,
        expected: wanted.map(Canonical::words),
        found: says.map(Canonical::words),
    })
}

/// Names are given once and for ever.
fn known_stays(subject: &Subject) -> bool {
    matches!(subject, Subject::Named(_))
}

/// Behind these keys everything is what somebody typed.
const TYPED: &[&str] = &["name", "reason"];
/// Restatements that differ, so many of them are told.
const BROKEN_KEPT: usize = 64;

#[cfg(test)]
mod tests;

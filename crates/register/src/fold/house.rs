//! Everything that is no issuance: its newest words, and how two of them are compared.

use std::collections::BTreeMap;

use access::UtcMicros;

use super::pairs::Pairs;
use super::subject::Subject;
use super::table::{KEYS_OF, NOT_SAID, Update};

/// What is known of one thing.
#[derive(Clone, Debug)]
pub(super) struct OfHouse {
    /// `None`: it was taken away.
    pub(super) words: Option<BTreeMap<String, String>>,
    /// The newest record about it.
    pub(super) event: u64,
}

/// What is compared of one thing: each key with what is said under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Canonical(Vec<(&'static str, String)>);

impl OfHouse {
    /// The words after an update.
    pub(super) fn after(known: Option<&Self>, update: &Update) -> Option<BTreeMap<String, String>> {
        if update.is_gone {
            return None;
        }
        let mut words = known.and_then(|of| of.words.clone()).unwrap_or_default();
        words.extend(update.words.clone());
        Some(words)
    }

    /// What is compared of it; `None` if it is not there, or no longer in force.
    pub(super) fn canonical(&self, subject: &Subject, now: UtcMicros) -> Option<Canonical> {
        let words = self.words.as_ref()?;
        let is_order = matches!(subject, Subject::DoorOrder(_));
        // Instants are written so that the earlier one comes first.
        let now = now.to_string();
        let ends = words.get("until").filter(|until| is_order && *until != "-");
        if ends.is_some_and(|ends| *ends <= now) {
            return None;
        }
        if words.contains_key(UNREADABLE) {
            return Some(Canonical(vec![(UNREADABLE, "1".to_owned())]));
        }
        let (_, keys) = KEYS_OF.iter().find(|(of, _)| of(subject))?;
        let said = keys.iter().map(|(key, default)| {
            let value = words.get(*key).map_or(*default, String::as_str);
            let value = match *key {
                "delegated" => in_force(value, &now),
                _ => value.to_owned(),
            };
            (*key, value)
        });
        Some(Canonical(said.collect()))
    }
}

impl Canonical {
    /// Whether both say the same; what a record is too old to say is not compared.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        let is_known = |value: &str| value != NOT_SAID;
        self.0.len() == other.0.len()
            && self
                .0
                .iter()
                .zip(&other.0)
                .all(|((key, one), (of, other))| {
                    key == of && (one == other || !is_known(one) || !is_known(other))
                })
    }

    /// In words.
    pub(super) fn words(&self) -> String {
        let said: Vec<String> = self
            .0
            .iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        said.join(" ")
    }
}

/// Of delegations, as records list them, those that have not ended.
fn in_force(delegated: &str, now: &str) -> String {
    let until = |one: &str| one.split('/').nth(1).map(str::to_owned);
    let left: Vec<&str> = delegated
        .split(',')
        .filter(|one| until(one).is_some_and(|until| until.as_str() > now))
        .collect();
    if left.is_empty() {
        "-".to_owned()
    } else {
        left.join(",")
    }
}

/// Notes at the charges that these words name, and that were not handed over before, when they were.
pub(super) fn take_export(house: &mut BTreeMap<Subject, OfHouse>, words: &Pairs<'_>, event: u64) {
    let vouchers = words.get("vouchers").unwrap_or_default();
    let when = words.get("exported").unwrap_or(NOT_SAID);
    let note = |of: &mut OfHouse, when: &str| {
        let Some(words) = of.words.as_mut() else {
            return;
        };
        if words.get(EXPORTED).is_none_or(|known| known == "-") {
            words.insert(EXPORTED.to_owned(), when.to_owned());
            of.event = event;
        }
    };
    // A list that was too long for older records stands there as its mark.
    if vouchers.contains('*') {
        let charges = house.iter_mut();
        let charges = charges.filter(|(subject, _)| matches!(subject, Subject::Charge(_)));
        charges.for_each(|(_, of)| note(of, NOT_SAID));
        return;
    }
    for voucher in spans(vouchers) {
        if let Some(of) = house.get_mut(&Subject::Charge(voucher)) {
            note(of, when);
        }
    }
}

/// Vouchers of a list as records have it: `2026-0001..2026-0003,2026-0007`.
fn spans(list: &str) -> impl Iterator<Item = String> {
    let parts = |voucher: &str| {
        let (year, number) = voucher.split_once('-')?;
        Some((year.to_owned(), number.parse::<u32>().ok()?))
    };
    let span = move |span: &str| {
        let (first, last) = span.split_once("..").unwrap_or((span, span));
        let ((year, first), (_, last)) = (parts(first)?, parts(last)?);
        Some((year, first..=last))
    };
    list.split(',')
        .filter_map(span)
        .flat_map(|(year, numbers)| numbers.map(move |number| format!("{year}-{number:04}")))
}

/// Stands for a row that says what no row can say.
pub(super) const UNREADABLE: &str = "unreadable";
const EXPORTED: &str = "exported";

//! The table: which verb says what of which row. A verb that joins stands here in one place, and its words in `KEYS_OF`.

use std::collections::BTreeMap;

use super::Subject;
use super::pairs::Pairs;
use crate::audit::AuditVerb as V;

/// What one record says of one row.
pub(super) struct Update {
    pub(super) subject: Subject,
    /// The row was taken away.
    pub(super) is_gone: bool,
    /// What it says otherwise; words that it leaves out stay.
    pub(super) words: BTreeMap<String, String>,
}

/// Stands for what a record is too old to say.
pub(super) const NOT_SAID: &str = "?";

/// The words of an issuance that are compared, and what holds where a record is older than a word.
pub(super) const ISSUANCE: &[Key] = &[
    ("kind", ""),
    ("state", ""),
    ("blocked", "0"),
    ("lost", "0"),
    ("tenant", ""),
    ("contact", ""),
    ("from", ""),
    ("until", "-"),
    ("rights", ""),
    ("waits", "-"),
    ("row", "-"),
];

/// The same for everything else.
pub(super) const KEYS_OF: &[Words] = &[
    (
        |of| matches!(of, Subject::Operator(_)),
        &[
            ("uid", ""),
            ("roles", ""),
            ("tenant", "-"),
            ("trained", "-"),
            ("delegated", "-"),
            ("removed", "-"),
            ("row", NOT_SAID),
        ],
    ),
    (
        |of| matches!(of, Subject::Tenant(_)),
        &[
            ("name", ""),
            ("responsible", "-"),
            ("cards-by-hr", "0"),
            ("recertified", "-"),
        ],
    ),
    (
        |of| matches!(of, Subject::Contact(_)),
        &[
            ("tenant", ""),
            ("active", "1"),
            ("leaves", "-"),
            ("sealed", NOT_SAID),
        ],
    ),
    (
        |of| matches!(of, Subject::Schedule(_)),
        &[("name", ""), ("zone", ""), ("windows", "")],
    ),
    (|of| matches!(of, Subject::SpecialDay(_)), &[("kind", "")]),
    (|of| matches!(of, Subject::DoorHours(_)), &[("hours", "")]),
    (
        |of| matches!(of, Subject::DoorOrder(_)),
        &[("mode", ""), ("until", "-")],
    ),
    (|of| matches!(of, Subject::Lockdown(_)), &[]),
    (
        |of| matches!(of, Subject::Stock(_)),
        &[
            ("blocked", ""),
            ("lost", ""),
            ("blocked-by", NOT_SAID),
            ("sealed", NOT_SAID),
            ("card", "own"),
        ],
    ),
    (
        |of| matches!(of, Subject::Charge(_)),
        &[
            ("tenant", ""),
            ("charge", ""),
            ("ore", ""),
            ("made", ""),
            ("reverses", "-"),
            ("exported", "-"),
        ],
    ),
    (
        |of| matches!(of, Subject::Approval(_)),
        &[
            ("verb", ""),
            ("act", ""),
            ("until", ""),
            ("asked-by", NOT_SAID),
            ("asked", NOT_SAID),
            ("key", NOT_SAID),
            ("sealed", NOT_SAID),
        ],
    ),
    (
        |of| matches!(of, Subject::Review(_)),
        &[
            ("quarter", ""),
            ("cards", NOT_SAID),
            ("rights", NOT_SAID),
            ("former", ""),
            ("opened", NOT_SAID),
            ("opened-by", NOT_SAID),
            ("own", "-"),
            ("log", "-"),
            ("decisions", "-"),
            ("hash", "-"),
        ],
    ),
    (|of| matches!(of, Subject::Named(_)), &[("name", "")]),
    (|of| matches!(of, Subject::Tombstone(_)), &[]),
];

/// A word's key, and what holds without the word.
type Key = (&'static str, &'static str);
/// Whose words these are.
type Words = (fn(&Subject) -> bool, &'static [Key]);

const TENANT: fn(String) -> Subject = Subject::Tenant;

/// What a record of the house says, of none, one or many rows.
pub(super) fn updates(verb: V, words: &Pairs<'_>) -> Vec<Update> {
    match verb {
        V::OperatorAdded => one(words, "added", Subject::Operator),
        V::OperatorRolesSet
        | V::OperatorRemoved
        | V::TrainingRecorded
        | V::DelegationGiven
        | V::DelegationEnded => one(words, "operator", Subject::Operator),
        V::TenantAdded | V::TenantRecertified => one(words, "tenant", TENANT),
        V::TenantChanged => tenant_changed(words),
        V::ContactAdded => one(words, "contact", Subject::Contact),
        V::ContactLeft => left(words),
        V::ScheduleSet => one(words, "schedule", Subject::Schedule),
        V::ScheduleRemoved => gone(words, "schedule", Subject::Schedule),
        V::HolidaySet => one(words, "day", Subject::SpecialDay),
        V::HolidayRemoved => gone(words, "day", Subject::SpecialDay),
        V::DoorHoursSet => hours(words),
        V::DoorModeSet => one(words, "door", Subject::DoorOrder),
        V::DoorModeEnded => gone(words, "door", Subject::DoorOrder),
        V::DoorsLockedDown => each(words, false),
        V::DoorsReleased => each(words, true),
        V::PersonLeft => one(words, "operator", Subject::Operator),
        V::StockAdded | V::CardBlocked | V::CardUnblocked | V::CardLost | V::CardFound => {
            one(words, "stock", Subject::Stock)
        }
        V::StockRemoved => gone(words, "stock", Subject::Stock),
        V::ChargeMade | V::ChargeReversed => one(words, "voucher", Subject::Charge),
        V::ChangePending => one(words, "approval", Subject::Approval),
        V::ChangeApproved | V::ChangeRefused | V::ChangeExpired => {
            gone(words, "approval", Subject::Approval)
        }
        V::ReviewOpened | V::ReviewSigned => one(words, "review", Subject::Review),
        V::ShredDone => tombstone(words),
        V::RegisterRestated => restated(words),
        // What they say is said of an issuance in the holder's part; an export names many charges, which the fold looks up.
        V::CardIssued
        | V::CardArrived
        | V::CardNotified
        | V::CardActivated
        | V::CardReturned
        | V::CardImported
        | V::ShredHeld
        | V::HoldEnded
        | V::RightGranted
        | V::RightRevoked
        | V::PinSet
        | V::PinCleared
        | V::CardApproved
        | V::CardVouched
        | V::CardChanged
        | V::CardExpired
        | V::ChargesExported
        | V::LeaversImported
        | V::ReviewDecided
        | V::TenantWithoutContact => Vec::new(),
    }
}

/// Or what holds for one of its contact persons.
fn tenant_changed(words: &Pairs<'_>) -> Vec<Update> {
    if words.get("contact").is_some() {
        one(words, "contact", Subject::Contact)
    } else {
        one(words, "tenant", TENANT)
    }
}

/// What one number of a door, reader, group or area is called.
pub(super) fn named(words: &Pairs<'_>) -> Option<Update> {
    let (sort, number) = words.iter().next()?;
    Some(Update {
        subject: Subject::Named(format!("{sort} {number}")),
        is_gone: false,
        words: BTreeMap::from([("name".to_owned(), words.get("name")?.to_owned())]),
    })
}

/// A row as a restatement says it: which it is, its keys tell.
fn restated(words: &Pairs<'_>) -> Vec<Update> {
    let has = |key| words.get(key).is_some();
    if has("operator") {
        one(words, "operator", Subject::Operator)
    } else if has("voucher") {
        one(words, "voucher", Subject::Charge)
    } else if has("stock") {
        one(words, "stock", Subject::Stock)
    } else if has("review") {
        one(words, "review", Subject::Review)
    } else if has("tenant") && has("contact") {
        one(words, "contact", Subject::Contact)
    } else if has("tenant") && has("name") {
        one(words, "tenant", Subject::Tenant)
    } else if has("schedule") {
        one(words, "schedule", Subject::Schedule)
    } else if has("day") {
        one(words, "day", Subject::SpecialDay)
    } else if has("door") && has("hours") {
        hours(words)
    } else if has("door") && has("mode") {
        one(words, "door", Subject::DoorOrder)
    } else if has("doors") && has("locked-down") {
        each(words, false)
    } else {
        Vec::new()
    }
}

fn one(words: &Pairs<'_>, key: &str, subject: fn(String) -> Subject) -> Vec<Update> {
    let Some(id) = words.get(key) else {
        return Vec::new();
    };
    let said = words.iter().map(|(key, value)| {
        let value = if key == "roles" {
            sorted(value)
        } else {
            value.to_owned()
        };
        (key.to_owned(), value)
    });
    vec![Update {
        subject: subject(id.to_owned()),
        is_gone: false,
        words: said.collect(),
    }]
}

fn gone(words: &Pairs<'_>, key: &str, subject: fn(String) -> Subject) -> Vec<Update> {
    let mut updates = one(words, key, subject);
    updates.iter_mut().for_each(|update| update.is_gone = true);
    updates
}

fn left(words: &Pairs<'_>) -> Vec<Update> {
    let mut updates = one(words, "contact", Subject::Contact);
    for update in &mut updates {
        update.words.insert("active".to_owned(), "0".to_owned());
        update.words.insert("leaves".to_owned(), "-".to_owned());
    }
    updates
}

/// A door without hours has none of the rows.
fn hours(words: &Pairs<'_>) -> Vec<Update> {
    if words.get("hours") == Some("") {
        gone(words, "door", Subject::DoorHours)
    } else {
        one(words, "door", Subject::DoorHours)
    }
}

fn each(words: &Pairs<'_>, is_gone: bool) -> Vec<Update> {
    let doors = words.get("doors").unwrap_or_default();
    let doors = doors.split(',').filter(|door| !door.is_empty());
    doors
        .map(|door| Update {
            subject: Subject::Lockdown(door.to_owned()),
            is_gone,
            words: BTreeMap::new(),
        })
        .collect()
}

fn tombstone(words: &Pairs<'_>) -> Vec<Update> {
    let (Some(slot), Some(generation)) = (words.get("slot"), words.get("slot-generation")) else {
        return Vec::new();
    };
    vec![Update {
        subject: Subject::Tombstone(format!("{slot}.{generation}")),
        is_gone: false,
        words: BTreeMap::new(),
    }]
}

fn sorted(list: &str) -> String {
    let mut parts: Vec<&str> = list.split(',').collect();
    parts.sort_unstable();
    parts.join(",")
}

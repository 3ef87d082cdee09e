//! Bad fields: every field of every request, spoilt in every way, asked by somebody who may ask it. What comes back is one clear
//! line under the right code, in the same words for a rehearsal; what was typed is not said again where it may be a person's;
//! register, doors and log stay as they were.

use std::thread::scope;

use control::{Code, Refusal, Reply};
use serde_json::Value;

use super::aim::aimed;
use super::caller::{Caller, refused};
use super::cards::Office;
use super::golden::{golden, named};
use super::sight::Sight;
use super::spoil::{Spoilt, every_way};
use super::{MockUp, ROOT};

/// Somebody who asks what is wrong, over and over.
pub(crate) struct Clumsy<'a> {
    house: &'a MockUp,
    uid: u32,
    caller: Caller,
    pub(crate) asked: usize,
    /// What was answered as it should not be.
    pub(crate) faults: Vec<String>,
}

impl<'a> Clumsy<'a> {
    /// This user, in this house.
    pub(crate) fn of(house: &'a MockUp, uid: u32) -> Self {
        Self {
            house,
            uid,
            caller: house.call(uid),
            asked: 0,
            faults: Vec::new(),
        }
    }

    /// The first answer to a request as it stands; every few on a connection of their own.
    pub(crate) fn ask(&mut self, request: &[u8], dry_run: bool) -> Reply {
        self.asked += 1;
        if self.asked.is_multiple_of(ASKED_MAX) {
            self.caller = self.house.call(self.uid);
        }
        // Of the same length, since an answer may say at which octet.
        let before: &[u8] = if dry_run {
            br#"{"id":7,"dry_run":true ,"request":"#
        } else {
            br#"{"id":7,"dry_run":false,"request":"#
        };
        self.caller.say(&[before, request, b"}"].concat());
        let reply = self.caller.hear().expect("an answer");
        if !matches!(reply, Reply::Refused(_)) {
            // More may follow, or something may be waited for.
            self.caller = self.house.call(self.uid);
        }
        reply
    }

    /// Asks one, for real too if it is refused when it is rehearsed; gives back why it is refused, if it is.
    pub(crate) fn try_one(
        &mut self,
        name: &str,
        changes: bool,
        spoilt: &Spoilt,
    ) -> Option<Refusal> {
        let told = format!("{name} {}", spoilt.told);
        let Some(refusal) = refused(self.ask(&spoilt.octets, changes)) else {
            // Nothing says as much as an array; and naming no door is the whole house.
            let is_known = ["/due/overdue []", "/doors {}"].contains(&spoilt.told.as_str());
            if spoilt.must_be_refused && !is_known {
                self.faults.push(format!("{told}: taken"));
            }
            return None;
        };
        let unclear = unclear(&refusal, &spoilt.told);
        self.faults
            .extend(unclear.map(|what| format!("{told}: {what}")));
        if !changes {
            return Some(refusal);
        }
        let again = refused(self.ask(&spoilt.octets, false));
        if !again
            .as_ref()
            .is_some_and(|again| is_alike(again, &refusal))
        {
            let fault = format!("{told}: rehearsed {refusal}, asked {again:?}");
            self.faults.push(fault);
        }
        Some(refusal)
    }
}

/// Whether two refusals say the same, but for the instants in them.
pub(crate) fn is_alike(one: &Refusal, other: &Refusal) -> bool {
    let words = |refusal: &Refusal| {
        let letters = refusal.message.chars();
        letters
            .filter(|letter| !letter.is_ascii_digit())
            .collect::<String>()
    };
    one.code == other.code && words(one) == words(other)
}

/// What is wrong with a refusal, if anything.
fn unclear(refusal: &Refusal, told: &str) -> Option<String> {
    let says = refusal.message.as_str();
    // What is said of a log that is not there is a verification that failed.
    let is_their_fault = matches!(
        refusal.code,
        Code::Usage | Code::Refused | Code::NotFound | Code::Unverified
    );
    if !is_their_fault {
        return Some(format!("code {}: {says}", u8::from(refusal.code)));
    }
    if says.trim().is_empty() || says.lines().count() != 1 || says.chars().any(access::is_unseen) {
        return Some(format!("not one line: {says:?}"));
    }
    let field = told.split(' ').next().unwrap_or_default();
    let is_private = PRIVATE.iter().any(|private| field.ends_with(private));
    (is_private && says.contains("Zq7")).then(|| format!("says it again: {says}"))
}

/// Every way for some of the requests; how many were asked, and what was answered wrong.
fn tried(requests: &[Value]) -> (usize, Vec<String>) {
    let house = MockUp::new();
    let mut office = Office::open(&house);
    let mut clumsy = Clumsy::of(&house, ROOT);
    for request in requests {
        let name = named(request);
        let right = aimed(&mut office, request);
        let parsed: control::Request = serde_json::from_str(&right.to_string()).unwrap();
        let changes = parsed.changes();
        let before = Sight::of(&house);
        if let Reply::Refused(why) = clumsy.ask(right.to_string().as_bytes(), changes)
            && !OTHERWISE_REFUSED.contains(&name.as_str())
        {
            let fault = format!("{name} is refused as it is: {why}");
            clumsy.faults.push(fault);
        }
        for spoilt in every_way(&right) {
            drop(clumsy.try_one(&name, changes, &spoilt));
        }
        before.must_hold(&house, &mut house.call(ROOT), &name);
    }
    (clumsy.asked, clumsy.faults)
}

#[test]
fn a_spoilt_field_of_any_request_is_refused_in_one_line_and_changes_nothing() {
    let mut all = golden();
    all.extend(
        FURTHER
            .iter()
            .map(|text| serde_json::from_str(text).unwrap()),
    );
    let (one, other) = all.split_at(all.len() / 2);
    let (asked, faults) = scope(|scope| {
        let halves = [one, other].map(|half| scope.spawn(|| tried(half)));
        let [one, other] = halves.map(|half| half.join().unwrap());
        (one.0 + other.0, [one.1, other.1].concat())
    });
    let first: Vec<&String> = faults.iter().take(SHOWN).collect();
    assert!(faults.is_empty(), "{} of {asked}: {first:#?}", faults.len());
    assert!(asked > 10_000, "only {asked}");
}

/// Requests of which the golden ones have two things in one that exclude each other.
const FURTHER: &[&str] =
    &[r#"{"verb":"card-life","act":"change","issuance":"P-3F7K2Q","name":"Kari","mobile":"1"}"#];

/// What may be a person's, or a secret.
const PRIVATE: &[&str] = &[
    "/name",
    "/firm",
    "/mobile",
    "/contact",
    "/identified_by",
    "/superior",
    "/said",
    "/responsible",
    "/followed_by",
    "/person",
    "/passphrase",
    "/pin",
    "/duress",
    "/key",
    "/hex",
    "/facility",
    "/number",
    "/octets",
];

/// What this house refuses as it is, so that less is seen of what is wrong in it.
const OTHERWISE_REFUSED: &[&str] = &[
    "card-last-read",
    "card-import-rows",
    "card-import-end",
    "review/sign",
    "reader-rotate-key",
    "reader-pair",
    "reader-accept-swap",
    "reader-firmware-part",
    "reader-firmware-end",
    "reader-firmware-cancel",
    "tenant/leavers-rows",
    "tenant/leavers-end",
    "operator/end-delegation",
    "log-show",
    "witness-push",
    "house/area-forgive-card",
    "house/confirm-clock",
    "house/why-event",
];

/// Requests on one connection; so many that make no sense would end it.
const ASKED_MAX: usize = 10;

/// Faults that are shown.
const SHOWN: usize = 60;

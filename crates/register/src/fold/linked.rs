//! Linked: which cards a record says are linked to another one, in words that only the other one's key gives a meaning.

use std::collections::BTreeMap;

use access::IssuanceId;

use super::pairs::Pairs;
use crate::audit::AuditVerb;
use crate::links::LostLink;
use crate::state::State;

/// The links that records tell of, by issuance; most have none.
#[derive(Clone, Debug, Default)]
pub(super) struct Linked(BTreeMap<u32, Words>);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Words {
    twin: Option<String>,
    replaces: Option<String>,
}

impl Linked {
    /// Takes what a record says; says whether the links are known by it.
    pub(super) fn take(&mut self, id: IssuanceId, verb: AuditVerb, words: &Pairs<'_>) -> bool {
        let begins = matches!(
            verb,
            AuditVerb::CardIssued | AuditVerb::CardImported | AuditVerb::RegisterRestated
        );
        let tells = begins || verb == AuditVerb::CardChanged;
        let said = |key| words.get(key).filter(|_| tells).map(str::to_owned);
        let (twin, replaces) = (said("twin"), said("replaces"));
        let mut known = self.0.remove(&id.get()).unwrap_or_default();
        if words.get("state") == Some(State::Returned.name()) {
            return begins;
        }
        if begins {
            known = Words::default();
        }
        if verb == AuditVerb::CardActivated {
            // What it replaces has ended.
            known.replaces = None;
        }
        known.twin = twin.or(known.twin);
        known.replaces = replaces.or(known.replaces);
        if known != Words::default() {
            self.0.insert(id.get(), known);
        }
        begins
    }

    /// Whether a row has the links it should have; those that it has not any more are to be looked into.
    pub(super) fn agrees(&self, id: IssuanceId, found: &Self, lost: &mut Vec<LostLink>) -> bool {
        let none = Words::default();
        let expected = self.0.get(&id.get()).unwrap_or(&none);
        let found = found.0.get(&id.get()).unwrap_or(&none);
        let mut one = |expected: &Option<String>, found: &Option<String>, stands_in| {
            if let (Some(word), None) = (expected, found) {
                lost.push(LostLink {
                    issuance: id,
                    word: word.clone(),
                    stands_in,
                });
                return true;
            }
            expected == found
        };
        let twin = one(&expected.twin, &found.twin, true);
        one(&expected.replaces, &found.replaces, false) && twin
    }
}

//! Explain: the same rules as `decide`, each with what it saw and what it said.

use crate::allowlist::Allowlist;
use crate::decide::{RULES, Request, case};
use crate::house::HouseState;
use crate::id::Generation;
use crate::issuance::Holder;
use crate::naming::{ByNumber, Naming};
use crate::reason::Reason;
use crate::rule::Case;
use crate::time::UtcMicros;

/// Why a card is let in or not.
///
/// Ends in a reason, not in a `Grant`: an explanation opens no door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Every rule in the order in which it is asked; all of them speak, also behind the first that refuses.
    pub steps: Vec<Step>,
    /// What is decided: [`Reason::Ok`] or the first refusal.
    pub reason: Reason,
    /// Whose card it is, if it is known.
    pub holder: Option<Holder>,
    /// The generation of the allowlist used.
    pub generation: Generation,
    /// The moment it is explained for.
    pub at: UtcMicros,
}

/// One rule's part in a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The rule's name.
    pub rule: &'static str,
    /// What it looked at, as text without personal data.
    pub saw: String,
    /// What it said: [`Reason::Ok`] or why not.
    pub verdict: Reason,
    /// What would have to change for it to let the card pass; nothing where it does.
    pub remedy: Option<String>,
}

/// Explains what [`crate::decide`] decides for the same request; doors and areas go by their numbers.
#[must_use]
pub fn explain(
    allowlist: &Allowlist,
    state: &HouseState,
    request: &Request,
    now: UtcMicros,
) -> Trace {
    explain_named(allowlist, state, request, now, &ByNumber)
}

/// The same, with the names that people know.
#[must_use]
pub fn explain_named(
    allowlist: &Allowlist,
    state: &HouseState,
    request: &Request,
    now: UtcMicros,
    naming: &dyn Naming,
) -> Trace {
    let card = allowlist.find(&request.tag);
    let mut steps = vec![match card {
        Some(card) => Step {
            rule: "known",
            saw: format!("the card of {}", card.holder.issuance),
            verdict: Reason::Ok,
            remedy: None,
        },
        None => unheld(allowlist.unheld(&request.tag)),
    }];
    if let Some(card) = card {
        let case = Case {
            naming,
            ..case(allowlist, card, state, request, now)
        };
        steps.extend(RULES.iter().map(|rule| {
            let verdict = (rule.judge)(&case).err();
            Step {
                rule: rule.name,
                saw: (rule.saw)(&case),
                verdict: verdict.unwrap_or(Reason::Ok),
                remedy: verdict.map(|_| (rule.remedy)(&case)),
            }
        }));
    }
    let refused = steps
        .iter()
        .map(|step| step.verdict)
        .find(|verdict| *verdict != Reason::Ok);
    let holder = card.map(|card| card.holder);
    Trace {
        steps,
        reason: refused.unwrap_or(Reason::Ok),
        holder,
        generation: allowlist.generation(),
        at: now,
    }
}

/// What is said of a card that nobody holds.
fn unheld(verdict: Reason) -> Step {
    let saw = if verdict == Reason::Lost {
        "a card of the house that was lost"
    } else if verdict == Reason::Returned {
        "a card of the house that nobody holds"
    } else {
        "no card with this number"
    };
    Step {
        rule: "known",
        saw: saw.to_owned(),
        verdict,
        remedy: Some("a card with this number is issued".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::fixture::{self, DOOR, Scene};
    use crate::{
        AllowlistBuilder, CardEntry, CardTag, DoorId, GroupId, IssuanceId, KeySlot, Place,
        ReaderId, Right, SpareCards, Standing, Validity,
    };

    #[test]
    fn of_a_card_that_nobody_holds_it_is_said_whose_it_was() {
        let [strange, lost, returned] = [1, 2, 3].map(|octet| CardTag::new([octet; 16]));
        let spares = SpareCards::new([(lost, true), (returned, false)]);
        let list = Scene::new().list().with_spares(Arc::new(spares));
        let told = [strange, lost, returned].map(|tag| {
            let request = Request::card(tag, DoorId::new(1), ReaderId::new(7));
            let trace = explain(
                &list,
                &HouseState::new(),
                &request,
                UtcMicros::from_micros(0),
            );
            let said = trace.steps.iter().map(|step| step.saw.clone());
            (
                said.collect::<Vec<_>>().join(", "),
                trace.reason,
                trace.holder,
            )
        });
        let nobody = |saw: &str, reason| (saw.to_owned(), reason, None);
        assert_eq!(
            told,
            [
                nobody("no card with this number", Reason::UnknownCard),
                nobody("a card of the house that was lost", Reason::Lost),
                nobody("a card of the house that nobody holds", Reason::Returned),
            ]
        );
    }

    #[test]
    fn places_are_called_as_whoever_asks_calls_them() {
        struct Called;
        impl Naming for Called {
            fn group(&self, _: GroupId) -> String {
                "the cellars".to_owned()
            }
        }
        let mut scene = Scene::new();
        scene.entry.rights = vec![Right {
            place: Place::Group(GroupId::new(9)),
            ..scene.entry.rights[0]
        }];
        scene.plan(|plan| plan.set_member(GroupId::new(9), DOOR));
        let (list, at) = (scene.list(), fixture::at(0));
        let of = |naming: &dyn Naming| {
            let trace = explain_named(&list, &scene.house, &scene.request, at, naming);
            let right = trace.steps.into_iter().find(|step| step.rule == "right");
            right.unwrap().saw
        };
        assert!(of(&Called).contains("the cellars"), "{}", of(&Called));
        assert!(of(&ByNumber).contains("door group 9"), "{}", of(&ByNumber));
    }

    #[test]
    fn every_rule_says_what_it_saw() {
        let at = UtcMicros::from_micros;
        let valid = Validity::new(at(0), Some(at(1_000_000))).unwrap();
        let holder = Holder {
            issuance: IssuanceId::from_random(1),
            slot: KeySlot::new(0),
        };
        let right = Right::on(DoorId::new(4), valid);
        let mut builder = AllowlistBuilder::default();
        let tag = CardTag::new([1; 16]);
        builder
            .add(CardEntry {
                rights: vec![right],
                ..CardEntry::new(tag, holder, Standing::Active, valid)
            })
            .unwrap();
        let list = builder.finish(Generation::new(3)).unwrap();
        let request = Request::card(tag, DoorId::new(4), ReaderId::new(0));

        let trace = explain(&list, &HouseState::new(), &request, at(1_000_000));
        let told: Vec<String> = trace
            .steps
            .iter()
            .map(|step| format!("{}: {}: {}", step.rule, step.saw, step.verdict.as_str()))
            .collect();
        let span = "from 1970-01-01T00:00:00.000000Z until 1970-01-01T00:00:01.000000Z; it is 1970-01-01T00:00:01.000000Z";
        assert_eq!(
            told,
            [
                "known: the card of P-000001: ok".to_owned(),
                "standing: the card is active: ok".to_owned(),
                format!("validity: the card holds {span}: expired"),
                format!("right: the right on this door holds {span}: expired"),
                "lockdown: no lockdown: ok".to_owned(),
                "door-mode: this is no door of the house: door-locked".to_owned(),
                "reader-trust: the reader's wires can be imitated; the door's level is none: door-locked".to_owned(),
                "reader-passback: this door has no such rule: ok".to_owned(),
                "passback: where the card is, is not known: ok".to_owned(),
                "interlock: this door is in no lock: ok".to_owned(),
                "pin: no PIN was typed: pin-needed".to_owned(),
                "escort: visitors need no escort here: ok".to_owned(),
                "persons: one person is enough here: ok".to_owned(),
            ]
        );
        assert_eq!(
            (trace.reason, trace.holder, trace.generation),
            (Reason::Expired, Some(holder), Generation::new(3))
        );
    }
}

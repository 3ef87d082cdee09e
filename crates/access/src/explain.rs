//! Explain: the same rules as `decide`, each with what it saw and what it said.

use crate::allowlist::Allowlist;
use crate::decide::{RULES, Request};
use crate::house::HouseState;
use crate::id::Generation;
use crate::issuance::Holder;
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
}

/// Explains what [`crate::decide`] decides for the same request.
#[must_use]
pub fn explain(
    allowlist: &Allowlist,
    state: &HouseState,
    request: &Request,
    now: UtcMicros,
) -> Trace {
    let card = allowlist.find(&request.tag);
    let mut steps = vec![match card {
        Some(card) => Step {
            rule: "known",
            saw: format!("the card of {}", card.holder.issuance),
            verdict: Reason::Ok,
        },
        None => Step {
            rule: "known",
            saw: "no card with this number".to_owned(),
            verdict: Reason::UnknownCard,
        },
    }];
    if let Some(card) = card {
        let case = Case {
            card,
            door: request.door,
            mode: state.mode(request.door),
            now,
        };
        steps.extend(RULES.iter().map(|rule| Step {
            rule: rule.name,
            saw: (rule.saw)(&case),
            verdict: (rule.judge)(&case).err().unwrap_or(Reason::Ok),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        AllowlistBuilder, CardEntry, CardTag, DoorId, IssuanceId, KeySlot, ReaderId, Right,
        Standing, Validity,
    };

    #[test]
    fn every_rule_says_what_it_saw() {
        let at = UtcMicros::from_micros;
        let valid = Validity::new(at(0), Some(at(1_000_000))).unwrap();
        let holder = Holder {
            issuance: IssuanceId::from_random(1),
            slot: KeySlot::new(0),
        };
        let right = Right {
            door: DoorId::new(4),
            valid,
        };
        let mut builder = AllowlistBuilder::default();
        let tag = CardTag::new([1; 16]);
        builder
            .add(CardEntry {
                tag,
                holder,
                standing: Standing::Active,
                valid,
                rights: vec![right],
            })
            .unwrap();
        let list = builder.finish(Generation::new(3)).unwrap();
        let request = Request {
            tag,
            door: DoorId::new(4),
            reader: ReaderId::new(0),
        };

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
                "door-mode: this is no door of the house: door-locked".to_owned(),
            ]
        );
        assert_eq!(
            (trace.reason, trace.holder, trace.generation),
            (Reason::Expired, Some(holder), Generation::new(3))
        );
    }
}

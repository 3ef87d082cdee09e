//! Random: any request about anything that is there, the same in each run.

use access::IssuanceId;
use serde_json::{Value, json};

use super::aim::{is_instant, set_everywhere};
use super::cards::Office;

/// Pseudo-random numbers (an LCG's upper bits).
pub(crate) struct Dice(u64);

impl Dice {
    /// Other numbers for each seed.
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    /// One of these.
    pub(crate) fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }
}

/// A golden request, or one of those that staff ask for all day, about any card, at any time, of any place.
pub(crate) fn random(
    dice: &mut Dice,
    office: &Office<'_>,
    cards: &[IssuanceId],
    golden: Value,
) -> Value {
    let mut request = if dice.below(3) == 0 {
        golden
    } else {
        serde_json::from_str(dice.pick(DAILY)).unwrap()
    };
    set_everywhere(&mut request, &mut |key, value| {
        let text = value.as_str();
        let other = match (key, text) {
            (_, Some("P-3F7K2Q" | "P-7M2XK4")) => json!(dice.pick(cards)),
            (_, Some(text)) if is_instant(text) => {
                json!(office.after(u64::try_from(dice.below(9_000)).unwrap()))
            }
            ("stock", Some(stock)) if stock.starts_with("S-") => {
                json!(dice.pick(&["S-001", "S-002", "S-003", "S-004"]))
            }
            ("place", _) => json!(dice.pick(&["main", "yard", "floor-2"])),
            ("contact", _) => json!(dice.pick(&["Ola", "Eva"])),
            ("facility", _) => json!(7),
            ("number", _) if value.is_number() => {
                json!(1_000 + dice.below(90))
            }
            _ => return None,
        };
        Some(other)
    });
    if request["verb"] == "card-life" && request["act"] == "change" {
        thin_out(dice, &mut request);
    }
    request
}

/// Leaves of a change only some of what it is to change.
fn thin_out(dice: &mut Dice, request: &mut Value) {
    let fields = request.as_object_mut().unwrap();
    fields
        .retain(|key, _| ["verb", "act", "issuance"].contains(&key.as_str()) || dice.below(3) == 0);
}

/// What reception staff ask, as it stands on the wire.
const DAILY: &[&str] = &[
    r#"{"verb":"card-block","issuance":"P-3F7K2Q","reason":"r"}"#,
    r#"{"verb":"card-unblock","issuance":"P-3F7K2Q","reason":"r"}"#,
    r#"{"verb":"card-unblock","issuance":"P-3F7K2Q","reason":"r"}"#,
    r#"{"verb":"card-lost","issuance":"P-3F7K2Q"}"#,
    r#"{"verb":"card-found","issuance":"P-3F7K2Q"}"#,
    r#"{"verb":"card-found","issuance":"P-3F7K2Q"}"#,
    r#"{"verb":"card-life","act":"change","issuance":"P-3F7K2Q","valid_from":"2026-11-23T00:00:00.000000Z","valid_until":"2026-12-24T14:00:00.000000Z","without_end":true,"firm":"F","mobile":"1","contact":"Ola","replaces":"P-3F7K2Q","card":{"credential":{"number":{"format":"H10301","facility":7,"number":2}}}}"#,
    r#"{"verb":"card-life","act":"change","issuance":"P-3F7K2Q","valid_until":"2026-12-24T14:00:00.000000Z"}"#,
    r#"{"verb":"card-life","act":"undo","issuance":"P-3F7K2Q"}"#,
    r#"{"verb":"card-life","act":"vouch","issuance":"P-3F7K2Q","superior":"Siv"}"#,
    r#"{"verb":"card-pin","act":"clear","issuance":"P-3F7K2Q"}"#,
    r#"{"verb":"card-pin","act":"set","issuance":"P-3F7K2Q","pin":"159268"}"#,
    r#"{"verb":"right","act":"revoke","issuance":"P-3F7K2Q","place":"main","reason":"r"}"#,
    r#"{"verb":"right","act":"grant","issuance":"P-3F7K2Q","rights":[{"place":"main"}],"reason":"r"}"#,
    r#"{"verb":"stock","act":"block","stock":"S-001"}"#,
    r#"{"verb":"stock","act":"unblock","stock":"S-001"}"#,
    r#"{"verb":"stock","act":"found","stock":"S-001"}"#,
    r#"{"verb":"card-notify","issuance":"P-3F7K2Q"}"#,
    r#"{"verb":"card-activate","issuance":"P-3F7K2Q","card":{"credential":{"number":{"format":"H10301","facility":7,"number":2}}},"return_duty_told":true}"#,
    r#"{"verb":"house","act":"area-forgive-card","issuance":"P-3F7K2Q"}"#,
];

//! Rules: each asks one question of a known card, and says why not.

pub(crate) mod mode;
pub(crate) mod right;
pub(crate) mod standing;
pub(crate) mod validity;

use crate::allowlist::Card;
use crate::house::DoorMode;
use crate::id::DoorId;
use crate::reason::Reason;
use crate::time::UtcMicros;

/// One rule. A card passes only if every rule lets it pass.
pub(crate) struct Rule {
    /// The name in an explanation.
    pub(crate) name: &'static str,
    /// What the rule says.
    pub(crate) judge: fn(&Case<'_>) -> Result<(), Reason>,
    /// What the rule looks at, as text without personal data.
    pub(crate) saw: fn(&Case<'_>) -> String,
}

/// What a rule may look at.
pub(crate) struct Case<'a> {
    /// The card that was shown.
    pub(crate) card: Card<'a>,
    /// The door it was shown at.
    pub(crate) door: DoorId,
    /// How the door lets people in; `None` for a door that is not of this house.
    pub(crate) mode: Option<DoorMode>,
    /// The moment it is decided for.
    pub(crate) now: UtcMicros,
}

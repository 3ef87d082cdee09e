//! Rules: each asks one question of a known card, and says why not.

pub(crate) mod again;
pub(crate) mod escort;
pub(crate) mod interlock;
pub(crate) mod lockdown;
pub(crate) mod mode;
pub(crate) mod passback;
pub(crate) mod persons;
pub(crate) mod pin;
pub(crate) mod right;
pub(crate) mod standing;
pub(crate) mod trust;
pub(crate) mod validity;

use crate::allowlist::{Allowlist, Card};
use crate::house::{HouseState, Whereabouts};
use crate::id::{DoorId, ReaderId};
use crate::modes::{DoorMode, ModeCause};
use crate::naming::Naming;
use crate::pin::PinEntry;
use crate::plan::{DoorRules, ReaderRules};
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
    /// What would have to change for it to let the card pass, where it does not.
    pub(crate) remedy: fn(&Case<'_>) -> String,
}

/// What a rule may look at.
pub(crate) struct Case<'a> {
    /// The card that was shown.
    pub(crate) card: Card<'a>,
    /// The cards and schedules of the generation.
    pub(crate) allowlist: &'a Allowlist,
    /// What is true in the house.
    pub(crate) house: &'a HouseState,
    /// The door it was shown at.
    pub(crate) door: DoorId,
    /// What the door asks for; `None` for a door that is not of this house.
    pub(crate) rules: Option<&'a DoorRules>,
    /// How the door lets people in, and why so; `None` for a door that is not of this house.
    pub(crate) mode: Option<(DoorMode, ModeCause)>,
    /// The reader it was shown at.
    pub(crate) reader: ReaderId,
    /// What the reader stands for.
    pub(crate) at: ReaderRules,
    /// Where the card is, as far as is known, if the door or the reader asks.
    pub(crate) whereabouts: Option<&'a Whereabouts>,
    /// Whether the card itself was shown.
    pub(crate) card_shown: bool,
    /// What was typed.
    pub(crate) pin: PinEntry,
    /// The moment it is decided for.
    pub(crate) now: UtcMicros,
    /// The same by the clock that is kept while another's jump is held; what happened before was noted by that one.
    pub(crate) kept: UtcMicros,
    /// What it calls doors and areas, where it is explained.
    pub(crate) naming: &'a dyn Naming,
}

impl Case<'_> {
    /// Whether the door has this mode.
    pub(crate) fn is_mode(&self, wanted: DoorMode) -> bool {
        self.mode.is_some_and(|(mode, _)| mode == wanted)
    }
}

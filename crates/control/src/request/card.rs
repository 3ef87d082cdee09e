//! Issuing and activating a card, and listing them.

use access::{IssuanceId, StockId};
use serde::{Deserialize, Serialize};

use crate::card::{CardKind, CardState, Credential};
use crate::moment::Moment;
use crate::private::Private;
use crate::request::right::WantedRight;

/// What is registered of a recipient, and nothing more (M7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardIssue {
    /// Why they hold a card.
    pub kind: CardKind,
    /// Their name.
    pub name: Private,
    /// Their firm.
    pub firm: Private,
    /// Their mobile.
    pub mobile: Private,
    /// The tenant's contact person who answers for them, by name (M14).
    pub contact: Private,
    /// The tenant.
    pub tenant: String,
    /// Names of the doors they need.
    pub doors: Vec<String>,
    /// Doors and groups of doors they need, some at certain hours only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rights: Vec<WantedRight>,
    /// The card that was left at home, where this one stands in for it (M9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<IssuanceId>,
    /// First instant it opens; now if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Moment>,
    /// The instant it no longer opens; only an employee's card may go without (M8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Moment>,
    /// Who or what identified them.
    pub identified_by: Private,
    /// When the holder signed for it (M7), not after now; now if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<Moment>,
    /// The plastic, to activate at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<CardSource>,
    /// The holder was told to return the card (M15); needed where `card` is given.
    #[serde(default)]
    pub return_duty_told: bool,
    /// Somebody is not sure of the person: no card is made live before a superior vouches (M13).
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub uncertain: bool,
    /// The new hire's card that this one takes the place of once it is live (M10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<IssuanceId>,
}

/// Something done to a card for a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardReason {
    /// Which issuance.
    pub issuance: IssuanceId,
    /// Why, in a few words.
    pub reason: String,
}

/// Takes a card back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardReturn {
    /// Which issuance.
    pub issuance: IssuanceId,
    /// The paper form was shredded.
    pub form_shredded: bool,
}

/// Binds a piece of plastic to an issuance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardActivate {
    /// Which issuance.
    pub issuance: IssuanceId,
    /// The plastic.
    pub card: CardSource,
    /// The holder was told to return the card (M15).
    pub return_duty_told: bool,
}

/// Where the plastic's number comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum CardSource {
    /// The next card presented at this reader; the daemon answers `waiting`, then
    /// the result, or a refusal when the time is out.
    Present {
        /// The reader's name.
        reader: String,
        /// How long to wait, at most [`PRESENT_WAIT_S_MAX`].
        wait_s: u16,
    },
    /// Given in writing.
    Credential(Credential),
    /// A card of the house, by its number in the stock.
    Stock(StockId),
}

/// Seconds an operator may make a reader wait for a card.
pub const PRESENT_WAIT_S_MAX: u16 = 300;

/// Which issuances to list; empty lists all that live.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardList {
    /// Only in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<CardState>,
    /// Only of this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<CardKind>,
    /// Only of this tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// Only with a right at this door.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub door: Option<String>,
    /// At most so many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// Only cards in somebody's hand that are due back then, sooner ones first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
}

/// When cards are due back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Due {
    /// At ends from the one instant until just before the other.
    Between {
        /// The first end that counts.
        from: Moment,
        /// The first that counts no more.
        until: Moment,
    },
    /// They ended and were not returned.
    Overdue {},
}

/// What `card hold` asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardHold {
    /// Which issuance.
    pub issuance: IssuanceId,
    /// Until when, ninety days at most.
    pub until: Moment,
    /// Why, in a few words; it names the case.
    pub reason: String,
}

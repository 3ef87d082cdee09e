//! An issuance in answers.

use access::{IssuanceId, StockId};
use serde::{Deserialize, Serialize};

use crate::card::{CardKind, CardState};
use crate::moment::Moment;
use crate::private::Private;
use crate::reply::charge::Charged;

/// One issuance. Lists are pseudonymous (M35): the holder's fields are there only in
/// answers to `card show` and `card find`, which are logged readings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardRow {
    /// The pseudonym.
    pub issuance: IssuanceId,
    /// Why it was issued.
    pub kind: CardKind,
    /// Where it stands.
    pub state: CardState,
    /// The tenant.
    pub tenant: String,
    /// Names of doors and groups of doors it has a right on.
    pub doors: Vec<String>,
    /// Which card of the house it is, if that is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock: Option<StockId>,
    /// First instant it opens.
    pub valid_from: Moment,
    /// The instant it no longer opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Moment>,
    /// Since when it is reported lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost_since: Option<Moment>,
    /// The holder's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Private>,
    /// The holder's firm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firm: Option<Private>,
    /// The holder's mobile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobile: Option<Private>,
    /// The tenant's contact person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Private>,
    /// Who or what identified the holder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identified_by: Option<Private>,
    /// When the holder signed for it (M7).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<Moment>,
    /// The superior who vouched for the holder, and what they said (M13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vouched_by: Option<Private>,
}

/// An issuance as registered, or as it would be under `dry_run`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issued {
    /// The pseudonym; none under `dry_run`, where none was drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuance: Option<IssuanceId>,
    /// The kind.
    pub kind: CardKind,
    /// Where it stands: `active` if the plastic was bound.
    pub state: CardState,
    /// The tenant.
    pub tenant: String,
    /// Names of doors and groups of doors.
    pub doors: Vec<String>,
    /// First instant it opens.
    pub valid_from: Moment,
    /// The instant it no longer opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Moment>,
}

/// An issuance after a change of its state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changed {
    /// The pseudonym.
    pub issuance: IssuanceId,
    /// Where it stands now, or would under `dry_run`.
    pub state: CardState,
    /// The holder of a returned card is not forgotten before then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_until: Option<Moment>,
    /// What the change charged, or took back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charge: Option<Charged>,
    /// A returned card that was reported lost: its plastic never came.
    #[serde(default, skip_serializing_if = "is_false")]
    pub was_lost: bool,
    /// Charges of a returned card that were not handed over for invoicing: whose they are is known no more, or will not be
    /// once the hold is over.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unexported: u32,
    /// It stood so before, and nothing was done.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub already: bool,
}

impl Changed {
    /// An issuance that stands so, and nothing more to say.
    #[must_use]
    pub const fn to(issuance: IssuanceId, state: CardState) -> Self {
        Self {
            issuance,
            state,
            held_until: None,
            charge: None,
            was_lost: false,
            unexported: 0,
            already: false,
        }
    }
}

const fn is_false(flag: &bool) -> bool {
    !*flag
}

const fn is_zero(count: &u32) -> bool {
    *count == 0
}

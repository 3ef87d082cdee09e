//! A review as a whole, its items, and what its printed report says besides.

use access::IssuanceId;
use serde::{Deserialize, Serialize};

use crate::card::{CardKind, CardState};
use crate::moment::Moment;
use crate::request::review::ReviewVerdict;

/// One review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewRow {
    /// Its number.
    pub review: u32,
    /// Its quarter, `2026-Q4`.
    pub quarter: String,
    /// When it was opened.
    pub opened_at: Moment,
    /// By which operator.
    pub opened_by: String,
    /// Cards in it at its opening.
    pub cards: u64,
    /// Rights in it at its opening, one a card and place.
    pub rights: u64,
    /// Hash of the review before, hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<String>,
    /// What is still to be decided of an open one, where that is counted quickly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undecided: Option<ReviewLeft>,
    /// How it was signed, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<ReviewSigned>,
}

/// What is still to be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewLeft {
    /// Cards.
    pub cards: u64,
    /// Rights, one a card and place.
    pub rights: u64,
}

/// How a review was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewSigned {
    /// When.
    pub at: Moment,
    /// By which operator.
    pub by: String,
    /// How many of the cards the signer had issued.
    pub own: u64,
    /// How many records the log had.
    pub log_size: u64,
    /// The root over them, hexadecimal.
    pub log_root: String,
    /// SHA-256 over all decisions, hexadecimal.
    pub decisions: String,
    /// SHA-256 over the whole, hexadecimal.
    pub hash: String,
    /// How much was decided which way.
    pub counts: Vec<ReviewCount>,
}

/// How many items of one sort were decided one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewCount {
    /// The kind of the card.
    pub kind: String,
    /// `card` or `right`.
    pub of: String,
    /// Which way.
    pub verdict: ReviewVerdict,
    /// How many.
    pub number: u64,
}

/// How much was decided.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewDecided {
    /// Cards.
    pub cards: u64,
    /// Rights, one a card and place.
    pub rights: u64,
    /// Lapsed rights that were left: each is decided by itself (M22).
    pub lapsed: u64,
}

/// One card of a review, without its holder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewItem {
    /// The pseudonym.
    pub issuance: IssuanceId,
    /// Why it was issued.
    pub kind: CardKind,
    /// Where it stands.
    pub state: CardState,
    /// The tenant.
    pub tenant: String,
    /// The instant it no longer opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Moment>,
    /// Something was recorded of it since the review was opened, and since it was decided if it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub changed: bool,
    /// What was decided of the card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<ReviewVerdict>,
    /// Its rights.
    pub rights: Vec<ReviewRight>,
}

/// The rights of a card on one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewRight {
    /// The door or the group of doors.
    pub place: String,
    /// At which hours, a schedule for each right; none for any hour.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schedules: Vec<String>,
    /// The last instant at which one of them ends; as the card if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Moment>,
    /// It was last justified over a year before the review was opened (M22).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lapsed: bool,
    /// It was granted after the review was opened and is in the next one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub later: bool,
    /// What was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<ReviewVerdict>,
}

/// What heads a printed report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewReport {
    /// The review.
    pub review: ReviewRow,
    /// The house.
    pub site: String,
    /// The log's identity.
    pub origin: String,
    /// How exports are classified, if the configuration says so (M35).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classification: Option<String>,
    /// Who owns the information, if the configuration says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub information_owner: Option<String>,
}

/// How many cards were out at the end of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewDay {
    /// The day at the house, `2026-11-27`.
    pub day: String,
    /// Cards issued and not returned, of each kind in the order of [`CardKind::ALL`].
    pub out: [u64; 4],
}

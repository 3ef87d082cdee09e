//! Reviews of cards and rights (M6), and the yearly recertification of a tenant's holdings (M22).

use access::IssuanceId;
use serde::{Deserialize, Serialize};

use crate::card::CardKind;
use crate::moment::Moment;

/// One wish about reviews; the tag is `act`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ReviewRequest {
    /// Opens the review of a quarter; answered by [`crate::reply::Reply::Review`].
    Open {
        /// `2026-Q4`; if absent the quarter that ended, where that has none, and otherwise the present one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quarter: Option<String>,
    },
    /// Every review; streams [`crate::reply::Row::Review`].
    List {},
    /// The cards of a review, pseudonymous; streams [`crate::reply::Row::ReviewItem`].
    Show(ReviewShow),
    /// Stores decisions and carries them out, all or none; answered by [`crate::reply::Reply::ReviewDecided`].
    Decide {
        /// The review.
        review: u32,
        /// At most [`DECISIONS_MAX`].
        decisions: Vec<ReviewDecision>,
    },
    /// Decides alike what is undecided of many cards; answered as [`ReviewRequest::Decide`], with progress before.
    DecideMany(ReviewBulk),
    /// Signs a review of which nothing is undecided; answered by [`crate::reply::Reply::Review`].
    Sign {
        /// The review.
        review: u32,
    },
    /// All that a tenant's people hold is justified anew.
    Recertify {
        /// The tenant.
        tenant: String,
        /// Why; it is recorded.
        reason: String,
    },
    /// All that a printed report says; a logged act. Streams one [`crate::reply::Row::ReviewReport`], then
    /// [`crate::reply::Row::ReviewDay`] and [`crate::reply::Row::ReviewItem`].
    Report {
        /// The review; the newest if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        review: Option<u32>,
    },
}

/// Which cards of a review.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewShow {
    /// The review; the open one, or else the newest, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<u32>,
    /// Only where something is undecided.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undecided: bool,
    /// Only of this tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
}

/// What is decided of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewVerdict {
    /// It stays as it is.
    Keep,
    /// It stays, with an earlier end or fewer rights.
    Change,
    /// The card is blocked, or the right taken away.
    Revoke,
}

impl ReviewVerdict {
    /// Its name in JSON and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Change => "change",
            Self::Revoke => "revoke",
        }
    }
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewDecision {
    /// Which card.
    pub issuance: IssuanceId,
    /// Its rights on this door or group only; otherwise the card, with what of its rights is undecided and not lapsed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What.
    pub verdict: ReviewVerdict,
    /// Of a change: an earlier end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
    /// Of a change: doors and groups that are taken away from the card.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<String>,
    /// Why; it is recorded.
    pub reason: String,
}

/// Many cards that are decided alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewBulk {
    /// The review.
    pub review: u32,
    /// Cards of this tenant only; of every tenant if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// Cards of this kind only; of every kind if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<CardKind>,
    /// Keep or revoke.
    pub verdict: ReviewVerdict,
    /// Why; it is recorded with each.
    pub reason: String,
}

impl ReviewRequest {
    /// Whether it would change something.
    #[must_use]
    pub const fn changes(&self) -> bool {
        match self {
            Self::Open { .. }
            | Self::Decide { .. }
            | Self::DecideMany(_)
            | Self::Sign { .. }
            | Self::Recertify { .. } => true,
            Self::List {} | Self::Show(_) | Self::Report { .. } => false,
        }
    }
}

/// Decisions that one request may carry: they fit a frame.
pub const DECISIONS_MAX: usize = 64;

//! Giving rights and taking them away.

use access::IssuanceId;
use serde::{Deserialize, Serialize};

use crate::moment::Moment;

/// One wish about the rights of an issuance; the tag is `act`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum RightRequest {
    /// Gives further rights.
    Grant(RightGrant),
    /// Takes all rights on one place away, at whatever hours.
    Revoke {
        /// Whose.
        issuance: IssuanceId,
        /// The door or the group of doors.
        place: String,
        /// Why; it is recorded.
        reason: String,
    },
    /// What rights there are; streams [`crate::reply::Row::Right`].
    List {
        /// Whose.
        issuance: IssuanceId,
    },
}

/// Further rights with what they have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RightGrant {
    /// Whose.
    pub issuance: IssuanceId,
    /// On which places; at least one.
    pub rights: Vec<WantedRight>,
    /// The first instant they hold; with an end and without this, at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Moment>,
    /// The instant they no longer hold; as long as the card if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Moment>,
    /// Why they are needed (M22).
    pub reason: String,
}

/// A place, and at which hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedRight {
    /// The door or the group of doors.
    pub place: String,
    /// The schedule's name; at any hour if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<String>,
}

impl RightRequest {
    /// Whether it would change something.
    #[must_use]
    pub const fn changes(&self) -> bool {
        match self {
            Self::Grant(_) | Self::Revoke { .. } => true,
            Self::List { .. } => false,
        }
    }
}

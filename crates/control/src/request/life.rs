//! A card's life between its issue and its return: changed, withdrawn, vouched for, its form printed.

use access::IssuanceId;
use serde::{Deserialize, Serialize};

use crate::moment::Moment;
use crate::private::Private;
use crate::request::card::CardSource;

/// One wish about an issuance; the tag is `act`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum LifeRequest {
    /// Changes what it says.
    Change(Box<CardChange>),
    /// Withdraws it before a card was live, and forgets the holder.
    Undo {
        /// Which issuance.
        issuance: IssuanceId,
    },
    /// Enters the word of a superior for a holder somebody was unsure of (M13).
    Vouch {
        /// Which issuance.
        issuance: IssuanceId,
        /// The superior's name.
        superior: Private,
        /// What they said; that they confirmed it if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        said: Option<Private>,
    },
    /// What stands on the form for the holder's signature (M7, M15); a logged reading, answered by
    /// [`crate::reply::Reply::Form`].
    Form {
        /// Which issuance.
        issuance: IssuanceId,
    },
}

/// What is to be different about an issuance; what is absent stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardChange {
    /// Which issuance.
    pub issuance: IssuanceId,
    /// The first instant it opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Moment>,
    /// The instant it no longer opens; one that has passed is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Moment>,
    /// It no longer ends; for an employee's card.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub without_end: bool,
    /// The holder's name, before a card was live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Private>,
    /// The holder's firm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firm: Option<Private>,
    /// The holder's mobile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobile: Option<Private>,
    /// Who or what identified the holder, where nobody knows them any more since a restore; with all of the above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identified_by: Option<Private>,
    /// Another contact person of the same tenant, by name (M14).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Private>,
    /// The new hire's card that it replaces (M10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<IssuanceId>,
    /// Another plastic in place of the one that is bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<CardSource>,
}

impl CardChange {
    /// Nothing to be different yet.
    #[must_use]
    pub const fn of(issuance: IssuanceId) -> Self {
        Self {
            issuance,
            valid_from: None,
            valid_until: None,
            without_end: false,
            name: None,
            firm: None,
            mobile: None,
            identified_by: None,
            contact: None,
            replaces: None,
            card: None,
        }
    }
}

impl LifeRequest {
    /// Whether it would change something.
    #[must_use]
    pub const fn changes(&self) -> bool {
        match self {
            Self::Change(_) | Self::Undo { .. } | Self::Vouch { .. } => true,
            Self::Form { .. } => false,
        }
    }
}

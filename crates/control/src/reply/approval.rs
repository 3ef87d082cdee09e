//! What waits for approval, in answers.

use access::IssuanceId;
use serde::{Deserialize, Serialize};

use crate::approval::Waiting;
use crate::moment::Moment;
use crate::private::Private;

/// A change that is kept until another person approves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pending {
    /// Under which name.
    pub approval: Waiting,
    /// From when on it can no longer be approved.
    pub until: Moment,
}

/// Something that waits, without names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalRow {
    /// What it is called.
    pub approval: Waiting,
    /// What was asked, as the log calls it.
    pub verb: String,
    /// The user who asked.
    pub asked_by: String,
    /// The issuance it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuance: Option<IssuanceId>,
    /// The tenant whose cards they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// How many cards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cards: Option<u64>,
    /// When it was asked.
    pub since: Moment,
    /// From when on it can no longer be approved; never if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
    /// Users who may approve it.
    pub approvers: Vec<String>,
}

/// A change that waits, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalView {
    /// What the list says of it.
    pub row: ApprovalRow,
    /// Why whoever asked is in doubt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<Private>,
    /// Everything that was asked.
    pub asked: Vec<AskedField>,
}

/// One field of what was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskedField {
    /// Its name; with a point where it lies in another.
    pub field: String,
    /// What was written there.
    pub value: Private,
}

/// Something that was approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approved {
    /// What.
    pub approval: Waiting,
    /// What was done, as the log calls it.
    pub verb: String,
    /// The issuance it was about, or that came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuance: Option<IssuanceId>,
    /// How many cards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cards: Option<u64>,
}

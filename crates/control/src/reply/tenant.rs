//! A tenant in `tenant list`, and what becomes of whom somebody leaves.

use access::IssuanceId;
use serde::{Deserialize, Serialize};

use crate::moment::Moment;
use crate::private::Private;
use crate::reply::import::ImportProblem;

/// One tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TenantRow {
    /// Its name.
    pub tenant: String,
    /// Who answers for its visitors (M14, M24), while they do.
    pub contacts: Vec<ContactRow>,
    /// Issuances that were not returned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cards: Option<u64>,
    /// Its employee cards wait for its personnel office (M16).
    #[serde(default, skip_serializing_if = "is_false")]
    pub employee_cards_by_hr: bool,
}

/// One contact person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactRow {
    /// Their name.
    pub name: Private,
    /// Their mobile.
    pub mobile: Private,
    /// Whether they answer for the tenant itself (M24).
    #[serde(default, skip_serializing_if = "is_false")]
    pub responsible: bool,
    /// The instant their last day is over, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaves: Option<Moment>,
}

/// A contact person left, or would under `dry_run`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactLeave {
    /// Cards that were suspended by it.
    pub cards: u64,
    /// Nobody answers for the tenant from now on: nothing is issued for it.
    pub without_contact: bool,
}

/// What becomes of one row of a list of leavers. It is named by its line only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaverRow {
    /// Line in the file.
    pub line: u64,
    /// What was found.
    pub found: Found,
    /// Issuances that end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issuances: Vec<IssuanceId>,
    /// A contact person leaves.
    #[serde(default, skip_serializing_if = "is_false")]
    pub contact: bool,
    /// The instant at which that is, if not at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Moment>,
}

/// Whom a row of a list of leavers means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Found {
    /// One person.
    One,
    /// Nobody; left alone.
    Nobody,
    /// Several persons, or one cannot tell; left alone.
    Several,
}

/// What a list of leavers does, in all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leavers {
    /// Rows in the file.
    pub rows: u64,
    /// Rows that mean one person.
    pub matched: u64,
    /// Rows that mean nobody; left alone.
    pub unmatched: u64,
    /// Rows that may mean several; left alone.
    pub ambiguous: u64,
    /// Issuances that end.
    pub cards: u64,
    /// Contact persons who leave.
    pub contacts: u64,
    /// Nobody answers for the tenant from now on: nothing is issued for it.
    pub without_contact: bool,
    /// Rows that cannot be taken.
    pub problems_total: u64,
    /// The first of them, at most [`crate::reply::import::IMPORT_PROBLEMS_MAX`].
    pub problems: Vec<ImportProblem>,
    /// Whether it was carried out.
    pub applied: bool,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

//! What tenants owe, in answers.

use access::IssuanceId;
use serde::{Deserialize, Serialize};

use crate::moment::Moment;
use crate::private::Private;

/// One charge. The holder's name is there only in answers to `charge export`, a logged reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChargeRow {
    /// Its number, `2026-0007`.
    pub voucher: String,
    /// When it was made.
    pub at: Moment,
    /// The tenant.
    pub tenant: String,
    /// `employee-card`, `lost-card` or `reversal`.
    pub kind: String,
    /// Hundredths of a krone; below zero where something is taken back.
    pub ore: i64,
    /// The number of what it takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reverses: Option<String>,
    /// When it was handed over for invoicing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exported: Option<Moment>,
    /// For whose card, as long as that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuance: Option<IssuanceId>,
    /// The holder's name, as long as it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Private>,
}

/// What a change charged, or took back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Charged {
    /// The charge's number.
    pub voucher: String,
    /// The tenant.
    pub tenant: String,
    /// Hundredths of a krone; below zero where something is taken back.
    pub ore: i64,
}

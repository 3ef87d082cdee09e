//! One row of `card import`.

use serde::{Deserialize, Serialize};

use crate::card::{CardKind, Credential};
use crate::moment::Moment;
use crate::private::Private;

/// One line of the file, parsed; instants already in UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportRow {
    /// Line in the file, the heading being line 1; errors name it.
    pub line: u64,
    /// The plastic.
    pub card: Credential,
    /// Holder's name.
    pub name: Private,
    /// Holder's firm.
    pub firm: Private,
    /// Holder's mobile.
    pub mobile: Private,
    /// The tenant's contact person.
    pub contact: Private,
    /// The tenant.
    pub tenant: String,
    /// Names of doors; none leave the rights of a known card as they are.
    pub doors: Vec<String>,
    /// First instant it opens; now if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Moment>,
    /// The instant it no longer opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Moment>,
    /// The kind; only employees are activated by import (M12).
    pub kind: CardKind,
}

/// Octets of JSON a client packs into one frame of rows; the rest of the frame is for
/// the envelope.
pub const IMPORT_FRAME_FILL: usize = 60 * 1024;
/// Rows one import may have.
pub const IMPORT_ROWS_MAX: u64 = 1_000_000;

//! What is asked about tenants besides their names and contacts: who answers for one, and who leaves it.

use serde::{Deserialize, Serialize};

use crate::moment::Moment;
use crate::private::Private;

/// One wish about a tenant; the tag is `act`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum TenantRequest {
    /// A new tenant together with the contact person who answers for it (M24).
    Add {
        /// Its name.
        tenant: String,
        /// Who answers for it, by name.
        responsible: Private,
        /// Their mobile.
        mobile: Private,
    },
    /// Lets a contact person answer for the tenant; one who is new is added, which needs the mobile (M24).
    Responsible {
        /// The tenant's name.
        tenant: String,
        /// The contact's name.
        name: Private,
        /// The contact's mobile.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mobile: Option<Private>,
    },
    /// What holds for the tenant's cards (M16).
    Rule {
        /// The tenant's name.
        tenant: String,
        /// Its employee cards wait for its personnel office.
        employee_cards_by_hr: bool,
    },
    /// A contact person leaves (M14); streams [`crate::reply::Row::Card`], every card that is suspended by it, then
    /// [`crate::reply::Reply::ContactLeave`].
    ContactLeave {
        /// The tenant's name.
        tenant: String,
        /// The contact's name.
        name: Private,
        /// Their mobile, where several have the name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mobile: Option<Private>,
        /// Who answers for the tenant after them, by name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        followed_by: Option<Private>,
    },
    /// Begins a list of leavers; answered by `ready`. Nothing takes effect before its end (M25).
    LeaversBegin {
        /// The tenant's name.
        tenant: String,
        /// Rows that will come.
        rows: u64,
    },
    /// Rows of the list, in the file's order; not answered.
    LeaversRows {
        /// As many as fit a frame.
        rows: Vec<LeaverEntry>,
    },
    /// All rows were sent: streams [`crate::reply::Row::Leaver`], what becomes of each, then
    /// [`crate::reply::Reply::Leavers`]. Carried out unless this frame's `dry_run` is set or any row has a problem.
    LeaversEnd {},
}

/// One line of a list of leavers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaverEntry {
    /// Line in the file, the heading being line 1; answers name it.
    pub line: u64,
    /// Who leaves, by name.
    pub name: Private,
    /// Their mobile, where the file has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobile: Option<Private>,
    /// Their firm, where the file has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firm: Option<Private>,
    /// The instant their last day is over; at once if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Moment>,
}

impl TenantRequest {
    /// Whether it would change something.
    #[must_use]
    pub const fn changes(&self) -> bool {
        match self {
            Self::Add { .. }
            | Self::Responsible { .. }
            | Self::Rule { .. }
            | Self::ContactLeave { .. }
            | Self::LeaversBegin { .. }
            | Self::LeaversRows { .. }
            | Self::LeaversEnd {} => true,
        }
    }
}

/// Rows one list of leavers may have.
pub const LEAVERS_ROWS_MAX: u64 = 100_000;

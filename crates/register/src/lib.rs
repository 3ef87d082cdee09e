//! SQLite: people, cards, rights, operators; builds the allowlist.
//!
//! A [`Register`] is one database held by one thread. People's fields and card numbers are sealed under keys of the key
//! store, which lie elsewhere and can be destroyed; what the doors need (tags, rights, ends) is clear. Each change is one
//! transaction together with its audit records in an outbox. Roles are the caller's to ask: here is what no role may do.
//! Time and entropy are the caller's too.

mod activate;
mod allowlist;
mod audit;
mod block;
mod contact;
mod counter;
mod database;
mod draft;
mod error;
#[cfg(test)]
mod fixture;
mod hold;
mod hold_error;
mod holder;
mod import;
mod issuance;
mod issue;
mod kind;
mod life;
mod list;
mod names;
mod operator;
mod outbox;
mod register;
mod restate;
mod returning;
mod rights;
mod schema;
mod seal;
mod state;
mod storage_error;
mod tenant;
mod text;

pub use activate::{Activation, ByNumber, Shown};
pub use audit::{AUDIT_TEXT_MAX, Audit, AuditVerb, Change, OutboxId};
pub use contact::{ActiveContact, ContactId, ContactRow, TenantId};
pub use error::RegisterError;
pub use hold::HOLD_DAYS_MAX;
pub use hold_error::HoldError;
pub use holder::{ContactPerson, HolderFields};
pub use import::{
    Difference, IMPORT_ROWS_MAX, ImportChange, ImportFault, ImportPlan, ImportProblem, ImportRow,
    ImportTerms, PROBLEMS_KEPT,
};
pub use issuance::Blocked;
pub use issue::NewIssuance;
pub use kind::Kind;
pub use list::{CardRow, HolderView};
pub use operator::{NewOperator, OperatorRow};
pub use register::Register;
pub use rights::{DoorRight, RIGHTS_MAX};
pub use state::{State, Step, TransitionError};
pub use storage_error::StorageError;
pub use tenant::TenantRow;
pub use text::{TEXT_MAX, Text, TextError, TextProblem};

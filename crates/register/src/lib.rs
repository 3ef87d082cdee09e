//! SQLite: people, cards, rights, operators; builds the allowlist.
//!
//! A [`Register`] is one database held by one thread. People's fields and card numbers are sealed under keys of the key
//! store, which lie elsewhere and can be destroyed; what the doors need (tags, rights, ends) is clear. Each change is one
//! transaction together with its audit records in an outbox. Roles are the caller's to ask: here is what no role may do.
//! Time and entropy are the caller's too.

mod activate;
mod allowlist;
mod amend;
mod appointment;
mod approval;
mod approval_error;
mod approvals;
mod audit;
mod block;
mod card_approval;
mod card_approvals;
mod census;
mod charge;
mod charges;
mod contact;
mod contact_leaving;
mod copy;
mod counter;
mod database;
mod delegation;
mod departure;
mod door_modes;
mod doors;
mod draft;
mod ending;
mod error;
#[cfg(test)]
mod fixture;
mod fold;
pub mod foreign;
mod grant;
mod grounds;
mod hold;
mod hold_error;
mod holder;
mod holders;
mod hours;
mod hours_error;
mod house_day;
mod import;
mod issuance;
mod issue;
mod issue_live;
mod keypad;
mod kind;
mod known_schedules;
mod leavers;
mod life;
mod life_error;
mod links;
mod list;
mod lockdown;
mod lost;
mod lost_error;
mod many;
mod mark;
mod mobile;
mod names;
mod operator;
mod operator_error;
mod outbox;
mod person;
mod pins;
mod plastic;
mod pseudonym;
mod recertify;
mod register;
mod rekey;
mod replacement;
mod responsible;
mod restate;
mod restored;
mod returning;
mod review;
mod review_error;
mod right_error;
mod rights;
mod roles;
mod row_mark;
mod said;
mod schedules;
mod schema;
mod seal;
mod search;
mod special_days;
mod stand_in;
mod stand_in_error;
mod standings;
mod state;
mod stock;
mod stock_error;
mod stock_removal;
mod storage_error;
mod tally;
mod tenant;
mod tenant_error;
mod text;
mod twins;
mod vouch;

pub use activate::{Activation, ByNumber, Shown};
pub use amend::{Amendment, NewEnd, Reach};
pub use appointment::RoleChange;
pub use approval::{ApprovalId, Approved, WaitingChange};
pub use approval_error::ApprovalError;
pub use approvals::{NewWaiting, WAITING_DAYS, WAITING_LEN_MAX, WAITING_MAX};
pub use audit::{AUDIT_TEXT_MAX, Audit, AuditVerb, Change, OutboxId};
pub use card_approvals::{AwaitingRow, CardsAwaiting};
pub use census::{Census, census};
pub use charge::{Booked, ChargeKind, Fee, Voucher};
pub use charges::{ChargeRow, ChargeSpan, ExportedCharge};
pub use contact::{ActiveContact, ContactId, ContactRow, TenantId};
pub use copy::check_copy;
pub use delegation::{DELEGATION_DAYS_MAX, DELEGATIONS_MAX, Delegation};
pub use door_modes::DOOR_HOURS_MAX;
pub use ending::Ends;
pub use error::RegisterError;
pub use fold::{Disagreement, Fold, Subject, Telling, compared_words};
pub use hold::HOLD_DAYS_MAX;
pub use hold_error::HoldError;
pub use holder::{ContactPerson, HolderFields};
pub use hours::Hours;
pub use hours_error::HoursError;
pub use import::{
    Difference, IMPORT_ROWS_MAX, ImportChange, ImportFault, ImportPlan, ImportProblem, ImportRow,
    ImportTerms, PROBLEMS_KEPT,
};
pub use issuance::{Blocked, Lost};
pub use issue::NewIssuance;
pub use keypad::NewPin;
pub use kind::Kind;
pub use leavers::{
    FoundLeaver, LEAVERS_MAX, Leaver, LeaversDone, LeaversPlan, Meant, NAMESAKES_MAX,
};
pub use life_error::LifeError;
pub use links::LostLink;
pub use list::{CardRow, HolderView};
pub use lost::LostCards;
pub use lost_error::LostError;
pub use names::{NumberedName, NumberedNames};
pub use operator::{NewOperator, OperatorRow};
pub use operator_error::OperatorError;
pub use person::Held;
pub use recertify::is_lapsed;
pub use register::Register;
pub use restored::{LifeBegun, Restored};
pub use review::{
    Bulk, Decided, Decision, Item, ItemRight, KindCount, Narrower, Page, Review, ReviewId, Signed,
    Verdict, Wish,
};
pub use review_error::ReviewError;
pub use right_error::RightError;
pub use rights::{PlaceRight, RIGHTS_MAX};
pub use roles::Roles;
pub use said::SaidIssuance;
pub use schedules::{NewSchedule, ScheduleRow};
pub use search::Sought;
pub use stand_in_error::StandInError;
pub use standings::{Standings, StandingsError, StandingsPage};
pub use state::{State, Step, TransitionError};
pub use stock::StockRow;
pub use stock_error::StockError;
pub use storage_error::StorageError;
pub use tally::HourOfCards;
pub use tenant::TenantRow;
pub use tenant_error::TenantError;
pub use text::{TEXT_MAX, Text, TextError, TextProblem};
pub use vouch::{Vouched, Vouching};

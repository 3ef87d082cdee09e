//! Errors: everything that keeps the register from doing what it was asked, said without personal data.

use std::fmt;

use access::IssuanceId;

use crate::approval_error::ApprovalError;
use crate::hold_error::HoldError;
use crate::hours_error::HoursError;
use crate::life_error::LifeError;
use crate::lost_error::LostError;
use crate::operator_error::OperatorError;
use crate::review_error::ReviewError;
use crate::right_error::RightError;
use crate::stand_in_error::StandInError;
use crate::state::TransitionError;
use crate::stock_error::StockError;
use crate::storage_error::StorageError;
use crate::tenant_error::TenantError;
use crate::text::TextError;

/// Why the register did not do it. Nothing was changed.
#[derive(Debug)]
pub enum RegisterError {
    /// The file or the database in it failed.
    Storage(StorageError),
    /// The key store failed.
    Keys(key_store::KeyError),
    /// Something sealed does not open under its key.
    Unsealable {
        /// What it was.
        what: &'static str,
    },
    /// A text that cannot be taken.
    Text(TextError),
    /// No operator has this number, or this user and uid.
    NoSuchOperator,
    /// Something about an operator's roles, training or deputies.
    Operator(OperatorError),
    /// No tenant of that name.
    NoSuchTenant,
    /// A tenant of that name exists.
    TenantExists,
    /// No contact person of that name or number with the tenant.
    NoSuchContact,
    /// Several active contact persons of the tenant have that name.
    ContactAmbiguous,
    /// The contact person exists and has left.
    ContactInactive,
    /// Something about a tenant, or somebody who leaves.
    Tenant(TenantError),
    /// No issuance has this pseudonym.
    NoSuchIssuance,
    /// The issuance was returned and its holder is forgotten.
    Forgotten,
    /// No door has this number.
    NoSuchDoor,
    /// Something about rights.
    Right(RightError),
    /// Something about schedules, special days or the modes of doors.
    Hours(HoursError),
    /// Something about a card that stands in for another (M9).
    StandIn(StandInError),
    /// Something about a change of an issuance, or what it waits for.
    Life(LifeError),
    /// Something about a review (M6).
    Review(ReviewError),
    /// A duress PIN that is the PIN itself.
    DuressIsPin,
    /// The issuance has no PIN.
    NoPin,
    /// An end that is not after its beginning.
    Validity(access::ValidityError),
    /// The issuance's end has passed.
    Ended,
    /// The step does not exist from the state the issuance is in (M17).
    Transition(TransitionError),
    /// The card was not returned, so its holder is not forgotten.
    NotReturned,
    /// Something about a lost card.
    Lost(LostError),
    /// Something about the house's own cards.
    Stock(StockError),
    /// Something about a hold.
    Hold(HoldError),
    /// Something about what waits for approval (M4, M16).
    Approval(ApprovalError),
    /// It is already blocked.
    AlreadyBlocked,
    /// It is not blocked.
    NotBlocked,
    /// The holder was not told of the duty to return the card (M15).
    ReturnDutyNotTold,
    /// A visitor's card must be presented at an enrolment reader (M12).
    InPersonNeeded,
    /// The card is bound to another live issuance.
    CardBound {
        /// That issuance; left out of the text, which may reach a journal.
        to: IssuanceId,
    },
    /// The issuance's last records are not in the log yet.
    RecordsPending {
        /// How many.
        count: u64,
    },
    /// The difference was made of an older register.
    PlanStale,
    /// The import has rows that cannot be taken.
    ImportProblems {
        /// How many problems.
        count: u64,
    },
    /// More rows than one import may have.
    TooManyRows {
        /// [`crate::IMPORT_ROWS_MAX`].
        max: usize,
    },
    /// No number is left to give.
    NumbersExhausted {
        /// What was to get one.
        what: &'static str,
    },
    /// The allowlist cannot hold what the register holds.
    Allowlist(access::AllowlistError),
}

impl fmt::Display for RegisterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Storage(error) => error.fmt(f),
            Self::Keys(error) => write!(f, "the key store failed: {error}"),
            Self::Unsealable { what } => write!(
                f,
                "the {what} cannot be opened: its key is gone or it was altered"
            ),
            Self::Text(error) => error.fmt(f),
            Self::NoSuchOperator => f.write_str("no such operator"),
            Self::Operator(cause) => cause.fmt(f),
            Self::NoSuchTenant => f.write_str("no tenant of that name"),
            Self::TenantExists => f.write_str("a tenant of that name exists"),
            Self::NoSuchContact => f.write_str("the tenant has no contact person of that name"),
            Self::ContactAmbiguous => f.write_str(AMBIGUOUS),
            Self::ContactInactive => f.write_str("the contact person has left; name another one"),
            Self::Tenant(cause) => cause.fmt(f),
            Self::NoSuchIssuance => f.write_str("no such issuance"),
            Self::Forgotten => f.write_str("the card was returned and its holder is forgotten"),
            Self::NoSuchDoor => f.write_str("no such door"),
            Self::Right(cause) => cause.fmt(f),
            Self::Hours(cause) => cause.fmt(f),
            Self::StandIn(cause) => cause.fmt(f),
            Self::Life(cause) => cause.fmt(f),
            Self::Review(cause) => cause.fmt(f),
            Self::DuressIsPin => f.write_str("the duress PIN must be another than the PIN"),
            Self::NoPin => f.write_str("the card has no PIN"),
            Self::Validity(error) => error.fmt(f),
            Self::Ended => f.write_str("the end of the issuance has passed"),
            Self::Transition(error) => error.fmt(f),
            Self::NotReturned => f.write_str("the card was not returned"),
            Self::Lost(cause) => cause.fmt(f),
            Self::Stock(cause) => cause.fmt(f),
            Self::Hold(cause) => cause.fmt(f),
            Self::Approval(cause) => cause.fmt(f),
            Self::AlreadyBlocked => f.write_str("the card is already blocked"),
            Self::NotBlocked => f.write_str("the card is not blocked"),
            Self::ReturnDutyNotTold => f.write_str(NOT_TOLD),
            Self::InPersonNeeded => f.write_str(IN_PERSON),
            Self::CardBound { .. } => f.write_str(BOUND),
            Self::RecordsPending { count } => {
                write!(f, "{count} records of the issuance are not in the log yet")
            }
            Self::PlanStale => f.write_str(STALE),
            Self::ImportProblems { count } => {
                write!(f, "the import has {count} problems; nothing was imported")
            }
            Self::TooManyRows { max } => write!(f, "more than {max} rows in one import"),
            Self::NumbersExhausted { what } => write!(f, "no number is left for a further {what}"),
            Self::Allowlist(error) => write!(f, "the allowlist cannot be built: {error}"),
        }
    }
}

impl std::error::Error for RegisterError {}

impl RegisterError {
    /// The database contradicts itself.
    pub(crate) const fn corrupt(what: &'static str) -> Self {
        Self::Storage(StorageError::Corrupt { what })
    }
}

impl From<StorageError> for RegisterError {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl From<rusqlite::Error> for RegisterError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Storage(StorageError::from(&error))
    }
}

impl From<std::io::Error> for RegisterError {
    fn from(error: std::io::Error) -> Self {
        Self::Storage(StorageError::from(&error))
    }
}

impl From<key_store::KeyError> for RegisterError {
    fn from(error: key_store::KeyError) -> Self {
        Self::Keys(error)
    }
}

impl From<TextError> for RegisterError {
    fn from(error: TextError) -> Self {
        Self::Text(error)
    }
}

impl From<OperatorError> for RegisterError {
    fn from(error: OperatorError) -> Self {
        Self::Operator(error)
    }
}

impl From<RightError> for RegisterError {
    fn from(error: RightError) -> Self {
        Self::Right(error)
    }
}

impl From<HoursError> for RegisterError {
    fn from(error: HoursError) -> Self {
        Self::Hours(error)
    }
}

impl From<ApprovalError> for RegisterError {
    fn from(error: ApprovalError) -> Self {
        Self::Approval(error)
    }
}

impl From<LifeError> for RegisterError {
    fn from(error: LifeError) -> Self {
        Self::Life(error)
    }
}

impl From<StandInError> for RegisterError {
    fn from(error: StandInError) -> Self {
        Self::StandIn(error)
    }
}

impl From<LostError> for RegisterError {
    fn from(error: LostError) -> Self {
        Self::Lost(error)
    }
}

impl From<TenantError> for RegisterError {
    fn from(error: TenantError) -> Self {
        Self::Tenant(error)
    }
}

impl From<StockError> for RegisterError {
    fn from(error: StockError) -> Self {
        Self::Stock(error)
    }
}

impl From<ReviewError> for RegisterError {
    fn from(error: ReviewError) -> Self {
        Self::Review(error)
    }
}

impl From<TransitionError> for RegisterError {
    fn from(error: TransitionError) -> Self {
        Self::Transition(error)
    }
}

impl From<access::ValidityError> for RegisterError {
    fn from(error: access::ValidityError) -> Self {
        Self::Validity(error)
    }
}

impl From<access::AllowlistError> for RegisterError {
    fn from(error: access::AllowlistError) -> Self {
        Self::Allowlist(error)
    }
}

const AMBIGUOUS: &str = "the tenant has several contact persons of that name";
const NOT_TOLD: &str = "the holder must be told of the duty to return the card first";
const IN_PERSON: &str = "a visitor's card must be presented at an enrolment reader";
const BOUND: &str = "the card is bound to another issuance; it must be returned first";
const STALE: &str = "the register changed since the difference was made; make it again";

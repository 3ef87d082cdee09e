//! Problem: why a row of an import cannot be taken, by line and column, without personal data.

use std::fmt;

use crate::error::RegisterError;
use crate::life_error::LifeError;
use crate::right_error::RightError;
use crate::rights::RIGHTS_MAX;
use crate::tenant_error::TenantError;
use crate::text::TextProblem;

/// One reason why a row cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportProblem {
    /// The line in the file.
    pub line: u64,
    /// The column's heading.
    pub column: &'static str,
    /// What is wrong there.
    pub fault: ImportFault,
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportFault {
    /// The card's number cannot be read.
    Card(String),
    /// Another row has the same card.
    SameCard {
        /// Its line.
        line: u64,
    },
    /// Another row of a list of leavers means the same person.
    SamePerson {
        /// Its line.
        line: u64,
    },
    /// More rows of a list of leavers have this name than one list may have.
    Namesakes {
        /// How many may.
        max: usize,
    },
    /// A text that cannot be taken.
    Text(TextProblem),
    /// No kind of that name.
    UnknownKind,
    /// A visitor's card without an end (M8).
    NoEnd,
    /// The end is not after the beginning.
    EndBeforeBeginning,
    /// The end has passed.
    Ended,
    /// A forgotten card that would open past the end of the working day (M9).
    BeyondTheDay,
    /// No tenant of that name.
    NoSuchTenant,
    /// The tenant has no contact person of that name.
    NoSuchContact,
    /// The contact person has left.
    ContactInactive,
    /// Several contact persons of the tenant have that name.
    ContactAmbiguous,
    /// Nobody answers for the tenant (M24).
    NoResponsible,
    /// No door at all.
    NoDoors,
    /// No door of that name.
    NoSuchDoor(String),
    /// A door named twice.
    DoorTwice(String),
    /// More doors than one card may have.
    TooManyDoors {
        /// Doors found.
        found: usize,
    },
    /// Conflict: the card is bound to somebody of another name.
    OtherHolder,
    /// Conflict: the card is bound to an issuance of another kind.
    OtherKind,
    /// Conflict: the doors are others than the card's, which has also rights on groups, at hours or with times of its own.
    RightsBeside {
        /// The first of these.
        first: String,
        /// How many there are besides.
        others: usize,
    },
}

/// A column's heading and what is wrong there.
pub(super) type Fault = (&'static str, ImportFault);

impl ImportFault {
    /// Whether the row itself is right, but the register says otherwise about the card.
    #[must_use]
    pub const fn is_conflict(&self) -> bool {
        matches!(
            self,
            Self::OtherHolder | Self::OtherKind | Self::RightsBeside { .. }
        )
    }
}

impl fmt::Display for ImportFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Card(what) => f.write_str(what),
            Self::SameCard { line } => write!(f, "line {line} has the same card"),
            Self::SamePerson { line } => write!(f, "line {line} means the same person"),
            Self::Namesakes { max } => {
                write!(
                    f,
                    "more than {max} rows of this name; send them in several lists"
                )
            }
            Self::Text(problem) => problem.fmt(f),
            Self::UnknownKind => {
                f.write_str("not a kind; employee, forgotten, new-hire or supplier")
            }
            Self::NoEnd => f.write_str("a visitor's card needs an end"),
            Self::EndBeforeBeginning => f.write_str("the end is not after the beginning"),
            Self::Ended => f.write_str("the end has passed"),
            Self::BeyondTheDay => LifeError::BeyondTheDay.fmt(f),
            Self::NoSuchTenant => RegisterError::NoSuchTenant.fmt(f),
            Self::NoSuchContact => RegisterError::NoSuchContact.fmt(f),
            Self::ContactInactive => RegisterError::ContactInactive.fmt(f),
            Self::ContactAmbiguous => RegisterError::ContactAmbiguous.fmt(f),
            Self::NoResponsible => TenantError::NoResponsible.fmt(f),
            Self::NoDoors => RightError::None.fmt(f),
            Self::NoSuchDoor(name) => write!(f, "no door {name}"),
            Self::DoorTwice(name) => write!(f, "door {name} twice"),
            Self::TooManyDoors { found } => RightError::TooMany {
                found: *found,
                max: RIGHTS_MAX,
            }
            .fmt(f),
            Self::OtherHolder => {
                f.write_str("the card is bound to somebody else; it must be returned first")
            }
            Self::OtherKind => {
                f.write_str("the card is bound as another kind; it must be returned first")
            }
            Self::RightsBeside { first, others } => {
                write!(f, "the card has rights that a list cannot say: {first}")?;
                if *others > 0 {
                    write!(f, ", and {others} more")?;
                }
                f.write_str("; change them by right grant and right revoke, or leave the doors out")
            }
        }
    }
}

impl fmt::Display for ImportProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, {}: {}", self.line, self.column, self.fault)
    }
}

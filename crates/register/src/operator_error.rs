//! What is wrong about operators: their roles, training and deputies.

use std::fmt;

use access::role::Role;

/// Why something about an operator is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperatorError {
    /// An operator with that user name or uid exists.
    Exists,
    /// Only the first operator may be added by nobody.
    NotTheFirst,
    /// An operator without a role.
    NoRole,
    /// Somebody's own roles, training or delegation.
    Own,
    /// An hr role that is bound to no tenant.
    HrWithoutTenant,
    /// A tenant for somebody who has no hr role.
    TenantWithoutHr,
    /// No role is given and none taken away.
    NoChange,
    /// The operator has the role already.
    Held {
        /// The role.
        role: Role,
    },
    /// The operator has not the role.
    NotHeld {
        /// The role.
        role: Role,
    },
    /// Nobody would be left who could approve changes of operators.
    LastApprover,
    /// Who gives the role does not hold it themselves.
    NotTheirs {
        /// The role.
        role: Role,
    },
    /// A delegation whose end is not after its beginning, or has passed.
    DelegationEnded,
    /// A delegation of more than [`crate::DELEGATION_DAYS_MAX`] days.
    DelegationTooLong,
    /// The deputy has the role by another delegation within that time.
    DelegationOverlaps,
    /// More delegations to one deputy than [`crate::DELEGATIONS_MAX`].
    TooManyDelegations,
    /// The deputy has no such delegation.
    NoDelegation,
}

impl fmt::Display for OperatorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exists => f.write_str("an operator with that user name or uid exists"),
            Self::NotTheFirst => {
                f.write_str("operators exist; a further one is added by one of them")
            }
            Self::NoRole => f.write_str(
                "an operator needs at least one role; whoever is to have none is removed",
            ),
            Self::Own => f.write_str(
                "nobody changes their own roles, training or delegations; another manager does",
            ),
            Self::HrWithoutTenant => f.write_str("the role hr is bound to a tenant; name one"),
            Self::TenantWithoutHr => f.write_str("only the role hr is bound to a tenant"),
            Self::NoChange => f.write_str("name a role to add or to remove"),
            Self::Held { role } => write!(f, "the operator has the role {role} already"),
            Self::NotHeld { role } => write!(f, "the operator has not the role {role}"),
            Self::LastApprover => f.write_str(
                "changes of operators need a daily manager and an operations manager who are two persons; \
                 give another person the role first",
            ),
            Self::NotTheirs { role } => write!(
                f,
                "{role} can only be delegated by who holds it themselves, not as a deputy"
            ),
            Self::DelegationEnded => {
                f.write_str("a delegation ends after it begins, and not in the past")
            }
            Self::DelegationTooLong => write!(
                f,
                "a delegation lasts at most {} days",
                crate::DELEGATION_DAYS_MAX
            ),
            Self::DelegationOverlaps => {
                f.write_str("the deputy is delegated that role within that time already; end that first")
            }
            Self::TooManyDelegations => write!(
                f,
                "a deputy has at most {} delegations; end one first",
                crate::DELEGATIONS_MAX
            ),
            Self::NoDelegation => f.write_str("nothing is delegated to them"),
        }
    }
}

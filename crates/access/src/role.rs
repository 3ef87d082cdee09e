//! Roles: who may do what, as one table. What it does not mark is refused.

mod act;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use act::Act;

/// A role an operator holds; names are those of the house's routine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Daglig leder.
    DailyManager,
    /// Driftsleder.
    OperationsManager,
    /// Resepsjonist.
    Receptionist,
    /// Driftstekniker.
    Technician,
    /// Resepsjonsmedarbeider.
    ReceptionStaff,
    /// A tenant's personnel office; bound to that tenant.
    Hr,
    /// Reads and verifies the log.
    Auditor,
}

/// What the table says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Refused, and logged.
    No,
    /// Done only when another person who may approve it does.
    Pending,
    /// Allowed for the cards of the operator's own tenant only.
    OwnTenant,
    /// Allowed.
    May,
}

impl Role {
    /// Every role, in the order of the table's columns.
    pub const ALL: [Self; 7] = [
        Self::DailyManager,
        Self::OperationsManager,
        Self::Receptionist,
        Self::Technician,
        Self::ReceptionStaff,
        Self::Hr,
        Self::Auditor,
    ];

    /// The name in commands and in the register.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DailyManager => "daily-manager",
            Self::OperationsManager => "operations-manager",
            Self::Receptionist => "receptionist",
            Self::Technician => "technician",
            Self::ReceptionStaff => "reception-staff",
            Self::Hr => "hr",
            Self::Auditor => "auditor",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = RoleError;

    fn from_str(text: &str) -> Result<Self, RoleError> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| RoleError {
                found: text.to_owned(),
            })
    }
}

/// A text that names no role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleError {
    /// The text.
    pub found: String,
}

impl fmt::Display for RoleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" is not a role; roles are", self.found)?;
        Role::ALL.iter().try_for_each(|role| write!(f, " {role}"))
    }
}

impl std::error::Error for RoleError {}

/// What an operator with these roles may do: the most any one of the roles gives, and nothing without a role.
#[must_use]
pub fn permission(roles: &[Role], act: Act) -> Permission {
    let marks = TABLE
        .iter()
        .find(|(of, _)| *of == act)
        .map_or(&[N; 7], |(_, marks)| marks);
    let given = Role::ALL
        .iter()
        .zip(marks)
        .filter(|(role, _)| roles.contains(role));
    given.map(|(_, mark)| *mark).max().unwrap_or(N)
}

const N: Permission = Permission::No;
const P: Permission = Permission::Pending;
const T: Permission = Permission::OwnTenant;
const M: Permission = Permission::May;

/// The whole truth, one row an act. Columns as in [`Role::ALL`]: daily manager, operations manager, receptionist, technician,
/// reception staff, hr, auditor.
const TABLE: [(Act, [Permission; 7]); 23] = [
    (Act::IssueCard, [M, M, M, M, N, N, N]),
    (Act::ChangeCard, [M, M, M, M, M, N, N]),
    (Act::WidenCard, [M, M, M, M, N, N, N]),
    (Act::DoubtfulChange, [P, P, P, P, P, N, N]),
    (Act::ApproveDoubtful, [N, M, N, M, N, N, N]),
    (Act::ApproveTenantCard, [N, N, N, N, N, T, N]),
    (Act::Approve, [M, M, N, M, N, T, N]),
    (Act::AttendApproval, [M, M, M, M, M, T, N]),
    (Act::ReadHolder, [M, M, M, M, M, T, N]),
    (Act::ReadLog, [M, M, M, M, M, M, M]),
    (Act::ReadLogByPerson, [M, M, N, N, N, N, M]),
    (Act::ManageCases, [N, M, N, N, N, N, N]),
    (Act::DecideReview, [N, M, N, N, N, N, N]),
    (Act::SignReview, [N, M, N, N, N, N, N]),
    (Act::ManageTenants, [M, M, N, M, N, N, N]),
    (Act::OpenDoor, [M, M, M, M, M, N, N]),
    (Act::SetDoorMode, [M, M, N, M, N, N, N]),
    (Act::Lockdown, [M, M, M, M, M, M, M]),
    (Act::Commission, [N, N, N, M, N, N, N]),
    (Act::ManageOperators, [P, P, N, N, N, N, N]),
    (Act::ManageBackups, [N, N, N, M, N, N, N]),
    (Act::ListCards, [M, M, M, M, M, M, M]),
    (Act::ReadStatus, [M, M, M, M, M, M, M]),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The routine's table once more, written out by hand from the house's rules: an act, then who may (`+`), who may if
    /// another approves (`o`), who may for the own tenant (`t`). Who is not named may not.
    const ROUTINE: &str = "
        IssueCard          + daily-manager operations-manager receptionist technician
        ChangeCard         + daily-manager operations-manager receptionist technician reception-staff
        WidenCard          + daily-manager operations-manager receptionist technician
        DoubtfulChange     o daily-manager operations-manager receptionist technician reception-staff
        ApproveDoubtful    + operations-manager technician
        ApproveTenantCard  t hr
        Approve            + daily-manager operations-manager technician t hr
        AttendApproval     + daily-manager operations-manager receptionist technician reception-staff t hr
        ReadHolder         + daily-manager operations-manager receptionist technician reception-staff t hr
        ReadLog            + daily-manager operations-manager receptionist technician reception-staff hr auditor
        ReadLogByPerson    + daily-manager operations-manager auditor
        ManageCases        + operations-manager
        DecideReview       + operations-manager
        SignReview         + operations-manager
        ManageTenants      + daily-manager operations-manager technician
        OpenDoor           + daily-manager operations-manager receptionist technician reception-staff
        SetDoorMode        + daily-manager operations-manager technician
        Lockdown           + daily-manager operations-manager receptionist technician reception-staff hr auditor
        Commission         + technician
        ManageOperators    o daily-manager operations-manager
        ManageBackups      + technician
        ListCards          + daily-manager operations-manager receptionist technician reception-staff hr auditor
        ReadStatus         + daily-manager operations-manager receptionist technician reception-staff hr auditor";

    fn routine(act: Act, role: Role) -> Permission {
        let name = format!("{act:?}");
        let row = ROUTINE
            .lines()
            .find(|row| row.split_whitespace().next() == Some(&name))
            .expect("every act has a row");
        let mut mark = Permission::No;
        for word in row.split_whitespace().skip(1) {
            match word {
                "+" => mark = Permission::May,
                "o" => mark = Permission::Pending,
                "t" => mark = Permission::OwnTenant,
                named if named == role.as_str() => return mark,
                _ => {}
            }
        }
        Permission::No
    }

    #[test]
    fn the_table_is_the_routine() {
        assert_eq!(ROUTINE.trim().lines().count(), TABLE.len());
        for (act, _) in TABLE {
            assert_eq!(
                TABLE.iter().filter(|(of, _)| *of == act).count(),
                1,
                "{act:?}"
            );
            for role in Role::ALL {
                assert_eq!(
                    permission(&[role], act),
                    routine(act, role),
                    "{role} {act:?}"
                );
            }
        }
    }

    #[test]
    fn m01_exactly_four_roles_issue() {
        let issuing = Role::ALL
            .into_iter()
            .filter(|role| permission(&[*role], Act::IssueCard) == Permission::May)
            .count();
        assert_eq!(issuing, 4);
    }

    #[test]
    fn m03_reception_staff_widen_nothing() {
        for act in [
            Act::IssueCard,
            Act::WidenCard,
            Act::ApproveDoubtful,
            Act::ManageOperators,
            Act::ManageTenants,
        ] {
            assert_eq!(
                permission(&[Role::ReceptionStaff], act),
                Permission::No,
                "{act:?}"
            );
        }
    }

    #[test]
    fn without_a_role_nothing_is_allowed() {
        assert!(
            TABLE
                .iter()
                .all(|(act, _)| permission(&[], *act) == Permission::No)
        );
    }

    #[test]
    fn names_find_their_role() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        let refused = "root".parse::<Role>().unwrap_err().to_string();
        assert!(
            refused.starts_with("\"root\" is not a role; roles are daily-manager "),
            "{refused}"
        );
    }

    proptest! {
        #[test]
        fn several_roles_give_what_the_strongest_gives(picked in proptest::collection::vec(0_usize..7, 0..8), row in 0_usize..23) {
            let roles: Vec<Role> = picked.iter().map(|at| Role::ALL[*at]).collect();
            let act = TABLE[row].0;
            let strongest = roles.iter().map(|role| routine(act, *role)).max().unwrap_or(Permission::No);
            prop_assert_eq!(permission(&roles, act), strongest);
        }
    }
}

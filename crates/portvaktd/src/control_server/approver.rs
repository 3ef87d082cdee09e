//! Approver: who may approve what somebody else asked for.

use access::role::{Act, Permission, Role, permission};

/// Whether somebody with these roles may approve a change that needs another person for `act`, asked for by somebody with the
/// roles `of_requester`. That they are two persons is asked elsewhere.
pub(crate) fn may_approve(roles: &[Role], act: Act, of_requester: &[Role]) -> bool {
    if act == Act::ManageOperators {
        permission(roles, act) == Permission::Pending
            && CROSSWISE
                .iter()
                .any(|(asks, approves)| of_requester.contains(asks) && roles.contains(approves))
    } else {
        act == Act::DoubtfulChange && permission(roles, Act::ApproveDoubtful) == Permission::May
    }
}

/// Changes of operators: who asks, and who approves that.
const CROSSWISE: [(Role, Role); 2] = [
    (Role::DailyManager, Role::OperationsManager),
    (Role::OperationsManager, Role::DailyManager),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m04_the_operations_manager_and_the_technician_approve_what_is_in_doubt_and_nobody_else() {
        for role in Role::ALL {
            let may = matches!(role, Role::OperationsManager | Role::Technician);
            let asks = [Role::ReceptionStaff];
            assert_eq!(may_approve(&[role], Act::DoubtfulChange, &asks), may);
        }
    }

    #[test]
    fn changes_of_operators_are_approved_crosswise() {
        use Role::{DailyManager as D, OperationsManager as O};
        for (asks, approves, may) in [
            (&[D][..], &[O][..], true),
            (&[O], &[D], true),
            (&[D], &[D], false),
            (&[O], &[O], false),
            (&[D, O], &[D], true),
            (&[D, O], &[O], true),
            (&[D], &[Role::Technician, Role::Auditor], false),
            (&[], &[D, O], false),
        ] {
            let found = may_approve(approves, Act::ManageOperators, asks);
            assert_eq!(found, may, "{asks:?} {approves:?}");
        }
    }

    #[test]
    fn for_no_other_act_there_is_an_approver() {
        for act in Act::ALL {
            let waits = matches!(act, Act::ManageOperators | Act::DoubtfulChange);
            let may = may_approve(&Role::ALL, *act, &Role::ALL);
            assert_eq!(may, waits, "{act:?}");
        }
    }
}

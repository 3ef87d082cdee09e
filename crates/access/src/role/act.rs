//! Acts: what an operator may want to do, each with its name and meaning written once.

use serde::{Deserialize, Serialize};

/// An enum whose variants have a name, and a meaning that is also their documentation.
macro_rules! acts {
    ($($act:ident = $name:literal, $meaning:literal;)*) => {
        /// Something an operator may want to do; each command is one of these.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Act {
            $(#[doc = $meaning] $act,)*
        }

        impl Act {
            /// Every act, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$act),*];

            /// The name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$act => $name,)*
                }
            }

            /// What it is, in a sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$act => $meaning,)*
                }
            }
        }
    };
}

acts! {
    IssueCard = "issue-card", "Issue, activate, order, arrived, notify, import (employees only by a technician or the operations manager, M12), set a PIN (M1).";
    ChangeCard = "change-card", "Change within the card's template, return, lost, found, block, unblock an own block, clear a PIN (M3).";
    WidenCard = "widen-card", "Extend past the template, add doors, rebind, change the number: each is issuing.";
    DoubtfulChange = "doubtful-change", "Any change marked as doubtful (M4).";
    ApproveDoubtful = "approve-doubtful", "Approve somebody else's doubtful change (M4).";
    ApproveTenantCard = "approve-tenant-card", "Approve a tenant's employee cards (M16).";
    Approve = "approve", "Approve what somebody else asked for, as far as it is theirs: doubtful changes and tenants' cards as above, changes of operators crosswise between the managers (M4, M16, M31).";
    AttendApproval = "attend-approval", "See in full, or refuse, what waits and is theirs to approve, or what they asked for themselves.";
    ReadHolder = "read-holder", "See the holder's name for the act at hand.";
    ReadLog = "read-log", "Read the log under pseudonyms (M5).";
    ReadLogByPerson = "read-log-by-person", "Read the log by person, spot check, subject report, reconcile (M26–M29).";
    ManageCases = "manage-cases", "Open and close cases, disclose, set retention, hold a shredding (M21).";
    DecideReview = "decide-review", "Open a review and decide its items (M6).";
    SignReview = "sign-review", "Sign a review (M6).";
    ManageTenants = "manage-tenants", "Tenants, contacts, holidays, schedules, rights templates.";
    OpenDoor = "open-door", "Open a door once, with a reason.";
    SetDoorMode = "set-door-mode", "Set a door's mode, release a lockdown.";
    Lockdown = "lockdown", "Lock the house down.";
    Commission = "commission", "Lines, readers, keys, pairing, formats, test-open, accept a swapped reader.";
    ManageOperators = "manage-operators", "Operators, roles, training, delegation (M31).";
    ManageBackups = "manage-backups", "Backup, restore, key rotation.";
    ListCards = "list-cards", "List cards under pseudonyms.";
    ReadStatus = "read-status", "Status, and lists of doors, readers and lines.";
}

impl Act {
    /// Whether it takes training that has not expired, whatever the role: issuing, and tracing a person (M2).
    #[must_use]
    pub fn needs_training(self) -> bool {
        [Self::IssueCard, Self::WidenCard, Self::ReadLogByPerson].contains(&self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m02_issuing_and_tracing_need_training_and_nothing_else_does() {
        let trained = [Act::IssueCard, Act::WidenCard, Act::ReadLogByPerson];
        for act in Act::ALL {
            assert_eq!(act.needs_training(), trained.contains(act), "{act:?}");
        }
    }

    #[test]
    fn no_two_acts_have_one_name() {
        let mut names: Vec<&str> = Act::ALL.iter().map(|act| act.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Act::ALL.len());
    }
}

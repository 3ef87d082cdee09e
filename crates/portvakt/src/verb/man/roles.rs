//! The manual page of the roles, made from the same table by which the daemon judges.

use access::role::{Act, Permission, Role, permission};
use clap_mangen::roff::{Roff, bold, roman};

/// `portvakt-roles(7)`.
pub(super) fn page() -> String {
    let mut page = Roff::new();
    page.control("TH", ["portvakt-roles", "7"]);
    page.control("SH", ["NAME"]);
    page.text([roman("portvakt-roles - who may do what")]);
    page.control("SH", ["DESCRIPTION"]);
    page.text([roman(
        "What is not named here is refused, and the refusal is in the log. A user without a role gets one and the same answer to everything.",
    )]);
    for act in Act::ALL {
        page.control("TP", []);
        page.text([bold(act.as_str())]);
        page.text([roman(act.meaning())]);
        page.control("br", []);
        page.text([roman(who(*act))]);
        if act.needs_training() {
            page.text([roman(TRAINED)]);
        }
    }
    page.control("SH", ["SEE ALSO"]);
    page.text([bold("portvakt"), roman("(1)")]);
    page.render()
}

fn who(act: Act) -> String {
    let named = |wanted: Permission| {
        let roles = Role::ALL
            .into_iter()
            .filter(|role| permission(&[*role], act) == wanted);
        roles.map(Role::as_str).collect::<Vec<_>>().join(", ")
    };
    let clauses = [
        ("", named(Permission::May)),
        ("when another person approves: ", named(Permission::Pending)),
        ("for the own tenant only: ", named(Permission::OwnTenant)),
    ];
    let said = clauses.into_iter().filter(|(_, roles)| !roles.is_empty());
    let said: Vec<String> = said
        .map(|(before, roles)| format!("{before}{roles}"))
        .collect();
    if said.is_empty() {
        return "Nobody.".to_owned();
    }
    said.join("; ")
}

/// Said of issuing and tracing (M2).
const TRAINED: &str = "Only with a training record that has not expired.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m01_the_manual_names_the_four_roles_that_issue() {
        let issue = "daily-manager, operations-manager, receptionist, technician";
        assert_eq!(who(Act::IssueCard), issue);
        assert!(page().contains("daily\\-manager, operations\\-manager, receptionist, technician"));
    }

    #[test]
    fn the_manual_says_who_waits_and_who_keeps_to_a_tenant() {
        assert!(
            who(Act::ManageOperators).starts_with("when another person approves: daily-manager")
        );
        assert_eq!(who(Act::ApproveTenantCard), "for the own tenant only: hr");
    }
}

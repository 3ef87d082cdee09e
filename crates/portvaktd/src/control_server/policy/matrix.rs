//! The matrix: docs/roles.md is made from the role table and from the policy, and says nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use access::role::{Act, Permission, Role, permission};
use control::Request;

/// Every request there is, as the control crate freezes them.
pub(in crate::control_server) fn requests() -> Vec<Request> {
    let source = include_str!("../../../../control/src/request/tests.rs");
    let (_, golden) = source
        .split_once("const GOLDEN")
        .expect("the golden requests");
    let (golden, _) = golden.split_once("\n];").expect("their end");
    let lines = golden.lines().filter_map(|line| {
        let line = line.trim().strip_prefix("r#\"")?;
        line.strip_suffix("\"#,")
    });
    lines
        .map(|line| serde_json::from_str(line).expect("a golden request"))
        .collect()
}

/// The verbs of each act.
fn verbs() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut verbs: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for request in requests() {
        let (verb, act) = super::of(&request);
        verbs.entry(act.as_str()).or_default().insert(verb);
    }
    verbs
}

const fn mark(given: Permission) -> &'static str {
    match given {
        Permission::May => "●",
        Permission::Pending => "○",
        Permission::OwnTenant => "own tenant",
        Permission::No => "–",
    }
}

/// The head of a table of roles.
fn head(page: &mut String, what: &str) {
    let roles = Role::ALL.map(Role::as_str).join(" | ");
    let under = "---|".repeat(Role::ALL.len());
    writeln!(page, "| {what} | {roles} |\n|---|{under}").unwrap();
}

/// A row of such a table: what each role may of it.
fn row(page: &mut String, name: &str, act: Act) {
    let marks = Role::ALL.map(|role| mark(permission(&[role], act)));
    writeln!(page, "| {name} | {} |", marks.join(" | ")).unwrap();
}

fn page() -> String {
    let mut page = String::from(INTRODUCTION);
    head(&mut page, "act");
    for act in Act::ALL {
        row(&mut page, act.as_str(), *act);
    }
    page.push_str("\n## Which verb is which act\n\n| act | what it is | verbs |\n|---|---|---|\n");
    let verbs = verbs();
    for act in Act::ALL {
        let of_act: Vec<&str> = verbs
            .get(act.as_str())
            .into_iter()
            .flatten()
            .copied()
            .collect();
        let (name, meaning) = (act.as_str(), act.meaning());
        writeln!(page, "| {name} | {meaning} | {} |", of_act.join(", ")).unwrap();
    }
    page.push_str(BY_VERB);
    head(&mut page, "verb");
    let by_verb: BTreeMap<&str, Act> = requests().iter().map(super::of).collect();
    for (verb, act) in by_verb {
        row(&mut page, verb, act);
    }
    page
}

#[test]
fn the_page_of_roles_is_the_table_and_the_policy() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/roles.md");
    let made = page();
    if std::env::var_os("PORTVAKT_WRITE_ROLES").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap();
    assert_eq!(
        written, made,
        "docs/roles.md is not what the code does; PORTVAKT_WRITE_ROLES=1 writes it"
    );
}

#[test]
fn every_verb_of_the_policy_has_a_frozen_request() {
    let source = include_str!("../policy.rs");
    let seen: BTreeSet<&str> = verbs().into_values().flatten().collect();
    let named = source.split("(\"").skip(1).filter_map(|rest| {
        let (name, rest) = rest.split_once('"')?;
        rest.starts_with(", Act::").then_some(name)
    });
    let unseen: Vec<&str> = named.filter(|name| !seen.contains(name)).collect();
    assert!(unseen.is_empty(), "no golden request asks for {unseen:?}");
}

const BY_VERB: &str = "
## Who may ask for which verb

The same, verb by verb. Any change may be asked for in doubt (`--doubt`); it is then a doubtful change: whoever may ask for it may do so, and it waits.
`card-import` of employees makes cards live for a technician or the operations manager only (M12).

";

const INTRODUCTION: &str = "\
# Who may do what

Made from the code by a test; what is not marked is refused, and the refusal is in the log. A user without a role gets one and the same answer to
everything.

● may · ○ may, but it waits until another person approves it · own tenant: for that tenant's cards only · – may not

";

//! Tenants and who leaves them: what is asked, what is sent, what is said.

use std::fs;

use control::request::person::PersonRequest;
use control::request::tenant::TenantRequest;
use control::{Code, Reply, Request};

use crate::fake_daemon::{FakeDaemon, reply};
use crate::{part, refused};

const CARD: &str = r#"{"issuance":"P-3F7K2Q","kind":"supplier","state":"blocked","tenant":"Kommunen","doors":["main"],"valid_from":"2026-11-23T08:00:00.000000Z","valid_until":"2026-11-23T15:00:00.000000Z"}"#;
const ONE: &str = r#"{"line":2,"found":"one","issuances":["P-3F7K2Q"],"contact":true,"ends":"2026-12-31T23:00:00.000000Z"}"#;
const NOBODY: &str = r#"{"line":3,"found":"nobody"}"#;

fn outcome(applied: bool) -> Reply {
    reply(&format!(
        r#"{{"reply":"leavers","rows":2,"matched":1,"unmatched":1,"ambiguous":0,"cards":1,"contacts":1,"without_contact":true,"problems_total":0,"problems":[],"applied":{applied}}}"#
    ))
}

/// A card, what stands in for it, and one that is theirs only by name and mobile unless that was said.
fn leaving(others: usize) -> Vec<Reply> {
    let row = |issuance: &str, ends: bool| {
        let row = format!(r#"{{"issuance":"{issuance}","kind":"supplier","ends":{ends}}}"#);
        part("leaving", &row)
    };
    let end = Reply::End { rows: 3 };
    vec![
        row("P-3F7K2Q", true),
        row("P-7M2XK4", true),
        row("P-9QRS5T", others > 0),
        end,
    ]
}

fn answers(request: &Request, dry_run: bool) -> Vec<Reply> {
    if let Request::Person(PersonRequest::Leave { others, .. }) = request {
        return leaving(others.len());
    }
    if matches!(request, Request::Person(_)) {
        return vec![reply(
            r#"{"reply":"pending","approval":"A-12","until":"2026-11-29T08:00:00.000000Z"}"#,
        )];
    }
    let Request::Tenant(wish) = request else {
        return vec![Reply::Done { warning: None }];
    };
    match wish {
        TenantRequest::Add { .. }
        | TenantRequest::Responsible { .. }
        | TenantRequest::Rule { .. } => {
            vec![Reply::Done { warning: None }]
        }
        TenantRequest::ContactLeave { .. } => vec![
            part("card", CARD),
            reply(r#"{"reply":"contact-leave","cards":1,"without_contact":true}"#),
        ],
        TenantRequest::LeaversBegin { .. } => vec![Reply::Ready {}],
        TenantRequest::LeaversRows { .. } => Vec::new(),
        TenantRequest::LeaversEnd {} => vec![
            Reply::Progress { done: 1, total: 2 },
            part("leaver", ONE),
            part("leaver", NOBODY),
            outcome(!dry_run),
        ],
    }
}

#[test]
fn m24_who_is_responsible_is_said_with_the_tenant_or_later() {
    let daemon = FakeDaemon::start(answers);
    let (ola, mobile) = (["--responsible", "Ola"], ["--mobile", "1"]);
    for arguments in [
        [&["tenant", "add", "Kommunen"][..], &ola, &mobile].concat(),
        [&["tenant", "add", "Kommunen"][..]].concat(),
        [
            "tenant", "contact", "Kommunen", "--name", "Eva", "--mobile", "2",
        ]
        .to_vec(),
        [
            "tenant",
            "contact",
            "Kommunen",
            "--name",
            "Eva",
            "--responsible",
        ]
        .to_vec(),
    ] {
        let ran = daemon.run(&arguments);
        assert_eq!((ran.code, ran.out.as_str()), (0, "done\n"), "{}", ran.err);
    }
    let asked = daemon.asked();
    let sent: Vec<&str> = asked.iter().map(String::as_str).collect();
    assert_eq!(
        sent,
        [
            r#"{"request":{"act":"add","mobile":"1","responsible":"Ola","tenant":"Kommunen","verb":"tenant"}}"#,
            r#"{"request":{"tenant":"Kommunen","verb":"tenant-add"}}"#,
            r#"{"request":{"mobile":"2","name":"Eva","tenant":"Kommunen","verb":"tenant-contact"}}"#,
            r#"{"request":{"act":"responsible","name":"Eva","tenant":"Kommunen","verb":"tenant"}}"#,
        ]
    );
    for wrong in [
        ["tenant", "add", "Kommunen", "--responsible", "Ola"],
        ["tenant", "contact", "Kommunen", "--name", "Eva"],
    ] {
        assert_eq!(daemon.run(&wrong).code, 2);
    }
}

#[test]
fn m14_the_cards_of_a_contact_are_shown_before_they_leave() {
    let daemon = FakeDaemon::start(answers);
    let leave = ["tenant", "contact-leave", "Kommunen", "Ola"];
    let table = "issuance  kind      until\nP-3F7K2Q  supplier  2026-11-23 16:00\n";
    let ran = daemon.run(&leave);
    assert_eq!((ran.code, ran.out.as_str()), (2, table), "{}", ran.err);
    assert!(ran.err.contains("--yes"), "{}", ran.err);
    let dry = r#"{"dry_run":true,"request":{"act":"contact-leave","name":"Ola","tenant":"Kommunen","verb":"tenant"}}"#;
    assert_eq!(daemon.asked(), [dry]);
    let ran = daemon.run(&[&leave[..], &["--dry-run"]].concat());
    assert_eq!((ran.code, ran.out.as_str()), (0, table));
    assert!(ran.err.contains("nothing was changed"), "{}", ran.err);
    let ran = daemon.run(&[&leave[..], &["--yes", "--lang", "nb"]].concat());
    assert!(
        ran.out
            .ends_with("kontaktpersonen har sluttet; 1 kort er sperret til de får en annen\n")
    );
    assert!(ran.err.contains("ingen er ansvarlig"), "{}", ran.err);
    let ran = daemon.run(&[&leave[..], &["--yes", "--json"]].concat());
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines, [CARD, r#"{"cards":1,"without_contact":true}"#]);
}

#[test]
fn m25_a_list_of_leavers_is_shown_by_line_and_pseudonym_before_it_is_carried_out() {
    let daemon = FakeDaemon::start(answers);
    let file = daemon.path("leavers.csv");
    fs::write(&file, "name,last_day\nKari Ås,31.12.2026\nPer,\n").unwrap();
    let file = file.to_str().unwrap();
    let ran = daemon.run(&["tenant", "leavers", "Kommunen", file, "--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(
        ran.out,
        "line  means       issuance  contact  until\n\
         2     one person  P-3F7K2Q  yes      2027-01-01 00:00\n\
         3     nobody      -         no       -\n\
         1 cards end, 1 contact persons leave; 1 of 2 rows were left alone\n"
    );
    assert!(ran.err.contains("nobody is responsible for the tenant now"));
    let asked = daemon.asked();
    assert_eq!(asked.len(), 6, "tried, then done");
    let rows = r#"{"dry_run":true,"request":{"act":"leavers-rows","rows":[{"ends":"2026-12-31T23:00:00.000000Z","line":2,"name":"Kari Ås"},{"line":3,"name":"Per"}],"verb":"tenant"}}"#;
    assert_eq!(asked[1], rows);
    let ran = daemon.run(&["tenant", "leavers", "Kommunen", file]);
    assert_eq!(ran.code, 2, "nobody can be asked");
    let ran = daemon.run(&["tenant", "leavers", "Kommunen", file, "--dry-run", "--json"]);
    assert_eq!((ran.code, ran.out.lines().count()), (0, 3));
    assert!(!ran.out.contains("Kari"), "{}", ran.out);
}

#[test]
fn m25_a_list_that_cannot_be_taken_is_refused_by_line_and_column_before_it_is_sent() {
    let daemon = FakeDaemon::start(|_, _| refused(Code::Usage, "not asked for here"));
    let file = daemon.path("leavers.csv");
    for (csv, says) in [
        (
            "name,born\nKari,1990\n",
            "\"born\" may not be in a list of leavers",
        ),
        ("name,last_day\nKari,soon\n", "1 rows cannot be taken"),
    ] {
        fs::write(&file, csv).unwrap();
        let ran = daemon.run(&["tenant", "leavers", "Kommunen", file.to_str().unwrap()]);
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains(says), "{}", ran.err);
    }
    assert!(daemon.asked().is_empty());
}

#[test]
fn m30_only_the_other_cards_that_were_listed_end_too() {
    let daemon = FakeDaemon::start(answers);
    let leave = ["person", "leave", "P-3F7K2Q"];
    let ran = daemon.run(&leave);
    assert_eq!(ran.code, 2, "nobody can be asked");
    assert_eq!(
        ran.out,
        "issuance  kind      until  ends now\n\
         P-3F7K2Q  supplier  -      yes\n\
         P-7M2XK4  supplier  -      yes\n\
         P-9QRS5T  supplier  -      no\n"
    );
    assert!(ran.err.contains("1 other cards"), "{}", ran.err);
    let ran = daemon.run(&[&leave[..], &["--yes"]].concat());
    assert!(ran.out.contains("\n2 cards ended and are due back"));
    let ran = daemon.run(&[&leave[..], &["--with-others", "--yes", "--json"]].concat());
    assert_eq!((ran.code, ran.out.lines().count()), (0, 4), "{}", ran.err);
    let doubt = ["--with-others", "--yes", "--doubt", "which Kari"];
    daemon.run(&[&leave[..], &doubt].concat());
    let asked = daemon.asked();
    let dry = r#"{"dry_run":true,"request":{"act":"leave","issuance":"P-3F7K2Q","verb":"person"}}"#;
    let done = r#"{"request":{"act":"leave","issuance":"P-3F7K2Q","verb":"person"}}"#;
    let others = r#"{"request":{"act":"leave","issuance":"P-3F7K2Q","others":["P-9QRS5T"],"verb":"person"}}"#;
    let doubted = r#"{"doubt":"which Kari","request":{"act":"leave","issuance":"P-3F7K2Q","others":["P-9QRS5T"],"verb":"person"}}"#;
    assert_eq!(asked, [dry, dry, done, dry, others, dry, doubted]);
}

#[test]
fn m30_an_operator_leaves_once_somebody_approves_it() {
    let daemon = FakeDaemon::start(answers);
    let leave = ["person", "leave", "--operator", "rita", "P-3F7K2Q"];
    assert_eq!(daemon.run(&leave).code, 2, "nobody can be asked");
    let ran = daemon.run(&[&leave[..], &["--yes"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("A-12"), "{}", ran.out);
    let sent = r#"{"request":{"act":"leave-operator","cards":["P-3F7K2Q"],"user":"rita","verb":"person"}}"#;
    assert_eq!(daemon.asked(), [sent]);
    let two = ["person", "leave", "P-3F7K2Q", "P-7M2XK4"];
    let ran = daemon.run(&two);
    assert!(
        ran.code == 2 && ran.err.contains("--operator"),
        "{}",
        ran.err
    );
}

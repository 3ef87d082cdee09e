//! Operators: what each verb asks of the daemon, and how its answer is said.

use control::request::operator::OperatorRequest;
use control::{Code, Reply, Request};

use crate::fake_daemon::{FakeDaemon, Ran, reply};
use crate::{part, refused};

const RITA: &str = r#"{"operator":"rita","uid":1002,"roles":["receptionist","hr"],"tenant":"Kommunen","trained_until":"2027-11-30T23:00:00.000000Z","delegations":[{"role":"daily-manager","from":"2026-12-23T23:00:00.000000Z","until":"2027-01-02T23:00:00.000000Z","by":"dina"}]}"#;

/// Every change waits for another manager, as the daemon has it.
fn managers(request: &Request, dry_run: bool) -> Vec<Reply> {
    let Request::Operator(wish) = request else {
        return refused(Code::Usage, "not asked for here");
    };
    vec![if matches!(wish, OperatorRequest::List {}) {
        return vec![part("operator", RITA), Reply::End { rows: 1 }];
    } else if dry_run {
        Reply::Done { warning: None }
    } else {
        reply(r#"{"reply":"pending","approval":"A-12","until":"2026-11-30T08:00:00.000000Z"}"#)
    }]
}

fn run(line: &str) -> (Ran, String) {
    let daemon = FakeDaemon::start(managers);
    let ran = daemon.run(&line.split(' ').collect::<Vec<_>>());
    (ran, daemon.asked().concat())
}

#[test]
fn m31_every_change_of_an_operator_is_sent_as_it_was_meant_and_waits_for_another_manager() {
    for (line, sent) in [
        (
            "operator add rita --role receptionist,hr --tenant Kommunen",
            r#"{"request":{"act":"add","roles":["receptionist","hr"],"tenant":"Kommunen","user":"rita","verb":"operator"}}"#,
        ),
        (
            "operator role rita --add technician --remove hr",
            r#"{"request":{"act":"role","add":["technician"],"remove":["hr"],"user":"rita","verb":"operator"}}"#,
        ),
        (
            "operator delegate rita --role daily-manager --from 2026-12-24 --until 2027-01-02",
            r#"{"request":{"act":"delegate","from":"2026-12-23T23:00:00.000000Z","role":"daily-manager","until":"2027-01-02T23:00:00.000000Z","user":"rita","verb":"operator"}}"#,
        ),
        (
            "operator delegate rita --end",
            r#"{"request":{"act":"end-delegation","user":"rita","verb":"operator"}}"#,
        ),
        (
            "operator delegate rita --end --role daily-manager",
            r#"{"request":{"act":"end-delegation","role":"daily-manager","user":"rita","verb":"operator"}}"#,
        ),
        (
            "operator remove rita",
            r#"{"request":{"act":"remove","user":"rita","verb":"operator"}}"#,
        ),
    ] {
        let (ran, asked) = run(line);
        assert_eq!((ran.code, asked.as_str()), (0, sent), "{line}: {}", ran.err);
        assert!(
            ran.out.starts_with("pending A-12  until Mon 2026-11-30"),
            "{}",
            ran.out
        );
    }
}

#[test]
fn m02_training_counts_through_the_day_it_is_recorded_for() {
    let (ran, asked) = run("operator training rita --until 30.11.2027");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(
        asked,
        r#"{"request":{"act":"training","until":"2027-11-30T23:00:00.000000Z","user":"rita","verb":"operator"}}"#
    );
    assert_eq!(
        ran.err,
        "until: Wed 2027-12-01 00:00 Europe/Oslo (+01:00)\n"
    );
}

#[test]
fn operators_are_a_table_for_people_and_rows_for_scripts() {
    let (ran, _) = run("operator list");
    assert_eq!(
        ran.out,
        "operator  uid   roles             tenant    trained until     delegated\n\
         rita      1002  receptionist, hr  Kommunen  2027-12-01 00:00  daily-manager 2026-12-24 00:00 – 2027-01-03 00:00 (dina)\n"
    );
    let (ran, _) = run("--lang nb operator list");
    assert!(
        ran.out.contains("resepsjonist, HR") && ran.out.contains("daglig leder"),
        "{}",
        ran.out
    );
    let (ran, asked) = run("--json operator list");
    assert_eq!((ran.code, ran.out), (0, format!("{RITA}\n")));
    assert_eq!(asked, r#"{"request":{"act":"list","verb":"operator"}}"#);
}

#[test]
fn a_dry_run_of_a_removal_is_sent_as_one_and_says_that_nothing_changed() {
    let (ran, asked) = run("--dry-run operator remove rita");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert!(asked.contains(r#""dry_run":true"#), "{asked}");
    assert_eq!(ran.err, "dry run: nothing was changed\n");
}

#[test]
fn what_cannot_be_meant_never_reaches_the_daemon() {
    for (line, said) in [
        ("operator add rita", "--role"),
        ("operator add rita --role janitor", "is not a role"),
        ("operator role rita", "--add"),
        ("operator role rita --remove hr --tenant Kommunen", "--add"),
        ("operator training rita", "--until"),
        ("operator delegate rita --role hr", "--until"),
        ("operator delegate rita --until 2027-01-02", "--role"),
        ("operator delegate rita --end --until 2027-01-02", "--until"),
        ("operator training rita --until soon", "soon"),
    ] {
        let (ran, asked) = run(line);
        assert_eq!((ran.code, asked.as_str()), (2, ""), "{line}");
        assert!(ran.err.contains(said), "{line}: {}", ran.err);
    }
}

#[test]
fn a_refusal_says_the_rule_in_the_language_of_the_desk() {
    let daemon = FakeDaemon::start(|_, _| {
        let what = "nobody changes their own roles, training or delegations; another manager does";
        refused(Code::Refused, what)
    });
    let ran = daemon.run(&["--lang", "nb", "operator", "remove", "dina"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
    assert_eq!(
        ran.err,
        "portvakt: ingen endrer sine egne roller, opplæring eller delegeringer; det gjør en annen leder\n"
    );
}

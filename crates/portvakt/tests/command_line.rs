//! The command line as scripts and people meet it: the real binary against a daemon
//! that speaks control frames.
#![allow(
    clippy::unwrap_used,
    reason = "the helpers of these tests are not themselves tests"
)]

#[cfg(test)]
#[path = "command_line/approvals.rs"]
mod approvals;
#[cfg(test)]
#[path = "command_line/backups.rs"]
mod backups;
#[cfg(test)]
#[path = "command_line/bad_values.rs"]
mod bad_values;
#[cfg(test)]
#[path = "command_line/charges.rs"]
mod charges;
#[path = "command_line/desk.rs"]
mod desk;
#[path = "command_line/fake_daemon.rs"]
mod fake_daemon;
#[cfg(test)]
#[path = "command_line/language.rs"]
mod language;
#[cfg(test)]
#[path = "command_line/life.rs"]
mod life;
#[cfg(test)]
#[path = "command_line/operators.rs"]
mod operators;
#[cfg(test)]
#[path = "command_line/reconcile.rs"]
mod reconcile;
#[path = "command_line/tenants.rs"]
mod tenants;
#[cfg(test)]
#[path = "command_line/terminal.rs"]
mod terminal;

use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};

use control::request::reader::ReaderRequest;
use control::{Code, Refusal, Reply, Request};
use fake_daemon::{FakeDaemon, reply};

const CARD: &str = r#"{"issuance":"P-3F7K2Q","kind":"supplier","state":"active","tenant":"Kommunen","doors":["main","cellar"],"valid_from":"2026-11-23T08:00:00.000000Z","valid_until":"2026-11-23T15:00:00.000000Z"}"#;
const EVENT: &str = r#"{"index":7,"time":"2026-11-23T08:14:03.123456Z","class":"passage","event":"access-granted","door":"main","reader":"main-in","issuance":"P-3F7K2Q","reason":"ok","generation":812,"clock":"synchronised"}"#;

pub(crate) fn part(kind: &str, row: &str) -> Reply {
    reply(&format!(r#"{{"reply":"part","row":{{"{kind}":{row}}}}}"#))
}

pub(crate) fn refused(code: Code, message: &str) -> Vec<Reply> {
    vec![Reply::Refused(Refusal::new(code, message))]
}

fn cards(_: &Request, _: bool) -> Vec<Reply> {
    vec![part("card", CARD), Reply::End { rows: 1 }]
}

#[test]
fn a_list_is_a_table_for_people() {
    let daemon = FakeDaemon::start(cards);
    let ran = daemon.run(&["card", "list"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(
        ran.out,
        "issuance  state   kind      until             tenant    doors\n\
         P-3F7K2Q  active  supplier  2026-11-23 16:00  Kommunen  main, cellar\n"
    );
}

#[test]
fn a_list_is_one_object_a_line_for_scripts() {
    let daemon = FakeDaemon::start(cards);
    let ran = daemon.run(&["--json", "card", "list", "--kind", "supplier"]);
    assert_eq!((ran.code, ran.out), (0, format!("{CARD}\n")));
    assert_eq!(
        daemon.asked(),
        [r#"{"request":{"kind":"supplier","verb":"card-list"}}"#]
    );
}

#[test]
fn an_empty_list_leaves_standard_output_empty() {
    let daemon = FakeDaemon::start(|_, _| vec![Reply::End { rows: 0 }]);
    let ran = daemon.run(&["door", "list"]);
    assert_eq!(
        (ran.code, ran.out.as_str(), ran.err.as_str()),
        (0, "", "nothing found\n")
    );
}

#[test]
fn every_refusal_is_one_line_and_its_exit_code() {
    let daemon = FakeDaemon::start(|request, _| {
        if matches!(request, Request::CardBlock(_)) {
            refused(Code::Refused, "your role may not do that")
        } else if matches!(request, Request::Reader(ReaderRequest::Show { .. })) {
            refused(Code::NotFound, "no reader x")
        } else if matches!(request, Request::Status {}) {
            refused(Code::Failed, "the register is busy")
        } else {
            refused(Code::Usage, "no")
        }
    });
    for (line, code, message) in [
        (
            "card block P-3F7K2Q --reason x",
            3,
            "your role may not do that",
        ),
        ("reader show x", 4, "no reader x"),
        ("status", 1, "the register is busy"),
        ("tenant add x", 2, "no"),
    ] {
        let ran = daemon.run(&line.split(' ').collect::<Vec<_>>());
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{line}");
        assert_eq!(ran.err, format!("portvakt: {message}\n"));
    }
}

#[test]
fn no_daemon_is_exit_code_5_and_names_the_socket() {
    let output = Command::new(env!("CARGO_BIN_EXE_portvakt"))
        .args(["--socket", "/nonexistent/s", "status"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(5));
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(
        err.starts_with("portvakt: no daemon answers at /nonexistent/s"),
        "{err}"
    );
}

#[test]
fn answers_are_norwegian_at_a_norwegian_desk() {
    let daemon = FakeDaemon::start(|_, _| {
        vec![reply(
            r#"{"reply":"changed","issuance":"P-3F7K2Q","state":"blocked"}"#,
        )]
    });
    for lang in ["nb", "sv", "da"] {
        let ran = daemon.run(&["--lang", lang, "card", "block", "P-3F7K2Q", "--reason", "x"]);
        assert_eq!((ran.code, ran.out.as_str()), (0, "P-3F7K2Q  sperret\n"));
    }
}

#[test]
fn a_reader_key_is_sent_and_never_shown() {
    let daemon = FakeDaemon::start(|_, _| vec![Reply::Done { warning: None }]);
    let key = "00112233445566778899AABBCCDDEEFF";
    fs::write(daemon.path("good.key"), format!("{key}\n")).unwrap();
    fs::write(daemon.path("bad.key"), &key[1..]).unwrap();
    let good = daemon.path("good.key");
    let ran = daemon.run(&[
        "reader",
        "set-key",
        "main-in",
        "--key-file",
        good.to_str().unwrap(),
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(!(ran.out + &ran.err).to_uppercase().contains(key));
    assert!(daemon.asked().concat().contains(&key.to_lowercase()));
    let bad = daemon.path("bad.key");
    let ran = daemon.run(&[
        "reader",
        "set-key",
        "main-in",
        "--key-file",
        bad.to_str().unwrap(),
    ]);
    assert_eq!(ran.code, 2);
    assert!(!ran.err.contains("112233"), "{}", ran.err);
}

#[test]
fn a_pin_is_read_from_a_file_only_and_never_shown() {
    let daemon = FakeDaemon::start(|_, _| {
        vec![reply(
            r#"{"reply":"pin-set","issuance":"P-3F7K2Q","number":"004217"}"#,
        )]
    });
    let file = daemon.path("pin");
    fs::write(&file, "15926837\n26041593\n").unwrap();
    let from = file.to_str().unwrap();
    let ran = daemon.run(&["card", "pin", "set", "P-3F7K2Q", "--pin-file", from]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(
        ran.out,
        "P-3F7K2Q  PIN set; without a card: 004217, then the PIN\n"
    );
    assert_eq!(
        daemon.asked(),
        [
            r#"{"request":{"act":"set","duress":"26041593","issuance":"P-3F7K2Q","pin":"15926837","verb":"card-pin"}}"#
        ]
    );
    // Nobody is at the terminal to type it.
    let ran = daemon.run(&["card", "pin", "set", "P-3F7K2Q"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("--pin-file"), "{}", ran.err);
    let ran = daemon.run(&["card", "pin", "set", "P-3F7K2Q", "15926837"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
}

#[test]
fn rights_and_hours_are_asked_for_as_they_are_written() {
    let daemon = FakeDaemon::start(|request, _| {
        if !request.changes() {
            let right =
                r#"{"place":"yard","schedule":"office","valid_until":"2026-12-24T14:00:00Z"}"#;
            return vec![part("right", right), Reply::End { rows: 1 }];
        }
        vec![Reply::Done { warning: None }]
    });
    let ran = daemon.run(&["right", "list", "P-3F7K2Q"]);
    assert_eq!(
        ran.out,
        "door or group  schedule  from  until             justified\n\
         yard           office    -     2026-12-24 15:00  -\n"
    );
    let until = "24.12.2026 15:00";
    let grant = [
        "right",
        "grant",
        "P-3F7K2Q",
        "main",
        "yard@office",
        "--reason",
        "r",
        "--until",
        until,
    ];
    let ran = daemon.run(&grant);
    assert_eq!((ran.code, ran.out.as_str()), (0, "done\n"));
    assert_eq!(
        ran.err,
        "until: Thu 2026-12-24 15:00 Europe/Oslo (+01:00)\n"
    );
    daemon.run(&[
        "schedule",
        "set",
        "office",
        "mon-fri 08:00-16:00",
        "sat 10:00-14:00",
    ]);
    daemon.run(&["--dry-run", "holiday", "set", "12-25"]);
    assert_eq!(
        daemon.asked()[1..],
        [
            r#"{"request":{"act":"grant","issuance":"P-3F7K2Q","reason":"r","rights":[{"place":"main"},{"place":"yard","schedule":"office"}],"valid_until":"2026-12-24T14:00:00.000000Z","verb":"right"}}"#,
            r#"{"request":{"act":"set","schedule":"office","verb":"schedule","windows":["mon-fri 08:00-16:00","sat 10:00-14:00"]}}"#,
            r#"{"dry_run":true,"request":{"act":"set","day":"12-25","kind":"holiday","verb":"holiday"}}"#,
        ]
    );
    let ran = daemon.run(&["right", "grant", "P-3F7K2Q", "yard@", "--reason", "r"]);
    assert_eq!(ran.code, 2);
}

#[test]
fn events_are_lines_in_the_sites_zone_or_the_promised_json() {
    let daemon = FakeDaemon::start(|_, _| vec![part("event", EVENT), Reply::End { rows: 1 }]);
    let ran = daemon.run(&["log", "show", "--since", "today 06:00", "--denied"]);
    assert_eq!(
        ran.out,
        "2026-11-23 09:14:03  main              access-granted      P-3F7K2Q  ok\n"
    );
    assert_eq!(
        daemon.asked(),
        [r#"{"request":{"denied":true,"since":"2026-11-23T05:00:00.000000Z","verb":"log-show"}}"#]
    );
    assert_eq!(
        daemon.run(&["log", "show", "--json"]).out,
        format!("{EVENT}\n")
    );
}

#[test]
fn a_follower_sees_events_at_once_and_may_leave() {
    let daemon = FakeDaemon::start(|_, _| vec![part("event", EVENT); 3]);
    let mut follower = daemon
        .command(&["--json", "log", "follow"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = vec![0; EVENT.len() + 1];
    follower
        .stdout
        .take()
        .unwrap()
        .read_exact(&mut line)
        .unwrap();
    assert_eq!(line, format!("{EVENT}\n").as_bytes());
    follower.kill().unwrap();
    follower.wait().unwrap();
}

#[test]
fn why_shows_each_rule_and_the_verdict() {
    let daemon = FakeDaemon::start(|_, _| {
        vec![reply(
            r#"{"reply":"why","issuance":"P-3F7K2Q","door":"main","at":"2026-11-23T08:00:00Z","generation":812,"clock":"synchronised","rules":[{"rule":"known","saw":"P-3F7K2Q","verdict":"pass"},{"rule":"validity","saw":"ended 2026-11-21T15:00:00Z","verdict":"expired"}],"allowed":false,"reason":"expired"}"#,
        )]
    });
    let ran = daemon.run(&["why", "P-3F7K2Q", "main"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(
        ran.out,
        "rule      verdict  saw\n\
         known     pass     P-3F7K2Q\n\
         validity  expired  ended 2026-11-21 16:00:00\n\
         main stays shut: expired (Mon 2026-11-23 09:00 Europe/Oslo (+01:00), generation 812, clock synchronised)\n"
    );
    assert_eq!(daemon.run(&["why", "12:34", "main"]).code, 2);
}

#[test]
fn completions_and_manual_pages_need_no_daemon() {
    let daemon = FakeDaemon::start(|_, _| Vec::new());
    let ran = daemon.run(&["--socket", "/nonexistent/s", "completions", "bash"]);
    assert!(ran.code == 0 && ran.out.contains("set-key"));
    let dir = daemon.dir.path().to_str().unwrap();
    assert_eq!(
        daemon.run(&["--socket", "/nonexistent/s", "man", dir]).code,
        0
    );
    let page = fs::read_to_string(daemon.path("portvakt-card-issue.1")).unwrap();
    assert!(page.contains("portvakt card issue"));
}

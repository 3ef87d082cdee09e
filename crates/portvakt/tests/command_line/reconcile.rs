//! `log reconcile`: its exit codes, its JSON, and what people read.

use control::{Code, Reply, Request};

use crate::fake_daemon::{Answers, FakeDaemon, reply};
use crate::refused;

const CLEAN: &str = r#"{"reply":"reconciled","events":184467,"rows":912,"differences":0}"#;
const FOUND: &str = r#"{"reply":"reconciled","events":184467,"rows":912,"differences":2,"first":{"what":"issuance P-3F7K2Q","event":1201,"expected":"kind=supplier state=active","found":"kind=new-hire state=active"}}"#;
const GONE: &str = r#"{"reply":"reconciled","events":5,"rows":4,"differences":1,"first":{"what":"lockdown of door 3","event":4}}"#;

fn progress() -> Reply {
    reply(r#"{"reply":"progress","done":65536,"total":184467}"#)
}

fn clean(_: &Request, _: bool) -> Vec<Reply> {
    vec![progress(), reply(CLEAN)]
}

fn found(_: &Request, _: bool) -> Vec<Reply> {
    vec![progress(), reply(FOUND)]
}

#[test]
fn a_register_that_is_what_the_log_says_ends_with_0() {
    let ran = FakeDaemon::start(clean).run(&["log", "reconcile"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(
        ran.out,
        "events                184467\nrows                  912\ndifferences           0\n"
    );
}

#[test]
fn a_difference_ends_with_6_and_says_the_first_also_in_norwegian() {
    let daemon = FakeDaemon::start(found);
    let ran = daemon.run(&["log", "reconcile"]);
    assert_eq!(ran.code, 6);
    assert_eq!(
        ran.err,
        "portvakt: the register is not what the log says: 2 differences\n"
    );
    let says = |lines: &[(&str, &str)]| {
        let line = |(label, value): &(&str, &str)| format!("{label:<22}{value}\n");
        lines.iter().map(line).collect::<String>()
    };
    assert_eq!(
        ran.out,
        says(&[
            ("events", "184467"),
            ("rows", "912"),
            ("differences", "2"),
            ("first", "issuance P-3F7K2Q"),
            ("event", "1201"),
            ("expected", "kind=supplier state=active"),
            ("found", "kind=new-hire state=active"),
        ])
    );
    let ran = daemon.run(&["--lang", "nb", "log", "reconcile"]);
    assert_eq!(ran.code, 6);
    assert!(ran.out.contains("avvik                 2\n"), "{}", ran.out);
}

#[test]
fn json_is_one_object_and_the_exit_code_is_the_same() {
    let ran = FakeDaemon::start(found).run(&["--json", "log", "reconcile"]);
    assert_eq!(ran.code, 6);
    assert_eq!(
        ran.out,
        r#"{"events":184467,"rows":912,"differences":2,"first":{"what":"issuance P-3F7K2Q","event":1201,"expected":"kind=supplier state=active","found":"kind=new-hire state=active"}}
"#
    );
    let ran = FakeDaemon::start(clean).run(&["--json", "log", "reconcile"]);
    assert_eq!(ran.code, 0);
    assert_eq!(
        ran.out,
        "{\"events\":184467,\"rows\":912,\"differences\":0}\n"
    );
}

#[test]
fn a_row_that_is_gone_has_a_dash_where_there_is_nothing_to_say() {
    let ran = FakeDaemon::start(|_, _| vec![reply(GONE)]).run(&["log", "reconcile"]);
    assert_eq!(ran.code, 6);
    for line in [
        "lockdown of door 3",
        "event                 4",
        "found                 -",
    ] {
        assert!(ran.out.contains(line), "{}", ran.out);
    }
}

#[test]
fn what_keeps_it_from_comparing_is_no_difference() {
    let failed: Answers = |_, _| refused(Code::Failed, "the disk failed");
    let not_allowed: Answers = |_, _| refused(Code::Refused, "a role is needed");
    for (answers, exit) in [(failed, 1), (not_allowed, 3)] {
        let ran = FakeDaemon::start(answers).run(&["log", "reconcile"]);
        assert_eq!((ran.code, ran.out.as_str()), (exit, ""), "{}", ran.err);
    }
    let astray = FakeDaemon::start(|_, _| vec![progress(), Reply::End { rows: 0 }]);
    let ran = astray.run(&["log", "reconcile"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{}", ran.err);
    let nobody = FakeDaemon::start(clean);
    let mut command = nobody.command(&["log", "reconcile"]);
    let ran = command.env("PORTVAKT_SOCKET", nobody.path("elsewhere"));
    assert_eq!(ran.output().unwrap().status.code(), Some(5));
}

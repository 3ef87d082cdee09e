//! A card between its issue and its return: what is asked for, what is sent, what is said and written.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use control::{Code, Reply, Request};

use crate::fake_daemon::{FakeDaemon, reply};
use crate::refused;

fn answers(request: &Request, _: bool) -> Vec<Reply> {
    if let Request::CardIssue(wish) = request {
        let state = if wish.uncertain { "pending" } else { "ordered" };
        return vec![reply(&format!(
            r#"{{"reply":"issued","issuance":"P-3F7K2Q","kind":"{}","state":"{state}","tenant":"Kommunen","doors":["main"],"valid_from":"2026-11-23T08:00:00Z"}}"#,
            wish.kind
        ))];
    }
    if let Request::CardList(_) = request {
        return vec![Reply::End { rows: 0 }];
    }
    if let Request::CardReturn(_) = request {
        return vec![reply(
            r#"{"reply":"changed","issuance":"P-3F7K2Q","state":"returned","already":true}"#,
        )];
    }
    let Request::CardLife(wish) = request else {
        return refused(Code::Usage, "not asked for here");
    };
    vec![reply(if wish.changes() {
        r#"{"reply":"changed","issuance":"P-3F7K2Q","state":"active"}"#
    } else {
        r#"{"reply":"form","site":"Huset","card":{"issuance":"P-3F7K2Q","kind":"supplier","state":"active","tenant":"Kommunen","doors":["main"],"valid_from":"2026-11-23T08:00:00Z","valid_until":"2026-11-23T15:00:00Z","name":"Kari"},"rights":[{"place":"main"}]}"#
    })]
}

fn asked(line: &str) -> (i32, String, String) {
    let daemon = FakeDaemon::start(answers);
    let ran = daemon.run(&line.split(' ').collect::<Vec<_>>());
    (ran.code, daemon.asked().concat(), ran.err)
}

#[test]
fn what_is_due_back_on_a_day_is_one_in_the_houses_zone() {
    for (line, sent) in [
        (
            "card list --due",
            r#""due":{"between":{"from":"2026-11-22T23:00:00.000000Z","until":"2026-11-23T23:00:00.000000Z"}}"#,
        ),
        (
            "card list --due 25.10.2026",
            r#""due":{"between":{"from":"2026-10-24T22:00:00.000000Z","until":"2026-10-25T23:00:00.000000Z"}}"#,
        ),
        ("card list --overdue", r#""due":{"overdue":{}}"#),
    ] {
        let (code, asked, err) = asked(line);
        assert_eq!(code, 0, "{err}");
        assert!(asked.contains(sent), "{asked}");
    }
    let (code, _, err) = asked("card list --due soon");
    assert!(code == 2 && err.contains("cannot read the time"), "{err}");
    assert_eq!(asked("card list --due today --overdue").0, 2);
}

#[test]
fn a_change_sends_what_is_to_be_different_and_says_how_a_time_was_understood() {
    let daemon = FakeDaemon::start(answers);
    let ran = daemon.run(&[
        "card",
        "change",
        "P-3F7K2Q",
        "--until",
        "24.12.2026 15:00",
        "--firm",
        "Rør AS",
    ]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "P-3F7K2Q  active\n"));
    assert_eq!(
        ran.err,
        "until: Thu 2026-12-24 15:00 Europe/Oslo (+01:00)\n"
    );
    assert_eq!(
        daemon.asked(),
        [
            r#"{"request":{"act":"change","firm":"Rør AS","issuance":"P-3F7K2Q","valid_until":"2026-12-24T14:00:00.000000Z","verb":"card-life"}}"#
        ]
    );
    let (code, _, _) = asked("card change P-3F7K2Q --until +1d --no-end");
    assert_eq!(code, 2);
}

#[test]
fn m13_a_word_of_the_superior_is_needed_to_vouch() {
    let (code, sent, _) = asked("card vouch P-3F7K2Q --superior Siv --confirmed");
    assert_eq!(code, 0);
    assert!(sent.contains(r#""act":"vouch","issuance":"P-3F7K2Q","superior":"Siv""#));
    assert_eq!(asked("card vouch P-3F7K2Q --superior Siv").0, 2);
}

#[test]
fn m17_an_order_is_an_employee_card_without_its_plastic() {
    let fields =
        "--name K --firm F --mobile 9 --contact O --tenant T --door main --identified-by p";
    let (code, sent, err) = asked(&format!("card order {fields} --replaces P-9ABCDE"));
    assert_eq!(code, 0, "{err}");
    for part in [
        r#""kind":"employee""#,
        r#""replaces":"P-9ABCDE""#,
        r#""return_duty_told":false"#,
    ] {
        assert!(sent.contains(part), "{sent}");
    }
    assert!(err.contains("card arrived P-3F7K2Q"), "{err}");
    let issue = format!("card issue --kind supplier --until +1d {fields} --uncertain");
    let (code, sent, err) = asked(&issue);
    assert!(code == 0 && sent.contains(r#""uncertain":true"#), "{err}");
    assert!(err.contains("card vouch P-3F7K2Q"), "{err}");
}

#[test]
fn m15_the_form_is_a_file_of_ones_own_and_replaces_none_unasked() {
    let daemon = FakeDaemon::start(answers);
    let file = daemon.path("form.html");
    let to = file.to_str().unwrap();
    let write = |more: &[&str]| {
        let form = ["--lang", "nb", "card", "form", "P-3F7K2Q", "--to", to];
        daemon.run(&[&form[..], more].concat())
    };
    assert_eq!(write(&[]).code, 0);
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let page = fs::read_to_string(&file).unwrap();
    assert!(page.contains("lang=\"nb\"") && page.contains("leveres tilbake"));
    let before = daemon.asked().len();
    assert_eq!(write(&[]).code, 2, "nobody can be asked");
    assert_eq!(daemon.asked().len(), before, "nothing is read for it");
    assert_eq!(write(&["--yes"]).code, 0);
    let on_paper = daemon.run(&["card", "form", "P-3F7K2Q"]);
    assert!(on_paper.out.starts_with("<!DOCTYPE html>"));
}

#[test]
fn m19_a_return_that_was_made_before_is_said_to_be() {
    let (code, _, err) = asked("card return P-3F7K2Q --form-shredded");
    assert_eq!((code, err.as_str()), (0, "it was returned before\n"));
}

//! What waits for another person: how it is asked, said and shown.

use control::{Reply, Request};

use crate::fake_daemon::{FakeDaemon, reply};

fn kept(request: &Request, _: bool) -> Vec<Reply> {
    let Request::Approval(_) = request else {
        return vec![reply(
            r#"{"reply":"pending","approval":"A-12","until":"2026-11-30T08:00:00Z"}"#,
        )];
    };
    vec![reply(
        r#"{"reply":"approved","approval":"A-12","verb":"card-block","issuance":"P-3F7K2Q"}"#,
    )]
}

fn of_tenant(request: &Request, _: bool) -> Vec<Reply> {
    let json = serde_json::to_string(request).unwrap();
    if json.contains("rule") {
        return vec![reply(
            r#"{"reply":"done","warning":"nobody has the role hr"}"#,
        )];
    }
    if json.contains("approve") {
        let approved = r#"{"reply":"approved","approval":"B-3","verb":"card-import","cards":12}"#;
        return vec![reply(approved)];
    }
    let row = r#"{"reply":"part","row":{"card":{"issuance":"P-3F7K2Q","kind":"employee","state":"pending","tenant":"Kommunen","doors":["main"],"valid_from":"2026-11-22T08:00:00.000000Z","name":"Kari Nordmann","firm":"Kommunen"}}}"#;
    vec![reply(row), reply(r#"{"reply":"end","rows":1}"#)]
}

#[test]
fn m16_hr_sees_whose_cards_wait_and_approves_the_batch() {
    let daemon = FakeDaemon::start(of_tenant);
    let ran = daemon.run(&["approval", "show", "B-3"]);
    for word in ["P-3F7K2Q", "pending", "Kari Nordmann", "main"] {
        assert!(ran.out.contains(word), "{word}: {}", ran.out);
    }
    let ran = daemon.run(&["approval", "approve", "B-3"]);
    assert_eq!(ran.out, "B-3  approved and done: card-import 12\n");
    let rule = ["tenant", "rule", "Kommunen", "--employee-cards-by-hr"];
    let ran = daemon.run(&[&rule[..], &["yes"]].concat());
    assert_eq!((ran.code, ran.out.as_str()), (0, "done\n"));
    assert_eq!(ran.err, "portvakt: nobody has the role hr\n");
    assert!(
        daemon
            .asked()
            .concat()
            .contains(r#""employee_cards_by_hr":true"#)
    );
    assert_eq!(daemon.run(&[&rule[..], &["perhaps"]].concat()).code, 2);
}

fn listed(request: &Request, _: bool) -> Vec<Reply> {
    if request.changes() {
        return vec![reply(r#"{"reply":"done"}"#)];
    }
    let row = r#"{"approval":"A-12","verb":"card-block","asked_by":"rita","issuance":"P-3F7K2Q","since":"2026-11-23T08:00:00Z","until":"2026-11-30T08:00:00Z","approvers":["kari","ole"]}"#;
    let json = serde_json::to_string(request).unwrap();
    if json.contains("list") {
        let part = format!(r#"{{"reply":"part","row":{{"approval":{row}}}}}"#);
        return vec![reply(&part), reply(r#"{"reply":"end","rows":1}"#)];
    }
    let view = format!(
        r#"{{"reply":"approval","row":{row},"doubt":"is it hers?","asked":[{{"field":"reason","value":"lost"}}]}}"#
    );
    vec![reply(&view)]
}

const BLOCK: [&str; 7] = [
    "card",
    "block",
    "P-3F7K2Q",
    "--reason",
    "lost",
    "--doubt",
    "is it hers?",
];

#[test]
fn m04_doubt_goes_with_the_change_and_its_number_is_said_in_every_dress() {
    let daemon = FakeDaemon::start(kept);
    let ran = daemon.run(&BLOCK);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(
        ran.out
            .starts_with("pending A-12  until Mon 2026-11-30 09:00"),
        "{}",
        ran.out
    );
    let asked = daemon.asked().concat();
    assert!(asked.contains(r#""doubt":"is it hers?""#), "{asked}");
    let ran = daemon.run(&[&BLOCK[..], &["--json"]].concat());
    assert_eq!(
        ran.out,
        "{\"approval\":\"A-12\",\"until\":\"2026-11-30T08:00:00.000000Z\"}\n"
    );
    let ran = daemon.run(&[&BLOCK[..], &["--lang", "nb"]].concat());
    assert!(
        ran.out.starts_with("venter A-12  til man 2026-11-30"),
        "{}",
        ran.out
    );
}

#[test]
fn what_was_approved_is_named_with_its_issuance() {
    let daemon = FakeDaemon::start(kept);
    let ran = daemon.run(&["approval", "approve", "A-12"]);
    assert_eq!(ran.out, "A-12  approved and done: card-block P-3F7K2Q\n");
    let ran = daemon.run(&["approval", "approve", "twelve"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("A-12 is a change"), "{}", ran.err);
}

#[test]
fn what_waits_is_a_table_and_one_of_it_is_field_by_field() {
    let daemon = FakeDaemon::start(listed);
    let ran = daemon.run(&["approval", "list"]);
    for word in [
        "waits as",
        "A-12",
        "card-block",
        "rita",
        "P-3F7K2Q",
        "kari, ole",
    ] {
        assert!(ran.out.contains(word), "{word}: {}", ran.out);
    }
    let ran = daemon.run(&["approval", "show", "A-12"]);
    assert!(
        ran.out.contains("doubt                 is it hers?"),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains("reason                lost"),
        "{}",
        ran.out
    );
    let ran = daemon.run(&["approval", "refuse", "A-12", "--reason", "no"]);
    assert_eq!(ran.out, "A-12  waits no more; nothing was done\n");
    let asked = daemon.asked();
    assert!(!asked.concat().contains("doubt"), "{asked:?}");
}

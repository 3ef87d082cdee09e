//! Issuing and importing: what is asked, what is sent, what is said.

use std::fs;

use control::{Code, Reply, Request};

use crate::fake_daemon::{FakeDaemon, reply};
use crate::refused;

fn issued(request: &Request, dry_run: bool) -> Vec<Reply> {
    let Request::CardIssue(issue) = request else {
        return refused(Code::Usage, "not asked for here");
    };
    let mut replies = Vec::new();
    if issue.card.is_some() && !dry_run {
        replies.push(Reply::Waiting {
            reader: "main-in".into(),
            wait_s: 60,
        });
    }
    replies.push(reply(
        r#"{"reply":"issued","issuance":"P-3F7K2Q","kind":"supplier","state":"active","tenant":"Kommunen","doors":["main"],"valid_from":"2026-11-23T08:00:00Z","valid_until":"2026-11-23T15:00:00Z"}"#,
    ));
    replies
}

const ISSUE: [&str; 18] = [
    "card",
    "issue",
    "--kind",
    "supplier",
    "--name",
    "Kari Nordmann",
    "--firm",
    "Rør AS",
    "--mobile",
    "900",
    "--contact",
    "Ola",
    "--tenant",
    "Kommunen",
    "--door",
    "main",
    "--identified-by",
    "passport",
];

#[test]
fn issuing_waits_for_the_card_and_says_what_it_understood() {
    let daemon = FakeDaemon::start(issued);
    let more = [
        "--until",
        "today 16:00",
        "--present",
        "main-in",
        "--return-duty-told",
    ];
    let ran = daemon.run(&[&ISSUE[..], &more].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(
        ran.out,
        "P-3F7K2Q  active  supplier  until Mon 2026-11-23 16:00 Europe/Oslo (+01:00)  doors: main\n"
    );
    assert_eq!(
        ran.err,
        "until: Mon 2026-11-23 16:00 Europe/Oslo (+01:00)\n\
         present the card at main-in now (60 s)\n"
    );
    let asked = daemon.asked().concat();
    assert!(
        asked.contains(r#""valid_until":"2026-11-23T15:00:00.000000Z""#),
        "{asked}"
    );
    assert!(
        asked.contains(r#""present":{"reader":"main-in","wait_s":60}"#),
        "{asked}"
    );
}

#[test]
fn issuing_off_a_terminal_names_what_is_missing() {
    let daemon = FakeDaemon::start(issued);
    for (line, missing) in [
        (
            "card issue",
            "--kind, --name, --firm, --mobile, --contact, --tenant, --door, --identified-by",
        ),
        (
            "card issue --kind supplier --name K --firm F --mobile 9 --door a,b",
            "--contact, --tenant, --until, --identified-by",
        ),
    ] {
        let ran = daemon.run(&line.split(' ').collect::<Vec<_>>());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        assert_eq!(ran.err, format!("portvakt: missing: {missing}\n"));
    }
    assert!(daemon.asked().is_empty());
}

#[test]
fn m09_a_card_for_one_that_was_forgotten_ends_with_the_working_day() {
    let daemon = FakeDaemon::start(issued);
    let mut forgotten = ISSUE;
    forgotten[3] = "forgotten";
    let ran = daemon.run(&forgotten);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(
        ran.err,
        "until: Mon 2026-11-23 16:00 Europe/Oslo (+01:00)\n"
    );
    let asked = daemon.asked().concat();
    let end = r#""valid_until":"2026-11-23T15:00:00.000000Z""#;
    assert!(asked.contains(end), "{asked}");
}

#[test]
fn a_time_that_is_twice_or_past_is_never_guessed() {
    let daemon = FakeDaemon::start(issued);
    for (until, message) in [
        ("25.10.2026 02:30", "comes twice in Europe/Oslo"),
        ("yesterday 12:00", "has already passed"),
        ("soon", "cannot read the time"),
    ] {
        let ran = daemon.run(&[&ISSUE[..], &["--until", until]].concat());
        assert_eq!(ran.code, 2, "{until}");
        assert!(ran.err.contains(message), "{}", ran.err);
    }
    assert!(daemon.asked().is_empty());
}

#[test]
fn no_card_is_bound_unless_the_return_duty_was_told() {
    let daemon = FakeDaemon::start(issued);
    let number = [
        "--until",
        "+1d",
        "--number",
        "123:45678",
        "--format",
        "H10301",
    ];
    let ran = daemon.run(&[&ISSUE[..], &number].concat());
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("--return-duty-told") && daemon.asked().is_empty(),
        "{}",
        ran.err
    );
}

#[test]
fn a_dry_run_is_sent_and_said() {
    let daemon = FakeDaemon::start(issued);
    let ran = daemon.run(&[&ISSUE[..], &["--until", "+1d", "--dry-run"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.err.contains("dry run: nothing was changed"),
        "{}",
        ran.err
    );
    assert!(daemon.asked().concat().starts_with(r#"{"dry_run":true"#));
}

fn import(request: &Request, dry_run: bool) -> Vec<Reply> {
    if matches!(request, Request::CardImportBegin { .. }) {
        return vec![Reply::Ready {}];
    }
    if !matches!(request, Request::CardImportEnd {}) {
        return Vec::new();
    }
    vec![reply(&format!(
        r#"{{"reply":"import","rows":500,"added":499,"changed":0,"unchanged":1,"problems_total":0,"problems":[],"applied":{}}}"#,
        !dry_run
    ))]
}

fn roster(daemon: &FakeDaemon, extra_column: &str) -> String {
    let mut csv = format!("number,format,name,firm,mobile,contact,tenant,doors{extra_column}\n");
    for number in 0..500 {
        csv.push_str(&format!(
            "1:{number},H10301,{},F,9,O,T,main\n",
            "Kari ".repeat(40)
        ));
    }
    let path = daemon.path("employees.csv");
    fs::write(&path, csv).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn an_import_shows_its_difference_before_it_changes_anything() {
    let daemon = FakeDaemon::start(import);
    let file = roster(&daemon, "");
    let ran = daemon.run(&["card", "import", &file]);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (2, ""),
        "off a terminal it needs --yes"
    );
    assert!(
        ran.err.contains("499 new, 0 changed, 1 unchanged"),
        "{}",
        ran.err
    );
    assert!(
        daemon
            .asked()
            .iter()
            .all(|asked| asked.starts_with(r#"{"dry_run":true"#))
    );
}

#[test]
fn an_import_with_yes_goes_over_once_and_tells_its_difference() {
    let daemon = FakeDaemon::start(import);
    let file = roster(&daemon, "");
    let ran = daemon.run(&["card", "import", &file, "--yes"]);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (0, "500 rows imported\n"),
        "{}",
        ran.err
    );
    let difference = "499 new, 0 changed, 1 unchanged";
    assert!(ran.err.contains(difference), "{}", ran.err);
    let asked = daemon.asked();
    let of = |verb: &'static str| asked.iter().filter(move |asked| asked.contains(verb));
    assert!(
        of("card-import-rows").count() > 1,
        "the rows take several frames"
    );
    let ends: Vec<_> = of("card-import-end").collect();
    assert!(ends.len() == 1 && !ends[0].contains("dry_run"), "{ends:?}");
}

#[test]
fn an_import_with_a_personal_column_never_reaches_the_daemon() {
    let daemon = FakeDaemon::start(import);
    let file = roster(&daemon, ",born");
    let ran = daemon.run(&["card", "import", &file, "--yes"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("\"born\" may not be recorded"),
        "{}",
        ran.err
    );
    assert!(daemon.asked().is_empty());
}

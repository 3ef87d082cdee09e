//! Lost cards and charges: what is said, and what is written for invoicing.

use std::fs;

use control::{Code, Reply, Request};

use crate::fake_daemon::{FakeDaemon, reply};
use crate::{part, refused};

const LOST: &str = r#"{"voucher":"2026-0007","at":"2026-11-22T23:30:00.000000Z","tenant":"Kommunen","kind":"lost-card","ore":40000,"issuance":"P-3F7K2Q","name":"=Kari"}"#;
const BACK: &str = r#"{"voucher":"2026-0008","at":"2026-11-23T08:00:00.000000Z","tenant":"Kommunen","kind":"reversal","ore":-40000,"reverses":"2026-0007"}"#;

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "whatever else is asked has no business here"
)]
fn answers(request: &Request, _: bool) -> Vec<Reply> {
    match request {
        Request::Charge(_) => vec![
            part("charge", LOST),
            part("charge", BACK),
            Reply::End { rows: 2 },
        ],
        Request::CardLost { .. } => vec![reply(
            r#"{"reply":"changed","issuance":"P-3F7K2Q","state":"lost","charge":{"voucher":"2026-0007","tenant":"Kommunen","ore":40000}}"#,
        )],
        Request::CardFound { .. } => vec![reply(
            r#"{"reply":"changed","issuance":"P-3F7K2Q","state":"active","charge":{"voucher":"2026-0008","tenant":"Kommunen","ore":-40000}}"#,
        )],
        Request::CardReturn(_) => vec![reply(
            r#"{"reply":"changed","issuance":"P-3F7K2Q","state":"returned","was_lost":true,"unexported":1}"#,
        )],
        _ => refused(Code::Usage, "not asked for here"),
    }
}

#[test]
fn m18_a_loss_and_a_find_say_what_is_charged_and_given_back() {
    let daemon = FakeDaemon::start(answers);
    let said = |arguments: &[&str]| daemon.run(arguments).out;
    assert_eq!(
        said(&["card", "lost", "P-3F7K2Q"]),
        "P-3F7K2Q  lost\n400.00 kr charged to Kommunen, voucher 2026-0007\n"
    );
    assert_eq!(
        said(&["--lang", "nb", "card", "found", "P-3F7K2Q"]),
        "P-3F7K2Q  aktivt\nkr 400,00 godskrevet Kommunen, bilag 2026-0008\n"
    );
    assert_eq!(
        said(&["card", "return", "P-3F7K2Q", "--form-shredded"]),
        "P-3F7K2Q  returned\n\
         the card was reported lost and did not come back; what was charged for it stays\n\
         charges not exported: 1; nobody knows any more for whom they are\n"
    );
}

#[test]
fn charges_are_a_table_for_people_and_csv_for_spreadsheets() {
    let daemon = FakeDaemon::start(answers);
    assert_eq!(
        daemon.run(&["charge", "list"]).out,
        "voucher    at          tenant    kind                    kroner  issuance  exported\n\
         2026-0007  2026-11-23  Kommunen  lost-card               400.00  P-3F7K2Q  -\n\
         2026-0008  2026-11-23  Kommunen  reversal of 2026-0007  -400.00  -         -\n"
    );
    assert_eq!(
        daemon.run(&["--lang", "nb", "charge", "list"]).out,
        "bilag      når         leietaker  type                       kroner  utstedelse  eksportert\n\
         2026-0007  2026-11-23  Kommunen   tapt kort                  400,00  P-3F7K2Q    -\n\
         2026-0008  2026-11-23  Kommunen   godskriving av 2026-0007  -400,00  -           -\n"
    );
    assert_eq!(
        daemon.run(&["charge", "list", "--csv"]).out,
        "voucher,date,tenant,kind,amount,reverses,issuance\n\
         2026-0007,2026-11-23,Kommunen,lost-card,400.00,,P-3F7K2Q\n\
         2026-0008,2026-11-23,Kommunen,reversal,-400.00,2026-0007,\n"
    );
    let json = daemon.run(&["--json", "charge", "list"]).out;
    assert_eq!(json.lines().next(), Some(LOST));
}

#[test]
fn m18_an_export_is_a_new_file_of_names_that_are_text() {
    let daemon = FakeDaemon::start(answers);
    let file = daemon.path("november.csv");
    let to = file.to_str().unwrap();
    let dry = daemon.run(&["--dry-run", "charge", "export", "--to", to]);
    assert!(dry.code == 0 && !file.exists(), "{}", dry.err);
    let ran = daemon.run(&["charge", "export", "--to", to]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(ran.out, format!("2 charges written to {to}\n"));
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        "voucher,date,tenant,kind,amount,reverses,name\n\
         2026-0007,2026-11-23,Kommunen,lost-card,400.00,,'=Kari\n\
         2026-0008,2026-11-23,Kommunen,reversal,-400.00,2026-0007,\n"
    );
    let asked = daemon.asked().len();
    let again = daemon.run(&["charge", "export", "--to", to]);
    assert_eq!(again.code, 1, "it is there already");
    assert_eq!(daemon.asked().len(), asked, "nothing is marked as exported");
}

#[test]
fn an_export_that_is_refused_leaves_no_file() {
    let daemon = FakeDaemon::start(|_, _| refused(Code::Refused, "not for the role"));
    let file = daemon.path("none.csv");
    let ran = daemon.run(&["charge", "export", "--to", file.to_str().unwrap()]);
    assert!(ran.code == 3 && !file.exists(), "{}", ran.err);
}

#[test]
fn m34_the_stock_is_listed_with_who_holds_it_and_a_card_in_the_hand_is_told() {
    let daemon = FakeDaemon::start(|request, _| {
        if matches!(request, Request::CardTrace { .. }) {
            return vec![reply(
                r#"{"reply":"traced","card":{"issuance":"P-3F7K2Q","kind":"supplier","state":"lost","tenant":"Kommunen","doors":["main"],"stock":"S-014","valid_from":"2026-11-22T08:00:00.000000Z"},"stock":{"stock":"S-014","state":"lost","issuance":"P-3F7K2Q"}}"#,
            )];
        }
        vec![
            part("stock", r#"{"stock":"S-013","state":"in-house"}"#),
            part(
                "stock",
                r#"{"stock":"S-014","state":"lent","issuance":"P-3F7K2Q"}"#,
            ),
            Reply::End { rows: 2 },
        ]
    });
    assert_eq!(
        daemon.run(&["--lang", "nb", "card", "stock", "list"]).out,
        "kort   status   utstedelse\nS-013  i huset  -\nS-014  utlånt   P-3F7K2Q\n"
    );
    let traced = daemon.run(&["card", "trace", "--stock", "s-14"]);
    assert_eq!(
        traced.out,
        "card                  S-014, lost\n\
         issuance              P-3F7K2Q\n\
         state                 lost\n\
         kind                  supplier\n\
         tenant                Kommunen\n"
    );
    let unnamed = daemon.run(&["card", "trace"]);
    assert_eq!(unnamed.code, 2, "{}", unnamed.err);
}

#[test]
fn an_activation_says_that_the_card_is_live() {
    let daemon = FakeDaemon::start(|_, _| {
        vec![reply(
            r#"{"reply":"changed","issuance":"P-3F7K2Q","state":"active"}"#,
        )]
    });
    let ran = daemon.run(&[
        "card",
        "activate",
        "P-3F7K2Q",
        "--number",
        "1:2",
        "--format",
        "H10301",
        "--return-duty-told",
    ]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "P-3F7K2Q  active\n"));
}

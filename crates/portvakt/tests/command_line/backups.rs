//! Backups: what is said of them, and how a restore reaches the daemon's half of it.

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use control::{Code, Reply, Request};

use crate::fake_daemon::{FakeDaemon, Ran, reply};
use crate::{part, refused};

const ROW: &str = r#"{"backup":"20261122T080000Z","at":"2026-11-22T08:00:00.000000Z","origin":"house.example/portvakt","events":812,"generation":7,"files":9,"octets":4096}"#;

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "whatever else is asked has no business here"
)]
fn answers(request: &Request, dry_run: bool) -> Vec<Reply> {
    use control::request::backup::BackupRequest as B;
    match request {
        Request::Backup(B::Create { .. } | B::Shreds {}) if dry_run => {
            vec![Reply::Done { warning: None }]
        }
        Request::Backup(B::Create { .. }) => vec![reply(&format!(
            r#"{{"reply":"backup-made","dir":"/var/backups/portvakt/20261122T080000Z","backup":{ROW},"keys":12}}"#
        ))],
        Request::Backup(B::Shreds {}) => vec![reply(
            r#"{"reply":"shreds-kept","file":"/var/backups/portvakt/shreds","at":"2026-11-23T08:00:00.000000Z","cards":812,"octets":30000}"#,
        )],
        Request::Backup(B::List {}) => vec![part("backup", ROW), Reply::End { rows: 1 }],
        Request::CardShow { .. } => vec![reply(
            r#"{"reply":"card","issuance":"P-3F7K2Q","kind":"employee","state":"active","tenant":"Kommunen","doors":["main"],"valid_from":"2026-11-23T08:00:00.000000Z","contact":"Ola"}"#,
        )],
        _ => refused(Code::Usage, "not asked for here"),
    }
}

#[test]
fn a_backup_is_made_under_a_passphrase_that_nobody_sees_and_listed() {
    let daemon = FakeDaemon::start(answers);
    let phrase = daemon.path("phrase");
    fs::write(&phrase, "correct horse battery\n").unwrap();
    let create = ["backup", "create", "--passphrase-file"];
    let ran = daemon.run(&[&create[..], &[phrase.to_str().unwrap()]].concat());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains("20261122T080000Z") && ran.out.contains("812"));
    assert!(!ran.out.contains("horse"));
    assert!(daemon.asked()[0].contains("correct horse battery"));
    let ran = daemon.run(&["backup", "create"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("--passphrase-file"), "{}", ran.err);
    let ran = daemon.run(&["backup", "list"]);
    assert!(ran.out.contains("20261122T080000Z") && ran.out.contains("house.example/portvakt"));
    let ran = daemon.run(&["--json", "backup", "list"]);
    assert_eq!(ran.out, format!("{ROW}\n"));
}

#[test]
fn who_is_still_there_is_written_down_and_where_is_said() {
    let daemon = FakeDaemon::start(answers);
    let ran = daemon.run(&["backup", "shreds"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains("/var/backups/portvakt/shreds") && ran.out.contains("812"));
    let ran = daemon.run(&["--lang", "nb", "backup", "shreds"]);
    assert!(ran.out.contains("fil") && ran.out.contains("oktetter"));
    let ran = daemon.run(&["--dry-run", "backup", "shreds"]);
    assert_eq!(ran.code, 0);
    assert_eq!(
        daemon.asked().last().unwrap(),
        r#"{"dry_run":true,"request":{"act":"shreds","verb":"backup"}}"#
    );
}

#[test]
fn a_card_without_a_holder_says_so_and_what_to_do() {
    let daemon = FakeDaemon::start(answers);
    let ran = daemon.run(&["card", "show", "P-3F7K2Q"]);
    assert!(
        ran.out.contains("not registered: lost with a disk") && ran.out.contains("card change"),
        "{}",
        ran.out
    );
    let ran = daemon.run(&["--lang", "nb", "card", "show", "P-3F7K2Q"]);
    assert!(ran.out.contains("ikke registrert"), "{}", ran.out);
    let alone = daemon.run(&["card", "change", "P-3F7K2Q", "--identified-by", "passport"]);
    assert_eq!(alone.code, 2);
    assert!(alone.err.contains("--name"), "{}", alone.err);
}

/// The binary beside a daemon that says what it was told, and ends as this says.
fn restore(ends: u8, arguments: &[&str]) -> Ran {
    let dir = tempfile::tempdir().unwrap();
    let (own, other) = (dir.path().join("portvakt"), dir.path().join("portvaktd"));
    let built = env!("CARGO_BIN_EXE_portvakt");
    fs::hard_link(built, &own)
        .or_else(|_| fs::copy(built, &own).map(drop))
        .unwrap();
    let script = format!("#!/bin/sh\necho \"$@\"\nread phrase\necho \"$phrase\"\nexit {ends}\n");
    fs::write(&other, script).unwrap();
    fs::set_permissions(&other, Permissions::from_mode(0o755)).unwrap();
    let mut child = Command::new(own)
        .env("LC_ALL", "C.UTF-8")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"correct horse battery\n").ok();
    drop(stdin);
    Ran::from(child.wait_with_output().unwrap())
}

#[test]
fn a_restore_is_done_by_the_daemons_half_which_gets_everything_and_the_passphrase_unseen() {
    let all = [
        "--dry-run",
        "backup",
        "restore",
        "--from",
        "/media/backup",
        "--config",
        "/etc/c.toml",
        "--shreds",
        "s1",
        "--shreds",
        "s2",
        "--log",
        "old",
        "--anchor",
        "note",
        "--replace",
        "--passphrase-file",
        "-",
    ];
    let ran = restore(0, &all);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(
        ran.out,
        "restore --passphrase-file - --config /etc/c.toml --from /media/backup --shreds s1 --shreds s2 --log old --anchor note --replace --dry-run\ncorrect horse battery\n"
    );
    let from = ["backup", "restore", "--from", "x", "--passphrase-file", "-"];
    for (ends, code) in [(78, 2), (65, 6), (1, 1)] {
        assert_eq!(restore(ends, &from).code, code, "{ends}");
    }
    let both = ["--shreds", "s", "--without-shreds"];
    assert_eq!(restore(0, &[&from[..], &both].concat()).code, 2);
    assert_eq!(
        restore(0, &from[..4]).code,
        2,
        "nobody is there to be asked"
    );
}

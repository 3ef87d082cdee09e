//! A witness's word, handed in over the socket: kept if it is one of the configuration and about this log.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use control::reply::witness::{LogCheckpoint, WitnessRow};
use control::{Client, ClientError, Reply, Request, Row};
use event_log::Cosigner;
use event_log::disk::RealDisk;
use event_log::verify::{Note, Options, verify_dir};
use rustix::process::Signal;

use super::house::{House, text};

fn witness() -> Cosigner {
    Cosigner::new("witness.example", &[9; 32]).unwrap()
}

fn table(url: &str, key: &str) -> String {
    format!("[[witness]]\nname = \"auditor\"\nurl = \"{url}\"\nkey = \"{key}\"\n")
}

fn house() -> House {
    let house = House::new();
    let key = witness().verifier().to_string();
    house.configure(&table("http://127.0.0.1:1", &key));
    house
}

fn checkpoint(house: &House, old: u64) -> LogCheckpoint {
    let reply = house.ask(Request::LogCheckpoint { old });
    let Reply::LogCheckpoint(checkpoint) = reply else {
        panic!("no checkpoint: {reply:?}")
    };
    checkpoint
}

/// The checkpoint with this witness's word, given so many seconds from now.
fn cosigned(house: &House, checkpoint: &LogCheckpoint, by: &Cosigner, ahead: u64) -> String {
    let (_, hello) = Client::connect(&house.socket()).unwrap();
    let note: Note = checkpoint.checkpoint.parse().unwrap();
    let time = hello.now.utc().saturating_add(Duration::from_secs(ahead));
    let line = by.cosign(&note, time);
    format!("{note}{line}")
}

/// Exit code and message.
fn push(house: &House, checkpoint: String) -> Result<Option<String>, (u8, String)> {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    match client.ask(Request::WitnessPush { checkpoint }, false) {
        Ok(Reply::Done { warning }) => Ok(warning),
        Err(ClientError::Refused(refusal)) => Err((refusal.code.into(), refusal.message)),
        other => panic!("{other:?}"),
    }
}

fn list(house: &House) -> WitnessRow {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    client.send(Request::WitnessList {}, false).unwrap();
    let reply = client.receive().unwrap();
    let Reply::Part {
        row: Row::Witness(row),
    } = reply
    else {
        panic!("no witness: {reply:?}")
    };
    row
}

fn warnings(house: &House) -> Vec<String> {
    let Reply::Status(status) = house.ask(Request::Status {}) else {
        panic!("no status")
    };
    status.warnings
}

#[test]
fn a_witnesss_word_is_checked_and_kept_and_anchors_the_log() {
    let house = house();
    let daemon = house.start();
    assert_eq!(list(&house).size, None);
    let never = |warning: &String| warning.contains("has never vouched");
    assert!(warnings(&house).iter().any(never));
    let first = checkpoint(&house, 0);
    assert!(first.size > 0 && first.consistency.is_empty());
    assert_eq!(
        push(&house, cosigned(&house, &first, &witness(), 0)),
        Ok(None)
    );
    assert_eq!(list(&house).size, Some(first.size));
    assert!(!warnings(&house).iter().any(never));

    // It grows, is shown to go on from there, and the older word replaces no newer one.
    house.ask(Request::TenantAdd {
        tenant: "Kommunen".into(),
    });
    let mut second = checkpoint(&house, first.size);
    for _ in 0..200 {
        if second.size > first.size {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
        second = checkpoint(&house, first.size);
    }
    assert!(second.size > first.size && !second.consistency.is_empty());
    assert_eq!(
        push(&house, cosigned(&house, &second, &witness(), 0)),
        Ok(None)
    );
    let warning = push(&house, cosigned(&house, &first, &witness(), 5)).unwrap();
    assert!(warning.unwrap().contains("newer"));

    daemon.kill();
    let options = Options {
        witnesses: vec![witness().verifier()],
        ..Options::default()
    };
    let disk = RealDisk::new(house.data().join("log"));
    let report = verify_dir(&disk, options, &mut |_| {}).unwrap();
    assert_eq!(report.witnessed[0].size, second.size);
}

#[test]
fn what_is_no_word_of_a_witness_of_this_log_is_refused() {
    let house = house();
    let _daemon = house.start();
    let good = checkpoint(&house, 0);
    let other = Cosigner::new("witness.example", &[8; 32]).unwrap();
    let (code, said) = push(&house, cosigned(&house, &good, &other, 0)).unwrap_err();
    assert_eq!((code, said.contains("no [[witness]]")), (3, true), "{said}");
    let (code, said) = push(&house, cosigned(&house, &good, &witness(), 7_200)).unwrap_err();
    assert_eq!((code, said.contains("in the future")), (6, true), "{said}");
    let longer = cosigned(&house, &good, &witness(), 0).replacen(
        &format!("\n{}\n", good.size),
        &format!("\n{}\n", good.size + 1),
        1,
    );
    assert_eq!(push(&house, longer).unwrap_err().0, 6);
    assert_eq!(push(&house, "nonsense".to_owned()).unwrap_err().0, 2);
    assert!(!house.data().join("log/witnessed").exists());
}

/// Both programs: the daemon with no network, a witness, and the process between them.
#[test]
fn the_command_line_carries_checkpoints_to_a_witness_and_its_word_back() {
    let portvakt = command_line();
    let house = House::new();
    let status = house.start();
    let Reply::LogStatus(log) = house.ask(Request::LogStatus {}) else {
        panic!("no status")
    };
    drop(status.stop());
    let state = house.data().parent().unwrap().join("witness");
    let mut process = Command::new(&portvakt)
        .args(["--json", "witness", "run", "--listen", "127.0.0.1:0"])
        .args(["--state", state.to_str().unwrap(), "--log", &log.verifier])
        .args(["--name", "w1"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = first_line(&mut process);
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    let url = format!("http://{}", said["listens"].as_str().unwrap());
    let key = said["key"].as_str().unwrap();
    house.configure(&table(&url, key));
    let daemon = house.start();
    for _ in 0..2 {
        let pushed = run(&portvakt, &house, &["--json", "witness", "push"]);
        assert!(pushed.contains("\"witness\":\"w1\""), "{pushed}");
    }
    let listed = run(&portvakt, &house, &["witness", "list"]);
    assert!(listed.contains("auditor"), "{listed}");
    let verify = ["log", "verify", "--now", "--witness-key", key];
    let verified = run(&portvakt, &house, &verify);
    assert!(
        verified.contains("witnessed by w1 up to record"),
        "{verified}"
    );
    // A reload takes another witness in and this one out.
    house.configure("");
    daemon.signal(Signal::HUP);
    let gone = (0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        run(&portvakt, &house, &["--json", "witness", "list"]).is_empty()
    });
    assert!(gone);
    process.kill().unwrap();
    process.wait().unwrap();
}

fn run(portvakt: &Path, house: &House, arguments: &[&str]) -> String {
    let output = Command::new(portvakt)
        .env("PORTVAKT_SOCKET", house.socket())
        .env("LC_ALL", "C.UTF-8")
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn first_line(process: &mut Child) -> String {
    use std::io::BufRead;
    let mut line = String::new();
    let stdout = process.stdout.take().unwrap();
    std::io::BufReader::new(stdout)
        .read_line(&mut line)
        .unwrap();
    line
}

/// The command line lies beside the daemon; a test of this crate alone has not built it.
fn command_line() -> PathBuf {
    let daemon = env!("CARGO_BIN_EXE_portvaktd");
    let beside = Path::new(daemon).with_file_name("portvakt");
    // Whoever runs all tests has both binaries already.
    if std::env::var_os("PORTVAKT_BIN_DIR").is_some() {
        return beside;
    }
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--package", "portvakt"])
        .args(daemon.contains("/release/").then_some("--release"))
        .status()
        .unwrap();
    assert!(built.success());
    beside
}

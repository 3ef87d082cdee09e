//! What the README shows of a visitor's life: its own lines are run, in a real house with a simulated reader.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of these tests are not themselves tests"
)]

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use building_sim::{
    Dice, DoorSpec, Hall, HallReader, House as Plan, Line, LineSpec, Person, ReaderSpec,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// A house with one reader, its daemon, and somebody who runs lines in its folder.
struct House {
    folder: TempDir,
    hall: Hall,
    daemon: Child,
    /// How long the hall has lived.
    age: Duration,
}

impl House {
    fn open() -> Self {
        build_the_daemon();
        let folder = tempfile::tempdir().unwrap();
        let line = Line::lay(folder.path(), "tty").unwrap().paced(BAUD);
        let zone = format!("time_zone = \"{}\"", zone_where_it_is_morning());
        let plan = plan(folder.path(), line.device());
        let plan = plan.replace("time_zone = \"Europe/Oslo\"", &zone);
        fs::write(folder.path().join("portvakt.toml"), plan).unwrap();
        let reader = HallReader {
            name: "main-in",
            address: 0,
            key: KEY,
        };
        let hall = Hall::open(line, &[reader], Dice::new(7)).unwrap();
        let init = daemon(folder.path())
            .args(["init", "--config", "portvakt.toml", "--operator"])
            .arg(format!("{}:technician", user()))
            .output()
            .unwrap();
        assert!(init.status.success(), "{}", text(&init.stderr));
        fs::write(folder.path().join("verifier.txt"), &init.stdout).unwrap();
        fs::write(folder.path().join("key.txt"), hex(&KEY)).unwrap();
        let journal = File::create(folder.path().join("journal")).unwrap();
        let daemon = daemon(folder.path())
            .args(["--config", "portvakt.toml"])
            .stderr(journal)
            .spawn()
            .unwrap();
        let mut house = Self {
            folder,
            hall,
            daemon,
            age: Duration::ZERO,
        };
        house.wait_for("status", "");
        house.run("portvakt reader set-key main-in --key-file key.txt");
        house.wait_for("reader list", "secure");
        house
    }

    /// Until the answer holds this.
    fn wait_for(&mut self, verb: &str, said: &str) {
        for _ in 0..TRIES_MAX {
            let (done, answer) = self.tried(&format!("portvakt {verb}"));
            if done && answer.contains(said) {
                return;
            }
        }
        panic!("{verb} never says {said:?}");
    }

    /// One line of a shell that must do what it says; what it answers.
    fn run(&mut self, line: &str) -> String {
        let (done, answer) = self.tried(line);
        assert!(done, "{line}\n{answer}");
        answer
    }

    /// Runs a line while the house lives on; whoever is asked to present a card does.
    fn tried(&mut self, line: &str) -> (bool, String) {
        let bin = Path::new(env!("CARGO_BIN_EXE_portvakt")).parent().unwrap();
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
        let (out, err) = (self.path("out"), self.path("err"));
        let mut shell = Command::new("sh")
            .args(["-euc", line])
            .current_dir(self.folder.path())
            .env("PATH", path)
            .env("PORTVAKT_SOCKET", self.path("control.sock"))
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null())
            .stdout(File::create(&out).unwrap())
            .stderr(File::create(&err).unwrap())
            .spawn()
            .unwrap();
        let mut presented = false;
        let status = loop {
            self.hall.go_on(self.age).unwrap();
            self.age += MOMENT;
            if !presented
                && fs::read_to_string(&err)
                    .unwrap()
                    .contains("present the card")
            {
                presented = true;
                self.hall.present(&OLA, "main-in").unwrap();
            }
            if let Some(status) = shell.try_wait().unwrap() {
                break status;
            }
        };
        let answer = fs::read_to_string(out).unwrap() + &fs::read_to_string(err).unwrap();
        (status.success(), answer)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Stopped as an administrator would.
    fn close(&mut self) {
        kill_process(Pid::from_child(&self.daemon), Signal::TERM).unwrap();
        assert!(self.daemon.wait().unwrap().success());
    }
}

impl Drop for House {
    fn drop(&mut self) {
        // Closed already is as good.
        self.daemon.kill().ok();
        self.daemon.wait().ok();
    }
}

/// The commands of the first block behind a line of the README that begins with these words, each as one line.
fn commands_behind(words: &str) -> Vec<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let page = fs::read_to_string(page).unwrap();
    let (_, rest) = page.split_once(&format!("\n{words}")).unwrap();
    let (_, rest) = rest.split_once("```console\n").unwrap();
    let (block, _) = rest.split_once("```").unwrap();
    let block = block.replace("\\\n", " ");
    let lines = block.lines().map(|line| line.strip_prefix("$ ").unwrap());
    lines.map(str::to_owned).collect()
}

#[test]
fn m19_a_visitors_whole_life_is_six_commands_and_nothing_of_them_is_left() {
    let mut house = House::open();
    for line in commands_behind("`init` prints the log's two verifier keys") {
        if line.starts_with("portvakt tenant ") {
            house.run(&line);
        }
    }
    let life = commands_behind("A visitor's whole life");
    assert_eq!(life.len(), 6, "{life:?}");
    let [issue, why, change, due, back, verify] = life.try_into().unwrap();
    let issued = house.run(&issue);
    let pseudonym = issued.find("P-").map(|at| &issued[at..at + 8]);
    let pseudonym = pseudonym.unwrap().to_owned();
    let meant = |line: &str| line.replace("P-3F7K2Q", &pseudonym);
    assert!(house.run(&meant(&why)).contains("main opens"));
    house.hall.present(&OLA, "main-in").unwrap();
    house.wait_for("log show --door main", "access-granted");
    house.run(&meant(&change));
    let doubt =
        r#"portvakt card block P-3F7K2Q --reason "Ola Prøve left" --doubt "is it Ola Prøve?""#;
    assert!(house.run(&meant(doubt)).contains("A-1"));
    assert!(house.run(&due).contains(&pseudonym));
    house.run(&meant(&back));
    let verified = house.run(&verify);
    house.close();
    must_be_nowhere(&house, &pseudonym);
    assert!(verified.contains("verified"), "{verified}");
}

/// Name, firm, mobile, card number and pseudonym are in no file of the data directory, nor in the journal.
fn must_be_nowhere(house: &House, pseudonym: &str) {
    let card = OLA.card().unwrap();
    let traces: [&[u8]; 8] = [
        OLA.name.as_bytes(),
        OLA.firm.as_bytes(),
        OLA.mobile.as_bytes(),
        b"000 002",
        card.bits(),
        b"61:54321",
        pseudonym.as_bytes(),
        &pseudonym.as_bytes()[2..],
    ];
    for expected in [
        "data/register.db",
        "data/allowlist.snapshot",
        "data/log/checkpoint",
        "journal",
    ] {
        assert!(house.path(expected).is_file(), "no {expected}");
    }
    for trace in traces {
        // The log's segments are long, and a test that is not optimised is slow.
        let found = Command::new("grep")
            .args(["--recursive", "--text", "--fixed-strings"])
            .args(["--files-with-matches", "--regexp"])
            .arg(OsStr::from_bytes(trace))
            .args([house.path("data"), house.path("journal")])
            .env("LC_ALL", "C")
            .output()
            .unwrap();
        // 1 is nothing found; 2 would be a search that failed.
        assert_eq!(found.status.code(), Some(1), "{}", text(&found.stdout));
    }
}

/// The shortest house with a reader at which cards are presented.
fn plan(folder: &Path, device: &Path) -> String {
    Plan {
        name: "Test house".to_owned(),
        origin: "test.example/portvakt".to_owned(),
        data_dir: folder.join("data"),
        socket: folder.join("control.sock"),
        lines: vec![LineSpec {
            name: "north".to_owned(),
            device: device.to_path_buf(),
            protocol: "osdp",
            baud: BAUD,
        }],
        readers: vec![ReaderSpec {
            name: "main-in".to_owned(),
            line: "north".to_owned(),
            address: Some(0),
            enrol: true,
        }],
        doors: vec![DoorSpec {
            name: "main".to_owned(),
            entry: "main-in".to_owned(),
            strike: ("main-in".to_owned(), 0),
            open_for_s: 1,
            contact: None,
            held_after_s: 30,
        }],
    }
    .to_string()
}

/// `today 16:00` lies ahead there, whenever the test is run.
fn zone_where_it_is_morning() -> String {
    #[allow(
        clippy::disallowed_methods,
        reason = "the daemon judges by the same clock"
    )]
    let hour = i32::from(Timestamp::now().to_zoned(TimeZone::UTC).hour());
    // From -12 to +9; the names of these zones count the other way.
    match (9 - hour).max(-12) {
        0 => "Etc/GMT".to_owned(),
        ahead @ 1.. => format!("Etc/GMT-{ahead}"),
        behind => format!("Etc/GMT+{}", -behind),
    }
}

fn daemon(folder: &Path) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_portvakt")).with_file_name("portvaktd");
    let mut command = Command::new(program);
    command.current_dir(folder).stdin(Stdio::null());
    command
}

/// A test of this crate alone has not built it.
fn build_the_daemon() {
    // Whoever runs all tests has both binaries already.
    if std::env::var_os("PORTVAKT_BIN_DIR").is_some() {
        return;
    }
    let optimised = env!("CARGO_BIN_EXE_portvakt").contains("/release/");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--package", "portvaktd"])
        .args(optimised.then_some("--release"))
        .status()
        .unwrap();
    assert!(built.success());
}

/// The name of the user who runs the test.
fn user() -> String {
    let Output { stdout, .. } = Command::new("id").arg("-un").output().unwrap();
    text(&stdout).trim().to_owned()
}

fn hex(key: &[u8]) -> String {
    let octets = key.iter().map(|octet| format!("{octet:02x}"));
    octets.collect::<String>() + "\n"
}

fn text(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

/// Whom the README issues a card to.
const OLA: Person = Person {
    name: "Ola Prøve",
    firm: "Heis AS",
    mobile: "+999 00 000 002",
    facility: 61,
    number: 54_321,
};
const KEY: [u8; 16] = *b"\x10\x32\x54\x76\x98\xba\xdc\xfe\x11\x33\x55\x77\x99\xbb\xdd\xff";
const BAUD: u32 = 115_200;
/// As long as the hall may wait at once.
const MOMENT: Duration = Duration::from_millis(25);
const TRIES_MAX: u32 = 200;

//! The house under attack: the real daemon, one or two hostile lines, a card that opens its doors.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use building_sim::{DoorSpec, House, LineSpec, ReaderSpec};
use control::reply::event::EventRow;
use control::reply::status::Status;
use control::request::TenantContact;
use control::request::card::{CardIssue, CardSource};
use control::request::log::EventFilter;
use control::request::reader::ReaderRequest;
use control::{CardKind, Client, Moment, Private, ReaderKey, Reply, Request, Row};
use portvakt_tests::{binary, user};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::forgery::{OUT, POLL};
use crate::hostile_line::HostileLine;

/// What any wait is given: ten times what the house promises and more.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// Ten times the second within which the next card is answered after a fault.
pub const ANSWERED_WITHIN: Duration = Duration::from_secs(10);
/// The card that opens, H10301 1:1.
pub const CARD: ([u8; 4], u16) = ([0x80, 0x80, 0x00, 0x80], 26);
/// The readers' keys: not weak, nobody's.
pub const KEYS: [[u8; 16]; 2] = [
    [7, 1, 9, 4, 200, 13, 77, 2, 91, 5, 66, 31, 8, 250, 3, 99],
    [3, 88, 61, 9, 14, 201, 5, 70, 22, 6, 130, 45, 99, 1, 17, 240],
];

/// A house whose lines are in an attacker's hands.
pub struct Victim {
    // Dropped first, so that the daemon ends before its lines.
    daemon: Option<Child>,
    pub lines: Vec<HostileLine>,
    folder: TempDir,
}

impl Victim {
    /// One line; its reader is in service, and [`CARD`] opens its door.
    pub fn in_service() -> Self {
        let victim = Self::without_keys(1, true);
        victim.serve();
        victim
    }

    /// The daemon runs; the readers know their keys (or none), the daemon does not know them yet.
    pub fn without_keys(lines: usize, keyed: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let lines: Vec<HostileLine> = NAMES
            .into_iter()
            .zip(KEYS)
            .take(lines)
            .map(|(name, key)| HostileLine::lay(folder.path(), name, keyed.then_some(key)))
            .collect();
        let mut victim = Self {
            daemon: None,
            lines,
            folder,
        };
        fs::write(victim.config(), victim.plan().to_string()).unwrap();
        let operator = format!("{}:technician,operations-manager", user());
        let made = Command::new(binary("portvaktd"))
            .arg("init")
            .arg("--config")
            .arg(victim.config())
            .args(["--operator", &operator])
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", text(&made.stderr));
        victim.start();
        victim
    }

    /// Sets all keys, waits until all readers are in service, issues [`CARD`].
    pub fn serve(&self) {
        for (at, key) in KEYS.into_iter().enumerate().take(self.lines.len()) {
            self.set_key(at, key);
        }
        self.issue_when_online();
    }

    /// Waits until all readers are in service, then issues [`CARD`].
    pub fn issue_when_online(&self) {
        self.wait_online();
        self.issue();
    }

    /// The first line.
    pub fn line(&self) -> &HostileLine {
        &self.lines[0]
    }

    /// Starts the daemon and waits until it answers.
    pub fn start(&mut self) {
        let child = Command::new(binary("portvaktd"))
            .arg("--config")
            .arg(self.config())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        self.daemon = Some(child);
        wait("the daemon answers", || {
            Client::connect(&self.socket()).is_ok()
        });
    }

    /// Ends the daemon as a service manager does.
    pub fn stop(&mut self) {
        let mut child = self.daemon.take().unwrap();
        let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
        kill_process(pid, Signal::TERM).unwrap();
        assert!(child.wait().unwrap().success());
    }

    /// Processor time the daemon has used.
    pub fn cpu(&self) -> Duration {
        let pid = self.daemon.as_ref().unwrap().id();
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        // The name may hold blanks; what follows it does not.
        let fields = stat.rsplit(')').next().unwrap().split_whitespace();
        let ticks = fields.skip(11).take(2).map(|ticks| ticks.parse::<u64>());
        let ticks: u64 = ticks.map(Result::unwrap).sum();
        let a_second = rustix::param::clock_ticks_per_second();
        Duration::from_secs(ticks) / u32::try_from(a_second).unwrap()
    }

    pub fn set_key(&self, line: usize, key: [u8; 16]) {
        let key = ReaderKey::from_hex(&hex(&key)).unwrap();
        let reader = NAMES[line].into();
        self.ask(Request::Reader(ReaderRequest::SetKey { reader, key }));
    }

    /// Waits until all readers are in service and have been heard to keep nothing: a card shown now is news.
    pub fn wait_online(&self) {
        let all = u32::try_from(self.lines.len()).unwrap();
        wait("all readers are in service", || {
            self.status().readers_online == all
        });
        for line in &self.lines {
            let before = line.count(POLL);
            wait("the reader is polled", || line.count(POLL) > before + 3);
        }
    }

    /// Shows [`CARD`] on a line and waits for one unlock more on it.
    pub fn opens(&self, line: usize) -> bool {
        let before = self.lines[line].count(OUT);
        self.lines[line].present(&CARD);
        is_so_within(ANSWERED_WITHIN, || self.lines[line].count(OUT) > before)
    }

    /// Waits for an alarm of this name.
    pub fn wait_alarm(&self, what: &str) {
        wait(what, || self.alarms().iter().any(|alarm| alarm == what));
    }

    pub fn alarms(&self) -> Vec<String> {
        let alarms = self.events("security-alarm").into_iter();
        alarms.filter_map(|event| event.detail).collect()
    }

    /// All events of this name.
    pub fn events(&self, name: &str) -> Vec<EventRow> {
        let (mut client, _) = Client::connect(&self.socket()).unwrap();
        let all = Request::LogShow(EventFilter::default());
        client.send(all, false).unwrap();
        let mut events = Vec::new();
        while let Reply::Part {
            row: Row::Event(event),
        } = client.receive().unwrap()
        {
            if event.event == name {
                events.push(*event);
            }
        }
        events
    }

    pub fn status(&self) -> Status {
        let Reply::Status(status) = self.ask(Request::Status {}) else {
            panic!("no status")
        };
        *status
    }

    /// The real command line.
    pub fn portvakt(&self, words: &[&str]) -> Output {
        let mut command = Command::new(binary("portvakt"));
        command.arg("--socket").arg(self.socket()).args(words);
        command.stdin(Stdio::null()).output().unwrap()
    }

    /// The real command line, at work beside the test.
    pub fn spawn(&self, words: &[&str]) -> Child {
        let mut command = Command::new(binary("portvakt"));
        command.arg("--socket").arg(self.socket()).args(words);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// Kills the daemon at once, as a power cut does.
    pub fn kill(&mut self) {
        let mut child = self.daemon.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn ask(&self, request: Request) -> Reply {
        let (mut client, _) = Client::connect(&self.socket()).unwrap();
        client.ask(request, false).unwrap()
    }

    /// Issues a supplier's card by showing it at the first reader.
    fn issue(&self) {
        let tenant = String::from("Kommunen");
        self.ask(Request::TenantAdd {
            tenant: tenant.clone(),
        });
        self.ask(Request::TenantContact(TenantContact {
            tenant: tenant.clone(),
            name: Private::new("Ola Kontakt"),
            mobile: Private::new("90000001"),
        }));
        let until = self.status().now.utc().saturating_add(ONE_HOUR);
        let doors = self.lines.iter().zip(NAMES);
        let wish = CardIssue {
            kind: CardKind::Supplier,
            name: Private::new("Kari Nordmann"),
            firm: Private::new("Pipes AS"),
            mobile: Private::new("90000002"),
            contact: Private::new("Ola Kontakt"),
            tenant,
            doors: doors.map(|(_, name)| name.to_owned()).collect(),
            rights: Vec::new(),
            instead_of: None,
            valid_from: None,
            valid_until: Some(Moment::from(until)),
            identified_by: Private::new("passport"),
            signed_at: None,
            card: Some(CardSource::Present {
                reader: NAMES[0].into(),
                wait_s: 20,
            }),
            return_duty_told: true,
            uncertain: false,
            replaces: None,
        };
        let (mut client, _) = Client::connect(&self.socket()).unwrap();
        client
            .send(Request::CardIssue(Box::new(wish)), false)
            .unwrap();
        assert!(matches!(client.receive().unwrap(), Reply::Waiting { .. }));
        self.line().present(&CARD);
        assert!(matches!(client.receive().unwrap(), Reply::Issued(_)));
    }

    /// A line, a reader and a door of each name.
    fn plan(&self) -> House {
        let names = || self.lines.iter().zip(NAMES);
        House {
            name: "House under attack".into(),
            origin: "attacked.example/portvakt".into(),
            data_dir: self.folder.path().join("data"),
            socket: self.socket(),
            lines: names()
                .map(|(line, name)| LineSpec {
                    name: name.into(),
                    device: line.device(),
                    protocol: "osdp",
                    baud: 115_200,
                })
                .collect(),
            readers: names()
                .map(|(_, name)| ReaderSpec {
                    name: name.into(),
                    line: name.into(),
                    address: Some(0),
                    enrol: true,
                })
                .collect(),
            doors: names()
                .map(|(_, name)| DoorSpec {
                    name: name.into(),
                    entry: name.into(),
                    strike: (name.into(), 0),
                    open_for_s: 1,
                    contact: None,
                    held_after_s: 10,
                })
                .collect(),
        }
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("portvakt.toml")
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("run/control.sock")
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        if let Some(mut child) = self.daemon.take() {
            child.kill().ok();
            child.wait().ok();
        }
    }
}

/// Waits with patience until something is so.
pub fn wait(what: &str, is_so: impl FnMut() -> bool) {
    assert!(is_so_within(PATIENCE, is_so), "in vain: {what}");
}

/// Whether something becomes so in about this time; counts naps rather than read a clock.
pub fn is_so_within(patience: Duration, mut is_so: impl FnMut() -> bool) -> bool {
    let naps = patience.as_millis() / NAP.as_millis();
    (0..naps).any(|_| {
        let so = is_so();
        if !so {
            sleep(NAP);
        }
        so
    })
}

pub fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

pub fn text(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

/// Lines, readers and doors are named alike.
pub const NAMES: [&str; 2] = ["north", "south"];
const ONE_HOUR: Duration = Duration::from_secs(3_600);
const NAP: Duration = Duration::from_millis(10);

//! A house in a temporary directory: its configuration, its line, its daemon.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use control::{Client, Reply, Request};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::aside;
use super::reader::Reader;

/// A house with one line, one enrolling reader, one door; its data made by `init`.
pub(crate) struct House {
    folder: TempDir,
    pub(crate) reader: Reader,
    /// What its daemons find in their environment.
    pub(crate) environment: Vec<(String, String)>,
}

impl House {
    /// Lays the line, writes the configuration, runs `init`.
    pub(crate) fn new() -> Self {
        Self::with_roles("technician,operations-manager")
    }

    /// With these roles for whoever runs the test.
    pub(crate) fn with_roles(roles: &str) -> Self {
        let house = Self::without_data();
        let made = house.init(&[&format!("{}:{roles}", user())]);
        assert!(made.status.success(), "{}", text(&made.stderr));
        house
    }

    /// Without `init`.
    pub(crate) fn without_data() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let reader = Reader::start();
        let house = Self {
            folder,
            reader,
            environment: Vec::new(),
        };
        symlink(house.reader.device(), house.device()).unwrap();
        house.configure("");
        house
    }

    /// Writes the configuration with something behind it.
    pub(crate) fn configure(&self, more: &str) {
        let (data, socket, device) = (self.data(), self.socket(), self.device());
        let text = format!(
            r#"[site]
name = "Test house"
origin = "test.example/portvakt"
time_zone = "Europe/Oslo"
data_dir = "{}"
working_day_ends = "{}"
[control]
socket = "{}"
[[line]]
name = "north"
device = "{}"
protocol = "osdp"
baud = 921600
[[reader]]
name = "front"
line = "north"
address = 0
enrol = true
format = "H10301"
[[door]]
name = "front"
entry = "front"
strike = {{ reader = "front", output = 0 }}
open_for = "1s"
{more}
"#,
            data.display(),
            half_a_day_ahead(),
            socket.display(),
            device.display()
        );
        fs::write(self.config(), text).unwrap();
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.folder.path().join("portvakt.toml")
    }

    /// Where all of it lies.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The path of the line, the same whatever adapter is plugged in.
    pub(crate) fn device(&self) -> PathBuf {
        self.folder.path().join("north")
    }

    /// Pulls the adapter out and plugs another one in.
    pub(crate) fn replug(&mut self) {
        fs::remove_file(self.device()).unwrap();
        self.reader = Reader::start();
        symlink(self.reader.device(), self.device()).unwrap();
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path().join("run/control.sock")
    }

    /// `portvaktd init` with these operators.
    pub(crate) fn init(&self, operators: &[&str]) -> Output {
        let mut command = Command::new(BINARY);
        command.arg("init").arg("--config").arg(self.config());
        for operator in operators {
            command.args(["--operator", operator]);
        }
        command.output().unwrap()
    }

    /// `portvaktd --config F` and more, until it ends by itself.
    pub(crate) fn run(&self, more: &[&str]) -> Output {
        Command::new(BINARY)
            .arg("--config")
            .arg(self.config())
            .args(more)
            .output()
            .unwrap()
    }

    /// The daemon, once it answers.
    pub(crate) fn start(&self) -> Daemon {
        self.start_until(|house| Client::connect(&house.socket()).is_ok())
    }

    /// The daemon, once it listens; whoever runs the test may be nobody to it.
    pub(crate) fn start_unseen(&self) -> Daemon {
        self.start_until(|house| UnixStream::connect(house.socket()).is_ok())
    }

    /// The daemon, once it answers; what it says goes into this file.
    pub(crate) fn start_with_journal(&self, journal: &Path) -> Daemon {
        let journal = fs::File::create(journal).unwrap();
        self.start_and_wait(journal.into(), |house| {
            Client::connect(&house.socket()).is_ok()
        })
    }

    fn start_until(&self, is_there: fn(&Self) -> bool) -> Daemon {
        self.start_and_wait(Stdio::piped(), is_there)
    }

    fn start_and_wait(&self, journal: Stdio, is_there: fn(&Self) -> bool) -> Daemon {
        let child = Command::new(BINARY)
            .arg("--config")
            .arg(self.config())
            .envs(self.environment.iter().cloned())
            .stderr(journal)
            .spawn()
            .unwrap();
        let mut daemon = Daemon { child: Some(child) };
        for _ in 0..500 {
            if is_there(self) {
                return daemon;
            }
            if let Some(ended) = daemon
                .child
                .as_mut()
                .and_then(|child| child.try_wait().unwrap())
            {
                panic!(
                    "the daemon ended at once: {ended}: {}",
                    text(&daemon.stop().stderr)
                );
            }
            sleep(Duration::from_millis(10));
        }
        panic!("the daemon does not answer");
    }

    /// One answer of the daemon.
    pub(crate) fn ask(&self, request: Request) -> Reply {
        let (mut client, _) = Client::connect(&self.socket()).unwrap();
        client.ask(request, false).unwrap()
    }

    /// Has its daemons load this library before all others, beside those that they were told before.
    pub(crate) fn preload(&mut self, library: &str) {
        let mut environment = self.environment.iter_mut();
        if let Some((_, libraries)) = environment.find(|(name, _)| name == PRELOAD) {
            *libraries = format!("{library}:{libraries}");
        } else {
            let preload = (PRELOAD.to_owned(), library.to_owned());
            self.environment.push(preload);
        }
    }

    /// Every file under the data directory with its content.
    pub(crate) fn snapshot(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        gather(&self.data(), &mut files);
        files
    }
}

/// A running daemon; ended with the test.
pub(crate) struct Daemon {
    child: Option<Child>,
}

impl Daemon {
    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// SIGTERM, and what it left.
    pub(crate) fn stop(mut self) -> Output {
        self.signal(Signal::TERM);
        self.child.take().unwrap().wait_with_output().unwrap()
    }

    /// SIGKILL, as a power cut does it.
    pub(crate) fn kill(mut self) {
        self.signal(Signal::KILL);
        let left = self.child.take().unwrap().wait_with_output().unwrap();
        assert_eq!(left.status.signal(), Some(9));
    }

    /// How many files and sockets it has open. `None`, and a word about it, where the system does not tell: the daemon is not
    /// dumpable, so that only root may look into it.
    pub(crate) fn descriptors(&self) -> Option<usize> {
        let open = fs::read_dir(format!("/proc/{}/fd", self.id()));
        if open.is_err() {
            aside::say("left out: only root can count what the daemon has open");
        }
        open.ok().map(Iterator::count)
    }

    /// Any signal.
    pub(crate) fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.id()).unwrap()).unwrap();
        // One that has ended already hears no more.
        kill_process(pid, signal).ok();
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().ok();
            child.wait().ok();
        }
    }
}

/// The name of the user who runs the test.
pub(crate) fn user() -> String {
    let uid = rustix::process::getuid().as_raw().to_string();
    let passwd = fs::read_to_string("/etc/passwd").unwrap();
    let own = passwd
        .lines()
        .find(|line| line.split(':').nth(2) == Some(&uid));
    own.and_then(|line| line.split(':').next())
        .expect("the user has a name")
        .to_owned()
}

/// The time of day in half a day: no test meets the end of the working day by chance.
fn half_a_day_ahead() -> String {
    #[allow(
        clippy::disallowed_methods,
        reason = "the daemon judges by the same clock"
    )]
    let now = Timestamp::try_from(SystemTime::now()).unwrap();
    let ahead = now + SignedDuration::from_hours(12);
    let oslo = TimeZone::get("Europe/Oslo").unwrap();
    ahead.to_zoned(oslo).strftime("%H:%M").to_string()
}

pub(crate) fn text(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

fn gather(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            gather(&path, files);
        } else {
            files.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
}

const BINARY: &str = env!("CARGO_BIN_EXE_portvaktd");

/// Names the libraries that a process loads before all others.
const PRELOAD: &str = "LD_PRELOAD";

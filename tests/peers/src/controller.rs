//! The real daemon and the real command line, on one line, with a door for each reader.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, geteuid, kill_process};
use serde_json::Value;
use tempfile::TempDir;

/// How long anything may take before the test gives up; far beyond what it should.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A running `portvaktd` with everything it keeps in a temporary folder.
#[derive(Debug)]
pub struct Controller {
    folder: TempDir,
    binaries: PathBuf,
    daemon: Child,
}

impl Controller {
    /// Makes and starts a controller whose door `main` has its reader `main-in` at `address` on
    /// `device`. The user who runs the test is its technician.
    ///
    /// # Panics
    /// When a binary is not built, or the daemon does not come up.
    #[must_use]
    pub fn start(device: &Path, address: u8) -> Self {
        let main = Entry {
            reader: "main-in".to_owned(),
            door: "main".to_owned(),
            address,
        };
        Self::begin(device, &[main], "technician")
    }

    /// Makes and starts a controller with readers `r0`, `r1`, … at the addresses 0, 1, … on
    /// `device`, each at a door `d0`, `d1`, … of its own. The user who runs the test is its
    /// technician and its operations manager.
    ///
    /// # Panics
    /// As [`Controller::start`].
    #[must_use]
    pub fn start_many(device: &Path, readers: u8) -> Self {
        let entries: Vec<Entry> = (0..readers)
            .map(|address| Entry {
                reader: format!("r{address}"),
                door: format!("d{address}"),
                address,
            })
            .collect();
        Self::begin(device, &entries, "technician,operations-manager")
    }

    fn begin(device: &Path, entries: &[Entry], roles: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let binaries = binaries();
        let config = folder.path().join("portvakt.toml");
        fs::write(&config, configuration(folder.path(), device, entries)).expect("a file");
        let init = Command::new(binaries.join("portvaktd"))
            .args(["init", "--config"])
            .arg(&config)
            .args(["--operator", &format!("{}:{roles}", user())])
            .output()
            .expect("portvaktd is built: cargo build in the root");
        succeeded("portvaktd init", &init);
        let daemon = Command::new(binaries.join("portvaktd"))
            .arg("--config")
            .arg(&config)
            .stdin(Stdio::null())
            .spawn()
            .expect("portvaktd starts");
        let mut controller = Self {
            folder,
            binaries,
            daemon,
        };
        controller.wait_until_it_answers();
        controller
    }

    /// Runs `portvakt` with `words`; what it wrote to stdout.
    ///
    /// # Panics
    /// When it does not exit with 0.
    pub fn portvakt(&self, words: &[&str]) -> String {
        let output = self.command(words).output().expect("portvakt is built");
        succeeded(&format!("portvakt {}", words.join(" ")), &output)
    }

    /// Runs `portvakt --json` with `words`; each line of stdout.
    ///
    /// # Panics
    /// When it does not exit with 0 or writes something else.
    pub fn rows(&self, words: &[&str]) -> Vec<Value> {
        let words = [&["--json"], words].concat();
        self.portvakt(&words)
            .lines()
            .map(|line| serde_json::from_str(line).expect("one object a line"))
            .collect()
    }

    /// Runs `portvakt` with `words` and feeds it `input`.
    ///
    /// # Panics
    /// When it does not exit with 0.
    pub fn portvakt_reading(&self, words: &[&str], input: &str) -> String {
        let mut child = self
            .command(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("portvakt is built");
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin.write_all(input.as_bytes()).expect("it reads");
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        succeeded(&format!("portvakt {}", words.join(" ")), &output)
    }

    /// Runs `portvakt` with `words`, calls `at_the_reader` once it says on stderr that it waits,
    /// and gives what it wrote to stdout in the end.
    ///
    /// # Panics
    /// When it does not exit with 0.
    pub fn portvakt_waiting(&self, words: &[&str], at_the_reader: impl FnOnce()) -> String {
        let mut child = self
            .command(words)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("portvakt is built");
        let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut said = String::new();
        while !said.contains(WAITS) {
            let count = stderr.read_line(&mut said).expect("a pipe");
            assert!(count > 0, "portvakt {words:?} never waited: {said}");
        }
        at_the_reader();
        stderr.read_to_string(&mut said).expect("a pipe");
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success(), "portvakt {words:?}: {said}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// The events of the log that `wanted` picks, as soon as there are `count` of them.
    ///
    /// # Panics
    /// When there are more, or they do not come.
    #[must_use]
    pub fn events(&self, count: usize, wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
        let end = Instant::now() + PATIENCE;
        loop {
            let mut events = self.rows(&["log", "show"]);
            events.retain(|event| wanted(event));
            assert!(events.len() <= count, "more than {count}: {events:#?}");
            if events.len() == count {
                return events;
            }
            assert!(Instant::now() < end, "only {} of {count}", events.len());
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// Waits until `portvakt reader show` says that the reader is in Secure Channel.
    ///
    /// # Panics
    /// When it never does.
    pub fn wait_until_secure(&self, reader: &str) {
        let end = Instant::now() + PATIENCE;
        while self.rows(&["reader", "show", reader])[0]["security"] != "secure" {
            assert!(Instant::now() < end, "{reader} is not in Secure Channel");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Stops the daemon as an administrator would and verifies the log it left, without it.
    ///
    /// # Panics
    /// When the daemon does not end well or the log does not verify.
    #[must_use]
    pub fn stop_and_verify(mut self) -> String {
        let pid = Pid::from_child(&self.daemon);
        kill_process(pid, Signal::TERM).expect("it runs");
        let status = self.daemon.wait().expect("a child");
        assert!(status.success(), "portvaktd ended with {status}");
        let log = self.folder.path().join("data/log");
        let log = log.to_str().expect("a path in text");
        self.portvakt(&["log", "verify", "--dir", log])
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(self.binaries.join("portvakt"));
        command
            .args(words)
            .env("PORTVAKT_SOCKET", self.folder.path().join("control.sock"))
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null());
        command
    }

    fn wait_until_it_answers(&mut self) {
        let end = Instant::now() + PATIENCE;
        loop {
            let answer = self
                .command(&["status"])
                .output()
                .expect("portvakt is built");
            if answer.status.success() {
                return;
            }
            if let Some(status) = self.daemon.try_wait().expect("a child") {
                panic!("portvaktd ended with {status}");
            }
            assert!(
                Instant::now() < end,
                "portvaktd does not answer: {answer:?}"
            );
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Controller {
    fn drop(&mut self) {
        // Already ended is as good.
        self.daemon.kill().ok();
        self.daemon.wait().ok();
    }
}

/// What `portvakt` says on stderr when it waits for a card.
const WAITS: &str = "main-in";

fn binaries() -> PathBuf {
    std::env::var_os("PORTVAKT_BIN_DIR").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/debug"),
        PathBuf::from,
    )
}

fn user() -> String {
    let uid = geteuid().as_raw().to_string();
    let passwd = fs::read_to_string("/etc/passwd").expect("a list of users");
    passwd
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|fields| fields.get(2) == Some(&uid.as_str()))
        .map(|fields| fields[0].to_owned())
        .expect("a name for this user")
}

/// A reader and the door it stands at.
struct Entry {
    reader: String,
    door: String,
    address: u8,
}

fn configuration(folder: &Path, device: &Path, entries: &[Entry]) -> String {
    let (folder, device) = (folder.display(), device.display());
    let house = format!(
        r#"
[site]
name = "House of peers"
origin = "peers.example/portvakt"
time_zone = "Europe/Oslo"
data_dir = "{folder}/data"

[control]
socket = "{folder}/control.sock"

[[line]]
name = "north"
device = "{device}"
protocol = "osdp"
baud = 115200
"#
    );
    entries.iter().fold(house, |house, entry| {
        let Entry {
            reader,
            door,
            address,
        } = entry;
        house
            + &format!(
                r#"
[[reader]]
name = "{reader}"
line = "north"
address = {address}
enrol = true
format = "H10301"

[[door]]
name = "{door}"
entry = "{reader}"
strike = {{ reader = "{reader}", output = 0 }}
open_for = "5s"
"#
            )
    })
}

fn succeeded(what: &str, output: &Output) -> String {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{what}: {}\n{stderr}",
        output.status
    );
    io::stderr().write_all(&output.stderr).ok();
    String::from_utf8(output.stdout.clone()).expect("text")
}

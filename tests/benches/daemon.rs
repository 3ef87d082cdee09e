//! Bench: what a start of the real daemon costs with 10,000 cards: time to its first question, and memory.
//!
//! `cargo bench -p portvakt-tests --bench daemon`

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use building_sim::{Dice, DoorSpec, House, Line, LineSpec, Multidrop, ReaderSpec};
use firmware_protocol::Address;
use firmware_protocol::secure::Scbk;
use rustix::process::{Pid, Signal, getuid, kill_process};
use tempfile::TempDir;

fn main() {
    // Given by `cargo test --benches`; only `cargo bench` measures.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    let rig = Rig::build();
    rig.furnish();
    println!("{CARDS} cards, one OSDP reader in Secure Channel at 115200 baud, {STARTS} starts");
    let (polls, sizes): (Vec<f64>, Vec<f64>) = (0..STARTS).map(|_| rig.measure_start()).unzip();
    println!("                                   goal      min   median      max");
    row("start to first question, ms", POLL_GOAL_MS, polls);
    row("resident after 5 s of polls, MiB", SIZE_GOAL_MIB, sizes);
}

fn row(what: &str, goal: f64, mut seen: Vec<f64>) {
    seen.sort_by(f64::total_cmp);
    let (min, median, max) = (seen[0], seen[seen.len() / 2], seen[seen.len() - 1]);
    println!("{what:<32} ≤ {goal:>5} {min:>8.1} {median:>8.1} {max:>8.1}");
}

/// A house in a temporary folder, its reader, and where the binaries are.
struct Rig {
    folder: TempDir,
    binaries: PathBuf,
    tap: Tap,
}

impl Rig {
    fn build() -> Self {
        let binaries = build_binaries();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let line = Line::lay(folder.path(), "north").expect("a pseudo-terminal");
        fs::write(folder.path().join("portvakt.toml"), house(&folder, &line)).expect("a file");
        let tap = Tap::start(line);
        Self {
            folder,
            binaries,
            tap,
        }
    }

    /// `init`, the reader's key, a tenant, and the cards, all through the command line.
    fn furnish(&self) {
        let operator = format!("{}:technician,operations-manager", user());
        let init = self.portvaktd(&["init", "--operator", &operator]).status();
        assert!(init.expect("portvaktd runs").success(), "init");
        let daemon = self.start();
        let key: String = KEY.iter().fold(String::new(), |mut text, octet| {
            write!(text, "{octet:02x}").expect("memory");
            text
        });
        self.portvakt(&["reader", "set-key", "front", "--key-file", "-"], &key);
        self.portvakt(&["tenant", "add", TENANT], "");
        let contact = ["--name", "Con Tact", "--mobile", "+999 00"];
        self.portvakt(&[&["tenant", "contact", TENANT], &contact[..]].concat(), "");
        let roster = self.folder.path().join("roster.csv");
        fs::write(&roster, roster_text()).expect("a file");
        let roster = roster.to_str().expect("a path in text");
        self.portvakt(&["card", "import", roster, "--yes"], "");
        stop(daemon);
    }

    /// Milliseconds from spawn to the first octets on the line, MiB resident after five seconds of polls.
    fn measure_start(&self) -> (f64, f64) {
        self.tap.forget();
        let spawned = now();
        let daemon = self.spawn();
        let first = self.tap.first();
        let pause = (first + POLLING).saturating_duration_since(now());
        thread::sleep(pause);
        let resident = resident_mib(&daemon);
        stop(daemon);
        ((first - spawned).as_secs_f64() * 1_000.0, resident)
    }

    fn spawn(&self) -> Child {
        let mut command = self.portvaktd(&[]);
        command.stdin(Stdio::null()).stderr(Stdio::null());
        command.spawn().expect("portvaktd runs")
    }

    /// A daemon that answers.
    fn start(&self) -> Child {
        let daemon = self.spawn();
        let end = now() + PATIENCE;
        while !self.run(&["status"], "").0 {
            assert!(now() < end, "portvaktd does not answer");
            thread::sleep(Duration::from_millis(50));
        }
        daemon
    }

    fn portvaktd(&self, words: &[&str]) -> Command {
        let mut command = Command::new(self.binaries.join("portvaktd"));
        command
            .args(words)
            .arg("--config")
            .arg(self.folder.path().join("portvakt.toml"));
        command
    }

    fn portvakt(&self, words: &[&str], input: &str) {
        let (success, said) = self.run(words, input);
        assert!(success, "portvakt {}: {said}", words.join(" "));
    }

    fn run(&self, words: &[&str], input: &str) -> (bool, String) {
        let mut child = Command::new(self.binaries.join("portvakt"))
            .args(words)
            .env("PORTVAKT_SOCKET", self.folder.path().join("control.sock"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("portvakt runs");
        let mut stdin = child.stdin.take().expect("a pipe");
        // A verb that needs no input may be gone already.
        stdin.write_all(input.as_bytes()).ok();
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.success(), said)
    }
}

/// A reader in Secure Channel that remembers when it was first asked something.
struct Tap(Arc<Mutex<Option<Instant>>>);

impl Tap {
    /// Plays the reader until the process ends.
    fn start(mut line: Line) -> Self {
        let address = Address::new(0).expect("an address");
        let reader = (address, Some(Scbk::new(KEY)));
        let mut readers = Multidrop::new(vec![reader], Dice::new(1));
        let first = Arc::new(Mutex::new(None));
        let tap = Self(Arc::clone(&first));
        thread::spawn(move || {
            let mut buffer = [0; 2_048];
            loop {
                let within = Duration::from_secs(8);
                let count = line.read(&mut buffer, within).expect("the line holds");
                if count > 0 {
                    let mut first = first.lock().unwrap_or_else(PoisonError::into_inner);
                    first.get_or_insert_with(now);
                }
                let answer = readers.handle_bytes(&buffer[..count]);
                line.write(&answer).expect("the line holds");
                while readers.poll_event().is_some() {}
            }
        });
        tap
    }

    fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn first(&self) -> Instant {
        let end = now() + PATIENCE;
        loop {
            if let Some(first) = *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
                return first;
            }
            assert!(now() < end, "the daemon never asked anything");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Builds the release binaries, unless `PORTVAKT_BIN_DIR` has some; the folder they are in.
fn build_binaries() -> PathBuf {
    if let Some(folder) = std::env::var_os("PORTVAKT_BIN_DIR") {
        return PathBuf::from(folder);
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let words = ["build", "--release", "-p", "portvaktd", "-p", "portvakt"];
    let built = Command::new(cargo).args(words).current_dir(&root).status();
    assert!(built.expect("cargo runs").success(), "cargo build");
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root.join("target"), PathBuf::from)
        .join("release")
}

fn house(folder: &TempDir, line: &Line) -> String {
    let folder = folder.path();
    let house = House {
        name: "House of measures".to_owned(),
        origin: "bench.example/portvakt".to_owned(),
        data_dir: folder.join("data"),
        socket: folder.join("control.sock"),
        lines: vec![LineSpec {
            name: "north".to_owned(),
            device: line.device().to_path_buf(),
            protocol: "osdp",
            baud: 115_200,
        }],
        readers: vec![ReaderSpec {
            name: "front".to_owned(),
            line: "north".to_owned(),
            address: Some(0),
            enrol: false,
        }],
        doors: vec![DoorSpec {
            name: "front".to_owned(),
            entry: "front".to_owned(),
            strike: ("front".to_owned(), 0),
            open_for_s: 5,
            contact: None,
            held_after_s: 30,
        }],
    };
    house.to_string()
}

fn roster_text() -> String {
    let mut text = "number,format,name,firm,mobile,contact,tenant,doors,kind\n".to_owned();
    for number in 1..=CARDS {
        writeln!(
            text,
            "57:{number},H10301,Nomen Nescio {number},{TENANT},+999 01 {number:05},Con Tact,{TENANT},front,employee"
        )
        .expect("memory");
    }
    text
}

fn resident_mib(daemon: &Child) -> f64 {
    let status = fs::read_to_string(format!("/proc/{}/status", daemon.id())).expect("it runs");
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1));
    let kib: f64 = kib.and_then(|kib| kib.parse().ok()).expect("a size");
    kib / 1_024.0
}

fn stop(mut daemon: Child) {
    kill_process(Pid::from_child(&daemon), Signal::TERM).expect("it runs");
    let status = daemon.wait().expect("a child");
    assert!(status.success(), "portvaktd ended with {status}");
}

fn user() -> String {
    let uid = getuid().as_raw().to_string();
    let passwd = fs::read_to_string("/etc/passwd").expect("a list of users");
    let own = passwd
        .lines()
        .find(|line| line.split(':').nth(2) == Some(&uid));
    let name = own.and_then(|line| line.split(':').next());
    name.expect("a name for this user").to_owned()
}

#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
fn now() -> Instant {
    Instant::now()
}

const CARDS: u32 = 10_000;
const STARTS: usize = 5;
const POLL_GOAL_MS: f64 = 200.0;
const SIZE_GOAL_MIB: f64 = 32.0;
const POLLING: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(60);
const TENANT: &str = "Luftslott Drift AS";
const KEY: [u8; 16] = *b"\x31\x85\x02\xE9\x77\x1C\xD4\x60\x0B\xA8\x5F\x93\x2E\xC6\x14\x7D";

//! The binaries as processes: built, started, asked, measured, stopped.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::param::clock_ticks_per_second;
use rustix::process::{Pid, Signal, getuid, kill_process};

/// How long anything may take before the bench gives up.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Builds the release binaries, unless `PORTVAKT_BIN_DIR` has some; the folder they are in.
pub(crate) fn build_binaries() -> PathBuf {
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

/// A running daemon.
pub(crate) struct Daemon(Child);

impl Daemon {
    /// Starts it.
    pub(crate) fn spawn(binaries: &Path, config: &Path) -> Self {
        let mut command = Command::new(binaries.join("portvaktd"));
        command.arg("--config").arg(config);
        command.stdin(Stdio::null()).stderr(Stdio::null());
        Self(command.spawn().expect("portvaktd runs"))
    }

    /// MiB of memory in use.
    pub(crate) fn resident_mib(&self) -> f64 {
        let status = self.proc_file("status");
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().nth(1));
        let kib: f64 = kib.and_then(|kib| kib.parse().ok()).expect("a size");
        kib / 1_024.0
    }

    /// Processor time used so far.
    pub(crate) fn cpu(&self) -> Duration {
        let stat = self.proc_file("stat");
        // The name may hold blanks; what follows it does not.
        let fields = stat.rsplit(')').next().expect("a name").split_whitespace();
        let ticks: u64 = fields
            .skip(11)
            .take(2)
            .map(|ticks| ticks.parse::<u64>().expect("ticks"))
            .sum();
        Duration::from_secs(ticks) / u32::try_from(clock_ticks_per_second()).expect("a rate")
    }

    /// Percent of one core used over the next `span`.
    pub(crate) fn load_percent(&self, span: Duration) -> f64 {
        let (before, begun) = (self.cpu(), now());
        std::thread::sleep(span);
        let used = self.cpu() - before;
        used.as_secs_f64() / (now() - begun).as_secs_f64() * 100.0
    }

    fn proc_file(&self, name: &str) -> String {
        fs::read_to_string(format!("/proc/{}/{name}", self.0.id())).expect("it runs")
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        kill_process(Pid::from_child(&self.0), Signal::TERM).expect("it runs");
        let status = self.0.wait().expect("a child");
        assert!(status.success(), "portvaktd ended with {status}");
    }
}

/// Whether a command succeeded, and what it said on stdout or, failing, on stderr.
pub(crate) fn run(command: &mut Command, input: &str) -> (bool, String) {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    // A verb that needs no input may be gone already.
    stdin.write_all(input.as_bytes()).ok();
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    let success = output.status.success();
    let said = if success {
        output.stdout
    } else {
        output.stderr
    };
    (success, String::from_utf8_lossy(&said).into_owned())
}

/// The name of whoever runs this.
pub(crate) fn user() -> String {
    let uid = getuid().as_raw().to_string();
    let passwd = fs::read_to_string("/etc/passwd").expect("a list of users");
    let own = passwd
        .lines()
        .find(|line| line.split(':').nth(2) == Some(&uid));
    let name = own.and_then(|line| line.split(':').next());
    name.expect("a name for this user").to_owned()
}

/// The present.
#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

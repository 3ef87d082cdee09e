//! The system that answers wrongly: strace, which looks into the daemon and answers in its place.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::calls::{Case, On};
use crate::storm::Breach;
use crate::storm::house::{Daemon, House, LINES};
use crate::storm::present::instant;

/// Why there can be no sweep on this machine; nothing if there can.
#[must_use]
pub fn missing() -> Option<&'static str> {
    let quiet = |program: &str| {
        let mut command = Command::new(program);
        let command = command.stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(Stdio::null()).arg("--version").status()
    };
    if quiet("strace").is_err() {
        return Some("strace is not there; apt-get install strace");
    }
    let mut other = Command::new("sleep").arg("60").spawn().expect("sleep runs");
    let tracer = Tracer::attach(other.id(), Command::new("strace"));
    other.kill().expect("it runs");
    other.wait().expect("a child");
    tracer
        .is_none()
        .then_some("strace may not look into another process here")
}

/// A fault that lasts until it is ended.
pub(super) struct Fault {
    tracer: Tracer,
    told: PathBuf,
}

/// Who answers in the system's place.
enum Tracer {
    /// It came while the daemon ran.
    Beside(Child),
    /// It was there before the daemon's first call, and is nobody's child here.
    Before { daemon: u32 },
}

impl Tracer {
    /// Looks into a process that runs, if it may.
    fn attach(pid: u32, mut strace: Command) -> Option<Self> {
        strace.args(["-f", "-p", &pid.to_string()]);
        let strace = strace.stdin(Stdio::null()).stdout(Stdio::null());
        let mut child = strace.stderr(Stdio::piped()).spawn().ok()?;
        let said = BufReader::new(child.stderr.take().expect("it is piped"));
        let mut lines = said.lines().map_while(Result::ok);
        if lines.any(|line| line.contains("attached")) {
            // What else it says is taken off its hands, or it would wait for that.
            std::thread::spawn(move || lines.count());
            return Some(Self::Beside(child));
        }
        child.wait().expect("a child");
        None
    }
}

impl Fault {
    /// Strikes a daemon that runs.
    pub(super) fn begin(case: &Case, house: &House, daemon: &Daemon) -> Result<Self, Breach> {
        let (command, told) = strace(case, house);
        let failed = || Breach::new(STRACE, "it does not attach");
        let tracer = Tracer::attach(daemon.id(), command).ok_or_else(failed)?;
        Ok(Self { tracer, told })
    }

    /// Starts a daemon that is struck from its first call on.
    pub(super) fn from_the_start(case: &Case, house: &House) -> (Self, Daemon) {
        let (mut command, told) = strace(case, house);
        // As its grandchild: the daemon is ours, and is not taken along. It is to listen when it is told to end.
        command.args(["-D", "-f", "-qq", "-I1", "--"]);
        let daemon = house.spawn_under(command);
        let tracer = Tracer::Before {
            daemon: daemon.id(),
        };
        (Self { tracer, told }, daemon)
    }

    /// The system answers rightly again. How many calls were struck.
    pub(super) fn end(mut self) -> Result<usize, Breach> {
        let begun = instant();
        // Asked to end it lets the daemon go; killed it might take it along.
        while !self.is_gone() {
            if begun.elapsed() > END_MAX {
                return Err(Breach::new(STRACE, "it does not let go"));
            }
            sleep(Duration::from_millis(5));
        }
        let told = fs::read(&self.told).unwrap_or_default();
        fs::remove_file(&self.told).ok();
        let told = String::from_utf8_lossy(&told);
        Ok(told.matches("(INJECTED)").count())
    }

    fn is_gone(&mut self) -> bool {
        let tracer = match &mut self.tracer {
            Tracer::Beside(strace) => {
                if strace.try_wait().expect("a child").is_some() {
                    return true;
                }
                Pid::from_child(strace)
            }
            Tracer::Before { daemon } => match tracer_of(*daemon) {
                Some(strace) => strace,
                None => return true,
            },
        };
        kill_process(tracer, Signal::TERM).ok();
        false
    }
}

/// Who looks into a process.
fn tracer_of(pid: u32) -> Option<Pid> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let tracer = status
        .lines()
        .find_map(|line| line.strip_prefix("TracerPid:"));
    Pid::from_raw(tracer?.trim().parse().ok()?)
}

/// Strace with its order, and the file in which it tells what it did.
fn strace(case: &Case, house: &House) -> (Command, PathBuf) {
    let told = house.journal().with_extension("strace");
    let mut command = Command::new("strace");
    command.arg("-o").arg(&told);
    command.args(["-e", &format!("trace={}", case.call)]);
    command.args(["-e", &case.inject()]);
    for file in files(case.on, house) {
        command.arg("-P").arg(file);
    }
    (command, told)
}

fn files(on: On, house: &House) -> Vec<PathBuf> {
    let data = house.data();
    match on {
        On::All => Vec::new(),
        On::Port => (0..LINES).map(|line| house.device(line)).collect(),
        On::Register => ["", "-wal", "-shm"]
            .map(|end| data.join(format!("register.db{end}")))
            .to_vec(),
        On::Log => below(&data.join("log")),
        On::Keys => below(&data.join("keys")),
        On::Journal => vec![house.journal()],
    }
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(below(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// The rule that only strace can break.
pub(super) const STRACE: &str = "strace";
const END_MAX: Duration = Duration::from_secs(20);

//! Calls of a running daemon that the system answers wrongly, late or not at all: strace answers instead.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use super::aside;
use super::house::Daemon;

/// A fault that lasts until this is dropped.
pub(crate) struct Fault(Child);

impl Fault {
    /// Spoils these calls of the daemon from now on, as `strace -e inject=CALLS:HOW` has it; only those on `file` if one is
    /// named. `None`, and a word about it, where there is no strace or it may not look into another process.
    pub(crate) fn begin(
        daemon: &Daemon,
        calls: &str,
        how: &str,
        file: Option<&str>,
    ) -> Option<Self> {
        let mut command = Command::new("strace");
        command.args(["-f", "-o", "/dev/null", "-p", &daemon.id().to_string()]);
        command.args(["-e", &format!("trace={calls}")]);
        command.args(["-e", &format!("inject={calls}:{how}")]);
        command.args(file.map(|file| ["-P", file]).into_iter().flatten());
        let spawned = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn();
        let Ok(mut strace) = spawned else {
            aside::say("left out: strace is not there; apt-get install strace");
            return None;
        };
        let said = BufReader::new(strace.stderr.take().unwrap());
        let mut lines = said.lines().map_while(Result::ok);
        if lines.any(|line| line.contains("attached")) {
            // What else it says is taken off its hands, or it would wait for that.
            std::thread::spawn(move || lines.count());
            return Some(Self(strace));
        }
        strace.wait().unwrap();
        aside::say("left out: strace may not look into another process here");
        None
    }
}

impl Drop for Fault {
    fn drop(&mut self) {
        // Interrupted it lets the daemon go; killed it might take it along.
        kill_process(Pid::from_child(&self.0), Signal::INT).ok();
        self.0.wait().ok();
    }
}

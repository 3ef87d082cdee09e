//! The real `portvaktd` as a child process.

use std::fs::File;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, getuid, kill_process};

use super::places::Places;
use crate::failure::Failure;
use crate::portvaktd;

/// A running daemon; it is killed if the demo fails before it was stopped.
pub(super) struct Daemon {
    child: Child,
    journal: PathBuf,
}

impl Daemon {
    /// Makes the data directory with this user as its technician, then starts the daemon.
    pub(super) fn start(places: &Places) -> Result<Self, Failure> {
        let program = portvaktd::find();
        let init = Command::new(&program)
            .args(["init", "--config"])
            .arg(places.config())
            .args(["--operator", &format!("{}:technician", user()?)])
            .stdin(Stdio::null())
            .output()
            .map_err(|error| portvaktd::not_started(&program, &error))?;
        if !init.status.success() {
            let said = String::from_utf8_lossy(&init.stderr);
            return Err(Failure::failed(format_args!(
                "portvaktd init: {}",
                said.trim()
            )));
        }
        let journal = places.journal();
        let stderr = File::create(&journal)?;
        let child = Command::new(&program)
            .arg("--config")
            .arg(places.config())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(stderr)
            // Ctrl-C is for the demo, which then stops the daemon.
            .process_group(0)
            .spawn()
            .map_err(|error| portvaktd::not_started(&program, &error))?;
        Ok(Self { child, journal })
    }

    /// Fails if the daemon has ended by itself.
    pub(super) fn must_run(&mut self) -> Result<(), Failure> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => Err(self.ended(status)),
        }
    }

    /// Stops it as an administrator would, and waits.
    pub(super) fn stop(&mut self) -> Result<(), Failure> {
        kill_process(Pid::from_child(&self.child), Signal::TERM).map_err(io::Error::from)?;
        for _ in 0..STOP_PAUSES_MAX {
            if let Some(status) = self.child.try_wait()? {
                return if status.success() {
                    Ok(())
                } else {
                    Err(self.ended(status))
                };
            }
            thread::sleep(PAUSE);
        }
        Err(Failure::failed(
            "portvaktd did not stop within 10 s of SIGTERM",
        ))
    }

    fn ended(&self, status: ExitStatus) -> Failure {
        let journal = self.journal.display();
        Failure::failed(format_args!("portvaktd ended with {status}; see {journal}"))
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // Stopped already is as good, and there is nobody left to tell.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// This user's name, as the daemon will look it up.
fn user() -> Result<String, Failure> {
    let uid = getuid().as_raw().to_string();
    let users = std::fs::read_to_string("/etc/passwd")?;
    let name = users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == uid).then(|| name.to_owned())
    });
    name.ok_or_else(|| Failure::failed(format_args!("user {uid} has no name in /etc/passwd")))
}

const PAUSE: Duration = Duration::from_millis(50);
/// 10 s.
const STOP_PAUSES_MAX: u32 = 200;

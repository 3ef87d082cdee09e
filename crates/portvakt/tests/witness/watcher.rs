//! A witness at work: the real process, at a port of its own.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// The process, its folder and what it said of itself.
pub(crate) struct Watcher {
    folder: TempDir,
    log: String,
    process: Option<Child>,
    key: String,
    port: u16,
}

impl Watcher {
    /// One that watches this log.
    pub(crate) fn start(log: &str) -> Self {
        let mut watcher = Self {
            folder: tempfile::tempdir().unwrap(),
            log: log.to_owned(),
            process: None,
            key: String::new(),
            port: 0,
        };
        watcher.restart();
        watcher
    }

    /// Another process on the same folder, with the same key.
    pub(crate) fn restart(&mut self) {
        let mut process = command(&self.arguments())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = process.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let said: serde_json::Value = serde_json::from_str(&line).unwrap();
        let key = said["key"].as_str().unwrap();
        assert!(self.key.is_empty() || self.key == key);
        key.clone_into(&mut self.key);
        let (_, port) = said["listens"].as_str().unwrap().rsplit_once(':').unwrap();
        self.port = port.parse().unwrap();
        self.process = Some(process);
    }

    /// What it is started with.
    pub(crate) fn arguments(&self) -> Vec<&str> {
        let state = self.folder.path().to_str().unwrap();
        let mut arguments = vec!["--json", "witness", "run", "--listen", "127.0.0.1:0"];
        arguments.extend(["--state", state, "--log", &self.log, "--name", "w1"]);
        arguments
    }

    /// Its verifier key.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// Its port.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Where it is asked.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its folder.
    pub(crate) fn state(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Ends it as a power cut does.
    pub(crate) fn kill(&mut self) {
        let mut process = self.process.take().unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
    }

    /// Ends it in order, and gives what it told.
    pub(crate) fn stop(mut self) -> String {
        let mut process = self.process.take().unwrap();
        let id = i32::try_from(process.id()).unwrap();
        kill_process(Pid::from_raw(id).unwrap(), Signal::TERM).unwrap();
        assert!(process.wait().unwrap().success());
        let mut told = String::new();
        process.stderr.unwrap().read_to_string(&mut told).unwrap();
        told
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().ok();
            process.wait().ok();
        }
    }
}

/// Runs the command line to its end: exit code, and all it said.
pub(crate) fn portvakt(arguments: &[&str]) -> (i32, String) {
    let output = command(arguments).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(said).unwrap(),
    )
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portvakt"));
    command
        .env("LC_ALL", "C.UTF-8")
        .env("PORTVAKT_SOCKET", "/nonexistent/control.sock")
        .env_remove("http_proxy")
        .env_remove("HTTP_PROXY")
        .env_remove("ALL_PROXY")
        .args(arguments)
        .stdin(Stdio::null());
    command
}

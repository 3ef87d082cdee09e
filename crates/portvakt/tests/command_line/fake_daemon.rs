//! A daemon of a few lines: real socket, real frames, answers made up by the test.

use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use control::{Answer, Envelope, Reply, Request, frame};
use tempfile::TempDir;

/// What it answers to a request; `dry_run` as the envelope had it.
pub(crate) type Answers = fn(&Request, bool) -> Vec<Reply>;

/// A daemon on a socket of its own.
pub(crate) struct FakeDaemon {
    /// Its socket lies here; tests put their files beside it.
    pub(crate) dir: TempDir,
    asked: Arc<Mutex<Vec<String>>>,
}

/// What a run of the command line left behind.
pub(crate) struct Ran {
    /// Exit code.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl FakeDaemon {
    /// Starts it.
    pub(crate) fn start(answers: Answers) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(dir.path().join("control.sock")).unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming() {
                serve(stream.unwrap(), answers, &heard);
            }
        });
        Self { dir, asked }
    }

    /// The binary, told of this daemon, in English.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_portvakt"));
        command
            .env("PORTVAKT_SOCKET", self.path("control.sock"))
            .env("LC_ALL", "C.UTF-8")
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    /// Runs the binary with these arguments, nobody at the terminal.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::from(self.command(arguments).output().unwrap())
    }

    /// A path beside the socket.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Every envelope heard but hellos, as JSON without its id.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

fn serve(mut stream: UnixStream, answers: Answers, heard: &Mutex<Vec<String>>) {
    while let Ok(Some(envelope)) = frame::read::<Envelope>(&mut stream) {
        let replies = if matches!(envelope.request, Request::Hello { .. }) {
            vec![reply(HELLO)]
        } else {
            let mut json = serde_json::to_value(&envelope).unwrap();
            json.as_object_mut().unwrap().remove("id");
            heard.lock().unwrap().push(json.to_string());
            answers(&envelope.request, envelope.dry_run)
        };
        for reply in replies {
            let answer = Answer {
                id: envelope.id,
                reply,
            };
            // The client may have had enough, as in `log follow | head -1`.
            if frame::write(&mut stream, &answer).is_err() {
                return;
            }
        }
    }
}

/// A reply from its JSON.
pub(crate) fn reply(json: &str) -> Reply {
    serde_json::from_str(json).unwrap()
}

const HELLO: &str = r#"{"reply":"hello","version":1,"daemon":"0.1.0","site":"Kommunenes Hus","time_zone":"Europe/Oslo","working_day_ends":"16:00","now":"2026-11-23T08:00:00Z","operator":"kari","roles":["technician"]}"#;

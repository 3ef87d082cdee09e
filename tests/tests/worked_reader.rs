//! The worked reader of `firmware-protocol/examples/reader.rs` against the real daemon, as its README describes it: two
//! pseudo-terminals tied together, a key, a card, a door.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle, sleep};
use std::time::Duration;

use building_sim::Line;
use tempfile::TempDir;

const KEY: &str = "318502e9771cd4600ba85f932ec6147d";

#[test]
fn the_worked_reader_opens_a_door_of_the_real_daemon() {
    let folder = tempfile::tempdir().unwrap();
    let _wire = Wire::tie(&folder);
    let mut reader = Started::example(&folder);
    let house = House::start(&folder);
    wait("the reader is in Secure Channel", || {
        house.says(
            &["--json", "reader", "show", "front"],
            "\"security\":\"secure\"",
        )
    });
    // Its queue is seen empty first: a card that was there before may have been kept.
    sleep(Duration::from_secs(1));
    reader.0.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    wait("the door opens", || {
        house.says(&["--json", "log", "show"], "access-granted")
    });
    let said = folder.path().join("said");
    wait("the reader was told so", || {
        fs::read_to_string(&said).unwrap().contains("Output(")
    });
    assert!(
        fs::read_to_string(&said)
            .unwrap()
            .contains("action: TimedOn, time_100ms: 10")
    );
}

struct House<'a> {
    _daemon: Started,
    folder: &'a TempDir,
}

impl<'a> House<'a> {
    fn start(folder: &'a TempDir) -> Self {
        let path = |name: &str| folder.path().join(name).display().to_string();
        let config = folder.path().join("portvakt.toml");
        let text = format!(
            r#"[site]
name = "Bench"
origin = "bench.example/portvakt"
time_zone = "Europe/Oslo"
data_dir = "{}"
[control]
socket = "{}"
[[line]]
name = "bench"
device = "{}"
protocol = "osdp"
[[reader]]
name = "front"
line = "bench"
address = 0
format = "H10301"
[[door]]
name = "front"
entry = "front"
strike = {{ reader = "front", output = 0 }}
open_for = "1s"
"#,
            path("data"),
            path("control.sock"),
            path("line"),
        );
        fs::write(&config, text).unwrap();
        let portvaktd = portvakt_tests::binary("portvaktd");
        let operator = format!("{}:technician,operations-manager", portvakt_tests::user());
        let mut init = Command::new(&portvaktd);
        init.args(["init", "--operator", &operator, "--config"])
            .arg(&config);
        assert!(init.output().unwrap().status.success());
        let mut daemon = Command::new(&portvaktd);
        daemon.arg("--config").arg(&config).stderr(Stdio::null());
        let house = Self {
            _daemon: Started(daemon.spawn().unwrap()),
            folder,
        };
        wait("the daemon answers", || {
            house.run(&["status"]).status.success()
        });
        house.furnish();
        house
    }

    fn furnish(&self) {
        let key = self.folder.path().join("key");
        fs::write(&key, KEY).unwrap();
        let roster = self.folder.path().join("roster.csv");
        fs::write(
            &roster,
            "number,format,name,firm,mobile,contact,tenant,doors,kind\n\
             1:12345,H10301,Nomen Nescio,Peer Ltd,+999 01,Con Tact,Peer Ltd,front,employee\n",
        )
        .unwrap();
        let (key, roster) = (key.to_str().unwrap(), roster.to_str().unwrap());
        for words in [
            &["reader", "set-key", "front", "--key-file", key][..],
            &["tenant", "add", "Peer Ltd"],
            &[
                "tenant", "contact", "Peer Ltd", "--name", "Con Tact", "--mobile", "+999 00",
            ],
            &["card", "import", roster, "--yes"],
        ] {
            let output = self.run(words);
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
    }

    fn run(&self, words: &[&str]) -> Output {
        let mut command = Command::new(portvakt_tests::binary("portvakt"));
        command.env("PORTVAKT_SOCKET", self.folder.path().join("control.sock"));
        command.args(words).stdin(Stdio::null()).output().unwrap()
    }

    fn says(&self, words: &[&str], wanted: &str) -> bool {
        String::from_utf8_lossy(&self.run(words).stdout).contains(wanted)
    }
}

/// A process, ended with the test.
struct Started(Child);

impl Started {
    /// The worked reader on the wire's end called `reader`; what it says goes into the file `said`.
    fn example(folder: &TempDir) -> Self {
        let said = fs::File::create(folder.path().join("said")).unwrap();
        let mut command = Command::new(example());
        command.arg(folder.path().join("reader")).arg(KEY);
        Self(command.stdin(Stdio::piped()).stdout(said).spawn().unwrap())
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// The example's binary, built if it is not there.
fn example() -> PathBuf {
    let folder = portvakt_tests::binary("examples");
    let example = folder.join("reader");
    if !example.exists() {
        let optimised = folder
            .parent()
            .is_some_and(|folder| folder.ends_with("release"));
        let built = Command::new(env!("CARGO"))
            .args([
                "build",
                "--quiet",
                "-p",
                "firmware-protocol",
                "--example",
                "reader",
            ])
            .args(optimised.then_some("--release"))
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
            .status();
        assert!(built.unwrap().success());
    }
    example
}

/// Two pseudo-terminals, `line` and `reader`, tied together.
struct Wire {
    ended: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Wire {
    fn tie(folder: &TempDir) -> Self {
        let mut line = Line::lay(folder.path(), "line").unwrap();
        let mut reader = Line::lay(folder.path(), "reader").unwrap();
        let ended = Arc::new(AtomicBool::new(false));
        let is_over = Arc::clone(&ended);
        let thread = thread::spawn(move || {
            let mut buffer = [0; 512];
            while !is_over.load(Ordering::Relaxed) {
                for way in [true, false] {
                    let (from, to) = if way {
                        (&mut line, &mut reader)
                    } else {
                        (&mut reader, &mut line)
                    };
                    let count = from
                        .read(&mut buffer, Duration::from_millis(1))
                        .unwrap_or(0);
                    // An end that nobody reads loses what comes, as in life.
                    to.write(&buffer[..count]).ok();
                }
            }
        });
        Self {
            ended,
            threads: vec![thread],
        }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            thread.join().ok();
        }
    }
}

fn wait(what: &str, mut is_so: impl FnMut() -> bool) {
    let so = (0..400).any(|_| {
        let so = is_so();
        if !so {
            sleep(Duration::from_millis(50));
        }
        so
    });
    assert!(so, "in vain: {what}");
}

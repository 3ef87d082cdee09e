//! Our daemon as controller: the release binary, a house of as many doors as readers, one employee's card.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use building_sim::{DoorSpec, House, LineSpec, ReaderSpec};
use rustix::process::geteuid;
use serde_json::Value;

use crate::wire::{Wire, key};

const PATIENCE: Duration = Duration::from_secs(60);

/// Builds the release binaries, unless `PORTVAKT_BIN_DIR` has some; the folder they are in.
pub(crate) fn build_binaries() -> PathBuf {
    if let Some(folder) = std::env::var_os("PORTVAKT_BIN_DIR") {
        return PathBuf::from(folder);
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let words = ["build", "--release", "-p", "portvaktd", "-p", "portvakt"];
    let built = Command::new(cargo).args(words).current_dir(&root).status();
    assert!(built.expect("cargo runs").success(), "cargo build");
    root.join("target/release")
}

/// The running daemon.
pub(crate) struct Daemon {
    binaries: PathBuf,
    folder: PathBuf,
    child: Child,
}

impl Daemon {
    /// Makes the house on `wire`, starts it, gives it the readers' keys and the card.
    pub(crate) fn start(binaries: &Path, wire: &Wire, baud: u32) -> Self {
        let folder = wire.folder().to_path_buf();
        let config = folder.join("portvakt.toml");
        fs::write(&config, house(wire, baud).to_string()).expect("a file");
        let operator = format!("{}:technician,operations-manager", user());
        let portvaktd = || {
            let mut command = Command::new(binaries.join("portvaktd"));
            command
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            command
        };
        let init = portvaktd()
            .args(["init", "--operator", &operator, "--config"])
            .arg(&config)
            .status();
        assert!(init.expect("portvaktd runs").success(), "init");
        let child = portvaktd().arg("--config").arg(&config).spawn();
        let daemon = Self {
            binaries: binaries.to_path_buf(),
            folder,
            child: child.expect("portvaktd runs"),
        };
        daemon.furnish(wire.readers());
        daemon
    }

    /// Returns when all readers are in Secure Channel.
    pub(crate) fn wait_until_secure(&self, readers: u8) {
        for reader in 0..readers {
            self.until(&["--json", "reader", "show", &name(reader)], |said| {
                let shown: Option<Value> = serde_json::from_str(said.trim()).ok();
                shown.is_some_and(|shown| shown["security"] == "secure")
            });
        }
    }

    fn furnish(&self, readers: u8) {
        self.until(&["status"], |_| true);
        for reader in 0..readers {
            let hex = key(reader).iter().fold(String::new(), |mut hex, octet| {
                write!(hex, "{octet:02x}").expect("memory");
                hex
            });
            self.portvakt(
                &["reader", "set-key", &name(reader), "--key-file", "-"],
                &hex,
            );
        }
        self.portvakt(&["tenant", "add", "Peer Ltd"], "");
        let contact = ["--name", "Con Tact", "--mobile", "+999 00"];
        self.portvakt(
            &[&["tenant", "contact", "Peer Ltd"], &contact[..]].concat(),
            "",
        );
        let doors: Vec<String> = (0..readers).map(name).collect();
        let roster = format!(
            "number,format,name,firm,mobile,contact,tenant,doors,kind\n\
             1:12345,H10301,Nomen Nescio,Peer Ltd,+999 01,Con Tact,Peer Ltd,{},employee\n",
            doors.join(";")
        );
        let file = self.folder.join("roster.csv");
        fs::write(&file, roster).expect("a file");
        let file = file.to_str().expect("a path in text");
        self.portvakt(&["card", "import", file, "--yes"], "");
    }

    fn portvakt(&self, words: &[&str], input: &str) {
        if let Err(said) = self.run(words, input) {
            panic!("portvakt {}: {said}", words.join(" "));
        }
    }

    fn until(&self, words: &[&str], done: impl Fn(&str) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !self.run(words, "").is_ok_and(|said| done(&said)) {
            assert!(Instant::now() < end, "portvakt {}", words.join(" "));
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// What `portvakt` wrote to stdout, or to stderr when it failed.
    fn run(&self, words: &[&str], input: &str) -> Result<String, String> {
        let mut child = Command::new(self.binaries.join("portvakt"))
            .args(words)
            .env("PORTVAKT_SOCKET", self.folder.join("control.sock"))
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
        let text = |octets: Vec<u8>| String::from_utf8_lossy(&octets).into_owned();
        if output.status.success() {
            Ok(text(output.stdout))
        } else {
            Err(text(output.stderr))
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // Already ended is as good.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn house(wire: &Wire, baud: u32) -> House {
    let line = "north".to_owned();
    House {
        name: "House of measures".to_owned(),
        origin: "bench.example/portvakt".to_owned(),
        data_dir: wire.folder().join("data"),
        socket: wire.folder().join("control.sock"),
        lines: vec![LineSpec {
            name: line.clone(),
            device: wire.device().to_path_buf(),
            protocol: "osdp",
            baud,
        }],
        readers: (0..wire.readers())
            .map(|reader| ReaderSpec {
                name: name(reader),
                line: line.clone(),
                address: Some(reader),
                enrol: false,
            })
            .collect(),
        doors: (0..wire.readers())
            .map(|reader| DoorSpec {
                name: name(reader),
                entry: name(reader),
                strike: (name(reader), 0),
                open_for_s: 1,
                contact: None,
                held_after_s: 30,
            })
            .collect(),
    }
}

fn name(reader: u8) -> String {
    format!("d{reader}")
}

fn user() -> String {
    let uid = geteuid().as_raw().to_string();
    let passwd = fs::read_to_string("/etc/passwd").expect("a list of users");
    let own = passwd
        .lines()
        .find(|line| line.split(':').nth(2) == Some(&uid));
    let name = own.and_then(|line| line.split(':').next());
    name.expect("a name for this user").to_owned()
}

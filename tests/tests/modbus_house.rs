//! A house on Modbus with the real daemon: a card at a converter on one line opens by a relay on another.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle, sleep};
use std::time::Duration;

use building_sim::{Line, ModbusUnits, Switched};
use tempfile::TempDir;

/// H10301 1:12345 and one nobody has.
const CARD: [u8; 4] = [0x80, 0x98, 0x1C, 0xC0];
const STRANGER: [u8; 4] = [0x80, 0x80, 0x00, 0x80];

#[test]
fn a_card_at_a_converter_opens_by_a_relay_on_another_line() {
    let house = House::start();
    wait("both lines are served", || {
        let listed = house.portvakt(&["--json", "reader", "list"]);
        text(&listed.stdout).matches("\"state\":\"online\"").count() == 2
    });
    // Every relay was switched off first.
    assert_eq!(
        house.relays.switched()[0],
        Switched {
            address: 1,
            coil: 3,
            on: false,
            time_100ms: None
        }
    );
    sleep(Duration::from_millis(200));
    house.wires.units.lock().unwrap().present(7, &STRANGER, 26);
    wait("the stranger is refused", || {
        house.events("access-denied") == 1
    });
    assert!(!house.relays.switched().iter().any(|switched| switched.on));

    house.wires.units.lock().unwrap().present(7, &CARD, 26);
    let flash = Switched {
        address: 1,
        coil: 3,
        on: true,
        time_100ms: Some(20),
    };
    wait("the relay is flashed", || {
        house.relays.switched().contains(&flash)
    });
    assert_eq!(house.events("access-granted"), 1);
    assert_eq!(house.events("unlock-failed"), 0);
    let told = house
        .relays
        .switched()
        .iter()
        .filter(|switched| switched.on)
        .count();
    assert_eq!(told, 1);
    let verified = house.portvakt(&["log", "verify", "--dir", house.log().to_str().unwrap()]);
    assert!(verified.status.success(), "{}", text(&verified.stderr));
}

/// A converter on one line, a relay board on another, a door between them.
fn config(folder: &TempDir) -> String {
    let path = |name: &str| folder.path().join(name).display().to_string();
    format!(
        r#"[site]
name = "Workshop"
origin = "workshop.example/portvakt"
time_zone = "Europe/Oslo"
data_dir = "{}"
[control]
socket = "{}"
[[line]]
name = "wires"
device = "{}"
protocol = "wiegand-modbus"
baud = 115200
[[line]]
name = "relays"
device = "{}"
protocol = "wiegand-modbus"
baud = 115200
[[reader]]
name = "hall"
line = "wires"
address = 7
secure = false
format = "H10301"
[[door]]
name = "hall"
entry = "hall"
strike = {{ modbus-coil = 3, line = "relays" }}
open_for = "2s"
"#,
        path("data"),
        path("control.sock"),
        path("wires"),
        path("relays"),
    )
}

struct House {
    daemon: Child,
    wires: Far,
    relays: Far,
    folder: TempDir,
}

impl House {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let wires = Far::play(&folder, "wires", 7);
        let relays = Far::play(&folder, "relays", 1);
        let config = config(&folder);
        fs::write(folder.path().join("portvakt.toml"), config).unwrap();
        let portvaktd = || {
            let mut command = Command::new(portvakt_tests::binary("portvaktd"));
            command
                .arg("--config")
                .arg(folder.path().join("portvakt.toml"));
            command
        };
        let mut init = Command::new(portvakt_tests::binary("portvaktd"));
        let operator = format!("{}:technician,operations-manager", portvakt_tests::user());
        init.args(["init", "--operator", &operator, "--config"]);
        let made = init
            .arg(folder.path().join("portvakt.toml"))
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", text(&made.stderr));
        let daemon = portvaktd().stderr(Stdio::null()).spawn().unwrap();
        let house = Self {
            daemon,
            wires,
            relays,
            folder,
        };
        wait("the daemon answers", || {
            house.portvakt(&["status"]).status.success()
        });
        house.furnish();
        house
    }

    fn furnish(&self) {
        let done = |words: &[&str]| {
            let output = self.portvakt(words);
            assert!(output.status.success(), "{}", text(&output.stderr));
        };
        done(&["tenant", "add", "Peer Ltd"]);
        done(&[
            "tenant", "contact", "Peer Ltd", "--name", "Con Tact", "--mobile", "+999 00",
        ]);
        let roster = self.folder.path().join("roster.csv");
        fs::write(
            &roster,
            "number,format,name,firm,mobile,contact,tenant,doors,kind\n\
             1:12345,H10301,Nomen Nescio,Peer Ltd,+999 01,Con Tact,Peer Ltd,hall,employee\n",
        )
        .unwrap();
        done(&["card", "import", roster.to_str().unwrap(), "--yes"]);
    }

    fn portvakt(&self, words: &[&str]) -> Output {
        let mut command = Command::new(portvakt_tests::binary("portvakt"));
        command.env("PORTVAKT_SOCKET", self.folder.path().join("control.sock"));
        command.args(words).stdin(Stdio::null()).output().unwrap()
    }

    fn events(&self, name: &str) -> usize {
        let shown = self.portvakt(&["--json", "log", "show"]);
        text(&shown.stdout)
            .matches(&format!("\"event\":\"{name}\""))
            .count()
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("data/log")
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.daemon.kill().ok();
        self.daemon.wait().ok();
    }
}

/// The far end of a line, with one unit on it.
struct Far {
    units: Arc<Mutex<ModbusUnits>>,
    told: Arc<Mutex<Vec<Switched>>>,
    ended: Arc<Mutex<bool>>,
    thread: Option<JoinHandle<()>>,
}

impl Far {
    fn play(folder: &TempDir, name: &str, address: u8) -> Self {
        let mut line = Line::lay(folder.path(), name).unwrap();
        let units = Arc::new(Mutex::new(ModbusUnits::new(&[address])));
        let (told, ended) = (
            Arc::new(Mutex::new(Vec::new())),
            Arc::new(Mutex::new(false)),
        );
        let (own, own_told, own_ended) =
            (Arc::clone(&units), Arc::clone(&told), Arc::clone(&ended));
        let thread = thread::spawn(move || {
            let mut buffer = [0; 512];
            while !*own_ended.lock().unwrap() {
                let count = line
                    .read(&mut buffer, Duration::from_millis(5))
                    .unwrap_or(0);
                let mut units = own.lock().unwrap();
                let answer = units.handle_bytes(&buffer[..count]);
                own_told
                    .lock()
                    .unwrap()
                    .extend(std::iter::from_fn(|| units.poll_switched()));
                drop(units);
                // A daemon that does not read hears nothing, as in life.
                line.write(&answer).ok();
            }
        });
        Self {
            units,
            told,
            ended,
            thread: Some(thread),
        }
    }

    fn switched(&self) -> Vec<Switched> {
        self.told.lock().unwrap().clone()
    }
}

impl Drop for Far {
    fn drop(&mut self) {
        *self.ended.lock().unwrap() = true;
        if let Some(thread) = self.thread.take() {
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

fn text(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

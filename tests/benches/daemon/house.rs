//! A house in a temporary folder: its lines, its readers with their keys, a door for each, and its daemon.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use building_sim::{DoorSpec, House as Plan, Line, LineSpec, ReaderSpec};
use tempfile::TempDir;

use crate::process::{Daemon, PATIENCE, now, run, user};
use crate::readers::{Readers, key};

/// The tenant of every card.
pub(crate) const TENANT: &str = "Luftslott Drift AS";
/// The first card of every house: H10301, facility 57, number 1.
pub(crate) const CARD: ([u8; 4], u16) = ([0x1C, 0x80, 0x00, 0x80], 26);

/// The house. Its lines are called `l0`, `l1`, …, the readers and doors on them `l0r0`, `l0r1`, ….
pub(crate) struct House {
    folder: TempDir,
    binaries: PathBuf,
    readers_each: u8,
}

impl House {
    /// Lays so many lines with so many readers each, and gives everybody a key, an owner and `cards` cards.
    pub(crate) fn build(
        binaries: &Path,
        lines: u8,
        readers_each: u8,
        cards: u32,
    ) -> (Self, Vec<Readers>) {
        let house = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            binaries: binaries.to_path_buf(),
            readers_each,
        };
        let readers: Vec<Readers> = (0..lines).map(|line| house.lay(line)).collect();
        fs::write(house.config(), house.plan(lines)).expect("a file");
        house.furnish(lines, cards);
        (house, readers)
    }

    /// Lays a line, for the first time or again, with its readers on it.
    pub(crate) fn lay(&self, line: u8) -> Readers {
        let laid = Line::lay(self.folder.path(), &format!("l{line}")).expect("a pseudo-terminal");
        Readers::play(laid, line, self.readers_each)
    }

    /// Starts the daemon.
    pub(crate) fn spawn(&self) -> Daemon {
        Daemon::spawn(&self.binaries, &self.config())
    }

    /// Starts the daemon; it answers when this returns.
    pub(crate) fn start(&self) -> Daemon {
        let daemon = self.spawn();
        let end = now() + PATIENCE;
        while !run(&mut self.portvakt(&["status"]), "").0 {
            assert!(now() < end, "portvaktd does not answer");
            thread::sleep(Duration::from_millis(50));
        }
        daemon
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("portvakt.toml")
    }

    /// The command line, asking this house's daemon.
    pub(crate) fn portvakt(&self, words: &[&str]) -> Command {
        let mut command = Command::new(self.binaries.join("portvakt"));
        let socket = self.folder.path().join("control.sock");
        command.args(words).env("PORTVAKT_SOCKET", socket);
        command
    }

    /// What the daemon answers.
    pub(crate) fn tell(&self, words: &[&str], input: &str) -> String {
        let (success, said) = run(&mut self.portvakt(words), input);
        assert!(success, "portvakt {}: {said}", words.join(" "));
        said
    }

    /// A list of so many cards, the first of them those of the house. Of many, all but the first open one door each.
    pub(crate) fn write_roster(&self, lines: u8, cards: u32) -> String {
        let roster = self.folder.path().join("roster.csv");
        fs::write(&roster, self.roster(lines, cards)).expect("a file");
        roster.to_str().expect("a path in text").to_owned()
    }

    fn furnish(&self, lines: u8, cards: u32) {
        let operator = format!("{}:technician,operations-manager", user());
        let mut init = Command::new(self.binaries.join("portvaktd"));
        init.args(["init", "--operator", &operator, "--config"])
            .arg(self.config());
        let (success, said) = run(&mut init, "");
        assert!(success, "init: {said}");
        let _daemon = self.start();
        for (line, reader) in self.places(lines) {
            let hex = key(line, reader)
                .iter()
                .fold(String::new(), |mut text, octet| {
                    write!(text, "{octet:02x}").expect("memory");
                    text
                });
            self.tell(
                &["reader", "set-key", &name(line, reader), "--key-file", "-"],
                &hex,
            );
        }
        self.tell(&["tenant", "add", TENANT], "");
        let contact = ["--name", "Con Tact", "--mobile", "+999 00"];
        self.tell(&[&["tenant", "contact", TENANT], &contact[..]].concat(), "");
        let roster = self.write_roster(lines, cards);
        self.tell(&["card", "import", &roster, "--yes"], "");
    }

    fn roster(&self, lines: u8, cards: u32) -> String {
        let doors: Vec<String> = self
            .places(lines)
            .map(|(line, reader)| name(line, reader))
            .collect();
        let all = doors.join(";");
        let mut text = "number,format,name,firm,mobile,contact,tenant,doors,kind\n".to_owned();
        for (number, door) in (1..=cards).zip(doors.iter().cycle()) {
            // A facility of H10301 has 65,535 cards.
            let (facility, card) = (57 + (number - 1) / 65_535, (number - 1) % 65_535 + 1);
            let doors = if number == 1 || cards <= FEW {
                &all
            } else {
                door
            };
            writeln!(
                text,
                "{facility}:{card},H10301,Nomen Nescio {number},{TENANT},+999 01 {number:07},Con Tact,{TENANT},{doors},employee"
            )
            .expect("memory");
        }
        text
    }

    fn plan(&self, lines: u8) -> String {
        let folder = self.folder.path();
        let line_name = |line: u8| format!("l{line}");
        let plan = Plan {
            name: "House of measures".to_owned(),
            origin: "bench.example/portvakt".to_owned(),
            data_dir: folder.join("data"),
            socket: folder.join("control.sock"),
            lines: (0..lines)
                .map(|line| LineSpec {
                    name: line_name(line),
                    device: folder.join(line_name(line)),
                    protocol: "osdp",
                    baud: 115_200,
                })
                .collect(),
            readers: self
                .places(lines)
                .map(|(line, reader)| ReaderSpec {
                    name: name(line, reader),
                    line: line_name(line),
                    address: Some(reader),
                    enrol: false,
                })
                .collect(),
            doors: self
                .places(lines)
                .map(|(line, reader)| DoorSpec {
                    name: name(line, reader),
                    entry: name(line, reader),
                    strike: (name(line, reader), 0),
                    open_for_s: 1,
                    contact: None,
                    held_after_s: 30,
                })
                .collect(),
        };
        plan.to_string()
    }

    /// Every reader: its line and its address.
    fn places(&self, lines: u8) -> impl Iterator<Item = (u8, u8)> {
        let each = self.readers_each;
        (0..lines).flat_map(move |line| (0..each).map(move |reader| (line, reader)))
    }
}

/// So many cards may all open every door.
const FEW: u32 = 100_000;

fn name(line: u8, reader: u8) -> String {
    format!("l{line}r{reader}")
}

//! The house of the storm: its folder, its configuration, its daemon.

use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::Duration;

use building_sim::{Dice, Line};
use control::request::TenantContact;
use control::request::reader::ReaderRequest;
use control::{Client, Private, ReaderKey, Reply, Request};
use rustix::process::{Pid, Signal, kill_process};

use super::Breach;
use super::plan::{DOORS, Door, OPEN_FOR_S};
use super::present::instant;
use super::readers::{Readers, key};

/// The tenant of every card.
pub(crate) const TENANT: &str = "Luftslott Drift AS";
/// Its contact.
pub(crate) const CONTACT: &str = "Con Tact";
/// The house.
pub(crate) struct House {
    folder: PathBuf,
    binary: PathBuf,
    lines: Vec<Readers>,
}

impl House {
    /// Lays the lines, writes the configuration, runs `init`.
    pub(crate) fn build(folder: &Path, binary: &Path, mut dice: Dice) -> Result<Self, Breach> {
        fs::create_dir_all(folder).expect("a folder");
        let lines = (0..LINES).map(|line| {
            let port = Line::lay(folder, &format!("line{line}")).expect("a pseudo-terminal");
            let here = (0_u8..).zip(DOORS).filter(|(_, door)| door.line == line);
            let addresses: Vec<u8> = here.map(|(address, _)| address).collect();
            Readers::play(port, &addresses, dice.split())
        });
        let house = Self {
            lines: lines.collect(),
            folder: folder.to_path_buf(),
            binary: binary.to_path_buf(),
        };
        fs::write(house.config(), house.configuration()).expect("a file");
        let roles = format!("{}:technician,operations-manager", crate::user());
        let made = Command::new(binary)
            .args(["init", "--operator", &roles, "--config"])
            .arg(house.config())
            .output()
            .expect("portvaktd runs");
        if !made.status.success() {
            let said = String::from_utf8_lossy(&made.stderr).into_owned();
            return Err(Breach::new("init", said));
        }
        Ok(house)
    }

    /// Gives the readers their keys and the tenant its contact.
    pub(crate) fn furnish(&self, client: &mut Client) -> Result<(), Breach> {
        let mut ask = |request| {
            let answered = client.ask(request, false);
            answered.map_err(|refused| Breach::new("furnishing", refused))
        };
        for (address, door) in (0_u8..).zip(DOORS) {
            let hex: String = key(address)
                .iter()
                .map(|octet| format!("{octet:02x}"))
                .collect();
            let key = ReaderKey::from_hex(&hex).expect("a key");
            let reader = door.name.to_owned();
            ask(Request::Reader(ReaderRequest::SetKey { reader, key }))?;
        }
        let tenant = TENANT.to_owned();
        ask(Request::TenantAdd { tenant })?;
        ask(Request::TenantContact(TenantContact {
            tenant: TENANT.to_owned(),
            name: Private::new(CONTACT),
            mobile: Private::new("+999 00 000 000"),
        }))?;
        Ok(())
    }

    /// The readers of a door's line.
    pub(crate) fn readers_at(&self, door: u8) -> &Readers {
        &self.lines[DOORS[usize::from(door)].line]
    }

    /// The readers of every line.
    pub(crate) fn lines(&self) -> &[Readers] {
        &self.lines
    }

    /// Starts the daemon and waits for nothing.
    pub(crate) fn spawn(&self) -> Daemon {
        self.spawn_by(Command::new(&self.binary))
    }

    /// Starts it by another program, which is given its name behind its own words.
    pub(crate) fn spawn_under(&self, mut other: Command) -> Daemon {
        other.arg(&self.binary);
        self.spawn_by(other)
    }

    fn spawn_by(&self, mut command: Command) -> Daemon {
        let mut journal = File::options();
        let journal = journal.create(true).append(true).open(self.journal());
        let journal = journal.expect("a file");
        let child = command
            .arg("--config")
            .arg(self.config())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(journal)
            .spawn()
            .expect("portvaktd runs");
        Daemon(child)
    }

    /// A connection to the daemon, once it answers.
    pub(crate) fn connect(&self, daemon: &mut Daemon) -> Result<Client, Breach> {
        let begun = instant();
        while begun.elapsed() < START_MAX {
            if let Ok((client, _)) = Client::connect(&self.socket()) {
                return Ok(client);
            }
            if let Some(ended) = daemon.ended() {
                return Err(Breach::new("the daemon ended at its start", ended));
            }
            sleep(Duration::from_millis(3));
        }
        Err(Breach::new("no answer within", format!("{START_MAX:?}")))
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.join("control.sock")
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    pub(crate) fn backups(&self) -> PathBuf {
        self.folder.join("backups")
    }

    /// Everything that any of its daemons said.
    pub(crate) fn journal(&self) -> PathBuf {
        self.folder.join("journal")
    }

    /// The port of a line.
    pub(crate) fn device(&self, line: usize) -> PathBuf {
        self.folder.join(format!("line{line}"))
    }

    fn config(&self) -> PathBuf {
        self.folder.join("portvakt.toml")
    }

    fn configuration(&self) -> String {
        let (data, socket, backups) = (self.data(), self.socket(), self.backups());
        let mut text = format!(
            "[site]\nname = \"House of storms\"\norigin = \"storm.example/portvakt\"\ntime_zone = \"Europe/Oslo\"\n\
             data_dir = {data:?}\n[control]\nsocket = {socket:?}\n[backup]\ndir = {backups:?}\n"
        );
        for line in 0..LINES {
            let device = self.device(line);
            text += &format!(
                "[[line]]\nname = \"line{line}\"\ndevice = {device:?}\nprotocol = \"osdp\"\nbaud = 921600\n"
            );
        }
        for (address, Door { name, line, class }) in DOORS.iter().enumerate() {
            text += &format!(
                "[[reader]]\nname = \"{name}\"\nline = \"line{line}\"\naddress = {address}\nformat = \"H10301\"\n\
                 [[door]]\nname = \"{name}\"\nentry = \"{name}\"\nstrike = {{ reader = \"{name}\", output = 0 }}\n\
                 open_for = \"{OPEN_FOR_S}s\"\nclass = \"{class}\"\n"
            );
        }
        text
    }
}

/// A running daemon; killed with the storm.
pub(crate) struct Daemon(Child);

impl Daemon {
    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// How it ended, if it has.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.0.try_wait().expect("a child")
    }

    /// SIGKILL, as a power cut does it.
    pub(crate) fn kill(mut self) -> Result<(), Breach> {
        if let Some(ended) = self.ended() {
            return Err(Breach::new("the daemon ended by itself", ended));
        }
        self.0.kill().expect("it runs");
        let ended = self.0.wait().expect("a child");
        if ended.signal() == Some(9) {
            Ok(())
        } else {
            Err(Breach::new("the daemon ended by itself", ended))
        }
    }

    /// SIGTERM: it stops in order.
    pub(crate) fn stop(mut self) -> Result<(), Breach> {
        // It may just have ended by itself.
        kill_process(Pid::from_child(&self.0), Signal::TERM).ok();
        let asked = instant();
        let ended = loop {
            if let Some(ended) = self.ended() {
                break ended;
            }
            if asked.elapsed() > STOP_MAX {
                let what = format!("it does not stop within {STOP_MAX:?}");
                return Err(Breach::new("told to stop", what));
            }
            sleep(Duration::from_millis(2));
        };
        if ended.success() {
            Ok(())
        } else {
            Err(Breach::new("told to stop, the daemon ended with", ended))
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // Ended already, or ended now.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// The last reply to a request that may show its progress first.
pub(crate) fn last_reply(client: &mut Client, request: Request) -> Result<Reply, Breach> {
    let refused = |cause| Breach::new("a request of the storm's own", cause);
    client.ask(request, false).map_err(refused)
}

/// Lines of the house.
pub(crate) const LINES: usize = 2;
/// Far beyond what is promised; a machine may be busy.
const START_MAX: Duration = Duration::from_secs(20);
/// As far.
const STOP_MAX: Duration = Duration::from_secs(30);

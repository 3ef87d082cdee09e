//! `portvakt backup restore`: the daemon's half of it does the work, since nobody else may have the data directory.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use clap::Args;
use control::Code;
use zeroize::Zeroizing;

use crate::ask::{ask_hidden, can_ask, read_secret};
use crate::desk::Desk;
use crate::failure::Failure;
use crate::portvaktd;
use crate::text::{AboutBackup, Say};

/// Make the data directory of a house from a backup
///
/// Runs portvaktd restore, as the user who runs the daemon, while the daemon does not run. Everything is verified before
/// anything is written; a restore that is cut off leaves the data directory as it was, or restored. Doors open for the
/// same cards, whose holders are registered anew: their keys are in no backup. The log begins anew under another name, and
/// the old one is kept.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Restore {
    /// The folder of the backup
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// The configuration file of the daemon
    #[arg(
        long,
        value_name = "FILE",
        default_value = "/etc/portvakt/portvakt.toml"
    )]
    config: PathBuf,
    /// Who was still there after the backup, as backup shreds wrote it; of several the newest counts
    #[arg(long, value_name = "FILE", conflicts_with = "without_shreds")]
    shreds: Vec<PathBuf>,
    /// There is no such file: visitors' cards stay blocked until somebody has looked at them
    #[arg(long)]
    without_shreds: bool,
    /// The old log's folder, or the data directory it is in, if that was saved from the disk
    #[arg(long, value_name = "DIR")]
    log: Option<PathBuf>,
    /// A later checkpoint of the old log, from an auditor or a witness
    #[arg(long, value_name = "NOTE")]
    anchor: Vec<PathBuf>,
    /// The file the passphrase is in, or - for standard input; asked for at a terminal otherwise
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<String>,
    /// Move what is in the data directory into a folder there, and put the backup in its place
    #[arg(long)]
    replace: bool,
}

impl Restore {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`] as the daemon's half says it.
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let passphrase = self.passphrase(desk)?;
        let program = portvaktd::find();
        let mut command = Command::new(&program);
        command.arg("restore").arg("--passphrase-file").arg("-");
        command.arg("--config").arg(&self.config);
        command.arg("--from").arg(&self.from);
        let named = self.shreds.iter().map(|file| ("--shreds", file));
        let named = named.chain(self.log.iter().map(|dir| ("--log", dir)));
        for (option, path) in named.chain(self.anchor.iter().map(|note| ("--anchor", note))) {
            command.arg(option).arg(path);
        }
        for (option, is_given) in [
            ("--without-shreds", self.without_shreds),
            ("--replace", self.replace),
            ("--dry-run", desk.global.dry_run),
        ] {
            if is_given {
                command.arg(option);
            }
        }
        let mut child = command
            .stdin(Stdio::piped())
            .spawn()
            .map_err(|error| portvaktd::not_started(&program, &error))?;
        if let Some(mut stdin) = child.stdin.take() {
            // One that was refused for its other arguments does not read it.
            stdin.write_all(passphrase.as_bytes()).ok();
        }
        let ended = child.wait()?;
        if ended.success() {
            return Ok(());
        }
        // What was wrong it has said itself.
        Err(Failure::Ended(match ended.code() {
            Some(CONFIGURATION | USAGE) => Code::Usage,
            Some(DATA) => Code::Unverified,
            Some(_) | None => Code::Failed,
        }))
    }

    fn passphrase(&self, desk: &Desk) -> Result<Zeroizing<String>, Failure> {
        let say = |what| desk.lang.say(&Say::AboutBackup(what));
        match &self.passphrase_file {
            Some(path) => read_secret(path),
            None if can_ask() => ask_hidden(&say(AboutBackup::Ask)),
            None => Err(Failure::usage(say(AboutBackup::NoTerminal))),
        }
    }
}

// sysexits, as the daemon ends; and clap's own.
const CONFIGURATION: i32 = 78;
const DATA: i32 = 65;
const USAGE: i32 = 2;

const EXAMPLES: &str = "\
Examples:
  portvakt --dry-run backup restore --from /media/backup/20261122T080000Z
  sudo -u portvakt portvakt backup restore --from /media/backup/20261122T080000Z \\
    --shreds /media/backup/shreds --passphrase-file backup.phrase";

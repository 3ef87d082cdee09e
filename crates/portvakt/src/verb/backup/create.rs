//! `portvakt backup create`.

use std::time::Duration;

use clap::Args;
use control::request::backup::BackupRequest;
use control::{Private, Reply, Request};
use zeroize::Zeroizing;

use crate::ask::{ask_hidden, can_ask, read_secret};
use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{AboutBackup, Label, Phrase, Say};

/// Make a backup of the house while its doors are served
///
/// It is written to a new folder where [backup] dir of the configuration says, and read again before it gets its name. The
/// house's keys are in it encrypted under the passphrase, the keys of cards' holders never: after a lost disk the doors
/// open for the same cards, and the holders' names are registered anew. Without the passphrase its keys are lost: keep it
/// elsewhere, on paper.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Create {
    /// The file the passphrase is in, or - for standard input; asked for at a terminal otherwise
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<String>,
}

impl Create {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let passphrase = self.passphrase(desk)?;
        let request = Request::Backup(BackupRequest::Create {
            passphrase: Private::new(passphrase.as_str()),
        });
        let dry_run = desk.global.dry_run;
        let mut daemon = desk.connect()?;
        daemon.client().send(request, dry_run)?;
        let reply = daemon.client().receive_within(Some(SILENCE_MAX))?;
        if let Reply::Done { warning } = &reply {
            return desk.done(warning.as_deref(), &Say::Fixed(Phrase::Done));
        }
        let Reply::BackupMade(made) = &reply else {
            return Err(Failure::unexpected(&reply));
        };
        if desk.out.is_json() {
            return desk.out.json(made);
        }
        desk.field(Label::Backup, &made.dir)?;
        desk.field(Label::Events, &made.backup.events.to_string())?;
        desk.field(Label::Keys, &made.keys.to_string())?;
        desk.field(Label::Files, &made.backup.files.to_string())?;
        desk.field(Label::Octets, &made.backup.octets.to_string())
    }

    fn passphrase(&self, desk: &Desk) -> Result<Zeroizing<String>, Failure> {
        if let Some(path) = &self.passphrase_file {
            let text = read_secret(path)?;
            return Ok(Zeroizing::new(text.trim().to_owned()));
        }
        let say = |what| desk.lang.say(&Say::AboutBackup(what));
        if !can_ask() {
            return Err(Failure::usage(say(AboutBackup::NoTerminal)));
        }
        let typed = ask_hidden(&say(AboutBackup::Ask))?;
        let again = ask_hidden(&say(AboutBackup::AskAgain))?;
        if *typed != *again {
            return Err(Failure::usage(say(AboutBackup::Differs)));
        }
        Ok(typed)
    }
}

/// How long the daemon may be silent: it copies and verifies a log of many millions of events in less.
const SILENCE_MAX: Duration = Duration::from_secs(3_600);

const EXAMPLES: &str = "\
Examples:
  portvakt backup create
  portvakt backup create --passphrase-file /root/backup.phrase
  pass show portvakt/backup | portvakt backup create --passphrase-file -";

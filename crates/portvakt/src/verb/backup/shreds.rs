//! `portvakt backup shreds`.

use std::time::Duration;

use clap::Args;
use control::request::backup::BackupRequest;
use control::{Reply, Request};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Label, Phrase, Say};

/// Write down who is still there, so that a restore from an older backup brings nobody back
///
/// The file lies beside the backups and is to be copied elsewhere as they are, more often than they are made: after each
/// return, or every few minutes. It names cards and operators by their pseudonyms and numbers, and no person. A restore
/// takes whoever is not in it for gone: cards that were returned after the backup are forgotten again, lost ones stay
/// lost, and who was an operator then is one only if they still were.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Shreds {}

impl Shreds {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let request = Request::Backup(BackupRequest::Shreds {});
        let dry_run = desk.global.dry_run;
        let mut daemon = desk.connect()?;
        daemon.client().send(request, dry_run)?;
        let reply = daemon.client().receive_within(Some(SILENCE_MAX))?;
        if let Reply::Done { warning } = &reply {
            return desk.done(warning.as_deref(), &Say::Fixed(Phrase::Done));
        }
        let Reply::ShredsKept(kept) = &reply else {
            return Err(Failure::unexpected(&reply));
        };
        if desk.out.is_json() {
            return desk.out.json(kept);
        }
        desk.field(Label::File, &kept.file)?;
        desk.field(Label::At, &daemon.shown(kept.at))?;
        desk.field(Label::Cards, &kept.cards.to_string())?;
        desk.field(Label::Octets, &kept.octets.to_string())
    }
}

/// How long the daemon may be silent: a million cards take less.
const SILENCE_MAX: Duration = Duration::from_secs(600);

const EXAMPLES: &str = "\
Examples:
  portvakt backup shreds
  portvakt backup shreds && scp /var/backups/portvakt/shreds elsewhere:portvakt/";

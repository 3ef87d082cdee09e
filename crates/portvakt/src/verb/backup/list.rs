//! `portvakt backup list`.

use clap::Args;
use control::request::backup::BackupRequest;
use control::{Request, Row};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::Label;

/// List the backups where the configuration says that they are, oldest first
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct List {}

impl List {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let columns = [
            Label::Backup,
            Label::At,
            Label::Events,
            Label::Files,
            Label::Octets,
            Label::Origin,
        ];
        let sheet = Sheet::new(desk.lang, &columns);
        let request = Request::Backup(BackupRequest::List {});
        desk.list(request, sheet, &|daemon, row, sheet| {
            let Row::Backup(row) = row else { return false };
            sheet.row([
                row.backup.clone(),
                daemon.in_table(Some(row.at)),
                row.events.to_string(),
                row.files.to_string(),
                row.octets.to_string(),
                row.origin.clone(),
            ]);
            true
        })
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt backup list
  portvakt --json backup list";

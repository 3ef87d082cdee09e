//! `portvakt witness list`.

use clap::Args;
use control::{Request, Row};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::Label;

/// List the witnesses of the configuration, and how far each has vouched
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  portvakt witness list")]
pub(crate) struct List {}

impl List {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let sheet = Sheet::new(
            desk.lang,
            &[Label::Witness, Label::Events, Label::At, Label::Url],
        );
        desk.list(Request::WitnessList {}, sheet, &|daemon, row, sheet| {
            let Row::Witness(row) = row else { return false };
            sheet.row([
                row.witness.clone(),
                row.size.map_or_else(String::new, |size| size.to_string()),
                daemon.in_table(row.at),
                row.url.clone(),
            ]);
            true
        })
    }
}

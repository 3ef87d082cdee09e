//! `portvakt card import`.

use clap::Args;
use control::reply::import::ImportDiff;
use control::request::import::ImportRow;
use control::{Reply, Request};

use crate::bulk::{self, Bulk};
use crate::daemon::Daemon;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::roster::Roster;
use crate::text::Say;

/// Employees' cards from a CSV file, all or nothing
///
/// Columns: number and format, or raw and bits; name, firm, mobile, contact, tenant,
/// doors (separated by semicolons); valid_from, valid_until and kind where wanted. The
/// difference is shown first; with --yes, with the answer. Any other column is refused.
/// Doors are given at any hour, as long as the card. Where a card is known already, other
/// doors take the place of those it has, and no doors leave its rights as they are; a row
/// with other doors is refused if the card has also rights on groups, at hours or with
/// times of their own.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Import {
    /// The file, or - for standard input
    #[arg(value_name = "FILE.csv")]
    file: String,
}

impl Import {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let csv = bulk::read_file(&self.file)?;
        let mut daemon = desk.connect()?;
        let roster = Roster::read(&csv, &daemon.calendar())?;
        if roster.problems_total > 0 {
            return bulk::refuse(desk, &roster.problems, roster.problems_total);
        }
        let is_asked = !desk.global.yes;
        if is_asked || desk.global.dry_run {
            let difference = send(&mut daemon, &roster.rows, true)?;
            if difference.problems_total > 0 {
                return bulk::refuse(desk, &difference.problems, difference.problems_total);
            }
            if desk.global.dry_run {
                return show(desk, &difference);
            }
            desk.say(&difference_of(&difference));
            desk.confirm(&Say::AskImport {
                rows: difference.rows,
            })?;
        }
        let imported = send(&mut daemon, &roster.rows, false)?;
        if !imported.applied {
            return bulk::refuse(desk, &imported.problems, imported.problems_total);
        }
        if !is_asked {
            desk.say(&difference_of(&imported));
        }
        show(desk, &imported)
    }
}

/// Sends every row, shows how far, gives the difference.
fn send(daemon: &mut Daemon, rows: &[ImportRow], dry_run: bool) -> Result<ImportDiff, Failure> {
    let bulk = Bulk {
        begin: Request::CardImportBegin {
            rows: u64::try_from(rows.len()).unwrap_or(u64::MAX),
        },
        rows,
        pack: |rows| Request::CardImportRows { rows },
        end: Request::CardImportEnd {},
    };
    let bar = bulk.send(daemon.client(), dry_run)?;
    let reply = bulk::receive(daemon.client(), &bar)?;
    let Reply::Import(difference) = reply else {
        return Err(Failure::unexpected(&reply));
    };
    bar.finish_and_clear();
    Ok(difference)
}

fn show(desk: &mut Desk, difference: &ImportDiff) -> Result<(), Failure> {
    if desk.out.is_json() {
        desk.out.json(difference)?;
    } else {
        let say = if difference.applied {
            Say::Imported {
                rows: difference.rows,
            }
        } else {
            difference_of(difference)
        };
        desk.out.line(&desk.lang.say(&say))?;
    }
    desk.say_if_dry();
    Ok(())
}

fn difference_of(difference: &ImportDiff) -> Say<'static> {
    Say::ImportDifference {
        added: difference.added,
        changed: difference.changed,
        unchanged: difference.unchanged,
        problems: difference.problems_total,
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card import employees.csv --dry-run
  portvakt card import employees.csv --yes";

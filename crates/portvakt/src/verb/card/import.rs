//! `portvakt card import`.

use std::fs::File;
use std::io::{self, Read};
use std::time::Duration;

use clap::Args;
use control::reply::import::{ImportDiff, ImportProblem};
use control::request::import::{IMPORT_FRAME_FILL, ImportRow};
use control::{Client, Reply, Request};
use indicatif::{ProgressBar, ProgressStyle};
use zeroize::Zeroizing;

use crate::daemon::Daemon;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::roster::Roster;
use crate::sheet::Sheet;
use crate::text::{Label, Say};

/// Employees' cards from a CSV file, all or nothing
///
/// Columns: number and format, or raw and bits; name, firm, mobile, contact, tenant,
/// doors (separated by semicolons); valid_from, valid_until and kind where wanted. The
/// difference is shown first. Any other column is refused. Doors are given at any hour, as
/// long as the card. Where a card is known already, other doors take the place of those it
/// has, and no doors leave its rights as they are; a row with other doors is refused if the
/// card has also rights on groups, at hours or with times of their own.
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
        let csv = read_file(&self.file)?;
        let mut daemon = desk.connect()?;
        let roster = Roster::read(&csv, &daemon.calendar())?;
        if roster.problems_total > 0 {
            return refuse(desk, &roster.problems, roster.problems_total);
        }
        let difference = send(&mut daemon, &roster.rows, true)?;
        if difference.problems_total > 0 {
            return refuse(desk, &difference.problems, difference.problems_total);
        }
        if desk.global.dry_run {
            return show(desk, &difference);
        }
        desk.say(&difference_of(&difference));
        desk.confirm(&Say::AskImport {
            rows: difference.rows,
        })?;
        let imported = send(&mut daemon, &roster.rows, false)?;
        if !imported.applied {
            return refuse(desk, &imported.problems, imported.problems_total);
        }
        show(desk, &imported)
    }
}

/// Sends every row, shows how far, gives the difference.
fn send(daemon: &mut Daemon, rows: &[ImportRow], dry_run: bool) -> Result<ImportDiff, Failure> {
    let count = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    let bar = progress_bar(count);
    let client = daemon.client();
    client.send(Request::CardImportBegin { rows: count }, dry_run)?;
    let ready = client.receive()?;
    if ready != (Reply::Ready {}) {
        return Err(Failure::unexpected(&ready));
    }
    let mut rest = rows;
    while !rest.is_empty() {
        let (packed, left) = rest.split_at(fitting(rest));
        let sent = client.send_more(
            Request::CardImportRows {
                rows: packed.to_vec(),
            },
            dry_run,
        );
        bar.inc(u64::try_from(packed.len()).unwrap_or_default());
        rest = left;
        // A daemon that refuses half-way closes its ear; what it said is still there.
        if let Err(error) = sent {
            return Err(client.receive().err().unwrap_or(error).into());
        }
    }
    client.send_more(Request::CardImportEnd {}, dry_run)?;
    await_difference(client, &bar)
}

fn await_difference(client: &mut Client, bar: &ProgressBar) -> Result<ImportDiff, Failure> {
    bar.set_position(0);
    loop {
        let reply = client.receive_within(Some(IMPORT_TIMEOUT))?;
        if let Reply::Import(difference) = reply {
            bar.finish_and_clear();
            return Ok(difference);
        }
        let Reply::Progress { done, total } = reply else {
            return Err(Failure::unexpected(&reply));
        };
        bar.set_length(total);
        bar.set_position(done);
    }
}

/// How many of `rows` fit one frame; at least one, which the frame itself then limits.
fn fitting(rows: &[ImportRow]) -> usize {
    let mut filled = 0;
    let fit = rows.iter().take_while(|row| {
        let json = serde_json::to_vec(row).map(Zeroizing::new);
        filled += json.map_or(IMPORT_FRAME_FILL, |json| json.len() + 1);
        filled <= IMPORT_FRAME_FILL
    });
    fit.count().max(1)
}

/// Says what cannot be taken, a row each; nothing was changed.
fn refuse(desk: &mut Desk, problems: &[ImportProblem], total: u64) -> Result<(), Failure> {
    let mut sheet = Sheet::new(desk.lang, &[Label::FileLine, Label::Column, Label::Problem]);
    for problem in problems {
        if desk.out.is_json() {
            desk.out.json(problem)?;
        } else {
            let line = problem.line.to_string();
            sheet.row([line, problem.column.clone(), problem.message.clone()]);
        }
    }
    desk.out.sheet(&sheet)?;
    Err(Failure::usage(
        desk.lang.say(&Say::ImportRefused { problems: total }),
    ))
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

/// Hidden by itself where standard error is no terminal.
fn progress_bar(rows: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {eta}");
    let bar = ProgressBar::new(rows);
    style.map_or(bar.clone(), |style| bar.with_style(style))
}

fn read_file(path: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let cannot = |error: io::Error| Failure::failed(format!("cannot read {path}: {error}"));
    let mut csv = Zeroizing::new(Vec::new());
    let from: Box<dyn Read> = if path == "-" {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path).map_err(cannot)?)
    };
    from.take(FILE_LEN_MAX + 1)
        .read_to_end(&mut csv)
        .map_err(cannot)?;
    if u64::try_from(csv.len()).unwrap_or(u64::MAX) > FILE_LEN_MAX {
        return Err(Failure::usage(format!(
            "{path} is longer than {FILE_LEN_MAX} octets; split it"
        )));
    }
    Ok(csv)
}

/// Octets a file may have: a million rows of 500.
const FILE_LEN_MAX: u64 = 512 * 1024 * 1024;
/// How long the daemon may be silent while it carries an import out.
const IMPORT_TIMEOUT: Duration = Duration::from_secs(300);

const EXAMPLES: &str = "\
Examples:
  portvakt card import employees.csv --dry-run
  portvakt card import employees.csv --yes";

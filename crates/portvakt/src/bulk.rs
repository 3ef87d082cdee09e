//! Bulk: a file of rows, read whole, sent in frames, and answered when all of it is done.

use std::fs::File;
use std::io::{self, Read, Write};

use control::reply::import::ImportProblem;
use control::request::import::IMPORT_FRAME_FILL;
use control::{Client, Reply, Request};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::daemon::WORK_TIMEOUT;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::{Label, Say};

/// Rows on their way to the daemon.
pub(crate) struct Bulk<'r, T> {
    /// What announces them.
    pub(crate) begin: Request,
    /// They.
    pub(crate) rows: &'r [T],
    /// What carries some of them.
    pub(crate) pack: fn(Vec<T>) -> Request,
    /// What says that there are no more.
    pub(crate) end: Request,
}

impl<T: Serialize + Clone> Bulk<'_, T> {
    /// Sends every row and shows how far; the bar stands at nothing again when the daemon has them all.
    ///
    /// # Errors
    /// [`Failure`] as the daemon or the socket has it.
    pub(crate) fn send(self, client: &mut Client, dry_run: bool) -> Result<ProgressBar, Failure> {
        let bar = progress_bar(u64::try_from(self.rows.len()).unwrap_or(u64::MAX));
        client.send(self.begin, dry_run)?;
        let ready = client.receive()?;
        if ready != (Reply::Ready {}) {
            return Err(Failure::unexpected(&ready));
        }
        let mut rest = self.rows;
        while !rest.is_empty() {
            let (packed, left) = rest.split_at(fitting(rest));
            let sent = client.send_more((self.pack)(packed.to_vec()), dry_run);
            bar.inc(u64::try_from(packed.len()).unwrap_or_default());
            rest = left;
            // A daemon that refuses half-way closes its ear; what it said is still there.
            if let Err(error) = sent {
                return Err(client.receive().err().unwrap_or(error).into());
            }
        }
        client.send_more(self.end, dry_run)?;
        bar.set_position(0);
        Ok(bar)
    }
}

/// What the daemon says next, once it is no word about the progress.
///
/// # Errors
/// [`Failure`] as the daemon or the socket has it.
pub(crate) fn receive(client: &mut Client, bar: &ProgressBar) -> Result<Reply, Failure> {
    loop {
        let reply = client.receive_within(Some(WORK_TIMEOUT))?;
        let Reply::Progress { done, total } = reply else {
            return Ok(reply);
        };
        bar.set_length(total);
        bar.set_position(done);
    }
}

/// The file's octets, or those of standard input.
///
/// # Errors
/// [`Failure`] if it cannot be read or is too long.
pub(crate) fn read_file(path: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
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

/// Says what cannot be taken, a row each; nothing was changed.
///
/// # Errors
/// [`Failure`] with exit code 2.
pub(crate) fn refuse(
    desk: &mut Desk,
    problems: &[ImportProblem],
    total: u64,
) -> Result<(), Failure> {
    let mut sheet = Sheet::new(desk.lang, &[Label::FileLine, Label::Column, Label::Problem]);
    for problem in problems {
        if desk.out.is_json() {
            desk.out.json(problem)?;
        } else {
            let line = problem.line.to_string();
            sheet.row([
                line,
                problem.column.clone(),
                desk.lang.told(&problem.message),
            ]);
        }
    }
    desk.out.sheet(&sheet)?;
    Err(Failure::usage(
        desk.lang.say(&Say::ImportRefused { problems: total }),
    ))
}

/// A fault of a CSV file itself, without what stands in it.
pub(crate) fn csv_fault(error: &csv::Error) -> String {
    if let csv::ErrorKind::UnequalLengths {
        expected_len, len, ..
    } = error.kind()
    {
        return format!("has {len} fields, the heading has {expected_len}");
    }
    if matches!(error.kind(), csv::ErrorKind::Utf8 { .. }) {
        return "is not UTF-8".to_owned();
    }
    "is not CSV".to_owned()
}

/// How many of `rows` fit one frame; at least one, which the frame itself then limits.
fn fitting<T: Serialize>(rows: &[T]) -> usize {
    let mut filled = 0;
    let fit = rows.iter().take_while(|row| {
        let mut octets = Octets(0);
        let counted = serde_json::to_writer(&mut octets, row);
        filled += counted.map_or(IMPORT_FRAME_FILL, |()| octets.0 + 1);
        filled <= IMPORT_FRAME_FILL
    });
    fit.count().max(1)
}

/// Counts what is written, and keeps nothing of it.
struct Octets(usize);

impl Write for Octets {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.0 += octets.len();
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Hidden by itself where standard error is no terminal.
fn progress_bar(rows: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {eta}");
    let bar = ProgressBar::new(rows);
    style.map_or(bar.clone(), |style| bar.with_style(style))
}

/// Octets a file may have: a million rows of 500.
const FILE_LEN_MAX: u64 = 512 * 1024 * 1024;

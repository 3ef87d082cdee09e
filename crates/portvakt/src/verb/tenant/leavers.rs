//! `portvakt tenant leavers`.

use clap::Args;
use control::reply::tenant::{LeaverRow, Leavers as Outcome};
use control::request::tenant::TenantRequest;
use control::{Reply, Request, Row};

use crate::bulk::{self, Bulk};
use crate::daemon::Daemon;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::leaver_list::LeaverList;
use crate::sheet::Sheet;
use crate::text::{AboutTenant, Label, Say};

/// A tenant's list of who leaves, from a CSV file, all or nothing
///
/// Columns: name; mobile, firm and last_day where wanted. Any other column is refused. What
/// is found is shown first, by line and pseudonym. A row means everything that one person of
/// that name holds; a row that means nobody, or may mean several, is left alone. Cards end
/// with the last day, without one at once and their PINs with them; contact persons leave.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Leavers {
    /// The tenant's name
    tenant: String,
    /// The file, or - for standard input
    #[arg(value_name = "FILE.csv")]
    file: String,
}

impl Leavers {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let csv = bulk::read_file(&self.file)?;
        let mut daemon = desk.connect()?;
        let list = LeaverList::read(&csv, &daemon.calendar())?;
        if list.problems_total > 0 {
            return bulk::refuse(desk, &list.problems, list.problems_total);
        }
        let found = self.send(desk, &mut daemon, &list, true)?;
        if found.problems_total > 0 {
            return bulk::refuse(desk, &found.problems, found.problems_total);
        }
        if desk.global.dry_run {
            return said(desk, &found);
        }
        desk.say(&Say::AboutTenant(AboutTenant::Difference(&found)));
        let Outcome {
            cards, contacts, ..
        } = found;
        desk.confirm(&Say::AboutTenant(AboutTenant::AskLeavers {
            cards,
            contacts,
        }))?;
        let taken = self.send(desk, &mut daemon, &list, false)?;
        if !taken.applied {
            return bulk::refuse(desk, &taken.problems, taken.problems_total);
        }
        said(desk, &taken)
    }

    /// Sends every row; what was found is shown the first time, when nothing is changed.
    fn send(
        &self,
        desk: &mut Desk,
        daemon: &mut Daemon,
        list: &LeaverList,
        dry_run: bool,
    ) -> Result<Outcome, Failure> {
        let bulk = Bulk {
            begin: Request::Tenant(TenantRequest::LeaversBegin {
                tenant: self.tenant.clone(),
                rows: u64::try_from(list.rows.len()).unwrap_or(u64::MAX),
            }),
            rows: &list.rows,
            pack: |rows| Request::Tenant(TenantRequest::LeaversRows { rows }),
            end: Request::Tenant(TenantRequest::LeaversEnd {}),
        };
        let bar = bulk.send(daemon.client(), dry_run)?;
        let mut sheet = Sheet::new(desk.lang, &HEADINGS);
        loop {
            let reply = bulk::receive(daemon.client(), &bar)?;
            bar.finish_and_clear();
            if let Reply::Leavers(outcome) = reply {
                desk.out.sheet(&sheet)?;
                desk.out.flush()?;
                return Ok(outcome);
            }
            let Reply::Part {
                row: Row::Leaver(row),
            } = &reply
            else {
                return Err(Failure::unexpected(&reply));
            };
            if dry_run {
                show(desk, daemon, row, &mut sheet)?;
            }
        }
    }
}

fn show(
    desk: &mut Desk,
    daemon: &Daemon,
    row: &LeaverRow,
    sheet: &mut Sheet,
) -> Result<(), Failure> {
    if desk.out.is_json() {
        return desk.out.row(&Row::Leaver(row.clone()));
    }
    let issuances: Vec<String> = row.issuances.iter().map(ToString::to_string).collect();
    sheet.row([
        row.line.to_string(),
        desk.lang.found(row.found).to_owned(),
        issuances.join(", "),
        desk.lang.yes_or_no(row.contact).to_owned(),
        daemon.in_table(row.ends),
    ]);
    if sheet.is_full() {
        desk.out.sheet(sheet)?;
        sheet.clear();
    }
    Ok(())
}

fn said(desk: &mut Desk, outcome: &Outcome) -> Result<(), Failure> {
    if desk.out.is_json() {
        desk.out.json(outcome)?;
    } else {
        let about = if outcome.applied {
            AboutTenant::LeaversTaken(outcome)
        } else {
            AboutTenant::Difference(outcome)
        };
        desk.out.line(&desk.lang.say(&Say::AboutTenant(about)))?;
    }
    if outcome.without_contact {
        desk.say(&Say::AboutTenant(AboutTenant::WithoutContact));
    }
    desk.say_if_dry();
    Ok(())
}

const HEADINGS: [Label; 5] = [
    Label::FileLine,
    Label::Means,
    Label::Issuance,
    Label::Contact,
    Label::Until,
];

const EXAMPLES: &str = "\
Examples:
  portvakt tenant leavers Kommunen leavers.csv --dry-run
  portvakt tenant leavers Kommunen leavers.csv";

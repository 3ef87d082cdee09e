//! `tenant leavers`: a tenant's list of who leaves, first whom each row means, then all of it or nothing (M25).

use access::UtcMicros;
use control::reply::import::{IMPORT_PROBLEMS_MAX, ImportProblem, PROBLEM_OCTETS_MAX};
use control::reply::tenant::{Found, LeaverRow, Leavers};
use control::request::tenant::{LEAVERS_ROWS_MAX, LeaverEntry, TenantRequest};
use control::{Code, Moment, Private, Refusal, Reply, Request, Row, one_line};
use register::{FoundLeaver, Leaver, LeaversPlan, Meant};
use tokio::sync::mpsc;

use super::gather::{Came, gather};
use crate::control_server::{Asker, Outlet, Stop};
use crate::desk::{Desk, Effect, refusal};

/// Takes the rows, says whom each means, and lets them leave unless it is a dry run or a row has a problem.
pub(super) async fn take(
    asker: &Asker,
    (tenant, announced): (String, u64),
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    if announced > LEAVERS_ROWS_MAX {
        let what = format!(
            "{announced} rows are more than the {LEAVERS_ROWS_MAX} of one list; split the file"
        );
        return Err(Refusal::new(Code::Usage, what).into());
    }
    // Nobody sends a list for a tenant that is not there.
    let named = tenant.clone();
    let desk = &asker.controller.desk;
    let known = desk.ask(move |desk| desk.register.tenant(&named).map(drop));
    known.await?.map_err(|cause| refusal(&cause))?;
    outlet.say(Reply::Ready {}).await?;
    let (rows, dry_run) = gather(announced, outlet, read).await?;
    let (tell, mut told) = mpsc::channel(1);
    let list = List {
        tenant,
        rows,
        asker: asker.clone(),
        dry_run,
        tell,
    };
    let work = asker.controller.desk.ask(move |desk| list.carry_out(desk));
    tokio::pin!(work);
    let done = loop {
        tokio::select! {
            outcome = &mut work => match outcome? {
                Ok(done) => break done,
                // A role that ended in the middle is refused as any other, on record.
                Err(refusal) if asker.again().is_err() => {
                    return Ok(asker.refuse("tenant-leavers", refusal.message).await?);
                }
                Err(refusal) => return Err(refusal.into()),
            },
            Some((done, total)) = told.recv() => outlet.say(Reply::Progress { done, total }).await?,
        }
    };
    let purpose = "the tenant's list of leavers";
    asker
        .reading("tenant-leavers", purpose, done.summary.matched)
        .await?;
    for row in done.rows {
        outlet.row(Row::Leaver(row)).await?;
    }
    Ok(Reply::Leavers(done.summary))
}

fn read(request: Request) -> Came<LeaverEntry> {
    if let Request::Tenant(TenantRequest::LeaversRows { rows }) = request {
        Came::Rows(rows)
    } else if matches!(request, Request::Tenant(TenantRequest::LeaversEnd {})) {
        Came::End
    } else {
        Came::Stranger
    }
}

/// All rows, on their way to the desk.
struct List {
    tenant: String,
    rows: Vec<LeaverEntry>,
    asker: Asker,
    dry_run: bool,
    tell: mpsc::Sender<(u64, u64)>,
}

/// What is answered.
struct Done {
    rows: Vec<LeaverRow>,
    summary: Leavers,
}

impl List {
    fn carry_out(self, desk: &mut Desk) -> Result<Done, Refusal> {
        desk.catch_up()?;
        let now = desk.ledger.clock.now().utc;
        let tenant = desk.register.tenant(&self.tenant);
        let cards = tenant.and_then(|tenant| desk.register.cards_of(tenant));
        let cards = cards.map_err(|cause| refusal(&cause))?;
        // A word about the progress that finds no place is followed by another.
        let plan =
            desk.register
                .leavers_plan(&self.tenant, self.rows.iter().map(leaver), &mut |done| {
                    self.tell.try_send((done, cards)).ok();
                });
        let plan = plan.map_err(|cause| refusal(&cause))?;
        let mut summary = summary(&plan, self.rows.len());
        if plan.problems().0 == 0 {
            summary.without_contact = self.let_leave(desk, &plan)?;
            summary.applied = !self.dry_run;
        }
        let rows = plan.found().iter().map(|row| shown(row, now)).collect();
        Ok(Done { rows, summary })
    }

    /// Lets them leave, or tries what would be; says whether nobody answers for the tenant from then on.
    fn let_leave(&self, desk: &mut Desk, plan: &LeaversPlan) -> Result<bool, Refusal> {
        // Just before it is done: the list may have come, and been looked at, for minutes.
        let again = self.asker.again();
        let asker = again.map_err(|why| Refusal::new(Code::Refused, why))?;
        let total = u64::try_from(plan.found().len()).unwrap_or(u64::MAX);
        let done = desk.change(Effect::Revokes, self.dry_run, |register, now| {
            register.leavers(plan, asker.operator.id, now, &mut |done| {
                self.tell.try_send((done, total)).ok();
            })
        })?;
        Ok(done.left_alone.is_some())
    }
}

fn leaver(row: &LeaverEntry) -> Leaver<'_> {
    Leaver {
        line: row.line,
        name: row.name.expose(),
        mobile: row.mobile.as_ref().map(Private::expose),
        firm: row.firm.as_ref().map(Private::expose),
        ends: row.ends.map(Moment::utc),
    }
}

fn shown(row: &FoundLeaver, now: UtcMicros) -> LeaverRow {
    let (found, issuances, contact) = match &row.meant {
        Meant::One { issuances, contact } => (Found::One, issuances.clone(), contact.is_some()),
        Meant::Nobody => (Found::Nobody, Vec::new(), false),
        Meant::Several => (Found::Several, Vec::new(), false),
    };
    let ends = row.ends.filter(|ends| *ends > now && found == Found::One);
    LeaverRow {
        line: row.line,
        found,
        issuances,
        contact,
        ends: ends.map(Moment::from),
    }
}

fn summary(plan: &LeaversPlan, rows: usize) -> Leavers {
    let count = |wanted: fn(&Meant) -> bool| {
        let found = plan.found().iter().filter(|row| wanted(&row.meant));
        u64::try_from(found.count()).unwrap_or(u64::MAX)
    };
    let (problems_total, problems) = plan.problems();
    let problem = |problem: &register::ImportProblem| ImportProblem {
        line: problem.line,
        column: problem.column.to_owned(),
        message: one_line(&problem.fault, PROBLEM_OCTETS_MAX),
    };
    let (cards, contacts) = plan.counts();
    Leavers {
        rows: u64::try_from(rows).unwrap_or(u64::MAX),
        matched: count(|meant| matches!(meant, Meant::One { .. })),
        unmatched: count(|meant| matches!(meant, Meant::Nobody)),
        ambiguous: count(|meant| matches!(meant, Meant::Several)),
        cards,
        contacts,
        without_contact: false,
        problems_total,
        problems: problems
            .iter()
            .take(IMPORT_PROBLEMS_MAX)
            .map(problem)
            .collect(),
        applied: false,
    }
}

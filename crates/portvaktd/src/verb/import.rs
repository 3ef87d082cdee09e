//! `card import`: a list of cards, first as a difference, then all of it or nothing.

use access::role::Role;
use control::reply::import::{IMPORT_PROBLEMS_MAX, ImportDiff, ImportProblem, PROBLEM_OCTETS_MAX};
use control::request::import::{IMPORT_ROWS_MAX, ImportRow};
use control::{Code, Refusal, Reply, Request, one_line};
use register::{Difference, ImportPlan, ImportTerms};
use tokio::sync::mpsc;

use super::charge::fee;
use super::gather::{Came, gather};
use super::plastic;
use super::wording::text;
use crate::config::Config;
use crate::control_server::{Asker, Outlet, Stop};
use crate::desk::{Desk, refusal};

/// Takes the rows, then says what they change, and changes it unless it is a dry run or a row has a problem.
pub(super) async fn import(
    asker: &Asker,
    announced: u64,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    if announced > IMPORT_ROWS_MAX {
        let what = format!(
            "{announced} rows are more than the {IMPORT_ROWS_MAX} of one import; split the file"
        );
        return Err(Refusal::new(Code::Usage, what).into());
    }
    outlet.say(Reply::Ready {}).await?;
    let (rows, dry_run) = gather(announced, outlet, read).await?;
    let (tell, mut told) = mpsc::channel(1);
    let list = List {
        rows,
        config: (*asker.controller.config()).clone(),
        asker: asker.clone(),
        dry_run,
        tell,
    };
    let work = asker.controller.desk.ask(move |desk| list.carry_out(desk));
    tokio::pin!(work);
    loop {
        tokio::select! {
            outcome = &mut work => return match outcome? {
                Ok(difference) => Ok(Reply::Import(difference)),
                // On record, as whatever else is not for a role.
                Err(NotDone::NotTheirs(why)) => Ok(asker.refuse(IMPORT, why).await?),
                Err(NotDone::Refused(refusal)) => Err(refusal.into()),
            },
            Some(done) = told.recv() => outlet.say(Reply::Progress { done, total: announced }).await?,
        }
    }
}

fn read(request: Request) -> Came<ImportRow> {
    if let Request::CardImportRows { rows } = request {
        Came::Rows(rows)
    } else if matches!(request, Request::CardImportEnd {}) {
        Came::End
    } else {
        Came::Stranger
    }
}

/// Why a list is not imported.
enum NotDone {
    /// It is not for whoever asks, or not any more.
    NotTheirs(String),
    /// Whatever else.
    Refused(Refusal),
}

impl From<Refusal> for NotDone {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// All rows, on their way to the desk.
struct List {
    rows: Vec<ImportRow>,
    config: Config,
    asker: Asker,
    dry_run: bool,
    tell: mpsc::Sender<u64>,
}

impl List {
    fn carry_out(self, desk: &mut Desk) -> Result<ImportDiff, NotDone> {
        desk.catch_up()?;
        let now = desk.ledger.clock.now().utc;
        let terms = ImportTerms {
            reason: text("reason", "employment")?,
            identified_by: text("identified-by", "import")?,
            signed_at: now,
            fee: Some(fee(&self.config, self.config.charges.employee_card, now)),
            // M15: who imports a tenant's employees answers for it that the tenant told them.
            return_duty_told: true,
        };
        let rows = self.rows.iter().map(|row| self.row(row, desk));
        let plan = desk
            .register
            .import_plan(rows, terms, now)
            .map_err(|cause| refusal(&cause))?;
        self.must_still(&plan)?;
        let difference = plan.difference().clone();
        let is_wanted = !self.dry_run && difference.refused == 0;
        if is_wanted {
            // A word about the progress that finds no place is followed by another.
            let mut progress = |done| {
                self.tell.try_send(done).ok();
            };
            desk.import(&plan, self.asker.operator.id, &mut progress)?;
        }
        Ok(said(&difference, is_wanted))
    }

    /// Judged again just before it is done: the rows of a long list come, and are looked at, for minutes. Only now it is known whom they
    /// are of.
    fn must_still(&self, plan: &ImportPlan) -> Result<(), NotDone> {
        let again = self.asker.again();
        let may = again.and_then(|asker| {
            if plan.activates() {
                asker.is_one_of(&ACTIVATORS, ACTIVATING)
            } else {
                Ok(())
            }
        });
        may.map_err(NotDone::NotTheirs)
    }

    fn row<'a>(&self, row: &'a ImportRow, desk: &Desk) -> register::ImportRow<'a> {
        let number = plastic::written(&self.config, &row.card);
        register::ImportRow {
            line: row.line,
            card: number
                .map(|number| (number.clone(), desk.tag_key.tag(&number)))
                .map_err(|refused| refused.message),
            name: row.name.expose(),
            firm: row.firm.expose(),
            mobile: row.mobile.expose(),
            contact: row.contact.expose(),
            tenant: &row.tenant,
            doors: &row.doors,
            valid_from: row.valid_from.map(control::Moment::utc),
            valid_until: row.valid_until.map(control::Moment::utc),
            kind: row.kind.as_str(),
        }
    }
}

fn said(difference: &Difference, applied: bool) -> ImportDiff {
    let problem = |problem: &register::ImportProblem| ImportProblem {
        line: problem.line,
        column: problem.column.to_owned(),
        message: one_line(&problem.fault, PROBLEM_OCTETS_MAX),
    };
    ImportDiff {
        rows: difference.rows,
        added: difference.new,
        changed: difference.changed,
        unchanged: difference.unchanged,
        problems_total: difference.refused,
        problems: difference
            .problems
            .iter()
            .take(IMPORT_PROBLEMS_MAX)
            .map(problem)
            .collect(),
        applied,
    }
}

const IMPORT: &str = "card-import";

const ACTIVATING: &str = "a list that makes employees' cards live";

/// M12: who may have employees' cards made live by a list. Any other list is for whoever may issue.
const ACTIVATORS: [Role; 2] = [Role::Technician, Role::OperationsManager];

//! `holiday set`, `remove` and `list`: days that are no ordinary weekdays.

use access::schedule::{ScheduleError, SpecialDay, When};
use control::reply::right::HolidayRow;
use control::request::schedule::HolidayRequest;
use control::{Code, Refusal, Reply, Row};

use crate::control_server::{Asker, Outlet, Stop};
use crate::desk::{Effect, refusal};

/// Does one of them.
pub(super) async fn answer(
    asker: &Asker,
    wish: HolidayRequest,
    dry_run: bool,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    match wish {
        HolidayRequest::Set { day, kind } => {
            let day = SpecialDay {
                when: day.parse().map_err(usage)?,
                kind: kind.parse().map_err(usage)?,
            };
            set(asker, day, dry_run).await
        }
        HolidayRequest::Remove { day } => remove(asker, day.parse().map_err(usage)?, dry_run).await,
        HolidayRequest::List {} => list(asker, outlet).await,
    }
}

async fn set(asker: &Asker, day: SpecialDay, dry_run: bool) -> Result<Reply, Stop> {
    let by = asker.operator.id;
    let set = asker.controller.desk.ask(move |desk| {
        desk.change(Effect::Gives, dry_run, |register, now| {
            Ok(((), register.set_special_day(day, by, now)?))
        })
    });
    set.await??;
    Ok(Reply::Done { warning: None })
}

async fn remove(asker: &Asker, when: When, dry_run: bool) -> Result<Reply, Stop> {
    let by = asker.operator.id;
    let removed = asker.controller.desk.ask(move |desk| {
        desk.change(Effect::Gives, dry_run, |register, now| {
            Ok(((), register.remove_special_day(when, by, now)?))
        })
    });
    removed.await??;
    Ok(Reply::Done { warning: None })
}

async fn list(asker: &Asker, outlet: &mut Outlet<'_>) -> Result<Reply, Stop> {
    let found = asker
        .controller
        .desk
        .ask(|desk| desk.register.special_days());
    let days = found.await?.map_err(|cause| refusal(&cause))?;
    let rows = days.iter().map(|day| {
        Row::Holiday(HolidayRow {
            day: day.when.to_string(),
            kind: day.kind.to_string(),
        })
    });
    let rows: Vec<Row> = rows.collect();
    outlet.rows(rows).await
}

fn usage(cause: ScheduleError) -> Refusal {
    Refusal::new(Code::Usage, cause)
}

//! `schedule set`, `remove`, `list` and `show`: at which hours rights and modes hold.

use std::collections::BTreeMap;

use access::ScheduleId;
use access::schedule::Window;
use control::reply::right::ScheduleRow;
use control::request::schedule::ScheduleRequest;
use control::{Reply, Row};
use register::NewSchedule;

use crate::control_server::{Asker, Outlet, Stop, not_found};
use crate::desk::{Effect, refusal};

/// Does one of them.
pub(super) async fn answer(
    asker: &Asker,
    wish: ScheduleRequest,
    dry_run: bool,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    match wish {
        ScheduleRequest::Set {
            schedule,
            zone,
            windows,
        } => {
            let of_site = || asker.controller.config().section.time_zone.clone();
            let new = NewSchedule {
                name: schedule,
                zone: zone.unwrap_or_else(of_site),
                windows,
            };
            set(asker, new, dry_run).await
        }
        ScheduleRequest::Remove { schedule } => remove(asker, schedule, dry_run).await,
        ScheduleRequest::List {} => list(asker, None, outlet).await,
        ScheduleRequest::Show { schedule } => list(asker, Some(schedule), outlet).await,
    }
}

async fn set(asker: &Asker, new: NewSchedule, dry_run: bool) -> Result<Reply, Stop> {
    let by = asker.operator.id;
    let set = asker.controller.desk.ask(move |desk| {
        let narrows = desk.register.narrows(&new);
        // What only takes hours away is at the doors first.
        let effect = if narrows.map_err(|cause| refusal(&cause))? {
            Effect::Revokes
        } else {
            Effect::Gives
        };
        desk.change(effect, dry_run, |register, now| {
            register.set_schedule(&new, by, now)
        })
    });
    set.await??;
    Ok(Reply::Done { warning: None })
}

async fn remove(asker: &Asker, name: String, dry_run: bool) -> Result<Reply, Stop> {
    let by = asker.operator.id;
    let removed = asker.controller.desk.ask(move |desk| {
        desk.change(Effect::Gives, dry_run, |register, now| {
            Ok(((), register.remove_schedule(&name, by, now)?))
        })
    });
    removed.await??;
    Ok(Reply::Done { warning: None })
}

/// What the schedules are called.
pub(super) async fn names(asker: &Asker) -> Result<BTreeMap<ScheduleId, String>, Stop> {
    let found = asker.controller.desk.ask(|desk| desk.register.schedules());
    let schedules = found.await?.map_err(|cause| refusal(&cause))?;
    Ok(schedules
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect())
}

/// Every schedule, or the one of this name.
async fn list(
    asker: &Asker,
    wanted: Option<String>,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    let found = asker.controller.desk.ask(|desk| {
        let now = desk.ledger.clock.now().utc;
        desk.register.schedules().map(|schedules| (schedules, now))
    });
    let (schedules, now) = found.await?.map_err(|cause| refusal(&cause))?;
    let cards = asker.controller.allowlist();
    let is_wanted = |name: &str| wanted.as_deref().is_none_or(|wanted| wanted == name);
    let known = schedules.iter().filter(|row| is_wanted(&row.name));
    let rows = known.map(|row| {
        Row::Schedule(ScheduleRow {
            schedule: row.name.clone(),
            zone: row.zone.clone(),
            windows: row.windows.iter().map(Window::to_string).collect(),
            holds: cards.timetable().holds(row.id, now),
        })
    });
    let rows: Vec<Row> = rows.collect();
    if let (Some(name), true) = (&wanted, rows.is_empty()) {
        let names = schedules.iter().map(|row| row.name.as_str());
        return Err(not_found("schedule", name, names).into());
    }
    outlet.rows(rows).await
}

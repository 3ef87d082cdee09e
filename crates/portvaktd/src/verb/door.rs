//! `door list` and `door open`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use access::{Allowlist, DoorId, ModeCause, ScheduleId};

use control::reply::door::DoorRow;
use control::request::house::DoorHours;
use control::{Code, Moment, Refusal, Reply, Row};
use site::SiteError;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::line::is_online;
use super::schedule;
use super::wording::text;
use crate::bench::Bench;
use crate::config::{Config, Door, DoorClass};
use crate::control_server::{Asker, Outlet, Stop, not_found};
use crate::names::Names;

/// Every door.
pub(super) async fn list(asker: &Asker, outlet: &mut Outlet<'_>) -> Result<Reply, Stop> {
    let (config, names) = (asker.controller.config(), asker.controller.names.clone());
    let listing = Listing {
        config,
        names,
        allowlist: asker.controller.allowlist(),
        schedules: schedule::names(asker).await?,
    };
    let rows = asker.controller.site.ask(move |bench, _| {
        let doors = listing.config.doors.iter();
        doors
            .map(|door| listing.row(bench, door))
            .collect::<Vec<_>>()
    });
    outlet.rows(rows.await?.into_iter().map(Row::Door)).await
}

/// Opens a door once; the answer comes when the reader has released it.
pub(super) async fn open(
    asker: &Asker,
    door: String,
    reason: String,
    dry_run: bool,
) -> Result<Reply, Stop> {
    let names = &asker.controller.names;
    let id = names
        .door(&door)
        .ok_or_else(|| not_found("door", &door, names.doors().map(|(name, _)| name)))?;
    if reason.trim().is_empty() {
        return Err(Refusal::new(Code::Usage, "a door is opened for a reason; give one").into());
    }
    let reason = text("reason", &reason)?;
    if dry_run {
        return Ok(Reply::Done { warning: None });
    }
    let actor = asker.actor();
    let asked = asker
        .controller
        .site
        .ask(move |bench, now| bench.open_door(id, actor, reason.expose(), now))
        .await?;
    let opened = asked.map_err(|cause| stays_shut(&door, &cause))?;
    released(&door, opened).await
}

/// Opens the door of a reader, to see that it is wired as it should be; the answer comes when it is released.
pub(super) async fn test_open(asker: &Asker, reader: String, dry_run: bool) -> Result<Reply, Stop> {
    let names = &asker.controller.names;
    let id = names
        .reader(&reader)
        .ok_or_else(|| not_found("reader", &reader, names.readers().map(|(name, _)| name)))?;
    if dry_run {
        return Ok(Reply::Done { warning: None });
    }
    let actor = asker.actor();
    let asked = asker
        .controller
        .site
        .ask(move |bench, now| bench.test_open(id, actor, now))
        .await?;
    let (door, opened) = asked.map_err(|cause| stays_shut(&reader, &cause))?;
    released(&names.door_name(door), opened).await
}

fn stays_shut(what: &str, cause: &SiteError) -> Refusal {
    // A site knows doors and readers by number; whoever asked does by name.
    let (code, said) = if matches!(cause, SiteError::LockedDown { .. }) {
        let said = "it is locked down; release it first";
        (Code::Refused, said.to_owned())
    } else if matches!(cause, SiteError::NoDoor { .. }) {
        let said = "the reader asks for no door and carries no strike";
        (Code::Refused, said.to_owned())
    } else {
        (Code::Failed, cause.to_string())
    };
    Refusal::new(code, format_args!("\"{what}\" stays shut: {said}"))
}

/// Waits until the reader has released the door.
async fn released(door: &str, opened: oneshot::Receiver<bool>) -> Result<Reply, Stop> {
    match timeout(OPENED_WITHIN, opened).await {
        Ok(Ok(true)) => Ok(Reply::Done { warning: None }),
        Ok(Ok(false) | Err(_)) | Err(_) => {
            let what = format!(
                "door \"{door}\" stayed shut: its reader did not take the unlock; see line list"
            );
            Err(Refusal::new(Code::Failed, what).into())
        }
    }
}

/// What a list of doors is made from.
struct Listing {
    config: Arc<Config>,
    names: Names,
    allowlist: Arc<Allowlist>,
    schedules: BTreeMap<ScheduleId, String>,
}

impl Listing {
    fn row(&self, bench: &Bench, door: &Door) -> DoorRow {
        let strike = self.reader_name(door.strike.reader);
        let relay = self.config.readers.get(door.strike.reader);
        let what = if relay.is_some_and(|unit| !unit.unit.coils.is_empty()) {
            "relay"
        } else {
            "output"
        };
        let id = self.names.door(&door.name);
        let state = id.and_then(|id| bench.site.door_state(id));
        let cause = state.map_or(ModeCause::Configuration, |state| state.cause);
        let mode = state.map_or(door.rules.mode, |state| state.mode);
        DoorRow {
            door: door.name.clone(),
            mode: mode.as_str().to_owned(),
            by: self.by(cause),
            ordered_until: match cause {
                ModeCause::Order(order) => order.until.map(Moment::from),
                ModeCause::Configuration
                | ModeCause::Schedule(_)
                | ModeCause::WaitsForFirstCard(_) => None,
            },
            hours: id.map_or_else(Vec::new, |id| self.hours(id)),
            class: match door.class {
                DoorClass::Standard => "standard".to_owned(),
                DoorClass::Strict => "strict".to_owned(),
            },
            entry: door
                .readers
                .iter()
                .map(|at| self.reader_name(*at))
                .collect(),
            ready: is_online(bench, &self.names, &strike),
            strike: format!("{strike} {what} {}", door.strike.output),
            open: state.and_then(|state| state.open),
            locked_down: state.is_some_and(|state| state.locked_down),
            open_for_ms: u64::try_from(door.open_for.as_millis()).unwrap_or(u64::MAX),
        }
    }

    fn by(&self, cause: ModeCause) -> String {
        match cause {
            ModeCause::Configuration => "configuration".to_owned(),
            ModeCause::Order(_) => "order".to_owned(),
            ModeCause::Schedule(schedule) => self.schedule_name(schedule),
            ModeCause::WaitsForFirstCard(schedule) => {
                format!("first card of {}", self.schedule_name(schedule))
            }
        }
    }

    fn hours(&self, door: DoorId) -> Vec<DoorHours> {
        let plans = self.allowlist.modes().iter();
        let plans = plans.filter(|(of, _)| *of == door);
        let hours = plans.flat_map(|(_, plan)| &plan.by_schedule);
        let hours = hours.map(|hours| DoorHours {
            schedule: self.schedule_name(hours.schedule),
            mode: hours.mode.as_str().to_owned(),
            after_first_card: hours.after_first_card,
        });
        hours.collect()
    }

    fn schedule_name(&self, schedule: ScheduleId) -> String {
        let known = self.schedules.get(&schedule);
        known.map_or_else(|| format!("schedule-{schedule}"), Clone::clone)
    }

    fn reader_name(&self, at: usize) -> String {
        let reader = self.config.readers.get(at);
        reader.map_or_else(String::new, |reader| reader.name.clone())
    }
}

/// An unlock lives for 1 s (architecture, decision 1); then its reader may take another to answer.
const OPENED_WITHIN: Duration = Duration::from_secs(3);

//! What is done with doors' modes, lockdowns, areas and the clock.

use std::collections::BTreeSet;
use std::time::Duration;

use access::{DoorId, DoorMode, ModeBySchedule, ModeOrder, UtcMicros};
use control::request::house::{DoorHours, HouseRequest, Places};
use control::{Code, Moment, Refusal, Reply};
use event_log::AdminVerb;
use register::{Register, RegisterError};

use super::{area, door, former, why};
use crate::config::{Config, Door};
use crate::control_server::{Asker, Outlet, Stop, not_found};
use crate::desk::Effect;
use crate::names::Names;

/// Does one of them.
pub(super) async fn perform(
    asker: &Asker,
    wish: HouseRequest,
    dry_run: bool,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    match wish {
        HouseRequest::OrderMode { doors, mode, until } => {
            order_mode(asker, &doors, (&mode, until), dry_run).await
        }
        HouseRequest::EndMode { doors } => end_mode(asker, doors, dry_run).await,
        HouseRequest::SetHours { doors, hours } => set_hours(asker, doors, hours, dry_run).await,
        HouseRequest::LockDown { doors } => lock_down(asker, &doors, dry_run).await,
        HouseRequest::Release { doors } => release(asker, &doors, dry_run).await,
        HouseRequest::TestOpen { reader } => door::test_open(asker, reader, dry_run).await,
        HouseRequest::AreaList {} => area::list(asker, outlet).await,
        HouseRequest::AreaMuster { area: of } => area::muster(asker, of, outlet).await,
        HouseRequest::AreaForgiveCard { issuance } => {
            area::forgive_card(asker, issuance, dry_run).await
        }
        HouseRequest::AreaForgive { area: of } => area::forgive(asker, of, dry_run).await,
        HouseRequest::ConfirmClock { now } => confirm_clock(asker, now, dry_run).await,
        HouseRequest::WhyEvent { index } => why::event(asker, index).await,
    }
}

async fn order_mode(
    asker: &Asker,
    places: &Places,
    (mode, until): (&str, Option<Moment>),
    dry_run: bool,
) -> Result<Reply, Stop> {
    let doors = named(asker, places)?;
    let mode = read_mode(mode)?;
    refuse_mode(asker, &doors, mode)?;
    let order = ModeOrder {
        mode,
        until: until.map(Moment::utc),
    };
    let effect = effect_of(asker, &doors, Some(mode)).await?;
    let by = asker.operator.id;
    let ordered = asker.controller.desk.ask(move |desk| {
        desk.change(effect, dry_run, |register, now| {
            Ok(((), register.order_mode(&doors, order, by, now)?))
        })
    });
    ordered.await??;
    Ok(Reply::Done { warning: None })
}

/// Whether an order takes something away: none of the doors opens further by it than it does now. Of one that ends that is known where
/// it has the doors stand unlocked.
async fn effect_of(
    asker: &Asker,
    doors: &[DoorId],
    mode: Option<DoorMode>,
) -> Result<Effect, Stop> {
    let doors = doors.to_vec();
    let site = &asker.controller.site;
    let modes = site.ask(move |bench, _| {
        let states = doors.iter().filter_map(|door| bench.site.door_state(*door));
        states.map(|state| state.mode).collect::<Vec<DoorMode>>()
    });
    let narrows = |now: &DoorMode| now.openness() >= mode.unwrap_or(DoorMode::Unlocked).openness();
    Ok(if modes.await?.iter().all(narrows) {
        Effect::Revokes
    } else {
        Effect::Gives
    })
}

async fn end_mode(asker: &Asker, places: Places, dry_run: bool) -> Result<Reply, Stop> {
    let (doors, by) = (named_once(asker, places).await?, asker.operator.id);
    let effect = effect_of(asker, &doors, None).await?;
    let ended = asker.controller.desk.ask(move |desk| {
        desk.change(effect, dry_run, |register, now| {
            Ok(((), register.end_mode(&doors, by, now)?))
        })
    });
    ended.await??;
    Ok(Reply::Done { warning: None })
}

async fn set_hours(
    asker: &Asker,
    places: Places,
    hours: Vec<DoorHours>,
    dry_run: bool,
) -> Result<Reply, Stop> {
    let by = asker.operator.id;
    let doors = if hours.is_empty() {
        named_once(asker, places).await?
    } else {
        named(asker, &places)?
    };
    for hours in &hours {
        refuse_mode(asker, &doors, read_mode(&hours.mode)?)?;
    }
    let set = asker.controller.desk.ask(move |desk| {
        desk.change(Effect::Gives, dry_run, |register, now| {
            let hours = hours
                .iter()
                .map(|hours| by_schedule(register, hours))
                .collect::<Result<Vec<_>, _>>()?;
            Ok(((), register.set_door_hours(&doors, &hours, by, now)?))
        })
    });
    set.await??;
    Ok(Reply::Done { warning: None })
}

/// What the configuration may not ask of a door is promised by no order and at no hour either: nobody could enter, or the site would
/// not do it.
fn refuse_mode(asker: &Asker, doors: &[DoorId], mode: DoorMode) -> Result<(), Refusal> {
    let (config, names) = (asker.controller.config(), &asker.controller.names);
    let is_meant = |door: &&Door| names.door(&door.name).is_some_and(|id| doors.contains(&id));
    for door in config.doors.iter().filter(is_meant) {
        let name = &door.name;
        let what = if mode == DoorMode::Unlocked && config.never_unlocked(door) {
            format!(
                "door \"{name}\" never stands unlocked: it is in an interlock, or strict with a reader that can be imitated"
            )
        } else if let Some(unfit) = config.unfit(door, mode) {
            let mode = mode.as_str();
            format!("door \"{name}\" cannot have mode \"{mode}\": {unfit}")
        } else {
            continue;
        };
        return Err(Refusal::new(Code::Refused, what));
    }
    Ok(())
}

fn by_schedule(register: &Register, hours: &DoorHours) -> Result<ModeBySchedule, RegisterError> {
    Ok(ModeBySchedule {
        schedule: register.schedule(&hours.schedule)?,
        // It was read before; what is no mode opens nothing.
        mode: DoorMode::from_name(&hours.mode).unwrap_or(DoorMode::Locked),
        after_first_card: hours.after_first_card,
    })
}

/// The doors first, the register after them: what cannot be kept is locked all the same until the next start. And the doors once more
/// with the register, on the thread that keeps both in one order: a release that was on its way does not have the last word.
async fn lock_down(asker: &Asker, places: &Places, dry_run: bool) -> Result<Reply, Stop> {
    let (doors, by) = (all_or_named(asker, places)?, asker.operator.id);
    if !dry_run {
        let locked = doors.clone();
        let site = &asker.controller.site;
        site.ask(move |bench, now| bench.site.lock_down(&locked, now))
            .await?;
    }
    let kept = asker.controller.desk.ask(move |desk| {
        if dry_run {
            return desk.change(Effect::Revokes, true, |register, now| {
                Ok(((), register.lock_down(&doors, by, now)?))
            });
        }
        desk.lock_down(doors, by)
    });
    let kept: Result<(), Refusal> = kept.await?;
    match kept {
        Err(refusal) if dry_run => Err(refusal.into()),
        kept => Ok(Reply::Done {
            warning: kept.err().map(|refusal| {
                format!(
                    "the doors are locked down; that is kept as soon as the log takes records again, and a restart before that may release them: {refusal}"
                )
            }),
        }),
    }
}

async fn release(asker: &Asker, places: &Places, dry_run: bool) -> Result<Reply, Stop> {
    let (doors, by) = (all_or_named(asker, places)?, asker.operator.id);
    let released = asker.controller.desk.ask(move |desk| {
        if dry_run {
            return desk.change(Effect::Gives, true, |register, now| {
                Ok(((), register.release(&doors, by, now)?))
            });
        }
        desk.release(doors, by)
    });
    released.await??;
    Ok(Reply::Done { warning: None })
}

/// The operator's own clock stands for the time, so it must say nearly the same.
async fn confirm_clock(asker: &Asker, theirs: Moment, dry_run: bool) -> Result<Reply, Stop> {
    let ours = asker.controller.ledger.clock.now().utc;
    let theirs = theirs.utc();
    if apart(ours, theirs) > CLOCKS_APART_MAX {
        let what = format!(
            "the controller's clock says {ours}, yours says {theirs}; set the one that is wrong first"
        );
        return Err(Refusal::new(Code::Refused, what).into());
    }
    let site = &asker.controller.site;
    let held = site.ask(|bench, now| bench.site.held_clock(now)).await?;
    if held.is_none() {
        return Err(Refusal::new(Code::Refused, "the clock is not held; nothing was done").into());
    }
    if !dry_run {
        let text = ours.to_string();
        asker
            .administration(AdminVerb::ClockConfirmed, &text)
            .await?;
        // The clock may have moved again while that was written down.
        let confirmed = site.ask(move |bench, now| {
            apart(now.utc, theirs) <= CLOCKS_APART_MAX && bench.site.confirm_clock(now)
        });
        if !confirmed.await? {
            let what = "the clock moved meanwhile; nothing was done";
            return Err(Refusal::new(Code::Refused, what).into());
        }
    }
    Ok(Reply::Done { warning: None })
}

fn apart(one: UtcMicros, other: UtcMicros) -> Duration {
    one.saturating_since(other) + other.saturating_since(one)
}

fn read_mode(mode: &str) -> Result<DoorMode, Refusal> {
    DoorMode::from_name(mode).ok_or_else(|| {
        let names: Vec<&str> = DoorMode::ALL.iter().map(|mode| mode.as_str()).collect();
        let what = format!(
            "mode \"{mode}\" is unknown; write one of {}",
            names.join(", ")
        );
        Refusal::new(Code::Usage, what)
    })
}

/// The doors that are meant; none at all is no wish.
fn named(asker: &Asker, places: &Places) -> Result<Vec<DoorId>, Refusal> {
    let controller = &asker.controller;
    at_least_one(doors(&controller.config(), &controller.names, places)?)
}

fn at_least_one(doors: Vec<DoorId>) -> Result<Vec<DoorId>, Refusal> {
    if doors.is_empty() {
        return Err(Refusal::new(
            Code::Usage,
            "which doors: name them, or a group",
        ));
    }
    Ok(doors)
}

/// The doors that are meant, of now or of once. Which doors a group had once, nobody knows.
async fn named_once(asker: &Asker, places: Places) -> Result<Vec<DoorId>, Stop> {
    let Places { doors, groups } = places;
    let mut found = BTreeSet::new();
    let mut others = Vec::new();
    for name in doors {
        match former::door(asker, name.clone()).await? {
            Some(door) => drop(found.insert(door)),
            None => others.push(name),
        }
    }
    let others = Places {
        doors: others,
        groups,
    };
    let controller = &asker.controller;
    found.extend(self::doors(
        &controller.config(),
        &controller.names,
        &others,
    )?);
    Ok(at_least_one(found.into_iter().collect())?)
}

/// The doors that are meant; none at all is every door.
fn all_or_named(asker: &Asker, places: &Places) -> Result<Vec<DoorId>, Refusal> {
    let controller = &asker.controller;
    if places.doors.is_empty() && places.groups.is_empty() {
        return Ok(controller.names.doors().map(|(_, door)| door).collect());
    }
    doors(&controller.config(), &controller.names, places)
}

/// Each door once, by number.
fn doors(config: &Config, names: &Names, places: &Places) -> Result<Vec<DoorId>, Refusal> {
    let mut found = BTreeSet::new();
    for name in &places.doors {
        let door = names.door(name);
        let known = || names.doors().map(|(name, _)| name);
        found.insert(door.ok_or_else(|| not_found("door", name, known()))?);
    }
    for name in &places.groups {
        let mut groups = config.groups.iter();
        let group = groups.find(|group| group.name == *name);
        let known = || config.groups.iter().map(|group| group.name.as_str());
        let group = group.ok_or_else(|| not_found("group", name, known()))?;
        let members = group.doors.iter().filter_map(|at| config.doors.get(*at));
        found.extend(members.filter_map(|door| names.door(&door.name)));
    }
    Ok(found.into_iter().collect())
}

/// So far the operator's clock may be from ours.
const CLOCKS_APART_MAX: Duration = Duration::from_secs(300);

//! `right grant`, `right revoke` and `right list`: what an issuance may open (M22, M23).

use access::{IssuanceId, Place, UtcMicros, Validity};
use control::reply::right::RightRow;
use control::request::right::{RightGrant, RightRequest, WantedRight};
use control::{Moment, Refusal, Reply, Row};
use register::{PlaceRight, Register, RegisterError, ScheduleRow, is_lapsed};

use super::former;
use super::wording::text;
use crate::control_server::{Asker, Outlet, Stop, not_found};
use crate::desk::{Effect, refusal};
use crate::names::Names;

/// Does one of them.
pub(super) async fn answer(
    asker: &Asker,
    wish: RightRequest,
    dry_run: bool,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    match wish {
        RightRequest::Grant(wish) => grant(asker, wish, dry_run).await,
        RightRequest::Revoke {
            issuance,
            place,
            reason,
        } => revoke(asker, (issuance, place, reason), dry_run).await,
        RightRequest::List { issuance } => list(asker, issuance, outlet).await,
    }
}

/// The place of this name, or which there are.
pub(super) fn place(names: &Names, name: &str) -> Result<Place, Refusal> {
    names
        .place(name)
        .ok_or_else(|| not_found("door or group of doors", name, names.places()))
}

async fn grant(asker: &Asker, wish: RightGrant, dry_run: bool) -> Result<Reply, Stop> {
    let (by, reason) = (asker.operator.id, text("reason", &wish.reason)?);
    let names = &asker.controller.names;
    let places = wish.rights.iter().map(|right| place(names, &right.place));
    let places = places.collect::<Result<Vec<_>, _>>()?;
    let granted = asker.controller.desk.ask(move |desk| {
        desk.change(Effect::Gives, dry_run, |register, now| {
            let valid = within(&wish, now)?;
            let each = places.iter().zip(&wish.rights);
            let rights = each.map(|(place, right)| wanted(register, *place, right, valid));
            let rights = rights.collect::<Result<Vec<_>, _>>()?;
            let change = register.grant(wish.issuance, (&rights, &reason), by, now)?;
            Ok(((), change))
        })
    });
    granted.await??;
    Ok(Reply::Done { warning: None })
}

/// From when until when, if that is not as long as the card.
fn within(wish: &RightGrant, now: UtcMicros) -> Result<Option<Validity>, RegisterError> {
    let until = wish.valid_until.map(Moment::utc);
    match (wish.valid_from.map(Moment::utc), until) {
        (None, None) => Ok(None),
        (from, until) => Ok(Some(Validity::new(from.unwrap_or(now), until)?)),
    }
}

/// The right that is wished for on a place.
pub(super) fn wanted(
    register: &Register,
    place: Place,
    right: &WantedRight,
    valid: Option<Validity>,
) -> Result<PlaceRight, RegisterError> {
    let schedule = right.schedule.as_deref();
    Ok(PlaceRight {
        place,
        valid,
        schedule: schedule.map(|name| register.schedule(name)).transpose()?,
    })
}

async fn revoke(
    asker: &Asker,
    (issuance, name, reason): (IssuanceId, String, String),
    dry_run: bool,
) -> Result<Reply, Stop> {
    let (by, reason) = (asker.operator.id, text("reason", &reason)?);
    let place = former::place(asker, name).await?;
    let revoked = asker.controller.desk.ask(move |desk| {
        desk.change(Effect::Revokes, dry_run, |register, now| {
            let change = register.revoke(issuance, (place, &reason), by, now)?;
            Ok(((), change))
        })
    });
    revoked.await??;
    Ok(Reply::Done { warning: None })
}

async fn list(asker: &Asker, issuance: IssuanceId, outlet: &mut Outlet<'_>) -> Result<Reply, Stop> {
    let found = asker.controller.desk.ask(move |desk| {
        let rights = desk.register.justified_rights(issuance)?;
        let now = desk.ledger.clock.now().utc;
        Ok::<_, RegisterError>((rights, desk.register.schedules()?, now))
    });
    let (rights, schedules, now) = found.await?.map_err(|cause| refusal(&cause))?;
    let names = &asker.controller.names;
    let rows = rights.iter().map(|(right, justified)| RightRow {
        justified_at: Some(Moment::from(*justified)),
        lapsed: is_lapsed(*justified, now),
        ..row(right, names, &schedules)
    });
    let rows: Vec<Row> = rows.map(Row::Right).collect();
    outlet.rows(rows).await
}

/// A right as it is shown.
pub(super) fn row(right: &PlaceRight, names: &Names, schedules: &[ScheduleRow]) -> RightRow {
    let name_of = |id| {
        let known = schedules.iter().find(|schedule| schedule.id == id);
        known.map_or_else(|| format!("schedule-{id}"), |known| known.name.clone())
    };
    let until = right.valid.and_then(|valid| valid.until());
    RightRow {
        place: names.place_name(right.place),
        schedule: right.schedule.map(name_of),
        valid_from: right.valid.map(|valid| Moment::from(valid.from())),
        valid_until: until.map(Moment::from),
        justified_at: None,
        lapsed: false,
    }
}

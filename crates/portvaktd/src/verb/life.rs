//! `card change`, `undo`, `vouch` and `form`: an issuance between its issue and its return.

use access::role::Act;
use access::{IssuanceId, UtcMicros};
use control::reply::card::Changed;
use control::reply::form::Form;
use control::request::life::LifeRequest;
use control::{CardState, Code, Private, Refusal, Reply};
use event_log::AdminVerb;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use register::{RegisterError, Vouching};

use super::card_change::{self, stands};
use super::card_list::{visible, with_holder};
use super::wording::text;
use super::{hold, right};
use crate::control_server::{Asker, Outlet, Stop};
use crate::desk::{Effect, refusal};

/// Does one of them.
pub(super) async fn answer(
    asker: &Asker,
    wish: LifeRequest,
    dry_run: bool,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    match wish {
        LifeRequest::Change(wish) => card_change::change(asker, *wish, dry_run, outlet).await,
        LifeRequest::Undo { issuance } => undo(asker, issuance, dry_run).await,
        LifeRequest::Vouch {
            issuance,
            superior,
            said,
        } => vouch(asker, issuance, (&superior, said.as_ref()), dry_run).await,
        LifeRequest::Form { issuance } => form(asker, issuance).await,
    }
}

/// Withdraws what was issued by mistake. One's own of the same day; else it is like issuing.
async fn undo(asker: &Asker, issuance: IssuanceId, dry_run: bool) -> Result<Reply, Stop> {
    let desk = &asker.controller.desk;
    let issued = desk.ask(move |desk| {
        let issued = desk.register.issued(issuance);
        issued.map(|(by, at)| (by, at, desk.ledger.clock.now().utc))
    });
    let (by, at, now) = issued.await?.map_err(|cause| refusal(&cause))?;
    let zone = asker.controller.config().section.time_zone.clone();
    if by != asker.operator.id || !is_same_day(at, now, &zone)? {
        let what = "undoing what somebody else issued, or what was issued another day,";
        asker.must_do(Act::WidenCard, "card-undo", what).await?;
    }
    let by = asker.operator.id;
    let held_until = desk.ask(move |desk| {
        desk.change(Effect::Revokes, dry_run, |register, now| {
            Ok(((), register.withdraw(issuance, by, now)?))
        })?;
        if dry_run {
            return Ok(None);
        }
        hold::forget_unless_held(desk, issuance)
    });
    Ok(Reply::Changed(Changed {
        held_until: held_until.await??,
        ..Changed::to(issuance, CardState::Returned)
    }))
}

/// Whether both are on one date in the house's zone.
fn is_same_day(one: UtcMicros, other: UtcMicros, zone: &str) -> Result<bool, Refusal> {
    let failed = |cause: jiff::Error| Refusal::new(Code::Failed, cause);
    let zone = TimeZone::get(zone).map_err(failed)?;
    let date = |at: UtcMicros| {
        let at = Timestamp::from_microsecond(at.micros()).map_err(failed)?;
        Ok::<_, Refusal>(at.to_zoned(zone.clone()).date())
    };
    Ok(date(one)? == date(other)?)
}

/// Enters the word of a superior (M13).
async fn vouch(
    asker: &Asker,
    issuance: IssuanceId,
    (superior, said): (&Private, Option<&Private>),
    dry_run: bool,
) -> Result<Reply, Stop> {
    let by = asker.operator.id;
    let vouching = Vouching {
        superior: text("superior", superior.expose())?,
        said: said.map(|said| text("said", said.expose())).transpose()?,
    };
    let vouched = asker.controller.desk.ask(move |desk| {
        desk.change(Effect::Gives, dry_run, |register, now| {
            let change = register.vouch(issuance, &vouching, by, now)?;
            Ok(((), change))
        })?;
        stands(desk, issuance)
    });
    Ok(Reply::Changed(vouched.await??))
}

/// What stands on the form; a logged reading, and so is that it was printed.
async fn form(asker: &Asker, issuance: IssuanceId) -> Result<Reply, Stop> {
    let scope = asker.scope(Act::ReadHolder);
    let found = asker.controller.desk.ask(move |desk| {
        let now = desk.ledger.clock.now().utc;
        let view = visible(&desk.register, issuance, &scope)?;
        let rights = desk.register.rights(issuance)?;
        let schedules = desk.register.schedules()?;
        Ok::<_, RegisterError>((view, rights, schedules, now))
    });
    let (view, rights, schedules, now) = found.await?.map_err(|cause| refusal(&cause))?;
    asker.reading("card-form", "the act at hand", 1).await?;
    asker
        .administration(AdminVerb::FormPrinted, "card-form")
        .await?;
    let names = &asker.controller.names;
    Ok(Reply::Form(Box::new(Form {
        site: asker.controller.config().section.name.clone(),
        card: with_holder(&view, names, now),
        rights: rights
            .iter()
            .map(|right| right::row(right, names, &schedules))
            .collect(),
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_the_house_s_own() {
        let at = |text: &str| {
            let at: Timestamp = text.parse().unwrap();
            UtcMicros::from_micros(at.as_microsecond())
        };
        let late = at("2026-11-22T23:30:00Z");
        for (other, zone, same) in [
            ("2026-11-23T08:00:00Z", "Europe/Oslo", true),
            ("2026-11-22T22:30:00Z", "Europe/Oslo", false),
            ("2026-11-22T22:30:00Z", "UTC", true),
        ] {
            assert_eq!(is_same_day(late, at(other), zone).unwrap(), same, "{other}");
        }
    }
}

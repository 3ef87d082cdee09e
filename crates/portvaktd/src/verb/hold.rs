//! `card hold`: the shredding of a holder waits for a case (M19, M21).

use access::IssuanceId;
use control::reply::card::Changed;
use control::request::card::CardHold;
use control::{Moment, Refusal, Reply};
use register::State;

use super::wording::{state_of, text};
use crate::control_server::{Asker, Stop};
use crate::desk::{Desk, Effect, refusal};

/// Holds it, or moves the end of a hold.
pub(super) async fn hold(asker: &Asker, wish: CardHold, dry_run: bool) -> Result<Reply, Stop> {
    let (by, reason) = (asker.operator.id, text("reason", &wish.reason)?);
    let (issuance, until) = (wish.issuance, wish.until.utc());
    let held = asker.controller.desk.ask(move |desk| {
        desk.change(Effect::Gives, dry_run, |register, now| {
            let change = register.hold(issuance, (until, &reason), by, now)?;
            Ok(((), change))
        })?;
        stands(desk, issuance, Some(Moment::from(until)))
    });
    Ok(held.await??)
}

/// Ends a hold; a returned card's holder is forgotten now.
pub(super) async fn end(asker: &Asker, issuance: IssuanceId, dry_run: bool) -> Result<Reply, Stop> {
    let by = asker.operator.id;
    let ended = asker.controller.desk.ask(move |desk| {
        desk.change(Effect::Gives, dry_run, |register, now| {
            Ok(((), register.end_hold(issuance, by, now)?))
        })?;
        let reply = stands(desk, issuance, None)?;
        let found = desk.register.find(issuance);
        let row = found.map_err(|cause| refusal(&cause))?;
        if !dry_run && row.state == State::Returned {
            desk.finish_return(issuance)?;
        }
        Ok::<_, Refusal>(reply)
    });
    Ok(ended.await??)
}

/// Forgets the holder of a card that was just returned, unless that is held; then it says until when.
pub(super) fn forget_unless_held(
    desk: &mut Desk,
    issuance: IssuanceId,
) -> Result<Option<Moment>, Refusal> {
    match held_until(desk, issuance)? {
        Some(until) => Ok(Some(until)),
        None => desk.finish_return(issuance).map(|()| None),
    }
}

/// Until when the holder of a card is not to be forgotten, if that is held.
pub(super) fn held_until(desk: &Desk, issuance: IssuanceId) -> Result<Option<Moment>, Refusal> {
    let now = desk.ledger.clock.now().utc;
    let held = desk.register.held(issuance, now);
    let held = held.map_err(|cause| refusal(&cause))?;
    Ok(held.map(Moment::from))
}

fn stands(
    desk: &mut Desk,
    issuance: IssuanceId,
    held_until: Option<Moment>,
) -> Result<Reply, Refusal> {
    let now = desk.ledger.clock.now().utc;
    let found = desk.register.find(issuance);
    let row = found.map_err(|cause| refusal(&cause))?;
    let state = state_of(&row, now);
    Ok(Reply::Changed(Changed {
        held_until,
        ..Changed::to(issuance, state)
    }))
}

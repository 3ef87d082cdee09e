//! `card arrived`, `notify`, `block`, `unblock` and `return`: what may happen to a card besides coming to life.

use access::{IssuanceId, OperatorId, Standing, UtcMicros};
use control::reply::card::Changed;
use control::request::card::{CardReason, CardReturn};
use control::{CardState, Code, Refusal, Reply};
use register::{CardRow, Change, Register, RegisterError, State};

use super::hold;
use super::wording::{state_of, text};
use crate::control_server::{Asker, Stop};
use crate::desk::{Denied, Desk, Effect, refusal};

/// One step in a card's life.
struct Step<W> {
    issuance: IssuanceId,
    effect: Effect,
    dry_run: bool,
    /// Where the card stands afterwards.
    leads_to: fn(&CardRow, UtcMicros) -> CardState,
    work: W,
}

/// The ordered plastic is in the house.
pub(super) async fn arrived(
    asker: &Asker,
    issuance: IssuanceId,
    dry_run: bool,
) -> Result<Reply, Stop> {
    let work = move |register: &mut Register, by, now| register.arrived(issuance, by, now);
    let leads_to = |_: &CardRow, _| CardState::Arrived;
    take(
        asker,
        Step {
            issuance,
            effect: Effect::Gives,
            dry_run,
            leads_to,
            work,
        },
    )
    .await
}

/// The holder was told.
pub(super) async fn notified(
    asker: &Asker,
    issuance: IssuanceId,
    dry_run: bool,
) -> Result<Reply, Stop> {
    let work = move |register: &mut Register, by, now| register.notify(issuance, by, now);
    let leads_to = |_: &CardRow, _| CardState::Notified;
    take(
        asker,
        Step {
            issuance,
            effect: Effect::Gives,
            dry_run,
            leads_to,
            work,
        },
    )
    .await
}

/// Denies the card at every door.
pub(super) async fn block(
    asker: &Asker,
    CardReason { issuance, reason }: CardReason,
    dry_run: bool,
) -> Result<Reply, Stop> {
    let reason = text("reason", &reason)?;
    let work = move |register: &mut Register, by, now| register.block(issuance, &reason, by, now);
    let leads_to = |_: &CardRow, _| CardState::Blocked;
    take(
        asker,
        Step {
            issuance,
            effect: Effect::Revokes,
            dry_run,
            leads_to,
            work,
        },
    )
    .await
}

/// Lifts a block. Reception staff lift only their own (M3).
pub(super) async fn unblock(
    asker: &Asker,
    CardReason { issuance, reason }: CardReason,
    dry_run: bool,
) -> Result<Reply, Stop> {
    let reason = text("reason", &reason)?;
    let found = asker
        .controller
        .desk
        .ask(move |desk| desk.register.find(issuance))
        .await?;
    let block = found.map_err(|cause| refusal(&cause))?.blocked;
    if block.is_some_and(|block| block.by != asker.operator.id) {
        let what = "somebody else's block";
        asker
            .must_do(access::role::Act::WidenCard, "card-unblock", what)
            .await?;
    }
    let work = move |register: &mut Register, by, now| {
        // Another's block may have come in between.
        match register.find(issuance)?.blocked {
            Some(other) if Some(other) != block => Err(RegisterError::AlreadyBlocked),
            Some(_) | None => register.unblock(issuance, &reason, by, now),
        }
    };
    let leads_to = |row: &CardRow, now| {
        let unblocked = CardRow {
            blocked: None,
            ..row.clone()
        };
        state_of(&unblocked, now)
    };
    take(
        asker,
        Step {
            issuance,
            effect: Effect::Gives,
            dry_run,
            leads_to,
            work,
        },
    )
    .await
}

/// Takes the card back: dead at every door, then its holder forgotten (M19).
pub(super) async fn take_back(
    asker: &Asker,
    CardReturn {
        issuance,
        form_shredded,
    }: CardReturn,
    dry_run: bool,
) -> Result<Reply, Stop> {
    if !form_shredded {
        let what = "the paper form must be shredded too; confirm it with --form-shredded";
        return Err(Refusal::new(Code::Refused, what).into());
    }
    if let Some(stands) = already_back(asker, issuance, dry_run).await? {
        return Ok(Reply::Changed(stands));
    }
    let work = move |register: &mut Register, by, now| {
        register.return_card(issuance, form_shredded, by, now)
    };
    let leads_to = |_: &CardRow, _| CardState::Returned;
    let reply = take(
        asker,
        Step {
            issuance,
            effect: Effect::Revokes,
            dry_run,
            leads_to,
            work,
        },
    )
    .await?;
    if dry_run {
        return Ok(reply);
    }
    let changed = asker
        .controller
        .desk
        .ask(move |desk| forget(desk, issuance))
        .await??;
    Ok(Reply::Changed(changed))
}

/// Forgets the holder of a card that was just returned, and says what is lost with them.
fn forget(desk: &mut Desk, issuance: IssuanceId) -> Result<Changed, Refusal> {
    let row = desk.register.find(issuance);
    let was_lost = row.is_ok_and(|row| row.lost.is_some());
    let unexported = desk.register.charges_not_exported(issuance);
    Ok(Changed {
        was_lost,
        unexported: unexported.map_err(|cause| refusal(&cause))?,
        held_until: hold::forget_unless_held(desk, issuance)?,
        ..Changed::to(issuance, CardState::Returned)
    })
}

/// Where a card stands that was returned before; a return that was cut off is finished.
async fn already_back(
    asker: &Asker,
    issuance: IssuanceId,
    dry_run: bool,
) -> Result<Option<Changed>, Stop> {
    let stands = asker.controller.desk.ask(move |desk| {
        let held_until = match desk.register.find(issuance) {
            Err(RegisterError::Forgotten) => None,
            Ok(row) if row.state == State::Returned && dry_run => hold::held_until(desk, issuance)?,
            Ok(row) if row.state == State::Returned => hold::forget_unless_held(desk, issuance)?,
            Ok(_) => return Ok(None),
            Err(cause) => return Err(refusal(&cause)),
        };
        Ok(Some(Changed {
            held_until,
            already: true,
            ..Changed::to(issuance, CardState::Returned)
        }))
    });
    Ok(stands.await??)
}

async fn take<W>(asker: &Asker, step: Step<W>) -> Result<Reply, Stop>
where
    W: FnOnce(&mut Register, OperatorId, UtcMicros) -> Result<Change, RegisterError>
        + Send
        + 'static,
{
    let (issuance, by) = (step.issuance, asker.operator.id);
    let denies = step.effect == Effect::Revokes && !step.dry_run;
    let work = move |desk: &mut Desk| {
        let before = desk
            .register
            .find(step.issuance)
            .map_err(|cause| refusal(&cause))?;
        let now = desk.change(step.effect, step.dry_run, |register, now| {
            Ok((now, (step.work)(register, by, now)?))
        })?;
        Ok::<_, Refusal>((step.leads_to)(&before, now))
    };
    let denied = Denied {
        issuance,
        standing: Standing::Blocked,
    };
    let denied = denies.then_some(denied);
    let state = asker.controller.desk.ask_denying(denied, work);
    Ok(Reply::Changed(Changed::to(issuance, state.await??)))
}

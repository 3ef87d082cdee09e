//! `card lost` and `card found`: a card that nobody has (M18, M33).

use access::role::Act;
use access::{IssuanceId, Standing};
use control::reply::card::Changed;
use control::reply::charge::Charged;
use control::{CardState, Code, Refusal, Reply};
use register::{Booked, CardRow};

use super::charge::{fee, year};
use super::wording::state_of;
use crate::control_server::{Asker, Stop};
use crate::desk::{Denied, Desk, Effect, refusal};

/// Denies it at every door, and charges its tenant.
pub(super) async fn lose(
    asker: &Asker,
    issuance: IssuanceId,
    dry_run: bool,
) -> Result<Reply, Stop> {
    let (by, config) = (asker.operator.id, asker.controller.config());
    let work = move |desk: &mut Desk| {
        let before = known(desk, issuance)?;
        let booked = desk.change(Effect::Revokes, dry_run, |register, now| {
            let fee = fee(&config, config.charges.lost_card, now);
            register.lose(issuance, fee, by, now)
        })?;
        if !dry_run {
            tracing::warn!("a card was reported lost; see card list --state lost");
        }
        Ok::<_, Refusal>(changed(&before, CardState::Lost, booked))
    };
    let denied = Denied {
        issuance,
        standing: Standing::Lost,
    };
    let denied = (!dry_run).then_some(denied);
    let lost = asker.controller.desk.ask_denying(denied, work);
    Ok(Reply::Changed(lost.await??))
}

/// It is what it was before, and what was charged is taken back. Reception staff say so only of a loss that they reported (M3).
pub(super) async fn found(
    asker: &Asker,
    issuance: IssuanceId,
    dry_run: bool,
) -> Result<Reply, Stop> {
    let (by, config) = (asker.operator.id, asker.controller.config());
    let desk = &asker.controller.desk;
    let reported = desk.ask(move |desk| known(desk, issuance)).await??.lost;
    if reported.is_some_and(|lost| lost.by != by) {
        let what = "a find of what somebody else reported lost";
        asker.must_do(Act::WidenCard, "card-found", what).await?;
    }
    let found = desk.ask(move |desk| {
        let before = known(desk, issuance)?;
        if before.lost != reported {
            return Err(Refusal::new(Code::Refused, MEANWHILE));
        }
        let row = CardRow {
            lost: None,
            ..before
        };
        let booked = desk.change(Effect::Gives, dry_run, |register, now| {
            register.found(issuance, year(&config, now), by, now)
        })?;
        let state = state_of(&row, desk.ledger.clock.now().utc);
        Ok::<_, Refusal>(changed(&row, state, booked))
    });
    Ok(Reply::Changed(found.await??))
}

fn known(desk: &Desk, issuance: IssuanceId) -> Result<CardRow, Refusal> {
    let found = desk.register.find(issuance);
    found.map_err(|cause| refusal(&cause))
}

fn changed(row: &CardRow, state: CardState, booked: Option<Booked>) -> Changed {
    let charge = booked.map(|booked| Charged {
        voucher: booked.voucher.to_string(),
        tenant: row.tenant.clone(),
        ore: booked.ore,
    });
    Changed {
        charge,
        ..Changed::to(row.id, state)
    }
}

/// Somebody else reported it between two looks at it.
const MEANWHILE: &str = "somebody reported it lost or found in the meantime; look at it again";

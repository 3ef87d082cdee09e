//! `card lost` and `card found`: a card that nobody has (M18, M33).

use access::IssuanceId;
use control::reply::card::Changed;
use control::reply::charge::Charged;
use control::{CardState, Refusal, Reply};
use register::{Booked, CardRow};

use super::charge::{fee, year};
use super::wording::state_of;
use crate::control_server::{Asker, Stop};
use crate::desk::{Desk, Effect, refusal};

/// Denies it at every door, and charges its tenant.
pub(super) async fn lose(
    asker: &Asker,
    issuance: IssuanceId,
    dry_run: bool,
) -> Result<Reply, Stop> {
    let (by, config) = (asker.operator.id, asker.controller.config());
    let lost = asker.controller.desk.ask(move |desk| {
        let before = known(desk, issuance)?;
        let booked = desk.change(Effect::Revokes, dry_run, |register, now| {
            let fee = fee(&config, config.charges.lost_card, now);
            register.lose(issuance, fee, by, now)
        })?;
        if !dry_run {
            tracing::warn!("a card was reported lost; see card list --state lost");
        }
        Ok::<_, Refusal>(changed(&before, CardState::Lost, booked))
    });
    Ok(Reply::Changed(lost.await??))
}

/// It is what it was before, and what was charged is taken back.
pub(super) async fn found(
    asker: &Asker,
    issuance: IssuanceId,
    dry_run: bool,
) -> Result<Reply, Stop> {
    let (by, config) = (asker.operator.id, asker.controller.config());
    let found = asker.controller.desk.ask(move |desk| {
        let row = CardRow {
            lost: None,
            ..known(desk, issuance)?
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

//! `card pin set` and `card pin clear`: the secret an issuance is typed with (M34).

use access::{IssuanceId, PinDigits};
use control::reply::right::PinSet;
use control::request::pin::PinRequest;
use control::{Code, Private, Refusal, Reply};
use register::NewPin;

use crate::control_server::{Asker, Stop};
use crate::desk::{Effect, refusal};

/// Does one of them.
pub(super) async fn answer(asker: &Asker, wish: PinRequest, dry_run: bool) -> Result<Reply, Stop> {
    match wish {
        PinRequest::Set {
            issuance,
            pin,
            duress,
        } => {
            let pin = NewPin {
                digits: chosen(&pin)?,
                duress: duress.as_ref().map(chosen).transpose()?,
            };
            set(asker, issuance, pin, dry_run).await
        }
        PinRequest::Clear { issuance } => clear(asker, issuance, dry_run).await,
    }
}

/// The digits, if somebody may have them; a refusal says nothing of them.
fn chosen(typed: &Private) -> Result<PinDigits, Refusal> {
    PinDigits::chosen(typed.expose()).map_err(|cause| Refusal::new(Code::Usage, cause))
}

async fn set(
    asker: &Asker,
    issuance: IssuanceId,
    pin: NewPin,
    dry_run: bool,
) -> Result<Reply, Stop> {
    let by = asker.operator.id;
    let set = asker.controller.desk.ask(move |desk| {
        // In place of an older one, which somebody may know who should not, it is at the doors first: the card opens no more by it than
        // before, and whoever uses it is on record all the same.
        let replaces = desk.register.has_pin(issuance);
        let effect = if replaces.map_err(|cause| refusal(&cause))? {
            Effect::Revokes
        } else {
            Effect::Gives
        };
        desk.change(effect, dry_run, |register, now| {
            register.set_pin(issuance, &pin, by, now)
        })
    });
    let number = set.await??;
    Ok(Reply::PinSet(PinSet {
        issuance,
        number: (!dry_run).then(|| number.to_string()),
    }))
}

async fn clear(asker: &Asker, issuance: IssuanceId, dry_run: bool) -> Result<Reply, Stop> {
    let by = asker.operator.id;
    let cleared = asker.controller.desk.ask(move |desk| {
        desk.change(Effect::Revokes, dry_run, |register, now| {
            Ok(((), register.clear_pin(issuance, by, now)?))
        })
    });
    cleared.await??;
    Ok(Reply::Done { warning: None })
}

//! `person leave`: everything that somebody has ends in one step (M30).

use std::collections::BTreeSet;

use access::{IssuanceId, OperatorId};
use control::reply::person::LeavingRow;
use control::request::person::PersonRequest;
use control::{Moment, Refusal, Reply, Row};
use register::CardRow;

use super::operator::known;
use super::wording::card_kind;
use crate::control_server::{Asker, Outlet, Stop};
use crate::desk::{Desk, Effect, refusal};

/// Does it.
pub(super) async fn answer(
    asker: &Asker,
    wish: PersonRequest,
    dry_run: bool,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    match wish {
        PersonRequest::Leave { issuance, others } => {
            let leaving = Leaving {
                issuance,
                others,
                by: asker.operator.id,
                dry_run,
            };
            leave(asker, leaving, outlet).await
        }
        PersonRequest::LeaveOperator { user, cards } => {
            leave_operator(asker, (user, cards), dry_run).await
        }
    }
}

/// An operator is one no more, and the cards they named as theirs end, in one step.
async fn leave_operator(
    asker: &Asker,
    (user, cards): (String, Vec<IssuanceId>),
    dry_run: bool,
) -> Result<Reply, Stop> {
    let (whom, by) = (known(asker, &user)?, asker.operator.id);
    let left = asker.controller.desk.ask(move |desk| {
        desk.change(Effect::Revokes, dry_run, |register, now| {
            let change = register.operator_left((whom, &cards), by, now)?;
            Ok(((), change))
        })
    });
    left.await??;
    Ok(Reply::Done { warning: None })
}

/// A holder who is to leave.
struct Leaving {
    issuance: IssuanceId,
    others: Vec<IssuanceId>,
    by: OperatorId,
    dry_run: bool,
}

impl Leaving {
    /// What they have, and of each whether it ends.
    fn carry_out(&self, desk: &mut Desk) -> Result<Vec<LeavingRow>, Refusal> {
        let held = desk.register.held_by_holder_of(self.issuance);
        let held = held.map_err(|cause| refusal(&cause))?;
        let ended = desk.change(Effect::Revokes, self.dry_run, |register, now| {
            register.person_left((self.issuance, &self.others), self.by, now)
        })?;
        let ended: BTreeSet<IssuanceId> = ended.into_iter().collect();
        let all = held.own.iter().chain(&held.others);
        Ok(all.map(|row| shown(row, &ended)).collect())
    }
}

fn shown(row: &CardRow, ended: &BTreeSet<IssuanceId>) -> LeavingRow {
    LeavingRow {
        issuance: row.id,
        kind: card_kind(&row.kind),
        valid_until: row.valid.until().map(Moment::from),
        ends: ended.contains(&row.id),
    }
}

/// Cards and PINs of a holder end; what they have is told under pseudonyms. That holders were compared is a logged reading.
async fn leave(asker: &Asker, leaving: Leaving, outlet: &mut Outlet<'_>) -> Result<Reply, Stop> {
    let done = asker
        .controller
        .desk
        .ask(move |desk| leaving.carry_out(desk));
    let rows = done.await??;
    let hits = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    asker
        .reading("person-leave", "the act at hand", hits)
        .await?;
    outlet.rows(rows.into_iter().map(Row::Leaving)).await
}

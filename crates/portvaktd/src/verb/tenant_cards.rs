//! Tenants' cards: employee cards that wait for the word of their tenant's personnel office (M16).

use access::IssuanceId;
use access::role::Act;
use control::reply::approval::{ApprovalRow, Approved};
use control::{Moment, Refusal, Reply, Row, Waiting};
use register::{ApprovalError, AwaitingRow, CardsAwaiting, OperatorRow, TenantId};

use super::card_list::with_holder;
use super::charge::fee;
use super::hold;
use super::wording::text;
use crate::control_server::{Asker, Outlet, Stop};
use crate::desk::{Desk, Effect, refusal};

/// What waits, for the list.
pub(super) async fn rows(asker: &Asker) -> Result<Vec<ApprovalRow>, Stop> {
    let found = asker
        .controller
        .desk
        .ask(|desk| desk.register.awaiting_cards());
    let awaiting = found.await?.map_err(|cause| refusal(&cause))?;
    Ok(awaiting
        .iter()
        .map(|awaiting| row(asker, awaiting))
        .collect())
}

/// The holders whose cards wait; a logged reading, for who may approve and who issued or imported them.
pub(super) async fn show(
    asker: &Asker,
    which: CardsAwaiting,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    let awaiting = find(asker, which).await?;
    if awaiting.asked_by != asker.operator.id {
        must_be_theirs(asker, awaiting.tenant, "approval-show").await?;
    }
    let mut after = None;
    loop {
        let page = ids(asker, which, after).await?;
        let Some(last) = page.last() else {
            return Ok(outlet.end());
        };
        after = Some(*last);
        let purpose = format!("cards that wait as {}", name(which));
        let hits = u64::try_from(page.len()).unwrap_or(u64::MAX);
        asker.reading("approval-show", &purpose, hits).await?;
        let found = asker.controller.desk.ask(move |desk| {
            let now = desk.ledger.clock.now().utc;
            let views = page.into_iter().map(|id| desk.register.show(id));
            let views = views.collect::<Result<Vec<_>, _>>();
            views.map(|views| (views, now))
        });
        let (views, now) = found.await?.map_err(|cause| refusal(&cause))?;
        for view in views {
            let row = with_holder(&view, &asker.controller.names, now);
            outlet.row(Row::Card(Box::new(row))).await?;
        }
        if matches!(which, CardsAwaiting::Card(_)) {
            return Ok(outlet.end());
        }
    }
}

/// Approves them: from now on they may be made live, and what is bound opens.
pub(super) async fn approve(
    asker: &Asker,
    which: CardsAwaiting,
    dry_run: bool,
) -> Result<Reply, Stop> {
    let awaiting = find(asker, which).await?;
    must_be_theirs(asker, awaiting.tenant, APPROVE).await?;
    if awaiting.asked_by == asker.operator.id {
        let own = ApprovalError::Own.to_string();
        return Ok(asker.refuse(APPROVE, own).await?);
    }
    let (by, config) = (asker.operator.id, asker.controller.config());
    let price = config.charges.employee_card;
    let approved = asker.controller.desk.ask(move |desk| match which {
        CardsAwaiting::Card(issuance) => desk.change(Effect::Gives, dry_run, |register, now| {
            let by = (by, Some(fee(&config, price, now)));
            Ok((1, register.approve_card(issuance, by, now)?))
        }),
        CardsAwaiting::Batch(batch) => desk.change_many(dry_run, |register, now| {
            let by = (by, Some(fee(&config, price, now)));
            register.approve_batch(batch, by, now)
        }),
    });
    let cards = approved.await??;
    Ok(Reply::Approved(Approved {
        approval: name(which),
        verb: verb(which).to_owned(),
        issuance: one(which),
        cards: Some(cards),
    }))
}

/// Takes them back, one by one: dead at every door, their holders forgotten as after any return.
pub(super) async fn refuse(
    asker: &Asker,
    (which, reason): (CardsAwaiting, &str),
    dry_run: bool,
) -> Result<Reply, Stop> {
    text("reason", reason)?;
    let awaiting = find(asker, which).await?;
    if awaiting.asked_by != asker.operator.id {
        must_be_theirs(asker, awaiting.tenant, "approval-refuse").await?;
    }
    let by = asker.operator.id;
    let mut after = None;
    while let Some(page) = some(ids(asker, which, after).await?) {
        for id in page {
            after = Some(id);
            let taken = asker
                .controller
                .desk
                .ask(move |desk| take_back(desk, id, by, dry_run));
            taken.await??;
        }
        if matches!(which, CardsAwaiting::Card(_)) {
            break;
        }
    }
    let warning = Some(FORM.to_owned());
    Ok(Reply::Done { warning })
}

fn take_back(
    desk: &mut Desk,
    issuance: IssuanceId,
    by: access::OperatorId,
    dry_run: bool,
) -> Result<(), Refusal> {
    desk.change(Effect::Revokes, dry_run, |register, now| {
        Ok(((), register.return_card(issuance, false, by, now)?))
    })?;
    if !dry_run {
        hold::forget_unless_held(desk, issuance)?;
    }
    Ok(())
}

async fn find(asker: &Asker, which: CardsAwaiting) -> Result<AwaitingRow, Stop> {
    let found = asker
        .controller
        .desk
        .ask(move |desk| desk.register.awaiting(which));
    Ok(found.await?.map_err(|cause| refusal(&cause))?)
}

/// The next cards of a batch, or the one card.
async fn ids(
    asker: &Asker,
    which: CardsAwaiting,
    after: Option<IssuanceId>,
) -> Result<Vec<IssuanceId>, Stop> {
    let batch = match which {
        CardsAwaiting::Card(issuance) => return Ok(vec![issuance]),
        CardsAwaiting::Batch(batch) => batch,
    };
    let found = asker
        .controller
        .desk
        .ask(move |desk| desk.register.cards_of_batch(batch, after, PAGE_ROWS));
    Ok(found.await?.map_err(|cause| refusal(&cause))?)
}

/// Refuses who is not the personnel office of the tenant, after it is logged.
async fn must_be_theirs(asker: &Asker, tenant: TenantId, verb: &str) -> Result<(), Refusal> {
    if asker.scope(Act::ApproveTenantCard).covers(tenant) {
        return Ok(());
    }
    let why = format!("{verb} of these cards is for the role hr of their tenant");
    asker.refuse(verb, why).await
}

fn row(asker: &Asker, awaiting: &AwaitingRow) -> ApprovalRow {
    let roster = asker.controller.roster();
    let asked_by = roster.iter().find(|known| known.id == awaiting.asked_by);
    let approves = |other: &&OperatorRow| {
        other.id != awaiting.asked_by && other.tenants_at(asker.at).contains(&awaiting.tenant)
    };
    ApprovalRow {
        approval: name(awaiting.which),
        verb: verb(awaiting.which).to_owned(),
        asked_by: asked_by.map_or_else(String::new, |known| known.user.clone()),
        issuance: one(awaiting.which),
        tenant: Some(awaiting.tenant_name.clone()),
        cards: Some(awaiting.cards),
        since: Moment::from(awaiting.asked_at),
        until: None,
        approvers: roster
            .iter()
            .filter(approves)
            .map(|other| other.user.clone())
            .collect(),
    }
}

const fn name(which: CardsAwaiting) -> Waiting {
    match which {
        CardsAwaiting::Card(issuance) => Waiting::Card(issuance),
        CardsAwaiting::Batch(batch) => Waiting::Batch(batch),
    }
}

/// How they came, as the log calls it.
const fn verb(which: CardsAwaiting) -> &'static str {
    match which {
        CardsAwaiting::Card(_) => "card-issue",
        CardsAwaiting::Batch(_) => "card-import",
    }
}

const fn one(which: CardsAwaiting) -> Option<IssuanceId> {
    match which {
        CardsAwaiting::Card(issuance) => Some(issuance),
        CardsAwaiting::Batch(_) => None,
    }
}

fn some(page: Vec<IssuanceId>) -> Option<Vec<IssuanceId>> {
    Some(page).filter(|page| !page.is_empty())
}

const APPROVE: &str = "approval-approve";
/// Cards looked at in one errand of the desk.
const PAGE_ROWS: u32 = 256;
/// M19: the daemon knows nothing of paper.
const FORM: &str = "if there is a paper form, it must be shredded too";

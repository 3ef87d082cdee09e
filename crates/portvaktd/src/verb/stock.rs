//! `card stock` and `card trace`: the house's own cards, and what a card in the hand is (M2, M32, M34).

use access::StockId;
use access::role::Act;
use control::reply::stock::{StockRow, StockState, Traced};
use control::request::card::CardSource;
use control::request::stock::StockRequest;
use control::{Reply, Row};
use register::{RegisterError, StockError};

use super::card_list::pseudonymous;
use super::plastic;
use crate::control_server::{Asker, Outlet, Stop};
use crate::desk::{Effect, refusal};

/// Does one of them.
pub(super) async fn answer(
    asker: &Asker,
    wish: StockRequest,
    dry_run: bool,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    match wish {
        StockRequest::Add { card } => add(asker, card, dry_run, outlet).await,
        StockRequest::List {} => list(asker, outlet).await,
        StockRequest::Block { stock } => block(asker, stock, dry_run).await,
        StockRequest::Unblock { stock } => unblock(asker, stock, dry_run).await,
        StockRequest::Found { stock } => found(asker, stock, dry_run).await,
        StockRequest::Remove { stock } => remove(asker, stock, dry_run).await,
    }
}

/// What a card in the hand is: whose, under a pseudonym, and which of the house. A logged reading, also of nothing.
pub(super) async fn trace(
    asker: &Asker,
    card: CardSource,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    let plastic = plastic::find(asker, card, outlet).await?;
    let names = asker.controller.names.clone();
    let found = asker.controller.desk.ask(move |desk| {
        let (tag, now) = (
            desk.tag_key.tag(&plastic.number),
            desk.ledger.clock.now().utc,
        );
        let issuance = desk.register.find_by_tag(&tag)?;
        let card = issuance.map(|issuance| desk.register.find(issuance));
        let card = card.transpose()?;
        Ok::<_, RegisterError>(Traced {
            card: card.map(|card| pseudonymous(&card, &names, now)),
            stock: desk.register.stock_by_tag(&tag)?.as_ref().map(row),
        })
    });
    let traced = found.await?.map_err(|cause| refusal(&cause))?;
    let hits = u64::from(traced.card.is_some());
    asker
        .reading("card-trace", "a card in the hand", hits)
        .await?;
    Ok(Reply::Traced(Box::new(traced)))
}

async fn add(
    asker: &Asker,
    card: CardSource,
    dry_run: bool,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    let plastic = plastic::find(asker, card, outlet).await?;
    let by = asker.operator.id;
    let added = asker.controller.desk.ask(move |desk| {
        let tag = desk.tag_key.tag(&plastic.number);
        desk.change(Effect::Gives, dry_run, |register, now| {
            register.add_stock((&plastic.number, tag), by, now)
        })?;
        let known = desk.register.stock_by_tag(&tag);
        known.map_err(|cause| refusal(&cause))
    });
    let nothing = StockRow {
        stock: None,
        state: StockState::InHouse,
        issuance: None,
    };
    let added = added.await??;
    Ok(Reply::Stock(added.as_ref().map_or(nothing, row)))
}

async fn list(asker: &Asker, outlet: &mut Outlet<'_>) -> Result<Reply, Stop> {
    let listed = asker.controller.desk.ask(|desk| desk.register.stock());
    let stock = listed.await?.map_err(|cause| refusal(&cause))?;
    let rows: Vec<Row> = stock.iter().map(|card| Row::Stock(row(card))).collect();
    outlet.rows(rows).await
}

async fn block(asker: &Asker, stock: StockId, dry_run: bool) -> Result<Reply, Stop> {
    let by = asker.operator.id;
    let blocked = asker.controller.desk.ask(move |desk| {
        desk.change(Effect::Revokes, dry_run, |register, now| {
            Ok(((), register.block_stock(stock, by, now)?))
        })
    });
    blocked.await??;
    Ok(Reply::Done { warning: None })
}

/// Reception staff lift only their own block (M3).
async fn unblock(asker: &Asker, stock: StockId, dry_run: bool) -> Result<Reply, Stop> {
    let by = asker.operator.id;
    let desk = &asker.controller.desk;
    let known = desk.ask(|desk| desk.register.stock()).await?;
    let known = known.map_err(|cause| refusal(&cause))?;
    let card = known.iter().find(|card| card.id == stock);
    let block = card.and_then(|card| card.blocked_by);
    if block.is_some_and(|other| other != by) {
        let what = "somebody else's block";
        asker
            .must_do(Act::WidenCard, "card-stock-unblock", what)
            .await?;
    }
    let unblocked = desk.ask(move |desk| {
        desk.change(Effect::Gives, dry_run, |register, now| {
            let card = register.stock()?.into_iter().find(|card| card.id == stock);
            // Another's block may have come in between.
            match card.and_then(|card| card.blocked_by) {
                Some(other) if Some(other) != block => Err(StockError::AlreadyBlocked.into()),
                Some(_) | None => Ok(((), register.unblock_stock(stock, by, now)?)),
            }
        })
    });
    unblocked.await??;
    Ok(Reply::Done { warning: None })
}

async fn found(asker: &Asker, stock: StockId, dry_run: bool) -> Result<Reply, Stop> {
    let by = asker.operator.id;
    let found = asker.controller.desk.ask(move |desk| {
        desk.change(Effect::Gives, dry_run, |register, now| {
            Ok(((), register.stock_found(stock, by, now)?))
        })
    });
    found.await??;
    Ok(Reply::Done { warning: None })
}

async fn remove(asker: &Asker, stock: StockId, dry_run: bool) -> Result<Reply, Stop> {
    let by = asker.operator.id;
    let removed = asker.controller.desk.ask(move |desk| {
        desk.change(Effect::Revokes, dry_run, |register, now| {
            Ok(((), register.remove_stock(stock, by, now)?))
        })
    });
    removed.await??;
    Ok(Reply::Done { warning: None })
}

fn row(card: &register::StockRow) -> StockRow {
    let state = if card.is_lost {
        StockState::Lost
    } else if card.blocked_by.is_some() {
        StockState::Blocked
    } else if card.lent_to.is_some() {
        StockState::Lent
    } else {
        StockState::InHouse
    };
    StockRow {
        stock: Some(card.id),
        state,
        issuance: card.lent_to,
    }
}

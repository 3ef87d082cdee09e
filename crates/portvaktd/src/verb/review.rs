//! `review`: opening, listing and signing reviews of cards and rights (M6), and recertifying a tenant's holdings (M22).

use access::{OperatorId, Quarter};
use control::reply::review::{ReviewCount, ReviewLeft, ReviewRow, ReviewSigned};
use control::request::review::ReviewRequest;
use control::{Code, Moment, Refusal, Reply, Row};
use jiff::tz::TimeZone;
use register::{OperatorRow, Register, RegisterError, Review, ReviewError, ReviewId};

use super::wording::{text, verdict};
use super::{review_decide, review_items};
use crate::control_server::{Asker, Outlet, Stop};
use crate::desk::{Desk, Effect, refusal};
use crate::overdue;

/// Does one of them.
pub(super) async fn answer(
    asker: &Asker,
    wish: ReviewRequest,
    dry_run: bool,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    match wish {
        ReviewRequest::Open { quarter } => open(asker, quarter, dry_run).await,
        ReviewRequest::List {} => list(asker, outlet).await,
        ReviewRequest::Show(wanted) => review_items::show(asker, wanted, outlet).await,
        ReviewRequest::Decide { review, decisions } => {
            review_decide::decide(asker, (review, decisions), dry_run).await
        }
        ReviewRequest::DecideMany(bulk) => {
            review_decide::decide_many(asker, bulk, dry_run, outlet).await
        }
        ReviewRequest::Sign { review } => sign(asker, review, dry_run).await,
        ReviewRequest::Recertify { tenant, reason } => {
            recertify(asker, (tenant, reason), dry_run).await
        }
        ReviewRequest::Report { review } => {
            let review = review.map(ReviewId);
            let found = asker.controller.desk.ask(move |desk| head(desk, review));
            let (review, row) = found.await?.map_err(|cause| refusal(&cause))?;
            review_items::report(asker, (review, row), house_zone(asker)?, outlet).await
        }
    }
}

async fn open(asker: &Asker, quarter: Option<String>, dry_run: bool) -> Result<Reply, Stop> {
    let by = asker.operator.id;
    let wanted = quarter.map(|text| text.parse::<Quarter>());
    let wanted = wanted.transpose();
    let wanted = wanted.map_err(|cause| Refusal::new(Code::Usage, cause))?;
    let zone = house_zone(asker)?;
    let opened = asker.controller.desk.ask(move |desk| {
        let opened = desk.change(Effect::Gives, dry_run, |register, now| {
            let present = Quarter::of(now, &zone);
            let present = present.ok_or(RegisterError::Review(ReviewError::None))?;
            let quarter = quarter_of(register, wanted, (present, &zone))?;
            let overdue = overdue::find(register, (&zone, now))?;
            let last = overdue.last().copied();
            register.open_review(quarter.or(last).unwrap_or(present), by, now)
        });
        opened.map(|review| row(&review, &desk.register))
    });
    let row = opened.await??.map_err(|cause| refusal(&cause))?;
    Ok(Reply::Review(Box::new(row)))
}

/// The quarter that is wished for, if it has begun and the house had begun before its end.
fn quarter_of(
    register: &Register,
    wanted: Option<Quarter>,
    (present, zone): (Quarter, &TimeZone),
) -> Result<Option<Quarter>, RegisterError> {
    let Some(quarter) = wanted else {
        return Ok(None);
    };
    if quarter > present {
        return Err(ReviewError::QuarterAhead { quarter }.into());
    }
    let began = Quarter::of(register.began()?, zone);
    if began.is_some_and(|began| quarter < began) {
        return Err(ReviewError::BeforeTheHouse { quarter }.into());
    }
    Ok(Some(quarter))
}

async fn list(asker: &Asker, outlet: &mut Outlet<'_>) -> Result<Reply, Stop> {
    let found = asker.controller.desk.ask(|desk| {
        let reviews = desk.register.reviews()?;
        let rows = reviews.iter().map(|review| {
            let left = left(review, &desk.register)?;
            let row = row(review, &desk.register)?;
            Ok(ReviewRow {
                undecided: left,
                ..row
            })
        });
        rows.collect::<Result<Vec<_>, RegisterError>>()
    });
    let rows = found.await?.map_err(|cause| refusal(&cause))?;
    outlet
        .rows(rows.into_iter().map(|row| Row::Review(Box::new(row))))
        .await
}

async fn sign(asker: &Asker, review: u32, dry_run: bool) -> Result<Reply, Stop> {
    let by = asker.operator.id;
    let signed = asker.controller.desk.ask(move |desk| {
        // What was decided before is in the log by now, and so under the root that is signed.
        desk.catch_up()?;
        let state = desk.ledger.log.state();
        let signed = desk.change(Effect::Gives, dry_run, |register, now| {
            register.sign_review(ReviewId(review), (state.size, state.root), by, now)
        });
        signed.map(|review| row(&review, &desk.register))
    });
    let row = signed.await??.map_err(|cause| refusal(&cause))?;
    if let Err(cause) = overdue::look(&asker.controller).await {
        tracing::warn!("reviews: {cause}");
    }
    Ok(Reply::Review(Box::new(row)))
}

async fn recertify(
    asker: &Asker,
    (tenant, reason): (String, String),
    dry_run: bool,
) -> Result<Reply, Stop> {
    let (by, reason) = (asker.operator.id, text("reason", &reason)?);
    let recertified = asker.controller.desk.ask(move |desk| {
        desk.change(Effect::Gives, dry_run, |register, now| {
            let tenant = register.tenant(&tenant)?;
            Ok(((), register.recertify(tenant, &reason, by, now)?))
        })
    });
    recertified.await??;
    Ok(Reply::Done { warning: None })
}

/// The house's time zone.
fn house_zone(asker: &Asker) -> Result<TimeZone, Refusal> {
    let zone = &asker.controller.config().section.time_zone;
    TimeZone::get(zone).map_err(|cause| Refusal::new(Code::Failed, cause))
}

/// A review, and how it is shown.
fn head(desk: &Desk, id: Option<ReviewId>) -> Result<(Review, ReviewRow), RegisterError> {
    let review = desk.register.review(id)?;
    let row = row(&review, &desk.register)?;
    Ok((review, row))
}

/// What is left of an open review, unless counting it would keep others waiting.
fn left(review: &Review, register: &Register) -> Result<Option<ReviewLeft>, RegisterError> {
    if review.signed.is_some() || review.cards > COUNTED_CARDS_MAX {
        return Ok(None);
    }
    let (cards, rights) = register.undecided(review)?;
    Ok(Some(ReviewLeft { cards, rights }))
}

fn row(review: &Review, register: &Register) -> Result<ReviewRow, RegisterError> {
    let operators = register.operators()?;
    let signed = review.signed.as_ref().map(|signed| ReviewSigned {
        at: Moment::from(signed.at),
        by: user(&operators, signed.by),
        own: signed.own,
        log_size: signed.log_size,
        log_root: hex(&signed.log_root),
        decisions: hex(&signed.decisions),
        hash: hex(&signed.hash),
        counts: signed.counts.iter().map(count).collect(),
    });
    Ok(ReviewRow {
        review: review.id.0,
        quarter: review.quarter.to_string(),
        opened_at: Moment::from(review.opened_at),
        opened_by: user(&operators, review.opened_by),
        cards: review.cards,
        rights: review.rights,
        former: review.former.map(|hash| hex(&hash)),
        undecided: None,
        signed,
    })
}

fn count(count: &register::KindCount) -> ReviewCount {
    ReviewCount {
        kind: count.kind.clone(),
        of: if count.is_card { "card" } else { "right" }.to_owned(),
        verdict: verdict(count.verdict),
        number: count.number,
    }
}

/// An operator's user name; one who is not there any more goes by the number.
fn user(operators: &[OperatorRow], id: OperatorId) -> String {
    let known = operators.iter().find(|operator| operator.id == id);
    known.map_or_else(|| format!("operator-{id}"), |known| known.user.clone())
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// As many cards are counted in some hundredths of a second.
const COUNTED_CARDS_MAX: u64 = 20_000;

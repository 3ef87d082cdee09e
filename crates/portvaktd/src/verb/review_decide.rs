//! `review decide`: single decisions and many alike, each stored and carried out as it comes.

use control::reply::review::ReviewDecided;
use control::request::review::{DECISIONS_MAX, ReviewBulk, ReviewDecision, ReviewVerdict};
use control::{Code, Moment, Refusal, Reply};
use register::{Bulk, Decided, Decision, Narrower, ReviewId, Wish};

use super::former;
use super::wording::text;
use crate::control_server::{Asker, Outlet, Stop};
use crate::desk::Effect;

/// These decisions, all or none.
pub(super) async fn decide(
    asker: &Asker,
    (review, decisions): (u32, Vec<ReviewDecision>),
    dry_run: bool,
) -> Result<Reply, Stop> {
    if decisions.len() > DECISIONS_MAX {
        let found = decisions.len();
        let what = format!("{found} decisions at once, at most {DECISIONS_MAX}");
        return Err(Refusal::new(Code::Usage, what).into());
    }
    let mut wished = Vec::with_capacity(decisions.len());
    for decision in decisions {
        wished.push(understood(asker, decision).await?);
    }
    let by = asker.operator.id;
    let decided = asker.controller.desk.ask(move |desk| {
        desk.change(Effect::Revokes, dry_run, |register, now| {
            register.decide(ReviewId(review), &wished, by, now)
        })
    });
    Ok(said(decided.await??))
}

/// What is undecided of many cards, a page at a time: what is stored stays, whatever comes in between.
pub(super) async fn decide_many(
    asker: &Asker,
    wish: ReviewBulk,
    dry_run: bool,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    let (by, review) = (asker.operator.id, ReviewId(wish.review));
    let tenant = wish.tenant.clone();
    let known = asker.controller.desk.ask(move |desk| {
        let tenant = tenant.map(|name| desk.register.tenant(&name));
        tenant.transpose()?;
        desk.register.review(Some(review))
    });
    let total = known
        .await?
        .map_err(|cause| crate::desk::refusal(&cause))?
        .cards;
    let mut bulk = many(wish)?;
    let (mut decided, mut done) = (Decided::default(), 0);
    loop {
        let page = bulk.clone();
        let page = asker.controller.desk.ask(move |desk| {
            desk.change(Effect::Revokes, dry_run, |register, now| {
                register.decide_page(review, &page, by, now)
            })
        });
        let page = page.await??;
        decided.add(page.decided);
        done += page.seen;
        match page.last {
            Some(last) => bulk.after = Some(last),
            None => return Ok(said(decided)),
        }
        outlet.say(Reply::Progress { done, total }).await?;
    }
}

async fn understood(asker: &Asker, wish: ReviewDecision) -> Result<Decision, Stop> {
    let reason = text("reason", &wish.reason)?;
    let place = match wish.place {
        Some(place) => Some(former::place(asker, place).await?),
        None => None,
    };
    let mut without = Vec::new();
    for place in wish.without {
        without.push(former::place(asker, place).await?);
    }
    let until = wish.until.map(Moment::utc);
    let wished = match wish.verdict {
        ReviewVerdict::Change => Wish::Change(Narrower { until, without }),
        ReviewVerdict::Keep | ReviewVerdict::Revoke if until.is_some() || !without.is_empty() => {
            let what = "an earlier end or places taken away are said of a change only";
            return Err(Refusal::new(Code::Usage, what).into());
        }
        ReviewVerdict::Keep => Wish::Keep,
        ReviewVerdict::Revoke => Wish::Revoke,
    };
    Ok(Decision {
        issuance: wish.issuance,
        place,
        wish: wished,
        reason,
    })
}

fn many(wish: ReviewBulk) -> Result<Bulk, Refusal> {
    let wished = match wish.verdict {
        ReviewVerdict::Keep => Wish::Keep,
        ReviewVerdict::Revoke => Wish::Revoke,
        ReviewVerdict::Change => {
            let what = "many cards are kept or revoked; a change is decided card by card";
            return Err(Refusal::new(Code::Usage, what));
        }
    };
    Ok(Bulk {
        after: None,
        tenant: wish.tenant.map(|name| name.trim().to_owned()),
        kind: wish.kind.map(|kind| kind.as_str().to_owned()),
        wish: wished,
        reason: text("reason", &wish.reason)?,
    })
}

fn said(decided: Decided) -> Reply {
    Reply::ReviewDecided(ReviewDecided {
        cards: decided.cards,
        rights: decided.rights,
        lapsed: decided.lapsed,
    })
}

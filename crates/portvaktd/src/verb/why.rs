//! `why`: each rule that opens or refuses (M23).

use access::card::{CardNumber, CardTag};
use access::{Reason, Trace};
use control::reply::why::{WhyRule, WhyTrace};
use control::request::WhyCard;
use control::{Code, Moment, Refusal, Reply};

use super::plastic;
use crate::control_server::{Asker, Stop, not_found};

/// The chain of rules for a card at a door; a logged reading, since it tells of a card.
pub(super) async fn why(
    asker: &Asker,
    card: WhyCard,
    door: String,
    at: Option<Moment>,
) -> Result<Reply, Stop> {
    let controller = &asker.controller;
    let names = &controller.names;
    let id = names
        .door(&door)
        .ok_or_else(|| not_found("door", &door, names.doors().map(|(name, _)| name)))?;
    let tag = tag(asker, card).await?;
    asker.reading("why", &format!("door {door}"), 1).await?;
    let asked = controller.site.ask(move |bench, now| {
        let now = bench.site.lift(now);
        let at = at.map_or(now.utc, Moment::utc);
        (bench.site.explain(tag, id, at), now.clock)
    });
    let (trace, clock) = asked.await?;
    let trace = trace.map_err(|cause| Refusal::new(Code::Failed, cause))?;
    Ok(Reply::Why(WhyTrace {
        issuance: trace.holder.map(|holder| holder.issuance),
        door,
        at: Moment::from(trace.at),
        generation: trace.generation.get(),
        clock: clock.as_str().to_owned(),
        rules: rules(&trace),
        allowed: trace.reason == Reason::Ok,
        reason: trace.reason.as_str().to_owned(),
        recorded: None,
        note: None,
    }))
}

async fn tag(asker: &Asker, card: WhyCard) -> Result<CardTag, Stop> {
    match card {
        WhyCard::Credential(credential) => {
            let number: CardNumber = plastic::written(&asker.controller.config(), &credential)?;
            Ok(asker
                .controller
                .desk
                .ask(move |desk| desk.tag_key.tag(&number))
                .await?)
        }
        WhyCard::Issuance(issuance) => {
            let allowlist = asker.controller.allowlist();
            let found = allowlist
                .iter()
                .find(|(_, card)| card.holder.issuance == issuance);
            let what = format!("issuance {issuance} has no card that any door knows");
            found
                .map(|(tag, _)| tag)
                .ok_or_else(|| Refusal::new(Code::NotFound, what).into())
        }
    }
}

fn rules(trace: &Trace) -> Vec<WhyRule> {
    let rule = |step: &access::Step| WhyRule {
        rule: step.rule.to_owned(),
        saw: step.saw.clone(),
        verdict: if step.verdict == Reason::Ok {
            "pass"
        } else {
            step.verdict.as_str()
        }
        .to_owned(),
        remedy: step.remedy.clone(),
    };
    trace.steps.iter().map(rule).collect()
}

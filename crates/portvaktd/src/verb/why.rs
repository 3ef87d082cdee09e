//! `why`: each rule that opens or refuses (M23).

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use access::card::{CardNumber, CardTag};
use access::{
    Allowlist, AreaId, ClockQuality, DoorId, Generation, GroupId, IssuanceId, Naming, ReaderId,
    Reason, ScheduleId, Trace, UtcMicros,
};
use control::reply::why::{WhyRule, WhyTrace};
use control::request::WhyCard;
use control::{Code, Moment, Refusal, Reply};

use event_log::View;
use event_log::read::Entry;

use super::log::apart;
use super::{plastic, schedule};
use crate::control_server::{Asker, Stop, not_found};
use crate::names::Names;

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
    let called = Called::by(asker).await?;
    let asked = controller.site.ask(move |bench, now| {
        let now = bench.site.lift(now);
        let at = at.map_or(now.utc, Moment::utc);
        (bench.site.explain((tag, id), at, &called), now.clock)
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
            let what = format!("issuance {issuance} has no card that any door knows");
            tag_of(&asker.controller.allowlist(), issuance)
                .ok_or_else(|| Refusal::new(Code::NotFound, what).into())
        }
    }
}

/// Why a card was let in or not, as the rules say it now of the event's own moment; a logged reading.
pub(super) async fn event(asker: &Asker, index: u64) -> Result<Reply, Stop> {
    let passage = passage(asker, index).await?;
    asker.reading("why-event", &format!("{index}"), 1).await?;
    let site = &asker.controller.site;
    let wanted = passage.generation;
    let known = site.ask(move |bench, _| bench.site.generation(wanted));
    let (list, note) = match known.await? {
        Some(list) => (list, String::new()),
        None => {
            let list = asker.controller.allowlist();
            let present = list.generation();
            let note = format!(
                "generation {wanted} is known no more; generation {present} was asked instead. "
            );
            (list, note)
        }
    };
    let what = "the card of this event is on the list no more";
    let tag = tag_of(&list, passage.issuance);
    let tag = tag.ok_or_else(|| Refusal::new(Code::NotFound, what))?;
    let request = access::Request::card(tag, passage.door, passage.reader);
    let called = Called::by(asker).await?;
    let at = passage.at;
    let asked = site.ask(move |bench, _| bench.site.explain_by(&list, &request, at, &called));
    let trace = asked.await?;
    Ok(Reply::Why(WhyTrace {
        issuance: Some(passage.issuance),
        door: asker.controller.names.door_name(passage.door),
        at: Moment::from(passage.at),
        generation: trace.generation.get(),
        clock: passage.clock.as_str().to_owned(),
        rules: rules(&trace),
        allowed: trace.reason == Reason::Ok,
        reason: trace.reason.as_str().to_owned(),
        recorded: Some(passage.reason.as_str().to_owned()),
        note: Some(format!(
            "{note}Who was where, what was typed, and lockdowns are not of that moment but of now."
        )),
    }))
}

/// What people call what the rules speak of.
struct Called {
    names: Names,
    schedules: BTreeMap<ScheduleId, String>,
}

impl Called {
    async fn by(asker: &Asker) -> Result<Self, Stop> {
        Ok(Self {
            names: asker.controller.names.clone(),
            schedules: schedule::names(asker).await?,
        })
    }
}

impl Naming for Called {
    fn door(&self, door: DoorId) -> String {
        format!("door \"{}\"", self.names.door_name(door))
    }

    fn group(&self, group: GroupId) -> String {
        format!("door group \"{}\"", self.names.group_name(group))
    }

    fn area(&self, area: AreaId) -> String {
        format!("area \"{}\"", self.names.area_name(area))
    }

    fn schedule(&self, schedule: ScheduleId) -> String {
        match self.schedules.get(&schedule) {
            Some(name) => format!("schedule \"{name}\""),
            None => format!("schedule {schedule}, which is not there"),
        }
    }
}

/// What an event says of a known card at a door.
struct Shown {
    issuance: IssuanceId,
    door: DoorId,
    reader: ReaderId,
    generation: Generation,
    reason: Reason,
    at: UtcMicros,
    clock: ClockQuality,
}

async fn passage(asker: &Asker, index: u64) -> Result<Shown, Stop> {
    let size = asker.controller.ledger.log.state().size;
    if index >= size {
        let what = format!("the log has {size} events; {index} is not among them");
        return Err(Refusal::new(Code::NotFound, what).into());
    }
    let archive = asker.controller.ledger.archive.clone();
    let read = apart(move || {
        let mut shown = None;
        archive
            .open()?
            .each(index..index.saturating_add(1), &mut |record| {
                let view = record.view()?;
                shown = shown_by(record.entry, &view);
                Ok(ControlFlow::Continue(()))
            })?;
        Ok(shown)
    });
    let what = format!("event {index} is of no known card at a door, or its holder is forgotten");
    Ok(read
        .await?
        .ok_or_else(|| Refusal::new(Code::NotFound, what))?)
}

fn shown_by(entry: &Entry, view: &View) -> Option<Shown> {
    Some(Shown {
        issuance: view.issuance?,
        door: view.door?,
        reader: view.reader?,
        generation: view.generation?,
        reason: view.reason?,
        at: entry.time,
        clock: entry.clock,
    })
}

fn tag_of(list: &Allowlist, issuance: IssuanceId) -> Option<CardTag> {
    let mut cards = list.iter();
    let found = cards.find(|(_, card)| card.holder.issuance == issuance);
    found.map(|(tag, _)| tag)
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

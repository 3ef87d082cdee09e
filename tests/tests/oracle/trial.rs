//! Trial: one case decided three times, and made small where the answers differ.

use std::fmt;

use access::{
    Allowlist, CardEntry, Decision, HouseState, Reason, Remarks, Request, UtcMicros, decide,
    explain,
};

use crate::house::House;
use crate::policy::policy;

/// A case in which the product and the policy do not agree.
pub struct Disagreement {
    pub house: House,
    pub request: Request,
    pub now: UtcMicros,
    pub complaint: String,
}

/// What is decided, or what is wrong with it; allocating is wrong too.
pub fn decided(
    (house, list, state): (&House, &Allowlist, &HouseState),
    request: &Request,
    now: UtcMicros,
) -> Result<Reason, String> {
    let wanted = policy(house, request, now);
    let holder = house.card(request.tag).map(|card| card.holder);
    let mut decided = None;
    let allocated = allocation_counter::measure(|| {
        decided = Some(decide(list, state, request, now));
    });
    let decision = decided.expect("it was just decided");
    let (found, named) = match &decision {
        Decision::Allow(grant) => (Ok(grant.remarks()), Some(grant.holder())),
        Decision::Deny(denial) => (Err(denial.reason()), denial.holder()),
    };
    if found != wanted || named != holder {
        return Err(format!(
            "decided {} of {named:?}, the policy says {} of {holder:?}",
            told(found),
            told(wanted)
        ));
    }
    if allocated.count_total != 0 {
        let times = allocated.count_total;
        return Err(format!("decided {}, allocating {times} times", told(found)));
    }
    let reason = found.err().unwrap_or(Reason::Ok);
    let trace = explain(list, state, request, now);
    let mut verdicts = trace.steps.iter().map(|step| step.verdict);
    let first = verdicts.find(|verdict| *verdict != Reason::Ok);
    let all = trace.steps.iter();
    let advised = all.filter(|step| step.remedy.is_some() != (step.verdict != Reason::Ok));
    if (trace.reason, first.unwrap_or(Reason::Ok)) != (reason, reason)
        || trace.holder != holder
        || advised.count() > 0
    {
        return Err(format!("decided {}, explained as {trace:?}", told(found)));
    }
    Ok(reason)
}

fn told(said: Result<Remarks, Reason>) -> String {
    said.map_or_else(
        |reason| reason.as_str().to_owned(),
        |remarks| format!("{remarks:?}"),
    )
}

impl Disagreement {
    /// The same disagreement with as little around it as can be.
    pub fn made_small(mut self) -> Self {
        while let Some((house, complaint)) = self.smaller() {
            self.house = house;
            self.complaint = complaint;
        }
        self
    }

    /// A house with one thing less on which they still disagree.
    fn smaller(&self) -> Option<(House, String)> {
        let mut fewer: Vec<House> = Vec::new();
        let house = &self.house;
        without_one(house, &mut fewer, |house| &mut house.changes);
        without_one(house, &mut fewer, |house| &mut house.cards);
        without_one(house, &mut fewer, |house| &mut house.happened);
        without_one(house, &mut fewer, |house| &mut house.plans);
        without_one(house, &mut fewer, |house| &mut house.special);
        without_one(house, &mut fewer, |house| &mut house.schedules);
        without_one(house, &mut fewer, |house| &mut house.doors);
        without_one(house, &mut fewer, |house| &mut house.readers);
        without_one(house, &mut fewer, |house| &mut house.areas);
        without_one(house, &mut fewer, |house| &mut house.members);
        for card in 0..house.cards.len() {
            without_one(house, &mut fewer, |house| rights(&mut house.cards, card));
        }
        fewer.into_iter().find_map(|house| {
            let (list, state) = house.built();
            let complaint = decided((&house, &list, &state), &self.request, self.now).err()?;
            Some((house, complaint))
        })
    }
}

fn rights(cards: &mut [CardEntry], card: usize) -> &mut Vec<access::Right> {
    &mut cards[card].rights
}

fn without_one<T>(house: &House, fewer: &mut Vec<House>, part: impl Fn(&mut House) -> &mut Vec<T>) {
    let len = part(&mut house.clone()).len();
    fewer.extend((0..len).map(|place| {
        let mut house = house.clone();
        part(&mut house).remove(place);
        house
    }));
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self
            .house
            .card(self.request.tag)
            .map(|card| card.holder.issuance);
        let (house, request) = (&self.house, &self.request);
        writeln!(f, "{}", self.complaint)?;
        writeln!(f, "the card of {shown:?} at {}: {request:?}", self.now)?;
        lines(f, &house.cards)?;
        lines(f, &house.changes)?;
        lines(f, &house.doors)?;
        lines(f, &house.readers)?;
        lines(f, &house.areas)?;
        lines(f, &house.members)?;
        lines(f, &house.schedules)?;
        lines(f, &house.special)?;
        lines(f, &house.plans)?;
        lines(f, &house.happened)?;
        writeln!(f, "{:?}", house.limit)
    }
}

fn lines<T: fmt::Debug>(f: &mut fmt::Formatter<'_>, things: &[T]) -> fmt::Result {
    things.iter().try_for_each(|thing| writeln!(f, "{thing:?}"))
}

//! Policy: the rules once more, as simply as they can be said, by looking through all that ever happened.

use std::time::Duration;

use access::{
    AreaId, AreaRules, CardEntry, DoorId, DoorMode, DoorRules, IssuanceId, Level, Passback,
    PinEntry, Place, ReaderId, ReaderRules, Reason, Remarks, Request, Right, ScheduleId, Standing,
    Trust, UtcMicros, Validity,
};

use crate::hours;
use crate::house::{Happening, House};

/// What is to be decided: the first rule that is broken, or what is noted of a grant.
pub fn policy(house: &House, request: &Request, now: UtcMicros) -> Result<Remarks, Reason> {
    let card = house.card(request.tag).ok_or(Reason::UnknownCard)?;
    active(card.standing)?;
    holds(card.valid, now)?;
    right(house, card, request.door, now)?;
    if is_so(house, |what| match what {
        Happening::Lockdown(door, down) if door == request.door => Some(down),
        _ => None,
    }) {
        return Err(Reason::Lockdown);
    }
    let door = of(&house.doors, request.door).ok_or(Reason::DoorLocked)?;
    let mode = mode(house, request.door, door.mode, now);
    if mode == DoorMode::Locked {
        return Err(Reason::DoorLocked);
    }
    let reader = of(&house.readers, request.reader).unwrap_or_default();
    if door.level == Level::Exclusion && reader.trust == Trust::Low {
        return Err(Reason::ReaderNotSecure);
    }
    let issuance = card.holder.issuance;
    let passback = passback(house, issuance, (request.reader, reader), (&door, now))?;
    let busy = |other: DoorId| {
        is_so(house, |what| match what {
            Happening::Busy(door, busy) if door == other => Some(busy),
            _ => None,
        })
    };
    let mut others = door.interlock.iter().copied();
    if others.any(|other| other != request.door && busy(other)) {
        return Err(Reason::Interlock);
    }
    pin(house, issuance, request, (&door, mode, reader.trust), now)?;
    let host = |within| {
        house.happened.iter().any(|(at, what)| {
            matches!(*what, Happening::HostCame(door, reader)
                if door == request.door && same_way(house, reader, request.reader))
                && recent(*at, within, now)
        })
    };
    if card.visitor && door.escort_within.is_some_and(|within| !host(within)) {
        return Err(Reason::EscortNeeded);
    }
    if persons(
        house,
        issuance,
        (request.door, request.reader),
        (&door, now),
    ) < door.persons.map_or(1, |persons| usize::from(persons.count))
    {
        return Err(Reason::SecondPersonNeeded);
    }
    Ok(Remarks {
        duress: request.pin == PinEntry::Duress,
        passback,
        visitor: card.visitor,
    })
}

/// What is said of a thing; later words replace earlier ones.
fn of<Id: PartialEq, Rules: Clone>(known: &[(Id, Rules)], id: Id) -> Option<Rules> {
    let found = known.iter().rev().find(|(known, _)| *known == id)?;
    Some(found.1.clone())
}

/// What was last said by anything that happened.
fn is_so(house: &House, said: impl Fn(Happening) -> Option<bool>) -> bool {
    let mut last = house.happened.iter().rev();
    last.find_map(|(_, what)| said(*what)).unwrap_or(false)
}

fn recent(at: UtcMicros, within: Duration, now: UtcMicros) -> bool {
    let passed = i128::from(now.micros()) - i128::from(at.micros());
    0 <= passed && passed < i128::try_from(within.as_micros()).unwrap()
}

const fn active(standing: Standing) -> Result<(), Reason> {
    match standing {
        Standing::Active => Ok(()),
        Standing::Pending => Err(Reason::Pending),
        Standing::Blocked => Err(Reason::Blocked),
        Standing::Lost => Err(Reason::Lost),
        Standing::Returned => Err(Reason::Returned),
    }
}

fn holds(valid: Validity, now: UtcMicros) -> Result<(), Reason> {
    if now < valid.from() {
        return Err(Reason::NotYetValid);
    }
    if valid.until().is_some_and(|until| until <= now) {
        return Err(Reason::Expired);
    }
    Ok(())
}

/// One right that holds is enough; else the one that was nearest to it speaks.
fn right(house: &House, card: &CardEntry, door: DoorId, now: UtcMicros) -> Result<(), Reason> {
    let here = |right: &&Right| match right.place {
        Place::Door(place) => place == door,
        Place::Group(group) => house.members.contains(&(group, door)),
    };
    let said: Vec<Result<(), Reason>> = card
        .rights
        .iter()
        .filter(here)
        .map(|right| {
            holds(right.valid, now)?;
            right.schedule.map_or(Ok(()), |id| in_hours(house, id, now))
        })
        .collect();
    let from_near = [
        Ok(()),
        Err(Reason::Holiday),
        Err(Reason::OutsideSchedule),
        Err(Reason::NotYetValid),
        Err(Reason::Expired),
    ];
    let nearest = from_near.into_iter().find(|one| said.contains(one));
    nearest.unwrap_or(Err(Reason::NoRight))
}

fn in_hours(house: &House, id: ScheduleId, now: UtcMicros) -> Result<(), Reason> {
    let found = house.schedules.iter().find(|schedule| schedule.id == id);
    let found = found.ok_or(Reason::OutsideSchedule)?;
    hours::check((&found.zone, &found.windows), &house.special, now)
}

fn mode(house: &House, door: DoorId, configured: DoorMode, now: UtcMicros) -> DoorMode {
    let plan = of(&house.plans, door).unwrap_or_default();
    if let Some(order) = plan.order
        && order.until.is_none_or(|until| now < until)
    {
        return order.mode;
    }
    let came = is_so(house, |what| match what {
        Happening::FirstCard(known, came) if known == door => Some(came),
        _ => None,
    });
    let holds = plan.by_schedule.iter();
    let mut holds = holds.filter(|by| in_hours(house, by.schedule, now).is_ok());
    match holds.next() {
        Some(by) if came || !by.after_first_card => by.mode,
        Some(_) | None => configured,
    }
}

/// Whether a grant is marked. A card of which nothing is known may be anywhere.
fn passback(
    house: &House,
    card: IssuanceId,
    (reader, at_reader): (ReaderId, ReaderRules),
    (door, now): (&DoorRules, UtcMicros),
) -> Result<bool, Reason> {
    let rules = |id| of(&house.areas, id).unwrap_or(AreaRules::default());
    let (mut last, mut area, mut entered) = (None, None, None);
    for (at, what) in &house.happened {
        match *what {
            Happening::WentThrough(known, reader) if known == card => {
                let through = of(&house.readers, reader).unwrap_or_default();
                last = Some((reader, *at));
                if through.into.is_some() || through.out_of.is_some() {
                    area = through.into;
                }
                entered = through.into.map(|into| (into, *at)).or(entered);
            }
            Happening::Forgiven(known) | Happening::Shredded(known) if known == card => {
                (last, area, entered) = (None, None, None);
            }
            Happening::AreaForgiven(known) if area == Some(known) => {
                (last, area, entered) = (None, None, None);
            }
            _ => {}
        }
    }
    let Some(last) = last else { return Ok(false) };
    let again = |after| last.0 == reader && recent(last.1, after, now);
    let timed = |into: AreaId, after| {
        entered.is_some_and(|(known, at)| known == into && recent(at, after, now))
    };
    let wrong_side = [
        at_reader.into.filter(|into| area == Some(*into)),
        at_reader.out_of.filter(|out_of| area != Some(*out_of)),
    ];
    let found = wrong_side.map(|area| area.map_or(Passback::Off, |area| rules(area).passback));
    if door.again_after.is_some_and(again)
        || found.contains(&Passback::Hard)
        || at_reader
            .into
            .is_some_and(|into| rules(into).timed.is_some_and(|after| timed(into, after)))
    {
        return Err(Reason::Passback);
    }
    Ok(found.contains(&Passback::Soft))
}

fn pin(
    house: &House,
    card: IssuanceId,
    request: &Request,
    (door, mode, trust): (&DoorRules, DoorMode, Trust),
    now: UtcMicros,
) -> Result<(), Reason> {
    let one_factor = door.level == Level::Controlled && mode == DoorMode::CardOrPin;
    if !request.card_shown && !one_factor {
        return Err(Reason::CardNeeded);
    }
    let two_factors = mode == DoorMode::CardAndPin
        || door.level == Level::Exclusion
        || door.level == Level::Limited && trust == Trust::Low;
    if request.card_shown && !two_factors && request.pin == PinEntry::None {
        return Ok(());
    }
    let about_pins = house.happened.iter().rev();
    let since_right = about_pins.take_while(|(_, what)| {
        !matches!(what, Happening::RightPin(known) | Happening::Shredded(known) if *known == card)
    });
    let wrong: Vec<UtcMicros> = since_right
        .filter(|(_, what)| matches!(what, Happening::WrongPin(known) if *known == card))
        .map(|(at, _)| *at)
        .collect();
    let too_many = wrong.len() >= usize::from(house.limit.wrong_max);
    if too_many
        && wrong
            .first()
            .is_some_and(|last| recent(*last, house.limit.locked_for, now))
    {
        return Err(Reason::PinLocked);
    }
    match request.pin {
        PinEntry::None => Err(Reason::PinNeeded),
        PinEntry::Wrong => Err(Reason::PinWrong),
        PinEntry::Right | PinEntry::Duress => Ok(()),
    }
}

/// Whether whoever asks at these two readers goes the same way.
fn same_way(house: &House, one: ReaderId, other: ReaderId) -> bool {
    let way = |reader| {
        let rules = of(&house.readers, reader).unwrap_or_default();
        (rules.exit, rules.into, rules.out_of)
    };
    way(one) == way(other)
}

/// How many people stand here, this card's holder included.
fn persons(
    house: &House,
    card: IssuanceId,
    (door, reader): (DoorId, ReaderId),
    (rules, now): (&DoorRules, UtcMicros),
) -> usize {
    let Some(asked) = rules.persons else { return 1 };
    let here = |other: ReaderId| same_way(house, other, reader);
    let since = house.happened.iter().rev().take_while(|(_, what)| {
        !matches!(*what, Happening::WereLetInTogether(known, by) if known == door && here(by))
    });
    let mut people = vec![card];
    let mut gone = Vec::new();
    for (at, what) in since {
        match *what {
            Happening::Shredded(card) => gone.push(card),
            // Whoever came to the other side since then waits there.
            Happening::Waits(card, known, by) if known == door && !here(by) => gone.push(card),
            Happening::Waits(card, known, _)
                if known == door && recent(*at, asked.within, now) && !gone.contains(&card) =>
            {
                let same = |known: &IssuanceId| {
                    *known == card
                        || house.twin(*known) == Some(card)
                        || house.twin(card) == Some(*known)
                };
                if !people.iter().any(same) {
                    people.push(card);
                }
            }
            _ => {}
        }
    }
    people.len()
}

//! Chance: random houses, and what may be asked of them at instants where something begins or ends.

use std::time::Duration;

use access::schedule::{Calendar, Days, SpecialDay, SpecialKind, When, Window, check_windows};
use access::{
    AreaId, AreaRules, CardEntry, CardTag, Change, DoorId, DoorMode, DoorRules, GroupId, Holder,
    IssuanceId, KeySlot, Level, ModeBySchedule, ModeOrder, ModePlan, Passback, Persons, PinEntry,
    PinLimit, Place, ReaderId, ReaderRules, Request, Right, ScheduleId, Standing, Trust, UtcMicros,
    Validity,
};
use building_sim::Dice;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::hours::{minute_of, zone};
use crate::house::{Happening, House, Schedule};

/// Throws houses and requests; the same seed throws the same.
pub struct Chance {
    dice: Dice,
    /// About when everything happens.
    about: i64,
}

impl Chance {
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let named = zone(dice.pick(&ZONES).unwrap());
        let from = i64::try_from(dice.below(SIXTEEN_YEARS)).unwrap() * SECOND + YEAR_2024;
        let from = Timestamp::from_microsecond(from).unwrap();
        let transition = named.following(from).next();
        let about = transition.map_or(from, |transition| transition.timestamp());
        Self {
            dice,
            about: about.as_microsecond(),
        }
    }

    pub fn house(&mut self) -> House {
        let mut house = House {
            limit: PinLimit {
                wrong_max: u8::try_from(self.dice.below(4)).unwrap(),
                locked_for: self.span(),
            },
            ..House::default()
        };
        for number in 0..IDS {
            if !self.dice.one_in(12) {
                house.doors.push((DoorId::new(number), self.door()));
            }
            if !self.dice.one_in(6) {
                house.readers.push((ReaderId::new(number), self.reader()));
            }
            if self.dice.one_in(2) {
                house.areas.push((AreaId::new(number), self.area()));
            }
            if self.dice.one_in(2) {
                house
                    .schedules
                    .extend(self.schedule(ScheduleId::new(number)));
            }
            if self.dice.one_in(4) {
                house.plans.push((self.door_id(), self.mode_plan()));
            }
            house.members.push((GroupId::new(number), self.door_id()));
        }
        house.special = self.special();
        house.cards = (0..CARDS - self.dice.below(3))
            .map(|card| self.card(card))
            .collect();
        let twins = [self.dice.below(CARDS), self.dice.below(CARDS)];
        house.changes = (0..self.dice.below(3)).map(|_| self.change()).collect();
        let all = house.cards.iter_mut();
        let put = house.changes.iter_mut().filter_map(|change| match change {
            Change::Put(entry) => Some(entry),
            Change::Remove(_) => None,
        });
        all.chain(put).for_each(|entry| twin(entry, twins));
        let mut at = self.about - self.micros_of_span();
        for _ in 0..self.dice.below(16) {
            at += self.micros_of_span() * i64::from(self.dice.one_in(2));
            let happening = self.happening();
            house.happened.push((UtcMicros::from_micros(at), happening));
        }
        house
    }

    pub fn request(&mut self) -> Request {
        let pins = [
            PinEntry::None,
            PinEntry::None,
            PinEntry::None,
            PinEntry::Right,
            PinEntry::Right,
            PinEntry::Duress,
            PinEntry::Wrong,
        ];
        let card = self.dice.below(CARDS);
        Request {
            card_shown: !self.dice.one_in(8),
            pin: *self.dice.pick(&pins).unwrap(),
            ..Request::card(tag(card), self.door_id(), self.reader_id())
        }
    }

    /// After all that happened; most often just where something begins or ends.
    pub fn now(&mut self, house: &House) -> UtcMicros {
        let instant = match self.dice.below(4) {
            0 => self.edge_of_window(house),
            1 => self.edge_of_span(house),
            2 => Some(self.near()),
            _ => None,
        };
        let instant = instant.unwrap_or(self.about);
        let beside = [-1_000, -1, 0, 0, 1, 1_000];
        let now = UtcMicros::from_micros(instant + self.dice.pick(&beside).unwrap());
        let last = house.happened.last().map_or(now, |(at, _)| *at);
        now.max(last)
    }

    fn edge_of_window(&mut self, house: &House) -> Option<i64> {
        let schedule = self.dice.pick(&house.schedules)?;
        let window = self.dice.pick(&schedule.windows)?;
        let minute = *self.dice.pick(&[window.from(), window.until()])?;
        let about = Timestamp::from_microsecond(self.about).unwrap();
        let days = i64::try_from(self.dice.below(5)).unwrap() - 2;
        let day = schedule.zone.to_datetime(about).date() + days.days();
        let wall = minute_of(day, minute);
        let ambiguous = schedule.zone.to_ambiguous_timestamp(wall);
        let instant = if self.dice.one_in(2) {
            ambiguous.earlier()
        } else {
            ambiguous.later()
        };
        Some(instant.ok()?.as_microsecond())
    }

    fn edge_of_span(&mut self, house: &House) -> Option<i64> {
        let (at, _) = self.dice.pick(&house.happened)?;
        Some(at.micros() + self.micros_of_span())
    }

    /// Within some days; where edges are that a validity may have too.
    fn near(&mut self) -> i64 {
        let hours = i64::try_from(self.dice.below(97)).unwrap() - 48;
        self.about + hours * 3_600 * SECOND
    }

    fn span(&mut self) -> Duration {
        Duration::from_secs(*self.dice.pick(&SPANS).unwrap())
    }

    fn micros_of_span(&mut self) -> i64 {
        i64::try_from(self.span().as_micros()).unwrap()
    }

    fn maybe(&mut self, sides: u64) -> Option<Duration> {
        self.dice.one_in(sides).then(|| self.span())
    }

    fn number(&mut self) -> u16 {
        u16::try_from(self.dice.below(u64::from(IDS))).unwrap()
    }

    fn door_id(&mut self) -> DoorId {
        DoorId::new(self.number())
    }

    fn reader_id(&mut self) -> ReaderId {
        ReaderId::new(self.number())
    }

    fn mode(&mut self) -> DoorMode {
        *self.dice.pick(&DoorMode::ALL).unwrap()
    }

    fn door(&mut self) -> DoorRules {
        let levels = [
            Level::Controlled,
            Level::Controlled,
            Level::Limited,
            Level::Exclusion,
        ];
        let count = u8::try_from(self.dice.below(4)).unwrap();
        let within = self.span();
        DoorRules {
            mode: self.mode(),
            level: *self.dice.pick(&levels).unwrap(),
            persons: self.dice.one_in(3).then_some(Persons { count, within }),
            escort_within: self.maybe(2),
            again_after: self.maybe(4),
            interlock: (0..self.dice.below(3)).map(|_| self.door_id()).collect(),
        }
    }

    fn reader(&mut self) -> ReaderRules {
        let trust = *self.dice.pick(&[Trust::Low, Trust::High]).unwrap();
        let mut area = || {
            let number = self.number();
            self.dice.one_in(2).then_some(AreaId::new(number))
        };
        ReaderRules {
            trust,
            into: area(),
            out_of: area(),
            exit: self.dice.one_in(4),
        }
    }

    fn area(&mut self) -> AreaRules {
        let passback = [Passback::Off, Passback::Soft, Passback::Hard];
        AreaRules {
            passback: *self.dice.pick(&passback).unwrap(),
            timed: self.maybe(3),
        }
    }

    /// Windows that may stand together, if they may.
    fn schedule(&mut self, id: ScheduleId) -> Option<Schedule> {
        let windows: Vec<Window> = (0..=self.dice.below(3)).map(|_| self.window()).collect();
        check_windows(&windows).ok()?;
        Some(Schedule {
            id,
            zone: zone(self.dice.pick(&ZONES).unwrap()),
            windows,
        })
    }

    fn window(&mut self) -> Window {
        let kinds = u16::try_from(1 + self.dice.below((1 << 15) - 1)).unwrap();
        let week = if self.dice.one_in(2) { 0x7F } else { 0 };
        let quarter = |dice: &mut Dice, sides| u16::try_from(dice.below(sides)).unwrap() * 15;
        let from = quarter(&mut self.dice, 96);
        let until = from + 15 + quarter(&mut self.dice, 96);
        Window::new(Days::from_bits(kinds | week).unwrap(), from, until).unwrap()
    }

    /// Days around which everything happens.
    fn special(&mut self) -> Vec<SpecialDay> {
        let about = Timestamp::from_microsecond(self.about).unwrap();
        let about = TimeZone::UTC.to_datetime(about).date();
        let days: Vec<SpecialDay> = (0..self.dice.below(4))
            .map(|_| {
                let days = i64::try_from(self.dice.below(5)).unwrap() - 2;
                let date = about + days.days();
                let (year, month, day) = (date.year(), date.month(), date.day());
                let whens = [When::Once { year, month, day }, When::Yearly { month, day }];
                SpecialDay {
                    when: *self.dice.pick(&whens).unwrap(),
                    kind: SpecialKind::new(1 + u8::try_from(self.dice.below(3)).unwrap()).unwrap(),
                }
            })
            .collect();
        let taken = Calendar::new(&days).is_ok();
        if taken { days } else { Vec::new() }
    }

    fn mode_plan(&mut self) -> ModePlan {
        let order = ModeOrder {
            mode: self.mode(),
            until: self
                .dice
                .one_in(2)
                .then(|| UtcMicros::from_micros(self.near())),
        };
        ModePlan {
            order: self.dice.one_in(3).then_some(order),
            by_schedule: (0..self.dice.below(3))
                .map(|_| ModeBySchedule {
                    schedule: ScheduleId::new(self.number()),
                    mode: self.mode(),
                    after_first_card: self.dice.one_in(2),
                })
                .collect(),
        }
    }

    fn validity(&mut self) -> Validity {
        let from = if self.dice.one_in(8) {
            self.near()
        } else {
            YEAR_2024 - SECOND
        };
        let until = if self.dice.one_in(6) {
            Some(self.near())
        } else {
            None
        };
        let until = until.filter(|until| from < *until);
        let until = until.map(UtcMicros::from_micros);
        Validity::new(UtcMicros::from_micros(from), until).unwrap()
    }

    fn right(&mut self) -> Right {
        let number = self.number();
        let places = [
            Place::Door(DoorId::new(number)),
            Place::Group(GroupId::new(number)),
        ];
        let schedule = ScheduleId::new(self.number());
        Right {
            place: *self.dice.pick(&places).unwrap(),
            valid: self.validity(),
            schedule: self.dice.one_in(2).then_some(schedule),
        }
    }

    fn card(&mut self, number: u64) -> CardEntry {
        use Standing::{Active, Blocked, Lost, Pending, Returned};
        let standings = [Pending, Blocked, Lost, Returned];
        let standing = if self.dice.one_in(8) {
            *self.dice.pick(&standings).unwrap()
        } else {
            Active
        };
        let holder = Holder {
            issuance: issuance(number),
            slot: KeySlot::new(u32::try_from(number).unwrap()),
        };
        let valid = self.validity();
        CardEntry {
            rights: (0..4 + self.dice.below(8)).map(|_| self.right()).collect(),
            visitor: self.dice.one_in(3),
            ..CardEntry::new(tag(number), holder, standing, valid)
        }
    }

    fn change(&mut self) -> Change {
        let number = self.dice.below(CARDS);
        if self.dice.one_in(4) {
            Change::Remove(tag(number))
        } else {
            Change::Put(self.card(number))
        }
    }

    fn happening(&mut self) -> Happening {
        let card = issuance(self.dice.below(CARDS));
        let (door, reader, number) = (self.door_id(), self.reader_id(), self.number());
        match self.dice.below(24) {
            0..6 => Happening::WentThrough(card, reader),
            6..11 => Happening::Waits(card, door, reader),
            11 => Happening::WereLetInTogether(door, reader),
            12..15 => Happening::HostCame(door, reader),
            15 => Happening::FirstCard(door, !self.dice.one_in(3)),
            16 | 17 => Happening::Busy(door, !self.dice.one_in(3)),
            18 => Happening::Lockdown(door, !self.dice.one_in(3)),
            19 | 20 => Happening::WrongPin(card),
            21 => Happening::RightPin(card),
            22 if self.dice.one_in(2) => Happening::AreaForgiven(AreaId::new(number)),
            22 => Happening::Forgiven(card),
            _ => Happening::Shredded(card),
        }
    }
}

/// Two cards of one person know each other.
fn twin(entry: &mut CardEntry, [one, other]: [u64; 2]) {
    let pairs = [(one, other), (other, one)];
    let issued = entry.holder.issuance;
    let pair = pairs
        .iter()
        .find(|(one, other)| one != other && issuance(*one) == issued);
    entry.twin = pair.map(|(_, other)| issuance(*other));
}

fn issuance(number: u64) -> IssuanceId {
    IssuanceId::from_random(u32::try_from(number).unwrap() * 7_919)
}

/// Two cards share a bucket of the list.
fn tag(number: u64) -> CardTag {
    let octet = u8::try_from(number).unwrap();
    let mut octets = [octet / 2; 16];
    octets[11] = octet;
    CardTag::new(octets)
}

const SECOND: i64 = 1_000_000;
/// The 1st of January 2024 in UTC.
const YEAR_2024: i64 = 1_704_067_200 * SECOND;
const SIXTEEN_YEARS: u64 = 16 * 365 * 86_400;
/// Doors, readers, areas, groups and schedules are numbered below this.
const IDS: u16 = 5;
/// Cards are numbered below this.
const CARDS: u64 = 6;
/// Seconds.
const SPANS: [u64; 6] = [1, 5, 30, 60, 600, 86_400];
const ZONES: [&str; 8] = [
    "Europe/Oslo",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "America/Santiago",
    "UTC",
];

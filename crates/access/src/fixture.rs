//! Fixture: a card that opens a door of a house, to be spoilt by each test in its own way.

use std::sync::Arc;
use std::time::Duration;

use crate::rule::Rule;
use crate::schedule::{Calendar, SpecialDay, SpecialKind, TimetableBuilder, When, Window};
use crate::{
    Allowlist, AllowlistBuilder, AreaId, CardEntry, CardTag, Decision, DoorId, DoorMode, DoorRules,
    Generation, Holder, HousePlan, HouseState, IssuanceId, KeySlot, ModePlan, ModePlans, PinEntry,
    ReaderId, ReaderRules, Reason, Remarks, Request, Right, ScheduleId, Standing, Trust, UtcMicros,
    Validity, decide, explain,
};

pub(crate) const DOOR: DoorId = DoorId::new(1);
pub(crate) const OTHER_DOOR: DoorId = DoorId::new(2);
/// Leads into [`AREA`], in Secure Channel.
pub(crate) const READER: ReaderId = ReaderId::new(7);
/// Leads out of [`AREA`], over wires that can be imitated.
pub(crate) const WAY_OUT: ReaderId = ReaderId::new(8);
pub(crate) const AREA: AreaId = AreaId::new(3);
pub(crate) const CARD: IssuanceId = IssuanceId::from_random(42);
pub(crate) const FRIEND: IssuanceId = IssuanceId::from_random(43);
pub(crate) const STRANGER: IssuanceId = IssuanceId::from_random(44);
/// Monday to Friday from eight to four, in Oslo; the 26th of November 2026 is a holiday.
pub(crate) const HOURS: ScheduleId = ScheduleId::new(5);
/// So long is whatever a test measures.
pub(crate) const SPAN: Duration = Duration::from_secs(60);
pub(crate) const SPAN_MICROS: i64 = 60_000_000;

/// An instant so many microseconds after ten o'clock in Oslo, on Wednesday the 25th of November 2026.
pub(crate) const fn at(micros: i64) -> UtcMicros {
    UtcMicros::from_micros(1_795_597_200_000_000 + micros)
}

pub(crate) fn span(from: i64, until: Option<i64>) -> Validity {
    Validity::new(at(from), until.map(at)).unwrap()
}

/// Beginnings and ends that are never met.
pub(crate) fn always() -> Validity {
    span(-100_000_000_000, None)
}

/// One card, one house, and what is asked.
pub(crate) struct Scene {
    pub(crate) entry: CardEntry,
    /// Other cards on the list.
    pub(crate) others: Vec<CardEntry>,
    pub(crate) house: HouseState,
    pub(crate) modes: Vec<(DoorId, ModePlan)>,
    pub(crate) request: Request,
}

impl Scene {
    /// A card of somebody of the house, shown at a door that it opens; nothing has happened yet.
    pub(crate) fn new() -> Self {
        let holder = Holder {
            issuance: CARD,
            slot: KeySlot::new(0),
        };
        let tag = CardTag::new([5; 16]);
        let mut plan = HousePlan::default();
        plan.set_door(DOOR, DoorRules::of_mode(DoorMode::Card));
        plan.set_door(OTHER_DOOR, DoorRules::of_mode(DoorMode::Card));
        let reader = |trust, into, out_of| ReaderRules {
            trust,
            into,
            out_of,
            exit: false,
        };
        plan.set_reader(READER, reader(Trust::High, Some(AREA), None));
        plan.set_reader(WAY_OUT, reader(Trust::Low, None, Some(AREA)));
        Self {
            entry: CardEntry {
                rights: vec![Right::on(DOOR, always())],
                ..CardEntry::new(tag, holder, Standing::Active, always())
            },
            others: Vec::new(),
            house: HouseState::of_plan(plan),
            modes: Vec::new(),
            request: Request::card(tag, DOOR, READER),
        }
    }

    /// Changes what the configuration says.
    pub(crate) fn plan(&mut self, change: impl FnOnce(&mut HousePlan)) {
        let mut plan = self.house.plan().clone();
        change(&mut plan);
        self.house.set_plan(plan);
    }

    /// Changes what the door asks for.
    pub(crate) fn door(&mut self, change: impl FnOnce(&mut DoorRules)) {
        let mut rules = self.house.plan().door(DOOR).unwrap().clone();
        change(&mut rules);
        self.plan(|plan| plan.set_door(DOOR, rules));
    }

    /// Puts another card on the list, which has a twin.
    pub(crate) fn other(&mut self, issuance: IssuanceId, twin: IssuanceId) {
        let octet = u8::try_from(self.others.len()).unwrap();
        let slot = KeySlot::new(0);
        self.others.push(CardEntry {
            twin: Some(twin),
            ..CardEntry::new(
                CardTag::new([octet; 16]),
                Holder { issuance, slot },
                Standing::Active,
                always(),
            )
        });
    }

    pub(crate) fn typing(&mut self, pin: PinEntry) -> &Self {
        self.request.pin = pin;
        self
    }

    pub(crate) fn at_reader(&mut self, reader: ReaderId) -> &Self {
        self.request.reader = reader;
        self
    }

    pub(crate) fn list(&self) -> Allowlist {
        let mut builder = AllowlistBuilder::default();
        let cards = self.others.iter().chain([&self.entry]);
        cards.for_each(|card| builder.add(card.clone()).unwrap());
        let mut timetable = TimetableBuilder::default();
        let windows: [Window; 1] = ["mon-fri 08:00-16:00".parse().unwrap()];
        timetable.add(HOURS, "Europe/Oslo", &windows).unwrap();
        let holiday = SpecialDay {
            when: When::Once {
                year: 2026,
                month: 11,
                day: 26,
            },
            kind: SpecialKind::HOLIDAY,
        };
        let timetable = timetable
            .finish(Calendar::new(&[holiday]).unwrap())
            .unwrap();
        let generation = Generation::new(1);
        let list = builder.finish(generation).unwrap();
        let modes = Arc::new(ModePlans::new(self.modes.clone()));
        list.with_hours(Arc::new(timetable), modes, generation)
    }

    /// What is decided so many microseconds after [`at`]'s zero, and what is noted of it.
    pub(crate) fn decided(&self, micros: i64) -> Result<Remarks, Reason> {
        let list = self.list();
        let trace = explain(&list, &self.house, &self.request, at(micros));
        let decided = match decide(&list, &self.house, &self.request, at(micros)) {
            Decision::Allow(grant) => Ok(grant.remarks()),
            Decision::Deny(denial) => Err(denial.reason()),
        };
        assert_eq!(trace.reason, decided.err().unwrap_or(Reason::Ok));
        decided
    }

    /// The same as one word.
    pub(crate) fn reason(&self, micros: i64) -> Reason {
        self.decided(micros).err().unwrap_or(Reason::Ok)
    }

    /// What one rule saw, and what would have to change.
    pub(crate) fn told(&self, rule: &Rule, micros: i64) -> (String, Option<String>) {
        let trace = explain(&self.list(), &self.house, &self.request, at(micros));
        let step = trace.steps.into_iter().find(|step| step.rule == rule.name);
        let step = step.unwrap();
        (step.saw, step.remedy)
    }
}

//! A simulated building: the real site and the real log on simulated lines, disk, clocks and people, broken in every way a seed can draw,
//! and held to its invariants at every step.
//!
//! A run has two phases. In the first faults strike; what must never happen is looked for at each record and each strike. In the second
//! there are none any more, and everything must work again. The same seed gives the same run and the same log, octet for octet.

mod agenda;
mod archive;
mod blueprint;
mod board;
mod building;
mod callers;
pub mod campaign;
mod cards;
mod census;
mod clock;
mod company;
mod crowd;
mod desk;
mod exchange;
mod fault;
mod figures;
mod forgetting;
mod hostile;
mod hourglass;
pub mod images;
mod interlock;
mod keeper;
mod leave;
mod life;
mod moment;
mod muster;
mod office;
mod operators;
mod pads;
mod passback;
mod plan;
mod plant;
mod policy;
mod proof;
mod repeats;
mod restart;
mod seat;
mod shrink;
mod street;
mod traces;
mod trouble;
mod violation;
mod watch;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use access::{DoorId, LineId, ReaderId, UtcMicros};
use event_log::Operator;
use key_store::Owner;
use reader_bus::{Identity, Uptime};
use site::{Now, Site};

use crate::dice::Dice;
use agenda::{Agenda, Turn};
use blueprint::{Blueprint, wants_pin};
pub use census::Census;
use census::Trace;
use clock::WallClock;
use crowd::Crowd;
use desk::Desk;
pub use fault::{Fault, Faults};
pub use figures::Figures;
use forgetting::Farewell;
use hourglass::Hourglass;
use keeper::Keeper;
use office::Office;
pub use plan::{LATER_HOUSES, LATEST_HOUSES, Plan};
pub use plant::Plant;
pub use shrink::shrunk;
use street::Street;
use violation::Breach;
pub use violation::{Invariant, Violation};
use watch::Watch;

/// What came of a run in which every invariant held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What happened, counted.
    pub census: Census,
    /// Everything that happened, and every octet of the log at the end, as one number.
    pub fingerprint: u64,
}

impl Plan {
    /// Lives through the run; `aloud` prints what happens to standard output.
    ///
    /// # Errors
    /// The first [`Violation`].
    pub fn run(&self, aloud: bool) -> Result<Outcome, Violation> {
        let here = |at: Uptime| {
            move |breach: Breach| Violation {
                invariant: breach.invariant,
                seed: self.seed,
                at,
                what: breach.what,
            }
        };
        let mut scene = Scene::set(*self, Trace::new(aloud)).map_err(here(Uptime::START))?;
        let lived = scene.live();
        let at = scene.up;
        lived.map_err(here(at))?;
        Ok(Outcome {
            fingerprint: scene.fingerprint(),
            census: scene.census,
        })
    }
}

/// A run under way.
struct Scene {
    plan: Plan,
    blueprint: Arc<Blueprint>,
    street: Street,
    clock: WallClock,
    office: Office,
    desk: Desk,
    watch: Watch,
    hourglass: Hourglass,
    agenda: Agenda,
    trace: Trace,
    census: Census,
    /// `None` while the controller does not run.
    site: Option<Site>,
    operator: Operator,
    /// Who keyed readers are, as they said at their first session.
    pinned: BTreeMap<ReaderId, Identity>,
    /// Which door waits for whom to push its leaf: people, and chance for them.
    dice: Dice,
    /// Chance for faults, so that people do the same without them.
    mischief: Dice,
    up: Uptime,
    started_at: Uptime,
    /// Syncs take up to three seconds until then.
    slow_until: Uptime,
    /// The controller is to die in its next flush.
    dies_in_flush: Option<Fault>,
    /// A frame is to be held back: a bug is planted.
    holds_back: bool,
    /// The line whose frames are held back, and until when.
    stuck: Option<(LineId, Uptime)>,
    /// Who is on the way out.
    farewells: BTreeMap<usize, Farewell>,
    /// How many cards were bound anew.
    issued: u32,
    /// Who stands where.
    crowd: Crowd,
    /// Who is where, over a restart.
    keeper: Keeper,
    /// A breach that was found in the midst of something.
    found: Option<Breach>,
    /// Since when there are no faults any more.
    healed_at: Option<Uptime>,
}

impl Scene {
    fn set(plan: Plan, trace: Trace) -> Result<Self, Breach> {
        let mut dice = Dice::new(plan.seed);
        let mut mischief = dice.split();
        let clock = WallClock::drawn(&mut dice);
        let beginning = clock.truth(Uptime::START);
        let mut office = Office::found(clock.now(Uptime::START), dice.split())?;
        let street = Street::lay(&plan, mischief.split())?;
        let blueprint = Arc::new(Blueprint::drawn(&plan, &street));
        let operator = Operator {
            id: access::OperatorId::new(1),
            slot: office.allocate(Owner::Operator(1))?,
        };
        let draw = (beginning, &mut dice);
        let desk = staffed(&plan, (&street, &blueprint), &mut office, draw)?;
        let mut scene = Self {
            plan,
            street,
            clock,
            office,
            desk,
            watch: Watch::over(Arc::clone(&blueprint)),
            blueprint,
            hourglass: Hourglass::new(beginning),
            agenda: Agenda::default(),
            trace,
            census: Census {
                seeds: 1,
                ..Census::default()
            },
            site: None,
            operator,
            pinned: BTreeMap::new(),
            dice,
            mischief,
            up: Uptime::START,
            started_at: Uptime::START,
            slow_until: Uptime::START,
            dies_in_flush: None,
            holds_back: false,
            stuck: None,
            farewells: BTreeMap::new(),
            issued: 0,
            crowd: Crowd::new(),
            keeper: Keeper::default(),
            found: None,
            healed_at: None,
        };
        scene.begin_site()?;
        scene.first_turns();
        Ok(scene)
    }

    /// What is on the agenda at the beginning.
    fn first_turns(&mut self) {
        self.agenda.add(self.up + FIRST_CARD_AFTER, Turn::Visit);
        self.agenda.add(self.up + FIRST_ORDER_AFTER, Turn::Operator);
        self.agenda.add(self.up + SEAL_EVERY, Turn::Seal);
        self.agenda.add(self.up + RETENTION_EVERY, Turn::Retention);
        let faults: Vec<Fault> = self.plan.faults.iter().collect();
        for fault in faults {
            self.next_strike(fault);
        }
    }

    /// Both phases, and the last look.
    fn live(&mut self) -> Result<(), Breach> {
        self.settle()?;
        let end = Uptime::START + self.plan.length;
        self.go_on(end)?;
        self.heal()?;
        self.prove()?;
        self.close()
    }

    /// From one moment at which something happens to the next.
    fn go_on(&mut self, end: Uptime) -> Result<(), Breach> {
        loop {
            let due = [
                self.agenda.next_at(),
                self.site.as_ref().and_then(Site::poll_timeout),
            ];
            // At least a microsecond: what is due and stays due is not to stop the world.
            let next = due.into_iter().flatten().min().unwrap_or(end);
            if next > end {
                self.up = end;
                return Ok(());
            }
            if self.agenda.next_at() == Some(next) {
                self.up = self.up.max(next);
            } else {
                self.up = next.max(self.up + Duration::from_micros(1));
            }
            match self.agenda.take_due(self.up) {
                Some(turn) => self.take(turn)?,
                None => self.ask_site(|site, now| site.handle_timeout(now)),
            }
            self.settle()?;
        }
    }

    fn take(&mut self, turn: Turn) -> Result<(), Breach> {
        match turn {
            Turn::AtController { line, octets } => {
                self.trace.octets(self.up, &octets);
                self.ask_site(|site, now| site.handle_bytes(line, &octets, now));
            }
            Turn::Flushed => self.flushed()?,
            Turn::Seal => self.seal()?,
            Turn::Retention => self.retention()?,
            Turn::Visit => self.visit(),
            Turn::Again { person } => self.show_somewhere(person),
            Turn::Shows { person, reader } => self.show_and_type(person, reader),
            Turn::Keep => self.keep(),
            Turn::Type { reader, of, forced } => self.type_pin(reader, of, forced),
            Turn::Leaf { reader, open } => self.leaf(reader, open)?,
            Turn::Button { reader, pressed } => self.button(reader, pressed),
            Turn::Operator => self.operate()?,
            Turn::Committed => self.committed()?,
            Turn::Forget { person } => self.forget(person)?,
            Turn::Issue { person } => self.issue(person)?,
            Turn::Swap => self.swap()?,
            Turn::Strike(fault) => self.strike(fault)?,
            Turn::Mend { line, fault } => self.mend(line, fault),
            Turn::Heal(fault) => self.heal_machine(fault),
            Turn::Crash(fault) => self.crash(fault)?,
            Turn::Start => self.start()?,
            Turn::Late { line, octets } => self.at_readers(line, &octets)?,
            Turn::Proof { reader } => self.try_reader(reader),
        }
        Ok(())
    }

    /// What the controller's clocks say.
    fn now(&self) -> Now {
        self.clock.now(self.up)
    }
}

/// The people and their cards.
fn staffed(
    plan: &Plan,
    (street, blueprint): (&Street, &Blueprint),
    office: &mut Office,
    draw: (UtcMicros, &mut Dice),
) -> Result<Desk, Breach> {
    let doors: Vec<DoorId> = blueprint.doors().collect();
    let tag_key = office.tag_key()?;
    let mut desk = Desk::staffed(
        (plan.people, plan.trusted(), &doors),
        &tag_key,
        &mut |issuance| office.allocate(Owner::Issuance(issuance)),
        draw,
    )?;
    if plan.keypads {
        desk.give_pins(
            office.pin_key()?,
            doors_with_pads(plan, (street, blueprint)),
        );
    }
    if plan.persons {
        desk.make_visitors(plan.trusted());
    }
    desk.take_anothers_pin(plan.plant == Some(Plant::AnothersPin));
    if plan.plant == Some(Plant::ExpiryOffByOne) {
        desk.hold_cards_longer(Duration::from_micros(1));
    }
    Ok(desk)
}

/// The doors that want a PIN beside the card.
fn doors_with_pads(plan: &Plan, (street, of): (&Street, &Blueprint)) -> BTreeSet<DoorId> {
    let pads = street.wires.iter().flat_map(|wire| {
        let seats = wire.seats.iter().map(|seat| seat.reader);
        seats.filter(|reader| wants_pin(plan, of.door_of(*reader), wire.wiegand))
    });
    pads.map(|reader| of.door_of(reader)).collect()
}

/// Readers need a moment to come online.
const FIRST_CARD_AFTER: Duration = Duration::from_secs(3);
const FIRST_ORDER_AFTER: Duration = Duration::from_secs(20);
/// How often it is looked whether the log is to be sealed, and whether all is well.
const SEAL_EVERY: Duration = Duration::from_secs(10);
const RETENTION_EVERY: Duration = Duration::from_secs(1_800);

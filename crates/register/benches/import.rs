//! Bench: a list of cards compared and imported, the allowlist built beside a bare loop over the same rows, one change made, a list
//! exchanged under decisions, the cards listed. `PORTVAKT_ROWS` sets how many (default 100,000).
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a bench may fail loudly and reads the clock itself"
)]

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use access::role::Role;
use access::{
    Allowlist, CardNumber, DoorId, DoorMode, HouseState, OperatorId, ReaderId, Request, TagKey,
    UtcMicros,
};
use key_store::disk::{Disk, RealDisk};
use key_store::{Entropy, Fixed, KeyStore};
use register::{
    ContactPerson, ImportRow, ImportTerms, NewOperator, OutboxId, Register, Roles, Text,
};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

fn main() {
    let count = std::env::var("PORTVAKT_ROWS").map_or(100_000, |rows| rows.parse().unwrap());
    let directory = tempfile::tempdir().unwrap();
    let mut house = House::new(directory.path());
    let people: Vec<Person> = (0..count).map(|card| house.person(card)).collect();
    let doors = ["main".to_owned(), "side".to_owned()];
    println!("{count} cards, 2 doors each");
    let plan = timed("difference of new cards", || {
        house
            .register
            .import_plan(people.iter().map(|person| person.row(&doors)), terms(), NOW)
            .unwrap()
    });
    let _imported = timed("import", || {
        house
            .register
            .import(&plan, house.operator, NOW, &mut |_| {})
            .unwrap()
    });
    drop(plan);
    let list = load(&house.register, directory.path());
    assert_eq!(u64::try_from(list.len()).unwrap(), count);
    println!(
        "{:<28} {:>10.1} octets a card",
        "allowlist",
        list.packed_octets() as f64 / count as f64
    );
    one_change(&mut house, &list, &people);
    exchange(&house.register, Arc::new(list), &people);
    let again = timed("difference of known cards", || {
        house
            .register
            .import_plan(people.iter().map(|person| person.row(&doors)), terms(), NOW)
            .unwrap()
    });
    assert_eq!(again.difference().unchanged, count);
    let mut listed = 0_u64;
    let mut each = |_| {
        listed += 1;
        ControlFlow::Continue(())
    };
    timed("card list", || {
        house.register.card_list(None, &mut each).unwrap()
    });
    assert_eq!(listed, count);
    timed("outbox read and emptied", || house.empty_outbox());
    let octets = std::fs::metadata(directory.path().join("register.db"))
        .unwrap()
        .len();
    println!("{:<28} {:>10} octets a card", "database", octets / count);
    println!(
        "{:<28} {:>10} MiB",
        "memory at most",
        memory_max_kib() / 1024
    );
}

/// The allowlist from the register, and a loop that only steps over the same rows and reads their columns, in turn.
fn load(register: &Register, directory: &Path) -> Allowlist {
    // The register has its file to itself; the loop reads a copy.
    let copy = tempfile::tempdir().unwrap();
    for file in ["register.db", "register.db-wal"] {
        std::fs::copy(directory.join(file), copy.path().join(file)).unwrap();
    }
    let raw = Connection::open(copy.path().join("register.db")).unwrap();
    let (mut loads, mut steps) = (Vec::new(), Vec::new());
    let mut list = None;
    for _ in 0..5 {
        let begin = Instant::now();
        list = Some(register.allowlist().unwrap());
        loads.push(begin.elapsed());
        let begin = Instant::now();
        step(&raw);
        steps.push(begin.elapsed());
    }
    let (load, step) = (median(loads), median(steps));
    println!("{:<28} {:>10.1} ms", "allowlist", ms(load));
    println!("{:<28} {:>10.1} ms", "bare loop over its rows", ms(step));
    println!(
        "{:<28} {:>10.2}",
        "allowlist / bare loop",
        load.as_secs_f64() / step.as_secs_f64()
    );
    list.unwrap()
}

fn step(raw: &Connection) {
    let mut statement = raw.prepare(ROWS).unwrap();
    let columns = statement.column_count();
    let mut rows = statement.query([]).unwrap();
    let mut read = 0;
    while let Some(row) = rows.next().unwrap() {
        for column in 0..columns {
            read += usize::from(row.get_ref(column).unwrap() != ValueRef::Null);
        }
    }
    assert!(std::hint::black_box(read) > 0);
}

/// One card blocked: from the call to the next list, its transaction's sync and all, and the list alone.
fn one_change(house: &mut House, list: &Allowlist, people: &[Person]) {
    let (mut whole, mut alone) = (Vec::new(), Vec::new());
    for person in people.iter().take(50) {
        let of = list.find(&person.tag).unwrap().holder.issuance;
        let begin = Instant::now();
        let blocked = house.register.block(of, &text("lost"), house.operator, NOW);
        let change = blocked.unwrap();
        let made = Instant::now();
        let next = list.with(&change.allowlist, change.generation).unwrap();
        alone.push(made.elapsed());
        whole.push(begin.elapsed());
        assert_eq!(next.len(), list.len());
    }
    println!(
        "{:<28} {:>10.3} ms",
        "one change, with its sync",
        ms(median(whole))
    );
    println!(
        "{:<28} {:>10.3} ms",
        "one change, the list alone",
        ms(median(alone))
    );
}

/// Ten thousand decisions a second while the list is built anew and exchanged, and while nothing is: the slowest of each. They wait
/// for their time in a loop, so the system's clock of tasks has no part in it.
fn exchange(register: &Register, list: Arc<Allowlist>, people: &[Person]) {
    let alone = decisions(&list, people, None);
    let (lists, exchanged) = mpsc::channel();
    let under = std::thread::scope(|scope| {
        let first = Arc::clone(&list);
        let deciding = scope.spawn(move || decisions(&first, people, Some(&exchanged)));
        for _ in 0..3 {
            lists.send(Arc::new(register.allowlist().unwrap())).unwrap();
        }
        drop(lists);
        deciding.join().unwrap()
    });
    for (what, took) in [("alone", alone), ("under exchanges", under)] {
        println!(
            "decisions, {what}: {} of them, p99.9 {:.1} µs, slowest {:.1} µs, over 1 ms {}",
            took.len(),
            us(took[took.len() * 999 / 1_000]),
            us(took[took.len() - 1]),
            took.iter()
                .filter(|took| **took > Duration::from_millis(1))
                .count()
        );
    }
}

/// How long each decision took, the exchange before it included, ascending; for a second, or until no list follows.
fn decisions(
    first: &Arc<Allowlist>,
    people: &[Person],
    exchanged: Option<&mpsc::Receiver<Arc<Allowlist>>>,
) -> Vec<Duration> {
    let mut house = HouseState::new();
    let door = DoorId::new(1);
    house.set_mode(door, DoorMode::Card);
    let mut list = Arc::clone(first);
    let mut kept = Vec::new();
    let mut took = Vec::new();
    let begin = Instant::now();
    for turn in 0_u32.. {
        let due = begin + turn * Duration::from_micros(100);
        while Instant::now() < due {
            std::hint::spin_loop();
        }
        let taken = Instant::now();
        match exchanged.map(mpsc::Receiver::try_recv) {
            Some(Ok(next)) => kept.push(std::mem::replace(&mut list, next)),
            Some(Err(mpsc::TryRecvError::Disconnected)) => break,
            None if turn == 10_000 => break,
            Some(Err(mpsc::TryRecvError::Empty)) | None => {}
        }
        let person = &people[usize::try_from(turn).unwrap() * 7_919 % people.len()];
        let request = Request::card(person.tag, door, ReaderId::new(1));
        let decision = access::decide(&list, &house, &request, NOW);
        took.push(taken.elapsed());
        drop(std::hint::black_box(decision));
    }
    took.sort_unstable();
    took
}

struct House {
    register: Register,
    operator: OperatorId,
    tags: TagKey,
}

struct Person {
    card: CardNumber,
    tag: access::CardTag,
    name: String,
    line: u64,
}

impl House {
    fn new(directory: &Path) -> Self {
        let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(directory.to_path_buf()));
        let keys = Arc::new(KeyStore::create(&disk, &mut Spread(0)).unwrap());
        let tags = TagKey::new(*keys.fixed(Fixed::Tag).unwrap().as_bytes());
        let mut register = Register::create(
            &directory.join("register.db"),
            keys,
            Box::new(Spread(1 << 40)),
        )
        .unwrap();
        let first = NewOperator {
            user: "tekla".into(),
            uid: 1001,
            roles: Roles::new(&[Role::Technician], None).unwrap(),
            trained_until: None,
        };
        let (operator, _) = register.add_operator(&first, None, NOW).unwrap();
        let (tenant, _) = register
            .add_tenant(&text("Kommunen"), operator, NOW)
            .unwrap();
        let person = ContactPerson {
            name: text("Ola"),
            mobile: text("90000001"),
        };
        register
            .add_contact(tenant, &person, operator, NOW)
            .map(drop)
            .unwrap();
        register.reconcile_doors(&["main", "side"]).unwrap();
        Self {
            register,
            operator,
            tags,
        }
    }

    fn person(&self, number: u64) -> Person {
        let card = CardNumber::Formatted {
            format: access::card::formats::H10301.name(),
            facility: u32::try_from(number >> 16).unwrap(),
            number: number & 0xFFFF,
        };
        Person {
            tag: self.tags.tag(&card),
            card,
            name: format!("Person Nummer {number}"),
            line: number + 2,
        }
    }

    fn empty_outbox(&mut self) {
        loop {
            let page: Vec<OutboxId> = self
                .register
                .outbox_pending(1_000)
                .unwrap()
                .into_iter()
                .map(|(id, _)| id)
                .collect();
            if page.is_empty() {
                return;
            }
            self.register.outbox_done(&page).unwrap();
        }
    }
}

impl Person {
    fn row<'a>(&'a self, doors: &'a [String]) -> ImportRow<'a> {
        ImportRow {
            line: self.line,
            card: Ok((self.card.clone(), self.tag)),
            name: &self.name,
            firm: "Kommunen",
            mobile: "91234567",
            contact: "Ola",
            tenant: "Kommunen",
            doors,
            valid_from: None,
            valid_until: None,
            kind: "employee",
        }
    }
}

/// Octets that do not repeat, the same in every run.
struct Spread(u64);

impl Entropy for Spread {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            self.0 += 1;
            let mixed = (self.0 ^ (self.0 << 29))
                .wrapping_mul(0x9E37_79B9_7F4A_7C15)
                .rotate_left(31)
                .wrapping_mul(0xBF58_476D_1CE4_E5B9);
            for (place, octet) in chunk.iter_mut().zip(mixed.to_be_bytes()) {
                *place = octet;
            }
        }
    }
}

fn terms() -> ImportTerms {
    ImportTerms {
        reason: text("works here"),
        identified_by: text("the personnel office"),
        signed_at: NOW,
        fee: None,
        return_duty_told: true,
    }
}

fn text(typed: &str) -> Text {
    Text::new("bench", typed).unwrap()
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let begin = Instant::now();
    let done = work();
    println!("{what:<28} {:>10.2?}", begin.elapsed());
    done
}

/// The most memory the process had, as the kernel counts it.
fn memory_max_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// 2026-11-22T12:00:00Z.
const NOW: UtcMicros = UtcMicros::from_micros(1_795_348_800_000_000);

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn us(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// The columns and the order in which the register reads its cards.
const ROWS: &str = "SELECT i.id, i.kind, i.state, i.tenant, i.contact, i.valid_from, i.valid_until, i.blocked_at, i.blocked_by, \
    i.return_duty_told_at IS NOT NULL, i.slot, i.slot_generation, c.tag, p.number, p.hash, p.duress, r.place, r.schedule, r.valid_from, \
    r.valid_until FROM card c CROSS JOIN issuance i ON i.id = c.issuance LEFT JOIN pin p ON p.issuance = i.id \
    LEFT JOIN place_right r ON r.issuance = i.id WHERE i.state <> 'returned' ORDER BY c.tag";

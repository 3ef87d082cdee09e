//! Bench: a list of cards compared and imported, the allowlist built, the cards listed. `PORTVAKT_ROWS` sets how many
//! (default 100,000).
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a bench may fail loudly and reads the clock itself"
)]

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use access::role::Role;
use access::{CardNumber, OperatorId, TagKey, UtcMicros};
use key_store::disk::{Disk, RealDisk};
use key_store::{Entropy, Fixed, KeyStore};
use register::{ContactPerson, ImportRow, ImportTerms, NewOperator, OutboxId, Register, Text};

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
    let list = timed("allowlist", || house.register.allowlist().unwrap());
    assert_eq!(u64::try_from(list.len()).unwrap(), count);
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
            roles: vec![Role::Technician],
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

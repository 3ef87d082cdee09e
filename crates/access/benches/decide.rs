//! Bench: a decision among 1,000,000 cards, the keyed tag included, and what a card costs in memory.

use std::hint::black_box;
use std::time::Duration;

use access::{
    Allowlist, AllowlistBuilder, CardEntry, CardNumber, CardTag, DoorId, DoorMode, Generation,
    Holder, HouseState, IssuanceId, KeySlot, ReaderId, Request, Right, Standing, TagKey, UtcMicros,
    Validity, decide,
};
use divan::Bencher;

fn main() {
    let house = House::new();
    println!(
        "{} cards, {:.1} octets a card",
        CARDS,
        house.list.packed_octets() as f64 / f64::from(CARDS)
    );
    println!("one decision, tag included   p50 ns   p99 ns   (the clock's own reading taken off)");
    println!(
        "  random known cards       {:>8} {:>8}",
        house.quantile(&house.hits, 50),
        house.quantile(&house.hits, 99)
    );
    println!(
        "  unknown cards            {:>8} {:>8}",
        house.quantile(&house.misses, 50),
        house.quantile(&house.misses, 99)
    );
    divan::main();
}

#[divan::bench]
fn known_cards(bencher: Bencher<'_, '_>) {
    let house = House::new();
    let mut numbers = house.hits.iter().cycle();
    bencher.bench_local(|| numbers.next().is_some_and(|number| house.decide(number)));
}

#[divan::bench]
fn unknown_cards(bencher: Bencher<'_, '_>) {
    let house = House::new();
    let mut numbers = house.misses.iter().cycle();
    bencher.bench_local(|| numbers.next().is_some_and(|number| house.decide(number)));
}

#[divan::bench]
fn the_tag_alone(bencher: Bencher<'_, '_>) {
    let key = TagKey::new([7; 32]);
    let mut numbers = (0..CARDS).cycle().map(card_number);
    bencher.bench_local(|| numbers.next().map(|number| key.tag(&number)));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn building_the_list(bencher: Bencher<'_, '_>) {
    let key = TagKey::new([7; 32]);
    let entries: Vec<CardEntry> = (0..CARDS)
        .map(|card| entry(card, key.tag(&card_number(card))))
        .collect();
    bencher
        .with_inputs(|| entries.clone())
        .bench_local_values(build);
}

struct House {
    key: TagKey,
    list: Allowlist,
    state: HouseState,
    hits: Vec<CardNumber>,
    misses: Vec<CardNumber>,
}

impl House {
    fn new() -> Self {
        let key = TagKey::new([7; 32]);
        let list = build(
            (0..CARDS)
                .map(|card| entry(card, key.tag(&card_number(card))))
                .collect(),
        );
        let mut state = HouseState::new();
        (0..DOORS).for_each(|door| state.set_mode(DoorId::new(door), DoorMode::Card));
        // A step coprime with the number of cards visits every card once, in no order a cache could follow.
        let shuffled =
            |card: u32| u32::try_from(u64::from(card) * 786_433 % u64::from(CARDS)).unwrap_or(0);
        let hits = (0..CARDS).map(|card| card_number(shuffled(card))).collect();
        let misses = (0..CARDS)
            .map(|card| card_number(CARDS + shuffled(card)))
            .collect();
        Self {
            key,
            list,
            state,
            hits,
            misses,
        }
    }

    fn decide(&self, number: &CardNumber) -> bool {
        let request = Request::card(self.key.tag(number), DoorId::new(3), ReaderId::new(3));
        matches!(
            black_box(decide(
                &self.list,
                &self.state,
                &request,
                UtcMicros::from_micros(NOW)
            )),
            access::Decision::Allow(_)
        )
    }

    fn quantile(&self, numbers: &[CardNumber], percent: usize) -> u128 {
        let clock = timed(numbers, |_| true);
        let whole = timed(numbers, |number| self.decide(number));
        let of = |times: &[Duration]| {
            times
                .get(times.len() * percent / 100)
                .map_or(0, Duration::as_nanos)
        };
        of(&whole).saturating_sub(of(&clock))
    }
}

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn timed(numbers: &[CardNumber], work: impl Fn(&CardNumber) -> bool) -> Vec<Duration> {
    let one = |number| {
        let begun = std::time::Instant::now();
        black_box(work(black_box(number)));
        begun.elapsed()
    };
    let mut times: Vec<Duration> = numbers.iter().map(one).collect();
    times.sort_unstable();
    times
}

fn build(entries: Vec<CardEntry>) -> Allowlist {
    let mut builder = AllowlistBuilder::with_capacity(entries.len());
    for entry in entries {
        assert!(builder.add(entry).is_ok(), "a million cards fit");
    }
    builder
        .finish(Generation::new(1))
        .unwrap_or_else(|_| Allowlist::empty(Generation::new(1)))
}

/// A card as most are: its own end, one of a hundred sets of eight doors.
fn entry(card: u32, tag: CardTag) -> CardEntry {
    let always = validity(NOW - 1, None);
    let first = u16::try_from(card % 100).unwrap_or(0) & !7;
    let rights = (0..8)
        .map(|door| Right::on(DoorId::new((first + door) % DOORS), always))
        .collect();
    let holder = Holder {
        issuance: IssuanceId::from_random(card),
        slot: KeySlot::new(card),
    };
    let valid = validity(NOW - 1, Some(NOW + 1 + i64::from(card)));
    CardEntry {
        rights,
        ..CardEntry::new(tag, holder, Standing::Active, valid)
    }
}

fn validity(from: i64, until: Option<i64>) -> Validity {
    let from = UtcMicros::from_micros(from);
    Validity::new(from, until.map(UtcMicros::from_micros))
        .unwrap_or_else(|_| unreachable!("the end is after now"))
}

fn card_number(card: u32) -> CardNumber {
    CardNumber::Formatted {
        format: access::card::formats::H10301.name(),
        facility: card >> 16,
        number: u64::from(card & 0xFFFF),
    }
}

const CARDS: u32 = 1_000_000;
const DOORS: u16 = 1_000;
const NOW: i64 = 1_795_335_243_123_456;

//! Bench: a decision among 1,000,000 cards, the keyed tag included, and what a card costs in memory.

use std::hint::black_box;
use std::time::Duration;

use access::{CardEntry, CardNumber, Change, Generation, TagKey};
use divan::Bencher;

#[path = "decide/house.rs"]
mod house;

use house::{Asked, Ends, House, build, card_number, entry};

fn main() {
    println!("one decision among {CARDS} cards, tag included; the clock's own reading taken off");
    println!("                                     octets a card   p50 ns   p99 ns");
    for (name, ends, asked) in [
        ("card and right, shared ends", Ends::Shared, Asked::Little),
        ("card and right, own ends", Ends::Own, Asked::Little),
        (
            "every rule asked, shared ends",
            Ends::Shared,
            Asked::Everything,
        ),
        ("every rule asked, own ends", Ends::Own, Asked::Everything),
    ] {
        let house = House::new(CARDS, ends, asked);
        let octets = house.list().packed_octets() as f64 / f64::from(CARDS);
        let known = shuffled(0);
        assert!(known.iter().take(10_000).all(|card| house.decide(card)));
        told(name, octets, &house, &known);
        if ends == Ends::Shared {
            told("  an unknown card", octets, &house, &shuffled(CARDS));
        }
    }
    divan::main();
}

fn told(name: &str, octets: f64, house: &House, cards: &[(u32, CardNumber)]) {
    let clock = timed(cards, |_| true);
    let whole = timed(cards, |card| house.decide(card));
    let quantile = |percent: usize| {
        let of = |times: &[Duration]| {
            let time = times.get(times.len() * percent / 100);
            time.map_or(0, Duration::as_nanos)
        };
        of(&whole).saturating_sub(of(&clock))
    };
    let (half, most) = (quantile(50), quantile(99));
    println!("  {name:<32} {octets:>14.1} {half:>8} {most:>8}");
}

#[divan::bench]
fn the_tag_alone(bencher: Bencher<'_, '_>) {
    let key = TagKey::new([7; 32]);
    let mut numbers = (0..CARDS).cycle().map(card_number);
    bencher.bench_local(|| numbers.next().map(|number| key.tag(&number)));
}

#[divan::bench(args = [Ends::Shared, Ends::Own], sample_count = 5, sample_size = 1)]
fn building_the_list(bencher: Bencher<'_, '_>, ends: Ends) {
    let key = TagKey::new([7; 32]);
    let entries: Vec<CardEntry> = (0..CARDS)
        .map(|card| entry(card, key.tag(&card_number(card)), (ends, Asked::Little)))
        .collect();
    bencher
        .with_inputs(|| entries.clone())
        .bench_local_values(build);
}

/// The list of the next generation, where four thousand cards were changed since everything was packed.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn one_change_more(bencher: Bencher<'_, '_>) {
    let key = TagKey::new([7; 32]);
    let put = |card: u32| {
        let tag = key.tag(&card_number(card));
        Change::Put(entry(card, tag, (Ends::Own, Asked::Little)))
    };
    let house = House::new(CARDS, Ends::Own, Asked::Little);
    let changes: Vec<Change> = (0..4_000).map(|card| put(card * 249)).collect();
    let changed = house.list().with(&changes, Generation::new(3));
    let one = [put(CARDS + 1)];
    bencher.bench_local(|| {
        let list = changed.as_ref().ok()?;
        list.with(&one, Generation::new(4)).ok()
    });
}

/// So many cards from the first on, in no order that a cache could follow: a step coprime with their number visits each once.
fn shuffled(first: u32) -> Vec<(u32, CardNumber)> {
    let card = |card: u32| u32::try_from(u64::from(card) * 786_433 % u64::from(CARDS)).unwrap_or(0);
    let cards = (0..CARDS).map(|place| first + card(place));
    cards.map(|card| (card, card_number(card))).collect()
}

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn timed(cards: &[(u32, CardNumber)], work: impl Fn(&(u32, CardNumber)) -> bool) -> Vec<Duration> {
    let one = |card| {
        let begun = std::time::Instant::now();
        black_box(work(black_box(card)));
        begun.elapsed()
    };
    let mut times: Vec<Duration> = cards.iter().map(one).collect();
    times.sort_unstable();
    times
}

const CARDS: u32 = 1_000_000;

//! The oracle: a million random cases, decided by the product and by a policy that a child could follow.

#[path = "oracle/chance.rs"]
mod chance;
#[path = "oracle/hours.rs"]
mod hours;
#[path = "oracle/house.rs"]
mod house;
#[path = "oracle/policy.rs"]
mod policy;
#[path = "oracle/trial.rs"]
mod trial;

use std::thread;

use access::Reason;

use crate::chance::Chance;
use crate::trial::{Disagreement, decided};

#[test]
fn a_million_random_cases_are_decided_as_the_policy_says() {
    let counts: Vec<[u32; REASONS]> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| scope.spawn(move || played(thread)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("all cases agree"))
            .collect()
    });
    let total = |reason: &Reason| -> u32 {
        let code = usize::from(reason.code());
        counts.iter().map(|counts| counts[code]).sum()
    };
    assert_eq!(Reason::ALL.iter().map(total).sum::<u32>(), 1_000_000);
    for reason in Reason::ALL {
        let times = total(reason);
        let name = reason.as_str();
        if NEVER_DECIDED.contains(reason) {
            assert_eq!(times, 0, "{name}");
        } else {
            assert!(times >= SEEN_MIN, "{name} was said {times} times only");
        }
    }
}

#[test]
fn what_is_allocated_is_counted() {
    let counted = allocation_counter::measure(|| drop(std::hint::black_box(vec![1])));
    assert_eq!(counted.count_total, 1);
}

/// Every so many houses; says how often each reason was given.
fn played(thread: u64) -> [u32; REASONS] {
    let mut counts = [0; REASONS];
    for seed in (0..HOUSES).filter(|seed| seed % THREADS == thread) {
        let mut chance = Chance::new(seed);
        let house = chance.house();
        let (list, state) = house.built();
        for _ in 0..REQUESTS {
            let request = chance.request();
            let now = chance.now(&house);
            match decided((&house, &list, &state), &request, now) {
                Ok(reason) => counts[usize::from(reason.code())] += 1,
                Err(complaint) => {
                    let found = Disagreement {
                        house,
                        request,
                        now,
                        complaint,
                    };
                    panic!("seed {seed}: {}", found.made_small());
                }
            }
        }
    }
    counts
}

const HOUSES: u64 = 25_000;
const REQUESTS: usize = 40;
const THREADS: u64 = 2;
const REASONS: usize = Reason::ALL.len();
/// Each reason was given at least so often.
const SEEN_MIN: u32 = 1_000;
/// Reasons that are found before or after a decision.
const NEVER_DECIDED: [Reason; 5] = [
    Reason::WrongFormat,
    Reason::Parity,
    Reason::LogNotDurable,
    Reason::ClockUnknown,
    Reason::Buffered,
];

//! What `log reconcile` costs with a million cards, and what the doors notice of it.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use control::request::import::ImportRow;
use control::{CardKind, Client, Credential, Private, Reply, Request};

use super::day::{CARD, issue_in_person, opens, set_key, wait_online};
use super::house::House;
use super::reconcile::reconcile_at;

/// `PORTVAKT_ROWS=1000000 cargo test -p portvaktd --test daemon -- --ignored --nocapture what_a_comparison_costs`.
#[test]
#[ignore = "measures what a comparison of a million cards costs"]
fn what_a_comparison_costs_and_the_doors_notice() {
    let rows = std::env::var("PORTVAKT_ROWS").map_or(20_000, |rows| rows.parse().unwrap());
    let house = House::with_roles("technician,operations-manager,auditor");
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    issue_in_person(&house);
    let begun = now();
    import(&house, rows);
    println!("import of {rows}: {:.1} s", begun.elapsed().as_secs_f64());
    let quiet = doors_while(&house, || std::thread::sleep(Duration::from_secs(10)));
    println!("card to OUT before, ms: {quiet:?}");
    let before = resident(daemon.id());
    let begun = now();
    let mut found = None;
    let socket = house.socket();
    let busy = doors_while(&house, || found = Some(reconcile_at(&socket)));
    let found = found.unwrap();
    println!(
        "comparison of {} events and {} rows: {:.1} s, memory {} KiB before, {} KiB at most",
        found.events,
        found.rows,
        begun.elapsed().as_secs_f64(),
        before.0,
        resident(daemon.id()).1
    );
    println!("card to OUT meanwhile, ms: {busy:?}");
    assert_eq!((found.differences, found.first), (0, None));
    assert!(found.rows > rows);
}

/// Median and longest of how long the door took to open, again and again while something is done.
fn doors_while(house: &House, work: impl FnOnce() + Send) -> (u128, u128, usize) {
    let is_over = AtomicBool::new(false);
    let mut took = Vec::new();
    std::thread::scope(|scope| {
        let working = scope.spawn(|| {
            work();
            is_over.store(true, Ordering::Relaxed);
        });
        while !is_over.load(Ordering::Relaxed) {
            let begun = now();
            assert!(opens(house, CARD));
            took.push(begun.elapsed().as_millis());
            // The strike is let go again.
            std::thread::sleep(Duration::from_millis(1_200));
        }
        working.join().unwrap();
    });
    took.sort_unstable();
    (took[took.len() / 2], *took.last().unwrap(), took.len())
}

/// Resident now and at most, in KiB.
fn resident(process: u32) -> (u64, u64) {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let of = |key: &str| {
        let line = status.lines().find(|line| line.starts_with(key)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    (of("VmRSS"), of("VmHWM"))
}

pub(crate) fn import(house: &House, rows: u64) {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    client
        .send(Request::CardImportBegin { rows }, false)
        .unwrap();
    assert_eq!(client.receive().unwrap(), Reply::Ready {});
    let all: Vec<u64> = (0..rows).collect();
    for some in all.chunks(128) {
        let rows = some.iter().map(|card| ImportRow {
            line: card + 2,
            card: Credential::Number {
                format: "H10301".to_owned(),
                facility: 100 + u32::try_from(card / 65_536).unwrap(),
                number: card % 65_536,
            },
            name: Private::new(format!("Per Nummer {card}")),
            firm: Private::new("Kommunen"),
            mobile: Private::new("90000003"),
            contact: Private::new("Ola Kontakt"),
            tenant: "Kommunen".to_owned(),
            doors: vec!["front".to_owned()],
            valid_from: None,
            valid_until: None,
            kind: CardKind::Employee,
        });
        let rows = rows.collect();
        let more = Request::CardImportRows { rows };
        client.send_more(more, false).unwrap();
    }
    client.send_more(Request::CardImportEnd {}, false).unwrap();
    loop {
        let reply = client.receive_within(Some(Duration::from_secs(3_600)));
        if let Reply::Import(imported) = reply.unwrap() {
            assert!(imported.applied, "{imported:?}");
            return;
        }
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "a measurement looks at the clock"
)]
fn now() -> Instant {
    Instant::now()
}

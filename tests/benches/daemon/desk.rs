//! The desk of a house with a million cards and 32 readers at work: a list taken in, a list given out, a card lost.

use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::house::House;
use crate::process::now;
use crate::readers::{Readers, Seen};
use crate::{headline, row};

/// Measures and prints.
pub(crate) fn run(binaries: &Path) {
    let (house, readers) = House::build(binaries, LINES, EACH, 1);
    let _daemon = house.start();
    for line in &readers {
        line.wait(|seen| seen == Seen::SessionUp(EACH - 1));
    }
    thread::sleep(SETTLING);
    let issuance = issuance(&house.tell(&["card", "list", "--json"], ""));
    headline("32 OSDP readers in Secure Channel at 115200 baud, 1,000,000 cards");
    import(&house, &readers, &issuance);
    let begun = now();
    let listed = house.tell(&["card", "list", "--json"], "").lines().count();
    assert_eq!(listed, usize::try_from(CARDS).expect("a number"));
    row(
        "card list of them all, s",
        LIST_GOAL_S,
        vec![(now() - begun).as_secs_f64()],
    );
    find(&house, &issuance);
    let times = (0..TIMES).map(|_| lose(&house, &readers, &issuance));
    row("card lost to its answer, ms", LOST_GOAL_MS, times.collect());
}

/// The list is taken in while people come and go; in the midst of it their card is reported lost, and opens nothing a second later.
fn import(house: &House, readers: &[Readers], issuance: &str) {
    let roster = house.write_roster(LINES, CARDS);
    let begun = now();
    let (seconds, opened) = thread::scope(|scope| {
        let desk = scope.spawn(|| {
            house.tell(&["card", "import", &roster, "--yes"], "");
            (now() - begun).as_secs_f64()
        });
        let mut opened = Vec::new();
        while now() - begun < LOST_AFTER {
            opened.extend(readers.iter().map(open));
            thread::sleep(PEACE);
        }
        let loss = scope.spawn(|| house.tell(&["card", "lost", issuance, "--yes"], ""));
        thread::sleep(DENIED_WITHIN);
        readers.iter().for_each(Readers::forget);
        while !desk.is_finished() {
            show_everywhere(readers);
            thread::sleep(PEACE);
            for line in readers {
                assert!(!line.is_opened(), "a lost card opened a door");
            }
        }
        loss.join().expect("a loss");
        (desk.join().expect("a list"), opened)
    });
    house.tell(&["card", "found", issuance], "");
    row("import of a million cards, s", IMPORT_GOAL_S, vec![seconds]);
    row("card to OUT meanwhile, ms", OPEN_GOAL_MS, opened);
}

/// Nobody is found by a name of which every holder has to be opened; a loss meanwhile is acknowledged as soon as ever.
fn find(house: &House, issuance: &str) {
    let begun = now();
    let (seconds, lost) = thread::scope(|scope| {
        let search = scope.spawn(|| {
            house.tell(&["card", "list", "--find", "Nobody Of That Name"], "");
            (now() - begun).as_secs_f64()
        });
        thread::sleep(SEARCHING);
        let told = now();
        house.tell(&["card", "lost", issuance, "--yes"], "");
        let lost = (now() - told).as_secs_f64() * 1_000.0;
        (search.join().expect("a search"), lost)
    });
    house.tell(&["card", "found", issuance], "");
    row(
        "search for a name among them all, s",
        FIND_GOAL_S,
        vec![seconds],
    );
    row("card lost beside the search, ms", LOST_GOAL_MS, vec![lost]);
}

/// Milliseconds from a card at the first reader of a line to its lock. An unlock is dropped if the disk keeps its record waiting for a
/// second; that counts as [`DROPPED`].
fn open(line: &Readers) -> f64 {
    line.forget();
    let shown = now();
    line.show(0);
    let opened = line.wait_within(DROPPED, |seen| seen == Seen::Output(0));
    let took = opened.map_or(DROPPED, |opened| opened - shown);
    took.as_secs_f64() * 1_000.0
}

/// Milliseconds from the command to its answer while the card is shown everywhere; from then on it opens nothing.
fn lose(house: &House, readers: &[Readers], issuance: &str) -> f64 {
    show_everywhere(readers);
    thread::sleep(PEACE);
    show_everywhere(readers);
    let begun = now();
    house.tell(&["card", "lost", issuance, "--yes"], "");
    let took = (now() - begun).as_secs_f64() * 1_000.0;
    // What was let in before has its OUT within a second.
    thread::sleep(PEACE);
    readers.iter().for_each(Readers::forget);
    show_everywhere(readers);
    thread::sleep(PEACE);
    for line in readers {
        assert!(!line.is_opened(), "a lost card opened a door");
    }
    house.tell(&["card", "found", issuance], "");
    took
}

fn show_everywhere(readers: &[Readers]) {
    for line in readers {
        (0..EACH).for_each(|reader| line.show(reader));
    }
}

fn issuance(listed: &str) -> String {
    let at = listed.find("P-").expect("a pseudonym");
    listed[at..at + 8].to_owned()
}

const LINES: u8 = 8;
const EACH: u8 = 4;
const CARDS: u32 = 1_000_000;
const TIMES: usize = 10;
const IMPORT_GOAL_S: f64 = 60.0;
const LIST_GOAL_S: f64 = 60.0;
const FIND_GOAL_S: f64 = 60.0;
const LOST_GOAL_MS: f64 = 1_000.0;
const OPEN_GOAL_MS: f64 = 50.0;
/// In the midst of the import.
const LOST_AFTER: Duration = Duration::from_secs(15);
/// What M33 allows, and as long as a release lasts.
const DENIED_WITHIN: Duration = Duration::from_secs(1);
/// In the midst of a search.
const SEARCHING: Duration = Duration::from_millis(500);
const SETTLING: Duration = Duration::from_secs(3);
/// So long a dropped unlock is counted as having taken.
const DROPPED: Duration = Duration::from_secs(2);
/// Longer than a release lasts.
const PEACE: Duration = Duration::from_millis(1_500);

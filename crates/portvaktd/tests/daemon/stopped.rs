//! A daemon that is stopped and goes on (SIGSTOP, SIGCONT): what was decided before is not carried out afterwards.

use std::thread::sleep;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use control::request::log::EventFilter;
use control::{Client, Reply, Request, Row};
use rustix::process::Signal;

use super::day::{CARD, issue_in_person, opens, set_key, wait_online};
use super::house::House;

/// When somebody was let in, in microseconds of UTC.
fn let_in(house: &House) -> Vec<i64> {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let all = Request::LogShow(EventFilter::default());
    client.send(all, false).unwrap();
    let mut times = Vec::new();
    while let Reply::Part {
        row: Row::Event(event),
    } = client.receive().unwrap()
    {
        if event.event == "access-granted" {
            times.push(event.time.utc().micros());
        }
    }
    times
}

#[expect(clippy::disallowed_methods, reason = "the story runs in real time")]
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_micros()).unwrap()
}

#[test]
fn a_daemon_that_stood_still_sends_no_unlock_that_was_decided_before() {
    let house = House::new();
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    issue_in_person(&house);
    assert!(opens(&house, CARD));
    let mut unlocked = Vec::new();
    for round in 0..12 {
        house.reader.present(&CARD.0, CARD.1);
        sleep(Duration::from_millis(2 * round));
        daemon.signal(Signal::STOP);
        // Either the unlock was sent by now, or it was not.
        if house.reader.is_unlocked_within(Duration::from_millis(200)) {
            daemon.signal(Signal::CONT);
        } else {
            sleep(Duration::from_millis(1_100));
            daemon.signal(Signal::CONT);
            if house
                .reader
                .is_unlocked_within(Duration::from_millis(1_500))
            {
                unlocked.push(now());
            }
        }
        wait_online(&house);
    }
    let let_in = let_in(&house);
    for at in unlocked {
        // The card lay in the reader all the while, and was decided after it went on.
        let fresh = let_in
            .iter()
            .any(|decided| (0..1_200_000).contains(&(at - decided)));
        assert!(fresh, "unlocked at {at}, let in at {let_in:?}");
    }
    assert!(opens(&house, CARD));
    assert!(daemon.stop().status.success());
}

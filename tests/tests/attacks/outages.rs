//! Outages: a wire cut and repaired, an adapter pulled and plugged in again, cards a reader kept meanwhile.

use std::thread::sleep;
use std::time::Duration;

use crate::forgery::OUT;
use crate::victim::{CARD, Victim, wait};

#[test]
fn a_line_cut_and_repaired_is_back_soon() {
    let victim = cut_until_offline();
    victim.line().cut(false);
    victim.wait_online();
    assert!(victim.opens(0));
    assert_eq!(victim.events("reader-online").len(), 2);
}

#[test]
fn cards_kept_while_offline_are_logged_not_granted() {
    let victim = cut_until_offline();
    let line = victim.line();
    line.present(&CARD);
    line.present(&CARD);
    line.cut(false);
    wait("what was kept is logged", || {
        victim.events("access-buffered").len() == 2
    });
    assert!(!line.has_card_waiting());
    assert_eq!(line.count(OUT), 0);
    assert_eq!(victim.events("access-granted"), []);
    victim.wait_online();
    assert!(victim.opens(0), "a card shown now opens");
}

#[test]
fn a_daemon_that_was_away_grants_no_card_kept_meanwhile() {
    let mut victim = Victim::in_service();
    victim.stop();
    victim.line().forget();
    victim.line().present(&CARD);
    victim.start();
    wait("what was kept is logged", || {
        victim.events("access-buffered").len() == 1
    });
    assert_eq!(victim.line().count(OUT), 0);
    victim.wait_online();
    assert!(victim.opens(0));
}

#[test]
fn an_adapter_that_was_gone_is_opened_again() {
    let mut victim = Victim::in_service();
    for _ in 0..2 {
        victim.lines[0].unplug();
        wait("the line is down", || victim.status().lines_up == 0);
        assert_eq!(victim.status().readers_online, 0);
        victim.lines[0].plug();
        victim.wait_online();
        assert!(victim.opens(0));
    }
    assert_eq!(victim.events("line-down").len(), 2);
}

#[test]
fn an_adapter_that_is_gone_costs_no_processor() {
    let mut victim = Victim::in_service();
    victim.lines[0].unplug();
    wait("the line is down", || victim.status().lines_up == 0);
    let before = victim.cpu();
    sleep(WATCHED);
    let used = victim.cpu() - before;
    // Ten times what is promised, 5 % of one core.
    assert!(used < WATCHED / 2, "{used:?} of {WATCHED:?}");
}

/// In service, then cut off for longer than a reader may be silent.
fn cut_until_offline() -> Victim {
    let victim = Victim::in_service();
    victim.line().cut(true);
    wait("the reader is missed", || {
        victim.events("reader-offline").len() == 1
    });
    assert_eq!(victim.status().readers_online, 0);
    victim.line().forget();
    victim
}

const WATCHED: Duration = Duration::from_secs(4);

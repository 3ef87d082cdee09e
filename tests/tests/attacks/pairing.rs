//! Pairing: a first key for one reader, in a window that an operator opens and that closes by itself.

use std::thread::sleep;
use std::time::Duration;

use crate::forgery::{CAP, CHLNG, ID, KEYSET, OUT, SCRYPT};
use crate::victim::{KEYS, NAMES, Victim, text, wait};

#[test]
fn a_reader_in_install_mode_gets_nothing_without_a_window() {
    let victim = Victim::without_keys(1, false);
    assert_left_alone(&victim);
}

#[test]
fn a_reader_is_paired_in_its_window_and_never_again_without_being_told() {
    let mut victim = Victim::without_keys(1, false);
    let line = victim.line();
    assert_eq!(pair(&victim, &["--dry-run"]).0, Some(0));
    assert_eq!(line.challenges(0), 0, "a dry run opens no window");
    let (code, said) = pair(&victim, &["--for", "1m"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("bench cable"), "{said}");
    assert!(line.challenges(0) >= 1 && line.count(KEYSET) >= 1);
    assert_nothing_else_under_the_default_key(&victim);
    victim.issue_when_online();
    assert!(victim.opens(0));
    for name in ["pairing-opened", "reader-paired", "reader-key-changed"] {
        wait(name, || victim.events(name).len() == 1);
    }
    let (code, said) = pair(&victim, &["--for", "1m"]);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("--replace"), "{said}");
    assert_eq!(victim.events("pairing-opened").len(), 1);
    victim.stop();
    victim.line().forget();
    victim.start();
    victim.wait_online();
    assert!(victim.opens(0), "its key outlives the daemon");
    assert_eq!(victim.line().challenges(0), 0);
}

#[test]
fn a_window_closes_by_its_time() {
    let victim = Victim::without_keys(1, true);
    let (code, said) = pair(&victim, &["--for", "2s"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("install mode"), "{said}");
    wait("it is logged", || {
        victim.events("pairing-closed").len() == 1
    });
    victim.line().swap(None, 1);
    assert_left_alone(&victim);
    // That window left nothing behind: another may be opened at once.
    let (code, said) = pair(&victim, &["--for", "1m"]);
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn a_window_closes_with_the_command_that_opened_it() {
    let victim = Victim::without_keys(1, true);
    let mut technician = victim.spawn(&["reader", "pair", NAMES[0], "--for", "5m"]);
    wait("the window is open", || victim.line().challenges(0) > 0);
    technician.kill().unwrap();
    technician.wait().unwrap();
    wait("the window is closed", || {
        victim.events("pairing-closed").len() == 1
    });
    victim.line().swap(None, 1);
    assert_left_alone(&victim);
}

#[test]
fn a_window_does_not_outlive_the_daemon() {
    let mut victim = Victim::without_keys(1, true);
    let mut technician = victim.spawn(&["reader", "pair", NAMES[0], "--for", "5m"]);
    wait("the window is open", || victim.line().challenges(0) > 0);
    victim.kill();
    technician.wait().unwrap();
    victim.line().swap(None, 1);
    victim.start();
    assert_left_alone(&victim);
}

#[test]
fn a_window_is_closed_when_the_daemon_is_told_to_stop() {
    let mut victim = Victim::without_keys(1, true);
    let mut technician = victim.spawn(&["reader", "pair", NAMES[0], "--for", "5m"]);
    wait("the window is open", || victim.line().challenges(0) > 0);
    victim.stop();
    assert_ne!(technician.wait().unwrap().code(), Some(0));
    victim.line().swap(None, 1);
    victim.start();
    assert_eq!(victim.events("pairing-closed").len(), 1);
    assert_left_alone(&victim);
    let (code, said) = pair(&victim, &["--for", "1m"]);
    assert_eq!(
        code,
        Some(0),
        "the key never left, so nothing is given up: {said}"
    );
}

#[test]
fn a_daemon_killed_while_it_pairs_reaches_the_reader_with_the_key_it_took() {
    let mut victim = Victim::without_keys(1, false);
    victim.line().meddle(|heard, reply| {
        if heard.code == KEYSET {
            return Vec::new();
        }
        vec![reply]
    });
    let mut technician = victim.spawn(&["reader", "pair", NAMES[0], "--for", "5m"]);
    wait("the key is on its way", || victim.line().count(KEYSET) > 0);
    victim.kill();
    technician.wait().unwrap();
    victim.line().leave();
    victim.line().forget();
    victim.start();
    victim.issue_when_online();
    assert!(victim.opens(0));
    assert_eq!(victim.line().challenges(0), 0);
}

#[test]
fn a_window_over_a_reader_with_a_key_is_opened_only_if_that_is_spelt_out() {
    let victim = Victim::in_service();
    let (code, said) = pair(&victim, &[]);
    assert_eq!(code, Some(3), "{said}");
    assert_eq!(victim.line().challenges(0), 0);
    // The reader broke; a new one hangs in its place, fresh from its maker.
    victim.line().swap(None, 2);
    let (code, said) = pair(&victim, &["--replace", "--for", "1m"]);
    assert_eq!(code, Some(0), "{said}");
    victim.wait_online();
    assert!(
        victim.opens(0),
        "the reader that was paired is who it is now"
    );
    assert_eq!(victim.events("reader-swapped"), []);
    victim.line().swap(Some(KEYS[0]), 1);
    victim.wait_alarm("wrong-key");
}

fn pair(victim: &Victim, more: &[&str]) -> (Option<i32>, String) {
    let words = [&["reader", "pair", NAMES[0]], more].concat();
    let done = victim.portvakt(&words);
    (done.status.code(), text(&done.stderr))
}

/// For some seconds a reader in install mode is asked who it is, and neither challenged under SCBK-D nor told a key.
fn assert_left_alone(victim: &Victim) {
    let line = victim.line();
    line.forget();
    wait("it is asked who it is", || line.count(ID) >= 1);
    sleep(WATCHED);
    assert_eq!((line.challenges(0), line.count(KEYSET)), (0, 0));
    assert_eq!(line.count(OUT), 0);
}

/// From the first challenge under SCBK-D to the one under the reader's own key there is the way into sessions and the key.
fn assert_nothing_else_under_the_default_key(victim: &Victim) {
    let heard = victim.line().heard();
    let mut inside = heard
        .iter()
        .skip_while(|heard| heard.key_kind != Some(0))
        .take_while(|heard| heard.code != CHLNG || heard.key_kind == Some(0))
        .map(|heard| heard.code)
        .peekable();
    assert!(inside.peek().is_some());
    assert!(inside.all(|code| [ID, CAP, CHLNG, SCRYPT, KEYSET].contains(&code)));
}

const WATCHED: Duration = Duration::from_secs(3);

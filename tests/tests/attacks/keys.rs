//! Keys changed over the wire: told in a session only, and the reader reached whatever is cut off.

use std::process::Child;

use crate::forgery::{CHLNG, KEYSET, SCRYPT};
use crate::hostile_line::HostileLine;
use crate::victim::{KEYS, NAMES, Victim, text, wait};

#[test]
fn a_key_is_told_only_encrypted_in_a_session_under_the_readers_own_key() {
    let mut victim = Victim::in_service();
    let dry = rotate(&victim, &["--dry-run"]);
    assert_eq!((dry.0, victim.line().count(KEYSET)), (Some(0), 0));
    for turn in 1..=2 {
        let (code, said) = rotate(&victim, &[]);
        assert_eq!(code, Some(0), "{said}");
        wait("it is logged", || {
            victim.events("reader-key-changed").len() == turn
        });
    }
    assert_eq!(victim.events("reader-key-rotation").len(), 2);
    assert!(
        victim.line().count(KEYSET) >= 2,
        "more only if a retry was due"
    );
    assert_told_in_sessions(victim.line());
    victim.wait_online();
    assert!(victim.opens(0));
    victim.stop();
    victim.start();
    victim.wait_online();
    assert!(victim.opens(0), "the new key outlives the daemon");
    // Who knows the old key is nobody now.
    victim.line().swap(Some(KEYS[0]), 1);
    victim.wait_alarm("wrong-key");
}

#[test]
fn a_key_is_never_told_to_a_reader_out_of_its_session() {
    let victim = Victim::in_service();
    victim.line().cut(true);
    wait("the reader is missed", || {
        victim.status().readers_online == 0
    });
    let (code, said) = rotate(&victim, &[]);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains(NAMES[0]), "{said}");
    assert_eq!(victim.line().count(KEYSET), 0);
    assert_eq!(victim.events("reader-key-rotation"), []);
}

#[test]
fn a_rotation_whose_replies_are_lost_leaves_the_reader_in_reach() {
    // The confirmation, in all its retries; then a step of the handshake that follows.
    for lost in [KEYSET, CHLNG, SCRYPT] {
        let victim = Victim::in_service();
        let mut left = if lost == KEYSET { 3 } else { 1 };
        let mut told = false;
        victim.line().meddle(move |heard, reply| {
            told |= heard.code == KEYSET;
            if told && heard.code == lost && left > 0 {
                left -= 1;
                return Vec::new();
            }
            vec![reply]
        });
        let (code, said) = rotate(&victim, &[]);
        assert_eq!(code, Some(0), "{lost:#04x}: {said}");
        victim.wait_online();
        assert!(victim.opens(0), "{lost:#04x}");
        assert_told_in_sessions(victim.line());
    }
}

#[test]
fn a_daemon_killed_in_a_rotation_reaches_the_reader_with_either_key() {
    // Killed while the reader confirms the key, while it proves it, while it takes our proof; then while it confirms, and its
    // power fails before it has kept it.
    for (step, took_it) in [
        (KEYSET, true),
        (CHLNG, true),
        (SCRYPT, true),
        (KEYSET, false),
    ] {
        let mut victim = Victim::in_service();
        victim.line().forget();
        let mut told = false;
        victim.line().meddle(move |heard, reply| {
            told |= heard.code == KEYSET;
            if told && heard.code == step {
                return Vec::new();
            }
            vec![reply]
        });
        let mut technician = victim.spawn(&["reader", "rotate-key", NAMES[0]]);
        wait("the step is reached", || victim.line().count(step) > 0);
        victim.kill();
        ended(&mut technician);
        if !took_it {
            victim.line().swap(Some(KEYS[0]), 1);
        }
        victim.line().leave();
        victim.start();
        victim.wait_online();
        assert!(victim.opens(0), "{step:#04x}, took it: {took_it}");
        let told = if took_it {
            "reader-key-changed"
        } else {
            "reader-key-kept"
        };
        wait("it is logged which key it has", || {
            victim.events(told).len() == 1
        });
        victim.stop();
        victim.start();
        victim.wait_online();
        assert_eq!(victim.events(told).len(), 1, "that is settled for good");
        let (code, said) = rotate(&victim, &[]);
        assert_eq!(code, Some(0), "{said}");
    }
}

fn rotate(victim: &Victim, more: &[&str]) -> (Option<i32>, String) {
    let words = [&["reader", "rotate-key", NAMES[0]], more].concat();
    let done = victim.portvakt(&words);
    (done.status.code(), text(&done.stderr))
}

fn ended(child: &mut Child) -> Option<i32> {
    child.wait().unwrap().code()
}

/// Each KEYSET went encrypted, and the last handshake before it was under a key of the reader's own.
fn assert_told_in_sessions(line: &HostileLine) {
    let mut kind = None;
    for heard in line.heard() {
        match heard.code {
            CHLNG => kind = heard.key_kind,
            KEYSET => {
                assert_eq!(heard.secured, Some(0x17), "encrypted with a MAC");
                assert_eq!(kind, Some(1), "under a key of its own");
            }
            _ => {}
        }
    }
    assert_eq!(line.challenges(0), 0);
}

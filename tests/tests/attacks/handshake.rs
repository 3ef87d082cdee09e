//! The way into Secure Channel: refused, denied, offered with the key everybody knows; and keys an operator must not set.

use std::fs;

use firmware_protocol::secure::{PdHandshake, Scbk};

use crate::forgery::{CAP, CHLNG, ID, KEYSET, NAK, OUT, PDCAP, RAW, SCRYPT, clear, proof, raw};
use crate::victim::{CARD, KEYS, NAMES, Victim, hex, text, wait};

#[test]
fn a_challenge_answered_nak_opens_no_way_into_clear() {
    let victim = Victim::without_keys(1, true);
    let line = victim.line();
    line.meddle(|heard, reply| match heard.code {
        CHLNG => vec![clear(heard, NAK, &[5])],
        ID | CAP => vec![reply],
        _ => vec![clear(heard, RAW, &raw(&CARD))],
    });
    victim.set_key(0, KEYS[0]);
    victim.wait_alarm("challenge-refused");
    wait("the challenge is tried again", || line.count(CHLNG) >= 3);
    assert_only_the_way_in(&victim);
    line.leave();
    victim.serve();
    assert!(victim.opens(0));
}

#[test]
fn a_reader_said_to_know_no_secure_channel_is_challenged_all_the_same() {
    let victim = Victim::without_keys(1, true);
    let line = victim.line();
    line.meddle(|heard, reply| {
        if heard.code == CAP {
            // Function 9, communication security: none.
            vec![clear(heard, PDCAP, &[4, 4, 2, 9, 0, 0])]
        } else {
            vec![reply]
        }
    });
    victim.set_key(0, KEYS[0]);
    victim.wait_alarm("secure-channel-denied");
    victim.serve();
    let polled_in_clear = line
        .heard()
        .iter()
        .any(|heard| heard.secured.is_none() && ![ID, CAP].contains(&heard.code));
    assert!(!polled_in_clear);
    assert!(victim.opens(0));
}

#[test]
fn a_reader_in_install_mode_gets_neither_key_nor_unlock() {
    let victim = Victim::without_keys(1, false);
    victim.set_key(0, KEYS[0]);
    victim.wait_alarm("challenge-refused");
    wait("it is tried again", || victim.line().count(CHLNG) >= 3);
    assert_only_the_way_in(&victim);
}

#[test]
fn a_proof_under_the_default_key_gets_neither_key_nor_unlock() {
    let victim = Victim::without_keys(1, true);
    let line = victim.line();
    line.meddle(|heard, reply| {
        if heard.code != CHLNG {
            return vec![reply];
        }
        let rnd_a = heard.data[..].try_into().unwrap();
        let (cryptogram, _) = PdHandshake::challenged(&Scbk::DEFAULT, rnd_a, [9; 8], [1; 8]);
        vec![proof(heard, &cryptogram, 1)]
    });
    victim.set_key(0, KEYS[0]);
    victim.wait_alarm("default-key");
    wait("it is tried again", || line.count(CHLNG) >= 3);
    assert_eq!(line.count(SCRYPT), 0, "no proof of ours for that one");
    assert_only_the_way_in(&victim);
}

#[test]
fn a_weak_or_shared_key_is_refused() {
    let victim = Victim::without_keys(2, true);
    let up: [u8; 16] = std::array::from_fn(|at| 0x81 + u8::try_from(at).unwrap());
    let down: [u8; 16] = std::array::from_fn(|at| 0x81 - u8::try_from(at).unwrap());
    let default: [u8; 16] = std::array::from_fn(|at| 0x30 + u8::try_from(at).unwrap());
    for weak in [[0; 16], [0xA5; 16], up, down, default] {
        assert_refused(&victim, 0, weak);
    }
    victim.set_key(0, KEYS[0]);
    assert_refused(&victim, 1, KEYS[0]);
    victim.set_key(1, KEYS[1]);
    victim.wait_online();
}

/// The command line refuses this key with its exit code for that.
fn assert_refused(victim: &Victim, line: usize, key: [u8; 16]) {
    let file = victim.folder().join("key");
    fs::write(&file, format!("{}\n", hex(&key))).unwrap();
    let file = file.to_string_lossy();
    let said = victim.portvakt(&["reader", "set-key", NAMES[line], "--key-file", &file]);
    let why = text(&said.stderr);
    assert_eq!(said.status.code(), Some(3), "{key:02x?}: {why}");
    assert!(
        !why.contains(&hex(&key)),
        "a refusal does not print the key"
    );
    assert_eq!(victim.lines[line].count(KEYSET), 0);
}

/// Nothing was said to the reader but ID, CAP, CHLNG and SCRYPT, and no card was decided.
fn assert_only_the_way_in(victim: &Victim) {
    let line = victim.line();
    assert_eq!((line.count(OUT), line.count(KEYSET)), (0, 0));
    let more = line
        .heard()
        .into_iter()
        .find(|heard| ![ID, CAP, CHLNG, SCRYPT].contains(&heard.code));
    assert_eq!(more, None);
    assert_eq!(victim.events("access-granted"), []);
    assert_eq!(victim.status().readers_online, 0);
}

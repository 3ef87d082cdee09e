//! Encryption is not optional: what comes in clear from a keyed reader decides nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::forgery::{BUSY, CAP, CHLNG, ID, KEYPAD, NAK, OUT, POLL, RAW, SCRYPT, clear, raw};
use crate::hostile_line::Heard;
use crate::victim::{CARD, Victim, wait};

#[test]
fn a_card_in_clear_from_a_keyed_reader_is_never_decided() {
    injected_in_clear_decides_nothing(RAW, raw(&CARD));
}

#[test]
fn keys_in_clear_from_a_keyed_reader_are_never_decided() {
    injected_in_clear_decides_nothing(KEYPAD, vec![0, 4, b'1', b'2', b'3', b'4']);
}

#[test]
fn a_card_in_clear_before_the_key_is_set_is_never_decided() {
    let victim = Victim::without_keys(1, true);
    let line = victim.line();
    line.meddle(|heard, _| vec![clear(heard, RAW, &raw(&CARD))]);
    wait("the reader is asked", || line.count(ID) >= 3);
    assert_eq!(line.count(OUT), 0);
    assert_nothing_decided(&victim);
    line.leave();
    victim.serve();
    assert!(victim.opens(0));
}

#[test]
fn an_injected_nak_delays_no_card() {
    for code in [1, 4, 5, 6] {
        injected_once_delays_no_card(NAK, &[code]);
    }
}

#[test]
fn an_injected_busy_delays_no_card() {
    injected_once_delays_no_card(BUSY, &[]);
}

#[test]
fn an_injected_unknown_reply_delays_no_card() {
    let victim = injected_once_delays_no_card(UNKNOWN, &[1, 2, 3]);
    assert_eq!(victim.alarms(), ["reply-in-clear"]);
}

/// Every POLL is answered in the reader's place, until an alarm was told.
fn injected_in_clear_decides_nothing(code: u8, data: Vec<u8>) {
    let victim = Victim::in_service();
    let line = victim.line();
    line.forget();
    line.meddle(move |heard, reply| {
        if heard.code == POLL {
            vec![clear(heard, code, &data)]
        } else {
            vec![reply]
        }
    });
    victim.wait_alarm("card-in-clear");
    wait("more than one session fell", || line.count(CHLNG) >= 2);
    assert_eq!(line.count(OUT), 0);
    assert_nothing_decided(&victim);
    line.leave();
    assert!(victim.opens(0), "{:?}", victim.alarms());
    assert_nothing_asked_in_clear(&line.heard());
}

/// One reply is replaced; the next card is shown at once. (Whoever swallows the very reply that brings a card has swallowed
/// the card.)
fn injected_once_delays_no_card(code: u8, data: &[u8]) -> Victim {
    let victim = Victim::in_service();
    let line = victim.line();
    line.forget();
    let injected = Arc::new(AtomicBool::new(false));
    let (told, forged) = (Arc::clone(&injected), data.to_vec());
    line.meddle(move |heard, reply| {
        if heard.code == POLL && !told.swap(true, Ordering::SeqCst) {
            vec![clear(heard, code, &forged)]
        } else {
            vec![reply]
        }
    });
    wait("the reply is injected", || injected.load(Ordering::SeqCst));
    assert!(victim.opens(0), "after {code:#x} {data:?}");
    assert_eq!(victim.events("access-granted").len(), 1);
    assert_nothing_asked_in_clear(&line.heard());
    victim
}

fn assert_nothing_decided(victim: &Victim) {
    for name in ["access-granted", "access-denied"] {
        assert_eq!(victim.events(name), [], "{name}");
    }
}

/// Outside Secure Channel there is nothing but what leads into it.
fn assert_nothing_asked_in_clear(heard: &[Heard]) {
    let innocent = [ID, CAP, CHLNG, SCRYPT];
    let naked = heard
        .iter()
        .find(|heard| heard.secured.is_none() && !innocent.contains(&heard.code));
    assert_eq!(naked, None);
}

/// No reply has this code.
const UNKNOWN: u8 = 0xB7;

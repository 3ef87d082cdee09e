//! Sealed frames changed on their way: a wrong MAC, another kind, another address, another number, told twice.

use firmware_protocol::SecurityBlock;

use crate::forgery::{CAP, CHLNG, ID, OUT, POLL, changed, is_card};
use crate::hostile_line::Heard;
use crate::victim::{CARD, Victim, wait};

/// Where a frame with its mark has what.
const ADDRESS: usize = 2;
const CONTROL: usize = 5;
const KIND: usize = 7;

#[test]
fn a_wrong_mac_ends_the_session_and_three_raise_an_alarm() {
    let victim = Victim::in_service();
    let line = victim.line();
    line.forget();
    line.meddle(|heard, reply| {
        if heard.code != POLL {
            return vec![reply];
        }
        let mac = reply.len() - 3;
        vec![changed(&reply, |octets| octets[mac] ^= 1)]
    });
    victim.wait_alarm("sessions-falling");
    assert!(line.count(CHLNG) >= 2, "each wrong MAC needs a new session");
    line.leave();
    assert!(victim.opens(0));
}

#[test]
fn every_command_with_data_goes_encrypted() {
    let victim = Victim::in_service();
    assert!(victim.opens(0));
    for heard in victim.line().heard() {
        let sound = match heard.secured {
            Some(SecurityBlock::SCS_17) => !heard.data.is_empty(),
            Some(SecurityBlock::SCS_15) => heard.data.is_empty(),
            Some(SecurityBlock::SCS_11 | SecurityBlock::SCS_13) => true,
            _ => matches!(heard.code, ID | CAP),
        };
        assert!(sound, "{heard:?}");
    }
}

#[test]
fn a_card_relabelled_as_mac_only_is_refused() {
    card_once_changed(|octets| {
        assert_eq!(octets[KIND], SecurityBlock::SCS_18);
        octets[KIND] = SecurityBlock::SCS_16;
    });
}

#[test]
fn a_card_with_one_bit_of_its_ciphertext_turned_is_refused() {
    card_once_changed(|octets| octets[KIND + 3] ^= 0x10);
}

#[test]
fn a_card_from_a_wrong_address_is_never_acted_on() {
    let victim = card_withheld(|octets| octets[ADDRESS] ^= 0x05);
    assert_eq!(victim.events("access-granted").len(), 1);
}

#[test]
fn a_card_with_a_wrong_sequence_is_never_acted_on() {
    // 1, 2, 3 become 3, 1, 2; never 0, which would end the session.
    let victim = card_withheld(|octets| {
        octets[CONTROL] = octets[CONTROL] & !3 | [0, 3, 1, 2][usize::from(octets[CONTROL] & 3)];
    });
    assert_eq!(victim.events("access-granted").len(), 1);
}

#[test]
fn a_reply_told_twice_is_one_event() {
    let victim = Victim::in_service();
    let line = victim.line();
    let (mut last, mut copies) = (Vec::new(), 0);
    line.meddle(move |_, reply| {
        if is_card(&reply) {
            (last, copies) = (reply.clone(), 6);
            return vec![[&reply[..], &reply[..]].concat()];
        }
        if copies == 0 {
            return vec![reply];
        }
        // Late copies too, until their number has come round again.
        copies -= 1;
        vec![[&last[..], &reply[..]].concat()]
    });
    let before = line.count(OUT);
    line.present(&CARD);
    wait("the door opens", || line.count(OUT) > before);
    let polls = line.count(POLL);
    wait("life goes on", || line.count(POLL) > polls + 20);
    assert_eq!(line.count(OUT), before + 1);
    assert_eq!(victim.events("access-granted").len(), 1);
}

/// The first card reply comes changed: it must decide nothing, and the next card must open.
fn card_once_changed(change: impl Fn(&mut [u8]) + Send + 'static) {
    let victim = Victim::in_service();
    let line = victim.line();
    line.forget();
    let mut spent = false;
    line.meddle(move |_, reply| {
        if spent || !is_card(&reply) {
            return vec![reply];
        }
        spent = true;
        vec![changed(&reply, &change)]
    });
    line.present(&CARD);
    wait("the session falls", || line.count(CHLNG) > 0);
    assert_eq!(line.count(OUT), 0);
    assert_eq!(victim.events("access-granted"), []);
    let polls = line.count(POLL);
    wait("the reader is polled again", || {
        line.count(POLL) > polls + 3
    });
    assert!(victim.opens(0));
    assert_eq!(victim.events("access-granted").len(), 1);
}

/// The card's first reply comes changed and the true one only when the daemon asks for it again.
fn card_withheld(change: impl Fn(&mut [u8]) + Send + 'static) -> Victim {
    let victim = Victim::in_service();
    let line = victim.line();
    line.forget();
    let mut spent = false;
    line.meddle(move |_, reply| {
        if spent || !is_card(&reply) {
            return vec![reply];
        }
        spent = true;
        vec![changed(&reply, &change)]
    });
    assert!(victim.opens(0));
    assert_eq!(line.count(OUT), 1);
    assert!(
        asked_twice(&line.heard()),
        "the changed reply was no answer: the question is put again"
    );
    victim
}

/// Whether some command came twice running with the very same octets.
fn asked_twice(heard: &[Heard]) -> bool {
    heard.windows(2).any(|pair| pair[0] == pair[1])
}

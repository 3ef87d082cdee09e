//! Faults of a wire: lost replies, turned bits, torn frames, start octets in noise. The next card is answered soon after.

use crate::forgery::{NAK, OUT, POLL, changed, clear};
use crate::hostile_line::Heard;
use crate::victim::{ANSWERED_WITHIN, NAMES, Victim, is_so_within, text, wait};

#[test]
fn one_lost_reply_delays_no_card() {
    spoilt_once(|_| vec![]);
}

#[test]
fn one_turned_bit_delays_no_card() {
    spoilt_once(|reply| {
        let mut turned = reply.to_vec();
        let middle = turned.len() / 2;
        turned[middle] ^= 0x04;
        vec![turned]
    });
}

#[test]
fn a_turned_bit_in_the_length_delays_no_card() {
    spoilt_once(|reply| {
        let mut longer = reply.to_vec();
        longer[4] |= 0x04;
        vec![longer]
    });
}

#[test]
fn half_a_reply_is_not_kept_for_the_next() {
    spoilt_once(|reply| vec![reply[..reply.len() / 2].to_vec()]);
    let mut late = Vec::new();
    spoilt(12, move |reply| {
        // The first half now, the second half in front of the answer to the question put again.
        let (first, second) = reply.split_at(reply.len() / 2);
        let told = [&late[..], first].concat();
        late = second.to_vec();
        vec![told]
    });
}

#[test]
fn a_header_split_over_two_reads_is_one_frame() {
    always(|_, reply| match reply.split_at_checked(4) {
        Some((head, rest)) => vec![head.to_vec(), rest.to_vec()],
        None => vec![reply],
    });
}

#[test]
fn a_reply_in_single_octets_is_one_frame() {
    always(|_, reply| reply.chunks(1).map(<[u8]>::to_vec).collect());
}

#[test]
fn start_octets_in_noise_hide_no_reply() {
    always(|_, reply| {
        vec![
            [
                &[0x53, 0x00, 0x53, 0x53, 0x80, 0x53, 0xFF, 0x53][..],
                &reply,
            ]
            .concat(),
        ]
    });
}

#[test]
fn start_octets_inside_a_check_hide_no_reply() {
    let victim = Victim::in_service();
    let line = victim.line();
    line.forget();
    // MAC and CRC are six octets of chance: one reply in forty has a start octet there.
    let has_start = |reply: &[u8]| reply.iter().rev().take(6).any(|octet| *octet == 0x53);
    wait("start octets in MAC and CRC", || {
        let replies = line.replies();
        let with_start = replies.iter().filter(|(_, reply)| has_start(reply));
        with_start.count() >= 5
    });
    assert!(victim.opens(0));
    let listed = text(&victim.portvakt(&["--json", "line", "list"]).stdout);
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed["bad_frames"], 0, "{listed}");
}

#[test]
fn reserved_bits_that_are_set_do_no_harm() {
    let victim = Victim::without_keys(1, true);
    // In clear the reserved bits are covered by no MAC: whatever a reader of a later standard sets, it comes into service.
    victim.line().meddle(|heard, reply| {
        if heard.secured.is_none() && !reply.is_empty() {
            vec![changed(&reply, |octets| octets[5] |= 0x70)]
        } else {
            vec![reply]
        }
    });
    victim.serve();
    assert!(victim.opens(0));
}

#[test]
fn a_babbling_line_harms_no_other_line() {
    let victim = Victim::without_keys(2, true);
    victim.serve();
    let loud: Vec<u8> = (0..=255).chain([0x53, 0x80, 0xFF, 0x05]).collect();
    victim.line().babble(&loud);
    assert!(victim.opens(1), "the other line");
    assert!(victim.opens(1), "and again");
    let of_the_other = victim.events("access-granted");
    assert!(
        of_the_other
            .iter()
            .all(|event| event.reader.as_deref() == Some(NAMES[1]))
    );
    victim.line().babble(&[]);
    victim.wait_online();
    assert!(victim.opens(0));
}

#[test]
fn an_adapter_that_hears_itself_is_served() {
    let victim = Victim::without_keys(1, true);
    victim.line().echo();
    victim.serve();
    assert!(victim.opens(0));
    assert_eq!(victim.events("reader-offline"), []);
}

#[test]
fn a_second_reader_at_the_same_address_takes_no_session_away() {
    // It knows no session and refuses everything in clear, just after the first reader's answer.
    always(|heard, reply| vec![[&reply[..], &clear(heard, NAK, &[6])].concat()]);
}

#[test]
fn a_second_reader_that_answers_first_harms_only_its_own_line() {
    harms_only_its_own_line(|heard, reply| vec![[&clear(heard, NAK, &[6]), &reply[..]].concat()]);
}

#[test]
fn two_readers_that_answer_at_once_harm_only_their_own_line() {
    harms_only_its_own_line(|heard, reply| {
        // Two drivers on one pair of wires: a dominant level wins over the other.
        let other = clear(heard, NAK, &[6]);
        let both = reply
            .iter()
            .zip(other.iter().chain(std::iter::repeat(&0xFF)));
        vec![both.map(|(one, other)| one & other).collect()]
    });
}

/// A line whose replies are always spoilt serves nobody and opens nothing; the other line does, and so does this one when
/// it is sound again.
fn harms_only_its_own_line(meddling: impl FnMut(&Heard, Vec<u8>) -> Vec<Vec<u8>> + Send + 'static) {
    let victim = Victim::without_keys(2, true);
    victim.serve();
    let spoilt = victim.line();
    spoilt.forget();
    spoilt.meddle(meddling);
    wait("the reader is missed", || {
        !victim.events("reader-offline").is_empty()
    });
    assert!(victim.opens(1), "the other line");
    assert_eq!(spoilt.count(OUT), 0);
    spoilt.leave();
    victim.wait_online();
    assert!(victim.opens(0));
}

/// One answer to a POLL is spoilt.
fn spoilt_once(spoil: impl FnMut(&[u8]) -> Vec<Vec<u8>> + Send + 'static) {
    spoilt(1, spoil);
}

/// So many answers to POLLs are spoilt; then the next card opens, and nobody went offline.
fn spoilt(times: usize, mut spoil: impl FnMut(&[u8]) -> Vec<Vec<u8>> + Send + 'static) {
    let victim = Victim::in_service();
    let line = victim.line();
    line.forget();
    let mut left = times;
    line.meddle(move |heard, reply| {
        if left == 0 || heard.code != POLL {
            return vec![reply];
        }
        left -= 1;
        spoil(&reply)
    });
    // After a series of faults a card counts as news once the reader's queue has been seen empty again.
    let settled = if times == 1 { 1 } else { times + 5 };
    wait("the fault has happened", || line.count(POLL) >= settled);
    assert!(victim.opens(0));
    assert_eq!(victim.events("access-granted").len(), 1);
    assert_eq!(victim.events("reader-offline"), []);
}

/// Every reply comes so; the reader comes into service and stays there.
fn always(meddling: impl FnMut(&Heard, Vec<u8>) -> Vec<Vec<u8>> + Send + 'static) {
    let victim = Victim::without_keys(1, true);
    victim.line().meddle(meddling);
    victim.serve();
    // On a busy machine the octets of a reply may come too late to be one; a card that the reader kept meanwhile is shown again.
    assert!(victim.opens(0) || victim.opens(0));
    assert!(is_so_within(ANSWERED_WITHIN, || victim
        .events("access-granted")
        .len()
        == 1));
    assert_eq!(victim.events("reader-offline"), []);
}

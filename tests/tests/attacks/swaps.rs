//! Swaps: a reader is known from its first session on; another one with its key serves nobody until a technician says so.

use control::reply::reader::ReaderRow;
use control::request::reader::ReaderRequest;
use control::{Reply, Request};

use crate::forgery::{ID, OUT, PDID, clear};
use crate::victim::{CARD, KEYS, NAMES, Victim, text, wait};

#[test]
fn another_reader_with_the_key_serves_nobody_until_it_is_accepted() {
    let mut victim = Victim::in_service();
    assert!(victim.opens(0));
    let refused = victim.portvakt(&["reader", "accept-swap", NAMES[0]]);
    assert_eq!(
        refused.status.code(),
        Some(3),
        "nobody has come in its place"
    );
    victim.line().swap(Some(KEYS[0]), 2);
    wait("it is noticed", || {
        victim.events("reader-swapped").len() == 1
    });
    wait("it is shown", || reader(&victim).state == "swapped");
    let known_as = reader(&victim).known_as.unwrap();
    assert!(known_as.ends_with("serial 00000001"), "{known_as}");
    let outs = victim.line().count(OUT);
    victim.line().present(&CARD);
    victim.stop();
    victim.start();
    wait("it is known after a restart too", || {
        reader(&victim).state == "swapped"
    });
    assert_eq!(victim.status().readers_online, 0);
    assert_eq!(victim.line().count(OUT), outs);
    assert!(
        victim.line().has_card_waiting(),
        "its cards are not even fetched"
    );

    let accepted = victim.portvakt(&["reader", "accept-swap", NAMES[0]]);
    assert!(accepted.status.success(), "{}", text(&accepted.stderr));
    assert!(text(&accepted.stdout).contains("serial 00000002"));
    assert_eq!(victim.events("reader-swap-accepted").len(), 1);
    victim.wait_online();
    assert_eq!(
        victim.line().count(OUT),
        outs,
        "what it kept as a stranger is no news"
    );
    assert!(victim.opens(0));
    victim.line().swap(Some(KEYS[0]), 1);
    wait("the first one is the stranger now", || {
        victim.events("reader-swapped").len() == 3
    });
}

#[test]
fn an_identity_forged_in_clear_puts_no_reader_out_of_service() {
    let victim = Victim::in_service();
    victim.line().meddle(|heard, reply| {
        if heard.code == ID && heard.secured.is_none() {
            return vec![clear(heard, PDID, &[9; 12])];
        }
        vec![reply]
    });
    victim.line().cut(true);
    wait("the reader is missed", || {
        victim.status().readers_online == 0
    });
    victim.line().forget();
    victim.line().cut(false);
    victim.wait_online();
    assert!(
        victim.line().count(ID) >= 2,
        "in clear, then in its session"
    );
    assert!(victim.opens(0));
    assert_eq!(victim.events("reader-swapped"), []);
}

fn reader(victim: &Victim) -> ReaderRow {
    let wanted = Request::Reader(ReaderRequest::Show {
        reader: NAMES[0].into(),
    });
    let Reply::Reader(row) = victim.ask(wanted) else {
        panic!("no reader")
    };
    row
}

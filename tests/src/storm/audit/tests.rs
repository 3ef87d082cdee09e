//! What the audit must find, without a daemon.

use building_sim::Dice;
use control::CardState;
use control::Reply;
use control::reply::card::Changed;
use firmware_protocol::command::{OutputAction, OutputControl};

use super::super::book::Verb;
use super::*;

const NOON: i64 = 1_795_000_000_000_000;

fn record(index: u64, time: i64, name: &'static str, door: u16) -> Record {
    Record {
        index,
        time,
        class: Class::Passage,
        name: Some(name),
        door: Some(DoorId::new(door)),
        issuance: IssuanceId::new(7),
    }
}

/// A house whose newest run begins at record 10.
fn auditor(records: &[Record]) -> Auditor {
    let mut auditor = Auditor::new(String::new());
    auditor.doors = [1, 2, 3, 4].map(DoorId::new).to_vec();
    let started = Record {
        door: None,
        ..record(10, NOON - 5, "started", 0)
    };
    let all = records.iter().copied().chain([started]);
    auditor.records = all.map(|record| (record.index, record)).collect();
    auditor
}

fn out(reader: u8, at: i64) -> Out {
    let control = OutputControl {
        output: 0,
        action: OutputAction::TimedOn,
        time_100ms: 10,
    };
    Out {
        reader,
        at,
        control,
    }
}

fn rule(judged: Result<(), Breach>) -> &'static str {
    judged.map_or_else(|breach| breach.rule, |()| "held")
}

#[test]
fn each_unlock_spends_a_record_of_its_own_door_and_run() {
    let book = Book::default();
    let let_in = record(11, NOON, "access-granted", 2);
    let judge = |records: &[Record], outs: &[Out]| rule(auditor(records).judge_doors(outs, &book));
    let none = "I3, no record of an unlock";
    assert_eq!(judge(&[let_in], &[out(1, NOON + 9)]), "held");
    assert_eq!(
        judge(&[let_in], &[out(1, NOON + 9), out(1, NOON + 10)]),
        none
    );
    assert_eq!(judge(&[let_in], &[out(0, NOON + 9)]), none, "another door");
    assert_eq!(judge(&[], &[out(1, NOON + 9)]), none);
    assert_eq!(
        judge(&[let_in], &[out(1, NOON - SLACK - 1)]),
        none,
        "before its record"
    );
    assert_eq!(
        judge(&[let_in], &[out(1, NOON + LATE_MAX + 1)]),
        none,
        "long after it"
    );
    let denied = record(11, NOON, "access-denied", 2);
    assert_eq!(judge(&[denied], &[out(1, NOON + 9)]), none);
    let before = record(9, NOON - 9, "access-granted", 2);
    assert_eq!(
        judge(&[before], &[out(1, NOON + 9)]),
        none,
        "of the run before"
    );
}

#[test]
fn who_is_forgotten_by_now_may_have_been_let_in_but_takes_no_record_from_others() {
    let book = Book::default();
    let erased = Record {
        name: None,
        door: None,
        issuance: None,
        ..record(11, NOON, "", 0)
    };
    let named = record(12, NOON + 1, "access-granted", 1);
    let outs = [out(0, NOON + 5), out(2, NOON + 6)];
    assert_eq!(
        rule(auditor(&[erased, named]).judge_doors(&outs, &book)),
        "held"
    );
    let later = Record {
        index: 13,
        time: NOON + 30_000,
        ..erased
    };
    let out_of_order = [out(0, NOON + 40_000), out(2, NOON + 5)];
    let judged = auditor(&[erased, later]).judge_doors(&out_of_order, &book);
    assert_eq!(rule(judged), "held", "told line by line");
    let other = Record {
        class: Class::Administration,
        ..erased
    };
    let judged = auditor(&[other, named]).judge_doors(&outs, &book);
    assert_eq!(rule(judged), "I3, no record of an unlock");
}

#[test]
fn a_strike_that_does_not_lock_by_itself_is_found() {
    let book = Book::default();
    let let_in = record(11, NOON, "access-granted", 1);
    for (action, time_100ms) in [
        (OutputAction::PermanentOnAbort, 0),
        (OutputAction::TimedOn, 0),
        (OutputAction::TimedOn, 11),
    ] {
        let mut forever = out(0, NOON + 9);
        (forever.control.action, forever.control.time_100ms) = (action, time_100ms);
        let judged = auditor(&[let_in]).judge_doors(&[forever], &book);
        assert_eq!(rule(judged), "a strike outlives its order");
    }
}

/// A book with the caretaker's card and a second one, which is known as issuance 7 and was blocked at noon.
fn book() -> Book {
    let mut book = Book::default();
    let mut dice = Dice::new(1);
    for _ in 0..2 {
        book.wanted = Some(Verb::Issue);
        book.choose(&mut dice).expect("an issue");
    }
    let card = &mut book.cards[1];
    card.issuance = IssuanceId::new(7);
    card.doing = None;
    card.state = CardState::Blocked;
    card.dead_since = Some(NOON);
    card.told = vec!["card-issued", "card-blocked"];
    book
}

#[test]
fn a_card_that_opens_after_its_block_was_acknowledged_is_found() {
    let at = |time| auditor(&[record(11, time, "access-granted", 1)]).judge_doors(&[], &book());
    assert_eq!(rule(at(NOON - 1)), "held");
    assert_eq!(rule(at(NOON + SLACK + 1)), "I2, a dead card was let in");
}

#[test]
fn a_change_that_was_acknowledged_and_is_not_on_record_is_found() {
    let told = [
        record(11, NOON, "card-issued", 0),
        record(12, NOON, "card-blocked", 0),
    ];
    let mut book = book();
    assert_eq!(rule(auditor(&told).judge_changes(&book)), "held");
    let judged = auditor(&told[..1]).judge_changes(&book);
    assert_eq!(rule(judged), "I4, a change is not on record");
    // Of who is forgotten the number still counts.
    book.cards[1].state = CardState::Returned;
    book.acknowledged.insert("card-returned", 1);
    let judged = auditor(&told).judge_changes(&book);
    assert_eq!(rule(judged), "I4, changes are not on record");
}

#[test]
fn a_list_that_differs_from_what_was_acknowledged_is_found() {
    let mut nobody = |_| Ok(String::new());
    let mut book = book();
    let judged = book.settle(BTreeMap::new(), &mut nobody);
    assert_eq!(
        rule(judged),
        "I4, a change is gone",
        "blocked, and not listed"
    );
    let mut book = self::book();
    book.cards[1].issuance = None;
    let judged = book.settle(BTreeMap::new(), &mut nobody);
    assert_eq!(
        rule(judged),
        "I4, a change is gone",
        "issued, and not listed"
    );
}

#[test]
fn a_return_that_was_cut_off_may_be_done_or_not_and_one_that_was_acknowledged_leaves_nothing() {
    let mut nobody = |_| Ok(String::new());
    let mut book = book();
    book.wanted = Some(Verb::Return);
    let job = book.choose(&mut Dice::new(3)).expect("a return");
    assert_eq!(job.cards, [1]);
    let mut cut_off = Book::default();
    cut_off.cards.clone_from(&book.cards);
    assert_eq!(rule(cut_off.settle(BTreeMap::new(), &mut nobody)), "held");
    assert_eq!(cut_off.cards[1].state, CardState::Returned);

    let issuance = IssuanceId::new(7).expect("30 bits");
    let changed = Changed::to(issuance, CardState::Returned);
    book.done(&job, &Reply::Changed(changed));
    let folder = tempfile::tempdir().expect("a folder");
    let auditor = auditor(&[]);
    assert!(auditor.seek_traces(folder.path(), &book).is_ok());
    let name = book.cards[1].name.clone();
    fs::write(folder.path().join("register.db"), format!("..{name}..")).expect("a file");
    let found = auditor.seek_traces(folder.path(), &book).map(|_| ());
    assert_eq!(rule(found), "M19, a trace of somebody forgotten");
}

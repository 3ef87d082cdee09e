//! Stories of reviews.

use access::{Change as ListChange, DoorId, Standing};
use sha2::{Digest, Sha256};

use super::*;
use crate::audit::AuditVerb;
use crate::fixture::{House, at, text};
use crate::right_error::RightError;
use crate::rights::PlaceRight;

mod many;

fn quarter(text: &str) -> Quarter {
    text.parse().unwrap()
}

fn open(house: &mut House, seconds: i64) -> Review {
    let by = house.operator;
    let opened = house
        .register
        .open_review(quarter("2026-Q4"), by, at(seconds));
    opened.unwrap().0
}

fn wish(issuance: IssuanceId, place: Option<DoorId>, wish: Wish) -> Decision {
    Decision {
        issuance,
        place: place.map(Place::Door),
        wish,
        reason: text("was asked, is needed"),
    }
}

fn decide(
    house: &mut House,
    review: &Review,
    decision: Decision,
    seconds: i64,
) -> Result<(Decided, crate::Change), RegisterError> {
    let by = house.operator;
    house
        .register
        .decide(review.id, &[decision], by, at(seconds))
}

fn items(house: &House, review: &Review) -> Vec<Item> {
    let mut items = Vec::new();
    let mut take = |item| {
        items.push(item);
        std::ops::ControlFlow::Continue(())
    };
    house
        .register
        .review_items(review, None, &mut take)
        .unwrap();
    items
}

fn sign(house: &mut House, review: &Review, seconds: i64) -> Result<Review, RegisterError> {
    let by = house.operator;
    let signed = house
        .register
        .sign_review(review.id, (9, [1; 32]), by, at(seconds));
    signed.map(|(review, _)| review)
}

#[test]
fn m06_each_card_and_right_is_decided_over_a_restart_before_anybody_signs() {
    let mut house = House::settled();
    let kari = house.active_supplier("Kari", 1);
    let per = house.active_employee("Per", 2);
    let review = open(&mut house, 10);
    assert_eq!((review.cards, review.rights, review.former), (2, 4, None));
    let (decided, change) = decide(&mut house, &review, wish(kari, None, Wish::Keep), 11).unwrap();
    assert_eq!((decided.cards, decided.rights), (1, 2));
    assert!(change.allowlist.is_empty());
    let told = &change.records[0].1;
    assert_eq!(told.verb, AuditVerb::ReviewDecided);
    assert_eq!(told.holder.unwrap().issuance, kari);
    assert_eq!(told.operator_text, "review=1 keep=3 change=0 revoke=0");
    let says = " review=1 reason=was asked, is needed decided=card:keep,1:keep,2:keep";
    assert!(told.holder_text.ends_with(says), "{}", told.holder_text);
    let mut house = house.restart();
    let there = house.register.review(None).unwrap();
    assert_eq!(there, review);
    let undecided: Vec<_> = items(&house, &review)
        .into_iter()
        .filter(Item::is_undecided)
        .map(|item| item.id)
        .collect();
    assert_eq!(undecided, [per]);
    assert_eq!(house.register.undecided(&review).unwrap(), (1, 2));
    let refused = sign(&mut house, &review, 12).unwrap_err().to_string();
    assert!(
        refused.starts_with("1 cards and 2 rights are undecided"),
        "{refused}"
    );
    drop(decide(&mut house, &review, wish(per, None, Wish::Keep), 13).unwrap());
    assert_eq!(
        sign(&mut house, &review, 14).unwrap().signed.unwrap().own,
        2
    );
    let late = decide(&mut house, &review, wish(per, None, Wish::Revoke), 15).unwrap_err();
    assert!(matches!(late, RegisterError::Review(ReviewError::Signed)));
}

#[test]
fn m06_what_is_revoked_is_at_the_doors_in_the_same_change() {
    let mut house = House::settled();
    let (kari, door) = (house.active_supplier("Kari", 1), house.doors[0]);
    let per = house.active_employee("Per", 2);
    let review = open(&mut house, 10);
    let (decided, change) =
        decide(&mut house, &review, wish(kari, None, Wish::Revoke), 11).unwrap();
    assert_eq!((decided.cards, decided.rights), (1, 2));
    assert!(
        matches!(&change.allowlist[..], [ListChange::Put(entry)] if entry.standing == Standing::Blocked)
    );
    let verbs: Vec<_> = change.records.iter().map(|(_, it)| it.verb).collect();
    assert_eq!(verbs, [AuditVerb::CardBlocked, AuditVerb::ReviewDecided]);
    assert!(
        change.records[0]
            .1
            .holder_text
            .ends_with("reason=was asked, is needed")
    );
    let revoke = wish(per, Some(door), Wish::Revoke);
    let (decided, change) = decide(&mut house, &review, revoke.clone(), 12).unwrap();
    assert_eq!((decided.cards, decided.rights), (0, 1));
    assert!(matches!(&change.allowlist[..], [ListChange::Put(entry)] if entry.rights.len() == 1));
    let again = decide(&mut house, &review, revoke, 13).unwrap_err();
    assert!(matches!(again, RegisterError::Right(RightError::NotThere)));
    assert_eq!(house.register.undecided(&review).unwrap(), (1, 1));
    let of_per = items(&house, &review)
        .into_iter()
        .find(|item| item.id == per)
        .unwrap();
    assert_eq!(of_per.rights[0].decided, Some(Verdict::Revoke));
    assert!(of_per.rights[0].rights.is_empty() && !of_per.is_changed);
}

#[test]
fn m06_a_change_takes_away_and_never_gives() {
    let mut house = House::settled();
    let (kari, doors) = (house.active_supplier("Kari", 1), house.doors.clone());
    let review = open(&mut house, 10);
    let change = |until: Option<i64>, without: &[DoorId]| {
        Wish::Change(Narrower {
            until: until.map(at),
            without: without.iter().copied().map(Place::Door).collect(),
        })
    };
    for (wished, says) in [
        (change(None, &[]), "names an earlier end"),
        (change(Some(3600), &[]), "a later one is issuing"),
        (change(Some(5), &[]), "has passed"),
        (change(Some(100), &[doors[2]]), "no right there"),
    ] {
        let refused = decide(&mut house, &review, wish(kari, None, wished), 11).unwrap_err();
        assert!(refused.to_string().contains(says), "{refused}");
    }
    let wished = change(Some(200), &[doors[1]]);
    let (decided, done) = decide(&mut house, &review, wish(kari, None, wished), 12).unwrap();
    assert_eq!((decided.cards, decided.rights), (1, 2));
    let Some(ListChange::Put(entry)) = done.allowlist.last() else {
        panic!()
    };
    assert_eq!(
        (entry.valid.until(), entry.rights.len()),
        (Some(at(200)), 1)
    );
    let told = &done.records.last().unwrap().1;
    assert!(
        told.holder_text
            .ends_with("decided=card:change,1:keep,2:revoke")
    );
    assert_eq!(told.operator_text, "review=1 keep=1 change=1 revoke=1");
    let on_door = wish(kari, Some(doors[0]), change(Some(100), &[]));
    let (_, done) = decide(&mut house, &review, on_door, 13).unwrap();
    let Some(ListChange::Put(entry)) = done.allowlist.last() else {
        panic!()
    };
    assert_eq!(entry.rights[0].valid.until(), Some(at(100)));
    let right = house.register.rights(kari).unwrap()[0];
    assert_eq!(right.valid.unwrap().from(), at(0));
    let later = wish(kari, Some(doors[0]), change(Some(150), &[]));
    let refused = decide(&mut house, &review, later, 14).unwrap_err();
    assert!(
        matches!(refused, RegisterError::Review(ReviewError::NotEarlier { end }) if end == at(100))
    );
    assert!(house.register.find(kari).is_ok());
    house.register.check().unwrap();
}

#[test]
fn m06_what_came_later_is_in_the_next_one_and_what_was_returned_leaves() {
    let mut house = House::settled();
    let (by, door) = (house.operator, house.doors[2]);
    let (kari, gone) = (
        house.active_supplier("Kari", 1),
        house.active_supplier("Per", 2),
    );
    let review = open(&mut house, 10);
    let new = house.supplier("Late");
    let (late, _) = house.register.issue(&new, by, at(11)).unwrap();
    let right = [PlaceRight::on(door)];
    drop(
        house
            .register
            .grant(kari, (&right, &text("new work")), by, at(12))
            .unwrap(),
    );
    let refused = decide(&mut house, &review, wish(late, None, Wish::Keep), 13).unwrap_err();
    assert!(matches!(
        refused,
        RegisterError::Review(ReviewError::NotInReview)
    ));
    let on_new = wish(kari, Some(door), Wish::Keep);
    let refused = decide(&mut house, &review, on_new, 13).unwrap_err();
    assert!(matches!(
        refused,
        RegisterError::Review(ReviewError::NotInReview)
    ));
    drop(decide(&mut house, &review, wish(gone, None, Wish::Keep), 14).unwrap());
    drop(house.register.return_card(gone, true, by, at(15)).unwrap());
    let there = items(&house, &review);
    assert_eq!(there.iter().map(|item| item.id).collect::<Vec<_>>(), [kari]);
    assert!(there[0].is_changed && there[0].rights[2].is_later);
    drop(decide(&mut house, &review, wish(kari, None, Wish::Keep), 16).unwrap());
    assert!(!items(&house, &review)[0].is_changed);
    house.settle();
    drop(house.register.finish_return(gone, at(17)).unwrap());
    let left: u32 = house
        .register
        .connection
        .query_row(
            "SELECT count(DISTINCT issuance) FROM review_decision",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(left, 1, "nothing is left of a holder who is forgotten");
    let signed = sign(&mut house, &review, 18).unwrap().signed.unwrap();
    let cards = signed.counts.iter().filter(|count| count.is_card);
    assert_eq!(cards.map(|count| count.number).sum::<u64>(), 1);
    let next = house.register.open_review(quarter("2027-Q1"), by, at(20));
    let next = next.unwrap().0;
    assert_eq!(items(&house, &next).len(), 2);
    assert_eq!(next.former, Some(signed.hash));
}

#[test]
fn m06_one_is_open_at_a_time_and_a_quarter_has_one() {
    let mut house = House::settled();
    let by = house.operator;
    let none = house.register.review(None).unwrap_err();
    assert!(matches!(none, RegisterError::Review(ReviewError::None)));
    let review = open(&mut house, 10);
    let mut again = |quarter, seconds| {
        let opened = house.register.open_review(quarter, by, at(seconds));
        opened.map(|(review, _)| review.id)
    };
    let refused = again(quarter("2027-Q1"), 11).unwrap_err().to_string();
    assert!(refused.starts_with("review 1 is open"), "{refused}");
    let signed = sign(&mut house, &review, 12).unwrap();
    let mut again = |quarter, seconds| {
        let opened = house.register.open_review(quarter, by, at(seconds));
        opened.map(|(review, _)| review.id)
    };
    let refused = again(quarter("2026-Q4"), 13).unwrap_err().to_string();
    assert_eq!(refused, "2026-Q4 has its review, number 1");
    assert_eq!(again(quarter("2027-Q1"), 14).unwrap(), ReviewId(2));
    assert_eq!(house.register.reviews().unwrap()[0], signed);
    assert_eq!(house.register.review(None).unwrap().id, ReviewId(2));
    let nobody = house.register.review(Some(ReviewId(3))).unwrap_err();
    assert!(matches!(
        nobody,
        RegisterError::Review(ReviewError::NoSuchReview)
    ));
}

#[test]
fn m06_a_signature_binds_every_decision_the_log_and_the_review_before() {
    let mut house = House::settled();
    let by = house.operator;
    let kari = house.active_supplier("Kari", 1);
    let review = open(&mut house, 10);
    drop(decide(&mut house, &review, wish(kari, None, Wish::Keep), 11).unwrap());
    let signed = house
        .register
        .sign_review(review.id, (9, [1; 32]), by, at(12));
    let (review, change) = signed.unwrap();
    let signature = review.signed.unwrap();
    let when = at(11);
    let lines =
        format!("{kari} card keep {when} 1\n{kari} 1 keep {when} 1\n{kari} 2 keep {when} 1\n");
    let hash = <[u8; 32]>::from(Sha256::digest(lines.as_bytes()));
    assert_eq!(signature.decisions, hash);
    let told = &change.records[0].1;
    assert_eq!(told.verb, AuditVerb::ReviewSigned);
    assert!(told.holder.is_none() && told.operator_text.len() < crate::AUDIT_TEXT_MAX);
    let says = format!(
        "review=1 quarter=2026-Q4 own=1 log=9:{} decisions={} former=- hash={} counts=supplier-card-keep:1,supplier-right-keep:2",
        hex(&[1; 32]),
        hex(&hash),
        hex(&signature.hash)
    );
    assert_eq!(told.operator_text, says);
    let reopened = house.restart();
    let there = reopened.register.review(None).unwrap().signed.unwrap();
    assert_eq!(there.counts, signature.counts);
}

//! Many cards decided alike, what is lapsed, and what lies sealed.

use super::*;

#[test]
fn m06_many_are_decided_alike_a_page_at_a_time_and_what_is_decided_stays() {
    let mut house = House::settled();
    let by = house.operator;
    let first = house.active_supplier("First", 1);
    for card in 2..300 {
        house.active_supplier("Kari", card);
    }
    let per = house.active_employee("Per", 900);
    let review = open(&mut house, 10);
    drop(decide(&mut house, &review, wish(first, None, Wish::Revoke), 11).unwrap());
    let mut bulk = Bulk {
        after: None,
        tenant: Some("Kommunen".to_owned()),
        kind: Some("supplier".to_owned()),
        wish: Wish::Keep,
        reason: text("all at work"),
    };
    let mut decided = Decided::default();
    let mut pages = 0;
    loop {
        let done = house.register.decide_page(review.id, &bulk, by, at(12));
        let (page, _) = done.unwrap();
        decided.add(page.decided);
        pages += 1;
        bulk.after = page.last;
        if page.last.is_none() {
            break;
        }
    }
    assert_eq!((pages, decided.cards, decided.rights), (2, 298, 596));
    assert_eq!(house.register.undecided(&review).unwrap(), (1, 2));
    let (page, change) = house
        .register
        .decide_page(review.id, &bulk, by, at(13))
        .unwrap();
    assert_eq!(
        (page.decided, change.records.len()),
        (Decided::default(), 0)
    );
    let there = items(&house, &review);
    let decided = |id| there.iter().find(|item| item.id == id).unwrap().decided;
    assert_eq!(
        (decided(first), decided(per)),
        (Some(Verdict::Revoke), None)
    );
}

#[test]
fn m22_what_is_lapsed_is_decided_one_by_one() {
    let mut house = House::settled();
    let (by, door) = (house.operator, house.doors[0]);
    let per = house.active_employee("Per", 2);
    let year = 366 * 86_400;
    let review = open(&mut house, year);
    let bulk = Bulk {
        after: None,
        tenant: None,
        kind: None,
        wish: Wish::Keep,
        reason: text("all of them"),
    };
    let (page, _) = house
        .register
        .decide_page(review.id, &bulk, by, at(year + 1))
        .unwrap();
    let left = page.decided;
    assert_eq!((left.cards, left.rights, left.lapsed), (1, 0, 2));
    let (decided, _) = decide(&mut house, &review, wish(per, None, Wish::Keep), year + 2).unwrap();
    assert_eq!((decided.rights, decided.lapsed), (0, 2));
    assert!(
        items(&house, &review)[0]
            .rights
            .iter()
            .all(|right| right.is_lapsed)
    );
    let one = wish(per, Some(door), Wish::Keep);
    let (decided, _) = decide(&mut house, &review, one, year + 3).unwrap();
    assert_eq!((decided.rights, decided.lapsed), (1, 0));
    assert_eq!(house.register.undecided(&review).unwrap(), (0, 1));
    let tenant = house.contact.tenant;
    drop(
        house
            .register
            .recertify(tenant, &text("all needed"), by, at(year + 4))
            .unwrap(),
    );
    let (page, _) = house
        .register
        .decide_page(review.id, &bulk, by, at(year + 5))
        .unwrap();
    assert_eq!((page.decided.rights, page.decided.lapsed), (1, 0));
    assert!(sign(&mut house, &review, year + 6).is_ok());
}

#[test]
fn the_reason_of_a_decision_lies_sealed() {
    let mut house = House::settled();
    let kari = house.active_supplier("Kari", 1);
    let review = open(&mut house, 10);
    let decision = Decision {
        reason: text("Kari has been away"),
        ..wish(kari, None, Wish::Revoke)
    };
    drop(decide(&mut house, &review, decision, 11).unwrap());
    let connection = &house.register.connection;
    let read = |sql| {
        connection
            .query_row(sql, [], |row| row.get::<_, Vec<u8>>(0))
            .unwrap()
    };
    for sql in [
        "SELECT reason FROM review_decision",
        "SELECT holder_text FROM outbox WHERE verb = 'review-decided'",
    ] {
        let stored = read(sql);
        assert!(!stored.windows(4).any(|part| part == b"Kari"), "{sql}");
    }
}

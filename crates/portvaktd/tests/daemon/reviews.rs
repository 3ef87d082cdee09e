//! Reviews of cards and rights from the socket to the door (M6), recertification (M22), and what opens without a right (M23).

use access::IssuanceId;
use control::reply::review::{ReviewDecided, ReviewItem, ReviewRow};
use control::reply::why::WhyTrace;
use control::request::WhyCard;
use control::request::review::{
    ReviewBulk, ReviewDecision, ReviewRequest, ReviewShow, ReviewVerdict,
};
use control::request::right::{RightGrant, RightRequest, WantedRight};
use control::{Client, Reply, Request, Row};

use super::day::{CARD, events, issue_in_person, opens, set_key, status, stays_shut, wait_online};
use super::house::House;

/// The exit code and the words of a refusal.
fn refused(house: &House, wish: ReviewRequest) -> (u8, String) {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let refusal = client.ask(Request::Review(wish), false).unwrap_err();
    (u8::from(refusal.code()), refusal.to_string())
}

fn rows(house: &House, request: Request) -> Vec<Row> {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    client.send(request, false).unwrap();
    let mut rows = Vec::new();
    while let Reply::Part { row } = client.receive().unwrap() {
        rows.push(row);
    }
    rows
}

fn items(house: &House, undecided: bool) -> Vec<ReviewItem> {
    let wanted = ReviewShow {
        undecided,
        ..ReviewShow::default()
    };
    let rows = rows(house, Request::Review(ReviewRequest::Show(wanted)));
    let item = |row| {
        let Row::ReviewItem(item) = row else {
            panic!("{row:?}")
        };
        *item
    };
    rows.into_iter().map(item).collect()
}

fn head(house: &House, wish: ReviewRequest) -> ReviewRow {
    let Reply::Review(row) = house.ask(Request::Review(wish)) else {
        panic!("no review")
    };
    *row
}

fn decision(issuance: IssuanceId, verdict: ReviewVerdict) -> ReviewRequest {
    ReviewRequest::Decide {
        review: 1,
        decisions: vec![ReviewDecision {
            issuance,
            place: None,
            verdict,
            until: None,
            without: Vec::new(),
            reason: "nobody needs it".to_owned(),
        }],
    }
}

fn decided(house: &House, wish: ReviewRequest) -> ReviewDecided {
    let Reply::ReviewDecided(decided) = house.ask(Request::Review(wish)) else {
        panic!("not decided")
    };
    decided
}

#[test]
fn m06_a_review_goes_on_over_a_restart_and_what_is_revoked_stays_out() {
    let house = House::new();
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let issuance = issue_in_person(&house);
    assert!(opens(&house, CARD));
    assert_eq!(refused(&house, ReviewRequest::Sign { review: 1 }).0, 4);
    let opened = head(&house, ReviewRequest::Open { quarter: None });
    assert_eq!((opened.review, opened.cards, opened.rights), (1, 1, 1));
    let (code, says) = refused(&house, ReviewRequest::Open { quarter: None });
    assert_eq!(code, 3);
    assert!(says.contains("review 1 is open"), "{says}");
    let (code, says) = refused(&house, ReviewRequest::Sign { review: 1 });
    assert_eq!(code, 3);
    assert!(
        says.contains("1 cards and 1 rights are undecided"),
        "{says}"
    );
    assert!(opens(&house, CARD), "nothing is taken away by the opening");
    daemon.kill();
    let _daemon = house.start();
    wait_online(&house);
    let there = items(&house, true);
    assert_eq!((there.len(), there[0].issuance), (1, issuance));
    assert_eq!(there[0].rights[0].place, "front");
    let done = decided(&house, decision(issuance, ReviewVerdict::Revoke));
    assert_eq!((done.cards, done.rights), (1, 1));
    assert!(stays_shut(&house, CARD));
    assert!(items(&house, true).is_empty());
    let signed = head(&house, ReviewRequest::Sign { review: 1 })
        .signed
        .unwrap();
    assert_eq!(
        (signed.own, signed.counts.len(), signed.hash.len()),
        (1, 2, 64)
    );
    assert!(signed.log_size > 0 && status(&house).reviews_overdue.is_empty());
    assert_eq!(
        refused(&house, decision(issuance, ReviewVerdict::Keep)).0,
        3
    );
    let there = events(&house);
    let names = [
        "review-opened",
        "card-blocked",
        "review-decided",
        "review-signed",
    ];
    let places = names.map(|name| there.iter().position(|event| event == name));
    assert!(places.is_sorted() && places[0].is_some(), "{places:?}");
}

#[test]
fn m06_a_dry_run_decides_and_opens_nothing_and_many_are_decided_at_once() {
    let house = House::new();
    let _daemon = house.start();
    set_key(&house);
    wait_online(&house);
    issue_in_person(&house);
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let open = || Request::Review(ReviewRequest::Open { quarter: None });
    assert!(client.ask(open(), true).is_ok());
    assert_eq!(refused(&house, ReviewRequest::Sign { review: 1 }).0, 4);
    house.ask(open());
    let bulk = |verdict| ReviewBulk {
        review: 1,
        tenant: Some("Kommunen".to_owned()),
        kind: None,
        verdict,
        reason: "all at work".to_owned(),
    };
    let many = |verdict| Request::Review(ReviewRequest::DecideMany(bulk(verdict)));
    let Reply::ReviewDecided(would) = client.ask(many(ReviewVerdict::Keep), true).unwrap() else {
        panic!()
    };
    assert_eq!((would.cards, would.rights), (1, 1));
    assert_eq!(items(&house, true).len(), 1);
    let changed = ReviewRequest::DecideMany(bulk(ReviewVerdict::Change));
    assert_eq!(refused(&house, changed).0, 2);
    let done = decided(&house, ReviewRequest::DecideMany(bulk(ReviewVerdict::Keep)));
    assert_eq!(done, would);
    assert!(items(&house, true).is_empty());
    assert!(opens(&house, CARD));
}

#[test]
fn m06_only_the_operations_manager_opens_decides_and_signs() {
    let house = House::with_roles("technician,daily-manager,receptionist,auditor");
    let _daemon = house.start();
    let id = IssuanceId::from_random(7);
    let recertify = ReviewRequest::Recertify {
        tenant: "Kommunen".to_owned(),
        reason: "at work".to_owned(),
    };
    for wish in [
        ReviewRequest::Open { quarter: None },
        decision(id, ReviewVerdict::Keep),
        ReviewRequest::Sign { review: 1 },
        recertify,
    ] {
        let (code, says) = refused(&house, wish);
        assert_eq!(code, 3);
        assert!(says.contains("is not for the role"), "{says}");
    }
    let refusals = events(&house);
    let refusals = refusals.iter().filter(|event| *event == "refused");
    assert_eq!(refusals.count(), 4);
    assert!(rows(&house, Request::Review(ReviewRequest::List {})).is_empty());
}

#[test]
fn m06_a_quarter_that_has_not_begun_or_was_before_the_house_has_no_review() {
    let house = House::new();
    let _daemon = house.start();
    let open = |quarter: &str| ReviewRequest::Open {
        quarter: Some(quarter.to_owned()),
    };
    for (quarter, code, says) in [
        ("1999-Q4", 3, "was over before the house began"),
        ("9000-Q1", 3, "has not begun"),
        ("spring", 2, "write one as 2026-Q4"),
    ] {
        let (is, said) = refused(&house, open(quarter));
        assert_eq!(is, code, "{said}");
        assert!(said.contains(says), "{said}");
    }
    assert!(status(&house).reviews_overdue.is_empty());
}

#[test]
fn m22_a_recertified_tenant_s_rights_are_justified_anew() {
    let house = House::new();
    let _daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let issuance = issue_in_person(&house);
    let justified = || {
        let list = Request::Right(RightRequest::List { issuance });
        let Some(Row::Right(right)) = rows(&house, list).pop() else {
            panic!("no right")
        };
        assert!(!right.lapsed);
        right.justified_at.unwrap()
    };
    let granted = justified();
    house.ask(Request::Review(ReviewRequest::Recertify {
        tenant: "Kommunen".to_owned(),
        reason: "they all work here still".to_owned(),
    }));
    assert!(justified().utc() > granted.utc());
    let nobody = ReviewRequest::Recertify {
        tenant: "Nobody".to_owned(),
        reason: "why not".to_owned(),
    };
    assert_eq!(refused(&house, nobody).0, 4);
    assert!(events(&house).contains(&"tenant-recertified".to_owned()));
}

fn why(house: &House, issuance: IssuanceId) -> WhyTrace {
    let Reply::Why(trace) = house.ask(Request::Why {
        card: WhyCard::Issuance(issuance),
        door: "front".to_owned(),
        at: None,
    }) else {
        panic!("no trace")
    };
    trace
}

#[test]
fn m23_no_right_follows_from_the_position_and_why_prints_the_chain() {
    let house = House::new();
    let _daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let issuance = issue_in_person(&house);
    house.ask(Request::Right(RightRequest::Revoke {
        issuance,
        place: "front".to_owned(),
        reason: "begins tomorrow".to_owned(),
    }));
    assert!(
        stays_shut(&house, CARD),
        "a person of the house with a card, and no right"
    );
    let trace = why(&house, issuance);
    assert_eq!((trace.allowed, trace.reason.as_str()), (false, "no-right"));
    let refuses = trace.rules.iter().find(|rule| rule.verdict != "pass");
    let refuses = refuses.unwrap();
    assert_eq!(refuses.verdict, "no-right");
    assert!(refuses.remedy.is_some(), "{refuses:?}");
    house.ask(Request::Right(RightRequest::Grant(RightGrant {
        issuance,
        rights: vec![WantedRight {
            place: "front".to_owned(),
            schedule: None,
        }],
        valid_from: None,
        valid_until: None,
        reason: "works here".to_owned(),
    })));
    assert!(opens(&house, CARD));
    let trace = why(&house, issuance);
    assert!(trace.allowed && trace.rules.iter().all(|rule| rule.verdict == "pass"));
}

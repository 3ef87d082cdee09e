//! Rules of the routine that are about who asks: who issues, who traces, who reads the log, and what is asked of a visitor.

use std::os::unix::net::UnixStream;
use std::time::Duration;

use access::UtcMicros;
use access::role::Role;
use control::request::TenantContact;
use control::request::card::{CardIssue, CardSource};
use control::request::log::EventFilter;
use control::request::right::{RightGrant, RightRequest, WantedRight};
use control::{CardKind, Credential, Envelope, Moment, Private, Reply, Request, frame};
use register::Text;

use super::day::events;
use super::house::House;
use super::offline::{add, now, offline};
use super::people::{ask_as, client_of, house_of, name_of};
use super::visitors::{count, issued, refused, tenant, wish};

/// Root is technician and operations manager; everybody else has one role. `hr`, which `init` cannot give, is added.
fn house_of_every_role() -> House {
    let house = house_of(&[
        (DINA, "daily-manager"),
        (OTTAR, "operations-manager"),
        (RITA, "receptionist"),
        (TEKLA, "technician"),
        (STIG, "reception-staff"),
        (AUD, "auditor"),
    ]);
    offline(&house, |register, now| {
        let first = register.operators().unwrap()[0].id;
        let kommunen = Text::new("tenant", "Kommunen").unwrap();
        let (kommunen, _) = register.add_tenant(&kommunen, first, now).unwrap();
        let hr = (&[Role::Hr][..], Some(kommunen));
        let hanne = add(register, (&name_of(HANNE), HANNE), hr, now);
        let year = now.years_later(1);
        drop(register.record_training(hanne, year, first, now).unwrap());
    });
    house
}

#[test]
fn m01_four_roles_issue_cards_and_every_other_is_refused_and_logged() {
    let house = house_of_every_role();
    let _daemon = house.start();
    house.ask(Request::TenantContact(TenantContact {
        tenant: "Kommunen".into(),
        name: Private::new("Ola Kontakt"),
        mobile: Private::new("90000001"),
    }));
    let ask = |who| {
        let wish = wish(&house, CardKind::Supplier);
        ask_as(&house, who, Request::CardIssue(Box::new(wish)))
    };
    for who in [DINA, OTTAR, RITA, TEKLA] {
        let made = ask(who);
        assert!(matches!(made, Ok(Reply::Issued(_))), "{who}: {made:?}");
    }
    for who in [STIG, HANNE, AUD] {
        let (code, said) = ask(who).unwrap_err();
        assert!(code == 3 && said.contains("is not for the role"), "{said}");
    }
    assert_eq!(
        (count(&house, "card-issued"), count(&house, "refused")),
        (4, 3)
    );
}

#[test]
fn m02_no_card_is_traced_without_training() {
    let house = House::with_roles("receptionist");
    offline(&house, |register, now| {
        let me = register.operators().unwrap()[0].id;
        let manager = (&[Role::OperationsManager][..], None);
        let other = add(register, ("ottar", 77_002), manager, now);
        drop(register.record_training(me, now, other, now).unwrap());
    });
    let _daemon = house.start();
    let card = CardSource::Credential(Credential::Number {
        format: "H10301".into(),
        facility: 1,
        number: 1,
    });
    let (code, said) = refused(&house, Request::CardTrace { card });
    assert!(
        code == 3 && said.contains("your training record ended"),
        "{said}"
    );
    assert_eq!(count(&house, "refused"), 1);
}

#[test]
fn m05_every_role_reads_the_log_and_each_reading_is_an_event() {
    let house = house_of_every_role();
    let _daemon = house.start();
    let before = count(&house, "log-read");
    let everybody = [DINA, OTTAR, RITA, TEKLA, STIG, HANNE, AUD];
    for who in everybody {
        let mut client = client_of(&house, who);
        let wish = Request::LogShow(EventFilter::default());
        client.send(wish, false).unwrap();
        let first = client.receive();
        assert!(matches!(first, Ok(Reply::Part { .. })), "{who}: {first:?}");
    }
    assert!(count(&house, "log-read") >= before + everybody.len());
    assert_eq!(count(&house, "refused"), 0);
}

#[test]
fn m07_a_field_that_is_not_recorded_is_refused_and_not_dropped() {
    let house = House::new();
    let _daemon = house.start();
    tenant(&house);
    let envelope = Envelope {
        id: 7,
        dry_run: false,
        doubt: None,
        request: Request::CardIssue(Box::new(wish(&house, CardKind::Supplier))),
    };
    for field in ["born", "national_id", "address", "photo"] {
        let mut json = serde_json::to_value(&envelope).unwrap();
        json["request"][field] = "1970-01-01".into();
        let mut stream = UnixStream::connect(house.socket()).unwrap();
        let hello = serde_json::json!({"id": 1, "request": {"verb": "hello", "version": 1}});
        frame::write(&mut stream, &hello).unwrap();
        let hello: Option<control::Answer> = frame::read(&mut stream).unwrap();
        assert!(matches!(hello.unwrap().reply, Reply::Hello(_)));
        frame::write(&mut stream, &json).unwrap();
        let answer: Option<control::Answer> = frame::read(&mut stream).unwrap();
        let Reply::Refused(refusal) = answer.unwrap().reply else {
            panic!("{field} was taken")
        };
        assert_eq!(u8::from(refusal.code), 2, "{refusal:?}");
    }
    assert_eq!(count(&house, "card-issued"), 0);
    let made = issued(&house, wish(&house, CardKind::Supplier));
    assert!(made.issuance.is_some(), "without the field it is");
}

#[test]
fn m07_when_the_holder_signed_is_kept_and_nobody_signs_later_than_now() {
    let house = House::new();
    let _daemon = house.start();
    tenant(&house);
    let signed = |at: UtcMicros| CardIssue {
        signed_at: Some(Moment::from(at)),
        ..wish(&house, CardKind::Supplier)
    };
    let tomorrow = now().saturating_add(Duration::from_secs(86_400));
    let (code, said) = refused(&house, Request::CardIssue(Box::new(signed(tomorrow))));
    assert!(code == 2 && said.contains("--signed"), "{said}");
    assert_eq!(count(&house, "card-issued"), 0);
    let before = now();
    for wanted in [
        signed(UtcMicros::from_micros(1)),
        wish(&house, CardKind::Supplier),
    ] {
        let given = wanted.signed_at;
        let issuance = issued(&house, wanted).issuance.unwrap();
        let Reply::Card(shown) = house.ask(Request::CardShow { issuance }) else {
            panic!("not shown")
        };
        let shown = shown.signed_at.unwrap();
        assert!(
            given.map_or(shown.utc() >= before, |given| given == shown),
            "{shown}"
        );
    }
}

#[test]
fn m22_no_right_is_given_without_a_reason_and_the_grant_is_on_record() {
    let house = House::new();
    let _daemon = house.start();
    tenant(&house);
    let wanted = wish(&house, CardKind::Supplier);
    let issuance = issued(&house, wanted).issuance.unwrap();
    let grant = |reason: &str| {
        Request::Right(RightRequest::Grant(RightGrant {
            issuance,
            rights: vec![WantedRight {
                place: "front".into(),
                schedule: None,
            }],
            valid_from: None,
            valid_until: None,
            reason: reason.to_owned(),
        }))
    };
    let (code, said) = refused(&house, grant(""));
    assert!(code == 2 && said.contains("reason"), "{said}");
    house.ask(Request::Right(RightRequest::Revoke {
        issuance,
        place: "front".into(),
        reason: "begins tomorrow".into(),
    }));
    let given = house.ask(grant("mends the boiler"));
    assert!(matches!(given, Reply::Done { .. }), "{given:?}");
    assert!(events(&house).contains(&"right-granted".to_owned()));
}

const DINA: u32 = 1;
const OTTAR: u32 = 2;
const RITA: u32 = 3;
const STIG: u32 = 5;
const HANNE: u32 = 6;
const AUD: u32 = 7;
const TEKLA: u32 = 8;

//! What is changed about an issuance, and how far that goes.

use super::*;
use crate::Kind;
use crate::NewIssuance;
use crate::fixture::{House, at, text};

fn until(seconds: i64) -> Amendment {
    Amendment {
        until: Some(NewEnd::At(at(seconds))),
        ..Amendment::default()
    }
}

fn amended(
    house: &mut House,
    id: IssuanceId,
    wish: &Amendment,
    now: i64,
) -> Result<Change, RegisterError> {
    let by = house.operator;
    house.register.amend(id, (wish, Reach::Beyond), by, at(now))
}

#[test]
fn m11_a_renewal_is_a_logged_change_and_also_brings_an_ended_card_back() {
    let mut house = House::settled();
    let id = house.active_supplier("Kari", 7);
    drop(house.register.tell_ended(9, at(3_700)).unwrap());
    let change = amended(&mut house, id, &until(7_200), 3_700).unwrap();
    let (_, record) = &change.records[0];
    assert_eq!(record.verb, AuditVerb::CardChanged);
    let was = format!(" changed=until was-until={}", at(3_600));
    assert!(record.holder_text.ends_with(&was), "{}", record.holder_text);
    assert!(record.operator_text.ends_with(" changed=until"));
    let list = house.register.allowlist().unwrap();
    let valid = list.find(&house.tag(7)).unwrap().valid;
    assert_eq!(valid.until(), Some(at(7_200)));
    let told = house.register.tell_ended(9, at(7_200)).unwrap();
    assert_eq!(told.records.len(), 1, "it ends anew");
}

#[test]
fn m03_what_goes_beyond_what_was_issued_is_told_from_what_does_not() {
    let mut house = House::settled();
    let id = house.active_supplier("Kari", 7);
    let contact = Some(house.contact);
    let plastic = Some(house.shown(8));
    for (wish, reach) in [
        (until(3_599), Reach::Template),
        (until(3_601), Reach::Beyond),
        (
            Amendment {
                from: Some(at(-1)),
                ..Amendment::default()
            },
            Reach::Beyond,
        ),
        (
            Amendment {
                from: Some(at(5)),
                firm: Some(text("Rør")),
                mobile: Some(text("9")),
                ..Amendment::default()
            },
            Reach::Template,
        ),
        (
            Amendment {
                contact,
                ..until(9)
            },
            Reach::Beyond,
        ),
        (
            Amendment {
                plastic,
                ..until(9)
            },
            Reach::Beyond,
        ),
        (
            Amendment {
                until: Some(NewEnd::Never),
                ..Amendment::default()
            },
            Reach::Beyond,
        ),
    ] {
        assert_eq!(house.register.reach(id, &wish).unwrap(), reach, "{wish:?}");
        if reach == Reach::Beyond {
            let most = (&wish, Reach::Template);
            let refused = house.register.amend(id, most, house.operator, at(2));
            let refused = refused.unwrap_err();
            assert!(matches!(
                refused,
                RegisterError::Life(LifeError::BeyondTemplate)
            ));
        }
    }
}

#[test]
fn an_end_that_has_passed_is_now_and_never_before() {
    let mut house = House::settled();
    let id = house.active_supplier("Kari", 7);
    drop(amended(&mut house, id, &until(5), 50).unwrap());
    let row = house.register.find(id).unwrap();
    assert_eq!(row.valid.until(), Some(at(50)));
    let again = amended(&mut house, id, &until(20), 60).unwrap_err();
    assert!(matches!(again, RegisterError::Ended));
}

#[test]
fn a_visitors_card_keeps_an_end_and_an_employees_may_lose_it() {
    let mut house = House::settled();
    let id = house.active_supplier("Kari", 7);
    let never = Amendment {
        until: Some(NewEnd::Never),
        ..Amendment::default()
    };
    let refused = amended(&mut house, id, &never, 5).unwrap_err();
    assert!(matches!(refused, RegisterError::Life(LifeError::EndNeeded)));
    let employee = house.active_employee("Per", 8);
    drop(amended(&mut house, employee, &until(100), 5).unwrap());
    let row = house.register.find(employee).unwrap();
    assert_eq!(
        row.kind,
        Kind::Employee {
            until: Some(at(100))
        }
    );
    drop(amended(&mut house, employee, &never, 6).unwrap());
    assert_eq!(house.register.find(employee).unwrap().valid.until(), None);
}

#[test]
fn a_correction_is_sealed_and_no_record_says_it() {
    let mut house = House::settled();
    let id = house.active_supplier("Kari", 7);
    let wish = Amendment {
        firm: Some(text("Varme AS")),
        mobile: Some(text("+47 900 00 000")),
        ..Amendment::default()
    };
    let change = amended(&mut house, id, &wish, 5).unwrap();
    let (_, record) = &change.records[0];
    assert!(record.holder_text.contains(" changed=firm,mobile sealed="));
    assert!(!record.holder_text.contains("Varme") && !record.holder_text.contains("900"));
    let holder = house.register.show(id).unwrap().holder.unwrap();
    assert_eq!(
        (holder.name.expose(), holder.firm.expose()),
        ("Kari", "Varme AS")
    );
    let again = amended(&mut house, id, &wish, 6).unwrap_err();
    assert!(matches!(
        again,
        RegisterError::Life(LifeError::NothingToChange)
    ));
}

#[test]
fn m12_a_name_is_corrected_only_before_a_card_was_live() {
    let mut house = House::settled();
    let by = house.operator;
    let (id, _) = house
        .register
        .issue(&house.supplier("Kaari"), by, at(1))
        .unwrap();
    let wish = Amendment {
        name: Some(text("Kari")),
        ..Amendment::default()
    };
    drop(amended(&mut house, id, &wish, 2).unwrap());
    let holder = house.register.show(id).unwrap().holder.unwrap();
    assert_eq!(holder.name.expose(), "Kari");
    let shown = house.shown(7);
    drop(house.register.activate(id, &shown, by, at(3)).unwrap());
    let wish = Amendment {
        name: Some(text("Per")),
        ..Amendment::default()
    };
    let refused = amended(&mut house, id, &wish, 4).unwrap_err();
    assert!(matches!(
        refused,
        RegisterError::Life(LifeError::HolderFixed)
    ));
}

#[test]
fn m14_a_card_is_bound_to_another_contact_person_of_the_same_tenant_only() {
    let mut house = House::settled();
    let by = house.operator;
    let id = house.active_supplier("Kari", 7);
    let to = |contact| Amendment {
        contact: Some(contact),
        ..Amendment::default()
    };
    let elsewhere = house.contact_elsewhere("Staten");
    let refused = amended(&mut house, id, &to(elsewhere), 5).unwrap_err();
    assert!(matches!(
        refused,
        RegisterError::Life(LifeError::OtherTenant)
    ));
    let person = crate::ContactPerson {
        name: text("Nils Ny"),
        mobile: text("90000003"),
    };
    let tenant = house.contact.tenant;
    drop(
        house
            .register
            .add_contact(tenant, &person, by, at(5))
            .unwrap(),
    );
    let new = house
        .register
        .active_contact("Kommunen", "Nils Ny")
        .unwrap();
    let change = amended(&mut house, id, &to(new), 6).unwrap();
    assert!(change.records[0].1.holder_text.contains(" was-contact=1"));
    let view = house.register.show(id).unwrap();
    assert_eq!(view.contact.name.expose(), "Nils Ny");
}

#[test]
fn m32_another_plastic_takes_the_place_of_the_one_before_at_once() {
    let mut house = House::settled();
    let id = house.active_supplier("Kari", 7);
    let wish = Amendment {
        plastic: Some(house.shown(8)),
        ..Amendment::default()
    };
    drop(amended(&mut house, id, &wish, 5).unwrap());
    assert_eq!(house.standing(7), None);
    assert_eq!(house.standing(8), Some(access::Standing::Active));
    let by = house.operator;
    let new = NewIssuance {
        ..house.supplier("Per")
    };
    let (other, _) = house.register.issue(&new, by, at(6)).unwrap();
    let refused = amended(&mut house, other, &wish, 7).unwrap_err();
    assert!(matches!(refused, RegisterError::Life(LifeError::NotActive)));
    let shown = house.shown(7);
    drop(house.register.activate(other, &shown, by, at(8)).unwrap());
}

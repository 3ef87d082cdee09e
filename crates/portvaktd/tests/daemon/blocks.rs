//! Whose a block is: a lesser one is taken over, and lifted then by those who may lift any (M3).

use access::IssuanceId;
use control::request::card::CardReason;
use control::request::stock::StockRequest;
use control::{CardKind, Request};
use serde_json::json;

use super::people::{ask_as, house_of};
use super::visitors::{issued, number, tenant, wish};

const TECHNICIAN: u32 = 0;
const STAFF: u32 = 5;
const RECEPTIONIST: u32 = 3;

fn reason(issuance: IssuanceId) -> CardReason {
    CardReason {
        issuance,
        reason: "seen in the wrong hands".to_owned(),
    }
}

#[test]
fn m03_a_block_of_reception_staff_is_taken_over_and_is_theirs_to_lift_no_more() {
    let house = house_of(&[(STAFF, "reception-staff"), (RECEPTIONIST, "receptionist")]);
    let _daemon = house.start();
    tenant(&house);
    let card = issued(&house, wish(&house, CardKind::Supplier));
    let card = card.issuance.unwrap();
    let add = json!({"verb":"stock","act":"add","card":number(9)});
    house.ask(serde_json::from_str(&add.to_string()).unwrap());
    let stock = "S-001".parse().unwrap();
    let cases = [
        (
            Request::CardBlock(reason(card)),
            Request::CardUnblock(reason(card)),
        ),
        (
            Request::Stock(StockRequest::Block { stock }),
            Request::Stock(StockRequest::Unblock { stock }),
        ),
    ];
    for (block, unblock) in cases {
        let ask = |who, request: &Request| {
            let answer = ask_as(&house, who, request.clone());
            answer
                .map(|_| ())
                .map_err(|(code, said)| format!("{code} {said}"))
        };
        let refused = |who, request: &Request, why: &str| {
            let said = ask(who, request).unwrap_err();
            assert!(said.starts_with("3 ") && said.contains(why), "{said}");
        };
        // Their own they lift.
        assert_eq!(ask(STAFF, &block), Ok(()));
        assert_eq!(ask(STAFF, &unblock), Ok(()));
        assert_eq!(ask(STAFF, &block), Ok(()));
        refused(STAFF, &block, "already blocked");
        assert_eq!(ask(TECHNICIAN, &block), Ok(()), "over theirs");
        refused(STAFF, &unblock, "somebody else's block");
        refused(STAFF, &block, "already blocked");
        // Who may lift it anyhow has nothing to take over.
        refused(RECEPTIONIST, &block, "already blocked");
        refused(TECHNICIAN, &block, "already blocked");
        assert_eq!(ask(RECEPTIONIST, &unblock), Ok(()));
    }
}

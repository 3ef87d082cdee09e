//! Who may import what (M12), and who is asked for by name.

use control::{Code, Reply};
use serde_json::json;

use super::cards::{Office, Stand};
use super::{MockUp, ROOT};

/// What comes of a list of one card of this kind.
fn import(house: &MockUp, uid: u32, (kind, number): (&str, u64)) -> Reply {
    let mut caller = house.call(uid);
    let ready = caller.ask(&json!({"verb":"card-import-begin","rows":1}));
    assert_eq!(ready, Reply::Ready {});
    let mut row = json!({
        "line":2,"card":{"number":{"format":"H10301","facility":9,"number":number}},
        "name":"Kari","firm":"F","mobile":"1","contact":"Ola","tenant":"Kommunen","doors":["main"],"kind":kind
    });
    if kind != "employee" {
        let now = house.controller.ledger.clock.now().utc;
        let until = now.saturating_add(std::time::Duration::from_secs(3_600));
        row["valid_until"] = json!(control::Moment::from(until));
    }
    let rows = json!({"id":1,"request":{"verb":"card-import-rows","rows":[row]}});
    caller.say(rows.to_string().as_bytes());
    caller.ask(&json!({"verb":"card-import-end"}))
}

fn refusals(house: &MockUp) -> usize {
    let rows = house.call(ROOT).rows(&json!({"verb":"log-show"}));
    let rows = rows.iter().map(|row| format!("{row:?}"));
    rows.filter(|row| row.contains("\"refused\"")).count()
}

#[test]
fn m12_whoever_may_issue_imports_visitors_and_only_two_roles_employees() {
    let house = MockUp::new();
    drop(Office::open(&house));
    let mut number = 0;
    for uid in [ROOT, 1, 2, 3, 4] {
        for kind in ["supplier", "employee"] {
            number += 1;
            let before = refusals(&house);
            let reply = import(&house, uid, (kind, number));
            if kind == "employee" && [1, 3].contains(&uid) {
                let Reply::Refused(refusal) = reply else {
                    panic!("{uid}: {reply:?}")
                };
                assert_eq!(
                    (refusal.code, refusal.message.as_str()),
                    (
                        Code::Refused,
                        "a list that makes employees' cards live is for the roles technician and operations-manager only"
                    )
                );
                assert_eq!(refusals(&house), before + 1);
            } else {
                let Reply::Import(done) = reply else {
                    panic!("{uid} {kind}: {reply:?}")
                };
                assert!(done.applied, "{uid} {kind}: {done:?}");
                assert_eq!(refusals(&house), before);
            }
        }
    }
}

#[test]
fn m05_a_search_by_name_is_on_record_without_the_name() {
    let house = MockUp::new();
    let mut office = Office::open(&house);
    office.card(Stand::Active);
    let found = house
        .call(3)
        .rows(&json!({"verb":"card-find","name":"Kari"}));
    assert_eq!(found.len(), 1);
    let rows = house.call(ROOT).rows(&json!({"verb":"log-show"}));
    let told: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
    let readings = told.iter().filter(|row| row.contains("card-find"));
    assert_eq!(readings.count(), 1, "{told:?}");
    assert!(told.iter().all(|row| !row.contains("Kari")));
}

#[test]
fn m28_nobody_reads_the_log_by_person_and_each_try_is_on_record() {
    let house = MockUp::new();
    for (tries, uid) in (1..).zip([ROOT, 1, 3, 7]) {
        let by_person =
            json!({"verb":"log-show","denied":false,"person":"Kari Nordmann","case":"2026-7"});
        let reply = house.call(uid).ask(&by_person);
        let Reply::Refused(refusal) = reply else {
            panic!("{uid}: {reply:?}")
        };
        assert_eq!(refusal.code, Code::Refused, "{uid}: {refusal:?}");
        assert!(!refusal.message.contains("Kari"));
        assert_eq!(refusals(&house), tries);
    }
}

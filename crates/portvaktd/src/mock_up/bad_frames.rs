//! Bad frames: what is wrong around a request, and in the rows of a list, which are looked at only when all have come.

use control::{Code, Reply};
use serde_json::{Value, json};

use super::caller;
use super::cards::{Office, Stand};
use super::golden::{golden, named};
use super::sight::Sight;
use super::spoil::{Spoilt, every_way};
use super::{MockUp, ROOT};

#[test]
fn m04_a_spoilt_envelope_is_refused_and_what_is_no_doubt_keeps_nothing() {
    let house = MockUp::new();
    let mut office = Office::open(&house);
    let card = office.card(Stand::Active);
    let block = json!({"verb":"card-block","issuance":card,"reason":"odd"});
    let envelope = json!({"id":7,"dry_run":true,"doubt":"is it hers at all?","request":block});
    let before = Sight::of(&house);
    let around = |spoilt: &Spoilt| !spoilt.told.starts_with("/request/");
    let mut refused = 0;
    for spoilt in every_way(&envelope).iter().filter(|spoilt| around(spoilt)) {
        let reply = house.call(RECEPTIONIST).ask_octets(&spoilt.octets);
        let Some(refusal) = caller::refused(reply.expect("an answer")) else {
            // Without the word that it is only tried, it is done.
            let is_known = ["/dry_run missing", "/doubt missing"].contains(&spoilt.told.as_str());
            assert!(
                is_known || !spoilt.must_be_refused,
                "{}: taken",
                spoilt.told
            );
            continue;
        };
        assert_eq!(refusal.code, Code::Usage, "{}: {refusal}", spoilt.told);
        assert!(!refusal.message.contains("Zq7"), "{refusal}");
        refused += 1;
    }
    assert!(refused > 55, "{refused}");
    let waiting = office.rows(&json!({"verb":"approval","act":"list"}));
    assert_eq!(
        waiting.len(),
        1,
        "the one without the word that it is only tried"
    );
    let after = Sight::of(&house);
    assert!(before.has_cards_of(&after));
}

/// A list's first frame, its one frame of rows, and its last.
fn frames(of: &str) -> [Value; 3] {
    let all = golden();
    let frame = |part: &str| {
        let wanted = format!("{of}-{part}");
        let found = all.iter().find(|request| named(request) == wanted);
        found.unwrap().clone()
    };
    [frame("begin"), frame("rows"), frame("end")]
}

/// What comes of a list whose rows are these octets, if nothing is done in the end.
fn listed(house: &MockUp, [begin, _, end]: &[Value; 3], rows: &[u8]) -> Reply {
    let mut caller = house.call(ROOT);
    let reply = caller.ask(begin);
    assert!(matches!(reply, Reply::Ready {}), "{reply:?}");
    let start: &[u8] = br#"{"id":2,"request":"#;
    caller.say(&[start, rows, b"}"].concat());
    caller.ask_within(end, json!({"dry_run":true}))
}

/// Every way of spoiling the rows of a list; each is refused, or told as a problem, or is right.
fn every_row(of: &str, problems: fn(&Reply) -> Option<Vec<String>>) {
    let house = MockUp::new();
    drop(Office::open(&house));
    let mut frames = frames(of);
    let count = frames[1]["rows"].as_array().unwrap().len();
    frames[0]["rows"] = json!(count);
    if frames[1]["rows"][0].get("tenant").is_some() {
        frames[1]["rows"][0]["tenant"] = json!("Kommunen");
    }
    let before = Sight::of(&house);
    let right = listed(&house, &frames, frames[1].to_string().as_bytes());
    assert_eq!(problems(&right), Some(Vec::new()), "{right:?}");
    let mut found = 0;
    for spoilt in every_way(&frames[1]) {
        let told = format!("{of} {}", spoilt.told);
        let reply = listed(&house, &frames, &spoilt.octets);
        let says = match (problems(&reply), reply) {
            (Some(problems), _) => problems,
            (None, Reply::Refused(refusal)) => {
                assert_eq!(refusal.code, Code::Usage, "{told}: {refusal}");
                vec![refusal.message]
            }
            (None, reply) => panic!("{told}: {reply:?}"),
        };
        assert!(!says.is_empty() || !spoilt.must_be_refused, "{told}: taken");
        for line in &says {
            let is_public = ["doors", "tenant", "format"]
                .iter()
                .any(|public| spoilt.told.contains(public));
            assert!(is_public || !line.contains("Zq7"), "{told}: {line}");
            assert!(!line.chars().any(access::is_unseen), "{told}: {line:?}");
        }
        found += usize::from(!says.is_empty());
    }
    assert!(found > 100, "{found}");
    before.must_hold(&house, &mut house.call(ROOT), of);
}

#[test]
fn a_spoilt_row_of_an_import_is_a_problem_in_one_line_and_nothing_is_imported() {
    every_row("card-import", |reply| {
        let Reply::Import(diff) = reply else {
            return None;
        };
        let problems = diff.problems.iter();
        Some(problems.map(|problem| problem.message.clone()).collect())
    });
}

#[test]
fn a_hundred_problems_with_the_longest_names_fit_one_answer() {
    let house = MockUp::new();
    drop(Office::open(&house));
    let [mut begin, rows, end] = frames("card-import");
    begin["rows"] = json!(120);
    let mut caller = house.call(ROOT);
    caller.ask(&begin);
    for line in 0..120 {
        let mut row = rows["rows"][0].clone();
        row["line"] = json!(line + 2);
        row["tenant"] = json!("Kommunen");
        row["card"]["number"]["number"] = json!(line + 2);
        row["doors"] = json!(["\"".repeat(25_000)]);
        let rows = json!({"verb":"card-import-rows","rows":[row]});
        caller.say(json!({"id":1,"request":rows}).to_string().as_bytes());
    }
    let reply = caller.ask_within(&end, json!({"dry_run":true}));
    let Reply::Import(diff) = &reply else {
        panic!("{reply:?}")
    };
    assert_eq!((diff.problems_total, diff.problems.len()), (120, 100));
}

#[test]
fn a_spoilt_row_of_a_list_of_leavers_ends_nothing() {
    every_row("tenant/leavers", |reply| {
        let Reply::Leavers(leavers) = reply else {
            return None;
        };
        let problems = leavers.problems.iter();
        Some(problems.map(|problem| problem.message.clone()).collect())
    });
}

/// Who asks in doubt.
const RECEPTIONIST: u32 = 3;

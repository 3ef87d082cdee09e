//! Tests: after any sequence of commands the fold of the records is what the rows say, and no single edit of a row goes unseen.

mod acts;
mod cells;
mod logged;
mod office;

use proptest::prelude::*;

use super::*;
use crate::import::fixture::{Sheet, terms};
use logged::Logged;

#[test]
fn m19_a_forgotten_holder_is_a_tombstone_on_both_sides() {
    let mut logged = Logged::new();
    for (act, of) in [(0, 0), (0, 2), (4, 0), (11, 2), (12, 2)] {
        logged.act(act, of);
    }
    assert!(
        logged
            .house
            .register
            .said_of_issuances(None, 9)
            .unwrap()
            .len()
            < logged.issued.len()
    );
    assert_eq!(logged.fold().issuances() + 1, logged.issued.len());
    assert_eq!(logged.disagreements(), []);
}

#[test]
fn m18_imported_cards_with_their_charges_and_a_card_that_left_the_stock_are_what_their_records_say()
{
    let mut logged = Logged::new();
    let (by, now) = (logged.house.operator, logged.now());
    let fee = crate::Fee {
        ore: 15_000,
        year: 2026,
    };
    let terms = crate::ImportTerms {
        fee: Some(fee),
        ..terms()
    };
    let sheet = Sheet::new(&[("Kari", 1), ("Per", 2)]);
    let rows = sheet.rows(&logged.house);
    let plan = logged.house.register.import_plan(rows, terms, now).unwrap();
    let register = &mut logged.house.register;
    let _done = register.import(&plan, by, now, &mut |_| {}).unwrap();
    logged.drain();
    assert_eq!(logged.disagreements(), []);
    for (act, of) in [(40, 9), (41, 128)] {
        logged.act(act, of);
        assert_eq!(logged.disagreements(), []);
    }
    let told: Vec<AuditVerb> = logged.log.iter().map(|(_, audit)| audit.verb).collect();
    let last = told.last_chunk();
    assert_eq!(
        last,
        Some(&[AuditVerb::StockAdded, AuditVerb::StockRemoved])
    );
    let charged = told.iter().filter(|verb| **verb == AuditVerb::ChargeMade);
    assert_eq!(charged.count(), 2);
}

/// `cargo test -p register --lib -- --ignored --nocapture a_million_issuances`.
#[test]
#[ignore = "measures; the figure stands in docs/auditor.md"]
fn a_million_issuances_are_folded_in_little_memory() {
    let resident = || {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS"))
            .unwrap();
        line.split_whitespace()
            .nth(1)
            .unwrap()
            .parse::<u64>()
            .unwrap()
    };
    let before = resident();
    let mut fold = Fold::default();
    for event in 0..1_000_000_u32 {
        let holder_text = format!(
            "kind=employee state=active blocked=0 tenant=1 contact=1 from={event} until=- rights=1 sealed={event:016x}"
        );
        fold.take(&Telling {
            verb: AuditVerb::CardIssued,
            issuance: Some(IssuanceId::from_random(event.wrapping_mul(0x9E37_79B9))),
            holder_text: &holder_text,
            operator_text: "",
            at: UtcMicros::from_micros(0),
            event: u64::from(event),
        });
    }
    println!(
        "{} issuances: {} KiB",
        fold.issuances(),
        resident() - before
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn after_any_commands_the_register_is_the_fold_of_its_records(acts in proptest::collection::vec((any::<u8>(), any::<u8>()), 0..80)) {
        let mut logged = Logged::new();
        for (act, of) in acts {
            logged.act(act, of);
            prop_assert_eq!(logged.disagreements(), [], "after {} {}", act % acts::ACTS, of);
        }
    }
}

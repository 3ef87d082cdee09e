//! The enrolment desk.

use access::ReaderId;
use reader_bus::Uptime;
use site::{Notice, SiteError};

use crate::rig::{DESK, Rig, card};

#[test]
fn a_card_that_is_waited_for_is_handed_over_and_opens_nothing() {
    let mut rig = Rig::new();
    let until = in_ms(&rig, 60_000);
    rig.site.expect_presentation(DESK, 7, until).unwrap();
    rig.show(DESK, 42);
    let handed = rig.notices.iter().find_map(|notice| {
        if let Notice::Presented {
            token: 7,
            reader,
            bits,
        } = notice
        {
            Some((*reader, bits.clone()))
        } else {
            None
        }
    });
    assert_eq!(handed, Some((DESK, card(42))));
    assert!(rig.passages().is_empty());
    rig.show(DESK, 42);
    assert_eq!(
        rig.passages(),
        ["access-denied door - reader 4 unknown-card"],
        "one card only"
    );
}

#[test]
fn nobody_waits_at_a_reader_that_is_not_for_it() {
    let mut rig = Rig::new();
    let until = in_ms(&rig, 1_000);
    let refused = |result| matches!(result, Err(SiteError::NotForEnrolment { .. }));
    assert!(refused(rig.site.expect_presentation(
        ReaderId::new(1),
        7,
        until
    )));
    let unknown = rig.site.expect_presentation(ReaderId::new(99), 7, until);
    assert!(matches!(unknown, Err(SiteError::UnknownReader { .. })));
    rig.site.expect_presentation(DESK, 7, until).unwrap();
    let second = rig.site.expect_presentation(DESK, 8, until);
    assert!(matches!(second, Err(SiteError::AlreadyExpecting { .. })));
}

#[test]
fn waiting_for_a_card_ends() {
    let mut rig = Rig::new();
    rig.site
        .expect_presentation(DESK, 7, in_ms(&rig, 1_000))
        .unwrap();
    rig.run_ms(1_100);
    assert!(
        rig.notices
            .iter()
            .any(|notice| matches!(notice, Notice::NotPresented { token: 7 }))
    );
    rig.site
        .expect_presentation(DESK, 8, in_ms(&rig, 1_000))
        .unwrap();
    rig.site.cancel_presentation(8);
    rig.show(DESK, 42);
    assert_eq!(
        rig.passages(),
        ["access-denied door - reader 4 unknown-card"]
    );
}

fn in_ms(rig: &Rig, ms: u64) -> Uptime {
    rig.now().up + std::time::Duration::from_millis(ms)
}

//! A report as it comes out: complete, escaped, and of nothing but itself.

use control::reply::review::{ReviewCount, ReviewItem, ReviewRight, ReviewRow};
use control::{CardKind, CardState};

use super::*;

fn right(place: &str, decided: Option<ReviewVerdict>) -> ReviewRight {
    ReviewRight {
        place: place.to_owned(),
        schedules: Vec::new(),
        valid_until: None,
        lapsed: false,
        later: false,
        decided,
    }
}

fn item(issuance: &str, tenant: &str, decided: Option<ReviewVerdict>) -> ReviewItem {
    ReviewItem {
        issuance: issuance.parse().unwrap(),
        kind: CardKind::Employee,
        state: CardState::Active,
        tenant: tenant.to_owned(),
        valid_until: None,
        changed: false,
        decided,
        rights: vec![
            right("main", decided),
            right("<cellar>", Some(ReviewVerdict::Keep)),
        ],
    }
}

fn head(is_signed: bool) -> ReviewReport {
    let at = Moment::from(access::UtcMicros::from_micros(1_795_348_800_000_000));
    let count = |of: &str, verdict, number| ReviewCount {
        kind: "employee".to_owned(),
        of: of.to_owned(),
        verdict,
        number,
    };
    let signed = ReviewSigned {
        at,
        by: "kari".to_owned(),
        own: 7,
        log_size: 184_467,
        log_root: "ab".repeat(32),
        decisions: "cd".repeat(32),
        hash: "ef".repeat(32),
        counts: vec![
            count("card", ReviewVerdict::Keep, 311),
            count("right", ReviewVerdict::Revoke, 17),
        ],
    };
    ReviewReport {
        review: ReviewRow {
            review: 4,
            quarter: "2026-Q4".to_owned(),
            opened_at: at,
            opened_by: "kari".to_owned(),
            cards: 312,
            rights: 900,
            former: Some("12".repeat(32)),
            undecided: None,
            signed: is_signed.then_some(signed),
        },
        site: "Kommunenes Hus & Hage".to_owned(),
        origin: "kommuneneshus.example/portvakt".to_owned(),
        classification: is_signed.then(|| "Intern".to_owned()),
        information_owner: None,
    }
}

fn html(is_signed: bool, lang: Lang) -> String {
    let mut tables = Tables::default();
    tables.add(&item(
        "P-3F7K2Q",
        "A <b>firm</b>",
        Some(ReviewVerdict::Revoke),
    ));
    tables.add(&item(
        "P-3F7K2R",
        "A <b>firm</b>",
        Some(ReviewVerdict::Keep),
    ));
    tables.add(&item("P-3F7K2S", "Kommunen", None));
    let days = [ReviewDay {
        day: "2026-10-01".to_owned(),
        out: [3, 0, 1, 2],
    }];
    let paper = Paper {
        lang,
        head: &head(is_signed),
        days: &days,
        tables: &tables,
        shown: &|_| "Fri 2026-11-27 10:00".to_owned(),
    };
    paper.html()
}

#[test]
fn m35_head_and_foot_carry_classification_and_owner_or_room_for_them() {
    let signed = html(true, Lang::En);
    assert_eq!(signed.matches("Classification: <b>Intern</b>").count(), 2);
    let blank = "Information owner: <span class=\"blank\"></span>";
    assert_eq!(signed.matches(blank).count(), 2);
    assert!(!signed.contains("class=\"open\""));
}

#[test]
fn a_report_is_escaped_and_of_nothing_but_itself() {
    for lang in [Lang::En, Lang::Nb] {
        let html = html(true, lang);
        assert!(html.contains("A &lt;b&gt;firm&lt;/b&gt;") && !html.contains("<b>firm"));
        assert!(html.contains("&lt;cellar&gt;") && html.contains("Hus &amp; Hage"));
        for foreign in [
            "<script", "http://", "https://", "src=\"", "@import", "url(", "<link", "href",
        ] {
            assert!(!html.contains(foreign), "{foreign}");
        }
    }
    assert_eq!(
        escaped("<a href='x\"&'>"),
        "&lt;a href=&#39;x&quot;&amp;&#39;&gt;"
    );
}

#[test]
fn m06_a_signed_report_says_who_signed_when_and_the_signed_figures() {
    let html = html(true, Lang::En);
    for says in [
        "Fri 2026-11-27 10:00, by kari",
        "<td class=\"count\">311</td>",
        "<td class=\"count\">17</td>",
        &"ef".repeat(32),
        &"12".repeat(32),
        "184467 records, root",
        "P-3F7K2Q",
        "kept: <span class=\"mono\">P-3F7K2R</span>",
    ] {
        assert!(html.contains(says), "{says}");
    }
    assert!(html.contains("<dt>Cards issued by the signer</dt><dd>7</dd>"));
}

#[test]
fn an_open_review_says_that_it_is_not_signed() {
    let html = html(false, Lang::Nb);
    assert!(html.contains("Ikke signert"));
    assert!(html.contains("<html lang=\"nb\">") && html.contains("ansatt"));
    assert!(html.contains("ikke avgjort") && !html.contains(&"ef".repeat(32)));
}

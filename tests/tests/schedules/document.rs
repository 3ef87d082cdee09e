//! Document: the table of `docs/schedules.md`, worked out by hand, held against the product.

use std::fs;
use std::path::Path;

use access::schedule::{SpecialDay, SpecialKind, When, Window};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::Schedule;
use crate::hours::zone;

#[test]
fn every_row_of_the_document_is_true() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/schedules.md");
    let text = fs::read_to_string(path).unwrap();
    let rows = text.lines().filter(|line| line.contains("Z | "));
    let mut count = 0;
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let ["", name, windows, special, instant, wall, holds, ""] = cells[..] else {
            panic!("a row has six cells: {row}")
        };
        let windows: Vec<Window> = windows
            .split("; ")
            .map(|window| window.parse().unwrap())
            .collect();
        let special: Vec<SpecialDay> = special_day(special).into_iter().collect();
        let instant: Timestamp = instant.parse().unwrap();
        let shown = zone(name).to_datetime(instant);
        let shown = shown.strftime("%a %Y-%m-%d %H:%M:%S%.f").to_string();
        assert_eq!(shown, wall, "{row}");
        let schedule = Schedule::new(name, &windows, &special);
        assert_eq!(schedule.holds(instant), yes(holds), "{row}");
        count += 1;
    }
    assert!(count >= 12, "{count} rows");
}

fn yes(word: &str) -> bool {
    match word {
        "yes" => true,
        "no" => false,
        other => panic!("yes or no, not {other}"),
    }
}

/// `2026-05-14 holiday`, `12-25 holiday`, or nothing.
fn special_day(text: &str) -> Option<SpecialDay> {
    let (date, kind) = text.split_once(' ')?;
    assert_eq!(kind, "holiday");
    let when = if date.len() == 5 {
        let (month, day) = date.split_once('-').unwrap();
        When::Yearly {
            month: month.parse().unwrap(),
            day: day.parse().unwrap(),
        }
    } else {
        let date: Date = date.parse().unwrap();
        When::Once {
            year: date.year(),
            month: date.month(),
            day: date.day(),
        }
    };
    let kind = SpecialKind::HOLIDAY;
    Some(SpecialDay { when, kind })
}

//! The CSV file of `review decide`: every row read before the daemon hears of any.

use access::IssuanceId;
use control::Moment;
use control::request::review::{ReviewDecision, ReviewVerdict};
use csv::{ReaderBuilder, StringRecord};

use crate::bulk::{csv_fault, read_file};
use crate::csv_lines::CsvLines;
use crate::failure::Failure;
use crate::until::Calendar;

/// A decision, and where in the file it stands.
pub(crate) struct Numbered {
    pub(super) line: u64,
    pub(super) decision: ReviewDecision,
}

/// The decisions of a file; times without a zone are civil times of the site.
///
/// # Errors
/// [`Failure`] with exit code 2 at the first row that cannot be taken.
pub(super) fn read(path: &str, calendar: &Calendar) -> Result<Vec<Numbered>, Failure> {
    parse(&read_file(path)?, calendar)
}

/// As [`read`], of what comes from anywhere.
///
/// # Errors
/// As [`read`].
pub(crate) fn parse(csv: &[u8], calendar: &Calendar) -> Result<Vec<Numbered>, Failure> {
    let mut reader = ReaderBuilder::new().trim(csv::Trim::All).from_reader(csv);
    let unread = |error: csv::Error| Failure::usage(csv_fault(&error));
    let columns = Columns::read(reader.headers().map_err(unread)?)?;
    let mut decisions = Vec::new();
    let mut lines = CsvLines::new(csv);
    for record in reader.records() {
        let line = lines.of(&record);
        let record = record.map_err(|error| unread(error).at_line(line))?;
        if decisions.len() >= ROWS_MAX {
            let what = format!("more than {ROWS_MAX} decisions in one file; split it");
            return Err(Failure::usage(what));
        }
        let decision = columns.decision(&record, calendar);
        let decision = decision.map_err(|failure| failure.at_line(line))?;
        decisions.push(Numbered { line, decision });
    }
    Ok(decisions)
}

/// Where each known column stands in this file.
struct Columns(Vec<&'static str>);

impl Columns {
    fn read(heading: &StringRecord) -> Result<Self, Failure> {
        let mut found = Vec::new();
        for written in heading {
            let written = written.trim_start_matches('\u{feff}').to_lowercase();
            let known = KNOWN.into_iter().find(|name| *name == written);
            let Some(known) = known.filter(|name| !found.contains(name)) else {
                let what = format!(
                    "column {written:?} is unknown or stands twice; columns are {}",
                    KNOWN.join(", ")
                );
                return Err(Failure::usage(what));
            };
            found.push(known);
        }
        let missing = NEEDED.into_iter().find(|name| !found.contains(name));
        match missing {
            Some(name) => Err(Failure::usage(format!("the column {name} is missing"))),
            None => Ok(Self(found)),
        }
    }

    fn decision(
        &self,
        record: &StringRecord,
        calendar: &Calendar,
    ) -> Result<ReviewDecision, Failure> {
        let issuance = self.text(record, "issuance");
        let issuance: IssuanceId = issuance
            .parse()
            .map_err(|error| Failure::usage(format!("issuance: {error}")))?;
        let until = self.given(record, "until").map(|text| calendar.read(text));
        let until = until.transpose();
        let until = until.map_err(|error| Failure::usage(format!("until: {error}")))?;
        let without = self.text(record, "without").split(';').map(str::trim);
        Ok(ReviewDecision {
            issuance,
            place: self.given(record, "place").map(str::to_owned),
            verdict: verdict(self.text(record, "verdict"))?,
            until: until.map(|zoned| Moment::from(zoned.timestamp())),
            without: without
                .filter(|place| !place.is_empty())
                .map(str::to_owned)
                .collect(),
            reason: self.text(record, "reason").to_owned(),
        })
    }

    fn text<'r>(&self, record: &'r StringRecord, name: &str) -> &'r str {
        let place = self.0.iter().position(|column| *column == name);
        place.and_then(|at| record.get(at)).unwrap_or_default()
    }

    fn given<'r>(&self, record: &'r StringRecord, name: &str) -> Option<&'r str> {
        Some(self.text(record, name)).filter(|text| !text.is_empty())
    }
}

fn verdict(written: &str) -> Result<ReviewVerdict, Failure> {
    let known = [
        ReviewVerdict::Keep,
        ReviewVerdict::Change,
        ReviewVerdict::Revoke,
    ];
    let known = known.into_iter().find(|known| known.as_str() == written);
    known.ok_or_else(|| {
        Failure::usage(format!(
            "verdict {written:?} is none; verdicts are keep, change and revoke"
        ))
    })
}

const KNOWN: [&str; 6] = ["issuance", "place", "verdict", "until", "without", "reason"];
const NEEDED: [&str; 3] = ["issuance", "verdict", "reason"];
/// As many cards as a house may have, and some rights of each.
const ROWS_MAX: usize = 5_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Vec<Numbered>, Failure> {
        let calendar = Calendar {
            now: "2026-11-22T08:00:00Z".parse().unwrap(),
            zone: jiff::tz::TimeZone::get("Europe/Oslo").unwrap(),
            working_day_ends: None,
        };
        parse(text.as_bytes(), &calendar)
    }

    #[test]
    fn decisions_are_read_with_their_lines() {
        let rows = parsed(
            "\u{feff}Issuance,Verdict,Reason,Place,Until,Without\n\
             P-3F7K2Q,keep,works here,,,\n\
             P-3F7K2Q,change,leaves,,24.12.2026 15:00,cellar; roof\n\
             P-3F7K2Q,revoke,\"no need, now\",cellar,,\n",
        )
        .unwrap();
        let lines: Vec<u64> = rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [2, 3, 4]);
        let [keep, change, revoke] = rows.as_slice() else {
            panic!()
        };
        assert_eq!(keep.decision.verdict, ReviewVerdict::Keep);
        assert!(keep.decision.place.is_none() && keep.decision.without.is_empty());
        assert_eq!(change.decision.without, ["cellar", "roof"]);
        let until = change.decision.until.unwrap().timestamp().to_string();
        assert_eq!(until, "2026-12-24T14:00:00Z");
        assert_eq!(revoke.decision.place.as_deref(), Some("cellar"));
        assert_eq!(revoke.decision.reason, "no need, now");
    }

    #[test]
    fn a_row_that_cannot_be_taken_is_named_by_its_line() {
        for (text, says) in [
            ("issuance,verdict\n", "the column reason is missing"),
            ("issuance,verdict,reason,name\n", "\"name\" is unknown"),
            ("issuance,verdict,reason,reason\n", "stands twice"),
            (
                "issuance,verdict,reason\nP-3F7K2Q,keep,r\nP-3F7K2Q,stay,r\n",
                "line 3: verdict \"stay\"",
            ),
            ("issuance,verdict,reason\nX,keep,r\n", "line 2: issuance:"),
            (
                "issuance,verdict,reason,until\nP-3F7K2Q,change,r,soon\n",
                "line 2: until:",
            ),
        ] {
            let Err(Failure::Said(refused)) = parsed(text) else {
                panic!("{text}")
            };
            assert!(refused.message.contains(says), "{}", refused.message);
        }
    }
}

//! The CSV file of `tenant leavers`: every row read, every fault found, before the daemon hears of it.

use control::reply::import::{IMPORT_PROBLEMS_MAX, ImportProblem};
use control::request::tenant::{LEAVERS_ROWS_MAX, LeaverEntry};
use control::{Moment, Private};
use csv::{ReaderBuilder, StringRecord};

use crate::bulk::csv_fault;
use crate::csv_lines::CsvLines;
use crate::failure::Failure;
use crate::until::Calendar;

/// A file's rows, or what is wrong with them.
#[derive(Debug, Default)]
pub(crate) struct LeaverList {
    /// The rows, in the file's order.
    pub(crate) rows: Vec<LeaverEntry>,
    /// The first faults found, at most [`IMPORT_PROBLEMS_MAX`].
    pub(crate) problems: Vec<ImportProblem>,
    /// How many there are in all.
    pub(crate) problems_total: u64,
}

impl LeaverList {
    /// Reads `csv`; a last day is over at the end of that day in the site's zone.
    ///
    /// # Errors
    /// [`Failure`] with exit code 2 if the heading is not what it must be, or there are too many rows. A row that cannot be
    /// read is a problem, not an error.
    pub(crate) fn read(csv: &[u8], calendar: &Calendar) -> Result<Self, Failure> {
        let mut reader = ReaderBuilder::new().trim(csv::Trim::All).from_reader(csv);
        let heading = reader
            .headers()
            .map_err(|error| Failure::usage(csv_fault(&error)))?;
        let columns = columns(heading)?;
        let mut list = Self::default();
        let mut lines = CsvLines::new(csv);
        for (record, at) in reader.records().zip(0_u64..) {
            if at >= LEAVERS_ROWS_MAX {
                return Err(Failure::usage(format!(
                    "more than {LEAVERS_ROWS_MAX} rows; split the file"
                )));
            }
            let line = lines.of(&record);
            let row = record
                .map_err(|error| ("row", csv_fault(&error)))
                .and_then(|record| entry(&record, line, &columns, calendar));
            match row {
                Ok(row) => list.rows.push(row),
                Err((column, message)) => list.note(line, column, message),
            }
        }
        Ok(list)
    }

    fn note(&mut self, line: u64, column: &str, message: String) {
        self.problems_total += 1;
        if self.problems.len() < IMPORT_PROBLEMS_MAX {
            self.problems.push(ImportProblem {
                line,
                column: column.to_owned(),
                message,
            });
        }
    }
}

/// The columns of this file, in its order. Personal ones that are of no use here are refused by name (M7), not dropped.
fn columns(heading: &StringRecord) -> Result<Vec<&'static str>, Failure> {
    let mut found: Vec<&'static str> = Vec::new();
    for written in heading {
        let written = written.trim_start_matches('\u{feff}').to_lowercase();
        let Some(known) = KNOWN.into_iter().find(|&name| name == written) else {
            return Err(Failure::usage(format!(
                "column {written:?} may not be in a list of leavers; only {}",
                KNOWN.join(", ")
            )));
        };
        if found.contains(&known) {
            return Err(Failure::usage(format!("column {known} stands twice")));
        }
        found.push(known);
    }
    if found.contains(&"name") {
        Ok(found)
    } else {
        Err(Failure::usage("columns missing: name"))
    }
}

/// The row, or the column that cannot be taken and why, without what stands there.
fn entry(
    record: &StringRecord,
    line: u64,
    columns: &[&'static str],
    calendar: &Calendar,
) -> Result<LeaverEntry, (&'static str, String)> {
    let text = |name: &str| {
        let place = columns.iter().position(|&column| column == name)?;
        record.get(place).filter(|text| !text.is_empty())
    };
    let name = text("name").ok_or(("name", "is empty".to_owned()))?;
    let ends = match text("last_day") {
        None => None,
        Some(day) => {
            let end = calendar.end_of_day(day);
            let end = end.map_err(|_| {
                (
                    "last_day",
                    "is not a date; write 2026-12-31 or 31.12.2026".to_owned(),
                )
            })?;
            Some(Moment::from(end.timestamp()))
        }
    };
    Ok(LeaverEntry {
        line,
        name: Private::new(name),
        mobile: text("mobile").map(Private::new),
        firm: text("firm").map(Private::new),
        ends,
    })
}

/// Columns that may be there; the name must.
const KNOWN: [&str; 4] = ["name", "mobile", "firm", "last_day"];

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    fn read(csv: &str) -> Result<LeaverList, Failure> {
        let calendar = Calendar {
            now: "2026-11-22T08:00:00Z".parse().unwrap(),
            zone: TimeZone::get("Europe/Oslo").unwrap(),
            working_day_ends: None,
        };
        LeaverList::read(csv.as_bytes(), &calendar)
    }

    fn refusal(csv: &str) -> String {
        match read(csv) {
            Err(Failure::Said(refusal)) => refusal.message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn m25_a_last_day_is_over_at_its_end_and_what_is_left_out_narrows_nothing() {
        let csv = "\u{feff}Name,last_day,mobile\nKari Ås,31.12.2026,\nPer,2026-03-28,900\nSiv,,\n";
        let list = read(csv).unwrap();
        let ends: Vec<_> = list
            .rows
            .iter()
            .map(|row| row.ends.map(|end| end.to_string()))
            .collect();
        let at = |text: &str| Some(text.to_owned());
        assert_eq!(
            ends,
            [
                at("2026-12-31T23:00:00.000000Z"),
                at("2026-03-28T23:00:00.000000Z"),
                None
            ]
        );
        let row = list.rows.first().unwrap();
        assert_eq!((row.line, row.name.expose()), (2, "Kari Ås"));
        assert!(row.mobile.is_none() && row.firm.is_none());
    }

    #[test]
    fn m07_a_column_of_no_use_is_refused_by_name() {
        assert!(refusal("name,born\n").contains("\"born\" may not be in a list of leavers"));
        assert!(refusal("mobile\n").contains("columns missing: name"));
        assert!(refusal("name,name\n").contains("name stands twice"));
        assert!(read("").is_err());
    }

    #[test]
    fn m25_each_fault_names_its_line_and_column_and_nothing_that_stands_there() {
        let csv = "name,last_day\nKari,soon\n,2026-12-31\nPer,31.12.2026 16:00\nSiv\nLiv,\n";
        let list = read(csv).unwrap();
        let places: Vec<_> = list
            .problems
            .iter()
            .map(|it| (it.line, it.column.as_str()))
            .collect();
        assert_eq!(
            places,
            [(2, "last_day"), (3, "name"), (4, "last_day"), (5, "row")]
        );
        assert_eq!((list.rows.len(), list.problems_total), (1, 4));
        assert!(list.problems.iter().all(|it| !it.message.contains("soon")));
    }
}

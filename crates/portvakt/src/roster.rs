//! The CSV file of `card import`: every row read, every fault found, before the daemon
//! hears of it.

use control::reply::import::{IMPORT_PROBLEMS_MAX, ImportProblem};
use control::request::import::{IMPORT_ROWS_MAX, ImportRow};
use control::{CardKind, Credential, Moment, Private};
use csv::{ReaderBuilder, StringRecord};

use crate::bulk::csv_fault;
use crate::csv_lines::CsvLines;
use crate::failure::Failure;
use crate::plastic::{read_number, read_raw};
use crate::until::Calendar;

/// A file's rows, or what is wrong with them.
#[derive(Debug, Default)]
pub(crate) struct Roster {
    /// The rows, in the file's order.
    pub(crate) rows: Vec<ImportRow>,
    /// The first faults found, at most [`IMPORT_PROBLEMS_MAX`].
    pub(crate) problems: Vec<ImportProblem>,
    /// How many there are in all.
    pub(crate) problems_total: u64,
}

impl Roster {
    /// Reads `csv`; times without a zone are civil times of the site.
    ///
    /// # Errors
    /// [`Failure`] with exit code 2 if the heading is not what it must be, or there are
    /// too many rows. A row that cannot be read is a problem, not an error.
    pub(crate) fn read(csv: &[u8], calendar: &Calendar) -> Result<Self, Failure> {
        let mut reader = ReaderBuilder::new().trim(csv::Trim::All).from_reader(csv);
        let heading = reader
            .headers()
            .map_err(|error| Failure::usage(csv_fault(&error)))?;
        let columns = Columns::read(heading)?;
        let mut roster = Self::default();
        let mut lines = CsvLines::new(csv);
        for (record, at) in reader.records().zip(0_u64..) {
            if at >= IMPORT_ROWS_MAX {
                return Err(Failure::usage(format!(
                    "more than {IMPORT_ROWS_MAX} rows; split the file"
                )));
            }
            let line = lines.of(&record);
            roster.take(record, line, &columns, calendar);
        }
        Ok(roster)
    }

    fn take(
        &mut self,
        record: Result<StringRecord, csv::Error>,
        line: u64,
        columns: &Columns,
        calendar: &Calendar,
    ) {
        let row = record
            .map_err(|error| ("row", csv_fault(&error)))
            .map(|record| Fields { line, record })
            .and_then(|fields| fields.row(columns, calendar));
        match row {
            Ok(row) => self.rows.push(row),
            Err((column, message)) => self.note(ImportProblem {
                line,
                column: column.to_owned(),
                message,
            }),
        }
    }

    fn note(&mut self, problem: ImportProblem) {
        self.problems_total += 1;
        if self.problems.len() < IMPORT_PROBLEMS_MAX {
            self.problems.push(problem);
        }
    }
}

/// Where each known column stands in this file.
struct Columns(Vec<&'static str>);

impl Columns {
    /// Personal columns the house has no use for are refused by name (M7), not dropped.
    fn read(heading: &StringRecord) -> Result<Self, Failure> {
        let mut found: Vec<&'static str> = Vec::new();
        for written in heading {
            let written = written.trim_start_matches('\u{feff}').to_lowercase();
            let known = KNOWN
                .into_iter()
                .find(|&name| name == written)
                .ok_or_else(|| {
                    Failure::usage(format!(
                        "column {written:?} may not be recorded; only {}",
                        KNOWN.join(", ")
                    ))
                })?;
            if found.contains(&known) {
                return Err(Failure::usage(format!("column {known} stands twice")));
            }
            found.push(known);
        }
        let columns = Self(found);
        columns.check()?;
        Ok(columns)
    }

    fn check(&self) -> Result<(), Failure> {
        let missing: Vec<&str> = NEEDED.into_iter().filter(|&name| !self.has(name)).collect();
        if !missing.is_empty() {
            return Err(Failure::usage(format!(
                "columns missing: {}",
                missing.join(", ")
            )));
        }
        let number = self.has("number") && self.has("format");
        let raw = self.has("raw") && self.has("bits");
        if number == raw {
            return Err(Failure::usage(
                "needs the columns number and format, or raw and bits",
            ));
        }
        Ok(())
    }

    fn has(&self, name: &str) -> bool {
        self.0.contains(&name)
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|&column| column == name)
    }
}

/// One row's fields, and the line they stand on.
struct Fields {
    line: u64,
    record: StringRecord,
}

/// The column that cannot be taken, and why.
type Fault = (&'static str, String);

impl Fields {
    fn row(&self, columns: &Columns, calendar: &Calendar) -> Result<ImportRow, Fault> {
        Ok(ImportRow {
            line: self.line,
            card: self.card(columns)?,
            name: self.private(columns, "name")?,
            firm: self.private(columns, "firm")?,
            mobile: self.private(columns, "mobile")?,
            contact: self.private(columns, "contact")?,
            tenant: self.needed(columns, "tenant")?.to_owned(),
            doors: self.doors(columns),
            valid_from: self.instant(columns, "valid_from", calendar)?,
            valid_until: self.instant(columns, "valid_until", calendar)?,
            kind: self.kind(columns)?,
        })
    }

    fn text(&self, columns: &Columns, name: &'static str) -> &str {
        columns
            .place(name)
            .and_then(|at| self.record.get(at))
            .unwrap_or_default()
    }

    fn needed(&self, columns: &Columns, name: &'static str) -> Result<&str, Fault> {
        match self.text(columns, name) {
            "" => Err((name, "is empty".to_owned())),
            text => Ok(text),
        }
    }

    fn private(&self, columns: &Columns, name: &'static str) -> Result<Private, Fault> {
        self.needed(columns, name).map(Private::new)
    }

    fn card(&self, columns: &Columns) -> Result<Credential, Fault> {
        if columns.has("number") {
            let format = self.needed(columns, "format")?;
            let number = self.needed(columns, "number")?;
            return read_number(number, format).map_err(|wrong| ("number", wrong));
        }
        let bits = self.needed(columns, "bits")?;
        let bits = bits
            .parse()
            .map_err(|_| ("bits", "is not a count of bits".to_owned()))?;
        read_raw(self.needed(columns, "raw")?, bits).map_err(|wrong| ("raw", wrong))
    }

    /// None leave the rights of a known card alone; whether the card is known, the daemon knows.
    fn doors(&self, columns: &Columns) -> Vec<String> {
        self.text(columns, "doors")
            .split([';', ',', ' '])
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect()
    }

    fn instant(
        &self,
        columns: &Columns,
        name: &'static str,
        calendar: &Calendar,
    ) -> Result<Option<Moment>, Fault> {
        match self.text(columns, name) {
            "" => Ok(None),
            text => match calendar.read(text) {
                Ok(zoned) => Ok(Some(zoned.timestamp().into())),
                Err(error) => Err((name, error.without_text())),
            },
        }
    }

    fn kind(&self, columns: &Columns) -> Result<CardKind, Fault> {
        match self.text(columns, "kind") {
            "" => Ok(CardKind::Employee),
            // Whoever is in the wrong column is not told to the terminal.
            text => text.parse().map_err(|_: String| {
                let known = CardKind::ALL.map(CardKind::as_str).join(", ");
                ("kind", format!("is none of {known}"))
            }),
        }
    }
}

/// Columns that may be there.
const KNOWN: [&str; 13] = [
    "number",
    "format",
    "raw",
    "bits",
    "name",
    "firm",
    "mobile",
    "contact",
    "tenant",
    "doors",
    "valid_from",
    "valid_until",
    "kind",
];
/// Columns that must be there, besides the card's own.
const NEEDED: [&str; 6] = ["name", "firm", "mobile", "contact", "tenant", "doors"];

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    fn read(csv: &str) -> Result<Roster, Failure> {
        let calendar = Calendar {
            now: "2026-11-22T08:00:00Z".parse().unwrap(),
            zone: TimeZone::get("Europe/Oslo").unwrap(),
            working_day_ends: None,
        };
        Roster::read(csv.as_bytes(), &calendar)
    }

    fn refusal(csv: &str) -> String {
        match read(csv) {
            Err(Failure::Said(refusal)) => refusal.message,
            other => panic!("{other:?}"),
        }
    }

    const HEADING: &str = "number,format,name,firm,mobile,contact,tenant,doors,valid_until";

    #[test]
    fn a_row_is_read_with_its_times_in_the_sites_zone() {
        let csv = format!(
            "\u{feff}{HEADING}\n1:2,H10301,Kari Ås,Rør AS,900,Ola,T,main;cellar,24.12.2026 15:00\n"
        );
        let roster = read(&csv).unwrap();
        let row = roster.rows.first().unwrap();
        assert_eq!((row.line, row.kind), (2, CardKind::Employee));
        assert_eq!(row.doors, ["main", "cellar"]);
        assert_eq!(
            row.valid_until.unwrap().to_string(),
            "2026-12-24T14:00:00.000000Z"
        );
        assert_eq!(row.name.expose(), "Kari Ås");
    }

    #[test]
    fn doors_may_be_left_out() {
        let roster = read(&format!("{HEADING}\n1:2,H10301,K,F,9,O,T,,\n")).unwrap();
        assert!(roster.rows.first().unwrap().doors.is_empty());
    }

    #[test]
    fn m07_a_personal_column_is_refused_by_name() {
        let message = refusal("number,format,name,firm,mobile,contact,tenant,doors,born\n");
        assert!(
            message.contains("\"born\" may not be recorded"),
            "{message}"
        );
    }

    #[test]
    fn a_heading_that_is_short_or_double_is_refused() {
        assert!(refusal("number,format,name\n").contains("columns missing: firm, mobile"));
        assert!(refusal(&format!("{HEADING},name\n")).contains("name stands twice"));
        let neither = "name,firm,mobile,contact,tenant,doors\n";
        assert!(refusal(neither).contains("number and format, or raw and bits"));
    }

    #[test]
    fn each_fault_names_its_line_and_column_and_no_number() {
        let good = "1:2,H10301,K,F,9,O,T,main,";
        let csv = format!(
            "{HEADING}\n{good}\n12345678,H10301,K,F,9,O,T,main,\n1:2,H10301,,F,9,O,T,main,\n1:2,H10301,K,F,9,O,T,main,25.10.2026 02:30\n1:2\n{good}\n"
        );
        let roster = read(&csv).unwrap();
        let places: Vec<_> = roster
            .problems
            .iter()
            .map(|p| (p.line, p.column.as_str()))
            .collect();
        assert_eq!(
            places,
            [(3, "number"), (4, "name"), (5, "valid_until"), (6, "row")]
        );
        assert_eq!((roster.rows.len(), roster.problems_total), (2, 4));
        assert!(
            roster
                .problems
                .iter()
                .all(|p| !p.message.contains("12345678"))
        );
    }

    #[test]
    fn a_fault_behind_a_field_of_several_lines_stands_where_it_is_and_says_nothing_of_anybody() {
        let csv = format!(
            "{HEADING},kind\n1:2,H10301,\"K\nL\",F,9,O,T,main,,\n1:2,H10301,K,F,9,O,T,main,Kari,\n1:2,H10301,K,F,9,O,T,main,,Kari\n"
        );
        let told = read(&csv).unwrap().problems;
        let places: Vec<_> = told.iter().map(|p| (p.line, p.column.as_str())).collect();
        assert_eq!(places, [(4, "valid_until"), (5, "kind")]);
        assert!(told.iter().all(|p| !p.message.contains("Kari")), "{told:?}");
    }

    #[test]
    fn garbage_is_a_problem_and_never_a_panic() {
        assert!(read("").is_err());
        assert!(read("\u{0}\u{0}\"").is_err());
        let roster = read(&format!("{HEADING}\n\"unclosed\n,,,\n")).unwrap();
        assert!(roster.rows.is_empty());
    }
}

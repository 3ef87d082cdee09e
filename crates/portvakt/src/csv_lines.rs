//! The lines of a CSV file as an editor counts them: behind a line feed, a carriage return, or both.

/// The lines of a file's rows, one row after another.
pub(crate) struct CsvLines<'c> {
    csv: &'c [u8],
    at: usize,
    line: u64,
}

impl<'c> CsvLines<'c> {
    /// Before the first of them.
    pub(crate) const fn new(csv: &'c [u8]) -> Self {
        Self {
            csv,
            at: 0,
            line: 1,
        }
    }

    /// The line on which a row begins, or where it could not be read. A row may have lines of its own: how many rows came before
    /// does not say where it stands.
    pub(crate) fn of(&mut self, row: &Result<csv::StringRecord, csv::Error>) -> u64 {
        let place = match row {
            Ok(record) => record.position(),
            Err(error) => error.position(),
        };
        let byte = place.map_or(0, csv::Position::byte);
        let place = usize::try_from(byte).unwrap_or(usize::MAX);
        // Lines on which nothing stands come before the row.
        while let Some(octet) = self.csv.get(self.at) {
            let ends = matches!(octet, b'\n' | b'\r');
            if self.at >= place && !ends {
                break;
            }
            self.at += 1;
            let is_half = *octet == b'\r' && self.csv.get(self.at) == Some(&b'\n');
            self.line += u64::from(ends && !is_half);
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use csv::ReaderBuilder;

    use super::*;

    fn lines(csv: &str) -> Vec<u64> {
        let mut reader = ReaderBuilder::new().from_reader(csv.as_bytes());
        reader.headers().unwrap();
        let mut lines = CsvLines::new(csv.as_bytes());
        reader.records().map(|row| lines.of(&row)).collect()
    }

    #[test]
    fn every_end_of_a_line_is_one() {
        for end in ["\n", "\r", "\r\n"] {
            let csv = ["a,b", "1,2", "", "3,\"4", "5\"", "6", "7,8"].join(end);
            assert_eq!(lines(&csv), [2, 4, 6, 7], "{end:?}");
        }
        assert_eq!(lines("\u{feff}a,b\r1,2\n\r\n3,4"), [2, 4]);
        assert!(lines("a,b").is_empty());
    }
}

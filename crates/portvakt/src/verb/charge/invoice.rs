//! Invoice: charges as a spreadsheet takes them.

use std::io::Write;

use control::Row;
use control::reply::charge::ChargeRow;

use crate::daemon::Daemon;
use crate::failure::Failure;
use crate::text::kroner;

/// Charges on their way into CSV, a heading first.
pub(super) struct Invoice<W: Write> {
    to: csv::Writer<W>,
    with_names: bool,
}

impl<W: Write> Invoice<W> {
    /// Writes the heading; with a column of names if they are to be told.
    ///
    /// # Errors
    /// [`Failure`] if it cannot be written.
    pub(super) fn begin(to: W, with_names: bool) -> Result<Self, Failure> {
        let mut invoice = Self {
            to: csv::Writer::from_writer(to),
            with_names,
        };
        let last = if with_names { "name" } else { "issuance" };
        let heading = ["voucher", "date", "tenant", "kind", "amount", "reverses"];
        invoice.write(heading.into_iter().chain([last]))?;
        Ok(invoice)
    }

    /// Adds a row of the stream.
    ///
    /// # Errors
    /// [`Failure`] if it is of no charge or cannot be written.
    pub(super) fn add(&mut self, daemon: &Daemon, row: &Row) -> Result<(), Failure> {
        let Row::Charge(charge) = row else {
            return Err(Failure::failed(
                "the daemon sent a row that was not asked for",
            ));
        };
        let date = daemon.date(charge.at);
        let (tenant, amount) = (plain(&charge.tenant), kroner(charge.ore));
        let reverses = charge.reverses.as_deref().unwrap_or_default();
        let last = self.last(charge);
        let columns = [&charge.voucher, &date, &tenant, &charge.kind, &amount];
        let columns = columns.into_iter().map(String::as_str);
        self.write(columns.chain([reverses, &last]))
    }

    /// Hands everything on.
    ///
    /// # Errors
    /// [`Failure`] if it cannot be written.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        Ok(self.to.flush()?)
    }

    fn last(&self, charge: &ChargeRow) -> String {
        if self.with_names {
            let name = charge.name.as_ref();
            return name.map_or_else(String::new, |name| plain(name.expose()));
        }
        let issuance = charge.issuance;
        issuance.map_or_else(String::new, |issuance| issuance.to_string())
    }

    fn write<'t>(&mut self, columns: impl Iterator<Item = &'t str>) -> Result<(), Failure> {
        let written = self.to.write_record(columns);
        written.map_err(|cause| Failure::failed(format!("the file cannot be written: {cause}")))
    }
}

/// A text that a spreadsheet takes for text: what would begin a formula gets an apostrophe before it.
fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_a_formula() {
        assert_eq!(plain("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(plain("Kari"), "Kari");
    }
}

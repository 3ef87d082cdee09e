//! Standard output: data and nothing else.

use std::io::{self, IsTerminal, Write};

use control::Row;
use rustix::termios::tcgetwinsize;
use serde::Serialize;

use crate::failure::Failure;
use crate::sheet::{Dress, Sheet};

/// Where answers go, and in what dress.
pub(crate) struct Output {
    to: Box<dyn Write>,
    /// One JSON object a line.
    json: bool,
    /// How answers are laid out for people.
    dress: Dress,
}

impl Output {
    /// Standard output; JSON if asked for.
    pub(crate) fn standard(json: bool) -> Self {
        let stdout = io::stdout();
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let width = tcgetwinsize(&stdout)
            .ok()
            .map(|size| usize::from(size.ws_col));
        let dress = Dress {
            width: width.filter(|columns| *columns > 0),
            colour: stdout.is_terminal() && !no_color,
        };
        let to: Box<dyn Write> = if stdout.is_terminal() {
            Box::new(stdout)
        } else {
            Box::new(io::BufWriter::new(stdout))
        };
        Self { to, json, dress }
    }

    /// Whether answers are JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// One object on one line.
    ///
    /// # Errors
    /// [`Failure`] if it cannot be written.
    pub(crate) fn json<T: Serialize>(&mut self, row: &T) -> Result<(), Failure> {
        serde_json::to_writer(&mut self.to, row).map_err(io::Error::from)?;
        Ok(self.to.write_all(b"\n")?)
    }

    /// One row of a stream as JSON, without the word that says which kind it is.
    ///
    /// # Errors
    /// [`Failure`] if it cannot be written.
    pub(crate) fn row(&mut self, row: &Row) -> Result<(), Failure> {
        match row {
            Row::Card(row) => self.json(row),
            Row::Charge(row) => self.json(row),
            Row::Stock(row) => self.json(row),
            Row::Door(row) => self.json(row),
            Row::Reader(row) => self.json(row),
            Row::Line(row) => self.json(row),
            Row::Found(row) => self.json(row),
            Row::Tenant(row) => self.json(row),
            Row::Leaver(row) => self.json(row),
            Row::Leaving(row) => self.json(row),
            Row::Operator(row) => self.json(row),
            Row::Retention(row) => self.json(row),
            Row::Right(row) => self.json(row),
            Row::Review(row) => self.json(row),
            Row::ReviewItem(row) => self.json(row),
            Row::ReviewReport(row) => self.json(row),
            Row::ReviewDay(row) => self.json(row),
            Row::Schedule(row) => self.json(row),
            Row::Holiday(row) => self.json(row),
            Row::Event(row) => self.json(row),
            Row::Approval(row) => self.json(row),
            Row::Witness(row) => self.json(row),
            Row::Area(row) => self.json(row),
            Row::Inside(row) => self.json(row),
            Row::Backup(row) => self.json(row),
        }
    }

    /// One line of text.
    ///
    /// # Errors
    /// [`Failure`] if it cannot be written.
    pub(crate) fn line(&mut self, text: &str) -> Result<(), Failure> {
        Ok(writeln!(self.to, "{text}")?)
    }

    /// A name and what it stands for; on a terminal a long one goes on under its own beginning.
    ///
    /// # Errors
    /// [`Failure`] if it cannot be written.
    pub(crate) fn field(&mut self, name: &str, value: &str) -> Result<(), Failure> {
        let text = self.dress.field(name, value);
        self.line(&text)
    }

    /// A table; nothing if it has no rows.
    ///
    /// # Errors
    /// [`Failure`] if it cannot be written.
    pub(crate) fn sheet(&mut self, sheet: &Sheet) -> Result<(), Failure> {
        if sheet.is_empty() {
            return Ok(());
        }
        self.line(&sheet.draw(self.dress))
    }

    /// Hands everything on: at the end, and after each row of a live stream.
    ///
    /// # Errors
    /// [`Failure`] if it cannot be written.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        Ok(self.to.flush()?)
    }
}

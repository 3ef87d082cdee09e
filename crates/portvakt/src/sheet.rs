//! A table for people: aligned columns, no frame; colour only where it is wanted.

use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table};

use crate::text::{Label, Lang};

/// Rows under headings. One that grows past [`SHEET_ROWS_MAX`] is drawn and begun anew,
/// so that a million cards do not fill memory.
pub(crate) struct Sheet {
    headings: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    /// An empty table with these headings.
    pub(crate) fn new(lang: Lang, headings: &[Label]) -> Self {
        let headings = headings.iter().map(|&label| lang.label(label)).collect();
        Self {
            headings,
            rows: Vec::new(),
        }
    }

    /// Adds a row, a text for each heading.
    pub(crate) fn row<const N: usize>(&mut self, row: [String; N]) {
        self.rows.push(row.into());
    }

    /// Whether it has no rows.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether it should be drawn and begun anew.
    pub(crate) fn is_full(&self) -> bool {
        self.rows.len() >= SHEET_ROWS_MAX
    }

    /// Forgets the rows, keeps the headings.
    pub(crate) fn clear(&mut self) {
        self.rows.clear();
    }

    /// The table as text, without a line break at its end. Undressed it is the same for
    /// every width of every terminal.
    pub(crate) fn draw(&self, dressed: bool) -> String {
        let mut table = Table::new();
        table.load_style(NOTHING);
        if dressed {
            table.set_content_arrangement(ContentArrangement::Dynamic);
        } else {
            table.force_no_tty();
            table.set_content_arrangement(ContentArrangement::Disabled);
        }
        table.set_header(self.headings.iter().map(|text| heading(text, dressed)));
        for row in &self.rows {
            table.add_row(row.iter().map(|text| cell(text, dressed)));
        }
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        table.trim_fmt()
    }
}

/// A number in a cell, if the daemon told it.
pub(crate) fn count<N: ToString>(number: Option<N>) -> String {
    number.map_or(String::new(), |number| number.to_string())
}

fn heading(text: &str, dressed: bool) -> Cell {
    let cell = Cell::new(text);
    if dressed {
        cell.add_attribute(Attribute::Bold)
    } else {
        cell
    }
}

fn cell(text: &str, dressed: bool) -> Cell {
    let cell = Cell::new(if text.is_empty() { "-" } else { text });
    match text {
        "online" | "up" | "active" | "secure" | "pass" if dressed => cell.fg(Color::Green),
        "offline" | "down" | "lost" | "blocked" | "no-key" | "not ready" if dressed => {
            cell.fg(Color::Red)
        }
        _ => cell,
    }
}

/// Rows of one table.
pub(crate) const SHEET_ROWS_MAX: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_aligned_text_without_colour_off_a_terminal() {
        let mut sheet = Sheet::new(Lang::En, &[Label::Door, Label::Mode]);
        sheet.row(["main".into(), "card".into()]);
        sheet.row(["north-stairs".into(), String::new()]);
        assert_eq!(
            sheet.draw(false),
            "door          mode\nmain          card\nnorth-stairs  -"
        );
    }

    #[test]
    fn a_heading_is_in_the_language_asked_for() {
        let mut sheet = Sheet::new(Lang::Nb, &[Label::Door]);
        sheet.row(["main".into()]);
        assert_eq!(sheet.draw(false), "dør\nmain");
    }
}

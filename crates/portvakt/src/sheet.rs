//! A table for people: aligned columns, no frame; colour only where it is wanted.

use comfy_table::presets::NOTHING;
use comfy_table::{
    Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table, Width,
};

use crate::text::{Label, Lang};

/// How an answer is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dress {
    /// Columns of the terminal; none off a terminal, where every line is as long as it is.
    pub(crate) width: Option<usize>,
    /// Whether there is colour.
    pub(crate) colour: bool,
}

impl Dress {
    /// A name and what it stands for. A long one goes on under its own beginning; what has no blank in it, such as a key,
    /// stays whole, so that it can be copied.
    pub(crate) fn field(self, name: &str, value: &str) -> String {
        let mut text = format!("{name:<FIELD_WIDTH$}");
        let Some(width) = self.width else {
            return format!("{text}  {value}");
        };
        let mut column = usize::MAX;
        for (at, word) in value.split(' ').enumerate() {
            let len = word.chars().count();
            if at > 0 && column.saturating_add(1 + len) > width {
                text.push_str(&format!("\n{:FIELD_WIDTH$}", ""));
                column = usize::MAX;
            }
            if column == usize::MAX {
                text.push_str("  ");
                column = FIELD_WIDTH + 2 + len;
            } else {
                text.push(' ');
                column += 1 + len;
            }
            text.push_str(word);
        }
        text
    }
}

/// Rows under headings. One that grows past [`SHEET_ROWS_MAX`] is drawn and begun anew,
/// so that a million cards do not fill memory.
pub(crate) struct Sheet {
    lang: Lang,
    headings: Vec<&'static str>,
    /// Headings of columns that end where their figures end.
    figures: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    /// An empty table with these headings.
    pub(crate) fn new(lang: Lang, headings: &[Label]) -> Self {
        let headings = headings.iter().map(|&label| lang.label(label)).collect();
        Self {
            lang,
            headings,
            figures: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// The same, with figures in these columns: they stand flush right.
    pub(crate) fn with_figures(mut self, columns: &[Label]) -> Self {
        let columns = columns.iter();
        self.figures = columns.map(|&label| self.lang.label(label)).collect();
        self
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

    /// The table as text, without a line break at its end. Off a terminal it is the same for every width; on one that is
    /// too narrow texts are broken between words, and where that is not enough each row becomes a block of its own.
    pub(crate) fn draw(&self, dress: Dress) -> String {
        let Some(width) = dress.width else {
            return self.table(dress, (WIDE_GAP, None));
        };
        let whole = self.widths(&|text| text.chars().count());
        let fits = |widths: &[usize], gap: usize| {
            let gaps = gap * widths.len().saturating_sub(1);
            widths.iter().sum::<usize>() + gaps <= width
        };
        if fits(&whole, WIDE_GAP) {
            return self.table(dress, (WIDE_GAP, None));
        }
        if fits(&whole, NARROW_GAP) {
            return self.table(dress, (NARROW_GAP, None));
        }
        let broken = [self.widths(&short_part), self.widths(&longest_word)];
        let least = broken.iter().find(|widths| fits(widths, NARROW_GAP));
        match least {
            Some(least) => self.table(dress, (NARROW_GAP, Some((width, least)))),
            None => self.blocks(dress),
        }
    }

    /// The width of each column, by what is measured of its texts.
    fn widths(&self, of: &dyn Fn(&str) -> usize) -> Vec<usize> {
        let columns = self.headings.iter().enumerate();
        let widths = columns.map(|(at, heading)| {
            let cells = self.rows.iter().filter_map(|row| row.get(at));
            let cells = cells.map(|cell| of(cell)).max().unwrap_or_default();
            cells.max(longest_word(heading)).max(1)
        });
        widths.collect()
    }

    fn table(&self, dress: Dress, (gap, limits): (usize, Option<(usize, &Vec<usize>)>)) -> String {
        let mut table = Table::new();
        table.load_style(NOTHING);
        table.set_content_arrangement(ContentArrangement::Disabled);
        if !dress.colour {
            table.force_no_tty();
        }
        let headings = self.headings.iter();
        table.set_header(headings.map(|text| heading(text, dress.colour)));
        for row in &self.rows {
            table.add_row(row.iter().map(|text| self.cell(text, dress.colour)));
        }
        let gap = u16::try_from(gap).unwrap_or(1);
        for (column, heading) in table.column_iter_mut().zip(&self.headings) {
            column.set_padding((0, gap));
            if self.figures.contains(heading) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        if let Some((width, least)) = limits {
            table.set_content_arrangement(ContentArrangement::Dynamic);
            table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
            for (column, least) in table.column_iter_mut().zip(least) {
                let least = u16::try_from(*least).unwrap_or(u16::MAX);
                let least = Width::Fixed(least.saturating_add(gap));
                column.set_constraint(ColumnConstraint::LowerBoundary(least));
            }
        }
        table.trim_fmt()
    }

    /// Each row as its fields, one under the other.
    fn blocks(&self, dress: Dress) -> String {
        let blocks = self.rows.iter().map(|row| {
            let fields = self.headings.iter().zip(row);
            let fields = fields.map(|(heading, text)| dress.field(heading, shown(text)));
            fields.collect::<Vec<_>>().join("\n")
        });
        blocks.collect::<Vec<_>>().join("\n\n")
    }

    fn cell(&self, text: &str, colour: bool) -> Cell {
        let cell = Cell::new(shown(text));
        let is_one = |words: &[&str]| words.iter().any(|word| self.lang.word(word) == text);
        if colour && is_one(&GOOD) {
            cell.fg(Color::Green)
        } else if colour && is_one(&BAD) {
            cell.fg(Color::Red)
        } else {
            cell
        }
    }
}

/// A number in a cell, if the daemon told it.
pub(crate) fn count<N: ToString>(number: Option<N>) -> String {
    number.map_or(String::new(), |number| number.to_string())
}

fn shown(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}

fn heading(text: &str, colour: bool) -> Cell {
    let cell = Cell::new(text);
    if colour {
        cell.add_attribute(Attribute::Bold)
    } else {
        cell
    }
}

/// A short text such as a date with its time stays whole.
fn short_part(text: &str) -> usize {
    match text.chars().count() {
        len @ 0..=SHORT_LEN_MAX => len,
        _ => longest_word(text),
    }
}

fn longest_word(text: &str) -> usize {
    let words = text.split(' ').map(|word| word.chars().count());
    words.max().unwrap_or_default()
}

/// Words that are green on a terminal.
const GOOD: [&str; 5] = ["online", "up", "active", "secure", "pass"];

/// Words that are red on a terminal.
const BAD: [&str; 6] = ["offline", "down", "lost", "blocked", "no-key", "not ready"];

/// Rows of one table.
pub(crate) const SHEET_ROWS_MAX: usize = 1_000;

/// Characters the name of a field takes.
const FIELD_WIDTH: usize = 20;

/// Blanks between columns, and where they are short.
const WIDE_GAP: usize = 2;
const NARROW_GAP: usize = 1;

/// `2026-11-23 16:00`, and whatever is not longer.
const SHORT_LEN_MAX: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    const PIPED: Dress = Dress {
        width: None,
        colour: false,
    };

    #[test]
    fn a_table_is_aligned_text_without_colour_off_a_terminal() {
        let mut sheet = Sheet::new(Lang::En, &[Label::Door, Label::Mode]);
        sheet.row(["main".into(), "card".into()]);
        sheet.row(["north-stairs".into(), String::new()]);
        assert_eq!(
            sheet.draw(PIPED),
            "door          mode\nmain          card\nnorth-stairs  -"
        );
    }

    #[test]
    fn a_heading_is_in_the_language_asked_for() {
        let mut sheet = Sheet::new(Lang::Nb, &[Label::Door]);
        sheet.row(["main".into()]);
        assert_eq!(sheet.draw(PIPED), "dør\nmain");
    }

    #[test]
    fn figures_stand_under_each_other() {
        let mut sheet =
            Sheet::new(Lang::En, &[Label::Amount, Label::Door]).with_figures(&[Label::Amount]);
        sheet.row(["400.00".into(), "a".into()]);
        sheet.row(["-1400.00".into(), "b".into()]);
        assert_eq!(
            sheet.draw(PIPED),
            "  kroner  door\n  400.00  a\n-1400.00  b"
        );
    }

    #[test]
    fn a_narrow_terminal_breaks_between_words_and_a_narrower_one_makes_blocks() {
        let mut sheet = Sheet::new(Lang::En, &[Label::Tenant, Label::Until]);
        sheet.row(["Luftslott Drift AS".into(), "2026-11-27 18:02".into()]);
        let at = |columns| {
            sheet.draw(Dress {
                width: Some(columns),
                colour: false,
            })
        };
        assert!(at(36).starts_with("tenant              until\n"));
        let broken = at(30);
        assert!(broken.contains("2026-11-27 18:02"), "{broken}");
        assert!(broken.lines().all(|line| line.chars().count() <= 30));
        assert!(broken.contains("Luftslott") && !broken.contains("Luftslott Drift AS"));
        let blocks = at(12);
        assert!(blocks.starts_with("tenant"), "{blocks}");
        assert!(blocks.contains("\nuntil"), "{blocks}");
    }

    #[test]
    fn a_long_value_goes_on_under_its_beginning_and_a_key_stays_whole() {
        let dress = Dress {
            width: Some(40),
            colour: false,
        };
        assert_eq!(
            dress.field("warning", "the disk is full and needs room"),
            "warning               the disk is full\n                      and needs room"
        );
        let key = "demo.example/portvakt+e96176f1+AXZLZKIJ";
        assert_eq!(
            dress.field("key", key),
            format!("key                   {key}")
        );
        assert_eq!(PIPED.field("key", "a b"), "key                   a b");
    }
}

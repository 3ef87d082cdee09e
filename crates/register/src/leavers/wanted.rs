//! Wanted: whom the rows of a list look for, sorted by name.

use access::UtcMicros;
use zeroize::Zeroizing;

use super::Leaver;
use crate::import::ImportFault;
use crate::mobile::Mobile;
use crate::text::Text;

/// Whom one row looks for.
pub(super) struct Wanted {
    pub(super) line: u64,
    name: Zeroizing<String>,
    mobile: Option<Mobile>,
    firm: Option<Zeroizing<String>>,
    pub(super) ends: Option<UtcMicros>,
}

impl Wanted {
    /// The row, or the column that cannot be taken and why.
    pub(super) fn of(row: &Leaver<'_>) -> Result<Self, (&'static str, ImportFault)> {
        let text = |column, typed| {
            Text::new(column, typed).map_err(|error| (column, ImportFault::Text(error.problem)))
        };
        let mobile = row.mobile.map(|typed| text("mobile", typed)).transpose()?;
        let firm = row.firm.map(|typed| text("firm", typed)).transpose()?;
        Ok(Self {
            line: row.line,
            name: lower(text("name", row.name)?.expose()),
            mobile: mobile.map(|mobile| Mobile::of(mobile.expose())),
            firm: firm.map(|firm| lower(firm.expose())),
            ends: row.ends,
        })
    }

    /// Whether somebody of the same name is meant: by mobile and firm where the row has them. Of a contact person no firm is
    /// known.
    pub(super) fn means(&self, mobile: &Mobile, firm: Option<&Text>) -> bool {
        let same_firm = |wanted: &Zeroizing<String>, firm: &Text| *wanted == lower(firm.expose());
        self.mobile.as_ref().is_none_or(|wanted| wanted == mobile)
            && match (&self.firm, firm) {
                (Some(wanted), Some(firm)) => same_firm(wanted, firm),
                (None, _) | (_, None) => true,
            }
    }
}

/// The rows by name, so that each person of a tenant is looked up once.
pub(super) struct ByName(Vec<Wanted>);

impl ByName {
    pub(super) fn of(mut wanted: Vec<Wanted>) -> Self {
        wanted.sort_by(|one, other| one.name.cmp(&other.name).then(one.line.cmp(&other.line)));
        Self(wanted)
    }

    /// The rows of this name: where the first of them is, and they.
    pub(super) fn named(&self, name: &Text) -> (usize, &[Wanted]) {
        let name = lower(name.expose());
        let begin = self.0.partition_point(|wanted| *wanted.name < *name);
        let end = self.0.partition_point(|wanted| *wanted.name <= *name);
        (begin, self.0.get(begin..end).unwrap_or_default())
    }

    /// Lines that are one too many of their name.
    pub(super) fn crowded(&self, most: usize) -> Vec<u64> {
        let further = self.0.iter().zip(self.0.iter().skip(most));
        let crowded = further.filter(|(one, further)| one.name == further.name);
        crowded.map(|(_, further)| further.line).collect()
    }

    pub(super) fn rows(&self) -> &[Wanted] {
        &self.0
    }
}

fn lower(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.trim().to_lowercase())
}

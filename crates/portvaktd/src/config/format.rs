//! A card format of the house's own: which bits are the facility, the number and the parity.

use std::ops::Range;

use access::card::{Layout, Parity};
use toml::Spanned;

use super::Findings;
use super::table::{Document, Field, FormatTable, ParityTable};

/// Most formats a house describes.
pub(crate) const FORMATS_MAX: usize = 64;

/// Every `[[format]]`; what is wrong becomes a finding.
pub(crate) fn parse_all(document: &Document, findings: &mut Findings<'_>) -> Vec<Layout> {
    let mut formats: Vec<Layout> = Vec::new();
    for table in &document.format {
        let Some(format) = parse(table, findings) else {
            continue;
        };
        if formats.iter().any(|other| other.name() == format.name()) {
            let what = format!(
                "format \"{}\" is there twice; choose another name",
                format.name()
            );
            findings.add(&table.span(), what);
        } else {
            formats.push(format);
        }
    }
    if let Some(extra) = document.format.get(FORMATS_MAX) {
        let what =
            format!("more than {FORMATS_MAX} [[format]] tables; leave out those no reader reads");
        findings.add(&extra.span(), what);
    }
    formats
}

fn parse(table: &Spanned<FormatTable>, findings: &mut Findings<'_>) -> Option<Layout> {
    let (at, fields) = (table.span(), table.get_ref());
    let name = findings.need(
        fields.name.as_ref(),
        &at,
        "[[format]]",
        "name = \"YARD-32\"",
    )?;
    let owner = format!("format \"{}\"", name.get_ref());
    let bits = findings.need(fields.bits.as_ref(), &at, &owner, "bits = 32")?;
    let number = fields.number.as_ref();
    let number = findings.need(
        number,
        &at,
        &owner,
        "number = \"9-30\", its first and last bit",
    )?;
    let bits = u16::try_from(*bits.get_ref()).unwrap_or(u16::MAX);
    let number = range(number, &owner, "number", findings)?;
    let facility = optional(&fields.facility, &owner, findings)?;
    let parity = fields
        .parity
        .iter()
        .map(|table| parity(table, &owner, findings));
    let parity = parity.collect::<Option<Vec<_>>>()?;
    match Layout::own(name.get_ref(), bits, facility, number, parity) {
        Ok(layout) => Some(layout),
        Err(cause) => {
            findings.add(&at, format!("{owner}: {cause}"));
            None
        }
    }
}

fn parity(
    table: &Spanned<ParityTable>,
    owner: &str,
    findings: &mut Findings<'_>,
) -> Option<Parity> {
    let fields = table.get_ref();
    let over = fields
        .over
        .as_ref()
        .map(|over| range(over, owner, "over", findings));
    let over = over.map_or(Some(None), |over| over.map(Some))?;
    let parity = match (fields.even, fields.odd, fields.one, fields.zero, over) {
        (Some(at), None, None, None, Some(over)) => Parity::even(at, over),
        (None, Some(at), None, None, Some(over)) => Parity::odd(at, over),
        (None, None, Some(at), None, None) => Parity::one(at),
        (None, None, None, Some(at), None) => Parity::zero(at),
        _ => {
            let what = format!(
                "{owner}: a parity bit is {{ even = 0, over = \"1-12\" }}, {{ odd = 25, over = \"13-24\" }}, {{ one = 3 }} or {{ zero = 3 }}"
            );
            findings.add(&table.span(), what);
            return None;
        }
    };
    Some(match fields.taking {
        Some([taken, group]) => parity.taking(taken, group),
        None => parity,
    })
}

fn optional(
    field: &Field<String>,
    owner: &str,
    findings: &mut Findings<'_>,
) -> Option<Option<Range<u16>>> {
    match field {
        None => Some(None),
        Some(field) => range(field, owner, "facility", findings).map(Some),
    }
}

/// `1-8`, the first and the last bit; the first bit of a card is 0.
fn range(
    field: &Spanned<String>,
    owner: &str,
    key: &str,
    findings: &mut Findings<'_>,
) -> Option<Range<u16>> {
    let text = field.get_ref();
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let ends = (first.trim().parse::<u16>(), last.trim().parse::<u16>());
    if let (Ok(first), Ok(last)) = ends
        && first <= last
        && last < u16::MAX
    {
        return Some(first..last + 1);
    }
    let what = format!(
        "{owner}: {key} = \"{text}\" is no range of bits; write the first and the last, as in \"1-8\""
    );
    findings.add(&field.span(), what);
    None
}

//! Row: one line of a list, every column read, every name found.

use access::{CardNumber, CardTag, UtcMicros};
use zeroize::Zeroizing;

use super::problem::{Fault, ImportFault};
use super::resolve::Names;
use super::{ImportRow, ImportTerms};
use crate::contact::ActiveContact;
use crate::holder::HolderFields;
use crate::house_day::HouseDay;
use crate::kind::Kind;
use crate::text::Text;

/// One card as it is to be.
pub(super) struct Planned {
    pub(super) tag: CardTag,
    pub(super) number: CardNumber,
    /// Packed: a list of a million holders is held at once.
    pub(super) holder: Zeroizing<Vec<u8>>,
    pub(super) contact: ActiveContact,
    pub(super) kind: Kind,
    pub(super) valid_from: UtcMicros,
    /// Place in the plan's sets of rights; `None`: the rights stay as they are.
    pub(super) rights: Option<u32>,
    /// A former holder gave the card back, and the register has it still.
    pub(super) was_returned: bool,
}

impl Planned {
    /// Whether it is a forgotten card that, handed out now, would open past its working day (M9).
    pub(super) fn is_beyond(&self, day: &HouseDay, now: UtcMicros) -> bool {
        let begins = self.valid_from.max(now);
        day.check(&self.kind, begins).is_err()
    }
}

/// A row on its own: every column read, every name found.
pub(super) fn planned(
    row: &ImportRow<'_>,
    terms: &ImportTerms,
    names: &mut Names,
    now: UtcMicros,
) -> Result<Planned, Fault> {
    let (number, tag) = row
        .card
        .clone()
        .map_err(|what| ("number", ImportFault::Card(what)))?;
    let holder = holder_of(row, &terms.identified_by)?.pack();
    let contact = names.contact(row.tenant, row.contact)?;
    let rights = names.doors(row.doors).map_err(|fault| ("doors", fault))?;
    if !Kind::NAMES.contains(&row.kind) {
        return Err(("kind", ImportFault::UnknownKind));
    }
    let kind =
        Kind::from_parts(row.kind, row.valid_until).ok_or(("valid_until", ImportFault::NoEnd))?;
    let valid_from = row.valid_from.unwrap_or(now);
    if row
        .valid_from
        .is_some_and(|from| kind.until().is_some_and(|until| until <= from))
    {
        return Err(("valid_until", ImportFault::EndBeforeBeginning));
    }
    Ok(Planned {
        tag,
        number,
        holder,
        contact,
        kind,
        valid_from,
        rights,
        was_returned: false,
    })
}

pub(super) fn holder_of(row: &ImportRow<'_>, identified_by: &Text) -> Result<HolderFields, Fault> {
    let text = |column, typed| {
        Text::new(column, typed).map_err(|error| (column, ImportFault::Text(error.problem)))
    };
    Ok(HolderFields {
        name: text("name", row.name)?,
        firm: text("firm", row.firm)?,
        mobile: text("mobile", row.mobile)?,
        identified_by: identified_by.clone(),
    })
}

//! Judge: what is to be done with a row of a list, by what the register has of its card.

use access::{IssuanceId, UtcMicros, Validity};
use key_store::Owner;

use super::doors;
use super::problem::{Fault, ImportFault};
use super::resolve::Names;
use super::row::{Planned, holder_of, planned};
use super::{ImportRow, ImportTerms};
use crate::error::RegisterError;
use crate::holder::HolderFields;
use crate::issuance::{ByTag, Issuance};
use crate::list::opened_holder;
use crate::register::Register;
use crate::rights::{self, PlaceRight};
use crate::seal::FieldKey;
use crate::state::State;

/// What is to be done with a row.
pub(super) enum Verdict {
    New(Planned),
    Changed(IssuanceId, Planned),
    Unchanged,
}

/// What a row is held against.
pub(super) struct Judge<'r> {
    register: &'r Register,
    names: Names,
    by_tag: ByTag<'r>,
    now: UtcMicros,
}

impl<'r> Judge<'r> {
    pub(super) fn of(register: &'r Register, now: UtcMicros) -> Result<Self, RegisterError> {
        Ok(Self {
            register,
            names: Names::of(register)?,
            by_tag: ByTag::prepare(&register.connection)?,
            now,
        })
    }

    /// The sets of rights that the rows met so far name.
    pub(super) fn into_rights(self) -> Vec<Vec<PlaceRight>> {
        self.names.rights
    }

    /// What is to be done with one row, or the first thing that is wrong with it.
    pub(super) fn verdict(
        &mut self,
        row: &ImportRow<'_>,
        terms: &ImportTerms,
    ) -> Result<Result<Verdict, Fault>, RegisterError> {
        let now = self.now;
        let mut planned = match planned(row, terms, &mut self.names, now) {
            Ok(planned) => planned,
            Err(fault) => return Ok(Err(fault)),
        };
        let known = self.by_tag.find(&planned.tag)?;
        let is_returned = |known: &Issuance| known.state == State::Returned;
        planned.was_returned = known.as_ref().is_some_and(is_returned);
        match known {
            Some(known) if known.state != State::Returned => self.compare(&known, row, planned),
            Some(_) | None if planned.kind.until().is_some_and(|until| until <= now) => {
                Ok(Err(("valid_until", ImportFault::Ended)))
            }
            Some(_) | None if planned.is_beyond(&self.register.house_day, now) => {
                Ok(Err(("valid_until", ImportFault::BeyondTheDay)))
            }
            Some(_) | None if !self.names.has_responsible(row.tenant) => {
                Ok(Err(("tenant", ImportFault::NoResponsible)))
            }
            Some(_) | None if planned.rights.is_none() => Ok(Err(("doors", ImportFault::NoDoors))),
            Some(_) | None => Ok(Ok(Verdict::New(planned))),
        }
    }

    fn compare(
        &self,
        known: &Issuance,
        row: &ImportRow<'_>,
        mut planned: Planned,
    ) -> Result<Result<Verdict, Fault>, RegisterError> {
        let register = self.register;
        let key = FieldKey::of_owner(
            &register.keys,
            known.slot.index,
            Owner::Issuance(known.id.get()),
        )?;
        let mut statement = register
            .connection
            .prepare_cached("SELECT holder FROM issuance WHERE id = ?1")?;
        let sealed: Vec<u8> = statement.query_row([known.id.get()], |stored| stored.get(0))?;
        let holder = opened_holder(&key, known.id, &sealed)?;
        let is_other = |holder: &HolderFields| !holder.name.names_the_same(row.name);
        if holder.as_ref().is_some_and(is_other) {
            return Ok(Err(("name", ImportFault::OtherHolder)));
        }
        if known.kind.name() != planned.kind.name() {
            return Ok(Err(("kind", ImportFault::OtherKind)));
        }
        // Who identified the holder, and when the card began, are not for a list to change.
        if let Some(holder) = &holder {
            planned.holder = match holder_of(row, &holder.identified_by) {
                Ok(fields) => fields.pack(),
                Err(fault) => return Ok(Err(fault)),
            };
        }
        planned.valid_from = row.valid_from.unwrap_or(known.valid.from());
        let Ok(valid) = Validity::new(planned.valid_from, planned.kind.until()) else {
            return Ok(Err(("valid_until", ImportFault::EndBeforeBeginning)));
        };
        let moved = (known.valid, valid);
        if register
            .house_day
            .check_moved(&planned.kind, moved)
            .is_err()
        {
            return Ok(Err(("valid_until", ImportFault::BeyondTheDay)));
        }
        let had = rights::of(&register.connection, known.id)?;
        let asked = planned.rights.map(|number| self.names.set(number));
        match doors::replace(&register.connection, &had, asked)? {
            Ok(true) => {}
            Ok(false) => planned.rights = None,
            Err(fault) => return Ok(Err(("doors", fault))),
        }
        let is_same = planned.rights.is_none()
            && holder.is_some_and(|holder| planned.holder == holder.pack())
            && (planned.contact.tenant, planned.contact.contact) == (known.tenant, known.contact)
            && (planned.valid_from, planned.kind) == (known.valid.from(), known.kind);
        Ok(Ok(if is_same {
            Verdict::Unchanged
        } else {
            Verdict::Changed(known.id, planned)
        }))
    }
}

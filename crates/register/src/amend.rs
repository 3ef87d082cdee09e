//! Amend: what an issuance says is changed, within what was issued or beyond it, which is issuing (M3, M11).

use access::{IssuanceId, OperatorId, UtcMicros, Validity};
use rusqlite::{Connection, params};

use crate::activate::{self, Activation};
use crate::audit::{AuditVerb, Change};
use crate::contact::ActiveContact;
use crate::draft::{Draft, Said};
use crate::error::RegisterError;
use crate::holder::HolderFields;
use crate::issuance::{self, Issuance};
use crate::life;
use crate::life_error::LifeError;
use crate::links;
use crate::list::opened_holder;
use crate::mark::mark;
use crate::register::Register;
use crate::replacement;
use crate::rights;
use crate::seal::Field;
use crate::state::State;
use crate::text::Text;

/// What is to be different about an issuance; what is `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Amendment {
    /// The first instant it opens.
    pub from: Option<UtcMicros>,
    /// The instant it no longer opens.
    pub until: Option<NewEnd>,
    /// The holder's name, before a card was live, or where it went with a lost disk.
    pub name: Option<Text>,
    /// The holder's firm.
    pub firm: Option<Text>,
    /// The holder's mobile.
    pub mobile: Option<Text>,
    /// Who or what identified the holder, where they are registered anew.
    pub identified_by: Option<Text>,
    /// Who answers for the holder, with the same tenant (M14).
    pub contact: Option<ActiveContact>,
    /// The new hire's card that this one replaces (M10).
    pub replaces: Option<IssuanceId>,
    /// Another plastic in place of the one that is bound.
    pub plastic: Option<Activation>,
}

/// When it is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewEnd {
    /// Then; an end that has passed is now.
    At(UtcMicros),
    /// Never; for an employee's card.
    Never,
}

/// How far a change goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// No further than what was issued.
    Template,
    /// Further: it is issuing.
    Beyond,
}

impl Register {
    /// How far a change of an issuance goes.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`].
    pub fn reach(&self, id: IssuanceId, wish: &Amendment) -> Result<Reach, RegisterError> {
        let issuance = Issuance::load_live(&self.connection, id)?;
        Ok(wish.reach(&issuance, is_unnamed(&self.connection, id)?))
    }

    /// Changes what an issuance says, all of it or nothing, if it goes no further than `most`.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`], [`RegisterError::Life`], [`RegisterError::Validity`],
    /// [`RegisterError::Ended`] for an end of a card that ended earlier, or a renewal that ends before it begins;
    /// [`RegisterError::ContactInactive`], [`RegisterError::CardBound`], [`RegisterError::InPersonNeeded`].
    pub fn amend(
        &mut self,
        id: IssuanceId,
        (wish, most): (&Amendment, Reach),
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let amended = self.change(by, now, |draft| {
            let before = Issuance::load_live(&draft.tx, id)?;
            let was = before.valid;
            let reach = wish.reach(&before, is_unnamed(&draft.tx, id)?);
            if reach > most {
                return Err(LifeError::BeyondTemplate.into());
            }
            let mut said = Told::default();
            let issuance = move_times(draft, before, wish, &mut said)?;
            draft
                .house_day
                .check_moved(&issuance.kind, (was, issuance.valid))?;
            let issuance = rebind(draft, issuance, wish, &mut said)?;
            if reach == Reach::Beyond && !issuance::is_active(&draft.tx, issuance.contact)? {
                return Err(RegisterError::ContactInactive);
            }
            correct(draft, &issuance, wish, &mut said)?;
            change_plastic(draft, &issuance, wish, &mut said)?;
            if wish.replaces.is_some() {
                // Not which: a record tells of one card.
                said.note("replaces", "");
            }
            if let Some(other) = wish.replaces {
                replacement::link(draft, &issuance, other)?;
            }
            said.tell(draft, &issuance)?;
            life::announce(draft, &issuance)
        });
        amended.map(|((), change)| change)
    }
}

impl Amendment {
    /// A later end, an earlier beginning, another contact person and another card are issuing; so is no end, and to say who
    /// holds a card of which nobody knows it.
    fn reach(&self, issuance: &Issuance, is_unnamed: bool) -> Reach {
        let ends_later = match (self.until, issuance.valid.until()) {
            (None, _) | (Some(_), None) => false,
            (Some(NewEnd::Never), Some(_)) => true,
            (Some(NewEnd::At(then)), Some(end)) => then > end,
        };
        let begins_earlier = self.from.is_some_and(|from| from < issuance.valid.from());
        let is_named = is_unnamed && self.writes_holder();
        if is_named
            || ends_later
            || begins_earlier
            || self.contact.is_some()
            || self.plastic.is_some()
        {
            Reach::Beyond
        } else {
            Reach::Template
        }
    }

    fn writes_holder(&self) -> bool {
        let fields = [&self.name, &self.firm, &self.mobile, &self.identified_by];
        fields.iter().any(|field| field.is_some())
    }

    /// The holder registered anew, whole (M7).
    fn registered(&self) -> Option<HolderFields> {
        Some(HolderFields {
            name: self.name.clone()?,
            firm: self.firm.clone()?,
            mobile: self.mobile.clone()?,
            identified_by: self.identified_by.clone()?,
        })
    }

    /// The holder as they are to be written down.
    fn corrected(&self, was: HolderFields) -> HolderFields {
        let or = |wished: &Option<Text>, was| wished.clone().unwrap_or(was);
        HolderFields {
            name: or(&self.name, was.name),
            firm: or(&self.firm, was.firm),
            mobile: or(&self.mobile, was.mobile),
            identified_by: was.identified_by,
        }
    }
}

/// Which fields were changed, and what a record says of them.
#[derive(Default)]
struct Told {
    fields: Vec<&'static str>,
    more: String,
}

impl Told {
    fn note(&mut self, field: &'static str, more: &str) {
        self.fields.push(field);
        self.more.push_str(more);
    }

    /// Old and new in the holder's part; in the operator's, which fields.
    fn tell(&self, draft: &mut Draft<'_>, issuance: &Issuance) -> Result<(), RegisterError> {
        if self.fields.is_empty() {
            return Err(LifeError::NothingToChange.into());
        }
        let changed = self.fields.join(",");
        let rights = rights::of(&draft.tx, issuance.id)?;
        let of = draft.keyed(issuance.holder())?;
        let linked = links::words(&draft.tx, draft.keys, issuance.id)?;
        let words = issuance.words(&rights);
        let of_holder = format!("{words}{linked} changed={changed}{}", self.more);
        let said = Said {
            verb: AuditVerb::CardChanged,
            of_holder: &of_holder,
            of_operator: &format!("{} changed={changed}", issuance.bare_words(&rights)),
        };
        draft.record(Some(&of), &said)
    }
}

fn move_times(
    draft: &Draft<'_>,
    issuance: Issuance,
    wish: &Amendment,
    said: &mut Told,
) -> Result<Issuance, RegisterError> {
    let was = issuance.valid;
    let until = match wish.until {
        None => was.until(),
        Some(NewEnd::Never) => None,
        Some(NewEnd::At(then)) => Some(then.max(draft.now)),
    };
    let valid = Validity::new(wish.from.unwrap_or(was.from()), until)?;
    if valid == was {
        return Ok(issuance);
    }
    let moved = issuance.within(valid)?;
    if valid.until() != was.until() {
        // An end that came before is not moved to where it came never; a renewed card ends anew.
        if was.until().is_some_and(|end| end <= draft.now)
            && until.is_some_and(|until| until <= draft.now)
        {
            return Err(RegisterError::Ended);
        }
        said.note("until", &format!(" was-until={}", or_dash(was.until())));
    }
    if valid.from() != was.from() {
        said.note("from", &format!(" was-from={}", was.from()));
    }
    draft.tx.execute(
        "UPDATE issuance SET valid_from = ?2, valid_until = ?3, end_told = end_told AND valid_until IS ?3 WHERE id = ?1",
        params![
            moved.id.get(),
            valid.from().micros(),
            valid.until().map(UtcMicros::micros)
        ],
    )?;
    Ok(moved)
}

fn rebind(
    draft: &Draft<'_>,
    issuance: Issuance,
    wish: &Amendment,
    said: &mut Told,
) -> Result<Issuance, RegisterError> {
    let Some(contact) = wish.contact else {
        return Ok(issuance);
    };
    if contact.tenant != issuance.tenant {
        return Err(LifeError::OtherTenant.into());
    }
    if contact.contact == issuance.contact {
        return Ok(issuance);
    }
    draft.tx.execute(
        "UPDATE issuance SET contact = ?2 WHERE id = ?1",
        params![issuance.id.get(), contact.contact.0],
    )?;
    said.note("contact", &format!(" was-contact={}", issuance.contact.0));
    let contact = contact.contact;
    Ok(Issuance {
        contact,
        ..issuance
    })
}

/// Corrects what was written down of the holder; a record tells which fields, never what they say.
fn correct(
    draft: &mut Draft<'_>,
    issuance: &Issuance,
    wish: &Amendment,
    said: &mut Told,
) -> Result<(), RegisterError> {
    let wishes = [
        ("name", &wish.name),
        ("firm", &wish.firm),
        ("mobile", &wish.mobile),
    ];
    if !wish.writes_holder() {
        return Ok(());
    }
    let of = draft.keyed(issuance.holder())?;
    let stored: Vec<u8> = draft.tx.query_row(
        "SELECT holder FROM issuance WHERE id = ?1",
        [issuance.id.get()],
        |row| row.get(0),
    )?;
    let was = opened_holder(&of.key, issuance.id, &stored)?;
    let is = match &was {
        None => wish.registered().ok_or(LifeError::HolderUnknown)?,
        Some(_) if wish.identified_by.is_some() => return Err(LifeError::HolderKnown.into()),
        Some(_) if wish.name.is_some() && !issuance.is_before_activation() => {
            return Err(LifeError::HolderFixed.into());
        }
        Some(was) => wish.corrected(was.clone()),
    };
    if was.as_ref() == Some(&is) {
        return Ok(());
    }
    let owner = u64::from(issuance.id.get());
    let sealed = of
        .key
        .seal(draft.entropy, Field::Holder, owner, &is.pack())?;
    draft.tx.execute(
        "UPDATE issuance SET holder = ?2, unnamed = 0 WHERE id = ?1",
        params![issuance.id.get(), sealed],
    )?;
    for (field, wished) in wishes {
        if wished.is_some() {
            said.note(field, "");
        }
    }
    said.more.push_str(&format!(" sealed={}", mark(&sealed)));
    Ok(())
}

/// Another card for the same holder: the one before is nobody's then.
fn change_plastic(
    draft: &mut Draft<'_>,
    issuance: &Issuance,
    wish: &Amendment,
    said: &mut Told,
) -> Result<(), RegisterError> {
    let Some(plastic) = &wish.plastic else {
        return Ok(());
    };
    if issuance.state != State::Active {
        return Err(LifeError::NotActive.into());
    }
    if issuance.lost.is_some() {
        return Err(LifeError::Lost.into());
    }
    activate::may_bind(issuance, plastic)?;
    activate::unbind(draft, issuance, &plastic.tag)?;
    let of = draft.keyed(issuance.holder())?;
    activate::bind(draft, &of, &plastic.tag, &plastic.card)?;
    said.note("card", &format!(" {}", plastic.shown));
    Ok(())
}

/// Whether the holder went with a lost disk and was not registered anew.
fn is_unnamed(connection: &Connection, id: IssuanceId) -> Result<bool, RegisterError> {
    let mut statement = connection.prepare_cached("SELECT unnamed FROM issuance WHERE id = ?1")?;
    Ok(statement.query_row([id.get()], |row| row.get(0))?)
}

fn or_dash(until: Option<UtcMicros>) -> String {
    until.map_or_else(|| "-".to_owned(), |until| until.to_string())
}

#[cfg(test)]
mod tests;

//! Returning: the card dies at once; when its records are in the log, its holder is forgotten (M19).

use access::{Holder, IssuanceId, OperatorId, UtcMicros};
use rusqlite::params;

use crate::audit::{AuditVerb, Change};
use crate::card_approval;
use crate::draft::{Draft, Said};
use crate::error::RegisterError;
use crate::hold::held_until;
use crate::hold_error::HoldError;
use crate::issuance::{self, Issuance};
use crate::pins;
use crate::register::Register;
use crate::replacement;
use crate::rights;
use crate::stand_in;
use crate::state::{State, Step};
use crate::stock;

impl Register {
    /// Takes the card back, or withdraws what was issued: dead at every door once the change is on the allowlist, and no
    /// event names the holder any more. `form_shredded`: the paper form was. [`Register::finish_return`] forgets the holder.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`], [`RegisterError::Transition`].
    pub fn return_card(
        &mut self,
        id: IssuanceId,
        form_shredded: bool,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let form = if form_shredded {
            "form=shredded"
        } else {
            "form=kept"
        };
        self.change(by, now, |draft| take_back(draft, id, Step::Return, form))
            .map(|((), change)| change)
    }

    /// Withdraws what was issued by mistake, before anybody held a card: there is no paper form then that has to be shredded.
    /// [`Register::finish_return`] forgets the holder.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`]; [`RegisterError::Transition`] once a card was live.
    pub fn withdraw(
        &mut self,
        id: IssuanceId,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        self.change(by, now, |draft| {
            take_back(draft, id, Step::Withdraw, "withdrawn=1")
        })
        .map(|((), change)| change)
    }

    /// Returned issuances whose holders are still to be forgotten and not held; to be finished at every start.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn unfinished_returns(&self, now: UtcMicros) -> Result<Vec<IssuanceId>, RegisterError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id FROM issuance WHERE state = 'returned' AND coalesce(held_until, ?1) <= ?1 ORDER BY id",
        )?;
        let ids = statement
            .query_map([now.micros()], |row| row.get(0))?
            .collect::<Result<Vec<u32>, _>>()?;
        Ok(ids.into_iter().filter_map(IssuanceId::new).collect())
    }

    /// Whom a returned card was issued to and where their key lies, when the log has every record of the issuance: what is
    /// under the key in the log may be erased then. `None` if they are forgotten already.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::NotReturned`], [`RegisterError::Hold`], [`RegisterError::RecordsPending`].
    pub fn returned_holder(
        &self,
        id: IssuanceId,
        now: UtcMicros,
    ) -> Result<Option<Holder>, RegisterError> {
        match self.to_be_forgotten(id, now) {
            Ok(issuance) => Ok(Some(issuance.holder())),
            Err(RegisterError::Forgotten) => Ok(None),
            Err(cause) => Err(cause),
        }
    }

    /// Destroys the key of a returned card's holder: the first thing that [`Register::finish_return`] does, for one who has
    /// something to do between the two. Repeatable.
    ///
    /// # Errors
    /// As [`Register::returned_holder`], or what the key store says.
    pub fn destroy_returned_key(
        &mut self,
        id: IssuanceId,
        now: UtcMicros,
    ) -> Result<(), RegisterError> {
        let issuance = self.to_be_forgotten(id, now)?;
        self.keys.destroy(issuance.slot)?;
        Ok(())
    }

    fn to_be_forgotten(&self, id: IssuanceId, now: UtcMicros) -> Result<Issuance, RegisterError> {
        let issuance = Issuance::load(&self.connection, id)?;
        if issuance.state != State::Returned {
            return Err(RegisterError::NotReturned);
        }
        if let Some(until) = held_until(&self.connection, id, now)? {
            return Err(RegisterError::Hold(HoldError::Held { until }));
        }
        match self.records_pending(id)? {
            0 => Ok(issuance),
            count => Err(RegisterError::RecordsPending { count }),
        }
    }

    /// Forgets the holder of a returned card: the key first, then the row, the card and the rights; a tombstone keeps the
    /// pseudonym from ever being given again. To be called when the log has every record of the issuance. Repeatable: after
    /// a crash anywhere within, the same call does what is missing; when all is done it does nothing.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::NotReturned`], [`RegisterError::Hold`], [`RegisterError::RecordsPending`].
    pub fn finish_return(
        &mut self,
        id: IssuanceId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let issuance = match self.to_be_forgotten(id, now) {
            Err(RegisterError::Forgotten) => {
                return Ok(Change {
                    records: Vec::new(),
                    allowlist: Vec::new(),
                    new_hours: false,
                    generation: self.generation()?,
                });
            }
            loaded => loaded?,
        };
        let by = self.returned_by(id)?;
        self.keys.destroy(issuance.slot)?;
        let ((), change) = self.change(by, now, |draft| bury(draft, &issuance))?;
        // The change is made by now, and its records are owed to the log whatever becomes of old pages.
        self.has_old_pages = self.shed_old_pages().is_err();
        Ok(change)
    }

    fn returned_by(&self, id: IssuanceId) -> Result<OperatorId, RegisterError> {
        let by = self.connection.query_row(
            "SELECT returned_by FROM issuance WHERE id = ?1",
            [id.get()],
            |row| row.get(0),
        )?;
        Ok(OperatorId::new(by))
    }

    /// Sheds the pages of before that could not be shed when a change had made them old. Nobody is forgotten before that.
    ///
    /// # Errors
    /// What SQLite says; it is repeatable.
    pub fn shed_what_was_left(&mut self) -> Result<(), RegisterError> {
        if self.has_old_pages {
            self.shed_old_pages()?;
            self.has_old_pages = false;
        }
        Ok(())
    }

    /// Writes the log back and empties it, so that no page of before lies in it. Who is reading keeps it from that: then the
    /// next one does it.
    pub(crate) fn shed_old_pages(&self) -> Result<(), RegisterError> {
        self.connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }
}

/// Ends an issuance within a change: dead at every door, its holder to be forgotten next. `how` stands in the operator's part.
pub(crate) fn take_back(
    draft: &mut Draft<'_>,
    id: IssuanceId,
    step: Step,
    how: &str,
) -> Result<(), RegisterError> {
    let mut issuance = Issuance::load(&draft.tx, id)?;
    issuance.state = issuance.state.after(step)?;
    let by = draft.operator()?.get();
    draft.tx.execute(
        "UPDATE issuance SET state = ?2, returned_at = ?3, returned_by = ?4 WHERE id = ?1",
        params![id.get(), issuance.state.name(), draft.now.micros(), by],
    )?;
    pins::delete(&draft.tx, id)?;
    stand_in::part(draft, id)?;
    replacement::part(&draft.tx, id)?;
    card_approval::end(&draft.tx, id)?;
    issuance.awaits = None;
    if let Some(tag) = issuance::tag_of(&draft.tx, id)? {
        draft.remove(tag);
        if issuance.lost.is_some() {
            stock::stays_lost(draft, &tag)?;
        }
    }
    let of = draft.keyed(issuance.holder())?;
    let rights = rights::of(&draft.tx, id)?;
    let said = Said {
        verb: step.into(),
        of_holder: &issuance.words(&rights),
        of_operator: &format!("{} {how}", issuance.bare_words(&rights)),
    };
    draft.record(Some(&of), &said)
}

fn bury(draft: &mut Draft<'_>, issuance: &Issuance) -> Result<(), RegisterError> {
    let id = issuance.id.get();
    draft
        .tx
        .execute("DELETE FROM issuance WHERE id = ?1", [id])?;
    draft.tx.execute(
        "INSERT INTO tombstone (id, kind, slot, slot_generation, forgotten_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![id, issuance.kind.name(), issuance.slot.index, issuance.slot.generation, draft.now.micros()],
    )?;
    let of_operator = format!(
        "slot={} slot-generation={}",
        issuance.slot.index, issuance.slot.generation
    );
    draft.record(
        None,
        &Said {
            verb: AuditVerb::ShredDone,
            of_holder: "",
            of_operator: &of_operator,
        },
    )
}

#[cfg(test)]
mod tests;

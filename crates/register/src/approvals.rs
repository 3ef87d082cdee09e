//! Approvals: keeping a change that waits for another person, reading it, refusing it, letting it expire (M4).

use std::time::Duration;

use access::role::Act;
use access::{IssuanceId, OperatorId, UtcMicros};
use key_store::Owner;
use rusqlite::params;
use zeroize::Zeroizing;

use crate::approval::{self, ApprovalId, Approved, COLUMNS, WaitingChange};
use crate::approval_error::ApprovalError;
use crate::audit::{AuditVerb, Change};
use crate::draft::Draft;
use crate::error::RegisterError;
use crate::register::Register;
use crate::seal::{Field, FieldKey};
use crate::text::Text;

/// A change that is to wait.
pub struct NewWaiting {
    /// The act for which another person is needed.
    pub act: Act,
    /// What was asked, by its name in the log.
    pub verb: &'static str,
    /// The issuance it is about, if it is about one.
    pub issuance: Option<IssuanceId>,
    /// What was asked, as the caller will want to read it again; at most [`WAITING_LEN_MAX`] octets.
    pub request: Zeroizing<Vec<u8>>,
    /// Why whoever asks is in doubt.
    pub doubt: Option<Text>,
}

impl Register {
    /// Keeps a change for another person's approval, sealed under a key of its own, for [`WAITING_DAYS`]. Nothing else comes
    /// of it until [`Register::carry_out`].
    ///
    /// # Errors
    /// [`RegisterError::Approval`] if it is too long or too many wait; [`RegisterError::NoSuchOperator`].
    pub fn keep_change(
        &mut self,
        new: &NewWaiting,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<(ApprovalId, Change), RegisterError> {
        let found = new.request.len();
        if found > WAITING_LEN_MAX {
            let max = WAITING_LEN_MAX;
            return Err(ApprovalError::TooLong { found, max }.into());
        }
        self.change(by, now, |draft| keep(draft, new, by))
    }

    /// From now on the next change that the requester of an approved one makes *is* that one: in the same transaction the
    /// approval is recorded in the name of who gave it, and nothing waits any more. `None` takes it back. Gives what was taken
    /// before and is not carried out yet.
    pub fn carry_out(&mut self, approved: Option<Approved>) -> Option<Approved> {
        std::mem::replace(&mut self.approved, approved)
    }

    /// Every change that waits and may still be approved, in order.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn waiting_changes(&self, now: UtcMicros) -> Result<Vec<WaitingChange>, RegisterError> {
        let all = self.all_waiting()?.into_iter();
        Ok(all.filter(|waiting| waiting.expires_at > now).collect())
    }

    /// One of them.
    ///
    /// # Errors
    /// [`RegisterError::Approval`] if there is none, or its time is over.
    pub fn waiting_change(
        &self,
        id: ApprovalId,
        now: UtcMicros,
    ) -> Result<WaitingChange, RegisterError> {
        let waiting = approval::load(&self.connection, id)?;
        if waiting.expires_at <= now {
            return Err(ApprovalError::Expired.into());
        }
        Ok(waiting)
    }

    /// What was asked; the caller records the reading.
    ///
    /// # Errors
    /// [`RegisterError::Approval`] if nothing waits; [`RegisterError::Unsealable`].
    pub fn waiting_request(
        &self,
        waiting: &WaitingChange,
    ) -> Result<Zeroizing<Vec<u8>>, RegisterError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT request FROM waiting_change WHERE id = ?1")?;
        let mut rows = statement.query([waiting.id.0])?;
        let row = rows.next()?.ok_or(ApprovalError::NotWaiting)?;
        let owner = Owner::Approval(waiting.id.0);
        let key = FieldKey::of_owner(&self.keys, waiting.slot.index, owner)?;
        let sealed = row.get::<_, Vec<u8>>(0)?;
        key.open(Field::Request, u64::from(waiting.id.0), &sealed)
    }

    /// Refuses a change, or, by its requester, withdraws it: its key is destroyed, its row goes. The reason stands in the
    /// holder's part where it is about an issuance; where it is not, it might tell of somebody who has no key, and is not kept.
    ///
    /// # Errors
    /// [`RegisterError::Approval`] if nothing waits.
    pub fn refuse_change(
        &mut self,
        id: ApprovalId,
        reason: &Text,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let (slot, change) = self.change(by, now, |draft| {
            let waiting = approval::load(&draft.tx, id)?;
            let is_own = u8::from(waiting.requester == by);
            let more = format!("asked-by={} withdrawn={is_own}", waiting.requester);
            let of_holder = Zeroizing::new(format!("reason={}", reason.expose()));
            let said = (more.as_str(), of_holder.as_str());
            approval::tell(draft, &waiting, AuditVerb::ChangeRefused, said)?;
            approval::delete(draft, &waiting)?;
            Ok(waiting.slot)
        })?;
        if !self.is_rehearsing() {
            self.spend(slot);
        }
        Ok(change)
    }

    /// Ends the waiting of every change whose time is over, each in the name of who asked for it. A change without records
    /// means that there was none.
    ///
    /// # Errors
    /// What SQLite or the key store says; then none has ended.
    pub fn expire_changes(&mut self, now: UtcMicros) -> Result<Change, RegisterError> {
        let mut due = self.all_waiting()?;
        due.retain(|waiting| waiting.expires_at <= now);
        let ((), change) = self.change_by(None, now, |draft| {
            due.iter().try_for_each(|waiting| {
                draft.sign_as(waiting.requester)?;
                approval::tell(draft, waiting, AuditVerb::ChangeExpired, ("", ""))?;
                approval::delete(draft, waiting)
            })
        })?;
        due.iter().for_each(|waiting| self.spend(waiting.slot));
        Ok(change)
    }

    fn all_waiting(&self) -> Result<Vec<WaitingChange>, RegisterError> {
        let all = format!("SELECT {COLUMNS} FROM waiting_change ORDER BY id");
        let mut statement = self.connection.prepare_cached(&all)?;
        let mut rows = statement.query([])?;
        let mut waiting = Vec::new();
        while let Some(row) = rows.next()? {
            waiting.push(approval::read(row)?);
        }
        Ok(waiting)
    }
}

fn keep(
    draft: &mut Draft<'_>,
    new: &NewWaiting,
    by: OperatorId,
) -> Result<ApprovalId, RegisterError> {
    let waiting: i64 = draft.tx.query_row(
        "SELECT count(*) FROM waiting_change WHERE expires_at > ?1",
        [draft.now.micros()],
        |row| row.get(0),
    )?;
    if usize::try_from(waiting).is_ok_and(|waiting| waiting >= WAITING_MAX) {
        return Err(ApprovalError::TooMany { max: WAITING_MAX }.into());
    }
    let id = draft.number("approval")?;
    let waiting = WaitingChange {
        id: ApprovalId(id),
        requester: by,
        act: new.act,
        verb: new.verb.to_owned(),
        issuance: new.issuance,
        made_at: draft.now,
        expires_at: draft.now.saturating_add(WAITING),
        slot: draft.allocate(Owner::Approval(id))?,
    };
    insert(draft, &waiting, &new.request)?;
    let more = approval::more_words(&draft.tx, &waiting)?;
    let doubt = new.doubt.as_ref();
    let doubt = doubt.map(|doubt| format!("doubt={}", doubt.expose()));
    let doubt = Zeroizing::new(doubt.unwrap_or_default());
    approval::tell(draft, &waiting, AuditVerb::ChangePending, (&more, &doubt))?;
    Ok(waiting.id)
}

fn insert(
    draft: &mut Draft<'_>,
    waiting: &WaitingChange,
    request: &[u8],
) -> Result<(), RegisterError> {
    let (id, slot) = (waiting.id.0, waiting.slot);
    let key = FieldKey::of_owner(draft.keys, slot.index, Owner::Approval(id))?;
    let sealed = key.seal(draft.entropy, Field::Request, u64::from(id), request)?;
    let insert = format!(
        "INSERT INTO waiting_change ({COLUMNS}, request) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
    );
    draft.tx.prepare_cached(&insert)?.execute(params![
        id,
        waiting.requester.get(),
        waiting.act.as_str(),
        waiting.verb,
        waiting.issuance.map(IssuanceId::get),
        waiting.made_at.micros(),
        waiting.expires_at.micros(),
        slot.index,
        slot.generation,
        sealed,
    ])?;
    Ok(())
}

/// Changes that may wait at once.
pub const WAITING_MAX: usize = 256;
/// Octets that a request may have to be kept.
pub const WAITING_LEN_MAX: usize = 64 * 1024;
/// Days after which a change can no longer be approved.
pub const WAITING_DAYS: u32 = 7;
const WAITING: Duration = Duration::from_secs(WAITING_DAYS as u64 * 86_400);

#[cfg(test)]
mod tests;

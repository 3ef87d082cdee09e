//! Approval: a change that waits for another person, from the row it lies in to its end.

use std::fmt;

use access::role::Act;
use access::{IssuanceId, OperatorId, UtcMicros};
use key_store::Slot;
use rusqlite::{Connection, Row};

use crate::approval_error::ApprovalError;
use crate::audit::AuditVerb;
use crate::draft::{Draft, Said};
use crate::error::RegisterError;
use crate::issuance::Issuance;
use crate::mark::mark;
use crate::pseudonym::pseudonym;
use crate::rights;
use crate::state::State;

/// The number of a change that waits; never given twice, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApprovalId(pub u32);

/// That somebody approved a change: [`crate::Register::carry_out`] takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Approved {
    /// The change.
    pub change: ApprovalId,
    /// Who approved it.
    pub by: OperatorId,
}

/// A change that waits, without what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingChange {
    /// Its number.
    pub id: ApprovalId,
    /// Who asked for it.
    pub requester: OperatorId,
    /// The act for which they need another person.
    pub act: Act,
    /// What was asked, by its name in the log.
    pub verb: String,
    /// The issuance it is about, if it is about one.
    pub issuance: Option<IssuanceId>,
    /// When it was asked.
    pub made_at: UtcMicros,
    /// From when on it can no longer be approved.
    pub expires_at: UtcMicros,
    pub(crate) slot: Slot,
}

impl fmt::Display for ApprovalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "A-{}", self.0)
    }
}

/// The columns [`read`] wants.
pub(crate) const COLUMNS: &str =
    "id, requester, act, verb, issuance, made_at, expires_at, slot, slot_generation";

pub(crate) fn read(row: &Row<'_>) -> Result<WaitingChange, RegisterError> {
    let named: String = row.get(2)?;
    let act = Act::ALL.iter().find(|act| act.as_str() == named).copied();
    let issuance: Option<u32> = row.get(4)?;
    Ok(WaitingChange {
        id: ApprovalId(row.get(0)?),
        requester: OperatorId::new(row.get(1)?),
        act: act.ok_or(RegisterError::corrupt("an unknown act"))?,
        verb: row.get(3)?,
        issuance: issuance.map(pseudonym).transpose()?,
        made_at: UtcMicros::from_micros(row.get(5)?),
        expires_at: UtcMicros::from_micros(row.get(6)?),
        slot: Slot {
            index: row.get(7)?,
            generation: row.get(8)?,
        },
    })
}

pub(crate) fn load(
    connection: &Connection,
    id: ApprovalId,
) -> Result<WaitingChange, RegisterError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM waiting_change WHERE id = ?1"
    ))?;
    match statement.query([id.0])?.next()? {
        Some(row) => read(row),
        None => Err(ApprovalError::NotWaiting.into()),
    }
}

/// Ends the waiting of a change that this draft carries out for `requester`, in the name of who approved it; gives the slot of
/// the key that is to be destroyed when the draft is committed.
pub(crate) fn conclude(
    draft: &mut Draft<'_>,
    approved: Approved,
    requester: Option<OperatorId>,
) -> Result<Slot, RegisterError> {
    let waiting = load(&draft.tx, approved.change)?;
    if waiting.expires_at <= draft.now {
        return Err(ApprovalError::Expired.into());
    }
    if waiting.requester == approved.by {
        return Err(ApprovalError::Own.into());
    }
    if requester != Some(waiting.requester) {
        return Err(ApprovalError::OtherRequester.into());
    }
    draft.sign_as(approved.by)?;
    let asked_by = format!("asked-by={}", waiting.requester);
    tell(draft, &waiting, AuditVerb::ChangeApproved, (&asked_by, ""))?;
    delete(draft, &waiting)?;
    Ok(waiting.slot)
}

pub(crate) fn delete(draft: &Draft<'_>, waiting: &WaitingChange) -> Result<(), RegisterError> {
    let mut statement = draft
        .tx
        .prepare_cached("DELETE FROM waiting_change WHERE id = ?1")?;
    statement.execute([waiting.id.0])?;
    Ok(())
}

/// Records what became of a change: its number and verb with `more` words in the operator's part; where it is about an
/// issuance that lives, all of that and `of_holder` words in the holder's.
pub(crate) fn tell(
    draft: &mut Draft<'_>,
    waiting: &WaitingChange,
    verb: AuditVerb,
    (more, of_holder): (&str, &str),
) -> Result<(), RegisterError> {
    let of_operator = format!("approval={} verb={} {more}", waiting.id, waiting.verb);
    let of_operator = of_operator.trim_end();
    let Some(issuance) = about(draft, waiting)? else {
        let said = Said {
            verb,
            of_holder: "",
            of_operator,
        };
        return draft.record(None, &said);
    };
    let rights = rights::of(&draft.tx, issuance.id)?;
    let of = draft.keyed(issuance.holder())?;
    let of_holder = format!("{} {of_operator} {of_holder}", issuance.words(&rights));
    let said = Said {
        verb,
        of_holder: of_holder.trim_end(),
        of_operator,
    };
    draft.record(Some(&of), &said)
}

/// What the record of a change that waits says besides its number and verb.
pub(crate) fn more_words(
    connection: &Connection,
    waiting: &WaitingChange,
) -> Result<String, RegisterError> {
    let mut statement =
        connection.prepare_cached("SELECT request FROM waiting_change WHERE id = ?1")?;
    let sealed: Vec<u8> = statement.query_row([waiting.id.0], |row| row.get(0))?;
    let WaitingChange {
        requester,
        act,
        made_at,
        expires_at,
        slot,
        ..
    } = waiting;
    Ok(format!(
        "act={} until={expires_at} asked-by={requester} asked={made_at} key={}.{} sealed={}",
        act.as_str(),
        slot.index,
        slot.generation,
        mark(&sealed)
    ))
}

/// What every change that waits says, as its record does.
pub(crate) fn said(connection: &Connection, id: u32) -> Result<String, RegisterError> {
    let waiting = load(connection, ApprovalId(id))?;
    let more = more_words(connection, &waiting)?;
    Ok(format!(
        "approval={} verb={} {more}",
        waiting.id, waiting.verb
    ))
}

/// The issuance it is about; of a returned card nothing is said any more.
fn about(draft: &Draft<'_>, waiting: &WaitingChange) -> Result<Option<Issuance>, RegisterError> {
    let Some(id) = waiting.issuance else {
        return Ok(None);
    };
    match Issuance::load(&draft.tx, id) {
        Ok(issuance) => Ok(Some(issuance).filter(|issuance| issuance.state != State::Returned)),
        Err(RegisterError::Forgotten | RegisterError::NoSuchIssuance) => Ok(None),
        Err(cause) => Err(cause),
    }
}

//! Card approvals: which of a tenant's employee cards wait for its personnel office, and its word on them (M16).

use access::{IssuanceId, OperatorId, UtcMicros};
use rusqlite::{Row, params};

use crate::approval_error::ApprovalError;
use crate::audit::{AuditVerb, Change};
use crate::card_approval::{self, Batch, NO_BATCH};
use crate::charge::{self, Fee};
use crate::contact::TenantId;
use crate::draft::{Draft, Said};
use crate::error::RegisterError;
use crate::issuance::Issuance;
use crate::life;
use crate::pseudonym::pseudonym;
use crate::register::Register;
use crate::rights;

/// What waits for a tenant's personnel office under one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardsAwaiting {
    /// One card.
    Card(IssuanceId),
    /// All that came for the tenant with one import.
    Batch(u32),
}

/// Cards that wait, without their holders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwaitingRow {
    /// What they are called.
    pub which: CardsAwaiting,
    /// Whose they are.
    pub tenant: TenantId,
    /// The tenant's name.
    pub tenant_name: String,
    /// Who issued or imported them.
    pub asked_by: OperatorId,
    /// When.
    pub asked_at: UtcMicros,
    /// How many.
    pub cards: u64,
}

impl Register {
    /// Has a tenant's employee cards wait for its personnel office from now on, or no longer. Cards that are there stay as
    /// they are.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchTenant`], [`RegisterError::NoSuchOperator`].
    pub fn set_cards_by_hr(
        &mut self,
        tenant: TenantId,
        by_hr: bool,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let set = self.change(by, now, |draft| {
            let changed = draft.tx.execute(
                "UPDATE tenant SET cards_by_hr = ?2, recorded_at = ?3, recorded_by = ?4 WHERE id = ?1",
                params![tenant.0, by_hr, now.micros(), by.get()],
            )?;
            if changed == 0 {
                return Err(RegisterError::NoSuchTenant);
            }
            let of_operator = format!("tenant={} cards-by-hr={}", tenant.0, u8::from(by_hr));
            let said = Said {
                verb: AuditVerb::TenantChanged,
                of_holder: "",
                of_operator: &of_operator,
            };
            draft.record(None, &said)
        });
        set.map(|((), change)| change)
    }

    /// Whether a tenant's employee cards wait for its personnel office.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn cards_by_hr(&self, tenant: TenantId) -> Result<bool, RegisterError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT 1 FROM tenant WHERE id = ?1 AND cards_by_hr = 1")?;
        Ok(statement.exists([tenant.0])?)
    }

    /// Everything that waits, batches first.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn awaiting_cards(&self) -> Result<Vec<AwaitingRow>, RegisterError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT a.batch, min(a.issuance), i.tenant, t.name, a.asked_by, min(a.asked_at), count(*)
             FROM card_approval a JOIN issuance i ON i.id = a.issuance JOIN tenant t ON t.id = i.tenant
             GROUP BY iif(a.batch = 0, -1 - a.issuance, a.batch) ORDER BY a.batch = 0, a.batch, min(a.asked_at)",
        )?;
        let mut rows = statement.query([])?;
        let mut awaiting = Vec::new();
        while let Some(row) = rows.next()? {
            awaiting.push(read(row)?);
        }
        Ok(awaiting)
    }

    /// What waits under this name.
    ///
    /// # Errors
    /// [`RegisterError::Approval`] if nothing does.
    pub fn awaiting(&self, which: CardsAwaiting) -> Result<AwaitingRow, RegisterError> {
        let sql = |of: &str| {
            format!(
                "SELECT a.batch, min(a.issuance), i.tenant, t.name, a.asked_by, min(a.asked_at), count(*)
                 FROM card_approval a JOIN issuance i ON i.id = a.issuance JOIN tenant t ON t.id = i.tenant
                 WHERE a.{of} = ?1 GROUP BY 1"
            )
        };
        let (sql, number) = match which {
            CardsAwaiting::Card(issuance) => (sql("issuance"), issuance.get()),
            CardsAwaiting::Batch(NO_BATCH) => return Err(ApprovalError::NotWaiting.into()),
            CardsAwaiting::Batch(batch) => (sql("batch"), batch),
        };
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([number])?;
        let row = rows.next()?.ok_or(ApprovalError::NotWaiting)?;
        // A card of a batch is asked for by its own name too.
        Ok(AwaitingRow {
            which,
            ..read(row)?
        })
    }

    /// The next cards that wait in a batch behind this one, at most `limit`.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn cards_of_batch(
        &self,
        batch: u32,
        after: Option<IssuanceId>,
        limit: u32,
    ) -> Result<Vec<IssuanceId>, RegisterError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT issuance FROM card_approval WHERE batch = ?1 AND issuance > ?2 ORDER BY issuance LIMIT ?3",
        )?;
        let after = after.map_or(-1, |id| i64::from(id.get()));
        let ids = statement
            .query_map(params![batch, after, limit], |row| row.get(0))?
            .collect::<Result<Vec<u32>, _>>()?;
        Ok(ids.into_iter().filter_map(IssuanceId::new).collect())
    }

    /// Approves one card; if its plastic is bound, it opens from now on.
    ///
    /// # Errors
    /// [`RegisterError::Approval`] if it does not wait, or the approver issued it; [`RegisterError::NoSuchIssuance`],
    /// [`RegisterError::Forgotten`].
    pub fn approve_card(
        &mut self,
        id: IssuanceId,
        (by, fee): (OperatorId, Option<Fee>),
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let approved = self.change(by, now, |draft| {
            let (issuance, more) = approve(draft, id, by)?;
            life::announce(draft, &issuance)?;
            life::tell(draft, &issuance, AuditVerb::CardApproved, &more)?;
            // An imported card is live with the approval, and charged for then (M18); one that was issued is when it is activated.
            fee.map_or(Ok(()), |fee| charge::of_approved(draft, &issuance, fee))
        });
        approved.map(|((), change)| change)
    }

    /// Approves every card that waits in a batch, in one transaction; gives how many. The records are in the outbox and not
    /// in the change, and the allowlist is to be built anew.
    ///
    /// # Errors
    /// As [`Register::approve_card`].
    pub fn approve_batch(
        &mut self,
        batch: u32,
        (by, fee): (OperatorId, Option<Fee>),
        now: UtcMicros,
    ) -> Result<(u64, Change), RegisterError> {
        let ids = self.cards_of_batch(batch, None, u32::MAX)?;
        if batch == NO_BATCH || ids.is_empty() {
            return Err(ApprovalError::NotWaiting.into());
        }
        self.change(by, now, |draft| {
            for id in &ids {
                let (issuance, more) = approve(draft, *id, by)?;
                let rights = rights::of(&draft.tx, *id)?;
                let of = draft.keyed(issuance.holder())?;
                let of_holder = format!("{} {more}", issuance.words(&rights));
                let said = Said {
                    verb: AuditVerb::CardApproved,
                    of_holder: &of_holder,
                    of_operator: &issuance.bare_words(&rights),
                };
                draft.post(Some(&of), &said)?;
                if let Some(fee) = fee {
                    charge::of_imported(draft, &issuance, fee)?;
                }
            }
            draft.rebuild_allowlist();
            Ok(u64::try_from(ids.len()).unwrap_or(u64::MAX))
        })
    }
}

/// Ends the waiting of one card; gives it as it is now, and who had issued it as a word.
fn approve(
    draft: &Draft<'_>,
    id: IssuanceId,
    by: OperatorId,
) -> Result<(Issuance, String), RegisterError> {
    let mut issuance = Issuance::load_live(&draft.tx, id)?;
    let (asked_by, _) = card_approval::asked(&draft.tx, id)?.ok_or(ApprovalError::NotWaiting)?;
    if asked_by == by {
        return Err(ApprovalError::Own.into());
    }
    card_approval::end(&draft.tx, id)?;
    issuance.awaits = None;
    Ok((issuance, format!("asked-by={asked_by}")))
}

fn read(row: &Row<'_>) -> Result<AwaitingRow, RegisterError> {
    let batch: Batch = row.get(0)?;
    let issuance = pseudonym(row.get(1)?)?;
    let cards: i64 = row.get(6)?;
    Ok(AwaitingRow {
        which: if batch == NO_BATCH {
            CardsAwaiting::Card(issuance)
        } else {
            CardsAwaiting::Batch(batch)
        },
        tenant: TenantId(row.get(2)?),
        tenant_name: row.get(3)?,
        asked_by: OperatorId::new(row.get(4)?),
        asked_at: UtcMicros::from_micros(row.get(5)?),
        cards: u64::try_from(cards).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests;

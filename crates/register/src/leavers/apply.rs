//! Apply: carrying a list of leavers out, in one transaction.

use access::{OperatorId, UtcMicros};
use rusqlite::params;

use super::{LeaversDone, LeaversPlan, Meant};
use crate::audit::{AuditVerb, Change};
use crate::contact::ContactId;
use crate::contact_leaving;
use crate::counter::counter;
use crate::departure;
use crate::draft::{Draft, Said};
use crate::error::RegisterError;
use crate::register::Register;
use crate::responsible;

impl Register {
    /// Carries a plan out: all of it or nothing. The cards of everybody who was found end with their last day, those of
    /// today at once and their PINs with them; contact persons leave. `progress` hears how many rows are done.
    ///
    /// # Errors
    /// [`RegisterError::ImportProblems`], [`RegisterError::PlanStale`], [`RegisterError::NoSuchOperator`].
    pub fn leavers(
        &mut self,
        plan: &LeaversPlan,
        by: OperatorId,
        now: UtcMicros,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(LeaversDone, Change), RegisterError> {
        let count = plan.refused;
        if count > 0 {
            return Err(RegisterError::ImportProblems { count });
        }
        if counter(&self.connection, "outbox")? != plan.revision {
            return Err(RegisterError::PlanStale);
        }
        self.change(by, now, |draft| {
            let mut done = LeaversDone::default();
            for (row, at) in plan.found.iter().zip(1_u64..) {
                let Meant::One { issuances, contact } = &row.meant else {
                    continue;
                };
                let ends = row.ends.unwrap_or(draft.now);
                for id in issuances {
                    departure::end(draft, *id, ends)?;
                }
                if let Some(contact) = contact {
                    let left_alone = contact_leaves(draft, *contact, ends)?;
                    done.left_alone = done.left_alone.or(left_alone);
                }
                if at % PROGRESS_EVERY == 0 {
                    progress(at);
                }
            }
            tell(draft, plan)?;
            Ok(done)
        })
    }
}

/// A contact person leaves now, or as soon as the last day is over; gives the tenant's name if nobody answers for it then.
fn contact_leaves(
    draft: &mut Draft<'_>,
    contact: ContactId,
    ends: UtcMicros,
) -> Result<Option<String>, RegisterError> {
    if ends <= draft.now {
        return contact_leaving::leave(draft, contact, None);
    }
    let tenant = responsible::tenant_of(&draft.tx, contact)?;
    draft.tx.execute(
        "UPDATE contact SET leaves_at = ?2, recorded_at = ?3, recorded_by = ?4 WHERE id = ?1",
        params![
            contact.0,
            ends.micros(),
            draft.now.micros(),
            draft.operator()?.get()
        ],
    )?;
    let of_operator = format!(
        "tenant={} contact={} active=1 leaves={}",
        tenant.0,
        contact.0,
        ends.micros()
    );
    draft.record(
        None,
        &Said {
            verb: AuditVerb::TenantChanged,
            of_holder: "",
            of_operator: &of_operator,
        },
    )?;
    Ok(None)
}

/// Records the list as a whole: nobody's name, and nobody's pseudonym.
fn tell(draft: &mut Draft<'_>, plan: &LeaversPlan) -> Result<(), RegisterError> {
    let (cards, contacts) = plan.counts();
    let rows = plan.found.len();
    let of_operator = format!(
        "tenant={} rows={rows} cards={cards} contacts={contacts}",
        plan.tenant.0
    );
    draft.record(
        None,
        &Said {
            verb: AuditVerb::LeaversImported,
            of_holder: "",
            of_operator: &of_operator,
        },
    )
}

/// So many rows are carried out between two words about it.
const PROGRESS_EVERY: u64 = 256;

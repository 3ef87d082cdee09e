//! Leaving: contact persons go, by an operator's word or because their last day is over (M14, M24).

use access::OperatorId;
use control::Refusal;
use register::ContactId;

use crate::desk::{Desk, Effect, refusal};

/// A contact person leaves, and somebody follows or nobody does: cards bound to them are dead at every door when this
/// returns. Says whether nobody answers for the tenant from now on.
///
/// # Errors
/// The refusal; nothing was changed, unless it says so.
pub(crate) fn contact(
    desk: &mut Desk,
    (contact, follower): (ContactId, Option<ContactId>),
    by: OperatorId,
    dry_run: bool,
) -> Result<bool, Refusal> {
    let left_alone = desk.change(Effect::Revokes, dry_run, |register, now| {
        register.contact_followed((contact, follower), by, now)
    })?;
    Ok(left_alone.is_some())
}

/// Contact persons whose last day is over leave.
///
/// # Errors
/// The refusal; it is tried again later.
pub(crate) fn due_contacts(desk: &mut Desk) -> Result<(), Refusal> {
    loop {
        let now = desk.ledger.clock.now().utc;
        let due = desk.register.contacts_to_leave(AT_ONCE, now);
        let due = due.map_err(|cause| refusal(&cause))?;
        if due.is_empty() {
            return Ok(());
        }
        for (leaver, by) in due {
            contact(desk, (leaver, None), by, false)?;
        }
    }
}

/// Contact persons looked up at once.
const AT_ONCE: u32 = 64;

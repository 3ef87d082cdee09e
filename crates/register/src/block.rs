//! Block: denying a card at every door for a time, beside its state.

use access::{IssuanceId, OperatorId, UtcMicros};
use rusqlite::params;

use crate::audit::{AuditVerb, Change};
use crate::draft::Draft;
use crate::error::RegisterError;
use crate::issuance::{self, Blocked, Issuance};
use crate::life;
use crate::register::Register;
use crate::state::State;
use crate::text::Text;

impl Register {
    /// Denies the card at every door until it is unblocked.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`], [`RegisterError::AlreadyBlocked`],
    /// [`RegisterError::Transition`] after the return.
    pub fn block(
        &mut self,
        id: IssuanceId,
        reason: &Text,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        self.change(by, now, |draft| block(draft, id, reason.expose()))
            .map(|((), change)| change)
    }

    /// Lifts a block.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`], [`RegisterError::NotBlocked`],
    /// [`RegisterError::ContactInactive`].
    pub fn unblock(
        &mut self,
        id: IssuanceId,
        reason: &Text,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let unblocked = self.change(by, now, |draft| {
            let mut issuance = Issuance::load(&draft.tx, id)?;
            if issuance.blocked.take().is_none() || issuance.state == State::Returned {
                return Err(RegisterError::NotBlocked);
            }
            if !issuance::is_active(&draft.tx, issuance.contact)? {
                return Err(RegisterError::ContactInactive);
            }
            draft.tx.execute(
                "UPDATE issuance SET blocked_at = NULL, blocked_by = NULL WHERE id = ?1",
                [id.get()],
            )?;
            life::announce(draft, &issuance)?;
            let more = format!("reason={}", reason.expose());
            life::tell(draft, &issuance, AuditVerb::CardUnblocked, &more)
        });
        unblocked.map(|((), change)| change)
    }
}

/// Blocks one issuance within a change.
pub(crate) fn block(
    draft: &mut Draft<'_>,
    id: IssuanceId,
    reason: &str,
) -> Result<(), RegisterError> {
    let mut issuance = Issuance::load(&draft.tx, id)?;
    if issuance.state == State::Returned {
        return Err(RegisterError::Forgotten);
    }
    if issuance.blocked.is_some() {
        return Err(RegisterError::AlreadyBlocked);
    }
    let blocked = Blocked {
        at: draft.now,
        by: draft.operator()?,
    };
    issuance.blocked = Some(blocked);
    draft.tx.execute(
        "UPDATE issuance SET blocked_at = ?2, blocked_by = ?3 WHERE id = ?1",
        params![id.get(), blocked.at.micros(), blocked.by.get()],
    )?;
    life::announce(draft, &issuance)?;
    life::tell(
        draft,
        &issuance,
        AuditVerb::CardBlocked,
        &format!("reason={reason}"),
    )
}

#[cfg(test)]
mod tests {
    use access::Standing;

    use super::*;
    use crate::fixture::{House, at, text};

    #[test]
    fn a_block_is_beside_the_state() {
        let mut house = House::settled();
        let by = house.operator;
        let id = house.active_supplier("Kari", 7);
        drop(
            house
                .register
                .block(id, &text("left at the gym"), by, at(3))
                .unwrap(),
        );
        assert_eq!(house.standing(7), Some(Standing::Blocked));
        let row = house.register.find(id).unwrap();
        assert_eq!(
            (row.state, row.blocked),
            (State::Active, Some(Blocked { at: at(3), by }))
        );
        let again = house
            .register
            .block(id, &text("again"), by, at(4))
            .unwrap_err();
        assert!(matches!(again, RegisterError::AlreadyBlocked));
        drop(
            house
                .register
                .unblock(id, &text("found"), by, at(5))
                .unwrap(),
        );
        assert_eq!(house.standing(7), Some(Standing::Active));
        let again = house
            .register
            .unblock(id, &text("again"), by, at(6))
            .unwrap_err();
        assert!(matches!(again, RegisterError::NotBlocked));
        let (ordered, _) = house
            .register
            .issue(&house.employee("Per"), by, at(6))
            .unwrap();
        drop(
            house
                .register
                .block(ordered, &text("doubt"), by, at(7))
                .unwrap(),
        );
        assert_eq!(house.register.find(ordered).unwrap().state, State::Ordered);
    }
}

//! Block: denying a card at every door for a time, beside its state.

use access::role::{Act, Permission, permission};
use access::{IssuanceId, OperatorId, UtcMicros};
use rusqlite::params;

use crate::audit::{AuditVerb, Change};
use crate::draft::Draft;
use crate::error::RegisterError;
use crate::issuance::{self, Blocked, Issuance};
use crate::life;
use crate::operator;
use crate::register::Register;
use crate::state::State;
use crate::text::Text;

impl Register {
    /// Denies the card at every door until it is unblocked. Over a block of somebody who may lift only their own, who may lift
    /// any puts theirs.
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
    if !put(draft, &mut issuance)? {
        return Err(RegisterError::AlreadyBlocked);
    }
    life::announce(draft, &issuance)?;
    life::tell(
        draft,
        &issuance,
        AuditVerb::CardBlocked,
        &format!("reason={reason}"),
    )
}

/// Puts a block of whoever makes the change, unless there is one that is not theirs to replace; says whether it did.
pub(crate) fn put(draft: &Draft<'_>, issuance: &mut Issuance) -> Result<bool, RegisterError> {
    let by = draft.operator()?;
    if let Some(before) = issuance.blocked
        && !outranks(draft, by, before.by)?
    {
        return Ok(false);
    }
    let blocked = Blocked { at: draft.now, by };
    issuance.blocked = Some(blocked);
    draft.tx.execute(
        "UPDATE issuance SET blocked_at = ?2, blocked_by = ?3 WHERE id = ?1",
        params![issuance.id.get(), blocked.at.micros(), by.get()],
    )?;
    Ok(true)
}

/// Whether one may lift any block and the other only their own: then the block of the first goes over that of the second,
/// who cannot lift it any more.
pub(crate) fn outranks(
    draft: &Draft<'_>,
    one: OperatorId,
    other: OperatorId,
) -> Result<bool, RegisterError> {
    Ok(one != other && lifts_any(draft, one)? && !lifts_any(draft, other)?)
}

/// Lifting somebody else's block is giving access back: for those who may issue, while their training holds (M2, M3).
fn lifts_any(draft: &Draft<'_>, id: OperatorId) -> Result<bool, RegisterError> {
    let operator = operator::row_of(&draft.tx, id)?;
    let may = permission(&operator.roles_at(draft.now), Act::WidenCard) == Permission::May;
    Ok(may && operator.is_trained_at(draft.now))
}

#[cfg(test)]
mod tests {
    use access::Standing;
    use access::role::Role;

    use super::*;
    use crate::fixture::{House, at, text};
    use crate::{NewOperator, Roles};

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

    /// Reception staff, and the technician's training from now on.
    fn with_staff(house: &mut House) -> OperatorId {
        let new = NewOperator {
            user: "rita".into(),
            uid: 1002,
            roles: Roles::new(&[Role::ReceptionStaff], None).unwrap(),
            trained_until: Some(at(10_000)),
        };
        let by = house.operator;
        let (staff, _) = house.register.add_operator(&new, Some(by), at(1)).unwrap();
        let trained = house.register.record_training(by, at(1_000), staff, at(1));
        drop(trained.unwrap());
        staff
    }

    #[test]
    fn m03_a_technicians_block_goes_over_reception_staffs_and_is_theirs_then() {
        let mut house = House::settled();
        let (staff, technician) = (with_staff(&mut house), house.operator);
        let id = house.active_supplier("Kari", 7);
        let block = |house: &mut House, by, when| {
            let blocked = house.register.block(id, &text("odd"), by, at(when));
            blocked.map(|change| change.records.len())
        };
        assert_eq!(block(&mut house, staff, 3).unwrap(), 1);
        assert_eq!(block(&mut house, technician, 4).unwrap(), 1, "on record");
        let theirs = Some(Blocked {
            at: at(4),
            by: technician,
        });
        for by in [staff, technician] {
            let again = block(&mut house, by, 5).unwrap_err();
            assert!(matches!(again, RegisterError::AlreadyBlocked));
            assert_eq!(house.register.find(id).unwrap().blocked, theirs);
        }
        assert_eq!(house.standing(7), Some(Standing::Blocked));
    }

    #[test]
    fn m02_without_training_nobody_makes_anothers_block_their_own_to_lift() {
        let mut house = House::settled();
        let (staff, technician) = (with_staff(&mut house), house.operator);
        let id = house.active_supplier("Kari", 7);
        drop(
            house
                .register
                .block(id, &text("odd"), staff, at(3))
                .unwrap(),
        );
        let late = house
            .register
            .block(id, &text("odd"), technician, at(1_000));
        assert!(matches!(late, Err(RegisterError::AlreadyBlocked)));
    }
}

//! Issue and activate in one: the holder stands at the desk and the plastic lies on it.

use access::{IssuanceId, OperatorId, UtcMicros};

use crate::activate::{self, Activation};
use crate::approval_error::ApprovalError;
use crate::audit::Change;
use crate::card_approval;
use crate::error::RegisterError;
use crate::issue::{self, NewIssuance};
use crate::life;
use crate::register::Register;
use crate::state::Step;

impl Register {
    /// Registers an issuance and makes its card live, or neither. Of an employee's both steps between are taken, and recorded,
    /// as well: the plastic is in the house and its holder knows (M17).
    ///
    /// # Errors
    /// As [`Register::issue`] and [`Register::activate`]; [`RegisterError::Approval`] where the tenant's personnel office approves
    /// its employees' cards first (M16).
    pub fn issue_live(
        &mut self,
        new: &NewIssuance,
        activation: &Activation,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<(IssuanceId, Change), RegisterError> {
        self.change(by, now, |draft| {
            if card_approval::is_wanted(&draft.tx, &new.kind, new.contact.tenant)? {
                return Err(ApprovalError::NotAtOnce.into());
            }
            let id = issue::enter(draft, new)?;
            if !new.kind.is_visitor() {
                for step in [Step::Arrive, Step::Notify] {
                    life::take(draft, id, step)?;
                }
            }
            activate::make_live(draft, id, activation)?;
            Ok(id)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::AuditVerb;
    use crate::fixture::{House, at};

    #[test]
    fn m17_a_card_at_the_desk_is_issued_and_live_in_one_change_and_every_step_is_recorded() {
        let mut house = House::settled();
        let new = house.employee("Kari");
        let (shown, by) = (house.shown(7), house.operator);
        let (id, change) = house.register.issue_live(&new, &shown, by, at(1)).unwrap();
        let verbs: Vec<AuditVerb> = change.records.iter().map(|(_, it)| it.verb).collect();
        assert_eq!(
            verbs,
            [
                AuditVerb::CardIssued,
                AuditVerb::from(Step::Arrive),
                AuditVerb::from(Step::Notify),
                AuditVerb::from(Step::Activate),
            ]
        );
        assert_eq!(change.allowlist.len(), 1);
        assert_eq!(house.register.find(id).unwrap().state.name(), "active");
    }

    #[test]
    fn a_card_that_cannot_be_live_leaves_no_issuance_behind() {
        let mut house = House::settled();
        let new = house.employee("Kari");
        let (shown, by) = (house.shown(7), house.operator);
        let first = house.register.issue_live(&new, &shown, by, at(1));
        drop(first.unwrap());
        let generation = house.register.generation().unwrap();
        let other = house.employee("Per");
        let refused = house.register.issue_live(&other, &shown, by, at(2));
        assert!(matches!(refused, Err(RegisterError::CardBound { .. })));
        assert_eq!(house.register.generation().unwrap(), generation);
        assert_eq!(house.register.orphaned_keys().unwrap(), []);
    }
}

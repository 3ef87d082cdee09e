//! Life: the steps of an issuance between its registration and its return (M17), and how each is told.

use access::{IssuanceId, OperatorId, UtcMicros};
use rusqlite::params;

use crate::audit::{AuditVerb, Change};
use crate::draft::{Draft, Said};
use crate::error::RegisterError;
use crate::issuance::Issuance;
use crate::register::Register;
use crate::rights;
use crate::state::Step;

impl Register {
    /// The ordered plastic is in the house.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`], [`RegisterError::Transition`].
    pub fn arrived(
        &mut self,
        id: IssuanceId,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        self.step(id, Step::Arrive, by, now)
    }

    /// The holder was told that the card is here.
    ///
    /// # Errors
    /// As [`Register::arrived`].
    pub fn notify(
        &mut self,
        id: IssuanceId,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        self.step(id, Step::Notify, by, now)
    }

    fn step(
        &mut self,
        id: IssuanceId,
        step: Step,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let stepped = self.change(by, now, |draft| take(draft, id, step));
        stepped.map(|((), change)| change)
    }
}

/// Takes one step of an issuance's life that is nothing but that.
pub(crate) fn take(draft: &mut Draft<'_>, id: IssuanceId, step: Step) -> Result<(), RegisterError> {
    let mut issuance = Issuance::load(&draft.tx, id)?;
    issuance.state = issuance.state.after(step)?;
    draft.tx.execute(
        "UPDATE issuance SET state = ?2 WHERE id = ?1",
        params![id.get(), issuance.state.name()],
    )?;
    tell(draft, &issuance, step.into(), "")
}

/// Puts the issuance's card, if it has one, on the allowlist as it is now.
pub(crate) fn announce(draft: &mut Draft<'_>, issuance: &Issuance) -> Result<(), RegisterError> {
    if let Some(entry) = issuance.entry(&draft.tx)? {
        draft.put(entry);
    }
    Ok(())
}

/// Records what was done with an issuance, as it is now: all of it in the holder's part, with `more` words; in the
/// operator's, which outlives it, the kind and the doors.
pub(crate) fn tell(
    draft: &mut Draft<'_>,
    issuance: &Issuance,
    verb: AuditVerb,
    more: &str,
) -> Result<(), RegisterError> {
    let rights = rights::of(&draft.tx, issuance.id)?;
    let of = draft.keyed(issuance.holder())?;
    let of_holder = format!("{} {more}", issuance.words(&rights));
    let said = Said {
        verb,
        of_holder: of_holder.trim_end(),
        of_operator: &issuance.bare_words(&rights),
    };
    draft.record(Some(&of), &said)
}

#[cfg(test)]
mod tests {
    use access::Standing;

    use super::*;
    use crate::NewIssuance;
    use crate::fixture::{House, at, number, text};
    use crate::kind::Kind;

    #[test]
    fn m17_an_employee_card_goes_through_every_step_and_no_other_way() {
        let mut house = House::settled();
        let (id, _) = house
            .register
            .issue(&house.employee("Kari"), house.operator, at(1))
            .unwrap();
        let (shown, by) = (house.shown(7), house.operator);
        let refusal = house.register.activate(id, &shown, by, at(2)).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "the card is ordered; it cannot be activated"
        );
        assert!(matches!(
            house.register.notify(id, by, at(2)).unwrap_err(),
            RegisterError::Transition(_)
        ));
        assert_eq!(
            house.register.arrived(id, by, at(2)).unwrap().records[0]
                .1
                .verb,
            AuditVerb::CardArrived
        );
        assert!(house.register.arrived(id, by, at(3)).is_err());
        drop(house.register.notify(id, by, at(3)).unwrap());
        let change = house.register.activate(id, &shown, by, at(4)).unwrap();
        assert!(
            matches!(&change.allowlist[..], [access::Change::Put(entry)] if entry.standing == Standing::Active)
        );
        assert_eq!(house.standing(7), Some(Standing::Active));
        assert!(matches!(
            house.register.activate(id, &shown, by, at(5)).unwrap_err(),
            RegisterError::Transition(_)
        ));
        assert_eq!(house.register.show(id).unwrap().number, Some(number(7)));
    }

    #[test]
    fn an_issuance_nobody_has_is_not_found() {
        let mut house = House::settled();
        let nobody = IssuanceId::from_random(5);
        let by = house.operator;
        let until = at(9);
        assert!(matches!(
            house.register.arrived(nobody, by, at(1)).unwrap_err(),
            RegisterError::NoSuchIssuance
        ));
        assert!(matches!(
            house
                .register
                .block(nobody, &text("x"), by, at(1))
                .unwrap_err(),
            RegisterError::NoSuchIssuance
        ));
        assert!(matches!(
            house.register.show(nobody).unwrap_err(),
            RegisterError::NoSuchIssuance
        ));
        assert!(matches!(
            house.register.finish_return(nobody, at(1)).unwrap_err(),
            RegisterError::NoSuchIssuance
        ));
        let (id, _) = house
            .register
            .issue(
                &NewIssuance {
                    kind: Kind::Forgotten { until },
                    ..house.supplier("A")
                },
                by,
                at(1),
            )
            .unwrap();
        assert!(house.register.arrived(id, by, at(2)).is_err());
    }

    #[test]
    fn the_operators_part_says_the_doors_and_nothing_of_the_holder() {
        let mut house = House::settled();
        let id = house.active_supplier("Kari Nordmann", 7);
        drop(
            house
                .register
                .block(id, &text("Kari lost it"), house.operator, at(3))
                .unwrap(),
        );
        for (_, audit) in house.register.outbox_pending(9).unwrap() {
            assert_eq!(audit.operator_text, "kind=supplier rights=1,2");
            assert!(
                audit.holder_text.starts_with("kind=supplier state="),
                "{}",
                audit.holder_text
            );
        }
    }
}

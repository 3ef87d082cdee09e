//! Life: what happens to an issuance between its registration and its return (M12, M15, M17).

use access::{CardNumber, CardTag, IssuanceId, OperatorId, ReaderId, UtcMicros};
use rusqlite::params;

use crate::audit::{AuditVerb, Change};
use crate::draft::{Draft, Keyed, Said};
use crate::error::RegisterError;
use crate::issuance::{self, Blocked, Issuance};
use crate::register::Register;
use crate::rights;
use crate::seal::Field;
use crate::state::{State, Step};
use crate::text::Text;

/// The plastic that is bound to an issuance.
#[derive(Clone, Debug)]
pub struct Activation {
    /// Its number, to be sealed.
    pub card: CardNumber,
    /// The house's tag of that number.
    pub tag: CardTag,
    /// How the number is known.
    pub shown: Shown,
    /// The holder was told, now or before, of the duty to return the card (M15).
    pub return_duty_told: bool,
}

/// How the number of a card to be activated is known (M12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The card was presented at an enrolment reader in this session.
    Presented {
        /// The reader.
        reader: ReaderId,
    },
    /// Somebody wrote the number down.
    ByNumber(ByNumber),
}

/// For whom a written number is enough; the caller's role table decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByNumber {
    /// For employees' cards, which were ordered by number.
    EmployeesOnly,
    /// For visitors' cards as well.
    VisitorsToo,
}

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

    /// Binds a card and makes it live. A card whose former holder gave it back inherits nothing (M32).
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`], [`RegisterError::Transition`],
    /// [`RegisterError::ContactInactive`], [`RegisterError::Ended`], [`RegisterError::InPersonNeeded`],
    /// [`RegisterError::ReturnDutyNotTold`], [`RegisterError::CardBound`].
    pub fn activate(
        &mut self,
        id: IssuanceId,
        activation: &Activation,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let activated = self.change(by, now, |draft| {
            let mut issuance = Issuance::load(&draft.tx, id)?;
            issuance.state = issuance.state.after(Step::Activate)?;
            may_activate(draft, &issuance, activation)?;
            let of = draft.keyed(issuance.holder())?;
            unbind(draft, &issuance, &activation.tag)?;
            bind(draft, &of, &activation.tag, &activation.card)?;
            draft.tx.execute(
                "UPDATE issuance SET state = ?2, return_duty_told_at = coalesce(return_duty_told_at, ?3) WHERE id = ?1",
                params![id.get(), issuance.state.name(), draft.now.micros()],
            )?;
            announce(draft, &issuance)?;
            let shown = match activation.shown {
                Shown::Presented { reader } => format!("presented={reader}"),
                Shown::ByNumber(_) => "by-number=1".to_owned(),
            };
            say(draft, &of, AuditVerb::CardActivated, &format!("{} {shown} return-duty=told", words(draft, &issuance)?))
        });
        activated.map(|((), change)| change)
    }

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
            announce(draft, &issuance)?;
            let of = draft.keyed(issuance.holder())?;
            say(
                draft,
                &of,
                AuditVerb::CardUnblocked,
                &format!("{} reason={}", words(draft, &issuance)?, reason.expose()),
            )
        });
        unblocked.map(|((), change)| change)
    }

    fn step(
        &mut self,
        id: IssuanceId,
        step: Step,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let verb = match step {
            Step::Arrive => AuditVerb::CardArrived,
            Step::Notify => AuditVerb::CardNotified,
            Step::Activate => AuditVerb::CardActivated,
            Step::Return => AuditVerb::CardReturned,
        };
        let stepped = self.change(by, now, |draft| {
            let mut issuance = Issuance::load(&draft.tx, id)?;
            issuance.state = issuance.state.after(step)?;
            draft.tx.execute(
                "UPDATE issuance SET state = ?2 WHERE id = ?1",
                params![id.get(), issuance.state.name()],
            )?;
            let of = draft.keyed(issuance.holder())?;
            say(draft, &of, verb, &words(draft, &issuance)?)
        });
        stepped.map(|((), change)| change)
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
    announce(draft, &issuance)?;
    let of = draft.keyed(issuance.holder())?;
    say(
        draft,
        &of,
        AuditVerb::CardBlocked,
        &format!("{} reason={reason}", words(draft, &issuance)?),
    )
}

/// Writes the card with its sealed number.
pub(crate) fn bind(
    draft: &mut Draft<'_>,
    of: &Keyed,
    tag: &CardTag,
    card: &CardNumber,
) -> Result<(), RegisterError> {
    let id = of.holder.issuance.get();
    let sealed = of.key.seal(
        draft.entropy,
        Field::Number,
        u64::from(id),
        card.to_text().as_bytes(),
    )?;
    let mut statement = draft
        .tx
        .prepare_cached("INSERT INTO card (tag, issuance, number) VALUES (?1, ?2, ?3)")?;
    statement.execute(params![tag.as_bytes().as_slice(), id, sealed])?;
    Ok(())
}

/// The order of the questions is the order of the answers at the desk.
fn may_activate(
    draft: &Draft<'_>,
    issuance: &Issuance,
    activation: &Activation,
) -> Result<(), RegisterError> {
    if !issuance::is_active(&draft.tx, issuance.contact)? {
        return Err(RegisterError::ContactInactive);
    }
    if issuance
        .valid
        .until()
        .is_some_and(|until| until <= draft.now)
    {
        return Err(RegisterError::Ended);
    }
    match activation.shown {
        Shown::ByNumber(ByNumber::EmployeesOnly) if issuance.kind.is_visitor() => {
            return Err(RegisterError::InPersonNeeded);
        }
        Shown::ByNumber(ByNumber::EmployeesOnly | ByNumber::VisitorsToo)
        | Shown::Presented { .. } => {}
    }
    if issuance.is_duty_told || activation.return_duty_told {
        Ok(())
    } else {
        Err(RegisterError::ReturnDutyNotTold)
    }
}

/// Frees the card from a former holder who gave it back, and the issuance from a card it was to have.
fn unbind(draft: &mut Draft<'_>, issuance: &Issuance, tag: &CardTag) -> Result<(), RegisterError> {
    if let Some(former) =
        issuance::of_tag(&draft.tx, tag)?.filter(|former| former.id != issuance.id)
    {
        if former.state != State::Returned {
            return Err(RegisterError::CardBound { to: former.id });
        }
        draft
            .tx
            .execute("DELETE FROM card WHERE issuance = ?1", [former.id.get()])?;
    }
    if let Some(foreseen) = issuance::tag_of(&draft.tx, issuance.id)? {
        draft
            .tx
            .execute("DELETE FROM card WHERE issuance = ?1", [issuance.id.get()])?;
        draft.remove(foreseen);
    }
    Ok(())
}

/// Puts the issuance's card, if it has one, on the allowlist as it is now.
fn announce(draft: &mut Draft<'_>, issuance: &Issuance) -> Result<(), RegisterError> {
    if let Some(entry) = issuance.entry(&draft.tx)? {
        draft.put(entry);
    }
    Ok(())
}

fn words(draft: &Draft<'_>, issuance: &Issuance) -> Result<String, RegisterError> {
    Ok(issuance.words(&rights::of(&draft.tx, issuance.id)?))
}

fn say(
    draft: &mut Draft<'_>,
    of: &Keyed,
    verb: AuditVerb,
    of_holder: &str,
) -> Result<(), RegisterError> {
    draft.record(
        Some(of),
        &Said {
            verb,
            of_holder,
            of_operator: "",
        },
    )
}

#[cfg(test)]
mod tests {
    use access::Standing;

    use super::*;
    use crate::fixture::{House, at, number, text};
    use crate::kind::Kind;
    use crate::{NewIssuance, StorageError};

    fn standing(house: &House, card: u64) -> Option<Standing> {
        house
            .register
            .allowlist()
            .unwrap()
            .find(&house.tag(card))
            .map(|card| card.standing)
    }

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
            RegisterError::Transition { .. }
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
        assert_eq!(standing(&house, 7), Some(Standing::Active));
        assert!(matches!(
            house.register.activate(id, &shown, by, at(5)).unwrap_err(),
            RegisterError::Transition { .. }
        ));
        assert_eq!(house.register.show(id).unwrap().number, Some(number(7)));
    }

    #[test]
    fn m12_a_visitor_card_by_number_needs_the_callers_word() {
        let mut house = House::settled();
        let by = house.operator;
        let (id, _) = house
            .register
            .issue(&house.supplier("Kari"), by, at(1))
            .unwrap();
        let mut activation = Activation {
            shown: Shown::ByNumber(ByNumber::EmployeesOnly),
            ..house.shown(7)
        };
        let refusal = house
            .register
            .activate(id, &activation, by, at(2))
            .unwrap_err();
        assert!(matches!(refusal, RegisterError::InPersonNeeded));
        assert_eq!(standing(&house, 7), None);
        activation.shown = Shown::ByNumber(ByNumber::VisitorsToo);
        drop(house.register.activate(id, &activation, by, at(2)).unwrap());
        assert_eq!(standing(&house, 7), Some(Standing::Active));
    }

    #[test]
    fn m15_nobody_gets_a_card_before_being_told_to_return_it() {
        let mut house = House::settled();
        let by = house.operator;
        let new = NewIssuance {
            return_duty_told: false,
            ..house.supplier("Kari")
        };
        let (id, _) = house.register.issue(&new, by, at(1)).unwrap();
        let silent = Activation {
            return_duty_told: false,
            ..house.shown(7)
        };
        let refusal = house.register.activate(id, &silent, by, at(2)).unwrap_err();
        assert!(matches!(refusal, RegisterError::ReturnDutyNotTold));
        assert_eq!(house.register.show(id).unwrap().return_duty_told_at, None);
        drop(
            house
                .register
                .activate(id, &house.shown(7), by, at(3))
                .unwrap(),
        );
        assert_eq!(
            house.register.show(id).unwrap().return_duty_told_at,
            Some(at(3))
        );
    }

    #[test]
    fn a_card_is_bound_to_one_live_issuance() {
        let mut house = House::settled();
        let by = house.operator;
        let first = house.active_supplier("Kari", 7);
        let (second, _) = house
            .register
            .issue(&house.supplier("Per"), by, at(3))
            .unwrap();
        let refusal = house
            .register
            .activate(second, &house.shown(7), by, at(4))
            .unwrap_err();
        assert!(matches!(refusal, RegisterError::CardBound { to } if to == first));
        assert!(!refusal.to_string().contains("P-"));
        drop(house.register.return_card(first, true, by, at(5)).unwrap());
        // Given back, though its holder is not forgotten yet: free (M32).
        drop(
            house
                .register
                .activate(second, &house.shown(7), by, at(6))
                .unwrap(),
        );
        assert_eq!(
            house.register.find_by_tag(&house.tag(7)).unwrap(),
            Some(second)
        );
    }

    #[test]
    fn an_issuance_that_has_ended_is_not_activated() {
        let mut house = House::settled();
        let (id, _) = house
            .register
            .issue(&house.supplier("Kari"), house.operator, at(1))
            .unwrap();
        let refusal = house
            .register
            .activate(id, &house.shown(7), house.operator, at(3600))
            .unwrap_err();
        assert!(matches!(refusal, RegisterError::Ended));
    }

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
        assert_eq!(standing(&house, 7), Some(Standing::Blocked));
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
        assert_eq!(standing(&house, 7), Some(Standing::Active));
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

    #[test]
    fn m08_the_schema_itself_refuses_what_the_types_do_not_allow() {
        let mut house = House::settled();
        let id = house.active_supplier("Kari", 7).get();
        for forbidden in [
            "UPDATE issuance SET valid_until = NULL WHERE id = ?1",
            "UPDATE issuance SET return_duty_told_at = NULL WHERE id = ?1",
            "UPDATE issuance SET contact = 99 WHERE id = ?1",
            "UPDATE issuance SET state = 'returned' WHERE id = ?1",
            "UPDATE card SET tag = x'00' WHERE issuance = ?1",
            "INSERT INTO card (tag, issuance, number) SELECT tag, 0, number FROM card WHERE issuance = ?1",
        ] {
            let refusal = RegisterError::from(
                house
                    .register
                    .connection
                    .execute(forbidden, [id])
                    .unwrap_err(),
            );
            assert!(
                matches!(
                    refusal,
                    RegisterError::Storage(StorageError::Database { .. })
                ),
                "{forbidden}"
            );
        }
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
}

//! Activate: binding a card to an issuance and making it live (M12, M15, M32).

use std::fmt;

use access::{CardNumber, CardTag, IssuanceId, OperatorId, ReaderId, UtcMicros};
use key_store::Entropy;
use rusqlite::params;
use rusqlite::types::ValueRef;

use crate::approval_error::ApprovalError;
use crate::audit::Change;
use crate::charge::{self, ChargeKind, Fee};
use crate::draft::{Draft, Keyed};
use crate::error::RegisterError;
use crate::issuance::{self, Issuance};
use crate::life;
use crate::life_error::LifeError;
use crate::many;
use crate::plastic;
use crate::register::Register;
use crate::replacement;
use crate::seal::{Field, FieldKey};
use crate::state::{State, Step};
use crate::stock;

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
    /// What an employee's card costs its tenant (M18); a visitor's is free.
    pub fee: Option<Fee>,
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

impl fmt::Display for Shown {
    /// As a word of a record.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Presented { reader } => write!(f, "presented={reader}"),
            Self::ByNumber(_) => f.write_str("by-number=1"),
        }
    }
}

impl Register {
    /// Binds a card and makes it live. A card whose former holder gave it back inherits nothing (M32).
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`], [`RegisterError::Transition`],
    /// [`RegisterError::ContactInactive`], [`RegisterError::Ended`], [`RegisterError::InPersonNeeded`],
    /// [`RegisterError::ReturnDutyNotTold`], [`RegisterError::Life`] before a superior vouched, [`RegisterError::CardBound`];
    /// [`RegisterError::Approval`] while it waits for its tenant's personnel office.
    pub fn activate(
        &mut self,
        id: IssuanceId,
        activation: &Activation,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let activated = self.change(by, now, |draft| make_live(draft, id, activation));
        activated.map(|((), change)| change)
    }
}

/// Binds a card to an issuance, and makes it live.
pub(crate) fn make_live(
    draft: &mut Draft<'_>,
    id: IssuanceId,
    activation: &Activation,
) -> Result<(), RegisterError> {
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
    life::announce(draft, &issuance)?;
    replacement::end_replaced(draft, id)?;
    let more = format!("{} return-duty=told", activation.shown);
    life::tell(draft, &issuance, Step::Activate.into(), &more)?;
    charge_for(draft, &issuance, activation)
}

/// Writes the card with its sealed number.
pub(crate) fn bind(
    draft: &mut Draft<'_>,
    of: &Keyed,
    tag: &CardTag,
    card: &CardNumber,
) -> Result<(), RegisterError> {
    let id = of.holder.issuance;
    let sealed = sealed_number((&of.key, draft.entropy), id, card)?;
    bind_sealed(draft, &[(id, tag, &sealed)])
}

/// Writes cards, each with its number sealed beforehand.
pub(crate) fn bind_sealed(
    draft: &Draft<'_>,
    cards: &[(IssuanceId, &CardTag, &[u8])],
) -> Result<(), RegisterError> {
    let rows = cards.iter().map(|(id, tag, number)| {
        [
            ValueRef::Blob(tag.as_bytes()),
            ValueRef::Integer(i64::from(id.get())),
            ValueRef::Blob(number),
        ]
    });
    let into = "card (tag, issuance, number)";
    many::insert(&draft.tx, into, &rows.collect::<Vec<_>>())
}

/// Writes the number of the card that is bound: after a restore only its tag is known.
pub(crate) fn note_number(
    draft: &mut Draft<'_>,
    of: &Keyed,
    card: &CardNumber,
) -> Result<(), RegisterError> {
    let id = of.holder.issuance;
    let sealed = sealed_number((&of.key, draft.entropy), id, card)?;
    draft
        .tx
        .prepare_cached("UPDATE card SET number = ?2 WHERE issuance = ?1")?
        .execute(params![id.get(), sealed])?;
    Ok(())
}

/// The number as the card's row has it.
pub(crate) fn sealed_number(
    (key, entropy): (&FieldKey, &mut dyn Entropy),
    id: IssuanceId,
    card: &CardNumber,
) -> Result<Vec<u8>, RegisterError> {
    let text = card.to_text();
    key.seal(entropy, Field::Number, u64::from(id.get()), text.as_bytes())
}

/// An employee's card is invoiced once it is live.
fn charge_for(
    draft: &mut Draft<'_>,
    issuance: &Issuance,
    activation: &Activation,
) -> Result<(), RegisterError> {
    if let (Some(fee), false) = (activation.fee, issuance.kind.is_visitor()) {
        charge::make(draft, issuance, (ChargeKind::EmployeeCard, fee))?;
    }
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
    if issuance.is_unsure {
        return Err(LifeError::NotVouched.into());
    }
    if issuance.awaits.is_some() {
        return Err(ApprovalError::AwaitsTenant.into());
    }
    may_bind(issuance, activation)?;
    if issuance.is_duty_told || activation.return_duty_told {
        Ok(())
    } else {
        Err(RegisterError::ReturnDutyNotTold)
    }
}

/// A visitor stands there with the card, or somebody vouches for that (M12).
pub(crate) fn may_bind(issuance: &Issuance, activation: &Activation) -> Result<(), RegisterError> {
    match activation.shown {
        Shown::ByNumber(ByNumber::EmployeesOnly) if issuance.kind.is_visitor() => {
            Err(RegisterError::InPersonNeeded)
        }
        Shown::ByNumber(ByNumber::EmployeesOnly | ByNumber::VisitorsToo)
        | Shown::Presented { .. } => Ok(()),
    }
}

/// Frees the card from a former holder who gave it back, and the issuance from a card it was to have.
pub(crate) fn unbind(
    draft: &mut Draft<'_>,
    issuance: &Issuance,
    tag: &CardTag,
) -> Result<(), RegisterError> {
    plastic::may_lend(&draft.tx, tag)?;
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
        if issuance.lost.is_some() {
            stock::stays_lost(draft, &foreseen)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use access::Standing;

    use super::*;
    use crate::NewIssuance;
    use crate::fixture::{House, at};

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
        assert_eq!(house.standing(7), None);
        activation.shown = Shown::ByNumber(ByNumber::VisitorsToo);
        drop(house.register.activate(id, &activation, by, at(2)).unwrap());
        assert_eq!(house.standing(7), Some(Standing::Active));
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
}

//! Lost: a card that nobody has is denied at every door, beside its state, until somebody finds it (M18, M33).

use access::{IssuanceId, OperatorId, UtcMicros};
use rusqlite::params;

use crate::audit::{AuditVerb, Change};
use crate::charge::{self, Booked, ChargeKind, Fee};
use crate::error::RegisterError;
use crate::issuance::{self, Issuance, Lost};
use crate::life;
use crate::lost_error::LostError;
use crate::register::Register;

/// The cards that are reported lost and not found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LostCards {
    /// How many.
    pub count: u32,
    /// Since when the first of them is.
    pub since: Option<UtcMicros>,
}

impl Register {
    /// Reports a card lost: denied at every door, and its tenant charged the fee, once for each loss.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`], [`RegisterError::Lost`].
    pub fn lose(
        &mut self,
        id: IssuanceId,
        fee: Fee,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<(Option<Booked>, Change), RegisterError> {
        self.change(by, now, |draft| {
            let mut issuance = Issuance::load_live(&draft.tx, id)?;
            if issuance.lost.is_some() {
                return Err(LostError::Already.into());
            }
            if issuance::tag_of(&draft.tx, id)?.is_none() {
                return Err(LostError::NoCard.into());
            }
            issuance.lost = Some(Lost { at: now, by });
            draft.tx.execute(
                "UPDATE issuance SET lost_at = ?2, lost_by = ?3 WHERE id = ?1",
                params![id.get(), now.micros(), by.get()],
            )?;
            life::announce(draft, &issuance)?;
            life::tell(draft, &issuance, AuditVerb::CardLost, "")?;
            charge::make(draft, &issuance, (ChargeKind::LostCard, fee))
        })
    }

    /// Somebody found a lost card: it is what it was before, and what was charged for the loss is taken back, under a number
    /// of its own in `year`.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`], [`RegisterError::Lost`].
    pub fn found(
        &mut self,
        id: IssuanceId,
        year: u16,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<(Option<Booked>, Change), RegisterError> {
        self.change(by, now, |draft| {
            let mut issuance = Issuance::load_live(&draft.tx, id)?;
            if issuance.lost.take().is_none() {
                return Err(LostError::NotLost.into());
            }
            draft.tx.execute(
                "UPDATE issuance SET lost_at = NULL, lost_by = NULL WHERE id = ?1",
                [id.get()],
            )?;
            life::announce(draft, &issuance)?;
            life::tell(draft, &issuance, AuditVerb::CardFound, "")?;
            charge::reverse(draft, &issuance, year)
        })
    }

    /// How many cards are lost, those not counted that were returned: of those only the plastic is gone.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn lost_cards(&self) -> Result<LostCards, RegisterError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT count(*), min(lost_at) FROM issuance WHERE lost_at IS NOT NULL AND state <> 'returned'",
        )?;
        let (count, since): (u32, Option<i64>) =
            statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(LostCards {
            count,
            since: since.map(UtcMicros::from_micros),
        })
    }
}

#[cfg(test)]
mod tests {
    use access::Standing;

    use super::*;
    use crate::fixture::{House, at, text};

    const FEE: Fee = Fee {
        ore: 40_000,
        year: 2026,
    };

    fn total(house: &House) -> i64 {
        let charges = house.register.charges(&crate::ChargeSpan::default());
        charges.unwrap().iter().map(|row| row.ore).sum()
    }

    #[test]
    fn m18_a_card_is_charged_once_for_each_loss_and_a_find_takes_it_back() {
        let mut house = House::settled();
        let (id, by) = (house.active_supplier("Kari Nordmann", 7), house.operator);
        let (voucher, change) = house.register.lose(id, FEE, by, at(3)).unwrap();
        assert_eq!(voucher.unwrap().voucher.to_string(), "2026-0001");
        let verbs: Vec<_> = change.records.iter().map(|(_, it)| it.verb).collect();
        assert_eq!(verbs, [AuditVerb::CardLost, AuditVerb::ChargeMade]);
        assert_eq!(
            change.records[1].1.operator_text,
            "voucher=2026-0001 tenant=1 charge=lost-card ore=40000 made=2026-11-22T12:00:03.000000Z"
        );
        let again = house.register.lose(id, FEE, by, at(4)).unwrap_err();
        assert!(matches!(again, RegisterError::Lost(LostError::Already)));
        assert_eq!(total(&house), 40_000);
        let (voucher, change) = house.register.found(id, 2027, by, at(5)).unwrap();
        assert_eq!(voucher.unwrap().voucher.to_string(), "2027-0001");
        assert_eq!(change.records[1].1.verb, AuditVerb::ChargeReversed);
        assert_eq!(total(&house), 0);
        let again = house.register.found(id, 2027, by, at(6)).unwrap_err();
        assert!(matches!(again, RegisterError::Lost(LostError::NotLost)));
        let (voucher, _) = house.register.lose(id, FEE, by, at(7)).unwrap();
        assert_eq!(voucher.unwrap().voucher.to_string(), "2026-0002");
        assert_eq!(total(&house), 40_000);
    }

    #[test]
    fn m33_a_lost_card_is_lost_over_a_restart_and_beside_a_block() {
        let mut house = House::settled();
        let (id, by) = (house.active_supplier("Kari", 7), house.operator);
        let _change = house.register.block(id, &text("odd"), by, at(3)).unwrap();
        let (_, change) = house.register.lose(id, FEE, by, at(4)).unwrap();
        assert!(
            matches!(&change.allowlist[..], [access::Change::Put(entry)] if entry.standing == Standing::Lost)
        );
        let mut house = house.restart();
        assert_eq!(house.standing(7), Some(Standing::Lost));
        let lost = LostCards {
            count: 1,
            since: Some(at(4)),
        };
        assert_eq!(house.register.lost_cards().unwrap(), lost);
        let row = house.register.find(id).unwrap();
        assert_eq!(row.lost, Some(Lost { at: at(4), by }));
        let _found = house.register.found(id, 2026, by, at(5)).unwrap();
        assert_eq!(house.standing(7), Some(Standing::Blocked), "as before");
        assert_eq!(house.register.lost_cards().unwrap(), LostCards::default());
    }

    #[test]
    fn a_loss_without_a_fee_makes_no_charge_and_without_a_card_there_is_none() {
        let mut house = House::settled();
        let (id, by) = (house.active_supplier("Kari", 7), house.operator);
        let free = Fee { ore: 0, ..FEE };
        let (voucher, change) = house.register.lose(id, free, by, at(3)).unwrap();
        assert_eq!((voucher, change.records.len()), (None, 1));
        let (voucher, _) = house.register.found(id, 2026, by, at(4)).unwrap();
        assert_eq!(voucher, None);
        let new = house.supplier("Per");
        let (bare, _) = house.register.issue(&new, by, at(5)).unwrap();
        let refused = house.register.lose(bare, FEE, by, at(6)).unwrap_err();
        assert!(matches!(refused, RegisterError::Lost(LostError::NoCard)));
    }

    #[test]
    fn m18_the_charge_of_a_card_that_never_came_stays_and_names_nobody() {
        let mut house = House::settled();
        let (id, by) = (house.active_supplier("Kari Nordmann", 7), house.operator);
        let _lost = house.register.lose(id, FEE, by, at(3)).unwrap();
        let _change = house.register.return_card(id, true, by, at(4)).unwrap();
        assert_eq!(house.register.lost_cards().unwrap(), LostCards::default());
        let refused = house.register.found(id, 2026, by, at(5)).unwrap_err();
        assert!(matches!(refused, RegisterError::Forgotten));
        house.settle();
        drop(house.register.finish_return(id, at(6)).unwrap());
        house.register.check().unwrap();
        let charges = house.register.charges(&crate::ChargeSpan::default());
        let [row] = &charges.unwrap()[..] else {
            panic!("one charge")
        };
        assert_eq!((row.ore, row.issuance), (40_000, None));
        assert_eq!(row.tenant, "Kommunen");
    }
}

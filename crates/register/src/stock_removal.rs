//! Stock removal: a card of the house that is broken or gone for good leaves the stock.

use access::{OperatorId, StockId, UtcMicros};

use crate::audit::{AuditVerb, Change};
use crate::error::RegisterError;
use crate::plastic::Plastic;
use crate::register::Register;
use crate::stock::{holder, tell};
use crate::stock_error::StockError;

impl Register {
    /// Takes a card of the house out of the stock; nobody gets its number again, and the doors know the card no more.
    ///
    /// # Errors
    /// [`RegisterError::Stock`], also while somebody holds it, or it is blocked: it is returned, or unblocked by who may, first.
    pub fn remove_stock(
        &mut self,
        id: StockId,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let removed = self.change(by, now, |draft| {
            let plastic = Plastic::load(&draft.tx, id)?;
            if let Some(holder) = holder(draft, &plastic.tag)? {
                let lent = StockError::Lent {
                    card: id,
                    to: holder.id,
                };
                return Err(lent.into());
            }
            // Taken in anew it would be without the block, which not everybody may lift.
            if plastic.blocked_by.is_some() {
                return Err(StockError::Blocked { card: id }.into());
            }
            tell(draft, id, AuditVerb::StockRemoved)?;
            draft
                .tx
                .execute("DELETE FROM stock WHERE id = ?1", [id.get()])?;
            Ok(())
        });
        removed.map(|((), change)| change)
    }
}

#[cfg(test)]
mod tests {
    use access::Reason;

    use super::*;
    use crate::Fee;
    use crate::fixture::{House, at, number};

    fn stocked(house: &mut House, card: u64) -> StockId {
        let (tag, by) = (house.tag(card), house.operator);
        let added = house.register.add_stock((&number(card), tag), by, at(1));
        added.unwrap().0
    }

    fn unheld(house: &House, card: u64) -> Reason {
        let list = house.register.allowlist().unwrap();
        assert!(list.find(&house.tag(card)).is_none());
        list.unheld(&house.tag(card))
    }

    #[test]
    fn m32_a_broken_card_leaves_the_stock_on_record_and_its_number_is_given_to_none() {
        let mut house = House::settled();
        let by = house.operator;
        let id = stocked(&mut house, 7);
        assert_eq!(unheld(&house, 7), Reason::Returned);
        let change = house.register.remove_stock(id, by, at(2)).unwrap();
        assert!(change.new_hours, "the doors are told");
        let (_, told) = &change.records[0];
        assert_eq!(told.verb, AuditVerb::StockRemoved);
        let words = "stock=S-001 blocked=0 lost=0 blocked-by=- sealed=";
        assert!(told.operator_text.starts_with(words), "{told:?}");
        assert_eq!((told.holder, told.holder_text.as_str()), (None, ""));
        assert_eq!(unheld(&house, 7), Reason::UnknownCard);
        let again = house.register.remove_stock(id, by, at(3)).unwrap_err();
        assert!(matches!(again, RegisterError::Stock(StockError::NoSuch)));
        assert_eq!(stocked(&mut house, 7).to_string(), "S-002");
    }

    #[test]
    fn m33_a_card_that_somebody_holds_is_returned_before_it_leaves_and_a_lost_one_may_leave_then() {
        let mut house = House::settled();
        let by = house.operator;
        let id = stocked(&mut house, 7);
        let holder = house.active_supplier("Kari", 7);
        let held = house.register.remove_stock(id, by, at(2)).unwrap_err();
        assert_eq!(
            held.to_string(),
            format!("S-001 is lent to {holder}; card return takes it back first")
        );
        let fee = Fee {
            ore: 40_000,
            year: 2026,
        };
        let _lost = house.register.lose(holder, fee, by, at(3)).unwrap();
        assert!(house.register.remove_stock(id, by, at(4)).is_err());
        drop(house.register.return_card(holder, true, by, at(5)).unwrap());
        let change = house.register.remove_stock(id, by, at(6)).unwrap();
        let (_, told) = &change.records[0];
        assert!(
            told.operator_text
                .starts_with("stock=S-001 blocked=0 lost=1")
        );
        assert!(house.register.stock().unwrap().is_empty());
    }

    #[test]
    fn m03_a_blocked_card_does_not_leave_the_stock_to_come_back_without_its_block() {
        let mut house = House::settled();
        let by = house.operator;
        let id = stocked(&mut house, 7);
        drop(house.register.block_stock(id, by, at(2)).unwrap());
        let refused = house.register.remove_stock(id, by, at(3)).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "S-001 is blocked; card stock unblock S-001"
        );
        assert_eq!(
            house.register.stock().unwrap()[0].blocked_by,
            Some(by),
            "the block stays"
        );
        drop(house.register.unblock_stock(id, by, at(4)).unwrap());
        assert!(house.register.remove_stock(id, by, at(5)).is_ok());
    }
}

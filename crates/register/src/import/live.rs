//! Live: the new cards of a list as the doors want them, without reading them back.

use access::{Allowlist, AllowlistBuilder, CardEntry, Holder, Standing, Validity};

use super::ImportChange;
use super::plan::ImportPlan;
use crate::error::RegisterError;
use crate::issuance::Issuance;
use crate::plastic;
use crate::register::Register;

/// What the doors want of a new card, besides what the plan has of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Live {
    holder: Holder,
    /// Unless the card itself is blocked.
    standing: Standing,
}

impl Live {
    /// Nothing of a card that was returned.
    pub(super) fn of(issuance: &Issuance) -> Option<Self> {
        Some(Self {
            holder: issuance.holder(),
            standing: issuance.standing(false)?,
        })
    }
}

impl Register {
    /// The allowlist after an import, made of the one before it: the same as [`Register::allowlist`] reads, if `before` is what it would
    /// have read just before the import.
    ///
    /// # Errors
    /// As [`Register::allowlist`].
    pub fn allowlist_after(
        &self,
        (plan, change): (&ImportPlan, &ImportChange),
        before: &Allowlist,
    ) -> Result<Allowlist, RegisterError> {
        if !plan.changed.is_empty() {
            return self.allowlist();
        }
        let blocked = plastic::blocked(&self.connection)?;
        let mut cards = AllowlistBuilder::with_capacity(before.len() + plan.new.len());
        for entry in before.entries() {
            cards.add(entry)?;
        }
        for (planned, live) in plan.new.iter().zip(&change.live) {
            let standing = if blocked.contains(&planned.tag) {
                Standing::Blocked
            } else {
                live.standing
            };
            let rights = plan.doors(planned)?.iter();
            let valid = Validity::new(planned.valid_from, planned.kind.until())?;
            cards.add(CardEntry {
                rights: rights
                    .map(|right| right.to_right())
                    .collect::<Result<_, _>>()?,
                visitor: planned.kind.is_visitor(),
                ..CardEntry::new(planned.tag, live.holder, standing, valid)
            })?;
        }
        self.with_hours(cards)
    }
}

#[cfg(test)]
mod tests {
    use access::PinDigits;

    use super::*;
    use crate::fixture::{House, at, number};
    use crate::import::fixture::{Sheet, terms};
    use crate::{Kind, NewIssuance, NewPin};

    /// The list made of the one before, and the one that is read.
    fn both(house: &mut House, sheet: &Sheet) -> (Allowlist, Allowlist) {
        let before = house.register.allowlist().unwrap();
        let plan = house
            .register
            .import_plan(sheet.rows(house), terms(), at(1))
            .unwrap();
        let change = house
            .register
            .import(&plan, house.operator, at(1), &mut |_| {})
            .unwrap();
        let made = house.register.allowlist_after((&plan, &change), &before);
        (made.unwrap(), house.register.allowlist().unwrap())
    }

    fn entries(list: &Allowlist) -> Vec<CardEntry> {
        let mut entries: Vec<CardEntry> = list.entries().collect();
        entries.sort_unstable_by_key(|entry| entry.tag);
        entries
    }

    fn assert_same((made, read): &(Allowlist, Allowlist)) {
        assert_eq!(entries(made), entries(read));
        assert_eq!(made.generation(), read.generation());
        let hours = |list: &Allowlist| format!("{:?} {:?}", list.timetable(), list.modes());
        assert_eq!(hours(made), hours(read));
    }

    /// One who has a PIN and left the card at home, one who gave theirs back and is not forgotten yet.
    fn lived_in() -> House {
        let mut house = House::settled();
        let by = house.operator;
        let siv = house.active_employee("Siv", 9);
        let pin = NewPin {
            digits: PinDigits::chosen("159268").unwrap(),
            duress: None,
        };
        drop(house.register.set_pin(siv, &pin, by, at(1)).unwrap());
        let new = NewIssuance {
            kind: Kind::Forgotten { until: at(1_000) },
            instead_of: Some(siv),
            ..house.supplier("Siv")
        };
        let (day, _) = house.register.issue(&new, by, at(1)).unwrap();
        let shown = house.shown(8);
        drop(house.register.activate(day, &shown, by, at(1)).unwrap());
        let former = house.active_supplier("Ola", 1);
        drop(house.register.return_card(former, true, by, at(1)).unwrap());
        house
    }

    #[test]
    fn it_is_what_the_register_reads() {
        let mut house = lived_in();
        let sheet = Sheet::new(&[("Kari", 1), ("Per", 2), ("Liv", 3), ("Ada", 4)])
            .with_kind(1, "supplier")
            .with_doors(2, &["store"])
            .with_beginning(3, at(70));
        let lists = both(&mut house, &sheet);
        assert_eq!(lists.0.len(), 6);
        let of = |card: u64| lists.0.find(&house.tag(card)).unwrap().holder.issuance;
        assert_eq!(lists.0.twin(of(8)), Some(of(9)));
        assert!(lists.0.pin(of(9)).is_some());
        assert_same(&lists);
    }

    #[test]
    fn a_card_that_waits_for_its_tenants_personnel_office_lets_nobody_in() {
        let mut house = House::settled();
        let (by, tenant) = (house.operator, house.contact.tenant);
        drop(
            house
                .register
                .set_cards_by_hr(tenant, true, by, at(1))
                .unwrap(),
        );
        let lists = both(&mut house, &Sheet::new(&[("Kari", 1)]));
        let kari = lists.0.find(&house.tag(1)).unwrap();
        assert_eq!(kari.standing, Standing::Pending);
        assert_same(&lists);
    }

    #[test]
    fn a_card_that_the_list_only_changes_is_there_as_it_is_now() {
        let mut house = House::settled();
        let sheet = Sheet::new(&[("Kari", 1), ("Per", 2)]);
        assert_same(&both(&mut house, &sheet));
        let sheet = Sheet::new(&[("Kari", 1), ("Per", 2), ("Liv", 3)]).with_doors(0, &["store"]);
        assert_same(&both(&mut house, &sheet));
    }

    #[test]
    fn a_card_of_the_house_that_is_blocked_lets_nobody_in_whoever_gets_it() {
        let mut house = House::settled();
        let (by, tag) = (house.operator, house.tag(1));
        let added = house.register.add_stock((&number(1), tag), by, at(1));
        drop(
            house
                .register
                .block_stock(added.unwrap().0, by, at(1))
                .unwrap(),
        );
        let lists = both(&mut house, &Sheet::new(&[("Kari", 1), ("Per", 2)]));
        assert_eq!(
            lists.0.find(&house.tag(1)).unwrap().standing,
            Standing::Blocked
        );
        assert_same(&lists);
    }
}

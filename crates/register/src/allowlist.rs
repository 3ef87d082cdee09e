//! Allowlist: the register's cards as the doors want them, straight from the tables.

use access::{Allowlist, AllowlistBuilder, CardEntry, CardTag};

use crate::error::RegisterError;
use crate::issuance::{self, Issuance};
use crate::register::Register;
use crate::rights::{self, DoorRight};

impl Register {
    /// The allowlist of the present generation: every card bound to an issuance that was not returned.
    ///
    /// # Errors
    /// What SQLite says; [`StorageError::Corrupt`](crate::StorageError); [`RegisterError::Allowlist`] if there is more than a list holds.
    pub fn allowlist(&self) -> Result<Allowlist, RegisterError> {
        let cards: i64 = self
            .connection
            .query_row("SELECT count(*) FROM card", [], |row| row.get(0))?;
        let mut builder = AllowlistBuilder::with_capacity(usize::try_from(cards).unwrap_or(0));
        self.each_entry(&mut |entry| Ok(builder.add(entry)?))?;
        Ok(builder.finish(self.generation()?)?)
    }

    /// Every entry in the order of the tags; one row a right comes from the database, gathered here.
    fn each_entry(
        &self,
        each: &mut dyn FnMut(CardEntry) -> Result<(), RegisterError>,
    ) -> Result<(), RegisterError> {
        let mut statement = self.connection.prepare(&in_tag_order())?;
        let mut rows = statement.query([])?;
        let mut gathered: Option<CardEntry> = None;
        while let Some(row) = rows.next()? {
            let tag = CardTag::new(row.get(issuance::COLUMNS_LEN)?);
            let right = rights::read(row, issuance::COLUMNS_LEN + 1).and_then(DoorRight::to_right);
            match &mut gathered {
                Some(entry) if entry.tag == tag => entry.rights.push(right?),
                _ => {
                    let issuance = Issuance::read(row)?;
                    let standing = issuance
                        .standing()
                        .ok_or(RegisterError::corrupt("a returned card on the list"))?;
                    let next = CardEntry {
                        rights: vec![right?],
                        visitor: issuance.kind.is_visitor(),
                        ..CardEntry::new(tag, issuance.holder(), standing, issuance.valid)
                    };
                    gathered.replace(next).map_or(Ok(()), &mut *each)?;
                }
            }
        }
        gathered.map_or(Ok(()), each)
    }
}

/// `CROSS JOIN` fixes the order of the loops: cards by tag, each with its issuance and rights. An issuance has rights
/// always.
fn in_tag_order() -> String {
    format!(
        "SELECT {}, c.tag, r.door, r.valid_from, r.valid_until
         FROM card c CROSS JOIN issuance i ON i.id = c.issuance CROSS JOIN door_right r ON r.issuance = i.id
         WHERE i.state <> 'returned' ORDER BY c.tag",
        issuance::COLUMNS
    )
}

#[cfg(test)]
mod tests {
    use access::{Generation, IssuanceId};
    use proptest::prelude::*;

    use super::*;
    use crate::fixture::{House, at, text};
    use crate::{Change, RegisterError};

    fn ordered(list: &Allowlist) -> Vec<String> {
        let mut cards: Vec<String> = list
            .iter()
            .map(|(tag, card)| format!("{:?} {card:?}", tag.as_bytes()))
            .collect();
        cards.sort();
        cards
    }

    #[derive(Clone, Debug)]
    enum Act {
        Issue { is_employee: bool },
        Step { of: usize, is_arrival: bool },
        Activate { of: usize, card: u64 },
        Block(usize),
        Unblock(usize),
        Return(usize),
        Finish(usize),
    }

    fn act() -> impl Strategy<Value = Act> {
        let of = 0_usize..4;
        prop_oneof![
            any::<bool>().prop_map(|is_employee| Act::Issue { is_employee }),
            (of.clone(), any::<bool>()).prop_map(|(of, is_arrival)| Act::Step { of, is_arrival }),
            (of.clone(), 0_u64..3).prop_map(|(of, card)| Act::Activate { of, card }),
            of.clone().prop_map(Act::Block),
            of.clone().prop_map(Act::Unblock),
            of.clone().prop_map(Act::Return),
            of.prop_map(Act::Finish),
        ]
    }

    fn done(
        house: &mut House,
        issued: &mut Vec<IssuanceId>,
        act: &Act,
    ) -> Result<Change, RegisterError> {
        let by = house.operator;
        let nobody = IssuanceId::from_random(0);
        let id = |of: usize| issued.get(of).copied().unwrap_or(nobody);
        match act {
            Act::Issue { is_employee } => {
                let new = if *is_employee {
                    house.employee("Kari")
                } else {
                    house.supplier("Per")
                };
                let (id, change) = house.register.issue(&new, by, at(1))?;
                issued.push(id);
                Ok(change)
            }
            Act::Step {
                of,
                is_arrival: true,
            } => house.register.arrived(id(*of), by, at(2)),
            Act::Step {
                of,
                is_arrival: false,
            } => house.register.notify(id(*of), by, at(2)),
            Act::Activate { of, card } => {
                let shown = house.shown(*card);
                house.register.activate(id(*of), &shown, by, at(3))
            }
            Act::Block(of) => house.register.block(id(*of), &text("doubt"), by, at(4)),
            Act::Unblock(of) => house
                .register
                .unblock(id(*of), &text("no doubt"), by, at(5)),
            Act::Return(of) => house.register.return_card(id(*of), true, by, at(6)),
            Act::Finish(of) => {
                house.settle();
                house.register.finish_return(id(*of), at(7))
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn differences_amount_to_a_rebuild(acts in proptest::collection::vec(act(), 1..40)) {
            let mut house = House::settled();
            let mut issued = Vec::new();
            let mut list = house.register.allowlist().unwrap();
            for act in &acts {
                let Ok(change) = done(&mut house, &mut issued, act) else { continue };
                prop_assert_eq!(change.generation, house.register.generation().unwrap());
                list = list.with(&change.allowlist, change.generation).unwrap();
                let rebuilt = house.register.allowlist().unwrap();
                prop_assert_eq!(ordered(&list), ordered(&rebuilt), "{:?}", act);
                prop_assert_eq!(list.generation(), rebuilt.generation());
            }
        }
    }

    #[test]
    fn a_new_register_has_an_empty_list() {
        let house = House::new();
        let list = house.register.allowlist().unwrap();
        assert_eq!((list.len(), list.generation()), (0, Generation::new(0)));
    }

    #[test]
    fn the_list_is_read_in_tag_order_without_sorting() {
        let house = House::new();
        let mut plan = house
            .register
            .connection
            .prepare(&format!("EXPLAIN QUERY PLAN {}", in_tag_order()))
            .unwrap();
        let steps: Vec<String> = plan
            .query_map([], |row| row.get(3))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert!(
            steps[0].starts_with("SCAN c") && !steps.iter().any(|step| step.contains("TEMP")),
            "{steps:?}"
        );
    }
}

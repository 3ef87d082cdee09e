//! Import: many cards from a list. First the difference it would make, then all of it or nothing.

mod apply;
mod batches;
mod doors;
#[cfg(test)]
pub(crate) mod fixture;
mod fresh;
mod judge;
mod live;
mod new_cards;
mod plan;
mod problem;
mod resolve;
mod row;
mod sealing;

use std::fmt;

use access::{CardNumber, CardTag, Generation, UtcMicros};

pub use plan::{Difference, ImportPlan, PROBLEMS_KEPT};
pub use problem::{ImportFault, ImportProblem};

use crate::audit::OutboxId;
use crate::charge::Fee;
use crate::text::Text;

/// Rows one import may have.
pub const IMPORT_ROWS_MAX: usize = 1_000_000;

/// One row as the list has it; texts are checked here, each problem by row and column.
#[derive(Clone)]
pub struct ImportRow<'a> {
    /// The line in the file, for problems.
    pub line: u64,
    /// The card's number and tag, or what keeps it from being one, without the number.
    pub card: Result<(CardNumber, CardTag), String>,
    /// Holder's name.
    pub name: &'a str,
    /// Holder's firm.
    pub firm: &'a str,
    /// Holder's mobile.
    pub mobile: &'a str,
    /// The contact person's name.
    pub contact: &'a str,
    /// The tenant's name.
    pub tenant: &'a str,
    /// The doors' names. None: unchanged for a known card; a new card needs one.
    pub doors: &'a [String],
    /// First instant the card opens. Absent: now for a new card, unchanged for a known one.
    pub valid_from: Option<UtcMicros>,
    /// The instant it no longer opens; only an employee's card goes without (M8).
    pub valid_until: Option<UtcMicros>,
    /// The kind's name.
    pub kind: &'a str,
}

impl fmt::Debug for ImportRow<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImportRow")
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}

/// What holds for every row of one import.
#[derive(Clone, Debug)]
pub struct ImportTerms {
    /// Why the holders need their doors (M22).
    pub reason: Text,
    /// Who or what identified the holders.
    pub identified_by: Text,
    /// When they signed.
    pub signed_at: UtcMicros,
    /// What an employee's card costs its tenant (M18): one that is live at once is charged now, one that waits for its
    /// tenant's personnel office when that approves it.
    pub fee: Option<Fee>,
    /// Whether they were told of the duty to return their cards; without that no employee's card is activated (M15).
    pub return_duty_told: bool,
}

/// What an import did. The records are in the outbox: take them by [`crate::Register::outbox_pending`], page by page.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportChange {
    /// Cards that are new.
    pub new: u64,
    /// Cards that changed.
    pub changed: u64,
    /// The first and the last record, if anything was done.
    pub records: Option<(OutboxId, OutboxId)>,
    /// The allowlist's number from now on; build it by [`crate::Register::allowlist_after`].
    pub generation: Generation,
    /// The new ones as the doors want them, in the order of the plan.
    live: Vec<live::Live>,
}

#[cfg(test)]
mod tests {
    use access::Standing;

    use super::fixture::{Sheet, terms};
    use super::*;
    use crate::fixture::{House, at, text};
    use crate::{RegisterError, State};

    fn imported(house: &mut House, sheet: &Sheet) -> Result<ImportChange, RegisterError> {
        let plan = house
            .register
            .import_plan(sheet.rows(house), terms(), at(1))?;
        house
            .register
            .import(&plan, house.operator, at(1), &mut |_| {})
    }

    #[test]
    fn m12_employees_are_live_at_once_and_visitors_wait_for_their_holders() {
        let mut house = House::settled();
        let sheet = Sheet::new(&[("Kari", 1), ("Per", 2)]).with_kind(1, "supplier");
        let change = imported(&mut house, &sheet).unwrap();
        assert_eq!((change.new, change.changed), (2, 0));
        let list = house.register.allowlist().unwrap();
        assert_eq!(list.generation(), change.generation);
        assert_eq!(list.find(&house.tag(1)).unwrap().standing, Standing::Active);
        assert_eq!(
            list.find(&house.tag(2)).unwrap().standing,
            Standing::Pending
        );
        let visitor = house.register.find_by_tag(&house.tag(2)).unwrap().unwrap();
        assert_eq!(house.register.find(visitor).unwrap().state, State::Issued);
        let shown = house.shown(2);
        drop(
            house
                .register
                .activate(visitor, &shown, house.operator, at(2))
                .unwrap(),
        );
        let list = house.register.allowlist().unwrap();
        assert_eq!(list.find(&house.tag(2)).unwrap().standing, Standing::Active);
    }

    #[test]
    fn each_card_has_its_own_record_and_holder() {
        let mut house = House::settled();
        let change = imported(&mut house, &Sheet::crowd(30)).unwrap();
        let pending = house.register.outbox_pending(100).unwrap();
        assert_eq!(pending.len(), 30);
        assert_eq!(change.records, Some((pending[0].0, pending[29].0)));
        for card in 1..=30 {
            let id = house
                .register
                .find_by_tag(&house.tag(card))
                .unwrap()
                .unwrap();
            assert_eq!(
                house.register.show(id).unwrap().holder.unwrap().name,
                text(&format!("Person {card}"))
            );
            assert_eq!(
                pending
                    .iter()
                    .filter(|(_, audit)| audit.holder.unwrap().issuance == id)
                    .count(),
                1
            );
        }
        house.register.check().unwrap();
    }

    #[test]
    fn the_same_list_twice_changes_nothing_and_a_new_one_only_what_differs() {
        let mut house = House::settled();
        let sheet = Sheet::new(&[("Kari", 1), ("Per", 2), ("Liv", 3)]);
        assert_eq!(imported(&mut house, &sheet).unwrap().new, 3);
        let again = imported(&mut house, &sheet).unwrap();
        assert_eq!((again.new, again.changed, again.records), (0, 0, None));
        let sheet = sheet.with_doors(0, &["store"]).with_end(1, at(50));
        let change = imported(&mut house, &sheet).unwrap();
        assert_eq!((change.new, change.changed), (0, 2));
        let list = house.register.allowlist().unwrap();
        let kari = list.find(&house.tag(1)).unwrap();
        assert_eq!(
            kari.rights
                .iter()
                .map(|right| right.place)
                .collect::<Vec<_>>(),
            [access::Place::Door(house.doors[2])]
        );
        assert_eq!(
            list.find(&house.tag(2)).unwrap().valid.until(),
            Some(at(50))
        );
        house.register.check().unwrap();
    }
}

//! Apply: carrying an import out, in one transaction.

use access::{IssuanceId, OperatorId, UtcMicros, Validity};
use rusqlite::params;

use super::ImportChange;
use super::batches::Batches;
use super::fresh::words;
use super::new_cards;
use super::plan::ImportPlan;
use super::row::Planned;
use crate::activate;
use crate::audit::{AuditVerb, OutboxId};
use crate::card_approval;
use crate::counter::counter;
use crate::database::CACHE_KIB;
use crate::draft::{Draft, Keyed, Said};
use crate::error::RegisterError;
use crate::grounds;
use crate::issuance::Issuance;
use crate::mark::mark;
use crate::register::Register;
use crate::right_error::RightError;
use crate::rights::{self, PlaceRight};
use crate::seal::Field;

impl Register {
    /// Carries a plan out: all of it or nothing. Employees' cards are live at once; visitors' cards are registered and wait
    /// for their holders in person (M12). `progress` hears how many cards are done.
    ///
    /// # Errors
    /// [`RegisterError::ImportProblems`], [`RegisterError::PlanStale`], [`RegisterError::ReturnDutyNotTold`],
    /// [`RegisterError::NoSuchOperator`].
    pub fn import(
        &mut self,
        plan: &ImportPlan,
        by: OperatorId,
        now: UtcMicros,
        progress: &mut dyn FnMut(u64),
    ) -> Result<ImportChange, RegisterError> {
        self.may_import(plan)?;
        self.connection
            .pragma_update(None, "cache_size", -IMPORT_CACHE_KIB)?;
        let imported = self.change(by, now, |draft| {
            let mut batches = Batches::default();
            let (mut done, mut told) = (0, 0);
            let mut step = |cards| {
                done += cards;
                if done - told >= PROGRESS_EVERY {
                    told = done;
                    progress(done);
                }
            };
            let live = new_cards::insert_all(draft, plan, &mut batches, &mut step)?;
            for (id, planned) in &plan.changed {
                change_one(draft, *id, (planned, plan), &mut batches)?;
                step(1);
            }
            if !plan.new.is_empty() || !plan.changed.is_empty() {
                draft.rebuild_allowlist();
            }
            Ok(live)
        });
        self.connection
            .pragma_update(None, "cache_size", -CACHE_KIB)?;
        self.connection.release_memory()?;
        let (live, change) = imported?;
        // The cards are in the register by now; a write-ahead log that stays long undoes none of them.
        self.has_old_pages |= self.shed_old_pages().is_err();
        let last = counter(&self.connection, "outbox")?;
        let records =
            (last > plan.revision).then(|| (OutboxId::new(plan.revision + 1), OutboxId::new(last)));
        let difference = plan.difference();
        Ok(ImportChange {
            new: difference.new,
            changed: difference.changed,
            records,
            generation: change.generation,
            live,
        })
    }

    fn may_import(&self, plan: &ImportPlan) -> Result<(), RegisterError> {
        let difference = plan.difference();
        if difference.refused > 0 {
            return Err(RegisterError::ImportProblems {
                count: difference.refused,
            });
        }
        if counter(&self.connection, "outbox")? != plan.revision {
            return Err(RegisterError::PlanStale);
        }
        if plan.activates() && !plan.terms.return_duty_told {
            Err(RegisterError::ReturnDutyNotTold)
        } else {
            Ok(())
        }
    }
}

fn change_one(
    draft: &mut Draft<'_>,
    id: IssuanceId,
    (planned, plan): (&Planned, &ImportPlan),
    batches: &mut Batches,
) -> Result<(), RegisterError> {
    let mut issuance = Issuance::load(&draft.tx, id)?;
    if issuance.tenant != planned.contact.tenant {
        // Another tenant's personnel office has not said a word of it.
        card_approval::end(&draft.tx, id)?;
        issuance.awaits = batches.of(draft, planned)?;
        if let Some(batch) = issuance.awaits {
            card_approval::ask(draft, id, batch)?;
        }
    }
    issuance.kind = planned.kind;
    issuance.valid = Validity::new(planned.valid_from, planned.kind.until())?;
    (issuance.tenant, issuance.contact) = (planned.contact.tenant, planned.contact.contact);
    let of = draft.keyed(issuance.holder())?;
    let sealed = of.key.seal(
        draft.entropy,
        Field::Holder,
        u64::from(id.get()),
        &planned.holder,
    )?;
    let mut statement = draft.tx.prepare_cached(
        "UPDATE issuance SET tenant = ?2, contact = ?3, valid_from = ?4, valid_until = ?5, holder = ?6, unnamed = 0,
                end_told = end_told AND valid_until IS ?5 WHERE id = ?1",
    )?;
    statement.execute(params![
        id.get(),
        issuance.tenant.0,
        issuance.contact.0,
        issuance.valid.from().micros(),
        issuance.valid.until().map(UtcMicros::micros),
        sealed,
    ])?;
    drop(statement);
    activate::note_number(draft, &of, &planned.number)?;
    if planned.rights.is_some() {
        rights::delete(&draft.tx, id)?;
        grounds::insert(draft, &of, plan.doors(planned)?, &plan.terms.reason)?;
    }
    let doors = rights::of(&draft.tx, id)?;
    tell(draft, &of, (&issuance, &doors), &mark(&sealed))
}

/// Records one card as it is now; `mark` names its sealed holder.
fn tell(
    draft: &mut Draft<'_>,
    of: &Keyed,
    (issuance, doors): (&Issuance, &[PlaceRight]),
    mark: &str,
) -> Result<(), RegisterError> {
    let of_holder = words(issuance, doors, mark);
    let said = Said {
        verb: AuditVerb::CardImported,
        of_holder: &of_holder,
        of_operator: &issuance.bare_words(doors),
    };
    draft.post(Some(of), &said).map(|_| ())
}

impl ImportPlan {
    pub(super) fn doors(&self, planned: &Planned) -> Result<&[PlaceRight], RegisterError> {
        let at = planned.rights.map(usize::try_from);
        at.and_then(|at| self.rights.get(at.ok()?))
            .map(Vec::as_slice)
            .ok_or(RegisterError::Right(RightError::None))
    }
}

/// Page cache during an import.
const IMPORT_CACHE_KIB: i64 = 65_536;
/// Cards between two words about the progress.
const PROGRESS_EVERY: u64 = 1_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{House, at};
    use crate::import::fixture::{Sheet, terms};
    use crate::import::{Difference, ImportRow, ImportTerms};

    fn imported(house: &mut House, sheet: &Sheet) -> Result<ImportChange, RegisterError> {
        let plan = house
            .register
            .import_plan(sheet.rows(house), terms(), at(1))?;
        house
            .register
            .import(&plan, house.operator, at(1), &mut |_| {})
    }

    #[test]
    fn a_list_with_a_problem_is_not_imported_at_all() {
        let mut house = House::settled();
        let living = house.keys.live().len();
        let sheet = Sheet::new(&[("Kari", 1), ("Per", 2)]).with_doors(1, &["roof"]);
        let refusal = imported(&mut house, &sheet).unwrap_err();
        assert!(matches!(
            refusal,
            RegisterError::ImportProblems { count: 1 }
        ));
        assert!(house.register.allowlist().unwrap().is_empty());
        assert_eq!(house.keys.live().len(), living);
    }

    #[test]
    fn m15_no_import_activates_for_somebody_who_was_not_told() {
        let mut house = House::settled();
        let sheet = Sheet::new(&[("Kari", 1)]);
        let untold = ImportTerms {
            return_duty_told: false,
            ..terms()
        };
        let plan = house
            .register
            .import_plan(sheet.rows(&house), untold, at(1))
            .unwrap();
        let refusal = house
            .register
            .import(&plan, house.operator, at(1), &mut |_| {})
            .unwrap_err();
        assert!(matches!(refusal, RegisterError::ReturnDutyNotTold));
    }

    #[test]
    fn a_difference_of_yesterday_is_not_carried_out() {
        let mut house = House::settled();
        let sheet = Sheet::new(&[("Kari", 1)]);
        let plan = house
            .register
            .import_plan(sheet.rows(&house), terms(), at(1))
            .unwrap();
        house.active_supplier("Per", 1);
        let refusal = house
            .register
            .import(&plan, house.operator, at(1), &mut |_| {})
            .unwrap_err();
        assert!(matches!(refusal, RegisterError::PlanStale));
    }

    #[test]
    fn a_card_given_back_is_new_in_a_list() {
        let mut house = House::settled();
        let first = house.active_supplier("Per", 1);
        drop(
            house
                .register
                .return_card(first, true, house.operator, at(1))
                .unwrap(),
        );
        assert_eq!(
            imported(&mut house, &Sheet::new(&[("Kari", 1)]))
                .unwrap()
                .new,
            1
        );
        house.settle();
        drop(house.register.finish_return(first, at(2)).unwrap());
        assert_eq!(house.register.allowlist().unwrap().len(), 1);
    }

    #[test]
    fn m33_an_imported_list_finds_no_lost_card() {
        let mut house = House::settled();
        let (id, by) = (house.active_employee("Kari", 7), house.operator);
        let free = crate::Fee { ore: 0, year: 2026 };
        let _lost = house.register.lose(id, free, by, at(1)).unwrap();
        let sheet = Sheet::new(&[("Kari", 7)]).with_doors(0, &["main"]);
        let change = imported(&mut house, &sheet);
        assert_eq!(change.unwrap().changed, 1);
        assert_eq!(house.standing(7), Some(access::Standing::Lost));
    }

    #[test]
    fn an_empty_list_is_nothing() {
        let mut house = House::settled();
        let rows: [ImportRow<'_>; 0] = [];
        let plan = house
            .register
            .import_plan(rows.into_iter(), terms(), at(1))
            .unwrap();
        assert_eq!(plan.difference(), &Difference::default());
        assert_eq!(
            house
                .register
                .import(&plan, house.operator, at(1), &mut |_| {})
                .unwrap()
                .records,
            None
        );
    }
}

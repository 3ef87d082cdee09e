//! New cards of a list: this thread writes rows while another one seals what comes next.

use std::sync::mpsc::sync_channel;
use std::thread;

use access::{IssuanceId, Validity};
use key_store::{Owner, Slot};

use super::ImportTerms;
use super::batches::Batches;
use super::fresh;
use super::live::Live;
use super::plan::ImportPlan;
use super::row::Planned;
use super::sealing::{Begun, Sealed, Sealing};
use crate::activate;
use crate::charge;
use crate::draft::Draft;
use crate::error::RegisterError;
use crate::grounds::{self, Granted};
use crate::issuance::Issuance;
use crate::issue;
use crate::kind::Kind;
use crate::row_mark;
use crate::state::{State, Step};
use crate::tally;

/// New cards, in the order of their tags, under pseudonyms in the same order: so every table grows at its end. Pseudonyms
/// are random all the same, and a tag leaves the register for the allowlist only, which has both. Gives what the doors want, in that order.
pub(super) fn insert_all(
    draft: &mut Draft<'_>,
    plan: &ImportPlan,
    batches: &mut Batches,
    step: &mut dyn FnMut(u64),
) -> Result<Vec<Live>, RegisterError> {
    count(draft, plan)?;
    let ids = fresh::ids(draft, plan.new.len())?;
    let owners: Vec<Owner> = ids.iter().map(|id| Owner::Issuance(id.get())).collect();
    let slots = draft.allocate_many(&owners)?;
    let mut cards = ids.into_iter().zip(slots).zip(&plan.new);
    let mut record = draft.next_record();
    let sealing = Sealing::for_import(draft, plan)?;
    thread::scope(|scope| {
        let (ask, asked) = sync_channel(AHEAD);
        let (tell, told) = sync_channel(AHEAD);
        thread::Builder::new()
            .name("sealing".to_owned())
            .spawn_scoped(scope, move || sealing.work(&asked, &tell))?;
        let mut live = Vec::with_capacity(plan.new.len());
        let mut underway = 0;
        loop {
            while underway < AHEAD {
                let page = cards.by_ref().take(PAGE).map(|((id, slot), planned)| {
                    let mut issuance = begun(planned, &plan.terms, id, slot)?;
                    issuance.awaits = batches.of(draft, planned)?;
                    let number = record;
                    record += if is_charged(&issuance, plan) { 2 } else { 1 };
                    Ok(Begun {
                        issuance,
                        planned,
                        record: number,
                    })
                });
                let page = page.collect::<Result<Vec<_>, RegisterError>>()?;
                if page.is_empty() {
                    break;
                }
                let asked = ask.send(Sealing::drawn(page, draft.entropy));
                asked.map_err(|_| SEALED_NO_MORE)?;
                underway += 1;
            }
            if underway == 0 {
                return Ok(live);
            }
            let page = told.recv().map_err(|_| SEALED_NO_MORE)??;
            insert_page(draft, &page, plan)?;
            live.extend(page.iter().filter_map(|card| Live::of(&card.issuance)));
            step(u64::try_from(page.len()).unwrap_or_default());
            underway -= 1;
        }
    })
}

fn insert_page(
    draft: &mut Draft<'_>,
    page: &[Sealed<'_>],
    plan: &ImportPlan,
) -> Result<(), RegisterError> {
    let own = page
        .iter()
        .map(|card| (&card.issuance, card.holder.as_slice()));
    issue::insert_sealed(draft, &own.collect::<Vec<_>>(), plan.terms.signed_at)?;
    for returned in page.iter().filter(|card| card.planned.was_returned) {
        // Its former holder is not forgotten yet.
        draft
            .tx
            .prepare_cached("DELETE FROM card WHERE tag = ?1")?
            .execute([returned.planned.tag.as_bytes().as_slice()])?;
    }
    let bound = page.iter().map(|card| {
        let number = card.number.as_slice();
        (card.issuance.id, &card.planned.tag, number)
    });
    activate::bind_sealed(draft, &bound.collect::<Vec<_>>())?;
    let granted = page.iter().map(|card| {
        Ok(Granted {
            to: card.issuance.id,
            rights: plan.doors(card.planned)?,
            number: fresh::GROUNDS,
            reason: &card.reason,
        })
    });
    let granted: Vec<Granted<'_>> = granted.collect::<Result<_, RegisterError>>()?;
    grounds::insert_sealed(draft, &granted)?;
    for card in page {
        debug_assert_eq!(
            card.row,
            row_mark::of_issuance(&draft.tx, card.issuance.id)?,
            "the mark of what was written is that of what is read"
        );
    }
    post(draft, page, plan)
}

/// The records, and that of a charge behind each that is charged for.
fn post(
    draft: &mut Draft<'_>,
    page: &[Sealed<'_>],
    plan: &ImportPlan,
) -> Result<(), RegisterError> {
    let is_followed = |one: &Sealed<'_>, next: &Sealed<'_>| one.record.id + 1 == next.record.id;
    for uncharged in page.chunk_by(is_followed) {
        let records = uncharged.iter().map(|card| &card.record);
        draft.post_sealed(&records.collect::<Vec<_>>())?;
        // Only behind the last of them is a number left for a charge.
        let last = uncharged.last().map(|card| &card.issuance);
        if let (Some(fee), Some(issuance)) = (plan.terms.fee, last)
            && issuance.awaits.is_none()
        {
            charge::of_imported(draft, issuance, fee)?;
        }
    }
    Ok(())
}

/// Counts the cards by kind.
fn count(draft: &Draft<'_>, plan: &ImportPlan) -> Result<(), RegisterError> {
    for name in Kind::NAMES {
        let kinds = plan.new.iter().map(|planned| &planned.kind);
        let mut of = kinds.filter(|kind| kind.name() == name);
        if let Some(kind) = of.next() {
            let cards = u64::try_from(of.count()).unwrap_or(u64::MAX);
            tally::count_issued(&draft.tx, (kind, cards.saturating_add(1)), draft.now)?;
        }
    }
    Ok(())
}

/// Whether a charge, with its record, follows the card's.
fn is_charged(issuance: &Issuance, plan: &ImportPlan) -> bool {
    let fee = plan.terms.fee.filter(|_| issuance.awaits.is_none());
    fee.is_some_and(|fee| charge::is_due_for_new(issuance, fee))
}

/// The row of a new card; an employee's goes through every step to active.
fn begun(
    planned: &Planned,
    terms: &ImportTerms,
    id: IssuanceId,
    slot: Slot,
) -> Result<Issuance, RegisterError> {
    let mut state = State::first(&planned.kind);
    if !planned.kind.is_visitor() {
        state = state
            .after(Step::Arrive)?
            .after(Step::Notify)?
            .after(Step::Activate)?;
    }
    Ok(Issuance {
        id,
        kind: planned.kind,
        state,
        tenant: planned.contact.tenant,
        contact: planned.contact.contact,
        valid: Validity::new(planned.valid_from, planned.kind.until())?,
        blocked: None,
        lost: None,
        is_duty_told: terms.return_duty_told,
        is_unsure: false,
        awaits: None,
        slot,
    })
}

const SEALED_NO_MORE: RegisterError = RegisterError::corrupt("the list is sealed no further");
/// Cards that go over to the other thread together.
const PAGE: usize = 256;
/// Pages that are sealed while another one is written.
const AHEAD: usize = 2;

#[cfg(test)]
mod tests {
    use crate::AuditVerb;
    use crate::charge::Fee;
    use crate::fixture::{House, at};
    use crate::import::ImportTerms;
    use crate::import::fixture::{Sheet, terms};

    #[test]
    fn m18_each_employees_card_of_a_list_is_charged_behind_its_own_record() {
        let mut house = House::settled();
        // Every third is a visitor, whose card is free.
        let visitors = (0..300).filter(|line| line % 3 == 0);
        let sheet = visitors.fold(Sheet::crowd(300), |sheet, line| {
            sheet.with_kind(line, "supplier")
        });
        let terms = ImportTerms {
            fee: Some(Fee {
                ore: 15_000,
                year: 2026,
            }),
            ..terms()
        };
        let rows = sheet.rows(&house);
        let plan = house.register.import_plan(rows, terms, at(1)).unwrap();
        let change = house
            .register
            .import(&plan, house.operator, at(1), &mut |_| {})
            .unwrap();
        let told = house.register.outbox_pending(1_000).unwrap();
        assert_eq!(change.records, Some((told[0].0, told[499].0)));
        let mut before = None;
        for (_, audit) in &told {
            let holder = audit.holder.unwrap();
            let is_employee = audit.holder_text.contains("kind=employee");
            if audit.verb == AuditVerb::CardImported {
                assert_eq!(before, None, "nobody charged the one before");
                before = is_employee.then_some(holder);
            } else {
                assert_eq!(before.take(), Some(holder));
            }
        }
        let charged = told
            .iter()
            .filter(|(_, audit)| audit.verb == AuditVerb::ChargeMade);
        assert_eq!((told.len(), charged.count()), (500, 200));
        house.register.check().unwrap();
    }
}

//! Plan: the difference between a list and the register, made before anything is changed.

use access::{CardTag, IssuanceId, UtcMicros};

use super::judge::{Judge, Verdict};
use super::problem::{Fault, ImportFault, ImportProblem};
use super::row::Planned;
use super::{IMPORT_ROWS_MAX, ImportRow, ImportTerms};
use crate::counter::counter;
use crate::error::RegisterError;
use crate::register::Register;
use crate::rights::PlaceRight;

/// What an import would do; carried out by [`Register::import`] as long as the register is as it was.
pub struct ImportPlan {
    pub(super) terms: ImportTerms,
    pub(super) revision: u64,
    pub(super) new: Vec<Planned>,
    pub(super) changed: Vec<(IssuanceId, Planned)>,
    pub(super) rights: Vec<Vec<PlaceRight>>,
    difference: Difference,
}

/// How many rows would do what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Rows in all.
    pub rows: u64,
    /// Cards the register does not have.
    pub new: u64,
    /// Cards it has otherwise.
    pub changed: u64,
    /// Cards it has exactly so.
    pub unchanged: u64,
    /// Rows with a problem, conflicts included.
    pub refused: u64,
    /// Rows that are right but for what the register says about the card.
    pub conflicts: u64,
    /// The first problems, at most [`PROBLEMS_KEPT`], in the order of the lines.
    pub problems: Vec<ImportProblem>,
}

impl ImportPlan {
    /// The difference, for a dry run.
    #[must_use]
    pub fn difference(&self) -> &Difference {
        &self.difference
    }

    /// Whether it makes employees' cards live, or has them wait for their personnel office only (M12).
    #[must_use]
    pub fn activates(&self) -> bool {
        self.new.iter().any(|planned| !planned.kind.is_visitor())
    }
}

impl Register {
    /// Compares a list with the register, row by row. The rows are looked at once and may come from a stream; a row of
    /// the list takes some 250 octets of memory here.
    ///
    /// # Errors
    /// [`RegisterError::TooManyRows`]; what SQLite or the key store says. What is wrong with rows is in the difference.
    pub fn import_plan<'a>(
        &self,
        rows: impl Iterator<Item = ImportRow<'a>>,
        terms: ImportTerms,
        now: UtcMicros,
    ) -> Result<ImportPlan, RegisterError> {
        let mut judge = Judge::of(self, now)?;
        let revision = counter(&self.connection, "outbox")?;
        let mut plan = ImportPlan {
            terms,
            revision,
            new: Vec::new(),
            changed: Vec::new(),
            rights: Vec::new(),
            difference: Difference::default(),
        };
        let mut cards = Vec::new();
        for row in rows {
            if cards.len() >= IMPORT_ROWS_MAX {
                return Err(RegisterError::TooManyRows {
                    max: IMPORT_ROWS_MAX,
                });
            }
            cards.push((row.card.as_ref().ok().map(|(_, tag)| *tag), row.line));
            plan.difference.rows += 1;
            match judge.verdict(&row, &plan.terms)? {
                Ok(verdict) => plan.take(verdict),
                Err(fault) => plan.difference.refuse(row.line, fault),
            }
        }
        plan.refuse_doublets(cards);
        plan.rights = judge.into_rights();
        plan.new.sort_unstable_by_key(|planned| planned.tag);
        Ok(plan)
    }
}

impl ImportPlan {
    fn take(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::New(planned) => {
                self.difference.new += 1;
                self.new.push(planned);
            }
            Verdict::Changed(id, planned) => {
                self.difference.changed += 1;
                self.changed.push((id, planned));
            }
            Verdict::Unchanged => self.difference.unchanged += 1,
        }
    }

    /// Refuses each row whose card an earlier row has.
    fn refuse_doublets(&mut self, mut cards: Vec<(Option<CardTag>, u64)>) {
        cards.sort_unstable();
        let mut doublets: Vec<(u64, u64)> = cards
            .iter()
            .zip(cards.iter().skip(1))
            .filter(|((card, _), (next, _))| card.is_some() && card == next)
            .map(|((_, line), (_, next))| (*next, *line))
            .collect();
        doublets.sort_unstable();
        for (line, first) in doublets {
            self.difference
                .refuse(line, ("number", ImportFault::SameCard { line: first }));
        }
    }
}

impl Difference {
    fn refuse(&mut self, line: u64, (column, fault): Fault) {
        self.refused += 1;
        self.conflicts += u64::from(fault.is_conflict());
        if self.problems.len() < PROBLEMS_KEPT {
            self.problems.push(ImportProblem {
                line,
                column,
                fault,
            });
        }
    }
}

/// Problems kept for the answer; the others are counted.
pub const PROBLEMS_KEPT: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{House, at};
    use crate::import::fixture::{Sheet, terms};
    use crate::text::TextProblem;

    fn difference(house: &House, sheet: &Sheet) -> Difference {
        house
            .register
            .import_plan(sheet.rows(house), terms(), at(1))
            .unwrap()
            .difference()
            .clone()
    }

    /// A list of one good row.
    fn good() -> Sheet {
        Sheet::new(&[("Kari", 1)])
    }

    fn refused(house: &House, sheet: &Sheet, column: &'static str, fault: ImportFault) {
        let found = difference(house, sheet);
        let problem = ImportProblem {
            line: 2,
            column,
            fault,
        };
        assert_eq!(
            (found.rows, found.new, found.refused, found.problems),
            (1, 0, 1, vec![problem])
        );
    }

    #[test]
    fn a_name_nobody_has_is_refused_by_line_and_column() {
        let house = House::new();
        for (sheet, column, fault) in [
            (
                good().with_name(0, " "),
                "name",
                ImportFault::Text(TextProblem::Empty),
            ),
            (
                good().with_kind(0, "guest"),
                "kind",
                ImportFault::UnknownKind,
            ),
            (good().with_doors(0, &[]), "doors", ImportFault::NoDoors),
            (
                good().with_doors(0, &["main", "roof"]),
                "doors",
                ImportFault::NoSuchDoor("roof".into()),
            ),
            (
                good().with_doors(0, &["main", "main"]),
                "doors",
                ImportFault::DoorTwice("main".into()),
            ),
            (
                good().with_tenant(0, "Staten"),
                "tenant",
                ImportFault::NoSuchTenant,
            ),
            (
                good().with_contact(0, "Kari"),
                "contact",
                ImportFault::NoSuchContact,
            ),
            (
                good().without_card(0),
                "number",
                ImportFault::Card("no number".into()),
            ),
        ] {
            refused(&house, &sheet, column, fault);
        }
    }

    #[test]
    fn m08_an_end_that_cannot_be_is_refused() {
        let house = House::new();
        for (sheet, fault) in [
            (
                good().with_kind(0, "forgotten").without_end(0),
                ImportFault::NoEnd,
            ),
            (good().with_end(0, at(1)), ImportFault::Ended),
            (
                good().with_end(0, at(9)).with_beginning(0, at(9)),
                ImportFault::EndBeforeBeginning,
            ),
        ] {
            refused(&house, &sheet, "valid_until", fault);
        }
    }

    #[test]
    fn m24_a_new_card_of_a_tenant_for_which_nobody_answers_is_refused() {
        let mut house = House::new();
        let by = house.operator;
        let tenant = house.contact.tenant;
        let person = crate::ContactPerson {
            name: crate::fixture::text("Eva Kontakt"),
            mobile: crate::fixture::text("90000009"),
        };
        drop(
            house
                .register
                .add_contact(tenant, &person, by, at(1))
                .unwrap(),
        );
        let left = house.contact.contact;
        drop(house.register.contact_left(left, by, at(1)).unwrap());
        let sheet = good().with_contact(0, "Eva Kontakt");
        refused(&house, &sheet, "tenant", ImportFault::NoResponsible);
    }

    #[test]
    fn one_card_in_two_rows_is_refused_at_the_second() {
        let house = House::new();
        let found = difference(&house, &Sheet::new(&[("Kari", 1), ("Per", 2), ("Liv", 1)]));
        assert_eq!(
            found.problems[0].to_string(),
            "line 4, number: line 2 has the same card"
        );
        assert_eq!(found.refused, 1);
    }

    #[test]
    fn a_card_of_somebody_else_or_of_another_kind_is_a_conflict() {
        let mut house = House::new();
        house.active_supplier("Kari", 1);
        let found = difference(&house, &Sheet::new(&[("Per", 1)]));
        assert_eq!(
            (found.conflicts, &found.problems[0].fault),
            (1, &ImportFault::OtherHolder)
        );
        let found = difference(&house, &Sheet::new(&[("KARI", 1)]));
        assert_eq!(
            (found.conflicts, &found.problems[0].fault),
            (1, &ImportFault::OtherKind)
        );
    }

    #[test]
    fn problems_are_counted_beyond_those_kept() {
        let house = House::new();
        let people: Vec<(&str, u64)> = (0..150).map(|card| ("", card)).collect();
        let found = difference(&house, &Sheet::new(&people));
        assert_eq!((found.refused, found.problems.len()), (150, PROBLEMS_KEPT));
    }
}

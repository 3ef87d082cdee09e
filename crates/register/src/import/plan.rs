//! Plan: the difference between a list and the register, made before anything is changed.

use access::{CardNumber, CardTag, IssuanceId, UtcMicros};

use super::problem::{ImportFault, ImportProblem};
use super::resolve::Names;
use super::{IMPORT_ROWS_MAX, ImportRow, ImportTerms};
use crate::error::RegisterError;
use crate::holder::HolderFields;
use crate::issuance::{self, Issuance};
use crate::kind::Kind;
use crate::list::opened_holder;
use crate::register::{Register, counter};
use crate::rights::{self, DoorRight};
use crate::seal::FieldKey;
use crate::state::State;
use crate::tenant::ActiveContact;
use crate::text::Text;

/// What an import would do; carried out by [`Register::import`] as long as the register is as it was.
pub struct ImportPlan {
    pub(super) terms: ImportTerms,
    pub(super) revision: u64,
    pub(super) new: Vec<Planned>,
    pub(super) changed: Vec<(IssuanceId, Planned)>,
    pub(super) rights: Vec<Vec<DoorRight>>,
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

/// One card as it is to be.
pub(super) struct Planned {
    pub(super) tag: CardTag,
    pub(super) number: CardNumber,
    pub(super) holder: HolderFields,
    pub(super) contact: ActiveContact,
    pub(super) kind: Kind,
    pub(super) valid_from: UtcMicros,
    /// Place in [`ImportPlan::rights`].
    pub(super) rights: u32,
}

/// What is to be done with a row.
enum Verdict {
    New(Planned),
    Changed(IssuanceId, Planned),
    Unchanged,
}

type Fault = (&'static str, ImportFault);

impl ImportPlan {
    /// The difference, for a dry run.
    #[must_use]
    pub fn difference(&self) -> &Difference {
        &self.difference
    }
}

impl Register {
    /// Compares a list with the register, row by row. The rows are looked at once and may come from a stream; a row of
    /// the list takes some 400 octets of memory here.
    ///
    /// # Errors
    /// [`RegisterError::TooManyRows`]; what SQLite or the key store says. What is wrong with rows is in the difference.
    pub fn import_plan<'a>(
        &self,
        rows: impl Iterator<Item = ImportRow<'a>>,
        terms: ImportTerms,
        now: UtcMicros,
    ) -> Result<ImportPlan, RegisterError> {
        let mut names = Names::of(self)?;
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
            match self.judge(&row, &plan.terms, &mut names, now)? {
                Ok(verdict) => plan.take(verdict),
                Err(fault) => plan.difference.refuse(row.line, fault),
            }
        }
        plan.refuse_doublets(cards);
        plan.rights = names.rights;
        plan.new.sort_unstable_by_key(|planned| planned.tag);
        Ok(plan)
    }

    /// What is to be done with one row, or the first thing that is wrong with it.
    fn judge(
        &self,
        row: &ImportRow<'_>,
        terms: &ImportTerms,
        names: &mut Names,
        now: UtcMicros,
    ) -> Result<Result<Verdict, Fault>, RegisterError> {
        let planned = match planned(row, terms, names, now) {
            Ok(planned) => planned,
            Err(fault) => return Ok(Err(fault)),
        };
        match issuance::of_tag(&self.connection, &planned.tag)? {
            Some(known) if known.state != State::Returned => {
                self.compare(&known, row, planned, names)
            }
            Some(_) | None if planned.kind.until().is_some_and(|until| until <= now) => {
                Ok(Err(("valid_until", ImportFault::Ended)))
            }
            Some(_) | None => Ok(Ok(Verdict::New(planned))),
        }
    }

    fn compare(
        &self,
        known: &Issuance,
        row: &ImportRow<'_>,
        mut planned: Planned,
        names: &Names,
    ) -> Result<Result<Verdict, Fault>, RegisterError> {
        let key = FieldKey::of(&self.keys.key(known.slot.index)?.1)?;
        let mut statement = self
            .connection
            .prepare_cached("SELECT holder FROM issuance WHERE id = ?1")?;
        let sealed: Vec<u8> = statement.query_row([known.id.get()], |stored| stored.get(0))?;
        let holder = opened_holder(&key, known.id, &sealed)?;
        if !holder.name.names_the_same(row.name) {
            return Ok(Err(("name", ImportFault::OtherHolder)));
        }
        if known.kind.name() != planned.kind.name() {
            return Ok(Err(("kind", ImportFault::OtherKind)));
        }
        // Who identified the holder, and when the card began, are not for a list to change.
        planned.holder.identified_by = holder.identified_by.clone();
        planned.valid_from = row.valid_from.unwrap_or(known.valid.from());
        if planned
            .kind
            .until()
            .is_some_and(|until| until <= planned.valid_from)
        {
            return Ok(Err(("valid_until", ImportFault::EndBeforeBeginning)));
        }
        let is_same = planned.holder == holder
            && (planned.contact.tenant, planned.contact.contact) == (known.tenant, known.contact)
            && (planned.valid_from, planned.kind) == (known.valid.from(), known.kind)
            && names.set(planned.rights) == rights::of(&self.connection, known.id)?;
        Ok(Ok(if is_same {
            Verdict::Unchanged
        } else {
            Verdict::Changed(known.id, planned)
        }))
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

/// A row on its own: every column read, every name found.
fn planned(
    row: &ImportRow<'_>,
    terms: &ImportTerms,
    names: &mut Names,
    now: UtcMicros,
) -> Result<Planned, Fault> {
    let (number, tag) = row
        .card
        .clone()
        .map_err(|what| ("number", ImportFault::Card(what)))?;
    let text = |column, typed| {
        Text::new(column, typed).map_err(|error| (column, ImportFault::Text(error.problem)))
    };
    let holder = HolderFields {
        name: text("name", row.name)?,
        firm: text("firm", row.firm)?,
        mobile: text("mobile", row.mobile)?,
        identified_by: terms.identified_by.clone(),
    };
    let contact = names.contact(row.tenant, row.contact)?;
    let rights = names.doors(row.doors).map_err(|fault| ("doors", fault))?;
    if !Kind::NAMES.contains(&row.kind) {
        return Err(("kind", ImportFault::UnknownKind));
    }
    let kind =
        Kind::from_parts(row.kind, row.valid_until).ok_or(("valid_until", ImportFault::NoEnd))?;
    let valid_from = row.valid_from.unwrap_or(now);
    if row
        .valid_from
        .is_some_and(|from| kind.until().is_some_and(|until| until <= from))
    {
        return Err(("valid_until", ImportFault::EndBeforeBeginning));
    }
    Ok(Planned {
        tag,
        number,
        holder,
        contact,
        kind,
        valid_from,
        rights,
    })
}

/// Problems kept for the answer; the others are counted.
pub const PROBLEMS_KEPT: usize = 100;

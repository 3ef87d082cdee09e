//! Find: whom each row of a list means. Opens the holders of the one tenant only, each once.

use std::collections::BTreeMap;

use access::IssuanceId;

use super::wanted::{ByName, Wanted};
use super::{FoundLeaver, LEAVERS_MAX, Leaver, LeaversPlan, Meant, NAMESAKES_MAX};
use crate::contact::{ContactId, TenantId};
use crate::counter::counter;
use crate::error::RegisterError;
use crate::import::ImportFault;
use crate::mobile::Mobile;
use crate::register::Register;

/// What a row may mean, as far as it is known.
#[derive(Default)]
struct Candidates {
    issuances: Vec<IssuanceId>,
    contacts: Vec<ContactId>,
    /// Of the first; whoever has another one is somebody else.
    mobile: Option<Mobile>,
    several: bool,
}

impl Register {
    /// Compares a tenant's list of leavers with the register; a reading of personal data, which the caller records.
    /// `progress` hears how many holders were looked at.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchTenant`], [`RegisterError::TooManyRows`]; what SQLite or the key store says. What is wrong with
    /// rows is in the plan.
    pub fn leavers_plan<'a>(
        &self,
        tenant: &str,
        rows: impl Iterator<Item = Leaver<'a>>,
        progress: &mut dyn FnMut(u64),
    ) -> Result<LeaversPlan, RegisterError> {
        let tenant = self.tenant(tenant)?;
        let mut plan = LeaversPlan {
            revision: counter(&self.connection, "outbox")?,
            tenant,
            found: Vec::new(),
            refused: 0,
            problems: Vec::new(),
        };
        let mut wanted = Vec::new();
        for (row, at) in rows.zip(0..) {
            if at >= LEAVERS_MAX {
                return Err(RegisterError::TooManyRows { max: LEAVERS_MAX });
            }
            match Wanted::of(&row) {
                Ok(row) => wanted.push(row),
                Err((column, fault)) => plan.refuse(row.line, column, fault),
            }
        }
        let wanted = ByName::of(wanted);
        let crowded = wanted.crowded(NAMESAKES_MAX);
        for line in &crowded {
            plan.refuse(*line, "name", ImportFault::Namesakes { max: NAMESAKES_MAX });
        }
        if crowded.is_empty() {
            let candidates = self.candidates(tenant, &wanted, progress)?;
            plan.take(&wanted, candidates);
        }
        Ok(plan)
    }

    /// For each row whom it may mean.
    fn candidates(
        &self,
        tenant: TenantId,
        wanted: &ByName,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Vec<Candidates>, RegisterError> {
        let mut candidates: Vec<Candidates> = Vec::new();
        candidates.resize_with(wanted.rows().len(), Candidates::default);
        for contact in self.contacts(tenant)?.into_iter().filter(|row| row.active) {
            let mobile = Mobile::of(contact.person.mobile.expose());
            let (begin, named) = wanted.named(&contact.person.name);
            for (row, mine) in named.iter().zip(candidates.iter_mut().skip(begin)) {
                if row.means(&mobile, None) && mine.is(&mobile) {
                    mine.contacts.push(contact.id);
                }
            }
        }
        let mut looked_at = 0;
        self.holders_of(tenant, &mut |id, holder| {
            looked_at += 1;
            if looked_at % PROGRESS_EVERY == 0 {
                progress(looked_at);
            }
            let (begin, named) = wanted.named(&holder.name);
            if named.is_empty() {
                return;
            }
            let mobile = Mobile::of(holder.mobile.expose());
            for (row, mine) in named.iter().zip(candidates.iter_mut().skip(begin)) {
                if row.means(&mobile, Some(&holder.firm)) && mine.is(&mobile) {
                    mine.issuances.push(id);
                }
            }
        })?;
        Ok(candidates)
    }
}

impl Candidates {
    /// Whether somebody with this mobile may be the one found before; two with different ones are several.
    fn is(&mut self, mobile: &Mobile) -> bool {
        if self.mobile.get_or_insert_with(|| mobile.clone()) != mobile
            || self.issuances.len() >= NAMESAKES_MAX
        {
            self.several = true;
        }
        !self.several
    }

    fn judge(self) -> Meant {
        match (self.contacts.as_slice(), self.issuances) {
            _ if self.several => Meant::Several,
            ([], issuances) if issuances.is_empty() => Meant::Nobody,
            ([], issuances) => Meant::One {
                issuances,
                contact: None,
            },
            ([one], issuances) => Meant::One {
                issuances,
                contact: Some(*one),
            },
            ([_, _, ..], _) => Meant::Several,
        }
    }
}

impl LeaversPlan {
    /// Takes whom each row means, in the order of the lines; whoever is meant by two rows is refused at the second.
    fn take(&mut self, wanted: &ByName, candidates: Vec<Candidates>) {
        let found = wanted.rows().iter().zip(candidates);
        let found = found.map(|(row, candidates)| FoundLeaver {
            line: row.line,
            meant: candidates.judge(),
            ends: row.ends,
        });
        let mut found: Vec<FoundLeaver> = found.collect();
        found.sort_by_key(|row| row.line);
        let mut lines = BTreeMap::new();
        for row in found {
            match first_of(&mut lines, &row) {
                Some(line) => self.refuse(row.line, "name", ImportFault::SamePerson { line }),
                None => self.found.push(row),
            }
        }
    }
}

/// The line of an earlier row that means the same person.
fn first_of(lines: &mut BTreeMap<Person, u64>, row: &FoundLeaver) -> Option<u64> {
    let Meant::One { issuances, contact } = &row.meant else {
        return None;
    };
    let contact = contact.map(Person::Contact);
    let persons = issuances.iter().copied().map(Person::Holder).chain(contact);
    let earlier: Vec<u64> = persons
        .filter_map(|person| {
            let first = *lines.entry(person).or_insert(row.line);
            (first != row.line).then_some(first)
        })
        .collect();
    earlier.into_iter().min()
}

/// What a person is known by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Person {
    Holder(IssuanceId),
    Contact(ContactId),
}

/// So many holders are looked at between two words about it.
const PROGRESS_EVERY: u64 = 4_096;

//! Register: who holds which card and may open what. One connection, one thread, one transaction a change.

use std::path::Path;
use std::sync::Arc;

use access::{Generation, OperatorId, UtcMicros, WorkingDay};
use key_store::{Entropy, KeyStore, Owner, Slot};
use rusqlite::{Connection, TransactionBehavior};

use crate::approval::{self, Approved};
use crate::audit::Change;
use crate::counter::counter;
use crate::database;
use crate::draft::Draft;
use crate::error::RegisterError;
use crate::house_day::HouseDay;

/// The register of one house. Every method that changes something is one transaction that also writes the audit records
/// of the change (architecture, decision 4): put them in the log, then call [`Register::outbox_done`]; after a crash
/// [`Register::outbox_pending`] has what is missing, and [`Register::unfinished_returns`] who is still to be forgotten.
pub struct Register {
    pub(crate) connection: Connection,
    pub(crate) keys: Arc<KeyStore>,
    pub(crate) entropy: Box<dyn Entropy>,
    /// What the next change carries out.
    pub(crate) approved: Option<Approved>,
    /// When forgotten cards end.
    pub(crate) house_day: HouseDay,
    rehearsing: bool,
    /// Pages of before lie in the write-ahead log still: they could not be shed.
    pub(crate) has_old_pages: bool,
}

impl Register {
    /// Makes an empty register at `path` (mode 0600) and opens it.
    ///
    /// # Errors
    /// [`StorageError::Exists`](crate::StorageError::Exists) if there is one; otherwise what the disk or SQLite says.
    pub fn create(
        path: &Path,
        keys: Arc<KeyStore>,
        entropy: Box<dyn Entropy>,
    ) -> Result<Self, RegisterError> {
        Ok(Self {
            connection: database::create(path)?,
            keys,
            entropy,
            approved: None,
            house_day: HouseDay::default(),
            rehearsing: false,
            has_old_pages: false,
        })
    }

    /// Opens the register at `path`, brings it to the newest schema version, and holds it alone until dropped.
    ///
    /// # Errors
    /// A [`StorageError`](crate::StorageError): missing, not a database, not a register, newer, locked, damaged. The file is
    /// then as it was.
    pub fn open(
        path: &Path,
        keys: Arc<KeyStore>,
        entropy: Box<dyn Entropy>,
    ) -> Result<Self, RegisterError> {
        Ok(Self {
            connection: database::open(path)?,
            keys,
            entropy,
            approved: None,
            house_day: HouseDay::default(),
            rehearsing: false,
            has_old_pages: false,
        })
    }

    /// From here on forgotten cards end with this working day (M9); until it is said they last for 24 hours at most.
    pub fn set_working_day(&mut self, day: WorkingDay) {
        self.house_day = HouseDay(Some(day));
    }

    /// Reads the whole database and says whether it contradicts itself; seconds for a large one.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`](crate::StorageError::Corrupt) if it does.
    pub fn check(&self) -> Result<(), RegisterError> {
        let verdict: String = self
            .connection
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if verdict != "ok" {
            return Err(RegisterError::corrupt(
                "a page or an index does not fit the others",
            ));
        }
        let orphan = self
            .connection
            .prepare("PRAGMA foreign_key_check")?
            .exists([])?;
        if orphan {
            Err(RegisterError::corrupt(
                "a row points to a row that is not there",
            ))
        } else {
            Ok(())
        }
    }

    /// The number of the allowlist as it is now; grows with every change that concerns a card.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn generation(&self) -> Result<Generation, RegisterError> {
        Ok(Generation::new(counter(&self.connection, "generation")?))
    }

    /// Lets `act` do everything but the end: what it asks for is checked and answered as if done, then taken back. Numbers
    /// it is answered mean nothing.
    pub fn rehearse<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        self.rehearsing = true;
        let answer = act(self);
        self.rehearsing = false;
        answer
    }

    pub(crate) const fn is_rehearsing(&self) -> bool {
        self.rehearsing
    }

    /// Destroys the key of something that has come to its end in the register. What fails here is made good by
    /// [`Register::destroy_orphaned_keys`]: no row knows the key any more.
    pub(crate) fn spend(&self, slot: Slot) {
        self.keys.destroy(slot).ok();
    }

    /// Keys of issuances and operators that have no row: a crash fell between key and row, or somebody took the row away. Reads every
    /// living slot; for after the start, not within it.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn orphaned_keys(&self) -> Result<Vec<(Slot, Owner)>, RegisterError> {
        self.orphans()
    }

    /// Destroys those of these keys that still have no row: of issuances that never came to be.
    ///
    /// # Errors
    /// What SQLite or the key store says.
    pub fn destroy_orphaned_keys(
        &mut self,
        keys: &[(Slot, Owner)],
    ) -> Result<usize, RegisterError> {
        let mut orphans = self.orphans()?;
        orphans.retain(|orphan| keys.contains(orphan));
        let slots: Vec<Slot> = orphans.into_iter().map(|(slot, _)| slot).collect();
        self.keys.destroy_many(&slots)?;
        Ok(slots.len())
    }

    /// One change by `by`: what `work` does, its records and the new generation, or nothing.
    pub(crate) fn change<T>(
        &mut self,
        by: OperatorId,
        now: UtcMicros,
        work: impl FnOnce(&mut Draft<'_>) -> Result<T, RegisterError>,
    ) -> Result<(T, Change), RegisterError> {
        self.change_by(Some(by), now, work)
    }

    /// [`Register::change`], for the one change that makes its own author: the first operator.
    pub(crate) fn change_by<T>(
        &mut self,
        by: Option<OperatorId>,
        now: UtcMicros,
        work: impl FnOnce(&mut Draft<'_>) -> Result<T, RegisterError>,
    ) -> Result<(T, Change), RegisterError> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let approved = self.approved.filter(|_| !self.rehearsing);
        let mut draft = Draft::begin(transaction, &self.keys, &mut *self.entropy, now)?;
        draft.house_day = self.house_day.clone();
        let worked = approved
            .map(|approved| approval::conclude(&mut draft, approved, by))
            .transpose()
            .and_then(|spent| {
                by.map_or(Ok(()), |by| draft.sign_as(by))?;
                let made = work(&mut draft)?;
                draft.renew_marks()?;
                Ok((made, spent))
            });
        let (made, spent) = match worked {
            Ok((made, spent)) if !self.rehearsing => ((made, draft.commit()?), spent),
            Ok((made, _)) => ((made, draft.take_back()?), None),
            Err(error) => return Err(draft.give_up().err().unwrap_or(error)),
        };
        if let Some(slot) = spent {
            self.approved = None;
            self.spend(slot);
        }
        Ok(made)
    }

    fn orphans(&self) -> Result<Vec<(Slot, Owner)>, RegisterError> {
        let mut of_issuance = self.connection.prepare(
            "SELECT 1 FROM issuance WHERE id = ?1 AND slot = ?2 AND slot_generation = ?3",
        )?;
        let mut of_operator = self.connection.prepare(
            "SELECT 1 FROM operator WHERE id = ?1 AND slot = ?2 AND slot_generation = ?3",
        )?;
        let mut of_change = self.connection.prepare(
            "SELECT 1 FROM waiting_change WHERE id = ?1 AND slot = ?2 AND slot_generation = ?3",
        )?;
        let mut orphans = Vec::new();
        for (slot, owner) in self.keys.live() {
            let known = match owner {
                Owner::Issuance(id) => of_issuance.exists((id, slot.index, slot.generation))?,
                Owner::Operator(id) => of_operator.exists((id, slot.index, slot.generation))?,
                Owner::Approval(id) => of_change.exists((id, slot.index, slot.generation))?,
                // A reader may have taken the key that was on its way to it.
                Owner::Day(_) | Owner::Reader(_) => true,
            };
            if !known {
                orphans.push((slot, owner));
            }
        }
        Ok(orphans)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StorageError;
    use crate::fixture::{House, at, text};

    /// How often `octets` occur in the files of the house.
    fn occurrences(house: &House, octets: &[u8]) -> usize {
        let files = std::fs::read_dir(house.dir.path())
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let files = files
            .filter(|path| path.is_file())
            .map(|path| std::fs::read(path).unwrap());
        files
            .map(|file| {
                file.windows(octets.len())
                    .filter(|window| *window == octets)
                    .count()
            })
            .sum()
    }

    #[test]
    fn no_name_mobile_or_card_number_lies_in_clear_in_any_file() {
        let mut house = House::new();
        for name in ["Kari Nordmann", "Per Hansen"] {
            let card = if name == "Per Hansen" { 54_321 } else { 54_322 };
            let id = house.active_supplier(name, card);
            drop(
                house
                    .register
                    .block(id, &text("Kari Nordmann lost it"), house.operator, at(3))
                    .unwrap(),
            );
        }
        assert!(occurrences(&house, b"Kommunen") > 0 && occurrences(&house, b"supplier") > 0);
        let numbers = [54_321_u32.to_be_bytes(), 54_321_u32.to_le_bytes()].concat();
        let personal: [&[u8]; 10] = [
            b"Kari",
            b"Nordmann",
            b"Per Hansen",
            b"912 34 567",
            b"90000001",
            b"Ola Kontakt",
            b"passport",
            b"H10301",
            b"17:54321",
            b"boiler",
        ];
        for clear in personal.into_iter().chain(numbers.chunks(4)) {
            assert_eq!(occurrences(&house, clear), 0, "{clear:?}");
        }
        let house = house.restart();
        house.register.shed_old_pages().unwrap();
        for clear in personal {
            assert_eq!(occurrences(&house, clear), 0, "{clear:?}");
        }
    }

    #[test]
    fn a_change_that_sqlite_has_rolled_back_by_itself_uses_no_number_up() {
        let mut house = House::settled();
        let counted = |house: &House| {
            let newest = house.register.newest_record().unwrap();
            (newest, house.register.generation().unwrap())
        };
        let (by, before) = (house.operator, counted(&house));
        let failed = house.register.change(by, at(3), |draft| {
            draft.tell_hours(crate::AuditVerb::HolidaySet, "day=2026-12-24")?;
            // As it does when the disk fails in the midst of a statement.
            draft.tx.execute_batch("ROLLBACK")?;
            Err::<(), _>(RegisterError::NoSuchTenant)
        });
        assert!(matches!(failed, Err(RegisterError::NoSuchTenant)));
        assert_eq!(counted(&house), before);
    }

    #[test]
    fn a_register_that_contradicts_itself_is_found_by_its_check() {
        let mut house = House::settled();
        house.active_supplier("Kari", 1);
        house.register.check().unwrap();
        house
            .register
            .connection
            .execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM contact")
            .unwrap();
        let found = house.register.check().unwrap_err();
        assert!(
            matches!(found, RegisterError::Storage(StorageError::Corrupt { .. })),
            "{found}"
        );
    }
}

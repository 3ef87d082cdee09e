//! A house whose records are kept as a log would keep them.

use access::UtcMicros;

use super::super::*;
use crate::Audit;
use crate::fixture::{House, at};

/// A house that keeps its records as a log would.
pub(super) struct Logged {
    pub(super) house: House,
    pub(super) log: Vec<(u64, Audit)>,
    pub(super) issued: Vec<IssuanceId>,
    /// What doors, readers, groups and areas are called, as the log was told.
    names: Vec<String>,
    pub(super) now: i64,
}

impl Logged {
    pub(super) fn new() -> Self {
        let mut logged = Self {
            house: House::new(),
            log: Vec::new(),
            issued: Vec::new(),
            names: Vec::new(),
            now: 10,
        };
        for name in ["office", "hall"] {
            logged.house.group(name);
        }
        let register = &mut logged.house.register;
        drop(register.reconcile_readers(&["main-in", "side-in"]).unwrap());
        drop(register.reconcile_areas(&["inside", "yard"]).unwrap());
        let untold = register.names_to_tell(at(0)).unwrap();
        logged.names = untold.iter().map(crate::NumberedName::words).collect();
        register.names_told(&untold, at(0)).unwrap();
        logged.drain();
        logged
    }

    pub(super) fn drain(&mut self) {
        let pending = self.house.register.outbox_pending(usize::MAX).unwrap();
        self.log
            .extend(pending.into_iter().map(|(id, audit)| (id.get(), audit)));
        self.house.settle();
    }

    pub(super) fn now(&self) -> UtcMicros {
        at(self.now)
    }

    /// As the log is read: of a holder whose key is gone nothing is told.
    pub(super) fn fold(&self) -> Fold {
        let mut fold = Fold::default();
        fold.take_beginning();
        for name in &self.names {
            fold.take_name(name, at(0), 0);
        }
        for (event, (number, audit)) in (0..).zip(&self.log) {
            fold.take_outbox(*number, event);
            let living = |holder: &access::Holder| {
                let owner = key_store::Owner::Issuance(holder.issuance.get());
                self.house.keys.find(owner).is_some()
            };
            let holder = audit.holder.filter(living);
            fold.take(&Telling {
                verb: audit.verb,
                issuance: holder.map(|holder| holder.issuance),
                holder_text: holder.map_or("", |_| audit.holder_text.as_str()),
                operator_text: &audit.operator_text,
                at: audit.at,
                event,
            });
        }
        fold
    }

    /// All on which log and register do not agree.
    pub(super) fn disagreements(&self) -> Vec<Disagreement> {
        self.try_disagreements().unwrap()
    }

    /// The same of a register that may be none.
    fn try_disagreements(&self) -> Result<Vec<Disagreement>, crate::RegisterError> {
        let register = &self.house.register;
        let mut fold = self.fold();
        let mut all = Vec::new();
        for said in register.said_of_issuances(None, u32::MAX)? {
            all.extend(fold.settle(said.id, &said.telling()).err());
            if !said.is_card_its_own {
                all.push(Disagreement {
                    subject: Subject::Issuance(said.id),
                    event: None,
                    expected: None,
                    found: None,
                });
            }
        }
        let left: Vec<IssuanceId> = fold.expected().collect();
        let unseen = |id: &IssuanceId| !all.iter().any(|it| it.subject == Subject::Issuance(*id));
        let missing: Vec<_> = left.iter().copied().filter(unseen).collect();
        all.extend(missing.into_iter().filter_map(|id| fold.missing(id)));
        let now = at(self.now + 1);
        let lost = fold.take_lost_links();
        let cut = register.cut_links(&lost, now)?;
        all.extend(cut.into_iter().map(Fold::lost_link));
        all.extend(fold.house_against(&register.said_of_house(now)?, now));
        Ok(all)
    }

    /// What is found after an edit by hand, which is taken back; `None` if SQLite does not have it.
    pub(super) fn found_after(&self, sql: &str) -> Option<bool> {
        let connection = &self.house.register.connection;
        let triggers = rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER;
        connection.set_db_config(triggers, false).unwrap();
        connection
            .execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; BEGIN")
            .unwrap();
        if sql.starts_with("INSERT") {
            connection
                .execute_batch("PRAGMA ignore_check_constraints = OFF")
                .unwrap();
        }
        let edited = connection.execute(sql, []).and_then(|rows| {
            // A row that points to nothing is found at the next start, and hangs on nobody.
            let mut check = connection.prepare("PRAGMA foreign_key_check")?;
            let is_loose = sql.starts_with("INSERT") && check.exists([])?;
            if is_loose {
                Err(rusqlite::Error::InvalidQuery)
            } else {
                Ok(rows)
            }
        });
        let found = edited.map(|rows| {
            assert!(rows > 0, "{sql}");
            self.try_disagreements()
                .map_or(true, |found| !found.is_empty())
        });
        connection.execute_batch("ROLLBACK").unwrap();
        found.ok()
    }

    pub(super) fn some(&self, of: u8) -> IssuanceId {
        let mut around = self.issued.iter().copied().cycle();
        around
            .nth(usize::from(of))
            .unwrap_or(IssuanceId::from_random(1))
    }

    pub(super) fn door(&self, of: u8) -> access::DoorId {
        self.house.doors[usize::from(of) % self.house.doors.len()]
    }
}

//! Restored: a register from a backup becomes that of another life of the house. What went after the backup goes again, what may
//! have changed is denied until somebody looks, and everything that a holder's key was for is under a new key, and empty.

use access::{IssuanceId, OperatorId, UtcMicros};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use crate::counter::{counter, stored};
use crate::error::RegisterError;
use crate::issuance::{COLUMNS, Issuance};
use crate::operator::row_of;
use crate::register::Register;
use crate::rekey::rekey;
use crate::standings::{self, PlasticStands, Standings, Stands};

/// What the newest restore was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Which life of the house it began; 2 after the first restore.
    pub life: u32,
    /// When.
    pub at: UtcMicros,
    /// Of when the backup was.
    pub backup_at: UtcMicros,
    /// Until when it is known what was returned, lost or changed after the backup; from then until the restore it is not.
    pub told_until: UtcMicros,
    /// Whether every card and right was reviewed since, and signed for.
    pub is_reviewed: bool,
    /// Issuances whose holder went with the disk and was not registered anew.
    pub unnamed: u64,
}

/// What a restore made of the register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LifeBegun {
    /// Issuances that are left.
    pub cards: u64,
    /// Issuances returned since the backup, or about to be forgotten then: tombstones now.
    pub gone: u64,
    /// Cards reported lost since the backup.
    pub lost: u64,
    /// Cards that are blocked until somebody has looked at them.
    pub blocked: u64,
    /// Operators who were removed since, or have fewer roles.
    pub operators: u64,
    /// Changes that waited for approval; they are asked for anew.
    pub waiting: u64,
}

impl Register {
    /// Makes the register of a backup that of a new life: `(life, backup_at, told_until)`; `standings` is who was still there at
    /// `told_until`, where somebody kept that. Without it visitors' cards are blocked. What the register is is then to be said
    /// anew in the new log: [`Register::restate`], all of it.
    ///
    /// # Errors
    /// What SQLite or the key store says; then nothing is changed.
    pub fn begin_life(
        &mut self,
        (life, backup_at, told_until): (u32, UtcMicros, UtcMicros),
        standings: Option<&Standings>,
        now: UtcMicros,
    ) -> Result<LifeBegun, RegisterError> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut work = Beginning {
            tx: &transaction,
            now,
            begun: LifeBegun::default(),
        };
        work.settle_cards(standings)?;
        if let Some(standings) = standings {
            work.settle_operators(standings)?;
            work.settle_house(standings)?;
        }
        work.drop_what_waited()?;
        work.count_ahead()?;
        let mut begun = work.begun;
        begun.cards = rekey(&transaction, (&self.keys, self.entropy.as_mut()))?;
        transaction.execute(
            "INSERT INTO restored (life, restored_at, backup_at, told_until) VALUES (?1, ?2, ?3, ?4)",
            params![life, now.micros(), backup_at.micros(), told_until.micros()],
        )?;
        transaction.commit()?;
        // Pages that held what was sealed under keys of before, and tags of cards that are gone.
        self.connection.execute_batch("VACUUM")?;
        self.shed_old_pages()?;
        Ok(begun)
    }

    /// What the newest restore was, if there ever was one.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn restored(&self) -> Result<Option<Restored>, RegisterError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT life, restored_at, backup_at, told_until,
                    EXISTS (SELECT 1 FROM review WHERE opened_at >= restored_at AND signed_at IS NOT NULL),
                    (SELECT count(*) FROM issuance WHERE unnamed = 1)
             FROM restored ORDER BY life DESC LIMIT 1",
        )?;
        let found = statement.query_row([], |row| {
            Ok(Restored {
                life: row.get(0)?,
                at: UtcMicros::from_micros(row.get(1)?),
                backup_at: UtcMicros::from_micros(row.get(2)?),
                told_until: UtcMicros::from_micros(row.get(3)?),
                is_reviewed: row.get(4)?,
                unnamed: row.get::<_, u32>(5)?.into(),
            })
        });
        Ok(found.optional()?)
    }
}

/// The rows on their way into the new life.
struct Beginning<'a> {
    tx: &'a Transaction<'a>,
    now: UtcMicros,
    begun: LifeBegun,
}

impl Beginning<'_> {
    /// Whoever is not there any more is forgotten; whoever is otherwise than in the backup is denied at every door.
    fn settle_cards(&mut self, standings: Option<&Standings>) -> Result<(), RegisterError> {
        for id in returned(self.tx)? {
            self.forget(id)?;
        }
        let mut after = None;
        loop {
            let page = standings::page(self.tx, after, PAGE)?;
            let Some((last, _)) = page.last() else {
                return Ok(());
            };
            after = Some(*last);
            for (id, in_backup) in page {
                match standings.map(|standings| standings.cards.get(&id)) {
                    Some(None) => self.forget(id)?,
                    Some(Some(now)) if *now == in_backup => {}
                    Some(Some(Stands::Lost)) => self.lose(id)?,
                    Some(Some(Stands::So(_))) => self.block(id)?,
                    None => self.block_visitor(id)?,
                }
            }
        }
    }

    fn forget(&mut self, id: IssuanceId) -> Result<(), RegisterError> {
        self.begun.gone += 1;
        let (id, now) = (id.get(), self.now.micros());
        // Told as returned first, so that it counts among the cards that came back.
        for sql in [
            "UPDATE issuance SET state = 'returned', returned_at = ?2, returned_by = issued_by
             WHERE id = ?1 AND state <> 'returned'",
            "INSERT INTO tombstone (id, kind, slot, slot_generation, forgotten_at)
             SELECT id, kind, slot, slot_generation, ?2 FROM issuance WHERE id = ?1",
        ] {
            self.tx.prepare_cached(sql)?.execute((id, now))?;
        }
        self.tx
            .prepare_cached("DELETE FROM issuance WHERE id = ?1")?
            .execute([id])?;
        Ok(())
    }

    fn lose(&mut self, id: IssuanceId) -> Result<(), RegisterError> {
        self.begun.lost += 1;
        self.tx
            .prepare_cached("UPDATE issuance SET lost_at = ?2, lost_by = issued_by WHERE id = ?1")?
            .execute((id.get(), self.now.micros()))?;
        Ok(())
    }

    fn block(&mut self, id: IssuanceId) -> Result<(), RegisterError> {
        let mut statement = self.tx.prepare_cached(
            "UPDATE issuance SET blocked_at = ?2, blocked_by = issued_by WHERE id = ?1 AND blocked_at IS NULL",
        )?;
        let blocked = statement.execute((id.get(), self.now.micros()))?;
        self.begun.blocked += u64::try_from(blocked).unwrap_or(u64::MAX);
        Ok(())
    }

    fn block_visitor(&mut self, id: IssuanceId) -> Result<(), RegisterError> {
        let mut statement = self
            .tx
            .prepare_cached(&format!("SELECT {COLUMNS} FROM issuance i WHERE i.id = ?1"))?;
        let is_visitor = match statement.query([id.get()])?.next()? {
            Some(row) => Issuance::read(row)?.kind.is_visitor(),
            None => false,
        };
        if is_visitor { self.block(id) } else { Ok(()) }
    }

    /// Nobody has a role that they did not have at the end.
    fn settle_operators(&mut self, standings: &Standings) -> Result<(), RegisterError> {
        let mut statement = self
            .tx
            .prepare("SELECT id FROM operator WHERE removed_at IS NULL")?;
        let ids = statement
            .query_map([], |row| row.get(0))?
            .collect::<Result<Vec<u16>, _>>()?;
        for id in ids.into_iter().map(OperatorId::new) {
            let in_backup = standings::operator(&row_of(self.tx, id)?);
            let left = standings.operators.get(&id);
            if left.is_some_and(|left| left.mark == in_backup.mark) {
                continue;
            }
            self.begun.operators += 1;
            for role in &in_backup.roles {
                if !left.is_some_and(|left| left.roles.contains(role)) {
                    let sql = "DELETE FROM operator_role WHERE operator = ?1 AND role = ?2";
                    self.tx
                        .prepare_cached(sql)?
                        .execute((id.get(), role.as_str()))?;
                }
            }
            self.tx.execute(
                "DELETE FROM delegation WHERE deputy = ?1 OR given_by = ?1",
                [id.get()],
            )?;
            let removed_at = left.is_none().then_some(self.now.micros());
            self.tx.execute(
                "UPDATE operator SET trained_until = NULL, removed_at = ?2 WHERE id = ?1",
                (id.get(), removed_at),
            )?;
        }
        Ok(())
    }

    /// Doors that were locked down stay so, and plastic that was not to be handed out is not.
    fn settle_house(&self, standings: &Standings) -> Result<(), RegisterError> {
        let mut lock = self.tx.prepare(
            "INSERT OR IGNORE INTO lockdown (door, recorded_at, recorded_by)
             SELECT ?1, 0, (SELECT min(id) FROM operator) WHERE EXISTS (SELECT 1 FROM door WHERE id = ?1)",
        )?;
        for door in &standings.locked_down {
            lock.execute([door.get()])?;
        }
        let mut keep = self.tx.prepare(
            "UPDATE stock SET is_lost = max(is_lost, ?2), blocked_by = coalesce(blocked_by, iif(?3, recorded_by, NULL))
             WHERE id = ?1",
        )?;
        for (id, stands) in &standings.plastic {
            let PlasticStands {
                is_blocked,
                is_lost,
            } = *stands;
            keep.execute((id.get(), is_lost, is_blocked))?;
        }
        Ok(())
    }

    /// The keys of what was asked are in no backup, nor is what the holders' parts of unwritten records said.
    fn drop_what_waited(&mut self) -> Result<(), RegisterError> {
        let waiting = self.tx.execute("DELETE FROM waiting_change", [])?;
        self.begun.waiting = u64::try_from(waiting).unwrap_or(u64::MAX);
        self.tx.execute(
            "UPDATE outbox SET issuance = NULL, slot = NULL, holder_text = NULL WHERE issuance IS NOT NULL",
            [],
        )?;
        Ok(())
    }

    /// Numbers that the old house may have given out after the backup are left out, so that a list of cards of that time is never
    /// taken for a newer one; and everything is due to be said anew.
    fn count_ahead(&self) -> Result<(), RegisterError> {
        for (name, step) in [("outbox", RECORDS_AHEAD), ("generation", LISTS_AHEAD)] {
            let next = (counter(self.tx, name)? / step + 1) * step;
            self.tx.execute(
                "UPDATE counter SET value = ?2 WHERE name = ?1",
                (name, stored(next)),
            )?;
        }
        for table in RECORDED {
            self.tx
                .execute(&format!("UPDATE {table} SET recorded_at = 0"), [])?;
        }
        Ok(())
    }
}

fn returned(connection: &Connection) -> Result<Vec<IssuanceId>, RegisterError> {
    let mut statement =
        connection.prepare("SELECT id FROM issuance WHERE state = 'returned' ORDER BY id")?;
    let ids = statement
        .query_map([], |row| row.get(0))?
        .collect::<Result<Vec<u32>, _>>()?;
    Ok(ids.into_iter().filter_map(IssuanceId::new).collect())
}

/// Issuances looked at at once.
const PAGE: u32 = 1_024;
/// More records than a house writes in the time between two backups: an import of all cards has a million.
const RECORDS_AHEAD: u64 = 1 << 32;
/// The same for lists of cards; the number is shown to people.
const LISTS_AHEAD: u64 = 1_000_000;
/// Tables whose rows are said anew.
const RECORDED: [&str; 16] = [
    "issuance",
    "operator",
    "tenant",
    "contact",
    "schedule",
    "special_day",
    "door_hours",
    "door_order",
    "lockdown",
    "charge",
    "stock",
    "review",
    "door",
    "reader",
    "door_group",
    "area",
];

#[cfg(test)]
mod tests;

//! Outbox: audit records between the transaction that wrote them and the log that keeps them.

use std::collections::BTreeMap;

use access::{Holder, IssuanceId, KeySlot, OperatorId, UtcMicros};
use key_store::Owner;
use rusqlite::{Row, params};
use zeroize::Zeroizing;

use crate::audit::{Audit, AuditVerb, OutboxId, beside};
use crate::counter::{counted, counter, stored};
use crate::error::RegisterError;
use crate::pseudonym::pseudonym;
use crate::register::Register;
use crate::seal::{Field, FieldKey};

impl Register {
    /// The oldest records that are not known to be in the log, at most `limit`. Appending one twice is for the log to find
    /// out, by its number.
    ///
    /// # Errors
    /// What SQLite or the key store says; [`RegisterError::Unsealable`] if a record was altered.
    pub fn outbox_pending(&self, limit: usize) -> Result<Vec<(OutboxId, Audit)>, RegisterError> {
        self.outbox_from(i64::MIN, limit)
    }

    /// As [`Register::outbox_pending`], of the records behind this one: for who reads on before those are struck off.
    ///
    /// # Errors
    /// As [`Register::outbox_pending`].
    pub fn outbox_after(
        &self,
        after: OutboxId,
        limit: usize,
    ) -> Result<Vec<(OutboxId, Audit)>, RegisterError> {
        self.outbox_from(stored(after.get()).saturating_add(1), limit)
    }

    /// The least integer is the beginning: a number that somebody made less than any is to be found out.
    fn outbox_from(
        &self,
        first: i64,
        limit: usize,
    ) -> Result<Vec<(OutboxId, Audit)>, RegisterError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT x.id, x.at, x.verb, x.operator, x.issuance, x.slot, x.holder_text, x.operator_text, o.slot
             FROM outbox x LEFT JOIN operator o ON o.id = x.operator WHERE x.id >= ?1 ORDER BY x.id LIMIT ?2",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut rows = statement.query([first, limit])?;
        let mut operators = BTreeMap::new();
        let mut pending = Vec::new();
        while let Some(row) = rows.next()? {
            pending.push(self.opened(row, &mut operators)?);
        }
        Ok(pending)
    }

    /// The number of the newest record there ever was; every change that anybody made has a higher one than all before.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn newest_record(&self) -> Result<OutboxId, RegisterError> {
        Ok(OutboxId::new(counter(&self.connection, "outbox")?))
    }

    /// These records are in the log. Repeatable.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn outbox_done(&mut self, done: &[OutboxId]) -> Result<(), RegisterError> {
        let transaction = self.connection.transaction()?;
        {
            let mut statement =
                transaction.prepare_cached("DELETE FROM outbox WHERE id BETWEEN ?1 AND ?2")?;
            let follows = |one: &OutboxId, next: &OutboxId| one.get() + 1 == next.get();
            for run in done.chunk_by(follows) {
                if let (Some(first), Some(last)) = (run.first(), run.last()) {
                    statement.execute([stored(first.get()), stored(last.get())])?;
                }
            }
        }
        Ok(transaction.commit()?)
    }

    /// How many records of an issuance are not known to be in the log.
    pub(crate) fn records_pending(&self, issuance: IssuanceId) -> Result<u64, RegisterError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT count(*) FROM outbox WHERE issuance = ?1")?;
        counted(statement.query_row(params![issuance.get()], |row| row.get(0))?)
    }

    fn opened(
        &self,
        row: &Row<'_>,
        operators: &mut BTreeMap<u32, FieldKey>,
    ) -> Result<(OutboxId, Audit), RegisterError> {
        let id = counted(row.get(0)?)?;
        let verb = AuditVerb::from_name(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?);
        let operator = OperatorId::new(row.get(3)?);
        let operator_slot: u32 = row.get(8)?;
        let holder = self.holder_of(row)?;
        let at = UtcMicros::from_micros(row.get(1)?);
        let name = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
        let beside = beside(name, at, operator);
        let sealed = row.get_ref(7)?.as_blob().unwrap_or_default();
        let operator_text = match operators.get(&operator_slot) {
            Some(key) => open_of_operator(key, (id, &beside), sealed)?,
            None => {
                let owner = Owner::Operator(operator.get());
                let key = FieldKey::of_owner(&self.keys, operator_slot, owner)?;
                let text = open_of_operator(&key, (id, &beside), sealed)?;
                operators.insert(operator_slot, key);
                text
            }
        };
        let holder_text = match &holder {
            Some((_, key)) => open(key, Field::HolderText, id, row.get_ref(6)?.as_blob().ok())?,
            None => Zeroizing::default(),
        };
        let audit = Audit {
            verb: verb.ok_or(RegisterError::corrupt("an unknown verb in the outbox"))?,
            at,
            operator,
            operator_slot: KeySlot::new(operator_slot),
            holder: holder.map(|(holder, _)| holder),
            holder_text: holder_text.to_string(),
            operator_text: operator_text.to_string(),
        };
        Ok((OutboxId::new(id), audit))
    }

    fn holder_of(&self, row: &Row<'_>) -> Result<Option<(Holder, FieldKey)>, RegisterError> {
        let (Some(issuance), Some(slot)) =
            (row.get::<_, Option<u32>>(4)?, row.get::<_, Option<u32>>(5)?)
        else {
            let is_left = row.get::<_, Option<u32>>(4)?.is_some()
                || row.get::<_, Option<u32>>(5)?.is_some()
                || row.get::<_, Option<Vec<u8>>>(6)?.is_some();
            return if is_left {
                Err(RegisterError::corrupt("a record about half of a holder"))
            } else {
                Ok(None)
            };
        };
        let issuance = pseudonym(issuance)?;
        let key = FieldKey::of_owner(&self.keys, slot, Owner::Issuance(issuance.get()))?;
        Ok(Some((
            Holder {
                issuance,
                slot: KeySlot::new(slot),
            },
            key,
        )))
    }
}

/// The operator's part; one that an earlier version left is not bound to what stands beside it.
fn open_of_operator(
    key: &FieldKey,
    (id, beside): (u64, &str),
    sealed: &[u8],
) -> Result<Zeroizing<String>, RegisterError> {
    let bound = key.open_beside((Field::OperatorText, id, beside), sealed);
    bound.or_else(|_| key.open_text(Field::OperatorText, id, sealed))
}

fn open(
    key: &FieldKey,
    field: Field,
    id: u64,
    sealed: Option<&[u8]>,
) -> Result<Zeroizing<String>, RegisterError> {
    key.open_text(field, id, sealed.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{House, at};

    #[test]
    fn a_crash_between_commit_and_log_replays_each_record_once() {
        let mut house = House::settled();
        let (id, change) = house
            .register
            .issue(&house.supplier("Kari Nordmann"), house.operator, at(1))
            .unwrap();
        let mut house = house.restart();
        let pending = house.register.outbox_pending(10).unwrap();
        assert_eq!(pending, change.records);
        assert_eq!(pending[0].1.holder.unwrap().issuance, id);
        house.register.outbox_done(&change.outbox()).unwrap();
        house.register.outbox_done(&change.outbox()).unwrap();
        let house = house.restart();
        assert_eq!(house.register.outbox_pending(10).unwrap(), []);
    }

    #[test]
    fn numbers_are_never_given_twice_and_pages_are_in_order() {
        let mut house = House::settled();
        let (_, first) = house
            .register
            .issue(&house.supplier("A"), house.operator, at(1))
            .unwrap();
        house.settle();
        let (_, second) = house
            .register
            .issue(&house.supplier("B"), house.operator, at(1))
            .unwrap();
        let (_, third) = house
            .register
            .issue(&house.supplier("C"), house.operator, at(1))
            .unwrap();
        assert!(first.outbox()[0] < second.outbox()[0]);
        assert_eq!(house.register.outbox_pending(1).unwrap(), second.records);
        house.register.outbox_done(&second.outbox()).unwrap();
        assert_eq!(house.register.outbox_pending(1).unwrap(), third.records);
    }

    #[test]
    fn only_what_is_named_is_struck_off() {
        let mut house = House::settled();
        for name in ["A", "B", "C", "D", "E"] {
            let issued = house
                .register
                .issue(&house.supplier(name), house.operator, at(1));
            assert_eq!(issued.unwrap().1.records.len(), 1);
        }
        let all = house.register.outbox_pending(9).unwrap();
        let [a, b, c, d, e] = [0, 1, 2, 3, 4].map(|at: usize| all[at].0);
        assert_eq!(house.register.outbox_after(b, 2).unwrap(), all[2..4]);
        house.register.outbox_done(&[d, a, b]).unwrap();
        let left = house.register.outbox_pending(9).unwrap();
        assert_eq!(left.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [c, e]);
    }

    #[test]
    fn an_altered_record_is_found_out() {
        let mut house = House::settled();
        let (_, change) = house
            .register
            .issue(&house.supplier("A"), house.operator, at(1))
            .unwrap();
        house
            .register
            .connection
            .execute("UPDATE outbox SET id = id + 1", [])
            .unwrap();
        assert!(matches!(
            house.register.outbox_pending(1).unwrap_err(),
            RegisterError::Unsealable { .. }
        ));
        assert_eq!(change.records.len(), 1);
    }
}

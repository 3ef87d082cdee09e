//! Draft: one change while it is being made; commits with its records or leaves nothing.

use access::{Generation, Holder, KeySlot, OperatorId, UtcMicros};
use key_store::{Entropy, KeyStore, Owner, Slot};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::audit::{self, AUDIT_TEXT_MAX, Audit, AuditVerb, Change, OutboxId};
use crate::counter::{counter, stored};
use crate::error::RegisterError;
use crate::house_day::HouseDay;
use crate::many;
use crate::row_mark;
use crate::seal::{Field, FieldKey};

/// A change in the making.
pub(crate) struct Draft<'a> {
    pub(crate) tx: Transaction<'a>,
    pub(crate) keys: &'a KeyStore,
    pub(crate) entropy: &'a mut dyn Entropy,
    pub(crate) now: UtcMicros,
    /// When forgotten cards end.
    pub(crate) house_day: HouseDay,
    signer: Option<Signer>,
    outbox_before: u64,
    outbox_last: u64,
    records: Vec<(OutboxId, Audit)>,
    allowlist: Vec<access::Change>,
    is_rebuilt: bool,
    new_hours: bool,
    fresh: Vec<Slot>,
}

/// The operator who makes the change.
struct Signer {
    id: OperatorId,
    slot: KeySlot,
    key: FieldKey,
}

/// An issuance and the key its fields and records are sealed under.
pub(crate) struct Keyed {
    pub(crate) holder: Holder,
    pub(crate) key: FieldKey,
}

/// What a record says, in words of `key=value`.
pub(crate) struct Said<'a> {
    pub(crate) verb: AuditVerb,
    pub(crate) of_holder: &'a str,
    pub(crate) of_operator: &'a str,
}

/// A record whose two parts are sealed, bound to its number.
pub(crate) struct SealedRecord {
    pub(crate) id: u64,
    pub(crate) verb: AuditVerb,
    pub(crate) holder: Option<Holder>,
    pub(crate) holder_text: Option<Vec<u8>>,
    pub(crate) operator_text: Vec<u8>,
}

impl<'a> Draft<'a> {
    pub(crate) fn begin(
        tx: Transaction<'a>,
        keys: &'a KeyStore,
        entropy: &'a mut dyn Entropy,
        now: UtcMicros,
    ) -> Result<Self, RegisterError> {
        let outbox_before = counter(&tx, "outbox")?;
        Ok(Self {
            tx,
            keys,
            entropy,
            now,
            house_day: HouseDay::default(),
            signer: None,
            outbox_before,
            outbox_last: outbox_before,
            records: Vec::new(),
            allowlist: Vec::new(),
            is_rebuilt: false,
            new_hours: false,
            fresh: Vec::new(),
        })
    }

    /// Every record from here on is this operator's.
    pub(crate) fn sign_as(&mut self, id: OperatorId) -> Result<(), RegisterError> {
        let slot = slot_of(&self.tx, id)?;
        let key = FieldKey::of_owner(self.keys, slot.get(), Owner::Operator(id.get()))?;
        self.signer = Some(Signer { id, slot, key });
        Ok(())
    }

    pub(crate) fn operator(&self) -> Result<OperatorId, RegisterError> {
        self.signer
            .as_ref()
            .map(|signer| signer.id)
            .ok_or(RegisterError::NoSuchOperator)
    }

    /// The key of the operator who makes the change, once more.
    pub(crate) fn operator_key(&self) -> Result<FieldKey, RegisterError> {
        let signer = self.signer.as_ref().ok_or(RegisterError::NoSuchOperator)?;
        FieldKey::of_owner(
            self.keys,
            signer.slot.get(),
            Owner::Operator(signer.id.get()),
        )
    }

    /// The next number of a counter that never gives one twice.
    pub(crate) fn number(&self, what: &'static str) -> Result<u32, RegisterError> {
        let mut statement = self.tx.prepare_cached(
            "UPDATE counter SET value = value + 1 WHERE name = ?1 RETURNING value",
        )?;
        let number: i64 = statement.query_row([what], |row| row.get(0))?;
        u32::try_from(number).map_err(|_| RegisterError::NumbersExhausted { what })
    }

    /// A fresh key; destroyed again if the change comes to nothing.
    pub(crate) fn allocate(&mut self, owner: Owner) -> Result<Slot, RegisterError> {
        let slot = self.keys.allocate(owner, self.entropy)?;
        self.fresh.push(slot);
        Ok(slot)
    }

    /// Fresh keys for many owners, made durable at once.
    pub(crate) fn allocate_many(&mut self, owners: &[Owner]) -> Result<Vec<Slot>, RegisterError> {
        let slots = self.keys.allocate_many(owners, self.entropy)?;
        self.fresh.extend_from_slice(&slots);
        Ok(slots)
    }

    pub(crate) fn keyed(&self, holder: Holder) -> Result<Keyed, RegisterError> {
        Ok(Keyed {
            holder,
            key: FieldKey::of_owner(
                self.keys,
                holder.slot.get(),
                Owner::Issuance(holder.issuance.get()),
            )?,
        })
    }

    /// Puts a record into the outbox and keeps it for the answer.
    pub(crate) fn record(
        &mut self,
        about: Option<&Keyed>,
        said: &Said<'_>,
    ) -> Result<(), RegisterError> {
        let signer = self.signer.as_ref().ok_or(RegisterError::NoSuchOperator)?;
        let audit = Audit {
            verb: said.verb,
            at: self.now,
            operator: signer.id,
            operator_slot: signer.slot,
            holder: about.map(|keyed| keyed.holder),
            holder_text: self.marked(about, said.of_holder)?,
            operator_text: bounded(said.of_operator),
        };
        let said = Said {
            of_holder: &audit.holder_text,
            ..*said
        };
        let id = self.post(about, &said)?;
        if let Some(keyed) = about {
            let mut statement = self
                .tx
                .prepare_cached("UPDATE issuance SET recorded_at = ?2 WHERE id = ?1")?;
            statement.execute(params![keyed.holder.issuance.get(), self.now.micros()])?;
        }
        self.records.push((id, audit));
        Ok(())
    }

    /// Puts a record into the outbox; for changes with more records than an answer should hold. About whom it is, nothing is
    /// changed afterwards: the mark of their rows is taken now.
    pub(crate) fn post(
        &mut self,
        about: Option<&Keyed>,
        said: &Said<'_>,
    ) -> Result<OutboxId, RegisterError> {
        let signer = self.signer.as_ref().ok_or(RegisterError::NoSuchOperator)?;
        let id = self.next_record();
        let of_operator = bounded(said.of_operator);
        let beside = audit::beside(said.verb.name(), self.now, signer.id);
        let field = (Field::OperatorText, id, beside.as_str());
        let operator_text = signer
            .key
            .seal_beside(self.entropy, field, of_operator.as_bytes())?;
        let holder_text = match about {
            Some(keyed) => {
                let text = self.marked(about, said.of_holder)?;
                let field = (Field::HolderText, id);
                let sealed = keyed
                    .key
                    .seal(self.entropy, field.0, field.1, text.as_bytes());
                Some(sealed?)
            }
            None => None,
        };
        let record = SealedRecord {
            id,
            verb: said.verb,
            holder: about.map(|keyed| keyed.holder),
            holder_text,
            operator_text,
        };
        self.post_sealed(&[&record])?;
        Ok(OutboxId::new(id))
    }

    /// The number that the next record gets.
    pub(crate) const fn next_record(&self) -> u64 {
        self.outbox_last + 1
    }

    /// [`Draft::post`] of what was sealed beforehand, under the numbers they get now.
    pub(crate) fn post_sealed(&mut self, records: &[&SealedRecord]) -> Result<(), RegisterError> {
        use ValueRef::{Blob, Integer, Null, Text};
        let by = Integer(i64::from(self.operator()?.get()));
        let at = Integer(self.now.micros());
        let mut last = self.outbox_last;
        let mut rows = Vec::with_capacity(records.len());
        for record in records {
            last += 1;
            if record.id != last {
                return Err(RegisterError::corrupt("a record of another number"));
            }
            let holder = record.holder;
            rows.push([
                Integer(stored(record.id)),
                at,
                Text(record.verb.name().as_bytes()),
                by,
                holder.map_or(Null, |of| Integer(i64::from(of.issuance.get()))),
                holder.map_or(Null, |of| Integer(i64::from(of.slot.get()))),
                record.holder_text.as_deref().map_or(Null, Blob),
                Blob(&record.operator_text),
            ]);
        }
        many::insert(&self.tx, OUTBOX, &rows)?;
        self.outbox_last = last;
        Ok(())
    }

    /// The holder's text with the mark of the rows as they are now.
    fn marked(&self, about: Option<&Keyed>, text: &str) -> Result<String, RegisterError> {
        let Some(keyed) = about.filter(|_| text.contains(row_mark::BLANK)) else {
            return Ok(bounded(text));
        };
        let mark = row_mark::of_issuance(&self.tx, keyed.holder.issuance)?;
        Ok(bounded(&row_mark::stamped(text, &mark)))
    }

    /// Renews the marks in records that were followed by a further change of the same issuance, now that nothing follows.
    pub(crate) fn renew_marks(&mut self) -> Result<(), RegisterError> {
        let mut records = std::mem::take(&mut self.records);
        for (id, audit) in &mut records {
            let Some(holder) = audit.holder else {
                continue;
            };
            let mark = row_mark::of_issuance(&self.tx, holder.issuance)?;
            let renewed = row_mark::renewed(&audit.holder_text, &mark);
            if renewed == audit.holder_text {
                continue;
            }
            audit.holder_text = renewed;
            let key = self.keyed(holder)?.key;
            let text = audit.holder_text.as_bytes();
            let sealed = key.seal(self.entropy, Field::HolderText, id.get(), text)?;
            self.tx
                .prepare_cached("UPDATE outbox SET holder_text = ?2 WHERE id = ?1")?
                .execute(params![stored(id.get()), sealed])?;
        }
        self.records = records;
        Ok(())
    }

    pub(crate) fn put(&mut self, entry: access::CardEntry) {
        self.allowlist.push(access::Change::Put(entry));
    }

    pub(crate) fn remove(&mut self, tag: access::CardTag) {
        self.allowlist.push(access::Change::Remove(tag));
    }

    /// The change is too large for single differences; the allowlist is to be built anew.
    pub(crate) fn rebuild_allowlist(&mut self) {
        self.is_rebuilt = true;
    }

    /// Records a change of schedules, special days or modes, of which the allowlist is to have the hours anew.
    pub(crate) fn tell_hours(
        &mut self,
        verb: AuditVerb,
        of_operator: &str,
    ) -> Result<(), RegisterError> {
        self.renew_hours();
        self.record(
            None,
            &Said {
                verb,
                of_holder: "",
                of_operator,
            },
        )
    }

    /// Schedules, special days, the modes of doors or the house's own cards are other than before.
    pub(crate) fn renew_hours(&mut self) {
        self.new_hours = true;
    }

    pub(crate) fn commit(self) -> Result<Change, RegisterError> {
        let generation = self.count()?;
        // A key is not taken back from here on: a commit that reports failure may still be found done after a crash.
        self.tx.commit()?;
        Ok(Change {
            records: self.records,
            allowlist: self.allowlist,
            new_hours: self.new_hours,
            generation,
        })
    }

    /// Leaves the register as it was, and no key behind; says what would have been.
    pub(crate) fn take_back(self) -> Result<Change, RegisterError> {
        let generation = self.count()?;
        self.tx.rollback()?;
        self.keys.destroy_many(&self.fresh)?;
        Ok(Change {
            records: self.records,
            allowlist: self.allowlist,
            new_hours: self.new_hours,
            generation,
        })
    }

    /// As [`Draft::take_back`], of a change that failed.
    pub(crate) fn give_up(self) -> Result<(), RegisterError> {
        // After some errors of the disk SQLite has rolled back by itself; whatever is written behind that stands.
        if !self.tx.is_autocommit() {
            self.tx.rollback()?;
        }
        self.keys.destroy_many(&self.fresh)?;
        Ok(())
    }

    /// Writes the counters forward; says the generation this change makes.
    fn count(&self) -> Result<Generation, RegisterError> {
        let mut statement = self
            .tx
            .prepare_cached("UPDATE counter SET value = ?2 WHERE name = ?1")?;
        if self.outbox_last != self.outbox_before {
            statement.execute(params!["outbox", stored(self.outbox_last)])?;
        }
        let generation = Generation::new(counter(&self.tx, "generation")?);
        if self.allowlist.is_empty() && !self.is_rebuilt && !self.new_hours {
            return Ok(generation);
        }
        statement.execute(params!["generation", stored(generation.next().get())])?;
        Ok(generation.next())
    }
}

/// Where an operator's key lies.
fn slot_of(connection: &Connection, id: OperatorId) -> Result<KeySlot, RegisterError> {
    let mut statement = connection.prepare_cached("SELECT slot FROM operator WHERE id = ?1")?;
    let slot: Option<u32> = statement
        .query_row([id.get()], |row| row.get(0))
        .optional()?;
    slot.map(KeySlot::new).ok_or(RegisterError::NoSuchOperator)
}

/// The text, cut at a character if it is over the limit.
pub(crate) fn bounded(text: &str) -> String {
    let mut end = text.len().min(AUDIT_TEXT_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default().to_owned()
}

const OUTBOX: &str = "outbox (id, at, verb, operator, issuance, slot, holder_text, operator_text)";

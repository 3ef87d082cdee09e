//! Returning: the card dies at once; when its records are in the log, its holder is forgotten (M19).

use access::{Holder, IssuanceId, OperatorId, UtcMicros};
use rusqlite::params;

use crate::audit::{AuditVerb, Change};
use crate::draft::{Draft, Said};
use crate::error::RegisterError;
use crate::issuance::{self, Issuance};
use crate::register::Register;
use crate::rights;
use crate::state::{State, Step};

impl Register {
    /// Takes the card back, or withdraws what was issued: dead at every door once the change is on the allowlist, and no
    /// event names the holder any more. `form_shredded`: the paper form was. [`Register::finish_return`] forgets the holder.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`], [`RegisterError::Transition`].
    pub fn return_card(
        &mut self,
        id: IssuanceId,
        form_shredded: bool,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let returned = self.change(by, now, |draft| {
            let mut issuance = Issuance::load(&draft.tx, id)?;
            issuance.state = issuance.state.after(Step::Return)?;
            draft.tx.execute(
                "UPDATE issuance SET state = ?2, returned_at = ?3, returned_by = ?4 WHERE id = ?1",
                params![
                    id.get(),
                    issuance.state.name(),
                    draft.now.micros(),
                    draft.operator()?.get()
                ],
            )?;
            if let Some(tag) = issuance::tag_of(&draft.tx, id)? {
                draft.remove(tag);
            }
            let of = draft.keyed(issuance.holder())?;
            let rights = rights::of(&draft.tx, id)?;
            let form = if form_shredded { "shredded" } else { "kept" };
            let of_holder = issuance.words(&rights);
            let of_operator = format!("{} form={form}", issuance.bare_words(&rights));
            draft.record(
                Some(&of),
                &Said {
                    verb: Step::Return.into(),
                    of_holder: &of_holder,
                    of_operator: &of_operator,
                },
            )
        });
        returned.map(|((), change)| change)
    }

    /// Returned issuances whose holders are still to be forgotten; to be finished at every start.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn unfinished_returns(&self) -> Result<Vec<IssuanceId>, RegisterError> {
        let mut statement = self
            .connection
            .prepare("SELECT id FROM issuance WHERE state = 'returned' ORDER BY id")?;
        let ids = statement
            .query_map([], |row| row.get(0))?
            .collect::<Result<Vec<u32>, _>>()?;
        Ok(ids.into_iter().filter_map(IssuanceId::new).collect())
    }

    /// Whom a returned card was issued to and where their key lies, when the log has every record of the issuance: what is
    /// under the key in the log may be erased then. `None` if they are forgotten already.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::NotReturned`], [`RegisterError::RecordsPending`].
    pub fn returned_holder(&self, id: IssuanceId) -> Result<Option<Holder>, RegisterError> {
        match self.to_be_forgotten(id) {
            Ok(issuance) => Ok(Some(issuance.holder())),
            Err(RegisterError::Forgotten) => Ok(None),
            Err(cause) => Err(cause),
        }
    }

    /// Destroys the key of a returned card's holder: the first thing that [`Register::finish_return`] does, for one who has
    /// something to do between the two. Repeatable.
    ///
    /// # Errors
    /// As [`Register::returned_holder`], or what the key store says.
    pub fn destroy_returned_key(&mut self, id: IssuanceId) -> Result<(), RegisterError> {
        let issuance = self.to_be_forgotten(id)?;
        self.keys.destroy(issuance.slot)?;
        Ok(())
    }

    fn to_be_forgotten(&self, id: IssuanceId) -> Result<Issuance, RegisterError> {
        let issuance = Issuance::load(&self.connection, id)?;
        if issuance.state != State::Returned {
            return Err(RegisterError::NotReturned);
        }
        match self.records_pending(id)? {
            0 => Ok(issuance),
            count => Err(RegisterError::RecordsPending { count }),
        }
    }

    /// Forgets the holder of a returned card: the key first, then the row, the card and the rights; a tombstone keeps the
    /// pseudonym from ever being given again. To be called when the log has every record of the issuance. Repeatable: after
    /// a crash anywhere within, the same call does what is missing; when all is done it does nothing.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::NotReturned`], [`RegisterError::RecordsPending`].
    pub fn finish_return(
        &mut self,
        id: IssuanceId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let issuance = match self.to_be_forgotten(id) {
            Err(RegisterError::Forgotten) => {
                return Ok(Change {
                    records: Vec::new(),
                    allowlist: Vec::new(),
                    generation: self.generation()?,
                });
            }
            loaded => loaded?,
        };
        let by = self.returned_by(id)?;
        self.keys.destroy(issuance.slot)?;
        let ((), change) = self.change(by, now, |draft| bury(draft, &issuance))?;
        self.shed_old_pages()?;
        Ok(change)
    }

    fn returned_by(&self, id: IssuanceId) -> Result<OperatorId, RegisterError> {
        let by = self.connection.query_row(
            "SELECT returned_by FROM issuance WHERE id = ?1",
            [id.get()],
            |row| row.get(0),
        )?;
        Ok(OperatorId::new(by))
    }

    /// Writes the log back and empties it, so that no page of before lies in it. Who is reading keeps it from that: then the
    /// next one does it.
    pub(crate) fn shed_old_pages(&self) -> Result<(), RegisterError> {
        self.connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }
}

fn bury(draft: &mut Draft<'_>, issuance: &Issuance) -> Result<(), RegisterError> {
    let id = issuance.id.get();
    draft
        .tx
        .execute("DELETE FROM issuance WHERE id = ?1", [id])?;
    draft.tx.execute(
        "INSERT INTO tombstone (id, kind, slot, slot_generation, forgotten_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![id, issuance.kind.name(), issuance.slot.index, issuance.slot.generation, draft.now.micros()],
    )?;
    let of_operator = format!(
        "slot={} slot-generation={}",
        issuance.slot.index, issuance.slot.generation
    );
    draft.record(
        None,
        &Said {
            verb: AuditVerb::ShredDone,
            of_holder: "",
            of_operator: &of_operator,
        },
    )
}

#[cfg(test)]
mod tests {
    use rusqlite::types::ValueRef;

    use super::*;
    use crate::fixture::{House, at, number};

    /// Everything stored in any table, as one text.
    fn stored(house: &House) -> String {
        let connection = &house.register.connection;
        let mut tables = connection
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
            .unwrap();
        let tables: Vec<String> = tables
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let mut all = String::new();
        for table in tables {
            let mut rows = connection
                .prepare(&format!("SELECT * FROM {table}"))
                .unwrap();
            let columns = rows.column_count();
            let mut rows = rows.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                for column in 0..columns {
                    match row.get_ref(column).unwrap() {
                        ValueRef::Null => {}
                        ValueRef::Integer(value) => all += &format!("{table}={value} "),
                        ValueRef::Real(value) => all += &format!("{value} "),
                        ValueRef::Text(text) => all += std::str::from_utf8(text).unwrap(),
                        ValueRef::Blob(blob) => all += &format!("{blob:02x?} "),
                    }
                }
            }
        }
        all
    }

    #[test]
    fn m19_after_the_return_nothing_opens_and_no_row_links() {
        let mut house = House::settled();
        let id = house.active_supplier("Kari Nordmann", 7);
        let slot = house.register.entry(id).unwrap().unwrap().holder.slot;
        let sealed: Vec<u8> = house
            .register
            .connection
            .query_row(
                "SELECT holder FROM issuance WHERE id = ?1",
                [id.get()],
                |row| row.get(0),
            )
            .unwrap();
        let change = house
            .register
            .return_card(id, true, house.operator, at(5))
            .unwrap();
        assert_eq!(change.allowlist, [access::Change::Remove(house.tag(7))]);
        assert!(house.register.allowlist().unwrap().is_empty());
        assert_eq!(house.register.find_by_tag(&house.tag(7)).unwrap(), None);
        let early = house.register.finish_return(id, at(6)).unwrap_err();
        assert!(matches!(early, RegisterError::RecordsPending { count: 3 }));
        house.settle();
        assert_eq!(house.register.unfinished_returns().unwrap(), [id]);
        let done = house.register.finish_return(id, at(6)).unwrap();
        let record = &done.records[0].1;
        assert_eq!(
            (record.verb, record.operator, record.holder),
            (AuditVerb::ShredDone, house.operator, None)
        );
        assert!(house.keys.key(slot.get()).is_err());
        assert_eq!(house.register.unfinished_returns().unwrap(), []);
        assert!(matches!(
            house.register.show(id).unwrap_err(),
            RegisterError::Forgotten
        ));
        house.settle();
        let stored = stored(&house);
        assert!(!stored.contains(&format!("{:02x?}", house.tag(7).as_bytes())));
        assert_eq!(
            stored.matches(&format!("={} ", id.get())).count(),
            stored.matches(&format!("tombstone={} ", id.get())).count()
        );
        let path = house.path();
        drop(house.register);
        let octets = std::fs::read(path).unwrap();
        assert!(!octets.windows(28).any(|window| window == &sealed[..28]));
    }

    #[test]
    fn m19_the_return_is_finished_after_a_crash_anywhere_and_only_once() {
        let mut house = House::settled();
        let id = house.active_supplier("Kari", 7);
        drop(
            house
                .register
                .return_card(id, true, house.operator, at(5))
                .unwrap(),
        );
        let mut house = house.restart();
        assert_eq!(house.register.outbox_pending(9).unwrap().len(), 3);
        house.settle();
        // As if the crash came between the key and the row.
        house
            .keys
            .destroy(Issuance::load(&house.register.connection, id).unwrap().slot)
            .unwrap();
        let mut house = house.restart();
        assert_eq!(house.register.unfinished_returns().unwrap(), [id]);
        assert!(house.register.show(id).is_err());
        assert_eq!(
            house
                .register
                .finish_return(id, at(6))
                .unwrap()
                .records
                .len(),
            1
        );
        assert_eq!(
            house
                .register
                .finish_return(id, at(7))
                .unwrap()
                .records
                .len(),
            0
        );
        assert_eq!(house.restart().register.outbox_pending(9).unwrap().len(), 1);
    }

    #[test]
    fn a_slot_given_to_somebody_else_meanwhile_is_not_touched() {
        let mut house = House::settled();
        let id = house.active_supplier("Kari", 7);
        drop(
            house
                .register
                .return_card(id, true, house.operator, at(5))
                .unwrap(),
        );
        house.settle();
        // A crash between the key and the row; then a new owner in the same place.
        let slot = Issuance::load(&house.register.connection, id).unwrap().slot;
        house.keys.destroy(slot).unwrap();
        let next = house.active_supplier("Per", 8);
        assert_eq!(
            Issuance::load(&house.register.connection, next)
                .unwrap()
                .slot
                .index,
            slot.index
        );
        assert!(matches!(
            house.register.show(id).unwrap_err(),
            RegisterError::Keys(_)
        ));
        drop(house.register.finish_return(id, at(6)).unwrap());
        assert_eq!(
            house.register.show(next).unwrap().holder,
            House::holder("Per")
        );
    }

    #[test]
    fn what_was_not_returned_is_not_forgotten_and_a_return_comes_once() {
        let mut house = House::settled();
        let by = house.operator;
        let id = house.active_supplier("Kari", 7);
        house.settle();
        assert!(matches!(
            house.register.finish_return(id, at(3)).unwrap_err(),
            RegisterError::NotReturned
        ));
        drop(house.register.return_card(id, true, by, at(4)).unwrap());
        assert!(matches!(
            house.register.return_card(id, true, by, at(5)).unwrap_err(),
            RegisterError::Transition(_)
        ));
        house.settle();
        drop(house.register.finish_return(id, at(6)).unwrap());
        assert!(matches!(
            house.register.return_card(id, true, by, at(7)).unwrap_err(),
            RegisterError::Forgotten
        ));
    }

    #[test]
    fn m32_a_card_given_out_again_inherits_nothing() {
        let mut house = House::settled();
        let first = house.active_supplier("Kari", 7);
        let slot = Issuance::load(&house.register.connection, first)
            .unwrap()
            .slot;
        drop(
            house
                .register
                .return_card(first, true, house.operator, at(4))
                .unwrap(),
        );
        house.settle();
        drop(house.register.finish_return(first, at(5)).unwrap());
        let second = house.active_supplier("Per", 7);
        assert_ne!(first, second);
        assert_ne!(
            Issuance::load(&house.register.connection, second)
                .unwrap()
                .slot,
            slot
        );
        let shown = house.register.show(second).unwrap();
        assert_eq!(
            (shown.holder, shown.number),
            (House::holder("Per"), Some(number(7)))
        );
    }
}

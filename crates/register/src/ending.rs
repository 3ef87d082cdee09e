//! Ending: what the desk is told when a card's end comes, and what happens to one that nobody returned.

use std::ops::ControlFlow;

use access::{IssuanceId, OperatorId, UtcMicros};
use rusqlite::params;

use crate::audit::{AuditVerb, Change};
use crate::counter::counted;
use crate::draft::Draft;
use crate::error::RegisterError;
use crate::issuance::Issuance;
use crate::life;
use crate::list::{self, CardRow};
use crate::pseudonym::pseudonym;
use crate::register::Register;
use crate::returning;
use crate::state::Step;

/// Cards in somebody's hand by their ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ends {
    /// The first end that counts.
    pub from: UtcMicros,
    /// The first that counts no more.
    pub until: UtcMicros,
}

impl Register {
    /// Calls `each` for every live card whose end lies within these, sooner ends first, until it breaks. Who goes on later gives
    /// the end and the pseudonym of the last that it got.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn due_back(
        &self,
        ends: Ends,
        after: Option<(UtcMicros, IssuanceId)>,
        each: &mut dyn FnMut(CardRow) -> ControlFlow<()>,
    ) -> Result<(), RegisterError> {
        let mut statement = self.connection.prepare_cached(&format!(
            "{} WHERE i.valid_until >= ?1 AND i.valid_until < ?2 AND (i.valid_until, i.id) > (?3, ?4) AND i.state = 'active'
             ORDER BY i.valid_until, i.id",
            list::select()
        ))?;
        let (end, id) = after.map_or((i64::MIN, -1), |(end, id)| {
            (end.micros(), i64::from(id.get()))
        });
        let mut rows =
            statement.query(params![ends.from.micros(), ends.until.micros(), end, id])?;
        while let Some(row) = rows.next()? {
            if each(self.card_row(row)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// How many live cards have ended and were not returned.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn overdue(&self, now: UtcMicros) -> Result<u64, RegisterError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT count(*) FROM issuance WHERE valid_until <= ?1 AND state = 'active'",
        )?;
        counted(statement.query_row([now.micros()], |row| row.get(0))?)
    }

    /// Whether a live card's end has come that was not told.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn is_end_to_tell(&self, now: UtcMicros) -> Result<bool, RegisterError> {
        let mut statement = self.connection.prepare_cached(ENDED)?;
        Ok(statement.exists(params![now.micros(), 1])?)
    }

    /// Records of live cards, at most `limit`, that their end has come: of each once, in the name of who issued it. A change
    /// without records means that there is none.
    ///
    /// # Errors
    /// What SQLite or the key store says; then nothing was told.
    pub fn tell_ended(&mut self, limit: u32, now: UtcMicros) -> Result<Change, RegisterError> {
        let told = self.change_by(None, now, |draft| {
            for (id, issued_by) in chosen(draft, ENDED, now, limit)? {
                draft.sign_as(issued_by)?;
                let issuance = Issuance::load(&draft.tx, id)?;
                draft
                    .tx
                    .execute("UPDATE issuance SET end_told = 1 WHERE id = ?1", [id.get()])?;
                life::tell(draft, &issuance, AuditVerb::CardExpired, "")?;
            }
            Ok(())
        });
        told.map(|((), change)| change)
    }

    /// Takes back what nobody returned and ended before `before`, at most `limit`, in the name of who issued it: data about its
    /// holder is kept no longer (M19). [`Register::finish_return`] forgets the holders.
    ///
    /// # Errors
    /// What SQLite or the key store says; then nothing was taken back.
    pub fn lapse(
        &mut self,
        before: UtcMicros,
        limit: u32,
        now: UtcMicros,
    ) -> Result<(usize, Change), RegisterError> {
        self.change_by(None, now, |draft| {
            let lapsed = chosen(draft, LAPSED, before, limit)?;
            for (id, issued_by) in &lapsed {
                draft.sign_as(*issued_by)?;
                returning::take_back(draft, *id, Step::Return, "form=unknown why=two-years")?;
            }
            Ok(lapsed.len())
        })
    }
}

/// Issuances and who issued them.
fn chosen(
    draft: &Draft<'_>,
    statement: &str,
    until: UtcMicros,
    limit: u32,
) -> Result<Vec<(IssuanceId, OperatorId)>, RegisterError> {
    let mut statement = draft.tx.prepare_cached(statement)?;
    let rows = statement.query_map(params![until.micros(), limit], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    let rows = rows.collect::<Result<Vec<(u32, u16)>, _>>()?;
    let rows = rows.into_iter();
    rows.map(|(id, by)| Ok((pseudonym(id)?, OperatorId::new(by))))
        .collect()
}

const ENDED: &str = "SELECT id, issued_by FROM issuance
    WHERE end_told = 0 AND state = 'active' AND valid_until IS NOT NULL AND valid_until <= ?1 ORDER BY valid_until LIMIT ?2";
const LAPSED: &str = "SELECT id, issued_by FROM issuance
    WHERE valid_until <= ?1 AND state <> 'returned' ORDER BY valid_until, id LIMIT ?2";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::State;
    use crate::fixture::{House, at};

    fn due(house: &House, ends: Ends) -> Vec<IssuanceId> {
        let mut found = Vec::new();
        let each = &mut |row: CardRow| {
            found.push(row.id);
            ControlFlow::Continue(())
        };
        house.register.due_back(ends, None, each).unwrap();
        found
    }

    #[test]
    fn m08_the_end_of_a_card_is_told_once_and_again_when_it_was_moved() {
        let mut house = House::settled();
        let id = house.active_supplier("Kari", 7);
        let none = house.register.tell_ended(9, at(3_599)).unwrap();
        assert!(none.records.is_empty());
        let told = house.register.tell_ended(9, at(3_600)).unwrap();
        assert_eq!(told.records.len(), 1);
        let record = &told.records[0].1;
        assert_eq!(record.verb, AuditVerb::CardExpired);
        assert_eq!(record.holder.unwrap().issuance, id);
        assert!(told.allowlist.is_empty());
        let again = house.register.tell_ended(9, at(3_700)).unwrap();
        assert!(again.records.is_empty());
    }

    #[test]
    fn cards_are_due_back_in_the_order_of_their_ends_and_overdue_once_they_ended() {
        let mut house = House::settled();
        let first = house.active_supplier("Kari", 7);
        let second = house.active_supplier("Per", 8);
        house.active_employee("Siv", 9);
        let by = house.operator;
        let new = house.supplier("not handed out");
        drop(house.register.issue(&new, by, at(1)).unwrap());
        house
            .register
            .connection
            .execute(
                "UPDATE issuance SET valid_until = valid_until - 1000000 WHERE id = ?1",
                [second.get()],
            )
            .unwrap();
        let (from, until) = (at(0), at(4_000));
        assert_eq!(due(&house, Ends { from, until }), [second, first]);
        let until = at(3_600);
        assert_eq!(due(&house, Ends { from, until }), [second]);
        assert_eq!(house.register.overdue(at(3_599)).unwrap(), 1);
        assert_eq!(house.register.overdue(at(3_600)).unwrap(), 2);
        drop(house.register.return_card(first, true, by, at(3_601)));
        assert_eq!(house.register.overdue(at(3_601)).unwrap(), 1);
    }

    #[test]
    fn m19_what_nobody_returned_is_taken_back_in_the_name_of_its_issuer() {
        let mut house = House::settled();
        let ended = house.active_supplier("Kari", 7);
        let lasting = house.active_employee("Per", 8);
        let (never_live, _) = house
            .register
            .issue(&house.supplier("Siv"), house.operator, at(1))
            .unwrap();
        house.settle();
        let (count, _) = house.register.lapse(at(3_599), 9, at(9_999)).unwrap();
        assert_eq!(count, 0);
        let (count, change) = house.register.lapse(at(3_600), 9, at(9_999)).unwrap();
        assert_eq!(count, 2);
        for (_, record) in &change.records {
            assert_eq!(record.operator, house.operator);
            assert!(record.operator_text.ends_with("form=unknown why=two-years"));
        }
        assert_eq!(house.standing(7), None);
        house.settle();
        let unfinished = house.register.unfinished_returns(at(9_999)).unwrap();
        assert_eq!(unfinished.len(), 2);
        for id in unfinished {
            assert!([ended, never_live].contains(&id));
            drop(house.register.finish_return(id, at(9_999)).unwrap());
        }
        assert_eq!(house.register.find(lasting).unwrap().state, State::Active);
    }
}

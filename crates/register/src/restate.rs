//! Restating: what the register has is said anew before the newest record about it leaves the log, so that the
//! register stays what the retained log says.

mod house;

use access::{IssuanceId, OperatorId, UtcMicros};
use rusqlite::{Connection, params};

use crate::audit::{AuditVerb, Change};
use crate::draft::Draft;
use crate::error::RegisterError;
use crate::fold::Subject;
use crate::issuance::Issuance;
use crate::life::tell;
use crate::links;
use crate::mark::mark;
use crate::operator;
use crate::pins;
use crate::pseudonym::pseudonym;
use crate::register::Register;

impl Register {
    /// Restates what has its newest record before `before`, at most `limit` of each kind: issuances, each under its own key and
    /// in the name of who issued it; operators; what is no person's, in the name of who said it last. A change without
    /// records means that there is none.
    ///
    /// # Errors
    /// What SQLite or the key store says; then nothing was restated.
    pub fn restate(
        &mut self,
        before: UtcMicros,
        limit: u32,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let restated = self.change_by(None, now, |draft| {
            for (id, issued_by) in issuances(draft, before, limit)? {
                draft.sign_as(issued_by)?;
                restate_issuance(draft, id)?;
            }
            for id in operators(draft, before, limit)? {
                draft.sign_as(id)?;
                operator::tell(draft, AuditVerb::RegisterRestated, id)?;
            }
            house::restate(draft, before, limit)
        });
        restated.map(|((), change)| change)
    }
}

/// Every row that is no issuance, in the words in which it would be said anew at this time; which it is where it says what no
/// row can say.
pub(crate) fn words_of_house(
    connection: &Connection,
    now: UtcMicros,
) -> Result<Vec<Result<String, Subject>>, RegisterError> {
    let mut all = house::words(connection, now)?;
    let mut statement = connection.prepare_cached("SELECT id FROM operator ORDER BY id")?;
    let ids = statement.query_map([], |row| row.get::<_, i64>(0))?;
    for id in ids {
        let id = id?;
        let known = u16::try_from(id).ok();
        let said = known.map(|id| operator::said(connection, OperatorId::new(id)));
        let said = said.and_then(Result::ok);
        all.push(said.ok_or_else(|| Subject::Operator(id.to_string())));
    }
    Ok(all)
}

/// Live ones: of a returned card nothing is said any more.
fn issuances(
    draft: &Draft<'_>,
    before: UtcMicros,
    limit: u32,
) -> Result<Vec<(IssuanceId, OperatorId)>, RegisterError> {
    let mut statement = draft.tx.prepare_cached(
        "SELECT id, issued_by FROM issuance WHERE recorded_at < ?1 AND state <> 'returned' ORDER BY recorded_at, id LIMIT ?2",
    )?;
    let rows = statement.query_map(params![before.micros(), limit], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    let rows = rows.collect::<Result<Vec<(u32, u16)>, _>>()?;
    let rows = rows.into_iter();
    rows.map(|(id, by)| Ok((pseudonym(id)?, OperatorId::new(by))))
        .collect()
}

fn restate_issuance(draft: &mut Draft<'_>, id: IssuanceId) -> Result<(), RegisterError> {
    let issuance = Issuance::load(&draft.tx, id)?;
    let (issued_at, holder): (i64, Vec<u8>) = draft.tx.query_row(
        "SELECT issued_at, holder FROM issuance WHERE id = ?1",
        [id.get()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let issued_at = UtcMicros::from_micros(issued_at);
    let pin = match pins::of(&draft.tx, id)? {
        Some(pin) => format!("pin=1 duress={}", u8::from(pin.duress.is_some())),
        None => "pin=0".to_owned(),
    };
    let linked = links::words(&draft.tx, draft.keys, id)?;
    let linked = linked.trim_start();
    let more = format!("issued={issued_at} {pin} sealed={} {linked}", mark(&holder));
    tell(draft, &issuance, AuditVerb::RegisterRestated, &more)
}

fn operators(
    draft: &Draft<'_>,
    before: UtcMicros,
    limit: u32,
) -> Result<Vec<OperatorId>, RegisterError> {
    let mut statement = draft
        .tx
        .prepare_cached("SELECT id FROM operator WHERE recorded_at < ?1 ORDER BY id LIMIT ?2")?;
    let rows = statement.query_map(params![before.micros(), limit], |row| {
        Ok(OperatorId::new(row.get(0)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use crate::fixture::{House, at, text};

    #[test]
    fn what_the_log_is_about_to_lose_is_said_anew_once() {
        let mut house = House::settled();
        let by = house.operator;
        let (old, _) = house
            .register
            .issue(&house.supplier("A"), by, at(1))
            .unwrap();
        let (newer, _) = house
            .register
            .issue(&house.supplier("B"), by, at(5))
            .unwrap();
        let (_, blocked) = house
            .register
            .issue(&house.supplier("C"), by, at(1))
            .unwrap();
        house.settle();
        let third = blocked.records[0].1.holder.unwrap().issuance;
        let _change = house
            .register
            .block(third, &text("lost"), by, at(6))
            .unwrap();
        let restated = house.register.restate(at(5), 10, at(7)).unwrap();
        let of_holders: Vec<_> = restated
            .records
            .iter()
            .filter_map(|(_, audit)| Some((audit.holder?.issuance, audit.holder_text.clone())))
            .collect();
        assert_eq!(of_holders.len(), 1, "{of_holders:?}");
        assert_eq!(of_holders[0].0, old);
        for word in [" issued=", " pin=0 ", " sealed="] {
            assert!(of_holders[0].1.contains(word), "{word}");
        }
        assert!(restated.allowlist.is_empty());
        // The operator was added before; the second time only who was not restated since.
        assert!(restated.records.len() > of_holders.len());
        let again = house.register.restate(at(6), 10, at(8)).unwrap();
        let holders: Vec<_> = again
            .records
            .iter()
            .filter_map(|(_, it)| it.holder)
            .collect();
        assert_eq!(holders.len(), 1);
        assert_eq!(holders[0].issuance, newer);
        assert!(
            house
                .register
                .restate(at(6), 10, at(9))
                .unwrap()
                .records
                .is_empty()
        );
    }
}

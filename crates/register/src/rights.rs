//! Rights: which doors an issuance may open, from when until when, and on what grounds (M22, M23).

use std::fmt::Write as _;

use access::{DoorId, IssuanceId, Right, UtcMicros, Validity};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::draft::{Draft, Keyed};
use crate::error::RegisterError;
use crate::seal::Field;
use crate::text::Text;

/// One door an issuance may open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoorRight {
    /// The door.
    pub door: DoorId,
    /// When; `None` is as long as the card itself.
    pub valid: Option<Validity>,
}

/// Rights one issuance may have; so many doors fit one audit record.
pub const RIGHTS_MAX: usize = 64;

impl DoorRight {
    /// The right as the allowlist wants it. One that lasts as long as the card is always open here, so that cards with the
    /// same doors share one set; the card's own validity bounds it.
    pub(crate) fn to_right(self) -> Result<Right, RegisterError> {
        let valid = self.valid.map_or_else(always, Ok)?;
        Ok(Right::on(self.door, valid))
    }
}

/// Refuses what no issuance may have.
pub(crate) fn check(connection: &Connection, rights: &[DoorRight]) -> Result<(), RegisterError> {
    if rights.is_empty() {
        return Err(RegisterError::NoRights);
    }
    if rights.len() > RIGHTS_MAX {
        return Err(RegisterError::TooManyRights {
            found: rights.len(),
            max: RIGHTS_MAX,
        });
    }
    let mut begins: Vec<(DoorId, Option<UtcMicros>)> = rights
        .iter()
        .map(|right| (right.door, right.valid.map(|valid| valid.from())))
        .collect();
    begins.sort_unstable();
    if begins
        .iter()
        .zip(begins.iter().skip(1))
        .any(|(begin, next)| begin == next)
    {
        return Err(RegisterError::RightTwice);
    }
    let mut statement = connection.prepare_cached("SELECT 1 FROM door WHERE id = ?1")?;
    for right in rights {
        statement
            .query_row([right.door.get()], |_| Ok(()))
            .optional()?
            .ok_or(RegisterError::NoSuchDoor)?;
    }
    Ok(())
}

/// Writes rights and their one reason; the operator of the change approved them.
pub(crate) fn insert(
    draft: &mut Draft<'_>,
    of: &Keyed,
    rights: &[DoorRight],
    reason: &Text,
) -> Result<(), RegisterError> {
    let id = of.holder.issuance.get();
    let sealed = of.key.seal(
        draft.entropy,
        Field::Grounds,
        u64::from(id),
        reason.expose().as_bytes(),
    )?;
    let mut grounds = draft.tx.prepare_cached(
        "INSERT INTO grounds (issuance, number, approver, granted_at, reason)
         VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM grounds WHERE issuance = ?1), ?2, ?3, ?4) RETURNING number",
    )?;
    let number: i64 = grounds.query_row(
        params![id, draft.operator()?.get(), draft.now.micros(), sealed],
        |row| row.get(0),
    )?;
    let mut statement = draft.tx.prepare_cached(
        "INSERT INTO door_right (issuance, door, valid_from, valid_until, grounds) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for right in rights {
        let valid = right.to_right()?.valid;
        statement.execute(params![
            id,
            right.door.get(),
            valid.from().micros(),
            valid.until().map(UtcMicros::micros),
            number
        ])?;
    }
    Ok(())
}

/// Takes all rights of an issuance away, with their grounds.
pub(crate) fn delete(connection: &Connection, of: IssuanceId) -> Result<(), RegisterError> {
    connection
        .prepare_cached("DELETE FROM grounds WHERE issuance = ?1")?
        .execute([of.get()])?;
    Ok(())
}

/// The rights of an issuance, ordered by door.
pub(crate) fn of(connection: &Connection, id: IssuanceId) -> Result<Vec<DoorRight>, RegisterError> {
    let mut statement =
        connection.prepare_cached("SELECT door, valid_from, valid_until FROM door_right WHERE issuance = ?1 ORDER BY door, valid_from")?;
    let mut rows = statement.query([id.get()])?;
    let mut rights = Vec::new();
    while let Some(row) = rows.next()? {
        rights.push(read(row, 0)?);
    }
    Ok(rights)
}

/// One right from the columns door, `valid_from`, `valid_until`, the first of which is `at`.
pub(crate) fn read(row: &Row<'_>, at: usize) -> Result<DoorRight, RegisterError> {
    let from = UtcMicros::from_micros(row.get(at + 1)?);
    let until = row
        .get::<_, Option<i64>>(at + 2)?
        .map(UtcMicros::from_micros);
    let valid = Validity::new(from, until)?;
    let valid = (valid != always()?).then_some(valid);
    Ok(DoorRight {
        door: DoorId::new(row.get(at)?),
        valid,
    })
}

/// Rights as a word of a record: `1,2`, with a time where it is not the card's.
pub(crate) fn word(rights: &[DoorRight]) -> String {
    let mut word = String::new();
    for right in rights {
        let comma = if word.is_empty() { "" } else { "," };
        // Writing to a string does not fail.
        let _written = match right.valid {
            None => write!(word, "{comma}{}", right.door),
            Some(valid) => {
                let until = valid
                    .until()
                    .map_or_else(String::new, |until| until.micros().to_string());
                write!(
                    word,
                    "{comma}{}@{}/{until}",
                    right.door,
                    valid.from().micros()
                )
            }
        };
    }
    word
}

/// Neither beginning nor end: what a right without times of its own is stored as.
fn always() -> Result<Validity, RegisterError> {
    Ok(Validity::new(UtcMicros::from_micros(i64::MIN), None)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{House, at};

    fn right(door: u16, valid: Option<(i64, i64)>) -> DoorRight {
        DoorRight {
            door: DoorId::new(door),
            valid: valid.map(|(from, until)| Validity::new(at(from), Some(at(until))).unwrap()),
        }
    }

    #[test]
    fn what_no_card_may_have_is_refused() {
        let house = House::new();
        let check = |rights: &[DoorRight]| check(&house.register.connection, rights);
        check(&[
            right(1, None),
            right(1, Some((0, 1))),
            right(2, Some((0, 1))),
        ])
        .unwrap();
        assert!(matches!(check(&[]).unwrap_err(), RegisterError::NoRights));
        assert!(matches!(
            check(&[right(9, None)]).unwrap_err(),
            RegisterError::NoSuchDoor
        ));
        assert!(matches!(
            check(&[right(1, None), right(1, None)]).unwrap_err(),
            RegisterError::RightTwice
        ));
        assert!(matches!(
            check(&[right(1, Some((0, 1))), right(1, Some((0, 2)))]).unwrap_err(),
            RegisterError::RightTwice
        ));
        let many = vec![right(1, None); RIGHTS_MAX + 1];
        assert!(matches!(
            check(&many).unwrap_err(),
            RegisterError::TooManyRights { .. }
        ));
    }

    #[test]
    fn the_longest_word_fits_a_record() {
        let longest = Validity::new(
            UtcMicros::from_micros(1_000_000_000_000_000_000),
            Some(UtcMicros::from_micros(i64::MAX)),
        )
        .unwrap();
        assert_eq!(word(&[right(1, None), right(2, None)]), "1,2");
        let untimed: Vec<DoorRight> = (0..RIGHTS_MAX).map(|_| right(u16::MAX, None)).collect();
        assert!(word(&untimed).len() < crate::AUDIT_TEXT_MAX / 2);
        assert!(
            word(&[DoorRight {
                door: DoorId::new(7),
                valid: Some(longest)
            }])
            .starts_with("7@1000000000000000000/")
        );
    }
}

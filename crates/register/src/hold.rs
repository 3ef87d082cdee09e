//! Hold: the shredding of a holder waits while somebody has a lawful need of what the log says of them, ninety days at most.
//!
//! A returned card is dead at once all the same. When the hold is over, or is ended, the holder is forgotten as after any return.

use std::time::Duration;

use access::{IssuanceId, OperatorId, UtcMicros};
use rusqlite::{Connection, OptionalExtension, params};

use crate::audit::{AuditVerb, Change};
use crate::error::RegisterError;
use crate::hold_error::HoldError;
use crate::issuance::Issuance;
use crate::life::tell;
use crate::register::Register;
use crate::text::Text;

impl Register {
    /// Holds the shredding of an issuance's holder until then; on a card that is returned later as well. A hold may be moved,
    /// but all of it together lasts [`HOLD_DAYS_MAX`] days at most.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`], [`RegisterError::Hold`].
    pub fn hold(
        &mut self,
        id: IssuanceId,
        (until, reason): (UtcMicros, &Text),
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let held = self.change(by, now, |draft| {
            let issuance = Issuance::load(&draft.tx, id)?;
            let since = held_since(&draft.tx, id)?.unwrap_or(now);
            if until <= now || until > since.saturating_add(HOLD_MAX) {
                return Err(RegisterError::Hold(HoldError::Length {
                    at_most: since.saturating_add(HOLD_MAX),
                    days: HOLD_DAYS_MAX,
                }));
            }
            draft.tx.execute(
                "UPDATE issuance SET held_since = ?2, held_until = ?3, held_by = ?4 WHERE id = ?1",
                params![id.get(), since.micros(), until.micros(), by.get()],
            )?;
            let more = format!("held-until={until} reason={}", reason.expose());
            tell(draft, &issuance, AuditVerb::ShredHeld, &more)
        });
        held.map(|((), change)| change)
    }

    /// Ends a hold before its time.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`], [`RegisterError::Hold`].
    pub fn end_hold(
        &mut self,
        id: IssuanceId,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let ended = self.change(by, now, |draft| {
            let issuance = Issuance::load(&draft.tx, id)?;
            if held_until(&draft.tx, id, now)?.is_none() {
                return Err(RegisterError::Hold(HoldError::NotHeld));
            }
            // Since when stays: another hold does not begin anew.
            draft.tx.execute(
                "UPDATE issuance SET held_until = NULL, held_by = NULL WHERE id = ?1",
                [id.get()],
            )?;
            tell(draft, &issuance, AuditVerb::HoldEnded, "")
        });
        ended.map(|((), change)| change)
    }

    /// Until when the holder of an issuance is not to be forgotten; `None` if that is not held.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn held(&self, id: IssuanceId, now: UtcMicros) -> Result<Option<UtcMicros>, RegisterError> {
        held_until(&self.connection, id, now)
    }
}

/// Until when, if that is not over.
pub(crate) fn held_until(
    connection: &Connection,
    id: IssuanceId,
    now: UtcMicros,
) -> Result<Option<UtcMicros>, RegisterError> {
    let mut statement =
        connection.prepare_cached("SELECT held_until FROM issuance WHERE id = ?1")?;
    let until: Option<Option<i64>> = statement
        .query_row([id.get()], |row| row.get(0))
        .optional()?;
    let until = until.flatten().map(UtcMicros::from_micros);
    Ok(until.filter(|until| *until > now))
}

fn held_since(connection: &Connection, id: IssuanceId) -> Result<Option<UtcMicros>, RegisterError> {
    let since: Option<i64> = connection.query_row(
        "SELECT held_since FROM issuance WHERE id = ?1",
        [id.get()],
        |row| row.get(0),
    )?;
    Ok(since.map(UtcMicros::from_micros))
}

/// Days that a shredding is held at most.
pub const HOLD_DAYS_MAX: u32 = 90;
const HOLD_MAX: Duration = Duration::from_secs(HOLD_DAYS_MAX as u64 * 86_400);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{House, at, text};

    const DAY: Duration = Duration::from_secs(86_400);

    fn day(number: u32) -> UtcMicros {
        at(1).saturating_add(DAY * number)
    }

    #[test]
    fn m19_a_held_holder_is_forgotten_when_the_hold_is_over_and_the_card_is_dead_at_once() {
        let mut house = House::settled();
        let (id, by) = (house.active_supplier("Kari Nordmann", 7), house.operator);
        let reason = text("case 2026-7");
        let held = house
            .register
            .hold(id, (day(30), &reason), by, day(0))
            .unwrap();
        assert_eq!(held.records[0].1.verb, AuditVerb::ShredHeld);
        assert!(!held.records[0].1.operator_text.contains("case"));
        let returned = house.register.return_card(id, true, by, day(1)).unwrap();
        assert_eq!(returned.allowlist, [access::Change::Remove(house.tag(7))]);
        house.settle();
        let refused = house.register.finish_return(id, day(29)).unwrap_err();
        assert!(
            matches!(refused, RegisterError::Hold(HoldError::Held { until }) if until == day(30))
        );
        assert!(house.register.destroy_returned_key(id, day(29)).is_err());
        assert_eq!(house.register.unfinished_returns(day(29)).unwrap(), []);
        assert_eq!(house.register.unfinished_returns(day(30)).unwrap(), [id]);
        let done = house.register.finish_return(id, day(30)).unwrap();
        assert_eq!(done.records[0].1.verb, AuditVerb::ShredDone);
    }

    #[test]
    fn a_hold_lasts_ninety_days_at_most_however_often_it_is_moved() {
        let mut house = House::settled();
        let (id, by) = (house.active_supplier("A", 7), house.operator);
        let reason = text("case");
        let mut hold = |until, now| house.register.hold(id, (day(until), &reason), by, day(now));
        assert!(hold(91, 0).is_err());
        drop(hold(90, 0).unwrap());
        drop(hold(40, 30).unwrap());
        assert!(hold(91, 60).is_err(), "it began on day 0");
        assert!(hold(50, 50).is_err(), "it would be over");
        let _change = house.register.end_hold(id, by, day(10)).unwrap();
        assert!(matches!(
            house.register.end_hold(id, by, day(10)).unwrap_err(),
            RegisterError::Hold(HoldError::NotHeld)
        ));
        let again = house.register.hold(id, (day(100), &reason), by, day(11));
        assert!(again.is_err(), "ending it does not begin it anew");
    }
}

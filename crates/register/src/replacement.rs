//! Replacement: a new hire's card dies the instant the employee card is made live, and is then due back (M10).
//!
//! As with a stand-in, that two cards are one person's stands in the register alone, while both live.

use access::{IssuanceId, UtcMicros, Validity};
use rusqlite::{Connection, OptionalExtension, params};

use crate::audit::AuditVerb;
use crate::contact::TenantId;
use crate::draft::Draft;
use crate::error::RegisterError;
use crate::issuance::Issuance;
use crate::kind::Kind;
use crate::life;
use crate::life_error::LifeError;
use crate::pseudonym::pseudonym;
use crate::state::State;

/// Links an employee's issuance to the new hire's that it replaces; one that is live already ends that card now.
pub(crate) fn link(
    draft: &mut Draft<'_>,
    by: &Issuance,
    replaces: IssuanceId,
) -> Result<(), RegisterError> {
    check(&draft.tx, (by.kind, by.tenant), replaces)?;
    let linked = draft.tx.execute(
        "INSERT INTO replacement (issuance, replaces) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        params![by.id.get(), replaces.get()],
    )?;
    if linked == 0 {
        return Err(LifeError::ReplacedTwice.into());
    }
    match by.state {
        State::Active => end_replaced(draft, by.id),
        State::Ordered | State::Arrived | State::Notified | State::Issued | State::Returned => {
            Ok(())
        }
    }
}

/// Refuses what no card may replace.
fn check(
    connection: &Connection,
    (kind, tenant): (Kind, TenantId),
    replaces: IssuanceId,
) -> Result<(), RegisterError> {
    match kind {
        Kind::Employee { .. } => {}
        Kind::Forgotten { .. } | Kind::NewHire { .. } | Kind::Supplier { .. } => {
            return Err(LifeError::NotAnEmployees.into());
        }
    }
    let other = Issuance::load_live(connection, replaces)?;
    match other.kind {
        Kind::NewHire { .. } => {}
        Kind::Employee { .. } | Kind::Forgotten { .. } | Kind::Supplier { .. } => {
            return Err(LifeError::NotANewHires.into());
        }
    }
    if other.tenant == tenant {
        Ok(())
    } else {
        Err(LifeError::OtherTenant.into())
    }
}

/// Ends the card that this one replaces, if it replaces one that has not ended yet; nothing links the two any more.
pub(crate) fn end_replaced(draft: &mut Draft<'_>, by: IssuanceId) -> Result<(), RegisterError> {
    let Some(replaced) = replaced_by(&draft.tx, by)? else {
        return Ok(());
    };
    part(&draft.tx, by)?;
    let mut issuance = Issuance::load(&draft.tx, replaced)?;
    let was = issuance.valid;
    if was.until().is_some_and(|until| until <= draft.now) {
        return Ok(());
    }
    issuance = issuance.within(ended(was, draft.now)?)?;
    draft.tx.execute(
        "UPDATE issuance SET valid_from = ?2, valid_until = ?3 WHERE id = ?1",
        params![
            replaced.get(),
            issuance.valid.from().micros(),
            draft.now.micros()
        ],
    )?;
    life::announce(draft, &issuance)?;
    let was_until = was.until().map(|until| until.to_string());
    let more = format!(
        "changed=until was-until={} why=employee-card",
        was_until.as_deref().unwrap_or("-")
    );
    life::tell(draft, &issuance, AuditVerb::CardChanged, &more)
}

/// The same validity with its end now; of one that has not begun an instant is left that has passed.
fn ended(valid: Validity, now: UtcMicros) -> Result<Validity, RegisterError> {
    let before = UtcMicros::from_micros(now.micros().saturating_sub(1));
    Ok(Validity::new(valid.from().min(before), Some(now))?)
}

/// The other issuance of the link that this one has, on whichever side.
pub(crate) fn other(
    connection: &Connection,
    id: IssuanceId,
) -> Result<Option<IssuanceId>, RegisterError> {
    let mut statement = connection.prepare_cached(
        "SELECT replaces FROM replacement WHERE issuance = ?1
         UNION ALL SELECT issuance FROM replacement WHERE replaces = ?1",
    )?;
    let other: Option<u32> = statement
        .query_row([id.get()], |row| row.get(0))
        .optional()?;
    other.map(pseudonym).transpose()
}

/// Ends the link that an issuance has, on whichever side.
pub(crate) fn part(connection: &Connection, id: IssuanceId) -> Result<(), RegisterError> {
    connection
        .prepare_cached("DELETE FROM replacement WHERE ?1 IN (issuance, replaces)")?
        .execute([id.get()])?;
    Ok(())
}

fn replaced_by(
    connection: &Connection,
    by: IssuanceId,
) -> Result<Option<IssuanceId>, RegisterError> {
    let mut statement =
        connection.prepare_cached("SELECT replaces FROM replacement WHERE issuance = ?1")?;
    let replaced: Option<u32> = statement
        .query_row([by.get()], |row| row.get(0))
        .optional()?;
    replaced.map(pseudonym).transpose()
}

#[cfg(test)]
mod tests {
    use access::Standing;

    use super::*;
    use crate::fixture::{House, at, text};
    use crate::{Amendment, NewIssuance, Reach};

    /// A new hire with a live card.
    fn new_hire(house: &mut House, from: i64) -> IssuanceId {
        let by = house.operator;
        let new = NewIssuance {
            kind: Kind::NewHire { until: at(3_600) },
            valid_from: at(from),
            ..house.supplier("Kari")
        };
        let (id, _) = house.register.issue(&new, by, at(1)).unwrap();
        let shown = house.shown(7);
        drop(house.register.activate(id, &shown, by, at(2)).unwrap());
        id
    }

    /// The employee's issuance that replaces it, told that its plastic is here.
    fn ordered(house: &mut House, replaces: IssuanceId) -> IssuanceId {
        let by = house.operator;
        let new = NewIssuance {
            replaces: Some(replaces),
            ..house.employee("Kari")
        };
        let (id, _) = house.register.issue(&new, by, at(3)).unwrap();
        drop(house.register.arrived(id, by, at(4)).unwrap());
        drop(house.register.notify(id, by, at(4)).unwrap());
        id
    }

    #[test]
    fn m10_the_new_hires_card_dies_the_instant_the_employee_card_is_live() {
        for from in [0, 1_800] {
            let mut house = House::settled();
            let by = house.operator;
            let temporary = new_hire(&mut house, from);
            let id = ordered(&mut house, temporary);
            let end = |house: &House| house.register.find(temporary).unwrap().valid.until();
            assert_eq!(end(&house), Some(at(3_600)));
            let shown = house.shown(8);
            let change = house.register.activate(id, &shown, by, at(9)).unwrap();
            assert_eq!(end(&house), Some(at(9)));
            assert_eq!((change.records.len(), change.allowlist.len()), (2, 2));
            for (_, record) in &change.records {
                let told = record.holder_text.clone() + &record.operator_text;
                let of = record.holder.unwrap().issuance;
                let other = if of == id { temporary } else { id };
                assert!(!told.contains(&other.to_string()));
                assert!(!told.contains(&other.get().to_string()));
            }
            assert_eq!(house.register.overdue(at(9)).unwrap(), 1, "due back");
            assert_eq!(house.standing(8), Some(Standing::Active));
        }
    }

    #[test]
    fn m10_one_that_ended_by_itself_stays_ended() {
        let mut house = House::settled();
        let by = house.operator;
        let temporary = new_hire(&mut house, 0);
        let id = ordered(&mut house, temporary);
        let shown = house.shown(8);
        let change = house.register.activate(id, &shown, by, at(4_000)).unwrap();
        assert_eq!(change.records.len(), 1);
        let row = house.register.find(temporary).unwrap();
        assert_eq!(row.valid.until(), Some(at(3_600)));
    }

    #[test]
    fn m10_a_link_that_is_set_late_ends_the_card_now() {
        let mut house = House::settled();
        let temporary = new_hire(&mut house, 0);
        let employee = house.active_employee("Kari", 8);
        let wish = Amendment {
            replaces: Some(temporary),
            ..Amendment::default()
        };
        let most = (&wish, Reach::Template);
        let by = house.operator;
        drop(house.register.amend(employee, most, by, at(50)).unwrap());
        let row = house.register.find(temporary).unwrap();
        assert_eq!(row.valid.until(), Some(at(50)));
    }

    #[test]
    fn m10_when_either_is_returned_nothing_links_the_other_to_it() {
        for is_first in [true, false] {
            let mut house = House::settled();
            let temporary = new_hire(&mut house, 0);
            let id = ordered(&mut house, temporary);
            let gone = if is_first { temporary } else { id };
            let by = house.operator;
            drop(house.register.return_card(gone, true, by, at(9)).unwrap());
            let links: i64 = house
                .register
                .connection
                .query_row("SELECT count(*) FROM replacement", [], |row| row.get(0))
                .unwrap();
            assert_eq!(links, 0);
        }
    }

    #[test]
    fn m10_only_a_new_hires_card_of_the_same_tenant_is_replaced_and_by_one_card() {
        let mut house = House::settled();
        let temporary = new_hire(&mut house, 0);
        let supplier = house.active_supplier("Per", 9);
        ordered(&mut house, temporary);
        let elsewhere = house.contact_elsewhere("Staten");
        let by = house.operator;
        let good = NewIssuance {
            replaces: Some(temporary),
            ..house.employee("Siv")
        };
        let not_hired = NewIssuance {
            replaces: Some(supplier),
            ..good.clone()
        };
        let not_employed = NewIssuance {
            kind: Kind::Supplier { until: at(100) },
            ..good.clone()
        };
        let other_tenant = NewIssuance {
            contact: elsewhere,
            ..good.clone()
        };
        for (new, says) in [
            (good, "already linked"),
            (not_hired, "only a new hire's"),
            (not_employed, "only an employee's"),
            (other_tenant, "another tenant's"),
        ] {
            let refused = house.register.issue(&new, by, at(9)).unwrap_err();
            assert!(refused.to_string().contains(says), "{refused}");
        }
        let blocked = house.register.block(temporary, &text("x"), by, at(10));
        assert!(blocked.is_ok());
    }
}

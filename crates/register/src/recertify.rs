//! Recertification: once a year a tenant's holdings are justified anew (M22); what was not is lapsed, and the next review
//! decides it one by one.

use access::{IssuanceId, OperatorId, UtcMicros};
use rusqlite::params;

use crate::audit::{AuditVerb, Change};
use crate::contact::TenantId;
use crate::draft::Said;
use crate::error::RegisterError;
use crate::issuance::Issuance;
use crate::register::Register;
use crate::rights::{self, PlaceRight};
use crate::text::Text;

impl Register {
    /// Everything the tenant's people hold is justified anew, with this reason.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchTenant`].
    pub fn recertify(
        &mut self,
        tenant: TenantId,
        reason: &Text,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let recertified = self.change(by, now, |draft| {
            let known = draft.tx.execute(
                "UPDATE tenant SET recertified_at = ?2, recorded_at = ?2, recorded_by = ?3 WHERE id = ?1",
                params![tenant.0, now.micros(), draft.operator()?.get()],
            )?;
            if known == 0 {
                return Err(RegisterError::NoSuchTenant);
            }
            let of_operator = format!(
                "tenant={} recertified={now} reason={}",
                tenant.0,
                reason.expose()
            );
            let said = Said {
                verb: AuditVerb::TenantRecertified,
                of_holder: "",
                of_operator: &of_operator,
            };
            draft.record(None, &said)
        });
        recertified.map(|((), change)| change)
    }

    /// How many tenants have a right that nobody has justified for a year. Reads every right.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn tenants_to_recertify(&self, now: UtcMicros) -> Result<u64, RegisterError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT min(g.granted_at), t.recertified_at FROM place_right r
             JOIN grounds g ON g.issuance = r.issuance AND g.number = r.grounds
             JOIN issuance i ON i.id = r.issuance AND i.state <> 'returned'
             JOIN tenant t ON t.id = i.tenant GROUP BY t.id",
        )?;
        let mut rows = statement.query([])?;
        let mut count = 0;
        while let Some(row) = rows.next()? {
            let oldest = UtcMicros::from_micros(row.get(0)?);
            let again = row.get::<_, Option<i64>>(1)?.map(UtcMicros::from_micros);
            let justified = again.map_or(oldest, |again| again.max(oldest));
            count += u64::from(is_lapsed(justified, now));
        }
        Ok(count)
    }

    /// The rights of an issuance, doors before groups, and when each was last justified: by its grant, or by a recertification of
    /// the tenant's since.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`].
    pub fn justified_rights(
        &self,
        id: IssuanceId,
    ) -> Result<Vec<(PlaceRight, UtcMicros)>, RegisterError> {
        let issuance = Issuance::load(&self.connection, id)?;
        let recertified: Option<i64> = self.connection.query_row(
            "SELECT recertified_at FROM tenant WHERE id = ?1",
            [issuance.tenant.0],
            |row| row.get(0),
        )?;
        let recertified = recertified.map(UtcMicros::from_micros);
        let granted = rights::with_grants(&self.connection, id)?;
        let justified = |at: UtcMicros| recertified.map_or(at, |again| again.max(at));
        Ok(granted
            .into_iter()
            .map(|(right, at)| (right, justified(at)))
            .collect())
    }
}

/// Whether a right that was last justified then is lapsed: a year of the calendar is over.
#[must_use]
pub fn is_lapsed(justified: UtcMicros, now: UtcMicros) -> bool {
    justified.years_later(1) <= now
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{House, at, text};

    #[test]
    fn m22_a_right_lapses_a_year_after_its_grant_unless_the_tenant_was_recertified() {
        let mut house = House::settled();
        let (by, tenant) = (house.operator, house.contact.tenant);
        let id = house.active_supplier("Kari", 7);
        let granted = |house: &House| house.register.justified_rights(id).unwrap()[0].1;
        assert_eq!(granted(&house), at(1));
        let year = at(1).years_later(1);
        let just_before = UtcMicros::from_micros(year.micros() - 1);
        assert!(!is_lapsed(granted(&house), just_before));
        let due = |house: &House, now| house.register.tenants_to_recertify(now).unwrap();
        assert_eq!((due(&house, just_before), due(&house, year)), (0, 1));
        assert!(is_lapsed(granted(&house), year));
        let reason = text("all of them still work here");
        let change = house.register.recertify(tenant, &reason, by, at(50));
        let told = change.unwrap().records[0].1.clone();
        assert_eq!(told.verb, AuditVerb::TenantRecertified);
        assert!(
            told.operator_text
                .contains(" recertified=2026-11-22T12:00:50.000000Z reason=all ")
        );
        assert_eq!(granted(&house), at(50));
        assert!(!is_lapsed(granted(&house), year));
        assert_eq!(due(&house, year), 0, "justified anew");
        let restated = house.register.restate(at(51), 10, at(52)).unwrap();
        let mut said = restated.records.iter().map(|(_, it)| &it.operator_text);
        let again = " recertified=2026-11-22T12:00:50.000000Z name=Kommunen";
        assert!(said.any(|said| said.starts_with("tenant=1 ") && said.ends_with(again)));
        let nobody = house.register.recertify(TenantId(99), &reason, by, at(53));
        assert!(matches!(nobody.unwrap_err(), RegisterError::NoSuchTenant));
    }
}

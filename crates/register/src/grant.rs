//! Grant: further rights for an issuance, and the end of some.

use access::{IssuanceId, OperatorId, Place, UtcMicros};

use crate::audit::{AuditVerb, Change};
use crate::draft::Draft;
use crate::error::RegisterError;
use crate::grounds;
use crate::issuance::{self, Issuance};
use crate::life;
use crate::register::Register;
use crate::right_error::RightError;
use crate::rights::{self, PlaceRight};
use crate::text::Text;

impl Register {
    /// Gives an issuance further rights, with their reason (M22); the operator approves them.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`], [`RegisterError::ContactInactive`],
    /// [`RegisterError::Right`], also for one it has already; [`RegisterError::NoSuchDoor`]; [`RegisterError::Hours`] for a
    /// schedule that is not there.
    pub fn grant(
        &mut self,
        id: IssuanceId,
        (further, reason): (&[PlaceRight], &Text),
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let granted = self.change(by, now, |draft| {
            let issuance = Issuance::load_live(&draft.tx, id)?;
            if !issuance::is_active(&draft.tx, issuance.contact)? {
                return Err(RegisterError::ContactInactive);
            }
            if further.is_empty() {
                return Err(RightError::None.into());
            }
            let mut all = rights::of(&draft.tx, id)?;
            all.extend_from_slice(further);
            rights::check(&draft.tx, &all)?;
            let of = draft.keyed(issuance.holder())?;
            grounds::insert(draft, &of, further, reason)?;
            life::announce(draft, &issuance)?;
            let granted = rights::word(further);
            let more = format!("reason={} granted={granted}", reason.expose());
            life::tell(draft, &issuance, AuditVerb::RightGranted, &more)
        });
        granted.map(|((), change)| change)
    }

    /// Takes all rights of an issuance on one place away, at whatever hours. A card without any right is known, and refused.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`], [`RegisterError::Right`].
    pub fn revoke(
        &mut self,
        id: IssuanceId,
        (place, reason): (Place, &Text),
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        self.change(by, now, |draft| revoke(draft, id, (place, reason)))
            .map(|((), change)| change)
    }

    /// The rights of an issuance, doors before groups.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`].
    pub fn rights(&self, id: IssuanceId) -> Result<Vec<PlaceRight>, RegisterError> {
        Issuance::load(&self.connection, id)?;
        rights::of(&self.connection, id)
    }
}

/// Takes all rights of one issuance on one place away within a change.
pub(crate) fn revoke(
    draft: &mut Draft<'_>,
    id: IssuanceId,
    (place, reason): (Place, &Text),
) -> Result<(), RegisterError> {
    let issuance = Issuance::load_live(&draft.tx, id)?;
    let before = rights::of(&draft.tx, id)?;
    if !rights::delete_on(&draft.tx, id, place)? {
        return Err(RightError::NotThere.into());
    }
    life::announce(draft, &issuance)?;
    let gone: Vec<PlaceRight> = before
        .into_iter()
        .filter(|right| right.place == place)
        .collect();
    let revoked = rights::word(&gone);
    let more = format!("reason={} revoked={revoked}", reason.expose());
    life::tell(draft, &issuance, AuditVerb::RightRevoked, &more)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::AUDIT_TEXT_MAX;
    use crate::fixture::{House, at, text};
    use crate::mark::LISTED_MAX;
    use crate::text::TEXT_MAX;

    #[test]
    fn m22_a_further_right_has_a_reason_and_is_at_the_doors_at_once() {
        let mut house = House::settled();
        let (by, group) = (house.operator, house.group("yard"));
        let schedule = Some(house.schedule("office"));
        let id = house.active_supplier("Kari", 7);
        let further = PlaceRight {
            place: Place::Group(group),
            valid: None,
            schedule,
        };
        let asked = ([further], text("the boiler stands in the yard"));
        let asked = (&asked.0[..], &asked.1);
        let change = house.register.grant(id, asked, by, at(3)).unwrap();
        let [access::Change::Put(entry)] = change.allowlist.as_slice() else {
            panic!()
        };
        assert_eq!(
            (entry.rights.len(), entry.rights[2].schedule),
            (3, schedule)
        );
        let told = &change.records[0].1;
        assert_eq!(told.operator_text, "kind=supplier rights=1,2,g1#1");
        assert!(
            told.holder_text
                .ends_with("reason=the boiler stands in the yard granted=g1#1")
        );
        let again = house.register.grant(id, asked, by, at(4)).unwrap_err();
        assert!(matches!(again, RegisterError::Right(RightError::Twice)));
        let refused = house
            .register
            .remove_schedule("office", by, at(5))
            .unwrap_err();
        assert!(
            refused
                .to_string()
                .contains("by 1 rights and the hours of 0 doors")
        );
        assert_eq!(house.register.rights(id).unwrap()[2], further);
    }

    /// The longest list of rights on one door that is still written out.
    fn many(door: access::DoorId) -> Vec<PlaceRight> {
        let right = |until| PlaceRight {
            valid: Some(access::Validity::new(at(-1), Some(at(until))).unwrap()),
            ..PlaceRight::on(door)
        };
        let mut many = Vec::new();
        while !rights::word(&many).contains('*') {
            many.push(right(many.len().try_into().unwrap()));
        }
        many.pop();
        many
    }

    #[test]
    fn a_reason_stands_whole_in_the_record_beside_the_longest_list() {
        let mut house = House::settled();
        let by = house.operator;
        let id = house.active_supplier("Kari", 7);
        for door in house.doors[..2].iter().copied() {
            let asked = (Place::Door(door), &text("room for more"));
            drop(house.register.revoke(id, asked, by, at(3)).unwrap());
        }
        let (many, reason) = (many(house.doors[2]), text(&"x".repeat(TEXT_MAX)));
        let (whole, list) = (format!(" reason={} ", reason.expose()), rights::word(&many));
        let granted = house.register.grant(id, (&many, &reason), by, at(4));
        let told = granted.unwrap().records[0].1.holder_text.clone();
        assert!(told.contains(&format!(" rights={list} row=")), "{told}");
        assert!(told.contains(&whole), "{told}");
        assert!(told.ends_with(&format!(" granted={list}")), "{told}");
        let asked = (many[0].place, &reason);
        let revoked = house.register.revoke(id, asked, by, at(5));
        let told = revoked.unwrap().records[0].1.holder_text.clone();
        assert!(told.ends_with(&format!("{whole}revoked={list}")), "{told}");
    }

    #[test]
    fn a_record_has_room_for_two_lists_a_reason_and_the_longest_words() {
        let mut house = House::settled();
        let id = house.active_supplier("Kari", 7);
        let mut issuance = Issuance::load(&house.register.connection, id).unwrap();
        let until = UtcMicros::from_micros(i64::MAX);
        issuance.valid = access::Validity::new(at(0), Some(until)).unwrap();
        issuance.tenant = crate::TenantId(u32::MAX);
        issuance.contact = crate::ContactId(u32::MAX);
        let further = " reason= granted=".len() + TEXT_MAX;
        let len = issuance.words(&[]).len() + further + 2 * LISTED_MAX;
        assert!(len + SPARE <= AUDIT_TEXT_MAX, "{len}");
    }

    /// For kinds and states with longer names, and years of more digits.
    const SPARE: usize = 32;

    #[test]
    fn the_last_right_may_go_and_the_card_is_known_still() {
        let mut house = House::settled();
        let (by, doors) = (house.operator, house.doors.clone());
        let id = house.active_supplier("Kari", 7);
        for door in &doors[..2] {
            let asked = (Place::Door(*door), &text("no need any more"));
            drop(house.register.revoke(id, asked, by, at(3)).unwrap());
        }
        let list = house.register.allowlist().unwrap();
        assert_eq!(list.find(&house.tag(7)).unwrap().rights, []);
        let grounds: u32 = house
            .register
            .connection
            .query_row("SELECT count(*) FROM grounds", [], |row| row.get(0))
            .unwrap();
        assert_eq!(grounds, 0);
        let asked = (Place::Door(doors[0]), &text("again"));
        let refused = house.register.revoke(id, asked, by, at(4)).unwrap_err();
        assert!(matches!(
            refused,
            RegisterError::Right(RightError::NotThere)
        ));
        let back = ([PlaceRight::on(doors[0])], text("back"));
        let change = house.register.grant(id, (&back.0, &back.1), by, at(5));
        assert_eq!(change.unwrap().allowlist.len(), 1);
    }

    #[test]
    fn a_returned_card_gets_no_right() {
        let mut house = House::settled();
        let (by, door) = (house.operator, house.doors[2]);
        let id = house.active_supplier("Kari", 7);
        drop(house.register.return_card(id, true, by, at(3)).unwrap());
        let asked = ([PlaceRight::on(door)], text("why not"));
        let refused = house.register.grant(id, (&asked.0, &asked.1), by, at(4));
        assert!(matches!(refused.unwrap_err(), RegisterError::Forgotten));
    }
}

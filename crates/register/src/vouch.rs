//! Vouch: somebody was not sure of a holder; no card is made live until the superior was heard (M13).

use std::fmt;

use access::{IssuanceId, OperatorId, UtcMicros};
use rusqlite::params;

use crate::audit::{AuditVerb, Change};
use crate::draft::Draft;
use crate::error::RegisterError;
use crate::holder::{pack, unpack};
use crate::issuance::Issuance;
use crate::life;
use crate::life_error::LifeError;
use crate::mark::mark;
use crate::register::Register;
use crate::seal::{Field, FieldKey};
use crate::text::Text;

/// What a superior said of a holder.
#[derive(Clone, PartialEq, Eq)]
pub struct Vouching {
    /// The superior's name.
    pub superior: Text,
    /// What they said; `None` is that they confirmed it.
    pub said: Option<Text>,
}

/// What is kept of that, for somebody who may read it.
#[derive(Clone, PartialEq, Eq)]
pub struct Vouched {
    /// The superior's name.
    pub superior: Text,
    /// What they said.
    pub said: Text,
}

impl fmt::Debug for Vouching {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vouching(..)")
    }
}

impl fmt::Debug for Vouched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vouched(..)")
    }
}

impl Register {
    /// Enters the word of a superior; the card may be made live then.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`], [`RegisterError::Life`] if nothing waits for it.
    pub fn vouch(
        &mut self,
        id: IssuanceId,
        vouching: &Vouching,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let vouched = self.change(by, now, |draft| {
            let mut issuance = Issuance::load_live(&draft.tx, id)?;
            if !std::mem::take(&mut issuance.is_unsure) {
                return Err(LifeError::NotUnsure.into());
            }
            let sealed = sealed(draft, &issuance, vouching)?;
            draft.tx.execute(
                "UPDATE issuance SET unsure = 0, superior = ?2 WHERE id = ?1",
                params![id.get(), sealed],
            )?;
            let more = format!("superior={}", mark(&sealed));
            life::tell(draft, &issuance, AuditVerb::CardVouched, &more)
        });
        vouched.map(|((), change)| change)
    }
}

fn sealed(
    draft: &mut Draft<'_>,
    issuance: &Issuance,
    vouching: &Vouching,
) -> Result<Vec<u8>, RegisterError> {
    let confirmed = Text::new("said", CONFIRMED)?;
    let said = vouching.said.as_ref().unwrap_or(&confirmed);
    let of = draft.keyed(issuance.holder())?;
    of.key.seal(
        draft.entropy,
        Field::Superior,
        u64::from(issuance.id.get()),
        &pack(&[&vouching.superior, said]),
    )
}

/// What was sealed.
pub(crate) fn opened(
    key: &FieldKey,
    id: IssuanceId,
    sealed: &[u8],
) -> Result<Vouched, RegisterError> {
    let packed = key.open(Field::Superior, u64::from(id.get()), sealed)?;
    let [superior, said] = unpack(&packed).ok_or(RegisterError::Unsealable {
        what: "word of a superior",
    })?;
    Ok(Vouched { superior, said })
}

const CONFIRMED: &str = "confirmed";

#[cfg(test)]
mod tests {
    use access::Standing;

    use super::*;
    use crate::NewIssuance;
    use crate::fixture::{House, at, text};

    #[test]
    fn m13_no_card_is_made_live_before_the_superior_was_heard() {
        let mut house = House::settled();
        let by = house.operator;
        let new = NewIssuance {
            unsure: true,
            ..house.supplier("Kari")
        };
        let (id, change) = house.register.issue(&new, by, at(1)).unwrap();
        let told = &change.records[0].1;
        assert!(told.holder_text.contains(" waits=superior "));
        assert!(!told.operator_text.contains("superior"));
        let shown = house.shown(7);
        let refused = house.register.activate(id, &shown, by, at(2)).unwrap_err();
        assert!(
            refused
                .to_string()
                .contains("waits for the superior's word")
        );
        assert!(house.register.show(id).unwrap().vouched.is_none());
        let vouching = Vouching {
            superior: text("Siv Sjef"),
            said: None,
        };
        let change = house.register.vouch(id, &vouching, by, at(3)).unwrap();
        let told = &change.records[0].1;
        assert_eq!(told.verb, AuditVerb::CardVouched);
        assert!(!told.holder_text.contains("waits=") && !told.holder_text.contains("Siv"));
        let vouched = house.register.show(id).unwrap().vouched.unwrap();
        assert_eq!(
            (vouched.superior.expose(), vouched.said.expose()),
            ("Siv Sjef", CONFIRMED)
        );
        drop(house.register.activate(id, &shown, by, at(4)).unwrap());
        assert_eq!(house.standing(7), Some(Standing::Active));
        let again = house.register.vouch(id, &vouching, by, at(5)).unwrap_err();
        assert!(matches!(again, RegisterError::Life(LifeError::NotUnsure)));
    }

    #[test]
    fn m13_the_schema_itself_keeps_an_unsure_card_from_being_live() {
        let mut house = House::settled();
        let id = house.active_supplier("Kari", 7);
        let forced = house
            .register
            .connection
            .execute("UPDATE issuance SET unsure = 1 WHERE id = ?1", [id.get()]);
        assert!(forced.is_err());
    }
}

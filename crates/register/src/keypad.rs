//! Keypad: giving an issuance a PIN, and taking it away.

use access::{IssuanceId, OperatorId, PinDigits, PinKey, PinNumber, UtcMicros};
use key_store::Fixed;
use rusqlite::params;

use crate::audit::{AuditVerb, Change};
use crate::draft::Draft;
use crate::error::RegisterError;
use crate::issuance::Issuance;
use crate::issue::DRAWS_MAX;
use crate::life;
use crate::pins;
use crate::register::Register;

/// What somebody chose to type.
#[derive(Clone, Debug)]
pub struct NewPin {
    /// The PIN.
    pub digits: PinDigits,
    /// Another one, which opens as well and raises a silent alarm.
    pub duress: Option<PinDigits>,
}

impl Register {
    /// Whether an issuance has a PIN.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn has_pin(&self, id: IssuanceId) -> Result<bool, RegisterError> {
        Ok(pins::of(&self.connection, id)?.is_some())
    }

    /// Gives an issuance a PIN, in place of the one it had. The number by which it is typed where no card is shown is drawn
    /// once and stays the issuance's until the PIN is cleared.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`], [`RegisterError::DuressIsPin`];
    /// [`RegisterError::NumbersExhausted`] if no number is left; [`RegisterError::Keys`].
    pub fn set_pin(
        &mut self,
        id: IssuanceId,
        pin: &NewPin,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<(PinNumber, Change), RegisterError> {
        if pin.duress.as_ref() == Some(&pin.digits) {
            return Err(RegisterError::DuressIsPin);
        }
        let key = self.keys.fixed_or_new(Fixed::Pin, &mut *self.entropy)?;
        let key = PinKey::new(*key.as_bytes());
        self.change(by, now, |draft| {
            let issuance = Issuance::load_live(&draft.tx, id)?;
            let number = match pins::of(&draft.tx, id)? {
                Some(known) => known.number,
                None => fresh_number(draft)?,
            };
            let hash = key.hash(id, &pin.digits);
            let duress = pin.duress.as_ref().map(|digits| key.hash(id, digits));
            draft.tx.execute(
                "INSERT INTO pin (issuance, number, hash, duress) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (issuance) DO UPDATE SET hash = ?3, duress = ?4",
                params![
                    id.get(),
                    number.get(),
                    hash.as_bytes(),
                    duress.as_ref().map(access::PinHash::as_bytes)
                ],
            )?;
            life::announce(draft, &issuance)?;
            let more = format!("duress={}", u8::from(duress.is_some()));
            life::tell(draft, &issuance, AuditVerb::PinSet, &more)?;
            Ok(number)
        })
    }

    /// Takes an issuance's PIN away.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`], [`RegisterError::NoPin`].
    pub fn clear_pin(
        &mut self,
        id: IssuanceId,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let cleared = self.change(by, now, |draft| {
            let issuance = Issuance::load_live(&draft.tx, id)?;
            if !pins::delete(&draft.tx, id)? {
                return Err(RegisterError::NoPin);
            }
            life::announce(draft, &issuance)?;
            life::tell(draft, &issuance, AuditVerb::PinCleared, "")
        });
        cleared.map(|((), change)| change)
    }
}

/// A number nobody has.
fn fresh_number(draft: &mut Draft<'_>) -> Result<PinNumber, RegisterError> {
    for _ in 0..DRAWS_MAX {
        let mut random = [0; 4];
        draft.entropy.fill(&mut random);
        // Twenty bits are the fewest that reach every number; what lies beyond is drawn again.
        let number = PinNumber::new(u32::from_be_bytes(random) >> 12);
        if let Some(number) = number
            && !pins::is_taken(&draft.tx, number)?
        {
            return Ok(number);
        }
    }
    Err(RegisterError::NumbersExhausted { what: "PIN" })
}

#[cfg(test)]
mod tests {
    use access::PinEntry;

    use super::*;
    use crate::fixture::{House, at};

    fn digits(text: &str) -> PinDigits {
        PinDigits::chosen(text).unwrap()
    }

    fn pin(text: &str, duress: Option<&str>) -> NewPin {
        NewPin {
            digits: digits(text),
            duress: duress.map(digits),
        }
    }

    #[test]
    fn a_pin_is_at_the_doors_under_its_number_and_lies_nowhere_in_clear() {
        let mut house = House::settled();
        let (by, id) = (house.operator, house.active_supplier("Kari", 7));
        let chosen = pin("159268", Some("260415"));
        let (number, change) = house.register.set_pin(id, &chosen, by, at(3)).unwrap();
        let [access::Change::Put(entry)] = change.allowlist.as_slice() else {
            panic!()
        };
        let kept = entry.pin.unwrap();
        let key = PinKey::new(*house.keys.fixed(Fixed::Pin).unwrap().as_bytes());
        let check = |typed: &str| kept.check(&key, id, &digits(typed));
        assert_eq!(kept.number, number);
        assert_eq!(check("159268"), PinEntry::Right);
        assert_eq!(check("260415"), PinEntry::Duress);
        let told = &change.records[0].1;
        for text in [&told.holder_text, &told.operator_text] {
            assert!(
                !text.contains("159268") && !text.contains("260415"),
                "{text}"
            );
        }
        let files = std::fs::read_dir(house.dir.path()).unwrap();
        for file in files
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file())
        {
            let octets = std::fs::read(&file).unwrap();
            assert!(
                !octets.windows(6).any(|window| window == b"159268"),
                "{file:?}"
            );
        }
        let list = house.register.allowlist().unwrap();
        assert_eq!(list.pin(id), Some(&kept));
        assert!(list.by_pin_number(number).is_some());
    }

    #[test]
    fn another_pin_keeps_the_number_and_a_cleared_one_is_gone() {
        let mut house = House::settled();
        let (by, id) = (house.operator, house.active_supplier("Kari", 7));
        let (number, _) = house
            .register
            .set_pin(id, &pin("159268", None), by, at(3))
            .unwrap();
        let (again, _) = house
            .register
            .set_pin(id, &pin("3715", None), by, at(4))
            .unwrap();
        assert_eq!(again, number);
        let change = house.register.clear_pin(id, by, at(5)).unwrap();
        assert_eq!(change.records[0].1.verb, AuditVerb::PinCleared);
        assert_eq!(house.register.allowlist().unwrap().pin(id), None);
        let again = house.register.clear_pin(id, by, at(6)).unwrap_err();
        assert!(matches!(again, RegisterError::NoPin));
    }

    #[test]
    fn two_pins_that_are_one_are_refused() {
        let mut house = House::settled();
        let (by, id) = (house.operator, house.active_supplier("Kari", 7));
        let chosen = pin("159268", Some("159268"));
        let refused = house.register.set_pin(id, &chosen, by, at(3)).unwrap_err();
        assert!(matches!(refused, RegisterError::DuressIsPin));
        assert!(!refused.to_string().contains("159"));
    }

    #[test]
    fn m32_who_returned_the_card_has_no_pin_any_more() {
        let mut house = House::settled();
        let (by, id) = (house.operator, house.active_supplier("Kari", 7));
        drop(
            house
                .register
                .set_pin(id, &pin("159268", None), by, at(3))
                .unwrap(),
        );
        drop(house.register.return_card(id, true, by, at(4)).unwrap());
        let left: u32 = house
            .register
            .connection
            .query_row("SELECT count(*) FROM pin", [], |row| row.get(0))
            .unwrap();
        assert_eq!(left, 0);
        let refused = house.register.set_pin(id, &pin("3715", None), by, at(5));
        assert!(matches!(refused.unwrap_err(), RegisterError::Forgotten));
    }
}

//! Charges: listed under pseudonyms, and handed over for invoicing with the names that are still known (M18).

use access::{IssuanceId, OperatorId, UtcMicros};
use key_store::Owner;
use rusqlite::{Row, params};

use crate::audit::{AuditVerb, Change};
use crate::charge::{self, ChargeKind, Voucher};
use crate::draft::Said;
use crate::error::RegisterError;
use crate::list::opened_holder;
use crate::register::Register;
use crate::seal::FieldKey;
use crate::text::Text;

/// Which charges are meant: all of them, or those made in a span of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChargeSpan {
    /// Made then or later.
    pub since: Option<UtcMicros>,
    /// Made before then.
    pub until: Option<UtcMicros>,
    /// Only what was not handed over before.
    pub only_new: bool,
}

/// One charge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChargeRow {
    /// Its number.
    pub voucher: Voucher,
    /// The tenant's name.
    pub tenant: String,
    /// What for.
    pub kind: ChargeKind,
    /// Hundredths of a krone; below zero where something is taken back.
    pub ore: i64,
    /// When it was made.
    pub made_at: UtcMicros,
    /// Which charge it takes back.
    pub reverses: Option<Voucher>,
    /// When it was handed over first.
    pub exported_at: Option<UtcMicros>,
    /// For whose card, as long as that is known.
    pub issuance: Option<IssuanceId>,
}

/// One charge as it is handed over; a reading of personal data.
#[derive(Clone, Debug)]
pub struct ExportedCharge {
    /// The charge.
    pub row: ChargeRow,
    /// For whom, as long as that is known.
    pub name: Option<Text>,
}

impl Register {
    /// Charges in the order of their making.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn charges(&self, of: &ChargeSpan) -> Result<Vec<ChargeRow>, RegisterError> {
        let mut statement = self.connection.prepare_cached(SELECT)?;
        let span = params![
            of.since.map_or(i64::MIN, UtcMicros::micros),
            of.until.map_or(i64::MAX, UtcMicros::micros),
            of.only_new,
        ];
        let mut rows = statement.query(span)?;
        let mut charges = Vec::new();
        while let Some(row) = rows.next()? {
            charges.push(read(row)?);
        }
        Ok(charges)
    }

    /// Hands charges over, each with the name of the holder as long as there is one, and marks them as handed over. The caller
    /// records the reading.
    ///
    /// # Errors
    /// What SQLite says; [`RegisterError::Unsealable`] for a holder who was altered.
    pub fn export_charges(
        &mut self,
        of: &ChargeSpan,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<(Vec<ExportedCharge>, Change), RegisterError> {
        let charges = self.charges(of)?;
        let named = charges.into_iter().map(|row| {
            let name = row.issuance.map(|id| self.name_of(id)).transpose()?;
            let name = name.flatten();
            Ok(ExportedCharge { row, name })
        });
        let named = named.collect::<Result<Vec<_>, RegisterError>>()?;
        let vouchers: Vec<Voucher> = named.iter().map(|charge| charge.row.voucher).collect();
        self.change(by, now, |draft| {
            if vouchers.is_empty() {
                return Ok(named);
            }
            for voucher in &vouchers {
                let mut statement = draft.tx.prepare_cached(
                    "UPDATE charge SET exported_at = coalesce(exported_at, ?3) WHERE year = ?1 AND number = ?2",
                )?;
                statement.execute(params![voucher.year, voucher.number, now.micros()])?;
            }
            for (count, spans) in listed(&vouchers) {
                let said = Said {
                    verb: AuditVerb::ChargesExported,
                    of_holder: "",
                    of_operator: &format!("charges={count} vouchers={spans} exported={now}"),
                };
                draft.record(None, &said)?;
            }
            Ok(named)
        })
    }

    /// How many charges of an issuance were not handed over: once its holder is forgotten nobody knows for whom they are.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn charges_not_exported(&self, of: IssuanceId) -> Result<u32, RegisterError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT count(*) FROM charge WHERE issuance = ?1 AND exported_at IS NULL",
        )?;
        Ok(statement.query_row([of.get()], |row| row.get(0))?)
    }

    /// The holder's name; `None` if the key is gone because a return is on its way.
    fn name_of(&self, id: IssuanceId) -> Result<Option<Text>, RegisterError> {
        let (slot, is_returned, sealed): (u32, bool, Vec<u8>) = self.connection.query_row(
            "SELECT slot, state = 'returned', holder FROM issuance WHERE id = ?1",
            [id.get()],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        match FieldKey::of_owner(&self.keys, slot, Owner::Issuance(id.get())) {
            Ok(key) => Ok(opened_holder(&key, id, &sealed)?.map(|holder| holder.name)),
            Err(RegisterError::Keys(_)) if is_returned => Ok(None),
            Err(cause) => Err(cause),
        }
    }
}

fn read(row: &Row<'_>) -> Result<ChargeRow, RegisterError> {
    let (charge, exported_at) = charge::read(row)?;
    Ok(ChargeRow {
        voucher: charge.voucher,
        tenant: row.get(9)?,
        kind: charge.kind,
        ore: charge.ore,
        made_at: charge.made_at,
        reverses: charge.reverses,
        exported_at,
        issuance: row.get::<_, Option<u32>>(10)?.and_then(IssuanceId::new),
    })
}

/// Vouchers for records, each with how many they are: those that follow each other as their first and last.
fn listed(vouchers: &[Voucher]) -> Vec<(u32, String)> {
    let mut spans: Vec<(Voucher, Voucher)> = Vec::new();
    for voucher in vouchers {
        match spans.last_mut() {
            Some((_, last)) if (last.year, last.number + 1) == (voucher.year, voucher.number) => {
                *last = *voucher;
            }
            Some(_) | None => spans.push((*voucher, *voucher)),
        }
    }
    let written = |(first, last): &(Voucher, Voucher)| {
        if first == last {
            first.to_string()
        } else {
            format!("{first}..{last}")
        }
    };
    let len = |(first, last): &(Voucher, Voucher)| last.number.abs_diff(first.number) + 1;
    spans
        .chunks(SPANS_IN_A_RECORD)
        .map(|spans| {
            let words: Vec<String> = spans.iter().map(written).collect();
            (spans.iter().map(len).sum(), words.join(","))
        })
        .collect()
}

/// Spans of vouchers in one record; each has 20 octets or a few more, and a record 1,024.
const SPANS_IN_A_RECORD: usize = 32;

const SELECT: &str = "SELECT c.year, c.number, c.tenant, c.kind, c.ore, c.made_at, r.year, r.number, c.exported_at, t.name, c.issuance
     FROM charge c JOIN tenant t ON t.id = c.tenant LEFT JOIN charge r ON r.id = c.reverses
     WHERE c.made_at >= ?1 AND c.made_at < ?2 AND (NOT ?3 OR c.exported_at IS NULL) ORDER BY c.id";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fee;
    use crate::fixture::{House, at};

    const FEE: Fee = Fee {
        ore: 40_000,
        year: 2026,
    };
    const NEW: ChargeSpan = ChargeSpan {
        since: None,
        until: None,
        only_new: true,
    };

    fn exported(house: &mut House, of: &ChargeSpan, now: i64) -> Vec<Option<String>> {
        let by = house.operator;
        let (charges, _) = house.register.export_charges(of, by, at(now)).unwrap();
        let names = charges.into_iter().map(|charge| charge.name);
        names
            .map(|name| name.map(|name| name.expose().to_owned()))
            .collect()
    }

    #[test]
    fn m18_the_name_leaves_once_with_the_charge_and_not_after_the_return() {
        let mut house = House::settled();
        let by = house.operator;
        let (first, second) = (
            house.active_supplier("Kari", 1),
            house.active_supplier("Per", 2),
        );
        for id in [first, second] {
            let _lost = house.register.lose(id, FEE, by, at(3)).unwrap();
        }
        let _change = house.register.return_card(second, true, by, at(4)).unwrap();
        assert_eq!(house.register.charges_not_exported(second).unwrap(), 1);
        house.settle();
        drop(house.register.finish_return(second, at(4)).unwrap());
        assert_eq!(
            exported(&mut house, &NEW, 5),
            [Some("Kari".to_owned()), None]
        );
        assert_eq!(house.register.charges_not_exported(first).unwrap(), 0);
        assert_eq!(exported(&mut house, &NEW, 6), []);
        let again = exported(&mut house, &ChargeSpan::default(), 7);
        assert_eq!(again.len(), 2);
        let charges = house.register.charges(&ChargeSpan::default()).unwrap();
        assert!(charges.iter().all(|row| row.exported_at == Some(at(5))));
    }

    #[test]
    fn an_export_says_which_charges_and_no_name() {
        let mut house = House::settled();
        let by = house.operator;
        for card in 1..4 {
            let id = house.active_supplier("Kari Nordmann", card);
            let _lost = house.register.lose(id, FEE, by, at(3)).unwrap();
        }
        let (_, change) = house.register.export_charges(&NEW, by, at(4)).unwrap();
        let record = &change.records[0].1;
        assert_eq!(record.verb, AuditVerb::ChargesExported);
        assert_eq!(
            record.operator_text,
            format!("charges=3 vouchers=2026-0001..2026-0003 exported={}", at(4))
        );
        assert_eq!((record.holder, record.holder_text.as_str()), (None, ""));
    }

    #[test]
    fn a_span_begins_with_its_first_instant_and_ends_before_its_last() {
        let mut house = House::settled();
        let by = house.operator;
        for (card, now) in [(1, 3), (2, 4), (3, 5)] {
            let id = house.active_supplier("A", card);
            let _lost = house.register.lose(id, FEE, by, at(now)).unwrap();
        }
        let span = ChargeSpan {
            since: Some(at(4)),
            until: Some(at(5)),
            only_new: false,
        };
        let made = house.register.charges(&span).unwrap();
        let made: Vec<_> = made.iter().map(|row| row.voucher.number).collect();
        assert_eq!(made, [2]);
    }
}

//! Charge: what a tenant owes, made and taken back in the change that causes it (M18).

use std::fmt;

use access::UtcMicros;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::audit::AuditVerb;
use crate::contact::TenantId;
use crate::draft::{Draft, Keyed, Said};
use crate::error::RegisterError;
use crate::issuance::Issuance;
use crate::rights;
use crate::state::State;

/// What something costs by the house's list of prices, and in which year it is booked: the civil one of the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fee {
    /// Hundredths of a krone; nothing is charged for 0.
    pub ore: u32,
    /// The year.
    pub year: u16,
}

/// The number of a charge, `2026-0007`: from 1 within each year, without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Voucher {
    /// The year.
    pub year: u16,
    /// The number within it.
    pub number: u32,
}

/// What a change charged, or took back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Booked {
    /// The charge's number.
    pub voucher: Voucher,
    /// Hundredths of a krone; below zero where something is taken back.
    pub ore: i64,
}

/// What was charged for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChargeKind {
    /// An employee's card became live.
    EmployeeCard,
    /// A card was reported lost.
    LostCard,
    /// An earlier charge was taken back.
    Reversal,
}

impl ChargeKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::EmployeeCard, Self::LostCard, Self::Reversal];

    /// The name in the register and in lists.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::EmployeeCard => "employee-card",
            Self::LostCard => "lost-card",
            Self::Reversal => "reversal",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl fmt::Display for Voucher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:04}", self.year, self.number)
    }
}

/// A charge as it is stored, and as its records say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Charge {
    pub(crate) voucher: Voucher,
    pub(crate) tenant: TenantId,
    pub(crate) kind: ChargeKind,
    pub(crate) ore: i64,
    pub(crate) made_at: UtcMicros,
    pub(crate) reverses: Option<Voucher>,
}

impl Charge {
    const fn booked(&self) -> Booked {
        Booked {
            voucher: self.voucher,
            ore: self.ore,
        }
    }

    pub(crate) fn words(&self) -> String {
        let reverses = self.reverses;
        let reverses = reverses.map_or_else(String::new, |of| format!(" reverses={of}"));
        format!(
            "voucher={} tenant={} charge={} ore={} made={}{reverses}",
            self.voucher,
            self.tenant.0,
            self.kind.name(),
            self.ore,
            self.made_at,
        )
    }
}

/// A row of year, number, tenant, kind, amount, instant, year and number of what it reverses, and when it was handed over.
pub(crate) fn read(row: &Row<'_>) -> Result<(Charge, Option<UtcMicros>), RegisterError> {
    let kind = ChargeKind::from_name(row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?);
    let reverses = match (row.get(6)?, row.get(7)?) {
        (Some(year), Some(number)) => Some(Voucher { year, number }),
        (None, _) | (_, None) => None,
    };
    let charge = Charge {
        voucher: Voucher {
            year: row.get(0)?,
            number: row.get(1)?,
        },
        tenant: TenantId(row.get(2)?),
        kind: kind.ok_or(RegisterError::corrupt("an unknown kind of charge"))?,
        ore: row.get(4)?,
        made_at: UtcMicros::from_micros(row.get(5)?),
        reverses,
    };
    let exported_at: Option<i64> = row.get(8)?;
    Ok((charge, exported_at.map(UtcMicros::from_micros)))
}

/// Charges the tenant of an issuance; nothing for what is free.
pub(crate) fn make(
    draft: &mut Draft<'_>,
    issuance: &Issuance,
    what: (ChargeKind, Fee),
) -> Result<Option<Booked>, RegisterError> {
    let Some(charge) = made(draft, issuance, what)? else {
        return Ok(None);
    };
    tell(draft, issuance, AuditVerb::ChargeMade, &charge)?;
    Ok(Some(charge.booked()))
}

/// Charges for an employee's card that came with an import and is live now; a visitor's is free, and what was charged before
/// is not charged again. There may be a million, so the record goes to the outbox alone.
pub(crate) fn of_imported(
    draft: &mut Draft<'_>,
    issuance: &Issuance,
    fee: Fee,
) -> Result<(), RegisterError> {
    if !is_due(draft, issuance, fee)? {
        return Ok(());
    }
    let Some(charge) = made(draft, issuance, (ChargeKind::EmployeeCard, fee))? else {
        return Ok(());
    };
    let (of, of_holder) = about(draft, issuance, &charge)?;
    let said = Said {
        verb: AuditVerb::ChargeMade,
        of_holder: &of_holder,
        of_operator: &charge.words(),
    };
    draft.post(Some(&of), &said).map(|_| ())
}

/// The same for one card: its record goes with the others of the change.
pub(crate) fn of_approved(
    draft: &mut Draft<'_>,
    issuance: &Issuance,
    fee: Fee,
) -> Result<(), RegisterError> {
    if is_due(draft, issuance, fee)? {
        make(draft, issuance, (ChargeKind::EmployeeCard, fee))?;
    }
    Ok(())
}

/// Whether an employee's card that is live is still to be charged for.
fn is_due(draft: &Draft<'_>, issuance: &Issuance, fee: Fee) -> Result<bool, RegisterError> {
    Ok(is_due_for_new(issuance, fee) && !is_made(&draft.tx, issuance, ChargeKind::EmployeeCard)?)
}

/// The same of an issuance that was not there before.
pub(crate) fn is_due_for_new(issuance: &Issuance, fee: Fee) -> bool {
    fee.ore != 0 && issuance.state == State::Active && !issuance.kind.is_visitor()
}

fn made(
    draft: &mut Draft<'_>,
    issuance: &Issuance,
    (kind, fee): (ChargeKind, Fee),
) -> Result<Option<Charge>, RegisterError> {
    if fee.ore == 0 {
        return Ok(None);
    }
    let charge = Charge {
        voucher: next(&draft.tx, fee.year)?,
        tenant: issuance.tenant,
        kind,
        ore: i64::from(fee.ore),
        made_at: draft.now,
        reverses: None,
    };
    insert(draft, issuance, &charge, None)?;
    Ok(Some(charge))
}

/// Whether something was charged for an issuance already.
fn is_made(
    connection: &Connection,
    issuance: &Issuance,
    kind: ChargeKind,
) -> Result<bool, RegisterError> {
    let mut statement =
        connection.prepare_cached("SELECT 1 FROM charge WHERE issuance = ?1 AND kind = ?2")?;
    Ok(statement.exists(params![issuance.id.get(), kind.name()])?)
}

/// Takes back what was charged for the loss of an issuance's card, if that was not done already.
pub(crate) fn reverse(
    draft: &mut Draft<'_>,
    issuance: &Issuance,
    year: u16,
) -> Result<Option<Booked>, RegisterError> {
    let Some((id, of)) = of_loss(&draft.tx, issuance)? else {
        return Ok(None);
    };
    let charge = Charge {
        voucher: next(&draft.tx, year)?,
        kind: ChargeKind::Reversal,
        ore: -of.ore,
        made_at: draft.now,
        reverses: Some(of.voucher),
        ..of
    };
    insert(draft, issuance, &charge, Some(id))?;
    tell(draft, issuance, AuditVerb::ChargeReversed, &charge)?;
    Ok(Some(charge.booked()))
}

/// The charge for the loss of an issuance's card that was not taken back.
fn of_loss(
    connection: &Connection,
    issuance: &Issuance,
) -> Result<Option<(i64, Charge)>, RegisterError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, year, number, tenant, ore, made_at FROM charge c WHERE issuance = ?1 AND kind = ?2
         AND NOT EXISTS (SELECT 1 FROM charge r WHERE r.reverses = c.id) ORDER BY id DESC LIMIT 1",
    )?;
    let of = params![issuance.id.get(), ChargeKind::LostCard.name()];
    let found = statement.query_row(of, |row| {
        let charge = Charge {
            voucher: Voucher {
                year: row.get(1)?,
                number: row.get(2)?,
            },
            tenant: TenantId(row.get(3)?),
            kind: ChargeKind::LostCard,
            ore: row.get(4)?,
            made_at: UtcMicros::from_micros(row.get(5)?),
            reverses: None,
        };
        Ok((row.get(0)?, charge))
    });
    Ok(found.optional()?)
}

/// The next number of a year. None is ever taken away, so the greatest is the last.
fn next(connection: &Connection, year: u16) -> Result<Voucher, RegisterError> {
    let mut statement =
        connection.prepare_cached("SELECT coalesce(max(number), 0) FROM charge WHERE year = ?1")?;
    let last: u32 = statement.query_row([year], |row| row.get(0))?;
    let number = last.checked_add(1);
    let number = number.ok_or(RegisterError::NumbersExhausted { what: "charge" })?;
    Ok(Voucher { year, number })
}

fn insert(
    draft: &mut Draft<'_>,
    issuance: &Issuance,
    charge: &Charge,
    reverses: Option<i64>,
) -> Result<(), RegisterError> {
    let mut statement = draft.tx.prepare_cached(
        "INSERT INTO charge (year, number, tenant, kind, ore, reverses, issuance, made_at, recorded_at, recorded_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9)",
    )?;
    statement.execute(params![
        charge.voucher.year,
        charge.voucher.number,
        charge.tenant.0,
        charge.kind.name(),
        charge.ore,
        reverses,
        issuance.id.get(),
        charge.made_at.micros(),
        draft.operator()?.get(),
    ])?;
    Ok(())
}

/// The charge stands in the operator's part, which stays; for whom it is, in the holder's.
fn tell(
    draft: &mut Draft<'_>,
    issuance: &Issuance,
    verb: AuditVerb,
    charge: &Charge,
) -> Result<(), RegisterError> {
    let (of, of_holder) = about(draft, issuance, charge)?;
    let said = Said {
        verb,
        of_holder: &of_holder,
        of_operator: &charge.words(),
    };
    draft.record(Some(&of), &said)
}

fn about(
    draft: &mut Draft<'_>,
    issuance: &Issuance,
    charge: &Charge,
) -> Result<(Keyed, String), RegisterError> {
    let rights = rights::of(&draft.tx, issuance.id)?;
    let of_holder = format!("{} voucher={}", issuance.words(&rights), charge.voucher);
    Ok((draft.keyed(issuance.holder())?, of_holder))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{House, at};

    #[test]
    fn numbers_have_no_gaps_within_a_year_whatever_comes_to_nothing() {
        let mut house = House::settled();
        let by = house.operator;
        let cards: Vec<_> = (1..4)
            .map(|card| house.active_supplier("A", card))
            .collect();
        let fee = |year| Fee { ore: 1, year };
        let mut numbers = Vec::new();
        for (card, year) in cards.iter().zip([2026, 2026, 2027]) {
            let tried = house
                .register
                .rehearse(|register| register.lose(*card, fee(year), by, at(3)));
            drop(tried.unwrap());
            let (voucher, _) = house.register.lose(*card, fee(year), by, at(3)).unwrap();
            assert!(house.register.lose(*card, fee(year), by, at(3)).is_err());
            numbers.push(voucher.unwrap().voucher.to_string());
        }
        assert_eq!(numbers, ["2026-0001", "2026-0002", "2027-0001"]);
    }

    #[test]
    fn m18_an_employees_card_is_charged_when_it_becomes_live_and_a_visitors_is_free() {
        let mut house = House::settled();
        let by = house.operator;
        for (new, charged) in [(house.employee("Kari"), 1), (house.supplier("Per"), 0)] {
            let (id, _) = house.register.issue(&new, by, at(1)).unwrap();
            if !new.kind.is_visitor() {
                drop(house.register.arrived(id, by, at(1)).unwrap());
                drop(house.register.notify(id, by, at(1)).unwrap());
            }
            let shown = crate::Activation {
                fee: Some(Fee {
                    ore: 25_000,
                    year: 2026,
                }),
                ..house.shown(u64::from(id.get()) + 1)
            };
            let change = house.register.activate(id, &shown, by, at(2)).unwrap();
            let made = change
                .records
                .iter()
                .filter(|(_, it)| it.verb == AuditVerb::ChargeMade);
            assert_eq!(made.count(), charged, "{}", new.kind.name());
        }
    }
}

//! `[charges]`: what cards cost the tenants (M18).

use super::Findings;
use super::table::{Document, Field};

/// Prices in hundredths of a krone; 0 is free, and makes no charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Charges {
    /// An employee's card that becomes live.
    pub(crate) employee_card: u32,
    /// A card that is reported lost.
    pub(crate) lost_card: u32,
}

/// 400 kroner for a lost card and nothing else, unless the file says otherwise.
pub(crate) fn parse(document: &Document, findings: &mut Findings<'_>) -> Charges {
    let mut charges = Charges {
        employee_card: 0,
        lost_card: 40_000,
    };
    if let Some(table) = &document.charges {
        let prices = [
            (
                "employee_card",
                &table.employee_card,
                &mut charges.employee_card,
            ),
            ("lost_card", &table.lost_card, &mut charges.lost_card),
        ];
        for (name, field, price) in prices {
            read(name, field, price, findings);
        }
    }
    charges
}

fn read(name: &str, field: &Field<String>, price: &mut u32, findings: &mut Findings<'_>) {
    let Some(field) = field else { return };
    match ore(field.get_ref()) {
        Some(written) => *price = written,
        None => {
            let written = field.get_ref();
            let what = format!(
                "[charges]: {name} = \"{written}\" is no price; write kroner and øre, \"400.00\", at most {KRONER_MAX}.00"
            );
            findings.add(&field.span(), what);
        }
    }
}

/// Kroner and two digits of øre behind a point.
fn ore(written: &str) -> Option<u32> {
    let (kroner, ore) = written.split_once('.')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !is_number(kroner) || !is_number(ore) || ore.len() != 2 {
        return None;
    }
    let (kroner, ore): (u32, u32) = (kroner.parse().ok()?, ore.parse().ok()?);
    let total = kroner.checked_mul(100)?.checked_add(ore)?;
    (total <= KRONER_MAX * 100).then_some(total)
}

/// More than any card costs: a price that was typed without its point is found.
const KRONER_MAX: u32 = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_kroner_and_two_digits_of_ore() {
        for (written, price) in [
            ("0.00", Some(0)),
            ("400.00", Some(40_000)),
            ("99.50", Some(9_950)),
            ("10000.00", Some(1_000_000)),
            ("10000.01", None),
            ("99999999999.00", None),
            ("400", None),
            ("400,00", None),
            ("400.0", None),
            ("-1.00", None),
            ("+1.00", None),
            (".50", None),
            ("", None),
        ] {
            assert_eq!(ore(written), price, "{written}");
        }
    }
}

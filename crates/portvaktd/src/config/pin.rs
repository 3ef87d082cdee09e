//! `[pin]`: how many wrong PINs are allowed.

use std::time::Duration;

use access::PinLimit;

use super::table::Document;
use super::{Findings, period};

/// Five, then none for five minutes, unless the file says otherwise.
pub(crate) fn parse(document: &Document, findings: &mut Findings<'_>) -> PinLimit {
    let usual = PinLimit::default();
    let Some(table) = &document.pin else {
        return usual;
    };
    let mut wrong_max = usual.wrong_max;
    if let Some(field) = &table.wrong_max {
        match u8::try_from(*field.get_ref()) {
            Ok(count @ 1..=WRONG_MAX) => wrong_max = count,
            Ok(_) | Err(_) => {
                let written = field.get_ref();
                let what =
                    format!("[pin]: wrong_max {written} is out of range; write 1 to {WRONG_MAX}");
                findings.add(&field.span(), what);
            }
        }
    }
    // With less than a minute a machine at the keypad would be through four digits within days.
    let limits = Duration::from_secs(60)..=Duration::from_secs(86_400);
    let locked_for = period::parse(
        table.locked_for.as_ref(),
        "[pin]: locked_for",
        usual.locked_for,
        limits,
        findings,
    );
    PinLimit {
        wrong_max,
        locked_for,
    }
}

const WRONG_MAX: u8 = 20;

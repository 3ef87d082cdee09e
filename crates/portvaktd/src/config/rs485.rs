//! RS-485: whether the kernel switches a port between sending and hearing.

use super::Findings;
use super::table::{Field, Rs485Fields, Rs485Table};

/// How the kernel switches the direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rs485 {
    /// Whether RTS is on while sending; otherwise it is on while hearing.
    pub(crate) rts_on_send: bool,
    /// Between switching to sending and the first octet, ms.
    pub(crate) delay_before_ms: u8,
    /// Between the last octet and switching to hearing, ms.
    pub(crate) delay_after_ms: u8,
}

/// `rs485`: `Some(None)` where the adapter or the wiring does it, `None` after a finding.
pub(crate) fn parse(
    field: &Field<Rs485Table>,
    owner: &str,
    findings: &mut Findings<'_>,
) -> Option<Option<Rs485>> {
    let Some(field) = field else {
        return Some(None);
    };
    let fields = match field.get_ref() {
        Rs485Table::Switch(false) => return Some(None),
        Rs485Table::Switch(true) => &Rs485Fields::default(),
        Rs485Table::Table(fields) => fields,
    };
    let (before, after) = (fields.delay_before_ms, fields.delay_after_ms);
    let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
    if before.max(after) > DELAY_MS_MAX {
        let what = format!(
            "{owner}: rs485: delays are 0 to {DELAY_MS_MAX} ms; longer ones would cost every reader its turn"
        );
        findings.add(&field.span(), what);
        return None;
    }
    Some(Some(Rs485 {
        rts_on_send: fields.rts_on_send.unwrap_or(true),
        delay_before_ms: before,
        delay_after_ms: after,
    }))
}

const DELAY_MS_MAX: u8 = 20;

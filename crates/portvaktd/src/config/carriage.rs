//! A carriage: how a Wiegand converter writes its readings down.

use std::time::Duration;

use reader_bus::{AsciiConfig, Meaning, Pattern};

use super::table::LineTable;
use super::{Findings, period};

/// How the readings of a `wiegand-ascii` line are written.
pub(crate) fn parse(
    fields: &LineTable,
    owner: &str,
    findings: &mut Findings<'_>,
) -> Option<AsciiConfig> {
    let default = AsciiConfig::default();
    let patterns = match (&fields.carriage, &fields.pattern) {
        (Some(_), Some(pattern)) => {
            let what = format!(
                "{owner}: carriage and pattern both say how readings are written; keep one"
            );
            findings.add(&pattern.span(), what);
            return None;
        }
        (None, None) => default.patterns,
        (Some(carriage), None) => match carriage.get_ref().as_str() {
            "auto" => default.patterns,
            "hex-cr" => vec![Pattern::hex_cr()],
            "decimal-cr" => vec![Pattern::decimal_cr()],
            "stx-etx" => vec![Pattern::stx_etx()],
            "stx-cr" => vec![Pattern::stx_cr()],
            other => {
                let what = format!(
                    "{owner}: carriage \"{other}\" is unknown; use auto, hex-cr, decimal-cr, stx-etx or stx-cr, or write a pattern"
                );
                findings.add(&carriage.span(), what);
                return None;
            }
        },
        (None, Some(pattern)) => {
            match Pattern::new(pattern.get_ref(), meaning(fields, owner, findings)?) {
                Ok(pattern) => vec![pattern],
                Err(cause) => {
                    findings.add(&pattern.span(), format!("{owner}: pattern: {cause}"));
                    return None;
                }
            }
        }
    };
    let window = Duration::from_millis(u64::from(default.repeat_window_ms));
    let limits = Duration::ZERO..=Duration::from_secs(10);
    let key = format!("{owner}: repeat_window");
    let window = period::parse(
        fields.repeat_window.as_ref(),
        &key,
        window,
        limits,
        findings,
    );
    Some(AsciiConfig {
        patterns,
        repeat_window_ms: u16::try_from(window.as_millis()).unwrap_or(u16::MAX),
        ..default
    })
}

/// What the digits of a pattern mean.
fn meaning(fields: &LineTable, owner: &str, findings: &mut Findings<'_>) -> Option<Meaning> {
    let parity = match fields
        .parity
        .as_ref()
        .map(|parity| parity.get_ref().as_str())
    {
        None | Some("kept") => false,
        Some("stripped") => true,
        Some(other) => {
            let what =
                format!("{owner}: parity \"{other}\" is unknown; write \"kept\" or \"stripped\"");
            let at = fields.parity.as_ref().map_or(0..0, toml::Spanned::span);
            findings.add(&at, what);
            return None;
        }
    };
    match (&fields.bits, parity) {
        (None, true) => Some(Meaning::ParityStripped),
        (None, false) => Some(Meaning::Digits),
        (Some(bits), false) => Some(Meaning::Bits(u16::try_from(*bits.get_ref()).unwrap_or(0))),
        (Some(bits), true) => {
            let what = format!(
                "{owner}: with parity = \"stripped\" the digits say how many bits; remove bits"
            );
            findings.add(&bits.span(), what);
            None
        }
    }
}

/// The default for any other line, on which nothing of it may be written.
pub(crate) fn refuse(
    fields: &LineTable,
    owner: &str,
    findings: &mut Findings<'_>,
) -> Option<AsciiConfig> {
    let texts = [
        ("carriage", &fields.carriage),
        ("pattern", &fields.pattern),
        ("parity", &fields.parity),
        ("repeat_window", &fields.repeat_window),
    ];
    let texts = texts
        .iter()
        .filter_map(|(key, field)| Some((*key, field.as_ref()?.span())));
    let bits = fields.bits.as_ref().map(|bits| ("bits", bits.span()));
    let mut fine = Some(AsciiConfig::default());
    for (key, at) in texts.chain(bits) {
        let what = format!("{owner}: {key} is for protocol \"wiegand-ascii\" only; remove it");
        findings.add(&at, what);
        fine = None;
    }
    fine
}

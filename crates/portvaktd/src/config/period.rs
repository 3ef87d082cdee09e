//! A period: a duration as people write it, `"5s"` or `"200ms"`, within the limits of its use.

use std::ops::RangeInclusive;
use std::time::Duration;

use jiff::SignedDuration;
use toml::Spanned;

use super::Findings;

/// The period in `field`, the default when it is not there, or a finding.
pub(crate) fn parse(
    field: Option<&Spanned<String>>,
    owner: &str,
    default: Duration,
    limits: RangeInclusive<Duration>,
    findings: &mut Findings<'_>,
) -> Duration {
    let Some(field) = field else { return default };
    let written = field.get_ref();
    let period = written
        .parse::<SignedDuration>()
        .ok()
        .and_then(|period| Duration::try_from(period).ok());
    match period {
        Some(period) if limits.contains(&period) => period,
        Some(_) => {
            let (least, most) = (limits.start(), limits.end());
            findings.add(
                &field.span(),
                format!("{owner} = \"{written}\" is out of range; write {least:?} to {most:?}"),
            );
            default
        }
        None => {
            findings.add(
                &field.span(),
                format!("{owner} = \"{written}\" is not a duration; write it as \"{default:?}\""),
            );
            default
        }
    }
}

/// The period in `field`, if there is one; `example` shows how it is written.
pub(crate) fn optional(
    field: Option<&Spanned<String>>,
    owner: &str,
    example: Duration,
    limits: RangeInclusive<Duration>,
    findings: &mut Findings<'_>,
) -> Option<Duration> {
    field.map(|written| parse(Some(written), owner, example, limits, findings))
}

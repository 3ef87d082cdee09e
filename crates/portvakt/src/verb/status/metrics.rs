//! Metrics: the controller's state as gauges in the OpenMetrics text format. The daemon has no network socket, so a collector reads a file that this
//! was written to, or runs it.

use control::Moment;
use control::reply::status::Status;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::USABLE;
use crate::failure::Failure;

/// The whole of it, with the end that the format asks for.
///
/// # Errors
/// [`Failure`] if it cannot be written.
pub(super) fn written(status: &Status) -> Result<String, Failure> {
    let mut registry = Registry::with_prefix("portvakt");
    for (name, help, value) in gauges(status) {
        // What is not known now is left out: a zero would be a lie.
        let Some(value) = value else { continue };
        let gauge: Gauge = Gauge::default();
        gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
        registry.register(name, help, gauge);
    }
    let mut text = String::new();
    encode(&mut text, &registry).map_err(Failure::failed)?;
    Ok(text)
}

/// A name, what it means, and the value if it is known.
type Row = (&'static str, &'static str, Option<u64>);

fn gauges(status: &Status) -> Vec<Row> {
    let mut all = of_duties(status).to_vec();
    all.extend(of_house(status));
    all.extend(of_log(status));
    all
}

/// What somebody should do.
fn of_duties(status: &Status) -> [Row; 4] {
    let reviews = count(status.reviews_overdue.len());
    let warnings = count(status.warnings.len());
    let lapsed = status.recertifications_overdue;
    [
        (
            "reviews_overdue",
            "Quarters that are over and whose review nobody has signed",
            reviews,
        ),
        (
            "recertifications_overdue",
            "Tenants with a right that nobody has justified for a year",
            lapsed,
        ),
        (
            "cards_overdue",
            "Cards that ended and were not returned",
            status.overdue,
        ),
        ("warnings", "Lines that status warns with", warnings),
    ]
}

/// What there is, and how much of it works.
fn of_house(status: &Status) -> [Row; 10] {
    let number = |value: u32| Some(u64::from(value));
    let (up, online) = (number(status.lines_up), number(status.readers_online));
    let is_usable = yes(status.register == USABLE);
    let is_synchronised = yes(status.clock == SYNCHRONISED);
    let started = seconds(status.started);
    [
        ("cards", "Cards by which doors decide", Some(status.cards)),
        (
            "generation",
            "Number of the list of cards",
            Some(status.generation),
        ),
        ("doors", "Doors configured", number(status.doors)),
        ("lines", "Lines configured", number(status.lines)),
        ("lines_up", "Lines whose device is open", up),
        ("readers", "Readers configured", number(status.readers)),
        ("readers_online", "Readers online", online),
        (
            "register_usable",
            "1 if the register is in use, 0 where the doors go on without it",
            is_usable,
        ),
        (
            "clock_synchronised",
            "1 if the clock is synchronised",
            is_synchronised,
        ),
        (
            "started_at_seconds",
            "When the daemon started, Unix time",
            started,
        ),
    ]
}

fn of_log(status: &Status) -> [Row; 4] {
    let log = &status.log;
    let sealed_at = log.sealed_at.and_then(seconds);
    [
        (
            "log_durable",
            "1 if events reach the disk",
            yes(log.durable),
        ),
        ("log_events", "Events in the log", Some(log.size)),
        (
            "log_sealed",
            "Events under the newest checkpoint",
            Some(log.sealed),
        ),
        (
            "log_sealed_at_seconds",
            "When that was signed, Unix time",
            sealed_at,
        ),
    ]
}

fn yes(is: bool) -> Option<u64> {
    Some(u64::from(is))
}

fn count(len: usize) -> Option<u64> {
    u64::try_from(len).ok()
}

fn seconds(at: Moment) -> Option<u64> {
    u64::try_from(at.utc().micros() / 1_000_000).ok()
}

const SYNCHRONISED: &str = "synchronised";

#[cfg(test)]
mod tests {
    use super::*;

    fn status(more: &str) -> Status {
        let text = format!(
            r#"{{"site":"s","daemon":"0","started":"2026-11-22T08:00:00Z","now":"2026-11-22T08:00:01Z","clock":"held","generation":7,"cards":3,
            "doors":2,"lines":1,"lines_up":1,"readers":2,"readers_online":1,"log":{{"dir":"d","origin":"o","verifier":"v","size":9,"root":"","sealed":9,
            "durable":true}},"register":"usable",{more}"warnings":["a","b"]}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn m06_m22_what_is_overdue_is_a_metric() {
        let text = written(&status(
            r#""overdue":4,"reviews_overdue":["2026-Q3","2026-Q4"],"recertifications_overdue":1,"#,
        ))
        .unwrap();
        for line in [
            "# TYPE portvakt_reviews_overdue gauge",
            "portvakt_reviews_overdue 2",
            "portvakt_recertifications_overdue 1",
            "portvakt_cards_overdue 4",
            "portvakt_readers_online 1",
            "portvakt_register_usable 1",
            "portvakt_clock_synchronised 0",
            "portvakt_started_at_seconds 1795334400",
            "portvakt_warnings 2",
        ] {
            assert!(
                text.lines().any(|written| written == line),
                "{line}: {text}"
            );
        }
        assert!(text.ends_with("# EOF\n"));
    }

    #[test]
    fn what_is_not_known_is_left_out_and_what_is_not_overdue_is_zero() {
        let text = written(&status("")).unwrap();
        for unknown in ["recertifications_overdue", "cards_overdue", "sealed_at"] {
            assert!(!text.contains(unknown), "{unknown}: {text}");
        }
        assert!(text.contains("portvakt_reviews_overdue 0\n"));
    }
}

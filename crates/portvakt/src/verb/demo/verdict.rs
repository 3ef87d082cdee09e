//! The end of the demo: what was seen, whether the log proves it, and where everything lies.

use control::Code;
use event_log::disk::RealDisk;
use event_log::verify::{self, Options, Report};

use super::places::Places;
use super::screen::Screen;
use super::tally::Tally;
use crate::failure::Failure;

/// How the story ended.
pub(super) enum Ending {
    /// It was told to its end; this was seen.
    Told(Tally),
    /// Somebody interrupted it.
    CutShort,
}

/// Verifies the log with the key noted down at the beginning and says how it all went.
pub(super) fn speak(
    screen: &Screen,
    places: &Places,
    keys: &[&str],
    ending: &Ending,
) -> Result<(), Failure> {
    if let Ending::Told(tally) = ending {
        screen.heading(&format!(
            "{} people were let in, {} were refused",
            tally.of("access-granted"),
            tally.denied()
        ))?;
    }
    let report = verify(places, keys)?;
    screen.good(&format!(
        "log verified with the key noted at the start: {} events, {} of them under a signed checkpoint",
        report.events, report.sealed
    ))?;
    say_where(screen, places, keys)?;
    match ending {
        Ending::CutShort => screen.plain("interrupted: not everything was shown"),
        Ending::Told(tally) => expect_all(tally),
    }
}

/// Reads the log as an auditor does: from its files, without the daemon and without a secret.
fn verify(places: &Places, keys: &[&str]) -> Result<Report, Failure> {
    let unverified = |what: &dyn std::fmt::Display| Failure::new(Code::Unverified, what);
    let mut options = Options::default();
    options
        .pin(&keys.join("\n"))
        .map_err(|error| unverified(&error))?;
    let report = verify::verify_dir(&RealDisk::new(places.log()), options, &mut |_| {})
        .map_err(|finding| unverified(&finding))?;
    if report.unsealed > 0 {
        let unsealed = report.unsealed;
        return Err(unverified(&format_args!(
            "{unsealed} events are under no signed checkpoint"
        )));
    }
    Ok(report)
}

fn say_where(screen: &Screen, places: &Places, keys: &[&str]) -> Result<(), Failure> {
    screen.heading("everything is still there:")?;
    let log = places.log();
    let lines = [
        ("configuration", places.config().display().to_string()),
        ("register, keys, log", places.data().display().to_string()),
        (
            "what portvaktd said",
            places.journal().display().to_string(),
        ),
        (
            "verify again with",
            format!(
                "portvakt log verify --dir {} --key '{}'",
                log.display(),
                keys.join("' --key '")
            ),
        ),
        (
            "clear away with",
            format!("rm -r {}", places.folder().display()),
        ),
    ];
    for (what, place) in lines {
        screen.plain(&format!("  {what:<20} {place}"))?;
    }
    Ok(())
}

fn expect_all(tally: &Tally) -> Result<(), Failure> {
    let missing = tally.missing();
    if missing.is_empty() {
        return Ok(());
    }
    let missing = missing.join(", ");
    Err(Failure::failed(format_args!(
        "the demo should have shown, and did not: {missing}"
    )))
}

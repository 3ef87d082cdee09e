//! The end of the demo: what was seen, whether the log proves it, and where everything lies.

use control::Code;
use event_log::disk::RealDisk;
use event_log::verify::{self, Options, VerifierKey};

use super::places::Places;
use super::screen::Screen;
use super::tally::Tally;
use crate::failure::Failure;

/// How the story ended.
pub(super) enum Ending {
    /// To its end; this was seen.
    Told(Tally),
    /// Somebody interrupted it.
    CutShort,
}

/// Verifies the log with the key noted down at the beginning, and says how it all went.
pub(super) fn speak(
    screen: &Screen,
    places: &Places,
    verifier: &str,
    ending: Ending,
) -> Result<(), Failure> {
    screen.heading("The log, verified without the daemon and without any secret key")?;
    let key = verifier.parse::<VerifierKey>().map_err(Failure::failed)?;
    let options = Options {
        key: Some(key),
        ..Options::default()
    };
    let log = places.data().join("log");
    let disk = RealDisk::new(log.clone());
    let report = verify::verify_dir(&disk, options, &mut |_| {})
        .map_err(|finding| Failure::new(Code::Unverified, finding))?;
    screen.good(&format!("verified: {} events", report.events))?;
    Ok(())
}

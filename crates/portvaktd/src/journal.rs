//! The journal: what the daemon says on stderr. Never an issuance, a tag, a name or a passage; those live in the log.

use tracing_subscriber::EnvFilter;

/// Begins to write to stderr; `PORTVAKT_LOG` takes a filter such as `debug`. Under systemd the journal adds the time.
pub(crate) fn begin() {
    let filter = EnvFilter::try_from_env("PORTVAKT_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let writing = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // What cannot be said is lost. To say so on stderr would fail as well, and there that is a panic: of the register, the log or
        // the lines, whoever spoke.
        .log_internal_errors(false)
        .with_target(false);
    let under_systemd = std::env::var_os("JOURNAL_STREAM").is_some();
    let begun = if under_systemd {
        writing.with_ansi(false).without_time().try_init()
    } else {
        writing.with_ansi(false).try_init()
    };
    if let Err(cause) = begun {
        eprintln!("warning: no journal: {cause}");
    }
}

//! Options every verb takes.

use std::path::PathBuf;

use clap::Args;

use crate::text::Lang;

/// Options that stand before or after any verb.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Options of every verb")]
pub(crate) struct Global {
    /// Where the daemon listens
    #[arg(
        long,
        global = true,
        env = "PORTVAKT_SOCKET",
        value_name = "PATH",
        default_value = control::SOCKET_DEFAULT
    )]
    pub(crate) socket: PathBuf,
    /// One JSON object a line, for scripts
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Language of answers [default: from the locale]
    #[arg(long, global = true, value_name = "LANG")]
    pub(crate) lang: Option<Lang>,
    /// Say what would change, change nothing
    #[arg(long, global = true)]
    pub(crate) dry_run: bool,
    /// Be in doubt about a change of a card: it waits until another person approves it
    #[arg(long, global = true, value_name = "WHY")]
    pub(crate) doubt: Option<String>,
    /// Do not ask whether to go on
    #[arg(long, global = true)]
    pub(crate) yes: bool,
}

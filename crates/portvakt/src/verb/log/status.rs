//! `portvakt log status`.

use clap::Args;
use control::{Reply, Request};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::Label;

/// Where the log lies, how long it is, and the key that verifies it
///
/// Note both keys down elsewhere: a verification is worth what its keys are. The second says with which key the log's
/// first epoch was sealed; with it not even whoever has the whole machine can write the past anew.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Status {}

impl Status {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let mut daemon = desk.connect()?;
        let reply = daemon.ask(Request::LogStatus {})?;
        let Reply::LogStatus(log) = &reply else {
            return Err(Failure::unexpected(&reply));
        };
        if desk.out.is_json() {
            return desk.out.json(log);
        }
        let sealed_at = log.sealed_at.map(|at| daemon.shown(at));
        for (label, value) in [
            (Label::Log, log.dir.clone()),
            (Label::Events, log.size.to_string()),
            (Label::Root, log.root.clone()),
            (
                Label::Sealed,
                format!(
                    "{}, {}",
                    log.sealed,
                    sealed_at.unwrap_or_else(|| desk.lang.word("never"))
                ),
            ),
            (Label::Origin, log.origin.clone()),
            (Label::Verifier, log.verifier.clone()),
            (
                Label::EpochVerifier,
                log.epoch_verifier.clone().unwrap_or_default(),
            ),
        ] {
            desk.field(label, &value)?;
        }
        Ok(())
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt log status
  portvakt --json log status | jq -r '.verifier, .epoch_verifier' > verifier.txt";

//! `portvakt tenant add`.

use clap::Args;
use control::Request;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// A new tenant
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Add {
    /// Its name
    tenant: String,
}

impl Add {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        desk.change(
            Request::TenantAdd {
                tenant: self.tenant,
            },
            &Say::Fixed(Phrase::Done),
        )
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt tenant add Kommunen";

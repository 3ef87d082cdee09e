//! `portvakt tenant contact`.

use clap::Args;
use control::request::TenantContact;
use control::{Private, Request};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// A new contact person, who answers for the tenant's visitors
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Contact {
    /// The tenant's name
    tenant: String,
    /// The contact's name
    #[arg(long)]
    name: String,
    /// The contact's mobile
    #[arg(long)]
    mobile: String,
}

impl Contact {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let request = Request::TenantContact(TenantContact {
            tenant: self.tenant,
            name: Private::new(self.name),
            mobile: Private::new(self.mobile),
        });
        desk.change(request, &Say::Fixed(Phrase::Done))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt tenant contact Kommunen --name 'Ola Hansen' --mobile '+47 900 00 000'";

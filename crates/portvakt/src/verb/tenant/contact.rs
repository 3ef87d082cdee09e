//! `portvakt tenant contact`.

use clap::Args;
use control::request::TenantContact;
use control::request::tenant::TenantRequest;
use control::{Private, Request};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// A new contact person, who answers for the tenant's visitors
///
/// One of them is responsible for the tenant itself: the first one, until --responsible
/// names another one, whether new or known.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Contact {
    /// The tenant's name
    tenant: String,
    /// The contact's name
    #[arg(long)]
    name: String,
    /// The contact's mobile; not needed of a known one
    #[arg(long, required_unless_present = "responsible")]
    mobile: Option<String>,
    /// Let them be responsible for the tenant
    #[arg(long)]
    responsible: bool,
}

impl Contact {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let (tenant, name) = (self.tenant, Private::new(self.name));
        let mobile = self.mobile.map(Private::new);
        let request = match mobile {
            Some(mobile) if !self.responsible => Request::TenantContact(TenantContact {
                tenant,
                name,
                mobile,
            }),
            mobile => Request::Tenant(TenantRequest::Responsible {
                tenant,
                name,
                mobile,
            }),
        };
        desk.change(request, &Say::Fixed(Phrase::Done))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt tenant contact Kommunen --name 'Ola Hansen' --mobile '+47 900 00 000'
  portvakt tenant contact Kommunen --name 'Eva Berg' --responsible";

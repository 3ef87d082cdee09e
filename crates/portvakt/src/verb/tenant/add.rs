//! `portvakt tenant add`.

use clap::Args;
use control::request::tenant::TenantRequest;
use control::{Private, Request};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// A new tenant, with the contact person who is responsible for it
///
/// Without one nothing is issued for the tenant; the first contact person it is given by
/// tenant contact is responsible then.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Add {
    /// Its name
    tenant: String,
    /// Who is responsible for it, by name
    #[arg(long, value_name = "NAME", requires = "mobile")]
    responsible: Option<String>,
    /// Their mobile
    #[arg(long, requires = "responsible")]
    mobile: Option<String>,
}

impl Add {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let tenant = self.tenant;
        let request = match (self.responsible, self.mobile) {
            (Some(responsible), Some(mobile)) => Request::Tenant(TenantRequest::Add {
                tenant,
                responsible: Private::new(responsible),
                mobile: Private::new(mobile),
            }),
            (_, _) => Request::TenantAdd { tenant },
        };
        desk.change(request, &Say::Fixed(Phrase::Done))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt tenant add Kommunen --responsible 'Ola Hansen' --mobile '+47 900 00 000'
  portvakt tenant add Kommunen";

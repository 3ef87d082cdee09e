//! `portvakt tenant rule`.

use clap::{Args, ValueEnum};
use control::Request;
use control::request::tenant::TenantRequest;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// What holds for a tenant's cards
///
/// With --employee-cards-by-hr yes an employee card of the tenant, issued or imported, opens
/// nothing until somebody with the role hr of the tenant approves it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Rule {
    /// The tenant's name
    tenant: String,
    /// Whether its employee cards wait for its personnel office
    #[arg(long, value_name = "YES|NO")]
    employee_cards_by_hr: YesNo,
}

/// Whether a rule holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum YesNo {
    /// From now on.
    Yes,
    /// No longer; what waits goes on waiting.
    No,
}

impl Rule {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let request = TenantRequest::Rule {
            tenant: self.tenant,
            employee_cards_by_hr: self.employee_cards_by_hr == YesNo::Yes,
        };
        desk.change(Request::Tenant(request), &Say::Fixed(Phrase::Done))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt tenant rule Kommunen --employee-cards-by-hr yes";

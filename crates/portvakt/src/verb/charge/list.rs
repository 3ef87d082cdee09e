//! `portvakt charge list`.

use std::io;

use clap::Args;
use control::request::charge::ChargeRequest;
use control::{Request, Row};

use super::invoice::Invoice;
use super::span::Span;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::Label;

/// What tenants were charged and given back
///
/// A charge says for which issuance it is as long as that is known. Amounts are in kroner.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct List {
    /// From when until when.
    #[command(flatten)]
    span: Span,
    /// As CSV
    #[arg(long)]
    csv: bool,
}

impl List {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let [since, until] = self.span.read(&desk.connect()?)?;
        let request = Request::Charge(ChargeRequest::List { since, until });
        if self.csv {
            return csv(desk, request);
        }
        let sheet = Sheet::new(desk.lang, &COLUMNS).with_figures(&[Label::Amount]);
        let lang = desk.lang;
        desk.list(request, sheet, &|daemon, row, sheet| {
            let Row::Charge(charge) = row else {
                return false;
            };
            let of = charge.reverses.as_deref();
            sheet.row([
                charge.voucher.clone(),
                daemon.date(charge.at),
                charge.tenant.clone(),
                lang.charge(&charge.kind, of),
                lang.kroner(charge.ore),
                charge
                    .issuance
                    .map_or_else(String::new, |id| id.to_string()),
                charge
                    .exported
                    .map_or_else(String::new, |at| daemon.date(at)),
            ]);
            true
        })
    }
}

fn csv(desk: &mut Desk, request: Request) -> Result<(), Failure> {
    let mut daemon = desk.connect()?;
    let mut invoice = Invoice::begin(io::stdout().lock(), false)?;
    daemon.rows(request, &mut |daemon, row| invoice.add(daemon, &row))?;
    invoice.finish()
}

const COLUMNS: [Label; 7] = [
    Label::Voucher,
    Label::At,
    Label::Tenant,
    Label::Kind,
    Label::Amount,
    Label::Issuance,
    Label::Exported,
];

const EXAMPLES: &str = "\
Examples:
  portvakt charge list
  portvakt charge list --since 2026-11-01T00:00:00Z --csv
  portvakt --json charge list";

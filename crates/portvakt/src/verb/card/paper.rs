//! `portvakt card form`.

mod page;

use std::path::PathBuf;

use access::IssuanceId;
use clap::Args;
use control::request::life::LifeRequest;
use control::{Reply, Request};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::private_file;

/// The form for the holder's signature, as one HTML page to print
///
/// What is registered of the holder, the doors and times, the end and the duty to return
/// the card. Printing it is logged. The paper is shredded when the card is returned, and so
/// is the file.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Form {
    /// The issuance, P-…
    issuance: IssuanceId,
    /// Into this file, which only you may read [default: standard output]
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

impl Form {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        if let Some(file) = &self.to {
            private_file::may_replace(desk, file)?;
        }
        let mut daemon = desk.connect()?;
        let issuance = self.issuance;
        let reply = daemon.ask(Request::CardLife(LifeRequest::Form { issuance }))?;
        let Reply::Form(form) = &reply else {
            return Err(Failure::unexpected(&reply));
        };
        if desk.out.is_json() {
            return desk.out.json(form);
        }
        let page = page::draw(form, &daemon, desk.lang);
        match self.to {
            Some(file) => private_file::write(&file, &page),
            None => desk.out.line(page.trim_end()),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card form P-3F7K2Q --to form.html
  portvakt --lang nb card form P-3F7K2Q > form.html";

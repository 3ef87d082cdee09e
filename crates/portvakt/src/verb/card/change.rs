//! `portvakt card change`.

use access::IssuanceId;
use clap::Args;
use control::request::life::{CardChange, LifeRequest};
use control::{Private, Request};

use super::answer;
use super::registered::{end, instant};
use crate::desk::Desk;
use crate::failure::Failure;
use crate::plastic::Plastic;
use crate::text::Label;

/// Change what an issuance says, all of it or nothing
///
/// An earlier end and a corrected firm or mobile are changes; a later end, another contact
/// person or another card are issuing, and need that role. A supplier's card is renewed with
/// a later --until, also when it has ended and was not returned. Further doors: right grant.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Change {
    /// The issuance, P-…
    issuance: IssuanceId,
    /// Another end
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    until: Option<String>,
    /// No end any more; for an employee's card
    #[arg(long, conflicts_with = "until")]
    no_end: bool,
    /// Another beginning
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    from: Option<String>,
    /// The name, where it was mistyped, before activation; or where it went with a lost disk
    #[arg(long)]
    name: Option<String>,
    /// The firm
    #[arg(long)]
    firm: Option<String>,
    /// The mobile
    #[arg(long)]
    mobile: Option<String>,
    /// Who or what identified the holder, who is registered anew after a restore; with --name,
    /// --firm and --mobile
    #[arg(long, value_name = "WHAT", requires_all = ["name", "firm", "mobile"])]
    identified_by: Option<String>,
    /// Another contact person of the tenant
    #[arg(long)]
    contact: Option<String>,
    /// The new hire's card that this employee card takes the place of once it is live
    #[arg(long, value_name = "ISSUANCE")]
    replaces: Option<IssuanceId>,
    /// Another card.
    #[command(flatten)]
    plastic: Plastic,
}

impl Change {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let card = self.plastic.source()?;
        let mut daemon = desk.connect()?;
        let read = |what, text: Option<&str>| {
            text.map(|text| instant(desk, &daemon, what, text))
                .transpose()
        };
        let until = self.until.as_deref();
        let until = until.map(|text| end(desk, &daemon, text));
        let private = |text: Option<String>| text.map(Private::new);
        let change = CardChange {
            issuance: self.issuance,
            valid_from: read(Label::From, self.from.as_deref())?,
            valid_until: until.transpose()?,
            without_end: self.no_end,
            name: private(self.name),
            firm: private(self.firm),
            mobile: private(self.mobile),
            identified_by: private(self.identified_by),
            contact: private(self.contact),
            replaces: self.replaces,
            card,
        };
        let request = LifeRequest::Change(Box::new(change));
        answer::change_over(desk, &mut daemon, Request::CardLife(request))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card change P-3F7K2Q --until '24.12.2026 15:00'
  portvakt card change P-3F7K2Q --mobile '+47 900 00 000'
  portvakt card change P-3F7K2Q --contact 'Siv Hansen'
  portvakt card change P-3F7K2Q --name 'Kari Nordmann' --firm 'Rør AS' \\
    --mobile '+47 900 00 000' --identified-by passport
  portvakt card change P-3F7K2Q --present main-in
  portvakt card change P-9ABCDE --replaces P-3F7K2Q";
